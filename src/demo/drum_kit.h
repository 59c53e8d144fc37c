#pragma once
#include <array>
#include <span>
#include <string>
#include <vector>

// A drum kit in a dry room and the microphones around it. Everything that a microphone hears is the drum's sound, late
// by its distance and weaker by its distance, and duller where it comes as bleed. All of it is geometry that can be
// written down, so that a test knows what remains between two microphones after a planted fault was undone.
namespace tonewright::demo {

inline constexpr double kSpeedOfSound = 343.0;  // metres a second, dry air at 20 degrees Celsius

// Metres. x to the right as the drummer's audience sees the plan, y towards the audience, z up from the floor.
// The line from the snare to the kick is x = 0.
struct Position {
    double x = 0.0, y = 0.0, z = 0.0;
};
double distanceMetres(const Position& a, const Position& b);

enum Drum { kickDrum, snareDrum, hiHatCymbals, highTomDrum, lowTomDrum, floorTomDrum, crashCymbal, rideCymbal, numDrums };

struct DrumSource {
    const char* name;
    Position position;
    double levelDb = 0.0;  // a drummer's balance: against the soundfont's own, which is made for loudspeakers
};
const std::array<DrumSource, numDrums>& drumSources();

struct Microphone {
    std::string name;          // as the track's file
    Position position;
    std::vector<Drum> owns;    // what it stands at; empty for an overhead, which hears all drums alike
    double rejectionDb = 0.0;  // by how much its pattern weakens what it does not own, beyond the distance
    bool underneath = false;   // hears the other skin: inverted by nature, and mostly the snare wires
};

// What the geometry does to one drum in one microphone.
struct Hearing {
    double delayFrames = 0.0;
    double gain = 0.0;  // 0 where it would be 66 dB or more under the loudest drum of that microphone
    bool bleed = false;
};
Hearing hear(const Microphone& microphone, Drum drum, double sampleRateHz);

// The sum of all drums (one mono signal each, equally long) at the microphone.
std::vector<float> recordKit(const Microphone& microphone, const std::array<std::span<const float>, numDrums>& drums, double sampleRateHz);

}  // namespace tonewright::demo
