/* SPDX-License-Identifier: MIT
 * weak_table.c - weak containers: a dict of entries that go when their target does.
 *
 * An entry whose target is cut off is counted at once and removed when it is due, from the queue of
 * callbacks but without code of the program's in between.  While somebody walks through the table
 * nothing is removed; what died meanwhile is swept later, a few entries with each change. */
#include "types/weak_table.h"

#include "collector.h"
#include "ouro/types.h"
#include "types/ops.h"
#include "types/table.h"

enum { LOOKED_AT_PER_CHANGE = 4, REMOVE_UNITS = 40 };

const struct ouro_type weakentry_type = {
    .name = "weakref",
    .index = OURO_TYPE_WEAKENTRY,
    .size_bytes = sizeof(struct weakref),
    .refs = OURO_REF_BIT(struct weakref, context) | OURO_REF_BIT(struct weakref, then),
    .ops = &weakref_ops,
};

struct weak_table *weak_table_of(ouro_ref ref, unsigned type)
{
    OURO_THREAD_ONLY();
    unsigned index = ouro_type_index(ref);
    bool is_table =
        index == OURO_TYPE_WEAKVALUES || index == OURO_TYPE_WEAKKEYS || index == OURO_TYPE_WEAKSET;
    ouro_require_that(type ? index == type : is_table, "a weak container was expected");
    return (struct weak_table *)(void *)ref;
}

ouro_ref weak_table_new(const struct ouro_type *type)
{
    ouro_ref ref = object_new(type, sizeof(struct weak_table));
    if (!ref) return NULL;
    ouro_ref data = ouro_dict_new();
    if (data)
        weak_table_of(ref, 0)->data = data;
    else
        ouro_put(&ref, NULL);
    return ref;
}

static bool has_weak_values(const struct weak_table *table)
{
    return table->header.type_gc >> TYPE_SHIFT == OURO_TYPE_WEAKVALUES;
}

/* The table of an entry, borrowed; NULL if it has none any more. */
static struct weak_table *table_of_entry(const struct weakref *entry)
{
    ouro_ref table = entry->context ? weakref_of(entry->context)->target : NULL;
    return table && !has_flag(table, FLAG_DEAD) ? weak_table_of(table, 0) : NULL;
}

/* What the dict has under a key, borrowed.  A comparison of the program's own may drop the last
 * reference to a key: nothing is removed until the dict has looked. */
static ouro_ref look_up(const struct weak_table *table, ouro_ref key)
{
    ouro_heap->gc.callouts++;
    ouro_ref entry = ouro_dict_get(table->data, key);
    ouro_heap->gc.callouts--;
    return entry;
}

/* ---- removing ---- */

/* The entry is no longer the table's: nothing of it is due. */
static void detach(struct weak_table *table, ouro_ref ref)
{
    struct weakref *entry = weakref_of(ref);
    if (!entry->context) return;
    if (!entry->target) table->dead--;
    ouro_put(&entry->context, NULL);
}

static struct table *data_of(const struct weak_table *table)
{
    return (struct table *)(void *)table->data;
}

/* The hash of an entry's key. */
static uint32_t hash_of(const struct weak_table *table, const struct weakref *entry)
{
    return has_weak_values(table) ? entry->hash : entry->hash & HASH_MASK;
}

uint32_t weak_table_remove(struct weak_table *table, ouro_ref ref)
{
    struct table_pair pair;
    detach(table, ref);
    if (!table_remove_one(data_of(table), hash_of(table, weakref_of(ref)), ref, 1, &pair)) return 1;
    return drop_quietly(pair.key, UINT32_MAX) + drop_quietly(pair.value, UINT32_MAX);
}

/* The same for calls of the program's, within which what dies is finalized. */
static void remove_now(struct weak_table *table, ouro_ref ref)
{
    (void)weak_table_remove(table, ref);
    if (ouro_heap->gc.dead_head) collector_drain_some();
}

bool weakentry_died(ouro_ref ref)
{
    struct weak_table *table = table_of_entry(weakref_of(ref));
    if (!table) return false;
    table->dead++;
    return true;
}

uint32_t weakentry_remove(ouro_ref ref)
{
    struct weak_table *table = table_of_entry(weakref_of(ref));
    ouro_ref held = table ? weak_adopt(&table->header) : NULL;
    if (!held) return 1;
    uint32_t units = REMOVE_UNITS;
    if (table->walks == 0) {
        units += weak_table_remove(table, ref);
        ouro_ref item = ouro_take(&weakref_of(ref)->then.item);
        if (item) units += drop_quietly(item, UINT32_MAX); /* its finalizer waits for its turn */
    } else {
        table->has_left = true;
        table->position = 0;
    }
    return units + drop_quietly(held, UINT32_MAX);
}

/* Look at the next few entries for one of those that died while somebody walked. */
static void sweep(struct weak_table *table)
{
    for (unsigned i = 0; i < LOOKED_AT_PER_CHANGE && table->has_left && !table->walks; i++) {
        size_t position = table->position;
        ouro_ref entry;
        table->has_left = ouro_dict_next(table->data, &position, NULL, &entry);
        table->position = table->has_left ? (uint32_t)position : 0;
        if (!table->has_left || weakref_of(entry)->target) continue;
        remove_now(table, entry);
        return;
    }
}

void ouro_weak_clear(ouro_ref ref)
{
    struct weak_table *table = weak_table_of(ref, 0);
    if (table->token) weakref_unlink(table->token); /* from now on no entry finds its way */
    table->dead = table->position = 0;
    table->has_left = false;
    ouro_put(&table->token, NULL);
    ouro_dict_clear(table->data);
}

/* ---- finding ---- */

/* A weak reference to look a key up with. */
static struct weakref probe_for(ouro_ref key)
{
    return (struct weakref){
        .header = {(uint32_t)OURO_TYPE_WEAKENTRY << TYPE_SHIFT,
                   OURO_COUNT_ONE | OURO_FLAG_IMMORTAL | (uint32_t)UNTRACKED << FLAG_LABEL_SHIFT},
        .target = key,
    };
}

ouro_ref weak_table_find(struct weak_table *table, ouro_ref key)
{
    struct weakref probe = probe_for(key);
    ouro_ref entry;
    if (has_weak_values(table))
        entry = look_up(table, key);
    else if (ouro_is_immediate(key))
        return NULL;
    else
        entry = look_up(table, &probe.header);
    ouro_ref target = entry ? weak_target(entry) : NULL;
    if (!target) return NULL;
    ouro_incref(entry);
    ouro_decref(target);
    return entry;
}

ouro_ref weak_table_take(struct weak_table *table, ouro_ref key)
{
    ouro_error_clear();
    ouro_ref entry = weak_table_find(table, key);
    if (entry)
        remove_now(table, entry);
    else if (ouro_error_get(NULL) == OURO_NO_ERROR)
        error_missing(key);
    sweep(table);
    return entry;
}

/* ---- adding ---- */

/* Making it may run code that changes the table. */
static ouro_ref make_entry(struct weak_table *table, ouro_ref target, ouro_ref item)
{
    ouro_ref ref = weak_make(&weakentry_type, target);
    if (ref && !table->token) {
        ouro_ref token = weak_make(&weakentry_type, &table->header);
        if (!token)
            ouro_put(&ref, NULL);
        else if (table->token)
            ouro_decref(token);
        else
            table->token = token;
    }
    if (!ref) return NULL;
    weakref_of(ref)->then.item = item ? ouro_own(item) : NULL;
    weakref_of(ref)->context = ouro_own(table->token);
    return ref;
}

/* Put an entry under its key, in place of another one, without a callout in between: a dict would
 * keep the old one as its key.
 *   opened   pages, ever, before the entry was made
 *   returns  0, 1 if there is no memory, or -1 with the error set */
static int set_entry(struct weak_table *table, ouro_ref ref, uint32_t opened)
{
    struct weakref *entry = weakref_of(ref);
    ouro_ref key = has_weak_values(table) ? entry->then.item : ref, old;
    struct key_hash hash;
    uint32_t number;
    ouro_assert(key);
    ouro_heap->gc.callouts++;
    ouro_ref *found = table_look(data_of(table), key, STRIDE_PAIR, &hash, &number);
    int result = table_has_failed(found) ? -1 : 0;
    if (result == 0 && !(old = found[1])) {
        if (has_weak_values(table)) entry->hash = hash.hash;
        hash.is_late = ouro_heap->pages_opened != opened;
        ouro_incref(ref);
        ouro_incref(key);
        if (!table_add(data_of(table), key, ref, hash, STRIDE_PAIR)) {
            ouro_decref(ref);
            ouro_decref(key);
            result = 1;
        }
    } else if (result == 0 && has_weak_values(table)) {
        entry->hash = weakref_of(old)->hash;
        found[1] = ouro_own(ref);
        detach(table, old);
        ouro_decref(old);
    } else if (result == 0) {
        ouro_put(&weakref_of(old)->then.item, ouro_take(&entry->then.item));
        detach(table, ref);
    }
    ouro_heap->gc.callouts--;
    return result;
}

int weak_table_put(struct weak_table *table, ouro_ref target, ouro_ref item)
{
    ouro_incref(target); /* before anything is collected: they may be borrowed from what dies */
    ouro_xincref(item);
    sweep(table);
    const uint32_t opened = ouro_heap->pages_opened;
    ouro_ref ref = make_entry(table, target, item);
    int result = ref ? 0 : -1;
    for (unsigned round = 0; ref && (result = set_entry(table, ref, opened)) > 0;) {
        if (memory_relieve(&round)) continue;
        result = -1;
        break;
    }
    if (ref && result < 0) detach(table, ref);
    ouro_xdecref(ref);
    ouro_xdecref(item);
    ouro_decref(target);
    return result;
}

/* ---- for all containers ---- */

size_t ouro_weak_len(ouro_ref ref)
{
    const struct weak_table *table = weak_table_of(ref, 0);
    return ouro_dict_len(table->data) - table->dead;
}

void ouro_weak_begin(struct ouro_weak_walk *walk, ouro_ref ref)
{
    weak_table_of(ref, 0)->walks++;
    *walk = (struct ouro_weak_walk){.container = ouro_own(ref)};
}

bool ouro_weak_next(struct ouro_weak_walk *walk, ouro_ref *key, ouro_ref *value)
{
    struct weak_table *table = weak_table_of(walk->container, 0);
    ouro_ref entry, target = NULL;
    while (!target && ouro_dict_next(table->data, &walk->position, NULL, &entry))
        target = weak_target(entry);
    if (!target) return false;
    ouro_ref item = weakref_of(entry)->then.item;
    ouro_ref *wanted = has_weak_values(table) ? value : key;
    ouro_ref *other = has_weak_values(table) ? key : value;
    if (other) *other = item ? ouro_own(item) : NULL;
    if (wanted)
        *wanted = target;
    else
        ouro_decref(target);
    return true;
}

void ouro_weak_end(struct ouro_weak_walk *walk)
{
    struct weak_table *table = weak_table_of(walk->container, 0);
    ouro_require_that(table->walks > 0, "a walk was ended twice");
    ouro_ref container = ouro_take(&walk->container); /* now: sweeping may run user code */
    table->walks--;
    sweep(table);
    ouro_decref(container);
}

int ouro_weak_update(ouro_ref ref, ouro_ref from)
{
    struct weak_table *table = weak_table_of(ref, 0);
    struct ouro_weak_walk walk;
    ouro_ref key, value = NULL;
    int result = 0;
    ouro_require_that(ouro_type_index(ref) == ouro_type_index(from),
                      "containers of the same type were expected");
    ouro_weak_begin(&walk, from);
    while (result == 0 && ouro_weak_next(&walk, &key, &value)) {
        ouro_ref target = has_weak_values(table) ? value : key;
        ouro_assert(target);
        result = weak_table_put(table, target, has_weak_values(table) ? key : value);
        ouro_xdecref(key);
        ouro_xdecref(value);
    }
    ouro_weak_end(&walk);
    return result;
}
