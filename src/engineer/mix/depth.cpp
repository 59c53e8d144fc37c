#include "engineer/mix/depth.h"

#include <algorithm>
#include <optional>

#include "core/decibels.h"
#include "engineer/decision.h"

namespace tonewright {

namespace {

// Treble against body, of several tracks together; nullopt where there is none of either.
class Brightness {
public:
    explicit Brightness(const DepthTuning& tuning) : tuning_(tuning) {}

    void add(const TrackSketch& sketch) {
        for (int f = 0; f < sketch.frames(); ++f)
            for (int band = 0; band < kErbBands; ++band) {
                const double hz = erbCentreHz(band);
                if (hz >= tuning_.fromHz && hz <= tuning_.toHz) treble_ += sketch.at(f, band);
                if (hz >= tuning_.bodyFromHz && hz <= tuning_.bodyToHz) body_ += sketch.at(f, band);
            }
    }
    std::optional<double> db() const { return treble_ > 0.0 && body_ > 0.0 ? std::optional(powerToDb(treble_ / body_)) : std::nullopt; }

private:
    const DepthTuning& tuning_;
    double treble_ = 0.0, body_ = 0.0;
};

bool standsAtTheBack(const MixTrack& track) {
    return !track.leads && !track.isLeadVocal() && (track.track->role == "vocals/backing" || track.profile->sendsDb.contains("hall"));
}

}  // namespace

std::vector<MaskingDecision> decideDepth(const MixState& state, double intensity, const DepthTuning& tuning) {
    Brightness front(tuning);
    std::string lead;
    for (int i : state.byContent) {
        const MixTrack& track = state.tracks[i];
        if (!track.isLeadVocal() && !track.leads) continue;
        front.add(track.sketch);
        if (lead.empty()) lead = track.track->name;
    }
    const std::optional<double> leadDb = front.db();
    std::vector<MaskingDecision> decisions;
    if (!leadDb) return decisions;
    for (int i : state.byContent) {
        const MixTrack& track = state.tracks[i];
        if (!standsAtTheBack(track)) continue;
        Brightness own(tuning);
        own.add(track.sketch);
        if (!own.db()) continue;
        const double overDb = *own.db() - *leadDb, tooBrightDb = overDb + tuning.leastUnderLeadDb;
        const double cutDb = roundDb(std::min(tuning.mostDb, 0.5 * tooBrightDb) * intensity);
        if (cutDb < tuning.leastDb) continue;
        const Equalizer::Params shelf{.bands = {{.type = BandType::highShelf, .frequencyHz = tuning.shelfHz, .gainDb = -cutDb, .q = 0.7071}}};
        TrackSketch darker = track.sketch;
        darker.applyBands(bandGains(shelf));
        Brightness after(tuning);
        after.add(darker);
        decisions.push_back({i, makeStep(track.stepId("eq.depth"), shelf,
                                         {.rule = "mix.depth",
                                          .text = "It supports, and with its treble as bright as the lead's it would stand beside it: a little darker, it steps behind.",
                                          .evidence = {evidence("trebleOverLeadDb", overDb, "dB", "at most " + fixed(-tuning.leastUnderLeadDb, 0) + ", against " + lead),
                                                       evidence("trebleOverLeadPredictedDb", *after.db() - *leadDb, "dB")},
                                          .confidence = 0.6})});
    }
    return decisions;
}

}  // namespace tonewright
