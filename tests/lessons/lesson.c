/* SPDX-License-Identifier: MIT
 * lesson.c - the command `lesson`: lists the lessons and runs one.
 *
 * The lessons are collected by the linker, as commands are.  Each begins with no cycle under way
 * and has to leave the heap as it was, to the byte; what it changes of the collector's switches is
 * set back.  A lesson that is broken off with Ctrl-C runs on to its end, silently, so that it
 * cleans up after itself. */
#include "lesson.h"

#include <string.h>

#include "ouro/port.h"

enum { ROOM_BYTES = 100 * 1024 };

extern const struct lesson __start_ouro_lessons[], __stop_ouro_lessons[];

static unsigned held, failed;

void lesson_check(bool holds, const char *what, const char *file, int line)
{
    held += holds;
    failed += !holds;
    if (holds) return;
    ouro_console_print("FAILED: ");
    ouro_console_print(what);
    ouro_console_print(" (");
    ouro_console_print(file);
    ouro_console_print(":");
    ouro_console_print_int(line);
    ouro_console_print(")\n");
}

static enum ouro_command_result list_lessons(void)
{
    for (const struct lesson *l = __start_ouro_lessons; l < __stop_ouro_lessons; l++) {
        ouro_console_print_padded(l->number, 4);
        ouro_console_print("  ");
        ouro_console_print(l->title);
        ouro_console_print("\n");
    }
    ouro_console_print("'lesson N' runs one, 'lesson N step' waits for a key between its steps.\n");
    return OURO_COMMAND_OK;
}

/* The thresholds that the board begins with. */
static void set_first_threshold(void)
{
    struct ouro_mem_stats stats;
    ouro_diag_mem(&stats);
    uint32_t scaled = stats.pages * 2;
    ouro_gc_set_threshold(scaled < OURO_THRESHOLD0 ? scaled : OURO_THRESHOLD0, OURO_THRESHOLD1,
                          OURO_THRESHOLD2);
}

static enum ouro_command_result run(const struct lesson *lesson)
{
    uint32_t threshold[3];
    unsigned debug = ouro_gc_get_debug();
    bool is_enabled = ouro_gc_isenabled();

    ouro_gc_get_threshold(threshold);
    (void)ouro_gc_collect(2);
    ouro_gc_set_debug(0);
    set_first_threshold();
    ouro_diag_reset_peak();
    unsigned before = used_bytes();
    held = failed = 0;
    lesson->run();

    ouro_gc_set_threshold(threshold[0], threshold[1], threshold[2]);
    (is_enabled ? ouro_gc_enable : ouro_gc_disable)();
    (void)ouro_gc_collect(2);
    ouro_gc_set_debug(debug);
    CHECK(used_bytes() == before);
    CHECK(ouro_diag_verify() == NULL);
    CHECK(ouro_error_get(NULL) == OURO_NO_ERROR);
    tell(failed ? "FAILED; %d checks held." : "%d checks held; all memory is back.", (int)held);
    ouro_error_clear();
    return failed ? OURO_COMMAND_FAILED : OURO_COMMAND_OK;
}

static enum ouro_command_result lesson(int argc, char **argv)
{
    uint32_t number;
    struct ouro_mem_stats stats;

    if (argc == 1) return list_lessons();
    bool is_step = argc == 3 && strcmp(argv[2], "step") == 0;
    if (!ouro_console_parse_number(argv[1], &number) || (argc != 2 && !is_step))
        return OURO_COMMAND_USAGE;
    const struct lesson *l = __start_ouro_lessons;
    while (l < __stop_ouro_lessons && l->number != number) l++;
    ouro_diag_mem(&stats);
    if (l == __stop_ouro_lessons) {
        ouro_console_print("error: there is no such lesson; 'lesson' lists them\n");
        return OURO_COMMAND_FAILED;
    }
    if (stats.largest_free_bytes < ROOM_BYTES) {
        ouro_console_print("error: a lesson needs 100 KiB of free memory\n");
        return OURO_COMMAND_FAILED;
    }
    tell_begin(is_step && !ouro_port_is_script());
    ouro_console_print("Lesson ");
    ouro_console_print_int(number);
    ouro_console_print(": ");
    ouro_console_print(l->title);
    ouro_console_print("\n");
    enum ouro_command_result result = run(l);
    tell_end();
    return result;
}

OURO_COMMAND(lesson_command) = {
    "lesson",
    "[N [step]]",
    "Python's memory, explained by what happens here\n"
    "  lesson          list the lessons\n"
    "  lesson N        run one: lines of Python, what they print, and figures of this board\n"
    "  lesson N step   wait for a key between its steps; Ctrl-C ends it",
    "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15",
    lesson,
    false};
