// A small HTTP/1.1 server on POSIX sockets: a thread for each connection, a request for each connection.
#ifndef HTTP_H
#define HTTP_H

#include <stdint.h>

// Answers on the port until the file descriptor `stop` can be read, then lets the requests in flight complete. Returns 0,
// or -1 when it cannot listen, with the reason on standard error.
int http_serve(uint16_t port, int stop);

// Asks the server that runs in the same container for `/healthz`: 0 when it answers 200. HEALTHCHECK calls it: the image
// has no curl.
int http_healthy(uint16_t port);

#endif
