#include "analysis/rhythm.h"

#include "analysis/beat_tracker.h"
#include "analysis/tempo.h"

namespace tonewright {

RhythmFacts rhythmFacts(const OnsetDetector::Result& heard, double activeSeconds) {
    constexpr std::size_t kLeastOnsets = 6;
    RhythmFacts facts;
    facts.percussiveness = heard.percussiveness;
    for (const OnsetDetector::Onset& onset : heard.onsets) facts.onsetSeconds.push_back(static_cast<float>(onset.seconds));
    if (activeSeconds > 0.0) facts.onsetsPerSecond = static_cast<double>(heard.onsets.size()) / activeSeconds;
    if (heard.onsets.size() < kLeastOnsets) return facts;
    if (const std::optional<Tempo> tempo = findTempo(heard.envelope)) {
        const Beats beats = trackBeats(heard.envelope, *tempo);
        facts.tempoBpm = beats.bpm;
        facts.tempoConfidence = tempo->confidence;
        facts.beatSeconds.assign(beats.seconds.begin(), beats.seconds.end());
    }
    return facts;
}

}  // namespace tonewright
