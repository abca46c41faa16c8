/* src/marc/three_way.c - see three_way.h: two differences from one base, walked side by side. */
#include "recto/marc/three_way.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* What became of each field of the base on one side, and what came before it. */
typedef struct side {
    const marc_record *record;
    record_difference *lines;
    size_t count, at;
} side;

typedef struct walk {
    const marc_record *base;
    side mine, theirs;
    three_way_line *lines;
    size_t count;
} walk;

static bool fields_equal(const marc_record *one, size_t index, const marc_record *other, size_t other_index)
{
    const marc_field a = record_difference_field(one, index), b = record_difference_field(other, other_index);
    return strcmp(a.tag, b.tag) == 0 && text_equal(a.content, b.content);
}

static three_way_line *add(walk *walk, three_way_kind kind, size_t base, size_t mine, size_t theirs)
{
    assert(walk->lines != NULL);
    three_way_line *line = &walk->lines[walk->count++];
    *line = (three_way_line){ .kind = kind, .base = base, .mine = mine, .theirs = theirs };
    line->take_mine = kind == THREE_WAY_MINE || kind == THREE_WAY_CONFLICT;
    return line;
}

static bool comes_new(const side *side)
{
    return side->at < side->count && side->lines[side->at].kind == DIFFERENCE_ONLY_RIGHT;
}

/* What both sides added at the same place: alike once, else each. */
static void take_new(walk *walk)
{
    while (comes_new(&walk->mine) || comes_new(&walk->theirs)) {
        const bool mine = comes_new(&walk->mine), theirs = comes_new(&walk->theirs);
        const size_t own = mine ? walk->mine.lines[walk->mine.at].right : 0;
        const size_t other = theirs ? walk->theirs.lines[walk->theirs.at].right : 0;
        if (mine && theirs && fields_equal(walk->mine.record, own, walk->theirs.record, other)) {
            add(walk, THREE_WAY_ALIKE, THREE_WAY_NONE, own, other);
            walk->mine.at++;
            walk->theirs.at++;
        } else if (theirs) {
            add(walk, THREE_WAY_THEIRS, THREE_WAY_NONE, THREE_WAY_NONE, other);
            walk->theirs.at++;
        } else {
            add(walk, THREE_WAY_MINE, THREE_WAY_NONE, own, THREE_WAY_NONE);
            walk->mine.at++;
        }
    }
}

/* Index on this side of the base's field, or NONE: it went. *changed tells whether it is another. */
static size_t follow(side *side, bool *changed)
{
    const record_difference *line = &side->lines[side->at++];
    *changed = line->kind != DIFFERENCE_NONE;
    return line->kind == DIFFERENCE_ONLY_LEFT ? THREE_WAY_NONE : line->right;
}

/* What every save writes anew is theirs, whatever it was here. */
static bool is_system(const side *side, const marc_record *base, size_t index, size_t here)
{
    if (index == DIFFERENCE_LEADER) {
        const record_difference line = { .kind = DIFFERENCE_CHANGED, .left = index, .right = here };
        return record_difference_is_system(&line, base, side->record);
    }
    const char *tag = marc_record_field(base, index)->tag;
    return strcmp(tag, "005") == 0 || strcmp(tag, "001") == 0;
}

static bool alike(const walk *walk, size_t mine, size_t theirs)
{
    if (mine == THREE_WAY_NONE || theirs == THREE_WAY_NONE)
        return mine == theirs;
    return fields_equal(walk->mine.record, mine, walk->theirs.record, theirs);
}

static void take_base(walk *walk, size_t base)
{
    bool my_change, their_change;
    const size_t mine = follow(&walk->mine, &my_change), theirs = follow(&walk->theirs, &their_change);
    three_way_kind kind = THREE_WAY_SAME;
    if (mine != THREE_WAY_NONE && theirs != THREE_WAY_NONE) {
        my_change = my_change && !is_system(&walk->mine, walk->base, base, mine);
        their_change = their_change && !is_system(&walk->theirs, walk->base, base, theirs);
    }
    if (my_change && their_change)
        kind = alike(walk, mine, theirs) ? THREE_WAY_ALIKE : THREE_WAY_CONFLICT;
    else if (my_change)
        kind = THREE_WAY_MINE;
    else if (their_change)
        kind = THREE_WAY_THEIRS;
    add(walk, kind, base, mine, theirs);
}

static recto_status prepare(side *side, const marc_record *base, const marc_record *record, recto_error *error)
{
    side->record = record;
    return record_difference_make(&side->lines, &side->count, base, record, error);
}

recto_status three_way_make(three_way_line **out, size_t *count, const marc_record *base, const marc_record *mine,
                            const marc_record *theirs, recto_error *error)
{
    walk walk = { .base = base };
    const size_t fields = marc_record_count(base);
    recto_status status = prepare(&walk.mine, base, mine, error);
    if (status == RECTO_OK)
        status = prepare(&walk.theirs, base, theirs, error);
    if (status == RECTO_OK) {
        walk.lines = calloc(walk.mine.count + walk.theirs.count + 1, sizeof *walk.lines);
        status = walk.lines != NULL ? RECTO_OK : recto_fail_memory(error, "comparing three records");
    }
    if (status == RECTO_OK) {
        take_base(&walk, DIFFERENCE_LEADER);
        for (size_t i = 0; i < fields; i++) {
            take_new(&walk);
            take_base(&walk, i);
        }
        take_new(&walk);
        *out = walk.lines;
        *count = walk.count;
    }
    free(walk.mine.lines);
    free(walk.theirs.lines);
    return status;
}

recto_status three_way_merge(marc_record **out, const three_way_line *lines, size_t count, const marc_record *mine,
                             const marc_record *theirs, recto_error *error)
{
    marc_record *made = NULL;
    recto_status status = marc_record_new(&made, error);
    for (size_t i = 0; status == RECTO_OK && i < count; i++) {
        const marc_record *from = lines[i].take_mine ? mine : theirs;
        const size_t index = lines[i].take_mine ? lines[i].mine : lines[i].theirs;
        if (index == DIFFERENCE_LEADER)
            marc_record_set_leader(made, marc_record_leader(from));
        else if (index != THREE_WAY_NONE)
            status =
                marc_record_append(made, marc_record_field(from, index)->tag, marc_record_field(from, index)->content, error);
    }
    if (status != RECTO_OK)
        marc_record_free(made);
    else
        *out = made;
    return status;
}
