#pragma once

#include <string>

// The first byte of the SHA-256 of the text.
int first_byte(const std::string& text);
