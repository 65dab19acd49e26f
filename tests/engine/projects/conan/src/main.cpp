#include <iostream>

int main() { std::cout << "built by way of Conan\n"; }
