#include "analysis/peak_envelope.h"

#include <gtest/gtest.h>

#include "tests/support/signals.h"

using namespace tonewright;
using namespace tonewright::test;

namespace {

std::vector<float> envelopeOf(AudioBuffer& audio, int blockLength, float* peak = nullptr) {
    PeakEnvelope envelope;
    std::vector<float*> pointers(audio.numChannels());
    for (int start = 0; start < audio.numFrames(); start += blockLength)
        envelope.add(audio.block(pointers, start, std::min(blockLength, audio.numFrames() - start)));
    if (peak) *peak = envelope.peak();
    return envelope.result();
}

}  // namespace

TEST(PeakEnvelope, HoldsTheLowestAndHighestSampleOfEveryStretchOfAllChannels) {
    AudioBuffer audio = noise({48000.0, 2}, 1000003, 0.0, 3);
    audio.channel(1)[500000] = 1.5f;
    float peak = 0.0f;
    const std::vector<float> envelope = envelopeOf(audio, 4096, &peak);
    EXPECT_EQ(peak, 1.5f);
    EXPECT_LE(envelope.size(), 4096u);
    EXPECT_GT(envelope.size(), 2048u);
    // 64 frames a pair, doubled until 2048 pairs are enough: 512.
    const int perPair = 512;
    for (std::size_t i = 0; i < envelope.size() / 2; ++i) {
        float low = 9.0f, high = -9.0f;
        for (int c = 0; c < 2; ++c)
            for (int n = static_cast<int>(i) * perPair; n < std::min(audio.numFrames(), static_cast<int>(i + 1) * perPair); ++n) {
                low = std::min(low, audio.channel(c)[n]);
                high = std::max(high, audio.channel(c)[n]);
            }
        ASSERT_EQ(envelope[2 * i], low) << i;
        ASSERT_EQ(envelope[2 * i + 1], high) << i;
    }
}

TEST(PeakEnvelope, IsTheSameHoweverTheStreamIsCut) {
    AudioBuffer audio = noise({48000.0, 1}, 300001, 0.0, 3);
    EXPECT_EQ(envelopeOf(audio, 300001), envelopeOf(audio, 37));
}

TEST(PeakEnvelope, LeavesOutWhatIsNotFinite) {
    AudioBuffer audio({48000.0, 1}, 128);
    audio.channel(0)[3] = std::numeric_limits<float>::quiet_NaN();
    audio.channel(0)[4] = std::numeric_limits<float>::infinity();
    audio.channel(0)[5] = -0.25f;
    const std::vector<float> envelope = envelopeOf(audio, 128);
    EXPECT_EQ(envelope, (std::vector<float>{-0.25f, 0.0f, 0.0f, 0.0f}));
}
