/* SPDX-License-Identifier: MIT
 * meter.h - public calls, measured one by one, from entry to return.
 *
 * What a call takes by itself is learnt first, with the collector off: the shortest of each kind
 * of call.  From then on whatever a call takes beyond that was added by memory management (the
 * collector, the dead queue, pages that change hands), less 2 instructions for each byte that was
 * asked for beyond 128.  The longest addition of each kind is kept, with where the collector stood.
 * Of the last ouro_decref of an object only what any other takes is taken off: all of dying counts.
 *
 * A str takes longer the longer its text is, and a list that grows the more it moves: these are
 * learnt for each size.
 *
 * Inserts and deletes of a large dict take very different times by themselves (a bucket splits,
 * entries move): for these the longest with the collector off is taken off.  A call in which memory
 * ran out and a cycle was finished at once is counted as forced, and kept apart. */
#ifndef METER_H
#define METER_H

#include "ouro.h"

enum call {
    CALL_NEW,   /* ouro_obj_new */
    CALL_TUPLE, /* ouro_tuple_of */
    CALL_TRIPLE,
    CALL_STR,
    CALL_LIST,
    CALL_APPEND,
    CALL_APPEND_GROW, /* a node is made for it */
    CALL_POP,
    CALL_LIST_SET,
    CALL_DICT,
    CALL_DICT_FIRST,  /* the first entry, its key a str */
    CALL_DICT_ITSELF, /* None: itself */
    CALL_DICT_REPLACE,
    CALL_DICT_INSERT,
    CALL_DICT_DELETE,
    CALL_INSTANCE,
    CALL_ATTR_SET,
    CALL_ATTR_REPLACE,
    CALL_WEAK_INSERT,
    CALL_STORE,   /* ouro_put */
    CALL_DROP,    /* ouro_decref of the last reference */
    CALL_RELEASE, /* ouro_decref of another */
    CALL_START,   /* ouro_gc_start */
    CALLS,
};

/* What memory management added to a call, and where the collector stood before and after. */
struct pause {
    uint32_t instructions;
    enum call call;
    uint8_t phase, phase_after, generation;
};

enum { METER_BINS = 41, METER_BIN = 25, METER_SIZES = 32 };

struct meter {
    struct pause pause;                        /* the longest of all calls that were not forced */
    uint32_t forced, forced_longest, failures; /* calls that were; calls that found no memory */
    uint32_t own[CALLS];                       /* what a call takes by itself */
    uint32_t own_by_size[2][METER_SIZES];      /* of a str, a growing list; 0: not known */
    uint32_t longest[CALLS], shortest[CALLS];  /* with the collector off what it took; else what
                                                  was added */
    uint32_t calls[CALLS];
    uint32_t histogram[METER_BINS]; /* calls, by what was added: 0, 1-25, 26-50, ...; and more */
    uint64_t mutator;               /* what all calls would have taken by themselves */
    bool is_learning;
};
extern struct meter meter;

/* Forget everything, and learn what calls take by themselves.  The collector is to be off. */
void meter_learn(void);
/* That is known; count from here. */
void meter_begin(void);

const char *meter_call_name(enum call call);

/* The calls.  References as with the functions that they are about, except that these take NULL
 * for a reference where memory had run out. */
ouro_ref meter_new(const struct ouro_type *type);
ouro_ref meter_tuple(ouro_ref a, ouro_ref b); /* references of its own */
ouro_ref meter_triple(ouro_ref a, ouro_ref b, ouro_ref c);
ouro_ref meter_str(const char *text, size_t bytes);
ouro_ref meter_list(void);
void meter_append(ouro_ref list, ouro_ref item);
void meter_pop(ouro_ref list);
void meter_list_set(ouro_ref list, size_t i, ouro_ref item);
ouro_ref meter_dict(void);
void meter_dict_set(enum call call, ouro_ref dict, ouro_ref key, ouro_ref value);
void meter_dict_del(ouro_ref dict, ouro_ref key);
ouro_ref meter_instance(ouro_ref class);
void meter_attr_set(ouro_ref instance, ouro_ref name, ouro_ref value, bool is_new);
void meter_weakvalues_set(ouro_ref dict, ouro_ref key, ouro_ref value);
void meter_weakkeys_set(ouro_ref dict, ouro_ref key, ouro_ref value);
void meter_put(ouro_ref *field, ouro_ref value); /* steals */
void meter_drop(ouro_ref ref);                   /* the last reference */
void meter_release(ouro_ref ref);                /* another one */
bool meter_start(int generation);

#endif
