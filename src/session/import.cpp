#include "session/import.h"

#include <algorithm>
#include <functional>
#include <map>
#include <set>

#include "core/text.h"
#include "core/work_pool.h"
#include "session/file_search.h"
#include "session/name_parser.h"
#include "session/name_text.h"
#include "session/time_references.h"

namespace tonewright {

namespace fs = std::filesystem;

namespace {

constexpr int kMostChannels = 2;

// Names are shown to people and written as JSON: no line breaks, no broken UTF-8.
std::string shownName(const fs::path& path) {
    std::string name = printable(path.stem().string());
    return name.empty() ? "track" : name;
}

// "01 Kick" is "kick"; a number that is the whole name stays.
std::string idOf(const std::string& name) {
    const std::string slug = slugOf(name);
    std::size_t digits = 0;
    while (digits < slug.size() && slug[digits] >= '0' && slug[digits] <= '9') ++digits;
    const bool numbered = digits > 0 && digits <= 3 && digits + 1 < slug.size() && slug[digits] == '-' && slug.substr(0, digits) != "808" && slug.substr(0, digits) != "909";
    return numbered ? slug.substr(digits + 1) : slug;
}

void giveIds(std::vector<Track>& tracks) {
    std::set<std::string> taken = {"mix", "master"};  // the buses' names in a plan
    for (Track& track : tracks) {
        const std::string wanted = idOf(track.name);
        track.id = wanted;
        for (int i = 2; !taken.insert(track.id).second; ++i) track.id = wanted + "-" + std::to_string(i);
    }
}

// The rate of most of the material; of two equals the higher.
int commonRate(const std::vector<Track>& tracks) {
    std::map<int, double> secondsOf;
    for (const Track& track : tracks) secondsOf[track.info.sampleRateHz] += track.info.seconds();
    int best = 0;
    for (const auto& [rate, seconds] : secondsOf)  // from low to high
        if (best == 0 || seconds >= secondsOf[best] - 1e-9) best = rate;
    return best;
}

// Every file that cannot be used, in one message: mending them one by one is no fun.
class Refusals {
public:
    void add(const std::string& text) { texts_.push_back(text); }
    void throwIfAny() const {
        if (texts_.empty()) return;
        if (texts_.size() == 1) throw InputError(texts_.front());
        throw InputError(std::to_string(texts_.size()) + " files cannot be used:\n  " + join(texts_, "\n  "));
    }

private:
    std::vector<std::string> texts_;
};

Track readHeader(const FoundFile& file) {
    Track track;
    track.path = file.path;
    const auto reader = openAudio(file.path);
    track.info = reader->info();
    track.name = shownName(file.path);
    if (track.info.channels > kMostChannels)
        throw InputError(file.path.string() + ": has " + std::to_string(track.info.channels) +
                         " channels, and it is not known what they are. Export it as stereo or mono files.");
    track.channelUse = findChannelUse(*reader);
    if (track.channelUse != ChannelUse::both) track.info.channels = 1;
    return track;
}

std::vector<Track> readHeaders(const std::vector<FoundFile>& files, int threads, Progress& progress) {
    progress.stage("Looking at " + std::to_string(files.size()) + (files.size() == 1 ? " file" : " files"), static_cast<std::int64_t>(files.size()));
    std::vector<Track> tracks(files.size());
    std::vector<std::string> mistakes(files.size());
    WorkPool pool(threads);
    pool.forEach(static_cast<int>(files.size()), [&](int i) {
        progress.throwIfCancelled();
        try {
            tracks[i] = readHeader(files[i]);
        } catch (const InputError& error) {
            mistakes[i] = error.what();
            if (!files[i].given) mistakes[i] += std::string(mistakes[i].ends_with('.') ? "" : ".") + " If it does not belong to the song, move it out of the folder.";
        }
        progress.advance(1);
    });
    Refusals refusals;
    for (const std::string& mistake : mistakes)
        if (!mistake.empty()) refusals.add(mistake);
    refusals.throwIfAny();
    return tracks;
}

// A rough mix among its own tracks would play everything twice.
void setFinishedMixesAside(std::vector<Track>& tracks, const std::vector<FoundFile>& files, std::vector<Warning>& warnings) {
    constexpr double kSure = 0.8;
    const auto isMix = [](const Track& track) { return track.role == "mix/programme" && track.roleConfidence >= kSure; };
    if (std::ranges::count_if(tracks, std::not_fn(isMix)) < 2) return;
    std::vector<Track> kept;
    for (std::size_t i = 0; i < tracks.size(); ++i) {
        if (isMix(tracks[i]) && !files[i].given)
            warnings.push_back({"session.mix-left-out", tracks[i].path.string() + ": was left out, because its name says that it is a finished mix. "
                                                                                  "Name the file itself on the command line if it is a track."});
        else
            kept.push_back(std::move(tracks[i]));
    }
    tracks = std::move(kept);
}

void readRoles(std::vector<Track>& tracks, const std::vector<FoundFile>& files) {
    std::vector<NameToRead> names;
    for (std::size_t i = 0; i < tracks.size(); ++i) names.push_back({tracks[i].path.stem().string(), files[i].folders});
    const std::vector<NameReading> readings = readNames(names);
    for (std::size_t i = 0; i < tracks.size(); ++i) {
        Track& track = tracks[i];
        const NameReading& reading = readings[i];
        track.role = reading.role;
        track.roleConfidence = reading.confidence;
        track.roleSource = reading.role == kUnknownRole ? role_source::kNone : role_source::kName;
        track.microphone = reading.microphone;
        track.side = reading.side;
        track.number = reading.number;
        track.isDouble = reading.isDouble;
        track.isLead = reading.isLead;
        track.nameKey = reading.key;
    }
}

}  // namespace

Session importSession(const std::vector<fs::path>& inputs, const ImportOptions& options, Progress* progress) {
    NoProgress silent;
    Session session;
    const std::vector<FoundFile> files = findSoundFiles(inputs, session.warnings);
    if (files.empty()) {
        std::vector<std::string> places;
        for (const fs::path& input : inputs) places.push_back(input.string());
        throw InputError((places.empty() ? "no input" : join(places, ", ")) +
                         ": there are no sound files here. Put the song's tracks into the folder, one file an instrument: WAV, AIFF, FLAC, MP3, Ogg, Opus or M4A.");
    }
    session.tracks = readHeaders(files, options.threads, progress ? *progress : silent);
    readRoles(session.tracks, files);
    setFinishedMixesAside(session.tracks, files, session.warnings);
    giveIds(session.tracks);
    for (const Track& track : session.tracks)
        session.warnings.insert(session.warnings.end(), track.info.warnings.begin(), track.info.warnings.end());
    session.sampleRateHz = options.sampleRateHz > 0 ? options.sampleRateHz : commonRate(session.tracks);
    placeTracks(session);
    return session;
}

}  // namespace tonewright
