#pragma once
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "dsp/equalizer.h"
#include "engineer/notes/apply_notes.h"
#include "plan/request.h"

// What one request does to one track, to all sends, or to the mix bus.
namespace tonewright {

// One request at work: its steps carry the user's words as their reason.
struct RequestWork {
    Plan& plan;
    const NoteContext& context;
    const NoteTuning& tuning;
    const Request& request;
    int number = 0;                                  // of the request, for the steps' ids
    std::vector<std::pair<double, double>> spans;    // seconds; empty: the whole song

    // -1, 0 or 1.
    int sign() const { return request.direction == Direction::up ? 1 : request.direction == Direction::down ? -1 : 0; }
    // The amount that was asked for, between the three of an attribute; `perDb`: the number in dB counts as it is, up to `most`.
    double amount(double little, double usual, double lot, double most) const;
    Step step(const std::string& owner, const std::string& what, StepParams params, const std::string& does) const;
    bool hasStep(const std::string& id) const;       // an earlier plan's, locked
};

// The musician's words as bands of an equalizer; amountDb is signed. Empty for what is not tone.
std::vector<EqualizerBand> toneBands(Attribute attribute, double amountDb, const std::string& role);

// What was done in words, or why not.
struct ChangeResult {
    bool done = false;
    std::string words;
};
ChangeResult changeTrack(RequestWork& work, TrackPlan& track, double& levelSoFarDb);
ChangeResult changeMix(RequestWork& work);

}  // namespace tonewright
