/* SPDX-License-Identifier: MIT
 * unwind.c - a reader of the compact unwind tables of the ARM EHABI (.ARM.exidx, .ARM.extab).
 *
 * The tables describe a function between its prologue and its epilogue, for a return address in
 * it.  An interrupted function may be anywhere, may be assembly without tables, or may have lost
 * its pc (a frame that did not fit on the stack).  There the tables' answer is verified: it has to
 * lead to boot_reset() by tables alone, or to a call in code without any (the runtime, in an
 * ordinary build).  If it does not, likely return addresses (lr, then the words on the stack that
 * follow a call instruction) are tried in the same way.  So one call of the runtime is shown at
 * most before its caller is.
 *
 * Every read is checked, every loop bounded: a corrupted stack ends the walk, nothing more. */
#include "unwind.h"

#include "boot.h"
#include "layout.h"
#include "ouro/port.h"

enum {
    OPCODE_FINISH = 0xb0,
    EXIDX_CANTUNWIND = 1,
    VERIFY_FRAMES = 4096,
    LEAF_WORDS = 64, /* that a function without tables may have pushed */
    SEARCH_WORDS = 2048,
};

/* The compiler names these in the tables; the walk does not need them. */
void __aeabi_unwind_cpp_pr0(void);
void __aeabi_unwind_cpp_pr1(void);
void __aeabi_unwind_cpp_pr0(void) {}
void __aeabi_unwind_cpp_pr1(void) {}

/* ---- memory ---- */

static bool is_within(uint32_t address, uint32_t bytes, const void *start, const void *end)
{
    return address >= (uint32_t)start && address <= (uint32_t)end &&
           bytes <= (uint32_t)end - address;
}

bool unwind_is_readable(uint32_t address, uint32_t bytes)
{
    return is_within(address, bytes, layout_stack_limit, layout_ram_end) ||
           is_within(address, bytes, layout_text_start, layout_code_end) ||
           is_within(address, bytes, ouro_arena_start, ouro_arena_end);
}

bool unwind_load(uint32_t address, uint32_t *value)
{
    if (address % 4u != 0u || !unwind_is_readable(address, 4)) return false;
    *value = *(const uint32_t *)address;
    return true;
}

/* ---- opcodes ---- */

struct opcodes {
    uint32_t word, next; /* the current word; address of the one after it */
    unsigned bytes, words;
};

static uint8_t opcode_next(struct opcodes *ops)
{
    if (ops->bytes == 0u) {
        if (ops->words == 0u || !unwind_load(ops->next, &ops->word)) return OPCODE_FINISH;
        ops->words--;
        ops->next += 4u;
        ops->bytes = 4;
    }
    ops->bytes--;
    return (uint8_t)(ops->word >> 8u * ops->bytes);
}

/* Pop the registers of `mask`, the lowest from the lowest address. */
static bool pop(struct unwind *u, uint32_t mask)
{
    uint32_t sp = u->r[REG_SP];
    for (unsigned n = 0; n < 16u; n++) {
        if ((mask >> n & 1u) == 0u) continue;
        if (!unwind_load(sp, &u->r[n])) return false;
        sp += 4u;
    }
    if ((mask >> REG_SP & 1u) == 0u) u->r[REG_SP] = sp;
    return true;
}

/* Opcode b2: a large step of SP, a ULEB128 number of words beyond 0x204 bytes. */
static uint32_t large_step(struct opcodes *ops)
{
    uint32_t words = 0, byte;
    unsigned shift = 0;
    do {
        byte = opcode_next(ops);
        words |= (byte & 0x7fu) << shift;
        shift += 7u;
    } while ((byte & 0x80u) != 0u && shift < 32u);
    return 0x204u + (words << 2);
}

/* Bytes that an opcode for VFP registers takes off the stack; 0: not such an opcode. */
static uint32_t vfp_bytes(uint8_t op, struct opcodes *ops)
{
    uint32_t low = (uint32_t)op & 7u;
    if (op == 0xb3u) return ((opcode_next(ops) & 0xfu) + 1u) * 8u + 4u;
    if (op == 0xc8u || op == 0xc9u) return ((opcode_next(ops) & 0xfu) + 1u) * 8u;
    if ((op & 0xf8u) == 0xb8u) return (low + 1u) * 8u + 4u;
    if ((op & 0xf8u) == 0xd0u) return (low + 1u) * 8u;
    return 0;
}

static bool execute_one(struct unwind *u, uint8_t op, struct opcodes *ops)
{
    uint32_t low = (uint32_t)op & 0xfu;
    if (op < 0x80u) {
        uint32_t bytes = ((uint32_t)op & 0x3fu) * 4u + 4u;
        u->r[REG_SP] += (op & 0x40u) != 0u ? 0u - bytes : bytes;
        return true;
    }
    switch (op >> 4) {
    case 0x8: {
        uint32_t mask = (low << 8 | opcode_next(ops)) << 4;
        return mask != 0u && pop(u, mask);
    }
    case 0x9:
        if (low == REG_SP || low == REG_PC) return false;
        u->r[REG_SP] = u->r[low];
        return true;
    case 0xa: return pop(u, ((2u << (low & 7u)) - 1u) << 4 | (low & 8u) << (REG_LR - 3));
    default: break;
    }
    if (op == 0xb1u) {
        uint32_t mask = opcode_next(ops);
        return mask != 0u && mask < 0x10u && pop(u, mask);
    }
    uint32_t bytes = op == 0xb2u ? large_step(ops) : vfp_bytes(op, ops);
    u->r[REG_SP] += bytes;
    return bytes != 0u;
}

/* ---- tables ---- */

static uint32_t prel31(const uint32_t *place)
{
    uint32_t offset = *place & 0x7fffffffu;
    if ((offset & 0x40000000u) != 0u) offset |= 0x80000000u;
    return (uint32_t)place + offset;
}

static bool is_code(uint32_t pc)
{
    return is_within(pc & ~1u, 2, layout_text_start, layout_text_end);
}

/* The table entry of the function that pc lies in, or NULL. */
static const uint32_t *entry_find(const struct unwind *u)
{
    uint32_t pc = (u->r[REG_PC] & ~1u) - (u->is_exact ? 0u : 2u);
    uint32_t low = 0, high = (uint32_t)(layout_exidx_end - layout_exidx_start) / 2u;
    if (!is_code(pc)) return NULL;
    while (low < high) {
        uint32_t middle = (low + high) / 2u;
        if (prel31(layout_exidx_start + 2u * middle) <= pc) {
            low = middle + 1u;
        } else {
            high = middle;
        }
    }
    return low == 0u ? NULL : layout_exidx_start + 2u * (low - 1u);
}

static bool opcodes_find(const uint32_t *entry, struct opcodes *ops)
{
    uint32_t word = entry[1];
    if (word == EXIDX_CANTUNWIND) return false;
    *ops = (struct opcodes){.word = word, .bytes = 3};
    if (word >> 31 == 0u) {
        uint32_t at = prel31(&entry[1]);
        if (!unwind_load(at, &ops->word)) return false;
        ops->next = at + 4u;
    }
    uint32_t model = ops->word >> 24;
    if (model == 0x81u || model == 0x82u) {
        ops->words = ops->word >> 16 & 0xffu;
        ops->bytes = 2;
        return true;
    }
    return model == 0x80u;
}

/* The caller as the tables tell it.  A function that was not interrupted has saved its LR, or the
 * tables do not know it. */
static bool step_by_table(struct unwind *u, const uint32_t *entry)
{
    struct opcodes ops;
    struct unwind caller = *u;
    if (!opcodes_find(entry, &ops)) return false;
    caller.r[REG_PC] = 0;
    if (!u->is_exact) caller.r[REG_LR] = 0;
    for (uint8_t op = opcode_next(&ops); op != OPCODE_FINISH; op = opcode_next(&ops)) {
        if (!execute_one(&caller, op, &ops)) return false;
    }
    if (caller.r[REG_PC] == 0u) caller.r[REG_PC] = caller.r[REG_LR];
    caller.is_exact = caller.is_searched = false;
    if (!unwind_cross_exception(&caller) && !is_code(caller.r[REG_PC])) return false;
    *u = caller;
    return true;
}

static bool is_root(const uint32_t *entry) { return prel31(entry) == ((uint32_t)boot_reset & ~1u); }

bool unwind_is_root(const struct unwind *u)
{
    const uint32_t *entry = entry_find(u);
    return entry && is_root(entry);
}

uint32_t unwind_function(const struct unwind *u)
{
    const uint32_t *entry = entry_find(u);
    return entry ? prel31(entry) & ~1u : 0u;
}

bool unwind_step_by_table(struct unwind *u)
{
    const uint32_t *entry = entry_find(u);
    return entry && !is_root(entry) && step_by_table(u, entry);
}

/* ---- guesses ---- */

/* Where the bl before an address leads, Thumb bit clear. */
static uint32_t call_target(uint32_t after, uint32_t first, uint32_t second)
{
    uint32_t sign = first >> 10 & 1u, j1 = second >> 13 & 1u, j2 = second >> 11 & 1u;
    uint32_t offset = (sign != 0u ? 0xff000000u : 0u) | (~(j1 ^ sign) & 1u) << 23 |
                      (~(j2 ^ sign) & 1u) << 22 | (first & 0x3ffu) << 12 | (second & 0x7ffu) << 1;
    return after + offset;
}

/* Thumb code, behind a bl or blx? */
bool unwind_is_return_address(uint32_t pc, uint32_t *target)
{
    if ((pc & 1u) == 0u || !is_code(pc) || !is_code(pc - 4u)) return false;
    const uint16_t *after = (const uint16_t *)(pc & ~1u);
    bool is_bl = (after[-2] & 0xf800u) == 0xf000u && (after[-1] & 0xc000u) == 0xc000u;
    *target = is_bl ? call_target(pc & ~1u, after[-2], after[-1]) : 0u;
    return is_bl || (after[-1] & 0xff87u) == 0x4780u;
}

/* Is this a call in code that bears no tables, as the runtime is in an ordinary build? */
static bool is_untold(const struct unwind *u)
{
    const uint32_t *entry = entry_find(u);
    uint32_t target;
    return (!entry || entry[1] == EXIDX_CANTUNWIND) &&
           unwind_is_return_address(u->r[REG_PC], &target);
}

/* Do the tables alone lead from here to the root, or to where there are none any more? */
static bool reaches_root(struct unwind u)
{
    for (unsigned n = 0; n < VERIFY_FRAMES; n++) {
        const uint32_t *entry = entry_find(&u);
        if (entry && is_root(entry)) return true;
        if (!entry || !step_by_table(&u, entry)) return n > 0u && is_untold(&u);
    }
    return true;
}

static bool try_caller(struct unwind *u, uint32_t pc, uint32_t sp)
{
    struct unwind caller = *u;
    uint32_t target;
    caller.r[REG_PC] = pc;
    caller.r[REG_SP] = sp;
    caller.is_exact = caller.is_searched = false;
    bool is_crossing = unwind_cross_exception(&caller);
    if ((!is_crossing && !unwind_is_return_address(pc, &target)) || !reaches_root(caller))
        return false;
    *u = caller;
    return true;
}

static bool step_by_guess(struct unwind *u)
{
    uint32_t sp = u->r[REG_SP] & ~3u;
    if (sp < (uint32_t)layout_stack_limit) sp = (uint32_t)layout_stack_limit;
    for (uint32_t n = 0; u->is_exact && n < LEAF_WORDS; n++) {
        if (try_caller(u, u->r[REG_LR], sp + 4u * n)) return true;
    }
    for (uint32_t n = 0, word; n < SEARCH_WORDS && unwind_load(sp + 4u * n, &word); n++) {
        if (!try_caller(u, word, sp + 4u * n + 4u)) continue;
        u->is_searched = true;
        return true;
    }
    return false;
}

enum unwind_result unwind_step(struct unwind *u)
{
    struct unwind told = *u;
    const uint32_t *entry = entry_find(u);
    if (entry && is_root(entry)) return UNWIND_ROOT;
    bool is_told = entry && step_by_table(&told, entry);
    bool is_at_start = entry && u->is_exact && prel31(entry) == (u->r[REG_PC] & ~1u);
    told.is_searched = u->is_exact && is_told && is_untold(&told);
    if (is_told && !is_at_start && (!u->is_exact || told.is_searched || reaches_root(told))) {
        *u = told;
        return UNWIND_CALLER;
    }
    if (step_by_guess(u)) return UNWIND_CALLER;
    if (!is_told) return UNWIND_LOST;
    *u = told;
    return UNWIND_CALLER;
}
