/* SPDX-License-Identifier: MIT
 * complete.c - what Tab offers: commands for the first word; for the second, what the command
 * says, or bound names; bound names from there on. */
#include <stdbool.h>
#include <string.h>

#include "commands.h"
#include "line.h"
#include "output.h"
#include "ouro/types.h"

enum { LIST_COLUMNS = 79, LIST_WIDTH = 16 };

/* A search: the prefix, and what the visits have found so far. */
struct search {
    const char *prefix;
    size_t bytes;
    size_t count;      /* candidates that begin with it */
    const char *first; /* one of them; the text of a str moves with no allocation in between */
    size_t common;     /* bytes in which all agree */
    bool is_list;      /* print them */
    size_t column;
};

static void list(struct search *s, const char *text, size_t bytes)
{
    size_t gap = s->column == 0u ? 0u : LIST_WIDTH - s->column % LIST_WIDTH;
    if (s->column != 0u && s->column + gap + bytes > LIST_COLUMNS) {
        ouro_console_print("\n");
        gap = s->column = 0;
    }
    output_spaces((unsigned)gap);
    ouro_console_write(NULL, text, bytes);
    s->column += gap + bytes;
}

static void visit(struct search *s, const char *text, size_t bytes)
{
    if (bytes < s->bytes || memcmp(text, s->prefix, s->bytes) != 0) return;
    if (s->is_list) list(s, text, bytes);
    if (s->count++ == 0u) {
        s->first = text;
        s->common = bytes;
        return;
    }
    size_t same = 0;
    while (same < s->common && same < bytes && s->first[same] == text[same]) same++;
    s->common = same;
}

static void visit_commands(struct search *s)
{
    for (const struct ouro_command *c = commands_begin(); c < commands_end(); c++) {
        visit(s, c->name, strlen(c->name));
    }
}

static void visit_names(struct search *s)
{
    ouro_ref names = ouro_console_names(), key, value;
    size_t position = 0, bytes;
    while (names && ouro_dict_next(names, &position, &key, &value)) {
        const char *text = ouro_str_bytes(key, &bytes);
        visit(s, text, bytes);
    }
}

static void visit_words(struct search *s, const char *words)
{
    while (*words) {
        size_t bytes = strcspn(words, " ");
        visit(s, words, bytes);
        words += bytes;
        words += strspn(words, " ");
    }
}

/* Fill in a search for the word that ends at the cursor. */
static void search(struct search *s, const char *text, size_t cursor)
{
    size_t start = cursor, word = 0;
    while (start > 0u && text[start - 1u] != ' ') start--;
    for (size_t i = 0; i < start; i++) word += text[i] != ' ' && text[i + 1u] == ' ';
    s->prefix = text + start;
    s->bytes = cursor - start;
    if (word == 0u) {
        visit_commands(s);
        return;
    }
    size_t lead = strspn(text, " ");
    const struct ouro_command *command = commands_find(text + lead, strcspn(text + lead, " "));
    if (!command) return;
    if (word == 1u && command->words == commands_all) {
        visit_commands(s);
    } else if (word == 1u && command->words) {
        visit_words(s, command->words);
    } else {
        visit_names(s);
    }
}

size_t complete_word(const char *text, size_t cursor, char *addition, size_t room)
{
    struct search s = {0};
    search(&s, text, cursor);
    if (s.count == 0u) return 0;
    size_t bytes = s.common - s.bytes;
    if (bytes + 1u > room) return 0;
    memcpy(addition, s.first + s.bytes, bytes);
    if (s.count == 1u) addition[bytes++] = ' ';
    return bytes;
}

bool complete_list(const char *text, size_t cursor)
{
    struct search s = {0};
    search(&s, text, cursor);
    if (s.count == 0u) return false;
    s.is_list = true;
    ouro_console_print("\n");
    search(&s, text, cursor);
    ouro_console_print("\n");
    return true;
}
