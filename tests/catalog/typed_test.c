/* tests/catalog/typed_test.c - searches as the readers of many scripts type them: for each what is found, and nothing else is.
 *
 * @spec search.md SE-34, SE-75 to SE-85 */
#include "catalog/room.h"

static const struct {
    const char *name, *title, *tag, *line; /* 245 $a, and one field more */
} records[] = {
    { "marquez", "$aCien años de soledad /$cGabriel García Márquez.", "100", "$aGarcía Márquez, Gabriel,$d1928-2014." },
    { "katakana", "$aガルシア・マルケスの世界", NULL, NULL },
    { "hiragana", "$aがるしあという人", NULL, NULL },
    { "halfkana", "$aｶﾞﾙｼｱ ﾏﾙｹｽ", NULL, NULL },
    { "kanji", "$a東京の歴史", NULL, NULL },
    { "kanjivar", "$a國語學史", NULL, NULL },
    { "fullwidth", "$aＡＢＣ入門 １９８４", NULL, NULL },
    { "choon", "$aコンピューター入門", NULL, NULL },
    { "cyr", "$aПреступление и наказание /$cФ. М. Достоевский.", "100", "$aДостоевский, Федор,$d1821-1881." },
    { "yo", "$aЁлка и йод", NULL, NULL },
    { "hebrew", "$aבְּרֵאשִׁית הַסֵּפֶר", NULL, NULL },
    { "hebrew2", "$aספר השירים", NULL, NULL },
    { "arabic", "$aالقُرْآن الكَرِيم", NULL, NULL },
    { "arabic2", "$aكتاب ألف ليلة", NULL, NULL },
    { "persian", "$aكتابخانه‌ي ملی", NULL, NULL },
    { "greek", "$aΗ Οδύσσεια του Ομήρου", NULL, NULL },
    { "polyt", "$aἸλιὰς Ὁμήρου", NULL, NULL },
    { "turkish", "$aKırmızı İstanbul ışıkları", NULL, NULL },
    { "german", "$aDie große Straße über die Brücke", NULL, NULL },
    { "polish", "$aŁódź i żółw", NULL, NULL },
    { "danish", "$aKøbenhavn og Århus, fra Ægir", NULL, NULL },
    { "swed", "$aÅngström på Öland", NULL, NULL },
    { "lig", "$aThe ofﬁcial œuvre", NULL, NULL },
    { "homme", "$aL'homme révolté", NULL, NULL },
    { "homme2", "$aDe l’esprit des lois", NULL, NULL },
    { "obrien", "$aO'Brien's war", "100", "$aO’Brien, Edna." },
    { "hyph", "$aTwenty-first-century e-mail", NULL, NULL },
    { "vn", "$aTiếng Việt đường phố", NULL, NULL },
    { "icel", "$aÞórður og Ðe sögur", NULL, NULL },
    { "korean", "$a한국의 역사", NULL, NULL },
    { "chinese", "$a红楼梦", NULL, NULL },
    { "thai", "$aประวัติศาสตร์ไทย", NULL, NULL },
    { "hindi", "$aहिन्दी साहित्य", NULL, NULL },
    { "isbn", "$aIsbn book", "020", "$a0-306-40615-2 (pbk.)" },
    { "isbnbad", "$aIsbn bad", "020", "$a9780306406158" },
    { "issn", "$aIssn serial", "022", "$a0317-8471$l1234-5679" },
    { "lccn", "$aLccn book", "010", "$an  79021164 //r86" },
    { "cpp", "$aC++ and C# primer", NULL, NULL },
    { "atat", "$aR & D at AT&T", NULL, NULL },
    { "romanization", "$aPrestuplenie i nakazanie /$cF.M. Dostoevskiĭ.", "100", "$aDostoevskiĭ, Fedor,$d1821-1881." },
    { "ayn", "$aʻUmar ibn al-Khaṭṭāb wa-al-Qurʼān", NULL, NULL },
    { "hawaii", "$aHawaiʻi nei", NULL, NULL },
    { "armenian", "$aՀայոց պատմություն", NULL, NULL },
    { "georg", "$aვეფხისტყაოსანი", NULL, NULL },
    { "superscr", "$aH₂O and E=mc²", NULL, NULL },
    { "dots", "$aU.S.S.R. in the 1930's", NULL, NULL },
};
enum { RECORDS = sizeof records / sizeof records[0] };

/* In the order of the records above. */
static const struct {
    const char *typed, *found;
} searches[] = {
    { "Garcia Marquez", "marquez" },
    { "García Márquez", "marquez" },
    { "GARCIA MARQUEZ", "marquez" },
    { "ガルシア", "katakana halfkana" },
    { "ｶﾞﾙｼｱ", "katakana halfkana" },
    { "がるしあ", "hiragana" },
    { "ガルシアマルケス", "katakana halfkana" },
    { "ガルシア・マルケス", "katakana halfkana" },
    { "東京", "kanji" },
    { "東京の", "kanji" },
    { "国語学", "" },
    { "國語學", "kanjivar" },
    { "ABC", "fullwidth" },
    { "１９８４", "fullwidth" },
    { "1984", "fullwidth" },
    { "コンピュータ", "choon" },
    { "コンピューター", "choon" },
    { "Достоевский", "cyr" },
    { "достоевский", "cyr" },
    { "ДОСТОЕВСКИЙ", "cyr" },
    { "Достоевскии", "cyr" },
    { "Елка", "yo" },
    { "Ёлка", "yo" },
    { "ёлка йод", "yo" },
    { "иод", "yo" },
    { "Федор Достоевский", "cyr" },
    { "בראשית", "hebrew" },
    { "בְּרֵאשִׁית", "hebrew" },
    { "ספר", "hebrew2" },
    { "הספר", "hebrew" },
    { "השירים", "hebrew2" },
    { "القرآن", "arabic" },
    { "القران", "arabic" },
    { "القُرْآن", "arabic" },
    { "كتاب", "arabic2" },
    { "الف ليلة", "arabic2" },
    { "ألف", "arabic2" },
    { "کتابخانه", "persian" },
    { "كتابخانه", "persian" },
    { "ملى", "persian" },
    { "Οδύσσεια", "greek" },
    { "οδυσσεια", "greek" },
    { "ΟΔΥΣΣΕΙΑ", "greek" },
    { "Ομηρου", "greek polyt" },
    { "Ὁμήρου", "greek polyt" },
    { "Ιλιας", "polyt" },
    { "ιλιάς", "polyt" },
    { "kirmizi", "turkish" },
    { "kırmızı", "turkish" },
    { "KIRMIZI", "turkish" },
    { "İstanbul", "turkish" },
    { "istanbul", "turkish" },
    { "isiklari", "turkish" },
    { "IŞIKLARI", "turkish" },
    { "grosse strasse", "german" },
    { "große", "german" },
    { "GROSSE STRASSE", "german" },
    { "uber", "german" },
    { "ueber", "" },
    { "brücke", "german" },
    { "bruecke", "" },
    { "lodz", "polish" },
    { "Łódź", "polish" },
    { "zolw", "polish" },
    { "kobenhavn", "danish" },
    { "København", "danish" },
    { "koebenhavn", "" },
    { "aarhus", "" },
    { "arhus", "danish" },
    { "aegir", "danish" },
    { "Ægir", "danish" },
    { "angstrom", "swed" },
    { "oland", "swed" },
    { "official", "lig" },
    { "oﬃcial", "lig" },
    { "oeuvre", "lig" },
    { "œuvre", "lig" },
    { "homme", "homme" },
    { "l'homme", "homme" },
    { "l’homme", "homme" },
    { "lhomme", "homme" },
    { "L homme", "homme" },
    { "esprit", "homme2" },
    { "l'esprit", "homme2" },
    { "O'Brien", "obrien" },
    { "O’Brien", "obrien" },
    { "OBrien", "obrien" },
    { "O Brien", "obrien" },
    { "brien", "obrien" },
    { "twenty-first", "hyph" },
    { "twenty first", "hyph" },
    { "twentyfirst", "" },
    { "e-mail", "hyph" },
    { "email", "" },
    { "tieng viet", "vn" },
    { "Tiếng Việt", "vn" },
    { "duong", "vn" },
    { "thordur", "icel" },
    { "Þórður", "icel" },
    { "한국", "korean" },
    { "한국의", "korean" },
    { "红楼梦", "chinese" },
    { "紅樓夢", "" },
    { "ประวัติศาสตร์", "thai" },
    { "ไทย", "thai" },
    { "हिन्दी", "hindi" },
    { "हिंदी", "" },
    { "C++", "cpp" },
    { "C#", "cpp" },
    { "R & D", "atat" },
    { "R&D", "atat" },
    { "AT&T", "atat" },
    { "Dostoevskii", "romanization" },
    { "Dostoevskiĭ", "romanization" },
    { "umar", "ayn" },
    { "ʻUmar", "ayn" },
    { "'Umar", "ayn" },
    { "al-Khattab", "ayn" },
    { "khattab", "ayn" },
    { "Quran", "ayn" },
    { "Qur'an", "ayn" },
    { "Hawaii", "hawaii" },
    { "Hawai'i", "hawaii" },
    { "Հայոց", "armenian" },
    { "პატ", "" },
    { "ვეფხისტყაოსანი", "georg" },
    { "H2O", "superscr" },
    { "USSR", "" },
    { "U.S.S.R.", "dots" },
    { "1930s", "dots" },
    { "1930's", "dots" },
    { "0306406152", "isbn" },
    { "9780306406157", "isbn" },
    { "978-0-306-40615-7", "isbn" },
    { "0-306-40615-2", "isbn" },
    { "isbn=9780306406158", "isbnbad" },
    { "isbn=0306406153", "" },
    { "issn=03178471", "issn" },
    { "0317-8471", "issn" },
    { "1234-5679", "issn" },
    { "n79021164", "" },
    { "lccn=\"n 79021164\"", "lccn" },
    { "lccn=n79-21164", "lccn" },
    { "lccn=n79021164", "lccn" },
    { "\"homme révolté\"", "homme" },
    { "\"l'homme révolté\"", "homme" },
    { "ti^=\"l'homme\"", "homme" },
    { "ti^=\"die grosse\"", "german" },
    { "کتابخانه ملی", "persian" },
    { "كتابخانه ملى", "persian" },
    { "isbn=030640615X", "" },
    { "isbn^=0306", "isbn isbnbad" },
    { "isbn^=97803", "isbn isbnbad" },
    { "ostrov", "" },
    { "strass", "" },
    { "strass*", "german" },
    { "ガルシ", "katakana halfkana" },
    { "シア", "katakana halfkana" },
    { "東大", "" },
    { "歴史", "kanji" },
    { "מלך", "" },
    { "روسيا", "" },
    { "Одиссея", "" },
    { "istan", "" },
    { "brie", "" },
    { "hom", "" },
    { "land", "" },
    { "art", "" },

};

typedef struct shelf {
    room here;
    catalog *chief;
    mms_id ids[RECORDS];
} shelf;

static int open_shelf(void **state)
{
    static shelf filled;
    *state = &filled;
    room_open(&filled.here);
    filled.chief = room_desk(&filled.here, "chief");
    for (size_t i = 0; i < RECORDS; i++) {
        recto_error error = { .status = RECTO_OK };
        marc_record *record = NULL;
        must(marc_record_new(&record, &error), &error);
        add_control(record, "008", "250101s2001    xxu           000 1 eng d");
        if (records[i].tag != NULL)
            add_line(record, records[i].tag, "  ", records[i].line);
        add_line(record, "245", "10", records[i].title);
        filled.ids[i] = store(filled.chief, ZONE_INSTITUTION, record);
    }
    return 0;
}

static int close_shelf(void **state)
{
    shelf *filled = *state;
    room_close(&filled->here);
    return 0;
}

static void name_found(buffer *out, const shelf *shelf, const catalog_hits *hits)
{
    for (size_t i = 0; i < RECORDS; i++)
        for (size_t at = 0; at < hits->row_count; at++)
            if (hits->rows[at].id == shelf->ids[i])
                buffer_append_format(out, "%s%s", out->length > 0 ? " " : "", records[i].name);
}

static void each_search_finds_what_its_reader_means(void **state)
{
    const shelf *shelf = *state;
    size_t wrong = 0;
    for (size_t i = 0; i < sizeof searches / sizeof searches[0]; i++) {
        recto_error error = { .status = RECTO_OK };
        catalog_hits hits;
        buffer found;
        const catalog_query query = { .text = searches[i].typed, .sort = SORT_MMS_ID, .limit = RECORDS };
        buffer_init(&found, 0);
        must(catalog_search(&hits, shelf->chief, &query, &error), &error);
        name_found(&found, shelf, &hits);
        if (strcmp(buffer_string(&found), searches[i].found) != 0) {
            print_message("%s finds '%s', not '%s'\n", searches[i].typed, buffer_string(&found), searches[i].found);
            wrong++;
        }
        catalog_hits_release(&hits);
        buffer_release(&found);
    }
    assert_int_equal(wrong, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(each_search_finds_what_its_reader_means) };
    return cmocka_run_group_tests(tests, open_shelf, close_shelf);
}
