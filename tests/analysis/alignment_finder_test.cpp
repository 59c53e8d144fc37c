#include "analysis/alignment_finder.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <tuple>
#include <vector>

#include "analysis/excerpt_picker.h"
#include "tests/support/signals.h"

using namespace tonewright;
using namespace tonewright::test;

namespace {

constexpr double kRate = 44100.0;

// Adds `source`, later by a fractional number of frames (windowed sinc) and scaled.
void addDelayed(std::vector<float>& out, const std::vector<float>& source, double delayFrames, double gain) {
    constexpr int kHalf = 32;
    const int whole = static_cast<int>(std::floor(delayFrames));
    const double fraction = delayFrames - whole;
    std::vector<double> taps;
    for (int k = -kHalf + 1; k <= kHalf; ++k) {
        const double x = k - fraction, window = 0.5 + 0.5 * std::cos(std::numbers::pi * x / (kHalf + 1));
        taps.push_back((std::abs(x) < 1e-9 ? 1.0 : std::sin(std::numbers::pi * x) / (std::numbers::pi * x)) * window * gain);
    }
    const int length = static_cast<int>(out.size());
    for (int n = 0; n < static_cast<int>(source.size()); ++n) {
        if (source[n] == 0.0f) continue;
        for (int t = 0; t < 2 * kHalf; ++t) {
            const int at = n + whole + t - kHalf + 1;
            if (at >= 0 && at < length) out[at] += static_cast<float>(taps[t] * source[n]);
        }
    }
}

// Hits of decaying noise, through a resonance so that each drum has its own colour.
std::vector<float> drum(double seconds, double everySeconds, double offsetSeconds, double resonanceHz, std::uint64_t seed) {
    const int frames = static_cast<int>(seconds * kRate);
    std::vector<float> x(frames, 0.0f);
    AudioBuffer hiss = noise({kRate, 1}, frames, 0.0, seed);
    for (double t = offsetSeconds; t < seconds - 0.2; t += everySeconds) {
        const int start = static_cast<int>(t * kRate);
        double s1 = 0.0, s2 = 0.0;
        const double w = 2.0 * std::numbers::pi * resonanceHz / kRate, radius = 0.995;
        for (int n = 0; n < 6000; ++n) {
            const double in = 0.1 * hiss.channel(0)[start + n] * std::exp(-n / 700.0);
            const double y = in + 2.0 * radius * std::cos(w) * s1 - radius * radius * s2;
            s2 = s1;
            s1 = y;
            x[start + n] += static_cast<float>(0.05 * y + in) * (n > 5800 ? static_cast<float>(6000 - n) / 200.0f : 1.0f);
        }
    }
    return x;
}

struct Kit {
    std::vector<std::vector<float>> microphones;

    GroupAlignment solve(int blockLength = 4096) const {
        AlignmentFinder finder(static_cast<int>(microphones.size()), kRate);
        const int frames = static_cast<int>(microphones[0].size());
        std::vector<const float*> pointers(microphones.size());
        for (int start = 0; start < frames; start += blockLength) {
            for (std::size_t m = 0; m < microphones.size(); ++m) pointers[m] = microphones[m].data() + start;
            finder.add({pointers.data(), static_cast<int>(microphones.size()), std::min(blockLength, frames - start)});
        }
        return finder.result();
    }
};

struct Planted {
    double delayFrames = 0.0;
    bool inverted = false;
};

// Kick, snare and tom close microphones and two overheads: every microphone hears every drum, the others' later and
// quieter; plus its own hiss. The fault of each microphone acts on all that it hears.
Kit kit(const std::vector<Planted>& faults, double seconds = 8.0) {
    const std::vector<std::vector<float>> drums = {drum(seconds, 0.8, 0.1, 70.0, 11), drum(seconds, 0.8, 0.5, 210.0, 12), drum(seconds, 2.4, 0.3, 120.0, 13)};
    //                        kick    snare   tom        delay in frames and gain
    const double delays[5][3] = {{4.0, 95.0, 80.0}, {90.3, 5.0, 70.0}, {75.5, 66.0, 6.0}, {190.2, 140.7, 150.0}, {188.0, 150.4, 131.3}};
    const double gains[5][3] = {{1.0, 0.08, 0.08}, {0.1, 1.0, 0.12}, {0.1, 0.12, 1.0}, {0.3, 0.4, 0.35}, {0.3, 0.35, 0.4}};
    Kit result;
    for (int m = 0; m < 5; ++m) {
        std::vector<float> x(static_cast<std::size_t>(seconds * kRate) + 300, 0.0f);
        for (int d = 0; d < 3; ++d) addDelayed(x, drums[d], delays[m][d] + faults[m].delayFrames, gains[m][d] * (faults[m].inverted ? -1.0 : 1.0));
        AudioBuffer hiss = noise({kRate, 1}, static_cast<int>(x.size()), -66.0, 100 + m);
        for (std::size_t n = 0; n < x.size(); ++n) x[n] += hiss.channel(0)[n];
        result.microphones.push_back(std::move(x));
    }
    return result;
}

}  // namespace

TEST(AlignmentFinder, FindsAFractionalDelayAndPolarityOfOneSignal) {
    const std::vector<float> source = drum(3.0, 0.4, 0.1, 200.0, 3);
    std::vector<float> together(source.size() + 1000, 0.0f);
    addDelayed(together, source, 200.0, 1.0);
    const double atZero = findAlignment(together, together, kRate)->correlation;
    EXPECT_GT(atZero, 0.95);
    for (double delay : {0.0, 0.5, 37.25, -112.8, 900.1})
        for (bool inverted : {false, true}) {
            std::vector<float> a(source.size() + 1000, 0.0f), b(a.size(), 0.0f);
            addDelayed(a, source, 200.0, 1.0);
            addDelayed(b, source, 200.0 + delay, inverted ? -0.3 : 0.3);
            const std::optional<MicrophoneOffset> found = findAlignment(a, b, kRate);
            ASSERT_TRUE(found) << delay;
            EXPECT_NEAR(found->delayFrames, delay, 0.02);
            EXPECT_EQ(found->inverted, inverted);
            EXPECT_GT(found->confidence, 0.8);
            EXPECT_NEAR(found->correlation, atZero, 0.003) << delay;
        }
}

TEST(AlignmentFinder, LowsThatCancelAreTold) {
    const std::vector<float> source = drum(6.0, 0.4, 0.1, 110.0, 3);
    // The lows alone: a Gaussian of 300 Hz.
    std::vector<double> bell;
    double sum = 0.0;
    for (int n = -120; n <= 120; ++n) sum += bell.emplace_back(std::exp(-0.5 * std::pow(n * 2.0 * std::numbers::pi * 300.0 / kRate, 2.0)));
    std::vector<float> lows(source.size(), 0.0f);
    for (int n = 120; n + 120 < static_cast<int>(source.size()); ++n)
        for (int k = -120; k <= 120; ++k) lows[n] += static_cast<float>(bell[k + 120] / sum * source[n - k]);
    for (const auto& [turned, least, most] : {std::tuple{0.0, 0.95, 1.01}, {2.0, -1.01, -0.5}}) {
        std::vector<float> a = source, b(source.size() + 200, 0.0f), other = source;
        for (std::size_t n = 0; n < other.size(); ++n) other[n] -= static_cast<float>(turned) * lows[n];
        addDelayed(b, other, 60.5, -0.5);
        a.resize(b.size(), 0.0f);
        AlignmentFinder finder(2, kRate);
        const float* channels[] = {a.data(), b.data()};
        finder.add({channels, 2, static_cast<int>(a.size())});
        const GroupAlignment found = finder.result();
        const int target = 1 - found.reference;
        ASSERT_TRUE(found.microphones[target]);
        EXPECT_GT(found.microphones[target]->lowAgreement, least) << turned;
        EXPECT_LT(found.microphones[target]->lowAgreement, most) << turned;
    }
}

TEST(AlignmentFinder, PlantedFaultsOfAKitAreFoundToAHundredthOfAFrameOfWhatTheNaturalDelaysAre) {
    const GroupAlignment clean = kit({{}, {}, {}, {}, {}}).solve();
    for (const auto& microphone : clean.microphones) ASSERT_TRUE(microphone);
    for (const auto& microphone : clean.microphones) EXPECT_FALSE(microphone->inverted);
    const std::vector<std::vector<Planted>> cases = {
        {{}, {37.4, true}, {}, {}, {}}, {{120.25, false}, {}, {5.6, true}, {}, {88.8, true}}, {{}, {}, {}, {200.3, true}, {200.3, true}}};
    for (const auto& faults : cases) {
        const GroupAlignment found = kit(faults).solve();
        ASSERT_EQ(found.reference, clean.reference);
        for (int m = 0; m < 5; ++m) {
            ASSERT_TRUE(found.microphones[m]) << m;
            const double change = found.microphones[m]->delayFrames - clean.microphones[m]->delayFrames;
            const Planted &own = faults[m], &reference = faults[found.reference];
            EXPECT_NEAR(change, own.delayFrames - reference.delayFrames, 0.01) << m;
            EXPECT_EQ(found.microphones[m]->inverted, own.inverted != reference.inverted) << m;
        }
    }
}

TEST(AlignmentFinder, AMicrophoneThatHeardNothingOfTheOthersIsLeftAlone) {
    for (std::uint64_t seed : {991, 992, 993}) {
        Kit group = kit({{}, {}, {}, {}, {}}, 5.0);
        std::vector<float> stranger(group.microphones[0].size());
        AudioBuffer hiss = noise({kRate, 1}, static_cast<int>(stranger.size()), -10.0, seed);
        for (std::size_t n = 0; n < stranger.size(); ++n) stranger[n] = hiss.channel(0)[n];
        group.microphones.push_back(stranger);
        group.microphones.push_back(std::vector<float>(stranger.size(), 0.0f));
        const GroupAlignment found = group.solve();
        EXPECT_FALSE(found.microphones[5]) << "noise";
        EXPECT_FALSE(found.microphones[6]) << "silence";
        for (int m = 0; m < 5; ++m) EXPECT_TRUE(found.microphones[m]) << m;
    }
}

TEST(AlignmentFinder, UnrelatedSignalsAndSilenceAreNotAligned) {
    const std::vector<float> silence(100000, 0.0f);
    EXPECT_FALSE(findAlignment(silence, silence, kRate));
    EXPECT_FALSE(findAlignment(drum(2.0, 0.4, 0.1, 200.0, 3), silence, kRate));
    for (std::uint64_t seed : {1, 2, 3, 4, 5}) {
        AudioBuffer a = noise({kRate, 1}, 200000, -6.0, seed), b = noise({kRate, 1}, 200000, -6.0, seed + 50);
        EXPECT_FALSE(findAlignment(a.channel(0), b.channel(0), kRate)) << seed;
    }
}

TEST(AlignmentFinder, LevelAndBlocksDoNotMatter) {
    Kit group = kit({{}, {37.4, true}, {}, {}, {}}, 5.0);
    const GroupAlignment a = group.solve(4096), b = group.solve(777);
    for (float& sample : group.microphones[1]) sample *= 0.01f;
    const GroupAlignment quiet = group.solve();
    for (int m = 0; m < 5; ++m) {
        ASSERT_TRUE(a.microphones[m] && b.microphones[m] && quiet.microphones[m]);
        EXPECT_EQ(a.microphones[m]->delayFrames, b.microphones[m]->delayFrames);
        EXPECT_NEAR(a.microphones[m]->delayFrames, quiet.microphones[m]->delayFrames, 1e-3);
        EXPECT_EQ(a.microphones[m]->inverted, quiet.microphones[m]->inverted);
    }
}

TEST(AlignmentFinder, RefusesGroupsThatAreNone) {
    EXPECT_THROW(AlignmentFinder(1, kRate), std::invalid_argument);
    EXPECT_THROW(AlignmentFinder(65, kRate), std::invalid_argument);
    EXPECT_THROW(AlignmentFinder(2, kRate, {.maxDelayMs = 0.0}), std::invalid_argument);
    EXPECT_THROW(AlignmentFinder(2, kRate, {.lowestHz = 9000.0}), std::invalid_argument);
}

TEST(ExcerptPicker, TakesEverythingOfShortRecordingsAndTheBusiestPartsOfLongOnes) {
    Sketch sketch;
    sketch.frames = 400;
    sketch.power.assign(400 * kErbBands, 1.0f);
    const Sketch* sketches[] = {&sketch};
    ASSERT_EQ(pickExcerpts(sketches).size(), 1u);
    EXPECT_NEAR(pickExcerpts(sketches)[0].endSeconds, 20.0, 1e-9);

    Sketch song;  // 240 s; hits only from 100 to 110 s and from 203 s on
    song.frames = 4800;
    song.power.assign(4800 * kErbBands, 0.0f);
    for (int frame = 0; frame < 4800; ++frame) {
        const double t = frame * 0.05;
        if (((t >= 100.0 && t < 110.0) || t >= 203.0) && frame % 10 == 0) song.power[static_cast<std::size_t>(frame) * kErbBands] = 1.0f;
    }
    const Sketch* songs[] = {&song};
    const std::vector<TimeSpan> parts = pickExcerpts(songs);
    ASSERT_FALSE(parts.empty());
    double total = 0.0;
    for (const TimeSpan& part : parts) {
        total += part.endSeconds - part.startSeconds;
        EXPECT_TRUE((part.endSeconds > 100.0 && part.startSeconds < 110.0) || part.endSeconds > 203.0) << part.startSeconds;
    }
    EXPECT_LE(total, 60.0);
    EXPECT_TRUE(pickExcerpts({}).empty());
}
