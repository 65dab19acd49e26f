#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>

#include "http.h"

// The port that PORT names, 8080 when that is not set, 0 when it is none.
static uint16_t port_from_environment(void) {
    const char *text = getenv("PORT");
    if (text == NULL || *text == '\0') {
        return 8080;
    }
    char *end = NULL;
    const unsigned long port = strtoul(text, &end, 10);
    return *end == '\0' && port <= 65535 ? (uint16_t)port : 0;
}

// SIGTERM and SIGINT, as a file descriptor that can be waited for beside sockets. Blocked before any thread starts.
static int stop_signals(void) {
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    sigprocmask(SIG_BLOCK, &signals, NULL);
    return signalfd(-1, &signals, SFD_CLOEXEC);
}

int main(int count, char **arguments) {
    const uint16_t port = port_from_environment();
    if (port == 0) {
        fputs("PORT is no port\n", stderr);
        return EXIT_FAILURE;
    }
    if (count > 1 && strcmp(arguments[1], "healthcheck") == 0) {
        return http_healthy(port) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
    }
    if (http_serve(port, stop_signals()) != 0) {
        return EXIT_FAILURE;
    }
    puts("stopped");
    return EXIT_SUCCESS;
}
