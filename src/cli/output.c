/* src/cli/output.c - standard output that is checked, messages that are filtered, options that are explained. */
#include "command_line.h"

#include "recto/base/utf8.h"
#include "recto/base/whole_file.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { WRITE_AT = 256 * 1024 };

/* The message is whole before it is written, so that lines of several processes do not mix. */
static void say(const char *message)
{
    buffer safe;
    buffer_init(&safe, 64 * 1024);
    buffer_append_string(&safe, "recto: ");
    display_append(&safe, text_from(message), true);
    buffer_append_char(&safe, '\n');
    /* Not even for the message there may be memory; and nobody is left to be told of a failure. */
    (void)write_all(STDERR_FILENO, buffer_failed(&safe) ? TEXT("recto: out of memory\n") : buffer_text(&safe));
    buffer_release(&safe);
}

int report(const recto_error *error)
{
    char message[RECTO_ERROR_WHAT + RECTO_ERROR_WHERE + RECTO_ERROR_TODO];
    recto_error_line(message, sizeof message, error);
    say(message);
    return recto_exit_status(error->status);
}

static void say_format(const char *format, va_list arguments)
{
    char message[2048];
    vsnprintf(message, sizeof message, format, arguments);
    say(message);
}

int usage(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    say_format(format, arguments);
    va_end(arguments);
    return 2;
}

void note(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    say_format(format, arguments);
    va_end(arguments);
}

int output_flush(command_line *line)
{
    int status = 0;
    if (buffer_failed(&line->out)) {
        note("out of memory while printing");
        status = 5;
    } else if (line->out.length > 0 && !write_all(STDOUT_FILENO, buffer_text(&line->out))) {
        status = errno == EPIPE ? 0 : 5; /* the reader had enough: no message (RL-143) */
        if (status != 0)
            note("cannot write standard output: %s", strerror(errno));
        else
            _exit(0);
    }
    buffer_clear(&line->out);
    return status;
}

/* To a terminal every line is filtered apart from its end; to a file or pipe bytes are exact. */
static void print_by(command_line *line, text data, void (*append)(buffer *out, text data, bool utf8))
{
    if (!line->out_is_terminal) {
        buffer_append_text(&line->out, data);
    } else {
        for (text rest = data; rest.bytes != NULL;) {
            text part = text_next_field(&rest, '\n');
            for (text columns = part; columns.bytes != NULL;) {
                append(&line->out, text_next_field(&columns, '\t'), line->utf8);
                if (columns.bytes != NULL)
                    buffer_append_char(&line->out, '\t');
            }
            if (rest.bytes != NULL)
                buffer_append_char(&line->out, '\n');
        }
    }
    if (line->out.length > WRITE_AT)
        output_flush(line);
}

void print(command_line *line, text data)
{
    print_by(line, data, display_append_data);
}

void print_shown(command_line *line, text shown)
{
    print_by(line, shown, display_append);
}

void print_format(command_line *line, const char *format, ...)
{
    buffer formatted;
    char small[4096];
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(small, sizeof small, format, arguments);
    va_end(arguments);
    if (length >= 0 && (size_t)length < sizeof small) {
        print(line, text_of(small, (size_t)length));
        return;
    }
    buffer_init(&formatted, 0);
    char *room = length < 0 ? NULL : buffer_reserve(&formatted, (size_t)length);
    if (room != NULL) {
        va_start(arguments, format);
        vsnprintf(room, (size_t)length + 1, format, arguments);
        va_end(arguments);
        print(line, text_of(room, (size_t)length));
    }
    buffer_release(&formatted);
}

void print_end(command_line *line)
{
    buffer_append_char(&line->out, '\n');
    if (line->out_is_terminal)
        output_flush(line);
}

static const option_value *option_of(const option_value *options, size_t count, const char *name, size_t length)
{
    for (size_t i = 0; i < count; i++)
        if (strlen(options[i].name) == length && strncmp(options[i].name, name, length) == 0)
            return &options[i];
    return NULL;
}

/* @param command  whose options they are; NULL: the global ones */
static int unknown_option(const char *command, const char *given, const char *name, size_t length)
{
    if (command == NULL)
        return usage("unknown option '%s'; recto --help lists the options", given);
    for (const char *const *global = global_options; *global != NULL; global++)
        if (strlen(*global) == length && strncmp(*global, name, length) == 0)
            return usage("--%s is for all commands and stands before the command: recto --%s ... %s", *global, *global, command);
    return usage("unknown option '%s'; recto %s --help lists the options", given, command);
}

/* Reads the option at argv[at]. @return how many arguments it took, or -1 after a message */
static int read_option(int argc, char **argv, int at, const char *command, const option_value *options, size_t count)
{
    const char *given = argv[at];
    if (strncmp(given, "--password", 10) == 0 && strncmp(given, "--password-file", 15) != 0)
        return usage("a password is never given as an option; it is asked for, or read with --password-file FILE"), -1;
    const char *name = given + 2, *equals = given[1] == '-' ? strchr(name, '=') : NULL;
    size_t length = given[1] != '-' ? 0 : equals == NULL ? strlen(name) : (size_t)(equals - name);
    const option_value *option = option_of(options, count, name, length);
    if (option == NULL)
        return unknown_option(command, given, name, length), -1;
    if (!option->takes_value && equals != NULL)
        return usage("--%s takes no value", option->name), -1;
    if (option->takes_value && equals == NULL && at + 1 == argc)
        return usage("--%s needs a value", option->name), -1;
    const char *value = !option->takes_value ? "" : equals != NULL ? equals + 1 : argv[at + 1];
    if (option->value != NULL)
        *option->value = value;
    if (option->each != NULL)
        option->each(option->context, value);
    return option->takes_value && equals == NULL ? 2 : 1;
}

static bool is_option(const char *argument)
{
    return argument[0] == '-' && argument[1] != '\0';
}

int read_leading_options(int argc, char **argv, const option_value *options, size_t count)
{
    int at = 1;
    while (at < argc && is_option(argv[at])) {
        if (strcmp(argv[at], "--") == 0)
            return at + 1;
        int taken = read_option(argc, argv, at, NULL, options, count);
        if (taken < 0)
            return -1;
        at += taken;
    }
    return at;
}

int read_options(int argc, char **argv, const option_value *options, size_t count)
{
    int operands = 0, at = 1;
    while (at < argc && strcmp(argv[at], "--") != 0) {
        if (!is_option(argv[at])) { /* kept in front, in order, for the caller */
            argv[1 + operands++] = argv[at++];
            continue;
        }
        int taken = read_option(argc, argv, at, argv[0], options, count);
        if (taken < 0)
            return -1;
        at += taken;
    }
    for (at += at < argc; at < argc; at++)
        argv[1 + operands++] = argv[at];
    argv[1 + operands] = NULL;
    return operands;
}

bool option_number(const char *name, const char *value, int64_t least, int64_t most, int64_t *out)
{
    if (text_to_integer(text_from(value), out) && *out >= least && *out <= most)
        return true;
    usage("--%s takes a whole number from %lld to %lld, not '%s'", name, (long long)least, (long long)most, value);
    return false;
}
