/* src/cli/demo_records.c - the records of the demonstration: each work as the editions a library would hold.
 *
 * The tables of data/demo/ hold what differs from title to title; what follows from the material and the edition is here as
 * tables too. OCLC numbers, ISBNs and call numbers are made up by rule, with right check digits. */
#include "demo_records.h"

#include "recto/base/resource.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

typedef struct material {
    const char *name;
    char type, level; /* leader/06 and 07 */
    const char *body; /* 008/18-34 */
    const char *form; /* 007; NULL: none */
    const char *extent;
    const char *content, *media, *carrier; /* 336, 337, 338: "text$btxt" */
    bool physical;
} material;

static const material materials[] = {
    { "book", 'a', 'm', "           000 1 ", NULL, "%d pages ;$c21 cm", "text$btxt", "unmediated$bn", "volume$bnc", true },
    { "large-print", 'a', 'm', "     d     000 1 ", "tb", "%d pages (large print) ;$c25 cm", "text$btxt", "unmediated$bn",
      "volume$bnc", true },
    { "ebook", 'a', 'm', "     o     000 1 ", "cr |||||||||||", "1 online resource (%d pages)", "text$btxt", "computer$bc",
      "online resource$bcr", false },
    { "spoken-recording", 'i', 'm', "nnn         f  n ", "sd fsngnnmmned", "7 audio discs", "spoken word$bspw", "audio$bs",
      "audio disc$bsd", true },
    { "music-recording", 'j', 'm', "mun         n  n ", "sd bsmennmplud", "1 audio disc", "performed music$bprm", "audio$bs",
      "audio disc$bsd", true },
    { "video", 'g', 'm', "102            vl", "vd cvaizq", "1 videodisc (102 min.)", "two-dimensional moving image$btdi",
      "video$bv", "videodisc$bvd", true },
    { "serial", 'a', 's', "qr p       0   a0", "ta", "volumes ;$c24 cm", "text$btxt", "unmediated$bn", "volume$bnc", true },
    { "eserial", 'a', 's', "qr p o     0   a0", "cr |||||||||||", "1 online resource", "text$btxt", "computer$bc",
      "online resource$bcr", false },
    { "integrating", 'a', 'i', "kr l       0   a2", "td", "1 volume (loose-leaf) ;$c28 cm", "text$btxt", "unmediated$bn",
      "volume$bnc", true },
    { "map", 'e', 'm', "       a     0   ", "aj canzn", "1 map ;$c60 x 80 cm", "cartographic image$bcri", "unmediated$bn",
      "sheet$bnb", true },
    { "globe", 'e', 'm', "       d     0   ", "dc cen", "1 globe ;$c30 cm", "cartographic three-dimensional form$bcrf",
      "unmediated$bn", "object$bnr", true },
    { "manuscript-map", 'f', 'm', "       a     0   ", "aj canzn", "1 manuscript map ;$c40 x 55 cm", "cartographic image$bcri",
      "unmediated$bn", "sheet$bnb", true },
    { "score", 'c', 'm', "sga         n    ", "qu", "1 score (%d pages) ;$c31 cm", "notated music$bntm", "unmediated$bn",
      "volume$bnc", true },
    { "manuscript-score", 'd', 'm', "dfa         n    ", "qu", "1 manuscript score (12 leaves) ;$c34 cm", "notated music$bntm",
      "unmediated$bn", "sheet$bnb", true },
    { "picture", 'k', 'm', "nnn            in", "kh boo", "12 photographs ;$c20 x 25 cm", "still image$bsti", "unmediated$bn",
      "sheet$bnb", true },
    { "object", 'r', 'm', "nnn            rn", "zz", "1 object ;$c9 cm", "three-dimensional form$btdf", "unmediated$bn",
      "object$bnr", true },
    { "kit", 'o', 'm', "nnn            bn", "ou", "1 book, 40 cards, 1 CD-ROM ;$cin box 24 cm", "text$btxt", "unmediated$bn",
      "other$bnz", true },
    { "software", 'm', 'm', "        b        ", "co cga---mnnaa", "1 CD-ROM ;$c12 cm", "computer program$bcop", "computer$bc",
      "computer disc$bcd", true },
    { "mixed", 'p', 'c', "                 ", NULL, "14 boxes", "unspecified$bzzz", "unmediated$bn", "other$bnz", true },
    { "manuscript", 't', 'm', "           000 0 ", NULL, "%d leaves ;$c27 cm", "text$btxt", "unmediated$bn", "volume$bnc", true },
    { "microform", 'a', 's', "dr n a     0   a0", "hd afu---buca", "14 microfilm reels ;$c35 mm", "text$btxt", "microform$bh",
      "microfilm reel$bhd", true },
};

/* One record to be made. */
typedef struct edition {
    const material *material;
    const char *language, *country, *creator, *dates, *title, *original, *place, *publisher, *class, *subject, *issn, *note;
    const char *original_language;                                                        /* of a translation */
    const char *script, *creator_script, *title_script, *place_script, *publisher_script; /* all NULL or "-": none */
    int year, skip;
    char level;              /* leader/17: ' ' full, '3' brief */
    char target;             /* 'I', 'N', 'C', 'W' */
    long oclc, oclc_retired; /* 0: none */
    int extent;
} edition;

typedef struct maker {
    recto_status (*visit)(void *context, const demo_record *record, recto_error *error);
    void *context;
    size_t number;
    recto_error *error;
} maker;

static bool has(const char *value)
{
    return value != NULL && value[0] != '\0' && strcmp(value, "-") != 0;
}

static const material *material_named(const char *name)
{
    for (size_t i = 0; i < sizeof materials / sizeof *materials; i++)
        if (strcmp(materials[i].name, name) == 0)
            return &materials[i];
    return NULL;
}

/* A record under construction: the first failure stays, and later fields are not tried. */
typedef struct draft {
    marc_record *record;
    recto_status status;
    recto_error *error;
    int pairs; /* linked 880 fields so far */
} draft;

static void control(draft *draft, const char *tag, const char *value)
{
    if (draft->status == RECTO_OK)
        draft->status = marc_record_append(draft->record, tag, text_from(value), draft->error);
}

static void field(draft *draft, const char *tag, const char *indicators, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
static void field(draft *draft, const char *tag, const char *indicators, const char *format, ...)
{
    char line[1024];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    if (draft->status == RECTO_OK)
        draft->status = marc_record_append_line(draft->record, tag, indicators, line, draft->error);
}

/* A field and the linked field in the original script, which is kept for the end of the record. */
typedef struct linked {
    char indicators[3], line[600];
} linked;
enum { LINKED_MAX = 4 };

typedef struct links {
    linked fields[LINKED_MAX];
    size_t count;
} links;

static void pair(draft *draft, links *links, const edition *edition, const char *tag, const char *indicators, const char *latin,
                 const char *script)
{
    if (!has(edition->script) || !has(script) || links->count == LINKED_MAX) {
        field(draft, tag, indicators, "%s", latin);
        return;
    }
    linked *other = &links->fields[links->count++];
    bool right_to_left = strcmp(edition->script, "(2") == 0 || strcmp(edition->script, "(3") == 0;
    snprintf(other->indicators, sizeof other->indicators, "%s", indicators);
    const char *code = strcmp(edition->script, "$1") == 0 ? "{dollar}1" : edition->script; /* as the line format writes it */
    snprintf(other->line, sizeof other->line, "$6%s-%02zu/%s%s%s", tag, links->count, code, right_to_left ? "/r" : "", script);
    field(draft, tag, indicators, "$6880-%02zu%s", links->count, latin);
}

static void write_leader(draft *draft, const edition *edition)
{
    char leader[MARC_LEADER_LENGTH + 1];
    snprintf(leader, sizeof leader, "00000%c%c%c a2200000%ci 4500", edition->target == 'W' ? 'c' : 'n', edition->material->type,
             edition->material->level, edition->level);
    marc_record_set_leader(draft->record, leader);
}

static void write_fixed(draft *draft, const edition *edition)
{
    char fixed[48], oclc[24];
    const char *prefix = edition->oclc < 100000000 ? "ocm" : edition->oclc < 1000000000 ? "ocn" : "on";
    bool serial = edition->material->level != 'm' && edition->material->level != 'c';
    snprintf(oclc, sizeof oclc, edition->oclc < 100000000 ? "%s%08ld" : "%s%ld", prefix, edition->oclc);
    if (edition->oclc > 0 && edition->target != 'I') {
        control(draft, "001", oclc);
        control(draft, "003", "OCoLC");
    }
    control(draft, "005", edition->target == 'W' ? "20251119081500.0" : "20240311093000.0");
    if (edition->material->form != NULL)
        control(draft, "007", edition->material->form);
    snprintf(fixed, sizeof fixed, "%02d0311%c%04d%s%-3s%s%-3s d", edition->year > 1970 ? edition->year % 100 : 76,
             serial ? 'c' : 's', edition->year, serial ? "9999" : "    ", edition->country, edition->material->body,
             edition->language);
    control(draft, "008", fixed);
}

/* 978, a group of our own making, and the check digit that makes it right. */
static void write_isbn(draft *draft, const edition *edition)
{
    char digits[14];
    int sum = 0;
    if (edition->material->level != 'm' || edition->year < 1970 || edition->material->type != 'a')
        return;
    snprintf(digits, sizeof digits, "97815%07ld", (edition->oclc * 13 + edition->oclc / 1000000 * 9973) % 10000000);
    for (int i = 0; i < 12; i++)
        sum += (digits[i] - '0') * (i % 2 == 0 ? 1 : 3);
    field(draft, "020", "  ", "$a%.12s%d", digits, (10 - sum % 10) % 10);
}

static void write_numbers(draft *draft, const edition *edition)
{
    write_isbn(draft, edition);
    if (has(edition->issn))
        field(draft, "022", "0 ", "$a%s$l%s", edition->issn, edition->issn);
    if (edition->oclc > 0) {
        if (edition->oclc_retired > 0)
            field(draft, "035", "  ", "$a(OCoLC)%ld$z(OCoLC)%ld", edition->oclc, edition->oclc_retired);
        else
            field(draft, "035", "  ", "$a(OCoLC)%ld", edition->oclc);
    }
    field(draft, "040", "  ", edition->target == 'W' ? "$aRCT$beng$erda$cRCT$dOCLCF$dOCLCO$dRCT" : "$aRCT$beng$erda$cRCT");
    if (has(edition->original))
        field(draft, "041", "1 ", "$a%s$h%s", edition->language, edition->original_language);
    if (has(edition->class) && edition->level != '3')
        field(draft, "050", " 4", "$a%s$b%c%d %d", edition->class, edition->title[0] & 0x80 ? 'X' : edition->title[0],
              20 + (int)(edition->oclc % 70), edition->year);
}

/* "Title : rest" in the table becomes $a and $b, with the statement of responsibility behind it. */
static void write_title(draft *draft, links *links, const edition *edition, const char *indicators)
{
    char latin[600], script[600] = "", responsibility[260] = "";
    const char *colon = strstr(edition->title, " : ");
    if (has(edition->creator) && edition->level != '3')
        snprintf(responsibility, sizeof responsibility, " /$c%s.", edition->creator);
    if (colon != NULL)
        snprintf(latin, sizeof latin, "$a%.*s :$b%s%s", (int)(colon - edition->title), edition->title, colon + 3, responsibility);
    else
        snprintf(latin, sizeof latin, "$a%s%s", edition->title, responsibility);
    if (has(edition->title_script))
        snprintf(script, sizeof script, "$a%s /$c%s.", edition->title_script, edition->creator_script);
    pair(draft, links, edition, "245", indicators, latin, script);
}

static void write_description(draft *draft, links *links, const edition *edition)
{
    char latin[600], script[600] = "", title_indicators[3] = "00";
    bool corporate = has(edition->creator) && !has(edition->dates) && strchr(edition->creator, ',') == NULL;
    if (has(edition->creator)) {
        snprintf(latin, sizeof latin, has(edition->dates) ? "$a%s,$d%s,$eauthor." : "$a%s%.0s", edition->creator, edition->dates);
        if (has(edition->creator_script))
            snprintf(script, sizeof script, "$a%s,$eauthor.", edition->creator_script);
        pair(draft, links, edition, corporate ? "110" : "100", corporate ? "2 " : "1 ", latin, script);
        title_indicators[0] = '1';
    }
    if (has(edition->original))
        field(draft, "240", "10", "$a%s.$lEnglish", edition->original);
    title_indicators[1] = (char)('0' + edition->skip);
    write_title(draft, links, edition, title_indicators);
}

/* The extent of the table, with the number of pages where it has a place for one. */
static void write_extent(char *out, size_t capacity, const edition *edition)
{
    const char *extent = edition->material->extent, *place = strstr(extent, "%d");
    if (place == NULL)
        snprintf(out, capacity, "%s", extent);
    else
        snprintf(out, capacity, "%.*s%d%s", (int)(place - extent), extent, edition->extent, place + 2);
}

static void write_imprint(draft *draft, links *links, const edition *edition)
{
    char latin[600], script[600] = "", extent[120];
    if (edition->material->name[0] == 'l')
        field(draft, "250", "  ", "$aLarge print edition.");
    snprintf(latin, sizeof latin, has(edition->place) ? "$a%s :$b%s,$c%d." : "%.0s%.0s$c%d.", edition->place,
             has(edition->publisher) ? edition->publisher : "[publisher not identified]", edition->year);
    if (has(edition->place_script))
        snprintf(script, sizeof script, "$a%s :$b%s,$c%d.", edition->place_script, edition->publisher_script, edition->year);
    pair(draft, links, edition, "264", " 1", latin, script);
    write_extent(extent, sizeof extent, edition);
    field(draft, "300", "  ", "$a%s", extent);
}

static void write_notes(draft *draft, const edition *edition)
{
    bool full = edition->level != '3';
    field(draft, "336", "  ", "$a%s$2rdacontent", edition->material->content);
    field(draft, "337", "  ", "$a%s$2rdamedia", edition->material->media);
    field(draft, "338", "  ", "$a%s$2rdacarrier", edition->material->carrier);
    if (has(edition->note))
        field(draft, edition->material->level == 's' ? "310" : "500", "  ", "$a%s", edition->note);
    if (has(edition->original) && full)
        field(draft, "500", "  ", "$aTranslation of: %s.", edition->original);
    if (edition->target == 'W')
        field(draft, "520", "  ", "$aSummary written for the demonstration of Recto: what a fuller copy of \"%s\" brings along.",
              edition->title);
    if (edition->target == 'W' && has(edition->dates))
        field(draft, "546", "  ", "$aText in the language of the edition.");
}

static void write_access_points(draft *draft, const edition *edition, size_t number)
{
    char subject[300];
    if (has(edition->subject) && edition->level != '3') {
        snprintf(subject, sizeof subject, "$a%s", edition->subject);
        char *form = strstr(subject, "--Fiction"), *dashes;
        if (form != NULL)
            memcpy(form, "$vFiction", 9);
        while ((dashes = strstr(subject, "--")) != NULL)
            memcpy(dashes, "$x", 2);
        field(draft, "650", " 0", "%s.", subject);
        if (edition->target == 'W')
            field(draft, "650", " 7", "%s.$2fast", subject);
    }
    if (edition->target == 'W' && has(edition->dates))
        field(draft, "655", " 7", "$aNovels.$2lcgft");
    if (strcmp(edition->material->name, "ebook") == 0 || strcmp(edition->material->name, "eserial") == 0)
        field(draft, "856", "40", "$uhttps://books.example.org/%zu$zFull text", number);
    if (edition->target == 'I')
        field(draft, "910", "  ", "$agift$c%d", 1990 + (int)(number % 30));
    if (edition->target == 'I' && number % 7 == 0)
        field(draft, "998", "  ", "$aNO-OVERLAY");
}

static recto_status make(maker *maker, const edition *edition)
{
    draft draft = { .error = maker->error };
    links links = { .count = 0 };
    size_t number = ++maker->number;
    draft.status = marc_record_new(&draft.record, maker->error);
    if (draft.status != RECTO_OK)
        return draft.status;
    write_leader(&draft, edition);
    write_fixed(&draft, edition);
    write_numbers(&draft, edition);
    write_description(&draft, &links, edition);
    write_imprint(&draft, &links, edition);
    write_notes(&draft, edition);
    write_access_points(&draft, edition, number);
    for (size_t i = 0; i < links.count; i++)
        field(&draft, "880", links.fields[i].indicators, "%s", links.fields[i].line);
    demo_record out = { (demo_place)edition->target, draft.record, edition->material->physical && edition->level != '3', number };
    if (draft.status == RECTO_OK)
        draft.status = maker->visit(maker->context, &out, maker->error);
    marc_record_free(draft.record);
    return draft.status;
}

static recto_status make_with(maker *maker, edition edition, char target, char level)
{
    edition.target = target;
    edition.level = level;
    return make(maker, &edition);
}

/* The editions of a work, as a table: which material, where, in which version, for which works (every nth, counted from
 * the work's number), original text or translation. Editions that share an OCLC base are the same manifestation. */
static const struct plan {
    const char *material;
    bool translation, newer; /* newer: published in our century */
    char target, level;      /* target 'H': where the work is held */
    int every, at;
    long oclc_base;
    bool in_worldcat;
} plans[] = {
    { "book", false, false, 'H', ' ', 1, 0, 1000000, true },
    { "book", false, false, 'N', 'M', 2, 0, 1000000, false },
    { "book", true, false, 'I', ' ', 2, 0, 70000000, false },
    { "book", true, false, 'N', ' ', 1, 0, 70000000, true },
    { "book", true, false, 'I', '3', 2, 1, 70000000, false },
    { "large-print", true, true, 'I', ' ', 2, 0, 900000000, false },
    { "ebook", true, true, 'C', ' ', 1, 0, 1100000000, true },
    { "spoken-recording", true, true, 'I', ' ', 1, 0, 940000000, true },
    { "video", true, true, 'N', ' ', 4, 2, 960000000, false },
    { "book", false, false, 'I', '3', 9, 4, 1000000, false },
    { "ebook", false, true, 'N', ' ', 2, 1, 980000000, false },
};
enum { OCLC_STEP = 7919 }; /* a prime, so that numbers look like those of a real catalog */

static recto_status make_in_worldcat(maker *maker, const edition *edition, int number)
{
    struct edition newer = *edition;
    newer.oclc_retired = number % 6 == 0 ? edition->oclc + 5 : 0;
    return make_with(maker, newer, 'W', ' ');
}

enum { WORK_COLUMNS = 18, OTHER_COLUMNS = 13, COLUMN_BYTES = 200 };
typedef struct row {
    char column[WORK_COLUMNS][COLUMN_BYTES];
} row;

static int column_number(const row *row, int column, int otherwise)
{
    int64_t value = otherwise;
    text_to_integer(text_from(row->column[column]), &value);
    return (int)value;
}

static int skip_of_english(const char *title)
{
    return strncmp(title, "The ", 4) == 0 ? 4 : strncmp(title, "A ", 2) == 0 ? 2 : 0;
}

static edition original_edition(const row *work, const struct plan *plan, int number)
{
    int year = column_number(work, 9, 1950);
    return (edition){ .material = material_named(plan->material),
                      .language = work->column[2],
                      .country = work->column[3],
                      .creator = work->column[4],
                      .dates = work->column[5],
                      .title = work->column[6],
                      .skip = column_number(work, 7, 0),
                      .year = plan->newer   ? 2003 + number % 20
                              : year < 1900 ? 1956
                                            : year,
                      .place = work->column[10],
                      .publisher = work->column[11],
                      .class = work->column[12],
                      .subject = work->column[13],
                      .script = work->column[1],
                      .creator_script = work->column[14],
                      .title_script = work->column[15],
                      .place_script = work->column[16],
                      .publisher_script = work->column[17],
                      .oclc = plan->oclc_base + (long)number * OCLC_STEP,
                      .extent = 180 + number * 7 % 400 };
}

static edition edition_of_work(const row *work, const struct plan *plan, int number)
{
    edition out = original_edition(work, plan, number);
    if (!plan->translation || !has(work->column[8]))
        return out;
    out.original = out.title;
    out.original_language = out.language;
    out.title = work->column[8];
    out.skip = skip_of_english(out.title);
    out.language = "eng";
    out.country = "nyu";
    out.script = out.creator_script = out.title_script = out.place_script = out.publisher_script = NULL;
    out.year = plan->newer ? out.year : out.year < 1950 ? 1952 : out.year + 4;
    out.place = "Albany";
    out.publisher = "Hudson Valley Press";
    return out;
}

static recto_status make_work(maker *maker, const row *work, int number)
{
    recto_status status = RECTO_OK;
    char held = work->column[0][0];
    bool translated = has(work->column[8]);
    for (const struct plan *plan = plans; status == RECTO_OK && plan < plans + sizeof plans / sizeof *plans; plan++) {
        if (plan->translation && !translated && !plan->newer)
            continue; /* the work is in English: the original is there already */
        edition edition = edition_of_work(work, plan, number);
        if (held != '-' && number % plan->every == plan->at)
            status = make_with(maker, edition, plan->target == 'H' ? held : plan->target, plan->level);
        if (status == RECTO_OK && plan->in_worldcat)
            status = make_in_worldcat(maker, &edition, number);
    }
    return status;
}

static recto_status make_other(maker *maker, const row *other, int number)
{
    edition out = { .material = material_named(other->column[1]),
                    .language = other->column[2],
                    .country = other->column[3],
                    .creator = other->column[4],
                    .title = other->column[5],
                    .place = other->column[7],
                    .publisher = other->column[8],
                    .class = other->column[9],
                    .subject = other->column[10],
                    .issn = other->column[11],
                    .note = other->column[12],
                    .extent = 60 + number * 11 % 200,
                    .oclc = 30000000L + (long)number * OCLC_STEP };
    char held = other->column[0][0];
    if (out.material == NULL)
        return recto_fail(maker->error, RECTO_EDATA, "data/demo/others.tsv", "use a material of demo_records.c",
                          "unknown material '%s'", other->column[1]);
    out.year = column_number(other, 6, 1950);
    out.skip = skip_of_english(out.title);
    recto_status status = held == '-' ? RECTO_OK : make_with(maker, out, held, ' ');
    if (status == RECTO_OK && held == 'I' && number % 3 == 0)
        status = make_with(maker, out, 'N', '3');
    if (status == RECTO_OK && held != 'C')
        status = make_in_worldcat(maker, &out, number);
    return status;
}

/* Splits a line of the table; false when it has not the columns it must have. */
static bool split(row *out, text line, size_t columns)
{
    size_t count = 0;
    memset(out, 0, sizeof *out);
    for (; line.bytes != NULL; count++) {
        text column = text_next_field(&line, '\t');
        if (count >= columns || column.length >= COLUMN_BYTES)
            return false;
        memcpy(out->column[count], column.bytes, column.length);
    }
    return count == columns;
}

static recto_status make_all(maker *maker, const char *name, size_t columns,
                             recto_status (*make_row)(struct maker *, const row *, int))
{
    resource file;
    int line_number = 0, number = 0;
    recto_status status = resource_open(&file, name, 0, maker->error);
    for (text rest = file.content; status == RECTO_OK && rest.bytes != NULL;) {
        row row;
        text line = text_next_field(&rest, '\n');
        line_number++;
        if (line.length == 0 || line.bytes[0] == '#')
            continue;
        if (!split(&row, line, columns))
            status = recto_fail(maker->error, RECTO_EDATA, name, "see the table's first lines", "line %d has not %zu columns",
                                line_number, columns);
        else
            status = make_row(maker, &row, ++number);
    }
    resource_release(&file);
    return status;
}

recto_status demo_records(recto_status (*visit)(void *context, const demo_record *record, recto_error *error), void *context,
                          recto_error *error)
{
    maker maker = { visit, context, 0, error };
    recto_status status = make_all(&maker, "data/demo/works.tsv", WORK_COLUMNS, make_work);
    return status == RECTO_OK ? make_all(&maker, "data/demo/others.tsv", OTHER_COLUMNS, make_other) : status;
}
