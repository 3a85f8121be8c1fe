/* SPDX-License-Identifier: MIT
 * weak_set.c - WeakSet: a weak table whose entries have no item. */
#include "ouro/types.h"
#include "types/weak_table.h"

const struct ouro_type ouro_weakset_type = {
    .name = "WeakSet",
    .index = OURO_TYPE_WEAKSET,
    .size_bytes = sizeof(struct weak_table),
    .refs = WEAK_TABLE_REFS,
    .weak_word = WEAK_TABLE_WEAK,
};

static struct weak_table *set_of(ouro_ref ref) { return weak_table_of(ref, OURO_TYPE_WEAKSET); }

ouro_ref ouro_weakset_new(void) { return weak_table_new(&ouro_weakset_type); }

int ouro_weakset_add(ouro_ref set, ouro_ref member)
{
    return weak_table_put(set_of(set), member, NULL);
}

bool ouro_weakset_has(ouro_ref set, ouro_ref member)
{
    ouro_ref entry = weak_table_find(set_of(set), member);
    ouro_xdecref(entry);
    return entry != NULL;
}

int ouro_weakset_remove(ouro_ref set, ouro_ref member)
{
    ouro_ref entry = weak_table_take(set_of(set), member);
    if (!entry) return -1;
    ouro_decref(entry);
    return 0;
}

int ouro_weakset_discard(ouro_ref set, ouro_ref member)
{
    if (ouro_weakset_remove(set, member) == 0) return 0;
    if (ouro_error_get(NULL) != OURO_KEY_ERROR) return -1;
    ouro_error_clear();
    return 0;
}

/* The next member from some position on, a new reference to it and its entry; NULL: none. */
static ouro_ref next_member(struct weak_table *table, size_t position, ouro_ref *entry)
{
    ouro_ref member = NULL;
    while (!member && ouro_dict_next(table->data, &position, NULL, entry))
        member = weak_target(*entry);
    if (!table->has_left) table->position = (uint32_t)position;
    return member;
}

ouro_ref ouro_weakset_pop(ouro_ref set)
{
    struct weak_table *table = set_of(set);
    ouro_ref entry, member = next_member(table, table->position, &entry);
    if (!member) member = next_member(table, 0, &entry);
    if (member)
        (void)weak_table_remove(table, entry);
    else
        ouro_error_set(OURO_KEY_ERROR, "'pop from empty WeakSet'");
    return member;
}
