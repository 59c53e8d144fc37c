#include <gtest/gtest.h>

#include <cmath>
#include <complex>
#include <numbers>

#include "../support/signals.h"
#include "dsp/saturator.h"
#include "engineer/mix/colour.h"
#include "mix_support.h"

namespace tonewright::testing {
namespace {

constexpr double kSeconds = 20.0;

// Peaks that stand `crestDb` over the level of their time.
Analysis withCrest(Analysis facts, double crestDb) {
    for (int f = 0; f < facts.sketch.frames; ++f) {
        double power = 0.0;
        for (int band = 0; band < kErbBands; ++band) power += facts.sketch.at(f, band);
        const float peak = static_cast<float>(std::sqrt(power) * dbToGain(crestDb));
        facts.peakEnvelope.insert(facts.peakEnvelope.end(), {-peak, peak});
    }
    return facts;
}

// A bass whose middle stands so far against its lows.
Analysis bassWith(double middleDb) {
    Analysis facts = played(kSeconds, 40, 200, steady);
    for (int f = 0; f < facts.sketch.frames; ++f)
        for (int band = 0; band < kErbBands; ++band)
            if (erbCentreHz(band) >= 500.0 && erbCentreHz(band) <= 2500.0) facts.sketch.power[static_cast<std::size_t>(f) * kErbBands + band] = static_cast<float>(dbToPower(-20.0 + middleDb) / 12.0);
    return withCrest(std::move(facts), 10.0);
}

struct Wishes {
    std::string style = "auto";
    std::vector<MoodWish> moods;
    double intensity = 1.0;
};

double percentOn(const std::string& role, Analysis facts, const Wishes& wishes, const std::string& microphone = "") {
    Band band;
    Track& track = band.add("t", role, std::move(facts));
    track.microphone = microphone;
    Intent intent{.style = wishes.style, .intensity = wishes.intensity};
    intent.moods = wishes.moods;
    const Plan plan = band.plan(intent);
    const Step* step = stepOf(trackOf(plan, "t"), "colour");
    return step ? measured(*step, "harmonicsPercent") : 0.0;
}

TEST(MixColour, OnlyWhereItHelpsOrIsBorneAndNeverOnWhatIsDrivenAlready) {
    const auto voice = [](double crestDb) { return withCrest(played(kSeconds, 200, 5000, steady), crestDb); };
    struct Case {
        const char *situation, *role;
        Analysis facts;
        Wishes wishes;
        double least, most;
        const char* microphone = "";
    };
    for (Case c : {Case{"a bass without middle", "bass/electric", bassWith(-34.0), {}, 0.5, 1.0}, Case{"a bass with some", "bass/electric", bassWith(-18.0), {}, 0.0, 0.0},
                   Case{"a bass with some, in rock", "bass/electric", bassWith(-18.0), {.style = "rock"}, 0.4, 1.0}, Case{"a driven bass, in rock", "bass/electric", bassWith(-6.0), {.style = "rock"}, 0.0, 0.0},
                   Case{"an amplifier's microphone, in rock", "bass/electric", bassWith(-34.0), {.style = "rock"}, 0.0, 0.0, "amp"},
                   Case{"a dull bass, and clean is wanted", "bass/electric", bassWith(-34.0), {.moods = {{"clean", 1.0}}}, 0.0, 0.0},
                   Case{"a dull bass, intensity 0", "bass/electric", bassWith(-34.0), {.intensity = 0.0}, 0.0, 0.0}, Case{"a clean voice, no style", "vocals/lead", voice(11.0), {}, 0.0, 0.0},
                   Case{"a clean voice, in rock", "vocals/lead", voice(11.0), {.style = "rock"}, 0.3, 0.6}, Case{"a driven voice, in rock", "vocals/lead", voice(5.0), {.style = "rock"}, 0.0, 0.0},
                   Case{"a clean voice, warm", "vocals/lead", voice(11.0), {.moods = {{"warm", 1.0}}}, 0.3, 0.7}, Case{"a driven guitar, in rock", "guitar/electric-driven", voice(11.0), {.style = "rock"}, 0.0, 0.0},
                   Case{"everything aggressive, twice", "bass/electric", bassWith(-34.0), {.style = "metal", .moods = {{"aggressive", 1.0}}, .intensity = 2.0}, 0.6, 1.4}}) {
        const double percent = percentOn(c.role, c.facts, c.wishes, c.microphone);
        EXPECT_GE(percent, c.least) << c.situation;
        EXPECT_LE(percent, c.most) << c.situation;
    }
}

TEST(MixColour, TheKitIsColouredOnItsGroup) {
    const auto kit = [](const char* style) {
        Band band;
        band.add("kick", "drums/kick", withCrest(played(kSeconds, 40, 200, hits), 12.0));
        band.add("snare", "drums/snare", withCrest(played(kSeconds, 150, 6000, [](double t) { return hits(t + 0.25); }), 12.0));
        band.add("oh", "drums/overhead", withCrest(played(kSeconds, 300, 12000, hits), 12.0));
        for (const BusPlan& bus : band.plan({.style = style}).buses)
            for (const Step& step : bus.chain)
                if (step.id == "bus-drums.colour") return measured(step, "harmonicsPercent");
        return 0.0;
    };
    EXPECT_EQ(kit("auto"), 0.0);
    EXPECT_NEAR(kit("rock"), 0.5, 0.15);
}

// On audio: with the step a sine as loud as the bass has the harmonics that are stated, without it none, and it stays as loud.
TEST(MixColour, BypassedTheHarmonicsAreGone) {
    Band band;
    band.add("t", "bass/electric", bassWith(-34.0));
    const Plan plan = band.plan();
    const Step* step = stepOf(trackOf(plan, "t"), "colour");
    ASSERT_TRUE(step);
    const StreamSpec spec{48000.0, 1};
    const double levelDb = -20.0 + trimDb(plan, "t");
    const auto harmonics = [&](bool on) {
        AudioBuffer audio = test::sine(spec, 96000, 100.0, levelDb + 3.01);
        Saturator saturator(std::get<SaturatorParams>(step->params), spec);
        float* channels[] = {audio.channel(0).data()};
        const double before = test::rmsDb(audio, 48000, 96000);
        if (on) saturator.process({channels, 1, audio.numFrames()});
        EXPECT_NEAR(test::rmsDb(audio, 48000, 96000), before, 0.3);
        double power[6] = {};
        for (int h = 1; h <= 5; ++h) {
            std::complex<double> sum;
            for (int n = 48000; n < 96000; ++n) sum += static_cast<double>(audio.channel(0)[n]) * std::polar(1.0, -2.0 * std::numbers::pi * h * 100.0 * n / 48000.0);
            power[h] = std::norm(sum);
        }
        return 100.0 * std::sqrt((power[2] + power[3] + power[4] + power[5]) / power[1]);
    };
    EXPECT_LT(harmonics(false), 0.01);
    EXPECT_NEAR(harmonics(true), measured(*step, "harmonicsPercent"), 0.2 * measured(*step, "harmonicsPercent"));
}

}  // namespace
}  // namespace tonewright::testing
