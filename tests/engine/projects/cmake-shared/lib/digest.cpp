#include "digest.hpp"

#include <openssl/sha.h>

#include <array>

int first_byte(const std::string& text) {
    std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
    SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
    return digest[0];
}
