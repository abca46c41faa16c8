/* tests/tools/scripted_target.c - the misbehaving target for scripts: prints its port, runs until it is ended or its parent is.
 *
 * usage: scripted_target silent|hang|refused|account|closes|garbage|web|diagnostic [CODE [DETAIL]] */
#include "support/scripted_target.h"
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

static const struct {
    const char *name;
    scripted_fault fault;
    int code;
} faults[] = {
    { "silent", FAULT_SILENT, 0 },        { "hang", FAULT_HANG_SEARCH, 0 },
    { "refused", FAULT_REFUSE, 0 },       { "account", FAULT_INIT_DIAGNOSTIC, 1011 },
    { "closes", FAULT_CLOSE_AT_ONCE, 0 }, { "garbage", FAULT_GARBAGE, 0 },
    { "web", FAULT_WEB_SERVER, 0 },       { "diagnostic", FAULT_SEARCH_DIAGNOSTIC, 100 },
};

int main(int argc, char **argv)
{
    scripted_target script = { .hits = 0 };
    pid_t pid = 0;
    size_t at = 0;
    while (at < sizeof faults / sizeof *faults && (argc < 2 || strcmp(argv[1], faults[at].name) != 0))
        at++;
    if (at == sizeof faults / sizeof *faults)
        return 2;
    signal(SIGPIPE, SIG_IGN);
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    script.fault = faults[at].fault;
    script.code = argc > 2 ? (int)strtol(argv[2], NULL, 10) : faults[at].code;
    script.detail = argc > 3 ? argv[3] : NULL;
    int port = scripted_target_start(&pid, &script);
    if (port == 0)
        return 5;
    printf("%d\n", port);
    fflush(stdout);
    for (;;)
        pause();
}
