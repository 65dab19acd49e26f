// What the server says, apart from how it is asked.
#ifndef APP_H
#define APP_H

#ifndef APP_VERSION
#define APP_VERSION "dev"
#endif

struct response {
    int status;
    const char *body;
};

// The program's table of routes: `path` is without what stands behind `?`.
struct response app_route(const char *method, const char *path);

#endif
