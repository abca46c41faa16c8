/* tests/rules/grammar_test.c - the grammar of rules.md, construct by construct: what is taken, what is refused, with which code
 * and at which character. A line of a table is one form of one production. */
#include "support.h"

/* In NORM the condition stands in line 3 and the action in line 5, in MERGE the action in line 5. */
#define NORM(condition, actions) "rule \"r\"\nwhen\n" condition "\nthen\n" actions "\nend\n"
#define ACTION(action)           NORM("(TRUE)", action)
#define WHEN(condition)          NORM(condition, "removeField \"900\"")
#define MERGE(actions)           "rule \"r\"\nwhen\nmerge\nthen\n" actions "\nend\n"

typedef struct form {
    const char *production, *source;
    const char *code; /* of the first error; NULL: it is taken */
    int line, column;
} form;

static void check_forms(const form *forms, size_t count, rule_language language)
{
    for (size_t i = 0; i < count; i++) {
        const form *form = &forms[i];
        faults all;
        rule_file *file = parse_with(&all, form->source, language);
        if (form->code == NULL && file == NULL)
            fail_msg("%s is refused: %s %s at %d:%d\n%s", form->production, all.first.code, all.first.message, all.first.line,
                     all.first.column, form->source);
        if (form->code != NULL && file != NULL)
            fail_msg("%s is taken\n%s", form->production, form->source);
        if (form->code != NULL &&
            (strcmp(all.first.code, form->code) != 0 || all.first.line != form->line || all.first.column != form->column))
            fail_msg("%s: %s at %d:%d (%s), not %s at %d:%d\n%s", form->production, all.first.code, all.first.line,
                     all.first.column, all.first.message, form->code, form->line, form->column, form->source);
        rule_file_free(file);
    }
}

/* ---- 1: lexical -------------------------------------------------------------------------------------------------- */

static const form lexical[] = {
    { "comments before a rule", "# a\n## b\n// c\n/* d\n e */\n" ACTION(""), NULL, 0, 0 },
    { "comment between name and when", "rule \"r\" // x\n# y\nwhen TRUE then end", NULL, 0, 0 },
    { "comment inside a condition", WHEN("(exists \"1**\" # why\n OR // or\n exists \"7**\")"), NULL, 0, 0 },
    { "comment at the end of a line", ACTION("removeField \"900\" # gone"), NULL, 0, 0 },
    { "comment behind the last end", ACTION("") "# x\n// y", NULL, 0, 0 },
    { "comment signs in a text", ACTION("prefix \"856.u\" with \"https://x/#y/*\""), NULL, 0, 0 },
    { "comment without an end", ACTION("/* removeField \"900\""), "E02", 5, 1 },
    { "one line", "rule \"r\" when TRUE then removeField \"900\" end rule \"s\" when TRUE then end", NULL, 0, 0 },
    { "CR LF", "rule \"r\"\r\nwhen\r\nTRUE\r\nthen\r\nend\r\n", NULL, 0, 0 },
    { "CR", "rule \"r\"\rwhen\rTRUE\rthen\rend\r", NULL, 0, 0 },
    { "CR counts lines", "rule \"r\"\rwhen\rTRUE\rthen\r ?\rend\r", "E04", 5, 2 },
    { "CR LF counts once", "rule \"r\"\r\nwhen\r\n ?", "E04", 3, 2 },
    { "BOM", "\xEF\xBB\xBFrule \"r\" when TRUE then end", NULL, 0, 0 },
    { "BOM has no column", "\xEF\xBB\xBFrule ?", "E04", 1, 6 },
    { "tab, NBSP and form feed", "rule\t\"r\"\xC2\xA0when\fTRUE then end", NULL, 0, 0 },
    { "NBSP is one column", "rule\xC2\xA0?", "E04", 1, 6 },
    { "no line end at the end", "rule \"r\" when TRUE then end", NULL, 0, 0 },
    { "text that is not ASCII", ACTION("addField \"500.a.\xC3\xA4\xE6\xBC\xA2\""), NULL, 0, 0 },
    { "columns count characters", ACTION("addField \"500.a.\xC3\xA4\" ?"), "E04", 5, 20 },
    { "text not closed", "rule \"r\nwhen", "E01", 1, 6 },
    { "text not closed at the end of the file", "rule \"r", "E01", 1, 6 },
    { "escaped quotation mark", ACTION("addField \"500.a.say \\\"x\\\"\""), NULL, 0, 0 },
    { "escaped backslash, then the end", ACTION("addField \"500.a.x\\\\\""), NULL, 0, 0 },
    { "typographic quotation marks", "rule \xE2\x80\x9Cr\xE2\x80\x9D", "E03", 1, 6 },
    { "typographic apostrophes", "rule \xE2\x80\x98r\xE2\x80\x99", "E03", 1, 6 },
    { "other quotation marks", "rule 'r'", "E04", 1, 6 },
    { "character that starts nothing", ACTION("removeField \"900\";"), "E04", 5, 18 },
    { "one ampersand", WHEN("TRUE & TRUE"), "E04", 3, 6 },
    { "one bar", WHEN("TRUE | TRUE"), "E04", 3, 6 },
    { "byte that is not UTF-8", ACTION("addField \"500.a.\xE4\""), "E04", 5, 17 },
    { "byte that is not UTF-8, outside", "rule \xFF", "E04", 1, 6 },
    { "byte that is not UTF-8 in a comment", "# caf\xE9\n" ACTION(""), NULL, 0, 0 },
    { "control character in a text", ACTION("addField \"500.a.x\x1Fy\""), "E04", 5, 18 },
    { "control character as an escape", ACTION("addField \"500.a.x\\u001Fbeta\""), "E04", 5, 10 },
    { "half of a surrogate pair", ACTION("addField \"500.a.x\\ud83d\""), "E04", 5, 10 },
    { "both halves", ACTION("addField \"500.a.x\\ud83d\\ude00\""), NULL, 0, 0 },
    { "tab in a text", ACTION("addField \"500.a.x\ty\""), NULL, 0, 0 },
};

/* ---- 3.1: rules and conditions ----------------------------------------------------------------------------------- */

static const form rules[] = {
    { "empty file", "", "E10", 1, 1 },
    { "only blanks", "\n\n", "E10", 3, 1 },
    { "only comments", "# rule \"r\"", "E10", 1, 11 },
    { "another beginning", "when TRUE", "E10", 1, 1 },
    { "Rule with a capital", "Rule \"r\" when TRUE then end", "E10", 1, 1 },
    { "name missing", "rule when TRUE then end", "E11", 1, 6 },
    { "name as a word", "rule r when TRUE then end", "E11", 1, 6 },
    { "empty name", "rule \"\" when TRUE then end", NULL, 0, 0 },
    { "priority", "rule \"r\" priority 5 when TRUE then end", NULL, 0, 0 },
    { "negative priority", "rule \"r\" priority -5 when TRUE then end", NULL, 0, 0 },
    { "salience", "rule \"r\" salience 10 when TRUE then end", NULL, 0, 0 },
    { "priority twice", "rule \"r\" priority 1 salience 2 when TRUE then end", NULL, 0, 0 },
    { "comment behind priority", "rule \"r\" priority 1 # x\n when TRUE then end", NULL, 0, 0 },
    { "priority without a number", "rule \"r\" priority when TRUE then end", "E13", 1, 19 },
    { "priority in quotes", "rule \"r\" priority \"5\" when TRUE then end", "E13", 1, 19 },
    { "priority too large", "rule \"r\" priority 99999999999 when TRUE then end", "E13", 1, 19 },
    { "when missing", "rule \"r\" then end", "E10", 1, 10 },
    { "When with a capital", "rule \"r\" When TRUE then end", "E10", 1, 10 },
    { "then missing", "rule \"r\" when TRUE removeField \"900\" end", "E10", 1, 20 },
    { "end missing at the end of the file", "rule \"r\"\nwhen\nTRUE\nthen\n", "E10", 5, 1 },
    { "end missing before the next rule", "rule \"r\" when TRUE then\nrule \"s\" when TRUE then end", "E10", 2, 1 },
    { "END in capitals", "rule \"r\" when TRUE then END", "E10", 1, 25 },
    { "text behind end", ACTION("") "removeField \"900\"", "E10", 7, 1 },
    { "no action", ACTION(""), NULL, 0, 0 },
};

static const form conditions[] = {
    { "TRUE", WHEN("TRUE"), NULL, 0, 0 },
    { "true", WHEN("true"), NULL, 0, 0 },
    { "(TRUE)", WHEN("(TRUE)"), NULL, 0, 0 },
    { "(true)", WHEN("(true)"), NULL, 0, 0 },
    { "FALSE", WHEN("FALSE"), NULL, 0, 0 },
    { "false", WHEN("(false)"), NULL, 0, 0 },
    { "True", WHEN("True"), "E15", 3, 1 },
    { "False", WHEN("(False)"), "E15", 3, 2 },
    { "tRUE", WHEN("not tRUE"), "E15", 3, 5 },
    { "no condition", "rule \"r\" when then end", "E16", 1, 15 },
    { "empty brackets", WHEN("()"), "E16", 3, 2 },
    { "merge", WHEN("exists \"100\" AND merge"), "E16", 3, 18 },
    { "unknown word", WHEN("exist \"100\""), "E16", 3, 1 },
    { "exists", WHEN("exists \"100\""), NULL, 0, 0 },
    { "EXISTS", WHEN("EXISTS \"100\""), NULL, 0, 0 },
    { "exists without a path", WHEN("exists )"), "E11", 3, 8 },
    { "existsControl", WHEN("existsControl \"008\""), NULL, 0, 0 },
    { "ExistsControl", WHEN("ExistsControl \"008\""), NULL, 0, 0 },
    { "existsControl without a path", WHEN("existsControl"), "E11", 4, 1 },
    { "existsMoreThanOnce", WHEN("existsMoreThanOnce \"245\""), NULL, 0, 0 },
    { "recordHasDuplicateSubfields", WHEN("recordHasDuplicateSubfields \"650\" \"a\""), NULL, 0, 0 },
    { "recordHasDuplicateSubfields with a value", WHEN("recordHasDuplicateSubfields \"650\" \"a,x\" \"*Wet*\""), NULL, 0, 0 },
    { "recordHasDuplicateSubfields with too little", WHEN("recordHasDuplicateSubfields \"650\""), "E11", 4, 1 },
    { "not before a test", WHEN("not exists \"100\""), NULL, 0, 0 },
    { "NOT before brackets", WHEN("NOT (exists \"100\")"), NULL, 0, 0 },
    { "!", WHEN("!exists \"100\""), NULL, 0, 0 },
    { "not in brackets", WHEN("(not exists \"100\")"), NULL, 0, 0 },
    { "not not", WHEN("not not TRUE"), NULL, 0, 0 },
    { "Not", WHEN("Not TRUE"), "E16", 3, 1 },
    { "AND", WHEN("exists \"1**\" AND exists \"7**\""), NULL, 0, 0 },
    { "and", WHEN("exists \"1**\" and exists \"7**\""), NULL, 0, 0 },
    { "&&", WHEN("exists \"1**\"&&exists \"7**\""), NULL, 0, 0 },
    { "OR", WHEN("exists \"1**\" OR exists \"7**\""), NULL, 0, 0 },
    { "or", WHEN("exists \"1**\" or exists \"7**\""), NULL, 0, 0 },
    { "||", WHEN("exists \"1**\"||exists \"7**\""), NULL, 0, 0 },
    { "AND not (", WHEN("exists \"597\" AND not (exists \"597.c.Gift\")"), NULL, 0, 0 },
    { "AND NOT (existsControl", WHEN("(TRUE) AND NOT (existsControl \"LDR.{7,1}.s\")"), NULL, 0, 0 },
    { "side by side", WHEN("(exists \"100\")\n(not exists \"700\")"), NULL, 0, 0 },
    { "side by side without brackets", WHEN("exists \"100\"\nnot exists \"700\""), NULL, 0, 0 },
    { "side by side in brackets", WHEN("(exists \"100\" exists \"700\")"), "E12", 3, 15 },
    { "AND at the end", WHEN("exists \"100\" AND"), "E16", 4, 1 },
    { "OR at the end", WHEN("exists \"100\" OR"), "E16", 4, 1 },
    { "bracket not closed", WHEN("(exists \"100\""), "E12", 4, 1 },
    { "bracket not opened", WHEN("exists \"100\")"), "E10", 3, 13 },
};

/* ---- 1.2: paths -------------------------------------------------------------------------------------------------- */

static const form paths[] = {
    { "tag", WHEN("exists \"245\""), NULL, 0, 0 },
    { "tag with asterisks", WHEN("exists \"6**\""), NULL, 0, 0 },
    { "tag, shorter", WHEN("exists \"9*\""), NULL, 0, 0 },
    { "tag with a letter", WHEN("exists \"H**\""), NULL, 0, 0 },
    { "invented tag", ACTION("addField \"ZZ1.a.x\""), NULL, 0, 0 },
    { "nine characters", ACTION("changeField \"245\" to \"TITLEMAIN\""), NULL, 0, 0 },
    { "ten characters", ACTION("changeField \"245\" to \"TITLEMAIN1\""), "E20", 5, 22 },
    { "empty tag", WHEN("exists \"\""), "E20", 3, 8 },
    { "nothing before the period", WHEN("exists \".a\""), "E20", 3, 8 },
    { "back-tick in a tag", WHEN("exists \"24`.a\""), "E20", 3, 8 },
    { "blank in a tag", WHEN("exists \"24 .a\""), "E20", 3, 8 },
    { "indicators", WHEN("exists \"245.{1,0}\""), NULL, 0, 0 },
    { "indicators and code", WHEN("exists \"245.{*,*}.a\""), NULL, 0, 0 },
    { "indicators, code, value", WHEN("exists \"245.{*,*}.a.The *\""), NULL, 0, 0 },
    { "blank indicators", WHEN("exists \"245.{-,#}\" AND exists \"245.{ ,*}\" AND exists \"245.{1, }\" AND exists \"245.{,}\""),
      NULL, 0, 0 },
    { "brace not closed", WHEN("exists \"245.{1,0.a\""), "E21", 3, 8 },
    { "no period behind a brace", WHEN("exists \"245.{1,0}a\""), "E21", 3, 8 },
    { "one value in braces", WHEN("exists \"245.{1}\""), "E22", 3, 8 },
    { "three values in braces", WHEN("exists \"245.{1,2,3}\""), "E22", 3, 8 },
    { "empty braces", WHEN("exists \"245.{}\""), "E22", 3, 8 },
    { "long indicator", WHEN("exists \"245.{10,0}\""), "E24", 3, 8 },
    { "code", WHEN("exists \"245.a\""), NULL, 0, 0 },
    { "any code", WHEN("exists \"993.*.*.\""), NULL, 0, 0 },
    { "value with periods", WHEN("exists \"856.u.https://example.org/a.b*\""), NULL, 0, 0 },
    { "value of any subfield", WHEN("exists \"1**.*\\\\\xC7\x82*\""), NULL, 0, 0 },
    { "value that begins with a code", WHEN("exists \"690.a..\""), NULL, 0, 0 },
    { "nothing behind the period", WHEN("exists \"245.\""), "E26", 3, 8 },
    { "blank as a code", WHEN("exists \"245. .x\""), "E26", 3, 8 },
    { "slice", WHEN("existsControl \"008.{35,3}.eng\""), NULL, 0, 0 },
    { "slice with zeros", WHEN("existsControl \"LDR.{06,1}.a\""), NULL, 0, 0 },
    { "slice alone", WHEN("existsControl \"007.{0,2}\""), NULL, 0, 0 },
    { "control value", WHEN("existsControl \"003.OCoLC\""), NULL, 0, 0 },
    { "letters in a slice", WHEN("existsControl \"008.{a,3}\""), "E23", 3, 15 },
    { "negative position", WHEN("existsControl \"008.{-1,3}\""), "E23", 3, 15 },
    { "nothing in a slice", WHEN("existsControl \"008.{,3}\""), "E23", 3, 15 },
    { "one number in a slice", WHEN("existsControl \"008.{3}\""), "E22", 3, 15 },
    { "slice not closed", WHEN("existsControl \"008.{3,1\""), "E21", 3, 15 },
    { "no period behind a slice", WHEN("existsControl \"008.{3,1}x\""), "E21", 3, 15 },
};

/* ---- 3.3: actions ------------------------------------------------------------------------------------------------ */

static const form actions[] = {
    { "addField", ACTION("addField \"599.{ ,1}.a.Loaded\""), NULL, 0, 0 },
    { "addField in other letters", ACTION("ADDfield \"599.a.x\""), NULL, 0, 0 },
    { "addField without a value", ACTION("addField \"599.a\""), "E27", 5, 10 },
    { "addField with an empty value", ACTION("addField \"599.a.\""), "E27", 5, 10 },
    { "addField without a code", ACTION("addField \"599\""), "E27", 5, 10 },
    { "addField with indicators only", ACTION("addField \"599.{1,2}\""), "E27", 5, 10 },
    { "addField without code but value", ACTION("addField \"599.Loaded\""), "E27", 5, 10 },
    { "addField under an asterisk", ACTION("addField \"59*.a.x\""), "E20", 5, 10 },
    { "addField with the code *", ACTION("addField \"599.*.x\""), "E26", 5, 10 },
    { "addField without an argument", ACTION("addField"), "E11", 6, 1 },
    { "addSubField", ACTION("addSubField \"856.z.Campus only\" if (not exists \"856.z\")"), NULL, 0, 0 },
    { "addSubField under an asterisk", ACTION("addSubfield \"85*.z.x\""), NULL, 0, 0 },
    { "addSubField without a value", ACTION("addSubField \"856.z\""), "E27", 5, 13 },
    { "addControlField", ACTION("addControlField \"007.cr|||||||||||\""), NULL, 0, 0 },
    { "addControlField with blanks", ACTION("addcontrolField \"008.      s\""), NULL, 0, 0 },
    { "addControlField without a value", ACTION("addControlField \"007\""), "E27", 5, 17 },
    { "removeField", ACTION("removeField \"6**\" if (exists \"6**.{*,4}\")"), NULL, 0, 0 },
    { "removeField with indicators", ACTION("removeField \"650.{ ,4}\""), NULL, 0, 0 },
    { "removeField with a code", ACTION("removeField \"650.2\""), NULL, 0, 0 },
    { "removeField with a value", ACTION("removeField \"650.2.fast|lcgft\""), NULL, 0, 0 },
    { "removeField of a control field", ACTION("removeField \"005\""), NULL, 0, 0 },
    { "removeSubField", ACTION("removeSubField \"852.x\""), NULL, 0, 0 },
    { "removeSubField with a value", ACTION("removeSubField \"852.{1, }.x.a*\""), NULL, 0, 0 },
    { "removeSubField without a code", ACTION("removeSubField \"852\""), "E26", 5, 16 },
    { "removeSubField with a long code", ACTION("removeSubField \"852.xy\""), "E26", 5, 16 },
    { "removeControlField", ACTION("removeControlField \"003\""), NULL, 0, 0 },
    { "removeControlField of several", ACTION("removeControlField \"0*\" removeControlField \"LDR\""), NULL, 0, 0 },
    { "changeField", ACTION("changeField \"440\" to \"490\""), NULL, 0, 0 },
    { "changeField without to", ACTION("changeField \"440\" \"490\""), "E14", 5, 19 },
    { "changeField to nothing", ACTION("changeField \"440\" to"), "E11", 6, 1 },
    { "changeField to an asterisk", ACTION("changeField \"440\" to \"49*\""), "E20", 5, 22 },
    { "changeControlField", ACTION("changeControlField \"001\" to \"003\""), NULL, 0, 0 },
    { "changeSubField", ACTION("changeSubField \"590.b\" to \"x\""), NULL, 0, 0 },
    { "changeSubField to a long code", ACTION("changeSubField \"590.b\" to \"xy\""), "E26", 5, 27 },
    { "changeSubField to nothing", ACTION("changeSubField \"590.b\" to \"\""), "E26", 5, 27 },
    { "changeSubFieldExceptFirst", ACTION("changeSubFieldExceptFirst \"264.a\" to \"z\""), NULL, 0, 0 },
    { "changeFirstIndicator", ACTION("changeFirstIndicator \"246\" to \"1\" if (exists \"246.{-,*}\")"), NULL, 0, 0 },
    { "indicators to blank",
      ACTION("changeFirstIndicator \"246\" to \"\" changeFirstIndicator \"246\" to \" \" changeSecondIndicator \"246\" to \"-\" "
             "changeSecondIndicator \"246\" to \"#\""),
      NULL, 0, 0 },
    { "indicator too long", ACTION("changeSecondIndicator \"245\" to \"44\""), "E24", 5, 32 },
    { "indicator *", ACTION("changeSecondIndicator \"245\" to \"*\""), "E24", 5, 32 },
    { "copyField", ACTION("copyField \"490\" to \"830\""), NULL, 0, 0 },
    { "copyField to indicators", ACTION("copyField \"490\" to \"830.{ ,0}\""), NULL, 0, 0 },
    { "copyField of a subfield", ACTION("copyField \"490.a\" to \"830.a\""), NULL, 0, 0 },
    { "copyField of a control field", ACTION("copyField \"001\" to \"035.9\" if (existsControl \"003.X\")"), NULL, 0, 0 },
    { "copyField to a value", ACTION("copyField \"490.a\" to \"830.a.x\""), "E26", 5, 22 },
    { "copyControlField", ACTION("copyControlField \"TMP.a\" to \"003\""), NULL, 0, 0 },
    { "combineFields", ACTION("combineFields \"505\" excluding \"6,8\""), NULL, 0, 0 },
    { "combineFields of all", ACTION("combineFields \"505\" excluding \"\""), NULL, 0, 0 },
    { "combineFields without excluding", ACTION("combineFields \"505\""), "E14", 6, 1 },
    { "combineFields with a bad code", ACTION("combineFields \"505\" excluding \"6,88\""), "E26", 5, 31 },
    { "correctDuplicateFields", ACTION("correctDuplicateFields \"035\""), NULL, 0, 0 },
    { "correctDuplicateFields, a list", ACTION("correctDuplicateFields \"610,630, 650\""), NULL, 0, 0 },
    { "correctDuplicateFields, bad list", ACTION("correctDuplicateFields \"610,,650\""), "E20", 5, 24 },
    { "correctDuplicateSubfields", ACTION("correctDuplicateSubfields \"655\" \"2\""), NULL, 0, 0 },
    { "correctDuplicateSubfields, one text", ACTION("correctDuplicateSubfields \"655\""), "E11", 6, 1 },
    { "moveSubfieldsToEndOfField", ACTION("moveSubfieldsToEndOfField \"597\" \"c,a,d,9\""), NULL, 0, 0 },
    { "moveSubfieldsToEndOfField, no code", ACTION("moveSubfieldsToEndOfField \"597\" \"\""), "E26", 5, 33 },
    { "replaceContents", ACTION("replaceContents \"300.a.p\\\\\\\\.\" with \"pages\""), NULL, 0, 0 },
    { "ReplaceContents", ACTION("ReplaceContents \"300.{ , }.*.x*\" with \"\""), NULL, 0, 0 },
    { "replaceContents of all", ACTION("replaceContents \"300.a\" with \"x\""), NULL, 0, 0 },
    { "replaceContents with an expression", ACTION("replaceContents \"901.a.^(.{35}).*\" with \"$1\""), NULL, 0, 0 },
    { "replaceContents without a code", ACTION("replaceContents \"300\" with \"x\""), "E26", 5, 17 },
    { "replaceContents without with", ACTION("replaceContents \"300.a\" \"x\""), "E14", 5, 25 },
    { "replaceContentsExceptFirst", ACTION("replaceContentsExceptFirst \"520.a\" with \"\""), NULL, 0, 0 },
    { "replaceContentsOnlyFirst", ACTION("replaceContentsOnlyFirst \"520.a\" with \"\""), NULL, 0, 0 },
    { "replaceControlContents", ACTION("replaceControlContents \"LDR.{17,1}.K\" with \"7\""), NULL, 0, 0 },
    { "replaceControlContents of all", ACTION("replaceControlContents \"008.{35,3}\" with \"eng\""), NULL, 0, 0 },
    { "replaceControlContents, bad slice", ACTION("replaceControlContents \"008.{x,3}\" with \"eng\""), "E23", 5, 24 },
    { "prefix", ACTION("prefix \"856.u\" with \"https://x\" if(not exists \"856.u.*x*\")"), NULL, 0, 0 },
    { "suffix", ACTION("suffix \"993.*\" with \".\" if (not exists \"993.*.*.\")"), NULL, 0, 0 },
    { "suffix without a code", ACTION("suffix \"993\" with \".\""), "E26", 5, 8 },
    { "prefixSubField", ACTION("prefixSubField \"852.h\" with \"852.k\""), NULL, 0, 0 },
    { "suffixSubField", ACTION("suffixSubField \"852.h\" with \"852.i\""), NULL, 0, 0 },
    { "suffixSubField without with", ACTION("suffixSubField \"852.h\" \"852.i\""), "E14", 5, 24 },
    { "splitSubField", ACTION("splitSubField \"490.a.;\" to \"T98.a\""), NULL, 0, 0 },
    { "splitSubField without a separator", ACTION("splitSubField \"490.a\" to \"T98.a\""), "E11", 5, 15 },
    { "splitSubField to a field", ACTION("splitSubField \"490.a.;\" to \"T98\""), "E26", 5, 28 },
    { "addSystemNumber", ACTION("addSystemNumber \"035.a\" from \"001\" prefixed by \"003\""), NULL, 0, 0 },
    { "addSystemNumber without from", ACTION("addSystemNumber \"035.a\" \"001\" prefixed by \"003\""), "E14", 5, 25 },
    { "addSystemNumber without prefixed", ACTION("addSystemNumber \"035.a\" from \"001\" by \"003\""), "E14", 5, 36 },
    { "addSystemNumber without by", ACTION("addSystemNumber \"035.a\" from \"001\" prefixed \"003\""), "E14", 5, 45 },
    { "two actions on a line", ACTION("removeField \"900\" removeField \"901\""), NULL, 0, 0 },
    { "unknown action", ACTION("dropField \"049\""), "E17", 5, 1 },
    { "text instead of an action", ACTION("\"049\""), "E17", 5, 1 },
    { "set in a normalization", ACTION("addField \"500.a.x\" set indication.\"true\""), "E17", 5, 20 },
    { "if without brackets", ACTION("removeField \"900\" if exists \"900.a\""), "E12", 5, 22 },
    { "if with empty brackets", ACTION("removeField \"900\" if ()"), "E16", 5, 23 },
    { "if not closed", ACTION("removeField \"900\" if (exists \"900.a\""), "E12", 6, 1 },
    { "if with AND", ACTION("removeField \"900\" if (exists \"900.a\" AND not exists \"900.b\")"), NULL, 0, 0 },
    { "control field in the if of a data field", ACTION("addSubField \"040.b.ita\" if (existsControl \"008.{35,3}.ita\")"), "E28",
      5, 29 },
    { "the same, deeper", ACTION("suffix \"245.a\" with \".\" if (exists \"245.a\" AND (not existsControl \"001\"))"), "E28", 5,
      53 },
    { "control field in the if of removeField", ACTION("removeField \"007\" if (existsControl \"007.{0,1}.c\")"), NULL, 0, 0 },
    { "control field in the if of a control action", ACTION("removeControlField \"007\" if (existsControl \"007.{0,1}.c\")"),
      NULL, 0, 0 },
};

/* ---- 4: indication and brief level ------------------------------------------------------------------------------- */

static const form indications[] = {
    { "set indication", ACTION("set indication.\"true\""), NULL, 0, 0 },
    { "set indication on two lines", ACTION("set indication.\"true\"\nset indication.\"true\""), NULL, 0, 0 },
    { "True", ACTION("set indication.\"True\""), "E15", 5, 16 },
    { "no period", ACTION("set indication \"true\""), "E12", 5, 16 },
    { "no text", ACTION("set indication.true"), "E11", 5, 16 },
    { "another flag", ACTION("set brief_level.\"01\""), "E17", 5, 5 },
    { "another action", ACTION("removeField \"900\""), "E17", 5, 1 },
};

static const form brief_levels[] = {
    { "01", ACTION("set brief_level.\"01\""), NULL, 0, 0 },
    { "10", ACTION("set brief_level.\"10\""), NULL, 0, 0 },
    { "00", ACTION("set brief_level.\"00\""), "E25", 5, 17 },
    { "11", ACTION("set brief_level.\"11\""), "E25", 5, 17 },
    { "one digit", ACTION("set brief_level.\"5\""), "E25", 5, 17 },
    { "letters", ACTION("set brief_level.\"x\""), "E25", 5, 17 },
    { "negative", ACTION("set brief_level.\"-1\""), "E25", 5, 17 },
    { "no period", ACTION("set brief_level \"05\""), "E12", 5, 17 },
    { "another flag", ACTION("set level.\"05\""), "E17", 5, 5 },
};

/* ---- 2.1: merge rules -------------------------------------------------------------------------------------------- */

static const form merges[] = {
    { "no action", MERGE(""), NULL, 0, 0 },
    { "add, remove, replace", MERGE("add MARC.\"245\"\nremove MARC.\"246\"\nreplace MARC.\"247\""), NULL, 0, 0 },
    { "REMOVE", MERGE("REMOVE MARC.\"245\""), NULL, 0, 0 },
    { "priority", "rule \"r\" priority 3 when merge then end", NULL, 0, 0 },
    { "merge missing", "rule \"r\"\nwhen\nTRUE\nthen\nadd MARC.\"245\"\nend", "E30", 3, 1 },
    { "then instead of merge", "rule \"r\" when then end", "E30", 1, 15 },
    { "MARC missing", MERGE("add \"245\""), "E31", 5, 5 },
    { "Marc", MERGE("add Marc.\"245\""), "E31", 5, 5 },
    { "no period", MERGE("add MARC \"245\""), "E12", 5, 10 },
    { "no tag", MERGE("add MARC.245"), "E11", 5, 10 },
    { "control", MERGE("replace MARC.control.\"LDR\" replace MARC.control.\"008\""), NULL, 0, 0 },
    { "control without a period", MERGE("replace MARC.control \"LDR\""), "E12", 5, 22 },
    { "LDR", MERGE("replace MARC.\"LDR\""), NULL, 0, 0 },
    { "X", MERGE("add MARC.\"59\"X"), NULL, 0, 0 },
    { "XX", MERGE("add MARC.\"6\"XX"), NULL, 0, 0 },
    { "X apart", MERGE("add MARC.\"59\" X"), "E20", 5, 10 },
    { "X inside", MERGE("add MARC.\"9XX\""), NULL, 0, 0 },
    { "too short", MERGE("remove MARC.\"65\""), "E20", 5, 13 },
    { "too short with X", MERGE("remove MARC.\"6\"X"), "E20", 5, 13 },
    { "too long", MERGE("remove MARC.\"6500\""), "E20", 5, 13 },
    { "empty tag", MERGE("remove MARC.\"\"XX"), "E20", 5, 13 },
    { "asterisk", MERGE("remove MARC.\"6**\""), "E20", 5, 13 },
    { "list", MERGE("add MARC.\"541,561, 562\""), NULL, 0, 0 },
    { "list with a hole", MERGE("add MARC.\"541,,562\""), "E20", 5, 10 },
    { "list with a short tag", MERGE("add MARC.\"541,56\""), "E20", 5, 10 },
    { "indicators", MERGE("add MARC.\"650\"(\" \",\"0\")"), NULL, 0, 0 },
    { "indicators behind X", MERGE("add MARC.\"65\"X (\"*\",\"0\")"), NULL, 0, 0 },
    { "one indicator", MERGE("add MARC.\"650\"(\"0\")"), "E12", 5, 19 },
    { "indicator without quotes", MERGE("add MARC.\"650\"(0,\"0\")"), "E11", 5, 16 },
    { "indicators not closed", MERGE("add MARC.\"650\"(\"0\",\"1\""), "E12", 6, 1 },
    { "long indicator", MERGE("add MARC.\"650\"(\"00\",\"1\")"), "E24", 5, 16 },
    { "when contains", MERGE("add MARC.\"246\" when MARC.\"246\".\"5\" contains \"N\""), NULL, 0, 0 },
    { "when with an asterisk", MERGE("add MARC.\"246\" when MARC.\"246\".\"5\" contains \"a*\""), NULL, 0, 0 },
    { "when not", MERGE("add MARC.\"246\" when not MARC.\"246\".\"5\" contains \"N\""), NULL, 0, 0 },
    { "when equals", MERGE("add MARC.\"246\" when MARC.\"246\".\"5\" equals \"N\""), NULL, 0, 0 },
    { "when matches", MERGE("add MARC.\"246\" when MARC.\"246\".\"5\" matches \"N[a-z]+\""), NULL, 0, 0 },
    { "when without a code", MERGE("add MARC.\"246\" when MARC.\"246\" contains \"N\""), "E12", 5, 32 },
    { "when with a long code", MERGE("add MARC.\"246\" when MARC.\"246\".\"55\" contains \"N\""), "E26", 5, 32 },
    { "when without a comparison", MERGE("add MARC.\"246\" when MARC.\"246\".\"5\" is \"N\""), "E33", 5, 36 },
    { "when without a value", MERGE("add MARC.\"246\" when MARC.\"246\".\"5\" contains"), "E11", 6, 1 },
    { "when with an empty value", MERGE("add MARC.\"246\" when MARC.\"246\".\"5\" contains \"\""), "E34", 5, 45 },
    { "when with a bare asterisk", MERGE("add MARC.\"246\" when MARC.\"246\".\"5\" contains \"*\""), "E34", 5, 45 },
    { "when without MARC", MERGE("add MARC.\"246\" when \"246\".\"5\" contains \"N\""), "E31", 5, 21 },
    { "excluding tags", MERGE("remove MARC.\"0\"XX excluding \"001,035\""), NULL, 0, 0 },
    { "excluding MARC", MERGE("remove MARC.\"035\" excluding MARC.\"035\"(\"9\",\" \")"), NULL, 0, 0 },
    { "excluding two", MERGE("remove MARC.\"0\"XX excluding \"001\", MARC.\"035\"(\"9\",\" \")"), NULL, 0, 0 },
    { "excluding first indicator", MERGE("remove MARC.\"650\" excluding first indicator \"8\""), NULL, 0, 0 },
    { "excluding second indicator", MERGE("remove MARC.\"650\" excluding second indicator \"8\""), NULL, 0, 0 },
    { "excluding an indicator without its word", MERGE("remove MARC.\"650\" excluding second \"8\""), "E35", 5, 36 },
    { "excluding a subfield", MERGE("remove MARC.\"650\" excluding subfield (\"2\",\"local\")"), NULL, 0, 0 },
    { "excluding a subfield without brackets", MERGE("remove MARC.\"650\" excluding subfield \"2\""), "E12", 5, 38 },
    { "excluding a subfield without value", MERGE("remove MARC.\"650\" excluding subfield (\"2\")"), "E12", 5, 42 },
    { "excluding nothing", MERGE("remove MARC.\"650\" excluding"), "E35", 6, 1 },
    { "excluding nothing behind a comma", MERGE("remove MARC.\"650\" excluding \"651\","), "E35", 6, 1 },
    { "excluding another word", MERGE("remove MARC.\"650\" excluding third indicator \"8\""), "E35", 5, 29 },
    { "if exists", MERGE("replace MARC.\"650\" if exists"), NULL, 0, 0 },
    { "if exist", MERGE("replace MARC.\"650\" if exist"), NULL, 0, 0 },
    { "if does exist", MERGE("replace MARC.\"650\" if does exist"), NULL, 0, 0 },
    { "if does not exist", MERGE("add MARC.\"650\" if does not exist"), NULL, 0, 0 },
    { "if does not exists", MERGE("add MARC.\"650\" if does not exists"), NULL, 0, 0 },
    { "if not exists", MERGE("add MARC.\"650\" if not exists"), NULL, 0, 0 },
    { "if not exists subfield", MERGE("remove MARC.\"650\" if not exists subfield \"5\""), NULL, 0, 0 },
    { "if exists subfield", MERGE("remove MARC.\"650\" if exists subfield \"5\""), NULL, 0, 0 },
    { "if exists subfield without a code", MERGE("remove MARC.\"650\" if exists subfield"), "E11", 6, 1 },
    { "if exists subfield with a long code", MERGE("remove MARC.\"650\" if exists subfield \"55\""), "E26", 5, 38 },
    { "if something else", MERGE("add MARC.\"500\" if missing"), "E36", 5, 19 },
    { "if not something else", MERGE("add MARC.\"500\" if not there"), "E36", 5, 23 },
    { "several clauses",
      MERGE(
          "replace MARC.\"035\"\n when MARC.\"035\".\"a\" contains \"OCoLC\"\n excluding MARC.\"035\"(\"9\",\" \")\n if exists"),
      NULL, 0, 0 },
    { "unless", MERGE("replace MARC.\"035\" unless exists"), "E32", 5, 20 },
    { "unknown action", MERGE("delete MARC.\"035\""), "E32", 5, 1 },
    { "end missing", "rule \"r\"\nwhen merge then\nadd MARC.\"035\"\n", "E10", 4, 1 },
    { "union of classes", MERGE("add MARC.\"246\" when MARC.\"246\".\"a\" matches \"[a[bc]]\""), "E34", 5, 44 },
    { "intersection of classes", MERGE("add MARC.\"246\" when MARC.\"246\".\"a\" matches \"[a-z&&[^b]]\""), "E34", 5, 44 },
    { "look-behind without bounds", MERGE("add MARC.\"246\" when MARC.\"246\".\"a\" matches \"(?<=a*)b\""), "E34", 5, 44 },
    { "expression not closed", MERGE("add MARC.\"246\" when MARC.\"246\".\"a\" matches \"(ab\""), "E34", 5, 44 },
    { "flag of another meaning", MERGE("add MARC.\"246\" when MARC.\"246\".\"a\" matches \"(?U)a\""), "E34", 5, 44 },
    { "script, unit, possessive",
      MERGE("add MARC.\"246\" when MARC.\"246\".\"a\" matches \"\\p{IsLatin}\\u0041++\\p{Alpha}[\\p{Lower}x]\""), NULL, 0, 0 },
};

static void lexical__forms(void **state)
{
    (void)state;
    check_forms(lexical, COUNT(lexical), RULES_NORMALIZATION);
}

static void rules__forms(void **state)
{
    (void)state;
    check_forms(rules, COUNT(rules), RULES_NORMALIZATION);
}

static void conditions__forms(void **state)
{
    (void)state;
    check_forms(conditions, COUNT(conditions), RULES_NORMALIZATION);
}

static void paths__forms(void **state)
{
    (void)state;
    check_forms(paths, COUNT(paths), RULES_NORMALIZATION);
}

static void actions__forms(void **state)
{
    (void)state;
    check_forms(actions, COUNT(actions), RULES_NORMALIZATION);
}

static void indications__forms(void **state)
{
    (void)state;
    check_forms(indications, COUNT(indications), RULES_INDICATION);
}

static void brief_levels__forms(void **state)
{
    (void)state;
    check_forms(brief_levels, COUNT(brief_levels), RULES_BRIEF_LEVEL);
}

static void merges__forms(void **state)
{
    (void)state;
    check_forms(merges, COUNT(merges), RULES_MERGE);
}

/* ---- warnings, recovery, messages -------------------------------------------------------------------------------- */

static void warnings__leave_the_rule_running(void **state)
{
    static const form cases[] = {
        { "backslash in a name", "rule \"a\\\\b\" when TRUE then end", "W01", 1, 6 },
        { "Rule in a name", "rule \"my Rule\" when TRUE then end", "W01", 1, 6 },
        { "a name twice", "rule \"a\" when TRUE then end\nrule \"a\" when TRUE then end", "W02", 2, 6 },
        { "long tag", ACTION("changeField \"245\" to \"TITLE\""), "W03", 5, 22 },
        { "long tag in a condition", WHEN("exists \"TITLE.a\""), "W03", 3, 8 },
        { "X behind a whole tag", MERGE("add MARC.\"580\"X"), "W03", 5, 10 },
        { "if on another tag", ACTION("removeField \"650\" if (exists \"651.a\")"), "W04", 5, 30 },
        { "action that matches no tag", ACTION("removeField \"99\""), "W05", 5, 13 },
        { "asterisk behind three", ACTION("removeField \"9911*\""), "W05", 5, 13 },
        { "data action on a control field", ACTION("suffix \"001.a\" with \"x\""), "W05", 5, 8 },
        { "expression that does not compile", ACTION("replaceContents \"245.a.^(a\" with \"x\""), "W05", 5, 17 },
        { "control action on a data field", ACTION("removeControlField \"245\""), "W05", 5, 20 },
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        faults all;
        rule_file *file = parse_with(&all, cases[i].source, RULES_UNKNOWN);
        if (file == NULL || all.warnings == 0)
            fail_msg("%s: %s", cases[i].production, file == NULL ? all.first.message : "no warning");
        if (strcmp(all.warning.code, cases[i].code) != 0 || all.warning.line != cases[i].line ||
            all.warning.column != cases[i].column)
            fail_msg("%s: %s at %d:%d", cases[i].production, all.warning.code, all.warning.line, all.warning.column);
        rule_file_free(file);
    }
}

static void warnings__do_not_come_without_a_cause(void **state)
{
    static const char *const cases[] = {
        ACTION("removeField \"6**\" if (exists \"650.a\")"),
        ACTION("addField \"506.a.x\" if (not exists \"506\")"),
        ACTION("addField \"ZZ1.a.x\" changeField \"ZZ1\" to \"791\" copyControlField \"TMP.a\" to \"003\""),
        ACTION("removeField \"9*\" removeField \"90*\" removeField \"H**\" removeField \"005\""),
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        faults all;
        rule_file_free(parse_with(&all, cases[i], RULES_UNKNOWN));
        if (all.errors + all.warnings > 0)
            fail_msg("%s: %s", cases[i], all.warnings > 0 ? all.warning.message : all.first.message);
    }
}

static void comments_only__is_an_error_that_says_why(void **state)
{
    faults all;
    (void)state;
    assert_null(parse_with(&all, "\n  // rule \"r\"\n// when TRUE\n", RULES_UNKNOWN));
    assert_string_equal(all.warning.code, "W06");
    assert_int_equal(all.warning.line, 2);
    assert_int_equal(all.warning.column, 3);
    assert_string_equal(all.first.code, "E10");
    assert_int_equal(all.first.line, 4);
}

typedef struct fault_list {
    rule_fault faults[20];
    size_t count;
} fault_list;

static void list_fault(void *context, const rule_fault *fault)
{
    fault_list *list = context;
    assert_true(list->count < COUNT(list->faults));
    list->faults[list->count++] = *fault;
}

static void errors__are_told_of_every_rule_in_the_order_of_the_text(void **state)
{
    static const char source[] = "rule \"a\" when TRUE then dropField \"049\" \"x\" end\n"
                                 "rule \"b\" when TRUE then removeField \"049\" end\n"
                                 "rule \"c\" when (TRUE then end\n"
                                 "  rule \"d\" when TRUE then addField \"049\" end\n"
                                 "# rule \"not one\n"
                                 "rule \"e\" when True then end\n"
                                 "rule \"f\" when TRUE then \"open\nend\n"
                                 "rule \"g\" when TRUE then\n";
    static const struct {
        const char *code;
        int line;
    } wanted[] = { { "E17", 1 }, { "E12", 3 }, { "E27", 4 }, { "E15", 6 }, { "E01", 7 }, { "E10", 10 } };
    fault_list list = { .count = 0 };
    recto_error error = { 0 };
    rule_file *file = NULL;
    (void)state;
    assert_int_equal(rule_file_parse(&file, TEXT(source), "many.rules", RULES_UNKNOWN, list_fault, &list, &error), RECTO_EDATA);
    assert_int_equal(list.count, COUNT(wanted));
    for (size_t i = 0; i < COUNT(wanted); i++) {
        assert_string_equal(list.faults[i].code, wanted[i].code);
        assert_int_equal(list.faults[i].line, wanted[i].line);
    }
    assert_string_equal(error.where, "many.rules:1:25");
    assert_non_null(strstr(error.what, "E17"));
}

static void messages__say_what_was_found_and_expected(void **state)
{
    static const struct {
        const char *source, *words[3];
    } cases[] = {
        { ACTION("dropField \"049\""), { "expected an action", "found 'dropField'", "removeField" } },
        { ACTION("replaceContent \"245.a\" with \"x\""), { "did you mean", "replaceContents" } },
        { ACTION("xxField \"049\""), { "did you mean addField" } },
        { ACTION("prefix \"856.u\" \"https://\""), { "expected \"with\"", "found 'https://'" } },
        { "rule \"r\"\nwhen\n(TRUE)\nthen\n", { "expected \"end\"", "found end of file" } },
        { "Rule \"r\"", { "expected \"rule\"", "found 'Rule'", "did you mean rule" } },
        { WHEN("exsts \"100\""), { "existsControl", "found 'exsts'", "did you mean exists" } },
        { MERGE("delete MARC.\"035\""), { "add, remove or replace", "did you mean remove" } },
        { MERGE("add MARC.\"500\" if missing"), { "\"exists\" or \"does not exist\"", "found 'missing'" } },
        { MERGE("remove MARC.\"65\""), { "tag '65' too short", "add X or XX" } },
        { "rule \xE2\x80\x9Cr\xE2\x80\x9D", { "typographic", "\"" } },
        { MERGE("add MARC.\"246\" when MARC.\"246\".\"a\" matches \"[a-z&&[^b]]\""), { "character 5", "intersection" } },
        { ACTION("\x07"), { "U+0007" } },
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        faults all;
        assert_null(parse_with(&all, cases[i].source, RULES_UNKNOWN));
        for (size_t j = 0; j < COUNT(cases[i].words) && cases[i].words[j] != NULL; j++)
            if (strstr(all.first.message, cases[i].words[j]) == NULL)
                fail_msg("'%s' is not in: %s", cases[i].words[j], all.first.message);
    }
}

static void languages__are_found_out(void **state)
{
    static const struct {
        const char *source;
        rule_language language;
    } cases[] = {
        { ACTION("removeField \"900\""), RULES_NORMALIZATION },
        { MERGE(""), RULES_MERGE },
        { ACTION("set indication.\"true\""), RULES_INDICATION },
        { ACTION("set brief_level.\"01\""), RULES_BRIEF_LEVEL },
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        rule_file *file = good_file(cases[i].source);
        assert_int_equal(rule_file_language(file), cases[i].language);
        assert_int_equal(rule_language_named(rule_language_name(cases[i].language)), cases[i].language);
        assert_true((rule_file_merge_program(file) != NULL) == (cases[i].language == RULES_MERGE));
        rule_file_free(file);
    }
    assert_int_equal(rule_language_named("none"), RULES_UNKNOWN);
}

static void order__is_by_priority_then_from_the_bottom(void **state)
{
    rule_file *file = good_file("rule \"a\" when TRUE then end rule \"b\" priority 2 when TRUE then end\n"
                                "rule \"c\" when TRUE then end rule \"d\" salience 2 when TRUE then end\n"
                                "rule \"e\" priority -1 when TRUE then end");
    static const size_t orders[] = { 3, 1, 2, 0, 4 };
    (void)state;
    assert_int_equal(rule_file_count(file), COUNT(orders));
    for (size_t i = 0; i < COUNT(orders); i++)
        assert_int_equal(rule_file_rule(file, i).order, orders[i]);
    assert_string_equal(rule_file_rule(file, 1).name, "b");
    assert_int_equal(rule_file_rule(file, 3).line, 2);
    assert_int_equal(rule_file_rule(file, 4).priority, -1);
    rule_file_free(file);
}

static void limits__are_told(void **state)
{
    recto_error error = { 0 };
    rule_file *file = NULL;
    size_t length = RULES_FILE_LIMIT + 1;
    char *large = malloc(length);
    buffer deep;
    faults all;
    (void)state;
    assert_non_null(large);
    memset(large, ' ', length);
    assert_int_equal(rule_file_parse(&file, text_of(large, length), "large", RULES_UNKNOWN, NULL, NULL, &error), RECTO_ELIMIT);
    free(large);
    buffer_init(&deep, 0);
    buffer_append_string(&deep, "rule \"r\" when ");
    for (int i = 0; i < 100000; i++)
        buffer_append_string(&deep, i % 2 == 0 ? "(" : "not ");
    assert_null(parse_with(&all, buffer_string(&deep), RULES_UNKNOWN));
    assert_non_null(strstr(all.first.message, "200 deep"));
    buffer_release(&deep);
    buffer_init(&deep, 0);
    for (int i = 0; i <= RULES_COUNT_LIMIT; i++)
        buffer_append_format(&deep, "rule \"%d\" when TRUE then end\n", i);
    assert_null(parse_with(&all, buffer_string(&deep), RULES_UNKNOWN));
    assert_int_equal(all.first.line, RULES_COUNT_LIMIT + 1);
    buffer_release(&deep);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lexical__forms),
        cmocka_unit_test(rules__forms),
        cmocka_unit_test(conditions__forms),
        cmocka_unit_test(paths__forms),
        cmocka_unit_test(actions__forms),
        cmocka_unit_test(indications__forms),
        cmocka_unit_test(brief_levels__forms),
        cmocka_unit_test(merges__forms),
        cmocka_unit_test(warnings__leave_the_rule_running),
        cmocka_unit_test(warnings__do_not_come_without_a_cause),
        cmocka_unit_test(comments_only__is_an_error_that_says_why),
        cmocka_unit_test(errors__are_told_of_every_rule_in_the_order_of_the_text),
        cmocka_unit_test(messages__say_what_was_found_and_expected),
        cmocka_unit_test(languages__are_found_out),
        cmocka_unit_test(order__is_by_priority_then_from_the_bottom),
        cmocka_unit_test(limits__are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
