#include "core/work_pool.h"

#include <algorithm>
#include <utility>

namespace tonewright {

WorkPool::WorkPool(int threads) {
    if (threads <= 0) threads = std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
    for (int i = 1; i < threads; ++i) workers_.emplace_back([this] { work(); });
}

WorkPool::~WorkPool() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    wake_.notify_all();
}

void WorkPool::runTasks(const std::function<void(int)>& task, int count) {
    for (;;) {
        int index;
        {
            const std::lock_guard lock(mutex_);
            if (next_ >= count) return;
            index = next_++;
        }
        try {
            task(index);
        } catch (...) {
            const std::lock_guard lock(mutex_);
            if (!failure_ || index < failedIndex_) {
                failure_ = std::current_exception();
                failedIndex_ = index;
            }
        }
    }
}

void WorkPool::work() {
    std::uint64_t seen = 0;
    for (;;) {
        const std::function<void(int)>* task;
        int count;
        {
            std::unique_lock lock(mutex_);
            wake_.wait(lock, [&] { return stopping_ || generation_ != seen; });
            if (stopping_) return;
            seen = generation_;
            if (!task_) continue;  // the work was over before this thread woke
            task = task_;
            count = count_;
            ++active_;
        }
        runTasks(*task, count);
        {
            const std::lock_guard lock(mutex_);
            --active_;
        }
        done_.notify_one();
    }
}

void WorkPool::forEach(int count, const std::function<void(int)>& task) {
    if (count <= 0) return;
    {
        const std::lock_guard lock(mutex_);
        task_ = &task;
        count_ = count;
        next_ = 0;
        failure_ = nullptr;
        failedIndex_ = -1;
        ++generation_;
    }
    if (count > 1) wake_.notify_all();
    runTasks(task, count);

    std::unique_lock lock(mutex_);
    done_.wait(lock, [&] { return active_ == 0; });
    task_ = nullptr;
    if (failure_) std::rethrow_exception(std::exchange(failure_, nullptr));
}

}  // namespace tonewright
