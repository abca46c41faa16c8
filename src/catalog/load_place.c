/* src/catalog/load_place.c - how far a file of this content was loaded: kept with its records, in one transaction (RL-62). */
#include "load_inside.h"

/* Half a key would be another's. */
static recto_status place_key(buffer *out, const repo_zone *zone, text key, bool finished, recto_error *error)
{
    buffer_append_format(out, "%s%d:", finished ? "end:" : "", zone->id);
    buffer_append_text(out, key);
    return buffer_failed(out) ? recto_fail_memory(error, "loading") : RECTO_OK;
}

static recto_status set_place(load *load, bool finished, uint64_t bytes, uint64_t records, recto_error *error)
{
    buffer key;
    if (load->request->key.length == 0)
        return RECTO_OK;
    buffer_init(&key, 0);
    recto_status status = place_key(&key, load->request->zone, load->request->key, finished, error);
    if (status == RECTO_OK)
        status = repo_load_place_set(load->catalog->repo, buffer_text(&key), bytes, records, error);
    buffer_release(&key);
    return status;
}

/* When it was loaded to its end takes the place of how far it is. */
recto_status load_place_finished(load *load, uint64_t records, recto_error *error)
{
    recto_status status = RECTO_OK;
    if (load->request->key.length > 0)
        status = catalog_load_forget(load->catalog, load->request->zone, load->request->key, error);
    return status == RECTO_OK ? set_place(load, true, (uint64_t)catalog_now(load->catalog), records, error) : status;
}

recto_status load_place_reached(load *load, uint64_t bytes, uint64_t records, recto_error *error)
{
    return set_place(load, false, bytes, records, error);
}

/* ---- files known again ------------------------------------------------------------------------------------------- */

recto_status catalog_load_state(load_state *out, catalog *catalog, const repo_zone *zone, text key, recto_error *error)
{
    buffer name;
    uint64_t at = 0, records = 0;
    *out = (load_state){ .finished = false };
    buffer_init(&name, 0);
    recto_status status = place_key(&name, zone, key, false, error);
    if (status == RECTO_OK)
        status = repo_load_place_get(catalog->repo, buffer_text(&name), &out->bytes, &out->records, error);
    buffer_clear(&name);
    if (status == RECTO_OK)
        status = place_key(&name, zone, key, true, error);
    if (status == RECTO_OK)
        status = repo_load_place_get(catalog->repo, buffer_text(&name), &at, &records, error);
    out->finished = at > 0;
    out->finished_at = (int64_t)at;
    if (out->finished)
        out->records = records;
    buffer_release(&name);
    return status;
}

recto_status catalog_load_forget(catalog *catalog, const repo_zone *zone, text key, recto_error *error)
{
    recto_status status = RECTO_OK;
    for (int finished = 0; finished < 2 && status == RECTO_OK; finished++) {
        buffer name;
        buffer_init(&name, 0);
        status = place_key(&name, zone, key, finished == 1, error);
        if (status == RECTO_OK)
            status = repo_load_place_clear(catalog->repo, buffer_text(&name), error);
        buffer_release(&name);
    }
    return status;
}

/* ---- the rejects of what was loaded ---- */

recto_status catalog_load_rejects(uint64_t *length, bool *known, catalog *catalog, text key, recto_error *error)
{
    uint64_t loads = 0; /* one or none: a length may be nothing */
    recto_status status = repo_load_place_get(catalog->repo, key, length, &loads, error);
    *known = status == RECTO_OK && loads > 0;
    return status;
}

recto_status catalog_load_rejects_set(catalog *catalog, text key, uint64_t length, recto_error *error)
{
    return repo_load_place_set(catalog->repo, key, length, 1, error);
}

recto_status catalog_load_rejects_forget(catalog *catalog, text key, recto_error *error)
{
    return repo_load_place_clear(catalog->repo, key, error);
}
