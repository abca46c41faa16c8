/* src/cli/command_line.h - what the subcommands share: the global options, output that is checked, input files, the repository.
 */
#ifndef RECTO_CLI_COMMAND_LINE_H
#define RECTO_CLI_COMMAND_LINE_H

#include "recto/base/clock.h"
#include "recto/base/json.h"
#include "recto/catalog/catalog.h"
#include "recto/marc/formats.h"

typedef struct command_line {
    const char *repository, *user, *institution, *keymap, *theme, *password_file;
    const char *linear; /* not NULL: --linear */
    bool json;
    recto_clock clock;
    buffer out; /* standard output, written by output_flush */
    bool out_is_terminal;
    bool utf8; /* may the terminal be sent UTF-8? */
} command_line;

typedef struct subcommand {
    const char *name, *arguments, *does;                   /* for --help and the man page */
    int (*run)(command_line *line, int argc, char **argv); /* argv[0] is the name; gives the exit status */
} subcommand;

/* One function a subcommand; each lives in command_NAME.c. */
int command_init(command_line *line, int argc, char **argv);
int command_demo(command_line *line, int argc, char **argv);
int command_load(command_line *line, int argc, char **argv);
int command_search(command_line *line, int argc, char **argv);
int command_show(command_line *line, int argc, char **argv);
int command_browse(command_line *line, int argc, char **argv);
int command_set(command_line *line, int argc, char **argv);
int command_versions(command_line *line, int argc, char **argv);
int command_diff(command_line *line, int argc, char **argv);
int command_blame(command_line *line, int argc, char **argv);
int command_restore(command_line *line, int argc, char **argv);
int command_save(command_line *line, int argc, char **argv);
int command_merge(command_line *line, int argc, char **argv);
int command_match(command_line *line, int argc, char **argv);
void command_convert_help(command_line *line);
void command_match_help(command_line *line);
void command_search_help(command_line *line);
int command_convert(command_line *line, int argc, char **argv);
int command_validate(command_line *line, int argc, char **argv);
int command_external(command_line *line, int argc, char **argv);
int command_target(command_line *line, int argc, char **argv);
int command_authority(command_line *line, int argc, char **argv);
int command_lock(command_line *line, int argc, char **argv);
int command_serve(command_line *line, int argc, char **argv);
int command_gateway(command_line *line, int argc, char **argv);
int command_profile(command_line *line, int argc, char **argv);
int command_template(command_line *line, int argc, char **argv);
int command_new(command_line *line, int argc, char **argv);
int command_strings(command_line *line, int argc, char **argv);
int command_macros(command_line *line, int argc, char **argv);
int command_user(command_line *line, int argc, char **argv);
int command_checks(command_line *line, int argc, char **argv);
int command_setting(command_line *line, int argc, char **argv);
int command_check(command_line *line, int argc, char **argv);
int command_backup(command_line *line, int argc, char **argv);
int command_keymap(command_line *line, int argc, char **argv);
int command_rule(command_line *line, int argc, char **argv);
void command_rule_help(command_line *line);
int command_job(command_line *line, int argc, char **argv);
int command_combine(command_line *line, int argc, char **argv);
int command_undo_merge(command_line *line, int argc, char **argv);
int command_workstation(command_line *line);

/* Saying things. */
int report(const recto_error *error); /* "recto: ..." on standard error; gives the exit status */
int usage(const char *format, ...) __attribute__((format(printf, 1, 2))); /* wrong usage: 2 */
void note(const char *format, ...) __attribute__((format(printf, 1, 2))); /* a message on standard error, filtered */

/* Standard output. Data goes out exact into a file or pipe, and filtered to a terminal (RL-153). */
void print(command_line *line, text data);
/** A sentence whose data was filtered when it was made: <U+009B> in it is no typed one (RL-152). */
void print_shown(command_line *line, text shown);
void print_format(command_line *line, const char *format, ...) __attribute__((format(printf, 2, 3)));
void print_end(command_line *line);   /* a line end, and writes out what has gathered */
int output_flush(command_line *line); /* 0, or 5 with a message: no space, closed pipe (RL-7) */

/* Options: long names only, as --name VALUE or --name=VALUE; `--` ends them. */
typedef struct option_value {
    const char *name; /* without the dashes */
    bool takes_value;
    const char **value;                             /* receives the argument, or "" for a flag; may be NULL when `each` is set */
    void (*each)(void *context, const char *value); /* for options that may be given more than once */
    void *context;
} option_value;
extern const char *const global_options[]; /* their names, NULL behind them */
/** Reads the options of a command wherever they stand. The operands then are argv[1] and following, NULL behind them.
 *  @return how many operands, or -1 after a message (exit 2) */
int read_options(int argc, char **argv, const option_value *options, size_t count);
/** Reads only the options before the first operand: the global ones. @return index of that operand, or -1 after a message */
int read_leading_options(int argc, char **argv, const option_value *options, size_t count);

/** A number of an option: false after a message. */
bool option_number(const char *name, const char *value, int64_t least, int64_t most, int64_t *out);

/* Says on standard error that a repository of an older schema is brought up to date, if that takes more than a moment. */
typedef struct migration_words {
    int64_t next_ms; /* of the monotonic clock: when the next line is due; 0 at first */
    bool said;
} migration_words;
void tell_migration(void *words, const repo_migration *now); /* a repo_migration_teller */

/* The repository, as the global options name it; who waits for an older one to be brought up is told so. */
recto_status open_repository(repo **out, const command_line *line, repo_mode mode, recto_error *error);
recto_status open_catalog(catalog **out, const command_line *line, repo_mode mode, bool with_session, recto_error *error);
void repository_path(const command_line *line, char *out, size_t capacity);
const char *login_name(char *out, size_t capacity);
recto_status zone_named(const repo_zone **out, const catalog *catalog, const char *name,
                        recto_error *error); /* iz, nz, cz; NULL: iz */

/* Files of records. */
typedef struct record_file {
    marc_reader *reader;
    int descriptor;
    const char *name;
    int64_t size;                /* -1: not known */
    marc_reader_options options; /* of the reader */
} record_file;
/** Opens NAME ("-" is standard input). format: a name, or NULL to tell from ending and content. */
recto_status record_file_open(record_file *out, const char *name, const char *format, const char *encoding,
                              const marc_reader_options *more, recto_error *error);
void record_file_close(record_file *file);
ssize_t record_file_read(void *file, char *bytes, size_t capacity, recto_error *error); /* a marc_source */
/** All bytes of a file, "-" being standard input. @param out  is made here, and yours to release, whatever is returned */
recto_status file_bytes(buffer *out, const char *name, size_t limit, recto_error *error);
/** Puts FILE before the place that an error names: the rooms below know lines, not files. Gives the status of the error. */
recto_status in_file(recto_error *error, const char *file);
/** The first record of a file, which must be sound. */
recto_status record_file_first(marc_record **out, const char *name, const char *format, recto_error *error);
bool format_named(marc_format *out, const char *name, marc_format otherwise); /* false after a message */
/** To be told where a person or a service sets to work (RL-91); a command of a moment says nothing. */
void warn_of_place(const repo *repo);

/* SIGINT and SIGTERM are blocked from then on, and looked at between two records: long work ends where it can go on. */
void hold_signals(void);
bool signal_waits(void);

/** As marc_field_line, and the leader as a field of tag LDR too: `LDR 00000nam\\a22...`. */
void append_field_line(buffer *out, const marc_field *field);

const char *zone_name(zone_kind kind); /* iz, nz, cz: the names of cli.md */
void print_save_outcome(command_line *line, const ingest_outcome *outcome);
int status_of_outcome(outcome_kind kind); /* the exit status */
void print_bib_json(json_writer *json, const bib_info *info, const catalog *catalog);

/* command_search.c */
bool search_type_chosen(search_type *out, const char *name); /* "physical-titles"; false: there is no such type */

#endif
