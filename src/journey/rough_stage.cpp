#include "journey/rough_stage.h"

#include <algorithm>
#include <cmath>

#include "analysis/analyze_file.h"
#include "audiofile/resampler.h"
#include "core/error.h"
#include "core/text.h"

namespace tonewright {

namespace {

constexpr int kBlockFrames = 4096, kStereo = 2;
constexpr double kLagSeconds = 20.0, kMostLagSeconds = 10.0;  // heard for the lag, and how large it may be
constexpr double kSilentPower = 1e-9;
constexpr double kLeastOfSession = 0.1;   // of a rough mix's power, as waveforms; less, and it is another song

// One file's channels at the session's rate and place in time.
class PlacedReader {
public:
    PlacedReader(const std::filesystem::path& file, ChannelUse use, std::int64_t start, int sampleRateHz)
        : reader_(atRate(openRecording(file, use), sampleRateHz)), start_(start), buffer_(reader_->info().channels, kBlockFrames) {}

    int channels() const { return reader_->info().channels; }
    std::int64_t end() const { return start_ + reader_->info().frames; }
    void moveTo(std::int64_t start) { start_ = start; }

    // Frames at ... at + count - 1 into as many buffers as there are channels; silence where there is nothing.
    void read(std::int64_t at, int count, float* const* to) {
        for (int c = 0; c < channels(); ++c) std::fill_n(to[c], count, 0.0f);
        const std::int64_t from = std::max(at, start_), until = std::min(at + count, end());
        if (from >= until) return;
        if (reader_->position() != from - start_) reader_->seek(from - start_);
        const int got = reader_->read(buffer_.block(static_cast<int>(until - from)));
        for (int c = 0; c < channels(); ++c) std::copy_n(buffer_.channel(c), got, to[c] + (from - at));
    }

private:
    std::unique_ptr<AudioReader> reader_;
    std::int64_t start_;
    BlockBuffer buffer_;
};

// All recordings side by side, and the rough mix as two channels.
class Material {
public:
    Material(const Session& session, const std::filesystem::path& file) : rough_(file, ChannelUse::both, 0, session.sampleRateHz) {
        for (const Track& track : session.tracks) {
            channelOf.push_back(channels_);
            readers_.emplace_back(track.path, track.channelUse, track.startFrame, session.sampleRateHz);
            for (int c = 0; c < readers_.back().channels(); ++c)
                feeds.push_back(readers_.back().channels() != kStereo ? RoughFit::Feeds::both : c == 0 ? RoughFit::Feeds::left : RoughFit::Feeds::right);
            channels_ += readers_.back().channels();
        }
        recordings_ = BlockBuffer(channels_, kBlockFrames);
        mix_ = BlockBuffer(kStereo, kBlockFrames);
    }

    std::int64_t roughFrames() const { return rough_.end(); }
    void moveRough(std::int64_t start) { rough_.moveTo(start); }

    void read(std::int64_t at, int count) {
        for (std::size_t i = 0; i < readers_.size(); ++i) {
            std::vector<float*> to;
            for (int c = 0; c < readers_[i].channels(); ++c) to.push_back(recordings_.channel(channelOf[i] + c));
            readers_[i].read(at, count, to.data());
        }
        float* sides[kStereo] = {mix_.channel(0), mix_.channel(1)};
        rough_.read(at, count, sides);
        if (rough_.channels() == 1) std::copy_n(sides[0], count, sides[1]);
    }
    ConstBlock recordings(int count) { return recordings_.block(count); }
    ConstBlock mix(int count) { return mix_.block(count); }

    std::vector<int> channelOf;            // the first of each track's
    std::vector<RoughFit::Feeds> feeds;    // of each channel

private:
    PlacedReader rough_;
    std::vector<PlacedReader> readers_;
    int channels_ = 0;
    BlockBuffer recordings_{1, 1}, mix_{1, 1};
};

// Where the rough mix begins in the session: its sum against the recordings', from where both sound.
std::optional<std::int64_t> findStart(Material& material, const Session& session, Progress& progress) {
    const int rate = session.sampleRateHz;
    LagFinder finder(static_cast<int>(kLagSeconds * rate), static_cast<int>(kMostLagSeconds * rate));
    std::vector<float> sum(kBlockFrames), rough(kBlockFrames);
    bool sounds = false;
    std::int64_t heard = 0;
    for (std::int64_t at = 0; at < session.frames && heard < static_cast<std::int64_t>(kLagSeconds * rate); at += kBlockFrames) {
        progress.throwIfCancelled();
        material.read(at, kBlockFrames);
        const ConstBlock recordings = material.recordings(kBlockFrames), mix = material.mix(kBlockFrames);
        double own = 0.0, its = 0.0;
        for (int n = 0; n < kBlockFrames; ++n) {
            sum[n] = 0.0f;
            for (int c = 0; c < recordings.numChannels; ++c) sum[n] += recordings.channels[c][n];
            rough[n] = mix.channels[0][n] + mix.channels[1][n];
            own += static_cast<double>(sum[n]) * static_cast<double>(sum[n]);
            its += static_cast<double>(rough[n]) * static_cast<double>(rough[n]);
        }
        sounds = sounds || own > kSilentPower * kBlockFrames || its > kSilentPower * kBlockFrames;
        if (!sounds) continue;
        finder.addReference(sum.data(), kBlockFrames);
        finder.addTarget(rough.data(), kBlockFrames);
        heard += kBlockFrames;
    }
    const auto lag = finder.lag();
    return lag ? std::optional<std::int64_t>(-*lag) : std::nullopt;
}

}  // namespace

RoughBalance readRough(const std::filesystem::path& file, const Session& session, const Listening& heard, std::vector<Warning>& warnings, Progress& progress) {
    const AudioFileInfo info = openAudio(file)->info();
    if (info.channels > kStereo)
        throw InputError(file.string() + ": has " + std::to_string(info.channels) + " channels; a rough mix must be mono or stereo. Mix it down to stereo first");
    progress.stage("Fitting the recordings to the rough mix", session.frames + info.frames);
    const Analysis facts = analyzeFile(file, {.truePeak = false, .sketch = true, .rhythm = false, .key = false, .separation = false, .resonances = false}, progress);
    if (facts.activity.silent || !std::isfinite(facts.loudness.integratedLufs))
        throw InputError(file.string() + ": the rough mix is silent, so there is no balance to take from it. Check that the right file was exported");

    Material material(session, file);
    const std::optional<std::int64_t> start = findStart(material, session, progress);
    material.moveRough(start.value_or(0));
    RoughFit fit(material.feeds);
    const std::int64_t from = std::max<std::int64_t>(0, start.value_or(0)), end = std::min(session.frames, start.value_or(0) + material.roughFrames());
    for (std::int64_t at = from; at < end; at += kBlockFrames) {
        progress.throwIfCancelled();
        const int count = static_cast<int>(std::min<std::int64_t>(kBlockFrames, end - at));
        material.read(at, count);
        fit.add(material.recordings(count), material.mix(count));
        progress.advance(count);
    }
    RoughBalance balance = balanceFromGains(session, fit.result(), material.channelOf);
    if (balance.explainedShare < RoughTuning{}.leastExplained) {
        const double waveforms = balance.explainedShare;
        if (waveforms < kLeastOfSession)
            throw InputError(file.string() + ": this is not a rough mix of these recordings: they explain only " + fixed(100.0 * waveforms, 0) +
                             " % of it. Check that it is the same song, from the same takes, and begins within 10 s of them");
        balance = balanceFromLevels(session, heard.analyses, facts, start.value_or(0));
        warnings.push_back({"rough.levels", file.filename().string() + ": gains alone explain " + fixed(100.0 * waveforms, 0) +
                                                " % of the rough mix (effects have changed the recordings in it), so levels were taken from it by energy, and no pans."});
    }
    balance.name = file.filename().string();
    balance.loudnessLufs = facts.loudness.integratedLufs;
    return balance;
}

}  // namespace tonewright
