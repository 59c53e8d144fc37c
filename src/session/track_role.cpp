#include "session/track_role.h"

#include <algorithm>

#include "session/session.h"

namespace tonewright {

TrackRole roleOf(std::string_view nameRole, double nameConfidence, const Sound& sound) {
    constexpr double kClearName = 0.75;
    constexpr double kLeastBelowCymbals = 0.05;   // of an overhead's power below 2 kHz
    constexpr double kSureOfAnother = 0.8, kHardlyThat = 0.05;  // families, by sound
    const ContentReading heard = roleOfSound(sound);
    const bool named = nameRole != kUnknownRole && nameConfidence > 0.0;
    if (!named) {
        if (heard.role == kUnknownRole) return {std::string(kUnknownRole), 0.0, std::string(role_source::kNone), ""};
        return {heard.role, heard.confidence, std::string(role_source::kContent), ""};
    }
    // Two independent witnesses of the same.
    if (heard.role == nameRole) {
        const double together = 1.0 - (1.0 - nameConfidence) * (1.0 - heard.confidence);
        return {std::string(nameRole), std::clamp(together, nameConfidence, 0.98), std::string(role_source::kNameContent), ""};
    }
    // "OH" is also an open hi-hat's name: an overhead hears the drums below it.
    if (nameRole == "drums/overhead" && sound.airShare > 0.0 && sound.lowShare + sound.lowMidShare + sound.midShare < kLeastBelowCymbals)
        return {"drums/hihat", std::min(nameConfidence, 0.8), std::string(role_source::kNameContent), ""};
    // The name says "guitar", the sound says which kind.
    if (nameRole == "guitar/electric" && roleFamily(heard.role) == "guitar" && heard.confidence >= 0.5)
        return {heard.role, std::min(nameConfidence, 0.8), std::string(role_source::kNameContent), ""};

    // One file may hold several instruments, or what no instrument sounds like: such names are not heard.
    const std::string_view family = roleFamily(nameRole);
    const bool isInstrument = family != "mix" && family != "utility" && family != "effects";
    const bool soundsOther = isInstrument && heard.familyConfidence >= kSureOfAnother && familyProbability(sound, nameRole) <= kHardlyThat;
    const double plausible = std::min(plausibility(nameRole, sound), soundsOther ? 0.6 : 1.0), believed = nameConfidence * (0.5 + 0.5 * plausible);
    if (nameConfidence < kClearName && isInstrument && (soundsOther || (plausible < 0.5 && heard.confidence > believed)))
        return {heard.role, heard.confidence, std::string(role_source::kContent), ""};
    const std::string doubt = plausible > 0.6 ? "" : soundsOther ? heard.because : "there is hardly anything in it where a " + std::string(roleName(nameRole)) + " sounds";
    return {std::string(nameRole), believed, std::string(plausible < 1.0 ? role_source::kNameContent : role_source::kName), doubt};
}

}  // namespace tonewright
