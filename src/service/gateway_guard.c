/* src/service/gateway_guard.c - two small tables of counters, found by a keyed hash. */
#include "gateway_guard.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

enum { BUCKETS = 512, WAYS = 4, ADDRESS_MOST = 64, LOGON_MOST = 255 };
enum { FREE_FAILURES = 5, MOST_FAILURES = 20, DELAY_MOST_S = 30, WINDOW_MS = 10 * 60 * 1000, BLOCK_MS = 15 * 60 * 1000 };

typedef struct counter {
    uint64_t key; /* 0: free */
    int64_t since, until, used;
    double count;
} counter;

struct gateway_guard {
    unsigned char secret[crypto_shorthash_KEYBYTES];
    counter connections[BUCKETS][WAYS], failures[BUCKETS][WAYS];
};

gateway_guard *gateway_guard_new(void)
{
    gateway_guard *guard = sodium_init() < 0 ? NULL : calloc(1, sizeof *guard);
    if (guard != NULL)
        crypto_shorthash_keygen(guard->secret);
    return guard;
}

void gateway_guard_free(gateway_guard *guard)
{
    free(guard);
}

static uint64_t key_of(const gateway_guard *guard, const char *peer, text logon)
{
    unsigned char whole[ADDRESS_MOST + 1 + LOGON_MOST], hash[crypto_shorthash_BYTES];
    size_t length = strnlen(peer, ADDRESS_MOST), more = logon.length > LOGON_MOST ? LOGON_MOST : logon.length;
    uint64_t key;
    memcpy(whole, peer, length);
    whole[length++] = 0;
    if (more > 0)
        memcpy(whole + length, logon.bytes, more);
    crypto_shorthash(hash, whole, length + more, guard->secret);
    memcpy(&key, hash, sizeof key);
    return key == 0 ? 1 : key;
}

/* The row of this key; a new one in place of the one that was used longest ago. */
static counter *row_of(counter table[BUCKETS][WAYS], uint64_t key, int64_t now)
{
    counter *bucket = table[key % BUCKETS], *oldest = bucket;
    for (size_t i = 0; i < WAYS; i++) {
        if (bucket[i].key == key) {
            bucket[i].used = now;
            return &bucket[i];
        }
        if (bucket[i].key == 0 || (oldest->key != 0 && bucket[i].used < oldest->used))
            oldest = &bucket[i];
    }
    *oldest = (counter){ .key = key, .since = now, .used = now };
    return oldest;
}

/* A bucket that leaks `per_second` and holds as many. */
bool gateway_guard_admits(gateway_guard *guard, const char *peer, int per_second, int64_t now)
{
    counter *row = row_of(guard->connections, key_of(guard, peer, text_of(NULL, 0)), now);
    double leaked = (double)(now - row->since) * per_second / 1000.0;
    row->count = row->count > leaked ? row->count - leaked : 0;
    row->since = now;
    if (row->count + 1 > per_second)
        return false;
    row->count += 1;
    return true;
}

bool gateway_guard_refuses(gateway_guard *guard, const char *peer, text logon, int64_t now)
{
    return row_of(guard->failures, key_of(guard, peer, logon), now)->until > now;
}

int gateway_guard_answered(gateway_guard *guard, const char *peer, text logon, bool failed, int64_t now)
{
    counter *row = row_of(guard->failures, key_of(guard, peer, logon), now);
    if (now - row->since > WINDOW_MS || (row->until != 0 && row->until <= now))
        *row = (counter){ .key = row->key, .since = now, .used = now };
    int before = (int)row->count,
        delay = before < FREE_FAILURES ? 0 : 1 << (before - FREE_FAILURES < 5 ? before - FREE_FAILURES : 5);
    row->count = failed ? row->count + 1 : 0;
    if (row->count >= MOST_FAILURES)
        row->until = now + BLOCK_MS;
    return (delay > DELAY_MOST_S ? DELAY_MOST_S : delay) * 1000;
}
