// What the component equalizer does to parts that are known: the kick of a mix is raised by 3 dB, how far does the bass move?
//
//   bench_component kick KICK.wav BASS.wav [relative dB ...]   real stems, mixed at these levels (35 ... 130 Hz)
//   bench_component kick FIRST_SEED COUNT                      the family of tests/support/kick_and_bass.h
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "audiofile/resampler.h"
#include "dsp/kick_splitter.h"
#include "tests/support/kick_and_bass.h"
#include "tests/support/part_change.h"

using namespace tonewright;

namespace {

std::vector<float> monoFile(const char* path) {
    const auto reader = atRate(openAudio(path), 44100);
    const int channels = reader->info().channels;
    BlockBuffer buffer(channels, 8192);
    std::vector<float> samples;
    while (const int frames = reader->read(buffer.block(8192)))
        for (int n = 0; n < frames; ++n) {
            float sum = 0.0f;
            for (int c = 0; c < channels; ++c) sum += buffer.channel(c)[n];
            samples.push_back(sum / static_cast<float>(channels));
        }
    return samples;
}

void measure(const std::string& name, double relativeDb, const std::vector<float>& kick, const std::vector<float>& bass, double wishedDb) {
    const auto frames = std::min(kick.size(), bass.size());
    KickSplitter splitter({44100.0, 3}, 30.0, 160.0, 1);
    const std::size_t chunk = splitter.chunkFrames();
    // 0 ... 2: the component of the mix and of the parts; 3 ... 5: their whole band; all as late as the component.
    std::vector<std::vector<float>> out(6), in(3, std::vector<float>(chunk));
    std::vector<std::vector<float>> part(6, std::vector<float>(chunk));
    const float* inputs[3] = {in[0].data(), in[1].data(), in[2].data()};
    float* components[3] = {part[0].data(), part[1].data(), part[2].data()};
    float* bands[3] = {part[3].data(), part[4].data(), part[5].data()};
    for (std::size_t start = 0; start < frames + splitter.delayFrames(); start += chunk) {
        for (std::size_t n = 0; n < chunk; ++n) {
            in[1][n] = start + n < frames ? kick[start + n] : 0.0f;
            in[2][n] = start + n < frames ? bass[start + n] : 0.0f;
            in[0][n] = in[1][n] + in[2][n];
        }
        splitter.process(inputs, components, bands);
        for (int i = 0; i < 6; ++i) out[i].insert(out[i].end(), part[i].begin(), part[i].end());
    }
    const auto band = test::partChange(out[4], out[5], out[0], out[1], out[2], wishedDb);
    std::vector<float> whole(out[5].size());
    for (std::size_t n = 0; n < frames && n + splitter.delayFrames() - chunk < whole.size(); ++n) whole[n + splitter.delayFrames() - chunk] = bass[n];
    const auto full = test::partChange(out[4], whole, out[0], out[1], out[2], wishedDb);
    const HitSums& s = splitter.sums();
    const double ringing = s.kickEarly > 0.0 ? std::min(0.99, s.kickLate / s.kickEarly) : 0.0;
    const double kick_ = s.kickPower - s.kickLate + s.kickEarly * ringing / (1.0 - ringing);
    std::printf("%-24s rel %5.1f caught %.2f leak %.3f excess %.2f | bass frozen band %5.2f full %5.2f projected %5.2f | hits %d like %.2f est caught %.2f corrected %.2f ring %.2f share %.2f\n",
                name.c_str(), relativeDb, band.caught, band.leaked, band.excess, band.otherFrozenDb, full.otherFrozenDb, band.otherProjectedDb, s.hits,
                s.likeness / std::max(1, s.hits), s.kickCaught / (s.kickPower + 1e-30), s.kickCaught / (kick_ + 1e-30), ringing, s.kickPower / (s.bandPower + 1e-30));
}

}  // namespace

int main(int argc, char** argv) {
    if (argc < 4) return std::puts("usage: bench_component kick KICK BASS [dB ...] | kick SEED COUNT [tail seconds]"), 1;
    const double wishedDb = std::getenv("WISHED_DB") ? std::atof(std::getenv("WISHED_DB")) : 3.0;
    char* end = nullptr;
    const long seed = std::strtol(argv[2], &end, 10);
    if (*end == '\0') {
        for (long s = seed; s < seed + std::atol(argv[3]); ++s) {
            const auto song = test::kickAndBass(static_cast<std::uint64_t>(s), {.tailSeconds = argc > 4 ? std::atof(argv[4]) : 0.0});
            measure("seed " + std::to_string(s) + (song.plucked ? " plucked" : " held"), song.relativeDb, song.kick, song.bass, wishedDb);
        }
        return 0;
    }
    const auto kick = monoFile(argv[2]), bass = monoFile(argv[3]);
    for (int i = 4; i < argc; ++i) {
        auto scaled = kick;
        const double gain = std::pow(10.0, std::atof(argv[i]) / 20.0) * std::sqrt(test::detail::lowPower(bass, 44100.0) / test::detail::lowPower(kick, 44100.0));
        for (float& sample : scaled) sample = static_cast<float>(sample * gain);
        measure(std::string(argv[2]).substr(std::string(argv[2]).rfind('/') + 1, 10) + "+" + std::string(argv[3]).substr(std::string(argv[3]).rfind('/') + 1, 10), std::atof(argv[i]), scaled, bass, wishedDb);
    }
}
