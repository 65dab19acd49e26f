#include "app.hpp"

#ifndef APP_VERSION
#define APP_VERSION "dev"
#endif

namespace app {

std::string version() { return APP_VERSION; }

std::string greeting() { return R"({"message":"Hello, world!","version":")" + version() + "\"}\n"; }

std::string health() { return "{\"status\":\"ok\"}\n"; }

}  // namespace app
