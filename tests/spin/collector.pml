/* SPDX-License-Identifier: MIT
 * collector.pml - the collector against every possible mutator, on a heap of N objects.
 *
 * Two processes take turns in any order: the mutator does any operation on its locals, its one weak
 * reference and the fields of what it holds, and finalizers are the mutator too, while `self` holds
 * their object; the collector drains a dead object or visits one of S.  Each turn is atomic, as
 * calls of the runtime are.  Nothing is random: Spin tries all.
 *   SOUND     the assertions: whatever is touched, counted or read exists and is not dead
 *   COMPLETE  ltl freed: object 0 does not stay garbage, if both processes go on (weak fairness)
 * A cycle is over everything; with -DTWO over the young, the old or everything, and one over the
 * young may interrupt one over the old wherever it may do so.
 *   -DBREAK=n  removes rule Rn of DESIGN.md, which must be noticed; from 20 on, see below.  With
 *              -DINSIDE only while one cycle interrupts another
 *   -DREVIVE=0 finalizers keep nothing, and then no finalized object may be seen (R10)
 *   -DPACED    the collector gets a turn when something has died, a finalizer does one thing, and a
 *              cycle that was interrupted gets a turn before it is again; without that garbage can
 *              be made for ever faster than it is looked at
 * check.py runs it and knows the bounds. */
#ifndef N
#define N 3
#endif
#ifndef SLOTS
#define SLOTS 1
#endif
#ifndef LOCALS
#define LOCALS 2
#endif
#ifndef FINALIZABLE
#define FINALIZABLE 1 /* objects 0..n-1 may have a finalizer */
#endif
#ifndef WEAKS
#define WEAKS 1
#endif
#ifndef REVIVE
#define REVIVE 1
#endif
#ifndef BREAK
#define BREAK 0
#endif
#ifdef PACED
#define PLAYS 1
#else
#define PLAYS 2 /* operations of one finalizer */
#endif
#ifdef TWO
#define CYCLES 2
#else
#define CYCLES 1
#endif
#define NIL N
#ifdef INSIDE
#define RULE(n) (BREAK != n || !inner)
#else
#define RULE(n) (BREAK != n)
#endif
#define ONE_IS_ENOUGH 20 /* what else can be removed: MARK compares reference counts with COUNT's */
#define OWN_COUNT 21     /* COUNT counts references to members of its own S alone */
#define OWN_CUT 22       /* CUT keeps references to candidates of its own S alone */
#define ONE_LOOK 23      /* a second look is not interrupted */
#define TURN 24          /* what was interrupted gets a turn */

#define UNTOUCHED 0
#define CANDIDATE 1
#define LIVE 2
#define BOTH 3 /* COUNT: live, not queued yet; past the flip: revived */

#define IDLE 0
#define COUNT 1
#define MARK 2
#define WEAK 3
#define FINALIZE 4
#define RELABEL 5
#define CUT 6
#define FREE 7

#define NEW 0 /* labels: in no S; young when a cycle over the young began; old; found garbage once */
#define YOUNG 1
#define OLD 2
#define CONDEMNED 3
#define SET(label) (1 << (label))

#define BY_MUTATOR 0 /* who runs the finalizer */
#define FROM_QUEUE 1
#define BY_FINALIZE 2

typedef object {
    bit exists, dead, on_gray, to_finalize, is_owed;
    unsigned state : 2;
    unsigned label : 2;
    unsigned refs : 4;
    unsigned gc : 4; /* count, or link of the gray or the dead queue */
    byte slot[SLOTS]
}
object o[N];
byte held[LOCALS] = NIL;
byte weak = NIL;
byte self = NIL; /* what a finalizer is running for; one at a time, the others wait */
unsigned caller : 2;
unsigned plays : 2; /* operations that are left to it */

typedef cycle {
    unsigned phase : 3;
    byte cursor;
    byte gray_head, gray_tail;
    unsigned s : 4; /* which labels are in S */
    unsigned before : 4; /* and were, before a second look */
    unsigned to : 2; /* label of those that survive */
    bit is_second_look, was_touched
}
cycle gc[CYCLES]; /* 1 interrupts 0 */
bit inner; /* which one runs */
byte dead_head = NIL;
bit must_wait; /* PACED: the mutator's turn is over */
bit had_turn; /* what was interrupted last */
bit is_old_next; /* PACED: the young and the old by turns */
unsigned is_reached : N;

#define is_callout (self != NIL && caller != BY_MUTATOR)
#define is_of(q, x) (gc[q].s >> o[x].label & 1)
#define in_s(q, x) (o[x].exists && !o[x].dead && is_of(q, x))
/* R18: what touches an object goes by the cycle that it is in S of. */
#define cycle_of(x) (inner && !(RULE(18) && is_of(0, x)))
#define is_past_flip(q) (gc[q].phase >= WEAK || gc[q].is_second_look)
#define must_exist(x) assert(o[x].exists && !o[x].dead)

/* ---- touching, counting, dying ---- */

inline push_gray(q, x)
{
    o[x].on_gray = 1;
    o[x].gc = NIL;
    if
    :: gc[q].gray_tail != NIL -> o[gc[q].gray_tail].gc = x
    :: else -> gc[q].gray_head = x
    fi;
    gc[q].gray_tail = x
}
inline make_live(x)
{
    q = cycle_of(x);
    if
    :: is_past_flip(q) -> gc[q].was_touched = 1
    :: else
    fi;
    if
    :: gc[q].phase == COUNT -> o[x].state = BOTH
    :: gc[q].phase == MARK -> o[x].state = LIVE; push_gray(q, x)
    :: else -> o[x].state = BOTH; push_gray(q, x)
    fi
}
inline touch(x)
{
    if
    :: o[x].state == CANDIDATE && RULE(1) -> make_live(x)
    :: else
    fi
}
inline clear_weak(x)
{
    if
    :: weak == x -> weak = NIL
    :: else
    fi
}
inline push_dead(x)
{
    o[x].gc = dead_head;
    dead_head = x
}
inline bury(x)
{
    clear_weak(x);
    o[x].state = UNTOUCHED;
    o[x].dead = 1;
    if
    :: !o[x].on_gray || !RULE(5) -> push_dead(x)
    :: else
    fi
}
inline begin_finalizer(x, who)
{
    o[x].to_finalize = 0;
    self = x;
    caller = who;
    plays = PLAYS
}
inline postpone(x)
{
    o[x].is_owed = 1;
    if
    :: RULE(9) ->
        for (k : 0 .. SLOTS - 1) {
            m = o[x].slot[k];
            if
            :: m != NIL -> touch(m)
            :: else
            fi
        }
        o[x].state = UNTOUCHED;
        o[x].label = NEW
    :: else
    fi;
    bury(x)
}
inline lower(x, is_in_collector)
{
    must_exist(x);
    assert(o[x].refs > 0);
    o[x].refs--;
    if
    :: o[x].refs == 0 && !REVIVE -> clear_weak(x) /* at count 0 a finalizer is first, as in CPython */
    :: else
    fi;
    if
    :: o[x].refs > 0 -> touch(x)
    :: o[x].refs == 0 && !o[x].to_finalize -> bury(x)
    :: o[x].refs == 0 && o[x].to_finalize && (is_in_collector || self != NIL) -> postpone(x)
    :: else ->
        if
        :: RULE(6) -> touch(x)
        :: else
        fi;
        o[x].refs = 1;
        begin_finalizer(x, BY_MUTATOR)
    fi
}
inline raise(x)
{
    must_exist(x);
    assert(o[x].refs < 15);
    touch(x);
    o[x].refs++
}
inline release(x)
{
    assert(self != x && weak != x);
    for (k : 0 .. LOCALS - 1) {
        assert(held[k] != x)
    }
    for (k : 0 .. SLOTS - 1) {
        o[x].slot[k] = NIL
    }
    o[x].exists = 0;
    o[x].dead = 0;
    o[x].to_finalize = 0;
    o[x].state = UNTOUCHED;
    o[x].label = NEW;
    o[x].refs = 0;
    o[x].gc = 0
}
inline end_finalizer()
{
    n = self;
    self = NIL;
    plays = 0;
    if
    :: caller == BY_FINALIZE && !RULE(8) -> skip
    :: caller == BY_FINALIZE && RULE(8) ->
        o[n].refs--;
        if
        :: o[n].refs == 0 && o[n].state != CANDIDATE -> bury(n)
        :: else
        fi
    :: else ->
        o[n].refs--;
        if
        :: o[n].refs == 0 -> bury(n)
        :: else -> touch(n)
        fi
    fi;
    caller = BY_MUTATOR
}

/* What is reached from the locals and a running finalizer. */
#ifndef PACED
#define see_what_is_reached() skip
#else
inline see_what_is_reached()
{
    d_step {
    is_reached = 0;
    for (k : 0 .. LOCALS - 1) {
        if
        :: held[k] != NIL -> is_reached = is_reached | (1 << held[k])
        :: else
        fi
    }
    if
    :: self != NIL -> is_reached = is_reached | (1 << self)
    :: else
    fi;
    for (m : 1 .. N - 1) {
        for (n : 0 .. N - 1) {
            for (k : 0 .. SLOTS - 1) {
                if
                :: (is_reached >> n & 1) && o[n].slot[k] != NIL ->
                    is_reached = is_reached | (1 << o[n].slot[k])
                :: else
                fi
            }
        }
    }
    k = 0; m = 0; n = 0
    }
}
#endif

/* ---- the mutator ---- */

/* Something that it holds, and one of its fields: `a` and `f`.  A place for a reference: `b`. */
inline choose()
{
    if
    :: self != NIL -> a = self
    :: held[0] != NIL -> a = held[0]
    :: LOCALS > 1 && held[LOCALS - 1] != NIL -> a = held[LOCALS - 1]
    fi;
    must_exist(a);
    assert(REVIVE || o[a].to_finalize || a >= FINALIZABLE || a == self || !was_finalized[a]);
    select(f : 0 .. SLOTS - 1);
    select(b : 0 .. LOCALS - 1)
}
#define may_keep (self == NIL || REVIVE)
bit was_finalized[N];

proctype mutator()
{
    byte a, b, f, k, m, n, q;
end:
    do
    :: atomic { !must_wait && (self == NIL || plays > 0) ->
        if
        :: skip -> /* be born, as the first that does not exist */
            n = 0;
            do
            :: n < N && o[n].exists -> n++
            :: else -> break
            od;
            select(b : 0 .. LOCALS - 1);
            if
            :: n < N && held[b] == NIL ->
                o[n].exists = 1;
                o[n].refs = 1;
                if
                :: n < FINALIZABLE -> o[n].to_finalize = 1
                :: skip
                fi;
                was_finalized[n] = 0;
                held[b] = n
            :: else
            fi
        :: weak != NIL -> /* read the weak reference (R4) */
            select(b : 0 .. LOCALS - 1);
            n = weak;
            assert(o[n].exists);
            if
            :: held[b] == NIL && !o[n].dead &&
               !(gc[cycle_of(n)].phase >= WEAK && o[n].state == CANDIDATE && RULE(4)) ->
                raise(n); held[b] = n
            :: else
            fi
        :: held[0] != NIL || held[LOCALS - 1] != NIL || self != NIL ->
            choose();
            n = o[a].slot[f];
            if
            :: held[b] != NIL -> /* drop */
                n = held[b]; held[b] = NIL; lower(n, 0)
            :: held[b] != NIL && n == NIL -> /* store a copy */
                raise(held[b]); o[a].slot[f] = held[b]
            :: held[b] != NIL && held[b] != a && n == NIL -> /* store it itself */
                o[a].slot[f] = held[b]; held[b] = NIL
            :: n != NIL -> /* clear */
                o[a].slot[f] = NIL; lower(n, 0)
            :: n != NIL && !REVIVE -> /* look */
                must_exist(n);
                touch(n)
            :: n != NIL && held[b] == NIL && may_keep -> /* load */
                raise(n); held[b] = n
            :: n != NIL && held[b] == NIL && may_keep -> /* take (R2) */
                must_exist(n);
                o[a].slot[f] = NIL; held[b] = n;
                if
                :: RULE(2) -> touch(n)
                :: else
                fi
            :: held[b] == NIL && may_keep -> /* copy; a finalizer revives its object */
                raise(a); held[b] = a
            :: may_keep && WEAKS -> weak = a
            :: else
            fi
        fi;
        if
        :: self != NIL && plays > 0 -> plays--
        :: else
        fi;
        if
        :: self != NIL -> was_finalized[self] = 1
        :: else
        fi;
#ifdef PACED
        must_wait = 1;
#endif
        if
        :: LOCALS > 1 && held[0] > held[LOCALS - 1] -> /* which is which makes no difference */
            n = held[0]; held[0] = held[LOCALS - 1]; held[LOCALS - 1] = n
        :: else
        fi;
        a = 0; b = 0; f = 0; k = 0; m = 0; n = 0; q = 0;
        see_what_is_reached()
        }
    :: atomic { self != NIL ->
        must_exist(self);
        was_finalized[self] = 1;
        end_finalizer(); k = 0; m = 0; n = 0; q = 0;
        see_what_is_reached()
        }
    od
}

/* ---- the collector ---- */

#define can_drain (dead_head != NIL && !(o[dead_head].is_owed && self != NIL))

inline drain_dead()
{
    n = dead_head;
    dead_head = o[n].gc;
    o[n].gc = 0;
    if
    :: o[n].is_owed ->
        o[n].is_owed = 0;
        o[n].dead = 0;
        o[n].refs = 1;
        if
        :: RULE(9) -> o[n].label = NEW
        :: else
        fi;
        begin_finalizer(n, FROM_QUEUE)
    :: else ->
        for (i : 0 .. SLOTS - 1) {
            c = o[n].slot[i];
            o[n].slot[i] = NIL;
            if
            :: c != NIL -> lower(c, 1)
            :: else
            fi
        }
        release(n)
    fi
}
#define now gc[inner]
inline drain_gray()
{
    n = now.gray_head;
    now.gray_head = o[n].gc;
    o[n].gc = 0;
    if
    :: now.gray_head == NIL -> now.gray_tail = NIL
    :: else
    fi;
    o[n].on_gray = 0;
    if
    :: o[n].dead -> push_dead(n)
    :: else ->
        for (i : 0 .. SLOTS - 1) {
            c = o[n].slot[i];
            if
            :: c != NIL && o[c].state == CANDIDATE && is_of(inner, c) -> make_live(c)
            :: else
            fi
        }
    fi
}
#define is_settled (now.gray_head == NIL && (dead_head == NIL || !RULE(3)) && \
                    (!is_callout || !RULE(7)))

inline enter(p)
{
    now.phase = p;
    now.cursor = 0
}
/* Let the cursor stand on the next member of S, or on N. */
inline go_to_member()
{
    do
    :: now.cursor < N && !in_s(inner, now.cursor) -> now.cursor++
    :: else -> break
    od
}
inline become_candidate(x)
{
    o[x].state = CANDIDATE;
    o[x].gc = 0
}
/* S is what is young now, what is old, or both. */
inline start(labels, survivors)
{
    assert(now.gray_head == NIL && now.phase == IDLE);
    for (i : 0 .. N - 1) {
        if
        :: o[i].exists && o[i].label == NEW && (labels & SET(YOUNG)) -> o[i].label = YOUNG
        :: else
        fi
    }
    now.s = labels;
    now.to = survivors;
    now.is_second_look = 0;
    now.was_touched = 0;
    enter(COUNT)
}
#ifndef TWO
#define start_some() start(SET(YOUNG), NEW)
#define may_interrupt 0
#else
inline start_some()
{
    if
#ifdef PACED /* what leads through young and old is found when all of it is old */
    :: is_old_next -> start(SET(OLD), OLD)
    :: !is_old_next -> start(SET(YOUNG), OLD)
#else
    :: start(SET(YOUNG), NEW)
    :: start(SET(YOUNG), OLD)
    :: start(SET(OLD), OLD)
    :: start(SET(YOUNG) | SET(OLD), OLD)
#endif
    fi;
#ifdef PACED
    is_old_next = !is_old_next
#endif
}
#ifdef PACED
#define is_its_turn (had_turn || !RULE(TURN))
#else
#define is_its_turn 1
#endif
#define may_interrupt (!inner && is_its_turn && gc[0].s == SET(OLD) && \
    (gc[0].phase == COUNT || gc[0].phase == MARK || gc[0].phase == CUT || gc[0].phase == FREE))
#define is_second (gc[0].s == SET(CONDEMNED) && !RULE(ONE_LOOK) && !inner)
#endif
inline count_visit(x)
{
    if
    :: o[x].state == UNTOUCHED -> become_candidate(x)
    :: else
    fi;
    for (i : 0 .. SLOTS - 1) {
        c = o[x].slot[i];
        if
        :: c == NIL -> skip
        :: c != NIL && (!(in_s(inner, c) || (!RULE(OWN_COUNT) && o[c].state == CANDIDATE)) ||
                        o[c].state >= LIVE) -> skip
        :: else ->
            if
            :: o[c].state == UNTOUCHED -> become_candidate(c)
            :: else
            fi;
            o[c].gc++
        fi
    }
}
inline mark_visit(x)
{
    if
    :: o[x].state == BOTH -> o[x].state = LIVE; push_gray(inner, x)
    :: o[x].state == CANDIDATE && (o[x].refs > o[x].gc - !RULE(ONE_IS_ENOUGH) ||
                                   (now.is_second_look && o[x].to_finalize)) ->
        make_live(x)
    :: else
    fi
}
inline survive(x)
{
    assert(!o[x].on_gray);
    o[x].state = UNTOUCHED;
    o[x].gc = 0;
    o[x].label = now.to
}
inline cut_visit(x)
{
    if
    :: RULE(11) -> clear_weak(x)
    :: else
    fi;
    for (i : 0 .. SLOTS - 1) {
        c = o[x].slot[i];
        o[x].slot[i] = NIL;
        if
        :: c == NIL -> skip
        :: c != NIL && o[c].state == CANDIDATE && (is_of(inner, c) || !RULE(OWN_CUT)) -> skip
        :: else -> lower(c, 1)
        fi
    }
}
inline flip()
{
    if
    :: now.is_second_look -> now.s = now.s | now.before; enter(CUT)
    :: else -> enter(WEAK)
    fi
}
inline end_of_phase()
{
    if
    :: now.phase == COUNT -> enter(MARK)
    :: now.phase == MARK && is_settled -> flip()
    :: now.phase == WEAK -> enter(FINALIZE)
    :: now.phase == FINALIZE && is_settled ->
        if
        :: now.was_touched -> enter(RELABEL)
        :: else -> enter(CUT)
        fi
    :: now.phase == RELABEL && is_settled ->
        now.before = now.s;
        now.s = SET(CONDEMNED);
        now.is_second_look = 1;
        enter(COUNT)
    :: now.phase == CUT -> enter(FREE)
    :: now.phase == FREE ->
        now.s = 0;
        now.before = 0;
        now.to = 0;
        now.is_second_look = 0;
        now.was_touched = 0;
        enter(IDLE);
        inner = 0 /* what was interrupted goes on */
    :: else
    fi
}
inline visit(x)
{
    if
    :: now.phase == COUNT -> count_visit(x)
    :: now.phase == MARK -> mark_visit(x)
    :: now.phase == WEAK && o[x].state == CANDIDATE && RULE(10) -> clear_weak(x)
    :: now.phase == FINALIZE && o[x].state == CANDIDATE ->
        if
        :: !RULE(10) -> clear_weak(x)
        :: else
        fi;
        if
        :: o[x].to_finalize && self != NIL -> now.cursor = x /* it has to wait */
        :: o[x].to_finalize && self == NIL ->
            if
            :: RULE(8) -> o[x].refs++
            :: else
            fi;
            begin_finalizer(x, BY_FINALIZE)
        :: else
        fi
    :: now.phase == RELABEL && (o[x].state == CANDIDATE || o[x].state == BOTH) ->
        o[x].state = UNTOUCHED;
        o[x].gc = 0;
        o[x].label = CONDEMNED
    :: now.phase == CUT && o[x].state == CANDIDATE -> cut_visit(x)
    :: now.phase == CUT && o[x].state != CANDIDATE -> survive(x)
    :: now.phase == FREE && o[x].state == CANDIDATE -> release(x)
    :: else
    fi
}
inline advance()
{
    if
    :: now.phase == IDLE -> start_some()
#ifdef TWO
    :: may_interrupt || is_second -> inner = 1; start(SET(YOUNG), NEW)
#endif
    :: now.phase != IDLE ->
#ifdef PACED
        had_turn = !inner;
#endif
        if
        :: now.gray_head != NIL && (now.phase == MARK || now.phase == RELABEL) -> drain_gray()
        :: else ->
            go_to_member();
            if
            :: now.cursor < N -> n = now.cursor; now.cursor++; visit(n)
            :: now.cursor == N && now.gray_head != NIL && now.phase == FINALIZE -> drain_gray()
            :: else -> end_of_phase()
            fi
        fi
    fi
}

proctype collector()
{
    byte c, i, k, m, n, q;
end:
    do
    :: atomic { can_drain ->
        drain_dead();
        c = 0; i = 0; k = 0; m = 0; n = 0; q = 0;
#ifdef PACED
        if
        :: dead_head == NIL -> must_wait = 0
        :: else
        fi;
#endif
        see_what_is_reached()
        }
    :: atomic { (!can_drain || !RULE(3)) && !(now.phase >= WEAK && is_callout && RULE(7)) ->
        advance();
        c = 0; i = 0; k = 0; m = 0; n = 0; q = 0;
#ifdef PACED
        if
        :: !can_drain -> must_wait = 0
        :: else
        fi;
#endif
        see_what_is_reached()
        }
    od
}

init
{
    byte i, k;
    atomic {
        for (i : 0 .. CYCLES - 1) {
            gc[i].gray_head = NIL;
            gc[i].gray_tail = NIL
        }
        for (i : 0 .. N - 1) {
            for (k : 0 .. SLOTS - 1) {
                o[i].slot[k] = NIL
            }
        }
#ifdef CHAIN /* begin with 1 -> 0 -> 2, 0 to be finalized */
        for (i : 0 .. 2) {
            o[i].exists = 1;
            o[i].refs = 1
        }
        o[0].to_finalize = 1;
        o[1].slot[0] = 0;
        o[0].slot[0] = 2;
        held[0] = 1;
#endif
        run mutator();
        run collector()
    }
}

#ifdef PACED
#define is_garbage (o[0].exists && !(is_reached & 1))
ltl freed { [] (is_garbage -> <> !is_garbage) }
#endif
