/* SPDX-License-Identifier: MIT
 * finalize.c - weakref.finalize: a call when an object is gone, or at exit.
 *
 * A finalize is a weak reference that the runtime keeps alive: those that are still to be called
 * form a list, last made first, which holds a reference to each. */
#include "ouro/classes.h"
#include "weak.h"

struct finalize {
    struct weakref weak; /* linked to the target while alive */
    ouro_ref older, newer;
    ouro_ref weak_list; /* of weak references to the finalize itself */
    bool is_alive, is_not_for_exit;
};

const struct ouro_type ouro_finalize_type = {
    .name = "finalize",
    .index = OURO_TYPE_FINALIZE,
    .size_bytes = sizeof(struct finalize),
    .refs = OURO_REF_BIT(struct finalize, weak.context),
    .weak_word = OURO_WEAK_WORD(struct finalize, weak_list),
};

static struct finalize *finalize_of(ouro_ref ref)
{
    OURO_THREAD_ONLY();
    return expect(ref, OURO_TYPE_FINALIZE);
}

ouro_ref ouro_finalize_new(ouro_ref target, ouro_finalize_fn *call, ouro_ref context)
{
    ouro_incref(target); /* nothing is due before all is set */
    ouro_ref ref = weak_make_calling(&ouro_finalize_type, target, NULL, context);
    if (!ref) {
        ouro_decref(target);
        return NULL;
    }
    struct finalize *finalize = finalize_of(ref);
    ouro_ref *newest = &ouro_heap->finalize_newest;
    finalize->weak.then.call = call;
    finalize->is_alive = true;
    finalize->older = *newest;
    if (*newest) finalize_of(*newest)->newer = ref;
    *newest = ouro_own(ref);
    ouro_decref(target);
    return ref;
}

/* Take it off the list and off its target; the list's reference is the caller's now. */
static void unregister(struct finalize *finalize)
{
    ouro_ref *newer =
        finalize->newer ? &finalize_of(finalize->newer)->older : &ouro_heap->finalize_newest;
    *newer = finalize->older;
    if (finalize->older) finalize_of(finalize->older)->newer = finalize->newer;
    finalize->older = finalize->newer = NULL;
    finalize->is_alive = false;
    weakref_unlink(&finalize->weak.header);
}

/* Call it, and let go of all that it held. */
static ouro_ref call(struct finalize *finalize)
{
    unregister(finalize);
    ouro_ref context = ouro_take(&finalize->weak.context);
    ouro_ref result = finalize->weak.then.call(context);
    ouro_xdecref(context);
    ouro_decref(&finalize->weak.header);
    return result;
}

ouro_ref ouro_finalize_call_context(ouro_ref callable) { return ouro_call(callable, 0, NULL); }

ouro_ref ouro_finalize_call(ouro_ref ref)
{
    struct finalize *finalize = finalize_of(ref);
    return finalize->is_alive ? call(finalize) : OURO_NONE;
}

int finalize_run(ouro_ref ref)
{
    ouro_ref result = ouro_finalize_call(ref);
    if (!result) return -1;
    ouro_decref(result);
    return 0;
}

/* ---- asking and changing ---- */

bool ouro_finalize_is_alive(ouro_ref ref) { return finalize_of(ref)->is_alive; }

bool ouro_finalize_peek(ouro_ref ref, ouro_ref *target, ouro_finalize_fn **function,
                        ouro_ref *context)
{
    struct finalize *finalize = finalize_of(ref);
    *target = finalize->is_alive ? weak_target(ref) : NULL;
    if (!*target) return false;
    *function = finalize->weak.then.call;
    *context = finalize->weak.context;
    ouro_xincref(*context);
    return true;
}

bool ouro_finalize_detach(ouro_ref ref, ouro_ref *target, ouro_finalize_fn **function,
                          ouro_ref *context)
{
    struct finalize *finalize = finalize_of(ref);
    if (!ouro_finalize_peek(ref, target, function, context)) return false;
    unregister(finalize);
    ouro_put(&finalize->weak.context, NULL);
    ouro_decref(ref);
    return true;
}

bool ouro_finalize_get_atexit(ouro_ref ref) { return !finalize_of(ref)->is_not_for_exit; }
void ouro_finalize_set_atexit(ouro_ref ref, bool atexit)
{
    finalize_of(ref)->is_not_for_exit = !atexit;
}

void ouro_finalize_run_all(void)
{
    while (ouro_heap->finalize_newest) {
        ouro_ref ref = ouro_own(ouro_heap->finalize_newest);
        struct finalize *finalize = finalize_of(ref);
        if (finalize->is_not_for_exit) {
            unregister(finalize);
            ouro_decref(ref);
        } else if (finalize_run(ref) < 0) {
            error_report(ref);
            ouro_error_clear();
        }
        ouro_decref(ref);
    }
}
