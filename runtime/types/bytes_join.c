/* SPDX-License-Identifier: MIT
 * bytes_join.c - bytes-like objects in a row; bytes as hexadecimal digits, and back.
 *
 * What is joined is collected in a bytearray, since items may be changed while others are made. */
#include "types/text.h"

struct joint {
    ouro_ref array, separator;
    int items;
};

static int join(void *context, ouro_ref item)
{
    struct joint *joint = context;
    if (!is_bytes_like(item)) {
        error_about(OURO_TYPE_ERROR, "sequence item %d: expected a bytes-like object, %T found",
                    joint->items, item);
        return -1;
    }
    if (joint->items++ && ouro_bytearray_extend(joint->array, joint->separator) < 0) return -1;
    return ouro_bytearray_extend(joint->array, item);
}

ouro_ref ouro_bytes_join(ouro_ref separator, ouro_ref items)
{
    const uint8_t *data;
    size_t n;
    if (!ouro_bytes_view(separator, &data, &n)) return NULL;
    ouro_incref(separator); /* to make room and to iterate may run anything */
    ouro_incref(items);
    struct joint joint = {ouro_bytearray_new(NULL, 0), separator, 0};
    if (joint.array && each_item(items, join, &joint) < 0) ouro_put(&joint.array, NULL);
    if (joint.array && ouro_type_index(separator) != OURO_TYPE_BYTEARRAY)
        ouro_put(&joint.array, ouro_bytes_new(bytes_data(joint.array), bytes_length(joint.array)));
    ouro_decref(items);
    ouro_decref(separator);
    return joint.array;
}

/* ---- hexadecimal ---- */

ouro_ref ouro_bytes_hex(ouro_ref bytes_like)
{
    const uint8_t *data;
    size_t n;
    char *text;
    if (!ouro_bytes_view(bytes_like, &data, &n)) return NULL;
    ouro_ref held = bytes_hold(bytes_like);
    ouro_ref str = ouro_str_alloc(2 * n, &text);
    for (size_t i = 0; str && i < n; i++) {
        text[2 * i] = "0123456789abcdef"[data[i] >> 4];
        text[2 * i + 1] = "0123456789abcdef"[data[i] & 0xf];
    }
    ouro_xdecref(held);
    return str;
}

/* What a digit is worth; 16 and more: it is none. */
static unsigned digit(char c)
{
    unsigned number = (unsigned)c - '0', letter = ((unsigned)c | 0x20u) - 'a';
    return number < 10 ? number : letter < 6 ? letter + 10 : 16;
}

/* Read a text; `data` gets the bytes unless it is NULL.  How many, or -1 with ValueError. */
static ptrdiff_t read_hex(const char *text, size_t n, uint8_t *data)
{
    ptrdiff_t count = 0;
    for (size_t i = 0; i < n; count++) {
        while (i < n && (text[i] == ' ' || (unsigned)text[i] - '\t' < 5u)) i++;
        if (i == n) break;
        unsigned high = digit(text[i]), low = high < 16 ? digit(text[i + 1]) : 16;
        if (low > 15) { /* a zero byte follows the last, which is none either */
            error_about(OURO_VALUE_ERROR,
                        "non-hexadecimal number found in fromhex() arg at position %d",
                        (int)(i + (high < 16)));
            return -1;
        }
        if (data) data[count] = (uint8_t)(high << 4 | low);
        i += 2;
    }
    return count;
}

ouro_ref ouro_bytes_fromhex(ouro_ref str)
{
    size_t n;
    uint8_t *data;
    if (!is_str(str))
        return error_about(OURO_TYPE_ERROR, "fromhex() argument must be str, not %T", str);
    const char *text = str_text(str, &n);
    ptrdiff_t count = read_hex(text, n, NULL);
    if (count < 0) return NULL;
    ouro_incref(str); /* what is collected on the way may drop the last other reference */
    ouro_ref bytes = ouro_bytes_alloc((size_t)count, &data);
    if (bytes) (void)read_hex(text, n, data);
    ouro_decref(str);
    return bytes;
}
