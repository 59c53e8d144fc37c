#pragma once
#include <optional>
#include <vector>

#include "engineer/mix/instruments.h"
#include "engineer/mix/mix_state.h"

// The best balance near the usual one: thousands of candidate mixes, scored on sketches.
namespace tonewright {

struct BalanceSearchTuning {
    double deadBandDb = 6.0;         // the sum's spectrum this near to its target is left alone
    double spectrumWeight = 0.5;     // of its mean squared excess in dB
    double mostMasked = 0.45;        // share of an important track that may be covered
    double maskingWeight = 60.0;     // of the squared excess of that share, times priority / 100
    double leastHeard = 0.15;        // share of any track that must stay uncovered: its audibility floor
    double audibilityWeight = 60.0;
    double mostOfSpread = 0.75;      // farthest from the usual place, in spreads of its role
    double leastPriority = 50.0;     // what counts as important
};

// One candidate's score, by what it is made of; smaller is better.
struct BalanceScore {
    double places = 0.0;             // squared distances from the roles' usual places, in spreads
    double spectrum = 0.0;
    double masking = 0.0;
    double audibility = 0.0;

    double total() const { return places + spectrum + masking + audibility; }
};

// What an instrument was moved for: the part of the score that would suffer most if it were moved back.
enum class BalanceCause { spectrum, masking, audibility };

struct BalanceSearch {
    struct Move {
        double byDb = 0.0;
        BalanceCause cause = BalanceCause::spectrum;
    };
    std::vector<Move> moves;         // one an instrument
    BalanceScore before, after;
    double spectrumErrorBeforeDb = 0.0, spectrumErrorAfterDb = 0.0;  // RMS over the target's bands
};

// Moves the instruments' faders by coordinate descent from where they are. `targetPower`: the spectrum that the sum should have,
// by sketch band, as power at any level (0: no wish there); null: any. Instruments with a false in `free` stay (the user's, the lead).
BalanceSearch searchBalance(const MixState& state, const std::vector<Instrument>& instruments, const std::vector<bool>& free,
                            const BandGains* targetPower, const BalanceSearchTuning& tuning = {});

}  // namespace tonewright
