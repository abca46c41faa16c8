/* tests/repo/search_bench.c - how long the repository's search takes, inside the process.
 *
 *   search_bench REPOSITORY [QUERIES]
 *
 * Words are taken from the records themselves and sorted by how many records hold them: rare (at most 1 in 5,000), medium (1 in
 * 1,000 to 1 in 100), common (more than 1 in 20). Each row of the table is QUERIES (200) searches of that kind, each with the 50
 * first rows read and the exact count; times are of the processor, so that a neighbour does not show. A goal is a p99 of
 * 5 ms up to a million records and 50 ms above, 100 ms there for three common words; a known item with its record 0.1 ms. */
#include "recto/base/utf8.h"
#include "recto/repo/browse.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { SAMPLES = 1200, WORDS_MAX = 40000, KEPT = 400, ROWS = 50, NOW = 1767225600 };
enum word_class { RARE, MEDIUM, COMMON, CLASSES };

typedef struct words {
    char *word[CLASSES][KEPT];
    size_t count[CLASSES];
} words;

typedef struct bench {
    repo *repo;
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

/* ---- words of the records
 * ------------------------------------------------------------------------------------------------------ */

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

/* ---- rows of the table
 * ------------------------------------------------------------------------------------------------------------ */

static int compare_times(const void *left, const void *right)
{
    const double a = *(const double *)left, b = *(const double *)right;
    return a < b ? -1 : a > b;
}

static void report(bench *bench, const char *what, const char *order, double *times, size_t count, size_t hits, double goal)
{
    qsort(times, count, sizeof *times, compare_times);
    const double p50 = times[count / 2], p99 = times[count * 99 / 100];
    const bool met = p99 <= goal;
    bench->failed |= !met;
    printf("%-34s %-10s %10zu %9.3f %9.3f %7.1f %s\n", what, order, hits / count, p50, p99, goal, met ? "met" : "NOT MET");
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

static void run_row(bench *bench, size_t row, search_sort sort, const char *order)
{
    double *times = calloc(bench->queries, sizeof *times);
    size_t hits = 0;
    for (size_t i = 0; times != NULL && i < bench->queries; i++) {
        char typed[300];
        type_words(bench, typed, sizeof typed, rows[row].classes);
        const query_node query = keywords(typed);
        const double began = milliseconds();
        hits += search_for(bench, &query, sort, ROWS);
        times[i] = milliseconds() - began;
    }
    if (times != NULL)
        report(bench, rows[row].what, order, times, bench->queries, hits, goal_of(bench, rows[row].classes));
    free(times);
}

static bool ignore_value(void *context, search_facet facet, text value, size_t count)
{
    (void)facet, (void)value, (void)count;
    ++*(size_t *)context;
    return true;
}

static void run_facets(bench *bench, const char *classes, const char *what)
{
    double *times = calloc(bench->queries, sizeof *times);
    size_t values = 0;
    recto_error error;
    for (size_t i = 0; times != NULL && i < bench->queries; i++) {
        char typed[300];
        type_words(bench, typed, sizeof typed, classes);
        const query_node query = keywords(typed);
        const search_request request = { .query = &query, .now = NOW };
        const double began = milliseconds();
        stop_at(repo_facets(bench->repo, &request, ignore_value, &values, &error), &error);
        times[i] = milliseconds() - began;
    }
    if (times != NULL)
        report(bench, what, "-", times, bench->queries, values, goal_of(bench, classes));
    free(times);
}

static bool ignore_heading(void *context, const browse_row *row)
{
    *(size_t *)context += row->count > 0;
    return true;
}

static void run_browse(bench *bench)
{
    double *times = calloc(bench->queries, sizeof *times);
    size_t shown = 0;
    recto_error error;
    for (size_t i = 0; times != NULL && i < bench->queries; i++) {
        char typed[300];
        type_words(bench, typed, sizeof typed, "m");
        const browse_request request = { .kind = (browse_kind)(i % 4), .from = text_from(typed), .before = 2, .after = 18 };
        const double began = milliseconds();
        stop_at(repo_browse(bench->repo, &request, ignore_heading, &shown, &error), &error);
        times[i] = milliseconds() - began;
    }
    if (times != NULL)
        report(bench, "browse headings, 20 rows", "-", times, bench->queries, shown, goal_of(bench, ""));
    free(times);
}

typedef struct item_number {
    char number[24];
} item_number;
typedef struct item_list {
    item_number *numbers;
    size_t count, capacity;
} item_list;

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

static void run_known_items(bench *bench)
{
    item_list list = { calloc(bench->queries, sizeof *list.numbers), 0, bench->queries };
    double *times = calloc(bench->queries + 1, sizeof *times);
    recto_error error;
    for (size_t at = 0; at < 20 && list.numbers != NULL; at++) {
        const search_request request = {
            .sort = SORT_MMS_ID, .offset = bench->records / 20 * at, .limit = bench->queries / 20, .now = NOW
        };
        stop_at(repo_search(bench->repo, &request, note_number, &list, NULL, &error), &error);
    }
    for (size_t i = 0; times != NULL && i < list.count; i++) {
        const text key = text_from(list.numbers[i].number);
        const double began = milliseconds();
        stop_at(repo_find_by_key(bench->repo, MARC_KEY_OCLC, key, NULL, 0, load_row, bench, &error), &error);
        times[i] = milliseconds() - began;
    }
    if (times != NULL && list.count > 0)
        report(bench, "known item (OCLC) with its record", "-", times, list.count, list.count, 0.1);
    free(list.numbers);
    free(times);
}

int main(int argc, char **argv)
{
    static const struct {
        search_sort sort;
        const char *name;
    } orders[] = { { SORT_DATE_NEWEST, "newest" }, { SORT_TITLE, "title" }, { SORT_RANK, "relevance" } };
    bench bench = { .random = 88172645463325252ULL, .queries = 200 };
    recto_error error;
    if (argc < 2) {
        fprintf(stderr, "usage: search_bench REPOSITORY [QUERIES]\n");
        return 2;
    }
    if (argc > 2)
        bench.queries = (size_t)strtoul(argv[2], NULL, 10);
    stop_at(repo_open(&bench.repo, argv[1], REPO_READ_ONLY, &error), &error);
    bench.records = search_for(&bench, NULL, SORT_MMS_ID, 0);
    gather_words(&bench);
    printf("%zu records; words: %zu rare, %zu medium, %zu common; %zu queries a row; ms of processor time\n", bench.records,
           bench.words.count[RARE], bench.words.count[MEDIUM], bench.words.count[COMMON], bench.queries);
    printf("%-34s %-10s %10s %9s %9s %7s %s\n", "query: 50 rows and exact count", "order", "hits", "p50", "p99", "goal",
           "verdict");
    for (size_t row = 0; row < sizeof rows / sizeof *rows; row++)
        for (size_t order = 0; order < sizeof orders / sizeof *orders; order++)
            run_row(&bench, row, orders[order].sort, orders[order].name);
    run_facets(&bench, "m", "all facets, 1 medium word");
    run_facets(&bench, "c", "all facets, 1 common word");
    run_browse(&bench);
    run_known_items(&bench);
    repo_close(bench.repo);
    return bench.failed ? 1 : 0;
}
