// What another program sees: the same headers, called as the command calls them.
#include <tonewright/analysis/loudness_meter.h>
#include <tonewright/journey/journey.h>

#include <cmath>
#include <cstdio>
#include <vector>

int main() {
    std::vector<float> tone(48000 * 5);
    for (std::size_t n = 0; n < tone.size(); ++n) tone[n] = static_cast<float>(std::sin(0.1305 * static_cast<double>(n)));  // 997 Hz, full scale
    const float* channels[] = {tone.data()};
    tonewright::LoudnessMeter meter({48000.0, 1});
    meter.add({channels, 1, static_cast<int>(tone.size())});
    const double lufs = meter.result().integratedLufs;
    std::printf("%.2f LUFS\n", lufs);

    bool refused = false;
    try {
        tonewright::NoProgress progress;
        tonewright::runMaster("there-is-no-such-file.wav", {}, progress);
    } catch (const tonewright::InputError&) {
        refused = true;
    }
    return std::abs(lufs + 3.01) < 0.05 && refused ? 0 : 1;
}
