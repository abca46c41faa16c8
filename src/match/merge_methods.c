/* src/match/merge_methods.c - the four predefined merge methods of seed 002 and Copy & Overlay, as programs.
 *
 * The same results as their text in the merge rule language (match-merge.md 5.2), in fewer actions: one wildcard for all
 * digits instead of one for each hundred. The lines that keep change nothing; they name the row of the table. */
#include "recto/match/merge.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))
#define TAGS(...)                                                                                                                \
    .tags = (const char[][MARC_TAG_LENGTH + 1]){ __VA_ARGS__ }, .tag_count = COUNT(((const char *[]){ __VA_ARGS__ }))
#define SELECT(...)                                                                                                              \
    {                                                                                                                            \
        TAGS(__VA_ARGS__)                                                                                                        \
    }
#define CLAUSES(array) .clauses = (array), .clause_count = COUNT(array)
#define LOCAL_035                                                                                                                \
    {                                                                                                                            \
        TAGS("035"), .indicator = { '9', ' ' }                                                                                   \
    }
#define EXCLUDING(...)                                                                                                           \
    {                                                                                                                            \
        .kind = MERGE_EXCLUDING_FIELDS, .selector = SELECT(__VA_ARGS__)                                                          \
    }
#define WHEN_OCLC(is_not)                                                                                                        \
    {                                                                                                                            \
        .kind = MERGE_WHEN, .negated = (is_not), .selector = SELECT("035"), .code = 'a', .comparison = MERGE_CONTAINS,           \
        .value = {                                                                                                               \
            "OCoLC",                                                                                                             \
            5                                                                                                                    \
        }                                                                                                                        \
    }

static const merge_clause but_001_035_245[] = { EXCLUDING("001", "035", "245") };
static const merge_clause but_001_035_9xx[] = { EXCLUDING("001", "035", "9XX") };
static const merge_clause but_subjects[] = { EXCLUDING("001", "035", "6XX", "7XX", "9XX") };
static const merge_clause but_65x[] = { EXCLUDING("65X") };
static const merge_clause but_local_035[] = { { .kind = MERGE_EXCLUDING_FIELDS, .selector = LOCAL_035 } };
static const merge_clause neither_oclc_nor_local[] = { WHEN_OCLC(true),
                                                       { .kind = MERGE_EXCLUDING_FIELDS, .selector = LOCAL_035 } };
static const merge_clause with_oclc[] = { WHEN_OCLC(false) };
static const merge_clause but_system[] = { EXCLUDING("001", "003", "005") };

static const char others[] = "replace all other fields";
static const char old_001[] = "keep 001";
static const char new_leader[] = "replace the leader";
static const char local_035[] = "keep 035 9#, add the external 035";
static const char both_245[] = "keep 245, add the external 245";
static const char local_9xx[] = "keep 9XX, take no external 9XX";
static const char both_65x[] = "keep 65X, add the external 65X";
static const char both_7xx[] = "keep 7XX, add the external 7XX";

static const merge_action replace_245_035[] = {
    { MERGE_REPLACE, SELECT("LDR"), .words = new_leader },
    { MERGE_REMOVE, SELECT("035"), CLAUSES(neither_oclc_nor_local), .words = "replace other 035" },
    { MERGE_ADD, SELECT("035"), .words = "add the external 035" },
    { MERGE_ADD, SELECT("245"), .words = both_245 },
    { MERGE_REMOVE, SELECT("XXX"), CLAUSES(but_001_035_245), .words = others },
    { MERGE_ADD, SELECT("XXX"), CLAUSES(but_001_035_245), .words = others },
    { MERGE_KEEP, SELECT("001"), .words = old_001 },
    { MERGE_KEEP, SELECT("245"), .words = both_245 },
    { MERGE_KEEP, LOCAL_035, .words = local_035 },
    { MERGE_KEEP, SELECT("035"), CLAUSES(with_oclc), .words = "keep 035 with OCoLC, add the external 035" },
};

static const merge_action overlay_but_local[] = {
    { MERGE_REPLACE, SELECT("LDR"), .words = new_leader },
    { MERGE_REMOVE, SELECT("035"), CLAUSES(but_local_035), .words = "replace 035" },
    { MERGE_ADD, SELECT("035"), .words = "replace 035" },
    { MERGE_REMOVE, SELECT("XXX"), CLAUSES(but_001_035_9xx), .words = others },
    { MERGE_ADD, SELECT("XXX"), CLAUSES(but_001_035_9xx), .words = others },
    { MERGE_KEEP, SELECT("001"), .words = old_001 },
    { MERGE_KEEP, LOCAL_035, .words = local_035 },
    { MERGE_KEEP, SELECT("9XX"), .words = local_9xx },
};

static const merge_action keep_old[] = {
    { MERGE_KEEP, SELECT("LDR"), .words = "keep the leader" },
    { MERGE_KEEP, SELECT("***"), .words = "keep all fields of the existing record" },
};

static const merge_action conditional_subjects[] = {
    { MERGE_REPLACE, SELECT("LDR"), .words = new_leader },
    { MERGE_REMOVE, SELECT("XXX"), CLAUSES(but_subjects), .words = others },
    { MERGE_ADD, SELECT("XXX"), CLAUSES(but_subjects), .words = others },
    { MERGE_REMOVE, SELECT("6XX"), CLAUSES(but_65x), .words = "replace 6XX other than 65X" },
    { MERGE_ADD, SELECT("6XX"), CLAUSES(but_65x), .words = "replace 6XX other than 65X" },
    { MERGE_ADD, SELECT("65X"), .words = both_65x },
    { MERGE_ADD, SELECT("7XX"), .words = both_7xx },
    { MERGE_KEEP, SELECT("001"), .words = old_001 },
    { MERGE_KEEP, SELECT("035"), .words = "keep 035, take no external 035" },
    { MERGE_KEEP, SELECT("65X"), .words = both_65x },
    { MERGE_KEEP, SELECT("7XX"), .words = both_7xx },
    { MERGE_KEEP, SELECT("9XX"), .words = local_9xx },
};

static const merge_action overlay_copy[] = {
    /* Copy & Overlay. @spec decisions.md 1 */
    { MERGE_REPLACE, SELECT("LDR"), .words = "overlay: replace the leader" },
    { MERGE_REMOVE, SELECT("***"), CLAUSES(but_system), .words = "overlay: replace everything" },
    { MERGE_ADD, SELECT("***"), CLAUSES(but_system), .words = "overlay: replace everything" },
    { MERGE_KEEP, SELECT("001"), .words = old_001 },
    { MERGE_KEEP, SELECT("003"), .words = "keep 003" },
    { MERGE_KEEP, SELECT("005"), .words = "keep 005" },
};

#define RULE(array, title)                                                                                                       \
    {                                                                                                                            \
        .name = (title), .actions = (array), .action_count = COUNT(array)                                                        \
    }
static const merge_rule rules[] = {
    [MERGE_REPLACE_245_035] = RULE(replace_245_035, "Replace 245 and 035 OCLC if exist"),
    [MERGE_OVERLAY_BUT_LOCAL] = RULE(overlay_but_local, "Overlay all fields but local"),
    [MERGE_KEEP_OLD] = RULE(keep_old, "Keep only old value"),
    [MERGE_CONDITIONAL_SUBJECTS] = RULE(conditional_subjects, "Conditional subject headings"),
};
static const merge_rule overlay_rule = RULE(overlay_copy, "Copy & Overlay");

static const merge_program programs[] = {
    [MERGE_REPLACE_245_035] = { "Replace 245 and 035 OCLC if exist", &rules[MERGE_REPLACE_245_035], 1 },
    [MERGE_OVERLAY_BUT_LOCAL] = { "Overlay all fields but local", &rules[MERGE_OVERLAY_BUT_LOCAL], 1 },
    [MERGE_KEEP_OLD] = { "Keep only old value", &rules[MERGE_KEEP_OLD], 1 },
    [MERGE_CONDITIONAL_SUBJECTS] = { "Conditional subject headings", &rules[MERGE_CONDITIONAL_SUBJECTS], 1 },
};
static const merge_program overlay_program = { "Copy & Overlay", &overlay_rule, 1 };

static const merge_method_info methods[] = {
    /* labels as seed 002 has them */
    { MERGE_REPLACE_245_035, "replace-245-035", "Replace 245 and 035 OCLC if exist" },
    { MERGE_OVERLAY_BUT_LOCAL, "overlay-but-local", "Overlay all fields but local" },
    { MERGE_KEEP_OLD, "keep-old", "Keep only old value" },
    { MERGE_CONDITIONAL_SUBJECTS, "conditional-subjects", "Conditional subject headings" },
};

const merge_method_info *merge_methods(size_t *count)
{
    *count = COUNT(methods);
    return methods;
}

merge_method merge_method_named(const char *name)
{
    text wanted = text_trim(text_from(name));

    for (size_t i = 0; i < COUNT(methods); i++)
        if (text_equal_ascii_case(wanted, text_from(methods[i].name)) ||
            text_equal_ascii_case(wanted, text_from(methods[i].label)))
            return methods[i].method;
    return MERGE_NONE;
}

const char *merge_method_label(merge_method method)
{
    for (size_t i = 0; i < COUNT(methods); i++)
        if (methods[i].method == method)
            return methods[i].label;
    return "no merge method";
}

const merge_program *merge_method_program(merge_method method)
{
    return method > MERGE_NONE && (size_t)method < COUNT(programs) ? &programs[method] : NULL;
}

recto_status match_merge(merge_result **out, merge_method method, const marc_record *existing, const marc_record *incoming,
                         recto_error *error)
{
    const merge_program *program = merge_method_program(method);

    if (program == NULL)
        return recto_fail(error, RECTO_EINVALID, NULL, "choose one of the methods that recto merge --help lists",
                          "no merge method is chosen");
    return match_merge_run(out, program, existing, incoming, error);
}

recto_status match_overlay(merge_result **out, const marc_record *open, const marc_record *chosen, recto_error *error)
{
    return match_merge_run(out, &overlay_program, open, chosen, error);
}
