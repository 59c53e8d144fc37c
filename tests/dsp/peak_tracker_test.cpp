#include "dsp/peak_tracker.h"

#include <cmath>
#include <vector>

#include "core/decibels.h"
#include "tests/support/laws.h"

using namespace tonewright;
using namespace tonewright::test;

namespace {

constexpr int kFrames = 24000;
constexpr float kLevel = 0.05f;

struct Moved {
    std::vector<float> samples, known;  // after a gain; peaks as that gain makes them of those before
    std::vector<std::uint8_t> moved;
};

// Noise after a gain that stands still, jumps, glides, and stands still again.
Moved throughGain() {
    const AudioBuffer input = noise({48000.0, 1}, kFrames, 0.0, 11);
    std::vector<float> peaks(kFrames + PeakTracker::kLatencyFrames);
    std::vector<float> fed(input.channel(0).begin(), input.channel(0).end());
    fed.resize(peaks.size());
    TruePeakInterpolator().process(fed.data(), static_cast<int>(fed.size()), kLevel, peaks.data());
    Moved result{std::vector<float>(kFrames), std::vector<float>(kFrames), std::vector<std::uint8_t>(kFrames)};
    double before = 1.0;
    for (int n = 0; n < kFrames; ++n) {
        const double gain = n < 5000 ? 1.0 : n < 9001 ? 0.5 : n < 14000 ? 0.5 - 0.3 * (n - 9001) / 4999.0 : 0.2;
        result.samples[n] = static_cast<float>(input.channel(0)[n] * gain);
        result.known[n] = static_cast<float>(peaks[n + PeakTracker::kLatencyFrames] * gain);
        result.moved[n] = gain != before;
        before = gain;
    }
    return result;
}

std::vector<float> tracked(const Moved& signal, int block) {
    PeakTracker tracker;
    std::vector<float> found(kFrames);
    for (int start = 0; start < kFrames; start += block)
        tracker.process(signal.samples.data() + start, signal.known.data() + start, signal.moved.data() + start, std::min(block, kFrames - start), kLevel, found.data() + start);
    return found;
}

}  // namespace

TEST(PeakTracker, FindsWhatASearchEverywhereFinds) {
    const Moved signal = throughGain();
    std::vector<float> searched(kFrames);
    TruePeakInterpolator().process(signal.samples.data(), kFrames, kLevel, searched.data());
    const std::vector<float> found = tracked(signal, 256);
    for (int n = PeakTracker::kLatencyFrames; n < kFrames; ++n) ASSERT_NEAR(gainToDb(found[n] / searched[n]), 0.0, 1e-4) << n;
}

TEST(PeakTracker, BelievesWhatIsKnownOnlyWhereNothingMovedWithinReach) {
    Moved signal = throughGain();
    for (float& peak : signal.known) peak = 77.0f;
    const std::vector<float> found = tracked(signal, 256);
    const auto believed = [&](int from, int to) { return std::count(found.begin() + from, found.begin() + to, 77.0f); };
    constexpr int kReach = TruePeakInterpolator::kTaps + 1;
    EXPECT_EQ(believed(PeakTracker::kLatencyFrames, 5000), 5000 - PeakTracker::kLatencyFrames);
    EXPECT_EQ(believed(5000, 5000 + kReach), 0);
    EXPECT_EQ(believed(5000 + kReach, 9002), 9002 - 5000 - kReach);
    EXPECT_EQ(believed(9002, 14000), 0);
}

TEST(PeakTracker, BlockBoundariesDoNotExist) {
    const Moved signal = throughGain();
    const std::vector<float> whole = tracked(signal, kFrames);
    for (int block : {1, 63, 300, 4096}) EXPECT_EQ(tracked(signal, block), whole) << block;
}
