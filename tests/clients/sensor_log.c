/* SPDX-License-Identifier: MIT
 * sensor_log.c - readings of many sensors in a bounded log, and a cache of averages.
 *
 * The log is a list of (time, sensor, value), cut back when it is full.  Averages are worth keeping
 * but not worth memory: the cache holds so many and lets go of the one unused for longest. */
#include "print.h"

enum { SENSORS = 8, READINGS = 1000, LOG_MOST = 64, CACHE_MOST = 4 };

/* A reading that looks like one. */
static double read_sensor(unsigned sensor, unsigned time)
{
    return 20.0 + sensor + (double)(time * 7 % 13) / 4.0;
}

/* Add a reading, the oldest half going when the log is full.  0 or -1. */
static int record(ouro_ref *log, unsigned time, unsigned sensor)
{
    if (ouro_list_len(*log) == LOG_MOST) {
        ouro_ref half = ouro_slice_new(ouro_int_new(LOG_MOST / 2), OURO_NONE, OURO_NONE);
        ouro_ref young = half ? ouro_slice_of(*log, half) : NULL;
        ouro_xdecref(half);
        if (!young) return -1;
        ouro_put(log, young); /* what it held goes little by little, within the calls to come */
    }
    ouro_ref value = ouro_float_new(read_sensor(sensor, time));
    ouro_ref entry =
        value ? ouro_tuple_of(3, ouro_int_new(time), ouro_int_new(sensor), value) : NULL;
    int result = entry ? ouro_list_append(*log, entry) : -1;

    ouro_xdecref(entry);
    ouro_xdecref(value);
    return result;
}

/* The average of a sensor's readings in the log: a new reference, or NULL. */
static ouro_ref average(ouro_ref log, unsigned sensor)
{
    double sum = 0.0, value;
    unsigned n = 0;

    for (size_t i = 0; i < ouro_list_len(log); i++) {
        ouro_ref entry = ouro_list_get(log, (ptrdiff_t)i);
        if (ouro_tuple_get(entry, 1) != ouro_int_new(sensor)) continue;
        if (ouro_float_get(ouro_tuple_get(entry, 2), &value) < 0) return NULL;
        sum += value;
        n++;
    }
    return ouro_float_new(n > 0 ? sum / n : 0.0);
}

/* The same, or what the cache still has: a new reference, or NULL. */
static ouro_ref cached_average(ouro_ref cache, ouro_ref log, unsigned sensor)
{
    ouro_ref key = ouro_int_new(sensor);

    ouro_error_clear();
    ouro_ref value = ouro_cache_get(cache, key);
    if (value || ouro_error_get(NULL) != OURO_NO_ERROR) return value;
    value = average(log, sensor);
    if (value && ouro_cache_set(cache, key, value) < 0) ouro_put(&value, NULL);
    return value;
}

int main(void)
{
    struct ouro_mem_stats stats;
    struct ouro_cache_info info;

    if (!start()) return 1;
    ouro_ref log = ouro_list_new(), cache = ouro_cache_new(CACHE_MOST, 0, NULL);
    if (!log || !cache) return fail("start");
    for (unsigned time = 0; time < READINGS; time++)
        if (record(&log, time, time * 5 % SENSORS) < 0) return fail("record");
    print_number("entries", (int64_t)ouro_list_len(log));
    print_object("last", ouro_list_get(log, -1));

    static const uint8_t asked[] = {0, 1, 0, 2, 3, 0, 4, 0, 1, 5, 5, 0};
    for (size_t i = 0; i < sizeof asked; i++) {
        ouro_ref value = cached_average(cache, log, asked[i]);
        if (!value) return fail("average");
        print_object("average", value);
        ouro_decref(value);
    }
    ouro_cache_info(cache, &info);
    print_number("hits", info.hits);
    print_number("misses", info.misses);
    ouro_diag_mem(&stats);
    print_number("peak is below 8 KiB", stats.peak_bytes < 8192);
    ouro_decref(log);
    ouro_decref(cache);
    return end_clean();
}
