#include "app.hpp"

#ifndef APP_VERSION
#define APP_VERSION "dev"
#endif

namespace app {

std::string version() { return APP_VERSION; }

std::string tick(int round) { return "tick " + std::to_string(round); }

}  // namespace app
