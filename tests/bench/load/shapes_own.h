/* SPDX-License-Identifier: MIT
 * shapes_own.h - what the shapes' own files share. */
#ifndef SHAPES_OWN_H
#define SHAPES_OWN_H

#include "shapes.h"

extern const struct shape shape_tuples, shape_records, shape_dicts, shape_dictchain,
    shape_instances, shape_graph, shape_list100k, shape_dict100k, shape_random_links, shape_chain,
    shape_alldead, shape_stores, shape_strings, shape_weak;

/* The reference that keeps the shape alive. */
extern ouro_ref shape_live;
/* Its size when it was filled, for those that drop everything and grow again. */
extern uint32_t shape_full_size;

/* Live pairs and the like to refer to or to store into: borrowed. */
enum { SHAPE_SAMPLES = 1024 };
extern ouro_ref shape_samples[SHAPE_SAMPLES];
/* Remember this one, the shape_size'th, in place of another. */
void shape_sample(ouro_ref ref);
ouro_ref shape_any_sample(void);

/* An immediate int. */
ouro_ref shape_int(uint32_t value);
/* A new pair; steals both. */
ouro_ref shape_pair(ouro_ref first, ouro_ref second);
/* *head = (item, *head); borrows item.  False: no memory. */
bool shape_push(ouro_ref *head, ouro_ref item);
/* shape_live = a list */
void shape_begin_list(void);

#endif
