/* src/rules/parse_action.c - the actions of normalization, indication and brief-level rules. @spec rules.md 3.3, 4
 *
 * One table says of each action what it is called and what its arguments look like; one function a shape reads an argument. */
#include "parse.h"

#include <stdio.h>
#include <string.h>

static const action_form forms[ACTION_COUNT] = {
    [ACTION_ADD_FIELD] = { "addField", TARGET_DATA, { { NULL, SHAPE_NEW_FIELD } } },
    [ACTION_ADD_SUBFIELD] = { "addSubField", TARGET_DATA, { { NULL, SHAPE_NEW_SUBFIELD } } },
    [ACTION_ADD_CONTROL] = { "addControlField", TARGET_CONTROL, { { NULL, SHAPE_NEW_CONTROL } } },
    [ACTION_REMOVE_FIELD] = { "removeField", TARGET_EITHER, { { NULL, SHAPE_FIELDS } } },
    [ACTION_REMOVE_SUBFIELD] = { "removeSubField", TARGET_DATA, { { NULL, SHAPE_SUBFIELDS } } },
    [ACTION_REMOVE_CONTROL] = { "removeControlField", TARGET_CONTROL, { { NULL, SHAPE_CONTROLS } } },
    [ACTION_CHANGE_FIELD] = { "changeField", TARGET_DATA, { { NULL, SHAPE_FIELDS }, { "to", SHAPE_TAG } } },
    [ACTION_CHANGE_CONTROL] = { "changeControlField", TARGET_CONTROL, { { NULL, SHAPE_CONTROLS }, { "to", SHAPE_TAG } } },
    [ACTION_CHANGE_SUBFIELD] = { "changeSubField", TARGET_DATA, { { NULL, SHAPE_SUBFIELDS }, { "to", SHAPE_CODE } } },
    [ACTION_CHANGE_SUBFIELD_BUT_FIRST] = { "changeSubFieldExceptFirst",
                                           TARGET_DATA,
                                           { { NULL, SHAPE_SUBFIELDS }, { "to", SHAPE_CODE } } },
    [ACTION_FIRST_INDICATOR] = { "changeFirstIndicator", TARGET_DATA, { { NULL, SHAPE_FIELDS }, { "to", SHAPE_INDICATOR } } },
    [ACTION_SECOND_INDICATOR] = { "changeSecondIndicator", TARGET_DATA, { { NULL, SHAPE_FIELDS }, { "to", SHAPE_INDICATOR } } },
    [ACTION_COPY_FIELD] = { "copyField", TARGET_EITHER, { { NULL, SHAPE_FIELDS }, { "to", SHAPE_TARGET } } },
    [ACTION_COPY_CONTROL] = { "copyControlField", TARGET_EITHER, { { NULL, SHAPE_SOURCE }, { "to", SHAPE_TAG } } },
    [ACTION_COMBINE] = { "combineFields", TARGET_DATA, { { NULL, SHAPE_FIELDS }, { "excluding", SHAPE_CODES_OR_NONE } } },
    [ACTION_DUPLICATE_FIELDS] = { "correctDuplicateFields", TARGET_DATA, { { NULL, SHAPE_TAGS } } },
    [ACTION_DUPLICATE_SUBFIELDS] = { "correctDuplicateSubfields",
                                     TARGET_DATA,
                                     { { NULL, SHAPE_FIELDS }, { NULL, SHAPE_CODES } } },
    [ACTION_MOVE_TO_END] = { "moveSubfieldsToEndOfField", TARGET_DATA, { { NULL, SHAPE_FIELDS }, { NULL, SHAPE_CODES } } },
    [ACTION_REPLACE] = { "replaceContents", TARGET_DATA, { { NULL, SHAPE_SEARCH }, { "with", SHAPE_TEXT } } },
    [ACTION_REPLACE_BUT_FIRST] = { "replaceContentsExceptFirst",
                                   TARGET_DATA,
                                   { { NULL, SHAPE_SEARCH }, { "with", SHAPE_TEXT } } },
    [ACTION_REPLACE_ONLY_FIRST] = { "replaceContentsOnlyFirst", TARGET_DATA, { { NULL, SHAPE_SEARCH }, { "with", SHAPE_TEXT } } },
    [ACTION_REPLACE_CONTROL] = { "replaceControlContents", TARGET_CONTROL, { { NULL, SHAPE_SLICE }, { "with", SHAPE_TEXT } } },
    [ACTION_PREFIX] = { "prefix", TARGET_DATA, { { NULL, SHAPE_SUBFIELDS }, { "with", SHAPE_TEXT } } },
    [ACTION_SUFFIX] = { "suffix", TARGET_DATA, { { NULL, SHAPE_SUBFIELDS }, { "with", SHAPE_TEXT } } },
    [ACTION_PREFIX_SUBFIELD] = { "prefixSubField", TARGET_DATA, { { NULL, SHAPE_SUBFIELDS }, { "with", SHAPE_SOURCE } } },
    [ACTION_SUFFIX_SUBFIELD] = { "suffixSubField", TARGET_DATA, { { NULL, SHAPE_SUBFIELDS }, { "with", SHAPE_SOURCE } } },
    [ACTION_SPLIT] = { "splitSubField", TARGET_DATA, { { NULL, SHAPE_SEPARATOR }, { "to", SHAPE_TARGET_CODE } } },
    [ACTION_SYSTEM_NUMBER] = { "addSystemNumber",
                               TARGET_EITHER,
                               { { NULL, SHAPE_TARGET_CODE }, { "from", SHAPE_SOURCE }, { "prefixed by", SHAPE_SOURCE } } },
    [ACTION_INDICATION] = { "set indication", TARGET_FLAG, { { ".", SHAPE_TRUE } } },
    [ACTION_BRIEF_LEVEL] = { "set brief_level", TARGET_FLAG, { { ".", SHAPE_LEVEL } } },
};

const action_form *action_form_of(action_kind kind)
{
    return &forms[kind];
}

bool action_named(action_kind *out, text name, rule_language language)
{
    if (language != RULES_NORMALIZATION)
        return false;
    for (int i = 0; i < ACTION_INDICATION; i++)
        if (text_equal_ascii_case(name, text_from(forms[i].name))) {
            *out = (action_kind)i;
            return true;
        }
    return false;
}

/* ---- arguments --------------------------------------------------------------------------------------------------- */

/* What a shape asks of a field path, and what it is called when it is missing. */
static const struct {
    const char *what;
    path_use use;
    bool path, control, code, value, exact;
    const char *missing; /* the code of a fault when subfield code or value is missing */
} shapes[SHAPE_COUNT] = {
    [SHAPE_FIELDS] = { "field path, such as \"650.{*,0}\"", PATH_SELECT, true, false, false, false, false, "E26" },
    [SHAPE_SUBFIELDS] = { "subfield path, such as \"245.a\"", PATH_SELECT, true, false, true, false, false, "E26" },
    [SHAPE_SEARCH] = { "subfield path, such as \"245.a\"", PATH_SEARCH, true, false, true, false, false, "E26" },
    [SHAPE_SEPARATOR] = { "subfield path and separator, such as \"490.a.;\"", PATH_SEARCH, true, false, true, true, false,
                          "E26" },
    [SHAPE_CONTROLS] = { "control field tag", PATH_SELECT, true, true, false, false, false, "E26" },
    [SHAPE_SLICE] = { "control field path, such as \"008.{35,3}\"", PATH_SELECT, true, true, false, false, false, "E26" },
    [SHAPE_SOURCE] = { "path, such as \"001\" or \"852.i\"", PATH_SELECT, true, false, false, false, false, "E26" },
    [SHAPE_NEW_FIELD] = { "new field, such as \"590.a.Gift\"", PATH_CREATE, true, false, true, true, true, "E27" },
    [SHAPE_NEW_SUBFIELD] = { "new subfield, such as \"856.z.Campus only\"", PATH_CREATE, true, false, true, true, false, "E27" },
    [SHAPE_NEW_CONTROL] = { "new control field, such as \"007.cr\"", PATH_CREATE, true, true, false, true, true, "E27" },
    [SHAPE_TARGET] = { "tag, such as \"830\" or \"035.9\"", PATH_CREATE, true, false, false, false, true, "E26" },
    [SHAPE_TARGET_CODE] = { "subfield path, such as \"035.a\"", PATH_CREATE, true, false, true, false, true, "E26" },
    [SHAPE_TAG] = { "tag", PATH_CREATE, false, false, false, false, false, NULL },
    [SHAPE_TAGS] = { "list of tags, such as \"500,650\"", PATH_SELECT, false, false, false, false, false, NULL },
    [SHAPE_CODES] = { "list of subfield codes, such as \"a,b\"", PATH_SELECT, false, false, false, false, false, NULL },
    [SHAPE_CODES_OR_NONE] = { "list of subfield codes, or \"\"", PATH_SELECT, false, false, false, false, false, NULL },
    [SHAPE_CODE] = { "subfield code", PATH_SELECT, false, false, false, false, false, NULL },
    [SHAPE_INDICATOR] = { "indicator", PATH_SELECT, false, false, false, false, false, NULL },
    [SHAPE_TEXT] = { "text", PATH_SELECT, false, false, false, false, false, NULL },
    [SHAPE_TRUE] = { "true", PATH_SELECT, false, false, false, false, false, NULL },
    [SHAPE_LEVEL] = { "brief level", PATH_SELECT, false, false, false, false, false, NULL },
};

/* A new subfield cannot have the code *, nor may a target carry a value. */
static bool check_created(const rule_path *path, argument_shape shape, text_fault *fault)
{
    bool target = shape == SHAPE_TARGET || shape == SHAPE_TARGET_CODE;
    if (shapes[shape].use != PATH_CREATE)
        return true;
    if (path->code == '*' || (target && path->has_value))
        return text_fault_set(fault, "E26", "subfield code is not one character, expected a code such as a");
    return true;
}

static bool check_path(const rule_path *path, argument_shape shape, text_fault *fault)
{
    const char *missing = shapes[shape].missing;
    bool created = shapes[shape].use == PATH_CREATE;
    if (shapes[shape].exact && path->tag.wild)
        return text_fault_set(fault, "E20", "tag %s has an asterisk, expected one tag", path->tag.text);
    if (shapes[shape].code && path->code == '\0')
        return text_fault_set(fault, missing, "subfield code is missing, expected a %s", shapes[shape].what);
    if (shapes[shape].code && path->any_value && shape != SHAPE_SEARCH)
        return text_fault_set(fault, missing, "subfield code is not one character, expected a %s", shapes[shape].what);
    if (shapes[shape].value && (!path->has_value || path->words.length == 0))
        return text_fault_set(fault, created ? missing : "E11", "value is missing, expected a %s", shapes[shape].what);
    return check_created(path, shape, fault);
}

static bool read_path(parser *p, action_argument *out, argument_shape shape, text_fault *fault)
{
    path_context context = parse_path_context(p);
    return path_parse(&out->path, &context, out->source, shapes[shape].use, shapes[shape].control, fault) &&
           check_path(&out->path, shape, fault);
}

static bool read_tags(parser *p, action_argument *out, bool list, text_fault *fault)
{
    size_t count = 1;
    for (size_t i = 0; list && i < out->source.raw.length; i++)
        count += out->source.raw.bytes[i] == ',';
    tag_pattern *tags = arena_calloc(p->file->memory, count, sizeof *tags);
    text rest = out->source.raw;
    fault->code = NULL;
    if (tags == NULL)
        return false;
    for (size_t i = 0; i < count; i++)
        if (!tag_pattern_parse(&tags[i], text_trim(list ? text_next_field(&rest, ',') : rest), fault))
            return false;
    if (!list && tags->wild)
        return text_fault_set(fault, "E20", "tag %s has an asterisk, expected one tag", tags->text);
    out->tags = tags;
    out->tag_count = count;
    return true;
}

/* Codes with commas between; a code that is a comma cannot be written. */
static bool read_codes(parser *p, action_argument *out, bool may_be_empty, text_fault *fault)
{
    text rest = out->source.raw;
    char *codes = arena_alloc(p->file->memory, rest.length + 1);
    fault->code = NULL;
    if (codes == NULL)
        return false;
    out->words = text_of(codes, 0);
    if (may_be_empty && text_trim(rest).length == 0)
        return true;
    while (rest.bytes != NULL) {
        text code = text_trim(text_next_field(&rest, ','));
        if (!code_parse(&codes[out->words.length++], code, fault))
            return false;
    }
    return true;
}

static bool read_level(action_argument *out, text_fault *fault)
{
    int64_t level = 0;
    text raw = out->source.raw;
    if (raw.length != 2 || !text_to_integer(raw, &level) || level < 1 || level > 10)
        return text_fault_set(fault, "E25", "brief level is not one of 01 to 10");
    out->number = (int)level;
    return true;
}

/* "false" is understood and selects nothing. [U] */
static bool read_true(action_argument *out, text_fault *fault)
{
    out->number = text_equal(out->source.raw, TEXT("true")) || text_equal(out->source.raw, TEXT("TRUE"));
    if (out->number == 0 && !text_equal(out->source.raw, TEXT("false")) && !text_equal(out->source.raw, TEXT("FALSE")))
        return text_fault_set(fault, "E15", "expected \"true\" as the indication");
    return true;
}

static bool read_indicator(action_argument *out, text_fault *fault)
{
    if (!indicator_parse(&out->character, out->source.raw, fault))
        return false;
    if (out->character == '\0')
        return text_fault_set(fault, "E24", "indicator * cannot be set, expected one character or - for blank");
    return true;
}

static bool read_words(parser *p, action_argument *out, text_fault *fault)
{
    fault->code = NULL;
    return text_created(&out->words, p->file->memory, out->source.raw, fault);
}

static bool read_shape(parser *p, action_argument *out, argument_shape shape, text_fault *fault)
{
    switch (shape) {
    case SHAPE_TAG:
    case SHAPE_TAGS:
        return read_tags(p, out, shape == SHAPE_TAGS, fault);
    case SHAPE_CODES:
    case SHAPE_CODES_OR_NONE:
        return read_codes(p, out, shape == SHAPE_CODES_OR_NONE, fault);
    case SHAPE_CODE:
        return code_parse(&out->character, out->source.raw, fault);
    case SHAPE_INDICATOR:
        return read_indicator(out, fault);
    case SHAPE_TEXT:
        return read_words(p, out, fault);
    case SHAPE_TRUE:
        return read_true(out, fault);
    case SHAPE_LEVEL:
        return read_level(out, fault);
    default:
        return read_path(p, out, shape, fault);
    }
}

static bool take_words(parser *p, const char *words)
{
    text rest = text_from(words);
    while (rest.bytes != NULL) {
        text word = text_next_field(&rest, ' ');
        char terminated[20];
        (void)snprintf(terminated, sizeof terminated, "%.*s", (int)word.length, word.bytes);
        if (!parse_take_word(p, terminated, "E14"))
            return false;
    }
    return true;
}

static bool parse_arguments(parser *p, rule_action *action)
{
    const action_form *form = &forms[action->kind];
    text_fault fault = { 0 };
    while (action->argument_count < ACTION_ARGUMENTS && form->arguments[action->argument_count].shape != SHAPE_NONE)
        action->argument_count++;
    action->arguments = arena_calloc(p->file->memory, action->argument_count, sizeof *action->arguments);
    if (action->arguments == NULL)
        return parse_no_memory(p);
    for (size_t i = 0; i < action->argument_count; i++) {
        const char *word = form->arguments[i].word;
        argument_shape shape = form->arguments[i].shape;
        action_argument *argument = &action->arguments[i];
        if (word != NULL && !(word[0] == '.' ? parse_take_sign(p, ".") : take_words(p, word)))
            return false;
        if (!parse_take_string(p, &argument->source, shapes[shape].what))
            return false;
        if (!read_shape(p, argument, shape, &fault))
            return parse_text_fault(p, &argument->source, &fault);
    }
    return true;
}

/* ---- the action -------------------------------------------------------------------------------------------------- */

static bool unknown_action(parser *p)
{
    static const char *const flags[] = { "set indication", "set brief_level" };
    const char *names[ACTION_COUNT];
    if (p->file->language != RULES_NORMALIZATION)
        return parse_unknown(p, "E17",
                             p->file->language == RULES_INDICATION ? "the action set indication" : "the action set brief_level",
                             flags, 2);
    for (int i = 0; i < ACTION_INDICATION; i++)
        names[i] = forms[i].name;
    return parse_unknown(p, "E17", "an action", names, ACTION_INDICATION);
}

/* `set indication` or `set brief_level`, whichever the language has. */
static bool parse_flag(parser *p, rule_action *action)
{
    bool indication = p->file->language == RULES_INDICATION;
    const char *wanted = indication ? "indication" : "brief_level";
    if (p->file->language == RULES_NORMALIZATION || !parse_at_any_case(p, "set"))
        return unknown_action(p);
    parse_next(p);
    action->kind = indication ? ACTION_INDICATION : ACTION_BRIEF_LEVEL;
    if (parse_at_any_case(p, wanted)) {
        parse_next(p);
        return true;
    }
    return parse_unknown(p, "E17", wanted, &wanted, 1);
}

bool parse_action(parser *p, rule_action **out)
{
    rule_action *made = arena_calloc(p->file->memory, 1, sizeof *made);
    if (made == NULL)
        return parse_no_memory(p);
    *out = made;
    made->line = p->token.line;
    made->column = p->token.column;
    if (p->token.kind == TOKEN_WORD && action_named(&made->kind, p->token.text, p->file->language))
        parse_next(p);
    else if (!parse_flag(p, made))
        return false;
    if (!parse_arguments(p, made))
        return false;
    if (parse_at_word(p, "if")) {
        parse_next(p);
        if (!parse_bracketed_condition(p, &made->only_if))
            return false;
    }
    return check_action(p, made);
}
