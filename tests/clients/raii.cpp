/* SPDX-License-Identifier: MIT
 * raii.cpp - ouro::ref in C++: nothing is released by hand, on no way out.
 *
 * A phone book with an index by first letter, and a type of the program's own with a finalizer. */
#include "ouro/ouro.hpp"

#include "print.h"

namespace
{

struct line {
    ouro_obj header;
    ouro_ref owner;
};

int hung_up;
void line_finalize(ouro_ref) { hung_up++; }

OURO_TYPE_DEFINE(line_type) = {
    .name = "line",
    .index = OURO_TYPE_USER,
    .size_bytes = sizeof(line),
    .refs = OURO_REF_BIT(line, owner),
    .weak_word = 0,
    .is_hidden = false,
    .drops_forward = false,
    .is_uncollectable = false,
    .finalize = line_finalize,
    .sizeof_bytes = nullptr,
    .ops = nullptr,
    .fields = "owner",
};

ouro::ref line_of(ouro_ref owner)
{
    ouro::ref made(ouro_obj_new(&line_type));
    if (made) reinterpret_cast<line *>(made.get())->owner = ouro::share(owner).release();
    return made;
}

/* False with the error set; whatever was made on the way is dropped. */
bool add(const ouro::ref &book, const ouro::ref &index, const char *name, int64_t number)
{
    ouro::ref key(ouro_str_from(name)), value(ouro_int_new(number));
    if (!key || !value || ouro_dict_set(book, key, value) < 0) return false;
    ouro::ref letter(ouro_str_new(name, 1)), fresh(ouro_list_new());
    if (!letter || !fresh) return false;
    ouro_ref names = ouro_dict_setdefault(index, letter, fresh); /* borrowed */
    return names && ouro_list_append(names, key) == 0;
}

bool run()
{
    ouro::ref book(ouro_dict_new()), index(ouro_dict_new());
    if (!book || !index) return false;
    if (!add(book, index, "Ada", 1815) || !add(book, index, "Alan", 1912) ||
        !add(book, index, "Grace", 1906))
        return false;
    print_object("book", book);
    print_object("index", index);

    ouro::ref first = line_of(book), second = first, third;
    print_number("references to the line", ouro_diag_refcount(first));
    third = static_cast<ouro::ref &&>(second);
    print_number("moved", second.get() == nullptr && third.get() == first.get());
    first = ouro::ref();
    print_number("hung up", hung_up);
    third = line_of(index);
    print_number("hung up", hung_up);

    ouro::ref missing(ouro_list_get(ouro::ref(ouro_list_new()), 5));
    print_number("missing", !missing);
    ouro_error_clear();
    print_number("a name that is not UTF-8 is refused", !add(book, index, "\xff", 0));
    return ouro_error_get(nullptr) == OURO_VALUE_ERROR;
}

} /* namespace */

int main()
{
    if (!start()) return 1;
    if (!run()) return fail("run");
    print_number("hung up", hung_up);
    return end_clean();
}
