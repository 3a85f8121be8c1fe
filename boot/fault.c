/* SPDX-License-Identifier: MIT
 * fault.c - the report of a fault or panic, the same on every architecture.
 *
 * Cause, registers, status registers in words, address, backtrace, and what the runtime was doing;
 * then the end, with a status.  A panic takes an undefined instruction on purpose, so that its
 * registers and backtrace come from an exception frame like any other's.  Runs in System or thread
 * mode on the emergency stack; a fault in here ends with FAULT_STATUS_NESTED. */
#include "fault.h"

#include <stddef.h>

#include "boot.h"
#include "layout.h"
#include "ouro/diag.h"
#include "ouro/port.h"

enum { BACKTRACE_FRAMES = 32, TEXT_BYTES = 200, OVERFLOW_BYTES = 64 * 1024 };

static const char *panic_text;

_Noreturn void ouro_port_panic(const char *what)
{
    panic_text = what;
    __asm__ volatile("" ::: "memory");
    __builtin_trap();
}

/* ---- output ---- */

static void put(void *context, const char *text, size_t bytes)
{
    (void)context;
    for (size_t i = 0; i < bytes; i++) {
        if (text[i] == '\n' && !ouro_port_is_script()) ouro_port_put('\r');
        ouro_port_put((uint8_t)text[i]);
    }
}

/* A text that may come from anywhere: stops where memory cannot be read. */
static void put_text(const char *text)
{
    for (size_t i = 0; i < TEXT_BYTES; i++, text++) {
        if (!unwind_is_readable((uint32_t)text, 1) || *text == '\0') return;
        put(NULL, text, 1);
    }
}

static void put_hex(uint32_t value)
{
    char digits[24];
    put_text("0x");
    put(NULL, digits, ouro_format_hex(digits, value, 8));
}

static void put_int(int32_t value)
{
    char digits[24];
    put(NULL, digits, ouro_format_int(digits, value));
}

/* ---- parts of the report ---- */

/* Near below the stack there is nothing else: its guard, then what no region opens. */
static bool is_below_stack(uint32_t address)
{
    uint32_t distance = (uint32_t)layout_stack_limit - address;
    return distance > 0u && distance <= OVERFLOW_BYTES;
}

static bool is_stack_overflow(const struct fault_report *report)
{
    return is_below_stack(report->at.r[REG_SP]) ||
           (report->is_address_known && is_below_stack(report->address));
}

static const char *cause_of(const struct fault_report *report)
{
    if (is_stack_overflow(report)) return "stack overflow";
    for (size_t i = 0; i < sizeof report->words / sizeof report->words[0]; i++) {
        const struct fault_word *word = &report->words[i];
        for (const struct fault_text *row = word->texts; row && row->mask != 0u; row++) {
            if ((word->value & row->mask) == row->value) return row->text;
        }
    }
    return "unknown";
}

static void print_cause(const struct fault_report *report)
{
    if (!panic_text) {
        put_text("\nfault: ");
        put_text(cause_of(report));
    } else {
        put_text("\npanic: ");
        put_text(panic_text);
    }
    put_text("\n");
    if (panic_text && ouro_diag_suspect()) ouro_diag_describe(ouro_diag_suspect(), put, NULL);
}

static void print_register(const char *name, uint32_t value, bool is_lost)
{
    put_text(name);
    if (is_lost) {
        put_text("lost: no room for it on the stack");
    } else {
        put_hex(value);
    }
    put_text("\n");
}

static void print_registers(const struct fault_report *report)
{
    static const char names[16][6] = {
        "r0   ", "r1   ", "r2   ", "r3   ", "r4   ", "r5   ", "r6   ", "r7   ",
        "r8   ", "r9   ", "r10  ", "r11  ", "r12  ", "sp   ", "lr   ", "pc   ",
    };
    bool is_lost = report->is_frame_lost;
    print_register(names[REG_PC], report->at.r[REG_PC], is_lost);
    print_register(names[REG_LR], report->at.r[REG_LR], is_lost);
    print_register(names[REG_SP], report->at.r[REG_SP], false);
    print_register("psr  ", report->psr, is_lost);
    for (size_t i = 0; i < REG_SP; i++) {
        print_register(names[i], report->at.r[i], is_lost && i == 12u);
    }
}

static void print_words(const struct fault_report *report)
{
    for (size_t i = 0; i < sizeof report->words / sizeof report->words[0]; i++) {
        const struct fault_word *word = &report->words[i];
        const char *separator = " ";
        if (!word->name) continue;
        put_text(word->name);
        put_text(" ");
        put_hex(word->value);
        for (const struct fault_text *row = word->texts; row->mask != 0u; row++) {
            if ((word->value & row->mask) != row->value) continue;
            put_text(separator);
            put_text(row->text);
            separator = ", ";
        }
        put_text("\n");
    }
}

static void print_address(uint32_t address)
{
    static const struct {
        const void *start, *end;
        const char *name;
    } areas[] = {
        {layout_code_start, layout_text_start, " null page"},
        {layout_text_start, layout_code_end, " code and constants"},
        {layout_stack_guard, layout_stack_limit, " stack guard"},
        {layout_stack_limit, layout_stack_top, " stack"},
        {layout_stack_top, layout_ram_end, " static data"},
        {ouro_arena_start, ouro_arena_end, " arena"},
    };
    put_text("addr ");
    put_hex(address);
    for (size_t i = 0; i < sizeof areas / sizeof areas[0]; i++) {
        if (address - (uint32_t)areas[i].start <
            (uint32_t)areas[i].end - (uint32_t)areas[i].start) {
            put_text(areas[i].name);
        }
    }
    put_text("\n");
}

static void print_frame(unsigned n, const struct unwind *u)
{
    put_text("  #");
    put_int((int32_t)n);
    put_text(n < 10u ? "  " : " ");
    put_hex(u->r[REG_PC] & ~1u);
    if (u->is_exact && n > 0u) put_text(" interrupted");
    if (u->is_searched) put_text(" searched");
    put_text("\n");
}

static void print_backtrace(struct unwind u, bool is_pc_lost)
{
    put_text("backtrace\n");
    if (is_pc_lost && unwind_step(&u) != UNWIND_CALLER) return;
    for (unsigned n = 0; n < BACKTRACE_FRAMES; n++) {
        print_frame(n, &u);
        enum unwind_result result = unwind_step(&u);
        if (result == UNWIND_LOST) put_text("  the stack above is not readable as frames\n");
        if (result != UNWIND_CALLER) return;
    }
    put_text("  and more\n");
}

void fault_enter(void)
{
    static volatile unsigned depth;
    __asm__ volatile("cpsid i" ::: "memory");
    depth++;
    if (depth == 1u) return;
    if (depth == 2u) put_text("\nfault: another one while reporting the first\n");
    ouro_port_exit(FAULT_STATUS_NESTED);
}

_Noreturn void fault_print(struct fault_report *report)
{
    print_cause(report);
    print_registers(report);
    print_words(report);
    if (report->is_address_known) print_address(report->address);
    print_backtrace(report->at, report->is_frame_lost);
    ouro_diag_crash(put, NULL);
    ouro_port_exit(panic_text ? FAULT_STATUS_PANIC : FAULT_STATUS_FAULT);
}
