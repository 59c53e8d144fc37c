#include "dsp/dc_filter.h"
#include "tests/plots/decision.h"

using namespace tonewright;
using namespace tonewright::test;
using namespace tonewright::testing;

namespace {

Analysis withLoudMoments(ToneRegion region, double medianDb, double loudDb) {
    Analysis facts = balancedMix();
    facts.spectrum.regions[static_cast<std::size_t>(region)].medianDb = medianDb;
    facts.spectrum.regions[static_cast<std::size_t>(region)].loudDb = loudDb;
    return facts;
}

Analysis withNarrowPeak(NarrowPeak peak) {
    Analysis facts = balancedMix();
    facts.spectrum.narrowPeaks.push_back(peak);
    return facts;
}

// A region raised against both neighbours: nothing up to 4 dB, then half of what is over 2 dB, 3 dB at most.
Panel humpPanel(const char* title, double lowHz, double highHz, std::optional<Step> (*decide)(const MasterBrief&, const RegionFaultTuning&)) {
    Panel panel{title, linearAxis("dB over both neighbours", 0.0, 14.0, 2.0), linearAxis("cut, dB", -4.0, 0.0, 1.0), {}};
    const auto decided = [=](double intensity) {
        return [=](double overDb) { return cutDb(decide(briefFor(withTone(balancedMix(), lowHz, highHz, overDb), "neutral", -14.0, intensity), {})); };
    };
    panel.lines = {swept("intensity 1", finely(0.0, 14.0), decided(1.0)), swept("0.5", finely(0.0, 14.0), decided(0.5)),
                   swept("1.5", finely(0.0, 14.0), decided(1.5), PlotLine::Kind::dashed)};
    for (const PlotLine& line : panel.lines) {
        expectNothing(line, 0.0, 3.95);
        expectFalls(line);
    }
    EXPECT_NEAR(slope(panel.lines[0], 4.2, 7.8), -0.5, 0.02) << "half-way";
    expectBounds(panel.lines[0], -3.0, 0.0);
    expectBounds(panel.lines[1], -1.5, 0.0);
    EXPECT_EQ(panel.lines[2].points, panel.lines[0].points) << "never more than once";
    return panel;
}

// Loud moments that come near to everything else: from the limit on 1 dB and half of what is over it, 3 dB at most.
Panel burstPanel(ToneRegion region, double limitDb, std::optional<Step> (*decide)(const MasterBrief&, const RegionFaultTuning&)) {
    Panel panel{"Where it comes and goes", linearAxis("loud moments, dB against everything", -12.0, 6.0, 2.0), linearAxis("held back by, dB", -4.0, 0.0, 1.0), {}};
    panel.lines = {swept("median -18 dB", finely(-12.0, 6.0), [=](double db) { return cutDb(decide(briefFor(withLoudMoments(region, -18.0, db)), {})); }),
                   swept("always there: median 8 dB below", finely(-12.0, 6.0), [=](double db) { return cutDb(decide(briefFor(withLoudMoments(region, db - 8.0, db)), {})); })};
    expectNothing(panel.lines[0], -12.0, limitDb - 0.05);
    EXPECT_NEAR(slope(panel.lines[0], limitDb + 0.2, limitDb + 3.8), -0.5, 0.02) << "half-way";
    expectBounds(panel.lines[0], -3.0, 0.0);
    expectFalls(panel.lines[0]);
    expectNothing(panel.lines[1], -12.0, 6.0);
    return panel;
}

}  // namespace

TEST(RulePlots, masterTone) {
    Panel moves{"What is decided at 8 kHz", linearAxis("5-14 kHz over the style, dB", -12.0, 12.0, 4.0), linearAxis("dB", -4.0, 4.0, 1.0), {}};
    const auto at8k = [](double intensity) {
        return [=](double offDb) { return curveDb(decideMasterTone(briefFor(withTone(balancedMix(), 5000.0, 14000.0, offDb), "neutral", -14.0, intensity)).step, 8000.0); };
    };
    moves.lines = {swept("intensity 1", finely(-12.0, 12.0, 96), at8k(1.0)), swept("0.5", finely(-12.0, 12.0, 96), at8k(0.5))};
    for (const PlotLine& line : moves.lines) {
        expectNothing(line, -2.5, 2.5);
        for (const auto& [offDb, gainDb] : line.points) {
            EXPECT_LE(gainDb * offDb, 0.0) << "against what is off, at " << offDb;
            EXPECT_LE(std::abs(gainDb), std::min(3.15, 0.5 * std::abs(offDb) + 0.1)) << "half-way at most, at " << offDb;
        }
    }
    Style strict = *findStyle("neutral");
    strict.toleranceDb.fill(0.5);
    moves.lines.push_back(swept("style with 0.5 dB of tolerance", finely(-12.0, 12.0, 96), [&](double offDb) {
        const Analysis facts = withTone(balancedMix(), 5000.0, 14000.0, offDb);
        return curveDb(decideMasterTone({.programme = facts, .style = strict, .condition = {}}).step, 8000.0);
    }, PlotLine::Kind::dashed));
    EXPECT_NEAR(slope(moves.lines[2], 1.5, 5.0), -0.5, 0.1) << "half-way, however strict the style";
    EXPECT_NEAR(slope(moves.lines[2], -5.0, -1.5), -0.5, 0.1);
    Panel curves{"The whole decision over frequency", frequencyAxis(), linearAxis("dB", -4.0, 4.0, 1.0), {}};
    for (const auto& [name, lowHz, highHz, offDb] : {std::tuple{"bright, +6 dB", 5000.0, 14000.0, 6.0}, {"boomy, +6 dB", 50.0, 130.0, 6.0}, {"dull, -12 dB", 5000.0, 14000.0, -12.0}}) {
        const ToneDecision decision = decideMasterTone(briefFor(withTone(balancedMix(), lowHz, highHz, offDb)));
        curves.lines.push_back(swept(name, logSpaced(20.0, 20000.0, 90), [&](double hz) { return curveDb(decision.step, hz); }));
        for (const auto& [hz, db] : curves.lines.back().points) EXPECT_LE(std::abs(db), 3.15) << name << " at " << hz;
    }
    expectPicture("rule-master-tone", drawn("master.tone: gain at 8 kHz over how far the treble is off, and three decisions over frequency", {moves, curves}));
}

TEST(RulePlots, masterMud) {
    const Panel hump = humpPanel("Low mids that stay", 190.0, 520.0, decideMud);
    expectPicture("rule-master-mud", drawn("master.mud: cut over how far the low mids stand over both neighbours", {hump}));
}

TEST(RulePlots, masterHarshness) {
    const Panel hump = humpPanel("A presence range that stays", 2400.0, 5200.0, decideHarshness), bursts = burstPanel(ToneRegion::presence, -3.0, decideHarshness);
    expectPicture("rule-master-harshness", drawn("master.harshness: cut over how far the presence range stands over both neighbours, and over its loud moments", {hump, bursts}));
}

TEST(RulePlots, masterSibilance) {
    const Panel bursts = burstPanel(ToneRegion::sibilance, -4.0, decideSibilance);
    expectPicture("rule-master-sibilance", drawn("master.sibilance: by how much the highs are held back, over the level of their loud moments", {bursts}));
}

TEST(RulePlots, masterResonance) {
    const auto cut = [](double excessDb, double steadyDb, double intensity) {
        return cutDb(decideResonance(briefFor(withNarrowPeak({.frequencyHz = 3200.0, .excessDb = excessDb, .steadyDb = steadyDb, .q = 8.0}), "neutral", -14.0, intensity)));
    };
    Panel excess{"A peak at 3.2 kHz that is always there", linearAxis("median over its surroundings, dB", 0.0, 14.0, 2.0), linearAxis("cut, dB", -4.0, 0.0, 1.0), {}};
    for (const auto& [name, intensity] : {std::pair{"intensity 1", 1.0}, {"0.5", 0.5}}) {
        excess.lines.push_back(swept(name, finely(0.0, 14.0), [&](double db) { return cut(db, std::min(db, 5.0), intensity); }));
        expectNothing(excess.lines.back(), 0.0, 5.95);
        expectBounds(excess.lines.back(), -3.0 * intensity, 0.0);
        expectFalls(excess.lines.back());
    }
    Panel steady{"The same peak, 8 dB, coming and going", linearAxis("its lower fifth, dB", 0.0, 8.0, 1.0), linearAxis("cut, dB", -4.0, 0.0, 1.0), {}};
    steady.lines = {swept("", finely(0.0, 8.0), [&](double db) { return cut(8.0, db, 1.0); })};
    expectNothing(steady.lines[0], 0.0, 3.45);
    expectBounds(steady.lines[0], -3.0, 0.0);
    expectPicture("rule-master-resonance", drawn("master.resonance: cut over how far a narrow peak stands out, and over how steady it is", {excess, steady}));
}

TEST(RulePlots, masterRumble) {
    Panel panel{"Gain at 12 Hz", linearAxis("below 27 Hz, dB against 100 Hz-10 kHz", -50.0, 0.0, 10.0), linearAxis("dB", -30.0, 0.0, 10.0), {}};
    for (const auto& [name, notesDb] : {std::pair{"deepest notes at -30 dB", -30.0}, {"at -10 dB", -10.0}}) {
        panel.lines.push_back(swept(name, finely(-50.0, 0.0), [notes = notesDb](double db) {
            Analysis facts = balancedMix();
            double body = 0.0;
            for (int band = 0; band < kThirdOctaves; ++band)
                if (thirdOctaveCentreHz(band) > 95.0 && thirdOctaveCentreHz(band) < 10500.0) body += dbToPower(facts.spectrum.thirdOctaveDb[band]);
            facts.spectrum.thirdOctaveDb[2] = notes + powerToDb(body);
            facts.spectrum.regions[0].levelDb = db;
            return curveDb(decideRumble(briefFor(facts)), 12.0);
        }));
        expectNothing(panel.lines.back(), -50.0, std::max(-24.0, notesDb - 4.0) - 0.05);
        expectFalls(panel.lines.back());
        EXPECT_LT(panel.lines.back().points.back().second, -20.0) << "24 dB an octave below 25 Hz";
    }
    expectPicture("rule-master-rumble", drawn("master.rumble: gain at 12 Hz over the level below 27 Hz, for two levels of the deepest notes", {panel}));
}

TEST(RulePlots, masterDc) {
    constexpr int kFrames = 9600;  // 0.2 s
    const StreamSpec mono{48000.0, 1};
    Panel panel{"Offset that is left after 0.2 s", linearAxis("offset, dB against the music's RMS", -70.0, 0.0, 10.0), linearAxis("dB", -60.0, 0.0, 10.0), {}};
    for (const auto& [name, intensity] : {std::pair{"intensity 1", 1.0}, {"0", 0.0}}) {
        panel.lines.push_back(swept(name, finely(-70.0, 0.0, 60), [&, amount = intensity](double shareDb) {
            Analysis facts = balancedMix();
            facts.dcOffset = {0.0, dbToGain(facts.dynamics.rmsDbfs + shareDb)};
            const auto step = decideMasterDc(briefFor(facts, "neutral", -14.0, amount));
            if (!step) return 0.0;
            const AudioBuffer offset = made(mono, kFrames, [&](int) { return facts.dcOffset[1]; });
            return gainDbAt(offset, through(DcFilter(std::get<DcFilter::Params>(step->params), mono), offset), kFrames - 1);
        }, intensity > 0.0 ? PlotLine::Kind::solid : PlotLine::Kind::dashed));
        expectNothing(panel.lines.back(), -70.0, -40.05);
        expectBounds(panel.lines.back(), -54.6, 0.0, 0.1);  // exp(-2 pi 5 Hz 0.2 s)
    }
    EXPECT_EQ(panel.lines[0].points, panel.lines[1].points) << "repair is done at any intensity";
    expectPicture("rule-master-dc", drawn("master.dc: what is left of a constant offset after 0.2 s, over its size", {panel}));
}

TEST(RulePlots, masterMood) {
    const auto decided = [](const Analysis& facts, const char* mood, double amount) {
        MasterBrief brief = briefFor(facts);
        brief.mood = moodShape({{mood, amount}}, 1.0);
        return decideMood(brief);
    };
    const Analysis mix = balancedMix();
    Panel amounts{"Tone, over the amount that is asked for", linearAxis("amount", 0.0, 1.0, 0.25), linearAxis("dB", -3.0, 3.0, 1.0), {}};
    for (const auto& [name, mood, hz] : {std::tuple{"warm, 60 Hz", "warm", 60.0}, {"warm, 12 kHz", "warm", 12000.0}, {"bright, 12 kHz", "bright", 12000.0}, {"aggressive, 2.8 kHz", "aggressive", 2800.0}}) {
        amounts.lines.push_back(swept(name, finely(0.0, 1.0, 80), [&, word = mood, at = hz](double amount) { return curveDb(decided(mix, word, amount).tone, at); }));
        for (const auto& [amount, db] : amounts.lines.back().points) EXPECT_LE(std::abs(db), 3.0) << name << " at " << amount;
        const double wholeDb = curveDb(decided(mix, mood, 1.0).tone, hz);
        EXPECT_GT(std::abs(wholeDb), 1.0) << name;
        EXPECT_NEAR(curveDb(decided(mix, mood, 0.5).tone, hz), 0.5 * wholeDb, 0.1) << name << ": half the amount is half the move";
    }
    EXPECT_FALSE(decided(mix, "warm", 0.0).tone) << "nothing asked for, nothing done";
    Panel width{"Sides over frequency, at amount 1", frequencyAxis(), linearAxis("dB", -3.0, 3.0, 1.0), {}};
    for (const auto& [name, mood, lossLu] : {std::tuple{"wide", "wide", -0.4}, {"intimate", "intimate", -0.4}, {"wide, 2.6 LU lost in mono", "wide", -2.6}}) {
        Analysis facts = mix;
        facts.stereo.monoLossLu = lossLu;
        const auto step = decided(facts, mood, 1.0).width;
        ASSERT_TRUE(step) << name;
        width.lines.push_back(swept(name, logSpaced(20.0, 20000.0, 90), [&](double hz) { return CurveFilter::curveDb(std::get<CurveFilter::Params>(step->params).points, hz); }));
        expectNothing(width.lines.back(), 20.0, 120.0);
        for (const auto& [hz, db] : width.lines.back().points) EXPECT_LE(std::abs(db), 2.5) << name << " at " << hz;
        const auto& loss = step->because[0].evidence.back();
        EXPECT_EQ(loss.measure, "monoLossLu");
    }
    for (std::size_t i = 0; i < width.lines[2].points.size(); ++i) EXPECT_LE(width.lines[2].points[i].second, width.lines[0].points[i].second);
    EXPECT_LT(width.lines[2].points[70].second, width.lines[0].points[70].second - 0.5) << "mono stays bounded";
    expectBounds(width.lines[0], 0.0, 2.0, 0.06);
    expectBounds(width.lines[1], -2.0, 0.0, 0.06);
    Analysis lost = mix;
    lost.stereo.monoLossLu = -3.0;
    EXPECT_FALSE(decided(lost, "wide", 1.0).width);
    expectPicture("rule-master-mood", drawn("master.mood: tone over the amount that is asked for, and the sides over frequency", {amounts, width}));
}
