/* SPDX-License-Identifier: MIT
 * collector.pml - the collector against every possible mutator, on a heap of N objects.
 *
 * Two processes take turns in any order: the mutator does any operation on its locals, its one weak
 * reference and the fields of what it holds, and finalizers are the mutator too, while `self` holds
 * their object; the collector drains a dead object or visits one of S.  Each turn is atomic, as
 * calls of the runtime are.  Nothing is random: Spin tries all.
 *   SOUND     the assertions: whatever is touched, counted or read exists and is not dead
 *   COMPLETE  ltl freed: object 0 does not stay garbage, if both processes go on (weak fairness)
 * -DBREAK=n removes rule Rn of DESIGN.md, which must be noticed; 12: what is counted in full is live.  -DREVIVE=0: finalizers keep
 * nothing, and then no finalized object may be seen (R10).  -DPACED: the collector gets a turn when
 * something has died, and a finalizer does one thing; without that garbage can be made for ever
 * faster than it is looked at.  check.py runs it and knows the bounds. */
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
#define NIL N
#define RULE(n) (BREAK != n)

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

#define NEW 0 /* labels: born since the cycle began, there when it began, found garbage once */
#define OLD 1
#define CONDEMNED 2

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

unsigned phase : 3;
byte cursor;
byte gray_head = NIL, gray_tail = NIL, dead_head = NIL;
bit s_old, s_condemned; /* which labels are in S */
bit is_second_look, was_touched;
bit must_wait; /* PACED: the mutator's turn is over */
unsigned is_reached : N;

#define is_callout (self != NIL && caller != BY_MUTATOR)
#define in_s(x) (o[x].exists && !o[x].dead && \
                 ((o[x].label == OLD && s_old) || (o[x].label == CONDEMNED && s_condemned)))
#define is_past_flip (phase >= WEAK || is_second_look)
#define must_exist(x) assert(o[x].exists && !o[x].dead)

/* ---- touching, counting, dying ---- */

inline push_gray(x)
{
    o[x].on_gray = 1;
    o[x].gc = NIL;
    if
    :: gray_tail != NIL -> o[gray_tail].gc = x
    :: else -> gray_head = x
    fi;
    gray_tail = x
}
inline make_live(x)
{
    if
    :: is_past_flip -> was_touched = 1
    :: else
    fi;
    if
    :: phase == COUNT -> o[x].state = BOTH
    :: phase == MARK -> o[x].state = LIVE; push_gray(x)
    :: else -> o[x].state = BOTH; push_gray(x)
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
    byte a, b, f, k, m, n;
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
               !(is_past_flip && o[n].state == CANDIDATE && RULE(4)) -> raise(n); held[b] = n
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
        a = 0; b = 0; f = 0; k = 0; m = 0; n = 0;
        see_what_is_reached()
        }
    :: atomic { self != NIL ->
        must_exist(self);
        was_finalized[self] = 1;
        end_finalizer(); k = 0; m = 0; n = 0;
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
inline drain_gray()
{
    n = gray_head;
    gray_head = o[n].gc;
    o[n].gc = 0;
    if
    :: gray_head == NIL -> gray_tail = NIL
    :: else
    fi;
    o[n].on_gray = 0;
    if
    :: o[n].dead -> push_dead(n)
    :: else ->
        for (i : 0 .. SLOTS - 1) {
            c = o[n].slot[i];
            if
            :: c != NIL && o[c].state == CANDIDATE -> make_live(c)
            :: else
            fi
        }
    fi
}
#define is_settled (gray_head == NIL && (dead_head == NIL || !RULE(3)) && \
                    (!is_callout || !RULE(7)))

inline enter(p)
{
    phase = p;
    cursor = 0
}
/* Let the cursor stand on the next member of S, or on N. */
inline go_to_member()
{
    do
    :: cursor < N && !in_s(cursor) -> cursor++
    :: else -> break
    od
}
inline become_candidate(x)
{
    o[x].state = CANDIDATE;
    o[x].gc = 0
}
inline start()
{
    assert(gray_head == NIL);
    for (i : 0 .. N - 1) {
        if
        :: o[i].exists -> o[i].label = OLD
        :: else
        fi
    }
    s_old = 1;
    s_condemned = 0;
    is_second_look = 0;
    was_touched = 0;
    enter(COUNT)
}
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
        :: c != NIL && (!in_s(c) || o[c].state >= LIVE) -> skip
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
    :: o[x].state == BOTH -> o[x].state = LIVE; push_gray(x)
    :: o[x].state == CANDIDATE && (o[x].refs > o[x].gc - !RULE(12) || (is_second_look && o[x].to_finalize)) ->
        make_live(x)
    :: else
    fi
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
        :: c != NIL && o[c].state == CANDIDATE -> skip
        :: else -> lower(c, 1)
        fi
    }
}
inline flip()
{
    if
    :: is_second_look -> s_old = 1; enter(CUT)
    :: else -> enter(WEAK)
    fi
}
inline end_of_phase()
{
    if
    :: phase == COUNT -> enter(MARK)
    :: phase == MARK && is_settled -> flip()
    :: phase == WEAK -> enter(FINALIZE)
    :: phase == FINALIZE && is_settled ->
        if
        :: was_touched -> enter(RELABEL)
        :: else -> enter(CUT)
        fi
    :: phase == RELABEL && is_settled ->
        s_old = 0;
        s_condemned = 1;
        is_second_look = 1;
        enter(COUNT)
    :: phase == CUT -> enter(FREE)
    :: phase == FREE ->
        s_old = 0;
        s_condemned = 0;
        is_second_look = 0;
        was_touched = 0;
        enter(IDLE)
    :: else
    fi
}
inline visit(x)
{
    if
    :: phase == COUNT -> count_visit(x)
    :: phase == MARK -> mark_visit(x)
    :: phase == WEAK && o[x].state == CANDIDATE && RULE(10) -> clear_weak(x)
    :: phase == FINALIZE && o[x].state == CANDIDATE ->
        if
        :: !RULE(10) -> clear_weak(x)
        :: else
        fi;
        if
        :: o[x].to_finalize && self != NIL -> cursor = x /* it has to wait */
        :: o[x].to_finalize && self == NIL ->
            if
            :: RULE(8) -> o[x].refs++
            :: else
            fi;
            begin_finalizer(x, BY_FINALIZE)
        :: else
        fi
    :: phase == RELABEL && (o[x].state == CANDIDATE || o[x].state == BOTH) ->
        o[x].state = UNTOUCHED;
        o[x].gc = 0;
        o[x].label = CONDEMNED
    :: phase == CUT && o[x].state == CANDIDATE -> cut_visit(x)
    :: phase == FREE && o[x].state == CANDIDATE -> release(x)
    :: phase == FREE && o[x].state != CANDIDATE ->
        assert(!o[x].on_gray);
        o[x].state = UNTOUCHED;
        o[x].gc = 0;
        o[x].label = NEW
    :: else
    fi
}
inline advance()
{
    if
    :: phase == IDLE -> start()
    :: gray_head != NIL && (phase == MARK || phase == RELABEL) -> drain_gray()
    :: else ->
        go_to_member();
        if
        :: cursor < N -> n = cursor; cursor++; visit(n)
        :: cursor == N && gray_head != NIL && phase == FINALIZE -> drain_gray()
        :: else -> end_of_phase()
        fi
    fi
}

proctype collector()
{
    byte c, i, k, m, n;
end:
    do
    :: atomic { can_drain ->
        drain_dead();
        c = 0; i = 0; k = 0; m = 0; n = 0;
#ifdef PACED
        if
        :: dead_head == NIL -> must_wait = 0
        :: else
        fi;
#endif
        see_what_is_reached()
        }
    :: atomic { (!can_drain || !RULE(3)) && !(phase >= WEAK && is_callout && RULE(7)) ->
        advance();
        c = 0; i = 0; k = 0; m = 0; n = 0;
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
