/* SPDX-License-Identifier: MIT
 * model.h - the world of the collector model: objects, the state of a cycle, and what the mutator
 * may ask of the collector (algorithm.c). */
#ifndef MODEL_H
#define MODEL_H

#include <stdbool.h>
#include <stdint.h>

enum { OBJECTS = 240, SLOTS = 6, LOCALS = 12, GLOBALS = 4, WEAKS = 32 };
/* A page is carved into cells of 1, 2 or 3 places when its first object is born, and given back
 * with its last: then it may be carved otherwise. */
enum { PAGE = 6, PAGES = OBJECTS / PAGE };
enum { RULES = 18, FINALIZER_DEPTH = 8, NIL = -1 };
enum label { HALF_A, HALF_B, GEN1, GEN2, CONDEMNED, PERMANENT, UNTRACKED };
enum phase { IDLE, COUNT, MARK, WEAK, FINALIZE, RELABEL, CUT, FREE, FREEZE, UNFREEZE };
enum event { NOTHING, STARTED, ENDED };

struct object {
    bool exists, dead;
    bool candidate, live; /* of the running cycle; neither: not seen yet */
    bool pending;         /* live since COUNT, to be queued by MARK */
    bool revived;         /* live since the flip */
    bool on_gray;
    bool has_finalizer, finalized,
        owed_finalizer; /* owed: dead, its finalizer waits in the queue */
    bool is_fixed;      /* a tuple: what it refers to is older, and stays */
    bool is_dict;       /* not tracked before it refers to something that may be */
    bool is_held;       /* the model's own watch: freed while somebody works on it? */
    enum label label;
    int references, slots;
    int gc; /* COUNT: references from S; else the next in the gray or the dead queue */
    struct object *slot[SLOTS];
};

/* One that looks at the young may interrupt one that looks at generation 2 alone: then there are
 * two, and each object is in S of one at most. */
struct cycle {
    enum phase phase;
    int generation;
    unsigned labels, labels_of_s; /* S; and in a second look the part of it that is looked at */
    int cursor, gray_head, gray_tail;
    bool is_second_look, touched_since_flip;
};

struct world {
    struct object heap[OBJECTS], *local[LOCALS], *global[GLOBALS], *weak[WEAKS];
    struct cycle now, parked;
    enum label nursery; /* what is born now */
    int carved[PAGES];  /* places a cell; 0: given back */
    int dead_head;
    int callouts;     /* code of the user on the stack that the collector called (R7) */
    int finalizers;   /* finalizers on the stack, whoever called them */
    bool is_disabled; /* no cycle starts by itself */
    enum event due;   /* what the callback is to be told of */
    int due_generation;
    int heard[2]; /* generations whose start it was told of, but not their end */
    int heard_count;
};
extern struct world w;

struct settings {
    uint64_t random;
    int removed_rule;
    bool may_revive;
};
extern struct settings settings;

/* The test's side (collector_model.c). */
void play_finalizer(struct object *o);                /* what the user's finalizer does */
void play_callback(enum event event, int generation); /* the same, told of a cycle */
_Noreturn void violate(const char *what);             /* a property does not hold: the run ends */
unsigned below(unsigned n);                           /* random number 0..n-1 */

static inline void must(bool holds, const char *else_what)
{
    if (!holds) violate(else_what);
}
static inline bool rule(int number) { return settings.removed_rule != number; }
static inline int id_of(const struct object *o) { return (int)(o - w.heap); }

/* The collector's side (algorithm.c). */
bool start(int generation); /* false: not now */
bool start_old(void);       /* over generation 2 alone, which may be interrupted */
void freeze(void);          /* in steps, as a phase: all that is tracked becomes permanent */
void unfreeze(void);
void step(void);       /* the smallest unit of the running cycle */
bool drain_dead(void); /* one dead object; false if none is left */
struct cycle *cycle_of(const struct object *o);
bool is_after_flip(const struct object *o); /* in its cycle */
bool is_parked(const struct object *o);     /* in S of the interrupted cycle */
void touch(struct object *o);
/* A field of `o` got a reference. */
void note_store(struct object *o, const struct object *child);
bool may_be_tracked(const struct object *o);
void raise_count(struct object *o);
void lower_count(struct object *o, bool in_collector);

#endif
