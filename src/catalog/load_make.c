/* src/catalog/load_make.c - a block of records is read, by one thread at a time, and made ready, by several.
 *
 * What needs the repository before a record can be made ready is left to the caller's thread. */
#include "load_inside.h"

#include <stdio.h>
#include <string.h>

/* ---- reading: one at a time ------------------------------------------------------------------------------------------- */

static recto_status keep_raw(block *block, load_item *item, text raw, recto_error *error)
{
    item->raw_start = block->raw.length;
    item->raw_length = raw.length;
    buffer_append_text(&block->raw, raw);
    return buffer_failed(&block->raw) ? recto_fail_memory(error, "loading") : RECTO_OK;
}

bool is_authority(const load_item *item)
{
    return marc_record_leader(item->record)[6] == 'z';
}

/* @return RECTO_OK, RECTO_END, or what ends the load */
static recto_status read_item(load *load, block *block, recto_error *error)
{
    marc_reader *reader = load->request->reader;
    load_item *item = &block->items[block->count];
    recto_status status = item->record != NULL ? RECTO_OK : marc_record_new(&item->record, error);
    if (status == RECTO_OK && item->slot == NULL)
        status = bulk_slot_new(&item->slot, error);
    if (status == RECTO_OK)
        status = marc_reader_next(reader, item->record, error);
    const bool bad = status == RECTO_EDATA || status == RECTO_ELIMIT;
    if (status != RECTO_OK && !bad)
        return status;
    item->kind = bad ? ITEM_REJECTED : ITEM_LATER;
    item->number = marc_reader_number(reader);
    item->offset = marc_reader_offset(reader);
    if (bad)
        snprintf(item->reason, sizeof item->reason, "%s", error->what);
    else
        item->id = bulk_id(load->bulk, block->end_number++);
    status = bad || load->ruled || is_authority(item) ? keep_raw(block, item, marc_reader_raw(reader), error) : RECTO_OK;
    if (bad)
        recto_error_clear(error);
    block->count++;
    return status;
}

void read_block(load *load, block *block)
{
    const uint64_t start = marc_reader_position(load->request->reader);
    block->count = 0;
    block->status = RECTO_OK;
    buffer_clear(&block->raw);
    recto_error_clear(&block->error);
    while (block->status == RECTO_OK && block->count < BLOCK_RECORDS &&
           marc_reader_position(load->request->reader) - start < BLOCK_BYTES)
        block->status = read_item(load, block, &block->error);
    block->position = marc_reader_position(load->request->reader);
    block->last = marc_reader_number(load->request->reader);
}

/* ---- making ready: any thread ------------------------------------------------------------------------------------------ */

/* Our own number in 001 is looked up where 003 names somebody. */
static bool asks_repository(const marc_record *record)
{
    return text_starts(text_trim(marc_record_control(record, "001")), TEXT("99")) &&
           text_trim(marc_record_control(record, "003")).length > 0;
}

static recto_status apply_rules(load *load, load_item *item, recto_error *error)
{
    char rule[sizeof((catalog_rule *)NULL)->name];
    bool refused = false;
    recto_status status = zone_rules_reject(&refused, rule, &load->rules, load->catalog, item->record, error);
    if (status != RECTO_OK || !refused)
        return status;
    item->kind = ITEM_REJECTED;
    snprintf(item->reason, sizeof item->reason, "Refused by the indication rule '%s' of %s. Nothing was saved.", rule,
             load->request->zone->code);
    return RECTO_OK;
}

static recto_status normalize(load *load, load_item *item, recto_error *error)
{
    const ingest_policy *policy = load->request->policy;
    recto_status status = RECTO_OK;
    if (policy->initial_normalization)
        status = normalize_initial(item->record, load->catalog, error);
    if (status == RECTO_OK && policy->copy_019_to_035)
        status = normalize_019(item->record, error);
    if (status == RECTO_OK && load->ruled)
        status = zone_rules_normalize(&load->rules, load->catalog, RULE_USE_NORMALIZE_INCOMING, item->record, error);
    return status;
}

static recto_status make_written(load *load, bulk_maker *maker, const block *block, load_item *item, const char *incoming_005,
                                 recto_error *error)
{
    const ingest_policy *policy = load->request->policy;
    int brief_level = 0;
    recto_status status = normalize_system_fields(item->record, item->id, block->ticks, TEXT(""), error);
    if (status == RECTO_OK)
        status = zone_rules_brief_level(&brief_level, &load->rules, load->catalog, item->record, error);
    if (status != RECTO_OK)
        return status;
    const bib_write write = {
        .id = item->id,
        .zone = load->request->zone->id,
        .record = item->record,
        .user = load->catalog->user,
        .origin = policy->door,
        .now = block->now,
        .brief_level = brief_level,
        .sync = policy->sync,
        .suppressed = -1,
        .originating_system = policy->originating_system,
        .originating_version = incoming_005[0] != '\0' ? incoming_005 : NULL,
    };
    return bulk_make(item->slot, maker, &write, error);
}

static recto_status make_item(load *load, bulk_maker *maker, const block *block, load_item *item, recto_error *error)
{
    char incoming_005[CLOCK_005_LENGTH + 1] = "";
    int64_t ticks;
    recto_status status = load->ruled ? apply_rules(load, item, error) : RECTO_OK;
    if (status != RECTO_OK || item->kind == ITEM_REJECTED)
        return status;
    status = normalize(load, item, error);
    const text stamp = marc_record_control(item->record, "005");
    if (clock_parse_005(&ticks, stamp.bytes, stamp.length))
        snprintf(incoming_005, sizeof incoming_005, "%.*s", (int)stamp.length, stamp.bytes);
    if (status == RECTO_OK && load->ruled)
        status = zone_rules_normalize(&load->rules, load->catalog, RULE_USE_NORMALIZE_SAVE, item->record, error);
    if (status == RECTO_OK)
        status = make_written(load, maker, block, item, incoming_005, error);
    if (status == RECTO_OK)
        item->kind = ITEM_READY;
    return status;
}

void make_block(load *load, bulk_maker *maker, block *block)
{
    recto_error error = { 0 };
    block->asks = false;
    for (size_t i = 0; i < block->count; i++) {
        load_item *item = &block->items[i];
        if (item->kind == ITEM_REJECTED || is_authority(item))
            continue;
        if (load->ruled || asks_repository(item->record)) {
            block->asks = true;
            continue;
        }
        recto_status status = make_item(load, maker, block, item, &error);
        if (status == RECTO_OK)
            continue;
        block->status = status;
        block->error = error;
        return;
    }
}

recto_status make_rest(load *load, block *block, recto_error *error)
{
    recto_status status = block->status == RECTO_END ? RECTO_OK : block->status;
    for (size_t i = 0; i < block->count && block->asks && status == RECTO_OK; i++) {
        load_item *item = &block->items[i];
        if (item->kind == ITEM_LATER && !is_authority(item))
            status = make_item(load, load->maker, block, item, error);
    }
    return status;
}
