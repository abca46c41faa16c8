/* tests/rules/apply_test.c - what every function and every kind of condition does to a record; order of rules, trace, limits. */
#include "support.h"

#define NORM(condition, actions) "rule \"r\" when " condition " then\n" actions "\nend\n"

typedef struct example {
    const char *what, *rules, *before, *after; /* after NULL: as before */
} example;

static void check(const example *example)
{
    rule_file *file = good_file(example->rules);
    const char *wanted = example->after != NULL ? example->after : example->before;
    marc_record *record = record_of(example->before);
    bool leader = strstr(wanted, "LDR ") != NULL;
    rule_result result;
    recto_error error = { 0 };
    buffer lines;
    buffer_init(&lines, 0);
    if (rule_file_apply(&result, file, record, NULL, NULL, &error) != RECTO_OK)
        fail_msg("%s: %s %s", example->what, error.where, error.what);
    append_lines(&lines, record, leader);
    if (strcmp(buffer_string(&lines), wanted) != 0)
        fail_msg("%s gives\n%snot\n%s", example->what, buffer_string(&lines), wanted);
    assert_int_equal(result.changed, example->after != NULL && strcmp(example->before, wanted) != 0);
    buffer_release(&lines);
    marc_record_free(record);
    rule_file_free(file);
}

static void check_all(const example *examples, size_t count)
{
    for (size_t i = 0; i < count; i++)
        check(&examples[i]);
}

#define DO(actions) NORM("(TRUE)", actions)

static const example functions[] = {
    { "addField", DO("addField \"599.{ ,1}.a.Loaded\\\\\\\\.\""), "245 00 $aT\n", "245 00 $aT\n599 \\1 $aLoaded.\n" },
    { "addField keeps signs", DO("addField \"007.x.y\" addField \"599.a.a|b*c\""), "245 00 $aT\n",
      "245 00 $aT\n599 \\\\ $aa|b*c\n" },
    { "addField if none", DO("addField \"506.a.X\" if (not exists \"506\")"), "506 \\\\ $aY\n", NULL },
    { "addField if none, and none is there", DO("addField \"506.a.X\" if (not exists \"506\")"), "245 00 $aT\n",
      "245 00 $aT\n506 \\\\ $aX\n" },
    { "addSubField", DO("addSubField \"856.{4,*}.z.Campus\" if (not exists \"856.z\")"),
      "856 40 $ua\n856 4\\ $ub$zold\n856 1\\ $uc\n", "856 40 $ua$zCampus\n856 4\\ $ub$zold\n856 1\\ $uc\n" },
    { "addControlField", DO("addControlField \"007.cr |*\""), "001 1\n007 vd\n245 00 $aT\n",
      "001 1\n007 vd\n007 cr\\|*\n245 00 $aT\n" },
    { "removeField", DO("removeField \"6**\""), "005 1\n600 10 $aA\n650 \\0 $aB\n700 1\\ $aC\n", "005 1\n700 1\\ $aC\n" },
    { "removeField by indicators", DO("removeField \"650.{*,4}\""), "650 \\0 $aA\n650 \\4 $aB\n", "650 \\0 $aA\n" },
    { "removeField by code", DO("removeField \"650.2\""), "650 \\7 $aA$2x\n650 \\0 $aB\n", "650 \\0 $aB\n" },
    { "removeField by value", DO("removeField \"650.2.fast|lc*\""), "650 \\7 $aA$2fast\n650 \\7 $aB$2lcgft\n650 \\7 $aC$2x\n",
      "650 \\7 $aC$2x\n" },
    { "removeField, any subfield", DO("removeField \"650.fast\""), "650 \\7 $aA$2fast\n650 \\7 $aB\n", "650 \\7 $aB\n" },
    { "removeField, if", DO("removeField \"650\" if (exists \"650.{*,4}\" OR exists \"650.9\")"),
      "650 \\0 $aA\n650 \\4 $aB\n650 \\0 $aC$9x\n", "650 \\0 $aA\n" },
    { "removeField of a control field", DO("removeField \"005\""), "001 1\n005 2\n", "001 1\n" },
    { "a wildcard spares control fields", DO("removeField \"0**\""), "001 1\n005 2\n035 \\\\ $aX\n", "001 1\n005 2\n" },
    { "* spares control fields", DO("removeField \"*\""), "001 1\n035 \\\\ $aX\n", "001 1\n" },
    { "removeSubField", DO("removeSubField \"852.x\""), "852 \\\\ $bB$xsecret$cC$xmore\n", "852 \\\\ $bB$cC\n" },
    { "removeSubField by value", DO("removeSubField \"852.*.s*\""), "852 \\\\ $bB$xsecret$csea\n", "852 \\\\ $bB\n" },
    { "removeControlField", DO("removeControlField \"003\" removeControlField \"LDR\""),
      "LDR 00000cas\\a2200000K\\\\4500\n001 1\n003 X\n", "LDR 00000cas\\a2200000K\\\\4500\n001 1\n" },
    { "removeControlField with a wildcard", DO("removeControlField \"0*\""), "001 1\n003 X\n035 \\\\ $aX\n", "035 \\\\ $aX\n" },
    { "removeControlField, if", DO("removeControlField \"007\" if (existsControl \"007.{0,1}.c\")"), "007 cr\n007 vd\n",
      "007 vd\n" },
    { "changeField", DO("changeField \"440\" to \"490\""), "440 \\0 $aS\n440 \\0 $aU\n490 1\\ $aT\n",
      "490 \\0 $aS\n490 \\0 $aU\n490 1\\ $aT\n" },
    { "changeField, place", DO("changeField \"949\" to \"035\""),
      "020 \\\\ $a1\n035 \\\\ $aX\n245 00 $aT\n949 \\\\ $aA\n949 \\\\ $aB\n",
      "020 \\\\ $a1\n035 \\\\ $aX\n035 \\\\ $aA\n035 \\\\ $aB\n245 00 $aT\n" },
    { "changeField, place ahead", DO("changeField \"049\" to \"949\""), "049 \\\\ $aA\n049 \\\\ $aB\n245 00 $aT\n998 \\\\ $aX\n",
      "245 00 $aT\n949 \\\\ $aA\n949 \\\\ $aB\n998 \\\\ $aX\n" },
    { "changeField of data to control", DO("changeField \"440\" to \"001\""), "440 \\0 $aS\n", NULL },
    { "changeControlField", DO("changeControlField \"001\" to \"003\""), "001 X\n", "003 X\n" },
    { "changeSubField", DO("changeSubField \"590.b\" to \"x\""), "590 \\\\ $b1$a2$b3\n", "590 \\\\ $x1$a2$x3\n" },
    { "changeSubFieldExceptFirst", DO("changeSubFieldExceptFirst \"264.a\" to \"z\""), "264 \\1 $aA$bB$aC$aD\n264 \\4 $aE\n",
      "264 \\1 $aA$bB$zC$zD\n264 \\4 $aE\n" },
    { "changeFirstIndicator", DO("changeFirstIndicator \"246\" to \"1\" if (exists \"246.{-,*}\")"), "246 \\3 $aA\n246 3\\ $aB\n",
      "246 13 $aA\n246 3\\ $aB\n" },
    { "changeSecondIndicator to blank", DO("changeSecondIndicator \"246\" to \"\""), "246 13 $aA\n", "246 1\\ $aA\n" },
    { "copyField", DO("copyField \"490\" to \"830\""), "490 1\\ $aS$v1\n500 \\\\ $aN\n490 0\\ $aT\n",
      "490 1\\ $aS$v1\n500 \\\\ $aN\n490 0\\ $aT\n830 1\\ $aS$v1\n830 0\\ $aT\n" },
    { "copyField with indicators", DO("copyField \"490\" to \"830.{ ,0}\""), "490 1\\ $aS\n", "490 1\\ $aS\n830 \\0 $aS\n" },
    { "copyField of a subfield", DO("copyField \"490.a\" to \"830.t\""), "490 1\\ $aS$v1$aU\n490 1\\ $vno a\n",
      "490 1\\ $aS$v1$aU\n490 1\\ $vno a\n830 \\\\ $tS$tU\n" },
    { "copyField of a control field", DO("copyField \"001\" to \"035.9\""), "001 99\n245 00 $aT\n",
      "001 99\n035 \\\\ $999\n245 00 $aT\n" },
    { "copyField into itself ends", DO("copyField \"5**\" to \"599\""), "500 \\\\ $aA\n", "500 \\\\ $aA\n599 \\\\ $aA\n" },
    { "copyField of a control field to another", DO("copyField \"001\" to \"003\""), "001 99\n245 00 $aT\n",
      "001 99\n003 99\n245 00 $aT\n" },
    { "copyField of data to control", DO("copyField \"245\" to \"003\""), "001 99\n245 00 $aT\n", NULL },
    { "changeField to its own tag", DO("changeField \"440\" to \"440\""), "440 \\0 $aS\n490 1\\ $aT\n", NULL },
    { "changeControlField to the leader", DO("changeControlField \"001\" to \"LDR\""), "001 X\n", NULL },
    { "copyControlField", DO("copyControlField \"TMP.a\" to \"003\""), "001 1\n245 00 $aT\nTMP \\\\ $bN$aX$aY\n",
      "001 1\n003 X\n245 00 $aT\nTMP \\\\ $bN$aX$aY\n" },
    { "combineFields", DO("combineFields \"505\" excluding \"6,8\""),
      "505 0\\ $6a$aA\n505 1\\ $6b$aB$tT\n505 \\\\ $8c$aC\n520 \\\\ $aS\n", "505 0\\ $6a$aA$aB$tT$aC\n520 \\\\ $aS\n" },
    { "correctDuplicateFields", DO("correctDuplicateFields \"500,65*\""),
      "500 \\\\ $aA\n500 \\\\ $aB\n500 \\\\ $aA\n650 \\0 $aX\n650 \\0 $aX\n700 1\\ $aY\n700 1\\ $aY\n",
      "500 \\\\ $aA\n500 \\\\ $aB\n650 \\0 $aX\n700 1\\ $aY\n700 1\\ $aY\n" },
    { "correctDuplicateSubfields", DO("correctDuplicateSubfields \"655\" \"2\""), "655 \\7 $aA$2x$2x$aA$2y\n655 \\7 $2x\n",
      "655 \\7 $aA$2x$aA$2y\n655 \\7 $2x\n" },
    { "moveSubfieldsToEndOfField", DO("moveSubfieldsToEndOfField \"597\" \"c,a,d,9\""), "597 \\\\ $aA$bB$91$cC$aD\n",
      "597 \\\\ $bB$cC$aA$aD$91\n" },
    { "replaceControlContents", DO("replaceControlContents \"LDR.{17,1}.K\" with \"7\""),
      "LDR 00000cas\\a2200000K\\\\4500\n001 1\n", "LDR 00000cas\\a22000007\\\\4500\n001 1\n" },
    { "replaceControlContents, no match", DO("replaceControlContents \"LDR.{17,1}.M\" with \"7\""),
      "LDR 00000cas\\a2200000K\\\\4500\n001 1\n", NULL },
    { "replaceControlContents of a slice", DO("replaceControlContents \"008.{3,2}\" with \"eng\""), "008 abcdef\n",
      "008 abcengf\n" },
    { "replaceControlContents, too short", DO("replaceControlContents \"008.{5,3}\" with \"eng\""), "008 abcdef\n", NULL },
    { "the leader keeps its length",
      DO("replaceControlContents \"LDR.{5,2}\" with \"xyz\" replaceControlContents \"LDR.{7,1}\" with \"\""),
      "LDR 00000cas\\a2200000K\\\\4500\n001 1\n", "LDR 00000xy\\\\a2200000K\\\\4500\n001 1\n" },
    { "prefix", DO("prefix \"856.u\" with \"P:\" if (not exists \"856.u.*P:*\")"), "856 40 $ua$zb$uc\n856 40 $uP:d\n",
      "856 40 $uP:a$zb$uP:c\n856 40 $uP:d\n" },
    { "suffix", DO("suffix \"993.*\" with \".\" if (not exists \"993.*.*.\")"), "993 \\\\ $aA$bB\n993 \\\\ $aC.$bD\n",
      "993 \\\\ $aA.$bB.\n993 \\\\ $aC.$bD\n" },
    { "prefixSubField", DO("prefixSubField \"852.h\" with \"090.a\""), "090 \\\\ $aQA\n852 \\\\ $h76\n",
      "090 \\\\ $aQA\n852 \\\\ $hQA76\n" },
    { "suffixSubField of the same field", DO("suffixSubField \"852.h\" with \"852.i\""),
      "852 \\\\ $h1$iA\n852 \\\\ $h2\n852 \\\\ $h3$iC\n", "852 \\\\ $h1A$iA\n852 \\\\ $h2\n852 \\\\ $h3C$iC\n" },
    { "splitSubField", DO("splitSubField \"490.a.;\" to \"T98.a\""), "490 1\\ $aA ; B;;C\n",
      "490 1\\ $aA ; B;;C\nT98 \\\\ $aA\nT98 \\\\ $aB\nT98 \\\\ $aC\n" },
    { "addSystemNumber", DO("addSystemNumber \"035.a\" from \"001\" prefixed by \"003\""), "001 9\n003 XX\n",
      "001 9\n003 XX\n035 \\\\ $a(XX)9\n" },
    { "addSystemNumber without 003", DO("addSystemNumber \"035.a\" from \"001\" prefixed by \"003\""), "001 9\n", NULL },
};

static const example replacing[] = {
    { "the whole value", DO("replaceContents \"300.a\" with \"x\""), "300 \\\\ $aone$bb$atwo\n", "300 \\\\ $ax$bb$ax\n" },
    { "a stretch whose end is not there", DO("replaceContents \"300.a.b*zz\" with \"x\""), "300 \\\\ $aabczy\n", NULL },
    { "every occurrence", DO("replaceContents \"300.a.ab\" with \"c\""), "300 \\\\ $axababyab\n", "300 \\\\ $axccyc\n" },
    { "text that grows is not searched again", DO("replaceContents \"300.a.a\" with \"aa\""), "300 \\\\ $aaba\n",
      "300 \\\\ $aaabaa\n" },
    { "escaped period", DO("replaceContents \"300.a.p\\\\\\\\.\" with \"pages\""), "300 \\\\ $a9 p. and 9 pp\n",
      "300 \\\\ $a9 pages and 9 pp\n" },
    { "period at the end", DO("replaceContents \"690.a..\" with \"\""), "690 \\\\ $aVariable.\n", "690 \\\\ $aVariable\n" },
    { "brackets are text", DO("replaceContents \"020.q.(pbk)\" with \"paperback\""), "020 \\\\ $q(pbk)\n",
      "020 \\\\ $qpaperback\n" },
    { "caret is text", DO("replaceContents \"010.a.^\" with \"\""), "010 \\\\ $a^^85\n", "010 \\\\ $a85\n" },
    { "dollar is text", DO("replaceContents \"020.c.$\" with \"USD \""), "020 \\\\ $c{dollar}5\n", "020 \\\\ $cUSD 5\n" },
    { "bar is text", DO("replaceContents \"020.c.a|b\" with \"x\""), "020 \\\\ $ca|b\n020 \\\\ $ca\n",
      "020 \\\\ $cx\n020 \\\\ $ca\n" },
    { "asterisk at the end", DO("replaceContents \"843.a.Digital*\" with \"D\""), "843 \\\\ $aOld Digital copy\n",
      "843 \\\\ $aOld D\n" },
    { "asterisk alone", DO("replaceContents \"852.c.*\" with \"X\""), "852 \\\\ $cabc\n", "852 \\\\ $cX\n" },
    { "asterisk before", DO("replaceContents \"852.c.*b\" with \"X\""), "852 \\\\ $cabcbd\n", "852 \\\\ $cXd\n" },
    { "asterisk between", DO("replaceContents \"852.c.a*c\" with \"X\""), "852 \\\\ $czabcbcd\n852 \\\\ $cac\n852 \\\\ $ca\n",
      "852 \\\\ $czXd\n852 \\\\ $cX\n852 \\\\ $ca\n" },
    { "literal asterisk", DO("replaceContents \"852.c.\\\\*\" with \"X\""), "852 \\\\ $ca*b*\n", "852 \\\\ $caXbX\n" },
    { "any subfield", DO("replaceContents \"035.*.(OCoLC)on\" with \"(OCoLC)\""), "035 \\\\ $a(OCoLC)on1$z(OCoLC)on2\n",
      "035 \\\\ $a(OCoLC)1$z(OCoLC)2\n" },
    { "with indicators", DO("replaceContents \"245.{1,0}.a.x\" with \"y\""), "245 10 $ax\n245 00 $ax\n",
      "245 10 $ay\n245 00 $ax\n" },
    { "except the first", DO("replaceContentsExceptFirst \"520.a.x\" with \"\""), "520 \\\\ $ax$bx$axx\n",
      "520 \\\\ $ax$bx$a\n" },
    { "only the first", DO("replaceContentsOnlyFirst \"520.a.x\" with \"y\""), "520 \\\\ $ax$ax\n", "520 \\\\ $ay$ax\n" },
    { "first characters", DO("replaceContents \"901.a.^(.{3}).*\" with \"$1\""), "901 \\\\ $aabcdef\n901 \\\\ $aab\n",
      "901 \\\\ $aabc\n901 \\\\ $aab\n" },
    { "end of the value", DO("replaceContents \"245.a. /$\" with \"\""), "245 00 $aT / U /\n", "245 00 $aT / U\n" },
    { "an expression that stands there as text", DO("replaceContents \"245.a.^(.)\" with \"x\""), "245 00 $aa^(.)b\n",
      "245 00 $aaxb\n" },
    { "an expression that does not compile", DO("replaceContents \"245.a.^(\" with \"x\""), "245 00 $aT\n", NULL },
    { "Unicode escape", DO("prefix \"245.a\" with \"\\u202B\" if (not exists \"245.a.\\u202B*\")"),
      "245 00 $aT\n245 00 $a\xE2\x80\xABT\n", "245 00 $a\xE2\x80\xABT\n245 00 $a\xE2\x80\xABT\n" },
};

#define FINAL_COMMA                                                                                                              \
    "rule \"one\" priority 10 when (TRUE) then suffix \"500.a\" with \"@end@\" end\n"                                            \
    "rule \"two\" priority 9 when (TRUE) then replaceContents \"500.a.,@end@\" with \"\" end\n"                                  \
    "rule \"three\" priority 8 when (TRUE) then replaceContents \"500.a.@end@\" with \"\" end\n"

static const example idioms[] = {
    { "final punctuation in three rules", FINAL_COMMA, "500 \\\\ $aA, B,\n500 \\\\ $aC, D\n",
      "500 \\\\ $aA, B\n500 \\\\ $aC, D\n" },
    { "the last rule runs first",
      "rule \"1\" when TRUE then suffix \"500.a\" with \"1\" end rule \"2\" when TRUE then suffix \"500.a\" with \"2\" end",
      "500 \\\\ $a\n", "500 \\\\ $a21\n" },
    { "a later rule sees what earlier ones did",
      "rule \"second\" when exists \"995\" then addField \"996.a.x\" end rule \"first\" when TRUE then addField \"995.a.x\" end",
      "245 00 $aT\n", "245 00 $aT\n995 \\\\ $ax\n996 \\\\ $ax\n" },
    { "an invented tag",
      "rule \"b\" priority 1 when TRUE then changeField \"ZZ1\" to \"791\" end\n"
      "rule \"a\" priority 2 when TRUE then addField \"ZZ1.{2,-}.a.Prairie\" end",
      "245 00 $aT\n852 \\\\ $bB\n", "245 00 $aT\n791 2\\ $aPrairie\n852 \\\\ $bB\n" },
    { "a long tag that is gone at the end", DO("changeField \"245\" to \"TITLE\" changeField \"TITLE\" to \"246\""),
      "245 00 $aT\n", "246 00 $aT\n" },
    { "what comes to nothing is no change",
      DO("addField \"900.a.x\" removeField \"900\" suffix \"245.a\" with \"x\" replaceContents \"245.a.x\" with \"\""),
      "245 00 $aT\n", NULL },
};

static void functions__do_what_the_table_says(void **state)
{
    (void)state;
    check_all(functions, COUNT(functions));
}

static void replaceContents__finds_as_specified(void **state)
{
    (void)state;
    check_all(replacing, COUNT(replacing));
}

static void idioms__of_libraries_work(void **state)
{
    (void)state;
    check_all(idioms, COUNT(idioms));
}

/* ---- conditions -------------------------------------------------------------------------------------------------- */

static const char sample[] =
    "LDR 00000cas\\a2200373K\\\\4500\n001 ocm123\n007 cr\n008 850612c19859999ilumr1p\\\\\\\\\\\\\\0\\\\\\b0eng\\d\n"
    "245 14 $aThe prairie$cby A\n650 \\0 $aWetlands\n650 \\7 $aWetlands.$2fast\n655 \\7 $aX$2a$2a\n700 1\\ $aA\n"
    "900 \\\\ $aa*b\n";

static const struct {
    const char *condition;
    bool holds;
} conditions[] = {
    { "TRUE", true },
    { "FALSE", false },
    { "not FALSE", true },
    { "exists \"245\"", true },
    { "exists \"246\"", false },
    { "exists \"2**\"", true },
    { "exists \"2*\"", true },
    { "exists \"*\"", true },
    { "exists \"0**\"", false },
    { "exists \"001\"", true },
    { "exists \"001.a\"", false },
    { "exists \"245.c\"", true },
    { "exists \"245.d\"", false },
    { "exists \"245.*\"", true },
    { "exists \"245.{1,4}\"", true },
    { "exists \"245.{*,4}\"", true },
    { "exists \"245.{1,*}.c\"", true },
    { "exists \"245.{0,*}.c\"", false },
    { "exists \"650.{-,0}\"", true },
    { "exists \"650.{#,7}\"", true },
    { "exists \"650.{ ,7}\"", true },
    { "exists \"650.{,7}\"", true },
    { "exists \"650.a.Wetlands\"", true },
    { "exists \"650.a.wetlands\"", false },
    { "exists \"650.a.Wet\"", false },
    { "exists \"650.a.Wet*\"", true },
    { "exists \"650.a.*lands\"", true },
    { "exists \"650.a.*tl*\"", true },
    { "exists \"650.a.W*t*s.\"", true },
    { "exists \"650.a.*\"", true },
    { "exists \"650.a.Dry|Wetlands|Hills\"", true },
    { "exists \"650.a.Dry|Hills\"", false },
    { "exists \"650.a.Wetlands\\\\\\\\.\"", true },
    { "exists \"650.a.Wetlands\\\\.\"", true },
    { "exists \"650.a.Wetlands\\.\"", true },
    { "exists \"650.a.Wetlands.\"", true },
    { "exists \"650.fast\"", true },
    { "exists \"650.*as*\"", true },
    { "exists \"900.a.a\\\\*b\"", true },
    { "exists \"900.a.a\\\\*\"", false },
    { "existsControl \"001\"", true },
    { "existsControl \"003\"", false },
    { "existsControl \"0**\"", true },
    { "existsControl \"245\"", false },
    { "existsControl \"LDR\"", true },
    { "existsControl \"LDR.{17,1}.K\"", true },
    { "existsControl \"LDR.{07,1}.m|s\"", true },
    { "existsControl \"LDR.{18,1}. \"", true },
    { "existsControl \"008.{35,3}.eng\"", true },
    { "existsControl \"008.{35,3}.e*\"", true },
    { "existsControl \"008.{38,3}\"", false },
    { "existsControl \"001.ocm*\"", true },
    { "existsControl \"001.ocm\"", false },
    { "existsMoreThanOnce \"245\"", false },
    { "existsMoreThanOnce \"650\"", true },
    { "existsMoreThanOnce \"650.{*,0}\"", false },
    { "existsMoreThanOnce \"655.2\"", true },
    { "existsMoreThanOnce \"650.a.Wet*\"", true },
    { "recordHasDuplicateSubfields \"655\" \"2\"", true },
    { "recordHasDuplicateSubfields \"655\" \"a\"", false },
    { "recordHasDuplicateSubfields \"6**\" \"a,2\"", true },
    { "recordHasDuplicateSubfields \"655\" \"2\" \"b*\"", false },
    { "exists \"245\" AND exists \"246\"", false },
    { "exists \"245\" OR exists \"246\"", true },
    { "FALSE AND FALSE OR TRUE", true },
    { "FALSE AND (FALSE OR TRUE)", false },
    { "TRUE OR TRUE AND FALSE", true },
    { "not FALSE AND FALSE", false },
    { "not (FALSE AND FALSE)", true },
    { "TRUE OR FALSE FALSE", false },
    { "(exists \"245\")\n(exists \"700\")", true },
};

static void conditions__hold_as_specified(void **state)
{
    marc_record *record = record_of(sample);
    char source[300];
    (void)state;
    for (size_t i = 0; i < COUNT(conditions); i++) {
        rule_result result;
        (void)snprintf(source, sizeof source, "rule \"r\" when %s then set indication.\"true\" end", conditions[i].condition);
        rule_file *file = good_file(source);
        assert_int_equal(rule_file_apply(&result, file, record, NULL, NULL, NULL), RECTO_OK);
        if (result.indication != conditions[i].holds || result.rules_fired != (size_t)conditions[i].holds)
            fail_msg("%s is %s", conditions[i].condition, result.indication ? "true" : "false");
        rule_file_free(file);
    }
    marc_record_free(record);
}

static void brief_level__the_first_rule_that_fits_wins(void **state)
{
    rule_file *file = good_file("rule \"a\" when exists \"245\" then set brief_level.\"08\" end\n"
                                "rule \"b\" when TRUE then set brief_level.\"02\" end");
    rule_file *none = good_file("rule \"a\" when exists \"999\" then set brief_level.\"08\" end");
    marc_record *record = record_of(sample);
    rule_result result;
    (void)state;
    assert_int_equal(rule_file_apply(&result, file, record, NULL, NULL, NULL), RECTO_OK);
    assert_int_equal(result.brief_level, 8);
    assert_int_equal(result.rules_fired, 2);
    assert_int_equal(rule_file_apply(&result, none, record, NULL, NULL, NULL), RECTO_OK);
    assert_int_equal(result.brief_level, 0);
    marc_record_free(record);
    rule_file_free(file);
    rule_file_free(none);
}

/* ---- trace, explanation ------------------------------------------------------------------------------------------ */

static void note_event(void *context, const rule_event *event)
{
    assert_true(event->had || event->has);
    buffer_append_format(context, "%s:%d %s %s [%.*s] [%.*s]\n", event->rule, event->line, event->action, event->tag,
                         (int)event->before.length, event->before.bytes, (int)event->after.length, event->after.bytes);
}

static void trace__tells_every_change(void **state)
{
    rule_file *file = good_file(
        "rule \"r\" when TRUE then\nsuffix \"245.a\" with \"!\"\nremoveField \"500\"\naddField \"599.a.x\"\n"
        "changeField \"246\" to \"740\"\nreplaceControlContents \"LDR.{17,1}\" with \"7\"\nremoveSubField \"245.z\"\nend");
    marc_record *record = record_of("LDR 00000cas\\a2200373K\\\\4500\n245 00 $aT\n246 \\\\ $aV\n500 \\\\ $aN\n");
    buffer told;
    (void)state;
    buffer_init(&told, 0);
    assert_int_equal(rule_file_apply(NULL, file, record, note_event, &told, NULL), RECTO_OK);
    assert_string_equal(buffer_string(&told),
                        "r:2 suffix 245 [00\x1F"
                        "aT] [00\x1F"
                        "aT!]\n"
                        "r:3 removeField 500 [  \x1F"
                        "aN] []\n"
                        "r:4 addField 599 [] [  \x1F"
                        "ax]\n"
                        "r:5 changeField 246 [  \x1F"
                        "aV] []\n"
                        "r:5 changeField 740 [] [  \x1F"
                        "aV]\n"
                        "r:6 replaceControlContents LDR [00000cas a2200373K  4500] [00000cas a22003737  4500]\n");
    buffer_release(&told);
    marc_record_free(record);
    rule_file_free(file);
}

static void explain__says_which_test_failed(void **state)
{
    rule_file *file = good_file("rule \"both\" when exists \"245\" AND exists \"246\" then end\n"
                                "rule \"either\" when existsControl \"003\" OR exists \"247\" then end\n"
                                "rule \"neither\" when not exists \"245\" then end\n"
                                "rule \"later\" when not exists \"599\" then end\n"
                                "rule \"fires\" when TRUE then addField \"599.a.x\" end");
    marc_record *record = record_of("245 00 $aT\n");
    buffer why;
    (void)state;
    buffer_init(&why, 0);
    rule_file_explain(&why, file, record);
    assert_string_equal(buffer_string(&why), "rule 'later': exists 599 is true\n"
                                             "rule 'neither': exists 245 is true\n"
                                             "rule 'either': existsControl 003 is false and exists 247 is false\n"
                                             "rule 'both': exists 246 is false\n");
    assert_int_equal(marc_record_count(record), 1);
    buffer_release(&why);
    marc_record_free(record);
    rule_file_free(file);
}

/* ---- failures leave the record alone ----------------------------------------------------------------------------- */

static void check_refused(const char *rules, const char *lines, recto_status wanted, const char *words)
{
    rule_file *file = good_file(rules);
    marc_record *record = record_of(lines), *before = NULL;
    rule_result result = { .brief_level = 77 };
    recto_error error = { 0 };
    assert_int_equal(marc_record_copy(&before, record, NULL), RECTO_OK);
    assert_int_equal(rule_file_apply(&result, file, record, NULL, NULL, &error), wanted);
    assert_true(marc_record_equal(record, before));
    if (strstr(error.what, words) == NULL || error.where[0] == '\0')
        fail_msg("%s: %s", error.where, error.what);
    marc_record_free(before);
    marc_record_free(record);
    rule_file_free(file);
}

static void failures__leave_the_record_as_it_was(void **state)
{
    buffer many;
    (void)state;
    check_refused(DO("suffix \"245.a\" with \"x\" changeField \"246\" to \"TITLE\""), "245 00 $aT\n246 \\\\ $aU\n", RECTO_EDATA,
                  "TITLE");
    check_refused(DO("changeField \"246\" to \"2460\""), "246 \\\\ $aU\n", RECTO_EDATA, "2460");
    check_refused("rule \"m\" when merge then end", "245 00 $aT\n", RECTO_EINVALID, "two records");
    buffer_init(&many, 0);
    for (int i = 0; i < 40; i++)
        buffer_append_format(&many, "rule \"%d\" when TRUE then\ncopyField \"5**\" to \"599\" end\n", i);
    check_refused(buffer_string(&many), "500 \\\\ $aA\n", RECTO_ELIMIT, "10000 fields");
    buffer_clear(&many);
    for (int i = 0; i < 40; i++)
        buffer_append_format(&many, "rule \"%d\" when TRUE then\nreplaceContents \"500.a.a\" with \"aa\" end\n", i);
    check_refused(buffer_string(&many), "500 \\\\ $aa\n", RECTO_ELIMIT, "mebibyte");
    buffer_clear(&many);
    for (int i = 0; i < 3000; i++)
        buffer_append_format(&many, "rule \"%d\" when TRUE then removeField \"599.a.*a*a*b\" end\n", i);
    for (int i = 0; i < 13; i++)
        buffer_append_format(&many, "rule \"c%d\" priority 1 when TRUE then copyField \"5**\" to \"599\" end\n", i);
    check_refused(buffer_string(&many), "500 \\\\ $aA\n", RECTO_ELIMIT, "too many steps");
    buffer_clear(&many);
    for (int i = 0; i < 3000; i++)
        buffer_append_format(&many, "rule \"%d\" when exists \"599.a.*a*a*b\" then removeField \"598\" end\n", i);
    for (int i = 0; i < 13; i++)
        buffer_append_format(&many, "rule \"c%d\" priority 1 when TRUE then copyField \"5**\" to \"599\" end\n", i);
    check_refused(buffer_string(&many), "500 \\\\ $aA\n", RECTO_ELIMIT, "too many steps");
    buffer_release(&many);
    check_refused(DO("replaceContents \"500.a.^(a+)+$\" with \"x\""), "500 \\\\ $aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab\n",
                  RECTO_ELIMIT, "regular expression");
}

static void records__of_many_fields_and_unsound_ones_are_taken(void **state)
{
    rule_file *file =
        good_file(DO("suffix \"5**.*\" with \"!\" addSubField \"50*.b.x\" changeFirstIndicator \"500\" to \"1\" "
                     "removeField \"501.z\" moveSubfieldsToEndOfField \"500\" \"a\" copyField \"500.a\" to \"600.x\""));
    static const char *const contents[] = { "",
                                            "0",
                                            "00",
                                            "0\x1F",
                                            "\x1F",
                                            "\x1F\x1F",
                                            "00\x1F",
                                            "00\x1F"
                                            "a",
                                            "stray",
                                            "00stray\x1F"
                                            "ab" };
    marc_record *record = NULL;
    recto_error error = { 0 };
    (void)state;
    assert_int_equal(marc_record_new(&record, NULL), RECTO_OK);
    for (int i = 0; i < 300; i++)
        assert_int_equal(
            marc_record_append(record, i % 2 == 0 ? "500" : "501", text_from(contents[(size_t)i % COUNT(contents)]), NULL),
            RECTO_OK);
    assert_int_equal(rule_file_apply(NULL, file, record, NULL, NULL, &error), RECTO_OK);
    assert_true(marc_record_count(record) >= 300);
    marc_record_free(record);
    rule_file_free(file);
}

/* An asterisk or a backslash that is text: the preview says `contains`, as the rule does. */
static void contains__takes_escaped_signs_as_text(void **state)
{
    static const struct {
        const char *value, *lines;
        bool drops;
    } cases[] = {
        { "a\\\\\\\\*b", "500 \\\\ $aXA*BX\n", true },
        { "a\\\\\\\\*b", "500 \\\\ $aaxb\n", false },
        { "a\\*b", "500 \\\\ $aa*b\n", true },
        { "a\\*b*", "500 \\\\ $aa*b and more\n", true },
        { "a\\*b*", "500 \\\\ $anot a*b\n", false },
        { "a*b", "500 \\\\ $aaxxb\n", true },
        { "a\\\\\\\\\\\\\\\\*b", "500 \\\\ $aa\\*b\n", true },
        { "a\\\\\\\\.", "500 \\\\ $aa.\n", true },
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        char source[200];
        snprintf(source, sizeof source,
                 "rule \"r\" when merge then remove MARC.\"500\" when MARC.\"500\".\"a\" contains \"%s\" end", cases[i].value);
        rule_file *file = good_file(source);
        marc_record *primary = record_of(cases[i].lines), *secondary = record_of("245 00 $aT\n");
        merge_result *result = NULL;
        assert_int_equal(match_merge_run(&result, rule_file_merge_program(file), primary, secondary, NULL), RECTO_OK);
        const bool dropped = marc_record_find(merge_result_record(result), "500", 0) == SIZE_MAX;
        if (dropped != cases[i].drops)
            fail_msg("%s on %s", cases[i].value, cases[i].lines);
        for (size_t line = 0; dropped && line < merge_result_count(result); line++)
            if (strcmp(merge_result_line(result, line)->tag, "500") == 0)
                assert_non_null(strstr(merge_result_line(result, line)->rule, "contains \""));
        merge_result_free(result);
        marc_record_free(primary);
        marc_record_free(secondary);
        rule_file_free(file);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(functions__do_what_the_table_says),
        cmocka_unit_test(replaceContents__finds_as_specified),
        cmocka_unit_test(idioms__of_libraries_work),
        cmocka_unit_test(conditions__hold_as_specified),
        cmocka_unit_test(brief_level__the_first_rule_that_fits_wins),
        cmocka_unit_test(trace__tells_every_change),
        cmocka_unit_test(explain__says_which_test_failed),
        cmocka_unit_test(failures__leave_the_record_as_it_was),
        cmocka_unit_test(contains__takes_escaped_signs_as_text),
        cmocka_unit_test(records__of_many_fields_and_unsound_ones_are_taken),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
