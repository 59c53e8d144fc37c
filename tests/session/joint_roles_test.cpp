#include "session/joint_roles.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

using namespace tonewright;

namespace {

constexpr std::size_t kDrums = 0, kBass = 1, kGuitar = 2, kKeys = 3, kVocals = 4, kOther = 5;

// Heard as `first` with that probability, else as `second`.
TrackHearing heard(std::size_t first, double probability, std::size_t second, double lowestHz = 200.0) {
    TrackHearing track;
    track.families[first] = probability;
    track.families[second] += 1.0 - probability;
    track.lowestHz = lowestHz;
    return track;
}

TrackHearing named(std::size_t family, double lowestHz = 200.0) {
    TrackHearing track = heard(family, 1.0, family, lowestHz);
    track.isOpen = false;
    return track;
}

std::size_t likeliest(const FamilyProbabilities& families) { return static_cast<std::size_t>(std::ranges::max_element(families) - families.begin()); }

}  // namespace

TEST(JointRoles, AreWhatIsHeardWhereATrackIsAloneOrSure) {
    const TrackHearing unsure = heard(kGuitar, 0.55, kKeys), sure = heard(kBass, 0.85, kDrums, 400.0);
    EXPECT_EQ(likeliest(jointFamilies({unsure})[0]), kGuitar);
    std::vector<TrackHearing> session(12, named(kDrums));
    session.push_back(sure);
    EXPECT_EQ(jointFamilies(session).back(), sure.families);
    EXPECT_EQ(jointFamilies(session).front(), session.front().families);
    EXPECT_EQ(jointFamilies({heard(kBass, 0.0, kBass)}).size(), 1u);
}

TEST(JointRoles, LeanTowardsWhatTheSessionHolds) {
    const TrackHearing either = heard(kGuitar, 0.52, kOther);
    std::vector<TrackHearing> orchestra(10, named(kOther)), band(10, named(kGuitar));
    orchestra.push_back(either);
    band.push_back(heard(kOther, 0.52, kGuitar));
    EXPECT_EQ(likeliest(jointFamilies(orchestra).back()), kOther);
    EXPECT_EQ(likeliest(jointFamilies(band).back()), kGuitar);
    // but not against what is heard clearly
    orchestra.back() = heard(kGuitar, 0.79, kOther);
    band.back() = heard(kVocals, 0.79, kGuitar);
    EXPECT_EQ(likeliest(jointFamilies(band).back()), kVocals);
    EXPECT_GT(jointFamilies(orchestra).back()[kOther], 0.21);
}

TEST(JointRoles, TakeTheLowestForTheBassWhereNothingElseIs) {
    const std::vector<TrackHearing> others = {named(kDrums, 50.0), named(kVocals, 200.0), named(kKeys, 150.0)};
    const auto with = [&](TrackHearing track) {
        std::vector<TrackHearing> session = others;
        session.push_back(track);
        return likeliest(jointFamilies(session).back());
    };
    EXPECT_EQ(with(heard(kGuitar, 0.6, kBass, 60.0)), kBass);   // drums may be lower
    EXPECT_EQ(with(heard(kGuitar, 0.6, kBass, 160.0)), kGuitar);
    EXPECT_EQ(with(heard(kGuitar, 0.6, kBass, 0.0)), kGuitar);
}

TEST(JointRoles, BelieveNoSecondBassAnOctaveAboveTheFirst) {
    std::vector<TrackHearing> session = {named(kBass, 50.0), heard(kBass, 0.6, kGuitar, 125.0)};
    EXPECT_EQ(likeliest(jointFamilies(session).back()), kGuitar);
    session.back().lowestHz = 80.0;  // an amplifier of the same bass
    EXPECT_EQ(likeliest(jointFamilies(session).back()), kBass);
}

TEST(JointRoles, AreProbabilities) {
    std::vector<TrackHearing> session;
    for (std::size_t i = 0; i < 10; ++i) session.push_back(heard(i % 6, 0.4, (i + 1) % 6, 60.0 + 30.0 * static_cast<double>(i)));
    for (const FamilyProbabilities& families : jointFamilies(session)) EXPECT_NEAR(std::accumulate(families.begin(), families.end(), 0.0), 1.0, 1e-12);
}
