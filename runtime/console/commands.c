/* SPDX-License-Identifier: MIT
 * commands.c - the table of the built-in commands, and running one line.
 *
 * The table is a section of the linker's: an image's own commands follow the ones below.  This
 * file names every built-in command's function, which is also what pulls their files out of the
 * archive. */
#include "commands.h"

#include <string.h>

#include "line.h"
#include "output.h"
#include "ouro/port.h"

enum { ARGUMENTS = 16, FAR = 3 /* typing errors: too many to guess */, GUESS_BYTES = 16 };

extern const struct ouro_command __start_ouro_commands[], __stop_ouro_commands[];

const char commands_all[] = "";
bool commands_line_is_cut;

static enum ouro_command_result help(int argc, char **argv);
static enum ouro_command_result version(int argc, char **argv);
static enum ouro_command_result uptime(int argc, char **argv);
static enum ouro_command_result panic(int argc, char **argv);
static enum ouro_command_result leave(int argc, char **argv);

OURO_COMMAND(builtins[]) = {
    {"help", "[COMMAND [SUBCOMMAND]]", "list the commands, or explain one", commands_all, help,
     false},
    {"load", "NAME [JSON]",
     "read a JSON document and bind it to NAME\n"
     "The document follows on the same line or on the next ones and may be of any size.\n"
     "Ctrl-C gives up. After an error the input is skipped up to an empty line.",
     NULL, command_load, true},
    {"show", "NAME [KEY...]",
     "print an object as Python's repr() does\n"
     "Each KEY goes one level deeper: an index into a list, a key of a dict.\n"
     "Keys with spaces are put in double quotes.",
     NULL, command_show, false},
    {"type", "NAME [KEY...]", "print the type of an object", NULL, command_type, false},
    {"id", "NAME [KEY...]", "print the identity of an object: its address", NULL, command_id,
     false},
    {"refs", "NAME [KEY...]", "print the reference count, the name's own included", NULL,
     command_refs, false},
    {"sizeof", "NAME [KEY...]", "print the bytes of an object, what it refers to left out", NULL,
     command_sizeof, false},
    {"deepsize", "NAME [KEY...]", "print the bytes of an object and all that it reaches", NULL,
     command_deepsize, false},
    {"link", "A KEY B",
     "store B in A: under KEY in a dict, at index KEY in a list\n"
     "KEY 'append' appends to a list. 'link a self a' makes a cycle.",
     NULL, command_link, false},
    {"names", "", "list the names", "", command_names, false},
    {"del", "NAME... | *", "forget names; what nobody else refers to dies", NULL, command_del,
     false},
    {"gc", "SUBCOMMAND",
     "the cycle collector\n"
     "  gc collect [N]        run a cycle over generation N (2) and younger to its end\n"
     "  gc start [N]          start such a cycle, for gc step to run: idle time leaves it alone\n"
     "  gc step [N]           do N (1) units of work\n"
     "  gc stats              what it has done so far\n"
     "  gc enable | disable | isenabled\n"
     "  gc threshold [A [B [C]]]\n"
     "                        print or set the thresholds; A = 0: no cycle starts\n"
     "  gc count              print the counts that are held against them\n"
     "  gc collect_for N      work for N instructions on a cycle over everything\n"
     "  gc is_tracked NAME | is_finalized NAME\n"
     "  gc callbacks [add | remove]\n"
     "                        list them; add or remove one that prints\n"
     "  gc clock [on | off]   time cycles, for gc stats\n"
     "  gc freeze | unfreeze | get_freeze_count\n"
     "  gc get_objects [N]    list the tracked objects (of generation N)\n"
     "  gc garbage            what was found unreachable and kept\n"
     "  gc debug [FLAGS]      1 stats, 2 collectable, 4 uncollectable, 32 saveall\n"
     "  gc why NAME [KEY...]  the shortest chain of references that keeps an object alive\n"
     "  gc referrers | referents | retained NAME [KEY...]\n"
     "                        what refers to it, what it refers to, what would go with it\n"
     "  gc objects            how many objects of which type\n"
     "  gc leaks start | show count them; what has become more since then\n"
     "Python's own names (set_threshold, get_count, ...) do, too.",
     "callbacks clock collect collect_for count debug disable enable freeze garbage get_count "
     "get_debug get_freeze_count get_objects get_referents get_referrers get_stats get_threshold "
     "is_finalized is_tracked isenabled leaks objects referents referrers retained set_debug "
     "set_threshold start stats step threshold unfreeze why",
     command_gc, false},
    {"mem", "[pools | map [PAGE] | check [N] | reset]",
     "memory: the arena, its pages and what is in use\n"
     "  mem pools      the size classes, in the columns of CPython's sys._debugmallocstats()\n"
     "  mem map        the arena, a character a page\n"
     "  mem map PAGE   a page, a character a cell, or the blocks in it\n"
     "  mem check      verify every invariant of the heap\n"
     "  mem check N    go on with a check in pieces, for N units\n"
     "  mem reset      forget the peak",
     "check map pools reset", command_mem, false},
    {"config", "", "print how this image was built", "", command_config, false},
    {"version", "", "print what this is and where it runs", "", version, false},
    {"uptime", "", "print the instructions executed since reset", "", uptime, false},
    {"panic", "now", "break off with a crash dump and a non-zero status", "now", panic, false},
    {"exit", "", "end the emulator with status 0; so does Ctrl-D on an empty line", "", leave,
     false},
};

const struct ouro_command *commands_begin(void) { return __start_ouro_commands; }
const struct ouro_command *commands_end(void) { return __stop_ouro_commands; }

const struct ouro_command *commands_find(const char *name, size_t bytes)
{
    for (const struct ouro_command *c = commands_begin(); c < commands_end(); c++) {
        if (strlen(c->name) == bytes && memcmp(c->name, name, bytes) == 0) return c;
    }
    return NULL;
}

static unsigned smaller(unsigned a, unsigned b) { return a < b ? a : b; }

/* Typing errors between two words, FAR for long ones: Levenshtein's distance, row by row. */
static unsigned distance(const char *a, const char *b)
{
    unsigned row[GUESS_BYTES + 1];
    size_t columns = strlen(b);
    if (strlen(a) > GUESS_BYTES || columns > GUESS_BYTES) return FAR;
    for (size_t j = 0; j <= columns; j++) row[j] = (unsigned)j;
    for (unsigned i = 1; *a; a++, i++) {
        unsigned corner = row[0];
        row[0] = i;
        for (size_t j = 1; j <= columns; j++) {
            unsigned replaced = corner + (*a != b[j - 1u]);
            corner = row[j];
            row[j] = smaller(replaced, smaller(row[j], row[j - 1u]) + 1u);
        }
    }
    return row[columns];
}

const struct ouro_command *commands_nearest(const char *name)
{
    const struct ouro_command *nearest = NULL;
    unsigned best = FAR;
    for (const struct ouro_command *c = commands_begin(); c < commands_end(); c++) {
        unsigned errors = distance(name, c->name);
        if (errors >= best || errors >= strlen(c->name)) continue;
        best = errors;
        nearest = c;
    }
    return nearest;
}

/* ---- running a line ---- */

static char *skip_blanks(char *text)
{
    while (*text == ' ' || *text == '\t' || *text == '\r') text++;
    return text;
}

/* Take one word, or one text in double quotes, off *text and end it with a zero. */
static char *take_word(char **text)
{
    char *start = *text;
    char quote = '\0';
    if (*start == '"') {
        quote = '"';
        start++;
    }
    char *end = start;
    while (*end && (quote ? *end != quote : *end != ' ' && *end != '\t' && *end != '\r')) end++;
    *text = *end ? end + 1 : end;
    *end = '\0';
    return start;
}

/* Cut the line into words; past ARGUMENTS of them, or for a raw command past the first argument,
 * the last is the rest as it stands. */
static int split(char *line, char **argv)
{
    int argc = 0, limit = ARGUMENTS;
    for (line = skip_blanks(line); *line && argc + 1 < limit; line = skip_blanks(line)) {
        argv[argc++] = take_word(&line);
        const struct ouro_command *command = commands_find(argv[0], strlen(argv[0]));
        if (command && command->is_raw) limit = 3;
    }
    if (limit == 3) {
        while (argc < limit) argv[argc++] = line;
    } else if (*line) {
        argv[argc++] = line;
    }
    return argc;
}

bool commands_is_raw(const char *line)
{
    line += strspn(line, " \t\r");
    const struct ouro_command *command = commands_find(line, strcspn(line, " \t\r"));
    return command && command->is_raw;
}

static void report_unknown(const char *name)
{
    const struct ouro_command *nearest = commands_nearest(name);
    ouro_console_print("error: unknown command ");
    output_quoted(name);
    ouro_console_print(nearest ? "; did you mean '" : "; try '");
    ouro_console_print(nearest ? nearest->name : "help");
    ouro_console_print(nearest ? "'? 'help' lists them all\n" : "'\n");
}

static void print_usage(const struct ouro_command *command)
{
    ouro_console_print("usage: ");
    ouro_console_print(command->name);
    if (*command->usage) ouro_console_print(" ");
    ouro_console_print(command->usage);
    ouro_console_print("\n");
}

static void report_failure(void)
{
    const char *message;
    enum ouro_error_kind kind = ouro_error_get(&message);
    if (kind == OURO_NO_ERROR) return;
    ouro_console_print(ouro_error_name(kind));
    if (message) {
        ouro_console_print(": ");
        ouro_console_print(message);
    }
    ouro_console_print("\n");
    ouro_error_clear();
}

void commands_run(char *line, bool is_cut)
{
    char *argv[ARGUMENTS];
    int argc = split(line, argv);
    if (argc == 0) return;
    commands_line_is_cut = is_cut;
    const struct ouro_command *command = commands_find(argv[0], strlen(argv[0]));
    if (!command) {
        report_unknown(argv[0]);
        return;
    }
    switch (command->run(argc, argv)) {
    case OURO_COMMAND_OK: break;
    case OURO_COMMAND_FAILED: report_failure(); break;
    case OURO_COMMAND_USAGE: print_usage(command); break;
    }
}

/* ---- the commands about the console itself ---- */

static void print_summary(const struct ouro_command *command)
{
    ouro_console_print("  ");
    output_label(command->name);
    ouro_console_write(NULL, command->help, strcspn(command->help, "\n"));
    ouro_console_print("\n");
}

/* Is a word among the first `bytes` of a text? */
static bool has_word(const char *text, size_t bytes, const char *word)
{
    const char *end = text + bytes;
    while (text < end) {
        size_t length = strcspn(text, " \n");
        if (length == strlen(word) && memcmp(text, word, length) == 0) return true;
        text += length + 1;
    }
    return false;
}

/* Print the lines of a command's help that are about a subcommand; those of it begin with two
 * spaces and the command, and go on in lines that begin with more.  False if there are none. */
static bool explain_subcommand(const struct ouro_command *command, const char *word)
{
    enum { TERM_COLUMNS = 24 };
    bool is_found = false, is_wanted = false;
    for (const char *line = command->help; *line; line += *line != '\0') {
        size_t bytes = strcspn(line, "\n"), term = bytes < TERM_COLUMNS ? bytes : TERM_COLUMNS;
        bool is_about_one = strncmp(line, "  ", 2) == 0, goes_on = is_about_one && line[2] == ' ';
        is_wanted = goes_on ? is_wanted : is_about_one && has_word(line, term, word);
        if (is_wanted) {
            ouro_console_write(NULL, line, bytes);
            ouro_console_print("\n");
        }
        is_found |= is_wanted;
        line += bytes;
    }
    return is_found;
}

static enum ouro_command_result help(int argc, char **argv)
{
    if (argc > 3) return OURO_COMMAND_USAGE;
    if (argc == 1) {
        for (const struct ouro_command *c = commands_begin(); c < commands_end(); c++) {
            print_summary(c);
        }
        ouro_console_print("'help COMMAND' says more. Tab completes, arrows edit and recall.\n");
        return OURO_COMMAND_OK;
    }
    const struct ouro_command *command = commands_find(argv[1], strlen(argv[1]));
    if (!command) {
        report_unknown(argv[1]);
        return OURO_COMMAND_FAILED;
    }
    if (argc == 3 && explain_subcommand(command, argv[2])) return OURO_COMMAND_OK;
    print_usage(command);
    ouro_console_print(command->help);
    ouro_console_print("\n");
    return OURO_COMMAND_OK;
}

static enum ouro_command_result version(int argc, char **argv)
{
    (void)argv;
    if (argc > 1) return OURO_COMMAND_USAGE;
    ouro_console_print("Ouro on ");
    ouro_console_print(ouro_port_board);
    ouro_console_print(", built by gcc " __VERSION__ "\n");
    return OURO_COMMAND_OK;
}

static enum ouro_command_result uptime(int argc, char **argv)
{
    (void)argv;
    if (argc > 1) return OURO_COMMAND_USAGE;
    ouro_console_print_int((int64_t)ouro_port_instructions());
    ouro_console_print(" instructions\n");
    return OURO_COMMAND_OK;
}

static enum ouro_command_result panic(int argc, char **argv)
{
    if (argc != 2 || strcmp(argv[1], "now") != 0) return OURO_COMMAND_USAGE;
    ouro_port_panic("asked for at the console" OURO_HERE);
}

static enum ouro_command_result leave(int argc, char **argv)
{
    (void)argv;
    if (argc > 1) return OURO_COMMAND_USAGE;
    console_finish();
    ouro_port_exit(0);
}
