#pragma once
#include <cstdint>
#include <memory>

#include "core/audio.h"

namespace tonewright {

// A fingerprint of a stream of samples, however it is cut into blocks. -0 and +0 are the same sample. Not for security.
class SampleHash {
public:
    SampleHash();
    ~SampleHash();
    SampleHash(const SampleHash&) = delete;
    SampleHash& operator=(const SampleHash&) = delete;

    void add(ConstBlock block);
    std::uint64_t value() const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace tonewright
