#include "core/work_pool.h"

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <numeric>
#include <stdexcept>
#include <string>
#include <vector>

namespace tonewright {
namespace {

TEST(WorkPool, RunsEveryTaskOnceWhateverTheThreads) {
    for (int threads : {1, 2, 3, 8}) {
        WorkPool pool(threads);
        EXPECT_EQ(pool.threads(), threads);
        for (int count : {0, 1, 2, 7, 100}) {
            std::vector<int> runs(count, 0);  // each task has its own place: no lock needed
            pool.forEach(count, [&](int i) { ++runs[i]; });
            EXPECT_EQ(runs, std::vector<int>(count, 1));
        }
    }
}

TEST(WorkPool, NothingToDoIsDone) {
    WorkPool pool(4);
    pool.forEach(0, [](int) { FAIL(); });
    pool.forEach(-3, [](int) { FAIL(); });
}

TEST(WorkPool, ManyRoundsOfLittleWorkNeitherHangNorMix) {
    WorkPool pool(4);
    long total = 0;
    for (int round = 0; round < 3000; ++round) {
        std::array<long, 5> part{};
        pool.forEach(5, [&](int i) { part[i] = round + i; });
        total += std::accumulate(part.begin(), part.end(), 0L);
    }
    EXPECT_EQ(total, 5L * 3000 * 2999 / 2 + 10L * 3000);
}

TEST(WorkPool, RethrowsTheExceptionOfTheLowestTaskAndRunsTheOthers) {
    for (int threads : {1, 4}) {
        WorkPool pool(threads);
        for (int round = 0; round < 50; ++round) {
            std::atomic<int> runs = 0;
            try {
                pool.forEach(20, [&](int i) {
                    ++runs;
                    if (i % 6 == 5) throw std::runtime_error(std::to_string(i));
                });
                FAIL() << "the exception is lost";
            } catch (const std::runtime_error& error) {
                EXPECT_STREQ(error.what(), "5");
            }
            EXPECT_EQ(runs, 20);
        }
        int after = 0;
        pool.forEach(1, [&](int) { ++after; });
        EXPECT_EQ(after, 1) << "an exception must not stay behind";
    }
}

TEST(WorkPool, UnusedPoolsEnd) {
    for (int i = 0; i < 50; ++i) WorkPool pool(4);
}

}  // namespace
}  // namespace tonewright
