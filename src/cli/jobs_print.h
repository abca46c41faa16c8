/* src/cli/jobs_print.h - jobs on standard output, the same in every command that starts or shows one. */
#ifndef RECTO_CLI_JOBS_PRINT_H
#define RECTO_CLI_JOBS_PRINT_H

#include "command_line.h"
#include "recto/catalog/jobs.h"

void print_job(command_line *line, const catalog_job *job);
/** Prints a job that has just run. @return RECTO_OK and *status: 0, or 1 when some records were skipped or failed */
recto_status print_job_done(command_line *line, catalog *catalog, int64_t id, int *status, recto_error *error);
/** A job's number: RECTO_EUSAGE. */
recto_status job_number(int64_t *out, const char *given, recto_error *error);
/** A job_progress: shows on a terminal how far it is, and stops the job when a signal waits. */
bool show_job_progress(void *context, size_t done, size_t total);

#endif
