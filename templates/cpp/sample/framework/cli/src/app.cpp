#include "app.hpp"

#include <algorithm>
#include <cctype>
#include <ostream>
#include <string>

#ifndef APP_VERSION
#define APP_VERSION "dev"
#endif

namespace app {
namespace {

constexpr int wrong_usage = 2;

int usage(std::string_view name, std::ostream& where, int code) {
    where << "usage: " << name << " [--shout] [WHO]\n       " << name << " version\n";
    return code;
}

void shout(std::string& text) {
    std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::toupper(c); });
}

}  // namespace

int run(std::string_view name, std::span<const std::string_view> arguments, std::ostream& out,
        std::ostream& complaints) {
    bool loud = false;
    std::string_view who;
    for (const std::string_view argument : arguments) {
        if (argument == "--help") return usage(name, out, 0);
        if (argument == "--shout") {
            loud = true;
        } else if (argument.starts_with('-') || !who.empty()) {
            return usage(name, complaints, wrong_usage);
        } else {
            who = argument;
        }
    }
    if (who == "version") {
        out << name << ' ' << APP_VERSION << '\n';
        return 0;
    }
    std::string greeting = "Hello, " + std::string(who.empty() ? "world" : who) + "!";
    if (loud) shout(greeting);
    out << greeting << '\n';
    return 0;
}

}  // namespace app
