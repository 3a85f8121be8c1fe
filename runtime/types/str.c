/* SPDX-License-Identifier: MIT
 * str.c - the str type: immutable UTF-8, contiguous, with its length and its hash. */
#include "hash.h"
#include "types/ops.h"
#include "types/str.h"

/* With the zero byte. */
static size_t size_for(size_t bytes)
{
    size_t head = bytes < STR_LONG ? offsetof(struct str, text) : offsetof(struct long_str, text);
    return head + bytes + 1;
}
static size_t str_sizeof(ouro_ref self)
{
    size_t bytes;
    (void)str_text(self, &bytes);
    return size_for(bytes);
}

extern const struct ouro_type ouro_str_type;

/* Length of the UTF-8 sequence at `at`, or 0 if it is not one.  Surrogates pass: Python's json
 * makes strings with lone ones. */
static size_t sequence_length(const uint8_t *at, size_t left)
{
    static const uint32_t least[5] = {0, 0, 0x80, 0x800, 0x10000};
    if (at[0] < 0x80) return 1;
    size_t n = at[0] >= 0xf0 ? 4 : at[0] >= 0xe0 ? 3 : 2;
    if (at[0] < 0xc2 || at[0] > 0xf4 || n > left) return 0;
    uint32_t point = at[0] & (0xffu >> (n + 1));
    for (size_t i = 1; i < n; i++) {
        if ((at[i] & 0xc0) != 0x80) return 0;
        point = point << 6 | (at[i] & 0x3fu);
    }
    return point >= least[n] && point <= 0x10ffff ? n : 0;
}

bool str_is_valid(const char *utf8, size_t bytes, size_t *points)
{
    *points = 0;
    for (size_t i = 0, n; i < bytes; i += n, ++*points) {
        n = sequence_length((const uint8_t *)utf8 + i, bytes - i);
        if (n > 0) continue;
        ouro_error_set(OURO_VALUE_ERROR, "not valid UTF-8");
        return false;
    }
    return true;
}

/* The buffer of a str that was just made, of that length. */
static char *prepare(ouro_ref ref, size_t bytes)
{
    struct long_str *wide = (struct long_str *)(void *)ref;
    if (bytes < STR_LONG) {
        str_of(ref)->length = (uint8_t)bytes;
    } else {
        wide->length_points = STR_LONG;
        wide->bytes = (uint32_t)bytes;
    }
    str_of(ref)->hash = 0;
    char *text = str_text(ref, &bytes);
    text[bytes] = '\0';
    return text;
}

void str_keep_points(ouro_ref ref, size_t points)
{
    if (str_of(ref)->length == STR_LONG && is_counted(ref))
        ((struct long_str *)(void *)ref)->length_points = STR_LONG | (uint32_t)(points + 1) << 8;
}

/* For a call with this stack. */
__attribute__((always_inline)) static inline ouro_ref alloc(size_t bytes, char **buffer,
                                                            const void *stack)
{
    if (bytes > UINT32_MAX / 2) {
        ouro_error_set(OURO_MEMORY_ERROR, "out of memory");
        return NULL;
    }
    ouro_ref ref = (leaf_new)(&ouro_str_type, size_for(bytes), stack);
    if (ref) *buffer = prepare(ref, bytes);
    return ref;
}

ouro_ref ouro_str_alloc(size_t bytes, char **buffer)
{
    OURO_THREAD_ONLY();
    return alloc(bytes, buffer, STACK());
}

ouro_ref str_make(const char *utf8, size_t bytes)
{
    ouro_ref ref = object_make(&ouro_str_type, size_for(bytes));
    if (ref) memcpy(prepare(ref, bytes), utf8, bytes);
    return ref;
}

/* Called last, so that it returns to the program itself. */
__attribute__((noinline)) static ouro_ref copy(const char *utf8, size_t bytes)
{
    size_t points;
    if (!str_is_valid(utf8, bytes, &points)) return NULL;
    char *buffer;
    ouro_ref ref = alloc(bytes, &buffer, STACK());
    if (!ref) return NULL;
    memcpy(buffer, utf8, bytes);
    str_keep_points(ref, points);
    return ref;
}

ouro_ref ouro_str_new(const char *utf8, size_t bytes)
{
    OURO_THREAD_ONLY();
    return copy(utf8, bytes);
}

ouro_ref ouro_str_from(const char *utf8)
{
    OURO_THREAD_ONLY();
    return copy(utf8, strlen(utf8));
}

const char *ouro_str_bytes(ouro_ref ref, size_t *bytes)
{
    if (ouro_type_index(ref) != OURO_TYPE_STR) {
        ouro_error_set(OURO_TYPE_ERROR, "a str was expected");
        return NULL;
    }
    size_t own;
    return str_text(ref, bytes ? bytes : &own);
}

uint32_t str_hash(ouro_ref ref)
{
    struct str *str = str_of(ref);
    if (str->hash) return str->hash;
    size_t bytes;
    const char *text = str_text(ref, &bytes);
    uint32_t hash = hash_bytes(text, bytes);
    hash |= hash == 0;                     /* 0 means not computed */
    if (is_counted(ref)) str->hash = hash; /* no constant is written to */
    return hash;
}

bool str_equal(ouro_ref a, ouro_ref b)
{
    uint32_t x = str_of(a)->hash, y = str_of(b)->hash;
    if (x && y && x != y) return false;
    size_t n, m;
    const char *text = str_text(a, &n), *other = str_text(b, &m);
    return n == m && memcmp(text, other, n) == 0;
}

/* ---- operations ---- */

static int hash_op(ouro_ref self, uint32_t *hash)
{
    *hash = str_hash(self);
    return 0;
}

/* UTF-8 sorts as its code points do. */
static int compare_op(ouro_ref self, ouro_ref other, enum ouro_op op)
{
    if (ouro_type_index(other) != OURO_TYPE_STR) return OURO_NOT_IMPLEMENTED;
    if (op == OURO_EQ) return str_equal(self, other);
    size_t n, m;
    const char *a = str_text(self, &n), *b = str_text(other, &m);
    int order = memcmp(a, b, n < m ? n : m);
    if (order == 0) order = n < m ? -1 : n > m;
    return answer_for(op, order < 0 ? -1 : order > 0);
}

static int str_op(ouro_ref self, ouro_write_fn *write, void *context)
{
    size_t bytes;
    const char *text = str_text(self, &bytes);
    write(context, text, bytes);
    return 0;
}

static const struct ouro_ops str_ops = {
    .repr = str_repr,
    .str = str_op,
    .hash = hash_op,
    .compare = compare_op,
    .len = str_points,
    .iterate = str_iterate,
    .take = str_take,
};

const struct ouro_type ouro_str_type = {
    .name = "str",
    .index = OURO_TYPE_STR,
    .size_bytes = offsetof(struct str, text),
    .sizeof_bytes = str_sizeof,
    .ops = &str_ops,
};
