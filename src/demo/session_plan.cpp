#include "demo/session_plan.h"

namespace tonewright::demo {
namespace {

// Indices into kitMicrophones().
enum { kickMic, snareTopMic, snareBottomMic, hiHatMic, rackTomMic, floorTomMic, overheadLeftMic, overheadRightMic };

}  // namespace

const std::vector<Microphone>& kitMicrophones() {
    // The overheads mirror each other at the line from snare to kick, so both hear these two at the same moment.
    static const std::vector<Microphone> microphones = {
        {"kick", {0.0, 0.60, 0.30}, {kickDrum}, 12.0},
        {"snare top", {0.0, 0.06, 0.70}, {snareDrum}, 11.0},
        {"snare bottom", {0.0, 0.04, 0.56}, {snareDrum}, 11.0, true},
        {"hi-hat", {-0.52, 0.08, 1.02}, {hiHatCymbals}, 10.0},
        {"rack toms", {0.02, 0.50, 0.98}, {highTomDrum, lowTomDrum}, 10.0},
        {"floor tom", {0.55, 0.02, 0.70}, {floorTomDrum}, 10.0},
        {"overhead left", {-0.60, 0.10, 1.75}, {}},
        {"overhead right", {0.60, 0.10, 1.75}, {}},
    };
    return microphones;
}

const std::vector<TrackPlan>& trackPlans() {
    static const std::vector<TrackPlan> plans = {
        {.file = "01 Kick.wav", .role = "drums/kick", .sound = Sound::microphone, .microphones = {kickMic}, .gainDb = 6.0, .polarityInverted = true},
        {.file = "02 Snare Top.wav", .role = "drums/snare", .sound = Sound::microphone, .microphones = {snareTopMic}, .gainDb = 3.5},
        {.file = "03 Snare Bottom.wav", .role = "drums/snare", .sound = Sound::microphone, .microphones = {snareBottomMic}, .gainDb = -5.0},
        {.file = "04 HiHat.wav", .role = "drums/hihat", .sound = Sound::microphone, .microphones = {hiHatMic}, .gainDb = 1.0},
        {.file = "05 Toms.wav", .role = "drums/tom", .sound = Sound::microphone, .microphones = {rackTomMic, floorTomMic}, .channels = 2, .gainDb = 4.0},
        {.file = "06 OH L.wav", .role = "drums/overhead", .sound = Sound::microphone, .microphones = {overheadLeftMic}, .gainDb = -6.0},
        {.file = "07 OH R.wav", .role = "drums/overhead", .sound = Sound::microphone, .microphones = {overheadRightMic}, .gainDb = -8.0, .delayMs = 3.37},
        {.file = "08 Bass DI.wav", .role = "bass/electric", .sound = Sound::bass, .otherRate = true, .gainDb = 13.2},  // runs into the converter's rails
        {.file = "09 Gtr Rhythm.wav", .role = "guitar/electric-driven", .sound = Sound::rhythmGuitar, .gainDb = 2.0, .hum = Hum{50.0, -44.0}},
        {.file = "10 Gtr Clean.wav", .role = "guitar/electric-clean", .sound = Sound::cleanGuitar, .gainDb = -7.0, .dcOffset = 0.012},
        {.file = "11 Piano.wav", .role = "keys/piano", .sound = Sound::piano, .channels = 2, .kind = FileKind::wavFloat, .gainDb = -1.0},
        {.file = "12 Piano DI.wav", .role = "keys/piano", .sound = Sound::piano, .sameAs = "11 Piano.wav", .gainDb = -4.5},
        {.file = "13 Strings.flac", .role = "strings/ensemble", .sound = Sound::strings, .channels = 2, .kind = FileKind::flac24, .gainDb = -3.0},
        {.file = "14 Lead Vox.wav", .role = "vocals/lead", .sound = Sound::lead, .gainDb = -6.5, .noise = NoiseFloor{-62.0, -55.0}},
        {.file = "15 BVs.wav", .role = "vocals/backing", .sound = Sound::backing, .channels = 2, .kind = FileKind::wav16, .gainDb = -2.0},
        {.file = "16 Tambourine.wav", .role = "drums/percussion", .sound = Sound::tambourine, .startsLate = true, .gainDb = 5.0},
        {.file = "17 Scratch.wav", .role = "unknown", .sound = Sound::nothing},
    };
    return plans;
}

}  // namespace tonewright::demo
