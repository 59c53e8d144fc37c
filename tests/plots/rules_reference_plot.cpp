#include "dsp/gain_computer.h"
#include "dsp/gain_envelope.h"
#include "engineer/master/detector.h"
#include "engineer/master/reference.h"
#include "engineer/mix/mix_sketch.h"
#include "tests/plots/decision.h"

using namespace tonewright;
using namespace tonewright::test;
using namespace tonewright::testing;

namespace {

// Invented recordings: middle and sides as functions of octaves from 1 kHz.
using Shape = std::function<double(double octaves)>;
BalanceFacts recording(const Shape& midDb, const Shape& sideToMidDb) {
    BalanceFacts facts;
    facts.stereo = true;
    for (int band = 0; band < kThirdOctaves; ++band) {
        const double octaves = std::log2(thirdOctaveCentreHz(band) / 1000.0);
        facts.whole.midDb[band] = -30.0 - 3.0 * octaves + midDb(octaves);
        facts.whole.sideDb[band] = facts.whole.midDb[band] + sideToMidDb(octaves);
    }
    facts.loud = facts.quiet = facts.whole;
    return facts;
}

ReferenceMatch matched(const BalanceFacts& song, const BalanceFacts& reference, MatchAmounts amounts) {
    Intent intent;
    intent.match = amounts;
    intent.references = {{"record.flac", ""}};
    const Analysis facts = balancedMix();
    return beginMatch(describeReference("record.flac", "", facts, reference), song, facts, findCondition(facts), intent);
}

double bump(double octaves, double at, double db) { return db * std::exp(-(octaves - at) * (octaves - at)); }

PlotLine overBands(const std::string& name, const std::function<double(int)>& valueDb, PlotLine::Kind kind = PlotLine::Kind::solid) {
    PlotLine line{name, {}, kind};
    for (int band = 0; band < kThirdOctaves; ++band)
        if (thirdOctaveCentreHz(band) > 22.0) line.points.emplace_back(thirdOctaveCentreHz(band), valueDb(band));
    return line;
}

ReferenceMatch toFollow(double MatchAmounts::* amount, double value) {
    ReferenceMatch match;
    match.profile.songs = {{"record.flac", "", 240.0}};
    match.amounts.*amount = value;
    return match;
}

}  // namespace

TEST(RulePlots, referenceTone) {
    const Shape wide = [](double) { return -10.0; };
    const BalanceFacts song = recording([](double o) { return bump(o, -2.0, 5.0) + bump(o, 2.5, -4.0); }, wide), record = recording([](double o) { return bump(o, -3.5, 4.0) + bump(o, 1.5, 2.0); }, wide);
    const ReferenceMatch whole = matched(song, record, {}), half = matched(song, record, {.tone = 0.5});
    // Levels play no part: the record is drawn as loud as the match at 1 kHz. All against the same falling line.
    constexpr int k1kHz = 17;
    const auto line = [](int band) { return -30.0 - 3.0 * std::log2(thirdOctaveCentreHz(band) / 1000.0); };
    const double offsetDb = song.whole.midDb[k1kHz] + whole.midDb[k1kHz] - record.whole.midDb[k1kHz];
    Panel pair{"Middle, dB over a fall of 3 dB an octave", frequencyAxis(), linearAxis("dB", -9.0, 9.0, 3.0), {}};
    pair.lines = {overBands("song", [&](int band) { return song.whole.midDb[band] - line(band); }), overBands("reference", [&](int band) { return record.whole.midDb[band] + offsetDb - line(band); }),
                  overBands("matched", [&](int band) { return song.whole.midDb[band] + whole.midDb[band] - line(band); }, PlotLine::Kind::dashed),
                  overBands("tone=0.5", [&](int band) { return song.whole.midDb[band] + half.midDb[band] - line(band); }, PlotLine::Kind::dashed)};
    for (std::size_t i = 3; i < pair.lines[2].points.size(); ++i) EXPECT_NEAR(pair.lines[2].points[i].second, pair.lines[1].points[i].second, 0.05) << "all the way, at " << pair.lines[2].points[i].first;
    for (int band = 3; band < kThirdOctaves; ++band) EXPECT_NEAR(half.midDb[band] - half.midDb[k1kHz], 0.5 * (whole.midDb[band] - whole.midDb[k1kHz]), 0.05) << "half of the way";

    Panel bounds{"Gain where a reference asks for far too much", frequencyAxis(), linearAxis("dB", -36.0, 24.0, 12.0), {}};
    const MatchTuning tuning;
    for (const auto& [name, tiltDb] : {std::pair{"13 dB an octave brighter", 13.0}, {"13 dB an octave darker", -13.0}}) {
        const ReferenceMatch match = matched(song, recording([tilt = tiltDb](double o) { return tilt * o; }, wide), {});
        bounds.lines.push_back(overBands(name, [&](int band) { return match.midDb[band]; }));
        for (const auto& [hz, db] : bounds.lines.back().points) {
            EXPECT_LE(db, hz < tuning.deepestHz ? tuning.mostDeepBoostDb : hz > tuning.airHz ? tuning.mostAirBoostDb : tuning.mostBoostDb) << name << " at " << hz;
            EXPECT_GE(db, -tuning.mostCutDb) << name << " at " << hz;
        }
    }
    expectPicture("rule-reference-tone", drawn("reference.tone: an invented song, a reference and the match of the two, and the bounds of the curve", {pair, bounds}));
}

TEST(RulePlots, referenceWidth) {
    const Shape flat = [](double) { return 0.0; };
    const BalanceFacts song = recording(flat, [](double o) { return -16.0 + o; }), record = recording(flat, [](double o) { return o < -3.0 ? 2.0 : -9.0 + bump(o, 2.0, 4.0); });
    Panel pair{"Side over mid", frequencyAxis(), linearAxis("dB", -24.0, 6.0, 6.0), {}};
    const auto against = [&](const ReferenceMatch& match) { return [&, match](int band) { return song.whole.sideDb[band] + match.sideDb[band] - song.whole.midDb[band] - match.midDb[band]; }; };
    const ReferenceMatch whole = matched(song, record, {});
    pair.lines = {overBands("song", [&](int band) { return song.whole.sideDb[band] - song.whole.midDb[band]; }), overBands("reference", [&](int band) { return record.whole.sideDb[band] - record.whole.midDb[band]; }),
                  overBands("matched", against(whole), PlotLine::Kind::dashed), overBands("width=0.5", against(matched(song, record, {.width = 0.5})), PlotLine::Kind::dashed)};
    for (std::size_t i = 0; i < pair.lines[2].points.size(); ++i) {
        const auto [hz, db] = pair.lines[2].points[i];
        if (hz < 119.0) {
            EXPECT_LE(db, -2.95) << "bass stays in the middle, at " << hz;
        }
        if (hz > 130.0 && hz < 17000.0) {
            EXPECT_NEAR(db, pair.lines[1].points[i].second, 0.05) << "all the way, at " << hz;
        }
    }
    Panel amount{"Side at 1 kHz, over the amount", linearAxis("width", 0.0, 1.0, 0.25), linearAxis("against the middle, dB", 0.0, 12.0, 2.0), {}};
    amount.lines = {swept("", finely(0.0, 1.0, 40), [&](double width) {
        const ReferenceMatch match = matched(song, record, {.width = width});
        return match.sideDb[17] - match.midDb[17];
    })};
    expectRises(amount.lines[0]);
    EXPECT_NEAR(slope(amount.lines[0], 0.0, 1.0), record.whole.sideDb[17] - record.whole.midDb[17] + 16.0, 0.1);
    expectPicture("rule-reference-width", drawn("reference.width: sides of an invented song, a reference and the match of the two, and over the amount", {pair, amount}));
}

TEST(RulePlots, referenceDynamics) {
    Analysis song = withPlr(balancedMix(), 14.0);
    song.loudness.loudnessRangeLu = 14.0;
    for (int frame = 0; frame < song.sketch.frames; ++frame)  // beats of 6 dB, and no sections
        for (int band = 0; band < kErbBands; ++band) song.sketch.power[static_cast<std::size_t>(frame) * kErbBands + band] = static_cast<float>(dbToPower(frame % 10 < 3 ? -30.0 : -36.0));
    const auto eased = [&](double amount, double rangeLu, double plrDb, double targetLufs) {
        ReferenceMatch match = toFollow(&MatchAmounts::dynamics, amount);
        match.profile.loudnessRangeLu = rangeLu;
        match.profile.peakToLoudnessDb = plrDb;
        const MasterBrief brief = briefFor(song, "neutral", targetLufs);
        const auto step = decideReferenceDynamics(brief, match);
        if (!step) return 0.0;
        const auto& params = std::get<Compressor::Params>(step->params);
        return loudReductionDb(activeLevelsDb(detectorPower(brief, {}, {.lowestHz = params.sidechain.lowCutHz})), GainComputer{params.thresholdDb, params.ratio, params.kneeDb});
    };
    Panel range{"A song of 14 LU eased at its loud moments", linearAxis("the reference's loudness range, LU", 0.0, 20.0, 4.0), linearAxis("dB", 0.0, 4.0, 1.0), {}};
    range.lines = {swept("dynamics=1", finely(0.0, 20.0, 60), [&](double lu) { return eased(1.0, lu, 14.0, -18.0); }), swept("0.5", finely(0.0, 20.0, 60), [&](double lu) { return eased(0.5, lu, 14.0, -18.0); })};
    for (const PlotLine& line : range.lines) {
        expectNothing(line, 12.3, 20.0);  // and a song that is denser than its reference is left as it is
        expectFalls(line, 0.1);
    }
    EXPECT_NEAR(slope(range.lines[0], 6.0, 12.0), -0.35, 0.04);
    expectBounds(range.lines[0], 0.0, 3.0, 0.06);
    Panel peaks{"Peaks 14 dB over, mastered to -8 LUFS", linearAxis("the reference's peaks over its loudness, dB", 4.0, 18.0, 2.0), linearAxis("dB", 0.0, 4.0, 1.0), {}};
    peaks.lines = {swept("dynamics=1", finely(4.0, 18.0, 60), [&](double db) { return eased(1.0, 14.0, db, -8.0); }), swept("0.5", finely(4.0, 18.0, 60), [&](double db) { return eased(0.5, 14.0, db, -8.0); })};
    for (const PlotLine& line : peaks.lines) {
        expectFalls(line, 0.1);
        EXPECT_EQ(line.points.front().second, over({7.9}, [&](double db) { return eased(&line == &peaks.lines[0] ? 1.0 : 0.5, 14.0, db, -8.0); })[0].second) << "not followed below 8 dB";
    }
    expectPicture("rule-reference-dynamics", drawn("reference.dynamics: reduction of the loudest tenth over the reference's loudness range, and over its peaks", {range, peaks}));
}

TEST(RulePlots, referenceLoudness) {
    Panel panel{"Target of a song that would be mastered to -14 LUFS", linearAxis("the reference, LUFS", -30.0, -2.0, 4.0), linearAxis("target, LUFS", -30.0, -2.0, 4.0), {}};
    const Analysis song = balancedMix();
    for (const auto& [name, amount] : {std::pair{"loudness=1", 1.0}, {"0.5", 0.5}, {"0", 0.0}}) {
        panel.lines.push_back(swept(name, finely(-30.0, -2.0, 60), [&, much = amount](double lufs) {
            ReferenceMatch match = toFollow(&MatchAmounts::loudness, much);
            match.profile.integratedLufs = lufs;
            return decideReferenceLoudness(briefFor(song), match, {.integratedLufs = -14.0, .text = ""}).integratedLufs;
        }));
        expectRises(panel.lines.back());
        EXPECT_NEAR(slope(panel.lines.back(), -30.0, -7.2), amount, 0.01) << name;
        for (const auto& [lufs, target] : panel.lines.back().points) EXPECT_LE(target, -7.0) << "6 dB under the ceiling, at " << lufs;
    }
    expectPicture("rule-reference-loudness", drawn("reference.loudness: target over the loudness of the reference", {panel}));
}

TEST(RulePlots, referenceSections) {
    Analysis song = balancedMix();  // verses of -20, choruses of -12 LUFS, a minute each
    for (int i = 0; i < 474; ++i) song.dynamics.shortTermLufs.push_back(static_cast<float>((i / 119 % 2 == 1 ? -12.0 : -20.0) + 0.3 * std::sin(0.37 * i)));
    Panel panel{"Gain of quiet sections, 8 LU under the loud ones", linearAxis("the reference's difference, LU", 0.0, 18.0, 2.0), linearAxis("dB", -4.0, 4.0, 1.0), {}};
    for (const auto& [name, amount] : {std::pair{"sections=1", 1.0}, {"0.5", 0.5}}) {
        panel.lines.push_back(swept(name, finely(0.0, 18.0), [&, much = amount](double contrastLu) {
            ReferenceMatch match = toFollow(&MatchAmounts::sections, much);
            match.profile.sections = SectionContrast{contrastLu, 1.0};
            const auto step = decideReferenceSections(briefFor(song), match);
            if (!step) return 0.0;
            const GainEnvelope envelope(std::get<GainEnvelope::Params>(step->params), song.spec);
            EXPECT_EQ(envelope.gainDbAt(90.0), 0.0) << "loud sections stay";
            return envelope.gainDbAt(30.0);
        }));
        expectNothing(panel.lines.back(), 8.0 - 0.4 / amount, 8.0 + 0.4 / amount);
        expectBounds(panel.lines.back(), -3.0, 3.0);
        expectFalls(panel.lines.back());
        EXPECT_NEAR(slope(panel.lines.back(), 9.2, 10.8), -amount, 0.05) << name;
    }
    expectPicture("rule-reference-sections", drawn("reference.sections: gain of quiet sections over the reference's difference between loud and quiet", {panel}));
}
