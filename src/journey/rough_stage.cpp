#include "journey/rough_stage.h"

#include <algorithm>
#include <cmath>

#include "analysis/analyze_file.h"
#include "core/error.h"
#include "core/text.h"
#include "journey/mix_material.h"

namespace tonewright {

namespace {

constexpr int kBlockFrames = PlacedReader::kBlockFrames, kStereo = 2;
constexpr double kLeastOfSession = 0.1;   // of a rough mix's power, as waveforms; less, and it is another song

}  // namespace

RoughBalance readRough(const std::filesystem::path& file, const Session& session, const Listening& heard, std::vector<Warning>& warnings, Progress& progress) {
    const AudioFileInfo info = openAudio(file)->info();
    if (info.channels > kStereo)
        throw InputError(file.string() + ": has " + std::to_string(info.channels) + " channels; a rough mix must be mono or stereo. Mix it down to stereo first");
    progress.stage("Fitting the recordings to the rough mix", session.frames + info.frames);
    const Analysis facts = analyzeFile(file, {.truePeak = false, .sketch = true, .rhythm = false, .key = false, .separation = false, .resonances = false}, progress);
    if (facts.activity.silent || !std::isfinite(facts.loudness.integratedLufs))
        throw InputError(file.string() + ": the rough mix is silent, so there is no balance to take from it. Check that the right file was exported");

    MixMaterial material(session, file);
    const std::int64_t frames = material.mixFrames();
    const std::optional<std::int64_t> start = material.findStart(session.frames, progress);
    material.moveMix(start.value_or(0));
    RoughFit fit(material.feeds);
    const std::int64_t from = std::max<std::int64_t>(0, start.value_or(0)), end = std::min(session.frames, start.value_or(0) + frames);
    for (std::int64_t at = from; at < end; at += kBlockFrames) {
        progress.throwIfCancelled();
        const int count = static_cast<int>(std::min<std::int64_t>(kBlockFrames, end - at));
        material.read(at, count);
        fit.add(material.recordings(count), material.mix(count));
        progress.advance(count);
    }
    RoughBalance balance = balanceFromGains(session, fit.result(), material.channelOf);
    if (balance.explainedShare < RoughTuning{}.leastExplained) {
        const double waveforms = balance.explainedShare;
        if (waveforms < kLeastOfSession)
            throw InputError(file.string() + ": this is not a rough mix of these recordings: they explain only " + fixed(100.0 * waveforms, 0) +
                             " % of it. Check that it is the same song, from the same takes, and begins within 10 s of them");
        balance = balanceFromLevels(session, heard.analyses, facts, start.value_or(0));
        warnings.push_back({"rough.levels", file.filename().string() + ": gains alone explain " + fixed(100.0 * waveforms, 0) +
                                                " % of the rough mix (effects have changed the recordings in it), so levels were taken from it by energy, and no pans."});
    }
    balance.name = file.filename().string();
    balance.loudnessLufs = facts.loudness.integratedLufs;
    return balance;
}

}  // namespace tonewright
