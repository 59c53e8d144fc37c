#pragma once
#include <filesystem>
#include <string>
#include <vector>

namespace tonewright {

// Results are written beside their final names, as ".NAME.PID.part", and renamed together once all of them are
// complete and checked. Whatever goes wrong before that (a full disk, a bad input, a signal, a kill) leaves earlier
// results as they were and no file under a final name. Part files of processes that were killed are removed when the
// same names are staged again.
class StagedFiles {
public:
    // overwrite = false: stage() refuses a name that exists.
    explicit StagedFiles(bool overwrite) : overwrite_(overwrite) {}
    ~StagedFiles();
    StagedFiles(const StagedFiles&) = delete;
    StagedFiles& operator=(const StagedFiles&) = delete;

    // A file that must never be replaced, not even with overwrite: a recording that is being read. Links to it count.
    void protect(const std::filesystem::path& input) { protected_.push_back(input); }

    // Throws what stage() would throw for a name that may not be taken, and makes nothing.
    void check(const std::filesystem::path& target) const;

    // The path to write to for a file that shall be called `target`. Makes missing folders.
    // Throws OutputError if the target exists (without overwrite), is protected, or its folder cannot be made or written.
    std::filesystem::path stage(const std::filesystem::path& target);

    // Removes what killed processes left of a file that shall be called `target`; stage() does so for what it stages.
    static void removeLeftovers(const std::filesystem::path& target);

    // Flushes all of them to disk and gives them their final names. Throws OutputError.
    void commit();

private:
    struct Entry {
        std::filesystem::path target, part;
    };
    bool overwrite_;
    std::vector<std::filesystem::path> protected_;
    std::vector<Entry> entries_;
    std::vector<std::filesystem::path> madeFolders_;
};

// Writes a whole text to a staged path. Throws OutputError naming the file and the system's reason.
void writeTextFile(const std::filesystem::path& path, const std::string& text);

// Reads a whole text. Throws InputError; files beyond `maxBytes` are refused.
std::string readTextFile(const std::filesystem::path& path, std::size_t maxBytes = 256u << 20);

}  // namespace tonewright
