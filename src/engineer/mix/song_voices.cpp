#include "engineer/mix/song_voices.h"

#include <map>

#include "engineer/mix/instruments.h"

namespace tonewright {

SongStructure songStructure(const MixState& state) {
    const double rate = state.facts.session.sampleRateHz;
    std::map<int, double> weights;
    for (const Instrument& instrument : instrumentsOf(state))
        for (int i : instrument) weights[i] = 1.0 / static_cast<double>(instrument.size());
    std::vector<SongVoice> voices;
    const auto add = [&](const MixTrack& track, double weight, bool isClick) {
        voices.push_back({.id = track.track->id, .analysis = track.analysis, .startSeconds = static_cast<double>(track.track->startFrame) / rate, .weight = weight,
                          .sings = track.isLeadVocal(), .isDrum = track.family() == "drums", .isClick = isClick});
    };
    for (int i : state.byContent) add(state.tracks[i], weights.contains(i) ? weights[i] : 1.0, false);
    for (const MixTrack& track : state.tracks)
        if (!track.audible() && track.track->role == "utility/click") add(track, 1.0, true);
    SongStructure structure = findSongStructure(voices, static_cast<double>(state.facts.session.frames) / rate);

    // In the session's order, as people have it.
    const auto place = [&](const std::string& id) {
        std::size_t i = 0;
        while (i < state.tracks.size() && state.tracks[i].track->id != id) ++i;
        return i;
    };
    for (SongPart& part : structure.song.parts) std::ranges::sort(part.plays, {}, place);
    std::ranges::sort(structure.song.elements, {}, [&](const SongElement& element) { return place(element.track); });
    return structure;
}

}  // namespace tonewright
