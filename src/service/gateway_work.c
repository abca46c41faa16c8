/* src/service/gateway_work.c - the worker's thread and its queues. */
#include "gateway_work.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

enum { UPKEEP_SECONDS = 60, TOGETHER = 16 }; /* records that are one save at most: others wait for its end, too */

typedef struct queue {
    gateway_job *first, **last;
    size_t count, most;
} queue;

struct gateway_work {
    const gateway_corridor *corridor;
    pthread_t thread;
    pthread_mutex_t lock; /* of all that follows */
    pthread_cond_t filled;
    queue records, notes, done;   /* notes wait until no record does: rubbish must not slow what is good */
    gateway_job *group[TOGETHER]; /* at work */
    size_t group_count;
    bool ending, started;
    bool untidy; /* something was saved since there was nothing to put in order */
    int wake;
};

/* ---- jobs ---- */

static text keep(char **at, text piece)
{
    char *place = *at;
    if (piece.length > 0)
        memcpy(place, piece.bytes, piece.length);
    *at += piece.length;
    return text_of(place, piece.length);
}

static bool may_be_final(void *context)
{
    gateway_job *job = context;
    int expected = JOB_OPEN;
    return atomic_compare_exchange_strong(&job->stage, &expected, JOB_FINAL) || expected == JOB_FINAL;
}

gateway_job *gateway_job_new(const gateway_request *request)
{
    size_t length = request->logon.length + request->password.length + request->user.length + request->record.length;
    gateway_job *job = calloc(1, sizeof *job + length + 1);
    if (job == NULL)
        return NULL;
    char *at = job->bytes;
    job->request = *request;
    job->request.keep = may_be_final;
    job->request.keep_context = job;
    job->request.logon = keep(&at, request->logon);
    job->request.password = keep(&at, request->password);
    job->request.user = keep(&at, request->user);
    job->request.record = keep(&at, request->record);
    job->request.wire_warning = NULL;
    if (request->wire_warning != NULL && request->wire_warning[0] != '\0') {
        memcpy(job->wire_warning, request->wire_warning, strnlen(request->wire_warning, sizeof job->wire_warning - 1));
        job->request.wire_warning = job->wire_warning;
    }
    return job;
}

void gateway_job_free(gateway_job *job)
{
    if (job == NULL)
        return;
    if (job->request.password.length > 0)
        sodium_memzero((char *)(uintptr_t)job->request.password.bytes, job->request.password.length);
    free(job);
}

/* ---- queues ---- */

static void queue_init(queue *queue, size_t most)
{
    *queue = (struct queue){ .most = most };
    queue->last = &queue->first;
}

static void put(queue *queue, gateway_job *job)
{
    job->next = NULL;
    *queue->last = job;
    queue->last = &job->next;
    queue->count++;
}

static gateway_job *take(queue *queue)
{
    gateway_job *job = queue->first;
    if (job == NULL)
        return NULL;
    queue->first = job->next;
    if (queue->first == NULL)
        queue->last = &queue->first;
    queue->count--;
    return job;
}

static gateway_job *remove_serial(queue *queue, uint64_t serial)
{
    gateway_job **link = &queue->first;
    while (*link != NULL && (*link)->serial != serial)
        link = &(*link)->next;
    gateway_job *job = *link;
    if (job == NULL)
        return NULL;
    *link = job->next;
    if (*link == NULL)
        queue->last = link;
    queue->count--;
    return job;
}

static void empty(queue *queue)
{
    for (gateway_job *job; (job = take(queue)) != NULL;)
        gateway_job_free(job);
}

/* ---- the thread ---- */

static void do_job(const gateway_corridor *corridor, gateway_job *job)
{
    job->begun_ms = recto_clock_monotonic_ms();
    switch (job->kind) {
    case JOB_RECORD:
        corridor->receive(corridor->context, &job->outcome, &job->request, &job->error);
        break;
    case JOB_NOTE:
        corridor->note(corridor->context, &job->request, job->code, job->reply);
        break;
    case JOB_PRUNE:
        corridor->prune(corridor->context, job->keep_days, job->keep_record_days);
        break;
    }
    job->ended_ms = recto_clock_monotonic_ms();
}

static void do_each(const gateway_corridor *corridor, gateway_job *const *jobs, size_t count)
{
    for (size_t i = 0; i < count; i++)
        do_job(corridor, jobs[i]);
}

/* All or none, and then each alone: what one of them is refused for does not hold up the others. */
static void do_together(const gateway_corridor *corridor, gateway_job *const *jobs, size_t count)
{
    bool wanted = true;
    if (count < 2 || corridor->begin == NULL || !corridor->begin(corridor->context)) {
        do_each(corridor, jobs, count);
        return;
    }
    do_each(corridor, jobs, count);
    for (size_t i = 0; i < count; i++)
        wanted = may_be_final(jobs[i]) && wanted;
    if (corridor->end(corridor->context, wanted))
        return;
    for (size_t i = 0; i < count; i++) {
        int final = JOB_FINAL;
        (void)atomic_compare_exchange_strong(&jobs[i]->stage, &final, JOB_OPEN);
        jobs[i]->error = (recto_error){ .status = RECTO_OK };
    }
    do_each(corridor, jobs, count);
}

/* The answers are out and nobody waits: the repository is put in order, a slice at a time. */
static void tidy(gateway_work *work)
{
    pthread_mutex_unlock(&work->lock);
    bool more = work->corridor->tidy(work->corridor->context);
    pthread_mutex_lock(&work->lock);
    work->untidy = more;
}

/* Once a minute it looks what others have left to do. */
static void wait_a_minute(gateway_work *work)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += UPKEEP_SECONDS;
    if (pthread_cond_timedwait(&work->filled, &work->lock, &until) == ETIMEDOUT)
        work->untidy = true;
}

/* All records that wait, up to a number; or one note. */
static void wait_for_jobs(gateway_work *work)
{
    while (work->records.count == 0 && work->notes.count == 0 && !work->ending)
        if (work->untidy && work->corridor->tidy != NULL)
            tidy(work);
        else
            wait_a_minute(work);
    if (work->records.count == 0 && work->notes.count > 0)
        work->group[work->group_count++] = take(&work->notes);
    while (work->records.count > 0 && work->group_count < TOGETHER)
        work->group[work->group_count++] = take(&work->records);
}

static void *serve(void *context)
{
    gateway_work *work = context;
    uint64_t one = 1;
    pthread_mutex_lock(&work->lock);
    while (wait_for_jobs(work), work->group_count > 0) {
        pthread_mutex_unlock(&work->lock);
        do_together(work->corridor, work->group, work->group_count); /* only this thread changes the group */
        pthread_mutex_lock(&work->lock);
        work->untidy = true;
        for (size_t i = 0; i < work->group_count; i++)
            put(&work->done, work->group[i]);
        work->group_count = 0;
        ssize_t written = write(work->wake, &one, sizeof one);
        (void)written;
    }
    pthread_mutex_unlock(&work->lock);
    return NULL;
}

/* ---- from the loop ---- */

static recto_status start(gateway_work *work, recto_error *error)
{
    sigset_t all, before;
    sigfillset(&all); /* signals are the loop's */
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int failed = pthread_create(&work->thread, NULL, serve, work);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    work->started = failed == 0;
    return failed == 0 ? RECTO_OK : recto_fail_system(error, failed, NULL, "cannot start the gateway's worker");
}

recto_status gateway_work_new(gateway_work **out, const gateway_corridor *corridor, size_t records, size_t notes,
                              recto_error *error)
{
    gateway_work *work = calloc(1, sizeof *work);
    if (work == NULL)
        return recto_fail_memory(error, "starting the gateway");
    work->corridor = corridor;
    queue_init(&work->records, records);
    queue_init(&work->notes, notes);
    queue_init(&work->done, SIZE_MAX);
    pthread_mutex_init(&work->lock, NULL);
    pthread_condattr_t by_monotonic;
    pthread_condattr_init(&by_monotonic);
    pthread_condattr_setclock(&by_monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&work->filled, &by_monotonic);
    pthread_condattr_destroy(&by_monotonic);
    work->wake = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    recto_status status =
        work->wake < 0 ? recto_fail_system(error, errno, NULL, "cannot start the gateway's worker") : start(work, error);
    if (status != RECTO_OK) {
        gateway_work_free(work);
        work = NULL;
    }
    *out = work;
    return status;
}

void gateway_work_free(gateway_work *work)
{
    if (work == NULL)
        return;
    pthread_mutex_lock(&work->lock);
    work->ending = true;
    pthread_cond_signal(&work->filled);
    pthread_mutex_unlock(&work->lock);
    if (work->started)
        pthread_join(work->thread, NULL);
    empty(&work->records);
    empty(&work->notes);
    empty(&work->done);
    if (work->wake >= 0)
        close(work->wake);
    pthread_cond_destroy(&work->filled);
    pthread_mutex_destroy(&work->lock);
    free(work);
}

int gateway_work_descriptor(const gateway_work *work)
{
    return work->wake;
}

bool gateway_work_offer(gateway_work *work, gateway_job *job)
{
    pthread_mutex_lock(&work->lock);
    queue *queue = job->kind == JOB_RECORD ? &work->records : &work->notes;
    bool room = queue->count < queue->most;
    if (room) {
        job->queued_ms = recto_clock_monotonic_ms();
        put(queue, job);
        pthread_cond_signal(&work->filled);
    }
    pthread_mutex_unlock(&work->lock);
    return room;
}

bool gateway_work_has_room(gateway_work *work)
{
    pthread_mutex_lock(&work->lock);
    bool room = work->records.count < work->records.most;
    pthread_mutex_unlock(&work->lock);
    return room;
}

bool gateway_work_cancel(gateway_work *work, uint64_t serial)
{
    pthread_mutex_lock(&work->lock);
    gateway_job *job = remove_serial(&work->records, serial);
    bool gone = job != NULL;
    for (size_t i = 0; i < work->group_count && !gone; i++) {
        int open = JOB_OPEN;
        gone = work->group[i]->serial == serial && atomic_compare_exchange_strong(&work->group[i]->stage, &open, JOB_GIVEN_UP);
    }
    pthread_mutex_unlock(&work->lock);
    gateway_job_free(job);
    return gone;
}

gateway_job *gateway_work_collect(gateway_work *work)
{
    uint64_t count;
    ssize_t got = read(work->wake, &count, sizeof count); /* before the look, so that none is missed */
    (void)got;
    pthread_mutex_lock(&work->lock);
    gateway_job *job = take(&work->done);
    pthread_mutex_unlock(&work->lock);
    return job;
}
