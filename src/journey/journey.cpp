#include "journey/journey.h"

#include <algorithm>
#include <cmath>

#include "analysis/analyze_file.h"
#include "core/content_hash.h"
#include "core/error.h"
#include "core/staged_file.h"
#include "core/text.h"
#include "core/work_pool.h"
#include "engineer/mix/plan_mix.h"
#include "engineer/notes/apply_notes.h"
#include "journey/codec_stage.h"
#include "journey/listening.h"
#include "journey/master_stage.h"
#include "journey/mix_stage.h"
#include "journey/output_paths.h"
#include "journey/reference_stage.h"
#include "journey/rough_stage.h"
#include "plan/plan_json.h"
#include "render/mix_renderer.h"
#include "session/import.h"
#include "session/session_json.h"

namespace tonewright {

namespace fs = std::filesystem;

namespace {

constexpr int kStereo = 2;
constexpr double kClippedDbfs = -0.001;

std::string formatName(SampleFormat samples, int sampleRateHz) {
    const std::string bits = samples == SampleFormat::float32 ? "32-bit float" : std::to_string(bitsOf(samples)) + "-bit PCM";
    return "WAV, " + bits + ", " + std::to_string(sampleRateHz) + " Hz";
}

// All files of a run: staged together, so that they appear together or not at all. Audio that is only needed to decide
// (`tonewright plan`) stays scratch.
class Files {
public:
    // keepsEarlier: whether a plan that stands there is kept under another name.
    Files(OutputPaths paths, const JourneyOptions& options, const std::vector<fs::path>& recordings, bool keepsEarlier)
        : paths_(std::move(paths)), results_(options.force || options.revise), scratch_(true), keepsEarlier_(keepsEarlier), writeAudio_(!options.planOnly && !options.dryRun),
          writePlan_(!options.dryRun) {
        for (const fs::path& recording : recordings) results_.protect(recording);
        // Refuse what exists before hours of work, not after.
        if (writePlan_) planPart_ = results_.stage(paths_.plan);
        if (writeAudio_) {
            htmlPart_ = results_.stage(paths_.html);
            jsonPart_ = results_.stage(paths_.json);
        }
    }

    // The same for audio that is staged when it is made.
    void willWrite(const fs::path& target) const {
        if (writeAudio_) results_.check(target);
    }

    const OutputPaths& paths() const { return paths_; }
    fs::path scratchFolder() const { return writePlan_ ? fs::absolute(paths_.folder()) : fs::temp_directory_path(); }
    bool writesAudio() const { return writeAudio_; }

    fs::path audio(const fs::path& target) {
        return writeAudio_ ? results_.stage(target) : scratch_.stage(scratchFolder() / target.filename());
    }

    // What was recognised, for people to edit and give back with --roles. Only beside results: `tonewright session` prints it without.
    void writeSession(const Session& session) {
        if (writeAudio_) writeTextFile(results_.stage(paths_.session), sessionToJson(session).dump() + "\n");
    }

    void finish(Report& report) {
        report.planFile = writePlan_ ? paths_.plan : fs::path();
        if (writePlan_) writePlan(report);
        if (writeAudio_) {
            report.htmlFile = paths_.html;
            report.jsonFile = paths_.json;
            writeTextFile(jsonPart_, reportJson(report).dump() + "\n");
            writeTextFile(htmlPart_, reportHtml(report));
        }
        results_.commit();
    }

private:
    // A plan that decides otherwise and stood there is not lost: it gets a number.
    void writePlan(Report& report) {
        const std::string text = toJson(report.plan).dump() + "\n";
        writeTextFile(planPart_, text);
        std::error_code ignored;
        if (!keepsEarlier_ || !fs::is_regular_file(paths_.plan, ignored)) return;
        StagedFiles::removeLeftovers(earlierPlan(paths_.plan));
        const std::string old = readTextFile(paths_.plan);
        if (old == text) return;
        const fs::path earlier = earlierPlan(paths_.plan);
        writeTextFile(results_.stage(earlier), old);
        if (report.revision && fs::equivalent(report.revision->plan, paths_.plan, ignored)) report.revision->plan = earlier;
    }

    OutputPaths paths_;
    StagedFiles results_, scratch_;
    bool keepsEarlier_, writeAudio_, writePlan_;
    fs::path planPart_, htmlPart_, jsonPart_;
};

// The plan that is begun from, if any.
struct Earlier {
    fs::path file;
    std::optional<Plan> plan;

    const Plan* get() const { return plan ? &*plan : nullptr; }
    void tell(Report& report) const {
        if (plan) report.revision = Revision{file, comparePlans(*plan, report.plan)};
    }
};

Earlier planToKeep(const JourneyOptions& options, const OutputPaths& paths) {
    if (!options.revise) return options.keepPlan.empty() ? Earlier{} : Earlier{options.keepPlan, readPlan(options.keepPlan)};
    if (!fs::exists(paths.plan)) throw InputError(paths.plan.string() + ": there is no plan to revise. Leave --revise out to begin one, or name its place with -o");
    return {paths.plan, readPlan(paths.plan)};
}

// A revision goes on with the session that stands beside the plan, as it may have been edited.
fs::path rolesToKeep(const JourneyOptions& options, const OutputPaths& paths) {
    std::error_code ignored;
    return options.rolesFile.empty() && options.revise && fs::is_regular_file(paths.session, ignored) ? paths.session : options.rolesFile;
}

void noteNonFinite(std::int64_t count, Report& report) {
    if (count > 0)
        report.warnings.push_back({"input.not-finite", std::to_string(count) + " samples in the recordings were not numbers (NaN or infinite) and "
                                                       "were replaced by silence. Export those tracks again if you hear gaps."});
}

void fillMixReport(Report& report, const RenderedMix& rendered) {
    const std::vector<StemInfo> stems = stemsOf(report.plan);
    for (std::size_t i = 0; i < stems.size(); ++i)
        if (stems[i].kind != StemInfo::Kind::busChange) report.inMix[stems[i].id] = rendered.measurements.stems[i];
    std::size_t measured = 0;
    for (AlternateReport& alternate : report.alternates)
        if (alternate.info.whyNot.empty()) alternate.loudness = rendered.measurements.alternates[measured++];
    report.work = rendered.measurements.work;
    noteNonFinite(rendered.measurements.nonFiniteSamples, report);
}

void fillMasterReport(Report& report, MasterResult result, const fs::path& target) {
    report.work.insert(report.work.end(), result.work.begin(), result.work.end());
    judgeDelivery(report.plan, result);
    judgeCodecs(result);
    report.codecs = std::move(result.codecs);
    report.targetReached = result.targetReached;
    report.targetText = result.targetText;
    report.platforms = platformEffects(result.facts.loudness);
    report.master = OutputReport{target, formatName(report.plan.delivery.samples, report.plan.delivery.sampleRateHz), std::move(result.facts)};
}

void addTrackFacts(Report& report, const Session& session, std::vector<Analysis> analyses) {
    for (std::size_t i = 0; i < session.tracks.size(); ++i) report.sources.emplace(session.tracks[i].id, std::move(analyses[i]));
}

void chooseDelivery(Plan& plan, const JourneyOptions& options, int sampleRateHz) {
    plan.delivery.sampleRateHz = sampleRateHz;
    plan.delivery.samples = options.samples.value_or(SampleFormat::pcm24);
    plan.delivery.ceilingDbtp = options.intent.ceilingDbtp;
}

// Sources in the plan are named as seen from where the plan will lie.
void nameSources(Plan& plan, const Session& session, const Listening& heard, const fs::path& planFolder) {
    for (TrackPlan& track : plan.tracks)
        for (std::size_t i = 0; i < session.tracks.size(); ++i)
            if (session.tracks[i].id == track.id) {
                track.source.file = planRelative(session.tracks[i].path, planFolder);
                if (Json::parse(Json(track.source.file).dump(-1), "").asString() != track.source.file)
                    plan.warnings.push_back({"plan.name-not-unicode", track.name + ": the file's name is not Unicode (UTF-8), so the plan cannot name "
                                                                                   "it. Rename the file before you render this plan again."});
                track.source.hash = heard.hashes[i];
            }
}

void renderAndReport(Plan plan, const fs::path& baseFolder, const Earlier& keep, const ReferenceProfile* reference, bool deciding, const CodecTask& codecs,
                     Files& files, const JourneyOptions& options, Report& report, WorkPool& pool, Progress& progress) {
    MixFiles parts;
    if (options.stems) {
        report.stems = stemsOf(plan);
        for (const std::string& name : stemFileNames(report.stems)) parts.stems.push_back(files.audio(files.paths().stem(name)));
    }
    report.alternates = askedAlternates(plan, options.alternates, report.warnings);
    for (AlternateReport& alternate : report.alternates) {
        if (!alternate.info.whyNot.empty()) continue;
        alternate.file = files.paths().alternate(std::string(alternate.info.name()));
        parts.versions.push_back(alternate.info.kind);
        parts.alternates.push_back(files.audio(alternate.file));
    }
    const fs::path mixPart = parts.mix = files.audio(files.paths().mix);
    const bool wantsMaster = options.makeMaster && (deciding || !plan.master.empty());
    const fs::path masterPart = wantsMaster ? files.audio(files.paths().master) : fs::path();

    RenderedMix rendered = renderMixFiles(plan, baseFolder, parts, options.samples.value_or(SampleFormat::pcm24), options.blockFrames, pool, progress);
    if (deciding) {
        // A decision by measurement, so it belongs to planning: a plan that is only carried out is never changed.
        if (makeHeadroom(plan, rendered)) {
            if (options.stems) {  // a mix bus that did nothing before has a stem of its own now
                report.stems = stemsOf(plan);
                if (report.stems.size() > parts.stems.size()) parts.stems.push_back(files.audio(files.paths().stem(stemFileNames(report.stems).back())));
            }
            rendered = renderMixFiles(plan, baseFolder, parts, options.samples.value_or(SampleFormat::pcm24), options.blockFrames, pool, progress);
        }
    }
    // Only an edited plan comes here too hot: it is carried out as it stands, but not in silence.
    if (options.samples.value_or(SampleFormat::pcm24) != SampleFormat::float32 && rendered.facts.loudness.samplePeakDbfs > kClippedDbfs)
        report.warnings.push_back({"mix.clipped", "The mix reaches full scale and is cut off there. Turn the tracks (or the mix bus) down in the plan, or "
                                                  "render with --samples float32."});
    MasterResult master;
    std::optional<ReferenceMatch> match;
    if (wantsMaster && reference) match = startMatch(*reference, plan.intent, mixPart, rendered.facts, progress);
    if (wantsMaster && deciding) {
        master = decideAndRenderMaster(plan, mixPart, rendered.facts, keep.get(), match ? &*match : nullptr, codecs, masterPart, files.scratchFolder(),
                                       options.blockFrames, pool, progress);
    } else if (wantsMaster) {
        master = renderMaster(plan, mixPart, rendered.facts.frames, masterPart, options.blockFrames, pool.threads() > 1, progress);
        checkThroughCodecs(codecs, masterPart, master, pool, progress);
    }
    report.plan = std::move(plan);
    report.seconds = static_cast<double>(report.plan.frames) / report.plan.sampleRateHz;
    fillMixReport(report, rendered);
    if (match) report.match = reportMatch(*match, masterPart, progress);
    if (wantsMaster) fillMasterReport(report, std::move(master), files.paths().master);
    keep.tell(report);
    report.mix = OutputReport{files.paths().mix, formatName(options.samples.value_or(SampleFormat::pcm24), report.plan.sampleRateHz), std::move(rendered.facts)};
    files.finish(report);
}

// The source of a master as its plan's only track.
TrackPlan sourceTrack(const AudioFileInfo& info, const fs::path& planFolder) {
    TrackPlan track;
    track.id = "source";
    track.name = info.path.stem().string();
    track.source = {planRelative(info.path, planFolder), contentHash(info.path), info.sampleRateHz, info.channels, info.frames};
    track.role = "mix/programme";
    track.roleConfidence = 1.0;
    track.roleSource = "user";
    track.fader = {.id = "source.fader", .params = Gain::Params{}};
    track.pan = {.id = "source.pan", .params = Panner::Params{}};
    return track;
}

void finishMaster(Plan plan, MasterResult master, const Earlier& keep, Files& files, Report& report) {
    report.plan = std::move(plan);
    report.seconds = static_cast<double>(report.plan.frames) / report.plan.sampleRateHz;
    fillMasterReport(report, std::move(master), files.paths().master);
    keep.tell(report);
    files.finish(report);
}

// The parts of the song that notes may speak of.
std::vector<SongSection> namedSections(const std::optional<Song>& song) {
    std::vector<SongSection> sections;
    if (!song) return sections;
    const bool hasBridge = std::ranges::any_of(song->parts, [](const SongPart& part) { return part.name == "bridge"; });
    for (const SongPart& part : song->parts)   // who says bridge where there is none means the break
        if (!part.name.empty()) sections.push_back({part.name == "break" && !hasBridge ? "bridge" : part.name, part.startSeconds, part.endSeconds});
    return sections;
}

// Where a plan's master will be played: what is said now, else what the plan says.
std::vector<std::string> destinations(const Plan& plan, const JourneyOptions& options, const fs::path& planFile) {
    if (!options.intent.platforms.empty()) return options.intent.platforms;
    try {
        for (const std::string& name : plan.intent.platforms) findPlatform(name);
    } catch (const UsageError& error) {
        throw InputError(planFile.string() + ": $.intent.platforms: " + error.what());
    }
    return plan.intent.platforms;
}

}  // namespace

Report runMix(const std::vector<fs::path>& inputs, const JourneyOptions& options, Progress& progress) {
    if (inputs.empty()) throw UsageError("mix: name a folder of recordings, or the files");
    const fs::path output = options.output.empty() ? defaultOutput(inputs.front(), "-mix") : options.output;
    const OutputPaths targets = outputPaths(output, !options.makeMaster);
    const Earlier keep = planToKeep(options, targets);
    WorkPool pool(options.threads);
    const std::optional<References> references = readReferences(options.references, pool, progress);
    const CodecTask codecs = codecTask(options.codecCheck, options.intent.platforms);
    Session session = importSession(inputs, {.threads = options.threads}, &progress);
    if (const fs::path roles = rolesToKeep(options, targets); !roles.empty()) applyRoles(session, roles);

    std::vector<fs::path> recordings;
    for (const Track& track : session.tracks) recordings.push_back(track.path);
    if (!options.roughMix.empty()) recordings.push_back(options.roughMix);
    Files files(targets, options, recordings, true);
    files.willWrite(files.paths().mix);
    if (options.makeMaster) files.willWrite(files.paths().master);
    files.willWrite(files.paths().session);
    Listening heard = listenTo(session, pool, progress);
    files.writeSession(session);

    std::vector<Warning> roughWarnings;
    std::optional<RoughBalance> rough;
    if (!options.roughMix.empty()) rough = readRough(options.roughMix, session, heard, roughWarnings, progress);

    MixForecast forecast;
    Plan plan = planMix({session, heard.analyses, heard.alignments, rough ? &*rough : nullptr, references ? &references->profile : nullptr, heard.lowEnd ? &*heard.lowEnd : nullptr, heard.treble}, options.intent, &forecast);
    plan.warnings.insert(plan.warnings.end(), roughWarnings.begin(), roughWarnings.end());
    if (keep.plan)
        for (Warning& warning : keepLockedMix(plan, *keep.plan)) plan.warnings.push_back(std::move(warning));
    if (keep.plan) plan.intent.requests = keep.plan->intent.requests;  // a revision: what was asked before still holds
    const std::vector<SongSection> sections = namedSections(plan.song);
    applyNotes(plan, {.session = session, .analyses = heard.analyses, .sections = sections, .earlier = keep.get()});
    plan.title = fs::absolute(inputs.front()).lexically_normal().stem().string();
    const fs::path planFolder = options.dryRun ? fs::current_path() : fs::absolute(files.paths().folder());
    nameSources(plan, session, heard, planFolder);
    if (references) nameReferences(plan, *references, planFolder);
    chooseDelivery(plan, options, session.sampleRateHz);

    Report report;
    report.warnings = session.warnings;
    if (options.makeMaster) report.warnings.insert(report.warnings.end(), codecs.warnings.begin(), codecs.warnings.end());
    addTrackFacts(report, session, std::move(heard.analyses));
    if (!keep.plan && plan.intent.requests.empty()) report.forecast = std::move(forecast);
    renderAndReport(std::move(plan), planFolder, keep, references ? &references->profile : nullptr, true, codecs, files, options, report, pool, progress);
    return report;
}

Report runMaster(const fs::path& input, const JourneyOptions& options, Progress& progress) {
    const fs::path output = options.output.empty() ? defaultOutput(input, "-master") : options.output;
    const Earlier keep = planToKeep(options, outputPaths(output, false));
    const CodecTask codecs = codecTask(options.codecCheck, options.intent.platforms);
    const AudioFileInfo info = openAudio(input)->info();
    if (info.channels > kStereo)
        throw InputError(input.string() + ": has " + std::to_string(info.channels) + " channels; a master is made from a mono or stereo file. Mix it down to stereo first");

    Files files(outputPaths(output, false), options, {input}, true);
    const fs::path masterPart = files.audio(files.paths().master);
    WorkPool pool(options.threads);
    const std::optional<References> references = readReferences(options.references, pool, progress);
    progress.stage("Listening", info.frames);
    Analysis facts = analyzeFile(input, {.parallel = pool.threads() > 1}, progress);

    const fs::path planFolder = options.dryRun ? fs::current_path() : fs::absolute(files.paths().folder());
    Plan plan;
    plan.kind = PlanKind::master;
    plan.title = input.stem().string();
    plan.intent = options.intent;
    plan.sampleRateHz = info.sampleRateHz;
    plan.frames = info.frames;
    plan.tracks.push_back(sourceTrack(info, planFolder));
    if (references) nameReferences(plan, *references, planFolder);
    chooseDelivery(plan, options, info.sampleRateHz);

    Report report;
    report.warnings = info.warnings;
    report.warnings.insert(report.warnings.end(), codecs.warnings.begin(), codecs.warnings.end());
    std::optional<ReferenceMatch> match;
    if (references) match = startMatch(references->profile, plan.intent, input, facts, progress);
    MasterResult master = decideAndRenderMaster(plan, input, facts, keep.get(), match ? &*match : nullptr, codecs, masterPart, files.scratchFolder(), options.blockFrames, pool, progress);
    if (match) report.match = reportMatch(*match, masterPart, progress);
    report.sources.emplace("source", std::move(facts));
    finishMaster(std::move(plan), std::move(master), keep, files, report);
    return report;
}

Report runRender(const fs::path& planFile, const JourneyOptions& options, Progress& progress) {
    const Plan plan = readPlan(planFile);
    const fs::path base = fs::absolute(planFile).lexically_normal().parent_path();
    const fs::path output = options.output.empty() ? outputBeside(planFile) : options.output;
    JourneyOptions rendering = options;
    if (!rendering.samples) rendering.samples = plan.delivery.samples;
    const bool makesMaster = options.makeMaster && (plan.kind == PlanKind::master || !plan.master.empty());
    rendering.makeMaster = makesMaster;
    const CodecTask codecs = makesMaster ? codecTask(options.codecCheck, destinations(plan, options, planFile)) : CodecTask{};

    progress.stage("Checking the recordings", static_cast<std::int64_t>(plan.tracks.size()));
    WorkPool pool(options.threads);
    pool.forEach(static_cast<int>(plan.tracks.size()), [&](int i) {
        checkSource(plan.tracks[i].source, base, true);
        progress.advance(1);
    });

    std::vector<fs::path> recordings;
    for (const TrackPlan& track : plan.tracks) recordings.push_back(sourcePath(track.source, base));
    Files files(outputPaths(output, !makesMaster), rendering, recordings, false);
    Report report;
    report.warnings = codecs.warnings;
    if (plan.kind == PlanKind::mix) {
        Plan moved = plan;
        for (TrackPlan& track : moved.tracks) track.source.file = planRelative(sourcePath(track.source, base), fs::absolute(files.paths().folder()));
        renderAndReport(std::move(moved), fs::absolute(files.paths().folder()), {}, nullptr, false, codecs, files, rendering, report, pool, progress);
        return report;
    }
    const fs::path source = sourcePath(plan.tracks.front().source, base);
    const fs::path masterPart = files.audio(files.paths().master);
    MasterResult master = renderMaster(plan, source, plan.tracks.front().source.frames, masterPart, options.blockFrames, pool.threads() > 1, progress);
    checkThroughCodecs(codecs, masterPart, master, pool, progress);
    Plan moved = plan;
    moved.tracks.front().source.file = planRelative(source, fs::absolute(files.paths().folder()));
    finishMaster(std::move(moved), std::move(master), {}, files, report);
    return report;
}

}  // namespace tonewright
