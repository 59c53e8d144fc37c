#include "cli/signals.h"

#include <atomic>
#include <csignal>

namespace tonewright {

namespace {
std::atomic<int> caught = 0;
static_assert(std::atomic<int>::is_always_lock_free, "a signal handler may only touch lock-free atomics");

extern "C" void remember(int signal) {
    caught.store(signal);
    std::signal(signal, SIG_DFL);
}
}  // namespace

void catchSignals() {
    std::signal(SIGINT, remember);
    std::signal(SIGTERM, remember);
    std::signal(SIGPIPE, SIG_IGN);  // a closed pipe shows up as a failed write
}

int caughtSignal() { return caught.load(); }

}  // namespace tonewright
