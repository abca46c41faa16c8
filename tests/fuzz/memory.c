/* tests/fuzz/memory.c - how many bytes are in use at once. Under the sanitizers their hooks tell; without them the C library's
 * functions are stood in for, which also sees what libxml2 and the other libraries take. */
#include "fuzz/fuzz.h"

#include <errno.h>
#include <malloc.h>
#include <stdint.h>
#include <stdlib.h>

static size_t in_use;
static size_t most_in_use;
static size_t in_use_at_begin;

#if defined(__SANITIZE_ADDRESS__)
#define HAS_HOOKS 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define HAS_HOOKS 1
#endif
#endif

static void count_taken(size_t bytes)
{
    in_use += bytes;
    if (in_use > most_in_use)
        most_in_use = in_use;
}

static void count_given_back(size_t bytes)
{
    in_use = in_use > bytes ? in_use - bytes : 0;
}

#ifdef HAS_HOOKS

size_t __sanitizer_get_allocated_size(const volatile void *bytes);
int __sanitizer_install_malloc_and_free_hooks(void (*taken)(const volatile void *, size_t), void (*freed)(const volatile void *));

static void on_taken(const volatile void *bytes, size_t size)
{
    (void)bytes;
    count_taken(size);
}

static void on_freed(const volatile void *bytes)
{
    if (bytes != NULL)
        count_given_back(__sanitizer_get_allocated_size(bytes));
}

static void watch(void)
{
    static int installed;
    if (!installed)
        installed = __sanitizer_install_malloc_and_free_hooks(on_taken, on_freed);
}

#else

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *bytes, size_t size);
void __libc_free(void *bytes);

void *malloc(size_t size)
{
    void *bytes = __libc_malloc(size);
    count_taken(malloc_usable_size(bytes));
    return bytes;
}

void *calloc(size_t count, size_t size)
{
    void *bytes = __libc_calloc(count, size);
    count_taken(malloc_usable_size(bytes));
    return bytes;
}

void *realloc(void *bytes, size_t size)
{
    size_t before = malloc_usable_size(bytes);
    void *larger = __libc_realloc(bytes, size);
    if (larger != NULL || size == 0) {
        count_given_back(before);
        count_taken(malloc_usable_size(larger));
    }
    return larger;
}

void free(void *bytes)
{
    int kept = errno;
    count_given_back(malloc_usable_size(bytes));
    __libc_free(bytes);
    errno = kept;
}

static void watch(void)
{
}

#endif

void fuzz_memory_begin(void)
{
    watch();
    most_in_use = in_use_at_begin = in_use;
}

size_t fuzz_memory_most(void)
{
    return most_in_use - in_use_at_begin;
}
