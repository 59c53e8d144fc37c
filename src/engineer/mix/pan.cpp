#include <algorithm>
#include <cmath>
#include <map>
#include <numbers>

#include "core/decibels.h"
#include "engineer/decision.h"
#include "engineer/mix/instruments.h"
#include "engineer/mix/mix_rules.h"

namespace tonewright {

namespace {

constexpr double kLowHz = 200.0;
constexpr double kLeadWidth = 0.25;   // of an instrument that leads now and then: beside the voice, not at the side

struct Place {
    double position = 0.0;
    std::string why;
    double confidence = 0.9;
    std::string rule = "mix.pan";
};

// Share of a track's energy below 200 Hz: what carries the low end stays in the middle.
double lowShare(const MixTrack& track) {
    const BandGains spectrum = track.sketch.activeSpectrum();
    double low = 0.0, all = 0.0;
    for (int band = 0; band < kErbBands; ++band) {
        all += spectrum[band];
        if (erbCentreHz(band) < kLowHz) low += spectrum[band];
    }
    return all > 0.0 ? low / all : 0.0;
}

// How much of their bands two tracks with these spectra share, 0 ... 1.
double overlap(const BandGains& sa, const BandGains& sb) {
    double ab = 0.0, aa = 0.0, bb = 0.0;
    for (int band = 0; band < kErbBands; ++band) {
        ab += std::sqrt(sa[band] * sb[band]);
        aa += sa[band];
        bb += sb[band];
    }
    return aa > 0.0 && bb > 0.0 ? ab / std::sqrt(aa * bb) : 0.0;
}

// A part that may stand anywhere within its width.
struct Supporter {
    int track;
    double width, power;
    BandGains spectrum;
    std::optional<double> position = {};   // none yet
    bool cameIn = false;              // from where it would stand if others answered it
};

constexpr int kMostRounds = 8;

Supporter supporterOf(const MixState& state, int i) {
    const MixTrack& track = state.tracks[i];
    const double width = track.profile->panWidth;
    return {.track = i, .width = track.track->isLead ? std::min(kLeadWidth, width) : width, .power = dbToPower(state.loudnessOf(track) + 40.0), .spectrum = track.sketch.activeSpectrum()};
}

// What it costs to have it there: range shared with neighbours, an uneven stage, and a little for not using its width.
double placeCost(const Supporter& supporter, double position, const std::vector<Supporter>& all) {
    double others = 0.0, cost = 0.05 * (1.0 - std::abs(position) / supporter.width), weight = supporter.power;
    for (const Supporter& other : all) {
        if (other.track == supporter.track || !other.position) continue;
        others += other.power * *other.position;
        weight += other.power;
        cost += overlap(supporter.spectrum, other.spectrum) * std::exp(-3.0 * std::abs(*other.position - position));
    }
    return cost + 0.15 * std::abs(others + supporter.power * position) / weight;
}

double bestPosition(const Supporter& supporter, const std::vector<Supporter>& all) {
    const double candidates[] = {-supporter.width, supporter.width, -0.5 * supporter.width, 0.5 * supporter.width};
    double best = supporter.position.value_or(candidates[0]), bestCost = placeCost(supporter, best, all);
    for (const double candidate : candidates)
        if (const double cost = placeCost(supporter, candidate, all); cost < bestCost - 1e-9) {
            bestCost = cost;
            best = candidate;
        }
    return best;
}

// The track that it shares its range with most; -1 where there is none.
int mostAlike(const Supporter& supporter, const std::vector<Supporter>& all) {
    constexpr double kWorthNaming = 0.3;
    int rival = -1;
    double most = kWorthNaming;
    for (const Supporter& other : all)
        if (const double shared = overlap(supporter.spectrum, other.spectrum); other.track != supporter.track && shared > most) {
            most = shared;
            rival = other.track;
        }
    return rival;
}

// Left against right of everything that is placed, in dB: powers by the panner's constant-power law.
double sidesDb(const std::vector<Supporter>& all, double centrePower) {
    double left = 0.5 * centrePower, right = left;
    for (const Supporter& part : all) {
        const double angle = 0.25 * std::numbers::pi * (1.0 + *part.position);
        left += part.power * std::cos(angle) * std::cos(angle);
        right += part.power * std::sin(angle) * std::sin(angle);
    }
    return powerToDb(left / right);
}

// A part that nobody answers on the other side pulls the whole mix over: those on the heavier side come in until it stands.
void steady(std::vector<Supporter>& all, double centrePower) {
    constexpr double kMostDb = 1.0, kStep = 0.05;
    for (double excess = sidesDb(all, centrePower); std::abs(excess) > kMostDb; excess = sidesDb(all, centrePower)) {
        const double heavier = excess > 0.0 ? -1.0 : 1.0;
        Supporter* farthest = nullptr;
        for (Supporter& part : all)
            if (heavier * *part.position > 0.0 && (!farthest || std::abs(*part.position) > std::abs(*farthest->position))) farthest = &part;
        if (!farthest) return;
        farthest->position = heavier * std::max(0.0, std::abs(*farthest->position) - kStep);
        farthest->cameIn = true;
    }
}

bool staysCentred(const MixTrack& track) {
    return track.profile->panWidth <= 0.0 || track.isLeadVocal() || track.leads || (lowShare(track) > 0.5 && track.family() != "drums");
}

// Sides that were recorded as sides.
std::optional<Place> recordedSide(const MixTrack& track) {
    const double sign = track.track->side == "L" ? -1.0 : track.track->side == "R" ? 1.0 : 0.0;
    if (sign == 0.0) return std::nullopt;
    const double width = std::max(track.profile->panWidth, 0.7);
    return Place{sign * width, "It is the " + std::string(sign < 0 ? "left" : "right") + " one of a pair and stands on its side"};
}

// Where a tom's hits have their body: centre of the energy below 500 Hz in the frames within 10 dB of the loudest. What the
// microphone hears of the cymbals between them says nothing of the drum.
double hitPitchHz(const MixTrack& track) {
    const std::vector<double> power = track.sketch.framePower();
    const double gate = power.empty() ? 0.0 : 0.1 * *std::max_element(power.begin(), power.end());
    double sum = 0.0, weighted = 0.0;
    for (int f = 0; f < track.sketch.frames(); ++f) {
        if (!(power[f] > gate)) continue;
        for (int band = 0; band < kErbBands && erbCentreHz(band) < 500.0; ++band) {
            sum += track.sketch.at(f, band);
            weighted += track.sketch.at(f, band) * erbCentreHz(band);
        }
    }
    return sum > 0.0 ? weighted / sum : 0.0;
}

// A drummer's kit as the audience sees it, where the overheads do not say otherwise.
std::optional<Place> kitConvention(const MixTrack& track) {
    const std::string& role = track.track->role;
    if (role == "drums/hihat") return Place{0.25, "The hi-hat stands right of the snare, as seen from the audience", 0.6};
    if (role == "drums/ride") return Place{-0.3, "The ride stands on the floor tom's side, as seen from the audience", 0.6};
    return std::nullopt;
}

}  // namespace

void limitMonoLoss(MixTrack& track, const MonoLossTuning& tuning) {
    const std::optional<double>& loss = track.analysis->stereo.monoLossLu;
    if (track.track->info.channels != 2 || !loss || !std::isfinite(*loss) || *loss >= -tuning.mostMonoLossLu) return;
    // Loudness of the sides over that of the middle, as recorded and as wanted.
    const double sides = dbToPower(-*loss) - 1.0, wanted = dbToPower(tuning.mostMonoLossLu) - 1.0;
    track.width = std::floor(100.0 * std::sqrt(wanted / sides)) / 100.0;
    track.sketch.applyGain(powerToDb((1.0 + track.width * track.width * sides) / (1.0 + sides)));
}

void decidePan(MixState& state) {
    const auto place = [&](int i, const Place& where) {
        MixTrack& track = state.tracks[i];
        const bool stereo = track.track->info.channels == 2;
        const double position = roundTo(std::clamp(where.position, -1.0, 1.0), 0.05) + 0.0;  // no -0
        Reason reason{.rule = where.rule, .text = where.why + ".", .evidence = {evidence("shareBelow200Hz", lowShare(track), "", "")}, .confidence = where.confidence};
        if (track.track->channelUse != ChannelUse::both) reason.text += " Its file has two channels, but they hold one recording, which is mono.";
        if (track.width < 1.0) {
            reason.text += " In mono it would lose " + fixed(-*track.analysis->stereo.monoLossLu, 1) + " LU, so its sides come in by " + fixed(-gainToDb(track.width), 1) + " dB.";
            reason.evidence.push_back(evidence("monoLossLu", *track.analysis->stereo.monoLossLu, "LU", "most " + fixed(-MonoLossTuning{}.mostMonoLossLu, 1)));
        }
        track.plan.pan = makeStep(track.stepId("pan"), Panner::Params{.position = position, .source = stereo ? Panner::Source::stereo : Panner::Source::mono, .width = track.width}, std::move(reason));
    };

    std::vector<int> free;
    std::vector<int> toms;
    for (int i : state.byContent) {
        const MixTrack& track = state.tracks[i];
        if (const RoughBalance::Place* rough = roughPlace(track, state.facts); rough && rough->position)
            place(i, {*rough->position, "It stands where the rough mix has it", rough->confidence, "mix.rough"});
        else if (track.track->info.channels == 2)
            place(i, {0.0, "It was recorded in stereo and keeps its image"});
        else if (const auto side = recordedSide(track))
            place(i, *side);
        else if (staysCentred(track))
            place(i, {0.0, track.isLeadVocal() ? "The lead voice stands in the centre" : track.leads ? "What carries the melody stands in the centre" : "What carries the low end or the beat stays in the centre, where both speakers share the work"});
        else if (const auto kit = kitConvention(track))
            place(i, *kit);
        else if (track.track->role == "drums/tom")
            toms.push_back(i);
        else
            free.push_back(i);
    }

    // Microphones and lines of one instrument stand where it stands.
    const std::vector<Instrument> instruments = instrumentsOf(state);
    const auto elsewhere = [&](int i) {
        const auto own = std::ranges::find_if(instruments, [&](const Instrument& instrument) { return std::ranges::find(instrument, i) != instrument.end(); });
        return own != instruments.end() && own->front() != i && std::ranges::find(free, own->front()) != free.end() ? own->front() : -1;
    };

    // Toms from high (right, by the hi-hat) to low (left), as seen from the audience.
    std::map<int, double> pitch;
    for (int i : toms) pitch[i] = hitPitchHz(state.tracks[i]);
    std::stable_sort(toms.begin(), toms.end(), [&](int a, int b) { return pitch[a] > pitch[b]; });
    for (std::size_t n = 0; n < toms.size(); ++n) {
        const double t = toms.size() == 1 ? 0.5 : static_cast<double>(n) / static_cast<double>(toms.size() - 1);
        place(toms[n], {toms.size() == 1 ? 0.15 : 0.35 - 0.7 * t, "Toms run from high to low across the kit, as seen from the audience", 0.6});
    }

    // The rest: each where it collides least with what stands there, and so that left and right weigh the same. The first to be placed
    // did not know of the others, so all are asked again until nobody moves.
    std::vector<Supporter> supporters;
    for (int i : free)
        if (elsewhere(i) < 0) supporters.push_back(supporterOf(state, i));
    bool moved = true;
    for (int round = 0; round < kMostRounds && moved; ++round) {
        moved = false;
        for (Supporter& supporter : supporters) {
            const double best = bestPosition(supporter, supporters);
            moved = moved || supporter.position != best;
            supporter.position = best;
        }
    }
    double centrePower = 0.0;
    for (int i : state.byContent)
        if (std::ranges::find(free, i) == free.end()) centrePower += dbToPower(state.loudnessOf(state.tracks[i]) + 40.0);
    steady(supporters, centrePower);
    for (const Supporter& supporter : supporters) {
        const int rival = mostAlike(supporter, supporters);
        std::string why = rival >= 0 ? "It shares its range with " + state.tracks[rival].track->name + " and stands where the two get in each other's way least" : "Supporting parts leave the centre to the lead";
        if (state.tracks[supporter.track].track->isLead) why = "Its name says that it leads: near the centre, beside the voice";
        if (supporter.cameIn) why += "; no farther out, for nothing on the other side weighs as much";
        place(supporter.track, {*supporter.position, std::move(why), 0.7});
    }
    for (int i : free)
        if (const int main = elsewhere(i); main >= 0)
            place(i, {std::get<Panner::Params>(state.tracks[main].plan.pan.params).position, "It is another pickup of what " + state.tracks[main].track->name + " recorded and stands in the same place", 0.9});
}

}  // namespace tonewright
