#include "../src/app.h"

#include <stdio.h>
#include <string.h>

static int failures = 0;

static void expect(int holds, const char *what) {
    if (!holds) {
        fprintf(stderr, "failed: %s\n", what);
        ++failures;
    }
}

int main(void) {
    expect(strstr(app_route("GET", "/").body, "\"message\":\"Hello, world!\"") != NULL, "the greeting greets the world");
    expect(app_route("HEAD", "/healthz").status == 200, "the health is ok");
    expect(app_route("GET", "/nowhere").status == 404, "what is not there is not found");
    expect(app_route("POST", "/").status == 405, "nothing is posted");
    return failures == 0 ? 0 : 1;
}
