#pragma once
#include <atomic>
#include <cstdint>
#include <string_view>

namespace tonewright {

// Hears how far the work is. Called from one thread at a time for stage(), from any thread for advance().
class Progress {
public:
    virtual ~Progress() = default;

    // A new stage begins: "Listening to 12 tracks". `total` units (frames, usually) will be advanced.
    virtual void stage(std::string_view name, std::int64_t total) = 0;
    virtual void advance(std::int64_t units) = 0;

    // True once the user wants out. Long work asks now and then and throws Cancelled.
    virtual bool cancelled() const { return false; }

    void throwIfCancelled() const;
};

// Hears nothing.
class NoProgress final : public Progress {
public:
    void stage(std::string_view, std::int64_t) override {}
    void advance(std::int64_t) override {}
};

}  // namespace tonewright
