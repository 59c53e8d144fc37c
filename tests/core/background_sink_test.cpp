#include "core/background_sink.h"

#include <gtest/gtest.h>

#include <stdexcept>
#include <vector>

namespace tonewright {
namespace {

std::vector<float> ramp(int count) {
    std::vector<float> values(count);
    for (int i = 0; i < count; ++i) values[i] = static_cast<float>(i);
    return values;
}

std::vector<float> passed(bool threaded, int maxFrames, int blockFrames) {
    std::vector<float> values = ramp(10000), seen;
    BackgroundSink sink(1, maxFrames, threaded, [&](ConstBlock block) { seen.insert(seen.end(), block.channels[0], block.channels[0] + block.numFrames); });
    for (int start = 0; start < 10000; start += blockFrames) {
        float* pointer = values.data() + start;
        sink.push(Block{&pointer, 1, std::min(blockFrames, 10000 - start)});
    }
    sink.finish();
    return seen;
}

TEST(BackgroundSink, HandsOverEverythingInOrderWhateverTheBlocks) {
    for (const bool threaded : {false, true})
        for (const int blockFrames : {100, 512, 10000}) EXPECT_EQ(passed(threaded, 512, blockFrames), ramp(10000)) << threaded << " " << blockFrames;
}

TEST(BackgroundSink, WhatTheConsumerThrowsReachesTheProducer) {
    BackgroundSink sink(1, 64, true, [](ConstBlock) { throw std::runtime_error("full"); });
    float sample = 0.0f;
    float* pointer = &sample;
    EXPECT_THROW(
        {
            for (int i = 0; i < 100; ++i) sink.push(Block{&pointer, 1, 1});
            sink.finish();
        },
        std::runtime_error);
}

TEST(BackgroundSink, EndsWithoutBeingFinished) {
    BackgroundSink sink(1, 64, true, [](ConstBlock) {});
    float sample = 0.0f;
    float* pointer = &sample;
    sink.push(Block{&pointer, 1, 1});
}

}  // namespace
}  // namespace tonewright
