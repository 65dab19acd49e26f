// A server that runs on every base, `scratch` too: `--port N` or PORT, else 8080; answers STATUS, else 200; ends on
// SIGTERM; `--health` asks it and `--self-test` tests nothing.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static void end(int signal) { (void)signal; _exit(0); }

static int socket_at(int port, struct sockaddr_in *address) {
    *address = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons(port)};
    return socket(AF_INET, SOCK_STREAM, 0);
}

static int ask(int port) {
    struct sockaddr_in address;
    int server = socket_at(port, &address);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return connect(server, (struct sockaddr *)&address, sizeof address) == 0 ? 0 : 1;
}

static int serve(int port, const char *status) {
    struct sockaddr_in address;
    int yes = 1, server = socket_at(port, &address);
    setsockopt(server, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (bind(server, (struct sockaddr *)&address, sizeof address) != 0 || listen(server, 8) != 0) {
        perror("cannot listen");
        return 1;
    }
    printf("listening on %d\n", port);
    fflush(stdout);
    for (;;) {
        char text[1024];
        int client = accept(server, NULL, NULL);
        ssize_t got = read(client, text, sizeof text);
        int length = snprintf(text, sizeof text, "HTTP/1.0 %s x\r\nContent-Length: 6\r\n\r\nhello\n", status);
        if (got > 0 && write(client, text, length) < 0) perror("cannot answer");
        close(client);
    }
}

int main(int count, char **words) {
    const char *port = getenv("PORT"), *status = getenv("STATUS");
    int asks = 0;
    struct sigaction action = {.sa_handler = end};
    sigaction(SIGTERM, &action, NULL);
    for (int at = 1; at < count; at++) {
        if (strcmp(words[at], "--self-test") == 0) return puts("self-test") < 0;
        if (strcmp(words[at], "--health") == 0) asks = 1;
        if (strcmp(words[at], "--port") == 0 && at + 1 < count) port = words[++at];
    }
    int number = port ? atoi(port) : 8080;
    if (number <= 0) {
        fprintf(stderr, "not a port: %s\n", port);
        return 1;
    }
    return asks ? ask(number) : serve(number, status ? status : "200");
}
