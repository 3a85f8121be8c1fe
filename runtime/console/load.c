/* SPDX-License-Identifier: MIT
 * load.c - the command that reads a JSON document from the console's input.
 *
 * The text goes through a buffer from the arena: a line at a time, or as much as the buffer holds;
 * it grows only when a single token does not fit.  The document ends with the line in which its
 * value is complete.  After an error the rest of the document must not run as commands, and
 * nothing but the user knows where it ends: it is skipped up to an empty line. */
#include <string.h>

#include "commands.h"
#include "input.h"
#include "json.h"
#include "output.h"
#include "ouro/gc.h"
#include "ouro/types.h"

enum { FIRST_BYTES = 512, LEAST_GROWTH = 64, DRAIN_UNITS = 1024 };

#define MORE_PROMPT "... "

struct load {
    struct json json;
    const char *rest; /* of the command line, still to be read */
    bool is_line_cut; /* no line ending comes between it and the input */
    char *text;       /* what json has not taken in yet; owned */
    size_t bytes, room;
};

/* ---- input ---- */

static int next_byte(struct load *load)
{
    if (*load->rest) return (unsigned char)*load->rest++;
    if (!load->is_line_cut) {
        load->is_line_cut = true;
        return '\n';
    }
    return input_byte();
}

/* Get room for more text.  Doubling keeps the copying linear; when memory is short, less does. */
static bool grow(struct load *load)
{
    if (!load->text) {
        load->text = ouro_mem_alloc(FIRST_BYTES);
        load->room = load->text ? FIRST_BYTES : 0u;
        return load->text != NULL;
    }
    for (size_t more = load->room; more >= LEAST_GROWTH; more /= 2u) {
        char *text = ouro_mem_resize(load->text, load->room + more);
        if (!text) continue;
        ouro_error_clear();
        load->text = text;
        load->room += more;
        return true;
    }
    return false;
}

/* Hand the text to json and keep what it could not use yet.  False after an error. */
static bool feed(struct load *load, bool is_final)
{
    size_t taken = json_feed(&load->json, load->text, load->bytes, is_final);
    load->bytes -= taken;
    if (load->bytes > 0u) memmove(load->text, load->text + taken, load->bytes);
    return !load->json.error;
}

/* Add a byte to the text.  False after an error. */
static bool add(struct load *load, char byte)
{
    if (load->bytes == load->room) {
        if (load->text && !feed(load, false)) return false;
        if (load->bytes > load->room / 2u || !load->text) {
            if (!grow(load)) {
                load->json.kind = ouro_error_get(&load->json.error);
                ouro_error_clear();
                return false;
            }
        }
    }
    load->text[load->bytes++] = byte;
    return true;
}

/* Take back the last character typed. */
static void rub_out(struct load *load)
{
    if (output_is_script || load->bytes == 0u || load->text[load->bytes - 1u] == '\n') return;
    while (--load->bytes > 0u && ((unsigned char)load->text[load->bytes] & 0xc0u) == 0x80u) {}
    ouro_console_print("\b \b");
}

/* ---- one document ---- */

static void prompt(void)
{
    if (!output_is_script) ouro_console_print(MORE_PROMPT);
}

static bool is_rubout(int byte) { return !output_is_script && (byte == RUBOUT || byte == CTRL_H); }

/* Read until the value is complete; false after an error, a Ctrl-C or the end of the input.
 *   *last  the byte that ended it */
static bool read_document(struct load *load, int *last)
{
    for (;;) {
        bool is_typed = load->is_line_cut && *load->rest == '\0';
        int byte = *last = next_byte(load);
        if (byte == CTRL_C) return false;
        if (byte == INPUT_END || (byte == CTRL_D && load->bytes == 0u && !output_is_script)) {
            (void)feed(load, true);
            *last = INPUT_END;
            return json_is_complete(&load->json);
        }
        if (is_typed && is_rubout(byte)) {
            rub_out(load);
            continue;
        }
        if (is_typed) input_echo(byte);
        if (!add(load, (char)byte)) return false;
        if (byte != '\n') continue;
        if (!feed(load, false)) return false;
        if (json_is_complete(&load->json)) return true;
        prompt();
    }
}

/* ---- errors ---- */

static void report(const struct json *json)
{
    bool is_syntax = json->kind == OURO_VALUE_ERROR;
    ouro_console_print(is_syntax ? "JSONDecodeError" : ouro_error_name(json->kind));
    ouro_console_print(": ");
    ouro_console_print(json->error);
    ouro_console_print(": line ");
    ouro_console_print_int(json->line);
    ouro_console_print(" column ");
    ouro_console_print_int(json->column);
    ouro_console_print(" (char ");
    ouro_console_print_int(json->chars);
    ouro_console_print(")\n");
}

/* Read and forget up to an empty line, Ctrl-C or the end of the input. */
static void skip(struct load *load, bool is_in_line)
{
    bool is_empty = !is_in_line;
    ouro_console_print("The input is skipped up to an empty line or Ctrl-C.\n");
    if (!is_in_line) prompt();
    for (;;) {
        bool is_typed = load->is_line_cut && *load->rest == '\0';
        int byte = next_byte(load);
        if (byte == INPUT_END) return;
        if (is_typed) input_echo(byte);
        if (byte == CTRL_C || (byte == CTRL_D && is_empty)) break;
        if (byte == '\n' && is_empty) return;
        if (byte == '\n') prompt();
        is_empty = byte == '\n' || (is_empty && (byte == ' ' || byte == '\t'));
    }
    if (!output_is_script) ouro_console_print("\n");
}

/* Everything the document took is given back before anything else happens. */
static void give_back(struct load *load)
{
    ouro_mem_free(load->text);
    ouro_xdecref(json_end(&load->json));
    while (ouro_gc_step(DRAIN_UNITS) > 0u) {}
}

static enum ouro_command_result give_up(struct load *load, int last)
{
    if (last == CTRL_C && !load->json.error) {
        give_back(load);
        ouro_console_print(output_is_script ? "" : "^C\n");
        ouro_console_print("KeyboardInterrupt\n");
        return OURO_COMMAND_OK;
    }
    if (last != '\n' && !output_is_script) ouro_console_print("\n");
    give_back(load);
    report(&load->json);
    if (last != INPUT_END) skip(load, last != '\n');
    return OURO_COMMAND_OK;
}

enum ouro_command_result command_load(int argc, char **argv)
{
    (void)argc;
    struct load load = {.rest = argv[2], .is_line_cut = commands_line_is_cut};
    int last;
    if (*argv[1] == '\0') return OURO_COMMAND_USAGE;
    if (*load.rest == '\0') load.is_line_cut = true; /* the document begins with the next line */
    if (!ouro_console_is_name(argv[1])) {
        ouro_console_print("ValueError: a name is made of letters, digits and _\n");
        skip(&load, commands_line_is_cut);
        return OURO_COMMAND_OK;
    }
    json_begin(&load.json);
    if (*load.rest == '\0' && !commands_line_is_cut) prompt();
    if (!read_document(&load, &last)) return give_up(&load, last);
    ouro_mem_free(load.text);
    ouro_ref root = json_end(&load.json);
    int result = ouro_console_bind(argv[1], root);
    ouro_decref(root);
    return result == 0 ? OURO_COMMAND_OK : OURO_COMMAND_FAILED;
}
