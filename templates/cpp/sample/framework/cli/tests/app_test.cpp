#include "../src/app.hpp"

#include <iostream>
#include <sstream>
#include <string>
#include <vector>

namespace {

int failures = 0;

void expect(const std::vector<std::string_view>& arguments, int code, const std::string& said) {
    std::ostringstream out;
    std::ostringstream complaints;
    const int actual = app::run("tool", arguments, out, complaints);
    if (actual != code || out.str() != said) {
        std::cerr << "failed: " << actual << " and `" << out.str() << "` instead of " << code << " and `" << said << "`\n";
        ++failures;
    }
}

}  // namespace

int main() {
    expect({}, 0, "Hello, world!\n");
    expect({"Ada"}, 0, "Hello, Ada!\n");
    expect({"--shout", "Ada"}, 0, "HELLO, ADA!\n");
    expect({"Ada", "Grace"}, 2, "");
    expect({"--wrong"}, 2, "");
    return failures == 0 ? 0 : 1;
}
