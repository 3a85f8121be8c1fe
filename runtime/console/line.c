/* SPDX-License-Identifier: MIT
 * line.c - one line of input, edited on a terminal, plain from a script.
 *
 * The terminal is a VT100 of 80 columns; nothing is asked of it, so that a dumb one works too as
 * long as one types at the end of the line.  A line longer than the window scrolls sideways:
 * wrapped lines cannot be edited without knowing the terminal's width.  A character takes one
 * column and, in UTF-8, one or more bytes.  No byte can do harm: what is not understood is
 * ignored, and the end of a line ends every escape sequence. */
#include "line.h"

#include <stdbool.h>
#include <string.h>

#include "commands.h"
#include "input.h"
#include "output.h"

enum { WINDOW_COLUMNS = 79 - (int)(sizeof LINE_PROMPT - 1u), BELL = 0x07 };

static struct {
    char text[LINE_BYTES + 1];
    size_t length, cursor;
    size_t first;    /* first byte in the window */
    size_t recalled; /* lines back in the history; 0: the line being typed */
    bool is_too_long;
    bool is_tabbed; /* the last key was a Tab that did nothing: the next one lists */
} line;

/* ---- characters and columns ---- */

static bool is_continuation(size_t at) { return ((unsigned char)line.text[at] & 0xc0u) == 0x80u; }

static size_t before(size_t at)
{
    while (at > 0u && is_continuation(--at)) {}
    return at;
}

static size_t after(size_t at)
{
    if (at < line.length) at++;
    while (at < line.length && is_continuation(at)) at++;
    return at;
}

static unsigned columns(size_t from, size_t to)
{
    unsigned count = 0;
    for (; from < to; from++) count += !is_continuation(from);
    return count;
}

/* ---- the screen ---- */

static void beep(void)
{
    static const char bell = BELL;
    ouro_console_write(NULL, &bell, 1);
}

/* Draw the line again; the cursor's column in the window is the last thing to be set. */
static void redraw(void)
{
    if (line.cursor < line.first) line.first = line.cursor;
    unsigned column = columns(line.first, line.cursor);
    for (; column >= (unsigned)WINDOW_COLUMNS; column--) line.first = after(line.first);
    size_t end = line.first;
    unsigned shown = 0;
    for (; end < line.length && shown < (unsigned)WINDOW_COLUMNS; shown++) end = after(end);

    ouro_console_print("\r" LINE_PROMPT);
    ouro_console_write(NULL, line.text + line.first, end - line.first);
    ouro_console_print("\x1b[K");
    if (shown == column) return;
    ouro_console_print("\x1b[");
    ouro_console_print_int(shown - column);
    ouro_console_print("D");
}

static void move(size_t to)
{
    size_t from = line.cursor;
    if (to == from) return;
    bool is_left = to < from && before(from) == to && to >= line.first;
    bool is_right = after(from) == to && columns(line.first, to) < (unsigned)WINDOW_COLUMNS;
    line.cursor = to;
    if (is_left) {
        ouro_console_print("\b");
    } else if (is_right) {
        ouro_console_write(NULL, line.text + from, to - from);
    } else {
        redraw();
    }
}

/* ---- the text ---- */

static void insert(const char *text, size_t bytes)
{
    if (line.length + bytes > LINE_BYTES) {
        line.is_too_long = true;
        beep();
        return;
    }
    memmove(line.text + line.cursor + bytes, line.text + line.cursor, line.length - line.cursor);
    memcpy(line.text + line.cursor, text, bytes);
    line.length += bytes;
    line.cursor += bytes;
    bool is_simple =
        line.cursor == line.length && columns(line.first, line.cursor) < (unsigned)WINDOW_COLUMNS;
    if (is_simple) {
        ouro_console_write(NULL, text, bytes);
    } else {
        redraw();
    }
}

static void erase(size_t from, size_t to)
{
    if (from == to) return;
    bool is_last =
        to == line.length && from >= line.first && columns(from, to) == 1u && line.cursor == to;
    memmove(line.text + from, line.text + to, line.length - to);
    line.length -= to - from;
    line.cursor = from;
    line.is_too_long = false;
    if (is_last) {
        ouro_console_print("\b \b");
    } else {
        redraw();
    }
}

static void set(const char *text)
{
    line.length = strlen(text);
    memcpy(line.text, text, line.length);
    line.cursor = line.length;
    line.first = 0;
    redraw();
}

static size_t word_start(size_t at)
{
    while (at > 0u && line.text[at - 1u] == ' ') at--;
    while (at > 0u && line.text[at - 1u] != ' ') at--;
    return at;
}

static size_t word_end(size_t at)
{
    while (at < line.length && line.text[at] == ' ') at++;
    while (at < line.length && line.text[at] != ' ') at++;
    return at;
}

/* ---- history and completion ---- */

static void recall(size_t back)
{
    const char *text = back == 0u ? "" : history_get(back);
    if (!text) {
        beep();
        return;
    }
    line.recalled = back;
    set(text);
}

static void complete(void)
{
    char addition[LINE_BYTES];
    size_t room = LINE_BYTES - line.length;
    line.text[line.length] = '\0';
    size_t bytes = complete_word(line.text, line.cursor, addition, room);
    if (bytes > 0u) {
        insert(addition, bytes);
    } else if (line.is_tabbed && complete_list(line.text, line.cursor)) {
        redraw();
    } else {
        line.is_tabbed = true;
        beep();
    }
}

/* ---- keys ---- */

/* The rest of a sequence that began with ESC [ : parameters, then a letter or ~.  What cannot be
 * part of one is handed back, to be a key of its own; else 0. */
static int csi(void)
{
    unsigned parameter = 0;
    int byte;
    while ((byte = input_byte()) >= 0x20 && byte < 0x40) {
        if (byte >= '0' && byte <= '9')
            parameter = (parameter * 10u + (unsigned)byte - '0') % 1000u;
    }
    if (byte < 0x20 || byte > 0x7e) return byte;
    if (byte == '~') {
        static const char keys[] = {0, CTRL_A, 0, RUBOUT, CTRL_E, 0, 0, CTRL_A, CTRL_E};
        int key = parameter < sizeof keys ? keys[parameter] : 0;
        return key == RUBOUT ? (line.cursor < line.length ? CTRL_D : 0) : key;
    }
    static const struct {
        char letter, key;
    } letters[] = {{'A', CTRL_P}, {'B', CTRL_N}, {'C', CTRL_F},
                   {'D', CTRL_B}, {'F', CTRL_E}, {'H', CTRL_A}};
    for (size_t i = 0; i < sizeof letters / sizeof *letters; i++) {
        if (letters[i].letter == byte) return letters[i].key;
    }
    return 0;
}

/* What follows an ESC, as the control key that does the same, or 0. */
static int escape(void)
{
    int byte = input_byte();
    if (byte == '[' || byte == 'O') return csi();
    if (byte == 'b') move(word_start(line.cursor));
    if (byte == 'f') move(word_end(line.cursor));
    if (byte == RUBOUT) return CTRL_W;
    return byte < 0x20 || byte > RUBOUT ? byte : 0;
}

static void edit(int key)
{
    switch (key) {
    case CTRL_A: move(0); break;
    case CTRL_B: move(before(line.cursor)); break;
    case CTRL_D: erase(line.cursor, after(line.cursor)); break;
    case CTRL_E: move(line.length); break;
    case CTRL_F: move(after(line.cursor)); break;
    case CTRL_H:
    case RUBOUT: erase(before(line.cursor), line.cursor); break;
    case CTRL_K: erase(line.cursor, line.length); break;
    case CTRL_L:
        ouro_console_print("\x1b[H\x1b[2J");
        redraw();
        break;
    case CTRL_N:
        if (line.recalled > 0u) recall(line.recalled - 1u);
        break;
    case CTRL_P: recall(line.recalled + 1u); break;
    case CTRL_U: erase(0, line.cursor); break;
    case CTRL_W: erase(word_start(line.cursor), line.cursor); break;
    default: break;
    }
}

static void type(int key)
{
    char c = (char)key;
    if (key == '\t') {
        complete();
        return;
    }
    line.is_tabbed = false;
    if (key >= 0x20 && key != RUBOUT) {
        insert(&c, 1);
    } else {
        edit(key);
    }
}

/* ---- a whole line ---- */

static enum line_result finish(void)
{
    line.text[line.length] = '\0';
    if (line.is_too_long) return LINE_TOO_LONG;
    return LINE_DONE;
}

/* The buffer is full, its text is being typed at the end, and the command wants the rest. */
static bool is_for_raw(void)
{
    if (line.length < LINE_BYTES || line.cursor < line.length || line.is_too_long) return false;
    line.text[line.length] = '\0';
    return commands_is_raw(line.text);
}

static enum line_result read_terminal(void)
{
    ouro_console_print(LINE_PROMPT);
    for (;;) {
        int key = input_byte();
        while (key == ESCAPE) key = escape();
        if (key == '\n') {
            move(line.length);
            ouro_console_print("\n");
            enum line_result result = finish();
            if (result == LINE_DONE) history_add(line.text);
            return result;
        }
        if (key == CTRL_D && line.length == 0u) {
            ouro_console_print("\n");
            return LINE_END;
        }
        if (key == CTRL_C) {
            ouro_console_print("^C\n" LINE_PROMPT);
            memset(&line, 0, sizeof line);
        } else {
            type(key);
        }
        if (is_for_raw()) return LINE_CUT;
    }
}

/* A zero byte would end the text too early; \x01 is as wrong as it in any command or document. */
static enum line_result read_script(void)
{
    for (;;) {
        int byte = input_byte();
        if (byte == INPUT_END && line.length == 0u) return LINE_END;
        if (byte == INPUT_END || byte == '\n') return finish();
        if (byte == CTRL_C) {
            line.length = line.cursor = 0;
            line.is_too_long = false;
        } else if (line.length < LINE_BYTES) {
            line.text[line.length++] = byte == '\0' ? '\x01' : (char)byte;
            line.cursor = line.length;
        } else {
            line.is_too_long = true;
        }
        if (is_for_raw()) return LINE_CUT;
    }
}

enum line_result line_read(char **text)
{
    memset(&line, 0, sizeof line);
    *text = line.text;
    if (output_is_script) return read_script();
    input_redraw = redraw;
    enum line_result result = read_terminal();
    input_redraw = NULL;
    return result;
}
