#include "engineer/mix/advice.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <string_view>
#include <tuple>

#include "core/decibels.h"
#include "core/text.h"
#include "engineer/mix/mix_rules.h"

namespace tonewright {

namespace {

constexpr double kActiveDb = -30.0, kFinestSeconds = 0.06;

// Of one severity: what the song loses most by, first.
constexpr std::string_view kOrder[] = {"advice.clipped", "advice.phase", "advice.covered", "advice.spill", "advice.bare-line", "advice.no-overheads", "advice.room", "advice.same-register"};

struct Weighed {
    Advice advice;
    double weight = 0.0;   // among those of one severity
};

std::string percent(double share) { return fixed(100.0 * share, 0) + " %"; }

std::vector<char> activity(const std::vector<double>& power) {
    const double loudest = power.empty() ? 0.0 : *std::max_element(power.begin(), power.end());
    std::vector<char> active;
    for (double p : power) active.push_back(p > 0.0 && p >= loudest * dbToPower(kActiveDb));
    return active;
}

bool hasRole(const MixState& state, std::initializer_list<const char*> roles) {
    return std::any_of(state.byContent.begin(), state.byContent.end(), [&](int i) {
        return std::any_of(roles.begin(), roles.end(), [&](const char* role) { return state.tracks[i].track->role == role; });
    });
}

// "Peaks are cut off flat in 29 places" of what goes on with why.
std::string firstPart(const std::string& text) {
    std::string part = text.substr(0, std::min(text.find(": "), text.find(". ")));
    if (part.ends_with('.')) part.pop_back();
    if (!part.empty() && part.front() >= 'A' && part.front() <= 'Z') part.front() = static_cast<char>(part.front() - 'A' + 'a');
    return part;
}

void clipped(const MixState& state, double mixLufs, const AdviceTuning& tuning, std::vector<Weighed>& all) {
    for (int i : state.byContent) {
        const MixTrack& track = state.tracks[i];
        const double underLu = mixLufs - state.loudnessOf(track);
        if (!(underLu <= tuning.clippedWithinLu)) continue;
        for (const Fault& fault : track.analysis->faults) {
            if (fault.kind != "clipping" || fault.severity == Severity::info) continue;
            all.push_back({{.code = "advice.clipped", .severity = Severity::warning, .tracks = {track.track->id}, .text = track.track->name + " is clipped: " + firstPart(fault.text) + ".",
                            .remedy = "Record it again with less gain. If that cannot be, accept it: the mix does not hide it, and a limiter makes it more audible.",
                            .evidence = {{"clipping", fault.value, fault.unit, ""}, {"underMixLu", roundTo(underLu, 0.1), "LU", "heard within " + fixed(tuning.clippedWithinLu, 0)}}},
                           tuning.clippedWithinLu - underLu});
        }
    }
}

bool canShareARegister(const MixTrack& track) {
    const std::string family = track.family();
    return (family == "guitar" || family == "keys" || family == "pad" || family == "synth" || family == "strings" || family == "brass" || family == "winds") && !track.leads;
}

// Share of two spectra that is in both, loudness-weighted.
double overlap(const BandGains& a, const BandGains& b) {
    const BandGains& weights = loudnessWeights();
    double sumA = 0.0, sumB = 0.0, shared = 0.0;
    for (int band = 0; band < kErbBands; ++band) {
        sumA += a[band] * weights[band];
        sumB += b[band] * weights[band];
    }
    if (!(sumA > 0.0 && sumB > 0.0)) return 0.0;
    for (int band = 0; band < kErbBands; ++band) shared += std::min(a[band] * weights[band] / sumA, b[band] * weights[band] / sumB);
    return shared;
}

void sameRegister(const MixState& state, const AdviceTuning& tuning, std::vector<Weighed>& all) {
    const std::vector<char> song = activity(state.sum().framePower());
    const double songFrames = static_cast<double>(std::count(song.begin(), song.end(), 1));
    for (std::size_t x = 0; x < state.byContent.size(); ++x)
        for (std::size_t y = x + 1; y < state.byContent.size(); ++y) {
            const MixTrack *a = &state.tracks[state.byContent[x]], *b = &state.tracks[state.byContent[y]];
            if (!canShareARegister(*a) || !canShareARegister(*b) || (!a->track->group.empty() && a->track->group == b->track->group)) continue;
            const double apartDb = std::abs(state.loudnessOf(*a) - state.loudnessOf(*b));
            if (!(apartDb <= tuning.withinDb)) continue;
            const std::vector<char> playsA = activity(a->sketch.framePower()), playsB = activity(b->sketch.framePower());
            double inA = 0.0, inB = 0.0, both = 0.0;
            for (std::size_t f = 0; f < playsA.size(); ++f) {
                inA += playsA[f];
                inB += playsB[f];
                both += playsA[f] && playsB[f];
            }
            const double together = both / std::max(1.0, inA + inB - both), ofSong = std::min(inA, inB) / std::max(1.0, songFrames);
            const double shared = overlap(a->sketch.activeSpectrum(), b->sketch.activeSpectrum());
            if (together < tuning.leastTogether || ofSong < tuning.leastOfSong || shared < tuning.leastOverlap) continue;
            if (state.loudnessOf(*b) > state.loudnessOf(*a)) std::swap(a, b);
            all.push_back({{.code = "advice.same-register", .severity = Severity::info, .tracks = {a->track->id, b->track->id},
                            .text = a->track->name + " and " + b->track->name + " play in the same register " + percent(together) + " of the time: " + percent(shared) + " of their spectra is the same.",
                            .remedy = "Consider muting " + b->track->name + " in the verse, or playing it an octave apart; panning and EQ alone keep both half hidden.",
                            .evidence = {{"spectrumOverlap", roundTo(shared, 0.01), "", "limit " + fixed(tuning.leastOverlap, 2)}, {"together", roundTo(together, 0.01), "", "limit " + fixed(tuning.leastTogether, 2)}}},
                           shared});
        }
}

void phase(const MixState& state, const AdviceTuning& tuning, std::vector<Weighed>& all) {
    for (int i : state.byContent) {
        const MixTrack& track = state.tracks[i];
        const auto found = state.facts.alignments.find(track.track->id);
        if (found == state.facts.alignments.end() || !found->second.lowAgreement || *found->second.lowAgreement > tuning.leastAgreement) continue;
        const auto other = std::find_if(state.tracks.begin(), state.tracks.end(), [&](const MixTrack& t) { return t.track->id == found->second.reference; });
        if (other == state.tracks.end() || !other->audible() || other->family() != track.family() || track.family() == "drums") continue;
        const double agreement = *found->second.lowAgreement;
        all.push_back({{.code = "advice.phase", .severity = Severity::warning, .tracks = {track.track->id, other->track->id},
                        .text = track.track->name + " and " + other->track->name + " cancel each other from 80 to 160 Hz, although their delay and polarity were set right: agreement " + fixed(agreement, 2) + ".",
                        .remedy = "Use one of them for the lows (a low cut at 200 Hz on the other), or record one again with the other microphone position.",
                        .evidence = {{"lowAgreement", roundTo(agreement, 0.01), "", "limit " + fixed(tuning.leastAgreement, 2)}}},
                       -agreement});
    }
}

// How far a drum stands above what lies between its hits.
double contrastDb(const MixTrack& track) {
    std::vector<double> levels;
    for (double p : track.recordedPower) levels.push_back(p > 0.0 ? powerToDb(p) : -200.0);
    if (levels.empty()) return 0.0;
    std::sort(levels.begin(), levels.end());
    return percentile(levels, 0.99) - percentile(levels, 0.3);
}

void noOverheads(const MixState& state, const AdviceTuning& tuning, std::vector<Weighed>& all) {
    if (hasRole(state, {"drums/overhead", "drums/room", "drums/kit", "drums/cymbals", "drums/ride", "drums/crash"})) return;
    int close = 0;
    double leastContrastDb = 200.0;
    std::vector<std::string> ids;
    for (int i : state.byContent) {
        const MixTrack& track = state.tracks[i];
        const std::string& role = track.track->role;
        if (role != "drums/kick" && role != "drums/snare" && role != "drums/tom") continue;
        ++close;
        ids.push_back(track.track->id);
        leastContrastDb = std::min(leastContrastDb, contrastDb(track));
    }
    if (close < tuning.leastCloseDrums || leastContrastDb > tuning.programmedContrastDb) return;
    const bool hat = hasRole(state, {"drums/hihat"});
    all.push_back({{.code = "advice.no-overheads", .severity = Severity::info, .tracks = ids,
                    .text = "There are " + std::to_string(close) + " close drum microphones and no overheads: cymbals come only through " + (hat ? "the hi-hat's microphone and " : "") + "what the others overhear, " +
                            fixed(leastContrastDb, 0) + " dB under their hits.",
                    .remedy = "Record overheads, or one microphone over the kit. Without them gates would take the cymbals away; the close microphones are left more open.",
                    .evidence = {{"closeDrums", static_cast<double>(close), "", ""}, {"spillUnderHitsDb", roundTo(leastContrastDb, 0.1), "dB", "limit " + fixed(tuning.programmedContrastDb, 0)}}},
                   1.0});
}

double correlation(const std::vector<double>& a, const std::vector<double>& b) {
    double sumA = 0.0, sumB = 0.0, aa = 0.0, bb = 0.0, ab = 0.0;
    const double n = static_cast<double>(a.size());
    for (std::size_t i = 0; i < a.size(); ++i) {
        sumA += a[i];
        sumB += b[i];
    }
    for (std::size_t i = 0; i < a.size(); ++i) {
        const double x = a[i] - sumA / n, y = b[i] - sumB / n;
        aa += x * x;
        bb += y * y;
        ab += x * y;
    }
    return aa > 0.0 && bb > 0.0 ? ab / std::sqrt(aa * bb) : 0.0;
}

void spill(const MixState& state, const std::vector<double>& sumPower, const AdviceTuning& tuning, std::vector<Weighed>& all) {
    for (int i : state.byContent) {
        const MixTrack& track = state.tracks[i];
        const std::vector<double> levels = activeLevelsDb(track.recordedPower);
        if (track.family() != "vocals" || levels.empty()) continue;
        const double sungDb = percentile(levels, 0.9);
        const std::vector<double> own = track.sketch.framePower();
        std::vector<double> gaps, others;
        for (std::size_t f = 0; f < own.size() && f < sumPower.size(); ++f) {
            const double rest = sumPower[f] - own[f], level = track.recordedPower[f];
            if (!(level > 0.0) || !(rest > 0.0) || powerToDb(level) > sungDb - 12.0) continue;
            gaps.push_back(powerToDb(level));
            others.push_back(powerToDb(rest));
        }
        if (static_cast<int>(gaps.size()) < tuning.leastGapFrames) continue;
        const double likeness = correlation(gaps, others);
        std::sort(gaps.begin(), gaps.end());
        const double contrast = sungDb - percentile(gaps, 0.5);
        if (contrast > tuning.spillContrastDb || likeness < tuning.spillLikeness) continue;
        all.push_back({{.code = "advice.spill", .severity = Severity::warning, .tracks = {track.track->id},
                        .text = track.track->name + " hears the band: between the phrases it lies only " + fixed(contrast, 0) + " dB under the voice, and follows what the others play.",
                        .remedy = "Sing it again with headphones or further from the band. As it is, every dB that the voice comes up brings the band up with it.",
                        .evidence = {{"voiceAboveSpillDb", roundTo(contrast, 0.1), "dB", "limit " + fixed(tuning.spillContrastDb, 0)}, {"likenessToBand", roundTo(likeness, 0.01), "", "limit " + fixed(tuning.spillLikeness, 2)}}},
                       tuning.spillContrastDb - contrast});
    }
}

// Reverberation times (seconds for 60 dB) that the ends of notes allow at most: each fall of 15 dB or more from near the loudest.
std::vector<double> decaySeconds(const std::vector<double>& power, double frameSeconds) {
    const std::vector<double> levels = activeLevelsDb(power);
    std::vector<double> times;
    if (levels.empty()) return times;
    const double loudDb = percentile(levels, 0.9);
    const auto levelAt = [&](std::size_t f) { return power[f] > 0.0 ? powerToDb(power[f]) : -200.0; };
    for (std::size_t f = 1; f + 1 < power.size(); ++f) {
        const double top = levelAt(f);
        if (top < loudDb - 10.0 || levelAt(f + 1) >= top - 1.0 || levelAt(f - 1) < top - 3.0) continue;
        // From 3 dB down to 25 dB down, as long as it falls.
        std::size_t from = f, to = f;
        while (to + 1 < power.size() && levelAt(to + 1) < levelAt(to) - 0.5 && levelAt(to) > top - 25.0) ++to;
        while (from < to && levelAt(from) > top - 3.0) ++from;
        const double fallDb = levelAt(from) - levelAt(to);
        if (to > from && top - levelAt(to) >= 15.0 && fallDb > 6.0) times.push_back(60.0 * static_cast<double>(to - from) * frameSeconds / fallDb);
    }
    return times;
}

void room(const MixState& state, const AdviceTuning& tuning, std::vector<Weighed>& all) {
    if (state.grid.frameSeconds > kFinestSeconds) return;  // too coarse to see an end
    for (int i : state.byContent) {
        const MixTrack& track = state.tracks[i];
        if (track.family() != "vocals") continue;
        std::vector<double> times = decaySeconds(track.recordedPower, state.grid.frameSeconds);
        if (static_cast<int>(times.size()) < tuning.leastEnds) continue;
        std::sort(times.begin(), times.end());
        const double seconds = percentile(times, 0.25);
        if (seconds < tuning.longestSeconds) continue;
        all.push_back({{.code = "advice.room", .severity = Severity::info, .tracks = {track.track->id},
                        .text = track.track->name + " has the sound of a room: its ends die away in " + fixed(seconds, 1) + " s at best.",
                        .remedy = "Record it nearer to the microphone, with blankets behind the singer. It can be put into a room in the mix, but not taken out of one.",
                        .evidence = {{"decaySeconds", roundTo(seconds, 0.01), "s", "limit " + fixed(tuning.longestSeconds, 2)}, {"ends", static_cast<double>(times.size()), "", ""}}},
                       seconds});
    }
}

// An electric guitar is half an amplifier; what comes out of its jack alone sounds like a wire.
void bareLine(const MixState& state, double mixLufs, const AdviceTuning& tuning, std::vector<Weighed>& all) {
    for (int i : state.byContent) {
        const MixTrack& track = state.tracks[i];
        if (!track.track->role.starts_with("guitar/electric") || track.track->microphone != "di") continue;
        const auto isItsAmplifier = [&](int other) {
            const Track& amp = *state.tracks[other].track;
            const bool alike = amp.nameKey == track.track->nameKey && amp.number == track.track->number, together = !amp.group.empty() && amp.group == track.track->group;
            return other != i && amp.microphone != "di" && roleFamily(amp.role) == "guitar" && (alike || together);
        };
        const double underLu = mixLufs - state.loudnessOf(track);
        if (std::ranges::any_of(state.byContent, isItsAmplifier) || !(underLu <= tuning.clippedWithinLu)) continue;
        all.push_back({{.code = "advice.bare-line", .severity = Severity::info, .tracks = {track.track->id},
                        .text = track.track->name + " is the bare line of an electric guitar, and no amplifier is beside it.",
                        .remedy = "Put an amplifier with its loudspeaker on it (a simulator will do) and export it again; equalizing does not make one of it.",
                        .evidence = {{"underMixLu", roundTo(underLu, 0.1), "LU", "heard within " + fixed(tuning.clippedWithinLu, 0)}}},
                       -underLu});
    }
}

void covered(const MixState& state, const TrackSketch& sum, const AdviceTuning& tuning, std::vector<Weighed>& all) {
    for (int i : state.byContent) {
        const MixTrack& lead = state.tracks[i];
        if (!lead.isLeadVocal()) continue;
        const double share = maskedShare(lead, sum);
        if (share < tuning.mostCovered) continue;
        const std::vector<char> sings = activity(lead.sketch.framePower());
        const BandGains& weights = loudnessWeights();
        const MixTrack* most = nullptr;
        double mostPower = 0.0;
        for (int j : state.byContent) {
            const MixTrack& other = state.tracks[j];
            if (&other == &lead || other.family() == "vocals") continue;
            double power = 0.0;
            for (int f = 0; f < other.sketch.frames(); ++f)
                for (int band = 0; sings[f] && band < kErbBands; ++band)
                    if (erbCentreHz(band) >= 1000.0 && erbCentreHz(band) <= 4000.0) power += other.sketch.at(f, band) * weights[band];
            if (power > mostPower) {
                mostPower = power;
                most = &other;
            }
        }
        if (!most) continue;
        all.push_back({{.code = "advice.covered", .severity = Severity::warning, .tracks = {lead.track->id, most->track->id},
                        .text = percent(share) + " of " + lead.track->name + " stays covered by the band, most of it by " + most->track->name + " between 1 and 4 kHz.",
                        .remedy = "Let " + most->track->name + " play less, lower or not at all while there is singing; more level for the voice would only make it louder, not clearer.",
                        .evidence = {{"maskedShare", roundTo(share, 0.01), "", "limit " + fixed(tuning.mostCovered, 2)}}},
                       share});
    }
}

}  // namespace

std::vector<Advice> giveAdvice(const MixState& state, const AdviceTuning& tuning) {
    const TrackSketch sum = state.sum();
    std::vector<Weighed> all;
    clipped(state, state.mixLoudnessLufs(), tuning, all);
    phase(state, tuning, all);
    spill(state, sum.framePower(), tuning, all);
    covered(state, sum, tuning, all);
    room(state, tuning, all);
    bareLine(state, state.mixLoudnessLufs(), tuning, all);
    noOverheads(state, tuning, all);
    std::vector<Weighed> pairs;
    sameRegister(state, tuning, pairs);
    if (!pairs.empty()) all.push_back(*std::max_element(pairs.begin(), pairs.end(), [](const Weighed& a, const Weighed& b) { return a.weight < b.weight; }));

    // What is worst first; of one kind the clearest, and at most two.
    const auto place = [](const Weighed& one) { return std::find(std::begin(kOrder), std::end(kOrder), one.advice.code) - std::begin(kOrder); };
    std::stable_sort(all.begin(), all.end(), [&](const Weighed& a, const Weighed& b) {
        return std::tuple(-static_cast<int>(a.advice.severity), place(a), -a.weight) < std::tuple(-static_cast<int>(b.advice.severity), place(b), -b.weight);
    });
    std::vector<Advice> result;
    for (const Weighed& one : all) {
        const auto alike = std::count_if(result.begin(), result.end(), [&](const Advice& given) { return given.code == one.advice.code; });
        if (static_cast<int>(result.size()) < tuning.most && alike < 2) result.push_back(one.advice);
    }
    return result;
}

}  // namespace tonewright
