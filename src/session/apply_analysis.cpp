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
        const bool isOpen = !track.silent && !track.roleSettled && !(track.heldShare > 0.0) && (track.roleSource == role_source::kContent || track.roleSource == role_source::kNone);
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
        if (track.silent || track.heldShare > 0.0 || roleFamily(track.role) == "utility") continue;
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

// To music one sings: a voice that only sounds as if it might be talking is open like any other.
void hearSpeechOverMusicAsSinging(Session& session) {
    constexpr double kSure = 0.8;
    const auto isMusic = [](const Track& track) {
        const std::string_view family = roleFamily(track.role);
        return !track.silent && family != "vocals" && family != "effects" && family != "utility" && family != kUnknownRole;
    };
    if (std::ranges::none_of(session.tracks, isMusic)) return;
    for (Track& track : session.tracks)
        if (track.role == "vocals/speech" && track.roleSource == role_source::kContent && track.roleConfidence < kSure) track.role = "vocals/lead";
}

// A name that only says "vocals", or the sound alone, leaves open which of several leads (lead_voice.h). What says that it backs or
// doubles is no contender, and hides none: a hook is the lead with its doubles around it.
void chooseLeadVocal(Session& session, const std::vector<Analysis>& analyses) {
    constexpr double kSure = 0.85;  // the name said which
    constexpr double kChosen = 0.7;
    const auto isOpen = [](const Track& track) { return !track.roleSettled && track.roleConfidence <= kSure; };
    const auto isCalledBacking = [](const Track& track) { return track.role == "vocals/backing" && track.roleSource != role_source::kContent; };
    std::vector<std::size_t> contenders, doubles;
    std::vector<bool> named;
    bool anyOpen = false;
    for (std::size_t i = 0; i < session.tracks.size(); ++i) {
        const Track& track = session.tracks[i];
        if (!isVocal(track) || track.silent || isCalledBacking(track)) continue;
        anyOpen = anyOpen || (isOpen(track) && track.role == "vocals/lead");
        if (isOpen(track) && track.isDouble) {
            doubles.push_back(i);
            continue;
        }
        contenders.push_back(i);
        named.push_back(!isOpen(track) && track.role == "vocals/lead");
    }
    if (!anyOpen || contenders.empty() || contenders.size() + doubles.size() < 2) return;
    const std::vector<VoiceFacts> facts = voiceFacts(session, analyses, contenders);
    const std::vector<bool> leads = leadVoices(facts, named);
    const bool hasLead = std::ranges::count(named, true) > 0;
    const std::vector<double> scores = leadScores(facts);
    const std::string& firstKey = session.tracks[contenders[static_cast<std::size_t>(std::ranges::max_element(scores) - scores.begin())]].nameKey;
    const auto decide = [&](Track& track, bool isLead) {
        track.role = isLead ? "vocals/lead" : "vocals/backing";
        track.roleConfidence = std::min(track.roleConfidence, kChosen);
        if (track.roleSource != role_source::kContent) track.roleSource = role_source::kNameContent;
    };
    for (std::size_t v = 0; v < contenders.size(); ++v) {
        Track& track = session.tracks[contenders[v]];
        if (!isOpen(track)) continue;
        // Takes of different parts of the song (verse, chorus) that are called alike are all leads.
        const bool isCalledAlike = !hasLead && !track.nameKey.empty() && track.nameKey == firstKey;
        decide(track, leads[v] || isCalledAlike);
    }
    for (const std::size_t i : doubles) decide(session.tracks[i], false);
}

}  // namespace

void applyAnalysis(Session& session, const std::vector<Analysis>& analyses) {
    assert(session.tracks.size() == analyses.size());
    std::vector<Sound> sounds(analyses.size());
    for (std::size_t i = 0; i < session.tracks.size(); ++i) {
        Track& track = session.tracks[i];
        track.silent = analyses[i].activity.silent;
        if (track.silent || track.roleSettled || track.heldShare > 0.0) continue;
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
    hearSpeechOverMusicAsSinging(session);
    chooseLeadVocal(session, analyses);
    formGroups(session);
}

}  // namespace tonewright
