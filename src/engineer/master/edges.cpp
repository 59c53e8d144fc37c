#include <algorithm>
#include <cmath>

#include "audiofile/resampler.h"
#include "core/decibels.h"
#include "core/text.h"
#include "dsp/fade.h"
#include "dsp/trim.h"
#include "engineer/decision.h"
#include "engineer/master/master_rules.h"

namespace tonewright {

namespace {

double secondsOf(const Analysis& programme) { return static_cast<double>(programme.frames) / programme.spec.sampleRateHz; }

bool hasFault(const Analysis& programme, const char* kind) {
    return std::any_of(programme.faults.begin(), programme.faults.end(), [&](const Fault& fault) { return fault.kind == kind; });
}

// Whether a band of the sketch stands out of its neighbours between two moments: a note held very quietly is steady like noise, and is music.
bool soundsTonal(const Sketch& sketch, double fromSeconds, double toSeconds, double prominenceDb) {
    const int from = static_cast<int>(std::ceil(fromSeconds / sketch.frameSeconds)), to = std::min(sketch.frames, static_cast<int>(toSeconds / sketch.frameSeconds));
    std::array<double, kErbBands> power{};
    for (int frame = from; frame < to; ++frame)
        for (int band = 0; band < kErbBands; ++band) power[static_cast<std::size_t>(band)] += sketch.at(frame, band);
    for (std::size_t band = 2; band + 2 < kErbBands; ++band)
        if (power[band] > dbToPower(prominenceDb) * 0.5 * (power[band - 2] + power[band + 2]) && power[band] > 0.0) return true;
    return false;
}

std::string seconds(double value) { return fixed(value, 2) + " s"; }

// What is taken away at one edge, in words: "3.1 s of silence and 2 clicks".
std::string lostText(double lostSeconds, const std::optional<double>& noiseDbfs, std::size_t clicks) {
    std::string text = seconds(lostSeconds) + (noiseDbfs ? " of steady noise (" + fixed(*noiseDbfs, 0) + " dBFS)" : " of silence");
    if (clicks > 0) text += clicks == 1 ? " with a click" : " with " + std::to_string(clicks) + " clicks";
    return text;
}

}  // namespace

EdgeDecision decideEdges(const MasterBrief& brief, const Intent& intent, double deliveryRateHz, const EdgeTuning& tuning) {
    EdgeDecision decision;
    const Analysis& programme = brief.programme;
    const EdgeFacts& edges = programme.edges;
    const double length = secondsOf(programme);
    if (brief.condition.silent || !(edges.endSeconds > edges.startSeconds)) return decision;

    double start = 0.0, end = length;
    bool noiseBefore = edges.leadingNoiseDbfs.has_value(), noiseAfter = edges.trailingNoiseDbfs.has_value();
    if (!intent.keepEdges) {
        const double firstNote = noiseBefore && soundsTonal(programme.sketch, 0.0, edges.startSeconds, tuning.tonalDb) ? 0.0 : edges.startSeconds;
        const double lastNote = noiseAfter && soundsTonal(programme.sketch, edges.endSeconds, length, tuning.tonalDb) ? length : edges.endSeconds;
        noiseBefore = noiseBefore && firstNote > 0.0;
        noiseAfter = noiseAfter && lastNote < length;
        start = std::max(0.0, firstNote - tuning.roomBeforeSeconds);
        for (const double click : edges.clicksBeforeSeconds)
            if (click < firstNote) start = std::max(start, std::min(firstNote, click + tuning.clickSeconds));
        end = std::min(length, lastNote + tuning.roomAfterSeconds);
        for (const double click : edges.clicksAfterSeconds)
            if (click > lastNote) end = std::min(end, std::max(lastNote, click - 0.5 * tuning.clickSeconds));
        start = start < tuning.leastSeconds ? 0.0 : roundTo(start, 0.001);
        end = length - end < tuning.leastSeconds ? length : roundTo(end, 0.001);
    }
    const bool cutsStart = start > 0.0, cutsEnd = end < length;
    const Trim::Params trim{.startSeconds = start, .endSeconds = cutsEnd ? end : 0.0};
    if (cutsStart || cutsEnd) {
        std::vector<std::string> parts;
        std::vector<Evidence> shown;
        if (cutsStart) {
            const auto clicks = std::count_if(edges.clicksBeforeSeconds.begin(), edges.clicksBeforeSeconds.end(), [&](double click) { return click < start; });
            parts.push_back(lostText(start, noiseBefore ? edges.leadingNoiseDbfs : std::nullopt, static_cast<std::size_t>(clicks)) + " before the music");
            shown.push_back(evidence("edges.startSeconds", edges.startSeconds, "s", "begins at " + seconds(start)));
        }
        if (cutsEnd) {
            const auto clicks = std::count_if(edges.clicksAfterSeconds.begin(), edges.clicksAfterSeconds.end(), [&](double click) { return click >= end; });
            parts.push_back(lostText(length - end, noiseAfter ? edges.trailingNoiseDbfs : std::nullopt, static_cast<std::size_t>(clicks)) + " after it");
            shown.push_back(evidence("edges.endSeconds", edges.endSeconds, "s", "ends at " + seconds(end)));
        }
        std::string text = "Takes away " + join(parts, " and ") + ".";
        if (cutsEnd) text += noiseAfter ? " The last note rings on until it has sunk into the noise." : " The last note rings on until it is 70 dB below the loud parts.";
        decision.trim = makeStep("master.edges", trim, {.rule = "master.edges", .text = text, .evidence = shown, .confidence = 0.9});
        if (edges.peakDbfs < programme.loudness.samplePeakDbfs - 0.01) decision.peakDbfs = edges.peakDbfs;
    }

    // Fades, at places of the source. Room that is digital silence needs none.
    const double frames = static_cast<double>(resampledFrames(programme.frames, static_cast<int>(programme.spec.sampleRateHz), static_cast<int>(deliveryRateHz)));
    const auto frameAt = [&](double s) { return std::min(frames, std::round(s * deliveryRateHz)); };
    Fade::Params fade;
    std::vector<std::string> sentences;
    std::vector<Evidence> shown;
    const auto faultLevel = [&](const char* kind) {
        return std::find_if(programme.faults.begin(), programme.faults.end(), [&](const Fault& fault) { return fault.kind == kind; })->value;
    };
    if (intent.fadeInSeconds > 0.0) {
        fade.inFrames = frameAt(intent.fadeInSeconds);
        sentences.push_back("You asked for a fade-in of " + fixed(intent.fadeInSeconds, 1) + " s.");
    } else if (cutsStart && noiseBefore) {
        fade.inFrames = frameAt(std::max(0.0, edges.startSeconds - start));
        sentences.push_back("The noise before the first note fades in with it.");
    } else if (!cutsStart && hasFault(programme, "starts-cut")) {
        fade.inFrames = frameAt(0.001 * tuning.cutFadeInMs);
        sentences.push_back("The music begins in the middle of sound; " + fixed(tuning.cutFadeInMs, 0) + " ms of fade-in keeps it from clicking.");
        shown.push_back(evidence("starts-cut", faultLevel("starts-cut"), "dBFS", "power of the first 10 ms"));
    }
    if (fade.inFrames > 0.0) fade.startFrames = frameAt(start);
    if (intent.fadeOutSeconds > 0.0) {
        fade.outFrames = frameAt(std::min(intent.fadeOutSeconds, end - start));
        sentences.push_back("You asked for a fade-out of " + fixed(intent.fadeOutSeconds, 1) + " s.");
    } else if (cutsEnd) {
        fade.outFrames = frameAt(std::max(0.005, end - edges.endSeconds));
        sentences.push_back("What is left after the last note fades to silence.");
    } else if (hasFault(programme, "ends-cut")) {
        fade.outFrames = frameAt(0.001 * tuning.cutFadeOutMs);
        sentences.push_back("The music stops in the middle of sound; " + fixed(tuning.cutFadeOutMs, 0) + " ms of fade-out keeps it from clicking.");
        shown.push_back(evidence("ends-cut", faultLevel("ends-cut"), "dBFS", "power of the last 10 ms"));
    }
    if (fade.outFrames > 0.0) fade.endFrames = frameAt(end);
    if (sentences.empty()) return decision;
    Step step = makeStep("master.fades", fade, {.rule = "master.edges", .text = join(sentences, " "), .evidence = shown, .confidence = 0.9});
    decision.fades = std::move(step);
    return decision;
}

}  // namespace tonewright
