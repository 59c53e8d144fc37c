#pragma once
#include <filesystem>
#include <string>

namespace tonewright {

// "xxh3:" and 32 hex digits of a file's bytes: tells whether a plan still fits its recordings. Not for security.
// Throws InputError if the file cannot be read.
std::string contentHash(const std::filesystem::path& file);

}  // namespace tonewright
