#include "engineer/mix/instruments.h"

#include <algorithm>

namespace tonewright {

namespace {

constexpr double kBottomUnderTopDb = 6.0;
constexpr double kLineUnderAmplifierDb = 10.0;

bool isOneThing(const Track& a, const Track& b) {
    if (roleFamily(a.role) != roleFamily(b.role)) return false;
    if (roleFamily(a.role) == "drums") {
        // A kit is one group; its instruments are its roles, but for the toms, which are as many drums as microphones.
        return !a.group.empty() && a.group == b.group && a.role == b.role && a.role != "drums/tom";
    }
    if (!a.group.empty() && a.group == b.group) return true;
    return !a.microphone.empty() && !b.microphone.empty() && a.microphone != b.microphone && a.nameKey == b.nameKey && a.number == b.number;
}

}  // namespace

std::vector<Instrument> instrumentsOf(const MixState& state) {
    std::vector<Instrument> instruments;
    for (int i : state.byContent) {
        const auto same = std::ranges::find_if(instruments, [&](const Instrument& instrument) {
            return isOneThing(*state.tracks[instrument.front()].track, *state.tracks[i].track);
        });
        if (same != instruments.end())
            same->push_back(i);
        else
            instruments.push_back({i});
    }
    for (Instrument& instrument : instruments)   // the main one first
        std::ranges::stable_sort(instrument, {}, [&](int i) { return underMainMicrophoneDb(state, instrument, i); });
    return instruments;
}

double underMainMicrophoneDb(const MixState& state, const Instrument& instrument, int index) {
    const auto has = [&](const char* microphone) {
        return std::ranges::any_of(instrument, [&](int i) { return i != index && state.tracks[i].track->microphone == microphone; });
    };
    const Track& track = *state.tracks[index].track;
    if (track.microphone == "bottom" && has("top")) return kBottomUnderTopDb;
    if (track.microphone == "di" && has("amp") && roleFamily(track.role) == "guitar") return kLineUnderAmplifierDb;
    return 0.0;
}

bool isHeardByItsHits(const MixTrack& track) {
    const std::string& role = track.track->role;
    return role == "drums/kick" || role == "drums/snare" || role == "drums/tom" || role == "drums/crash";
}

}  // namespace tonewright
