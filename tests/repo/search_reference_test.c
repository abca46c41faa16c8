/* tests/repo/search_reference_test.c - thousands of random queries asked of the search, of FTS5 and of every record.
 *
 * Three engines that share nothing but the folded words of the records: the posting index, an FTS5 table in memory that only
 * this test has, and a reader of all words from beginning to end. What they find must be the same, query by query, also after
 * records were changed, deleted and brought back. Words come from the records themselves: those of ../shared/data where it
 * is, and always from titles made up here. The seed is fixed. */
#include "room.h"
#include "recto/marc/formats.h"
#include "../../src/repo/store.h"

#include <glob.h>
#include <sqlite3.h>

enum { RECORDS_MAX = 1000, OWN = 300, QUERIES = 2500, ROUNDS = 3, TERMS_MAX = 4, TOKENS_MAX = 8, PHRASES_MAX = 4 };

static uint64_t random_state = 20260101;
static unsigned pick(unsigned below)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return (unsigned)(random_state >> 33) % below;
}

/* ---- the records and their words ------------------------------------------------------------------------------------------ */

typedef struct subject { /* what the engines are asked about */
    marc_record *record;
    mms_id id;
    int version;
    bool deleted;
    buffer columns[WORDS_COLUMNS];
} subject;

typedef struct world {
    repo *repo;
    sqlite3 *fts;
    subject subjects[RECORDS_MAX];
    size_t count;
    size_t asked, with_hits;
} world;

static void add_record(world *world, marc_record *record)
{
    if (world->count == RECORDS_MAX) {
        marc_record_free(record);
        return;
    }
    for (size_t column = 0; column < WORDS_COLUMNS; column++)
        buffer_init(&world->subjects[world->count].columns[column], 0);
    world->subjects[world->count++].record = record;
}

static void add_file(world *world, const char *path)
{
    recto_error error;
    const marc_reader_options options = { .format = MARC_FORMAT_ISO2709 };
    marc_reader *reader = NULL;
    char *bytes = malloc(1 << 22);
    FILE *file = fopen(path, "rb");
    size_t length = file != NULL && bytes != NULL ? fread(bytes, 1, 1 << 22, file) : 0;
    if (file != NULL)
        fclose(file);
    if (length > 0 && marc_reader_new_bytes(&reader, text_of(bytes, length), path, &options, &error) == RECTO_OK) {
        for (bool more = true; more && world->count < RECORDS_MAX;) {
            marc_record *record = NULL;
            must(marc_record_new(&record, &error), &error);
            recto_status status = marc_reader_next(reader, record, &error);
            more = status == RECTO_OK || status == RECTO_EDATA || status == RECTO_ELIMIT;
            if (status == RECTO_OK)
                add_record(world, record);
            else
                marc_record_free(record);
        }
        marc_reader_free(reader);
    }
    free(bytes);
}

/* Few words in many orders: phrases that nearly match, words at the edges, one word twice. */
static void add_own(world *world)
{
    static const char *const words[] = {
        "One",    "hundred", "years",  "of", "solitude", "Garc\u00EDa", "M\u00E1rquez",       "\u767E",     "\u5E74", "no",
        "kodoku", "the",     "hobbit", "or", "and",      "Stra\u00DFe", "\u0394\u03B9\u03B1", "l'\u00EEle", "co-op",  "C++",
        "1984"
    };
    for (size_t i = 0; i < OWN; i++) {
        char title[200] = "", name[120] = "", note[200] = "";
        for (unsigned left = 1 + pick(6); left > 0; left--)
            snprintf(title + strlen(title), sizeof title - strlen(title), "%s ", words[pick(21)]);
        snprintf(name, sizeof name, "100 1  $a%s, %s.", words[pick(21)], words[pick(21)]);
        for (unsigned left = 1 + pick(4); left > 0; left--)
            snprintf(note + strlen(note), sizeof note - strlen(note), "%s %s ", words[pick(21)], words[pick(21)]);
        char line[260], notes[260], subject[200];
        snprintf(line, sizeof line, "245 1%c $a%s/$c%s.", pick(4) == 0 ? '4' : '0', title, words[pick(21)]);
        snprintf(notes, sizeof notes, "500    $a%s", note);
        snprintf(subject, sizeof subject, "650  0 $a%s$z%s.", words[pick(21)], words[pick(21)]);
        add_record(world, RECORD(name, line, notes, subject));
    }
}

static void append_word(void *context, enum word_column column, text word)
{
    if (column >= WORDS_COLUMNS) /* a local field once more, behind its tag: the reference has all of them as one */
        return;
    buffer *words = &((subject *)context)->columns[column];
    if (words->length > 0)
        buffer_append_char(words, ' ');
    buffer_append_text(words, word);
}

static void fold_words(subject *subject)
{
    buffer scratch[WORDS_SCRATCH];
    for (size_t i = 0; i < WORDS_COLUMNS; i++)
        buffer_clear(&subject->columns[i]);
    for (size_t i = 0; i < WORDS_SCRATCH; i++)
        buffer_init(&scratch[i], 0);
    assert_true(index_words(scratch, subject->record, append_word, subject));
    for (size_t i = 0; i < WORDS_COLUMNS; i++)
        assert_false(buffer_failed(&subject->columns[i]));
    for (size_t i = 0; i < WORDS_SCRATCH; i++)
        buffer_release(&scratch[i]);
}

static void fts_run(world *world, const char *sql)
{
    if (sqlite3_exec(world->fts, sql, NULL, NULL, NULL) != SQLITE_OK)
        fail_msg("FTS5: %s", sqlite3_errmsg(world->fts));
}

static void fts_fill(world *world)
{
    sqlite3_stmt *statement;
    fts_run(world, "DROP TABLE IF EXISTS w;"
                   "CREATE VIRTUAL TABLE w USING fts5(c0, c1, c2, c3, c4, c5, c6, c7, c8, tokenize = 'ascii')");
    assert_int_equal(sqlite3_prepare_v2(world->fts,
                                        "INSERT INTO w (rowid, c0, c1, c2, c3, c4, c5, c6, c7, c8) VALUES (?1, ?2, ?3,"
                                        " ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
                                        -1, &statement, NULL),
                     SQLITE_OK);
    for (size_t i = 0; i < world->count; i++) {
        if (world->subjects[i].deleted)
            continue;
        sqlite3_bind_int64(statement, 1, (sqlite3_int64)i + 1);
        for (int column = 0; column < WORDS_COLUMNS; column++)
            sqlite3_bind_text(statement, column + 2, buffer_string(&world->subjects[i].columns[column]), -1, SQLITE_STATIC);
        assert_int_equal(sqlite3_step(statement), SQLITE_DONE);
        sqlite3_reset(statement);
    }
    sqlite3_finalize(statement);
}

/* ---- queries ----------------------------------------------------------------------------------------------------- */

typedef struct phrase {
    char tokens[TOKENS_MAX + 2][260];
    size_t count;
    bool cut;
} phrase;

typedef struct question {
    query_node node;
    char typed[2000];
    int column; /* -1: any */
    phrase phrases[PHRASES_MAX];
    size_t phrase_count;
} question;

static const struct {
    const char *code;
    int column;
} asked_indexes[] = { { "kw", -1 },
                      { "kw", -1 },
                      { "ti", WORDS_TITLE },
                      { "ti", WORDS_TITLE },
                      { "au", WORDS_CREATOR },
                      { "su", WORDS_SUBJECT },
                      { "n", WORDS_NOTES },
                      { "se", WORDS_SERIES },
                      { "pub", WORDS_PUBLISHER },
                      { "pl", WORDS_PLACE },
                      { "l9xx", WORDS_LOCAL } };

static bool is_edge(text word)
{
    return memmem(word.bytes, word.length, INDEX_FIRST, 3) != NULL || memmem(word.bytes, word.length, INDEX_LAST, 3) != NULL;
}

/* Up to `wanted` words from a place of a column, edges left out; they may run over the end of a field, which then finds less. */
static size_t draw_words(phrase *out, text words, size_t wanted)
{
    size_t total = 0, at = 0, count = 0;
    for (text rest = words; rest.length > 0; total++)
        (void)text_next_field(&rest, ' ');
    const size_t start = total > 0 ? pick((unsigned)total) : 0;
    for (text rest = words; rest.length > 0 && count < wanted; at++) {
        text word = text_next_field(&rest, ' ');
        if (at < start || word.length == 0 || word.length > 200 || is_edge(word))
            continue;
        snprintf(out->tokens[count++], sizeof out->tokens[0], "%.*s", (int)word.length, word.bytes);
    }
    out->count = count;
    return count;
}

static void append_typed(question *out, const phrase *phrase)
{
    for (size_t i = 0; i < phrase->count; i++) {
        size_t used = strlen(out->typed);
        snprintf(out->typed + used, sizeof out->typed - used, "%s%s", used > 0 ? " " : "", phrase->tokens[i]);
    }
    if (phrase->cut)
        strncat(out->typed, "*", sizeof out->typed - strlen(out->typed) - 1);
}

static void cut_last(phrase *phrase)
{
    char *last = phrase->tokens[phrase->count - 1];
    size_t length = strlen(last);
    for (length = length > 2 ? length - pick((unsigned)length / 2) : length; length > 0; length--)
        if (((unsigned char)last[length] & 0xC0) != 0x80)
            break;
    last[length] = '\0';
    phrase->cut = true;
}

static void put_edges(phrase *phrase, bool whole)
{
    char first[260], last[260];
    snprintf(first, sizeof first, "%s%.200s", INDEX_FIRST, phrase->tokens[0]);
    snprintf(last, sizeof last, "%.200s%s", phrase->tokens[phrase->count - 1], INDEX_LAST);
    phrase->cut = !whole;
    if (!whole && phrase->count == 1) {
        memcpy(phrase->tokens[0], first, sizeof first);
        return;
    }
    memmove(phrase->tokens[1], phrase->tokens[0], phrase->count * sizeof phrase->tokens[0]);
    memcpy(phrase->tokens[0], first, sizeof first);
    phrase->count++;
    if (whole)
        memcpy(phrase->tokens[phrase->count++], last, sizeof last);
}

/* A field's own words: from the word behind its first edge to its last edge. */
static size_t draw_field(phrase *out, text words)
{
    size_t edges = 0, count = 0;
    for (text rest = words; rest.length > 0;)
        edges += text_starts(text_next_field(&rest, ' '), TEXT(INDEX_FIRST));
    size_t wanted = edges > 0 ? 1 + pick((unsigned)edges) : 1;
    for (text rest = words; rest.length > 0;) {
        text word = text_next_field(&rest, ' ');
        if (text_starts(word, TEXT(INDEX_FIRST))) {
            wanted--;
            continue;
        }
        if (wanted == 0 && is_edge(word))
            break;
        if (wanted == 0 && count < TOKENS_MAX && word.length > 0 && word.length < 200)
            snprintf(out->tokens[count++], sizeof out->tokens[0], "%.*s", (int)word.length, word.bytes);
    }
    out->count = count;
    return count;
}

static void keywords(question *out, const world *world, const subject *subject, text words)
{
    const unsigned wanted = 1 + pick(3);
    out->node.operator= SEARCH_KEYWORDS;
    for (unsigned i = 0; i < wanted; i++) {
        phrase *phrase = &out->phrases[out->phrase_count];
        memset(phrase, 0, sizeof *phrase);
        if (pick(8) == 0) /* a word of another record: mostly none has both */
            words = buffer_text(&world->subjects[pick((unsigned)world->count)].columns[pick(WORDS_COLUMNS)]);
        else if (out->column < 0)
            words = buffer_text(&subject->columns[pick(WORDS_COLUMNS)]);
        if (draw_words(phrase, words, 1) == 0)
            continue;
        if (pick(4) == 0)
            cut_last(phrase);
        append_typed(out, phrase);
        out->phrase_count++;
    }
}

static bool make_question(question *out, const world *world)
{
    const subject *subject = &world->subjects[pick((unsigned)world->count)];
    const size_t index = pick(sizeof asked_indexes / sizeof *asked_indexes);
    memset(out, 0, sizeof *out);
    out->column = asked_indexes[index].column;
    out->node = (query_node){ .kind = QUERY_TERM, .index = repo_search_index(asked_indexes[index].code) };
    const text words = buffer_text(&subject->columns[out->column >= 0 ? out->column : (int)pick(WORDS_COLUMNS)]);
    phrase *phrase = &out->phrases[0];
    switch (pick(4)) {
    case 0:
    case 1:
        keywords(out, world, subject, words);
        break;
    case 2:
        out->node.operator= SEARCH_PHRASE;
        out->phrase_count = draw_words(phrase, words, 2 + pick(3)) > 0;
        if (out->phrase_count > 0 && pick(3) == 0)
            cut_last(phrase);
        if (out->phrase_count > 0)
            append_typed(out, phrase);
        break;
    default:
        if (out->column < 0 || draw_field(phrase, words) == 0)
            return false;
        out->node.operator= pick(2) == 0 ? SEARCH_EQUALS : SEARCH_STARTS_WITH;
        if (out->node.operator== SEARCH_STARTS_WITH) {
            phrase->count = 1 + pick((unsigned)phrase->count);
            cut_last(phrase);
            phrase->cut = false;
        }
        append_typed(out, phrase);
        put_edges(phrase, out->node.operator== SEARCH_EQUALS);
        out->phrase_count = 1;
        break;
    }
    out->node.value = text_from(out->typed);
    return out->phrase_count > 0;
}

/* ---- the three engines ------------------------------------------------------------------------------------------- */

typedef struct verdict {
    bool has[RECORDS_MAX];
} verdict;

static void ask_fts(verdict *out, const world *world, const question *question)
{
    char expression[8000] = "";
    sqlite3_stmt *statement;
    memset(out, 0, sizeof *out);
    if (question->column >= 0)
        snprintf(expression, sizeof expression, "{c%d} : ", question->column);
    strcat(expression, "(");
    for (size_t i = 0; i < question->phrase_count; i++) {
        const phrase *phrase = &question->phrases[i];
        strcat(expression, i > 0 ? " AND \"" : "\"");
        for (size_t at = 0; at < phrase->count; at++) {
            strcat(expression, at > 0 ? " " : "");
            strcat(expression, phrase->tokens[at]);
        }
        strcat(expression, phrase->cut ? "\" *" : "\"");
    }
    strcat(expression, ")");
    assert_int_equal(sqlite3_prepare_v2(world->fts, "SELECT rowid FROM w WHERE w MATCH ?1", -1, &statement, NULL), SQLITE_OK);
    sqlite3_bind_text(statement, 1, expression, -1, SQLITE_STATIC);
    int step;
    while ((step = sqlite3_step(statement)) == SQLITE_ROW)
        out->has[sqlite3_column_int64(statement, 0) - 1] = true;
    if (step != SQLITE_DONE)
        fail_msg("FTS5: %s: %s", expression, sqlite3_errmsg(world->fts));
    sqlite3_finalize(statement);
}

static bool phrase_at(text rest, const phrase *phrase)
{
    for (size_t i = 0; i < phrase->count; i++) {
        const text word = text_next_field(&rest, ' '), token = text_from(phrase->tokens[i]);
        if (word.length == 0)
            return false;
        if (i + 1 == phrase->count && phrase->cut ? !text_starts(word, token) : !text_equal(word, token))
            return false;
    }
    return true;
}

static bool holds_phrase(text words, const phrase *phrase)
{
    for (text rest = words; rest.length > 0; (void)text_next_field(&rest, ' '))
        if (phrase_at(rest, phrase))
            return true;
    return false;
}

static bool reads_as(const subject *subject, const question *question)
{
    for (size_t i = 0; i < question->phrase_count; i++) {
        bool found = false;
        for (int column = 0; column < WORDS_COLUMNS && !found; column++)
            if (question->column < 0 || question->column == column)
                found = holds_phrase(buffer_text(&subject->columns[column]), &question->phrases[i]);
        if (!found)
            return false;
    }
    return !subject->deleted;
}

typedef struct answer {
    const world *world;
    verdict *verdict;
} answer;

static bool note_row(void *context, const bib_info *row)
{
    const answer *to = context;
    size_t low = 0, high = to->world->count; /* MMS IDs rise with the place */
    while (low + 1 < high) {
        const size_t middle = (low + high) / 2;
        if (to->world->subjects[middle].id <= row->id)
            low = middle;
        else
            high = middle;
    }
    assert_true(to->world->subjects[low].id == row->id);
    assert_false(to->verdict->has[low]); /* no row comes twice */
    to->verdict->has[low] = true;
    return true;
}

static size_t ask_search(verdict *out, const world *world, const query_node *node, search_sort sort)
{
    recto_error error;
    size_t count = 0;
    answer to = { world, out };
    const search_request request = { .query = node, .sort = sort, .limit = RECORDS_MAX, .now = NOON };
    memset(out, 0, sizeof *out);
    must(repo_search(world->repo, &request, note_row, &to, &count, &error), &error);
    return count;
}

static void compare(const world *world, const question *questions, size_t terms, const verdict *want, const verdict *got,
                    const char *engine)
{
    for (size_t i = 0; i < world->count; i++)
        if (want->has[i] != got->has[i])
            fail_msg("query %zu of %zu terms (%s, operator %d: '%s'): record %zu is %s by %s", world->asked, terms,
                     questions[0].node.index->code, (int)questions[0].node.operator, questions[0].typed, i,
                     want->has[i] ? "not found" : "found though it should not be", engine);
}

static void join(verdict *left, const verdict *right, query_kind kind)
{
    for (size_t i = 0; i < RECORDS_MAX; i++)
        left->has[i] = kind == QUERY_AND  ? left->has[i] && right->has[i]
                       : kind == QUERY_OR ? left->has[i] || right->has[i]
                                          : left->has[i] && !right->has[i];
}

static void ask_one(world *world)
{
    static question questions[TERMS_MAX];
    static verdict want, term, got;
    query_node joints[TERMS_MAX];
    const query_node *tree = NULL;
    size_t terms = 0;
    for (size_t wanted = pick(2) == 0 ? 1 : 1 + pick(TERMS_MAX); terms < wanted;) {
        if (!make_question(&questions[terms], world))
            continue;
        ask_fts(&term, world, &questions[terms]);
        for (size_t i = 0; i < world->count; i++) /* FTS5 and the reader of all words */
            if (term.has[i] != reads_as(&world->subjects[i], &questions[terms]))
                fail_msg("'%s': the references differ in record %zu", questions[terms].typed, i);
        const query_kind kind = (query_kind)(QUERY_AND + pick(3));
        if (terms == 0) {
            want = term;
            tree = &questions[0].node;
        } else {
            join(&want, &term, kind);
            joints[terms] = (query_node){ .kind = kind, .left = tree, .right = &questions[terms].node };
            tree = &joints[terms];
        }
        terms++;
    }
    static const search_sort sorts[] = { SORT_MMS_ID,          SORT_RANK,           SORT_TITLE, SORT_DATE_NEWEST,
                                         SORT_MODIFIED_NEWEST, SORT_TITLE_BACKWARDS };
    size_t count = ask_search(&got, world, tree, sorts[pick(6)]), rows = 0;
    compare(world, questions, terms, &want, &got, "the search");
    for (size_t i = 0; i < world->count; i++)
        rows += want.has[i];
    assert_int_equal(count, rows);
    world->asked++;
    world->with_hits += rows > 0;
}

/* ---- rounds ------------------------------------------------------------------------------------------------------ */

static void store_all(world *world)
{
    recto_error error;
    must(repo_begin(world->repo, &error), &error);
    for (size_t i = 0; i < world->count; i++) {
        subject *subject = &world->subjects[i];
        must(repo_bib_new_id(world->repo, INSTITUTION, &subject->id, &error), &error);
        must(room_try_write(world->repo, subject->id, INSTITUTION, subject->record, 0, &subject->version, &error), &error);
    }
    must(repo_commit(world->repo, &error), &error);
}

/* Every tenth record gets the words of another, every twentieth goes, and some that went come back. */
static void change_some(world *world)
{
    recto_error error;
    must(repo_begin(world->repo, &error), &error);
    for (size_t i = 0; i < world->count; i++) {
        subject *subject = &world->subjects[i];
        const unsigned what = pick(20);
        if (what == 0 && !subject->deleted) {
            must(repo_bib_delete(world->repo, subject->id, subject->version, "cat1", NOON, &error), &error);
            subject->deleted = true;
        } else if (what <= 2) {
            marc_record *before = subject->record; /* may be the one that is picked */
            must(marc_record_copy(&subject->record, world->subjects[pick((unsigned)world->count)].record, &error), &error);
            marc_record_free(before);
            must(room_try_write(world->repo, subject->id, INSTITUTION, subject->record, subject->version, &subject->version,
                                &error),
                 &error);
            subject->deleted = false;
            fold_words(subject);
        }
    }
    must(repo_commit(world->repo, &error), &error);
}

static void load_world(world *world)
{
    glob_t files;
    add_own(world);
    if (glob("../shared/data/marc/utf8/*.mrc", 0, NULL, &files) == 0) {
        for (size_t i = 0; i < files.gl_pathc; i++)
            add_file(world, files.gl_pathv[i]);
        globfree(&files);
    } else {
        print_message("skipped: ../shared/data/marc is not here; records made up here alone\n");
    }
    for (size_t i = 0; i < world->count; i++)
        fold_words(&world->subjects[i]);
}

static void random_queries__find_what_fts5_and_a_reader_of_all_words_find(void **state)
{
    const room *room = *state;
    static world world;
    world.repo = room->repo;
    assert_int_equal(sqlite3_open(":memory:", &world.fts), SQLITE_OK);
    load_world(&world);
    store_all(&world);
    for (int round = 0; round < ROUNDS; round++) {
        fts_fill(&world);
        for (int i = 0; i < QUERIES / ROUNDS; i++)
            ask_one(&world);
        change_some(&world);
    }
    print_message("%zu records, %zu queries, %zu with hits\n", world.count, world.asked, world.with_hits);
    assert_true(world.with_hits > world.asked / 3);
    for (size_t i = 0; i < world.count; i++) {
        marc_record_free(world.subjects[i].record);
        for (int column = 0; column < WORDS_COLUMNS; column++)
            buffer_release(&world.subjects[i].columns[column]);
    }
    sqlite3_close(world.fts);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(random_queries__find_what_fts5_and_a_reader_of_all_words_find, room_open, room_close),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
