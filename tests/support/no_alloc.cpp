#include "tests/support/no_alloc.h"

#include <cstdlib>
#include <new>

namespace tonewright::test {
std::atomic<long> allocationCount = 0;
}

void* operator new(std::size_t size) {
    ++tonewright::test::allocationCount;
    if (void* p = std::malloc(size ? size : 1)) return p;
    throw std::bad_alloc();
}
void operator delete(void* p) noexcept { std::free(p); }
void operator delete(void* p, std::size_t) noexcept { std::free(p); }
