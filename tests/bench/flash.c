/* SPDX-License-Identifier: MIT
 * flash.c - a program that uses every type: what it links is what the whole runtime takes of the
 * code memory (flash.total; tests/tools/flash.py adds it up from the linker's map).
 *
 * It makes an object of each type and does with it what there is to do with objects of any kind,
 * and then what the types are for: containers are filled, read, changed, sliced, sorted and walked
 * through, attributes set, functions called, generators sent to, weak references followed,
 * contexts entered, errors raised and caught, cycles collected.  It asks for no tool. */
#include "ouro.h"
#include "t.h"

static size_t printed;

static void count_bytes(void *context, const char *text, size_t bytes)
{
    (void)context;
    (void)text;
    printed += bytes;
}

/* ---- one of each ---- */

static ouro_ref list; /* of two numbers; what others refer to */

static ouro_ref returns_self(ouro_ref function, unsigned argc, const ouro_ref *argv)
{
    (void)function;
    return argc > 0 ? ouro_own(argv[0]) : ouro_own(OURO_NONE);
}
static const struct ouro_function_def def = {
    .name = "C.f", .call = returns_self, .parameters = "self", .least = 0, .most = OURO_VARIADIC};

static ouro_ref give_sent(ouro_ref generator, ouro_ref *locals, uint16_t *state, ouro_ref sent)
{
    (void)generator;
    (void)locals;
    return sent && ++*state < 4 ? ouro_own(sent) : NULL;
}
static const struct ouro_generator_def steps = {.name = "g", .step = give_sent, .locals = 1};

static int leave(ouro_ref value, ouro_ref error)
{
    (void)value;
    return error != NULL;
}
static const struct ouro_context_def lock = {.name = "lock", .leave = leave};

static int gone(ouro_ref weakref, ouro_ref context)
{
    (void)weakref;
    (void)context;
    return 0;
}

static ouro_ref an_int(void) { return ouro_int_new(INT64_C(1) << 40); }
static ouro_ref a_float(void) { return ouro_float_new(0.1); }
static ouro_ref a_str(void) { return ouro_str_from("d\xc3\xa9j\xc3\xa0 vu\n"); }
static ouro_ref a_tuple(void) { return ouro_tuple_of(2, ouro_int_new(1), OURO_TRUE); }
static ouro_ref a_long_tuple(void)
{
    ouro_ref numbers = ouro_range_new(0, 20, 1), tuple = ouro_tuple_from(numbers);
    ouro_decref(numbers);
    return tuple;
}
static ouro_ref a_range(void) { return ouro_range_new(10, 0, -3); }
static ouro_ref a_slice(void) { return ouro_slice_new(OURO_NONE, OURO_NONE, ouro_int_new(2)); }
static ouro_ref a_list(void) { return ouro_list_from(list); }
static ouro_ref a_dict(void)
{
    ouro_ref dict = ouro_dict_new();
    for (int i = 0; i < 10; i++) (void)ouro_dict_set(dict, ouro_int_new(i), list);
    (void)ouro_dict_del(dict, ouro_int_new(3));
    return dict;
}
static ouro_ref a_set(void) { return ouro_set_from(list); }
static ouro_ref a_frozenset(void) { return ouro_frozenset_from(list); }
static ouro_ref an_iterator(void) { return ouro_iter(list); }
static ouro_ref some_bytes(void) { return ouro_bytes_new("\0abc", 4); }
static ouro_ref an_array(void) { return ouro_bytearray_new("abc", 3); }
static ouro_ref a_view(void)
{
    ouro_ref array = an_array(), view = ouro_memoryview_of(array);
    ouro_decref(array);
    return view;
}
static ouro_ref a_cell(void) { return ouro_cell_new(list); }
static ouro_ref a_function(void)
{
    ouro_ref cell = a_cell(), function = ouro_function_new(&def, cell);
    ouro_decref(cell);
    return function;
}
static ouro_ref a_method(void)
{
    ouro_ref function = a_function(), method = ouro_method_new(function, list);
    ouro_decref(function);
    return method;
}
static ouro_ref a_class(void)
{
    ouro_ref class = ouro_class_new("C", NULL);
    (void)ouro_class_def(class, "f", &def);
    return class;
}
static ouro_ref an_instance(void)
{
    ouro_ref class = a_class(), instance = ouro_call(class, 0, NULL);
    (void)ouro_attr_set_string(instance, "self", instance); /* garbage, sooner or later */
    ouro_decref(class);
    return instance;
}
static ouro_ref a_slotted(void)
{
    ouro_ref class = ouro_class_new_slots("S", NULL, "x y __weakref__");
    ouro_ref instance = ouro_call(class, 0, NULL);
    (void)ouro_attr_set_string(instance, "x", list);
    ouro_decref(class);
    return instance;
}
static ouro_ref a_module(void)
{
    ouro_ref module = ouro_module_new("m");
    (void)ouro_module_def(module, &def);
    return module;
}
static ouro_ref a_generator(void) { return ouro_generator_new(&steps, 0, NULL); }
static ouro_ref an_exception(void)
{
    ouro_ref text = a_str(), exception = ouro_exception_new(OURO_KEY_ERROR, text, NULL);
    ouro_decref(text);
    return exception;
}
static ouro_ref a_context(void) { return ouro_context_new(&lock, list); }
static ouro_ref a_cache(void)
{
    ouro_ref cache = ouro_cache_new(8, 0, NULL);
    for (int i = 0; i < 10; i++) (void)ouro_cache_set(cache, ouro_int_new(i), list);
    return cache;
}
static ouro_ref held; /* what the weak ones refer to */
static ouro_ref a_weakref(void) { return ouro_weakref_new_with(held, gone, list); }
static ouro_ref a_proxy(void) { return ouro_proxy_new(held); }
static ouro_ref a_finalize(void)
{
    return ouro_finalize_new(held, ouro_finalize_call_context, list);
}
static ouro_ref weak_values(void)
{
    ouro_ref dict = ouro_weakvalues_new();
    (void)ouro_weakvalues_set(dict, ouro_int_new(1), held);
    return dict;
}
static ouro_ref weak_keys(void)
{
    ouro_ref dict = ouro_weakkeys_new();
    (void)ouro_weakkeys_set(dict, held, list);
    return dict;
}
static ouro_ref a_weakset(void)
{
    ouro_ref set = ouro_weakset_new();
    (void)ouro_weakset_add(set, held);
    return set;
}

static ouro_ref (*const makers[])(void) = {
    an_int,     a_float,     a_str,        a_tuple,     a_long_tuple, a_range,     a_slice,
    a_list,     a_dict,      a_set,        a_frozenset, an_iterator,  some_bytes,  an_array,
    a_view,     a_cell,      a_function,   a_method,    a_class,      an_instance, a_slotted,
    a_module,   a_generator, an_exception, a_context,   a_cache,      a_weakref,   a_proxy,
    a_finalize, weak_values, weak_keys,    a_weakset,
};

/* ---- what there is to do ---- */

/* With an object of any kind. */
static void use(ouro_ref object)
{
    uint32_t hash;
    ouro_ref iterator, item;
    (void)ouro_repr(object, count_bytes, NULL);
    (void)ouro_str_of(object, count_bytes, NULL);
    (void)ouro_hash(object, &hash);
    (void)ouro_compare(object, list, OURO_LT);
    (void)ouro_equal(object, object);
    (void)ouro_truth(object);
    if (!(iterator = ouro_iter(object))) return;
    for (int i = 0; i < 3 && (item = ouro_iter_next(iterator)); i++) ouro_decref(item);
    ouro_decref(iterator);
}

/* With what is indexed. */
static void index(ouro_ref object, ouro_ref key, ouro_ref slice)
{
    ouro_xdecref(ouro_item_get(object, key));
    ouro_xdecref(ouro_item_get(object, slice));
    (void)ouro_item_set(object, key, key);
    (void)ouro_contains(object, key);
    (void)ouro_item_del(object, key);
}

static void lists_and_sets(ouro_ref other)
{
    (void)ouro_list_append(list, ouro_int_new(-7));
    (void)ouro_list_insert(list, 0, ouro_int_new(3));
    (void)ouro_list_extend(list, other);
    (void)ouro_list_sort(list, true);
    ouro_xdecref(ouro_list_pop(list, -1));
    ouro_ref a = ouro_set_from(list), b = ouro_set_from(other), both = ouro_set_union(a, b);
    (void)ouro_set_discard(both, ouro_int_new(3));
    ouro_decref(both);
    ouro_decref(b);
    ouro_decref(a);
}

static void numbers(void)
{
    ouro_ref wide = an_int(), real = a_float();
    for (enum ouro_arith op = OURO_ADD; op <= OURO_MOD; op++) {
        ouro_xdecref(ouro_arith(wide, op, real));
        ouro_xdecref(ouro_arith(wide, op, ouro_int_new(7)));
    }
    ouro_decref(real);
    ouro_decref(wide);
}

static void errors(ouro_ref context)
{
    ouro_ref error = an_exception();
    OURO_WITH(block, context) ouro_error_raise(error);
    ouro_error_raise(error);
    ouro_xdecref(ouro_error_catch());
    ouro_decref(error);
}

static void calls(ouro_ref generator, ouro_ref instance, ouro_ref name)
{
    ouro_xdecref(ouro_iter_next(generator));
    ouro_xdecref(ouro_generator_send(generator, list));
    (void)ouro_generator_close(generator);
    ouro_xdecref(ouro_call_method(instance, name, 1, &list));
    ouro_xdecref(ouro_attr_get(instance, name));
    ouro_ref bound = a_method();
    ouro_xdecref(ouro_call(bound, 0, NULL));
    ouro_decref(bound);
}

int main(void)
{
    t_restart(SIZE_MAX);
    ouro_ref two[] = {ouro_int_new(1), ouro_int_new(2)}, tuple = ouro_tuple_new(2, two);
    list = ouro_list_from(tuple);
    held = a_class();
    ouro_ref slice = a_slice(), name = ouro_intern("f", 1);
    unsigned types = 2; /* with None and bool */
    for (unsigned i = 0; i < T_COUNT(makers); i++) {
        ouro_ref object = makers[i]();
        use(object);
        index(object, ouro_int_new(1), slice);
        ouro_decref(object);
        types += printed > 0;
        printed = 0;
    }
    ouro_ref generator = a_generator(), instance = an_instance(), context = a_context();
    lists_and_sets(tuple);
    numbers();
    calls(generator, instance, name);
    errors(context);
    ouro_ref weak = ouro_weakref_new(held), target = ouro_weakref_get(weak);
    (void)ouro_gc_collect(2);
    t_print("flash.types ");
    t_print_int(target == held ? types : 0);
    t_print(" types\n");
    return 0;
}
