#pragma once
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <random>
#include <vector>

#include "core/audio.h"
#include "core/processor.h"
#include "tests/support/no_alloc.h"
#include "tests/support/signals.h"

// Laws every processor obeys. One line in each processor's test runs them all.
namespace tonewright::test {

inline bool bitEqual(const AudioBuffer& a, const AudioBuffer& b) {
    for (int c = 0; c < a.spec().channels; ++c)
        if (std::memcmp(a.channel(c).data(), b.channel(c).data(), a.channel(c).size_bytes()) != 0) return false;
    return true;
}

inline bool allFinite(const AudioBuffer& audio) {
    for (int c = 0; c < audio.spec().channels; ++c)
        for (float sample : audio.channel(c))
            if (!std::isfinite(sample)) return false;
    return true;
}

// Processes the whole buffer, in blocks of the given length (0 = random lengths, 0 included).
template <class P>
void run(P& processor, AudioBuffer& audio, int blockLength) {
    std::vector<float*> pointers(audio.spec().channels);
    std::mt19937 random(7);
    for (int start = 0; start < audio.numFrames();) {
        const int wanted = blockLength ? blockLength : static_cast<int>(random() % 700);
        const int length = std::min(audio.numFrames() - start, wanted);
        processor.process(audio.block(pointers, start, length));
        start += length;
    }
}

template <Processor P>
void obeysProcessorLaws(const typename P::Params& params, StreamSpec spec = {48000.0, 2}) {
    const AudioBuffer input = noise(spec, 48000, +6.0, /*seed=*/1);

    P processor(params, spec);
    AudioBuffer whole = input;
    std::vector<float*> pointers(spec.channels);
    const Block everything = whole.block(pointers, 0, 48000);
    {
        const NoAlloc guard;
        processor.process(everything);
        EXPECT_EQ(guard.allocations(), 0) << "process() must not allocate";
    }
    EXPECT_TRUE(allFinite(whole)) << "loud noise must stay finite";

    AudioBuffer again = input;
    processor.reset();
    run(processor, again, 48000);
    EXPECT_TRUE(bitEqual(whole, again)) << "reset() must equal freshly constructed";

    AudioBuffer pieces = input;
    P other(params, spec);
    run(other, pieces, 0);
    EXPECT_TRUE(bitEqual(whole, pieces)) << "block boundaries must not exist";

    AudioBuffer silence(spec, 48000);
    P fresh(params, spec);
    run(fresh, silence, 512);
    EXPECT_EQ(peakOf(silence), 0.0f) << "silence in, silence out";

    AudioBuffer broken = input;
    broken.channel(0)[100] = std::numeric_limits<float>::quiet_NaN();
    broken.channel(spec.channels - 1)[200] = std::numeric_limits<float>::infinity();
    broken.channel(0)[300] = -std::numeric_limits<float>::infinity();
    P robust(params, spec);
    run(robust, broken, 512);
    EXPECT_TRUE(allFinite(broken)) << "NaN and infinity must not leave the processor";
    float tailPeak = 0.0f;
    for (int n = 40000; n < 48000; ++n) tailPeak = std::max(tailPeak, std::abs(broken.channel(0)[n]));
    EXPECT_GT(tailPeak, 0.0f) << "a NaN must not silence the rest of the stream";
}

}  // namespace tonewright::test
