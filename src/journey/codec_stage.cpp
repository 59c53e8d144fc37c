#include "journey/codec_stage.h"

#include <algorithm>
#include <cmath>

#include "core/text.h"

namespace tonewright {

namespace {

constexpr double kLeastCeilingDb = -30.0;  // of the limiter's own range

// What is lowered in the plan: the ceiling of the master's limiter, and a trim at the very end.
class Lowering {
public:
    Lowering(Plan& plan, const MasterResult& result, const CodecTuning& tuning) : plan_(plan) {
        const auto last = std::find_if(plan.master.rbegin(), plan.master.rend(), [](const Step& step) { return step.enabled && step.type() != "fade"; });
        const auto limiter = std::find_if(last, plan.master.rend(), [](const Step& step) { return step.enabled && step.type() == "limiter"; });
        if (limiter == plan.master.rend() || limiter->locked || limiter->origin == Origin::user) return;
        limiterId_ = limiter->id;
        ceilingDb_ = std::get<Limiter::Params>(limiter->params).ceilingDb;
        double reductionDb = 0.0;
        for (const StepWork& work : result.work)
            if (work.stepId == limiterId_) reductionDb = work.maxReductionDb;
        // Where nobody asked for a loudness, and limiting did not make it, the level may give way and the music stays as it is.
        byCeiling_ = plan.intent.asksLoudness() || reductionDb < tuning.idleDb;
        // Under a ceiling that no peak reaches there is room that must be gone before anything is lowered.
        const double peakDb = result.facts.loudness.truePeakDbtp;
        if (limiter == last && peakDb < ceilingDb_ - 0.15) unusedDb_ = ceilingDb_ - std::floor(peakDb * 10.0) / 10.0;
    }

    bool byCeiling() const { return byCeiling_; }

    void apply(const CodecStep& step) {
        if (step.loweredDb > 0.0) std::get<Limiter::Params>(at(limiterId_).params).ceilingDb = ceilingAfterDb(step);
        if (step.trimmedDb <= 0.0) return;
        if (trimId_.empty()) {
            trimId_ = freeId("master.codec-trim");
            plan_.master.push_back({.id = trimId_, .params = Gain::Params{}});
        }
        std::get<Gain::Params>(at(trimId_).params).gainDb = -step.trimmedDb;
    }

    // Each step that was lowered says why.
    void explain(const Reason& reason, const CodecStep& step) {
        if (step.loweredDb > 0.0) at(limiterId_).because.push_back(reason);
        if (!trimId_.empty()) at(trimId_).because = {reason};
    }

    std::string whatText(const CodecStep& step) const {
        std::string text;
        if (step.loweredDb > 0.0) text = "the ceiling was taken from " + fixed(ceilingDb_, 1) + " to " + fixed(ceilingAfterDb(step), 1) + " dBTP";
        if (step.trimmedDb > 0.0) text += (text.empty() ? "" : " and ") + std::string("the level was turned down by ") + fixed(step.trimmedDb, 1) + " dB";
        return text;
    }

private:
    double ceilingAfterDb(const CodecStep& step) const { return std::max(kLeastCeilingDb, roundTo(ceilingDb_ - unusedDb_ - step.loweredDb, 0.01)); }

    Step& at(const std::string& id) {
        return *std::find_if(plan_.master.begin(), plan_.master.end(), [&](const Step& each) { return each.id == id; });
    }
    std::string freeId(const std::string& wanted) const {
        std::string id = wanted;
        for (int n = 2; std::any_of(plan_.master.begin(), plan_.master.end(), [&](const Step& step) { return step.id == id; }); ++n)
            id = wanted + "-" + std::to_string(n);
        return id;
    }

    Plan& plan_;
    std::string limiterId_, trimId_;  // empty: none that may be moved; none yet
    bool byCeiling_ = false;
    double ceilingDb_ = 0.0, unusedDb_ = 0.0;
};

CodecStep stepOf(const CodecRound& round) { return {round.loweredDb, round.trimmedDb}; }

std::string peakText(const CodecResult& result) {
    const double shown = roundTo(result.truePeakDbtp, 0.1);
    return (shown > 0.0 ? "+" : "") + fixed(shown, 1) + " dBTP";
}

Reason reasonOf(const CodecHistory& history, const Lowering& lowering) {
    const CodecRound &first = history.rounds.front(), &last = history.rounds.back();
    const std::size_t before = history.worst(first), after = history.worst(last);
    const CodecTarget& worst = history.targets[before];
    const std::string text = "Encoded as " + std::string(worst.setting.label) + ", its peaks would have come out at " + peakText(first.codecs[before]) + "; " +
                             lowering.whatText(stepOf(last)) +
                             (history.held() ? ", and every codec that was checked stays within its limit." : ", which was not enough.");
    const auto peak = [](const CodecResult& result) { return roundTo(result.truePeakDbtp, 0.01); };
    return {.rule = "master.codec-check",
            .text = text,
            .evidence = {{"decodedTruePeakDbtp", peak(first.codecs[before]), "dBTP", "limit " + fixed(worst.limitDbtp, 1) + ", before"},
                         {"decodedTruePeakDbtp", peak(last.codecs[after]), "dBTP", std::string(history.targets[after].setting.label) + ", the highest now"},
                         {"loweredDb", last.totalDb(), "dB", "rounds " + std::to_string(history.rounds.size() - 1)}},
            .confidence = 0.9};
}

}  // namespace

std::optional<CodecStep> nextCodecStep(const CodecHistory& history, bool byCeiling, const CodecTuning& tuning) {
    const CodecRound& last = history.rounds.back();
    const auto made = static_cast<int>(history.rounds.size()) - 1;
    if (!(history.worstExcessDb(last) + tuning.nearDb > 0.0) || made >= tuning.mostRounds) return std::nullopt;
    // How far down each round would just have held, were decoded peaks to follow.
    const auto neededDb = [&](const CodecRound& round) { return round.totalDb() + history.worstExcessDb(round) + tuning.reserveDb; };
    double mostNeededDb = 0.0;
    for (const CodecRound& round : history.rounds) mostNeededDb = std::max(mostNeededDb, neededDb(round));
    double wantedDb = 0.0;
    if (made == 0) wantedDb = std::min(neededDb(last), tuning.firstMostDb);
    else if (made + 1 < tuning.mostRounds) wantedDb = neededDb(last) + tuning.secondMarginDb;
    else wantedDb = 0.5 * (neededDb(last) + mostNeededDb) + tuning.lastMarginDb;
    wantedDb = std::min(std::ceil(wantedDb * 10.0 - 1e-6) / 10.0, tuning.mostDb);
    const double furtherDb = roundTo(wantedDb - last.totalDb(), 0.1);
    if (furtherDb <= 0.0) return std::nullopt;

    if (byCeiling && made > 0) {
        const CodecRound& previous = history.rounds[history.rounds.size() - 2];
        const double cameDownDb = history.worstExcessDb(previous) - history.worstExcessDb(last);
        byCeiling = last.trimmedDb == 0.0 && cameDownDb >= tuning.leastResponse * (last.totalDb() - previous.totalDb());
    }
    return byCeiling ? CodecStep{roundTo(last.loweredDb + furtherDb, 0.1), last.trimmedDb} : CodecStep{last.loweredDb, roundTo(last.trimmedDb + furtherDb, 0.1)};
}

void checkThroughCodecs(const CodecTask& task, const std::filesystem::path& master, MasterResult& result, WorkPool& pool, Progress& progress) {
    if (task.targets.empty()) return;
    result.codecs = {.targets = task.targets, .rounds = {{.codecs = checkCodecs(master, task.settings(), pool, progress)}}};
}

void holdThroughCodecs(const CodecTask& task, const std::filesystem::path& master, Plan& plan, MasterResult& result,
                       const MakeAgain& makeAgain, WorkPool& pool, Progress& progress) {
    if (task.targets.empty()) return;
    const CodecTuning tuning;
    checkThroughCodecs(task, master, result, pool, progress);
    CodecHistory history = result.codecs;
    Lowering lowering(plan, result, tuning);
    while (const auto step = nextCodecStep(history, lowering.byCeiling(), tuning)) {
        lowering.apply(*step);
        makeAgain(step->trimmedDb);
        history.rounds.push_back({step->loweredDb, step->trimmedDb, checkCodecs(master, task.settings(), pool, progress)});
    }
    if (history.rounds.size() > 1) {
        const Reason reason = reasonOf(history, lowering);
        lowering.explain(reason, stepOf(history.rounds.back()));
        if (history.rounds.back().trimmedDb > 0.0) (plan.intent.asksLoudness() ? result.targetText : plan.delivery.text) += " " + reason.text;
    }
    result.codecs = std::move(history);
}

void judgeCodecs(MasterResult& result) {
    if (result.codecs.held()) return;
    const CodecRound& last = result.codecs.rounds.back();
    const std::size_t worst = result.codecs.worst(last);
    const std::size_t rounds = result.codecs.rounds.size() - 1;
    const std::string said = "Encoded as " + std::string(last.codecs[worst].setting.label) + ", its peaks come out at " + fixed(last.codecs[worst].truePeakDbtp, 2) +
                             " dBTP, over the limit of " + fixed(result.codecs.targets[worst].limitDbtp, 1) + " dBTP" +
                             (rounds > 0 ? ", although the master was lowered by " + fixed(last.totalDb(), 1) + " dB in " + std::to_string(rounds) + " rounds."
                                         : ". Lower the limiter's ceiling in the plan, or master again with --codec-check on.");
    result.targetReached = false;
    result.targetText = said + (result.targetText.empty() ? "" : " ") + result.targetText;
}

}  // namespace tonewright
