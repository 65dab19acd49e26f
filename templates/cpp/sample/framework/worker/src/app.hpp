// The work, apart from when it is done.
#pragma once

#include <string>

namespace app {

// The version of the program, as the build was told it.
std::string version();

// One round of work; says what it did.
std::string tick(int round);

}  // namespace app
