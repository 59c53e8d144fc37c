#pragma once
#include <string>
#include <vector>

#include "core/fields.h"

namespace tonewright {

// What of a sound a request is about (docs/notes.md: what each does, in numbers).
enum class Attribute {
    level, pan, width, brightness, warmth, body, lowEnd, mids, air, presence, clarity, mud, boom, boxiness, nasality, harshness, sibilance,
    reverb, delay, distance, compression, punch, tightness, sustain, saturation, size, energy, noise, mute, solo, keep
};
inline constexpr Names<31> kAttributeNames = {
    "level", "pan", "width", "brightness", "warmth", "body", "lowEnd", "mids", "air", "presence", "clarity", "mud", "boom", "boxiness", "nasality", "harshness",
    "sibilance", "reverb", "delay", "distance", "compression", "punch", "tightness", "sustain", "saturation", "size", "energy", "noise", "mute", "solo", "keep"};

// keep: the user said what not to do. distance up: nearer to the listener.
enum class Direction { up, down, off, on, left, right, centre, keep };
inline constexpr Names<8> kDirectionNames = {"up", "down", "off", "on", "left", "right", "centre", "keep"};

enum class AmountKind { little, usual, lot, decibels, percent };
inline constexpr Names<5> kAmountNames = {"little", "usual", "lot", "decibels", "percent"};

enum class RequestOutcome { open, done, partly, notPossible, nothingToDo };
inline constexpr Names<5> kOutcomeNames = {"open", "done", "partly", "notPossible", "nothingToDo"};

// One wish of a note in plain language, as it was understood. What became of it is in outcome and answer.
struct Request {
    std::string target = "mix";         // a family or role, "guitar:2", "drums/percussion:tambourine", "track:ID", "instruments", "everything", "mix"
    std::vector<std::string> except;    // targets that are left out of it
    Attribute attribute = Attribute::level;
    Direction direction = Direction::up;
    AmountKind amount = AmountKind::usual;
    double number = 0.0;                // for decibels and percent
    std::string where;                  // "": the whole song; "chorus", "verse 2", "chorus last", or seconds: "70-90"
    std::string text;                   // the user's words
    RequestOutcome outcome = RequestOutcome::open;
    std::string answer;                 // what was done, or why it was not

    bool operator==(const Request&) const = default;
};

// What of a note was not understood, and why: nothing was done for it.
struct UnreadNote {
    std::string text;
    std::string why;

    bool operator==(const UnreadNote&) const = default;
};

// "vocals/lead: level up a little in the chorus"
std::string describe(const Request& request);

}  // namespace tonewright
