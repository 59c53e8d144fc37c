#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "analysis/song.h"
#include "audiofile/recording.h"
#include "audiofile/wav_writer.h"
#include "core/error.h"
#include "plan/advice.h"
#include "plan/request.h"
#include "plan/step.h"

namespace tonewright {

// How far each aspect of a reference is matched: 0 not at all ... 1 all the way.
struct MatchAmounts {
    double tone = 1.0;                       // the spectrum
    double width = 1.0;                      // sides against middle, in every band
    double dynamics = 1.0;
    double loudness = 1.0;
    double sections = 0.5;                   // levels of quiet sections against loud ones

    bool operator==(const MatchAmounts&) const = default;
};

// A file that was given with --reference: a recording, or a profile made of some.
struct ReferenceSource {
    std::string file;
    std::string hash;                        // contentHash()

    bool operator==(const ReferenceSource&) const = default;
};

// A word for how it should sound (data/moods.json), and how much of it.
struct MoodWish {
    std::string name;
    double amount = 1.0;                     // 0 ... 1

    bool operator==(const MoodWish&) const = default;
};

// What the user asked for; input to the engineer, kept in the plan.
struct Intent {
    std::string style = "auto";              // a name of data/styles.json, or auto
    double intensity = 1.0;                  // 0 nothing but repair and level ... 1 as the rules say ... 2 twice
    std::optional<double> integratedLufs;    // nullopt: from the style
    double ceilingDbtp = -1.0;
    std::vector<ReferenceSource> references; // empty: the style is the target
    MatchAmounts match;
    double kickDb = 0.0;                     // the kick of a finished mix, without its bass; 0: no wish
    double centreDb = 0.0;                   // the middle without the sides
    bool keepEdges = false;                  // nothing is taken away before the first and after the last note
    double fadeInSeconds = 0.0, fadeOutSeconds = 0.0;
    std::vector<MoodWish> moods;             // each at most once
    std::vector<std::string> notes;          // requests in plain language, as they were written
    std::vector<Request> requests;           // what was understood of them, and what became of it
    std::vector<UnreadNote> unread;          // what was not understood
    std::vector<std::string> corrections;    // words that were taken for misspelt
    std::vector<std::string> platforms;      // where it will be played: names of data/platforms.json

    // Whoever gives a reference asks for its loudness.
    bool asksLoudness() const { return integratedLufs || (!references.empty() && match.loudness > 0.0); }
    bool operator==(const Intent&) const = default;
};

// A recording that the plan works on. `file` is relative to the plan's own folder where it lies below it or beside it.
inline constexpr Names<3> kChannelUseNames = {"both", "left", "right"};

struct Source {
    std::string file;
    std::string hash;                        // contentHash() of the file that was analysed
    int sampleRateHz = 0;
    int channels = 0;
    std::int64_t frames = 0;
    ChannelUse use = ChannelUse::both;       // of two channels that hold one recording, the one that is used

    int usedChannels() const { return use == ChannelUse::both ? channels : 1; }
    bool operator==(const Source&) const = default;
};

struct Send {
    std::string to;                          // the id of a return
    Step level;                              // a gain step: post-fader level
    std::optional<Step> ride;                // a gainEnvelope on top of it: thrown at some moments, held back at others

    bool operator==(const Send&) const = default;
};

struct TrackPlan {
    std::string id;
    std::string name;                        // for people
    Source source;
    std::string role = "unknown";
    double roleConfidence = 0.0;
    std::string roleSource = "none";
    std::string group;                       // tracks of one performance share a group
    std::int64_t startFrame = 0;             // where it begins, at the session's rate
    std::optional<Step> mute;                // a gain step that is not rendered: why the track is left out
    std::vector<Step> chain;                 // in signal order
    Step fader;                              // gain
    Step pan;                                // pan
    std::string output = "mix";              // a group's id, or mix
    std::vector<Send> sends;

    bool muted() const { return mute && mute->enabled; }
    bool operator==(const TrackPlan&) const = default;
};

enum class BusKind { group, effect };       // effect: a return, fed by sends
inline constexpr Names<2> kBusKindNames = {"group", "return"};

struct BusPlan {
    std::string id;
    std::string name;
    BusKind kind = BusKind::group;
    std::vector<Step> chain;
    Step fader;                              // gain

    bool operator==(const BusPlan&) const = default;
};

inline constexpr Names<3> kSampleFormatNames = {"pcm16", "pcm24", "float32"};
enum class DitherType { none, tpdf, shaped };
inline constexpr Names<3> kDitherTypeNames = {"none", "tpdf", "shaped"};

// What the master must become.
struct Delivery {
    int sampleRateHz = 48000;
    SampleFormat samples = SampleFormat::pcm24;
    DitherType dither = DitherType::tpdf;
    double integratedLufs = -14.0;           // the target that was aimed at
    double ceilingDbtp = -1.0;
    std::string text;                        // how the target was chosen, and what prevented it if it was not reached

    bool operator==(const Delivery&) const = default;
};

enum class PlanKind { mix, master };
inline constexpr Names<2> kPlanKindNames = {"mix", "master"};

// Every decision, as data. Format: docs/plan-format.md; schema: `tonewright schema plan`.
struct Plan {
    static constexpr int kVersion = 1;

    PlanKind kind = PlanKind::mix;
    std::string title;
    Intent intent;
    std::string style;                       // the style that was used, when the intent says auto
    int sampleRateHz = 48000;
    std::int64_t frames = 0;                 // length of the result, tails included
    std::optional<Song> song;                // tempo, metre, parts: what was heard; nullopt: a plan that was made without
    std::vector<TrackPlan> tracks;           // kind master: one, the source
    std::vector<BusPlan> buses;
    std::vector<Step> mixBus;                // on the sum of everything
    std::vector<Step> master;                // empty: no master wanted
    Delivery delivery;
    std::vector<Advice> advice;              // what the recordings and the arrangement would need, what matters most first
    std::vector<Warning> warnings;           // faults and doubts that the engineer wants the user to know

    bool operator==(const Plan&) const = default;
};

// Calls visit(target, step) for every step in signal order; target is "tracks/bass", "buses/drums", "mix" or "master".
void forEachStep(const Plan& plan, const std::function<void(const std::string& target, const Step& step)>& visit);
void forEachStep(Plan& plan, const std::function<void(const std::string& target, Step& step)>& visit);

// Replaces or adds in `fresh` what the user locked or decided in `old`, wherever its track or bus still exists (all but
// the master). Returns a warning for whatever has lost its place.
std::vector<Warning> keepLockedMix(Plan& fresh, const Plan& old);

// The same for the master's chain, which is decided later.
void keepLockedMaster(Plan& fresh, const Plan& old);

}  // namespace tonewright
