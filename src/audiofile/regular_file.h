#pragma once
#include <cstdint>
#include <filesystem>
#include <span>

namespace tonewright {

// A regular file opened for reading. Folders, pipes and devices are refused without waiting for them.
class RegularFile {
public:
    // Throws InputError: missing, no permission, not a regular file, empty.
    explicit RegularFile(const std::filesystem::path& path);
    ~RegularFile();
    RegularFile(const RegularFile&) = delete;
    RegularFile& operator=(const RegularFile&) = delete;

    const std::filesystem::path& path() const { return path_; }
    std::int64_t size() const { return size_; }

    // Reads at `offset` up to bytes.size() bytes; fewer at the end of the file. Throws InputError when the disk fails.
    std::size_t readAt(std::int64_t offset, std::span<unsigned char> bytes) const;

private:
    std::filesystem::path path_;
    std::int64_t size_ = 0;
    int file_ = -1;
};

}  // namespace tonewright
