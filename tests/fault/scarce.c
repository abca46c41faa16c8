/* tests/fault/scarce.c - memory that cannot be had, and statements of SQLite that fail, at each place of many small jobs.
 *
 * Each job is run once undisturbed; then with its first allocation failing, its second, and so on, once alone and once with all
 * that follow; so with the statements of the repository. A job either says what failed, or has done all it does undisturbed: to
 * do less and say nothing is an error here (RL-119, RL-193, RL-201). In a repository the same job is then run again on the same
 * connection and must give what it always gives: what failed has left nothing behind (RL-60). At the end the repository is sound.
 * All this on a connection that has run the job before, and on one just opened, which has nothing prepared and nothing in mind.
 * Usage: scarce FOLDER EVERY [JOB]...: each EVERY-th event. */
#include "scarce.h"
#include "shim.h"

#include "recto/base/resource.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PATH_LENGTH = 512, SHOWN_FAULTS = 5 };

void scarce_must(recto_status status, const recto_error *error)
{
    char line[600];
    if (status == RECTO_OK)
        return;
    recto_error_line(line, sizeof line, error);
    (void)fprintf(stderr, "scarce: %s\n", line);
    exit(2);
}

recto_status scarce_put_record(buffer *out, const marc_record *record, recto_error *error)
{
    buffer_append_format(out, "LDR %s\n", marc_record_leader(record));
    for (size_t i = 0; i < marc_record_count(record); i++) {
        marc_field_line(out, marc_record_field(record, i));
        buffer_append_char(out, '\n');
    }
    return scarce_end(out, RECTO_OK, error);
}

recto_status scarce_end(const buffer *out, recto_status status, recto_error *error)
{
    return status == RECTO_OK && buffer_failed(out) ? recto_fail_memory(error, "writing down what was found") : status;
}

/* ---- statements that fail: the linker's --wrap leads here -------------------------------------------------------- */

int __real_sqlite3_step(sqlite3_stmt *statement);
int __real_sqlite3_extended_errcode(sqlite3 *database);
int __real_sqlite3_prepare_v2(sqlite3 *database, const char *words, int length, sqlite3_stmt **out, const char **rest);
int __real_sqlite3_prepare_v3(sqlite3 *database, const char *words, int length, unsigned flags, sqlite3_stmt **out,
                              const char **rest);
int __real_sqlite3_exec(sqlite3 *database, const char *words, int (*visit)(void *, int, char **, char **), void *context,
                        char **message);
int __real_sqlite3_open_v2(const char *name, sqlite3 **out, int flags, const char *system);
int __wrap_sqlite3_step(sqlite3_stmt *statement);
int __wrap_sqlite3_prepare_v2(sqlite3 *database, const char *words, int length, sqlite3_stmt **out, const char **rest);
int __wrap_sqlite3_prepare_v3(sqlite3 *database, const char *words, int length, unsigned flags, sqlite3_stmt **out,
                              const char **rest);
int __wrap_sqlite3_exec(sqlite3 *database, const char *words, int (*visit)(void *, int, char **, char **), void *context,
                        char **message);
int __wrap_sqlite3_open_v2(const char *name, sqlite3 **out, int flags, const char *system);
int __wrap_sqlite3_extended_errcode(sqlite3 *database);

static int step_failed; /* the code that the last step was made to give; SQLITE_OK: it was not */

/* What SQLite never refuses once it is prepared: taking back, and the end of reading. */
static bool ends_only(const char *words, sqlite3 *database)
{
    return strncmp(words, "ROLLBACK", 8) == 0 ||
           (strncmp(words, "COMMIT", 6) == 0 && sqlite3_txn_state(database, NULL) != SQLITE_TXN_WRITE);
}

/* Counts a call of SQLite that may fail. @return  how it has to; SQLITE_OK: not */
static int falls(void)
{
    static const int codes[] = { SQLITE_IOERR_READ, SQLITE_CORRUPT,  SQLITE_FULL,          SQLITE_BUSY,    SQLITE_NOMEM,
                                 SQLITE_CANTOPEN,   SQLITE_READONLY, SQLITE_IOERR_SHMSIZE, SQLITE_PROTOCOL };
    step_failed = SQLITE_OK;
    if (shim_falls(SHIM_STATEMENT))
        step_failed = codes[(unsigned long)shim_count(SHIM_STATEMENT) % (sizeof codes / sizeof *codes)];
    return step_failed;
}

int __wrap_sqlite3_step(sqlite3_stmt *statement)
{
    step_failed = SQLITE_OK;
    if (ends_only(sqlite3_sql(statement), sqlite3_db_handle(statement)) || falls() == SQLITE_OK)
        return __real_sqlite3_step(statement);
    return step_failed;
}

int __wrap_sqlite3_prepare_v2(sqlite3 *database, const char *words, int length, sqlite3_stmt **out, const char **rest)
{
    *out = NULL;
    return falls() == SQLITE_OK ? __real_sqlite3_prepare_v2(database, words, length, out, rest) : step_failed;
}

int __wrap_sqlite3_prepare_v3(sqlite3 *database, const char *words, int length, unsigned flags, sqlite3_stmt **out,
                              const char **rest)
{
    *out = NULL;
    step_failed = SQLITE_OK;
    if (ends_only(words, database) || falls() == SQLITE_OK)
        return __real_sqlite3_prepare_v3(database, words, length, flags, out, rest);
    return step_failed;
}

int __wrap_sqlite3_exec(sqlite3 *database, const char *words, int (*visit)(void *, int, char **, char **), void *context,
                        char **message)
{
    return falls() == SQLITE_OK ? __real_sqlite3_exec(database, words, visit, context, message) : step_failed;
}

/* SQLite gives a handle even then, to be closed. */
int __wrap_sqlite3_open_v2(const char *name, sqlite3 **out, int flags, const char *system)
{
    const int code = falls(), opened = __real_sqlite3_open_v2(name, out, flags, system);
    return code == SQLITE_OK ? opened : code;
}

int __wrap_sqlite3_extended_errcode(sqlite3 *database)
{
    return step_failed != SQLITE_OK ? step_failed : __real_sqlite3_extended_errcode(database);
}

/* ---- the stage --------------------------------------------------------------------------------------------------- */

static const char own_lines[] =
    "LDR 01234cam a2200289 i 4500\n001 991\n003 OCoLC\n005 20250102030405.0\n007 ta\n008 250101s1967    xxua     b    001 0 eng "
    "d\n"
    "010 \\\\ $a   67012345 \n020 \\\\ $a9780306406157 (pbk.)$qpaper\n020 \\\\ $z0306406153\n022 0\\ $a0378-5955\n"
    "024 7\\ $a10.1000/182$2doi\n028 02 $aSK 90179$bVerve\n035 \\\\ $a(OCoLC)ocm00000123$z(OCoLC)456\n035 9\\ $alocal-7\n"
    "040 \\\\ $aDLC$beng$erda$cDLC\n041 1\\ $aeng$hspa\n050 00 $aPQ8180.17.A73$bC513 1967\n"
    "100 1\\ $6880-01$aMárquez, Gabriel García,$d1927-2014,$eauthor.\n240 10 $aCien años de soledad.$lEnglish\n"
    "245 10 $6880-02$aOne hundred years of solitude :$ba novel /$cGabriel García Márquez.\n246 3\\ $a100 years of solitude\n"
    "264 \\1 $aNew York :$bHarper,$c[1967]\n300 \\\\ $a422 pages ;$c24 cm\n336 \\\\ $atext$btxt$2rdacontent\n"
    "490 1\\ $aPicador ;$v12\n500 \\\\ $aΑθήνα, Москва, ﷲ and \xE6\xBC\xA2\xE5\xAD\x97.\n500 \\\\ $aTwice.$aTwice.\n590 \\\\ "
    "$aPrivate note.\n"
    "650 \\0 $aSolitude$vFiction.\n650 \\7 $aSolitude.$2fast$0(OCoLC)fst01125531\n651 \\4 $aMacondo\n700 1\\ $aRabassa, "
    "Gregory,$etranslator.\n"
    "830 \\0 $aPicador ;$v12.\n856 40 $uhttps://example.org/1$zOnline\n"
    "880 1\\ $6100-01/(N$aМаркес, Габриэль Гарсиа,$eauthor.\n880 10 $6245-02/(2/r$aמאה שנים :$bרומן.\n994 \\\\ $aC0$bXXX\n";
static const char other_lines[] = "LDR 00000nas a2200000Ki 4500\n001 ocm00000123\n003 OCoLC\n005 20260102030405.0\n008 "
                                  "250101c19679999nyumr p       0   a0eng d\n"
                                  "010 \\\\ $a67-12345\n019 \\\\ $a456\n020 \\\\ $a0306406152\n022 \\\\ $a0378-5954\n035 \\\\ "
                                  "$a(OCoLC)123\n035 \\\\ $a(DLC)77\n"
                                  "100 1\\ $aGarcía Márquez, Gabriel,$d1927-\n210 0\\ $aOne hundr. y. solit.\n245 14 $aThe one "
                                  "hundred years of solitude /$cG. García Márquez ; tr. Rabassa.\n"
                                  "246 \\\\ $aSolitude\n264 \\1 $aLondon :$bCape,$c1970.\n300 \\\\ $a383 p.\n500 \\\\ "
                                  "$aTwice.$aTwice.\n650 \\0 $aSolitude$vFiction.\n650 \\0 $aFamilies$zColombia.\n"
                                  "773 0\\ $w(DLC)99$tHost\n880 \\\\ $6500-00/$1$a注\n938 \\\\ $aYankee\n998 \\\\ $aNO-OVERLAY\n";
static const char authority_lines[] =
    "LDR 00000nz  a2200000n  4500\n001 n79021164\n003 DLC\n008 790309n| azannaabn          |a aaa      \n"
    "010 \\\\ $an  79021164\n035 \\\\ $a(DLC)n  79021164\n040 \\\\ $aDLC\n100 1\\ $aGarcía Márquez, Gabriel,$d1927-2014\n"
    "400 1\\ $aMárquez, Gabriel García,$d1927-2014\n500 1\\ $aMarqués, G.\n670 \\\\ $aHis One hundred years\n";
static const char holdings_lines[] = "LDR 00000nx  a2200000zn 4500\n004 99\n008 0000008p    8   1001aueng0000000\n"
                                     "852 0\\ $bMAIN$cSTACKS$hPQ8180$i.A73\n866 \\0 $av.1-3\n";

static marc_record *read_lines(const char *lines)
{
    recto_error error = { .status = RECTO_OK };
    marc_record *record = NULL;
    scarce_must(marc_record_parse(&record, text_from(lines), MARC_FORMAT_LINE, &error), &error);
    return record;
}

static void make_sample(buffer *out, const scarce_stage *stage, const marc_writer_options *options)
{
    static const char *const unreadable[] = { [MARC_FORMAT_UNKNOWN] = "0004x no leader \x1D",
                                              [MARC_FORMAT_ISO2709] = "0004x no leader \x1D",
                                              [MARC_FORMAT_MARCXML] = "<record><leader>short</leader></record>",
                                              [MARC_FORMAT_MRK] = "\n=24 not a tag\n\n",
                                              [MARC_FORMAT_JSON] = "",
                                              [MARC_FORMAT_LINE] = "\nnot a field\n\n" };
    recto_error error = { .status = RECTO_OK };
    buffer_init(out, 0);
    scarce_must(marc_write_begin(out, options, &error), &error);
    scarce_must(marc_write_record(out, stage->own, options, &error), &error);
    buffer_append_string(out, unreadable[options->encoding == MARC_ENCODING_MARC8 ? MARC_FORMAT_UNKNOWN : options->format]);
    scarce_must(marc_write_record(out, stage->other, options, &error), &error);
    scarce_must(marc_write_end(out, options, &error), &error);
}

static void read_tables(scarce_stage *stage)
{
    recto_error error = { .status = RECTO_OK };
    size_t count = 0;
    const char *const *names = marc_tables_files(&count);
    scarce_must(marc_tables_new(&stage->tables, &error), &error);
    for (size_t i = 0; i < count; i++) {
        resource found;
        scarce_must(resource_open_built_in(&found, names[i], &error), &error);
        scarce_must(marc_tables_add(stage->tables, found.content, names[i], &error), &error);
        resource_release(&found);
    }
}

static void set_stage(scarce_stage *stage, const char *folder, const char *path)
{
    *stage = (scarce_stage){ .own = read_lines(own_lines),
                             .other = read_lines(other_lines),
                             .authority = read_lines(authority_lines),
                             .holdings = read_lines(holdings_lines),
                             .folder = folder };
    make_sample(
        &stage->samples[0], stage,
        &(marc_writer_options){ .format = MARC_FORMAT_ISO2709, .encoding = MARC_ENCODING_MARC8, .lossy_references = true });
    for (marc_format format = MARC_FORMAT_ISO2709; format <= MARC_FORMAT_LINE; format++)
        make_sample(&stage->samples[format], stage, &(marc_writer_options){ .format = format });
    read_tables(stage);
    scarce_fill_repo(stage, path);
    scarce_set_upkeep(stage);
}

static void clear_stage(scarce_stage *stage)
{
    repo_close(stage->repo);
    marc_tables_free(stage->tables);
    marc_record_free(stage->own);
    marc_record_free(stage->other);
    marc_record_free(stage->authority);
    marc_record_free(stage->holdings);
    for (size_t i = 0; i < sizeof stage->samples / sizeof *stage->samples; i++)
        buffer_release(&stage->samples[i]);
}

/* ---- runs -------------------------------------------------------------------------------------------------------- */

typedef struct fault {
    const char *name;
    shim_event event;
    shim_effect effect;
    bool opened; /* on a connection that has done nothing yet */
    bool guest;  /* only where the repository is thrown away afterwards */
} fault;

static const fault faults[] = { { "allocation", SHIM_ALLOCATION, SHIM_FAIL_ONCE, false, false },
                                { "allocations from", SHIM_ALLOCATION, SHIM_FAIL_ON, false, false },
                                { "statement", SHIM_STATEMENT, SHIM_FAIL_ONCE, false, false },
                                { "statements from", SHIM_STATEMENT, SHIM_FAIL_ON, false, false },
                                { "just opened, allocation", SHIM_ALLOCATION, SHIM_FAIL_ONCE, true, false },
                                { "just opened, statement", SHIM_STATEMENT, SHIM_FAIL_ONCE, true, false },
                                { "write", SHIM_WRITE, SHIM_FAIL_ONCE, false, true },
                                { "writes from", SHIM_WRITE, SHIM_FAIL_ON, false, true },
                                { "sync", SHIM_SYNC, SHIM_FAIL_ONCE, false, true },
                                { "system call", SHIM_SYSTEM, SHIM_FAIL_ONCE, false, false } };

static bool suits(const fault *fault, const scarce_job *job)
{
    return (!fault->opened || job->kind == SCARCE_ALONE || job->kind == SCARCE_CHANGES) &&
           (!fault->guest || job->kind == SCARCE_GUEST) && (fault->event != SHIM_SYSTEM || job->kind != SCARCE_PURE);
}

/* On a connection just opened much happens; calls of the system are few, and jobs without a repository take little time. */
static long step_of(const fault *fault, const scarce_guest_job *guest, long every)
{
    enum { MANY = 7 };
    if (fault->event == SHIM_SYSTEM || guest->job.kind == SCARCE_PURE)
        return (every + MANY - 1) / MANY;
    return every * (fault->opened ? MANY : 1) * (guest->sparing > 0 ? guest->sparing : 1);
}

static void open_anew(scarce_stage *stage)
{
    recto_error error = { .status = RECTO_OK };
    char path[PATH_LENGTH];
    (void)snprintf(path, sizeof path, "%s", repo_path(stage->repo));
    repo_close(stage->repo);
    stage->repo = NULL;
    scarce_must(repo_open(&stage->repo, path, REPO_READ_WRITE, &error), &error);
}

/* What is disturbed is the job alone. */
static recto_status run_job(buffer *out, const scarce_job *job, scarce_stage *stage, const fault *fault, long number,
                            recto_error *error)
{
    recto_error own = { .status = RECTO_OK };
    buffer_release(out);
    buffer_init(out, 0);
    if (fault != NULL && fault->opened)
        open_anew(stage);
    if (job->kind == SCARCE_CHANGES)
        scarce_must(repo_begin(stage->repo, &own), &own);
    if (fault != NULL)
        shim_arm(fault->event, fault->effect, number, (unsigned)number);
    const recto_status status = scarce_end(out, job->run(out, stage, error), error);
    shim_disarm();
    step_failed = SQLITE_OK;
    if (job->kind == SCARCE_CHANGES)
        repo_rollback(stage->repo);
    return status;
}

static bool is_for_want(recto_status status, const scarce_job *job)
{
    return status == RECTO_ENOMEM || (job->kind != SCARCE_PURE && (status == RECTO_EIO || status == RECTO_EBUSY));
}

/* What is wrong about the outcome; NULL: nothing. */
static const char *judge(recto_status status, const recto_error *error, const buffer *got, const buffer *wanted,
                         const scarce_job *job)
{
    if (status == RECTO_OK)
        return text_equal(buffer_text(got), buffer_text(wanted)) ? NULL : "said nothing, and gave other than it should";
    if (!is_for_want(status, job))
        return "failed with another reason than the true one";
    return error->status == status && error->what[0] != '\0' ? NULL : "failed without words";
}

static const char *run_again(const scarce_job *job, scarce_stage *stage, const buffer *wanted)
{
    recto_error error = { .status = RECTO_OK };
    buffer out;
    buffer_init(&out, 0);
    const recto_status status = run_job(&out, job, stage, NULL, 0, &error);
    const bool same = status == RECTO_OK && text_equal(buffer_text(&out), buffer_text(wanted));
    if (!same)
        (void)fprintf(stderr, "  again: %d %s\n%s", (int)status, error.what, buffer_string(&out));
    buffer_release(&out);
    return same ? NULL : "left something behind: run again, the job gives other than before";
}

/* @return whether the event came at all */
static bool run_once(long *broken, const scarce_guest_job *guest, scarce_stage *stage, const fault *fault, long number,
                     const buffer *wanted)
{
    const scarce_job *job = &guest->job;
    recto_error error = { .status = RECTO_OK };
    buffer out;
    buffer_init(&out, 0);
    if (guest->before != NULL)
        guest->before(stage);
    const recto_status status = run_job(&out, job, stage, fault, number, &error);
    const bool happened = shim_happened();
    const char *wrong = happened ? judge(status, &error, &out, wanted, job) : NULL;
    if (happened && wrong == NULL && job->kind != SCARCE_PURE)
        wrong = run_again(job, stage, wanted);
    if (guest->after != NULL && !guest->after(stage) && wrong == NULL)
        wrong = "what it leaves is not sound";
    if (wrong != NULL && status == RECTO_OK && *broken < SHOWN_FAULTS)
        (void)fprintf(stderr, "%s  instead of\n%s", buffer_string(&out), buffer_string(wanted));
    if (wrong != NULL && ++*broken <= SHOWN_FAULTS)
        (void)fprintf(stderr, "  %s, %s %ld: %s (status %d: %s)\n", job->name, fault->name, number, wrong, (int)status,
                      error.what);
    buffer_release(&out);
    return happened;
}

static bool try_job(const scarce_guest_job *guest, scarce_stage *stage, long every)
{
    const scarce_job *job = &guest->job;
    recto_error error = { .status = RECTO_OK };
    long runs = 0, broken = 0;
    buffer wanted;
    buffer_init(&wanted, 0);
    if (guest->before != NULL)
        guest->before(stage);
    scarce_must(run_job(&wanted, job, stage, NULL, 0, &error), &error);
    if (guest->after != NULL && !guest->after(stage))
        broken++;
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++)
        for (long number = 1; suits(&faults[i], job) && run_once(&broken, guest, stage, &faults[i], number, &wanted);
             number += step_of(&faults[i], guest, every))
            runs++;
    (void)printf("what is needed fails: %s\t%ld of %ld runs say so or do all\n", job->name, runs - broken, runs);
    (void)fflush(stdout);
    buffer_release(&wanted);
    return broken == 0;
}

static bool is_chosen(const char *name, char *const *chosen, int count)
{
    bool found = count == 0;
    for (int i = 0; i < count; i++)
        found = found || strcmp(chosen[i], name) == 0;
    return found;
}

static bool is_sound(repo *repo)
{
    recto_error error = { .status = RECTO_OK };
    check_verdict verdict = { .sound = false };
    scarce_must(repo_check(repo, true, NULL, NULL, &verdict, &error), &error);
    (void)printf("the repository afterwards\t%s\n", verdict.sound ? "sound" : "NOT SOUND");
    return verdict.sound;
}

int main(int count, char **arguments)
{
    static const scarce_job *const groups[] = { scarce_marc_jobs, scarce_rule_jobs, scarce_reading_jobs, scarce_changing_jobs };
    char path[PATH_LENGTH];
    scarce_stage stage;
    if (count < 3) {
        (void)fprintf(stderr, "usage: scarce FOLDER EVERY [JOB]...\n");
        return 2;
    }
    (void)snprintf(path, sizeof path, "%s/scarce.recto", arguments[1]);
    shim_install();
    set_stage(&stage, arguments[1], path);
    const long every = strtol(arguments[2], NULL, 10) > 1 ? strtol(arguments[2], NULL, 10) : 1;
    bool kept = true;
    for (size_t group = 0; group < sizeof groups / sizeof *groups; group++)
        for (const scarce_job *job = groups[group]; job->name != NULL; job++)
            if (is_chosen(job->name, arguments + 3, count - 3))
                kept = try_job(&(scarce_guest_job){ .job = *job }, &stage, every) && kept;
    for (const scarce_guest_job *guest = scarce_upkeep_jobs; guest->job.name != NULL; guest++)
        if (is_chosen(guest->job.name, arguments + 3, count - 3))
            kept = try_job(guest, &stage, every) && kept;
    kept = is_sound(stage.repo) && kept;
    clear_stage(&stage);
    return kept ? 0 : 1;
}
