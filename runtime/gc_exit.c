/* SPDX-License-Identifier: MIT
 * gc_exit.c - what is left to do at exit. */
#include "collector.h"
#include "weak.h"

void ouro_fini(void)
{
    if (ouro_finalize_run_all) ouro_finalize_run_all();
    (void)ouro_gc_collect(2);
    if (garbage_report) garbage_report();
}
