// What the tool does, apart from how it is called.
#pragma once

#include <iosfwd>
#include <span>
#include <string_view>

namespace app {

// Does what the arguments say: results go to `out`, complaints to `complaints`. Returns the exit code.
int run(std::string_view name, std::span<const std::string_view> arguments, std::ostream& out, std::ostream& complaints);

}  // namespace app
