/* tests/repo/search_bench.c - how long the repository's search takes, inside the process.
 *
 *   search_bench REPOSITORY [QUERIES [ROWS]]      ROWS: only rows of the table that begin so
 *
 * Words are taken from the records themselves and sorted by how many records hold them: rare (at most 1 in 5,000), medium (1 in
 * 1,000 to 1 in 100), common (more than 1 in 20). Each row of the table is QUERIES (200) searches of that kind, each with the 50
 * first rows read and the exact count; times are of the processor, so that a neighbour does not show. For each row the repository
 * is opened anew and WARM_UP searches of other words are done, as of a session that has been at work; then the queries come
 * ("first": most of their words were not asked before in the process), and then all of them again, as somebody who goes on
 * with the same words. Goals are for the first time: a p99 of 5 ms up to a million records and 50 ms above, 100 ms there for
 * three common words; a known item with its record 0.1 ms. The last row is the very first search of a process. */
#include "recto/base/utf8.h"
#include "recto/repo/browse.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { WARM_UP = 20, OPENINGS = 40 };
enum { SAMPLES = 1200, WORDS_MAX = 40000, KEPT = 400, ROWS = 50, NOW = 1767225600 };
enum word_class { RARE, MEDIUM, COMMON, CLASSES };

typedef struct words {
    char *word[CLASSES][KEPT];
    size_t count[CLASSES];
} words;

typedef struct bench {
    repo *repo;
    const char *path, *only; /* `only`: rows that begin so; NULL: all */
    words words;
    size_t records, queries;
    uint64_t random;
    bool failed;
} bench;

static void stop_at(recto_status status, const recto_error *error)
{
    char line[600];
    if (status == RECTO_OK)
        return;
    recto_error_line(line, sizeof line, error);
    fprintf(stderr, "%s\n", line);
    exit(1);
}

static unsigned pick(bench *bench, size_t below)
{
    bench->random ^= bench->random << 13;
    bench->random ^= bench->random >> 7;
    bench->random ^= bench->random << 17;
    return below > 0 ? (unsigned)((bench->random >> 20) % below) : 0;
}

static double milliseconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static bool count_row(void *context, const bib_info *row)
{
    (void)row;
    ++*(size_t *)context;
    return true;
}

static size_t search_for(bench *bench, const query_node *query, search_sort sort, size_t limit)
{
    size_t rows = 0, count = 0;
    recto_error error;
    const search_request request = { .query = query, .sort = sort, .limit = limit, .now = NOW };
    stop_at(repo_search(bench->repo, &request, count_row, &rows, &count, &error), &error);
    return count;
}

static query_node keywords(const char *typed)
{
    return (query_node){
        .kind = QUERY_TERM, .index = repo_search_index("kw"), .operator= SEARCH_KEYWORDS, .value = text_from(typed)
    };
}

/* ---- words of the records ---------------------------------------------------------------------------------------- */

typedef struct id_list {
    mms_id ids[SAMPLES];
    size_t count;
} id_list;

static bool note_id(void *context, const bib_info *row)
{
    id_list *list = context;
    if (list->count < SAMPLES)
        list->ids[list->count++] = row->id;
    return list->count < SAMPLES;
}

static int compare_words(const void *left, const void *right)
{
    return strcmp(*(char *const *)left, *(char *const *)right);
}

static size_t words_of(bench *bench, mms_id id, char **out, size_t room)
{
    marc_record *record = NULL;
    recto_error error;
    buffer folded;
    size_t count = 0;
    stop_at(repo_bib_load(bench->repo, id, &record, NULL, NOW, &error), &error);
    buffer_init(&folded, 0);
    for (size_t i = 0; i < marc_record_count(record); i++) {
        const marc_field *field = marc_record_field(record, i);
        if (strchr("12567", field->tag[0]) == NULL || field->tag[0] == '0')
            continue;
        buffer_clear(&folded);
        buffer line;
        buffer_init(&line, 0);
        marc_field_join(&line, field, "abcdt");
        utf8_index_form(&folded, buffer_text(&line));
        buffer_release(&line);
        for (text rest = buffer_text(&folded); rest.length > 0 && count < room;) {
            text word = text_next_field(&rest, ' ');
            if (word.length > 1)
                out[count++] = strndup(word.bytes, word.length);
        }
    }
    buffer_release(&folded);
    marc_record_free(record);
    return count;
}

static void classify(bench *bench, const char *word)
{
    const query_node query = keywords(word);
    const size_t count = search_for(bench, &query, SORT_MMS_ID, 0);
    enum word_class class;
    if (count == 0)
        return;
    if (count * 5000 <= bench->records)
        class = RARE;
    else if (count * 1000 >= bench->records && count * 100 <= bench->records)
        class = MEDIUM;
    else if (count * 20 >= bench->records)
        class = COMMON;
    else
        return;
    if (bench->words.count[class] < KEPT)
        bench->words.word[class][bench->words.count[class]++] = strdup(word);
}

static void gather_words(bench *bench)
{
    static char *all[WORDS_MAX];
    static id_list list;
    recto_error error;
    size_t count = 0;
    for (size_t at = 0; at < 12; at++) { /* a hundred records from twelve places */
        const search_request request = {
            .sort = SORT_MMS_ID, .offset = bench->records / 12 * at, .limit = SAMPLES / 12, .now = NOW
        };
        stop_at(repo_search(bench->repo, &request, note_id, &list, NULL, &error), &error);
    }
    for (size_t i = 0; i < list.count; i++)
        count += words_of(bench, list.ids[i], all + count, WORDS_MAX - count);
    qsort(all, count, sizeof *all, compare_words);
    for (size_t i = 0; i < count; i++) {
        if (i == 0 || strcmp(all[i], all[i - 1]) != 0)
            classify(bench, all[i]);
    }
    for (size_t i = 0; i < count; i++)
        free(all[i]);
}

/* ---- rows of the table ------------------------------------------------------------------------------------------- */

static int compare_times(const void *left, const void *right)
{
    const double a = *(const double *)left, b = *(const double *)right;
    return a < b ? -1 : a > b;
}

static double part_of(const double *sorted, size_t count, size_t percent)
{
    return count == 0 ? 0 : sorted[count * percent / 100];
}

/* `again` NULL: there is no second time. */
static void report(bench *bench, const char *what, const char *order, double *times, double *again, size_t count, size_t hits,
                   double goal)
{
    qsort(times, count, sizeof *times, compare_times);
    const double p99 = part_of(times, count, 99);
    const bool met = p99 <= goal;
    bench->failed |= !met;
    printf("%-34s %-10s %9zu %8.3f %8.3f", what, order, hits / (count > 0 ? count : 1), part_of(times, count, 50), p99);
    if (again != NULL) {
        qsort(again, count, sizeof *again, compare_times);
        printf(" %8.3f %8.3f", part_of(again, count, 50), part_of(again, count, 99));
    } else {
        printf(" %8s %8s", "-", "-");
    }
    printf(" %6.1f %s\n", goal, met ? "met" : "NOT MET");
    fflush(stdout);
}

static void open_again(bench *bench)
{
    recto_error error;
    repo_close(bench->repo);
    stop_at(repo_open(&bench->repo, bench->path, REPO_READ_ONLY, &error), &error);
}

typedef size_t (*timed)(bench *bench, const char *typed, size_t number, search_sort sort);

typedef struct row {
    const char *what, *order, *classes;
    search_sort sort;
    timed run;
    double goal;
} row;

static void type_words(bench *bench, char *out, size_t capacity, const char *classes);

/* All queries twice over; see above. */
static void run_twice(bench *bench, const row *row)
{
    double *times[2] = { calloc(bench->queries, sizeof(double)), calloc(bench->queries, sizeof(double)) };
    char(*typed)[300] = calloc(bench->queries, sizeof *typed);
    size_t hits = 0;
    if (bench->only != NULL && strncmp(row->what, bench->only, strlen(bench->only)) != 0)
        goto out;
    open_again(bench);
    for (size_t i = 0; i < WARM_UP; i++) {
        char other[300];
        type_words(bench, other, sizeof other, row->classes);
        (void)row->run(bench, other, bench->queries + i, row->sort);
    }
    for (size_t i = 0; i < bench->queries && typed != NULL; i++)
        type_words(bench, typed[i], sizeof typed[i], row->classes);
    for (int pass = 0; pass < 2 && times[0] != NULL && times[1] != NULL && typed != NULL; pass++)
        for (size_t i = 0; i < bench->queries; i++) {
            const double began = milliseconds();
            const size_t got = row->run(bench, typed[i], i, row->sort);
            times[pass][i] = milliseconds() - began;
            hits += pass == 0 ? got : 0;
        }
    report(bench, row->what, row->order, times[0], times[1], bench->queries, hits, row->goal);
out:
    free(times[0]);
    free(times[1]);
    free(typed);
}

static const struct {
    const char *what, *classes; /* r m c, a letter a word */
} rows[] = {
    { "1 rare word", "r" },      { "1 medium word", "m" },   { "1 common word", "c" },
    { "common + medium", "cm" }, { "2 common words", "cc" }, { "common + medium + medium", "cmm" },
    { "3 common words", "ccc" },
};

static void type_words(bench *bench, char *out, size_t capacity, const char *classes)
{
    out[0] = '\0';
    for (; *classes != '\0'; classes++) {
        const enum word_class class = *classes == 'r' ? RARE : *classes == 'm' ? MEDIUM : COMMON;
        const size_t used = strlen(out);
        if (bench->words.count[class] > 0)
            snprintf(out + used, capacity - used, "%s ", bench->words.word[class][pick(bench, bench->words.count[class])]);
    }
}

static double goal_of(const bench *bench, const char *classes)
{
    if (bench->records <= 1000000)
        return 5;
    return strcmp(classes, "ccc") == 0 ? 100 : 50;
}

static size_t timed_search(bench *bench, const char *typed, size_t number, search_sort sort)
{
    (void)number;
    const query_node query = keywords(typed);
    return search_for(bench, &query, sort, ROWS);
}

static bool ignore_value(void *context, search_facet facet, text value, size_t count)
{
    (void)facet, (void)value, (void)count;
    ++*(size_t *)context;
    return true;
}

static size_t timed_facets(bench *bench, const char *typed, size_t number, search_sort sort)
{
    (void)number, (void)sort;
    size_t values = 0;
    recto_error error;
    const query_node query = keywords(typed);
    const search_request request = { .query = &query, .now = NOW };
    stop_at(repo_facets(bench->repo, &request, ignore_value, &values, &error), &error);
    return values;
}

/* Few titles have the two side by side, but all that have both must be looked into. */
static size_t timed_phrase(bench *bench, const char *typed, size_t number, search_sort sort)
{
    (void)number;
    query_node query = keywords(typed);
    query.index = repo_search_index("ti");
    query.operator= SEARCH_PHRASE;
    return search_for(bench, &query, sort, ROWS);
}

static bool ignore_heading(void *context, const browse_row *row)
{
    *(size_t *)context += row->count > 0;
    return true;
}

static size_t timed_browse(bench *bench, const char *typed, size_t number, search_sort sort)
{
    (void)sort;
    size_t shown = 0;
    recto_error error;
    const browse_request request = { .kind = (browse_kind)(number % 4), .from = text_from(typed), .before = 2, .after = 18 };
    stop_at(repo_browse(bench->repo, &request, ignore_heading, &shown, &error), &error);
    return shown;
}

typedef struct item_number {
    char number[24];
} item_number;
typedef struct item_list {
    item_number *numbers;
    size_t count, capacity;
} item_list;
enum { PLACES = 20 };

static bool note_number(void *context, const bib_info *row)
{
    item_list *list = context;
    if (row->oclc[0] != '\0' && list->count < list->capacity)
        memcpy(list->numbers[list->count++].number, row->oclc, sizeof row->oclc);
    return list->count < list->capacity;
}

static bool load_row(void *context, mms_id id)
{
    bench *bench = context;
    marc_record *record = NULL;
    recto_error error;
    stop_at(repo_bib_load(bench->repo, id, &record, NULL, NOW, &error), &error);
    marc_record_free(record);
    return true;
}

static void find_item(bench *bench, const item_number *number)
{
    recto_error error;
    stop_at(repo_find_by_key(bench->repo, MARC_KEY_OCLC, text_from(number->number), NULL, 0, load_row, bench, &error), &error);
}

/* Numbers from all over the repository, shuffled. They are asked for once before the repository is opened anew, so that their
 * pages are in memory; then as many others are, as warm-up. */
static void run_known_items(bench *bench)
{
    const size_t wanted = bench->queries * 5;
    item_list list = { calloc(wanted * 2, sizeof *list.numbers), 0, wanted * 2 };
    double *times[2] = { calloc(wanted, sizeof(double)), calloc(wanted, sizeof(double)) };
    recto_error error;
    for (size_t at = 0; at < PLACES && list.numbers != NULL; at++) {
        const search_request request = {
            .sort = SORT_MMS_ID, .offset = bench->records / PLACES * at, .limit = wanted * 2 / PLACES, .now = NOW
        };
        stop_at(repo_search(bench->repo, &request, note_number, &list, NULL, &error), &error);
    }
    for (size_t i = list.count; i > 1; i--) {
        const size_t other = pick(bench, i);
        const item_number swap = list.numbers[i - 1];
        list.numbers[i - 1] = list.numbers[other];
        list.numbers[other] = swap;
    }
    const size_t half = list.count / 2;
    for (size_t i = 0; i < list.count; i++)
        find_item(bench, &list.numbers[i]);
    open_again(bench);
    for (size_t i = 0; i < half; i++)
        find_item(bench, &list.numbers[i]);
    for (int pass = 0; pass < 2 && times[0] != NULL && times[1] != NULL; pass++)
        for (size_t i = 0; i < half; i++) {
            const double began = milliseconds();
            find_item(bench, &list.numbers[half + i]);
            times[pass][i] = milliseconds() - began;
        }
    if (half > 0)
        report(bench, "known item (OCLC) with its record", "-", times[0], times[1], half, half, 0.1);
    free(list.numbers);
    free(times[0]);
    free(times[1]);
}

/* What a command that searches once pays: nothing is kept yet. No goal of its own: it is held to that of a session. */
static void run_openings(bench *bench)
{
    double times[OPENINGS];
    size_t hits = 0;
    for (size_t i = 0; i < OPENINGS; i++) {
        char typed[300];
        type_words(bench, typed, sizeof typed, "cm");
        const query_node query = keywords(typed);
        const double began = milliseconds();
        open_again(bench);
        hits += search_for(bench, &query, SORT_DATE_NEWEST, ROWS);
        times[i] = milliseconds() - began;
    }
    report(bench, "opening, common + medium", "newest", times, NULL, OPENINGS, hits, 50);
}

static bool is_wanted(const bench *bench, const char *what)
{
    return bench->only == NULL || strncmp(what, bench->only, strlen(bench->only)) == 0;
}

static void run_all(bench *bench)
{
    static const struct {
        search_sort sort;
        const char *name;
    } orders[] = { { SORT_DATE_NEWEST, "newest" }, { SORT_TITLE, "title" }, { SORT_RANK, "relevance" } };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        for (size_t order = 0; order < sizeof orders / sizeof *orders; order++)
            run_twice(bench, &(row){ rows[i].what, orders[order].name, rows[i].classes, orders[order].sort, timed_search,
                                     goal_of(bench, rows[i].classes) });
    run_twice(bench,
              &(row){ "title phrase, 2 common words", "newest", "cc", SORT_DATE_NEWEST, timed_phrase, goal_of(bench, "") });
    run_twice(bench, &(row){ "all facets, 1 medium word", "-", "m", SORT_MMS_ID, timed_facets, goal_of(bench, "m") });
    run_twice(bench, &(row){ "all facets, 1 common word", "-", "c", SORT_MMS_ID, timed_facets, goal_of(bench, "c") });
    run_twice(bench, &(row){ "browse headings, 20 rows", "-", "m", SORT_MMS_ID, timed_browse, goal_of(bench, "") });
    if (is_wanted(bench, "known item"))
        run_known_items(bench);
    if (is_wanted(bench, "opening"))
        run_openings(bench);
}

int main(int argc, char **argv)
{
    bench bench = { .random = 88172645463325252ULL, .queries = 200 };
    recto_error error;
    if (argc < 2) {
        fprintf(stderr, "usage: search_bench REPOSITORY [QUERIES [ROWS]]\n");
        return 2;
    }
    bench.path = argv[1];
    if (argc > 2)
        bench.queries = (size_t)strtoul(argv[2], NULL, 10);
    if (argc > 3)
        bench.only = argv[3];
    stop_at(repo_open(&bench.repo, bench.path, REPO_READ_ONLY, &error), &error);
    bench.records = search_for(&bench, NULL, SORT_MMS_ID, 0);
    gather_words(&bench);
    printf("%zu records; words: %zu rare, %zu medium, %zu common; %zu queries a row; ms of processor time\n", bench.records,
           bench.words.count[RARE], bench.words.count[MEDIUM], bench.words.count[COMMON], bench.queries);
    printf("%-34s %-10s %9s %8s %8s %8s %8s %6s %s\n", "query: 50 rows and exact count", "order", "hits", "first50", "first99",
           "again50", "again99", "goal", "verdict");
    run_all(&bench);
    repo_close(bench.repo);
    return bench.failed ? 1 : 0;
}
