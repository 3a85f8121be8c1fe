/* SPDX-License-Identifier: MIT
 * board.c - what boot/ and board/ promise a program: memory, errno, time, identity. */
#include <errno.h>
#include <string.h>

#include "ouro/port.h"
#include "t.h"

static volatile uint32_t initialised[3] = {1, 2, 3};
static volatile uint32_t cleared[64];
static volatile int failing = 34;

static void data_is_copied_and_bss_is_cleared(void)
{
    for (uint32_t i = 0; i < T_COUNT(initialised); i++) T_EQ(initialised[i], i + 1u);
    for (uint32_t i = 0; i < T_COUNT(cleared); i++) T_EQ(cleared[i], 0);
}

/* errno is thread-local: without its block, a write goes into the vector table, which faults. */
static void errno_has_a_place_of_its_own(void)
{
    T_EQ(errno, 0);
    errno = failing;
    T_EQ(errno, 34);
    T_EQ(cleared[1], 0);
    errno = 0;
}

static uint64_t instructions_of_100_nops(void)
{
    uint64_t before = ouro_port_instructions();
    __asm__ volatile(".rept 100\n\tnop\n\t.endr");
    return ouro_port_instructions() - before;
}

static uint64_t instructions_of_nothing(void)
{
    uint64_t before = ouro_port_instructions();
    return ouro_port_instructions() - before;
}

/* The same loop twice costs the same, and 100 instructions are 100 to within the clock's phase. */
static void instructions_are_counted(void)
{
    int64_t nothing = (int64_t)instructions_of_nothing();
    int64_t nops = (int64_t)instructions_of_100_nops() - nothing;
    T_CHECK(nops >= 99 && nops <= 101);
    T_EQ(instructions_of_nothing() - (uint64_t)nothing + 1u <= 2u, 1);
}

static void unaligned_words_can_be_read(void)
{
    static const uint8_t bytes[] = {0, 1, 2, 3, 4, 5, 6, 7};
    const uint8_t *volatile odd = bytes + 1;
    T_EQ(*(const volatile uint32_t *)odd, 0x04030201);
}

static void the_arena_can_be_written_to_its_ends(void)
{
    ptrdiff_t bytes = ouro_arena_end - ouro_arena_start;
    T_CHECK(bytes >= 8192);
    volatile uint8_t *last = ouro_arena_start + bytes - 1;
    *last = 0x5a;
    T_EQ(*last, 0x5a);
    t_restart(SIZE_MAX); /* the runtime's own word was there */
}

static void the_port_tells_who_it_is(void)
{
    T_CHECK(strlen(ouro_port_board) > 0u);
    T_CHECK(ouro_port_is_script());
    T_EQ(ouro_port_get(), -1);
}

static const struct t_test tests[] = {
    T_TEST(data_is_copied_and_bss_is_cleared),
    T_TEST(errno_has_a_place_of_its_own),
    T_TEST(instructions_are_counted),
    T_TEST(unaligned_words_can_be_read),
    T_TEST(the_arena_can_be_written_to_its_ends),
    T_TEST(the_port_tells_who_it_is),
};

int main(void) { return t_run(tests, T_COUNT(tests)); }
