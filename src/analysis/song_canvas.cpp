#include "analysis/song_canvas.h"

#include <algorithm>
#include <cmath>

#include "analysis/song_structure.h"

namespace tonewright {

namespace {

constexpr int kMaxFrames = 8192;

std::vector<double> framePowers(const Sketch& sketch) {
    std::vector<double> power(sketch.frames);
    for (int f = 0; f < sketch.frames; ++f)
        for (int band = 0; band < kErbBands; ++band) power[f] += sketch.at(f, band);
    return power;
}

}  // namespace

int SongCanvas::frameAt(double seconds) const { return std::clamp(static_cast<int>(std::lround(seconds / frameSeconds)), 0, frames); }

double loudPower(const Sketch& sketch) {
    const std::vector<double> power = framePowers(sketch);
    const double loudest = power.empty() ? 0.0 : *std::max_element(power.begin(), power.end());
    double sum = 0.0;
    int count = 0;
    for (double p : power)
        if (p > 0.01 * loudest) {
            sum += p;
            ++count;
        }
    return count ? sum / count : 0.0;
}

SongCanvas songCanvas(std::span<const SongVoice> voices, double durationSeconds) {
    SongCanvas canvas;
    for (const SongVoice& voice : voices) canvas.frameSeconds = std::max(canvas.frameSeconds, voice.analysis->sketch.frameSeconds);
    while (durationSeconds / canvas.frameSeconds > kMaxFrames) canvas.frameSeconds *= 2.0;
    canvas.frames = std::max(1, static_cast<int>(std::ceil(durationSeconds / canvas.frameSeconds)));
    canvas.sum.assign(static_cast<std::size_t>(canvas.frames) * kErbBands, 0.0f);
    canvas.tonal = canvas.sum;
    for (const SongVoice& voice : voices) {
        const Sketch& sketch = voice.analysis->sketch;
        const double loud = voice.isClick ? 0.0 : loudPower(sketch);
        std::vector<float>& own = canvas.voices.emplace_back(canvas.frames, 0.0f);
        canvas.weights.push_back(loud > 0.0 ? voice.weight : 0.0);
        if (!(loud > 0.0)) continue;
        const float scale = static_cast<float>(1.0 / loud), share = static_cast<float>(voice.weight);
        for (int g = 0; g < canvas.frames; ++g) {
            const double at = ((g + 0.5) * canvas.frameSeconds - voice.startSeconds) / sketch.frameSeconds;
            const int f = static_cast<int>(std::floor(at));
            if (f < 0 || f >= sketch.frames) continue;
            float* sum = canvas.sum.data() + static_cast<std::size_t>(g) * kErbBands;
            float* tonal = canvas.tonal.data() + static_cast<std::size_t>(g) * kErbBands;
            float whole = 0.0f;
            for (int band = 0; band < kErbBands; ++band) {
                const float power = scale * sketch.at(f, band);
                whole += power;
                sum[band] += share * power;
                if (!voice.isDrum) tonal[band] += share * power;
            }
            own[g] = whole;
        }
    }
    return canvas;
}

}  // namespace tonewright
