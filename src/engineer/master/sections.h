#pragma once
#include <optional>
#include <span>
#include <vector>

namespace tonewright {

struct SectionTuning {
    double leastSectionSeconds = 8.0;                      // shorter is a phrase
    double leastShare = 0.12;                              // of the song, loud and quiet each
    double activeLu = 25.0;                                // further under the loudest is a pause or a fade
    double unclearSplit = 0.75, clearSplit = 0.9;          // share of the variance that two levels explain; evenly spread levels have 0.75
    double unclearContrastLu = 2.0, clearContrastLu = 4.0;
};

// The loud and the quiet sections of a song (choruses and verses), by its loudness alone.
struct Sections {
    struct Span {
        double startSeconds = 0.0, endSeconds = 0.0;
        bool loud = false;
        double lufs = 0.0;
    };
    std::vector<Span> spans;    // all of the song in order, loud and quiet in turn
    double contrastLu = 0.0;    // the loud ones over the quiet ones
    double confidence = 0.0;    // 0 ... 1: that there are such sections at all
};

// From short-term loudness evenly spread over the song (DynamicsFacts::shortTermLufs). nullopt: no two kinds of sections.
std::optional<Sections> findSections(std::span<const float> shortTermLufs, double seconds, const SectionTuning& tuning = {});

}  // namespace tonewright
