/* SPDX-License-Identifier: MIT
 * weak.c - the weakref type. */
#include "weak.h"

#include "collector.h"
#include "ouro/types.h"

OURO_COLD_FILE

struct weakref {
    struct ouro_obj header;
    ouro_ref target;     /* not counted; NULL once it is gone */
    ouro_ref next, prev; /* weak references to the same object; the first has no prev */
};

const struct ouro_type ouro_weakref_type = {
    .name = "weakref",
    .index = OURO_TYPE_WEAKREF,
    .size_bytes = sizeof(struct weakref),
};

static struct weakref *weakref_of(ouro_ref ref) { return (struct weakref *)(void *)ref; }
static ouro_ref *head_of(ouro_ref o) { return slot(o, type_of(o)->weak_word - 1u); }

void weakref_unlink(ouro_ref ref)
{
    struct weakref *weak = weakref_of(ref);
    ouro_ref target = weak->target;
    if (!target) return;
    weak->target = NULL;
    if (weak->next) weakref_of(weak->next)->prev = weak->prev;
    if (weak->prev) {
        weakref_of(weak->prev)->next = weak->next;
        return;
    }
    *head_of(target) = weak->next;
    if (weak->next) return;
    target->count_flags &= ~(uint32_t)FLAG_HAS_WEAK;
    ouro_heap->gc.special--;
}

uint32_t clear_weak(ouro_ref o, uint32_t limit)
{
    if (is_interned(o)) {
        str_forget(o);
        return 1;
    }
    uint32_t cut = 0;
    for (; cut < limit && has_flag(o, FLAG_HAS_WEAK); cut++) weakref_unlink(*head_of(o));
    return cut;
}

ouro_ref adopt(ouro_ref o)
{
    if (has_flag(o, FLAG_DEAD)) return NULL;
    if (RULE(4) && collector_is_past_flip() && is_candidate(o)) return NULL;
    return ouro_own(o);
}

ouro_ref ouro_weakref_new(ouro_ref target)
{
    OURO_THREAD_ONLY();
    if (ouro_is_immediate(target) || !type_of(target)->weak_word) {
        ouro_error_set(OURO_TYPE_ERROR, "cannot create weak reference to this type");
        return NULL;
    }
    ouro_incref(target); /* what collects meanwhile must not take it */
    ouro_ref ref = object_new(&ouro_weakref_type, sizeof(struct weakref));
    if (ref) {
        struct weakref *weak = weakref_of(ref);
        ouro_ref *head = head_of(target);
        weak->target = target;
        weak->next = *head;
        if (*head)
            weakref_of(*head)->prev = ref;
        else {
            target->count_flags |= FLAG_HAS_WEAK;
            ouro_heap->gc.special++;
        }
        *head = ref;
    }
    ouro_decref(target);
    return ref;
}

ouro_ref ouro_weakref_get(ouro_ref ref)
{
    OURO_THREAD_ONLY();
    ouro_require_that(ouro_type_index(ref) == OURO_TYPE_WEAKREF, "a weakref was expected");
    ouro_ref target = weakref_of(ref)->target;
    ouro_ref found = target ? adopt(target) : NULL;
    return found ? found : OURO_NONE;
}
