// What the server says, apart from how it is asked.
#pragma once

#include <string>

namespace app {

// The version of the program, as the build was told it.
std::string version();

// The answer to `/`, as JSON.
std::string greeting();

// The answer to `/healthz`, as JSON.
std::string health();

}  // namespace app
