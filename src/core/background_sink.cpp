#include "core/background_sink.h"

#include <algorithm>
#include <utility>

namespace tonewright {

BackgroundSink::BackgroundSink(int channels, int maxFrames, bool threaded, std::function<void(ConstBlock)> consume)
    : consume_(std::move(consume)), maxFrames_(maxFrames), threaded_(threaded) {
    if (!threaded_) return;
    for (int i = 0; i < kSlots; ++i) empty_.push_back({BlockBuffer(channels, maxFrames), 0});
    thread_ = std::jthread([this](const std::stop_token& stop) { work(stop); });
}

BackgroundSink::~BackgroundSink() = default;

void BackgroundSink::push(ConstBlock block) {
    if (!threaded_) {
        consume_(block);
        return;
    }
    for (int start = 0; start < block.numFrames; start += maxFrames_) pushPart(block, start, std::min(maxFrames_, block.numFrames - start));
}

void BackgroundSink::pushPart(ConstBlock block, int start, int frames) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return !empty_.empty() || failure_; });
    if (failure_) std::rethrow_exception(failure_);
    Slot slot = std::move(empty_.front());
    empty_.pop_front();
    lock.unlock();
    slot.frames = frames;
    for (int c = 0; c < block.numChannels; ++c) std::copy_n(block.channels[c] + start, frames, slot.buffer.channel(c));
    lock.lock();
    full_.push_back(std::move(slot));
    changed_.notify_all();
}

void BackgroundSink::finish() {
    if (!threaded_) return;
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return (full_.empty() && !busy_) || failure_; });
    if (failure_) std::rethrow_exception(failure_);
}

void BackgroundSink::work(const std::stop_token& stop) {
    std::unique_lock lock(mutex_);
    while (changed_.wait(lock, stop, [&] { return !full_.empty(); })) {
        Slot slot = std::move(full_.front());
        full_.pop_front();
        busy_ = true;
        lock.unlock();
        try {
            consume_(slot.buffer.block(slot.frames));
            lock.lock();
        } catch (...) {
            lock.lock();
            failure_ = std::current_exception();
        }
        busy_ = false;
        empty_.push_back(std::move(slot));
        changed_.notify_all();
        if (failure_) return;
    }
}

}  // namespace tonewright
