#include "session/track_role.h"

#include <algorithm>

#include "session/session.h"

namespace tonewright {

TrackRole roleOf(std::string_view nameRole, double nameConfidence, const Sound& sound) {
    constexpr double kClearName = 0.75;
    const ContentReading heard = roleOfSound(sound);
    const bool named = nameRole != kUnknownRole && nameConfidence > 0.0;
    if (!named) {
        if (heard.role == kUnknownRole) return {std::string(kUnknownRole), 0.0, std::string(role_source::kNone)};
        return {heard.role, heard.confidence, std::string(role_source::kContent)};
    }
    // Two independent witnesses of the same.
    if (heard.role == nameRole) {
        const double together = 1.0 - (1.0 - nameConfidence) * (1.0 - heard.confidence);
        return {std::string(nameRole), std::clamp(together, nameConfidence, 0.98), std::string(role_source::kNameContent)};
    }
    // The name says "guitar", the sound says which kind.
    if (nameRole == "guitar/electric" && roleFamily(heard.role) == "guitar")
        return {heard.role, std::min(nameConfidence, 0.8), std::string(role_source::kNameContent)};
    const double plausible = plausibility(nameRole, sound), believed = nameConfidence * (0.5 + 0.5 * plausible);
    if (nameConfidence < kClearName && heard.confidence > believed) return {heard.role, heard.confidence, std::string(role_source::kContent)};
    return {std::string(nameRole), believed, std::string(plausible < 1.0 ? role_source::kNameContent : role_source::kName)};
}

}  // namespace tonewright
