#include "session/content_roles.h"

#include <algorithm>

#include "core/decibels.h"
#include "core/text.h"
#include "session/sound_features.h"

namespace tonewright {

namespace {

double bandPower(const SpectrumFacts& spectrum, double fromHz, double toHz) {
    double power = 0.0;
    for (int band = 0; band < kThirdOctaves; ++band)
        if (const double hz = thirdOctaveCentreHz(band); hz >= fromHz && hz < toHz) power += dbToPower(spectrum.thirdOctaveDb[band]);
    return power;
}

constexpr std::array<std::string_view, 5> kOwnFamilies = {"drums", "bass", "guitar", "keys", "vocals"};

// Index of FamilyProbabilities.
std::size_t heardFamily(std::string_view role) { return static_cast<std::size_t>(std::ranges::find(kOwnFamilies, roleFamily(role)) - kOwnFamilies.begin()); }

std::string percent(double share) { return fixed(100.0 * share, 0) + " %"; }

// 0 at `none` and less, 1 at `enough` and more.
double rising(double value, double none, double enough) { return std::clamp((value - none) / (enough - none), 0.0, 1.0); }

}  // namespace

Sound soundOf(const Analysis& analysis) {
    Sound sound;
    const double low = bandPower(analysis.spectrum, 0.0, 120.0), lowMid = bandPower(analysis.spectrum, 120.0, 500.0), mid = bandPower(analysis.spectrum, 500.0, 2000.0),
                 presence = bandPower(analysis.spectrum, 2000.0, 6000.0), air = bandPower(analysis.spectrum, 6000.0, 1e6), sum = low + lowMid + mid + presence + air;
    if (sum > 0.0) {
        sound.lowShare = low / sum;
        sound.lowMidShare = lowMid / sum;
        sound.midShare = mid / sum;
        sound.presenceShare = presence / sum;
        sound.airShare = air / sum;
    }
    const std::vector<double> features = soundFeatures(analysis);
    if (!features.empty()) sound.roles = TimbreModel::get().probabilities(features);
    return sound;
}

FamilyProbabilities familiesOf(const Sound& sound) {
    FamilyProbabilities families{};
    for (const RoleProbability& heard : sound.roles) families[heardFamily(heard.role)] += heard.probability;
    return families;
}

FamilyProbabilities familiesOf(std::string_view role) {
    FamilyProbabilities families{};
    if (role != kUnknownRole) families[heardFamily(role)] = 1.0;
    return families;
}

double familyProbability(const Sound& sound, std::string_view role) { return familiesOf(sound)[heardFamily(role)]; }

ContentReading roleOfSound(const Sound& sound) { return roleOfSound(sound, familiesOf(sound)); }

ContentReading roleOfSound(const Sound& sound, const FamilyProbabilities& families) {
    constexpr double kFamilyIsLikely = 0.35, kSurestByOthers = 0.8;
    const RoleProbability* best = nullptr;  // of the most probable family
    for (const RoleProbability& heard : sound.roles)
        if (!best || families[heardFamily(heard.role)] > families[heardFamily(best->role)]) best = &heard;
    if (!best || families[heardFamily(best->role)] < kFamilyIsLikely) return {};
    ContentReading reading = roleOfSound(sound, best->role);
    const double alone = reading.familyConfidence, together = families[heardFamily(best->role)];
    if (together == alone || !(alone > 0.0)) return reading;
    reading.familyConfidence = together;
    reading.confidence = std::min(reading.confidence * together / alone, std::max(reading.confidence, kSurestByOthers));
    return reading;
}

ContentReading roleOfSound(const Sound& sound, std::string_view role) {
    constexpr double kOneOfBoth = 0.7;  // of clean and driven together
    const auto best = std::ranges::find_if(sound.roles, [&](const RoleProbability& heard) { return heardFamily(heard.role) == heardFamily(role); });
    if (best == sound.roles.end()) return {};

    ContentReading reading{best->role, best->probability, familyProbability(sound, role), ""};
    double clean = 0.0, driven = 0.0;
    for (const RoleProbability& heard : sound.roles) {
        if (heard.role == "guitar/electric-clean") clean = heard.probability;
        if (heard.role == "guitar/electric-driven") driven = heard.probability;
    }
    if (best->role.starts_with("guitar/electric") && std::max(clean, driven) < kOneOfBoth * (clean + driven)) {
        reading.role = "guitar/electric";
        reading.confidence = clean + driven;
    }
    reading.because = "it sounds like " + std::string(roleName(reading.role)) + " (" + percent(reading.confidence) + ")";
    const auto next = std::ranges::find_if(sound.roles, [&](const RoleProbability& heard) {
        return heard.role != best->role && !(reading.role == "guitar/electric" && heard.role.starts_with("guitar/electric"));
    });
    if (next != sound.roles.end() && next->probability >= 0.1) reading.because += " or " + std::string(roleName(next->role)) + " (" + percent(next->probability) + ")";
    return reading;
}

double plausibility(std::string_view role, const Sound& s) {
    const double low = s.lowShare + s.lowMidShare, high = s.presenceShare + s.airShare;
    if (low + s.midShare + high <= 0.0) return 1.0;  // nothing was heard
    if (role == "drums/kick") return rising(low, 0.05, 0.3);  // an inside microphone may be mostly click
    if (roleFamily(role) == "bass") return rising(low, 0.05, 0.3);
    if (role == "drums/hihat" || role == "drums/ride" || role == "drums/crash" || role == "drums/cymbals") return rising(high, 0.02, 0.15);
    if (role == "drums/snare" || roleFamily(role) == "vocals") return 1.0 - rising(s.lowShare, 0.7, 0.95);
    return 1.0;
}

}  // namespace tonewright
