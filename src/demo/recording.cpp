#include "demo/recording.h"

#include <cmath>
#include <functional>
#include <utility>

#include "demo/performance.h"
#include "demo/synth.h"
#include "demo/voice.h"

namespace tonewright::demo {
namespace {

// Every player has a seed of their own: a part that changes leaves the others as they were.
enum Seed : int { drumSeed = 100, tambourineSeed = 200, bassSeed, rhythmGuitarSeed, cleanGuitarSeed, pianoSeed, stringsSeed, leadSeed, backingLeftSeed, backingRightSeed };

const Part& partOf(const DrumParts& kit, Drum drum) {
    const std::array<const Part*, numDrums> parts = {&kit.kick,   &kit.snare,    &kit.hiHat, &kit.highTom,
                                                     &kit.lowTom, &kit.floorTom, &kit.crash, &kit.ride};
    return *parts[drum];
}

Channels toChannels(const AudioBuffer& audio, int channels) {
    const std::span<const float> left = audio.channel(0), right = audio.channel(1);
    if (channels == 2) return {{left.begin(), left.end()}, {right.begin(), right.end()}};
    Channels mono(1, std::vector<float>(left.size()));
    for (std::size_t n = 0; n < left.size(); ++n) mono[0][n] = 0.5f * (left[n] + right[n]);
    return mono;
}

void addTo(Channels& sum, const Channels& more) {
    for (std::size_t c = 0; c < sum.size(); ++c)
        for (std::size_t n = 0; n < sum[c].size(); ++n) sum[c][n] += more[c][n];
}

}  // namespace

std::vector<float> playDrum(const Composition& song, Drum drum, const std::filesystem::path& soundFont, double sampleRateHz, int numFrames) {
    const Part& part = partOf(song.drums, drum);
    const Performance performance{.program = part.program, .percussion = true, .notes = perform(song, part, drumSeed + static_cast<int>(drum))};
    return std::move(toChannels(renderPerformance(performance, soundFont, sampleRateHz, numFrames), 1)[0]);
}

Channels playSound(const Composition& song, Sound sound, int channels, const std::filesystem::path& soundFont, double sampleRateHz,
                   int numFrames) {
    const auto play = [&](const Part& part, Seed seed) {
        const Performance performance{.program = part.program, .percussion = part.percussion, .notes = perform(song, part, seed)};
        return toChannels(renderPerformance(performance, soundFont, sampleRateHz, numFrames), channels);
    };
    const auto playSwelling = [&](const Part& part, Seed seed, double from, double to, double pan) {
        Performance performance{.program = part.program, .notes = perform(song, part, seed)};
        performance.controllers = swells(performance.notes, from, to);
        performance.controllers.push_back({0.0, Controller::Kind::pan, pan});
        return toChannels(renderPerformance(performance, soundFont, sampleRateHz, numFrames), channels);
    };
    switch (sound) {
        case Sound::bass: return play(song.bass, bassSeed);
        case Sound::rhythmGuitar: return play(song.rhythmGuitar, rhythmGuitarSeed);
        case Sound::cleanGuitar: return play(song.cleanGuitar, cleanGuitarSeed);
        case Sound::piano: {
            const Performance performance{.program = song.piano.program, .keyboardPan = 45.0, .notes = perform(song, song.piano, pianoSeed)};
            return toChannels(renderPerformance(performance, soundFont, sampleRateHz, numFrames), channels);
        }
        case Sound::tambourine: return play(song.tambourine, tambourineSeed);
        case Sound::strings: return playSwelling(song.strings, stringsSeed, 88.0, 118.0, 64.0);
        case Sound::lead: return {singLead(perform(song, song.lead, leadSeed), soundFont, sampleRateHz, numFrames)};
        case Sound::backing: {
            Channels voices = playSwelling(song.backingLeft, backingLeftSeed, 84.0, 116.0, 26.0);
            addTo(voices, playSwelling(song.backingRight, backingRightSeed, 84.0, 116.0, 102.0));
            return voices;
        }
        case Sound::microphone:
        case Sound::nothing: break;
    }
    return {};
}

}  // namespace tonewright::demo
