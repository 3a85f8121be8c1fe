/* SPDX-License-Identifier: MIT
 * lesson.h - what the lessons are written with.
 *
 * A lesson is a file NN-topic.c with one LESSON in it, linked into the console's image.  What it
 * prints is a session of Python's interpreter with remarks:
 *
 *   >>> y = x                          enter(): a line of Python, beside the C that does the same
 *   2                                  say(): what the C code found, and Python prints, too
 *       x is at 0x21000010             note(): what only the board knows, measured there and then
 *       (CPython: False) the reason    differs(): Python prints something else here, and why
 *
 * and paragraphs between them: tell().  test_lessons.py lets python3 run the lines and compares.
 * CHECK() holds a lesson to what it teaches. */
#ifndef LESSON_H
#define LESSON_H

#include "ouro.h"
#include "ouro/console.h"

struct lesson {
    uintptr_t number;
    const char *title;
    void (*run)(void);
};

/* LESSON(3, "identity, type, value") { ...body of a function... } */
#define LESSON(number, title)                                                                      \
    static void run_lesson(void);                                                                  \
    static const struct lesson this_lesson                                                         \
        __attribute__((used, section("ouro_lessons"), aligned(sizeof(void *)))) = {number, title,  \
                                                                                   run_lesson};    \
    static void run_lesson(void)

/* In the formats of tell, say and note stand, each for an argument:
 *   %d  an int;  %u  an unsigned, its thousands set apart;  %x an address;  %s a C string
 *   %r  an object's repr();  %R the same, and the reference is dropped
 *   %t  an int, as a truth: True, False */

/* A paragraph, and the begin of a step: `lesson N step` waits for a key before it. */
void tell(const char *format, ...);
/* Python as it is typed, several lines if need be. */
void enter(const char *python);
/* A line that Python prints, too. */
void say(const char *format, ...);
/* A line of Python that prints a truth, and what it is here. */
void ask(const char *python, bool truth);
/* Remarks, each line of which is indented. */
void note(const char *format, ...);
/* In place of the line before, Python prints this, because... */
void differs(const char *python_prints, const char *because);
/* A line `label  ####  value`: as long as its share of the largest. */
void bar(const char *label, unsigned value, unsigned largest);

/* The lesson has failed, and says so, unless the condition holds. */
#define CHECK(condition) lesson_check((condition), #condition, __FILE__, __LINE__)
void lesson_check(bool holds, const char *what, const char *file, int line);

/* From CHECK=2 on objects are larger, and freed memory waits: what a lesson claims of bytes and
 * addresses does not hold there. */
#define CHECK_MEMORY(condition) CHECK(OURO_CHECK >= 2 || (condition))

/* For lesson.c: begin and end the output of a lesson. */
void tell_begin(bool is_step);
void tell_end(void);

/* ---- what lessons need often ---- */

/* Bytes of the arena in use, now and at the most since the peak was reset. */
unsigned used_bytes(void);
unsigned peak_bytes(void);
/* Instructions executed since reset; 32 bits are enough for a difference. */
unsigned instructions(void);
/* Let everything that is due be done: Python does so at once. */
void settle(void);
/* Drop a reference, and let go with it what is to go. */
void drop(ouro_ref ref);
/* A list of the n references that follow, which it steals. */
ouro_ref list_of(size_t n, ...);
/* Remark on the page that an address is in: where it begins, and each of its cells, by a letter of
 * its object's type, a capital for a part of a container. */
void draw_page(const void *at);
/* A text that is written in pieces; what is too long is cut off. */
struct text {
    size_t bytes;
    char at[160];
};
/* An ouro_write_fn; the context is a struct text. */
void text_write(void *context, const char *piece, size_t bytes);
/* Append to a list, or set an attribute; steals the item. */
void append(ouro_ref list, ouro_ref item);
void set(ouro_ref object, const char *name, ouro_ref value);

#endif
