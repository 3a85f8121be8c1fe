/* SPDX-License-Identifier: MIT
 * user_type.c - a type of the program's own: references declared, a finalizer, weak references.
 *
 * A door knows its room and the next door.  It declares where its references are, and that is all:
 * doors in a ring are collected like any other garbage. */
#include "print.h"

struct door {
    struct ouro_obj header;
    ouro_ref room, next; /* counted */
    ouro_ref weak;       /* the runtime's: heads the list of weak references */
    uint32_t number;
};

static uint32_t closed;
static void door_finalize(ouro_ref self) { closed += ((struct door *)(void *)self)->number; }

OURO_TYPE_DEFINE(door_type) = {
    .name = "door",
    .index = OURO_TYPE_USER,
    .size_bytes = sizeof(struct door),
    .refs = OURO_REF_BIT(struct door, room) | OURO_REF_BIT(struct door, next),
    .weak_word = OURO_WEAK_WORD(struct door, weak),
    .finalize = door_finalize,
};

/* New reference; takes one of its own to `room`. */
static struct door *door_new(uint32_t number, ouro_ref room)
{
    struct door *door = (struct door *)(void *)ouro_obj_new(&door_type);

    if (!door) return NULL;
    door->number = number;
    door->room = ouro_own(room);
    return door;
}

int main(void)
{
    if (!start()) return 1;
    ouro_ref room = ouro_str_from("hall");
    struct door *first = room ? door_new(1, room) : NULL;
    struct door *second = first ? door_new(20, room) : NULL;
    ouro_ref watch = second ? ouro_weakref_new(&second->header) : NULL;
    if (!watch) return fail("doors");

    first->next = ouro_own(&second->header);
    second->next = ouro_own(&first->header); /* a ring */
    print_number("references to the hall", ouro_diag_refcount(room));
    ouro_decref(&first->header);
    ouro_decref(&second->header);
    ouro_ref seen = ouro_weakref_get(watch);
    print_number("the second is still there", seen != OURO_NONE);
    ouro_decref(seen);
    print_number("closed so far", closed);
    print_number("collected", ouro_gc_collect(2));
    print_number("closed", closed);
    seen = ouro_weakref_get(watch);
    print_object("the second is", seen);
    ouro_decref(watch);
    ouro_decref(room);
    return end_clean();
}
