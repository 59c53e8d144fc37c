#pragma once
#include <map>
#include <optional>
#include <span>
#include <string>

#include "analysis/facts.h"
#include "analysis/rough_fit.h"
#include "session/session.h"

namespace tonewright {

// The artist's own balance, recovered from a rough mix of the same recordings.
struct RoughBalance {
    struct Place {
        double gainDb = 0.0;                // of the fader, for the recording as it is used; the panner's law is dsp/panner.h's
        std::optional<double> position;     // -1 left ... 1 right; none where only levels could be recovered
        double confidence = 0.0;            // 0 ... 1
        double fileGainDb = 0.0;            // the same for the file as it stands: of a stereo file that holds one channel, its louder side
    };
    enum class Method { waveforms, levels };

    std::string name;                       // of the rough mix
    Method method = Method::waveforms;
    double explainedShare = 0.0;            // of the rough mix's power
    double loudnessLufs = kSilentDb;        // of the rough mix
    std::map<std::string, Place> tracks;    // by id; missing: cannot be told from it
};

struct RoughTuning {
    double leastExplained = 0.8;            // below, waveforms have been changed too much and levels are fitted instead
    double absentLu = -45.0;                // re the rough mix: what it holds less of than that is not in it
    double leastConfidence = 0.5;           // below, the role decides
};

// From gains; channelOf[i]: the first of track i's channels in `gains`.
RoughBalance balanceFromGains(const Session& session, const RoughGains& gains, std::span<const int> channelOf);

// From energy in ERB bands over time: the powers that add up to the rough mix's with the least divergence (Kullback-Leibler), which effects that
// leave a track where it is in time and frequency do not spoil. rough: of the mix, beginning at the session's frame startFrame.
RoughBalance balanceFromLevels(const Session& session, std::span<const Analysis> analyses, const Analysis& rough, std::int64_t startFrame);

}  // namespace tonewright
