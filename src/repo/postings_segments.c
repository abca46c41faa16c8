/* src/repo/postings_segments.c - segments of the posting index: their blocks, their rows, and how many become one.
 *
 * A segment is read only when its row says it is live, and its blocks never change; so a reader's state is a list of numbers.
 * What it stands for is a range of the sequences of pending entries: whoever saves later has a greater one, and so counts. */
#include "postings_inside.h"
#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { SET_BLOCK = INT32_MAX }; /* the set of a segment's documents, behind all its blocks */

/* ---- blocks ------------------------------------------------------------------------------------------------------ */

int64_t block_id(int64_t segment, uint32_t block)
{
    return segment * (INT64_C(1) << 32) + block;
}

recto_status postings_put(void *context, int64_t segment, uint32_t block, text bytes, recto_error *error)
{
    return store_run(context, error, SQL_BLOCK_ADD, "ib", block_id(segment, block), bytes);
}

/* Copied: a statement that stands open would keep the state of this moment for ever. */
recto_status postings_get(void *context, int64_t segment, uint32_t block, text *bytes, recto_error *error)
{
    repo *repo = context;
    rows rows;
    bool found = false;
    buffer *lent = &repo->postings->lent;
    buffer_clear(lent);
    (void)rows_open(&rows, repo, error, SQL_BLOCK_GET, "i", block_id(segment, block));
    if (rows_next(&rows)) {
        found = true;
        buffer_append_text(lent, row_text(&rows, 0));
    }
    recto_status status = rows_close(&rows);
    if (status != RECTO_OK)
        return status;
    if (buffer_failed(lent))
        return recto_fail_memory(error, "reading the index");
    *bytes = buffer_text(lent);
    return found ? RECTO_OK
                 : recto_fail(error, RECTO_ENOTFOUND, repo->path, "run: recto check --rebuild-index",
                              "the index is damaged: a block of segment %lld is not there", (long long)segment);
}

static recto_status fail_damaged(const repo *repo, int64_t segment, recto_error *error)
{
    return recto_fail(error, RECTO_EDATA, repo->path, "run: recto check --rebuild-index",
                      "the index is damaged: the documents of segment %lld cannot be read", (long long)segment);
}

recto_status documents_get(index_set **out, repo *repo, int64_t segment, recto_error *error)
{
    text bytes = { NULL, 0 };
    recto_status status = postings_get(repo, segment, SET_BLOCK, &bytes, error);
    if (status == RECTO_OK)
        status = index_set_read(out, bytes, error);
    return status == RECTO_EDATA || status == RECTO_ENOTFOUND ? fail_damaged(repo, segment, error) : status;
}

static recto_status documents_put(repo *repo, int64_t segment, const index_set *documents, recto_error *error)
{
    buffer *bytes = &repo->postings->bytes;
    buffer_clear(bytes);
    recto_status status = index_set_write(bytes, documents, error);
    return status == RECTO_OK ? postings_put(repo, segment, SET_BLOCK, buffer_text(bytes), error) : status;
}

/* ---- rows -------------------------------------------------------------------------------------------------------- */

void segment_list_free(segment_list *list)
{
    free(list->rows);
    *list = (segment_list){ .rows = NULL };
}

static segment_row *list_next(segment_list *list)
{
    if (list->count == list->capacity) {
        size_t capacity = list->capacity * 2 + 16;
        segment_row *grown = realloc(list->rows, capacity * sizeof *grown);
        if (grown == NULL)
            return NULL;
        list->rows = grown;
        list->capacity = capacity;
    }
    return &list->rows[list->count++];
}

static void read_row(segment_row *out, const rows *rows)
{
    enum { HOST = 9, BOOT, PROCESS, STARTED };
    *out = (segment_row){ .info = { .segment = row_int64(rows, 0),
                                    .root = (uint32_t)row_int64(rows, 5),
                                    .blocks = (uint32_t)row_int64(rows, 6),
                                    .bytes = (uint64_t)row_int64(rows, 7),
                                    .documents = (uint64_t)row_int64(rows, 8) },
                          .state = (segment_state)row_int(rows, 1),
                          .level = row_int(rows, 2),
                          .first = row_int64(rows, 3),
                          .last = row_int64(rows, 4) };
    if (out->state != SEGMENT_BUILDING)
        return;
    row_string(rows, HOST, out->builder.host, sizeof out->builder.host);
    row_string(rows, BOOT, out->builder.boot, sizeof out->builder.boot);
    out->builder.process = row_int64(rows, PROCESS);
    out->builder.started = row_int64(rows, STARTED);
}

recto_status segments_read(segment_list *out, repo *repo, recto_error *error)
{
    rows rows;
    recto_status status = RECTO_OK;
    (void)rows_open(&rows, repo, error, SQL_SEGMENTS, "");
    while (status == RECTO_OK && rows_next(&rows)) {
        segment_row *row = list_next(out);
        if (row == NULL)
            status = recto_fail_memory(error, "reading the index");
        else
            read_row(row, &rows);
    }
    recto_status closed = rows_close(&rows);
    status = status != RECTO_OK ? status : closed;
    if (status != RECTO_OK)
        segment_list_free(out);
    return status;
}

recto_status segment_begin(int64_t *number, repo *repo, int64_t first, int64_t last, recto_error *error)
{
    process_identity own;
    process_identity_own(&own);
    return store_number(number, repo, error, SQL_SEGMENT_ADD, "iissii", first, last, own.host, own.boot, own.process,
                        own.started);
}

static int level_of(uint64_t documents)
{
    int level = 0;
    for (uint64_t room = 3 * LEVEL_DOCUMENTS; documents > room && level < 20; room *= MERGE_WIDTH)
        level++;
    return level;
}

recto_status segment_publish(repo *repo, const index_segment_info *info, const index_set *documents, int64_t first, int64_t last,
                             recto_error *error)
{
    recto_status status = documents_put(repo, info->segment, documents, error);
    if (status == RECTO_OK)
        status = store_run(repo, error, SQL_SEGMENT_PUBLISH, "iniiiiii", info->segment, level_of(info->documents), first, last,
                           (int64_t)info->root, (int64_t)info->blocks, (int64_t)info->bytes, (int64_t)info->documents);
    if (status == RECTO_OK && store_changes(repo) != 1)
        status = RECTO_ENOTFOUND; /* somebody has thrown it away */
    return status;
}

recto_status segment_kill(repo *repo, int64_t number, recto_error *error)
{
    return store_run(repo, error, SQL_SEGMENT_KILL, "i", number);
}

recto_status segment_remove(bool *gone, repo *repo, int64_t number, int64_t until_ms, recto_error *error)
{
    recto_status status = RECTO_OK;
    *gone = false;
    while (status == RECTO_OK && !*gone) {
        status =
            store_run(repo, error, SQL_BLOCKS_REMOVE, "iin", block_id(number, 0), block_id(number + 1, 0) - 1, (int)SLICE_BLOCKS);
        *gone = status == RECTO_OK && store_changes(repo) < SLICE_BLOCKS;
        if (until_ms != 0 && (recto_clock_monotonic_ms() >= until_ms || queue_has_others(repo)))
            break;
    }
    return status == RECTO_OK && *gone ? store_run(repo, error, SQL_SEGMENT_REMOVE, "i", number) : status;
}

static bool is_listed(const segment_list *list, int64_t number)
{
    for (size_t i = 0; i < list->count; i++)
        if (list->rows[i].info.segment == number)
            return true;
    return false;
}

recto_status segment_stray(int64_t *number, repo *repo, const segment_list *list, recto_error *error)
{
    for (;;) {
        int64_t id = 0;
        recto_status status = store_number(&id, repo, error, SQL_BLOCK_FROM, "i", block_id(*number, 0));
        if (status != RECTO_OK)
            return status;
        *number = id >> 32;
        if (!is_listed(list, *number))
            return RECTO_OK;
        ++*number;
    }
}

/* ---- from pending entries to a segment --------------------------------------------------------------------------- */

static bool is_building(const segment_row *row)
{
    return row->state == SEGMENT_BUILDING && process_lives(&row->builder);
}

bool segments_claimed(const segment_list *list, int64_t first)
{
    for (size_t i = 0; i < list->count; i++)
        if ((list->rows[i].first == first || list->rows[i].first == 0) && list->rows[i].last >= first &&
            is_building(&list->rows[i]))
            return true;
    return false;
}

int64_t segments_last(const segment_list *list)
{
    int64_t last = 0;
    for (size_t i = 0; i < list->count; i++)
        last = list->rows[i].last > last ? list->rows[i].last : last;
    return last;
}

bool segments_are_none(const segment_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        if (list->rows[i].state == SEGMENT_LIVE || is_building(&list->rows[i]))
            return false;
    return true;
}

static bool pile_grow(entry_pile *pile)
{
    if (pile->count < pile->capacity)
        return true;
    size_t capacity = pile->capacity * 2 + FLUSH_PART;
    index_source *sources = realloc(pile->sources, capacity * sizeof *sources);
    if (sources != NULL)
        pile->sources = sources;
    size_t *ends = realloc(pile->ends, capacity * sizeof *ends);
    if (ends != NULL)
        pile->ends = ends;
    if (sources == NULL || ends == NULL)
        return false;
    pile->capacity = capacity;
    return true;
}

void pile_free(entry_pile *pile)
{
    buffer_release(&pile->bytes);
    free(pile->sources);
    free(pile->ends);
    *pile = (entry_pile){ .count = 0 };
}

recto_status pile_read(entry_pile *pile, repo *repo, int64_t first, int64_t last, recto_error *error)
{
    rows rows;
    recto_status status = RECTO_OK;
    buffer_init(&pile->bytes, 0);
    (void)rows_open(&rows, repo, error, SQL_PENDING_FROM, "i", first - 1);
    while (status == RECTO_OK && rows_next(&rows) && row_int64(&rows, 0) <= last) {
        if (!pile_grow(pile)) {
            status = recto_fail_memory(error, "writing the index");
            break;
        }
        pile->last = row_int64(&rows, 0);
        pile->first = pile->count == 0 ? pile->last : pile->first;
        buffer_append_text(&pile->bytes, row_text(&rows, 2));
        pile->sources[pile->count] = (index_source){ .document = (index_document)row_int64(&rows, 1) };
        pile->ends[pile->count++] = pile->bytes.length;
    }
    recto_status closed = rows_close(&rows);
    status = status != RECTO_OK ? status : closed;
    if (status == RECTO_OK && buffer_failed(&pile->bytes))
        status = recto_fail_memory(error, "writing the index");
    for (size_t i = 0, start = 0; i < pile->count && status == RECTO_OK; start = pile->ends[i++])
        pile->sources[i].entry = text_of(pile->bytes.bytes + start, pile->ends[i] - start);
    return status;
}

/* Entries are newer than all segments that there are: a load may have added some behind them. */
int64_t segments_range(const segment_list *list, int64_t first, int64_t last, int64_t most)
{
    const int64_t newest = segments_last(list);
    const int64_t part = last - first < most ? last : first + most - 1;
    return newest < part ? part : newest > last ? newest : last;
}

recto_status pile_publish(const entry_pile *pile, repo *repo, const index_segment_info *info, const index_set *documents,
                          int64_t last, recto_error *error)
{
    recto_status status = segment_publish(repo, info, documents, pile->first, last, error);
    if (status == RECTO_OK)
        status = store_run(repo, error, SQL_PENDING_REMOVE, "ii", pile->first, pile->last);
    return status == RECTO_OK && (size_t)store_changes(repo) != pile->count ? RECTO_ENOTFOUND : status;
}

/* Entries that stand before what is being built are older than it: deleted documents must stay in the set then. */
static recto_status pile_write(const entry_pile *pile, repo *repo, int64_t last, bool alone, recto_error *error)
{
    index_merge *merge = NULL;
    index_segment_info info = { 0 };
    index_set *documents = NULL;
    int64_t number = 0;
    bool done = false;
    recto_status status = segment_begin(&number, repo, pile->first, last, error);
    if (status == RECTO_OK)
        status = index_merge_new(&merge, pile->sources, pile->count, &repo->postings->store, number, alone, error);
    if (status == RECTO_OK)
        status = index_merge_step(merge, 0, &done, &info, &documents, error);
    index_merge_free(merge);
    if (status == RECTO_OK)
        status = pile_publish(pile, repo, &info, documents, last, error);
    index_set_free(documents);
    return status;
}

static recto_status merge_where_nobody_tidies(repo *repo, recto_error *error)
{
    segment_list list = { .rows = NULL };
    segment_merge merge = { .merge = NULL };
    size_t from = 0, count = 0;
    bool done = false;
    recto_status status = segments_read(&list, repo, error);
    if (status == RECTO_OK)
        segments_choose(&list, MERGE_WIDTH_IN_SAVE, &from, &count);
    if (status == RECTO_OK && count > 0 && segments_documents(&list, from, count) <= MERGE_WHOLE) {
        status = merge_open(&merge, repo, &repo->postings->store, &list, from, count, error);
        if (status == RECTO_OK)
            status = merge_go_on(&done, &merge, repo, 0, error);
        merge_close(&merge);
    }
    segment_list_free(&list);
    return status;
}

static recto_status pending_range(int64_t *first, int64_t *last, repo *repo, recto_error *error)
{
    rows range;
    *first = *last = 0;
    (void)rows_open(&range, repo, error, SQL_PENDING_RANGE, "");
    if (rows_next(&range)) {
        *first = row_int64(&range, 0);
        *last = row_int64(&range, 1);
    }
    return rows_close(&range);
}

/* Who has said that he makes a segment of these entries and does not go on: stopped, or starved. What he still does is for
 * nothing. A rebuilding, which begins at 0, is left alone. */
static recto_status push_aside(segment_list *list, repo *repo, int64_t first, recto_error *error)
{
    recto_status status = RECTO_OK;
    for (size_t i = 0; i < list->count && status == RECTO_OK; i++)
        if (list->rows[i].state == SEGMENT_BUILDING && list->rows[i].first == first) {
            status = segment_kill(repo, list->rows[i].info.segment, error);
            list->rows[i].state = SEGMENT_DEAD;
        }
    return status;
}

static recto_status flush_range(repo *repo, segment_list *list, int64_t first, int64_t last, int64_t most, recto_error *error)
{
    entry_pile pile = { .count = 0 };
    recto_status status = RECTO_OK;
    if (segments_claimed(list, first) && last - first + 1 >= FLUSH_AT_ONCE)
        status = push_aside(list, repo, first, error);
    if (status != RECTO_OK || segments_claimed(list, first))
        return status;
    last = segments_range(list, first, last, most);
    status = pile_read(&pile, repo, first, last, error);
    if (status == RECTO_OK)
        status = pile_write(&pile, repo, last, segments_are_none(list), error);
    pile_free(&pile);
    return status == RECTO_OK ? merge_where_nobody_tidies(repo, error) : status;
}

recto_status postings_flush(repo *repo, int64_t least, int64_t most, recto_error *error)
{
    segment_list list = { .rows = NULL };
    postings *kept = NULL;
    int64_t first = 0, last = 0;
    recto_status status = postings_of(&kept, repo, error);
    if (status == RECTO_OK)
        status = pending_range(&first, &last, repo, error);
    if (status != RECTO_OK || last == 0 || last - first + 1 < least)
        return status;
    status = segments_read(&list, repo, error);
    if (status == RECTO_OK)
        status = flush_range(repo, &list, first, last, most, error);
    segment_list_free(&list);
    return status;
}

/* ---- from segments to a larger one ------------------------------------------------------------------------------- */

/* Others build from these, or in place of these: a rebuilding stands for all up to its last sequence. */
static bool is_spoken_for(const segment_list *list, const segment_row *row)
{
    for (size_t i = 0; i < list->count; i++) {
        const segment_row *other = &list->rows[i];
        if (other->state == SEGMENT_BUILDING && other->first <= row->last && row->last <= other->last &&
            process_lives(&other->builder))
            return true;
    }
    return false;
}

/* The newest neighbours of levels up to L, when enough of them are of level L itself; the lowest such L. So each document is
 * written about once a level. */
static bool is_enough(const size_t *found, int level, size_t width)
{
    size_t lower = level > 0 ? found[level - 1] : 0;
    return found[level] >= width && (found[level] - lower >= width - 1 || found[level] >= 3 * width);
}

void segments_choose(const segment_list *list, size_t width, size_t *from, size_t *count)
{
    enum { LEVELS = 21 };
    size_t live = 0, start[LEVELS] = { 0 }, found[LEVELS] = { 0 };
    bool open[LEVELS];
    *count = 0;
    memset(open, 1, sizeof open);
    for (size_t i = list->count; i-- > 0;) {
        const segment_row *row = &list->rows[i];
        if (is_building(row))
            break; /* what comes of it stands between newer and older ones, which must not become one */
        if (row->state != SEGMENT_LIVE)
            continue;
        if (is_spoken_for(list, row))
            break;
        live++;
        for (int level = 0; level < LEVELS; level++) {
            open[level] = open[level] && row->level <= level;
            if (open[level]) {
                start[level] = i;
                found[level]++;
            }
        }
    }
    for (int level = 0; level < LEVELS && live > 1; level++)
        if (is_enough(found, level, width)) {
            *from = start[level];
            *count = list->count - start[level]; /* rows of other states among them are passed over */
            return;
        }
}

uint64_t segments_documents(const segment_list *list, size_t from, size_t count)
{
    uint64_t documents = 0;
    for (size_t i = from; i < from + count; i++)
        if (list->rows[i].state == SEGMENT_LIVE)
            documents += list->rows[i].info.documents;
    return documents;
}

void merge_close(segment_merge *merge)
{
    index_merge_free(merge->merge);
    for (size_t i = 0; i < merge->count; i++)
        index_set_free(merge->sets[i]);
    free(merge->sets);
    free(merge->rows);
    free(merge->sources);
    *merge = (segment_merge){ .merge = NULL };
}

static recto_status merge_take(segment_merge *out, repo *repo, const segment_row *row, recto_error *error)
{
    index_set *documents = NULL;
    recto_status status = documents_get(&documents, repo, row->info.segment, error);
    if (status != RECTO_OK)
        return status;
    if (out->count == 0 || row->first < out->first)
        out->first = row->first;
    out->last = row->last;
    out->rows[out->count] = *row;
    out->sets[out->count] = documents;
    out->sources[out->count] = (index_source){ .segment = &out->rows[out->count].info, .documents = documents };
    out->count++;
    return RECTO_OK;
}

static bool is_oldest(const segment_list *list, size_t from)
{
    for (size_t i = 0; i < from; i++)
        if (list->rows[i].state != SEGMENT_DEAD)
            return false;
    return true;
}

recto_status merge_open(segment_merge *out, repo *repo, const index_store *store, const segment_list *list, size_t from,
                        size_t count, recto_error *error)
{
    recto_status status = RECTO_OK;
    *out = (segment_merge){ .rows = calloc(count, sizeof *out->rows),
                            .sets = calloc(count, sizeof *out->sets),
                            .sources = calloc(count, sizeof *out->sources) };
    if (out->rows == NULL || out->sets == NULL || out->sources == NULL) {
        merge_close(out);
        return recto_fail_memory(error, "merging the index");
    }
    for (size_t i = from; i < from + count && status == RECTO_OK; i++)
        if (list->rows[i].state == SEGMENT_LIVE)
            status = merge_take(out, repo, &list->rows[i], error);
    if (status == RECTO_OK)
        status = segment_begin(&out->number, repo, out->first, out->last, error);
    if (status == RECTO_OK)
        status = index_merge_new(&out->merge, out->sources, out->count, store, out->number, is_oldest(list, from), error);
    if (status != RECTO_OK)
        merge_close(out);
    return status;
}

/* A rebuilding may have put others in the place of the sources while this was under way. */
static bool sources_live(const segment_merge *merge, const segment_list *list)
{
    size_t live = 0;
    for (size_t i = 0; i < merge->count; i++)
        for (size_t j = 0; j < list->count; j++)
            live += list->rows[j].info.segment == merge->rows[i].info.segment && list->rows[j].state == SEGMENT_LIVE;
    return live == merge->count;
}

recto_status merge_publish(segment_merge *merge, repo *repo, const index_segment_info *info, const index_set *documents,
                           recto_error *error)
{
    segment_list list = { .rows = NULL };
    recto_status status = segments_read(&list, repo, error);
    if (status == RECTO_OK && !sources_live(merge, &list))
        status = RECTO_ENOTFOUND;
    segment_list_free(&list);
    if (status == RECTO_OK)
        status = segment_publish(repo, info, documents, merge->first, merge->last, error);
    for (size_t i = 0; i < merge->count && status == RECTO_OK; i++)
        status = segment_kill(repo, merge->rows[i].info.segment, error);
    return status;
}

recto_status merge_go_on(bool *done, segment_merge *merge, repo *repo, int64_t until_ms, recto_error *error)
{
    index_segment_info info = { 0 };
    index_set *documents = NULL;
    recto_status status = RECTO_OK;
    *done = false;
    do {
        status = index_merge_step(merge->merge, until_ms == 0 ? 0 : SLICE_WORK, done, &info, &documents, error);
    } while (status == RECTO_OK && !*done &&
             (until_ms == 0 || (recto_clock_monotonic_ms() < until_ms && !queue_has_others(repo))));
    if (status == RECTO_OK && *done)
        status = merge_publish(merge, repo, &info, documents, error);
    index_set_free(documents);
    return status;
}
