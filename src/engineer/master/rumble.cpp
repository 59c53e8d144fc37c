#include <cmath>

#include "core/text.h"
#include "engineer/decision.h"
#include "engineer/master/master_rules.h"

namespace tonewright {

std::optional<Step> decideRumble(const MasterBrief& brief, const RumbleTuning& tuning) {
    if (!brief.soundMayChange()) return std::nullopt;
    const SpectrumFacts& spectrum = brief.programme.spectrum;
    const double levelDb = spectrum.region(ToneRegion::subsonic).levelDb;
    if (!(levelDb >= tuning.leastDb)) return std::nullopt;
    // Against the third octave at 31.5 Hz, on the same scale.
    double body = 0.0;
    for (int band = 0; band < kThirdOctaves; ++band)
        if (thirdOctaveCentreHz(band) > 95.0 && thirdOctaveCentreHz(band) < 10500.0) body += std::pow(10.0, spectrum.thirdOctaveDb[band] / 10.0);
    const double deepestNotesDb = spectrum.thirdOctaveDb[2] - 10.0 * std::log10(body);
    if (levelDb < deepestNotesDb - tuning.mostUnderBassDb) return std::nullopt;
    return makeStep("master.rumble", Equalizer::Params{.bands = {{.type = BandType::lowCut, .frequencyHz = tuning.cornerHz, .slopeDbPerOctave = 24}}},
                    {.rule = "master.rumble",
                     .text = "There is rumble below " + hertz(kToneRegionRanges[0].highHz) +
                             ", under the deepest notes: nobody hears it, but it takes headroom and moves loudspeakers. It is cut off.",
                     .evidence = {evidence("regions.subsonic.levelDb", levelDb, "dB", "limit " + fixed(tuning.leastDb, 0))},
                     .confidence = 0.9});
}

}  // namespace tonewright
