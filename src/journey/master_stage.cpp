#include "journey/master_stage.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <optional>

#include "analysis/analyzer.h"
#include "audiofile/resampler.h"
#include "core/background_sink.h"
#include "core/error.h"
#include "core/text.h"
#include "engineer/master/plan_master.h"
#include "journey/codec_stage.h"
#include "journey/colour_trials.h"
#include "journey/limiter_trials.h"
#include "journey/reference_stage.h"
#include "render/wav_sink.h"

namespace tonewright {

namespace {

constexpr int kStereo = 2;
constexpr std::uint64_t kMasterDitherSeed = 1;

// The master's limiter: the last enabled one. Everything before it is rendered once, however many drives are tried.
std::size_t limiterPlace(const std::vector<Step>& master) {
    for (std::size_t i = master.size(); i-- > 0;)
        if (master[i].enabled && master[i].type() == "limiter") return i;
    return master.size();
}

// A file of ours that vanishes when the work is done, whatever happens.
class ScratchFile {
public:
    ScratchFile(const std::filesystem::path& folder, const std::string& name) : staged_(true), path_(staged_.stage(folder / name)) {}
    const std::filesystem::path& path() const { return path_; }

private:
    StagedFiles staged_;
    std::filesystem::path path_;
};

// The length of the master: what its trims leave of the source.
std::int64_t masterFrames(const Plan& plan, std::int64_t sourceFrames) {
    std::int64_t frames = resampledFrames(sourceFrames, plan.sampleRateHz, plan.delivery.sampleRateHz);
    for (const Step& step : plan.master)
        if (const auto* trim = std::get_if<Trim::Params>(&step.params); trim && step.enabled)
            frames = Trim::remainingFrames(*trim, plan.delivery.sampleRateHz, frames);
    if (frames <= 0) throw InputError("the step of type trim in the plan's master leaves nothing of the source; change its startSeconds and endSeconds");
    return frames;
}

// By how much its trims move the stream earlier.
std::int64_t trimmedFrames(std::span<const Step> steps, double sampleRateHz) {
    std::int64_t frames = 0;
    for (const Step& step : steps)
        if (const auto* trim = std::get_if<Trim::Params>(&step.params); trim && step.enabled) frames += std::llround(trim->startSeconds * sampleRateHz);
    return frames;
}

WavFormat deliveryFormat(const Plan& plan) { return {plan.delivery.sampleRateHz, kStereo, plan.delivery.samples}; }

// Where the fades begin, if what stands from there on can be done apart from what is before.
std::size_t fadesPlace(std::span<const Step> steps, const StreamSpec& spec) {
    std::size_t fades = 0;
    while (fades < steps.size() && steps[fades].type() != "fade") ++fades;
    return Chain(steps.subspan(fades), spec).latencyFrames() == 0 ? fades : steps.size();
}

// Renders `steps` on a stream that is late by lateFrames (placeLateFrames of them not by trimming) into a delivered file,
// measuring what stands in it, and handing over what there was before the fades.
void deliver(const Plan& plan, AudioReader& reader, std::span<const Step> steps, std::int64_t frames, std::int64_t lateFrames, std::int64_t placeLateFrames,
             const std::filesystem::path& part, int blockFrames, bool threaded, Progress& progress, MasterResult& result,
             const std::function<void(ConstBlock)>& beforeFades = {}) {
    const StreamSpec spec{static_cast<double>(plan.delivery.sampleRateHz), kStereo};
    const auto before = steps.first(fadesPlace(steps, spec)), fades = steps.subspan(before.size());
    Chain chain(fades, spec, nullptr, placeLateFrames - lateFrames - trimmedFrames(before, spec.sampleRateHz));
    BlockBuffer faded(kStereo, blockFrames);
    WavSink file(part, deliveryFormat(plan), plan.delivery.dither, kMasterDitherSeed, blockFrames);
    Analyzer listener(spec, {.sketch = false, .rhythm = false, .key = false, .separation = false, .sourceFaults = false, .parallel = threaded, .resonances = false});
    BackgroundSink sink(kStereo, blockFrames, threaded, [&](ConstBlock block) {
        if (beforeFades) beforeFades(block);
        const Block copy = faded.block(block.numFrames);
        for (int c = 0; c < kStereo; ++c) std::copy_n(block.channels[c], block.numFrames, copy.channels[c]);
        chain.process(copy);
        listener.add(file.write(copy));
    });
    const auto work = renderStream(reader, before, kStereo, frames, blockFrames, [&](ConstBlock block) { sink.push(block); }, progress, lateFrames,
                                   placeLateFrames, threaded);
    sink.finish();
    file.finish();
    result.facts = listener.result();
    result.work.insert(result.work.end(), work.begin(), work.end());
    const auto workAfter = chain.work();
    result.work.insert(result.work.end(), workAfter.begin(), workAfter.end());
}

// What the master in `result` says about its limiter's drive.
LoudnessTrial trialOf(double driveDb, const std::string& limiterId, const MasterResult& result) {
    LoudnessTrial trial{.driveDb = driveDb, .loudness = result.facts.loudness};
    for (const StepWork& step : result.work)
        if (step.stepId == limiterId) {
            trial.maxReductionDb = step.maxReductionDb;
            trial.meanReductionDb = step.meanReductionDb;
        }
    return trial;
}

}  // namespace

MasterResult decideAndRenderMaster(Plan& plan, const std::filesystem::path& source, const Analysis& facts, const Plan* keep,
                                   ReferenceMatch* match, const CodecTask& codecs, const std::filesystem::path& part,
                                   const std::filesystem::path& scratchFolder, int blockFrames,
                                   WorkPool& pool, Progress& progress) {
    planMaster(plan, facts, match);
    if (keep) keepLockedMaster(plan, *keep);
    settleColour(plan, source, facts, blockFrames, pool, progress);
    if (match) settleMatch(plan, *match, source, facts, blockFrames, pool, progress);

    const std::size_t limiter = limiterPlace(plan.master);
    MasterResult result;
    if (limiter == plan.master.size()) {
        const auto render = [&](double) { result = renderMaster(plan, source, facts.frames, part, blockFrames, pool.threads() > 1, progress); };
        render(0.0);
        holdThroughCodecs(codecs, part, plan, result, render, pool, progress);
        return result;
    }

    // Everything before the limiter, once.
    const std::int64_t frames = masterFrames(plan, facts.frames);
    if (plan.kind == PlanKind::master) plan.frames = std::max<std::int64_t>(1, resampledFrames(frames, plan.delivery.sampleRateHz, plan.sampleRateHz));
    const auto before = [&] { return std::span<const Step>(plan.master).first(limiter); };
    const auto after = [&] { return std::span<const Step>(plan.master).subspan(limiter); };
    const auto latencyOf = [&](std::span<const Step> steps) {
        return std::int64_t{Chain(steps, {static_cast<double>(plan.delivery.sampleRateHz), kStereo}).latencyFrames()};
    };
    const std::int64_t beforeLatency = latencyOf(before()), beforeTrimmed = trimmedFrames(before(), plan.delivery.sampleRateHz);
    const ScratchFile preLimiter(scratchFolder, "before-limiter.wav");
    ProgrammeMeter programme(plan.delivery.sampleRateHz, beforeLatency);
    {
        progress.stage("Mastering", frames);
        const auto reader = atRate(openAudio(source), plan.delivery.sampleRateHz);
        WavSink sink(preLimiter.path(), {plan.delivery.sampleRateHz, kStereo, SampleFormat::float32}, DitherType::none, 0, blockFrames);
        BackgroundSink measured(kStereo, blockFrames, pool.threads() > 1, [&](ConstBlock block) { programme.add(sink.write(block)); });
        // All of it: what sounds before the first and after the last frame reaches the limiter's look-ahead too.
        result.work = renderStream(*reader, before(), kStereo, frames + beforeLatency + latencyOf(after()), blockFrames,
                                   [&](ConstBlock block) { measured.push(block); }, progress, -beforeLatency, {}, pool.threads() > 1);
        measured.finish();
        sink.finishScratch();
    }

    // Drive and file, again wherever the codecs want another ceiling.
    const std::vector<StepWork> workBefore = result.work;
    const Delivery wanted = plan.delivery;
    const auto settleAndDeliver = [&](double trimmedDb) {
        plan.delivery = wanted;
        plan.delivery.integratedLufs -= trimmedDb;
        std::vector<Step> rest(after().begin(), after().end());
        double& driveDb = std::get<Limiter::Params>(rest.front().params).inputGainDb;
        const bool settled = rest.front().locked || rest.front().origin == Origin::user;
        const auto write = [&](const std::function<void(ConstBlock)>& beforeFades) {
            progress.stage("Writing the master", frames);
            const auto reader = openAudio(preLimiter.path());
            result.work = workBefore;
            deliver(plan, *reader, rest, frames, beforeLatency, beforeLatency - beforeTrimmed, part, blockFrames, pool.threads() > 1, progress, result, beforeFades);
        };
        LoudnessSolution solution{.driveDb = driveDb};
        std::optional<double> writtenDb;
        if (!settled) {
            LimiterTrials trials(preLimiter.path(), programme, rest, frames, blockFrames, pool, progress);
            // What is tried on the whole is the master itself: where it lands, it is done.
            const auto measure = [&](const std::vector<double>& drivesDb) {
                std::vector<LoudnessTrial> tried;
                for (const double wantedDb : drivesDb) {
                    driveDb = wantedDb;
                    WindowPower limited = trials.meter();
                    write([&](ConstBlock block) { limited.add(block); });
                    writtenDb = wantedDb;
                    trials.heard(wantedDb, limited);
                    tried.push_back(trialOf(wantedDb, rest.front().id, result));
                }
                return tried;
            };
            solution = solveLoudness(plan, programme.loudness(),
                                     {.estimate = [&](const auto& drives) { return trials.estimate(drives); },
                                      .measure = measure,
                                      .judge = [&](const auto& drives) { return trials.judge(drives); }});
        }
        driveDb = solution.driveDb;
        if (writtenDb != driveDb) write({});
        result.targetText = solution.text;
        if (plan.intent.asksLoudness()) plan.delivery.integratedLufs = wanted.integratedLufs;  // what was asked for is what is judged
    };
    settleAndDeliver(0.0);
    holdThroughCodecs(codecs, part, plan, result, settleAndDeliver, pool, progress);
    return result;
}

MasterResult renderMaster(const Plan& plan, const std::filesystem::path& source, std::int64_t sourceFrames, const std::filesystem::path& part,
                          int blockFrames, bool threaded, Progress& progress) {
    const std::int64_t frames = masterFrames(plan, sourceFrames);
    progress.stage("Mastering", frames);
    const auto reader = atRate(openAudio(source), plan.delivery.sampleRateHz);
    MasterResult result;
    deliver(plan, *reader, plan.master, frames, 0, 0, part, blockFrames, threaded, progress, result);
    return result;
}

void judgeDelivery(const Plan& plan, MasterResult& result) {
    const Analysis& readBack = result.facts;
    const double off = readBack.loudness.integratedLufs - plan.delivery.integratedLufs;
    const double over = readBack.loudness.truePeakDbtp - plan.delivery.ceilingDbtp;
    const std::string reached = fixed(readBack.loudness.integratedLufs, 1) + " LUFS, true peak " + fixed(readBack.loudness.truePeakDbtp, 2) + " dBTP";
    result.targetReached = std::abs(off) <= 0.1 && over <= 0.02;
    if (!std::isfinite(readBack.loudness.integratedLufs)) {
        result.targetText = "The programme has no measurable loudness (it is silent, or shorter than 0.4 s), so no target could be aimed at.";
    } else if (over > 0.02) {
        result.targetText = "The file measures " + reached + ": over the ceiling of " + fixed(plan.delivery.ceilingDbtp, 1) + " dBTP. " + result.targetText;
    } else if (std::abs(off) > 0.1) {
        result.targetText = "The file measures " + reached + "; the target was " + fixed(plan.delivery.integratedLufs, 1) + " LUFS. " + result.targetText;
    } else {
        result.targetText = "The file measures " + reached + ", as wanted (" + fixed(plan.delivery.integratedLufs, 1) + " LUFS under " +
                            fixed(plan.delivery.ceilingDbtp, 1) + " dBTP)." + (result.targetText.empty() ? "" : " " + result.targetText);
    }
}

}  // namespace tonewright
