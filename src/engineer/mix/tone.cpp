#include <algorithm>
#include <cmath>

#include "core/decibels.h"
#include "engineer/decision.h"
#include "engineer/mix/mix_rules.h"

namespace tonewright {

namespace {

// Third-octave power of the average mixed stem, 31.5 Hz ... 16 kHz, dB re the stem's total: averages over MUSDB18's
// training set, from the feature file published with Sony's FxNorm-automix (MIT).
constexpr int kFirstBand = 2, kTableBands = 28;  // 31.5 Hz is third octave number 2 from 20 Hz
using Table = std::array<double, kTableBands>;
constexpr Table kVocals = {-36.1, -34.3, -32.5, -30.0, -27.3, -24.6, -21.5, -18.5, -15.8, -13.2, -11.1, -9.9,  -9.0,  -9.0,
                           -9.8,  -10.3, -11.5, -12.6, -14.7, -15.0, -15.3, -17.5, -21.9, -21.4, -21.2, -22.7, -26.4, -34.0};
constexpr Table kBass = {-18.5, -16.0, -13.4, -10.8, -8.6,  -7.3,  -7.0,  -8.3,  -10.5, -14.2, -18.5, -22.2, -25.3, -28.0,
                         -29.3, -30.3, -31.8, -32.5, -31.3, -32.3, -33.8, -39.8, -44.6, -49.9, -54.5, -56.9, -58.7, -57.2};
constexpr Table kOther = {-25.6, -24.5, -23.4, -21.5, -19.7, -18.0, -15.8, -13.5, -11.5, -10.3, -10.1, -10.5, -10.9, -11.3,
                          -12.1, -12.9, -13.2, -13.2, -12.8, -12.5, -15.0, -17.5, -21.3, -26.6, -30.9, -33.0, -36.0, -40.4};

const Table* usualSpectrum(const MixTrack& track) {
    const std::string family = track.family();
    if (family == "vocals") return &kVocals;
    if (family == "bass") return &kBass;
    if (family == "guitar" || family == "keys" || family == "synth" || family == "pad" || family == "strings" || family == "brass") return &kOther;
    return nullptr;
}

// Mean over an octave (three third octaves) in dB.
double octaveDb(const std::array<double, kThirdOctaves>& spectrum, int band) {
    double power = 0.0;
    for (int b = band - 1; b <= band + 1; ++b) power += dbToPower(spectrum[b]);
    return powerToDb(power / 3.0);
}

}  // namespace

std::vector<Step> decideTone(const MixTrack& track, double intensity, const ToneTuning& tuning) {
    const Table* usual = usualSpectrum(track);
    if (!usual || intensity <= 0.0) return {};
    // Octave by octave against the usual shape, both levelled over 100 Hz ... 8 kHz. Only cuts: a fault stands out, and what is
    // missing was often left out on purpose.
    std::array<double, kThirdOctaves> wanted{};
    wanted.fill(-60.0);
    for (int i = 0; i < kTableBands; ++i) wanted[kFirstBand + i] = (*usual)[i];
    std::array<double, kThirdOctaves> excess{};
    double mean = 0.0;
    int count = 0;
    for (int band = 7; band <= 26; ++band) {
        excess[band] = octaveDb(track.analysis->spectrum.thirdOctaveDb, band) - octaveDb(wanted, band);
        if (!std::isfinite(excess[band])) return {};
        mean += excess[band];
        ++count;
    }
    mean /= count;

    // The bite of an electric guitar is its sound, and the average of all instruments does not have it.
    const double mostHz = track.track->role.starts_with("guitar/electric") ? tuning.mostElectricGuitarHz : tuning.mostHz;
    const double mostWanted = *std::max_element(wanted.begin(), wanted.end());
    std::vector<Step> steps;
    std::array<bool, kThirdOctaves> taken{};
    while (static_cast<int>(steps.size()) < tuning.mostCuts) {
        int worst = -1;
        for (int band = 7; band <= 26; ++band)
            if (!taken[band] && thirdOctaveCentreHz(band) <= mostHz && wanted[band] >= mostWanted - tuning.livesWithinDb && (worst < 0 || excess[band] > excess[worst])) worst = band;
        // It must stand out from the octaves beside it too: an instrument that is darker or brighter as a whole is no fault.
        double besides = 0.0;
        int sides = 0;
        for (int band : {worst - 5, worst - 4, worst + 4, worst + 5})
            if (worst >= 0 && band >= 7 && band <= 26) {
                besides += excess[band];
                ++sides;
            }
        const double standsOutDb = sides ? excess[worst] - besides / sides : 0.0;
        if (standsOutDb < tuning.leastOverNeighboursDb) break;
        const double overDb = worst < 0 ? 0.0 : excess[worst] - mean;
        // Only what is more than its share of the sound: a band 20 dB down cannot annoy.
        if (overDb < tuning.leastExcessDb || track.analysis->spectrum.thirdOctaveDb[worst] <
                                                 *std::max_element(track.analysis->spectrum.thirdOctaveDb.begin(), track.analysis->spectrum.thirdOctaveDb.end()) - 18.0)
            break;
        for (int band = std::max(7, worst - 4); band <= std::min(26, worst + 4); ++band) taken[band] = true;
        const double cutDb = std::min(tuning.mostCutDb, 0.5 * (overDb - tuning.leastExcessDb) + 1.0) * intensity;
        const double hz = roundHz(thirdOctaveCentreHz(worst));
        const char* word = hz < 160 ? "boomy" : hz < 500 ? "muddy" : hz < 1500 ? "boxy" : hz < 5000 ? "harsh" : "sharp";
        steps.push_back(makeStep(track.track->id + ".eq.tone" + (steps.empty() ? "" : ".2"),
                                 Equalizer::Params{.bands = {{.type = BandType::bell, .frequencyHz = hz, .gainDb = roundDb(-cutDb), .q = 1.0}}},
                                 {.rule = "mix.tone",
                                  .text = "It is " + std::string(word) + ": around " + hertz(hz) + " it has " + fixed(overDb, 0) + " dB more than its kind usually has in a mix. Part of that is taken out.",
                                  .evidence = {evidence("octaveOverUsual", overDb, "dB", "limit " + fixed(tuning.leastExcessDb, 0)),
                                               evidence("octaveOverNeighbours", standsOutDb, "dB", "limit " + fixed(tuning.leastOverNeighboursDb, 0))},
                                  .confidence = 0.6 * track.track->roleConfidence}));
    }
    return steps;
}

std::optional<Step> decideTilt(const MixState& state, const Style& style, double intensity, const TiltTuning& tuning) {
    // Sum of all tracks in ERB bands against the style's target, as two shelves' worth: below 200 Hz and above 4 kHz re the middle.
    BandGains sum{};
    for (int i : state.byContent) {
        const MixTrack& track = state.tracks[i];
        for (int f = 0; f < state.grid.frames; ++f)
            for (int band = 0; band < kErbBands; ++band) sum[band] += track.sketch.at(f, band);
    }
    const std::array<double, kThirdOctaves> target = state.wishes.spectrumDb(style);
    const auto wantedPower = [&](double fromHz, double toHz) {
        double power = 0.0;
        for (int band = 0; band < kThirdOctaves; ++band)
            if (thirdOctaveCentreHz(band) >= fromHz && thirdOctaveCentreHz(band) < toHz) power += dbToPower(target[band]);
        return power;
    };
    const auto power = [&](double fromHz, double toHz) {
        double p = 0.0;
        for (int band = 0; band < kErbBands; ++band)
            if (erbCentreHz(band) >= fromHz && erbCentreHz(band) < toHz) p += sum[band];
        return p;
    };
    const double middle = power(250, 3000) / wantedPower(250, 3000);
    if (!(middle > 0.0)) return std::nullopt;
    Equalizer::Params params;
    std::vector<Evidence> proof;
    std::string text;
    const auto shelf = [&](BandType type, double fromHz, double toHz, double cornerHz, const char* measure, const char* name) {
        const double own = power(fromHz, toHz);
        if (!(own > 0.0)) return;
        const double overDb = powerToDb(own / wantedPower(fromHz, toHz) / middle);
        const double toleranceDb = toleranceDbAt(style, std::sqrt(fromHz * toHz)) + (state.intent.style == "auto" && !state.wishes.targetDb ? tuning.unsureDb : 0.0);
        const double beyondDb = std::abs(overDb) - toleranceDb;
        if (beyondDb <= 0.5) return;
        const double gainDb = roundDb(-std::copysign(std::min(tuning.mostDb, 0.5 * beyondDb) * intensity, overDb));
        if (std::abs(gainDb) < 0.3) return;
        params.bands.push_back({.type = type, .frequencyHz = cornerHz, .gainDb = gainDb, .q = 0.7071});
        proof.push_back(evidence(measure, overDb, "dB", "tolerance " + fixed(toleranceDb, 0)));
        text += std::string(text.empty() ? "The sum has " : " and ") + (overDb > 0 ? "more " : "less ") + name + " than released music of its kind";
    };
    shelf(BandType::lowShelf, 50, 160, 150, "lowsOverTarget", "bass");
    shelf(BandType::highShelf, 5000, 12500, 5000, "highsOverTarget", "treble");
    if (params.bands.empty()) return std::nullopt;
    return makeStep("mix.tilt", std::move(params), {.rule = "mix.tilt", .text = text + "; it is moved half of the way back into the usual range.", .evidence = std::move(proof), .confidence = 0.6});
}

}  // namespace tonewright
