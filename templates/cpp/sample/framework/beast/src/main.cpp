#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <chrono>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <set>
#include <string_view>

#include "app.hpp"
#include "health.hpp"

namespace beast = boost::beast;
namespace http = beast::http;
namespace net = boost::asio;
using net::ip::tcp;
using namespace std::chrono_literals;

namespace {

using Request = http::request<http::string_body>;
using Response = http::response<http::string_body>;

// How long requests in flight may take to complete after SIGTERM. Docker waits ten seconds before it kills.
constexpr auto grace = 8s;
// How long a client may leave us waiting.
constexpr auto patience = 30s;

Response json(const Request& request, http::status status, std::string body) {
    Response response(status, request.version());
    response.set(http::field::content_type, "application/json");
    response.keep_alive(request.keep_alive());
    response.body() = std::move(body);
    response.prepare_payload();
    return response;
}

// The program's table of routes.
net::awaitable<Response> route(const Request& request) {
    const std::string_view target = request.target();
    const std::string_view path = target.substr(0, target.find('?'));
    if (request.method() != http::verb::get) {
        co_return json(request, http::status::method_not_allowed, "{\"error\":\"method not allowed\"}\n");
    }
    if (path == "/") co_return json(request, http::status::ok, app::greeting());
    if (path == "/healthz") co_return json(request, http::status::ok, app::health());
    co_return json(request, http::status::not_found, "{\"error\":\"not found\"}\n");
}

// All of it runs on one thread, so nothing is locked.
class Server {
public:
    explicit Server(std::uint16_t port) : acceptor_(context_, {tcp::v6(), port}), signals_(context_, SIGTERM, SIGINT) {}

    // Serves until SIGTERM or SIGINT, then lets the requests in flight complete.
    void run() {
        signals_.async_wait([this](beast::error_code, int) { stop(); });
        net::co_spawn(context_, accept(), net::detached);
        context_.run();
        if (!stopped_) return;
        context_.restart();
        context_.run_for(grace);
    }

private:
    void stop() {
        stopped_ = true;
        acceptor_.close();
        // Connections that wait for a request; those that answer one end by themselves.
        for (beast::tcp_stream* stream : waiting_) stream->cancel();
        context_.stop();
    }

    net::awaitable<void> accept() {
        while (!stopped_) {
            beast::error_code error;
            auto socket = co_await acceptor_.async_accept(net::redirect_error(net::use_awaitable, error));
            if (!error) net::co_spawn(context_, converse(beast::tcp_stream(std::move(socket))), net::detached);
        }
    }

    net::awaitable<void> converse(beast::tcp_stream stream) {
        beast::flat_buffer buffer;
        beast::error_code error;
        for (bool again = true; again && !stopped_;) {
            Request request;
            stream.expires_after(patience);
            waiting_.insert(&stream);
            co_await http::async_read(stream, buffer, request, net::redirect_error(net::use_awaitable, error));
            waiting_.erase(&stream);
            if (error) break;
            Response response = co_await route(request);
            if (stopped_) response.keep_alive(false);
            again = response.keep_alive();
            co_await http::async_write(stream, response, net::redirect_error(net::use_awaitable, error));
            if (error) break;
        }
        stream.socket().shutdown(tcp::socket::shutdown_send, error);
    }

    net::io_context context_{1};
    tcp::acceptor acceptor_;
    net::signal_set signals_;
    std::set<beast::tcp_stream*> waiting_;
    bool stopped_ = false;
};

}  // namespace

int main(int count, char** arguments) {
    try {
        const auto port = port_from_environment();
        if (count > 1 && std::string_view(arguments[1]) == "healthcheck") {
            return healthy(port) ? EXIT_SUCCESS : EXIT_FAILURE;
        }
        Server server(port);
        std::cout << "listening on port " << port << std::endl;
        server.run();
        std::cout << "stopped" << std::endl;
        return EXIT_SUCCESS;
    } catch (const std::exception& error) {
        std::cerr << error.what() << std::endl;
        return EXIT_FAILURE;
    }
}
