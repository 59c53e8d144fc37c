#include "release/codec_check.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "analysis/loudness_meter.h"
#include "analysis/true_peak_meter.h"
#include "core/error.h"
#include "core/text.h"
#include "release/platforms.h"

namespace tonewright {

namespace {

constexpr int kBlockFrames = 8192;

CodecResult measure(const std::filesystem::path& file, const CodecSetting& setting, Progress& progress) {
    const auto reader = throughCodec(openAudio(file), setting);
    const StreamSpec spec{static_cast<double>(reader->info().sampleRateHz), reader->info().channels};
    TruePeakMeter peaks(spec);
    LoudnessMeter loudness(spec);
    CodecResult result{.setting = setting, .sampleRateHz = reader->info().sampleRateHz};
    forEachBlock(*reader, kBlockFrames, [&](ConstBlock block) {
        progress.throwIfCancelled();
        peaks.add(block);
        loudness.add(block);
        for (int c = 0; c < block.numChannels; ++c)
            result.overs += std::count_if(block.channels[c], block.channels[c] + block.numFrames, [](float sample) { return std::abs(sample) > 1.0f; });
        progress.advance(block.numFrames);
    });
    result.truePeakDbtp = peaks.truePeakDbtp();
    result.samplePeakDbfs = peaks.samplePeakDbfs();
    result.integratedLufs = loudness.result().integratedLufs;
    return result;
}

std::vector<CodecTarget> wantedTargets(const CodecRequest& request, const std::vector<std::string>& platformNames) {
    std::vector<const Platform*> destinations;
    for (const std::string& name : platformNames) destinations.push_back(&findPlatform(name));
    std::vector<CodecSetting> settings;
    for (const std::string& name : request.codecs) settings.push_back(codecSetting(name));
    const bool named = !settings.empty();
    if (!named && request.mode == CodecCheckMode::on && destinations.empty()) settings.assign(codecSettings().begin(), codecSettings().end());

    std::vector<CodecTarget> targets;
    for (const CodecSetting& known : codecSettings()) {
        CodecTarget target{.setting = known};
        for (const Platform* platform : destinations) {
            if (std::find(platform->codecs.begin(), platform->codecs.end(), known.name) == platform->codecs.end()) continue;
            target.platforms.push_back(platform->name);
            target.limitDbtp = std::min(target.limitDbtp, platform->decodedCeilingDbtp);
        }
        const bool listed = std::any_of(settings.begin(), settings.end(), [&](const CodecSetting& setting) { return setting.name == known.name; });
        if (listed || (!named && !target.platforms.empty())) targets.push_back(std::move(target));
    }
    return targets;
}

}  // namespace

std::vector<CodecResult> checkCodecs(const std::filesystem::path& file, std::span<const CodecSetting> settings, WorkPool& pool, Progress& progress) {
    const AudioFileInfo info = openAudio(file)->info();
    std::int64_t frames = 0;
    for (const CodecSetting& setting : settings)
        frames += static_cast<std::int64_t>(info.seconds() * codecRateHz(setting.kind, info.sampleRateHz));
    progress.stage("Checking the codecs", frames);
    std::vector<CodecResult> results(settings.size());
    pool.forEach(static_cast<int>(settings.size()), [&](int i) { results[i] = measure(file, settings[i], progress); });
    return results;
}

std::vector<CodecSetting> CodecTask::settings() const {
    std::vector<CodecSetting> result;
    for (const CodecTarget& target : targets) result.push_back(target.setting);
    return result;
}

CodecTask codecTask(const CodecRequest& request, const std::vector<std::string>& platforms) {
    if (request.mode == CodecCheckMode::off && !request.codecs.empty())
        throw UsageError("--codec names codecs to check, and --codec-check off says to check none. Leave one of them out");
    CodecTask task{.targets = wantedTargets(request, platforms), .warnings = {}};
    if (request.mode == CodecCheckMode::off) task.targets.clear();
    const bool asked = request.mode == CodecCheckMode::on || !request.codecs.empty();
    std::vector<std::string> missing;
    std::erase_if(task.targets, [&](const CodecTarget& target) {
        if (haveCodec(target.setting)) return false;
        missing.emplace_back(target.setting.label);
        return true;
    });
    if (missing.empty()) return task;
    const std::string what = join(missing, ", ");
    if (asked)
        throw Error(ErrorKind::component, "codecs cannot be checked: FFmpeg's libraries with the encoders of " + what +
                                              " are not in this build. Install libavcodec-dev, libavformat-dev and libavutil-dev and build again, or pass "
                                              "--codec-check off");
    task.warnings.push_back({"codec-check.missing", "What lossy codecs make of the master was not checked for " + what +
                                                        ": this build has no FFmpeg libraries with their encoders."});
    return task;
}

double CodecHistory::worstExcessDb(const CodecRound& round) const {
    double worst = -std::numeric_limits<double>::infinity();
    for (std::size_t i = 0; i < round.codecs.size(); ++i) worst = std::max(worst, round.codecs[i].truePeakDbtp - targets[i].limitDbtp);
    return worst;
}

std::size_t CodecHistory::worst(const CodecRound& round) const {
    std::size_t place = 0;
    for (std::size_t i = 1; i < round.codecs.size(); ++i)
        if (round.codecs[i].truePeakDbtp - targets[i].limitDbtp > round.codecs[place].truePeakDbtp - targets[place].limitDbtp) place = i;
    return place;
}

bool CodecHistory::held() const { return !checked() || worstExcessDb(rounds.back()) <= 0.0; }

}  // namespace tonewright
