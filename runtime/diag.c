/* SPDX-License-Identifier: MIT
 * diag.c - read-only figures of objects, and of everything for a crash dump; those of memory are in
 * diag_mem.c. */
#include "ouro/diag.h"

#include <string.h>

#include "ouro/gc.h"
#include "object.h"

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

static void put_text(ouro_write_fn *write, void *context, const char *text)
{
    write(context, text, strlen(text));
}

void ouro_diag_crash(ouro_write_fn *write, void *context)
{
    const struct heap *heap = ouro_heap;
    put_text(write, context, "runtime: phase ");
    if (!heap) {
        put_text(write, context, "none, not started\n");
        return;
    }
    const struct gc *gc = &heap->gc;
    const struct {
        const char *name;
        uint32_t value;
    } figures[] = {
        {", generation ", gc->generation},
        {", page ", gc->cursor_page},
        {", candidates ", gc->candidates},
        {", finalizers ", gc->finalizers},
        {"\nruntime: used ", (uint32_t)heap_used_bytes(heap)},
        {" of ", (uint32_t)heap->arena.given_bytes},
        {" bytes, objects ", object_count()},
        {", failures ", heap->failures},
        {", units ", (uint32_t)ouro_heap->figures.units},
    };
    put_text(write, context, ouro_gc_phase_name((enum ouro_gc_phase)gc->phase));
    for (size_t i = 0; i < sizeof figures / sizeof figures[0]; i++) {
        char number[24];
        put_text(write, context, figures[i].name);
        write(context, number, ouro_format_int(number, figures[i].value));
    }
    put_text(write, context, "\nruntime: last error ");
    put_text(write, context, ouro_error_name(heap->error_kind));
    put_text(write, context, "\n");
}
