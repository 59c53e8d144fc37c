#include <gtest/gtest.h>

#include "engineer/mix/balance_search.h"
#include "engineer/mix/unmask.h"
#include "mix_support.h"

namespace tonewright::testing {
namespace {

constexpr double kSeconds = 20.0;

// Sings two seconds of every four.
double phrases(double t) { return std::fmod(t, 4.0) < 2.0 ? -20.0 : -200.0; }

const DynamicEqualizer::Band* bellOf(const Plan& plan, const std::string& id) {
    const Step* step = stepOf(trackOf(plan, id), "eq.unmask");
    return step ? &std::get<DynamicEqualizer::Params>(step->params).bands.front() : nullptr;
}

TEST(MixUnmask, WhatCoversTheWordsStepsBackForTheVoiceAlone) {
    Band band;
    band.add("vox", "vocals/lead", played(kSeconds, 200, 8000, phrases));
    band.add("pad", "pad/synth", played(kSeconds, 1200, 3000, steady));
    band.add("gtr", "guitar/electric-driven", played(kSeconds, 1200, 3000, steady));
    band.add("piano", "keys/piano", played(kSeconds, 1200, 3000, steady));
    const Plan plan = band.plan();
    const Step* step = stepOf(trackOf(plan, "gtr"), "eq.unmask");
    ASSERT_NE(step, nullptr);
    EXPECT_EQ(step->key, "vox");
    const DynamicEqualizer::Band& bell = *bellOf(plan, "gtr");
    EXPECT_GT(bell.frequencyHz, 1200.0);
    EXPECT_LT(bell.frequencyHz, 3000.0);
    EXPECT_GE(bell.rangeDb, 0.8);
    EXPECT_LE(bell.rangeDb, 4.0);
    EXPECT_LT(measured(*step, "leadCoveredShareAfterPredicted"), measured(*step, "leadCoveredShare1to4kHz"));
}

TEST(MixUnmask, NobodyStepsBackForAVoiceThatIsHeard) {
    Band band;
    band.add("vox", "vocals/lead", played(kSeconds, 200, 8000, phrases));
    band.add("bassline", "keys/piano", played(kSeconds, 80, 500, steady));
    EXPECT_EQ(bellOf(band.plan(), "bassline"), nullptr);
}

TEST(MixUnmask, DrumsAndBassStayAndWithoutAVoiceNothingHappens) {
    Band drums, none;
    drums.add("vox", "vocals/lead", played(kSeconds, 200, 8000, phrases));
    drums.add("kit", "drums/kit", played(kSeconds, 1000, 4000, steady));
    for (const TrackPlan& track : drums.plan().tracks) EXPECT_EQ(stepOf(track, "eq.unmask"), nullptr) << track.id;
    none.add("piano", "keys/piano", played(kSeconds, 200, 8000, phrases));
    none.add("pad", "pad/synth", played(kSeconds, 1200, 3000, steady));
    for (const TrackPlan& track : none.plan().tracks) EXPECT_EQ(stepOf(track, "eq.unmask"), nullptr) << track.id;
}

TEST(MixUnmask, InTheSketchTheBellIsDownWhileTheVoiceSingsAndUpWhileItRests) {
    const SketchGrid grid = SketchGrid::covering(kSeconds, kFrameSeconds);
    const TrackSketch voice(played(kSeconds, 1000, 4000, phrases).sketch, 0.0, grid);
    const DynamicEqualizer::Params params{.bands = {{.frequencyHz = 2000.0, .q = 0.7, .thresholdDb = -40.0, .ratio = 3.0, .rangeDb = 4.0, .attackMs = 25.0, .releaseMs = 250.0}}};
    const std::vector<float> gains = dynamicGains(params, voice, grid.frameSeconds);
    int at2k = 0;
    for (int band = 0; band < kErbBands; ++band)
        if (std::abs(erbCentreHz(band) - 2000.0) < std::abs(erbCentreHz(at2k) - 2000.0)) at2k = band;
    const auto gainDb = [&](double seconds) { return powerToDb(gains[static_cast<std::size_t>(seconds / grid.frameSeconds) * kErbBands + at2k]); };
    EXPECT_NEAR(gainDb(1.0), -4.0, 0.2);
    EXPECT_NEAR(gainDb(3.9), 0.0, 0.2);
    EXPECT_GT(gainDb(2.2), -3.0) << "it comes back within a word's length";
}

// --- the search for the best balance near the usual one ---


// A state of steady instruments: band, level and role of each.
struct Part {
    const char* role;
    double lowHz, highHz, levelDb;
};
constexpr double kSteadySeconds = 2.0;
class BalanceSearchTest : public ::testing::Test {
protected:
    BalanceSearch search(const std::vector<Part>& parts, const BandGains* target, const BalanceSearchTuning& tuning = {}) {
        Band band;
        for (const Part& part : parts) band.add(part.role, part.role, played(kSteadySeconds, part.lowHz, part.highHz, [&](double) { return part.levelDb; }));
        const Deciding deciding(band);
        std::vector<Instrument> instruments;
        for (int i : deciding.state.byContent) instruments.push_back({i});
        return searchBalance(deciding.state, instruments, std::vector<bool>(parts.size(), true), target, tuning);
    }
};

TEST_F(BalanceSearchTest, WhereNothingIsWrongNothingMoves) {
    const BalanceSearch found = search({{"bass/electric", 40, 200, -20}, {"keys/piano", 300, 1000, -20}, {"guitar/electric", 1500, 6000, -20}}, nullptr);
    for (const BalanceSearch::Move& move : found.moves) EXPECT_EQ(move.byDb, 0.0);
    EXPECT_EQ(found.after.total(), found.before.total());
}

TEST_F(BalanceSearchTest, WhatIsCoveredComesUpAndWhatCoversItStepsBack) {
    const BalanceSearch found = search({{"winds/sax", 500, 2000, -28}, {"pad/synth", 500, 2000, -20}}, nullptr);
    EXPECT_GT(found.moves[0].byDb, 0.0);
    EXPECT_EQ(found.moves[0].cause, BalanceCause::masking);
    EXPECT_LT(found.moves[1].byDb, 0.0);
    EXPECT_LT(found.after.total(), found.before.total());
}

TEST_F(BalanceSearchTest, TheSumsToneIsBroughtNearerWithinTheRolesSpread) {
    const std::vector<Part> parts = {{"bass/electric", 80, 300, -5}, {"keys/piano", 400, 12000, -30}};
    BandGains flat{};
    for (int band = 0; band < kErbBands; ++band) flat[band] = erbCentreHz(band) > 80 && erbCentreHz(band) < 12000 ? 1.0 : 0.0;
    BalanceSearchTuning tuning;
    tuning.spectrumWeight = 2.0;
    const BalanceSearch found = search(parts, &flat, tuning);
    EXPECT_LT(found.moves[0].byDb, -0.5);
    EXPECT_GE(found.moves[0].byDb, -tuning.mostOfSpread * roleProfile("bass/electric").spreadLu - 1e-9);
    EXPECT_EQ(found.moves[0].cause, BalanceCause::spectrum);
    EXPECT_LT(found.spectrumErrorAfterDb, found.spectrumErrorBeforeDb);
    EXPECT_LE(found.after.total(), found.before.total());
}

// Brute force over all pairs of moves on a grid of 0.2 dB: nothing there is better.
TEST_F(BalanceSearchTest, NothingNearScoresBetter) {
    const std::vector<Part> parts = {{"winds/sax", 500, 2000, -27}, {"pad/synth", 400, 2500, -20}};
    const BalanceSearch found = search(parts, nullptr);
    BalanceSearchTuning still;
    still.mostOfSpread = 0.0;
    double best = 1e9;
    for (double a = -2.2; a <= 2.2; a += 0.2)
        for (double b = -2.2; b <= 2.2; b += 0.2) {
            std::vector<Part> moved = parts;
            moved[0].levelDb += a;
            moved[1].levelDb += b;
            const double places = std::pow(a / roleProfile("winds/sax").spreadLu, 2.0) + std::pow(b / roleProfile("pad/synth").spreadLu, 2.0);
            best = std::min(best, places + search(moved, nullptr, still).before.total());
        }
    EXPECT_LE(found.after.total(), best + 0.02);
    EXPECT_LT(best, found.before.total() - 0.1) << "there must be something to find";
}

}  // namespace
}  // namespace tonewright::testing
