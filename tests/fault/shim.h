/* tests/fault/shim.h - a file system and an allocator that fail when told to, under the real program.
 *
 * The file system is SQLite's own with a layer on it that counts writes, syncs and truncations, fails the one it is told to
 * (once, or that one and all after it), or stops the process there as a power cut would: what was written since the last sync of
 * a file is then lost, or there in part. It keeps beside each file NAME the file NAME.synced, with what a power cut leaves for
 * certain. The allocator is the C library's, entered through the linker's --wrap. */
#ifndef TESTS_FAULT_SHIM_H
#define TESTS_FAULT_SHIM_H

#include <stdbool.h>

typedef enum shim_event { SHIM_WRITE, SHIM_SYNC, SHIM_ALLOCATION, SHIM_STATEMENT, SHIM_SYSTEM, SHIM_EVENTS } shim_event;
typedef enum shim_effect { SHIM_COUNT_ONLY, SHIM_FAIL_ONCE, SHIM_FAIL_ON, SHIM_POWER_CUT } shim_effect;

void shim_install(void); /* makes the layer the default file system; once a process */
/** From now on the `number`-th event of this kind (from 1) has the effect. @param seed  which unsynced writes a power cut keeps
 */
void shim_arm(shim_event event, shim_effect effect, long number, unsigned seed);
void shim_disarm(void);
long shim_count(shim_event event); /* events since shim_arm */
bool shim_happened(void);          /* the armed event came */
bool shim_falls(shim_event event); /* counts an event of who calls it (SHIM_STATEMENT, SHIM_SYSTEM); true: it has to fail */

enum { SHIM_CUT_STATUS = 99 }; /* exit status of a process that a power cut ended */

#endif
