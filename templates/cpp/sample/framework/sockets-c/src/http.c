#define _GNU_SOURCE
#include "http.h"

#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "app.h"

// How long requests in flight may take to complete after SIGTERM. Docker waits ten seconds before it kills.
enum { GRACE = 8 };
// How long a client may leave us waiting, how much it may say, and how many there may be at once.
enum { PATIENCE = 5, LONGEST_HEAD = 16 * 1024, MOST_CONNECTIONS = 256 };

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int connections = 0;

static void set_patience(int socket, int seconds) {
    const struct timeval patience = {.tv_sec = seconds};
    setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
}

static const char *reason(int status) {
    switch (status) {
    case 200: return "OK";
    case 400: return "Bad Request";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    default: return "Request Header Fields Too Large";
    }
}

static void write_all(int client, const char *text, size_t length) {
    while (length > 0) {
        const ssize_t written = send(client, text, length, MSG_NOSIGNAL);
        if (written <= 0) {
            return;
        }
        text += written;
        length -= (size_t)written;
    }
}

static void answer(int client, struct response response, int with_body) {
    char head[256];
    const size_t body = strlen(response.body);
    const int length = snprintf(head, sizeof head,
                                "HTTP/1.1 %d %s\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n"
                                "Connection: close\r\n\r\n",
                                response.status, reason(response.status), body);
    write_all(client, head, (size_t)length);
    if (with_body) {
        write_all(client, response.body, body);
    }
}

// Reads up to the empty line behind the head. Returns its length, 0 when the client leaves, -1 when it says too much.
static ssize_t read_head(int client, char *head) {
    size_t length = 0;
    while (length < LONGEST_HEAD) {
        const ssize_t read = recv(client, head + length, LONGEST_HEAD - length, 0);
        if (read <= 0) {
            return 0;
        }
        length += (size_t)read;
        head[length] = '\0';
        if (strstr(head, "\r\n\r\n") != NULL) {
            return (ssize_t)length;
        }
    }
    return -1;
}

// Cuts the first line of the head into its words.
static struct response respond(char *head) {
    const struct response bad = {400, "{\"error\":\"bad request\"}\n"};
    char *rest = NULL;
    head[strcspn(head, "\r")] = '\0';
    const char *method = strtok_r(head, " ", &rest);
    char *path = strtok_r(NULL, " ", &rest);
    const char *version = strtok_r(NULL, " ", &rest);
    if (version == NULL || path[0] != '/' || strncmp(version, "HTTP/1.", 7) != 0) {
        return bad;
    }
    path[strcspn(path, "?")] = '\0';
    return app_route(method, path);
}

// A connection that is closed while something of the client is unread loses the answer: what is left is read first.
static void drain(int client) {
    char buffer[4096];
    shutdown(client, SHUT_WR);
    set_patience(client, 1);
    for (int round = 0; round < 64 && recv(client, buffer, sizeof buffer, 0) > 0; ++round) {
    }
}

static void converse(int client) {
    char head[LONGEST_HEAD + 1] = "";
    set_patience(client, PATIENCE);
    const ssize_t length = read_head(client, head);
    if (length == 0) {
        return;
    }
    const int with_body = strncmp(head, "HEAD ", 5) != 0;
    const struct response too_long = {431, "{\"error\":\"too long\"}\n"};
    answer(client, length < 0 ? too_long : respond(head), with_body);
    drain(client);
}

static void leave(int client) {
    close(client);
    pthread_mutex_lock(&mutex);
    --connections;
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&mutex);
}

static void *connection(void *argument) {
    const int client = (int)(intptr_t)argument;
    converse(client);
    leave(client);
    return NULL;
}

static void accept_one(int listener) {
    const int client = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
    if (client < 0) {
        return;
    }
    pthread_mutex_lock(&mutex);
    while (connections >= MOST_CONNECTIONS) {
        pthread_cond_wait(&changed, &mutex);
    }
    ++connections;
    pthread_mutex_unlock(&mutex);
    pthread_t thread;
    if (pthread_create(&thread, NULL, connection, (void *)(intptr_t)client) == 0) {
        pthread_detach(thread);
    } else {
        leave(client);
    }
}

// IPv6 and IPv4 at once; IPv4 alone where the kernel has nothing else.
static int listen_on(uint16_t port) {
    const int yes = 1;
    const int no = 0;
    const struct sockaddr_in6 six = {.sin6_family = AF_INET6, .sin6_port = htons(port)};
    const struct sockaddr_in four = {.sin_family = AF_INET, .sin_port = htons(port)};
    int listener = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    const int both = listener >= 0;
    if (!both) {
        listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    }
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (both) {
        setsockopt(listener, IPPROTO_IPV6, IPV6_V6ONLY, &no, sizeof no);
    }
    const struct sockaddr *address = both ? (const struct sockaddr *)&six : (const struct sockaddr *)&four;
    if (bind(listener, address, both ? sizeof six : sizeof four) != 0 || listen(listener, SOMAXCONN) != 0) {
        perror("cannot listen");
        close(listener);
        return -1;
    }
    return listener;
}

static void wait_for_connections(void) {
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += GRACE;
    pthread_mutex_lock(&mutex);
    int waited = 0;
    while (connections > 0 && waited == 0) {
        waited = pthread_cond_timedwait(&changed, &mutex, &until);
    }
    if (connections > 0) {
        fputs("some requests did not complete in time\n", stderr);
    }
    pthread_mutex_unlock(&mutex);
}

int http_serve(uint16_t port, int stop) {
    const int listener = listen_on(port);
    if (listener < 0) {
        return -1;
    }
    printf("listening on port %d\n", port);
    fflush(stdout);
    struct pollfd watched[] = {{.fd = listener, .events = POLLIN}, {.fd = stop, .events = POLLIN}};
    while ((watched[1].revents & POLLIN) == 0) {
        if (poll(watched, 2, -1) < 0 && errno != EINTR) {
            perror("poll");
            break;
        }
        if ((watched[0].revents & POLLIN) != 0) {
            accept_one(listener);
        }
    }
    close(listener);
    wait_for_connections();
    return 0;
}

static int answers_ok(int server, uint16_t port) {
    static const char request[] = "GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    const struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    char status[13] = "";
    set_patience(server, 2);
    return connect(server, (const struct sockaddr *)&address, sizeof address) == 0 &&
           send(server, request, sizeof request - 1, MSG_NOSIGNAL) > 0 && recv(server, status, 12, MSG_WAITALL) == 12 &&
           strcmp(status + 8, " 200") == 0;
}

int http_healthy(uint16_t port) {
    const int server = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (server < 0) {
        return -1;
    }
    const int ok = answers_ok(server, port);
    close(server);
    return ok ? 0 : -1;
}
