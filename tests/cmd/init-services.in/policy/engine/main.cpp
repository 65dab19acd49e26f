#include <sys/socket.h>
#include <netinet/in.h>

int main() {
    sockaddr_in address{};
    address.sin_port = htons(9100);
    int server = socket(AF_INET, SOCK_STREAM, 0);
    bind(server, (sockaddr *)&address, sizeof address);
    listen(server, 5);
    for (;;) accept(server, nullptr, nullptr);
}
