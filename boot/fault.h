/* SPDX-License-Identifier: MIT
 * fault.h - what an architecture tells the report of a fault. */
#ifndef FAULT_H
#define FAULT_H

#include "unwind.h"

enum fault_exit_status {
    FAULT_STATUS_PANIC = 71,
    FAULT_STATUS_FAULT = 72,
    FAULT_STATUS_NESTED = 73, /* a fault while reporting one */
};

/* A status register in words: each row whose bits match says something.  Ends with mask 0. */
struct fault_text {
    uint32_t mask, value;
    const char *text;
};
struct fault_word {
    const char *name;
    uint32_t value;
    const struct fault_text *texts;
};

struct fault_report {
    struct unwind at; /* the registers of the interrupted program */
    uint32_t psr;
    bool is_frame_lost;    /* pc, lr and psr did not fit on the stack */
    bool is_address_known; /* of the access that failed */
    uint32_t address;
    struct fault_word words[3]; /* the first that says something names the fault */
};

/* First call of a fault handler: the second one reports no more, but ends. */
void fault_enter(void);
/* Print it all and end with a status. */
_Noreturn void fault_print(struct fault_report *report);

#endif
