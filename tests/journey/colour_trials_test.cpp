#include "journey/colour_trials.h"

#include <gtest/gtest.h>

#include <cmath>

#include "analysis/analyzer.h"
#include "core/decibels.h"
#include "engineer/master/harmonics.h"
#include "tests/support/files.h"
#include "tests/support/signals.h"

namespace tonewright::test {
namespace {

constexpr int kRate = 44100, kSeconds = 30;

// A plan that adds the harmonics of a tube, so much of them mixed in.
Plan coloured(double mix) {
    Plan plan;
    plan.kind = PlanKind::master;
    plan.delivery.sampleRateHz = kRate;
    Step step;
    step.id = kHarmonicsId;
    step.params = SaturatorParams{.kind = SaturatorKind::tube, .driveDb = 3.0, .mix = mix};
    step.because.push_back({.rule = kHarmonicsId, .text = "You asked.", .evidence = {}, .confidence = 1.0});
    plan.master.push_back(step);
    return plan;
}

// Settles it on a programme, with so many threads.
Plan settled(const AudioBuffer& audio, double mix, int threads = 2) {
    ScratchFolder folder;
    writeFloatWav(folder / "song.wav", audio);
    Analyzer analyzer(audio.spec());
    AudioBuffer copy = audio;
    std::vector<float*> pointers(2);
    for (int at = 0; at < audio.numFrames(); at += 8192) analyzer.add(copy.block(pointers, at, std::min(8192, audio.numFrames() - at)));
    Plan plan = coloured(mix);
    WorkPool pool(threads);
    NoProgress progress;
    settleColour(plan, folder / "song.wav", analyzer.result(), 8192, pool, progress);
    return plan;
}

// Pure notes hide nothing: every harmonic is heard for itself.
AudioBuffer bareNotes() {
    AudioBuffer audio({kRate, 2}, kSeconds * kRate);
    for (int n = 0; n < audio.numFrames(); ++n) {
        const double t = static_cast<double>(n) / kRate, hz = 330.0 + 55.0 * std::floor(2.0 * t - 8.0 * std::floor(t / 4.0));
        const double note = 0.5 * std::exp(-3.0 * std::fmod(t, 0.5)) * std::sin(2.0 * std::acos(-1.0) * hz * t);
        for (int c = 0; c < 2; ++c) audio.channel(c)[n] = static_cast<float>(note);
    }
    return audio;
}

TEST(ColourTrials, WhereTheFirstAmountIsHeardTooMuchItBacksOffByMeasurement) {
    const Plan plan = settled(bareNotes(), 0.4);
    const Step& step = plan.master[0];
    const double mix = std::get<SaturatorParams>(step.params).mix;
    EXPECT_TRUE(!step.enabled || mix < 0.4) << step.because[0].text;
    EXPECT_NE(step.because[0].text.find("was tried and graded"), std::string::npos) << step.because[0].text;
}

TEST(ColourTrials, NoiseHidesALittleAndTheThreadsDecideNothing) {
    const AudioBuffer audio = noise({kRate, 2}, kSeconds * kRate, -9.0, 5);
    const Plan one = settled(audio, 0.04, 1), two = settled(audio, 0.04, 2);
    EXPECT_EQ(one, two);
    EXPECT_TRUE(one.master[0].enabled);
    EXPECT_EQ(std::get<SaturatorParams>(one.master[0].params).mix, 0.04) << one.master[0].because[0].text;
}

TEST(ColourTrials, ReadsNothingWhereThereIsNothingToSettle) {
    Plan plan = coloured(0.2), none;
    plan.master[0].locked = true;
    WorkPool pool(1);
    NoProgress progress;
    for (Plan* untouched : {&plan, &none}) EXPECT_NO_THROW(settleColour(*untouched, "no such file.wav", {}, 8192, pool, progress));
}

}  // namespace
}  // namespace tonewright::test
