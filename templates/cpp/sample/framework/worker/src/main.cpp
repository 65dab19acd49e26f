#include <signal.h>

#include <cstdlib>
#include <iostream>

#include "app.hpp"

namespace {

// Seconds between the end of one round of work and the start of the next.
constexpr timespec interval{5, 0};

}  // namespace

int main() {
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    // Blocked: a round that has begun is completed, and the signal is taken while we wait.
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);

    std::cout << "working, version " << app::version() << std::endl;
    int round = 0;
    do {
        std::cout << app::tick(++round) << std::endl;
    } while (sigtimedwait(&signals, nullptr, &interval) < 0);
    std::cout << "stopped" << std::endl;
    return EXIT_SUCCESS;
}
