#include <drogon/drogon.h>

#include <atomic>
#include <cstdlib>
#include <exception>
#include <functional>
#include <iostream>
#include <string_view>

#include "app.hpp"
#include "health.hpp"

namespace {

// How long requests in flight may take to complete after SIGTERM, in rounds of a twentieth of a second. Docker waits ten
// seconds before it kills.
constexpr int most_rounds = 8 * 20;

std::atomic<int> in_flight = 0;

drogon::HttpResponsePtr json(const std::string& body) {
    auto response = drogon::HttpResponse::newHttpResponse();
    response->setContentTypeCode(drogon::CT_APPLICATION_JSON);
    response->setBody(body);
    return response;
}

using Answer = std::function<void(const drogon::HttpResponsePtr&)>;

// The program's table of routes.
void add_routes() {
    drogon::app()
        .registerHandler(
            "/", [](const drogon::HttpRequestPtr&, Answer&& answer) { answer(json(app::greeting())); }, {drogon::Get})
        .registerHandler(
            "/healthz", [](const drogon::HttpRequestPtr&, Answer&& answer) { answer(json(app::health())); },
            {drogon::Get});
}

// Drogon's own way to stop drops the requests whose handlers have not answered yet.
void stop_gently() {
    drogon::app().getLoop()->runEvery(0.05, [] {
        static int rounds = 0;
        if (in_flight == 0 || ++rounds > most_rounds) {
            drogon::app().quit();
        }
    });
}

void serve(std::uint16_t port) {
    add_routes();
    drogon::app()
        .registerPreHandlingAdvice([](const drogon::HttpRequestPtr&) { ++in_flight; })
        .registerPostHandlingAdvice([](const drogon::HttpRequestPtr&, const drogon::HttpResponsePtr&) { --in_flight; })
        .setTermSignalHandler(stop_gently)
        .setIntSignalHandler(stop_gently)
        .addListener("0.0.0.0", port);
    std::cout << "listening on port " << port << std::endl;
    drogon::app().run();
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
