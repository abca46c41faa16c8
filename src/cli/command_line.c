/* src/cli/command_line.c - the table of subcommands, the global options, --help and --version. */
#include "command_line.h"

#include "recto/base/crash.h"
#include "recto/base/nearest.h"
#include "recto/cli/cli.h"

#include <fcntl.h>
#include <langinfo.h>
#include <locale.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

static const subcommand subcommands[] = {
    { "init", "[--institution CODE]... [--network CODE]", "create a repository", command_init },
    { "demo", "[DIR]", "a demonstration repository with a local target, and the workstation", command_demo },
    { "load",
      "[--zone iz|nz|cz] [--format F] [--encoding E] [--rejects FILE] [--as-is] [--restart] [--jobs N] [--memory MIB] FILE...",
      "load records in bulk", command_load },
    { "search",
      "[--type T] [--zone Z] [--index I] [--limit N] [--count] [--sort KEY] [--facets] [--facet NAME=VALUE]... [--format F] "
      "QUERY",
      "search the repository", command_search },
    { "browse",
      "names|subjects|series|titles|call-numbers|shelf [--zone Z] [--source all|*|naf|lcsh...] [--before N] [--after N] [FROM]",
      "look through headings and call numbers", command_browse },
    { "set", "list|members NAME|keep NAME QUERY [--items]|fill NAME FILE|unite|intersect|subtract NAME OTHER|delete NAME",
      "sets of records: by a query, or listed one by one", command_set },
    { "show", "[--format F] [--version N] MMSID...", "print records", command_show },
    { "versions", "MMSID", "list the versions of a record", command_versions },
    { "diff", "[--all] MMSID [N [M]]", "what differs between two versions of a record; the last two without numbers",
      command_diff },
    { "blame", "[--subfields] MMSID", "who last changed each field, when, and by what", command_blame },
    { "restore", "MMSID N [--field TAG[n]]", "save an earlier version again, or one of its fields", command_restore },
    { "save", "[--zone Z] [--policy ask|load] [--on-match merge|overlay|new|refuse] [--if-version N] FILE", "save one record",
      command_save },
    { "merge", "--rule FILE|NAME [--from F] [--to F] [--preview] PRIMARY SECONDARY", "merge two records, files or MMS IDs",
      command_merge },
    { "combine", "[--rule NAME] [--secondary delete|suppress|keep] [--plan|--yes] PRIMARY SECONDARY",
      "merge two records of the repository with all that hangs on them", command_combine },
    { "undo-merge", "MMSID", "take back the merge that was the last save of a record", command_undo_merge },
    { "match", "[--method NAME|PROFILE] [--zone Z] [--why-not MMSID] RECORDFILE", "list the repository's matches for records",
      command_match },
    { "rule", "check|print|apply|list|show|save|versions|delete|use ...", "rules: check, apply, keep and choose them",
      command_rule },
    { "job", "list|show ID|records ID|revert ID", "what was done to many records, and taking it back", command_job },
    { "convert",
      "[--from F] [--to F|none] [--from-encoding E] [--to-encoding E] [--references|--lossy] [--long-records]"
      " [--mnemonics] [--jobs N] [FILE]",
      "convert between record formats", command_convert },
    { "validate", "[--severity block|warning|info] [--profile FILE] [--checks FILE] [--zone Z] RECORDFILE | --codes",
      "validate records against MARC 21", command_validate },
    { "external", "[--target NAME]... [--index NAME] QUERY", "search other catalogs by Z39.50 and SRU", command_external },
    { "target", "list|test NAME|add NAME --host HOST [--port N] [--database NAME] [--label TEXT]",
      "the libraries that 'external' searches", command_target },
    { "authority", "bibs|former|update MMSID", "bibs of an authority record; giving them its changed heading",
      command_authority },
    { "lock", "list|break MMSID", "who holds what, since when", command_lock },
    { "serve", "gateway|z3950|all [--listen ADDR] [--port N] [--z3950-port N] [--check]",
      "the Connexion gateway, and the repository as a Z39.50 and SRU target", command_serve },
    { "gateway", "log|retry NUMBER|status [--listen ADDR] [--port N]", "what came from Connexion, and trying it again",
      command_gateway },
    { "profile", "list|show|set|import|export|delete|passwd|check|keys", "integration profiles as readable files",
      command_profile },
    { "template", "list|show NAME|export NAME [FILE]|import [--name NAME] [--scope S] FILE...|delete NAME",
      "record templates as readable files", command_template },
    { "new", "--template NAME [--to F] [PROMPT=VALUE]...", "a record from a template, on standard output: pipe it to save",
      command_new },
    { "strings", "[--shared] export [FILE]|import FILE", "text strings of the editor, with their keys, as one file",
      command_strings },
    { "macros", "[--shared] export [FILE]|import FILE", "macros of the editor, with their keys, as one file", command_macros },
    { "user", "add|list|passwd|roles|level|levels", "users, roles, passwords and cataloging levels", command_user },
    { "setting", "list|get NAME|set NAME VALUE [--zone Z]", "what a zone has decided for all who work in it", command_setting },
    { "checks", "list|export [FILE]|import FILE|clear [--zone Z]",
      "a library's own checks of records, as a readable file; 'recto check' proves the repository", command_checks },
    { "check", "[--full] [--rebuild-index]", "prove the repository sound; a library's own checks of records are 'recto checks'",
      command_check },
    { "backup", "FILE", "a consistent copy while others work", command_backup },
    { "keymap", "[NAME]", "print a keymap as a table; faults and conflicts of its files first", command_keymap },
    { "keys", "[--keymap NAME]", "the same: every key of every screen, its command and title", command_keymap },
};
/* What --help of a command says besides. */
static const struct {
    const char *name;
    void (*tell)(command_line *line);
} details[] = { { "convert", command_convert_help },
                { "match", command_match_help },
                { "search", command_search_help },
                { "rule", command_rule_help } };
/* What run() reads, for commands that are given one of them. */
const char *const global_options[] = { "repo",  "user",          "institution", "config", "keymap",
                                       "theme", "password-file", "linear",      "json",   NULL };
/* Named in the documentation and not there yet: said so, with status 2. */
static const char *const later[] = { "import", "publish" };

enum { SUBCOMMANDS = sizeof subcommands / sizeof *subcommands };

static const char usage_text[] =
    "usage: recto [--repo FILE] [--user NAME] [--password-file FILE] [--institution CODE] [--config DIR] [--keymap NAME]\n"
    "             [--theme NAME] [--linear] [--json] [COMMAND ...]\n\n"
    "Without a command the workstation opens; with --linear line by line, for screen readers. `recto COMMAND --help` shows one\n"
    "command, `recto demo` a library to try everything in. Commands:\n";

static int help(command_line *line)
{
    print_format(line, "%s", usage_text);
    for (size_t i = 0; i < SUBCOMMANDS; i++)
        print_format(line, "  %-9s %s\n            %s\n", subcommands[i].name, subcommands[i].arguments, subcommands[i].does);
    print_format(line, "\nExit status: 0 done; 1 some rejected or nothing found; 2 wrong usage; 3 bad data; 4 refused;\n"
                       "5 disk, network or database failed. The manual: man recto\n");
    return output_flush(line);
}

static int help_for(command_line *line, const subcommand *command)
{
    print_format(line, "usage: recto %s %s\n\n%s\n", command->name, command->arguments, command->does);
    for (size_t i = 0; i < sizeof details / sizeof *details; i++)
        if (strcmp(details[i].name, command->name) == 0)
            details[i].tell(line);
    return output_flush(line);
}

static const subcommand *subcommand_named(const char *name)
{
    for (size_t i = 0; i < SUBCOMMANDS; i++)
        if (strcmp(subcommands[i].name, name) == 0)
            return &subcommands[i];
    return NULL;
}

static int unknown_command(const char *name)
{
    const char *names[SUBCOMMANDS];
    for (size_t i = 0; i < sizeof later / sizeof *later; i++)
        if (strcmp(later[i], name) == 0)
            return usage("'%s' is not there yet in this version; recto --help lists what is", name);
    for (size_t i = 0; i < SUBCOMMANDS; i++)
        names[i] = subcommands[i].name;
    const char *nearest = nearest_name(name, names, SUBCOMMANDS);
    if (nearest != NULL)
        return usage("there is no command '%s'; did you mean %s? recto --help lists all", name, nearest);
    return usage("there is no command '%s'; recto --help lists them", name);
}

/* `recto help` and `recto help COMMAND`, as --help before and behind it. */
static int command_help(command_line *line, int argc, char **argv)
{
    if (argc == 1)
        return help(line);
    const subcommand *command = subcommand_named(argv[1]);
    return command != NULL ? help_for(line, command) : unknown_command(argv[1]);
}

static bool asks_for(const char *argument, const char *longer, const char *shorter)
{
    return strcmp(argument, longer) == 0 || strcmp(argument, shorter) == 0;
}

static int run_command(command_line *line, int argc, char **argv)
{
    const subcommand *command = subcommand_named(argv[0]);
    if (strcmp(argv[0], "help") == 0)
        return command_help(line, argc, argv);
    if (command == NULL)
        return unknown_command(argv[0]);
    for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++)
        if (asks_for(argv[i], "--help", "-h"))
            return help_for(line, command);
    crash_doing(command->name);
    int status = command->run(line, argc, argv);
    int written = output_flush(line);
    return written != 0 ? written : status;
}

/* --json may stand before or behind the command; it is taken out of argv, so that no command's table has to name it. */
static int take_json(command_line *line, int argc, char **argv)
{
    int kept = 0;
    bool options = true;
    for (int i = 0; i < argc; i++) {
        if (strcmp(argv[i], "--") == 0)
            options = false;
        if (options && strcmp(argv[i], "--json") == 0)
            line->json = true;
        else
            argv[kept++] = argv[i];
    }
    argv[kept] = NULL;
    return kept;
}

/* A stray message must not be written into the database: 0, 1 and 2 are open before anything else is (RL-9). */
static bool standard_descriptors(void)
{
    for (int descriptor = 0; descriptor < 3; descriptor++)
        if (fcntl(descriptor, F_GETFD) < 0 && open("/dev/null", descriptor == 0 ? O_RDONLY : O_WRONLY) != descriptor)
            return false;
    return true;
}

/* A core file would hold what passwords and records stood in memory, and a debugger of the same user could read them (RL-164). */
static void no_core_file(void)
{
    const struct rlimit none = { 0, 0 };
    (void)setrlimit(RLIMIT_CORE, &none);
#ifndef ARENA_DEBUG /* a sanitizer looks for leaks as a debugger does */
    (void)prctl(PR_SET_DUMPABLE, 0);
#endif
}

static recto_status prepare(command_line *line, recto_error *error)
{
    memset(line, 0, sizeof *line);
    setlocale(LC_CTYPE, "");
    signal(SIGPIPE, SIG_IGN); /* a closed pipe is an error of write (RL-143) */
    signal(SIGXFSZ, SIG_IGN); /* and so is a limit of file sizes (RL-180) */
    no_core_file();
    crash_watch();
    buffer_init(&line->out, 0);
    line->repository = getenv("RECTO_REPO");
    line->user = getenv("RECTO_USER");
    line->institution = getenv("RECTO_INSTITUTION");
    line->out_is_terminal = isatty(STDOUT_FILENO) == 1;
    line->utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
    return recto_clock_init(&line->clock, getenv("RECTO_CLOCK"), error);
}

/* Whatever reads the configuration, children too, finds its folder in the environment: --config puts it there. */
static bool take_configuration(const char *folder)
{
    struct stat there;
    if (stat(folder, &there) == 0 && S_ISDIR(there.st_mode) && setenv("RECTO_CONFIG", folder, 1) == 0)
        return true;
    usage("%s: --config takes the folder of a configuration, which must be there", folder);
    return false;
}

static int run(command_line *line, int argc, char **argv)
{
    const char *configuration = NULL;
    const option_value globals[] = {
        { "repo", true, &line->repository, NULL, NULL },
        { "user", true, &line->user, NULL, NULL },
        { "institution", true, &line->institution, NULL, NULL },
        { "config", true, &configuration, NULL, NULL },
        { "keymap", true, &line->keymap, NULL, NULL },
        { "theme", true, &line->theme, NULL, NULL },
        { "password-file", true, &line->password_file, NULL, NULL },
        { "linear", false, &line->linear, NULL, NULL },
    };
    if (argc > 1 && asks_for(argv[1], "--help", "-h"))
        return help(line);
    if (argc > 1 && asks_for(argv[1], "--version", "-V")) {
        print_format(line, "recto %s\n", RECTO_VERSION);
        return output_flush(line);
    }
    argc = take_json(line, argc, argv);
    int first = read_leading_options(argc, argv, globals, sizeof globals / sizeof *globals);
    if (first < 0 || (configuration != NULL && !take_configuration(configuration)))
        return 2;
    return first == argc ? command_workstation(line) : run_command(line, argc - first, argv + first);
}

int recto_command_line(int argc, char **argv)
{
    command_line line;
    recto_error error = { 0 };
    if (!standard_descriptors())
        return 5;
    int status = prepare(&line, &error) != RECTO_OK ? report(&error) : run(&line, argc, argv);
    buffer_release(&line.out);
    return status;
}
