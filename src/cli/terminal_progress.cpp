#include "cli/terminal_progress.h"

#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include "cli/signals.h"
#include "core/json.h"
#include "core/text.h"

namespace tonewright {

TerminalProgress::TerminalProgress(ProgressStyle style, bool colour) : style_(style), colour_(colour) {
    if (style_ == ProgressStyle::automatic) style_ = ::isatty(STDERR_FILENO) ? ProgressStyle::bar : ProgressStyle::plain;
}

TerminalProgress::~TerminalProgress() { endStage(); }

void TerminalProgress::stage(std::string_view name, std::int64_t total) {
    const std::lock_guard lock(mutex_);
    endStage();
    name_ = name;
    total_ = std::max<std::int64_t>(total, 1);
    done_ = 0;
    shownPercent_ = -1;
    started_ = std::chrono::steady_clock::now();
    show(false);
}

void TerminalProgress::advance(std::int64_t units) {
    const std::lock_guard lock(mutex_);
    done_ = std::min(done_ + units, total_);
    show(false);
}

bool TerminalProgress::cancelled() const { return caughtSignal() != 0; }

void TerminalProgress::show(bool final) {
    if (name_.empty() || style_ == ProgressStyle::none) return;
    const int percent = static_cast<int>(100 * done_ / total_);
    if (percent == shownPercent_ && !final) return;
    const bool first = shownPercent_ < 0;
    shownPercent_ = percent;
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - started_).count();

    if (style_ == ProgressStyle::json) {
        const Json line = Json::object({{"stage", name_}, {"done", percent / 100.0}});
        std::fprintf(stderr, "%s\n", line.dump(-1).c_str());
    } else if (style_ == ProgressStyle::plain) {
        if (first) std::fprintf(stderr, "%s ...\n", name_.c_str());
    } else {
        constexpr int kWidth = 30;
        const int filled = kWidth * percent / 100;
        std::string bar;
        for (int i = 0; i < kWidth; ++i) bar += i < filled ? "█" : "░";
        const std::string left = percent > 3 && percent < 100 ? "  " + fixed(seconds * (100 - percent) / percent, 0) + " s left" : "";
        std::fprintf(stderr, "\r\033[K%s%-28s%s %s %3d %%%s", colour_ ? "\033[1m" : "", name_.c_str(), colour_ ? "\033[0m" : "", bar.c_str(), percent,
                     left.c_str());
    }
    std::fflush(stderr);
}

void TerminalProgress::endStage() {
    if (name_.empty()) return;
    if (style_ == ProgressStyle::bar) std::fprintf(stderr, "\r\033[K");
    std::fflush(stderr);
    name_.clear();
}

}  // namespace tonewright
