/* SPDX-License-Identifier: MIT
 * sys.c - what CPython's sys tells about memory. */
#include "ouro/sys.h"

#include "object.h"
#include "types/ops.h"

uint32_t ouro_getrefcount(ouro_ref ref) { return is_counted(ref) ? refcount(ref) + 1 : UINT32_MAX; }

uint32_t ouro_getallocatedblocks(void) { return object_count(); }

/* ---- _debugmallocstats ---- */

struct output {
    ouro_write_fn *write;
    void *context;
};

static void put_blanks(const struct output *out, size_t count)
{
    while (count-- > 0) out->write(out->context, " ", 1);
}
static void put_padded(const struct output *out, size_t value, size_t width)
{
    char digits[24];
    size_t bytes = ouro_format_int(digits, (int64_t)value);
    if (bytes < width) put_blanks(out, width - bytes);
    out->write(out->context, digits, bytes);
}
static void put_total(const struct output *out, const char *label, size_t bytes)
{
    (void)write_text(out->write, out->context, label);
    put_blanks(out, 44 - strlen(label));
    (void)write_text(out->write, out->context, "=");
    put_padded(out, bytes, 12);
    (void)write_text(out->write, out->context, "\n");
}

void ouro_debugmallocstats(ouro_write_fn *write, void *context)
{
    const struct output out = {write, context};
    struct ouro_pool_stats s;
    struct ouro_extent extent = {0};
    size_t used = 0, available = 0, behind = 0, headers = 0, asked = 0;
    (void)write_text(write, context,
                     "class   size   num pages   blocks in use  avail blocks\n"
                     "-----   ----   ---------   -------------  ------------\n");
    for (unsigned i = 0; ouro_diag_pool(i, &s); i++) {
        if (s.pages == 0) continue;
        put_padded(&out, i, 5);
        put_padded(&out, s.cell_bytes, 7);
        put_padded(&out, s.pages, 12);
        put_padded(&out, s.cells_used, 16);
        put_padded(&out, s.cells_free, 14);
        (void)write_text(write, context, "\n");
        used += (size_t)s.cells_used * s.cell_bytes;
        available += (size_t)s.cells_free * s.cell_bytes;
        behind += s.lost_bytes;
        headers += (size_t)s.pages * s.header_bytes;
    }
    while (ouro_diag_next(&extent))
        if (extent.kind == OURO_EXTENT_CELLS) asked += extent.asked_bytes;
    put_total(&out, "# bytes in allocated blocks", used);
    put_total(&out, "#   of them not asked for", used - asked);
    put_total(&out, "# bytes in available blocks", available);
    put_total(&out, "# bytes lost to page headers", headers);
    put_total(&out, "# bytes lost to quantization", behind);
    put_total(&out, "Total", used + available + headers + behind);
}
