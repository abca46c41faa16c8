/* src/catalog/rule_try.c - one rule on one record, to be looked at: nothing is stored. */
#include "inside.h"

recto_status catalog_rule_try(marc_record **after, rule_result *result, const rule_file *file, const marc_record *record,
                              rule_trace trace, void *context, recto_error *error)
{
    marc_record *made = NULL;
    rule_result unwanted;
    if (rule_file_language(file) == RULES_MERGE)
        return recto_fail(error, RECTO_EINVALID, rule_file_name(file), "preview it with a second record",
                          "a merge rule needs two records");
    recto_status status = marc_record_copy(&made, record, error);
    if (status == RECTO_OK)
        status = rule_file_normalize(result != NULL ? result : &unwanted, file, made, trace, context, error);
    if (status != RECTO_OK || after == NULL) {
        marc_record_free(made);
        return status;
    }
    *after = made;
    return RECTO_OK;
}
