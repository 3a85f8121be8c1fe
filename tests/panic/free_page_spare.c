/* SPDX-License-Identifier: MIT
 * free_page_spare.c - the link of a spare page to the next one leads out of the arena; another
 * class takes the page.
 * expect: a free page was written to
 */
#include "ouro.h"
#include "pool.h"
#include "quarantine.h"
#include "t.h"

int main(void)
{
    enum { MANY = 200 };
    static ouro_ref real[MANY];
    t_restart(SIZE_MAX);
    ouro_gc_disable();
    for (unsigned i = 0; i < MANY; i++) real[i] = ouro_float_new(i);
    for (unsigned i = 0; i < MANY; i++) ouro_decref(real[i]);
    quarantine_flush();
    struct page *page = page_address(ouro_heap->spare - 1);
    page->next = UINT16_MAX;
    ouro_ref list = ouro_list_new();
    for (unsigned i = 0; list && i < MANY; i++) (void)ouro_list_append(list, list);
    return ouro_heap->spares == 0;
}
