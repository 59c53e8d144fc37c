#include "dsp/reverb_lanes.h"

#include "dsp/target_clones.h"

namespace tonewright {

TONEWRIGHT_TARGET_CLONES
void rotateLanes(ReverbChunk& rows, float cosine, float sine) {
    for (int stride = 1; stride < kReverbLines; stride *= 2)
        for (int line = 0; line < kReverbLines; ++line) {
            if (line & stride) continue;
            float* __restrict a = rows[line].data();
            float* __restrict b = rows[line + stride].data();
            for (int i = 0; i < kReverbChunk; ++i) {
                const float first = a[i], second = b[i];
                a[i] = cosine * first + sine * second;
                b[i] = sine * first - cosine * second;
            }
        }
}

TONEWRIGHT_TARGET_CLONES
void addRow(float* __restrict row, const float* __restrict other, float gain, int frames) {
    for (int i = 0; i < frames; ++i) row[i] += gain * other[i];
}

}  // namespace tonewright
