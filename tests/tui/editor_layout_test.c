/* tests/tui/editor_layout_test.c - a field that is laid out again after a change stands as one that is laid out anew, whatever
 * changed, and a letter in a field of 32 KB does not cost the whole of it. */
#include "editor_bench.h"

static const char *const pieces[] = { "a",
                                      " ",
                                      "word ",
                                      "averylongwordthatfitsnoline ",
                                      "$",
                                      "$$",
                                      "\x1F"
                                      "b",
                                      "\x1F",
                                      "\x1F"
                                      "a ",
                                      "\xCC\x81",
                                      "e\xCC\x81",
                                      "\xE5\xAD\x97",
                                      "\xD7\x90\xD7\x91",
                                      "\xE2\x80\x8D",
                                      "\xF0\x9F\x87\xA8\xF0\x9F\x87\xB4",
                                      "\xE0\xA4\x95\xE0\xA5\x8D\xE0\xA4\xB7",
                                      "\xFF",
                                      "\x01",
                                      "   " };

static unsigned next_random(unsigned *seed, unsigned below)
{
    *seed = *seed * 1103515245 + 12345;
    return (*seed >> 16) % below;
}

static void same(const layout *kept, const layout *fresh, unsigned turn)
{
    if (kept->count != fresh->count || kept->lines != fresh->lines)
        fail_msg("turn %u: %zu glyphs on %d lines, wanted %zu on %d", turn, kept->count, kept->lines, fresh->count, fresh->lines);
    for (size_t i = 0; i < fresh->count; i++) {
        const glyph *one = &kept->glyphs[i], *other = &fresh->glyphs[i];
        if (one->offset != other->offset || one->bytes != other->bytes || one->line != other->line ||
            one->column != other->column || one->width != other->width || one->kind != other->kind ||
            one->breaks != other->breaks || one->opens != other->opens)
            fail_msg("turn %u: glyph %zu stands at %d:%d (byte %zu), wanted %d:%d (byte %zu)", turn, i, one->line, one->column,
                     one->offset, other->line, other->column, other->offset);
    }
}

/* One change: some bytes go, a piece comes. */
static void change(char *bytes, size_t *length, size_t capacity, unsigned *seed)
{
    const char *piece = pieces[next_random(seed, sizeof pieces / sizeof *pieces)];
    const size_t added = next_random(seed, 4) == 0 ? 0 : strlen(piece);
    const size_t at = next_random(seed, 10) == 0 ? *length : next_random(seed, (unsigned)*length + 1);
    size_t gone = next_random(seed, 3) == 0 ? next_random(seed, 12) : 0;
    if (gone > *length - at)
        gone = *length - at;
    if (*length - gone + added > capacity)
        return;
    memmove(bytes + at + added, bytes + at + gone, *length - at - gone);
    memcpy(bytes + at, piece, added);
    *length = *length - gone + added;
}

static void changed_fields_are_laid_out_as_new_ones(void **state)
{
    (void)state;
    for (unsigned run = 0; run < 24; run++) {
        layout kept = { 0 };
        char bytes[1500] = "  \x1F"
                           "a";
        size_t length = 4;
        unsigned seed = run;
        while (length < 600) /* shorter ones are laid out anew in any case */
            change(bytes, &length, sizeof bytes, &seed);
        editor_row row = {
            .tag = "500", .start = 2, .control = run % 6 == 5, .hash_blanks = run % 6 == 4, .delimiter_columns = 2
        };
        row.start = row.control ? 0 : 2;
        for (unsigned turn = 0; turn < 700; turn++) {
            layout fresh = { 0 };
            change(bytes, &length, sizeof bytes, &seed);
            char *exact = malloc(length + 1); /* so that a byte read behind the end is seen */
            assert_non_null(exact);
            memcpy(exact, bytes, length);
            row.content = text_of(exact, length);
            if (length < row.start) {
                free(exact);
                continue;
            }
            const int columns = run % 2 == 0 ? 67 : 17;
            assert_true(layout_build(&kept, &row, columns, run % 3 != 2));
            assert_true(layout_build(&fresh, &row, columns, run % 3 != 2));
            same(&kept, &fresh, run * 1000 + turn);
            layout_release(&fresh);
            free(exact);
        }
        layout_release(&kept);
    }
}

static void another_width_or_form_is_laid_out_anew(void **state)
{
    layout kept = { 0 }, fresh = { 0 };
    editor_row row = { .tag = "500",
                       .start = 2,
                       .content = TEXT("  \x1F"
                                       "aone two three four five six") };
    (void)state;
    assert_true(layout_build(&kept, &row, 40, true));
    assert_true(layout_build(&kept, &row, 14, true));
    assert_true(layout_build(&fresh, &row, 14, true));
    same(&kept, &fresh, 0);
    row.hash_blanks = true;
    layout_release(&fresh);
    assert_true(layout_build(&kept, &row, 14, true));
    assert_true(layout_build(&fresh, &row, 14, true));
    same(&kept, &fresh, 1);
    layout_release(&kept);
    layout_release(&fresh);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(changed_fields_are_laid_out_as_new_ones),
        cmocka_unit_test(another_width_or_form_is_laid_out_anew),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
