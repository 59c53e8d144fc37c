#include "journey/mix_stage.h"

#include <memory>
#include <set>

#include "analysis/analyzer.h"
#include "core/decibels.h"
#include "core/text.h"
#include "render/wav_sink.h"
#include "session/roles.h"

namespace tonewright {

namespace fs = std::filesystem;

namespace {

constexpr int kStereo = 2;
constexpr double kMixCeilingDbtp = -1.0;   // above it the mix is turned down and rendered again: nothing may clip in mix.wav
constexpr double kMixTargetDbtp = -3.0;
constexpr std::uint64_t kMixDitherSeed = 2;

}  // namespace

std::vector<std::string> stemFileNames(const std::vector<StemInfo>& stems) {
    std::vector<std::string> names;
    std::set<std::string> taken;
    for (const StemInfo& stem : stems) {
        const std::string name = stem.kind == StemInfo::Kind::busChange ? stem.id + "-change" : stem.id;
        names.push_back(taken.insert(name).second ? name : name + "-" + std::to_string(names.size()));
        taken.insert(names.back());
    }
    return names;
}

RenderedMix renderMixFiles(const Plan& plan, const fs::path& baseFolder, const MixFiles& files, SampleFormat samples, int blockFrames,
                           WorkPool& pool, Progress& progress) {
    WavSink mix(files.mix, {plan.sampleRateHz, kStereo, samples}, DitherType::tpdf, kMixDitherSeed, blockFrames);
    const auto sinks = [&](const std::vector<fs::path>& parts) {
        std::vector<std::unique_ptr<WavSink>> all;
        for (const fs::path& part : parts)
            all.push_back(std::make_unique<WavSink>(part, WavFormat{plan.sampleRateHz, kStereo, SampleFormat::float32}, DitherType::none, 0, blockFrames));
        return all;
    };
    const std::vector<std::unique_ptr<WavSink>> stems = sinks(files.stems), alternates = sinks(files.alternates);
    Analyzer listener({static_cast<double>(plan.sampleRateHz), kStereo});
    double peak = 0.0;
    const auto hear = [&](ConstBlock block) {
        for (int c = 0; c < block.numChannels; ++c)
            for (int n = 0; n < block.numFrames; ++n) peak = std::max(peak, std::abs(static_cast<double>(block.channels[c][n])));
        listener.add(mix.write(block));
    };
    MixOutputs outputs{.mix = hear, .stem = {}, .alternates = files.versions, .alternate = {}};
    outputs.alternate = [&](int index, ConstBlock block) { alternates[index]->write(block); };
    if (!stems.empty()) outputs.stem = [&](int stem, ConstBlock block) { stems[stem]->write(block); };

    progress.stage("Mixing", plan.frames);
    RenderedMix result{.measurements = renderMix(plan, baseFolder, blockFrames, outputs, pool, progress), .facts = {}};
    mix.finish();
    for (const auto& stem : stems) stem->finish();
    for (const auto& alternate : alternates) alternate->finish();
    result.facts = listener.result();
    result.peakDbfs = gainToDb(peak);
    return result;
}

bool makeHeadroom(Plan& plan, const RenderedMix& mix) {
    // What was cut off at full scale has no true peak any more.
    const double peakDbtp = std::max(mix.facts.loudness.truePeakDbtp, mix.peakDbfs);
    if (!(peakDbtp > kMixCeilingDbtp)) return false;
    const double gainDb = roundTo(kMixTargetDbtp - peakDbtp - 0.05, 0.1);
    Step step{.id = "mix.headroom", .params = Gain::Params{.gainDb = gainDb}};
    step.because.push_back({.rule = "mix.headroom",
                            .text = "The sum came out too near to full scale; it is turned down so that nothing clips before mastering.",
                            .evidence = {{"truePeakDbtp", roundTo(peakDbtp, 0.1), "dBTP", "limit " + fixed(kMixCeilingDbtp, 1)}}});
    plan.mixBus.push_back(std::move(step));
    return true;
}

std::vector<AlternateReport> askedAlternates(const Plan& plan, const std::vector<Alternate>& asked, std::vector<Warning>& warnings) {
    std::vector<AlternateReport> result;
    for (AlternateInfo& info : alternatesOf(plan, asked)) {
        if (!info.whyNot.empty()) {
            std::string text = "There is no " + std::string(info.name()) + " version: " + info.whyNot + ".";
            for (const TrackPlan& track : plan.tracks)
                if (!track.muted() && track.role == kUnknownRole) {
                    text += " Some tracks have no role; if one of them is meant, say so with --roles.";
                    break;
                }
            warnings.push_back({"alternates.none", std::move(text)});
        }
        result.push_back({.info = std::move(info), .file = {}, .loudness = {}});
    }
    return result;
}

}  // namespace tonewright
