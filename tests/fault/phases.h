/* tests/fault/phases.h - where the time of one save goes: seen from the system calls that it makes.
 *
 * The program that is linked with phases.c has flock, fcntl, fdatasync, fsync and pwrite64 of its own, which measure and pass on
 * to the kernel; SQLite and Recto call them without knowing. One thread a process. */
#ifndef RECTO_TESTS_FAULT_PHASES_H
#define RECTO_TESTS_FAULT_PHASES_H

typedef struct phases { /* milliseconds, of one save */
    double begun;       /* of the monotonic clock */
    double all, queue;  /* queue: until it was our turn */
    double held;        /* from there to the end of the turn */
    double sync, write; /* in fdatasync and fsync; in pwrite */
    double processor;   /* of this thread; all - queue - sync - processor: another process had the processor */
    int syncs, writes;  /* more than one sync: a checkpoint, or the log began anew */
    int preempted;      /* context switches that the save did not ask for */
} phases;

void phases_begin(void);
void phases_end(phases *out);
double phases_now_ms(void);

#endif
