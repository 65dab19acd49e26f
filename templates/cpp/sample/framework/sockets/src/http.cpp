#include "http.hpp"

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <exception>
#include <iostream>
#include <mutex>
#include <optional>
#include <string_view>
#include <system_error>
#include <thread>

namespace http {
namespace {

// How long requests in flight may take to complete after SIGTERM. Docker waits ten seconds before it kills.
constexpr std::chrono::seconds grace{8};
// How long a client may leave us waiting, and how much it may say.
constexpr timeval patience{5, 0};
constexpr std::size_t longest_head = 16 * 1024;
constexpr int most_connections = 256;

[[noreturn]] void fail(const char* what) { throw std::system_error(errno, std::generic_category(), what); }

// A file descriptor that is closed with its owner.
class Socket {
public:
    explicit Socket(int number) : number_(number) {}
    ~Socket() { close(number_); }
    Socket(const Socket&) = delete;
    Socket& operator=(const Socket&) = delete;
    int number() const { return number_; }

private:
    int number_;
};

// Counts the connections that are open, and lets one wait for their end.
class Connections {
public:
    void enter() {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [this] { return count_ < most_connections; });
        ++count_;
    }
    void leave() {
        const std::lock_guard lock(mutex_);
        --count_;
        changed_.notify_all();
    }
    bool wait_for_all(std::chrono::seconds at_most) {
        std::unique_lock lock(mutex_);
        return changed_.wait_for(lock, at_most, [this] { return count_ == 0; });
    }

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    int count_ = 0;
};

const char* reason(int status) {
    switch (status) {
        case 200: return "OK";
        case 400: return "Bad Request";
        case 404: return "Not Found";
        case 405: return "Method Not Allowed";
        case 431: return "Request Header Fields Too Large";
        default: return "Internal Server Error";
    }
}

// IPv6 and IPv4 at once; IPv4 alone where the kernel has nothing else.
int listen_on(std::uint16_t port) {
    const int yes = 1;
    const int no = 0;
    int listener = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    const bool both = listener >= 0;
    if (!both) listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (listener < 0) fail("socket");
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);

    sockaddr_in6 six{};
    six.sin6_family = AF_INET6;
    six.sin6_port = htons(port);
    sockaddr_in four{};
    four.sin_family = AF_INET;
    four.sin_port = htons(port);
    if (both) setsockopt(listener, IPPROTO_IPV6, IPV6_V6ONLY, &no, sizeof no);
    const int bound = both ? bind(listener, reinterpret_cast<sockaddr*>(&six), sizeof six)
                           : bind(listener, reinterpret_cast<sockaddr*>(&four), sizeof four);
    if (bound != 0) fail("bind");
    if (listen(listener, SOMAXCONN) != 0) fail("listen");
    return listener;
}

// The head of a request: everything up to the empty line. Nothing when the client leaves or says too much.
std::optional<std::string> read_head(int client) {
    std::string head;
    char buffer[4096];
    while (head.find("\r\n\r\n") == std::string::npos) {
        const ssize_t read = recv(client, buffer, sizeof buffer, 0);
        if (read <= 0) return std::nullopt;
        head.append(buffer, static_cast<std::size_t>(read));
        if (head.size() > longest_head) break;
    }
    return head;
}

std::optional<Request> parse(std::string_view head) {
    const std::string_view line = head.substr(0, head.find("\r\n"));
    const std::size_t first = line.find(' ');
    const std::size_t second = first == std::string_view::npos ? first : line.find(' ', first + 1);
    if (second == std::string_view::npos || !line.substr(second + 1).starts_with("HTTP/1.")) return std::nullopt;
    const std::string_view target = line.substr(first + 1, second - first - 1);
    if (!target.starts_with('/')) return std::nullopt;
    return Request{std::string(line.substr(0, first)), std::string(target.substr(0, target.find('?')))};
}

void write_all(int client, std::string_view text) {
    while (!text.empty()) {
        const ssize_t written = send(client, text.data(), text.size(), MSG_NOSIGNAL);
        if (written <= 0) return;
        text.remove_prefix(static_cast<std::size_t>(written));
    }
}

void answer(int client, const Response& response, bool with_body) {
    std::string text = "HTTP/1.1 " + std::to_string(response.status) + ' ' + reason(response.status) +
                       "\r\nContent-Type: " + response.type +
                       "\r\nContent-Length: " + std::to_string(response.body.size()) + "\r\nConnection: close\r\n\r\n";
    if (with_body) text += response.body;
    write_all(client, text);
}

Response respond(const std::string& head, const Handler& handler) {
    if (head.size() > longest_head) return {431, "{\"error\":\"too long\"}\n"};
    const std::optional<Request> request = parse(head);
    if (!request) return {400, "{\"error\":\"bad request\"}\n"};
    try {
        return handler(*request);
    } catch (const std::exception& error) {
        std::cerr << "cannot answer " << request->path << ": " << error.what() << std::endl;
        return {500, "{\"error\":\"internal\"}\n"};
    }
}

// A connection that is closed while something of the client is unread loses the answer: what is left is read first.
void drain(int client) {
    shutdown(client, SHUT_WR);
    const timeval little{1, 0};
    setsockopt(client, SOL_SOCKET, SO_RCVTIMEO, &little, sizeof little);
    char buffer[4096];
    for (int round = 0; round < 64 && recv(client, buffer, sizeof buffer, 0) > 0; ++round) {
    }
}

void converse(int client, const Handler& handler) {
    setsockopt(client, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    setsockopt(client, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    const std::optional<std::string> head = read_head(client);
    if (!head) return;
    answer(client, respond(*head, handler), !head->starts_with("HEAD "));
    drain(client);
}

void accept_one(int listener, Connections& connections, const Handler& handler) {
    const int client = accept4(listener, nullptr, nullptr, SOCK_CLOEXEC);
    if (client < 0) return;
    connections.enter();
    std::thread([client, &connections, &handler] {
        {
            const Socket owner(client);
            converse(client, handler);
        }
        connections.leave();
    }).detach();
}

}  // namespace

void serve(std::uint16_t port, int stop, const Handler& handler) {
    // Threads that outlast the grace still use these, so they live as long as the process.
    static Connections connections;
    static Handler kept;
    kept = handler;
    {
        const Socket listener(listen_on(port));
        std::cout << "listening on port " << port << std::endl;
        pollfd watched[] = {{listener.number(), POLLIN, 0}, {stop, POLLIN, 0}};
        while ((watched[1].revents & POLLIN) == 0) {
            if (poll(watched, 2, -1) < 0 && errno != EINTR) fail("poll");
            if ((watched[0].revents & POLLIN) != 0) accept_one(listener.number(), connections, kept);
        }
    }
    if (!connections.wait_for_all(grace)) {
        std::cerr << "some requests did not complete in time" << std::endl;
    }
}

}  // namespace http
