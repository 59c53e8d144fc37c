#include "audiofile/regular_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <system_error>

#include "core/error.h"

namespace tonewright {

namespace {

std::string reason(int error) { return std::generic_category().message(error); }

[[noreturn]] void refuseToOpen(const std::filesystem::path& path, int error) {
    const std::string name = path.string();
    if (error == ENOENT || error == ENOTDIR)
        throw InputError(name + ": does not exist. Check the spelling, and that the disk it lies on is connected");
    if (error == EACCES || error == EPERM)
        throw InputError(name + ": may not be read (" + reason(error) + "). Give yourself permission to read it, or copy it to a place of your own");
    throw InputError(name + ": cannot be opened: " + reason(error) + ". Check the disk, or copy the file to another one");
}

}  // namespace

RegularFile::RegularFile(const std::filesystem::path& path) : path_(path) {
    // Some devices act when they are opened, so their kind is asked before; and again after, when it cannot change any more.
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0) refuseToOpen(path, errno);
    const auto refuseOddKinds = [&] {
        if (S_ISDIR(status.st_mode)) throw InputError(path.string() + ": is a folder, not a sound file. Name the files in it");
        if (!S_ISREG(status.st_mode))
            throw InputError(path.string() + ": is a pipe or a device, not a file. Save the sound to a file first and name that one");
    };
    refuseOddKinds();
    file_ = ::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    if (file_ < 0) refuseToOpen(path, errno);
    try {
        if (::fstat(file_, &status) != 0) refuseToOpen(path, errno);
        refuseOddKinds();
        size_ = status.st_size;
        if (size_ == 0)
            throw InputError(path.string() + ": is empty (0 bytes). The recording or the copy was probably interrupted; copy or export it again");
    } catch (...) {
        ::close(file_);
        throw;
    }
}

RegularFile::~RegularFile() { ::close(file_); }

std::size_t RegularFile::readAt(std::int64_t offset, std::span<unsigned char> bytes) const {
    std::size_t done = 0;
    while (done < bytes.size()) {
        const ssize_t got = ::pread(file_, bytes.data() + done, bytes.size() - done, offset + static_cast<std::int64_t>(done));
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) throw InputError(path_.string() + ": reading failed: " + reason(errno) + ". The disk may be damaged; try a copy of the file");
        if (got == 0) break;
        done += static_cast<std::size_t>(got);
    }
    return done;
}

}  // namespace tonewright
