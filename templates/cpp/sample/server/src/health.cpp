#include "health.hpp"

#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <cstdlib>
#include <stdexcept>
#include <string>
#include <string_view>

namespace {

constexpr std::string_view request = "GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

bool answers_ok(int server, std::uint16_t port) {
    const timeval patience{2, 0};
    setsockopt(server, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    setsockopt(server, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(server, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 ||
        send(server, request.data(), request.size(), MSG_NOSIGNAL) < 0) {
        return false;
    }
    char status[13] = {};
    const ssize_t read = recv(server, status, 12, MSG_WAITALL);
    return read == 12 && std::string_view(status).ends_with(" 200");
}

}  // namespace

bool healthy(std::uint16_t port) {
    const int server = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (server < 0) {
        return false;
    }
    const bool ok = answers_ok(server, port);
    close(server);
    return ok;
}

std::uint16_t port_from_environment() {
    const char* text = std::getenv("PORT");
    if (text == nullptr || *text == '\0') {
        return 8080;
    }
    char* end = nullptr;
    const unsigned long port = std::strtoul(text, &end, 10);
    if (*end != '\0' || port < 1 || port > 65535) {
        throw std::runtime_error("PORT is no port: " + std::string(text));
    }
    return static_cast<std::uint16_t>(port);
}
