#pragma once

// Marks a hot kernel to be compiled twice, for AVX2 and for any x86-64, chosen when the program is loaded. Both give the
// same bits as long as the kernel works lane by lane in a fixed order (contraction to FMA is off, see CMakeLists.txt).
// Not under sanitizers: the choice would run before they are ready.
#if defined(__x86_64__) && defined(__linux__) && defined(__GNUC__) && !defined(__clang__) && !defined(__SANITIZE_ADDRESS__) && \
    !defined(__SANITIZE_THREAD__)
#define TONEWRIGHT_TARGET_CLONES __attribute__((target_clones("avx2", "default")))
#else
#define TONEWRIGHT_TARGET_CLONES
#endif
