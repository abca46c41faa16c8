/* tests/tools/activate.c - what a service manager does for a socket unit, and no more: opens the listening socket, prints its
 * port, and runs the service with the socket as descriptor 3 (LISTEN_FDS, LISTEN_PID).
 *
 *   activate COMMAND [ARGUMENT]... */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

enum { FIRST_PASSED = 3, BACKLOG = 128 };

int main(int argc, char **argv)
{
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t length = sizeof address;
    char process[24];
    int opened = socket(AF_INET, SOCK_STREAM, 0);
    if (argc < 2 || opened < 0 || bind(opened, (struct sockaddr *)&address, length) != 0 || listen(opened, BACKLOG) != 0 ||
        getsockname(opened, (struct sockaddr *)&address, &length) != 0) {
        perror("activate");
        return 5;
    }
    printf("%d\n", ntohs(address.sin_port));
    fflush(stdout);
    if (opened != FIRST_PASSED && (dup2(opened, FIRST_PASSED) < 0 || close(opened) != 0))
        return 5;
    snprintf(process, sizeof process, "%ld", (long)getpid());
    setenv("LISTEN_PID", process, 1);
    setenv("LISTEN_FDS", "1", 1);
    execvp(argv[1], argv + 1);
    perror(argv[1]);
    return 5;
}
