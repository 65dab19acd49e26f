// A small HTTP/1.1 server on POSIX sockets: a thread for each connection, a request for each connection.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

namespace http {

struct Request {
    std::string method;
    // Without what stands behind `?`.
    std::string path;
};

struct Response {
    int status = 200;
    std::string body;
    std::string type = "application/json";
};

using Handler = std::function<Response(const Request&)>;

// Answers on the port until the file descriptor `stop` can be read, then lets the requests in flight complete. Throws
// when it cannot listen.
void serve(std::uint16_t port, int stop, const Handler& handler);

}  // namespace http
