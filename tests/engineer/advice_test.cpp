#include "engineer/mix/advice.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "mix_support.h"

// What is advised, in situations that a musician would recognise.
namespace tonewright::testing {
namespace {

constexpr double kSeconds = 40.0;

const Advice* adviceOf(const Plan& plan, const std::string& code) {
    const auto found = std::find_if(plan.advice.begin(), plan.advice.end(), [&](const Advice& advice) { return advice.code == code; });
    return found == plan.advice.end() ? nullptr : &*found;
}

// Sings two seconds of four; `gapDb` between.
std::function<double(double)> spacedPhrases(double gapDb) {
    return [gapDb](double t) { return std::fmod(t, 4.0) < 2.0 ? -14.0 - 2.0 * std::sin(7.0 * t) : gapDb; };
}

// The same with ends that fall by 60 dB in `seconds`.
std::function<double(double)> ringing(double seconds) {
    return [seconds](double t) {
        const double since = std::fmod(t, 2.0) - 1.0;
        return since < 0.0 ? -14.0 : std::max(-95.0, -14.0 - 60.0 * since / seconds);
    };
}

// Never the same as another: two of one level all the time would be one performance.
std::function<double(double)> swaying(double everySeconds) {
    return [everySeconds](double t) { return -20.0 + 8.0 * std::sin(6.2832 * t / everySeconds); };
}

double pulsing(double t) { return std::fmod(t, 0.5) < 0.25 ? -14.0 : -26.0; }

void addBand(Band& band) {
    band.add("kick", "drums/kick", played(kSeconds, 40, 5000, hits));
    band.add("oh", "drums/overhead", played(kSeconds, 200, 16000, hits), 2);
    band.add("bass", "bass/electric", played(kSeconds, 40, 800, steady));
}

Fault clipping(Severity severity) { return {.kind = "clipping", .severity = severity, .value = 40.0, .unit = "places", .text = "Peaks are cut off flat in 40 places.", .where = {}}; }

TEST(Advice, IsGivenInTheSituationsThatItIsMadeFor) {
    struct Situation {
        const char *words, *code;
        bool given;
        std::function<void(Band&)> add;
    };
    const auto guitars = [](double lowB, double highB, const std::function<double(double)>& playsB, const char* group) {
        return [=](Band& band) {
            addBand(band);
            band.add("vox", "vocals/lead", played(kSeconds, 200, 8000, spacedPhrases(-200.0)));
            band.add("gtr-1", "guitar/electric", played(kSeconds, 200, 4000, swaying(0.9))).group = group;
            band.add("gtr-2", "guitar/electric", played(kSeconds, lowB, highB, playsB)).group = group;
        };
    };
    const auto bass = [](double agreement, const char* reference) {
        return [=](Band& band) {
            addBand(band);
            band.add("bass-di", "bass/electric", played(kSeconds, 40, 1000, steady)).group = "b";
            band.alignments["bass-di"] = {.delayFrames = 0.0, .inverted = false, .confidence = 0.9, .reference = reference, .lowAgreement = agreement};
        };
    };
    const auto voice = [](const std::function<double(double)>& sings) {
        return [=](Band& band) {
            addBand(band);
            band.add("keys", "keys/piano", played(kSeconds, 200, 3000, pulsing));
            band.add("vox", "vocals/lead", played(kSeconds, 200, 8000, sings));
        };
    };
    const auto clippedBass = [](Severity severity) {
        return [=](Band& band) {
            addBand(band);
            band.analyses.back().faults = {clipping(severity)};
        };
    };
    const auto drums = [](double floorDb, bool overheads) {
        return [=](Band& band) {
            const auto hit = [floorDb](double t) { return std::max(floorDb, hits(t)); };
            const auto close = [hit, floorDb](double t) { return std::fmod(t, 0.5) < 0.15 ? hit(t) : floorDb; };
            band.add("kick", "drums/kick", played(kSeconds, 40, 5000, close));
            band.add("snare", "drums/snare", played(kSeconds, 150, 9000, close));
            if (overheads) band.add("oh", "drums/overhead", played(kSeconds, 200, 16000, hits), 2);
            band.add("bass", "bass/electric", played(kSeconds, 40, 800, steady));
        };
    };
    const auto line = [](bool withAmplifier) {
        return [=](Band& band) {
            addBand(band);
            Track& di = band.add("gtr-di", "guitar/electric", played(kSeconds, 200, 4000, swaying(0.9)));
            di.microphone = "di";
            di.nameKey = "gtr";
            if (withAmplifier) band.add("gtr-amp", "guitar/electric", played(kSeconds, 200, 5000, swaying(0.7))).nameKey = "gtr";
        };
    };
    for (const Situation& s : std::vector<Situation>{
             {"a clipped bass", "advice.clipped", true, clippedBass(Severity::warning)},
             {"three clipped samples", "advice.clipped", false, clippedBass(Severity::info)},
             {"two guitars in one register all song", "advice.same-register", true, guitars(220, 4200, swaying(2.3), "")},
             {"the same part played twice on purpose", "advice.same-register", false, guitars(220, 4200, swaying(2.3), "doubles-1")},
             {"a guitar an octave or two above the other", "advice.same-register", false, guitars(1500, 9000, steady, "")},
             {"a guitar that joins in the second half", "advice.same-register", false, guitars(200, 4000, [](double t) { return t > 22.0 ? -20.0 : -200.0; }, "")},
             {"DI and amplifier that cancel in the lows", "advice.phase", true, bass(-0.6, "bass")},
             {"DI and amplifier that do not", "advice.phase", false, bass(0.7, "bass")},
             {"two that have little in common", "advice.phase", false, bass(-0.1, "bass")},
             {"a bass that was compared with a drum", "advice.phase", false, bass(-0.6, "kick")},
             {"a guitar straight from its jack", "advice.bare-line", true, line(false)},
             {"a guitar's line beside its amplifier", "advice.bare-line", false, line(true)},
             {"a kit without overheads", "advice.no-overheads", true, drums(-45.0, false)},
             {"a kit with overheads", "advice.no-overheads", false, drums(-45.0, true)},
             {"programmed drums", "advice.no-overheads", false, drums(-200.0, false)},
             {"a voice that hears the piano", "advice.spill", true, voice([](double t) { return std::fmod(t, 4.0) < 2.0 ? -14.0 : pulsing(t) - 14.0; })},
             {"a voice with steady hiss", "advice.spill", false, voice(spacedPhrases(-30.0))},
             {"a voice in a booth", "advice.spill", false, voice(spacedPhrases(-200.0))},
             {"a voice in a hall", "advice.room", true, voice(ringing(1.2))},
             {"a voice in a dry room", "advice.room", false, voice(ringing(0.25))},
         }) {
        Band band;
        s.add(band);
        const Plan plan = band.plan();
        const Advice* advice = adviceOf(plan, s.code);
        EXPECT_EQ(advice != nullptr, s.given) << s.words;
        if (!advice || !s.given) continue;
        EXPECT_FALSE(advice->evidence.empty()) << s.words;
        EXPECT_FALSE(advice->tracks.empty()) << s.words;
        EXPECT_FALSE(advice->remedy.empty()) << s.words;
    }
}

TEST(Advice, ALeadThatStaysCoveredIsSaidWithWhoCoversIt) {
    for (const auto& [guitarDb, given] : {std::pair{10.0, true}, {-10.0, false}}) {
        Band band;
        band.add("vox", "vocals/lead", played(kSeconds, 300, 4000, spacedPhrases(-200.0)));
        band.add("gtr", "guitar/electric-driven", played(kSeconds, 300, 4000, spacedPhrases(-200.0)));
        Deciding deciding(band);
        MixState& state = deciding.state;
        state.tracks[1].sketch.applyGain(guitarDb);
        const std::vector<Advice> all = giveAdvice(state);
        ASSERT_EQ(all.size(), given ? 1u : 0u) << guitarDb;
        if (!given) continue;
        EXPECT_EQ(all[0].code, "advice.covered");
        EXPECT_EQ(all[0].tracks, (std::vector<std::string>{"vox", "gtr"}));
    }
}

TEST(Advice, OnlyTheFewThatMatterAreGivenTheWorstFirst) {
    Band band;
    addBand(band);
    for (int i = 0; i < 8; ++i) {
        band.add("gtr-" + std::to_string(i), "guitar/electric", played(kSeconds, 200, 4000, swaying(0.7 + 0.4 * i)));
        band.analyses.back().faults = {clipping(Severity::warning)};
    }
    band.add("vox", "vocals/lead", played(kSeconds, 200, 8000, ringing(1.2)));
    const Plan plan = band.plan();
    EXPECT_LE(plan.advice.size(), 5u);
    EXPECT_EQ(std::count_if(plan.advice.begin(), plan.advice.end(), [](const Advice& advice) { return advice.code == "advice.clipped"; }), 2);
    EXPECT_TRUE(std::is_sorted(plan.advice.begin(), plan.advice.end(), [](const Advice& a, const Advice& b) { return a.severity > b.severity; }));
    EXPECT_NE(adviceOf(plan, "advice.room"), nullptr);
}

}  // namespace
}  // namespace tonewright::testing
