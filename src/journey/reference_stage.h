#pragma once
#include <filesystem>
#include <optional>
#include <vector>

#include "core/progress.h"
#include "core/work_pool.h"
#include "engineer/master/reference.h"
#include "plan/plan.h"
#include "report/report.h"

// The part of a master's journey in which it is matched to a reference.
namespace tonewright {

struct References {
    ReferenceProfile profile;                 // of all of them together
    std::vector<std::filesystem::path> files;
    std::vector<std::string> hashes;          // contentHash() of each
};

// Listens to references: sound files, folders of them, or profiles written by `tonewright profile`. nullopt if none is named.
// Throws InputError for what cannot be read or is silent, and for folders without sound files.
std::optional<References> readReferences(const std::vector<std::filesystem::path>& inputs, WorkPool& pool, Progress& progress);

// Writes them into the plan's intent, as seen from its folder, with a warning where the reference is the song itself.
void nameReferences(Plan& plan, const References& references, const std::filesystem::path& planFolder);

// Measures the song (analysed as `facts`) and decides the curves.
ReferenceMatch startMatch(const ReferenceProfile& profile, const Intent& intent, const std::filesystem::path& song, const Analysis& facts, Progress& progress);

// Closes the loop: renders the whole chain of plan.master, limiter included, measures what became of the spectra, and
// corrects the curves, at most three times. Steps that are locked or the user's own are left as they are.
void settleMatch(Plan& plan, ReferenceMatch& match, const std::filesystem::path& song, const Analysis& facts, int blockFrames, WorkPool& pool, Progress& progress);

// Song, reference and the master that was written, side by side.
MatchReport reportMatch(const ReferenceMatch& match, const std::filesystem::path& master, Progress& progress);

// The journey of `tonewright profile`: listens to references and writes what is kept of them. With a line or two for people.
ReferenceProfile writeProfile(const std::vector<std::filesystem::path>& inputs, const std::filesystem::path& output, bool force, int threads, Progress& progress);
std::string profileSummary(const ReferenceProfile& profile);

}  // namespace tonewright
