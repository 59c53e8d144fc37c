#include "analysis/song_beats.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "analysis/beat_tracker.h"
#include "analysis/onset_detector.h"
#include "analysis/tempo.h"

namespace tonewright {

namespace {

constexpr double kStepSeconds = 0.01;
constexpr std::size_t kMaxValues = 131072, kMaxBeats = 20000;
constexpr double kDrumWeight = 1.5;
constexpr double kLeastTempoConfidence = 0.12;
constexpr double kMostStrength = 3.0;   // of one moment: where all strike together counts, but not alone

double framePower(const Sketch& sketch, int frame) {
    if (frame < 0 || frame >= sketch.frames) return 0.0;
    double sum = 0.0;
    for (int band = 0; band < kErbBands; ++band) sum += sketch.at(frame, band);
    return sum;
}

void addOnsets(OnsetEnvelope& envelope, const SongVoice& voice) {
    const Analysis& facts = *voice.analysis;
    const double loud = loudPower(facts.sketch);
    if (!(loud > 0.0)) return;
    const double weight = voice.weight * (voice.isDrum ? kDrumWeight : 1.0) * (0.2 + facts.rhythm.percussiveness.value_or(0.5));
    const auto add = [&](long index, double value) {
        if (index >= 0 && index < static_cast<long>(envelope.strength.size())) envelope.strength[index] += static_cast<float>(value);
    };
    for (float onset : facts.rhythm.onsetSeconds) {
        const int frame = static_cast<int>(onset / facts.sketch.frameSeconds);
        const double before = std::min(framePower(facts.sketch, frame - 1), framePower(facts.sketch, frame - 2));
        const double after = std::max(framePower(facts.sketch, frame), framePower(facts.sketch, frame + 1));
        const double strength = weight * std::min(1.5, std::sqrt(std::max(0.0, after - before) / loud));
        const long index = std::lround((voice.startSeconds + onset) / envelope.stepSeconds);
        add(index, strength);
        add(index - 1, 0.5 * strength);
        add(index + 1, 0.5 * strength);
    }
}

// Beats before the first and after the last that was marked, at the pace of those next to them.
std::vector<double> carriedOn(const std::vector<double>& beats, double durationSeconds) {
    const std::size_t near = std::min<std::size_t>(8, beats.size() - 1);
    const double pace = (beats[near] - beats[0]) / static_cast<double>(near);
    const double endPace = (beats.back() - beats[beats.size() - 1 - near]) / static_cast<double>(near);
    std::vector<double> all;
    for (double t = beats.front() - pace; t >= 0.0 && all.size() < kMaxBeats / 4; t -= pace) all.push_back(t);
    std::reverse(all.begin(), all.end());
    all.insert(all.end(), beats.begin(), beats.end());
    for (double t = beats.back() + endPace; t < durationSeconds && all.size() < kMaxBeats; t += endPace) all.push_back(t);
    return all;
}

// Deviations from the mean in units of their spread, bounded so that one moment decides nothing.
std::vector<double> standardised(std::vector<double> values) {
    const double n = static_cast<double>(values.size());
    double mean = 0.0, square = 0.0;
    for (double v : values) {
        mean += v / n;
        square += v * v / n;
    }
    const double spread = std::sqrt(std::max(0.0, square - mean * mean));
    for (double& v : values) v = spread > 1e-9 ? std::clamp((v - mean) / spread, -2.0, 3.0) : 0.0;
    return values;
}

// What stands on the first beats of bars, one value a beat.
class Accents {
public:
    Accents(const SongCanvas& canvas, const std::vector<double>& beats) : canvas_(canvas), beats_(beats) {}

    std::vector<double> strengths() const {
        const int count = static_cast<int>(beats_.size());
        std::vector<double> bass(count), change(count), entry(count);
        std::vector<std::vector<double>> spectra, voices;
        for (int b = 0; b < count; ++b) {
            spectra.push_back(spectrum(b));
            voices.push_back(playing(b));
        }
        for (int b = 0; b < count; ++b) {
            bass[b] = bassRise(b);
            if (b > 0) change[b] = distance(spectra, b, 1);
            if (b >= kAround && b + kAround <= count) entry[b] = distance(spectra, b, kAround) + 2.0 * distance(voices, b, kAround);
        }
        std::vector<double> highest = entry;   // of an entry only its first beat counts
        for (int b = 0; b < count; ++b)
            for (int c = std::max(0, b - kAround + 1); c < std::min(count, b + kAround); ++c)
                if (entry[c] > entry[b]) highest[b] = 0.0;
        const std::vector<double> z1 = standardised(bass), z2 = standardised(change), z3 = standardised(highest);
        std::vector<double> sum(count);
        for (int b = 0; b < count; ++b) sum[b] = 0.6 * z1[b] + z2[b] + z3[b];
        return standardised(sum);
    }

private:
    static constexpr int kAround = 4;    // beats before and after, of an entry
    static constexpr int kBassBands = 6; // up to about 200 Hz

    double length(int beat) const { return beat + 1 < static_cast<int>(beats_.size()) ? beats_[beat + 1] - beats_[beat] : beats_[beat] - beats_[beat - 1]; }

    double bassPower(double from, double to) const {
        double sum = 0.0;
        const int first = canvas_.frameAt(from), last = std::max(first + 1, canvas_.frameAt(to));
        for (int f = first; f < std::min(last, canvas_.frames); ++f)
            for (int band = 0; band < kBassBands; ++band) sum += canvas_.sum[static_cast<std::size_t>(f) * kErbBands + band];
        return sum / (last - first);
    }

    double bassRise(int beat) const {
        const double t = beats_[beat];
        return std::max(0.0, std::sqrt(bassPower(t, t + 0.15)) - std::sqrt(bassPower(t - 0.15, t)));
    }

    // Amplitudes in the bands of what has a pitch, their squares adding to 1 (or to 0: nothing plays).
    std::vector<double> spectrum(int beat) const {
        std::vector<double> power(kErbBands);
        double whole = 1e-6;
        const int last = std::min(canvas_.frames, canvas_.frameAt(beats_[beat] + length(beat)));
        for (int f = canvas_.frameAt(beats_[beat]); f < last; ++f)
            for (int band = 0; band < kErbBands; ++band) {
                const double p = canvas_.tonal[static_cast<std::size_t>(f) * kErbBands + band];
                power[band] += p;
                whole += p;
            }
        for (double& p : power) p = std::sqrt(p / whole);
        return power;
    }

    // How much each voice plays, 0 ... 1.
    std::vector<double> playing(int beat) const {
        std::vector<double> values;
        const int first = canvas_.frameAt(beats_[beat]), last = std::clamp(canvas_.frameAt(beats_[beat] + length(beat)), first + 1, std::max(first + 1, canvas_.frames));
        for (std::size_t v = 0; v < canvas_.voices.size(); ++v) {
            double sum = 0.0;
            for (int f = first; f < std::min(last, canvas_.frames); ++f) sum += std::min(1.0f, canvas_.voices[v][f]);
            values.push_back(canvas_.weights[v] > 0.0 ? std::sqrt(canvas_.weights[v] * sum / (last - first)) : 0.0);
        }
        return values;
    }

    // Between the means of `around` beats from a beat on and before it.
    static double distance(const std::vector<std::vector<double>>& values, int beat, int around) {
        double sum = 0.0;
        for (std::size_t i = 0; i < values[beat].size(); ++i) {
            double difference = 0.0;
            for (int k = 0; k < around; ++k) difference += values[beat + k][i] - values[beat - 1 - k][i];
            sum += difference * difference / (around * around);
        }
        return std::sqrt(sum);
    }

    const SongCanvas& canvas_;
    const std::vector<double>& beats_;
};

struct Bars {
    std::vector<int> downbeats;
    double evidence = 0.0;   // mean accent of the downbeats over the others, in standard errors
};

// The best row of bars of `metre` beats. Returns what it is worth against beats at random.
Bars followBars(const std::vector<double>& accents, int metre) {
    constexpr double kAnewCost = 12.0;
    const int count = static_cast<int>(accents.size());
    std::vector<std::vector<int>> from(count, std::vector<int>(metre, 0));
    std::vector<double> score(metre, 0.0);
    for (int p = 0; p < metre; ++p) score[p] = p == 0 ? accents[0] : -accents[0] / (metre - 1);
    for (int b = 1; b < count; ++b) {
        std::vector<double> next(metre);
        for (int p = 0; p < metre; ++p) {
            int best = (p + metre - 1) % metre;
            if (p == 0)
                for (int q = 0; q < metre; ++q)
                    if (score[q] - kAnewCost > score[best]) best = q;
            const bool anew = p == 0 && best != metre - 1;
            next[p] = score[best] - (anew ? kAnewCost : 0.0) + (p == 0 ? accents[b] : -accents[b] / (metre - 1));
            from[b][p] = best;
        }
        score = next;
    }
    Bars bars;
    int p = static_cast<int>(std::max_element(score.begin(), score.end()) - score.begin());
    for (int b = count - 1; b >= 0; --b) {
        if (p == 0) bars.downbeats.push_back(b);
        if (b > 0) p = from[b][p];
    }
    std::reverse(bars.downbeats.begin(), bars.downbeats.end());
    double on = 0.0, all = 0.0;
    for (int b : bars.downbeats) on += accents[b];
    for (double a : accents) all += a;
    const double n = static_cast<double>(bars.downbeats.size()), others = count - n;
    if (n > 0.0 && others > 0.0) bars.evidence = (on / n - (all - on) / others) / std::sqrt(1.0 / n + 1.0 / others);
    return bars;
}

}  // namespace

SongBeats findSongBeats(std::span<const SongVoice> voices, double durationSeconds) {
    OnsetEnvelope envelope;
    envelope.stepSeconds = kStepSeconds;
    while (durationSeconds / envelope.stepSeconds > static_cast<double>(kMaxValues)) envelope.stepSeconds *= 2.0;
    envelope.strength.assign(static_cast<std::size_t>(durationSeconds / envelope.stepSeconds) + 1, 0.0f);
    const bool clicks = std::ranges::any_of(voices, [](const SongVoice& v) { return v.isClick && v.analysis->rhythm.onsetSeconds.size() >= 16; });
    for (const SongVoice& voice : voices)
        if (voice.isClick == clicks) addOnsets(envelope, voice);
    for (float& value : envelope.strength) value = std::min(value, static_cast<float>(kMostStrength));

    SongBeats result;
    const std::optional<Tempo> tempo = findTempo(envelope);
    if (!tempo || tempo->confidence < kLeastTempoConfidence) return result;
    const Beats beats = trackBeats(envelope, *tempo);
    if (beats.seconds.size() < 8) return result;
    result.tempoBpm = beats.bpm;
    result.confidence = tempo->confidence;
    result.seconds = carriedOn(beats.seconds, durationSeconds);
    return result;
}

SongMetre findSongMetre(const SongCanvas& canvas, const std::vector<double>& beatSeconds) {
    constexpr std::size_t kLeastBeats = 24;
    constexpr double kLeastEvidence = 3.5, kLeastMargin = 1.2;
    SongMetre metre;
    if (beatSeconds.size() < kLeastBeats) return metre;
    const std::vector<double> accents = Accents(canvas, beatSeconds).strengths();
    Bars three = followBars(accents, 3), four = followBars(accents, 4);
    const bool isThree = three.evidence > four.evidence + kLeastMargin;
    const double evidence = isThree ? three.evidence : four.evidence, margin = std::abs(three.evidence - four.evidence);
    if (evidence < kLeastEvidence || margin < kLeastMargin) return metre;
    metre.beatsPerBar = isThree ? 3 : 4;
    metre.confidence = std::min(1.0, 0.1 * evidence) * std::min(1.0, 0.4 + 0.2 * margin);
    metre.downbeats = isThree ? std::move(three.downbeats) : std::move(four.downbeats);
    return metre;
}

}  // namespace tonewright
