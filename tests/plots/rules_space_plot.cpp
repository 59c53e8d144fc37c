#include "dsp/component_equalizer.h"
#include "dsp/stereo_width.h"
#include "tests/plots/decision.h"

using namespace tonewright;
using namespace tonewright::test;
using namespace tonewright::testing;

namespace {

// How far a component moves, of which the equalizer holds only a share.
double componentMoveDb(const ComponentDecision& decision, double caught) {
    return decision.step ? gainToDb(1.0 + caught * (dbToGain(std::get<ComponentEqualizer::Params>(decision.step->params).gainDb) - 1.0)) : 0.0;
}

double sideDb(const std::optional<Step>& step) { return step ? gainToDb(std::get<StereoWidth::Params>(step->params).highWidth) : 0.0; }

}  // namespace

TEST(RulePlots, masterWidth) {
    const auto decided = [](const char* style, double highDb, double lossLu) {
        Analysis facts = balancedMix();
        facts.stereo.bandWidthDb[2] = highDb;
        facts.stereo.monoLossLu = lossLu;
        return sideDb(decideWidth(briefFor(facts, style)).step);
    };
    const double narrowestDb = gainToDb(0.85), widestDb = gainToDb(1.2);
    Panel moves{"Side above 4 kHz", linearAxis("measured side over mid, dB", -30.0, 5.0, 5.0), linearAxis("moved by, dB", -2.0, 2.0, 1.0), {}};
    for (const char* style : {"pop", "neutral"}) {
        moves.lines.push_back(swept(style, finely(-30.0, 5.0, 140), [&](double db) { return decided(style, db, -0.4); }));
        const double usualDb = findStyle(style)->widthDb[2];
        expectNothing(moves.lines.back(), usualDb - 3.0, usualDb + 3.0);
        expectNothing(moves.lines.back(), -30.0, -25.05);
        for (const auto& [measuredDb, db] : moves.lines.back().points) {
            EXPECT_GE(db * (usualDb - measuredDb), 0.0) << style << ": towards the style, at " << measuredDb;
            const double missingDb = std::abs(usualDb - measuredDb);
            EXPECT_LE(std::abs(db), std::max(0.0, std::min(0.5 * missingDb, missingDb - 3.0)) + 0.25) << style << ": to the edge of the dead band, half-way at most, at " << measuredDb;
        }
    }
    expectBounds(moves.lines[0], narrowestDb, widestDb);
    expectBounds(moves.lines[1], 0.0, widestDb);  // nothing is narrowed that mono bears
    Panel loss{"A side 10 dB too weak, over what mono loses", linearAxis("lost in mono, LU", -4.0, 0.0, 1.0), linearAxis("moved by, dB", -2.0, 2.0, 1.0), {}};
    loss.lines = {swept("", finely(-4.0, 0.0, 140), [&](double lossLu) { return decided("pop", findStyle("pop")->widthDb[2] - 10.0, lossLu); })};
    for (const auto& [lossLu, db] : loss.lines[0].points)
        if (db > 0.0) {
            EXPECT_GE(monoLossAfterLu(lossLu, db), -2.0) << "mono stays bounded, from " << lossLu;
        }
    expectNothing(loss.lines[0], -4.0, -2.0);
    expectRises(loss.lines[0]);
    expectBounds(loss.lines[0], 0.0, widestDb);
    expectPicture("rule-master-width", drawn("master.width: move of the side over how wide it is, and over what mono loses", {moves, loss}));
}

TEST(RulePlots, masterLowEndMono) {
    Panel panel{"Gain of the side at 60 Hz", linearAxis("side over mid below 120 Hz, dB", -30.0, 10.0, 10.0), linearAxis("dB", -15.0, 0.0, 5.0), {}};
    panel.lines = {swept("", finely(-30.0, 10.0, 160), [](double db) {
        Analysis facts = balancedMix();
        for (int band = 0; band < kThirdOctaves; ++band)
            if (thirdOctaveCentreHz(band) < 130.0) facts.stereo.thirdOctaveWidthDb[band] = db;
        const LowEndDecision decision = decideLowEndMono(briefFor(facts));
        EXPECT_EQ(decision.advice.has_value(), db > 0.0) << "out of phase, at " << db;
        return decision.step ? gainToDb(StereoWidth(std::get<StereoWidth::Params>(decision.step->params), {48000.0, 2}).sideGainAt(60.0)) : 0.0;
    })};
    expectNothing(panel.lines[0], -30.0, -11.05);
    expectNothing(panel.lines[0], 0.05, 10.0);
    expectBounds(panel.lines[0], -12.3, 0.0, 0.05);  // w^4 / (1 + w^4), an octave below the corner
    expectPicture("rule-master-low-end-mono", drawn("master.low-end-mono: gain of the side at 60 Hz over how strong the side is below 120 Hz", {panel}));
}

TEST(RulePlots, masterCentre) {
    const auto moved = [](double centreToSidesDb, double wishedDb, double intensity, double caught = 0.7) {
        Analysis facts = balancedMix();
        facts.centreSeparation = CentreSeparation{.caught = caught, .sidesLinear = 0.2, .sidesSquare = 0.15, .centreToSidesDb = centreToSidesDb};
        return componentMoveDb(decideCentreBalance(briefFor(facts, "neutral", -14.0, intensity), wishedDb), caught);
    };
    Panel own{"On its own", linearAxis("middle over sides, dB", -20.0, 10.0, 5.0), linearAxis("middle moves by, dB", -1.0, 2.0, 1.0), {}};
    own.lines = {swept("intensity 1", finely(-20.0, 10.0), [&](double db) { return moved(db, 0.0, 1.0); }), swept("0.5", finely(-20.0, 10.0), [&](double db) { return moved(db, 0.0, 0.5); })};
    expectNothing(own.lines[0], -10.0 + 0.1, 10.0);
    expectBounds(own.lines[0], 0.0, 1.0, 0.06);
    for (const PlotLine& line : own.lines) expectFalls(line);
    Panel asked{"Asked for", linearAxis("wished, dB", -4.0, 4.0, 1.0), linearAxis("middle moves by, dB", -4.0, 4.0, 1.0), {}};
    asked.lines = {swept("told apart: 70 %", finely(-4.0, 4.0, 80), [&](double db) { return moved(0.0, db, 1.0); }), swept("40 %: refused", finely(-4.0, 4.0, 80), [&](double db) { return moved(0.0, db, 1.0, 0.4); })};
    expectBounds(asked.lines[0], -3.0, 3.0, 0.06);
    expectRises(asked.lines[0], 0.05);
    EXPECT_NEAR(slope(asked.lines[0], -2.9, 2.9), 1.0, 0.02) << "as wished";
    expectNothing(asked.lines[1], -4.0, 4.0);
    expectPicture("rule-master-centre", drawn("master.centre: move of the middle over its level against the sides, and over the wish", {own, asked}));
}

TEST(RulePlots, masterKick) {
    const auto moved = [](double kickToRestDb, double wishedDb, double intensity, double ringing = 0.1) {
        Analysis facts = balancedMix();
        facts.kickSeparation = KickSeparation{.hits = 200, .likeness = 0.9, .caught = 0.65, .ringing = ringing, .kickToRestDb = kickToRestDb};
        return componentMoveDb(decideKickBalance(briefFor(facts, "neutral", -14.0, intensity), wishedDb), 0.65);
    };
    Panel own{"On its own", linearAxis("kick over the rest of the lows, dB", -25.0, 20.0, 5.0), linearAxis("kick moves by, dB", -2.0, 2.0, 1.0), {}};
    own.lines = {swept("intensity 1", finely(-25.0, 20.0, 150), [&](double db) { return moved(db, 0.0, 1.0); }), swept("0.5", finely(-25.0, 20.0, 150), [&](double db) { return moved(db, 0.0, 0.5); })};
    for (const PlotLine& line : own.lines) {
        expectNothing(line, -13.0, 9.0);
        expectBounds(line, -1.5, 1.5, 0.06);
        expectFalls(line, 0.05);
    }
    EXPECT_NEAR(slope(own.lines[0], 10.2, 11.8), -0.5, 0.1) << "half-way";
    Panel asked{"Asked for", linearAxis("wished, dB", -4.0, 4.0, 1.0), linearAxis("kick moves by, dB", -4.0, 4.0, 1.0), {}};
    asked.lines = {swept("a drum", finely(-4.0, 4.0, 80), [&](double db) { return moved(0.0, db, 1.0); }), swept("rings like a bass: refused", finely(-4.0, 4.0, 80), [&](double db) { return moved(0.0, db, 1.0, 0.6); })};
    expectBounds(asked.lines[0], -3.0, 3.0, 0.06);
    EXPECT_NEAR(slope(asked.lines[0], -2.9, 2.9), 1.0, 0.02) << "as wished";
    expectNothing(asked.lines[1], -4.0, 4.0);
    expectPicture("rule-master-kick", drawn("master.kick: move of the kick over its level against the rest of the lows, and over the wish", {own, asked}));
}

TEST(RulePlots, masterChannels) {
    const auto gainDb = [](double balanceDb, bool left, double correlation) {
        Analysis facts = balancedMix();
        facts.stereo.balanceDb = balanceDb;
        facts.stereo.correlation = correlation;
        const auto step = decideChannels(briefFor(facts)).step;
        if (!step) return 0.0;
        const auto& matrix = std::get<ChannelMatrix::Params>(step->params);
        return gainToDb(left ? matrix.leftFromLeft : matrix.rightFromRight);
    };
    Panel panel{"Nearly the same on both sides, one of them louder", linearAxis("left over right, dB", -8.0, 8.0, 2.0), linearAxis("gain, dB", -3.0, 1.0, 1.0), {}};
    panel.lines = {swept("left", finely(-8.0, 8.0, 160), [&](double db) { return gainDb(db, true, 0.95); }), swept("right", finely(-8.0, 8.0, 160), [&](double db) { return gainDb(db, false, 0.95); }),
                   swept("either, where the sides differ", finely(-8.0, 8.0, 160), [&](double db) { return gainDb(db, db > 0.0, 0.5); }, PlotLine::Kind::dashed)};
    expectNothing(panel.lines[0], -8.0, 1.95);
    expectNothing(panel.lines[1], -1.95, 8.0);
    expectNothing(panel.lines[2], -8.0, 8.0);
    expectFalls(panel.lines[0]);
    expectRises(panel.lines[1]);
    for (int side : {0, 1}) expectBounds(panel.lines[static_cast<std::size_t>(side)], -2.0, 0.0, 0.01);
    EXPECT_NEAR(slope(panel.lines[0], 2.2, 5.4), -0.5, 0.02) << "half-way";
    expectPicture("rule-master-channels", drawn("master.channels: gain of either side over how much louder the left one is", {panel}));
}
