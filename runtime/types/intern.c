/* SPDX-License-Identifier: MIT
 * intern.c - interned strings: of equal ones the same, so that identity tells.
 *
 * The table of them is an index whose numbers are the strings' granules.  It keeps nothing alive:
 * an interned string says HAS_WEAK, and on its way through the dead queue it is taken out.  Until
 * then a lookup refuses it, dead as it is; a str is never garbage of a cycle, so R4 asks no more.
 */
#include "hash.h"
#include "types/index.h"
#include "types/ops.h"
#include "types/str.h"
#include "weak.h"

static uint32_t hash_of(const void *owner, uint32_t number)
{
    (void)owner;
    return str_hash(granule_at(number));
}

static uint32_t hash_text(const char *text, size_t bytes)
{
    uint32_t hash = hash_bytes(text, bytes);
    return hash | (hash == 0); /* 0 says in a str that there is none yet */
}

/* The interned string of a text, borrowed, or NULL. */
static ouro_ref find(const char *text, size_t bytes, uint32_t hash)
{
    struct candidates candidates = {0};
    uint32_t number;
    if (!ouro_heap->interned) return NULL;
    while ((number = index_next(ouro_heap->interned, hash, &candidates))) {
        ouro_ref found = granule_at(number);
        size_t n;
        const char *other = str_text(found, &n);
        if (n != bytes || memcmp(other, text, bytes) != 0) continue;
        if (!has_flag(found, FLAG_DEAD)) return found;
    }
    return NULL;
}

/* Intern a str of the heap of which there is no equal.  False: no memory. */
static bool add(ouro_ref ref, uint32_t hash)
{
    if (!ouro_heap->interned) ouro_heap->interned = INDEX_EMPTY;
    struct index index = {&ouro_heap->interned, hash_of, NULL, ouro_heap->node_requests};
    if (!index_insert(&index, hash, granule_of(ref))) return false;
    ref->count_flags |= FLAG_HAS_WEAK;
    ouro_heap->interned_count++;
    return true;
}

void str_forget(ouro_ref ref)
{
    index_remove(ouro_heap->interned, str_hash(ref), granule_of(ref));
    ref->count_flags &= ~(uint32_t)FLAG_HAS_WEAK;
    if (--ouro_heap->interned_count > 0) return;
    ouro_ref root = ouro_heap->interned;
    ouro_heap->interned = NULL;
    drop_quietly(root, 0);
}

/* Steals a str of the heap.  New reference to its interned equal, or NULL with MemoryError. */
static ouro_ref intern(ouro_ref ref)
{
    uint32_t hash = str_hash(ref);
    size_t bytes;
    const char *text = str_text(ref, &bytes);
    ouro_ref found;
    for (unsigned round = 0; !(found = find(text, bytes, hash));) {
        if (add(ref, hash)) return ref;
        if (memory_relieve(&round)) continue;
        ouro_decref(ref);
        return NULL;
    }
    ouro_incref(found);
    ouro_decref(ref);
    return found;
}

ouro_ref ouro_str_intern(ouro_ref ref)
{
    OURO_THREAD_ONLY();
    ouro_require_that(is_str(ref), "a str was expected");
    if (has_flag(ref, FLAG_HAS_WEAK)) return ouro_own(ref);
    if (!is_counted(ref)) {
        size_t bytes;
        const char *text = str_text(ref, &bytes);
        return ouro_intern(text, bytes);
    }
    memory_prepare();
    return intern(ouro_own(ref));
}

ouro_ref ouro_intern(const char *utf8, size_t bytes)
{
    OURO_THREAD_ONLY();
    uint32_t hash = hash_text(utf8, bytes);
    ouro_ref found = find(utf8, bytes, hash);
    if (found) return ouro_own(found);
    ouro_ref ref = ouro_str_new(utf8, bytes);
    if (!ref) return NULL;
    str_of(ref)->hash = hash;
    return intern(ref);
}
