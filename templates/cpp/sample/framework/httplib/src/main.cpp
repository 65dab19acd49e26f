#include <httplib.h>
#include <signal.h>
#include <unistd.h>

#include <cstdlib>
#include <exception>
#include <iostream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>

#include "app.hpp"
#include "health.hpp"

namespace {

constexpr const char* json = "application/json";

// The program's table of routes.
void add_routes(httplib::Server& server) {
    server.Get("/", [](const httplib::Request&, httplib::Response& response) {
        response.set_content(app::greeting(), json);
    });
    server.Get("/healthz", [](const httplib::Request&, httplib::Response& response) {
        response.set_content(app::health(), json);
    });
}

// Serves until SIGTERM or SIGINT; `listen` returns once the requests in flight are complete.
void serve(std::uint16_t port) {
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    // Blocked before any thread starts, so that none but the waiting one takes them.
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);

    httplib::Server server;
    add_routes(server);
    if (!server.bind_to_port("0.0.0.0", port)) {
        throw std::runtime_error("cannot listen on port " + std::to_string(port));
    }
    std::cout << "listening on port " << port << std::endl;
    std::thread waiting([&] {
        int signal = 0;
        sigwait(&signals, &signal);
        server.wait_until_ready();
        server.stop();
    });
    server.listen_after_bind();
    // Where the server ended by itself, nobody has told the waiting thread.
    kill(getpid(), SIGTERM);
    waiting.join();
}

}  // namespace

int main(int count, char** arguments) {
    try {
        const auto port = port_from_environment();
        if (count > 1 && std::string_view(arguments[1]) == "healthcheck") {
            return healthy(port) ? EXIT_SUCCESS : EXIT_FAILURE;
        }
        serve(port);
        std::cout << "stopped" << std::endl;
        return EXIT_SUCCESS;
    } catch (const std::exception& error) {
        std::cerr << error.what() << std::endl;
        return EXIT_FAILURE;
    }
}
