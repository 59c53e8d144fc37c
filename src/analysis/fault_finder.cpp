#include "analysis/fault_finder.h"

#include <algorithm>
#include <cmath>

#include "analysis/activity_meter.h"
#include "analysis/click_detector.h"
#include "analysis/clipping_detector.h"
#include "analysis/dc_detector.h"
#include "analysis/edge_detector.h"
#include "analysis/edge_finder.h"
#include "analysis/hum_detector.h"
#include "analysis/lossy_cutoff_detector.h"
#include "core/decibels.h"
#include "core/text.h"

namespace tonewright {

namespace {

constexpr std::size_t kPlaces = 32;
constexpr double kNoisyDb = 40.0;                // signal to noise below which noise will be heard in a mix
constexpr double kVeryNoisyDb = 25.0;
constexpr double kHumIsFloorDb = 3.0;            // hum that near to the noise floor is the floor
constexpr double kHumBelowSignalDb = 60.0;       // hum quieter than that is masked
constexpr double kClicksPerMinute = 1.0;
constexpr double kClippedShareWarning = 1e-5, kClippedShareError = 1e-3;
constexpr double kCutBelowActiveDb = 30.0, kCutOutermostDb = 40.0, kCutAboveFloorDb = 10.0;

}  // namespace

struct FaultFinder::Parts {
    struct Channel {
        explicit Channel(double rate) : clicks(rate), hum(rate), dc(rate) {}
        ClippingDetector clipping;
        ClickDetector clicks;
        HumDetector hum;
        DcDetector dc;
    };

    Parts(const StreamSpec& streamSpec, bool findSourceFaults) : spec(streamSpec), sourceFaults(findSourceFaults), activity(streamSpec), cutoff(streamSpec), edges(streamSpec), extent(streamSpec) {
        for (int c = 0; c < spec.channels; ++c) channels.emplace_back(spec.sampleRateHz);
    }

    StreamSpec spec;
    bool sourceFaults;
    std::int64_t frames = 0;
    ActivityMeter activity;
    LossyCutoffDetector cutoff;
    EdgeDetector edges;
    EdgeFinder extent;
    std::vector<Channel> channels;

    double seconds(std::int64_t frame) const { return static_cast<double>(frame) / spec.sampleRateHz; }

    void findClipping(std::vector<Fault>& faults) const;
    void findClicks(std::vector<Fault>& faults) const;
    void findDc(Result& result) const;
    void findHum(Result& result) const;
    void findNoise(Result& result) const;
    void findCutEdges(std::vector<Fault>& faults) const;
    void findChannelFaults(const StereoMeter& stereo, std::vector<Fault>& faults) const;
};

void FaultFinder::Parts::findClipping(std::vector<Fault>& faults) const {
    ClippingDetector::Result worst;
    for (const Channel& channel : channels)
        if (const auto found = channel.clipping.result(); found.clippedFrames > worst.clippedFrames) worst = found;
    if (worst.tops == 0) return;
    Fault fault{"clipping", Severity::info, 100.0 * worst.share, "%", "", {}};
    if (worst.share > kClippedShareWarning) fault.severity = Severity::warning;
    if (worst.share > kClippedShareError) fault.severity = Severity::error;
    fault.text = "Peaks are cut off flat at " + fixed(worst.levelDbfs, 1) + " dBFS in " + std::to_string(worst.tops) +
                 (worst.tops == 1 ? " place" : " places") + ": the level was too high somewhere on the way. Record or export again with "
                 "at least 6 dB of headroom; turning it down afterwards does not bring the peaks back.";
    for (const std::int64_t frame : worst.frames) fault.where.push_back({seconds(frame), seconds(frame + 3)});
    faults.push_back(std::move(fault));
}

void FaultFinder::Parts::findClicks(std::vector<Fault>& faults) const {
    std::vector<std::int64_t> worst;
    for (const Channel& channel : channels)
        if (auto found = channel.clicks.clicks(); found.size() > worst.size()) worst = std::move(found);
    // A single one in a short recording is told, too; below that rate a long recording has none worth a word.
    const double minutes = std::max(seconds(frames) / 60.0, 1.0), perMinute = static_cast<double>(worst.size()) / minutes;
    if (worst.empty() || perMinute < kClicksPerMinute) return;
    Fault fault{"clicks", perMinute > 10.0 ? Severity::warning : Severity::info, perMinute, "clicks/min", "", {}};
    fault.text = std::to_string(worst.size()) + (worst.size() == 1 ? " click or crackle was" : " clicks or crackles were") +
                 " found. Usual causes are edits without a crossfade, a buffer set too small while recording, or a bad cable; "
                 "listen at the places named and repair them or record the part again.";
    for (std::size_t i = 0; i < std::min(worst.size(), kPlaces); ++i) fault.where.push_back({seconds(worst[i]), seconds(worst[i]) + 0.001});
    faults.push_back(std::move(fault));
}

void FaultFinder::Parts::findDc(Result& result) const {
    double worst = 0.0;
    for (std::size_t c = 0; c < channels.size(); ++c) {
        const double mean = channels[c].dc.mean();
        if (c < 2) result.dcOffset[c] = mean;
        if (channels[c].dc.isOffset() && std::abs(mean) > std::abs(worst)) worst = mean;
    }
    if (worst == 0.0) return;
    result.faults.push_back({"dc", Severity::info, 100.0 * worst, "%",
                             "The waveform is off centre by " + fixed(100.0 * std::abs(worst), 1) +
                                 " % of full scale (DC offset). It takes headroom and makes edits click; a high-pass filter "
                                 "below the music removes it without a trace.", {}});
}

void FaultFinder::Parts::findHum(Result& result) const {
    for (const Channel& channel : channels)
        if (const HumFacts hum = channel.hum.result(); hum.found && (!result.hum.found || hum.levelDbfs > result.hum.levelDbfs)) result.hum = hum;
    const double active = powerToDb(activity.activePower());
    if (!result.hum.found || result.hum.levelDbfs < active - kHumBelowSignalDb) return;
    result.faults.push_back({"hum", result.hum.levelDbfs > active - 40.0 ? Severity::warning : Severity::info, result.hum.levelDbfs, "dBFS",
                             "Mains hum at " + fixed(result.hum.fundamentalHz, 1) + " Hz and its harmonics lies " +
                                 fixed(active - result.hum.levelDbfs, 0) + " dB below the music all the time. Look for a ground loop, a "
                                 "transformer near the cable or single-coil pickups; narrow notches can take it out of this recording.", {}});
}

void FaultFinder::Parts::findNoise(Result& result) const {
    result.noise = activity.noise();
    if (!result.noise.signalToNoiseDb || *result.noise.signalToNoiseDb > kNoisyDb) return;
    if (result.hum.found && result.hum.levelDbfs > *result.noise.floorDbfs - kHumIsFloorDb) return;
    result.faults.push_back({"noise", *result.noise.signalToNoiseDb < kVeryNoisyDb ? Severity::warning : Severity::info, *result.noise.floorDbfs, "dBFS",
                             "Steady noise in the pauses lies only " + fixed(*result.noise.signalToNoiseDb, 0) +
                                 " dB below the music. It will be heard when the track is turned up or compressed: record hotter and nearer, "
                                 "or mute and expand between the phrases.", {}});
}

void FaultFinder::Parts::findCutEdges(std::vector<Fault>& faults) const {
    const double active = activity.activePower();
    if (!(active > 0.0)) return;
    const double floor = std::max(0.0, activity.floorPower()) * dbToPower(kCutAboveFloorDb);
    const auto cut = [&](const EdgeDetector::Edge& edge) {
        return edge.power > floor && edge.power > active * dbToPower(-kCutBelowActiveDb) && edge.outermostPower > active * dbToPower(-kCutOutermostDb);
    };
    std::vector<double> means;
    for (const Channel& channel : channels) means.push_back(channel.dc.mean());
    const EdgeDetector::Edge start = edges.start(means), end = edges.end(means);
    const double length = seconds(frames);
    if (cut(start))
        faults.push_back({"starts-cut", Severity::info, powerToDb(start.power), "dBFS",
                          "The recording begins in the middle of sound. If that is not meant, export it again from a little earlier; "
                          "a fade-in of some milliseconds avoids the click.", {{0.0, std::min(0.01, length)}}});
    if (cut(end))
        faults.push_back({"ends-cut", Severity::info, powerToDb(end.power), "dBFS",
                          "The recording stops in the middle of sound. If the end rings on, export it again with its tail; otherwise a "
                          "short fade-out avoids the click.", {{std::max(0.0, length - 0.01), length}}});
}

void FaultFinder::Parts::findChannelFaults(const StereoMeter& stereo, std::vector<Fault>& faults) const {
    if (spec.channels != 2) return;
    const StereoFacts facts = stereo.result();
    if (const int silent = stereo.silentChannel(); silent >= 0)
        faults.push_back({"silent-channel", Severity::warning, 100.0, "%",
                          std::string("The ") + (silent == 0 ? "left" : "right") + " channel is silent. This is a mono recording in a stereo "
                          "file, or a cable was missing: use the other channel as mono.", {}});
    else if (facts.dualMono)
        faults.push_back({"dual-mono", Severity::info, *facts.widthDb, "dB",
                          "Left and right are the same signal: a mono recording in a stereo file. It can be treated as mono without loss.", {}});
    else if (stereo.channelInverted())
        faults.push_back({"inverted-channel", Severity::error, *facts.correlation, "",
                          "One channel is upside down against the other: in mono the sound nearly vanishes. Invert the polarity of one "
                          "channel (a wrongly wired cable is the usual cause).", {}});
}

FaultFinder::FaultFinder(const StreamSpec& spec, bool sourceFaults) : parts_(std::make_unique<Parts>(spec, sourceFaults)) {}
FaultFinder::~FaultFinder() = default;
FaultFinder::FaultFinder(FaultFinder&&) noexcept = default;
FaultFinder& FaultFinder::operator=(FaultFinder&&) noexcept = default;

void FaultFinder::add(ConstBlock block) {
    Parts& parts = *parts_;
    parts.frames += block.numFrames;
    parts.activity.add(block);
    if (parts.sourceFaults) parts.cutoff.add(block);
    parts.edges.add(block);
    parts.extent.add(block);
    for (std::size_t c = 0; c < parts.channels.size(); ++c) {
        parts.channels[c].clipping.add(block.channels[c], block.numFrames);
        if (parts.sourceFaults) parts.channels[c].clicks.add(block.channels[c], block.numFrames);
        if (parts.sourceFaults) parts.channels[c].hum.add(block.channels[c], block.numFrames);
        parts.channels[c].dc.add(block.channels[c], block.numFrames);
    }
}

FaultFinder::Result FaultFinder::result(const StereoMeter& stereo) const {
    const Parts& parts = *parts_;
    Result result;
    result.activity = parts.activity.activity();
    if (result.activity.silent) {
        result.faults.push_back({"silent", Severity::warning, kSilentDb, "dBFS",
                                 "There is no sound in this recording. If there should be, look for a muted track or a wrong input when exporting.", {}});
        for (std::size_t c = 0; c < std::min<std::size_t>(2, parts.channels.size()); ++c) result.dcOffset[c] = parts.channels[c].dc.mean();
        return result;
    }
    result.edges = parts.extent.result(parts.activity.activePower());
    parts.findClipping(result.faults);
    parts.findClicks(result.faults);
    parts.findDc(result);
    parts.findHum(result);
    parts.findNoise(result);
    parts.findCutEdges(result.faults);
    parts.findChannelFaults(stereo, result.faults);
    result.lossyCutoffHz = parts.cutoff.cutoffHz();
    if (result.lossyCutoffHz > 0.0)
        result.faults.push_back({"lossy-cutoff", Severity::info, result.lossyCutoffHz, "Hz",
                                 "Everything above " + fixed(result.lossyCutoffHz / 1000.0, 1) + " kHz is missing, as after MP3 or AAC coding (or in "
                                 "sounds made at 32 kHz). If there is an uncompressed original, use it; boosting the top brings out the coder's noise.", {}});
    std::stable_sort(result.faults.begin(), result.faults.end(), [](const Fault& a, const Fault& b) { return a.severity > b.severity; });
    return result;
}

}  // namespace tonewright
