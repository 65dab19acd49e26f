#include "../src/app.hpp"

#include <iostream>

int main() {
    if (app::tick(3) != "tick 3") {
        std::cerr << "failed: a round of work says which it is\n";
        return 1;
    }
    return 0;
}
