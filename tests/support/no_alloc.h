#pragma once
#include <atomic>

// Counts heap allocations between construction and now (operator new is replaced in no_alloc.cpp).
namespace tonewright::test {

extern std::atomic<long> allocationCount;

class NoAlloc {
public:
    long allocations() const { return allocationCount - start_; }

private:
    long start_ = allocationCount;
};

}  // namespace tonewright::test
