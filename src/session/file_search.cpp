#include "session/file_search.h"

#include <algorithm>
#include <array>
#include <set>
#include <string_view>

#include "core/text.h"

namespace tonewright {

namespace fs = std::filesystem;

namespace {

constexpr std::array<std::string_view, 22> kSoundEndings = {".wav", ".wave", ".bwf", ".rf64", ".w64", ".aif", ".aiff", ".aifc", ".caf", ".flac", ".ogg",
                                                            ".oga", ".opus", ".mp3", ".m4a", ".aac", ".alac", ".wma", ".au", ".snd", ".mp4", ".mka"};

// What other programs keep beside sound files: not worth a word.
constexpr std::array<std::string_view, 16> kCompanions = {".asd", ".reapeaks", ".pkf", ".peak", ".pk", ".ovw", ".wfm", ".json", ".html", ".txt", ".md",
                                                          ".pdf", ".jpg", ".png", ".mid", ".ini"};

std::string endingOf(const fs::path& path) { return lowerAscii(path.extension().string()); }

bool isHidden(const fs::path& path) { return path.filename().string().starts_with('.'); }

// "mix.wav" and "master.wav" beside plan.json, "song.wav" beside "song.plan.json".
bool isOurResult(const fs::path& path) {
    std::error_code ignored;
    const std::string stem = path.stem().string();
    if ((stem == "mix" || stem == "master") && fs::exists(path.parent_path() / "plan.json", ignored)) return true;
    return fs::exists(path.parent_path() / (stem + ".plan.json"), ignored);
}

bool isOurStems(const fs::path& folder) {
    std::error_code ignored;
    return (folder.filename() == "stems" || folder.filename() == "alternates") && fs::exists(folder.parent_path() / "plan.json", ignored);
}

class Search {
public:
    void folder(const fs::path& folder, const std::string& below) {
        std::error_code failure;
        fs::directory_iterator entries(folder, failure);
        if (failure)
            throw InputError(folder.string() + ": the folder cannot be listed (" + failure.message() + "). Check that you may read it.");
        for (const fs::directory_entry& entry : entries) {
            const fs::path& path = entry.path();
            if (isHidden(path)) continue;
            std::error_code ignored;
            if (entry.is_directory(ignored)) {
                if (!entry.is_symlink(ignored) && !isOurStems(path))  // a link may lead back to where we are
                    this->folder(path, (below.empty() ? "" : below + "/") + path.filename().string());
            } else if (std::ranges::count(kSoundEndings, endingOf(path))) {
                if (!isOurResult(path)) add({path, below, false});
            } else if (!std::ranges::count(kCompanions, endingOf(path))) {
                others_.push_back(path.filename().string());
            }
        }
    }

    void add(FoundFile file) {
        std::error_code failure;
        const fs::path whole = fs::weakly_canonical(file.path, failure);
        const auto [entry, isNew] = known_.insert(failure ? fs::absolute(file.path) : whole);
        if (isNew) {
            found.push_back(std::move(file));
            return;
        }
        // The folder says more than the bare file; being named makes a file wanted.
        for (FoundFile& earlier : found)
            if (fs::weakly_canonical(earlier.path, failure) == *entry) {
                earlier.given = earlier.given || file.given;
                if (earlier.folders.size() < file.folders.size()) earlier.folders = file.folders;
            }
    }

    void warnOfOthers(std::vector<Warning>& warnings) {
        if (others_.empty()) return;
        constexpr std::size_t kNamed = 5;
        std::ranges::sort(others_);
        std::vector<std::string> named(others_.begin(), others_.begin() + static_cast<std::ptrdiff_t>(std::min(kNamed, others_.size())));
        std::string text = others_.size() == 1 ? "One file was left out because its name does not end like a sound file: "
                                               : std::to_string(others_.size()) + " files were left out because their names do not end like sound files: ";
        warnings.push_back({"session.not-sound", text + join(named, ", ") + (others_.size() > kNamed ? " ..." : ".")});
    }

    std::vector<FoundFile> found;

private:
    std::set<fs::path> known_;
    std::vector<std::string> others_;
};

// "Take 2" before "Take 10", capitals as small letters.
bool naturalLess(std::string_view a, std::string_view b) {
    const auto isDigit = [](char c) { return c >= '0' && c <= '9'; };
    std::size_t i = 0, j = 0;
    while (i < a.size() && j < b.size()) {
        if (isDigit(a[i]) && isDigit(b[j])) {
            while (i < a.size() && a[i] == '0') ++i;
            while (j < b.size() && b[j] == '0') ++j;
            std::size_t endA = i, endB = j;
            while (endA < a.size() && isDigit(a[endA])) ++endA;
            while (endB < b.size() && isDigit(b[endB])) ++endB;
            if (endA - i != endB - j) return endA - i < endB - j;
            if (const int order = a.substr(i, endA - i).compare(b.substr(j, endB - j))) return order < 0;
            i = endA;
            j = endB;
        } else {
            if (a[i] != b[j]) return static_cast<unsigned char>(a[i]) < static_cast<unsigned char>(b[j]);
            ++i;
            ++j;
        }
    }
    return a.size() - i < b.size() - j;
}

}  // namespace

std::vector<FoundFile> findSoundFiles(const std::vector<fs::path>& inputs, std::vector<Warning>& warnings) {
    Search search;
    for (const fs::path& input : inputs) {
        std::error_code failure;
        const fs::file_status status = fs::status(input, failure);
        if (!fs::exists(status))
            throw InputError(input.string() + ": there is no such file or folder" +
                             (failure && failure != std::errc::no_such_file_or_directory ? " that can be reached (" + failure.message() + ")" : std::string()) +
                             ". Check the spelling.");
        if (fs::is_directory(status))
            search.folder(input, "");
        else
            search.add({input, "", true});
    }
    search.warnOfOthers(warnings);
    std::ranges::sort(search.found, [](const FoundFile& a, const FoundFile& b) {
        const std::string first = lowerAscii(a.folders + "/" + a.path.stem().string()), second = lowerAscii(b.folders + "/" + b.path.stem().string());
        if (naturalLess(first, second)) return true;
        if (naturalLess(second, first)) return false;
        return fs::absolute(a.path).lexically_normal() < fs::absolute(b.path).lexically_normal();
    });
    return std::move(search.found);
}

}  // namespace tonewright
