#include "app.h"

#include <string.h>

struct response app_route(const char *method, const char *path) {
    if (strcmp(method, "GET") != 0 && strcmp(method, "HEAD") != 0) {
        return (struct response){405, "{\"error\":\"method not allowed\"}\n"};
    }
    if (strcmp(path, "/") == 0) {
        return (struct response){200, "{\"message\":\"Hello, world!\",\"version\":\"" APP_VERSION "\"}\n"};
    }
    if (strcmp(path, "/healthz") == 0) {
        return (struct response){200, "{\"status\":\"ok\"}\n"};
    }
    return (struct response){404, "{\"error\":\"not found\"}\n"};
}
