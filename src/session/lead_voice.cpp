#include "session/lead_voice.h"

#include <algorithm>
#include <cmath>

#include "core/decibels.h"
#include "session/content_roles.h"
#include "session/level_course.h"

namespace tonewright {

namespace {

constexpr double kSoundsDb = -25.0;  // against its loud frames
constexpr int kSibilantBand = 32;    // about 5 kHz

double soundingSeconds(const Analysis& analysis) { return analysis.activity.activeShare * static_cast<double>(analysis.frames) / analysis.spec.sampleRateHz; }

double sibilantShare(const Sketch& sketch) {
    std::vector<double> power(static_cast<std::size_t>(sketch.frames)), high(power.size());
    double loudest = 0.0;
    for (int frame = 0; frame < sketch.frames; ++frame) {
        for (int band = 0; band < kErbBands; ++band) {
            power[frame] += sketch.at(frame, band);
            if (band >= kSibilantBand) high[frame] += sketch.at(frame, band);
        }
        loudest = std::max(loudest, power[frame]);
    }
    int sounding = 0, sibilant = 0;
    for (int frame = 0; frame < sketch.frames; ++frame) {
        if (!(power[frame] > loudest * dbToPower(-40.0))) continue;
        ++sounding;
        sibilant += high[frame] > 0.5 * power[frame];
    }
    return sounding > 0 ? static_cast<double>(sibilant) / sounding : 0.0;
}

double leadOdds(const Sound& sound) {
    double lead = 0.0, backing = 0.0;
    for (const RoleProbability& heard : sound.roles) {
        if (heard.role == "vocals/lead") lead = heard.probability;
        if (heard.role == "vocals/backing" || heard.role == "vocals/choir") backing += heard.probability;
    }
    return lead > 0.0 && backing > 0.0 ? std::log(lead / backing) : 0.0;
}

double widthOf(const StereoFacts& stereo) {
    if (!stereo.widthDb) return 0.0;
    const double ratio = dbToPower(*stereo.widthDb);
    return ratio / (1.0 + ratio);
}

}  // namespace

std::vector<VoiceFacts> voiceFacts(const Session& session, const std::vector<Analysis>& analyses, const std::vector<std::size_t>& voices) {
    std::vector<VoiceFacts> facts(voices.size());
    std::vector<LevelCourse> courses;
    for (std::size_t v = 0; v < voices.size(); ++v) {
        const Analysis& analysis = analyses[voices[v]];
        courses.push_back(levelCourse(session.tracks[voices[v]], analysis.sketch, session.sampleRateHz));
        facts[v].seconds = soundingSeconds(analysis);
        facts[v].width = widthOf(analysis.stereo);
        facts[v].severalTones = analysis.timbre.harmonicity > 0.0 ? 1.0 - analysis.timbre.harmonicity : 0.0;
        facts[v].sibilants = sibilantShare(analysis.sketch);
        facts[v].leadOdds = leadOdds(soundOf(analysis));
    }
    const auto comparable = [&](std::size_t a, std::size_t b) { return analyses[voices[a]].sketch.frameSeconds == analyses[voices[b]].sketch.frameSeconds; };
    const auto longest = static_cast<std::size_t>(std::ranges::max_element(facts, {}, &VoiceFacts::seconds) - facts.begin());
    for (std::size_t v = 0; v < voices.size(); ++v) {
        int sounding = 0, alone = 0, together = 0;
        for (int frame = courses[v].start; frame < courses[v].end(); ++frame) {
            if (courses[v].at(frame) <= kSoundsDb) continue;
            ++sounding;
            bool others = false;
            for (std::size_t u = 0; u < voices.size(); ++u)
                if (u != v && comparable(u, v) && courses[u].at(frame) > kSoundsDb) {
                    others = true;
                    together += u == longest;
                }
            alone += !others;
        }
        if (sounding > 0) {
            facts[v].aloneShare = static_cast<double>(alone) / sounding;
            facts[v].withLongest = static_cast<double>(together) / sounding;
        }
        for (std::size_t u = 0; u < voices.size(); ++u)
            if (u != v && comparable(u, v) && (facts[u].seconds > facts[v].seconds || (facts[u].seconds == facts[v].seconds && u < v)))
                facts[v].follows = std::max(facts[v].follows, correlation(courses[u], courses[v]));
    }
    return facts;
}

std::vector<double> leadScores(const std::vector<VoiceFacts>& voices) {
    constexpr double kFollows = 0.6;  // a second take of the same words, or harmonies to them
    double most = 0.0, words = 0.0, alone = 0.0, cleanest = 1.0;
    for (const VoiceFacts& voice : voices) {
        most = std::max(most, voice.seconds);
        words = std::max(words, voice.sibilants);
        alone = std::max(alone, voice.aloneShare);
        cleanest = std::min(cleanest, voice.severalTones);
    }
    std::vector<double> scores;
    for (const VoiceFacts& voice : voices) {
        double score = most > 0.0 ? std::log(std::max(0.02, voice.seconds / most)) : 0.0;
        score -= 1.5 * (alone - voice.aloneShare);
        if (voice.follows >= kFollows) score -= 1.0;
        score -= std::min(1.0, voice.width / 0.3);
        score -= 2.0 * std::min(0.5, voice.severalTones - cleanest);
        if (words > 0.02 && voice.sibilants < 0.3 * words) score -= 0.5;  // oohs have no words
        score += 0.5 * std::clamp(voice.leadOdds, -2.0, 2.0);
        scores.push_back(score);
    }
    return scores;
}

std::vector<bool> leadVoices(const std::vector<VoiceFacts>& voices, const std::vector<bool>& named) {
    constexpr double kHardlyLess = 3.0, kTakesTurns = 0.8, kSeldomTogether = 0.2;
    std::vector<bool> leads = named;
    leads.resize(voices.size());
    if (voices.empty()) return leads;
    const std::vector<double> scores = leadScores(voices);
    if (std::ranges::count(leads, true) == 0) leads[static_cast<std::size_t>(std::ranges::max_element(scores) - scores.begin())] = true;
    double best = -1e9;
    for (std::size_t v = 0; v < voices.size(); ++v)
        if (leads[v]) best = std::max(best, scores[v]);
    for (std::size_t v = 0; v < voices.size(); ++v)
        leads[v] = leads[v] || (scores[v] >= best - kHardlyLess && voices[v].aloneShare >= kTakesTurns && voices[v].withLongest <= kSeldomTogether);
    return leads;
}

}  // namespace tonewright
