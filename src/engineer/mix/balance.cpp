#include <algorithm>
#include <cmath>
#include <map>

#include "core/decibels.h"
#include "engineer/decision.h"
#include "engineer/mix/balance_search.h"
#include "engineer/mix/space.h"
#include "engineer/mix/mix_rules.h"

namespace tonewright {

namespace {

constexpr double kMostFaderDb = 24.0;
// The returns add to everything but the lead's own sound.
constexpr double kReturnsLu = 0.4;
// A kit of which only little is there is not blown up to the level of a whole one.
constexpr double kMostKitLiftDb = 6.0;
constexpr double kPauseLu = 20.0;    // under the speech: nobody speaks
constexpr double kWorthSayingDb = 0.3;
constexpr double kWorthExplainingLu = 1.0;

bool isKitRole(const MixTrack& track) { return track.family() == "drums"; }

// Cymbals, which overheads hear better than a close microphone does.
bool isCymbalRole(const std::string& role) {
    return role == "drums/hihat" || role == "drums/ride" || role == "drums/crash" || role == "drums/cymbals";
}

// Drums and voices have a place each; of everything else a family has one: three guitars are not three times the guitar.
std::string placeOf(const MixTrack& track) {
    const std::string family = track.family();
    return family == "drums" || family == "vocals" ? track.profile->role : family;
}

// How much a track is one that carries melodies, 0 ... 1.
double claimToLead(const MixTrack& track) {
    const std::string family = track.family();
    if (track.track->role == "synth/lead" || family == "winds") return 1.0;
    if (family == "guitar") return 0.7;
    if (family == "keys" || family == "mallets" || family == "brass" || family == "synth") return 0.5;
    return family == "strings" ? 0.3 : 0.0;
}

// What leads where nobody sings: the melodic instrument with the highest claim that plays for a good part of the song.
// Null if somebody sings, or if nothing melodic is there.
const Instrument* leadInstrument(const MixState& state, const std::vector<Instrument>& instruments) {
    std::map<std::string, int> ofPlace;   // one among many of its kind accompanies
    for (const Instrument& instrument : instruments) ++ofPlace[placeOf(state.tracks[instrument.front()])];
    const Instrument* best = nullptr;
    double bestScore = 0.0;
    for (const Instrument& instrument : instruments) {
        const MixTrack& track = state.tracks[instrument.front()];
        if (track.isLeadVocal()) return nullptr;
        const double plays = std::min(1.0, 0.1 + 2.0 * track.analysis->activity.activeShare);
        const double score = claimToLead(track) * plays / std::sqrt(static_cast<double>(ofPlace[placeOf(track)]));
        if (score > bestScore + 1e-6) {
            bestScore = score;
            best = &instrument;
        }
    }
    return best;
}

// What each track was aimed at, for its reason.
struct Aim {
    double levelLu = 0.0;      // re the mix, of all that share the place
    int sharers = 1;
    double underMainDb = 0.0;  // a second microphone
    bool leads = false;
};

class Balance {
public:
    Balance(MixState& state, const BalanceTuning& tuning)
        : state_(state), tuning_(tuning), aims_(state.tracks.size()), power_(state.tracks.size()), fadersDb_(state.tracks.size()) {
        for (int i : state.byContent) {
            power_[i] = state.tracks[i].sketch.loudnessPower();
            for (double& power : power_[i]) power *= dbToPower(-state.tracks[i].faderDb);
            fadersDb_[i] = state.tracks[i].faderDb;
        }
    }

    // From the inside out: microphones to their instrument, instruments of a kind to their place, the drums to their kit.
    // What is fitted is always the loudness of the sum over time, so that those who take turns do not share.
    void fitPlaces() {
        const std::vector<Instrument> instruments = instrumentsOf(state_);
        const Instrument* lead = leadInstrument(state_, instruments);
        std::map<std::string, std::vector<int>> places;   // who shares a target
        std::map<std::string, int> partsOf;               // how many different parts: what doubles another is not one more
        for (const Instrument& instrument : instruments) {
            for (int i : instrument) {
                aims_[i].underMainDb = underMainMicrophoneDb(state_, instrument, i);
                fit({i}, tuning_.mixLufs - aims_[i].underMainDb);
            }
            fit(instrument, tuning_.mixLufs);
            if (&instrument == lead) {
                const double usual = state_.tracks[instrument.front()].profile->levelLu;
                const double level = std::max(usual, std::min(tuning_.leadInstrumentLu, usual + tuning_.leadInstrumentOverRoleLu * claimToLead(state_.tracks[instrument.front()])));
                aim(instrument, level, 1);
                for (int i : instrument) aims_[i].leads = state_.tracks[i].leads = true;
                continue;
            }
            std::vector<int>& place = places[placeOf(state_.tracks[instrument.front()])];
            fit(instrument, tuning_.mixLufs + state_.tracks[instrument.front()].profile->levelLu);
            place.insert(place.end(), instrument.begin(), instrument.end());
            int& parts = partsOf[placeOf(state_.tracks[instrument.front()])];
            if (parts == 0 || !state_.tracks[instrument.front()].track->isDouble) ++parts;
        }
        std::vector<int> kit;
        double kitPower = 0.0;
        // Close cymbals stand for the overheads of a kit, not for a kit.
        const bool closeKit = places.contains("drums/kick") || places.contains("drums/snare"), overheads = places.contains("drums/overhead") || places.contains("drums/kit");
        for (const auto& [place, tracks] : places) {
            double level = -60.0;
            for (int i : tracks) level = std::max(level, state_.tracks[i].profile->levelLu);
            if (isCymbalRole(place) && closeKit && !overheads) level += tuning_.withoutOverheadsLu;
            level += tuning_.perDoublingLu * std::log2(static_cast<double>(partsOf[place]));
            aim(tracks, level, static_cast<int>(tracks.size()));
            if (!isKitRole(state_.tracks[tracks.front()])) continue;
            kit.insert(kit.end(), tracks.begin(), tracks.end());
            kitPower += dbToPower(level);
        }
        if (kit.empty()) return;
        const double before = fadersDb_[kit.front()];
        fit(kit, tuning_.mixLufs + state_.wishes.profile("drums").levelLu + std::min(0.0, powerToDb(kitPower) + kMostKitLiftDb), false);
        const double moved = fadersDb_[kit.front()] - before;
        for (int i : kit) aims_[i].levelLu += moved;
    }

    // The artist's balance, where a rough mix has it: every recording as loud as with the rough mix's gain, whatever the chain makes of it.
    // The others keep their place beside those that it knows.
    void fitRough() {
        double power = 0.0;
        for (int i : state_.byContent)
            if (const RoughBalance::Place* place = roughPlace(state_.tracks[i], state_.facts)) power += dbToPower(state_.tracks[i].loudnessLufs + place->gainDb);
        const double offsetDb = tuning_.mixLufs - powerToDb(power);
        std::vector<double> moves;
        std::vector<int> others;
        for (int i : state_.byContent) {
            const RoughBalance::Place* place = roughPlace(state_.tracks[i], state_.facts);
            if (!place) {
                others.push_back(i);
                continue;
            }
            const double before = fadersDb_[i];
            fit({i}, state_.tracks[i].loudnessLufs + place->gainDb + offsetDb);
            moves.push_back(fadersDb_[i] - before);
        }
        if (moves.empty()) return;
        const auto middle = moves.begin() + static_cast<std::ptrdiff_t>(moves.size() / 2);
        std::nth_element(moves.begin(), middle, moves.end());
        move(others, *middle);
    }

    // The leads against the sum of everything.
    void fitLeads() {
        std::vector<int> leads, rest;
        for (int i : state_.byContent) (state_.tracks[i].isLeadVocal() ? leads : rest).push_back(i);
        if (leads.empty() || rest.empty()) return;
        const std::vector<double> voice = powerOf(leads, true), band = powerOf(rest, true);
        const double wanted = leadUnderMixLu() + kReturnsLu;
        double gainDb = 0.0;
        for (int round = 0; round < 40; ++round) {
            std::vector<double> alone(voice), all(band);
            for (std::size_t f = 0; f < voice.size(); ++f) all[f] += alone[f] = voice[f] * dbToPower(gainDb);
            const double error = wanted - (loudness(alone) - loudness(all));
            if (!std::isfinite(error) || std::abs(error) < 0.01) break;
            gainDb += 1.2 * error;
        }
        move(leads, gainDb);
    }

    // What plays under talk, against it, while somebody speaks.
    void fitBed() {
        std::vector<int> speakers, bed;
        for (int i : state_.byContent) (state_.tracks[i].isLeadVocal() ? speakers : bed).push_back(i);
        if (bed.empty()) return;
        const std::vector<double> speech = powerOf(speakers, true);
        std::vector<double> music = powerOf(bed, true);
        const double speaks = dbToPower(loudness(speech) - kPauseLu);
        for (std::size_t f = 0; f < music.size(); ++f)
            if (speech[f] < speaks) music[f] = 0.0;
        move(bed, loudness(speech) - tuning_.bedUnderTalkLu - loudness(music));
    }

    // From there to the best mix that is near: what is covered comes up, what makes the sum dull, boomy or shrill steps back.
    void search() {
        carryOut();
        const std::vector<Instrument> instruments = instrumentsOf(state_);
        std::vector<bool> free;
        for (const Instrument& instrument : instruments) free.push_back(!state_.tracks[instrument.front()].isLeadVocal());
        const BalanceSearch found = searchBalance(state_, instruments, free, state_.target ? &*state_.target : nullptr);
        for (std::size_t k = 0; k < instruments.size(); ++k) {
            if (found.moves[k].byDb == 0.0) continue;
            move(instruments[k], found.moves[k].byDb);
            for (int i : instruments[k]) moves_[i] = found.moves[k];
        }
    }

    // All together to where the mix should land, in steps that a person would write down.
    void land() {
        landedDb_ = tuning_.mixLufs - loudness(powerOf(state_.byContent, true));
        move(state_.byContent, landedDb_);
        for (int i : state_.byContent) fadersDb_[i] = roundDb(fadersDb_[i]);
        carryOut();
    }

    void explain() {
        std::vector<double> all = powerOf(state_.byContent, true);
        const std::vector<double> returns = forecastReturns(state_, state_.intent.intensity).loudnessPower;
        for (std::size_t f = 0; f < all.size(); ++f) all[f] += returns[f];
        const double mixLufs = loudness(all);
        const TrackSketch sum = state_.sum();
        for (int i : state_.byContent) {
            MixTrack& track = state_.tracks[i];
            const bool byHits = isHeardByItsHits(track);
            const RoughBalance::Place* rough = roughPlace(track, state_.facts);
            std::vector<Evidence> proof = {evidence("loudnessReMixPredicted", loudness(powerOf({i}, false)) - mixLufs, "LU", rough ? "as in the rough mix" : aimText(i))};
            if (rough) proof.push_back(evidence("roughGainDb", rough->fileGainDb, "dB", "of the recording, in " + state_.facts.rough->name));
            if (rough) proof.push_back(evidence("explainedShare", state_.facts.rough->explainedShare, "", "of the rough mix, by all gains together"));
            if (byHits) proof.push_back(evidence("hitsReMixPredicted", hitLoudness(powerOf({i}, false), state_.grid.frameSeconds) - mixLufs, "LU"));
            proof.push_back(evidence("maskedShare", maskedShare(track, sum), "", "at most " + fixed(BalanceSearchTuning{}.mostMasked, 2) + " for what matters"));
            track.plan.fader = makeStep(track.stepId("fader"), Gain::Params{.gainDb = track.faderDb},
                                        {.rule = rough ? "mix.rough" : "mix.balance",
                                         .text = rough ? "The rough mix has it at " + fixed(rough->fileGainDb, 1) + " dB: it stays as loud as there." : reason(i),
                                         .evidence = std::move(proof),
                                         .confidence = rough ? rough->confidence : std::max(0.3, track.track->roleConfidence)});
        }
    }

private:
    // A wish is for the voice against its band: near the top of the mix that is much more than against the whole.
    double leadUnderMixLu() const {
        const double share = dbToPower(tuning_.leadUnderMixLu), overBand = share / (1.0 - share) * dbToPower(state_.wishes.levelOf("vocals/lead"));
        return powerToDb(overBand / (1.0 + overBand));
    }

    void fit(const std::vector<int>& tracks, double lufs) { fit(tracks, lufs, isHeardByItsHits(state_.tracks[tracks.front()])); }
    void fit(const std::vector<int>& tracks, double lufs, bool byHits) {
        const std::vector<double> power = powerOf(tracks, tracks.size() > 2);
        move(tracks, lufs - (byHits ? hitLoudness(power, state_.grid.frameSeconds) : loudness(power)));
    }

    void move(const std::vector<int>& tracks, double byDb) {
        if (!std::isfinite(byDb)) return;
        for (int i : tracks) fadersDb_[i] = std::clamp(fadersDb_[i] + byDb, -60.0, kMostFaderDb);
    }

    // The faders as decided so far, into the sketches.
    void carryOut() {
        for (int i : state_.byContent) {
            MixTrack& track = state_.tracks[i];
            track.sketch.applyGain(fadersDb_[i] - track.faderDb);
            track.faderDb = fadersDb_[i];
        }
    }

    void aim(const std::vector<int>& tracks, double levelLu, int sharers) {
        fit(tracks, tuning_.mixLufs + levelLu);
        for (int i : tracks) {
            aims_[i].levelLu = levelLu;
            aims_[i].sharers = sharers;
        }
    }

    // Loudness-weighted power of some tracks together, frame by frame, at the faders decided so far.
    std::vector<double> powerOf(const std::vector<int>& tracks, bool asSum) const {
        std::vector<double> sum(state_.grid.frames);
        for (int i : tracks) {
            const double gain = dbToPower(fadersDb_[i]) * (asSum ? state_.tracks[i].inSum : 1.0);
            for (int f = 0; f < state_.grid.frames; ++f) sum[f] += gain * power_[i][f];
        }
        return sum;
    }
    double loudness(const std::vector<double>& power) const { return sketchLoudness(power, state_.grid.frameSeconds); }

    std::string aimText(int i) const {
        if (state_.isTalk()) return {};
        if (state_.tracks[i].isLeadVocal()) return "target " + fixed(leadUnderMixLu(), 1);
        return "target " + fixed(aims_[i].levelLu + landedDb_, 1) + (aims_[i].sharers > 1 ? " for " + std::to_string(aims_[i].sharers) + " tracks together" : "");
    }

    static std::string moveText(const BalanceSearch::Move& move) {
        const std::string way = std::string(move.byDb > 0.0 ? "raised " : "lowered ") + fixed(std::abs(move.byDb), 1) + " dB";
        switch (move.cause) {
            case BalanceCause::spectrum: return way + ", which brings the whole nearer to the tone of released music";
            case BalanceCause::masking: return way + (move.byDb > 0.0 ? ", for others covered it" : ", for it covered what matters more");
            case BalanceCause::audibility: return way + (move.byDb > 0.0 ? ", or it would not be heard at all" : ", so that others can be heard at all");
        }
        return way;
    }

    std::string reason(int i) const {
        const MixTrack& track = state_.tracks[i];
        const Aim& aim = aims_[i];
        const std::string role(roleName(track.track->role));
        const double underLu = -(aim.levelLu + landedDb_);
        std::string under = fixed(std::abs(underLu), 0) + " LU " + (underLu >= -0.5 ? "under the whole mix" : "over the whole mix");
        if (std::abs(landedDb_) >= kWorthExplainingLu) under += " (" + fixed(-aim.levelLu, 0) + " in a usual song; " + (landedDb_ > 0.0 ? "fewer" : "more") + " play here)";
        std::string text;
        if (state_.isTalk())
            text = track.isLeadVocal() ? "What is said comes first: all that plays stays " + fixed(tuning_.bedUnderTalkLu, 0) + " LU under it" : "It accompanies what is said, and stays " + fixed(tuning_.bedUnderTalkLu, 0) + " LU under it, so that every word is understood";
        else if (track.isLeadVocal())
            text = "The lead voice is the song: it is as loud as everything else together";
        else if (aim.leads)
            text = "Nobody sings, so what is most likely to carry the melody comes forward: " + under;
        else if (isHeardByItsHits(track))
            text = "Its hits have their place in the kit, " + under + ", whatever the microphone hears between them";
        else if (isKitRole(track))
            text = "Its place in the kit, and the kit's in the mix: " + under;
        else if (track.profile->role == "unknown")
            text = "What it is was not recognised, so it supports: " + under;
        else if (track.family() == "mix")
            text = "This is a mix already and carries much of the song: " + under;
        else
            text = "Usual for this role (" + role + "): " + under;
        if (aim.sharers > 1) text += "; it shares that place with " + std::to_string(aim.sharers - 1) + (aim.sharers > 2 ? " others" : " other");
        if (aim.underMainDb > 0.0) text += "; as a second pickup of the same thing it stays " + fixed(aim.underMainDb, 0) + " dB behind the main one";
        if (const auto moved = moves_.find(i); moved != moves_.end() && std::abs(moved->second.byDb) >= kWorthSayingDb) text += "; " + moveText(moved->second);
        return text + ".";
    }

    MixState& state_;
    const BalanceTuning& tuning_;
    std::vector<Aim> aims_;
    std::vector<std::vector<double>> power_;   // of each track with its fader at 0 dB: what follows is arithmetic on frames
    std::vector<double> fadersDb_;
    std::map<int, BalanceSearch::Move> moves_;
    double landedDb_ = 0.0;      // what all were moved by together: few parts at their usual levels do not make a whole mix
};

}  // namespace

void setUsualLevels(MixState& state, const BalanceTuning& tuning) {
    if (state.byContent.empty()) return;
    Balance balance(state, tuning);
    balance.fitPlaces();
    if (state.facts.rough) balance.fitRough();
    else if (state.isTalk()) balance.fitBed();
    else balance.fitLeads();
    balance.land();
}

void decideBalance(MixState& state, const BalanceTuning& tuning) {
    if (state.byContent.empty()) return;
    Balance balance(state, tuning);
    balance.fitPlaces();
    if (state.facts.rough) {
        balance.fitRough();
    } else if (state.isTalk()) {
        balance.fitBed();
    } else {
        balance.fitLeads();
        balance.search();
        balance.fitLeads();
    }
    balance.land();
    balance.explain();
}

}  // namespace tonewright
