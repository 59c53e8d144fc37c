#include "render/stream_renderer.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <stdexcept>
#include <vector>

#include "tests/support/signals.h"

using namespace tonewright;
using namespace tonewright::test;

namespace {

constexpr int kFrames = 20000;

class MemoryReader final : public AudioReader {
public:
    explicit MemoryReader(AudioBuffer audio) : AudioReader({}), audio_(std::move(audio)) {
        info_.sampleRateHz = static_cast<int>(audio_.spec().sampleRateHz);
        info_.channels = audio_.numChannels();
        info_.frames = audio_.numFrames();
    }

private:
    int readFrames(Block block) override {
        for (int c = 0; c < block.numChannels; ++c) std::copy_n(audio_.channel(c).data() + position(), block.numFrames, block.channels[c]);
        return block.numFrames;
    }
    void seekTo(std::int64_t) override {}

    AudioBuffer audio_;
};

Step stepOf(const char* id, StepParams params) {
    Step step;
    step.id = id;
    step.params = std::move(params);
    return step;
}

// Processors with latency, one that drops frames, and one that stands at places in time.
std::vector<Step> steps() {
    return {stepOf("gain", Gain::Params{.gainDb = 3.0}), stepOf("trim", Trim::Params{.startSeconds = 0.01, .endSeconds = 0.4}),
            stepOf("colour", SaturatorParams{.driveDb = 6.0}), stepOf("fade", Fade::Params{.startFrames = 441, .inFrames = 2205}),
            stepOf("limiter", Limiter::Params{.inputGainDb = 12.0})};
}

struct Rendered {
    std::vector<float> samples;
    std::vector<StepWork> work;
};

Rendered render(bool threaded, int blockFrames) {
    MemoryReader reader(noise({44100.0, 2}, kFrames, -12.0, 5));
    NoProgress progress;
    Rendered result;
    result.work = renderStream(reader, steps(), 2, kFrames - 500, blockFrames,
                               [&](ConstBlock block) {
                                   for (int n = 0; n < block.numFrames; ++n)
                                       for (int c = 0; c < 2; ++c) result.samples.push_back(block.channels[c][n]);
                               },
                               progress, 0, {}, threaded);
    return result;
}

}  // namespace

TEST(StreamRenderer, ThreadsAndBlockSizesChangeNothing) {
    const Rendered alone = render(false, 4096);
    ASSERT_EQ(alone.samples.size(), 2u * (kFrames - 500));
    EXPECT_GT(*std::max_element(alone.samples.begin(), alone.samples.end()), 0.1f);
    for (const int blockFrames : {64, 4096, 30000}) {
        const Rendered two = render(true, blockFrames);
        EXPECT_EQ(two.samples, alone.samples) << blockFrames;
        ASSERT_EQ(two.work.size(), 1u);
        EXPECT_EQ(two.work[0].stepId, "limiter");
        EXPECT_EQ(two.work[0].maxReductionDb, alone.work[0].maxReductionDb);
    }
}

TEST(StreamRenderer, WhatTheSinkThrowsComesOut) {
    for (const bool threaded : {false, true}) {
        MemoryReader reader(noise({44100.0, 2}, kFrames, -12.0, 5));
        NoProgress progress;
        EXPECT_THROW(renderStream(reader, steps(), 2, kFrames, 512, [](ConstBlock) { throw std::runtime_error("full"); }, progress, 0, {}, threaded),
                     std::runtime_error);
    }
}
