/* SPDX-License-Identifier: MIT
 * ouro.hpp - ouro::ref, which counts by itself: for C++11 and later, with no header of a C++
 * library behind it, without exceptions and run-time types.
 *
 *   ouro::ref list(ouro_list_new());                      new references are taken over
 *   if (!list) return fail();                             a call that failed gave NULL
 *   ouro_list_append(list, ouro::ref(ouro_int_new(7)));   lent to a call as an ouro_ref
 *   ouro::ref first = ouro::share(ouro_list_get(list, 0));   borrowed ones are counted
 *
 * For locals, globals that no constructor has to make, and members of C++ objects.  Not for the
 * fields of an object of the runtime: those are the collector's to walk, see ouro_put(). */
#ifndef OURO_HPP
#define OURO_HPP

#include "ouro.h"

namespace ouro
{

class ref
{
  public:
    constexpr ref() noexcept : held(nullptr) {}
    /* Take over a new reference, or NULL. */
    explicit ref(ouro_ref stolen) noexcept : held(stolen) {}
    ref(const ref &other) noexcept : held(other.held) { ouro_xincref(held); }
    ref(ref &&other) noexcept : held(other.release()) {}
    ~ref() { ouro_xdecref(held); }

    /* What was held is dropped last: its finalizer may look at this very reference. */
    ref &operator=(ref other) noexcept
    {
        ouro_ref old = held;
        held = other.release();
        ouro_xdecref(old);
        return *this;
    }

    /* Borrowed; NULL if nothing is held. */
    operator ouro_ref() const noexcept { return held; }
    ouro_ref get() const noexcept { return held; }

    /* Hand the reference on, to a call that steals it or as a result; nothing is held then. */
    ouro_ref release() noexcept
    {
        ouro_ref given = held;
        held = nullptr;
        return given;
    }

  private:
    ouro_ref held;
};

/* Hold a borrowed reference, or NULL: a count is added. */
inline ref share(ouro_ref borrowed) noexcept
{
    ouro_xincref(borrowed);
    return ref(borrowed);
}

} /* namespace ouro */

#endif
