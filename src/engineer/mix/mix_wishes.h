#pragma once
#include <array>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "engineer/master/reference_profile.h"
#include "engineer/mix/role_profile.h"
#include "engineer/style.h"
#include "plan/plan.h"

namespace tonewright {

// What --style, --mood and --reference ask of a mix, all together, in proportion to the intensity and within the bounds of
// data/mix_wishes.json. Nothing asked: all zero, factors 1. How each comes about: docs/rules/mix-wish.md.
struct MixWishes {
    std::map<std::string, double> levelLu;           // by family; "lead": lead vocal and speech
    double reverbLu = 0.0;                           // all returns
    double width = 1.0;                              // factor on places' distance from the centre
    double compression = 1.0;                        // factor on the most reduction
    std::array<double, kThirdOctaves> toneDb{};      // added to the style's target spectrum
    std::optional<std::array<double, kThirdOctaves>> targetDb;  // the reference's spectrum, dB re 1 kHz; in place of the style's
    std::string words;                               // "metal, wide"; empty: nothing was asked
    std::vector<Evidence> evidence;                  // measured on the reference

    bool any() const { return !words.empty(); }
    double levelOf(const std::string& role) const;   // by role, "vocals/lead"
    // The role's profile with what is asked of it. Lives as long as the wishes.
    const RoleProfile& profile(const std::string& role);
    std::array<double, kThirdOctaves> spectrumDb(const Style& style) const;

private:
    std::map<std::string, RoleProfile> profiles_;
};

// reference: null if there is none. Throws InputError if the data is damaged.
MixWishes mixWishes(const Intent& intent, const ReferenceProfile* reference);

// The reason that stands with what a wish moved: "You asked for metal: 1.5 LU louder than usual."
Reason wishReason(const MixWishes& wishes, const std::string& what, std::vector<Evidence> evidence = {});

// Gives the steps of a track that a wish moved their reason.
void tellWish(const MixWishes& wishes, TrackPlan& track);

}  // namespace tonewright
