#include <algorithm>
#include <cassert>

#include "core/decibels.h"
#include "session/grouping.h"
#include "session/import.h"
#include "session/joint_roles.h"
#include "session/lead_voice.h"
#include "session/track_role.h"

namespace tonewright {

namespace {

bool isVocal(const Track& track) { return track.role == "vocals/lead" || track.role == "vocals/backing"; }

// Frequency below which a tenth of the power lies; 0 for silence.
double lowestHz(const SpectrumFacts& spectrum) {
    double total = 0.0, sum = 0.0;
    for (const double db : spectrum.thirdOctaveDb) total += dbToPower(db);
    for (int band = 0; band < kThirdOctaves && total > 0.0; ++band) {
        sum += dbToPower(spectrum.thirdOctaveDb[band]);
        if (sum >= 0.1 * total) return thirdOctaveCentreHz(band);
    }
    return 0.0;
}

// What was recognised by sound alone is weighed against what else there is.
void hearTogether(Session& session, const std::vector<Analysis>& analyses, const std::vector<Sound>& sounds) {
    std::vector<TrackHearing> tracks;
    for (std::size_t i = 0; i < session.tracks.size(); ++i) {
        const Track& track = session.tracks[i];
        const bool isOpen = !track.silent && !track.roleSettled && (track.roleSource == role_source::kContent || track.roleSource == role_source::kNone);
        tracks.push_back({isOpen ? familiesOf(sounds[i]) : familiesOf(track.silent ? kUnknownRole : track.role), isOpen, lowestHz(analyses[i].spectrum)});
    }
    const std::vector<FamilyProbabilities> joint = jointFamilies(tracks);
    for (std::size_t i = 0; i < session.tracks.size(); ++i) {
        if (!tracks[i].isOpen) continue;
        const ContentReading reading = roleOfSound(sounds[i], joint[i]);
        Track& track = session.tracks[i];
        track.role = reading.role;
        track.roleConfidence = reading.confidence;
        track.roleSource = reading.role == kUnknownRole ? role_source::kNone : role_source::kContent;
    }
}

// A stereo file without a name, in which everything from bass to treble sounds. What instrument such music sounds like is chance, unless
// it surely is one; drums alone are what hardly anybody sings to.
bool maySoundTheWholeBand(const Track& track, const Sound& sound) {
    constexpr double kSure = 0.8, kLeastLow = 0.03, kLeastHigh = 0.003;   // shares of the power below 120 Hz and above 2 kHz
    const bool isOpen = !track.roleSettled && (track.roleSource == role_source::kContent || track.roleSource == role_source::kNone);
    const bool isOneInstrument = track.roleConfidence >= kSure && roleFamily(track.role) != "drums";
    return isOpen && track.info.channels == 2 && !isOneInstrument && sound.lowShare >= kLeastLow && sound.presenceShare + sound.airShare >= kLeastHigh;
}

// The whole band in one file, with nothing but voices beside it, is the music to which they were recorded.
void recogniseBackingTrack(Session& session, const std::vector<Sound>& sounds) {
    constexpr double kConfidence = 0.6;
    Track* music = nullptr;
    int voices = 0;
    for (std::size_t i = 0; i < session.tracks.size(); ++i) {
        Track& track = session.tracks[i];
        if (track.silent || roleFamily(track.role) == "utility") continue;
        const bool mayBeMusic = maySoundTheWholeBand(track, sounds[i]);
        if (!mayBeMusic && roleFamily(track.role) == "vocals") {
            ++voices;
            continue;
        }
        if (!mayBeMusic || music) return;
        music = &track;
    }
    if (!music || voices == 0) return;
    music->role = "mix/submix";
    music->roleConfidence = kConfidence;
    music->roleSource = role_source::kContent;
}

// A name that only says "vocals", or the sound alone, leaves open which of several leads (lead_voice.h).
void chooseLeadVocal(Session& session, const std::vector<Analysis>& analyses) {
    constexpr double kSure = 0.85;  // the name said which
    constexpr double kChosen = 0.7;
    const auto isOpen = [](const Track& track) { return !track.roleSettled && track.roleConfidence <= kSure; };
    std::vector<std::size_t> voices;
    bool hasLead = false, anyOpen = false;
    for (std::size_t i = 0; i < session.tracks.size(); ++i) {
        const Track& track = session.tracks[i];
        if (!isVocal(track) || track.silent) continue;
        voices.push_back(i);
        hasLead = hasLead || (!isOpen(track) && track.role == "vocals/lead");
        anyOpen = anyOpen || (isOpen(track) && track.role == "vocals/lead");
    }
    if (!anyOpen || voices.size() < 2) return;
    const std::vector<VoiceFacts> facts = voiceFacts(session, analyses, voices);
    std::vector<VoiceFacts> candidates;
    std::vector<std::size_t> of;
    for (std::size_t v = 0; v < voices.size(); ++v) {
        const Track& track = session.tracks[voices[v]];
        const bool isCalledBacking = track.role == "vocals/backing" && track.roleSource != role_source::kContent;
        if (!isOpen(track) || isCalledBacking) continue;
        candidates.push_back(facts[v]);
        of.push_back(voices[v]);
    }
    if (candidates.size() + (hasLead ? 1 : 0) < 2) return;
    const std::vector<bool> leads = leadVoices(candidates);
    const auto first = [&] {
        const std::vector<double> scores = leadScores(candidates);
        return of[static_cast<std::size_t>(std::ranges::max_element(scores) - scores.begin())];
    }();
    for (std::size_t v = 0; v < of.size(); ++v) {
        Track& track = session.tracks[of[v]];
        // Takes of different parts of the song (verse, chorus) that are called alike are all leads.
        const bool isLead = !hasLead && (leads[v] || (!track.nameKey.empty() && track.nameKey == session.tracks[first].nameKey));
        track.role = isLead ? "vocals/lead" : "vocals/backing";
        track.roleConfidence = std::min(track.roleConfidence, kChosen);
        if (track.roleSource != role_source::kContent) track.roleSource = role_source::kNameContent;
    }
}

}  // namespace

void applyAnalysis(Session& session, const std::vector<Analysis>& analyses) {
    assert(session.tracks.size() == analyses.size());
    std::vector<Sound> sounds(analyses.size());
    for (std::size_t i = 0; i < session.tracks.size(); ++i) {
        Track& track = session.tracks[i];
        track.silent = analyses[i].activity.silent;
        if (track.silent || track.roleSettled) continue;
        sounds[i] = soundOf(analyses[i]);
        const TrackRole role = roleOf(track.role, track.roleConfidence, sounds[i]);
        if (!role.doubt.empty())
            session.warnings.push_back({"session.role-doubtful", track.name + ": its name says " + std::string(roleName(role.role)) + ", but " + role.doubt +
                                                                    ". The name was believed; if it is wrong, say what it is with --roles."});
        track.role = role.role;
        track.roleConfidence = role.confidence;
        track.roleSource = role.source;
    }
    hearTogether(session, analyses, sounds);
    recogniseBackingTrack(session, sounds);
    chooseLeadVocal(session, analyses);
    formGroups(session);
}

}  // namespace tonewright
