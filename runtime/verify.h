/* SPDX-License-Identifier: MIT
 * verify.h - judging one thing where it stands, for the validator and for the check in pieces. */
#ifndef OURO_RUNTIME_VERIFY_H
#define OURO_RUNTIME_VERIFY_H

#include "object.h"

struct totals {
    size_t bytes;
    uint32_t objects, on_gray, dead, special;
    uint32_t candidates[2]; /* of the running cycle, of the interrupted one */
};

/* NULL, or which invariant an object breaks; adds it to the totals.  O(its slots). */
const char *verify_object(ouro_ref o, struct totals *totals);

#endif
