/* src/tui/pane_editor_alerts.c - what the validation says of the open record: kept, stepped through, shown below the grid.
 *
 * A small record is checked after every change; a large one when the keys rest, so that typing never waits for it. */
#include "editor.h"

#include "recto/catalog/headings.h"
#include "recto/catalog/rules.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { REST_MS = 400, TALL_PANE = 30, TALL_ALERTS = 3 };

void editor_findings_release(editor_findings *findings)
{
    free(findings->list);
    *findings = (editor_findings){ .current = SIZE_MAX };
}

static size_t row_of(const marc_finding *finding)
{
    if (finding->field != SIZE_MAX)
        return finding->field + 1;
    return strncmp(finding->where, "LDR", 3) == 0 ? 0 : SIZE_MAX;
}

static void keep_finding(void *context, const marc_finding *finding)
{
    editor_findings *findings = context;
    if (findings->held_row != 0 && row_of(finding) == findings->held_row)
        return;
    findings->counts[finding->severity]++;
    if (findings->count == EDITOR_FINDINGS_MAX)
        return;
    if (findings->count == findings->capacity) {
        size_t capacity = findings->capacity == 0 ? 16 : findings->capacity * 2;
        editor_finding *larger = realloc(findings->list, capacity * sizeof *larger);
        if (larger == NULL)
            return;
        findings->list = larger;
        findings->capacity = capacity;
    }
    editor_finding *kept = &findings->list[findings->count++];
    *kept = (editor_finding){
        .severity = finding->severity, .row = row_of(finding), .subfield = finding->subfield, .offset = finding->offset
    };
    memcpy(kept->where, finding->where, sizeof kept->where);
    memcpy(kept->message, finding->message, sizeof kept->message);
    kept->fixable = finding->fixable;
    kept->fix_offset = finding->fix_offset;
    kept->fix_length = finding->fix_length;
    memcpy(kept->suggestion, finding->suggestion, sizeof kept->suggestion);
}

/* A profile that cannot be read is said once; the built-in severities hold then. */
static const marc_validation_profile *profile_of(editor *pane)
{
    recto_error error = { 0 };
    editor_findings *findings = &pane->findings;
    if (!findings->profile_asked &&
        catalog_validation_profile(&findings->profile, station_catalog(pane->station), edit_state_of(pane->session)->zone,
                                   catalog_is_authority(edit_state_of(pane->session)->id), &error) != RECTO_OK)
        station_error(pane->station, &error);
    if (!findings->profile_asked &&
        catalog_checks(&findings->checks, station_catalog(pane->station), edit_state_of(pane->session)->zone, &error) != RECTO_OK)
        station_error(pane->station, &error);
    findings->profile_asked = true;
    return findings->profile;
}

/* ED-106b: listed after the save, until the record is changed again. */
static void keep_what_rules_did(editor_findings *findings)
{
    text rest = text_from(findings->by_rules);
    if (findings->by_rules_revision != findings->revision)
        return;
    while (rest.bytes != NULL && rest.length > 0) {
        const text line = text_next_field(&rest, '\n');
        marc_finding finding = { .severity = MARC_SEVERITY_INFO, .code = "on-save", .field = SIZE_MAX };
        if (line.length <= MARC_TAG_LENGTH + 1)
            continue;
        snprintf(finding.where, sizeof finding.where, "%.*s", MARC_TAG_LENGTH, line.bytes);
        snprintf(finding.message, sizeof finding.message, "on save: %.*s", (int)line.length - MARC_TAG_LENGTH - 1,
                 line.bytes + MARC_TAG_LENGTH + 1);
        keep_finding(findings, &finding);
    }
}

void editor_saved_by_rules(editor *pane, const char *lines)
{
    editor_findings *findings = &pane->findings;
    snprintf(findings->by_rules, sizeof findings->by_rules, "%s", lines);
    findings->by_rules_revision = marc_edit_revision(edit_of(pane->session));
    findings->profile_asked = false; /* both may have been changed since */
    editor_check(pane);
}

void editor_hold_alerts(editor *pane)
{
    pane->findings.held_row = pane->row;
    editor_check_live(pane);
}

bool editor_alerts_are_due(editor *pane)
{
    if (pane->findings.held_row == 0 || pane->findings.held_row == pane->row)
        return false;
    pane->findings.held_row = 0;
    return true;
}

void editor_check(editor *pane)
{
    pane->findings.held_row = 0;
    editor_check_live(pane);
}

void editor_check_live(editor *pane)
{
    editor_findings *findings = &pane->findings;
    const marc_tables *tables = catalog_tables(station_catalog(pane->station));
    recto_error error = { 0 };
    findings->count = 0;
    memset(findings->counts, 0, sizeof findings->counts);
    findings->revision = marc_edit_revision(edit_of(pane->session));
    findings->checked = true;
    findings->rows = editor_rows(pane);
    if (tables == NULL || edit_state_of(pane->session)->is_template) /* prompts are no values yet */
        return;
    const marc_validate_options options = { .profile = profile_of(pane), .least = MARC_SEVERITY_INFO };
    if (marc_validate_with(editor_record(pane), tables, &options, keep_finding, findings, &error) != RECTO_OK)
        station_error(pane->station, &error);
    if (findings->checks != NULL &&
        local_checks_run(findings->checks, editor_record(pane), MARC_SEVERITY_INFO, keep_finding, findings, &error) != RECTO_OK)
        station_error(pane->station, &error);
    keep_what_rules_did(findings);
    if (findings->current >= findings->count)
        findings->current = SIZE_MAX;
}

bool editor_check_is_due(const editor *pane)
{
    if (pane->findings.checked && pane->findings.revision == marc_edit_revision(edit_of(pane->session)))
        return false;
    return editor_rows(pane) <= EDITOR_SMALL_RECORD || station_now_ms(pane->station) - pane->key_at_ms >= REST_MS;
}

int editor_check_wait_ms(const editor *pane)
{
    int64_t left = pane->key_at_ms + REST_MS - station_now_ms(pane->station);
    return left < 0 ? 0 : (int)left;
}

int editor_row_severity(const editor *pane, size_t row)
{
    int worst = -1;
    for (size_t i = 0; i < pane->findings.count; i++)
        if (pane->findings.list[i].row == row && (int)pane->findings.list[i].severity > worst)
            worst = (int)pane->findings.list[i].severity;
    return worst;
}

void editor_alert_step(editor *pane, int by)
{
    editor_findings *findings = &pane->findings;
    editor_check(pane);
    if (findings->count == 0) {
        station_say(pane->station, "no alerts: nothing wrong was found");
        return;
    }
    if (findings->current == SIZE_MAX)
        findings->current = by > 0 ? 0 : findings->count - 1;
    else
        findings->current = (findings->current + findings->count + (size_t)by) % findings->count;
    const editor_finding *found = &findings->list[findings->current];
    if (found->row != SIZE_MAX)
        editor_go_to(pane, found->row, found->subfield, found->offset);
    char mended[200] = "";
    bool fixable = editor_fix_sentence(pane, found, mended, sizeof mended);
    station_say(pane->station, "alert %zu of %zu%s%s%s: %s %s", findings->current + 1, findings->count,
                fixable ? " (mending " : "", fixable ? mended : "", fixable ? ")" : "", found->where, found->message);
}

/* ---- shown ---- */

int editor_alert_rows(int pane_rows)
{
    if (pane_rows < TALL_PANE)
        return pane_rows >= 12 ? 1 : 0;
    return TALL_ALERTS; /* always as many: nothing moves by itself */
}

void editor_draw_severity(const surface *on, int row, int column, marc_severity severity)
{
    static const struct {
        const char *sign;
        role look;
    } severities[] = {
        [MARC_SEVERITY_INFO] = { "I", ROLE_ALERT_INFO },
        [MARC_SEVERITY_WARNING] = { "W", ROLE_ALERT_WARNING },
        [MARC_SEVERITY_BLOCK] = { "E", ROLE_ALERT_BLOCK },
    };
    surface_put(on, row, column, severities[severity].look, severities[severity].sign);
}

void editor_draw_finding(const surface *on, int row, const editor_finding *finding)
{
    editor_draw_severity(on, row, 1, finding->severity);
    int x = 3 + surface_data(on, row, 3, 12, ROLE_FIELD_TAG, text_from(finding->where), true);
    x = x < 12 ? 12 : x + 1;
    surface_data(on, row, x, on->columns - x, ROLE_TEXT, text_from(finding->message), true);
}

/* The one to show in a single line: of the field under the cursor, else the one stepped to, else the worst. */
static const editor_finding *most_telling(const editor *pane)
{
    const editor_findings *findings = &pane->findings;
    const editor_finding *worst = NULL;
    for (size_t i = 0; i < findings->count; i++)
        if (findings->list[i].row == pane->row)
            return &findings->list[i];
    if (findings->current < findings->count)
        return &findings->list[findings->current];
    for (size_t i = 0; i < findings->count; i++)
        if (worst == NULL || findings->list[i].severity > worst->severity)
            worst = &findings->list[i];
    return worst;
}

void editor_alert_counts(const editor *pane, char *out, size_t capacity)
{
    const editor_findings *findings = &pane->findings;
    snprintf(out, capacity, "E%zu W%zu I%zu%s", findings->counts[MARC_SEVERITY_BLOCK], findings->counts[MARC_SEVERITY_WARNING],
             findings->counts[MARC_SEVERITY_INFO],
             findings->checked && findings->revision == marc_edit_revision(edit_of(pane->session)) ? "" : " ...");
}

/* The counts stand in the rule above the fields. */
static void draw_one_line(const editor *pane, const surface *on)
{
    static const char *const signs[] = { [MARC_SEVERITY_INFO] = "I", [MARC_SEVERITY_WARNING] = "W", [MARC_SEVERITY_BLOCK] = "E" };
    static const role looks[] = { [MARC_SEVERITY_INFO] = ROLE_ALERT_INFO,
                                  [MARC_SEVERITY_WARNING] = ROLE_ALERT_WARNING,
                                  [MARC_SEVERITY_BLOCK] = ROLE_ALERT_BLOCK };
    const editor_finding *finding = most_telling(pane);
    int x = 1;
    if (finding == NULL)
        return;
    x += surface_put(on, 0, x, looks[finding->severity], signs[finding->severity]) + 1;
    x += surface_data(on, 0, x, on->columns - x, ROLE_FIELD_TAG, text_from(finding->where), true) + 1;
    surface_data(on, 0, x, on->columns - x, ROLE_TEXT, text_from(finding->message), true);
}

/* Those of the field under the cursor are seen, else the one stepped to. */
static size_t first_shown(const editor *pane, size_t rows)
{
    const editor_findings *findings = &pane->findings;
    size_t wanted = findings->current < findings->count ? findings->current : 0;
    if (wanted >= findings->count || findings->list[wanted].row != pane->row)
        for (size_t i = 0; i < findings->count; i++)
            if (findings->list[i].row == pane->row) {
                wanted = i;
                break;
            }
    return findings->count <= rows || wanted < rows ? 0 : wanted + rows <= findings->count ? wanted : findings->count - rows;
}

void editor_draw_alerts(editor *pane, const surface *on)
{
    const editor_findings *findings = &pane->findings;
    char counts[80];
    if (on->rows == 1) {
        draw_one_line(pane, on);
        return;
    }
    editor_alert_counts(pane, counts, sizeof counts);
    char title[100];
    snprintf(title, sizeof title, "Alerts %s", counts);
    surface_rule(on, 0, false, title, "");
    const size_t shown = (size_t)on->rows - 1, first = first_shown(pane, shown);
    for (size_t i = 0; i < shown && first + i < findings->count; i++) {
        if (first + i == findings->current)
            surface_put(on, (int)i + 1, 0, ROLE_CURSOR_LINE, ">");
        editor_draw_finding(on, (int)i + 1, &findings->list[first + i]);
    }
}
