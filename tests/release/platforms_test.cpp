#include "release/platforms.h"

#include <gtest/gtest.h>

#include <algorithm>

using namespace tonewright;

namespace {

PlatformEffect effectOn(const std::string& name, double lufs, double truePeakDbtp) {
    LoudnessFacts master;
    master.integratedLufs = lufs;
    master.truePeakDbtp = truePeakDbtp;
    const auto effects = platformEffects(master);
    const auto found = std::find_if(effects.begin(), effects.end(), [&](const PlatformEffect& e) { return e.platform.name == name; });
    EXPECT_NE(found, effects.end()) << name;
    return *found;
}

}  // namespace

TEST(Platforms, ALoudMasterIsTurnedDownToTheTarget) {
    for (const char* name : {"Spotify", "YouTube", "Tidal"}) {
        const PlatformEffect effect = effectOn(name, -9.0, -1.0);
        EXPECT_NEAR(effect.gainDb, -5.0, 1e-9) << name;
        EXPECT_NEAR(effect.playedLufs, -14.0, 1e-9) << name;
        EXPECT_NE(effect.text.find("turns it down by 5.0 dB"), std::string::npos) << effect.text;
    }
}

TEST(Platforms, AQuietMasterIsRaisedOnlyWhereThatIsDoneAndAsFarAsPeaksAllow) {
    EXPECT_NEAR(effectOn("Spotify", -18.0, -6.0).gainDb, 4.0, 1e-9);
    EXPECT_NEAR(effectOn("Spotify", -18.0, -3.0).gainDb, 2.0, 1e-9) << "raised until -1 dBTP";
    EXPECT_EQ(effectOn("Spotify", -18.0, -0.5).gainDb, 0.0);
    EXPECT_EQ(effectOn("YouTube", -18.0, -6.0).gainDb, 0.0) << "only ever turns down";
}

TEST(Platforms, WhereNothingIsNormalisedTheFilePlaysAsItIs) {
    EXPECT_EQ(effectOn("Bandcamp", -7.0, 0.0).gainDb, 0.0);
    EXPECT_EQ(effectOn("Bandcamp", -7.0, 0.0).text, "plays it as it is");
}

TEST(Platforms, SilenceHasNoEffects) { EXPECT_TRUE(platformEffects(LoudnessFacts{}).empty()); }

TEST(Platforms, EveryFigureNamesItsSourceAndDate) {
    ASSERT_GE(platforms().size(), 8u);
    for (const Platform& platform : platforms()) {
        EXPECT_FALSE(platform.source.empty()) << platform.name;
        EXPECT_FALSE(platform.date.empty()) << platform.name;
        EXPECT_FALSE(platform.status.empty()) << platform.name;
    }
}
