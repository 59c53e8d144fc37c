#pragma once
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace tonewright {

// Threads for coarse work: a track, a block. Results must not depend on the order in which tasks run.
class WorkPool {
public:
    // threads <= 0: one per processor. With 1 everything runs in the caller.
    explicit WorkPool(int threads = 0);
    ~WorkPool();
    WorkPool(const WorkPool&) = delete;
    WorkPool& operator=(const WorkPool&) = delete;

    int threads() const { return static_cast<int>(workers_.size()) + 1; }

    // Runs task(0) ... task(count - 1), in any order, on all threads including the caller's; returns when all are
    // done. If tasks throw, the exception of the lowest index is rethrown (so errors are deterministic too).
    // Not reentrant: a task must not call forEach of the same pool.
    void forEach(int count, const std::function<void(int)>& task);

private:
    void work();
    void runTasks(const std::function<void(int)>& task, int count);

    std::mutex mutex_;
    std::condition_variable wake_, done_;
    const std::function<void(int)>* task_ = nullptr;
    int count_ = 0;
    int next_ = 0;
    int active_ = 0;
    std::uint64_t generation_ = 0;
    bool stopping_ = false;
    int failedIndex_ = -1;
    std::exception_ptr failure_;
    std::vector<std::jthread> workers_;  // last: they must end before what they use
};

}  // namespace tonewright
