#include "demo/demo.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <limits>

#include "core/content_hash.h"
#include "core/decibels.h"
#include "core/error.h"
#include "core/staged_file.h"
#include "demo/faults.h"
#include "demo/fractional_delay.h"
#include "demo/recording.h"
#include "demo/synth.h"
#include "demo/track_file.h"
#include "demo/truth.h"

namespace tonewright {
namespace {

using namespace demo;

constexpr std::uint64_t kNoiseSeed = 7000, kDitherSeed = 9000;

int framesOf(double seconds, int sampleRateHz) { return static_cast<int>(std::lround(seconds * sampleRateHz)); }

float peakOf(const Channels& channels) {
    float peak = 0.0f;
    for (const std::vector<float>& channel : channels)
        for (float x : channel) peak = std::max(peak, std::abs(x));
    return peak;
}

void scale(Channels& channels, double gain) {
    for (std::vector<float>& channel : channels)
        for (float& x : channel) x = static_cast<float>(gain * x);
}

// One drum microphone after another, as heard in the room.
Channels recordMicrophones(const Composition& song, const std::filesystem::path& soundFont, double seconds, int sampleRateHz,
                           WorkPool& pool, Progress& progress) {
    Channels drums(numDrums);
    pool.forEach(numDrums, [&](int drum) {
        progress.throwIfCancelled();
        drums[drum] = playDrum(song, static_cast<Drum>(drum), soundFont, sampleRateHz, framesOf(seconds, sampleRateHz));
        progress.advance(1);
    });
    std::array<std::span<const float>, numDrums> views;
    for (int drum = 0; drum < numDrums; ++drum) views[drum] = drums[drum];
    Channels microphones(kitMicrophones().size());
    pool.forEach(static_cast<int>(microphones.size()), [&](int index) {
        progress.throwIfCancelled();
        microphones[index] = recordKit(kitMicrophones()[index], views, sampleRateHz);
        progress.advance(1);
    });
    return microphones;
}

// The gain that brings a track's clean recording to kCleanPeakDbfs; both overheads get that of the louder one.
double cleanGain(const TrackPlan& plan, const Channels& clean, const Channels& microphones) {
    float peak = peakOf(clean);
    if (plan.role == "drums/overhead")
        for (const TrackPlan& other : trackPlans())
            if (other.role == plan.role) peak = std::max(peak, peakOf({microphones[other.microphones[0]]}));
    return peak > 0.0f ? dbToGain(kCleanPeakDbfs) / peak : 1.0;
}

void plantFaults(Channels& channels, const TrackPlan& plan, std::uint64_t track, double sampleRateHz) {
    if (plan.delayMs > 0.0) {
        const FractionalDelay delay(plan.delayMs / 1000.0 * sampleRateHz);
        for (std::vector<float>& channel : channels) {
            std::vector<float> late(channel.size());
            delay.add(channel, 1.0f, late);
            channel = std::move(late);
        }
    }
    scale(channels, dbToGain(plan.gainDb) * (plan.polarityInverted ? -1.0 : 1.0));
    for (std::size_t c = 0; c < channels.size(); ++c) {
        if (plan.hum) addHum(channels[c], *plan.hum, sampleRateHz);
        if (plan.noise) addNoiseFloor(channels[c], *plan.noise, kNoiseSeed + 10 * track + c, sampleRateHz);
        if (plan.dcOffset != 0.0)
            for (float& x : channels[c]) x += static_cast<float>(plan.dcOffset);
    }
}

// Takes away what comes before the recorder was started, a second before the first sound; whole tenths of a second.
std::int64_t startLate(Channels& channels, int sampleRateHz) {
    int first = std::numeric_limits<int>::max();
    for (const std::vector<float>& channel : channels) {
        const auto sound = std::find_if(channel.begin(), channel.end(), [](float x) { return x != 0.0f; });
        first = std::min(first, static_cast<int>(sound - channel.begin()));
    }
    const int tenth = sampleRateHz / 10;
    const int start = std::max(0, first - sampleRateHz) / tenth * tenth;
    for (std::vector<float>& channel : channels) channel.erase(channel.begin(), channel.begin() + start);
    return start;
}

// Frames in which any channel clipped are counted once a channel at most; only mono tracks are driven that far.
std::int64_t toSamples(Channels& channels, const TrackPlan& plan, std::uint64_t track) {
    if (plan.kind == FileKind::wavFloat || plan.sound == Sound::nothing) return 0;
    std::int64_t clipped = 0;
    for (std::size_t c = 0; c < channels.size(); ++c) clipped += convert(channels[c], bitsOf(plan.kind), kDitherSeed + 10 * track + c);
    return clipped;
}

}  // namespace

void writeDemoSession(const std::filesystem::path& folder, const DemoOptions& options, Progress& progress) {
    assert(options.maxSeconds > 0.0);
    if (options.sampleRateHz < 44100 || options.sampleRateHz > 96000)
        throw UsageError("the demo session can be made at 44100 to 96000 Hz, not at " + std::to_string(options.sampleRateHz));
    const std::filesystem::path soundFont = findSoundFont(options.soundFont);
    const Composition song = composeSong();
    const double seconds = std::min(song.durationSeconds(), options.maxSeconds);
    const std::vector<TrackPlan>& plans = trackPlans();
    const int numTracks = static_cast<int>(plans.size());

    // Names first: nobody waits for a song that cannot be written.
    StagedFiles files(options.overwrite);
    std::vector<std::filesystem::path> paths;
    for (const TrackPlan& plan : plans) paths.push_back(files.stage(folder / plan.file));
    const std::filesystem::path truthPath = files.stage(folder / "truth.json"), readmePath = files.stage(folder / "README.txt");

    WorkPool alone(1);
    WorkPool& pool = options.pool ? *options.pool : alone;
    progress.stage("Recording the demo session", numDrums + static_cast<int>(kitMicrophones().size()) + numTracks);
    const Channels microphones = recordMicrophones(song, soundFont, seconds, options.sampleRateHz, pool, progress);

    std::vector<TrackOutcome> outcomes(numTracks);
    pool.forEach(numTracks, [&](int index) {
        progress.throwIfCancelled();
        const TrackPlan& plan = plans[index];
        TrackOutcome& outcome = outcomes[index];
        outcome.sampleRateHz = !plan.otherRate ? options.sampleRateHz : options.sampleRateHz == 44100 ? 48000 : 44100;
        Channels channels = playSound(song, plan.sound, plan.channels, soundFont, outcome.sampleRateHz, framesOf(seconds, outcome.sampleRateHz));
        for (int microphone : plan.microphones) channels.push_back(microphones[microphone]);
        if (plan.sound == Sound::nothing) channels.assign(1, std::vector<float>(framesOf(seconds, options.sampleRateHz)));

        scale(channels, cleanGain(plan, channels, microphones));
        if (plan.startsLate) outcome.startFrame = startLate(channels, outcome.sampleRateHz);
        if (options.planted) plantFaults(channels, plan, index, outcome.sampleRateHz);
        outcome.clippedFrames = toSamples(channels, plan, index);
        outcome.frames = static_cast<std::int64_t>(channels[0].size());
        writeTrackFile(paths[index], plan.kind, outcome.sampleRateHz, outcome.startFrame, channels);
        progress.advance(1);
    });

    writeTextFile(truthPath, truthDocument(song, outcomes, options.sampleRateHz, options.planted, contentHash(soundFont)).dump() + "\n");
    writeTextFile(readmePath, readmeText(song));
    files.commit();
}

}  // namespace tonewright
