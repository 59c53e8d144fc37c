#include "journey/listening.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>

#include "analysis/alignment_finder.h"
#include "analysis/analyze_file.h"
#include "audiofile/resampler.h"
#include "core/content_hash.h"
#include "journey/bounces.h"
#include "session/import.h"
#include "session/kinship.h"

namespace tonewright {

namespace {

constexpr double kPartSeconds = 10.0;   // microphones are compared in parts of this length
constexpr int kParts = 3;               // the loudest of them: half a minute tells, and costs the same for an hour
constexpr int kLowEndParts = 6;
constexpr int kBlockFrames = 8192;
// A single track's true peak and key decide nothing in a mix.
constexpr AnalysisOptions kTrackListening{.truePeak = false, .sketch = true, .rhythm = true, .key = false, .separation = false, .resonances = false, .timbre = true};

// The parts of the song in which microphones have most to say together, as indices in time order.
std::vector<int> telling(const Session& session, const std::vector<std::size_t>& microphones, const std::vector<Analysis>& analyses, int most = kParts) {
    const double seconds = static_cast<double>(session.frames) / session.sampleRateHz;
    const int count = std::max(1, static_cast<int>(seconds / kPartSeconds + 0.5));
    std::vector<double> score(count);
    for (const std::size_t i : microphones) {
        const Sketch& sketch = analyses[i].sketch;
        std::vector<double> power(count);
        double sum = 0.0;
        for (int f = 0; f < sketch.frames; ++f) {
            const double time = static_cast<double>(session.tracks[i].startFrame) / session.sampleRateHz + f * sketch.frameSeconds;
            const int part = std::min(count - 1, static_cast<int>(time / kPartSeconds));
            for (int band = 0; band < kErbBands; ++band) power[part] += sketch.at(f, band);
        }
        for (double p : power) sum += p;
        if (sum > 0.0)
            for (int part = 0; part < count; ++part) score[part] += power[part] / sum;  // every microphone has one vote
    }
    std::vector<int> parts(count);
    std::iota(parts.begin(), parts.end(), 0);
    std::stable_sort(parts.begin(), parts.end(), [&](int a, int b) { return score[a] > score[b]; });
    parts.resize(std::min(count, most));
    std::sort(parts.begin(), parts.end());
    return parts;
}

// A track as one channel at the session's rate and place in time.
class MonoReader {
public:
    MonoReader(const Track& track, int sampleRateHz)
        : reader_(atRate(openRecording(track.path, track.channelUse), sampleRateHz)), start_(track.startFrame), buffer_(reader_->info().channels, kBlockFrames) {}

    void read(std::int64_t at, int frames, float* to) {
        std::fill_n(to, frames, 0.0f);
        const std::int64_t from = std::max(at, start_), end = std::min(at + frames, start_ + reader_->info().frames);
        if (from >= end) return;
        if (reader_->position() != from - start_) reader_->seek(from - start_);
        const int got = reader_->read(buffer_.block(static_cast<int>(end - from)));
        for (int c = 0; c < buffer_.numChannels(); ++c)
            for (int n = 0; n < got; ++n) to[from - at + n] += buffer_.channel(c)[n];
    }

private:
    std::unique_ptr<AudioReader> reader_;
    std::int64_t start_;
    BlockBuffer buffer_;
};

// Compares tracks (indices) where they have most to say.
AlignmentFinder compared(const Session& session, const std::vector<std::size_t>& microphones, const std::vector<Analysis>& analyses, Progress& progress) {
    std::vector<std::unique_ptr<MonoReader>> readers;
    for (const std::size_t i : microphones) readers.push_back(std::make_unique<MonoReader>(session.tracks[i], session.sampleRateHz));
    const int count = static_cast<int>(microphones.size());
    AlignmentFinder finder(count, session.sampleRateHz);
    BlockBuffer block(count, kBlockFrames);
    const auto partFrames = static_cast<std::int64_t>(kPartSeconds * session.sampleRateHz);
    int before = -1;
    for (int part : telling(session, microphones, analyses)) {
        if (before >= 0 && part != before + 1) finder.skip();
        before = part;
        const std::int64_t end = std::min<std::int64_t>((part + 1) * partFrames, session.frames);
        for (std::int64_t at = part * partFrames; at < end; at += kBlockFrames) {
            progress.throwIfCancelled();
            const int frames = static_cast<int>(std::min<std::int64_t>(kBlockFrames, end - at));
            for (int i = 0; i < count; ++i) readers[i]->read(at, frames, block.channel(i));
            finder.add(block.block(frames));
        }
    }
    return finder;
}

// Where no name says which tracks are microphones of one thing, their waveforms do.
void groupUnnamed(Session& session, const std::vector<Analysis>& analyses, Progress& progress) {
    constexpr std::size_t kMost = 40;  // of a set: pairs grow with the square
    std::vector<Sound> sounds;
    for (std::vector<std::size_t> set : likelyKin(session, analyses)) {
        if (sounds.empty())
            for (const Analysis& analysis : analyses) sounds.push_back(soundOf(analysis));
        if (set.size() > kMost) set.resize(kMost);
        AlignmentFinder finder = compared(session, set, analyses, progress);
        const auto at = [&](std::size_t track) { return static_cast<int>(std::ranges::find(set, track) - set.begin()); };
        groupKin(session, set, sounds, [&](std::size_t a, std::size_t b) {
            const auto found = finder.pair(at(a), at(b));
            return found && areKin(sounds[a], sounds[b], *found);
        });
    }
}

// Where most of a group's microphones stand in time, against their reference, in whole frames: the reference itself may be the
// one that is late, and would take the whole kit along. Of two nobody is the middle.
double usualMoveFrames(const GroupAlignment& found) {
    constexpr double kSure = 0.3;
    std::vector<double> moves;
    for (const auto& mic : found.microphones)
        if (mic && mic->confidence >= kSure) moves.push_back(-mic->delayFrames);
    if (moves.size() < 3) return 0.0;
    std::ranges::sort(moves);
    const std::size_t middle = moves.size() / 2;
    return std::round(moves.size() % 2 ? moves[middle] : 0.5 * (moves[middle - 1] + moves[middle]));
}

struct GroupHeard {
    std::map<std::string, TrackAlignment> alignments;
    std::optional<GroupTreble> treble;
};

void alignGroup(const Session& session, const Group& group, const std::vector<Analysis>& analyses, GroupHeard& out, Progress& progress) {
    std::vector<std::size_t> members;
    for (std::size_t i = 0; i < session.tracks.size(); ++i)
        if (session.tracks[i].group == group.id && !session.tracks[i].silent) members.push_back(i);
    if (members.size() < 2) return;
    // Which one the others are compared with must not depend on their names: the brightest comes first.
    std::ranges::stable_sort(members, std::ranges::greater{}, [&](std::size_t i) { return std::round(analyses[i].spectrum.centroidHz.value_or(0.0)); });
    const int count = static_cast<int>(members.size());
    AlignmentFinder finder = compared(session, members, analyses, progress);
    const GroupAlignment found = finder.result();
    out.treble = GroupTreble{std::vector<int>(members.begin(), members.end()), finder.sharedTreble()};
    // Of two polarities the more common one is right: the reference itself may be the odd one out.
    const auto inverted = std::count_if(found.microphones.begin(), found.microphones.end(), [](const auto& mic) { return mic && mic->inverted; });
    const auto known = std::count_if(found.microphones.begin(), found.microphones.end(), [](const auto& mic) { return mic.has_value(); });
    const bool turnAll = 2 * inverted > known;
    const double usual = usualMoveFrames(found);
    for (int i = 0; i < count; ++i) {
        if (!found.microphones[i]) continue;
        const MicrophoneOffset& mic = *found.microphones[i];
        out.alignments[session.tracks[members[i]].id] = {.delayFrames = -mic.delayFrames - usual,
                              .inverted = mic.inverted != turnAll,
                              .confidence = mic.confidence,
                              .reference = session.tracks[members[found.reference]].id,
                              .lowAgreement = i == found.reference ? std::nullopt : std::optional(mic.lowAgreement)};
    }
}

// How all tracks add up in the low end, where they have most to say.
std::optional<LowEnd> compareLowEnd(const Session& session, const std::vector<Analysis>& analyses, WorkPool& pool, Progress& progress) {
    const int count = static_cast<int>(session.tracks.size());
    std::vector<std::size_t> sounding;
    for (std::size_t i = 0; i < session.tracks.size(); ++i)
        if (!session.tracks[i].silent) sounding.push_back(i);
    if (sounding.size() < 2) return std::nullopt;
    std::vector<std::unique_ptr<MonoReader>> readers(count);
    for (const std::size_t i : sounding) readers[i] = std::make_unique<MonoReader>(session.tracks[i], session.sampleRateHz);
    const std::vector<int> parts = telling(session, sounding, analyses, kLowEndParts);
    progress.stage("Comparing the low end", static_cast<std::int64_t>(parts.size()) * count);
    LowEnd lowEnd(count, session.sampleRateHz);
    const auto partFrames = static_cast<std::int64_t>(kPartSeconds * session.sampleRateHz);
    std::vector<std::vector<float>> reduced(count);
    for (const int part : parts) {
        const std::int64_t from = part * partFrames;
        const int frames = static_cast<int>(std::min<std::int64_t>(partFrames, session.frames - from));
        pool.forEach(count, [&](int i) {
            std::vector<float> samples(frames);
            for (int at = 0; readers[i] && at < frames; at += kBlockFrames) {
                progress.throwIfCancelled();
                readers[i]->read(from + at, std::min(kBlockFrames, frames - at), samples.data() + at);
            }
            reduced[i] = LowEnd::reduced(samples, session.sampleRateHz);
            progress.advance(1);
        });
        lowEnd.add(reduced);
    }
    return lowEnd;
}

}  // namespace

Listening listenTo(Session& session, WorkPool& pool, Progress& progress) {
    const int count = static_cast<int>(session.tracks.size());
    Listening heard;
    heard.analyses.resize(count);
    heard.hashes.resize(count);
    std::int64_t frames = 0;
    for (const Track& track : session.tracks) frames += track.info.frames;
    progress.stage("Listening to " + std::to_string(count) + (count == 1 ? " track" : " tracks"), frames);
    pool.forEach(count, [&](int i) {
        heard.analyses[i] = analyzeStream(*openRecording(session.tracks[i].path, session.tracks[i].channelUse), kTrackListening, progress);
        heard.hashes[i] = contentHash(session.tracks[i].path);
    });
    recogniseBounces(session, heard.analyses, progress);
    applyAnalysis(session, heard.analyses);
    groupUnnamed(session, heard.analyses, progress);

    std::vector<const Group*> groups;
    for (const Group& group : session.groups)
        if (group.kind == "kit" || group.kind == "multi-mic") groups.push_back(&group);
    if (!groups.empty()) {
        progress.stage("Comparing microphones", static_cast<std::int64_t>(groups.size()));
        std::vector<GroupHeard> found(groups.size());
        pool.forEach(static_cast<int>(groups.size()), [&](int g) {
            alignGroup(session, *groups[g], heard.analyses, found[g], progress);
            progress.advance(1);
        });
        for (GroupHeard& group : found) {
            heard.alignments.merge(group.alignments);
            if (group.treble) heard.treble.push_back(std::move(*group.treble));
        }
    }
    heard.lowEnd = compareLowEnd(session, heard.analyses, pool, progress);
    return heard;
}

}  // namespace tonewright
