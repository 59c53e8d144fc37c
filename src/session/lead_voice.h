#pragma once
#include <cstddef>
#include <vector>

#include "analysis/facts.h"
#include "session/session.h"

namespace tonewright {

// What one voice of a session is measured by. Levels are not: how loud a file was recorded says nothing.
struct VoiceFacts {
    double seconds = 0.0;         // that it sounds
    double aloneShare = 0.0;      // of this time without another voice
    double withLongest = 0.0;     // of this time together with the voice that sounds longest
    double follows = 0.0;         // highest correlation of its level with that of a voice that sounds at least as long
    double width = 0.0;           // side / (side + mid) power
    double severalTones = 0.0;    // 0 one fundamental at a time ... 1 none explains what sounds: harmonies
    double sibilants = 0.0;       // share of its time in which most of it is above 5 kHz: words
    double leadOdds = 0.0;        // ln of lead against backing by sound alone; 0 where nothing was heard
};

// Facts of the tracks `voices` (indices), one for each.
std::vector<VoiceFacts> voiceFacts(const Session& session, const std::vector<Analysis>& analyses, const std::vector<std::size_t>& voices);

// How much speaks for each voice being the lead, as a sum of evidence in powers of e: the one with the most is. The voice that
// sounds longest has no loss for time; half of that costs 0.7.
std::vector<double> leadScores(const std::vector<VoiceFacts>& voices);

// The leads: those that are `named` so (empty: none is), else the highest score; and voices of hardly less evidence that take turns with
// the others (a verse each, two choruses) rather than sing with them.
std::vector<bool> leadVoices(const std::vector<VoiceFacts>& voices, const std::vector<bool>& named = {});

}  // namespace tonewright
