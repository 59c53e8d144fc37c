#include "engineer/mix/colour.h"

#include <algorithm>
#include <cmath>

#include "core/decibels.h"
#include "dsp/harmonic_profile.h"
#include "engineer/decision.h"
#include "engineer/mix/envelope.h"
#include "engineer/mood.h"

namespace tonewright {

namespace {

double part(double value, double none, double all) { return std::clamp((value - none) / (all - none), 0.0, 1.0); }

std::string kindName(SaturatorKind kind) { return std::string(kSaturatorKindNames[static_cast<std::size_t>(kind)]); }

// The drive at which a sine as loud as the loud moments gets these harmonics, in a few steps: they grow with a power of the drive.
SaturatorParams driven(SaturatorKind kind, double percent, double hz, double levelDb, double mostDriveDb) {
    SaturatorParams params{.kind = kind, .driveDb = 0.0};
    const double peakDbfs = std::min(0.0, levelDb + 3.01);
    for (int step = 0; step < 6; ++step) {
        const double now = std::max(1e-4, harmonicProfile(params, hz, peakDbfs).totalPercent);
        const double changeDb = 12.0 * std::log2(percent / now) / 2.0;
        if (std::abs(changeDb) < 0.2) break;
        params.driveDb = std::clamp(params.driveDb + std::clamp(changeDb, -12.0, 6.0), -12.0, mostDriveDb);
    }
    params.driveDb = roundDb(params.driveDb);
    return params;
}

std::optional<Step> saturator(const std::string& id, SaturatorKind kind, double percent, double hz, double levelDb, std::string text, Evidence because, double confidence, const TrackColourTuning& tuning) {
    percent = std::min(percent, tuning.mostPercent);
    if (percent < tuning.leastPercent || !std::isfinite(levelDb)) return std::nullopt;
    const SaturatorParams params = driven(kind, percent, hz, levelDb, tuning.mostDriveDb);
    const HarmonicProfile profile = harmonicProfile(params, hz, std::min(0.0, levelDb + 3.01));
    if (profile.totalPercent < 0.5 * tuning.leastPercent) return std::nullopt;
    return makeStep(id, params,
                    {.rule = "mix.colour",
                     .text = std::move(text) + " Of a sine of " + hertz(hz) + " as loud as its loud moments the harmonics are " + fixed(profile.totalPercent, 1) + " %.",
                     .evidence = {std::move(because), evidence("harmonicsPercent", profile.totalPercent, "%", "at most " + fixed(tuning.mostPercent, 1)),
                                  evidence("secondHarmonic", profile.harmonicDb[0], "dB"), evidence("thirdHarmonic", profile.harmonicDb[1], "dB")},
                     .confidence = confidence});
}

// Of an instrument that an amplifier was recorded of, or a line that has one beside it.
bool hasAmplifier(const MixTrack& track, const MixState& state) {
    return std::ranges::any_of(state.tracks, [&](const MixTrack& other) {
        return other.track->microphone == "amp" && (other.track == track.track || (!track.track->group.empty() && other.track->group == track.track->group));
    });
}

// Power of 500 Hz to 2.5 kHz against what is below 250 Hz, while it plays.
double middleDb(const MixTrack& track) {
    const BandGains spectrum = track.sketch.activeSpectrum();
    double low = 0.0, middle = 0.0;
    for (int band = 0; band < kErbBands; ++band) {
        const double hz = erbCentreHz(band);
        if (hz < 250.0) low += spectrum[band];
        if (hz >= 500.0 && hz <= 2500.0) middle += spectrum[band];
    }
    return low > 0.0 ? powerToDb(std::max(middle, low * 1e-12) / low) : 0.0;
}

}  // namespace

ColourWish colourWish(const Intent& intent, const Style* style) {
    const MoodShape mood = moodShape(intent.moods, intent.intensity);
    ColourWish wish = style ? style->colour : ColourWish{};
    wish.mostPercent *= mood.colourShare;
    if (mood.colour.mostPercent > wish.mostPercent) wish = mood.colour;
    if (mood.colourShare == 0.0) wish.mostPercent = -1.0;   // clean: not even where it would help
    return wish;
}

std::optional<Step> decideColour(const MixTrack& track, const MixState& state, const ColourWish& wish, double intensity, const TrackColourTuning& tuning) {
    if (intensity <= 0.0 || wish.mostPercent < 0.0) return std::nullopt;
    const double levelDb = movementOf(track, state.grid).loudDb + detectorDb(track), amount = std::min(1.5, intensity);
    if (track.family() == "bass") {
        const double middle = middleDb(track);
        if (middle > tuning.ownHarmonicsDb || hasAmplifier(track, state)) return std::nullopt;
        const double dull = tuning.dullBassPercent * part(middle, tuning.dullBassDb, tuning.fullDullBassDb), wished = tuning.bassPart * wish.mostPercent;
        const bool asked = wished > dull;
        return saturator(track.stepId("colour"), asked ? wish.kind : SaturatorKind::tube, amount * std::max(dull, wished), 100.0, levelDb,
                         asked ? std::string("The style or mood bears colour, and the bass wears it best (") + kindName(wish.kind) + ")."
                               : std::string("It has hardly any middle; harmonics let it be heard where there are no lows (tube)."),
                         evidence("middleAgainstLows", middle, "dB", "dull below " + fixed(tuning.dullBassDb, 0)), 0.6 * track.track->roleConfidence, tuning);
    }
    if (track.track->role != "vocals/lead" || wish.mostPercent <= 0.0) return std::nullopt;
    const double crest = crestDb(track, state.grid).value_or(0.0);   // not measured: not known to be clean
    return saturator(track.stepId("colour"), wish.kind, amount * tuning.leadPart * wish.mostPercent * part(crest, tuning.leastCrestDb, tuning.fullCrestDb), 500.0, levelDb,
                     std::string("The style or mood bears colour, and the voice is clean: a little warmth of its own (") + kindName(wish.kind) + ").",
                     evidence("crest", crest, "dB", "left alone below " + fixed(tuning.leastCrestDb, 0)), 0.6 * track.track->roleConfidence, tuning);
}

std::optional<Step> decideKitColour(const MixState& state, const std::vector<int>& members, double levelDb, const ColourWish& wish, double intensity, const TrackColourTuning& tuning) {
    if (intensity <= 0.0 || wish.mostPercent <= 0.0) return std::nullopt;
    // The cleanest of the drums that carry the groove says whether the kit has room.
    double crest = 0.0;
    for (int i : members) {
        const MixTrack& track = state.tracks[i];
        if (track.track->role == "drums/kick" || track.track->role == "drums/snare" || track.track->role == "drums/kit") crest = std::max(crest, crestDb(track, state.grid).value_or(0.0));
    }
    return saturator("bus-drums.colour", wish.kind, std::min(1.5, intensity) * tuning.drumsPart * wish.mostPercent * part(crest, tuning.leastCrestDb, tuning.fullCrestDb), 200.0, levelDb,
                     "The style or mood bears colour: the kit gets a little density (" + kindName(wish.kind) + ").", evidence("crest", crest, "dB", "left alone below " + fixed(tuning.leastCrestDb, 0)), 0.6, tuning);
}

}  // namespace tonewright
