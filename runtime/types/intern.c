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
        if (str_of(found)->hash != hash || n != bytes || memcmp(other, text, bytes) != 0) continue;
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

/* The interned str of a text, whose hash this is.
 *   made     a str of the heap of that text, borrowed; NULL if there is none yet
 *   returns  new reference, or NULL with MemoryError */
static ouro_ref intern(const char *text, size_t bytes, uint32_t hash, ouro_ref made)
{
    uint32_t asked = ouro_heap->node_requests + ouro_heap->pages_opened;
    ouro_ref found = NULL;
    ouro_xincref(made);          /* it may be borrowed from what dies */
    for (unsigned round = 0;;) { /* the caller has looked already */
        if (round > 0 && (found = find(text, bytes, hash))) break;
        ouro_ref ref = made ? ouro_own(made) : str_make(text, bytes);
        if (ref) str_of(ref)->hash = hash; /* the index may want it */
        if (ref && add(ref, hash)) {
            ouro_xdecref(made);
            if (ouro_heap->node_requests + ouro_heap->pages_opened == asked) memory_pay_little();
            return ref;
        }
        if (ref) (void)drop_quietly(ref, UINT32_MAX);
        if (!memory_relieve(&round)) break;
    }
    ouro_xincref(found);
    ouro_xdecref(made);
    return found;
}

ouro_ref ouro_str_intern(ouro_ref ref)
{
    OURO_THREAD_ONLY();
    NOTE_CALLER();
    (void)expect(ref, OURO_TYPE_STR);
    if (has_flag(ref, FLAG_HAS_WEAK)) return ouro_own(ref);
    size_t bytes;
    const char *text = str_text(ref, &bytes);
    ouro_ref found = find(text, bytes, str_hash(ref));
    if (found) return ouro_own(found);
    return intern(text, bytes, str_hash(ref), is_counted(ref) ? ref : NULL);
}

ouro_ref ouro_intern(const char *utf8, size_t bytes)
{
    OURO_THREAD_ONLY();
    NOTE_CALLER();
    uint32_t hash = hash_text(utf8, bytes);
    ouro_ref found = find(utf8, bytes, hash);
    if (found) return ouro_own(found);
    size_t points;
    return str_is_valid(utf8, bytes, &points) ? intern(utf8, bytes, hash, NULL) : NULL;
}
