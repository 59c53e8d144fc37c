#include "cli/command.h"

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <iostream>
#include <sstream>

#include "cli/analyze_command.h"
#include "cli/codec_command.h"
#include "cli/compare_command.h"
#include "cli/limit_command.h"
#include "cli/signals.h"
#include "cli/terminal_progress.h"
#include "core/error.h"
#include "core/text.h"
#include "core/work_pool.h"
#include "demo/demo.h"
#include "engineer/mood.h"
#include "engineer/style.h"
#include "journey/journey.h"
#include "journey/output_paths.h"
#include "journey/reference_stage.h"
#include "journey/session_stage.h"
#include "plan/plan_json.h"
#include "release/platforms.h"
#include "report/comparison.h"
#include "report/report.h"
#include "session/session_json.h"

namespace tonewright {

namespace fs = std::filesystem;

namespace {

// Exit codes, part of the command's contract (docs/command.md).
constexpr int kOk = 0, kInternal = 1, kUsage = 2, kTargetMissed = 5;

int exitCode(ErrorKind kind) {
    switch (kind) {
        case ErrorKind::internal: return kInternal;
        case ErrorKind::usage: return kUsage;
        case ErrorKind::input: return 3;
        case ErrorKind::output: return 4;
        case ErrorKind::target: return kTargetMissed;
        case ErrorKind::component: return 8;
        case ErrorKind::cancelled: return 128 + (caughtSignal() ? caughtSignal() : 2);
    }
    return kInternal;
}

// CLI::Range lets NaN through, because it compares as neither too small nor too large.
CLI::Validator between(double min, double max) {
    return CLI::Validator(
        [=](const std::string& text) {
            char* end = nullptr;
            const double value = std::strtod(text.c_str(), &end);
            const bool fits = !text.empty() && *end == '\0' && value >= min && value <= max;
            return fits ? std::string() : "\"" + text + "\" is not a number from " + fixed(min, 0) + " to " + fixed(max, 0);
        },
        "");
}

// Everything printed must have arrived: a closed pipe or a full disk is said.
int flushed(int exit) {
    std::cout.flush();
    std::fflush(stdout);
    if (!std::cout || std::ferror(stdout)) throw OutputError("stdout: not everything could be written there (a closed pipe or a full disk?)");
    return exit;
}

// What every command understands.
struct Common {
    ProgressStyle progress = ProgressStyle::automatic;
    bool json = false, quiet = false, verbose = false;
    int threads = 0;

    TerminalProgress makeProgress() const {
        return TerminalProgress(quiet && progress == ProgressStyle::automatic ? ProgressStyle::none : progress,
                                ::isatty(STDERR_FILENO) && !std::getenv("NO_COLOR"));
    }
};

void addCommon(CLI::App& app, Common& common) {
    static const std::map<std::string, ProgressStyle> styles = {{"auto", ProgressStyle::automatic},
                                                                {"bar", ProgressStyle::bar},
                                                                {"plain", ProgressStyle::plain},
                                                                {"json", ProgressStyle::json},
                                                                {"none", ProgressStyle::none}};
    app.add_option("--threads", common.threads, "Threads to use; 0: one per processor")->check(CLI::Range(0, 1024))->type_name("N");
    app.add_option("--progress", common.progress, "How progress is shown on stderr")
        ->transform(CLI::CheckedTransformer(styles, CLI::ignore_case))
        ->type_name("auto|bar|plain|json|none");
    app.add_flag("--json", common.json, "Print one JSON document on stdout");
    app.add_flag("-q,--quiet", common.quiet, "No progress, no summary");
    app.add_flag("-v,--verbose", common.verbose, "Say more: every decision");
}

// What every command that makes music understands.
struct Making {
    JourneyOptions options;
    std::string output, loudness = "auto", roles, keep, samples, match, mood, rough, alternates;
    std::vector<std::string> references;
    CodecOptions codecs;
    CodecCheckMode codecCheck = CodecCheckMode::automatic;
    bool noMaster = false, strict = false;
};

void addOutput(CLI::App& app, Making& making) {
    app.add_option("-o,--output", making.output, "A folder for the results, or a .wav file")->type_name("PATH");
    app.add_flag("--force", making.options.force, "Replace results that exist");
    app.add_option("--samples", making.samples, "Sample format of the results (default: 24-bit)")
        ->check(CLI::IsMember({"pcm16", "pcm24", "float32"}))
        ->type_name("pcm16|pcm24|float32");
    app.add_option("--codec-check", making.codecCheck, "Whether lossy codecs may break the master's peaks; auto: where a destination encodes")
        ->transform(CLI::CheckedTransformer(std::map<std::string, CodecCheckMode>{{"auto", CodecCheckMode::automatic}, {"on", CodecCheckMode::on}, {"off", CodecCheckMode::off}}))
        ->type_name("auto|on|off");
    addCodecOptions(app, making.codecs);
    app.add_option("--block-size", making.options.blockFrames, "Frames rendered at a time; the result does not depend on it")
        ->check(CLI::Range(16, 1 << 20))
        ->type_name("N");
}

void addIntent(CLI::App& app, Making& making) {
    app.add_option("--style", making.options.intent.style, "A style (see `tonewright styles`), or auto")->type_name("NAME");
    app.add_option("--mood", making.mood, "How it should sound (see `tonewright moods`): warm,punchy or warm=0.5")->type_name("NAME[=0..1],...");
    app.add_option("--intensity", making.options.intent.intensity, "0: repair and level only; 1: as the rules say; 2: twice as much")
        ->check(between(0.0, 2.0))
        ->type_name("0..2");
    app.add_option("--loudness", making.loudness, "Loudness of the master, or auto (from the style)")->type_name("LUFS|auto");
    app.add_option("--reference", making.references, "Recordings to match the master to: files, folders, or a profile (tonewright profile)")->type_name("FILE...");
    app.add_option("--match", making.match, "How far each aspect of the reference is matched, 0 to 1: tone=0.7,width=0,loudness=1,dynamics=0.5,sections=0.5")->type_name("ASPECT=0..1,...");
    app.add_option("--ceiling", making.options.intent.ceilingDbtp, "Highest true peak of the master")->check(between(-20.0, 0.0))->type_name("DBTP");
    app.add_flag("--keep-edges", making.options.intent.keepEdges, "Keep the silence, noise and clicks before the first and after the last note");
    app.add_option("--fade-in", making.options.intent.fadeInSeconds, "Fade the master in")->check(between(0.0, 60.0))->type_name("SECONDS");
    app.add_option("--fade-out", making.options.intent.fadeOutSeconds, "Fade the master out at its end")->check(between(0.0, 60.0))->type_name("SECONDS");
    app.add_option("--keep", making.keep, "An earlier plan whose locked and own steps are kept")->type_name("PLAN");
    app.add_flag("--revise", making.options.revise, "Begin from the plan at the output: locks, own steps and notes stay; it is kept as plan.1.json, plan.2.json ...");
    app.add_flag("--strict", making.strict, "Exit with 5 if a target was missed");
    app.add_flag("--dry-run", making.options.dryRun, "Decide and tell; write nothing");
}

void addComponents(CLI::App& app, Making& making) {
    app.add_option("--kick", making.options.intent.kickDb, "The kick without the bass, where it can be told apart")->check(between(-3.0, 3.0))->type_name("DB");
    app.add_option("--centre", making.options.intent.centreDb, "The middle (voice) without the sides, where it can be told apart")->check(between(-3.0, 3.0))->type_name("DB");
}

void addAlternates(CLI::App& app, Making& making) {
    app.add_option("--alternates", making.alternates, "Write OUT/alternates/ too: instrumental,acappella,tv,drumless, or all; instrumental and acappella sum to the mix")
        ->type_name("NAME,...");
}

void addMixing(CLI::App& app, Making& making) {
    app.add_flag("--stems", making.options.stems, "Write OUT/stems/: tracks, returns and what buses change; they sum to the mix");
    addAlternates(app, making);
    app.add_flag("--no-master", making.noMaster, "Stop at the mix");
    app.add_option("--rough", making.rough, "A rough mix of these recordings: its levels and places are kept")->type_name("FILE");
    app.add_option("--note", making.options.intent.notes, "What you want, in plain words: \"vocals up a little, less reverb on the snare\"; can be given again")->expected(1)->type_name("TEXT")->take_all();
    app.add_option("--roles", making.roles, "A session.json or a JSON object {file or track: role} with your word on roles")->type_name("FILE");
}

// "tone=0.7,width=0": what is not named is matched as MatchAmounts has it.
MatchAmounts matchAmounts(const std::string& text) {
    MatchAmounts amounts;
    const std::vector<std::pair<std::string, double*>> aspects = {
        {"tone", &amounts.tone}, {"width", &amounts.width}, {"dynamics", &amounts.dynamics}, {"loudness", &amounts.loudness}, {"sections", &amounts.sections}};
    std::stringstream parts(text);
    for (std::string part; std::getline(parts, part, ',');) {
        const std::size_t equals = part.find('=');
        const auto aspect = std::find_if(aspects.begin(), aspects.end(), [&](const auto& known) { return known.first == part.substr(0, equals); });
        char* end = nullptr;
        const std::string number = equals == std::string::npos ? "" : part.substr(equals + 1);
        const double amount = std::strtod(number.c_str(), &end);
        if (aspect == aspects.end() || number.empty() || *end != '\0' || !(amount >= 0.0 && amount <= 1.0))
            throw UsageError("--match has \"" + part + "\"; each part must be tone, width, dynamics, loudness or sections with an amount from 0 to 1, as in tone=0.7,width=0");
        *aspect->second = amount;
    }
    return amounts;
}

// "instrumental,tv" or "all".
std::vector<Alternate> alternates(const std::string& text) {
    std::vector<Alternate> result;
    std::stringstream parts(text);
    for (std::string part; std::getline(parts, part, ',');) {
        const std::string name = lowerAscii(part);
        const auto known = std::find(kAlternateNames.begin(), kAlternateNames.end(), name);
        if (known == kAlternateNames.end() && name != "all") {
            const auto close = nearest(name, {kAlternateNames.begin(), kAlternateNames.end()});
            throw UsageError("--alternates has \"" + part + "\"; " + (close ? "did you mean " + *close + "? It knows" : "it knows") + " instrumental, acappella, tv, drumless and all");
        }
        for (std::size_t i = 0; i < kAlternateNames.size(); ++i)
            if (name == "all" || name == kAlternateNames[i]) result.push_back(static_cast<Alternate>(i));
    }
    return result;
}

JourneyOptions journeyOptions(const Making& making, const Common& common) {
    JourneyOptions options = making.options;
    options.output = making.output;
    options.rolesFile = making.roles;
    options.keepPlan = making.keep;
    if (options.revise && !making.keep.empty()) throw UsageError("--revise and --keep both name the plan to begin from; give one of them");
    options.roughMix = making.rough;
    options.makeMaster = !making.noMaster;
    options.alternates = alternates(making.alternates);
    options.threads = common.threads;
    if (making.samples == "pcm16") options.samples = SampleFormat::pcm16;
    if (making.samples == "pcm24") options.samples = SampleFormat::pcm24;
    if (making.samples == "float32") options.samples = SampleFormat::float32;
    if (lowerAscii(making.loudness) != "auto") {
        char* end = nullptr;
        const double lufs = std::strtod(making.loudness.c_str(), &end);
        if (making.loudness.empty() || *end != '\0' || !(lufs >= -70.0 && lufs <= 0.0))
            throw UsageError("--loudness is \"" + making.loudness + "\"; it must be a number from -70 to 0 (LUFS), or auto");
        options.intent.integratedLufs = lufs;
    }
    options.references = {making.references.begin(), making.references.end()};
    options.intent.match = matchAmounts(making.match);
    if (!making.match.empty() && making.references.empty()) throw UsageError("--match needs a reference to match: name it with --reference");
    options.intent.moods = parseMoods(making.mood);
    options.codecCheck = {making.codecCheck, making.codecs.codecs};
    for (const std::string& name : making.codecs.platforms) options.intent.platforms.push_back(findPlatform(name).name);
    checkStyle(options.intent.style);
    return options;
}

int tell(const Report& report, const Making& making, const Common& common) {
    if (common.json)
        std::cout << reportJson(report).dump() << "\n";
    else if (!common.quiet)
        std::cout << reportSummary(report) << (common.verbose ? "\n" + explainPlan(report.plan) : "");
    return making.strict && !report.targetReached ? kTargetMissed : kOk;
}

bool isSingleFile(const std::vector<std::string>& inputs) { return inputs.size() == 1 && !fs::is_directory(inputs.front()); }

std::vector<fs::path> paths(const std::vector<std::string>& texts) { return {texts.begin(), texts.end()}; }

// The commands, each with its options and what it does.
class Commands {
public:
    explicit Commands(CLI::App& app) {
        addDemo(app);
        addMix(app);
        addMaster(app);
        addLimit(app);
        addAnalyze(app);
        addCodec(app);
        addSession(app);
        addPlan(app);
        addRender(app);
        addProfile(app);
        addExplain(app);
        addCompare(app);
        addSchema(app);
        addStyles(app);
        addMoods(app);
        add(app, "platforms", "The destinations that --for knows, with the codecs they use", [this] { return platformsCommand(common_.json); });
    }

    std::function<int()> action;

private:
    CLI::App* add(CLI::App& app, const char* name, const char* text, std::function<int()> run) {
        CLI::App* command = app.add_subcommand(name, text);
        addCommon(*command, common_);
        command->callback([this, run = std::move(run)] { action = run; });
        return command;
    }

    void addDemo(CLI::App& app) {
        CLI::App* command = add(app, "demo", "Write a demo session: raw tracks of a song, recorded badly on purpose", [this] {
            TerminalProgress progress = common_.makeProgress();
            WorkPool pool(common_.threads);
            writeDemoSession(demoFolder_, {.overwrite = making_.options.force, .pool = &pool}, progress);
            if (common_.json)
                std::cout << Json::object({{"folder", demoFolder_}, {"truth", (fs::path(demoFolder_) / "truth.json").string()}}).dump() << "\n";
            else if (!common_.quiet)
                std::cout << "The demo session is in " << demoFolder_ << ". Next: tonewright mix " << demoFolder_ << "\n";
            return kOk;
        });
        command->add_option("dir", demoFolder_, "The folder to write")->required()->type_name("DIR");
        command->add_flag("--force", making_.options.force, "Replace files that exist");
    }

    void addMix(CLI::App& app) {
        CLI::App* command = add(app, "mix", "Raw tracks -> a mix, a master, the plan and the reasons", [this] {
            const JourneyOptions options = journeyOptions(making_, common_);
            TerminalProgress progress = common_.makeProgress();
            return tell(runMix(paths(inputs_), options, progress), making_, common_);
        });
        command->add_option("inputs", inputs_, "A folder of recordings, or the files")->required()->type_name("DIR|FILES...");
        addOutput(*command, making_);
        addIntent(*command, making_);
        addMixing(*command, making_);
        command->add_flag("--plan-only", making_.options.planOnly, "Decide and write the plan; render nothing");
    }

    void addMaster(CLI::App& app) {
        CLI::App* command = add(app, "master", "One stereo file -> a master, the plan and the reasons", [this] {
            const JourneyOptions options = journeyOptions(making_, common_);
            TerminalProgress progress = common_.makeProgress();
            return tell(runMaster(inputs_.front(), options, progress), making_, common_);
        });
        command->add_option("file", inputs_, "The mix")->required()->expected(1)->type_name("FILE");
        addOutput(*command, making_);
        addIntent(*command, making_);
        addComponents(*command, making_);
        command->add_flag("--plan-only", making_.options.planOnly, "Decide and write the plan; render nothing");
    }

    void addLimit(CLI::App& app) {
        CLI::App* command = add(app, "limit", "The limiter alone: one file, louder, with its true peak under a ceiling", [this] {
            TerminalProgress progress = common_.makeProgress();
            limit_.output = making_.output;
            limit_.force = making_.options.force;
            return limitCommand(inputs_.front(), limit_, common_.json, common_.quiet, progress);
        });
        command->add_option("file", inputs_, "The sound file")->required()->expected(1)->type_name("FILE");
        command->add_option("-o,--output", making_.output, "The .wav file to write")->required()->type_name("OUT");
        command->add_flag("--float", limit_.float32, "Write 32-bit float without dither (otherwise 24 bits with dither)");
        command->add_flag("--force", making_.options.force, "Replace a result that exists");
        addLimiterOptions(*command, limit_.limiter);
    }

    void addAnalyze(CLI::App& app) {
        CLI::App* command = add(app, "analyze", "Facts and faults of sound files", [this] {
            TerminalProgress progress = common_.makeProgress();
            return analyzeFiles(inputs_, {.json = common_.json, .quiet = common_.quiet, .failOn = failOn_, .threads = common_.threads}, progress);
        });
        command->add_option("files", inputs_, "Sound files or folders")->required()->type_name("FILES...");
        command->add_option("--fail-on", failOn_, "Exit with 6 if there are faults of this severity or worse")
            ->check(CLI::IsMember({"warn", "error"}))
            ->type_name("warn|error");
    }

    void addCodec(CLI::App& app) {
        CLI::App* command = add(app, "codec", "What lossy codecs make of a file: decoded true peaks and loudness", [this] {
            TerminalProgress progress = common_.makeProgress();
            return codecCommand(inputs_.front(), {making_.codecs, common_.json, common_.quiet, failOn_, common_.threads}, progress);
        });
        command->add_option("file", inputs_, "The sound file")->required()->expected(1)->type_name("FILE");
        addCodecOptions(*command, making_.codecs);
        command->add_option("--fail-on", failOn_, "Exit with 6 if a decoded true peak is over 0 dBTP")->check(CLI::IsMember({"over"}))->type_name("over");
    }

    void addSession(CLI::App& app) {
        CLI::App* command = add(app, "session", "Who is playing: prints the session's tracks, roles and groups, to be edited and given with --roles", [this] {
            TerminalProgress progress = common_.makeProgress();
            std::cout << sessionToJson(recogniseSession(paths(inputs_), making_.roles, common_.threads, progress)).dump() << "\n";
            return 0;
        });
        command->add_option("inputs", inputs_, "A folder of recordings, or the files")->required()->type_name("DIR|FILES...");
        command->add_option("--roles", making_.roles, "Your word on roles so far")->type_name("FILE");
    }

    void addPlan(CLI::App& app) {
        CLI::App* command = add(app, "plan", "Decide only: writes the plan (a folder or several files: a mix; one file: a master)", [this] {
            JourneyOptions options = journeyOptions(making_, common_);
            options.planOnly = true;
            TerminalProgress progress = common_.makeProgress();
            const Report report = isSingleFile(inputs_) ? runMaster(inputs_.front(), options, progress) : runMix(paths(inputs_), options, progress);
            return tell(report, making_, common_);
        });
        command->add_option("inputs", inputs_, "A folder of recordings, the files, or one mix")->required()->type_name("INPUT...");
        addOutput(*command, making_);
        addIntent(*command, making_);
        addMixing(*command, making_);
    }

    void addRender(CLI::App& app) {
        CLI::App* command = add(app, "render", "Carry out a plan as it stands, edits included", [this] {
            const JourneyOptions options = journeyOptions(making_, common_);
            TerminalProgress progress = common_.makeProgress();
            return tell(runRender(inputs_.front(), options, progress), making_, common_);
        });
        command->add_option("plan", inputs_, "The plan")->required()->expected(1)->type_name("PLAN");
        addOutput(*command, making_);
        command->add_flag("--stems", making_.options.stems, "Write OUT/stems/ too");
        addAlternates(*command, making_);
        command->add_flag("--no-master", making_.noMaster, "Stop at the mix");
        command->add_flag("--strict", making_.strict, "Exit with 5 if a target was missed");
    }

    void addProfile(CLI::App& app) {
        CLI::App* command = add(app, "profile", "References -> a profile that can stand in for them (--reference PROFILE.json)", [this] {
            TerminalProgress progress = common_.makeProgress();
            const ReferenceProfile profile = writeProfile(paths(inputs_), making_.output, making_.options.force, common_.threads, progress);
            if (common_.json)
                std::cout << toJson(profile).dump() << "\n";
            else if (!common_.quiet)
                std::cout << profileSummary(profile) << "The profile is " << making_.output << ". Next: tonewright master SONG --reference " << making_.output << "\n";
            return kOk;
        });
        command->add_option("files", inputs_, "Recordings, or folders of them")->required()->type_name("FILES...");
        command->add_option("-o,--output", making_.output, "The profile to write")->required()->type_name("PROFILE.json");
        command->add_flag("--force", making_.options.force, "Replace a file that exists");
    }

    void addExplain(CLI::App& app) {
        CLI::App* command = add(app, "explain", "A plan in plain words", [this] {
            const Plan plan = readPlan(inputs_.front());
            std::cout << (common_.json ? toJson(plan).dump() + "\n" : explainPlan(plan));
            return kOk;
        });
        command->add_option("plan", inputs_, "The plan")->required()->expected(1)->type_name("PLAN");
    }

    void addCompare(CLI::App& app) {
        CLI::App* command = add(app, "compare", "What changed between two plans, two results or two sound files", [this] {
            TerminalProgress progress = common_.makeProgress();
            return compareCommand(inputs_[0], inputs_[1], {common_.json, common_.quiet, common_.verbose, common_.threads}, progress);
        });
        command->add_option("both", inputs_, "The earlier and the later: plans, folders with results, or sound files")->required()->expected(2)->type_name("A B");
    }

    void addSchema(CLI::App& app) {
        CLI::App* command = add(app, "schema", "The JSON Schema of a document: plan, report, analysis, profile, codec or compare", [this] {
            const Json schema = schemaName_ == "plan"      ? planSchema()
                                : schemaName_ == "report"  ? reportSchema()
                                : schemaName_ == "profile" ? referenceProfileSchema()
                                : schemaName_ == "codec"   ? codecDocumentSchema()
                                : schemaName_ == "compare" ? comparisonSchema()
                                                           : analysisDocumentSchema();
            std::cout << schema.dump() << "\n";
            return kOk;
        });
        command->add_option("name", schemaName_, "Which document")
            ->required()
            ->check(CLI::IsMember({"plan", "report", "analysis", "profile", "codec", "compare"}))
            ->type_name("NAME");
    }

    void addStyles(CLI::App& app) {
        add(app, "styles", "The styles that --style knows", [this] {
            Json list = Json::array();
            for (const Style& style : styles()) list.push(Json::object({{"name", style.name}, {"description", style.description}}));
            if (common_.json)
                std::cout << list.dump() << "\n";
            else
                for (const Style& style : styles()) std::cout << style.name << std::string(style.name.size() < 14 ? 14 - style.name.size() : 1, ' ') << style.description << "\n";
            return kOk;
        });
    }

    void addMoods(CLI::App& app) {
        add(app, "moods", "The moods that --mood knows", [this] {
            Json list = Json::array();
            for (const Mood& mood : moods()) {
                Json change = Json::array();
                change.push(mood.measure.change[0]).push(mood.measure.change[1]);
                list.push(Json::object({{"name", mood.name}, {"description", mood.description},
                                        {"measure", Json::object({{"fact", mood.measure.fact}, {"change", std::move(change)}})}}));
            }
            if (common_.json)
                std::cout << list.dump() << "\n";
            else
                for (const Mood& mood : moods()) std::cout << mood.name << std::string(mood.name.size() < 14 ? 14 - mood.name.size() : 1, ' ') << mood.description << "\n";
            return kOk;
        });
    }

    Common common_;
    Making making_;
    LimitOptions limit_;
    std::vector<std::string> inputs_;
    std::string demoFolder_, failOn_, schemaName_;
};

// CLI11's words on wrong usage, with the nearest flag or command where one is meant.
std::string usageText(const CLI::App& app, const CLI::Error& error, int argc, char** argv) {
    std::string text = error.what();
    std::vector<std::string> known;
    const CLI::App* command = &app;
    for (const CLI::App* sub : app.get_subcommands()) command = sub;
    for (const CLI::Option* option : command->get_options())
        for (const std::string& name : option->get_lnames()) known.push_back("--" + name);
    if (command == &app)
        for (const CLI::App* sub : app.get_subcommands({})) known.push_back(sub->get_name());
    for (int i = 1; i < argc; ++i) {
        std::string word = argv[i];
        if (const auto equals = word.find('='); equals != std::string::npos) word.resize(equals);
        const bool flag = word.starts_with("--");
        const bool commandWord = i == 1 && command == &app;
        if (!(flag || commandWord) || std::find(known.begin(), known.end(), word) != known.end()) continue;
        text = (flag ? "unknown flag " : "unknown command ") + word;
        if (const auto close = nearest(word, known)) text += "; did you mean " + *close + "?";
        break;
    }
    const std::string name = command == &app ? "tonewright" : "tonewright " + command->get_name();
    return text + "\nSee `" + name + " --help`.";
}

void complain(const std::string& text) { std::fprintf(stderr, "tonewright: %s\n", text.c_str()); }

}  // namespace

int runCommand(int argc, char** argv) {
    catchSignals();
    CLI::App app("Tonewright: a mixing and mastering engineer in software.\n"
                 "Give it raw recordings or a mix; get back a mix, a master, and the reason for every decision.",
                 "tonewright");
    app.set_version_flag("--version", std::string("tonewright ") + TONEWRIGHT_VERSION);
    app.require_subcommand(1);
    app.get_formatter()->column_width(36);
    Commands commands(app);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        if (error.get_exit_code() == static_cast<int>(CLI::ExitCodes::Success)) return app.exit(error);  // --help, --version
        complain(usageText(app, error, argc, argv));
        return kUsage;
    }
    try {
        return flushed(commands.action());
    } catch (const Error& error) {
        complain(error.what());
        return exitCode(error.kind());
    } catch (const std::bad_alloc&) {
        complain("there is not enough memory for this. Close other programs, or pass --threads 1");
        return kInternal;
    } catch (const fs::filesystem_error& error) {
        complain(std::string(error.what()));
        return exitCode(ErrorKind::input);
    } catch (const std::exception& error) {
        complain(std::string("internal error: ") + error.what() + ". This is a fault of ours; please report it");
        return kInternal;
    }
}

}  // namespace tonewright
