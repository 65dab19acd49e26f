#include <iostream>

#include "../lib/digest.hpp"

int main() { std::cout << "the first byte is " << first_byte("parts") << '\n'; }
