#include "../src/app.hpp"

#include <iostream>
#include <string>

namespace {

int failures = 0;

void expect(bool holds, const std::string& what) {
    if (!holds) {
        std::cerr << "failed: " << what << '\n';
        ++failures;
    }
}

}  // namespace

int main() {
    expect(app::greeting().find(R"("message":"Hello, world!")") != std::string::npos, "the greeting greets the world");
    expect(app::greeting().find(app::version()) != std::string::npos, "the greeting has the version");
    expect(app::health().find(R"("status":"ok")") != std::string::npos, "the health is ok");
    return failures == 0 ? 0 : 1;
}
