#pragma once
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace tonewright {

// A part of the song that the analysis knows by name.
struct SongSection {
    std::string name;          // "intro", "verse", "prechorus", "chorus", "bridge", "solo", "drop", "outro"
    double startSeconds = 0.0, endSeconds = 0.0;
};

using Spans = std::vector<std::pair<double, double>>;  // seconds

// When in the song Request::where is ("chorus 2", "until bridge", "verse+chorus", "70-90", "end-10"). False if the sections that were heard do not tell.
bool findSpans(const std::string& where, std::span<const SongSection> sections, double endSeconds, Spans& spans);

}  // namespace tonewright
