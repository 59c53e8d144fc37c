#pragma once
#include <chrono>
#include <memory>
#include <mutex>
#include <string>

#include "core/progress.h"

namespace tonewright {

// How progress is shown on stderr.
enum class ProgressStyle {
    automatic,  // a bar on a terminal, plain lines elsewhere
    bar,        // one line that fills
    plain,      // a line a stage
    json,       // {"stage":"Mixing","done":0.25} a line, for programs
    none,
};

// Shows stages and their share on stderr, and reports signals as cancellation.
class TerminalProgress final : public Progress {
public:
    TerminalProgress(ProgressStyle style, bool colour);
    ~TerminalProgress() override;

    void stage(std::string_view name, std::int64_t total) override;
    void advance(std::int64_t units) override;
    bool cancelled() const override;

private:
    void show(bool final);
    void endStage();

    ProgressStyle style_;
    bool colour_;
    std::mutex mutex_;
    std::string name_;
    std::int64_t total_ = 0, done_ = 0;
    int shownPercent_ = -1;
    std::chrono::steady_clock::time_point started_;
};

}  // namespace tonewright
