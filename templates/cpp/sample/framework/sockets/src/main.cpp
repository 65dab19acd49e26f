#include <signal.h>
#include <sys/signalfd.h>

#include <cstdlib>
#include <exception>
#include <iostream>
#include <string_view>

#include "app.hpp"
#include "health.hpp"
#include "http.hpp"

namespace {

// The program's table of routes.
http::Response route(const http::Request& request) {
    if (request.method != "GET" && request.method != "HEAD") return {405, "{\"error\":\"method not allowed\"}\n"};
    if (request.path == "/") return {200, app::greeting()};
    if (request.path == "/healthz") return {200, app::health()};
    return {404, "{\"error\":\"not found\"}\n"};
}

// SIGTERM and SIGINT, as a file descriptor that can be waited for beside sockets. Blocked before any thread starts.
int stop_signals() {
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    sigprocmask(SIG_BLOCK, &signals, nullptr);
    return signalfd(-1, &signals, SFD_CLOEXEC);
}

}  // namespace

int main(int count, char** arguments) {
    try {
        const auto port = port_from_environment();
        if (count > 1 && std::string_view(arguments[1]) == "healthcheck") {
            return healthy(port) ? EXIT_SUCCESS : EXIT_FAILURE;
        }
        http::serve(port, stop_signals(), route);
        std::cout << "stopped" << std::endl;
        return EXIT_SUCCESS;
    } catch (const std::exception& error) {
        std::cerr << error.what() << std::endl;
        return EXIT_FAILURE;
    }
}
