#include <gtest/gtest.h>

#include <random>

#include "tests/engineer/master_support.h"

using namespace tonewright;
using namespace tonewright::testing;

// --- master.no-harm

TEST(MasterNoHarm, KnowsWhatMustBeLeftAlone) {
    struct Case {
        const char* when;
        void (*change)(Analysis&);
        const char* code;
    };
    const Case cases[] = {
        {"loud and dense: a finished master", [](Analysis& f) { f = withPlr(f, 7.8); }, "master.already-mastered"},
        {"a finished master, turned down", [](Analysis& f) { f = atGain(withPlr(f, 7.8), -20.0); }, "master.already-mastered"},
        {"gently limited: many peaks reach the same ceiling",
         [](Analysis& f) {
             f = withPlr(f, 11.8);
             for (std::size_t i = 0; i + 5 < f.peakEnvelope.size(); i += 16) f.peakEnvelope[i] = -0.62f, f.peakEnvelope[i + 5] = 0.62f;
         },
         "master.already-mastered"},
        {"clipped", [](Analysis& f) { f.faults.push_back({.kind = "clipping", .severity = Severity::warning}); }, "master.clipped"},
        {"silent", [](Analysis& f) { f.activity.silent = true; f.loudness = {}; }, "master.silent"},
        {"below the gate", [](Analysis& f) { f.loudness.integratedLufs = kSilentDb; }, "master.silent"},
        {"mono", [](Analysis& f) { f.spec.channels = 1; }, "master.mono"},
        {"mono in a stereo file", [](Analysis& f) { f.stereo.dualMono = true; }, "master.mono"},
        {"one channel silent", [](Analysis& f) { f.stereo.oneChannelSilent = true; }, "master.channel-silent"},
        {"one channel inverted", [](Analysis& f) { f.faults.push_back({.kind = "inverted-channel"}); }, "master.channel-inverted"},
        {"made from an MP3", [](Analysis& f) { f.lossyCutoffHz = 15800.0; }, "master.lossy-source"},
        {"two seconds long", [](Analysis& f) { f.frames = 2 * 48000; }, "master.short"},
    };
    for (const Case& example : cases) {
        Analysis facts = balancedMix();
        example.change(facts);
        const Condition condition = findCondition(facts);
        EXPECT_TRUE(warnsOf(condition.warnings, example.code)) << example.when;
        EXPECT_EQ(condition.warnings.size(), 1u) << example.when;
    }
}

TEST(MasterNoHarm, HasNothingToSayOfAHealthyMix) {
    EXPECT_TRUE(findCondition(balancedMix()).warnings.empty());
    EXPECT_TRUE(findCondition(withPlr(balancedMix(), 10.0)).warnings.empty()) << "a dense mix is not a master";
}

// --- master.target

TEST(MasterTarget, IsWhatWasAskedForOrWhatTheMusicBears) {
    struct Case {
        const char* when;
        double plrDb;
        const char* style;
        std::optional<double> asked;
        double expectedLufs;
    };
    const Case cases[] = {
        {"asked for", 14.0, "neutral", -9.3, -9.3},
        {"the style's usual loudness", 14.0, "rock", {}, -11.5},
        {"the peaks allow more than the style's usual loudness", 11.0, "neutral", {}, -12.0},
        {"a finished master keeps its dynamics", 7.5, "neutral", {}, -8.5},
        {"a finished master of a louder style, too", 9.3, "metal", {}, -10.3},
        {"asked for, of a finished master", 7.5, "neutral", -14.0, -14.0},
    };
    for (const Case& example : cases) {
        const Analysis facts = withPlr(balancedMix(), example.plrDb);
        Intent intent;
        intent.integratedLufs = example.asked;
        EXPECT_NEAR(decideTarget(briefFor(facts, example.style), intent, false).integratedLufs, example.expectedLufs, 0.051) << example.when;
    }
}

// --- master.tone

TEST(MasterTone, LeavesWhatIsWithinTolerance) {
    for (const double off : {0.0, 2.0, -2.0})
        EXPECT_FALSE(decideMasterTone(briefFor(withTone(balancedMix(), 6000.0, 14000.0, off))).step) << off;
}

TEST(MasterTone, MovesBroadlyAgainstWhatIsOffAndHalfWayAtMost) {
    struct Case {
        const char* when;
        double lowHz, highHz, offDb, atHz;
        double leastDb, mostDb;
    };
    const Case cases[] = {
        {"bright", 5000.0, 14000.0, 5.0, 8000.0, -2.5, -1.2},
        {"dull", 5000.0, 14000.0, -5.0, 8000.0, 1.2, 2.5},
        {"boomy", 50.0, 130.0, 6.0, 80.0, -3.0, -1.5},
        {"thin", 50.0, 130.0, -6.0, 80.0, 1.5, 3.0},
        {"muddy", 190.0, 520.0, 5.0, 315.0, -2.5, -1.0},
        {"far too bright", 5000.0, 14000.0, 12.0, 8000.0, -3.05, -2.4},
    };
    for (const Case& example : cases) {
        const ToneDecision decision = decideMasterTone(briefFor(withTone(balancedMix(), example.lowHz, example.highHz, example.offDb)));
        ASSERT_TRUE(decision.step) << example.when;
        const auto& equalizer = std::get<Equalizer::Params>(decision.step->params);
        EXPECT_GE(analogueGainDb(equalizer, example.atHz), example.leastDb) << example.when;
        EXPECT_LE(analogueGainDb(equalizer, example.atHz), example.mostDb) << example.when;
        EXPECT_LE(equalizer.bands.size(), 4u) << example.when;
        for (const EqualizerBand& band : equalizer.bands) {
            EXPECT_LE(std::abs(band.gainDb), 3.0) << example.when;
            EXPECT_LE(band.q, 1.2) << example.when;
            EXPECT_NEAR(band.gainDb * 10.0, std::round(band.gainDb * 10.0), 1e-9) << "decisions are written in tenths";
        }
        for (int band = 0; band < kThirdOctaves; ++band)
            EXPECT_LE(std::abs(analogueGainDb(equalizer, thirdOctaveCentreHz(band))), 3.15) << example.when << " at " << thirdOctaveCentreHz(band);
    }
}

TEST(MasterTone, GoesNoFurtherThanHalfWayHoweverStrictTheStyle) {
    const Analysis bright = withTone(balancedMix(), 5000.0, 14000.0, 4.0);
    Style strict = *findStyle("neutral");
    strict.toleranceDb.fill(0.5);
    const MasterBrief usual = briefFor(bright);
    const MasterBrief brief{.programme = bright, .style = strict, .loudnessLufs = usual.loudnessLufs, .peakToLoudnessDb = usual.peakToLoudnessDb};
    const ToneDecision decision = decideMasterTone(brief);
    ASSERT_TRUE(decision.step);
    const double gainDb = analogueGainDb(std::get<Equalizer::Params>(decision.step->params), 8000.0);
    EXPECT_LT(gainDb, -1.5);
    EXPECT_GT(gainDb, -2.3);
}

TEST(MasterTone, WhatWouldNeedMoreIsSaidToTheMix) {
    const ToneDecision decision = decideMasterTone(briefFor(withTone(balancedMix(), 5000.0, 14000.0, 10.0)));
    ASSERT_EQ(decision.advice.size(), 1u);
    EXPECT_EQ(decision.advice[0].code, "master.mix-treble");
    EXPECT_NE(decision.advice[0].text.find("cymbals"), std::string::npos) << decision.advice[0].text;
    EXPECT_TRUE(decideMasterTone(briefFor(withTone(balancedMix(), 5000.0, 14000.0, 5.0))).advice.empty());
}

TEST(MasterTone, RaisesNothingWhereNothingIs) {
    const auto boostAt = [](const Analysis& facts, double hz) {
        const ToneDecision decision = decideMasterTone(briefFor(facts));
        return decision.step ? analogueGainDb(std::get<Equalizer::Params>(decision.step->params), hz) : 0.0;
    };
    const Analysis dull = withTone(balancedMix(), 5000.0, 14000.0, -6.0);
    EXPECT_GT(boostAt(dull, 9000.0), 1.0);
    Analysis lossy = dull;
    lossy.lossyCutoffHz = 15500.0;
    EXPECT_LT(boostAt(lossy, 9000.0), 0.3) << "a lossy source";
    Analysis noisy = dull;
    noisy.noise.signalToNoiseDb = 30.0;
    EXPECT_LT(boostAt(noisy, 9000.0), 0.3) << "noise would come up with it";
    EXPECT_LT(boostAt(withTone(balancedMix(), 10.0, 90.0, -30.0), 60.0), 0.3) << "no instrument plays there";
}

TEST(MasterTone, IntensityScalesAndZeroLeavesEverything) {
    const Analysis bright = withTone(balancedMix(), 5000.0, 14000.0, 5.0);
    const auto at = [&](double intensity) {
        const ToneDecision decision = decideMasterTone(briefFor(bright, "neutral", -14.0, intensity));
        return decision.step ? analogueGainDb(std::get<Equalizer::Params>(decision.step->params), 8000.0) : 0.0;
    };
    EXPECT_EQ(at(0.0), 0.0);
    EXPECT_LT(at(1.5), at(1.0) - 0.4);
}

TEST(BroadBands, OneBellIsFoundAgain) {
    std::array<double, kThirdOctaves> wished{};
    const EqualizerBand planted{.type = BandType::bell, .frequencyHz = 1000.0, .gainDb = -2.4, .q = 0.8};
    for (int band = 0; band < kThirdOctaves; ++band) wished[band] = analogueGainDb(planted, thirdOctaveCentreHz(band));
    const auto found = fitBroadBands(wished, {50.0, 14000.0, 3.0, 0.5, 4});
    ASSERT_EQ(found.bands.size(), 1u);
    EXPECT_NEAR(found.bands[0].frequencyHz, 1000.0, 1.0);
    EXPECT_NEAR(found.bands[0].gainDb, -2.4, 0.11);
}

// --- master.low-end-mono, master.width

TEST(MasterLowEndMono, GathersSpreadBassOnly) {
    const auto withLowSide = [](double db) {
        Analysis facts = balancedMix();
        for (int band = 0; band < kThirdOctaves; ++band)
            if (thirdOctaveCentreHz(band) < 130.0) facts.stereo.thirdOctaveWidthDb[band] = db;
        return facts;
    };
    EXPECT_FALSE(decideLowEndMono(briefFor(withLowSide(-20.0))).step) << "already in the middle";
    ASSERT_TRUE(decideLowEndMono(briefFor(withLowSide(-6.0))).step) << "spread";
    EXPECT_FALSE(decideLowEndMono(briefFor(withLowSide(-6.0), "neutral", -14.0, 0.0)).step) << "intensity 0";
    const LowEndDecision inverted = decideLowEndMono(briefFor(withLowSide(6.0)));
    EXPECT_FALSE(inverted.step) << "in mono that bass would be gone";
    EXPECT_TRUE(inverted.advice);
}

TEST(MasterWidth, MovesTowardsTheStyleWithinBounds) {
    struct Case {
        const char* when;
        double highDb, correlation, monoLossLu;
        double least, most;
    };
    const Case cases[] = {
        {"as the style has it", -9.0, 0.7, -0.4, 1.0, 1.0},
        {"narrow", -14.0, 0.9, -0.2, 1.1, 1.2},
        {"very narrow", -20.0, 0.95, -0.1, 1.2, 1.2},
        {"hardly any side at all", -35.0, 0.99, 0.0, 1.0, 1.0},
        {"wide, and weak in mono", -1.0, 0.2, -2.4, 0.85, 0.95},
        {"wide, and mono bears it", -1.0, 0.2, -0.9, 1.0, 1.0},
        {"narrow there, but already weak in mono", -14.0, 0.9, -2.5, 1.0, 1.0},
        {"narrow there, but without correlation", -14.0, 0.1, -0.4, 1.0, 1.0},
    };
    for (const Case& example : cases) {
        Analysis facts = balancedMix();
        facts.stereo.bandWidthDb[2] = example.highDb;
        facts.stereo.bandCorrelation[2] = example.correlation;
        facts.stereo.monoLossLu = example.monoLossLu;
        const auto step = decideWidth(briefFor(facts)).step;
        const double width = step ? std::get<StereoWidth::Params>(step->params).highWidth : 1.0;
        EXPECT_GE(width, example.least - 1e-9) << example.when;
        EXPECT_LE(width, example.most + 1e-9) << example.when;
        if (step) {
            EXPECT_EQ(std::get<StereoWidth::Params>(step->params).lowWidth, 1.0) << example.when;
        }
    }
}

TEST(MasterWidth, NeverTouchesMono) {
    Analysis facts = balancedMix();
    facts.stereo.bandWidthDb[2] = -14.0;
    ASSERT_TRUE(decideWidth(briefFor(facts)).step);
    facts.stereo.dualMono = true;
    EXPECT_FALSE(decideWidth(briefFor(facts)).step);
}

// --- master.dynamics, master.colour

TEST(MasterDynamics, WorksOnlyWhereStyleOrLoudnessAskForIt) {
    struct Case {
        const char* when;
        double plrDb, rangeLu, targetLufs;
        const char* style;
        bool expected;
    };
    const Case cases[] = {
        {"within the style, modest loudness", 14.0, 6.0, -14.0, "neutral", false},
        {"peaks far out for a loud style", 16.0, 6.0, -11.5, "rock", true},
        {"the same peaks, where the loudness needs no limiting", 16.0, 6.0, -18.0, "rock", false},
        {"verses and choruses too far apart", 14.0, 14.5, -14.0, "pop", true},
        {"an orchestra may", 20.0, 18.0, -19.0, "orchestral", false},
        {"much loudness asked for", 14.0, 6.0, -8.0, "neutral", true},
    };
    for (const Case& example : cases) {
        Analysis facts = withPlr(balancedMix(), example.plrDb);
        facts.loudness.loudnessRangeLu = example.rangeLu;
        const auto step = decideMasterDynamics(briefFor(facts, example.style, example.targetLufs), {});
        EXPECT_EQ(step.has_value(), example.expected) << example.when;
        if (!step) continue;
        const auto& params = std::get<Compressor::Params>(step->params);
        EXPECT_GE(params.ratio, 1.3) << example.when;
        EXPECT_LE(params.ratio, 2.0) << example.when;
        // The loud moments of the programme: 10 dB swings of -18 dBFS per channel. The threshold must lie among them.
        EXPECT_GT(params.thresholdDb, -35.0) << example.when;
        EXPECT_LT(params.thresholdDb, -8.0) << example.when;
    }
}

TEST(MasterColour, HelpsTheLimiterOnlyWhereMuchIsAsked) {
    const Analysis facts = withPlr(balancedMix(), 14.0);
    EXPECT_FALSE(decideColour(briefFor(facts, "neutral", -14.0)));
    ASSERT_TRUE(decideColour(briefFor(facts, "neutral", -9.0)));
    EXPECT_FALSE(decideColour(briefFor(facts, "jazz", -9.0))) << "a gentle style is never clipped";
    EXPECT_FALSE(decideColour(briefFor(facts, "neutral", -9.0, 0.0))) << "intensity 0";
    // The highest peaks meet the curve where it bends: drive brings them near its full scale, whatever the level.
    const auto driveAt = [&](double targetLufs) {
        const auto step = decideColour(briefFor(facts, "neutral", targetLufs));
        return step ? std::get<SaturatorParams>(step->params).driveDb : -100.0;
    };
    const double peakIntoCurveDb = kWorkingLufs + 14.0 + driveAt(-9.0);
    EXPECT_GT(peakIntoCurveDb, -1.0);
    EXPECT_LT(peakIntoCurveDb, 4.0);
    EXPECT_GT(driveAt(-7.0), driveAt(-9.0));
}

// --- master.dc

TEST(MasterDc, CentresOnlyWhatIsOffCentre) {
    Analysis facts = balancedMix();
    EXPECT_FALSE(decideMasterDc(briefFor(facts)));
    facts.dcOffset = {0.0, 0.01};
    EXPECT_TRUE(decideMasterDc(briefFor(facts)));
    facts.dcOffset = {0.0001, 0.0001};  // 60 dB under the music
    EXPECT_FALSE(decideMasterDc(briefFor(facts)));
}

// --- master.style

TEST(MasterStyle, BelievesOnlyWhatIsClear) {
    Analysis orchestra = withTone(balancedMix(), 5000.0, 14000.0, -5.0);
    orchestra = withPlr(withTone(orchestra, 50.0, 170.0, -4.0), 19.0);
    orchestra.rhythm = {.onsetsPerSecond = 1.0, .tempoConfidence = 0.0, .percussiveness = 0.12};
    orchestra.spectrum.flatness = 0.012;
    orchestra.stereo.bandWidthDb[1] = -5.0;
    EXPECT_EQ(guessStyle(orchestra).name, "orchestral");

    Analysis voice = withTone(balancedMix(), 10.0, 90.0, -20.0);
    voice = withPlr(voice, 17.0);
    voice.spec.channels = 1;
    voice.rhythm = {.onsetsPerSecond = 3.6, .tempoConfidence = 0.0, .percussiveness = 0.5};
    voice.spectrum.flatness = 0.06;
    EXPECT_EQ(guessStyle(voice).name, "speech");

    EXPECT_EQ(guessStyle(balancedMix()).name, "neutral");
    orchestra.frames = 10 * 48000;
    EXPECT_EQ(guessStyle(orchestra).name, "neutral") << "ten seconds say too little";
}

// Music drawn from what the styles are said to be: of the guesses that are believed, as many are right as the confidence says.
TEST(MasterStyle, IsAsOftenRightAsItSays) {
    std::mt19937 random(1);
    std::normal_distribution<double> normal;
    int believed = 0, right = 0, drawn = 0;
    double claimed = 0.0;
    Analysis blank = balancedMix();
    blank.sketch = {};
    for (const Style& style : styles()) {
        if (style.name == "neutral") continue;
        for (int i = 0; i < 60; ++i) {
            const double shared = 0.5 * normal(random);  // odd songs are odd in several respects
            const auto draw = [&](const std::array<double, 2>& typical) { return typical[0] + typical[1] * (0.87 * normal(random) + shared); };
            Analysis facts = blank;
            const auto average = targetSpectrumDb(Style{});
            for (int band = 0; band < kThirdOctaves; ++band) facts.spectrum.thirdOctaveDb[band] = average[band] - 30.0;
            facts = withTone(facts, 48.0, 82.0, draw(style.sound.deepBassDb));
            facts = withTone(facts, 90.0, 165.0, draw(style.sound.bassDb));
            facts = withTone(facts, 2400.0, 5200.0, draw(style.sound.presenceDb));
            facts = withPlr(withTone(facts, 6000.0, 14000.0, draw(style.sound.trebleDb)), draw(style.sound.peakToLoudnessDb));
            facts.rhythm = {.onsetsPerSecond = std::max(0.0, draw(style.sound.onsetsPerSecond)), .tempoConfidence = std::clamp(draw(style.sound.pulse), 0.0, 1.0),
                            .percussiveness = std::clamp(draw(style.sound.percussiveness), 0.0, 1.0)};
            facts.spectrum.flatness = std::max(0.0, draw(style.sound.flatness));
            facts.loudness.loudnessRangeLu = std::max(0.5, draw(style.sound.loudnessRangeLu));
            facts.stereo.bandWidthDb[1] = draw(style.sound.widthDb);
            const StyleGuess guess = guessStyle(facts);
            ++drawn;
            if (guess.name == "neutral") continue;
            ++believed;
            claimed += guess.confidence;
            right += guess.name == style.name;
            EXPECT_FALSE(guess.because.empty());
        }
    }
    RecordProperty("drawn", drawn);
    RecordProperty("believed", believed);
    RecordProperty("right", right);
    ASSERT_GT(believed, drawn / 4);
    EXPECT_GE(static_cast<double>(right), claimed - 0.08 * believed) << right << " of " << believed << " believed of " << drawn << ", claimed " << claimed;
}

TEST(MasterStyle, DoesNotHearTheLevel) {
    for (const double db : {-12.0, 7.0}) {
        const StyleGuess a = guessStyle(balancedMix()), b = guessStyle(atGain(balancedMix(), db));
        EXPECT_EQ(a.nearest, b.nearest);
        EXPECT_NEAR(a.confidence, b.confidence, 0.011);
    }
}
