/* SPDX-License-Identifier: MIT
 * weak_table.h - what the three weak containers have in common.
 *
 * A table is a dict whose values are entries.  An entry is a weak reference to what the container
 * does not keep (a value, or a key), and holds its counterpart:
 *   WeakValueDictionary   dict: key -> entry      entry: weak value, item = the key
 *   WeakKeyDictionary     dict: entry -> entry    entry: weak key,   item = the value
 *   WeakSet               dict: entry -> entry    entry: weak member
 * Entries find their table by its token, a weak reference to it that they share: it may die first.
 */
#ifndef OURO_RUNTIME_WEAK_TABLE_H
#define OURO_RUNTIME_WEAK_TABLE_H

#include "weak.h"

struct weak_table {
    struct ouro_obj header;
    ouro_ref data;
    ouro_ref token; /* NULL: no entry was made yet */
    ouro_ref weak;
    uint32_t dead;     /* entries of `data` whose target is cut off */
    uint32_t position; /* where the search for what to pop, or for what is left, goes on */
    uint16_t walks;    /* nothing is removed behind the back of these */
    bool has_left;     /* dead entries, since somebody walked */
};
enum {
    WEAK_TABLE_WEAK = OURO_WEAK_WORD(struct weak_table, weak),
    WEAK_TABLE_REFS =
        OURO_REF_BIT(struct weak_table, data) | OURO_REF_BIT(struct weak_table, token),
};

/* The table behind a reference to a container of this type, or of any for 0; panics otherwise. */
struct weak_table *weak_table_of(ouro_ref ref, unsigned type);
/* An empty container.  New reference or NULL. */
ouro_ref weak_table_new(const struct ouro_type *type);

/* The entry under a key whose target is alive.
 *   returns  new reference; NULL if there is none, with TypeError if the key cannot be hashed */
ouro_ref weak_table_find(struct weak_table *table, ouro_ref key);
/* Add an entry, or put it in the place of the one that has its key.  0, or -1 with an error. */
int weak_table_put(struct weak_table *table, ouro_ref target, ouro_ref item);
/* Remove an entry that is in the table.  Runs no code of the program's; returns units. */
uint32_t weak_table_remove(struct weak_table *table, ouro_ref entry);
/* Find and remove, for those that must be there: a new reference to the entry; NULL: KeyError. */
ouro_ref weak_table_take(struct weak_table *table, ouro_ref key);

#endif
