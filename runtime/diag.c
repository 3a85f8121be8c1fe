/* SPDX-License-Identifier: MIT
 * diag.c - read-only figures of objects, and of everything for a crash dump; those of memory are in
 * diag_mem.c. */
#include "ouro/diag.h"

#include "fmt_text.h"
#include "object.h"
#include "ouro/gc.h"

uint32_t ouro_diag_refcount(ouro_ref ref) { return is_counted(ref) ? refcount(ref) : UINT32_MAX; }
uintptr_t ouro_diag_id(ouro_ref ref) { return (uintptr_t)ref; }

/* ---- sizes ---- */

size_t ouro_diag_sizeof(ouro_ref ref)
{
    enum { DEEPEST = 24 }; /* a tree of nodes, or an index: 8 levels a round of its hash */
    struct {
        ouro_ref o;
        uint32_t refs;
    } stack[DEEPEST];
    if (!is_counted(ref)) return 0;
    size_t bytes = object_plain_bytes(ref);
    unsigned depth = 0;
    stack[depth].o = ref;
    stack[depth++].refs = type_of(ref)->refs;
    while (depth > 0) {
        uint32_t refs = stack[depth - 1].refs;
        if (!refs) {
            depth--;
            continue;
        }
        unsigned at = (unsigned)__builtin_ctz(refs);
        stack[depth - 1].refs = refs & (refs - 1);
        ouro_ref *field = slot(stack[depth - 1].o, at), child = *field;
        if (!child || !is_counted(child) || !type_of(child)->is_hidden) continue;
        if (at > 0 && field[-1] == child) continue; /* a bucket that neighbouring slots share */
        bytes += object_plain_bytes(child);
        if (depth == DEEPEST) continue;
        stack[depth].o = child;
        stack[depth++].refs = type_of(child)->refs;
    }
    return bytes;
}

/* ---- crash dump ---- */

void ouro_diag_crash(ouro_write_fn *write, void *context)
{
    const struct heap *heap = ouro_heap;
    if (!heap) {
        (void)write_text(write, context, "runtime: phase none, not started\n");
        return;
    }
    const struct gc *gc = &heap->gc;
    (void)write_format(write, context,
                       "runtime: phase %s, generation %d, page %d, candidates %d, finalizers %d\n"
                       "runtime: used %d of %d bytes, objects %d, failures %d, units %u\n"
                       "runtime: last error %s\n",
                       ouro_gc_phase_name((enum ouro_gc_phase)gc->phase), gc->now.generation,
                       (int)gc->now.cursor_page, (int)gc->now.candidates, gc->finalizers,
                       (int)heap_used_bytes(heap), (int)arena_given_bytes(&heap->arena),
                       (int)object_count(), (int)heap->failures, (unsigned)heap->figures.units,
                       ouro_error_name(heap->error_kind));
}
