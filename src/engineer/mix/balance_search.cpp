#include "engineer/mix/balance_search.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "core/decibels.h"

namespace tonewright {

namespace {

// Frames of the song, evenly spread: a mean over all of them does not need every one. Each of many instruments is told by fewer, so that
// the time goes with their number and not with its square.
constexpr int kMostFrames = 384, kLeastFrames = 96, kFramesOfAll = 24 * kMostFrames;
constexpr float kNothing = 1e-30f;        // beside any power: what covers silence is no number
constexpr double kPlaysDb = -40.0;
constexpr double kCoveredDb = 4.0;        // as mix.masking has it
constexpr double kStepsDb[] = {1.0, 0.5, 0.2, 0.1};
constexpr int kMostRounds = 24;

// An instrument on few frames: its power there, and the loudness-weighted power by which covered cells count.
struct Voice {
    std::vector<float> power;             // [frame * kErbBands + band]
    std::vector<bool> plays;              // frame by frame
    double priority = 0.0, spreadLu = 3.0;
    bool important = false;
    bool free = false;
};

int strideFor(int frames, int instruments) {
    const int most = std::clamp(kFramesOfAll / std::max(1, instruments), kLeastFrames, kMostFrames);
    return std::max(1, (frames + most - 1) / most);
}

class Search {
public:
    Search(const MixState& state, const std::vector<Instrument>& instruments, const std::vector<bool>& free, const BandGains* targetPower, const BalanceSearchTuning& tuning)
        : tuning_(tuning), target_(targetPower), stride_(strideFor(state.grid.frames, static_cast<int>(instruments.size()))), frames_((state.grid.frames + stride_ - 1) / stride_) {
        for (std::size_t k = 0; k < instruments.size(); ++k) voices_.push_back(voiceOf(state, instruments[k], free[k]));
        gainsDb_.assign(voices_.size(), 0.0);
        for (const Voice& voice : voices_) {
            if (sum_.empty()) sum_.assign(voice.power.size(), 0.0f);
            for (std::size_t i = 0; i < sum_.size(); ++i) sum_[i] += voice.power[i];
        }
    }

    BalanceSearch run() {
        BalanceSearch result;
        BalanceScore best = result.before = score();
        result.spectrumErrorBeforeDb = spectrumErrorDb();
        for (double stepDb : kStepsDb)
            for (int round = 0; round < kMostRounds; ++round) {
                bool moved = false;
                for (std::size_t k = 0; k < voices_.size(); ++k)
                    for (double byDb : {stepDb, -stepDb}) {
                        if (!voices_[k].free || std::abs(gainsDb_[k] + byDb) > tuning_.mostOfSpread * voices_[k].spreadLu) continue;
                        move(k, byDb);
                        const BalanceScore candidate = score();
                        if (candidate.total() < best.total() - 1e-4) {
                            best = candidate;
                            moved = true;
                        } else {
                            move(k, -byDb);
                        }
                    }
                if (!moved) break;
            }
        result.after = best;
        result.spectrumErrorAfterDb = spectrumErrorDb();
        for (std::size_t k = 0; k < voices_.size(); ++k) result.moves.push_back({gainsDb_[k], causeOf(k, best)});
        return result;
    }

private:
    BalanceCause causeOf(std::size_t k, const BalanceScore& with) {
        const double byDb = gainsDb_[k];
        if (byDb == 0.0) return BalanceCause::spectrum;
        move(k, -byDb);
        const BalanceScore without = score();
        move(k, byDb);
        const double spectrum = without.spectrum - with.spectrum, masking = without.masking - with.masking, audibility = without.audibility - with.audibility;
        if (spectrum >= std::max(masking, audibility)) return BalanceCause::spectrum;
        return masking >= audibility ? BalanceCause::masking : BalanceCause::audibility;
    }

    Voice voiceOf(const MixState& state, const Instrument& instrument, bool free) const {
        Voice voice;
        const MixTrack& main = state.tracks[instrument.front()];
        voice.priority = main.profile->priority;
        voice.spreadLu = main.profile->spreadLu;
        voice.important = voice.priority >= tuning_.leastPriority && main.family() != "drums" && main.family() != "mix";
        voice.free = free;
        voice.power.assign(static_cast<std::size_t>(frames_) * kErbBands, 0.0f);
        voice.plays.assign(frames_, false);
        std::vector<double> level(frames_);
        for (int f = 0; f < frames_; ++f)
            for (int i : instrument)
                for (int band = 0; band < kErbBands; ++band) {
                    const float power = state.tracks[i].sketch.at(f * stride_, band);
                    voice.power[static_cast<std::size_t>(f) * kErbBands + band] += power;
                    level[f] += power;
                }
        const double gate = level.empty() ? 0.0 : *std::max_element(level.begin(), level.end()) * dbToPower(kPlaysDb);
        for (int f = 0; f < frames_; ++f) voice.plays[f] = level[f] > gate;
        return voice;
    }

    void move(std::size_t k, double byDb) {
        const float before = static_cast<float>(dbToPower(gainsDb_[k]));
        gainsDb_[k] += byDb;
        if (std::abs(gainsDb_[k]) < 1e-9) gainsDb_[k] = 0.0;   // there and back is nowhere
        const float change = static_cast<float>(dbToPower(gainsDb_[k])) - before;
        for (std::size_t i = 0; i < sum_.size(); ++i) sum_[i] = std::max(0.0f, sum_[i] + change * voices_[k].power[i]);
    }

    BalanceScore score() const {
        BalanceScore score;
        for (std::size_t k = 0; k < voices_.size(); ++k) {
            const Voice& voice = voices_[k];
            const double spreads = gainsDb_[k] / voice.spreadLu;
            score.places += spreads * spreads;
            const double masked = maskedShare(k);
            const double tooMuch = std::max(0.0, masked - tuning_.mostMasked), inaudible = std::max(0.0, masked - (1.0 - tuning_.leastHeard));
            if (voice.important) score.masking += tuning_.maskingWeight * (voice.priority / 100.0) * tooMuch * tooMuch;
            score.audibility += tuning_.audibilityWeight * inaudible * inaudible;
        }
        score.spectrum = spectrumScore();
        return score;
    }

    // Share of an instrument's loudness-weighted energy that the rest covers. A cell is covered by half where the rest stands
    // kCoveredDb over it, gradually more above and less below: each step towards hearing it counts.
    double maskedShare(std::size_t k) const {
        const Voice& voice = voices_[k];
        const BandGains& weights = loudnessWeights();
        constexpr int kLanes = 8;   // chains that do not wait for each other
        static_assert(kErbBands % kLanes == 0);
        std::array<float, kErbBands> weight;
        for (int band = 0; band < kErbBands; ++band) weight[band] = static_cast<float>(weights[band]);
        const float gain = static_cast<float>(dbToPower(gainsDb_[k]));
        const float halfway = static_cast<float>(dbToPower(2.0 * kCoveredDb));
        double all = 0.0, masked = 0.0;
        for (int f = 0; f < frames_; ++f) {
            if (!voice.plays[f]) continue;
            const std::size_t at = static_cast<std::size_t>(f) * kErbBands;
            const float *power = voice.power.data() + at, *whole = sum_.data() + at;
            float sum[kLanes] = {}, covered[kLanes] = {};
            for (int band = 0; band < kErbBands; band += kLanes)
                for (int lane = 0; lane < kLanes; ++lane) {
                    const float own = gain * power[band + lane], weighted = own * weight[band + lane];
                    const float left = whole[band + lane] - own, rest = left > 0.0f ? left : 0.0f;
                    sum[lane] += weighted;
                    covered[lane] += weighted * (rest * rest / (rest * rest + halfway * own * own + kNothing));
                }
            for (int lane = 0; lane < kLanes; ++lane) {
                all += sum[lane];
                masked += covered[lane];
            }
        }
        return all > 0.0 ? masked / all : 0.0;
    }

    // The sum's deviation from its target by band, without its mean; empty without a target.
    std::vector<double> deviationDb() const {
        if (!target_) return {};
        BandGains spectrum{};
        for (std::size_t i = 0; i < sum_.size(); ++i) spectrum[i % kErbBands] += sum_[i];
        std::vector<double> deviation;
        double mean = 0.0;
        for (int band = 0; band < kErbBands; ++band)
            if ((*target_)[band] > 0.0 && spectrum[band] > 0.0) {
                deviation.push_back(powerToDb(spectrum[band] / (*target_)[band]));
                mean += deviation.back();
            }
        for (double& d : deviation) d -= mean / static_cast<double>(deviation.size());
        return deviation;
    }

    double spectrumScore() const {
        double sum = 0.0;
        const std::vector<double> deviation = deviationDb();
        for (double d : deviation) sum += std::pow(std::max(0.0, std::abs(d) - tuning_.deadBandDb), 2.0);
        return deviation.empty() ? 0.0 : tuning_.spectrumWeight * sum / static_cast<double>(deviation.size());
    }

    double spectrumErrorDb() const {
        double sum = 0.0;
        const std::vector<double> deviation = deviationDb();
        for (double d : deviation) sum += d * d;
        return deviation.empty() ? 0.0 : std::sqrt(sum / static_cast<double>(deviation.size()));
    }

    const BalanceSearchTuning& tuning_;
    const BandGains* target_;
    int stride_, frames_;
    std::vector<Voice> voices_;
    std::vector<double> gainsDb_;
    std::vector<float> sum_;
};

}  // namespace

BalanceSearch searchBalance(const MixState& state, const std::vector<Instrument>& instruments, const std::vector<bool>& free, const BandGains* targetPower,
                            const BalanceSearchTuning& tuning) {
    return Search(state, instruments, free, targetPower, tuning).run();
}

}  // namespace tonewright
