#pragma once
#include <condition_variable>
#include <deque>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>

#include "core/audio.h"

namespace tonewright {

// Takes blocks from one thread and hands them, in order, to a consumer on another: writing and measuring happen while
// the next block is rendered. Bounded: push() waits when the consumer is behind. What the consumer throws comes out of
// the next push() or of finish(). Blocks longer than maxFrames arrive in parts.
class BackgroundSink {
public:
    // With threaded = false the consumer is called at once, in the caller's thread.
    BackgroundSink(int channels, int maxFrames, bool threaded, std::function<void(ConstBlock)> consume);
    ~BackgroundSink();
    BackgroundSink(const BackgroundSink&) = delete;
    BackgroundSink& operator=(const BackgroundSink&) = delete;

    void push(ConstBlock block);
    void finish();   // waits until everything is consumed

private:
    static constexpr int kSlots = 4;
    struct Slot {
        BlockBuffer buffer;
        int frames = 0;
    };
    void pushPart(ConstBlock block, int start, int frames);
    void work(const std::stop_token& stop);

    std::function<void(ConstBlock)> consume_;
    int maxFrames_;
    bool threaded_;
    std::mutex mutex_;
    std::condition_variable_any changed_;
    std::deque<Slot> full_, empty_;
    bool busy_ = false;
    std::exception_ptr failure_;
    std::jthread thread_;   // last: it must end before what it uses
};

}  // namespace tonewright
