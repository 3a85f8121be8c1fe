/* SPDX-License-Identifier: MIT
 * cmd_who.c - `gc why`, `gc objects` and their like: who holds an object, and what there is.
 *
 * Nothing here asks the arena for memory, so that all of it works when that is full. */
#include <string.h>

#include "commands.h"
#include "output.h"
#include "ouro/diag.h"
#include "ouro/gc.h"
#include "ouro/search.h"
#include "ouro/types.h"

enum { LINE = 78, EDGE_COLUMNS = 30 };

/* A line in the making; what does not fit is left out, and said to be. */
struct text {
    size_t length;
    char bytes[LINE];
};

static void text_write(void *context, const char *bytes, size_t count)
{
    struct text *text = context;
    size_t room = LINE - text->length, fits = count < room ? count : room;
    memcpy(text->bytes + text->length, bytes, fits);
    text->length += fits;
    if (fits < count) memcpy(text->bytes + LINE - 3, "...", 3);
}

static void text_print(const struct text *text, unsigned columns)
{
    ouro_console_write(NULL, text->bytes, text->length);
    if (text->length < columns) output_spaces(columns - (unsigned)text->length);
}

/* An edge, in a column. */
static void print_edge(const struct ouro_edge *edge)
{
    struct text text = {.length = 0};
    ouro_edge_write(edge, text_write, &text);
    if (text.length > EDGE_COLUMNS) memcpy(text.bytes + EDGE_COLUMNS - 3, "...", 3);
    if (text.length > EDGE_COLUMNS) text.length = EDGE_COLUMNS;
    text_print(&text, EDGE_COLUMNS + 2);
}

static void print_object(ouro_ref object)
{
    if (ouro_is_immediate(object)) {
        (void)ouro_repr(object, ouro_console_write, NULL);
        return;
    }
    ouro_console_print(ouro_type_name(object));
    ouro_console_print(" at 0x");
    ouro_console_print_hex((uintptr_t)object, 8);
}

static void print_count(int64_t count, const char *one, const char *many)
{
    ouro_console_print_int(count);
    ouro_console_print(count == 1 ? one : many);
}

static void print_outside(const struct ouro_edge *edge)
{
    if (edge->number == UINT32_MAX) {
        ouro_console_print("immortal: its count overflowed\n");
        return;
    }
    print_count(edge->number, " reference from outside: ", " references from outside: ");
    ouro_edge_write_places(edge, ouro_console_write, NULL);
    ouro_console_print("\n");
}

/* ---- why ---- */

static int print_step(const struct ouro_edge *edge, void *context)
{
    struct text *path = context;
    if (edge->kind == OURO_EDGE_OUTSIDE) print_outside(edge);
    print_edge(edge);
    print_object(edge->to);
    ouro_console_print("\n");
    ouro_edge_write(edge, text_write, path);
    return 0;
}

static enum ouro_command_result why(ouro_ref object)
{
    struct text path = {.length = 0};
    int edges = ouro_diag_path(object, ouro_console_names(), print_step, &path);
    if (edges < 0) return OURO_COMMAND_FAILED;
    if (edges == 0) {
        ouro_console_print("nothing else holds it\n");
        return OURO_COMMAND_OK;
    }
    text_print(&path, 0);
    ouro_console_print("\n");
    return OURO_COMMAND_OK;
}

/* ---- referrers, referents, retained ---- */

static int print_referrer(const struct ouro_edge *edge, void *context)
{
    (void)context;
    if (edge->kind == OURO_EDGE_OUTSIDE) {
        print_outside(edge);
        return 0;
    }
    print_edge(edge);
    if (edge->kind == OURO_EDGE_NAME) {
        ouro_console_print("a name\n");
        return 0;
    }
    ouro_console_print("of ");
    print_object(edge->holder);
    ouro_console_print("\n");
    return 0;
}

static enum ouro_command_result referrers(ouro_ref object)
{
    int edges = ouro_diag_referrers(object, ouro_console_names(), print_referrer, NULL);
    if (edges == 0) ouro_console_print("nothing refers to it\n");
    return edges < 0 ? OURO_COMMAND_FAILED : OURO_COMMAND_OK;
}

static int print_referent(const struct ouro_edge *edge, void *context)
{
    (void)context;
    print_edge(edge);
    print_object(edge->to);
    ouro_console_print("\n");
    return 0;
}

static enum ouro_command_result referents(ouro_ref object)
{
    if (ouro_diag_referents(object, print_referent, NULL) == 0)
        ouro_console_print("it refers to nothing\n");
    return OURO_COMMAND_OK;
}

static enum ouro_command_result retained(ouro_ref object)
{
    uint32_t objects;
    size_t bytes = ouro_diag_retained(object, &objects);
    if (bytes == SIZE_MAX) return OURO_COMMAND_FAILED;
    print_count((int64_t)bytes, " byte", " bytes");
    ouro_console_print(" in ");
    print_count(objects, " object", " objects");
    ouro_console_print(" would go with it\n");
    return OURO_COMMAND_OK;
}

enum ouro_command_result command_who(int argc, char **argv)
{
    static const struct {
        const char *name;
        enum ouro_command_result (*run)(ouro_ref object);
    } questions[] = {{"referents", referents}, {"get_referents", referents},
                     {"referrers", referrers}, {"get_referrers", referrers},
                     {"retained", retained},   {"why", why}};
    if (argc < 3) return OURO_COMMAND_USAGE;
    ouro_ref object = command_find(argc - 1, argv + 1);
    if (!object) return OURO_COMMAND_FAILED;
    size_t i = 0;
    while (strcmp(argv[1], questions[i].name) != 0) i++;
    return questions[i].run(object);
}

/* ---- objects, leaks ---- */

static struct ouro_census earlier, now; /* static: they are too large for a stack */
static bool has_earlier;

/* Count what is left after a collection. */
static bool count(struct ouro_census *census)
{
    (void)ouro_gc_collect(2);
    return ouro_diag_census(census) == 0;
}

static void print_signed(int64_t value, bool has_sign)
{
    struct text text = {.length = 0};
    char digits[24];
    if (has_sign && value > 0) text_write(&text, "+", 1);
    text_write(&text, digits, ouro_format_int(digits, value));
    output_spaces(text.length < 12 ? 12 - (unsigned)text.length : 1);
    text_print(&text, 0);
}

static void print_row(const struct ouro_census_row *row, bool has_sign)
{
    ouro_console_print(row->name);
    output_spaces(OURO_CENSUS_NAME - (unsigned)strlen(row->name));
    print_signed(row->objects, has_sign);
    print_signed(row->bytes, has_sign);
    ouro_console_print("\n");
}

static void print_census(const struct ouro_census *census, bool has_sign)
{
    struct ouro_census_row total = {.name = "total"};
    ouro_console_print("type                     objects       bytes\n");
    for (uint32_t i = 0; i < census->count; i++) {
        print_row(&census->rows[i], has_sign);
        total.objects += census->rows[i].objects;
        total.bytes += census->rows[i].bytes;
    }
    print_row(&total, has_sign);
}

enum ouro_command_result command_objects(int argc, char **argv)
{
    (void)argv;
    if (argc > 2) return OURO_COMMAND_USAGE;
    if (ouro_diag_census(&now) < 0) return OURO_COMMAND_FAILED;
    print_census(&now, false);
    return OURO_COMMAND_OK;
}

enum ouro_command_result command_leaks(int argc, char **argv)
{
    if (argc != 3) return OURO_COMMAND_USAGE;
    if (strcmp(argv[2], "start") == 0) {
        has_earlier = count(&earlier);
        return has_earlier ? OURO_COMMAND_OK : OURO_COMMAND_FAILED;
    }
    if (strcmp(argv[2], "show") != 0) return OURO_COMMAND_USAGE;
    if (!has_earlier) {
        ouro_error_set(OURO_RUNTIME_ERROR, "nothing to compare with; try 'gc leaks start'");
        return OURO_COMMAND_FAILED;
    }
    if (!count(&now)) return OURO_COMMAND_FAILED;
    ouro_census_subtract(&now, &earlier);
    if (now.count == 0)
        ouro_console_print("no change\n");
    else
        print_census(&now, true);
    return OURO_COMMAND_OK;
}
