/* src/cli/command_serve.c - recto serve: the long-running doors. */
#include "command_line.h"

#include "recto/service/gateway.h"
#include "recto/service/z3950_server.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

typedef struct serving { /* what the options say */
    command_line *line;
    const char *listen, *check;
    char repository[4096], login[64];
    int64_t gateway_port, z3950_port;
} serving;

typedef struct target { /* the Z39.50 target's process */
    pid_t process;
    atomic_bool over; /* it has ended, or is told to */
} target;

static void tell_ready(void *context, const char *address, int port)
{
    command_line *line = context;
    json_writer json;
    if (!line->json) {
        print_format(line, "Listening on %s:%d.", address, port);
    } else {
        json_init(&json, &line->out);
        json_open(&json, NULL, '{');
        json_string(&json, "listen", address);
        json_integer(&json, "port", port);
        json_close(&json, '}');
    }
    print_end(line);
    output_flush(line);
}

static int serve_z3950(const serving *what)
{
    recto_error error = { 0 };
    service_z3950_options options = { .repository = what->repository,
                                      .institution = what->line->institution,
                                      .listen = what->listen,
                                      .port = (int)what->z3950_port,
                                      .clock = what->line->clock,
                                      .ready = tell_ready,
                                      .ready_context = what->line };
    return service_z3950_run(&options, &error) == RECTO_OK ? 0 : report(&error);
}

static int serve_gateway(const serving *what)
{
    recto_error error = { 0 };
    struct stat about;
    service_gateway_options options = { .repository = what->repository,
                                        .login = what->login,
                                        .owns_file = stat(what->repository, &about) == 0 && about.st_uid == geteuid(),
                                        .listen = what->listen,
                                        .port = (int)what->gateway_port,
                                        .json_log = what->line->json,
                                        .clock = what->line->clock,
                                        .ready = tell_ready,
                                        .ready_context = what->line };
    return service_gateway_run(&options, &error) == RECTO_OK ? 0 : report(&error);
}

/* GW-78: is a gateway there? */
static int check_gateway(const serving *what)
{
    recto_error error = { 0 };
    if (service_gateway_check(what->listen, (int)what->gateway_port, &error) != RECTO_OK)
        return report(&error);
    print_format(what->line, "A gateway listens on %s:%d.", what->listen == NULL ? "127.0.0.1" : what->listen,
                 (int)what->gateway_port);
    print_end(what->line);
    return output_flush(what->line);
}

/* When the target ends, nobody answers its port any more: the gateway finishes what it has, and whoever started us sees it. */
static void *watch_target(void *context)
{
    target *target = context;
    siginfo_t about;
    while (waitid(P_PID, (id_t)target->process, &about, WEXITED | WNOWAIT) != 0 && errno == EINTR)
        ;
    if (!atomic_exchange(&target->over, true))
        kill(getpid(), SIGTERM);
    return NULL;
}

/* The Z39.50 target in a child, which ends with us, and the gateway here. */
static int serve_all(const serving *what)
{
    pthread_t watcher;
    sigset_t all, before;
    pid_t parent = getpid(), child = fork();
    if (child < 0) {
        recto_error error = { 0 };
        recto_fail_system(&error, errno, NULL, "cannot start the Z39.50 target");
        return report(&error);
    }
    if (child == 0) {
        prctl(PR_SET_PDEATHSIG, SIGTERM);
        _exit(getppid() != parent ? 0 : serve_z3950(what));
    }
    target target = { .process = child };
    sigfillset(&all); /* signals are the gateway's */
    pthread_sigmask(SIG_SETMASK, &all, &before);
    bool watched = pthread_create(&watcher, NULL, watch_target, &target) == 0;
    sigaddset(&before, SIGTERM); /* it waits for the gateway's loop, should it come before that */
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    int status = serve_gateway(what), ended = 0;
    bool ended_first = atomic_exchange(&target.over, true);
    kill(child, SIGTERM);
    if (watched)
        pthread_join(watcher, NULL);
    while (waitpid(child, &ended, 0) < 0 && errno == EINTR)
        ;
    int failed = WIFEXITED(ended) && (WEXITSTATUS(ended) != 0 || !ended_first) ? WEXITSTATUS(ended) : 5;
    if (ended_first)
        fprintf(stderr, "recto: the Z39.50 target has ended by itself\n");
    return status != 0 ? status : failed;
}

/* Before anything listens: an older repository is brought up, and whoever started us is told so; a bad one is refused. */
static int try_repository(const command_line *line)
{
    repo *opened = NULL;
    recto_error error = { 0 };
    recto_status status = open_repository(&opened, line, REPO_READ_ONLY, &error);
    if (status == RECTO_OK)
        warn_of_place(opened);
    repo_close(opened);
    return status == RECTO_OK ? 0 : report(&error);
}

int command_serve(command_line *line, int argc, char **argv)
{
    static const struct {
        const char *name;
        int (*run)(const serving *what);
    } doors[] = { { "gateway", serve_gateway }, { "z3950", serve_z3950 }, { "all", serve_all } };
    serving what = { .line = line, .gateway_port = 5500, .z3950_port = 2100 };
    const char *port = NULL, *z3950_port = NULL;
    const option_value options[] = { { "listen", true, &what.listen, NULL, NULL },
                                     { "port", true, &port, NULL, NULL },
                                     { "z3950-port", true, &z3950_port, NULL, NULL },
                                     { "check", false, &what.check, NULL, NULL } };
    int operands = read_options(argc, argv, options, sizeof options / sizeof *options);
    if (operands != 1)
        return operands < 0 ? 2 : usage("serve takes `gateway`, `z3950` or `all`");
    int64_t *named = strcmp(argv[1], "z3950") == 0 ? &what.z3950_port : &what.gateway_port;
    if (port != NULL && !option_number("port", port, 0, 65535, named))
        return 2;
    if (z3950_port != NULL && !option_number("z3950-port", z3950_port, 0, 65535, &what.z3950_port))
        return 2;
    if (what.check != NULL)
        return strcmp(argv[1], "gateway") == 0 ? check_gateway(&what) : usage("--check belongs to `serve gateway`");
    repository_path(line, what.repository, sizeof what.repository);
    login_name(what.login, sizeof what.login);
    for (size_t i = 0; i < sizeof doors / sizeof *doors; i++)
        if (strcmp(argv[1], doors[i].name) == 0) {
            const int status = try_repository(line);
            return status == 0 ? doors[i].run(&what) : status;
        }
    return usage("serve takes `gateway`, `z3950` or `all`, not '%s'", argv[1]);
}
