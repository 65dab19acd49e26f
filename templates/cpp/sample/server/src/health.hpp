#pragma once

#include <cstdint>

// Asks the server that runs in the same container for `/healthz`; whether it answers 200. HEALTHCHECK calls it: the image
// has no curl.
bool healthy(std::uint16_t port);

// The port that PORT names, 8080 when that is not set. Throws what is wrong with it.
std::uint16_t port_from_environment();
