/* src/late.c - the doors of z3950/ and service/, YAZ's MARC-8 tables and the XML parser: loaded when first used.
 *
 * YAZ brings thirty libraries along and libxml2 six, and loading them takes longer than all else that the workstation does
 * until its first screen stands. So these two rooms are linked as a module of their own, recto-targets.so, which lies beside the
 * program or in lib/recto; the functions below stand in its place and hand each call on. Rooms and tests know nothing of this. */
#include "recto/service/z3950_server.h"
#include "recto/z3950/z3950.h"

#include <dlfcn.h>
#include <libxml/parser.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <yaz/yaz-iconv.h>

static const char module_name[] = "recto-targets.so";

/* The module lies beside the program (build/), or in lib/recto beside its bin. */
static void *open_module(char *path, size_t capacity)
{
    static const char *const places[] = { "", "../lib/recto/" };
    char program[4096];
    ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
    void *module = NULL;
    if (length <= 0)
        return NULL;
    program[length] = '\0';
    char *slash = strrchr(program, '/');
    if (slash != NULL)
        slash[1] = '\0';
    for (size_t i = 0; module == NULL && i < sizeof places / sizeof *places; i++)
        if ((size_t)snprintf(path, capacity, "%s%s%s", program, places[i], module_name) < capacity)
            module = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    return module;
}

/* Loaded once and never given back: YAZ keeps threads and state that do not survive being unloaded. */
static void *module(void)
{
    static void *loaded;
    char path[4200];
    if (loaded == NULL)
        loaded = open_module(path, sizeof path);
    return loaded;
}

static recto_status load(recto_error *error)
{
    if (module() != NULL)
        return RECTO_OK;
    const char *reason = dlerror();
    return recto_fail(error, RECTO_EIO, module_name, "install Recto again", "cannot be loaded: %s",
                      reason == NULL ? "not found" : reason);
}

/* Only after load() went well, which the functions that make objects see to. */
static void *function(const char *name)
{
    void *found = module() == NULL ? NULL : dlsym(module(), name);
    if (found == NULL) {
        fprintf(stderr, "recto: %s has no %s; install Recto again\n", module_name, name);
        abort();
    }
    return found;
}

/* dlsym gives an object pointer; POSIX says that it may be used as a function's. */
#define HAND_ON(name, arguments) ((__typeof__(&name))(uintptr_t)function(#name)) arguments

#define MAKER(name, parameters, arguments)                                                                                       \
    recto_status name parameters                                                                                                 \
    {                                                                                                                            \
        recto_status status = load(error);                                                                                       \
        return status == RECTO_OK ? HAND_ON(name, arguments) : status;                                                           \
    }
#define GIVER(type, name, parameters, arguments)                                                                                 \
    type name parameters                                                                                                         \
    {                                                                                                                            \
        return HAND_ON(name, arguments);                                                                                         \
    }
#define DOER(name, parameters, arguments)                                                                                        \
    void name parameters                                                                                                         \
    {                                                                                                                            \
        HAND_ON(name, arguments);                                                                                                \
    }

MAKER(target_list_new, (target_list * *out, recto_error *error), (out, error))
MAKER(target_list_add, (target_list * list, text file, const char *name, recto_error *error), (list, file, name, error))
MAKER(target_list_add_address,
      (target_list * list, const char *name, const char *label, const char *host, int port, const char *database,
       recto_error *error),
      (list, name, label, host, port, database, error))
MAKER(target_list_credentials, (target_list * list, const char *path, recto_error *error), (list, path, error))
GIVER(size_t, target_list_count, (const target_list *list), (list))
GIVER(const target *, target_list_get, (const target_list *list, size_t index), (list, index))
GIVER(const target *, target_list_find, (const target_list *list, const char *name), (list, name))
GIVER(bool, target_supports, (const target_list *list, const target *target, external_box box), (list, target, box))
MAKER(external_search_new,
      (external_search * *out, target_list *list, const target *const *targets, size_t count, const external_query *query,
       size_t page_size, recto_error *error),
      (out, list, targets, count, query, page_size, error))
GIVER(size_t, external_search_wanted, (const external_search *search, struct pollfd *out, size_t capacity, int *timeout_ms),
      (search, out, capacity, timeout_ms))
GIVER(bool, external_search_step, (external_search * search, const struct pollfd *polled, size_t count), (search, polled, count))
GIVER(bool, external_search_busy, (const external_search *search), (search))
DOER(external_search_stop, (external_search * search), (search))
MAKER(external_search_more, (external_search * search, const target *target, size_t more, recto_error *error),
      (search, target, more, error))
GIVER(size_t, external_search_targets, (const external_search *search), (search))
GIVER(const external_status *, external_search_status, (const external_search *search, size_t index), (search, index))
GIVER(size_t, external_search_hits, (const external_search *search), (search))
GIVER(const external_hit *, external_search_hit, (const external_search *search, size_t index), (search, index))
MAKER(target_test,
      (target_list * list, const target *target, void (*tell)(void *context, const char *line), void *context,
       recto_error *error),
      (list, target, tell, context, error))
MAKER(service_z3950_run, (const service_z3950_options *options, recto_error *error), (options, error))
MAKER(service_z3950_spawn, (pid_t * pid, int *port, const service_z3950_options *options, recto_error *error),
      (pid, port, options, error))

/* What is freed may never have been made. */
void target_list_free(target_list *list)
{
    if (list != NULL)
        HAND_ON(target_list_free, (list));
}

void external_search_free(external_search *search)
{
    if (search != NULL)
        HAND_ON(external_search_free, (search));
}

void service_stop(pid_t pid)
{
    if (pid > 0)
        HAND_ON(service_stop, (pid));
}

/* MARC-8 in marc/: a record that needs it is rarer than a start of the program. */
yaz_iconv_t yaz_iconv_open(const char *to, const char *from)
{
    return module() == NULL ? NULL : HAND_ON(yaz_iconv_open, (to, from));
}

GIVER(size_t, yaz_iconv, (yaz_iconv_t converter, char **in, size_t *in_left, char **out, size_t *out_left),
      (converter, in, in_left, out, out_left))
GIVER(int, yaz_iconv_close, (yaz_iconv_t converter), (converter))

/* MARCXML in marc/. */
xmlParserCtxtPtr xmlCreatePushParserCtxt(xmlSAXHandlerPtr handler, void *context, const char *chunk, int size, const char *name)
{
    return module() == NULL ? NULL : HAND_ON(xmlCreatePushParserCtxt, (handler, context, chunk, size, name));
}

GIVER(int, xmlParseChunk, (xmlParserCtxtPtr parser, const char *chunk, int size, int terminate), (parser, chunk, size, terminate))
GIVER(int, xmlCtxtUseOptions, (xmlParserCtxtPtr parser, int options), (parser, options))
GIVER(long, xmlByteConsumed, (xmlParserCtxtPtr parser), (parser))
GIVER(int, xmlStrcasecmp, (const xmlChar *one, const xmlChar *other), (one, other))
GIVER(xmlGenericErrorFunc *, __xmlGenericError, (void), ())
GIVER(void **, __xmlGenericErrorContext, (void), ())
DOER(xmlSetGenericErrorFunc, (void *context, xmlGenericErrorFunc handler), (context, handler))
DOER(xmlStopParser, (xmlParserCtxtPtr parser), (parser))
DOER(xmlFreeParserCtxt, (xmlParserCtxtPtr parser), (parser))
