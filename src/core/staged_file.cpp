#include "core/staged_file.h"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <functional>
#include <system_error>

#include "core/error.h"

namespace tonewright {

namespace fs = std::filesystem;

namespace {

std::string reason(int error) { return std::generic_category().message(error); }

// What part files of a target begin with: ".NAME.", or a part of it and its hash where the whole would be too long for
// a file system.
std::string partPrefix(const fs::path& target) {
    constexpr std::size_t kLongest = 230, kKept = 200;  // of 255 bytes; the rest is for the process and ".part"
    const std::string name = target.filename().string();
    if (name.size() <= kLongest || name.size() > 255) return "." + name + ".";
    return "." + name.substr(0, kKept) + "~" + std::to_string(std::hash<std::string>()(name)) + ".";
}

void flushToDisk(const fs::path& path) {
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0) throw OutputError(path.string() + ": cannot be opened to make sure that it is on disk: " + reason(errno));
    const int result = ::fsync(file);
    const int error = errno;
    ::close(file);
    if (result != 0) throw OutputError(path.string() + ": cannot be flushed to disk: " + reason(error));
}

}  // namespace

StagedFiles::~StagedFiles() {
    std::error_code ignored;
    for (const Entry& entry : entries_) fs::remove(entry.part, ignored);
    for (auto folder = madeFolders_.rbegin(); folder != madeFolders_.rend(); ++folder) fs::remove(*folder, ignored);  // only if empty
}

void StagedFiles::check(const fs::path& wanted) const {
    std::error_code error;
    const fs::path target = fs::absolute(wanted).lexically_normal();
    if (fs::is_directory(target, error)) throw OutputError(wanted.string() + ": is a folder, so no file of that name can be written");
    if (!overwrite_ && fs::exists(fs::symlink_status(target, error)))
        throw OutputError(wanted.string() + ": exists already. Name another place with -o, or pass --force to replace it");

    for (const fs::path& input : protected_)
        if (fs::equivalent(target, input, error))
            throw OutputError(wanted.string() + ": is one of the recordings, and those are never replaced. Name another place with -o");
}

void StagedFiles::removeLeftovers(const fs::path& target) {
    const std::string prefix = partPrefix(target);
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(target.parent_path(), ignored)) {
        const std::string name = entry.path().filename().string();
        if (!name.starts_with(prefix) || !name.ends_with(".part")) continue;
        const std::string digits = name.substr(prefix.size(), name.size() - prefix.size() - 5);
        if (digits.empty() || digits.find_first_not_of("0123456789") != std::string::npos || digits.size() > 9) continue;
        const auto pid = static_cast<pid_t>(std::stol(digits));
        if (pid != ::getpid() && ::kill(pid, 0) != 0 && errno == ESRCH) fs::remove(entry.path(), ignored);
    }
}

fs::path StagedFiles::stage(const fs::path& wanted) {
    check(wanted);
    std::error_code error;
    const fs::path target = fs::absolute(wanted).lexically_normal();
    std::vector<fs::path> missing;
    for (fs::path folder = target.parent_path(); !fs::exists(folder, error) && folder.has_relative_path(); folder = folder.parent_path())
        missing.push_back(folder);
    for (auto folder = missing.rbegin(); folder != missing.rend(); ++folder) {
        if (!fs::create_directory(*folder, error) && error)
            throw OutputError(folder->string() + ": the folder cannot be made: " + error.message());
        madeFolders_.push_back(*folder);
    }
    removeLeftovers(target);
    const fs::path part = target.parent_path() / (partPrefix(target) + std::to_string(::getpid()) + ".part");
    const int file = ::open(part.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (file < 0)
        throw OutputError(target.parent_path().string() + ": cannot be written to: " + reason(errno) + ". Choose another place with -o");
    ::close(file);
    entries_.push_back({target, part});
    return part;
}

void StagedFiles::commit() {
    for (const Entry& entry : entries_) flushToDisk(entry.part);
    for (const Entry& entry : entries_) {
        std::error_code error;
        fs::rename(entry.part, entry.target, error);
        if (error) throw OutputError(entry.target.string() + ": cannot be put in place: " + error.message());
    }
    entries_.clear();
    madeFolders_.clear();
}

void writeTextFile(const fs::path& path, const std::string& text) {
    std::ofstream stream(path, std::ios::binary | std::ios::trunc);
    stream.write(text.data(), static_cast<std::streamsize>(text.size()));
    stream.close();
    if (!stream) throw OutputError(path.string() + ": cannot be written: " + reason(errno));
}

std::string readTextFile(const fs::path& path, std::size_t maxBytes) {
    std::error_code error;
    if (fs::is_directory(path, error)) throw InputError(path.string() + ": is a folder; a file is needed here");
    std::ifstream stream(path, std::ios::binary | std::ios::ate);
    if (!stream) throw InputError(path.string() + ": cannot be opened: " + reason(errno));
    const auto size = stream.tellg();
    if (size < 0 || static_cast<std::size_t>(size) > maxBytes) throw InputError(path.string() + ": is too large to be what is expected here");
    std::string text(static_cast<std::size_t>(size), '\0');
    stream.seekg(0);
    stream.read(text.data(), size);
    if (!stream) throw InputError(path.string() + ": reading failed: " + reason(errno));
    return text;
}

}  // namespace tonewright
