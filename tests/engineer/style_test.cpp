#include "engineer/style.h"

#include <gtest/gtest.h>

#include "core/error.h"

using namespace tonewright;

TEST(Style, TargetFollowsThePublishedAverageOfReleasedMusic) {
    // Elowsson and Friberg 2017, eq. 6, as third-octave power re 1 kHz.
    Style flat;
    const auto target = targetSpectrumDb(flat);
    const std::pair<double, double> table[] = {{100, 0.7}, {200, 2.0}, {400, 2.0}, {1000, 0.0}, {2000, -3.1}, {4000, -7.4}, {8000, -13.1}, {12500, -17.5}};
    for (auto [hz, db] : table)
        for (int band = 0; band < kThirdOctaves; ++band)
            if (std::abs(thirdOctaveCentreHz(band) / hz - 1.0) < 0.02) {
                EXPECT_NEAR(target[band], db, 0.15) << hz;
            }
}

TEST(Style, EveryStyleIsReadAndSane) {
    ASSERT_GE(styles().size(), 8u);
    for (const Style& style : styles()) {
        EXPECT_LT(style.loudnessRangeLu[0], style.loudnessRangeLu[1]) << style.name;
        EXPECT_LT(style.peakToLoudnessDb[0], style.peakToLoudnessDb[1]) << style.name;
    }
    EXPECT_NE(findStyle("neutral"), nullptr);
}

TEST(Style, AnUnknownStyleSuggestsTheNearest) {
    EXPECT_NO_THROW(checkStyle("auto"));
    try {
        checkStyle("rok");
        FAIL();
    } catch (const UsageError& error) {
        EXPECT_NE(std::string(error.what()).find("did you mean \"rock\""), std::string::npos) << error.what();
    }
}
