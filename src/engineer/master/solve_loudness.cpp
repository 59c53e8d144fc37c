#include <algorithm>
#include <cmath>
#include <optional>
#include <vector>

#include "core/text.h"
#include "engineer/decision.h"
#include "engineer/master/plan_master.h"

// master.limiter: the limiter's drive, by trial.
namespace tonewright {

namespace {

struct SolveTuning {
    double toleranceLu = 0.05;
    double wideDb = 1.6;         // two trials this near: between them loudness is as good as straight
    double reachDb = 0.3;        // and so far beyond the outermost
    double slopeDb = 0.3;        // so far on either side the estimates tell how loudness follows the drive
    int mostRounds = 3;
    int mostJudgingRounds = 3;   // of two drives each
    double gradeStep = 0.1;      // the budget is met when so little of it is left
    double mostReductionDb = 24.0;
    double unheardDb = 1.0;      // peaks held by less need no judging
};
constexpr double kMostDriveDb = 40.0;  // of the limiter's own range
constexpr double kIdleDb = 0.01;       // less reduction than this is none

// What has been measured: loudness and reduction over drive. Between trials straight lines; beyond them the slope of the
// last two, or that of plain gain where the limiter rests.
class DriveCurve {
public:
    void add(const std::vector<LoudnessTrial>& trials) {
        for (const LoudnessTrial& trial : trials)
            if (std::isfinite(trial.loudness.integratedLufs)) points_.push_back(trial);
        std::sort(points_.begin(), points_.end(), [](const auto& a, const auto& b) { return a.driveDb < b.driveDb; });
        points_.erase(std::unique(points_.begin(), points_.end(), [](const auto& a, const auto& b) { return a.driveDb == b.driveDb; }), points_.end());
    }
    bool empty() const { return points_.empty(); }
    const LoudnessTrial& lowest() const { return points_.front(); }
    const LoudnessTrial& highest() const { return points_.back(); }

    const LoudnessTrial& nearest(double lufs) const {
        return *std::min_element(points_.begin(), points_.end(), [&](const LoudnessTrial& a, const LoudnessTrial& b) {
            return std::abs(a.loudness.integratedLufs - lufs) < std::abs(b.loudness.integratedLufs - lufs);
        });
    }
    bool measured(double driveDb) const {
        return std::any_of(points_.begin(), points_.end(), [&](const LoudnessTrial& trial) { return trial.driveDb == driveDb; });
    }

    double loudnessAt(double driveDb) const {
        if (driveDb <= lowest().driveDb) return loudness(0) + (driveDb - lowest().driveDb) * slopeBelow();
        if (driveDb >= highest().driveDb) return highest().loudness.integratedLufs + (driveDb - highest().driveDb) * slopeAbove();
        return between(driveDb, [](const LoudnessTrial& trial) { return trial.loudness.integratedLufs; });
    }
    double driveFor(double lufs) const {
        if (lufs <= loudness(0)) return lowest().driveDb + (lufs - loudness(0)) / slopeBelow();
        for (std::size_t i = 1; i < points_.size(); ++i)
            if (lufs <= loudness(i)) {
                const double rise = loudness(i) - loudness(i - 1);
                const double share = rise > 0.0 ? (lufs - loudness(i - 1)) / rise : 1.0;
                return points_[i - 1].driveDb + share * (points_[i].driveDb - points_[i - 1].driveDb);
            }
        return highest().driveDb + (lufs - highest().loudness.integratedLufs) / slopeAbove();
    }
    // The deepest reduction follows the drive one to one, wherever the limiter works.
    double maxReductionAt(double driveDb) const {
        if (highest().maxReductionDb > -kIdleDb) return 0.0;
        return std::min(0.0, highest().maxReductionDb - (driveDb - highest().driveDb));
    }
    double meanReductionAt(double driveDb) const {
        if (maxReductionAt(driveDb) == 0.0) return 0.0;
        const auto mean = [](const LoudnessTrial& trial) { return trial.meanReductionDb; };
        if (points_.size() < 2) return highest().meanReductionDb;
        if (driveDb > lowest().driveDb && driveDb < highest().driveDb) return between(driveDb, mean);
        const bool below = driveDb <= lowest().driveDb;
        const LoudnessTrial& a = below ? points_[0] : points_[points_.size() - 2];
        const LoudnessTrial& b = below ? points_[1] : points_[points_.size() - 1];
        const double slope = std::clamp((b.meanReductionDb - a.meanReductionDb) / (b.driveDb - a.driveDb), -1.0, 0.0);
        const double from = below ? a.meanReductionDb : b.meanReductionDb;
        return std::min(0.0, from + slope * (driveDb - (below ? a.driveDb : b.driveDb)));
    }
    // Whether loudness there is known well enough without measuring it.
    bool knows(double driveDb, const SolveTuning& tuning) const {
        if (empty()) return false;
        if (idleAt(highest()) && driveDb <= highest().driveDb) return true;
        if (idleAt(lowest()) && driveDb <= lowest().driveDb) return true;
        for (std::size_t i = 0; i < points_.size(); ++i) {
            if (std::abs(points_[i].driveDb - driveDb) <= 0.02) return true;
            if (i > 0 && points_[i - 1].driveDb <= driveDb && driveDb <= points_[i].driveDb)
                return points_[i].driveDb - points_[i - 1].driveDb <= tuning.wideDb;
        }
        return points_.size() > 1 && driveDb >= lowest().driveDb - tuning.reachDb && driveDb <= highest().driveDb + tuning.reachDb;
    }

private:
    static bool idleAt(const LoudnessTrial& trial) { return trial.maxReductionDb > -kIdleDb; }
    double loudness(std::size_t i) const { return points_[i].loudness.integratedLufs; }
    double slope(std::size_t i, std::size_t j) const {
        return std::clamp((loudness(j) - loudness(i)) / (points_[j].driveDb - points_[i].driveDb), 0.15, 1.0);
    }
    double slopeBelow() const { return idleAt(lowest()) || points_.size() < 2 ? 1.0 : slope(0, 1); }
    double slopeAbove() const { return points_.size() < 2 ? (idleAt(highest()) ? 1.0 : 0.9) : slope(points_.size() - 2, points_.size() - 1); }
    template <class Value>
    double between(double driveDb, Value value) const {
        const auto after = std::lower_bound(points_.begin() + 1, points_.end() - 1, driveDb,
                                            [](const LoudnessTrial& trial, double drive) { return trial.driveDb < drive; });
        const LoudnessTrial &b = *after, &a = *(after - 1);
        return value(a) + (value(b) - value(a)) * (driveDb - a.driveDb) / (b.driveDb - a.driveDb);
    }

    std::vector<LoudnessTrial> points_;
};

Step* findLimiter(Plan& plan) {
    for (std::size_t i = plan.master.size(); i-- > 0;)
        if (plan.master[i].enabled && plan.master[i].type() == "limiter") return &plan.master[i];
    return nullptr;
}

double bounded(double driveDb) { return std::clamp(roundTo(driveDb, 0.01), -kMostDriveDb, kMostDriveDb); }

// Drive at which the first peak reaches the ceiling, as far as the trials tell.
double restingDriveDb(const DriveCurve& curve) { return curve.highest().driveDb + curve.highest().maxReductionDb; }

// How much of the budget is left, in grades.
double marginOf(const LimitingDamage& damage, const DamageBudget& budget) {
    return std::min(damage.meanGrade - budget.meanGrade, damage.worstGrade - budget.worstGrade);
}

struct Judged {
    double driveDb = 0.0;
    LimitingDamage damage;
};

// The highest drive up to `wantedDb` that the budget allows. Damage grows with the drive: two drives are judged a round, where
// a straight line between the last allowed and the first refused one expects the limit, and a little beside it.
Judged withinBudget(const DriveCurve& curve, double wantedDb, const DamageBudget& budget, const DamageTrials& damage, const SolveTuning& tuning) {
    Judged allowed{.driveDb = restingDriveDb(curve), .damage = {}};
    Judged refused{.driveDb = wantedDb, .damage = damage({wantedDb}).at(0)};
    if (budget.allows(refused.damage)) return refused;
    for (int round = 0; round < tuning.mostJudgingRounds; ++round) {
        const double low = marginOf(allowed.damage, budget), high = marginOf(refused.damage, budget), range = refused.driveDb - allowed.driveDb;
        if (low <= tuning.gradeStep || range <= 0.1) break;
        // Grades fall off slowly at first and at the end: an estimate near the edge of the interval is not believed.
        const double share = std::clamp(low / (low - high), 0.2, 0.8);
        const double first = bounded(allowed.driveDb + (share - 0.15) * range), second = bounded(allowed.driveDb + (share + 0.15) * range);
        const std::vector<LimitingDamage> heard = damage({first, second});
        if (budget.allows(heard.at(0))) allowed = {first, heard[0]};
        else refused = {first, heard[0]};
        if (budget.allows(heard[0]) && budget.allows(heard.at(1))) allowed = {second, heard[1]};
        else if (budget.allows(heard[0])) refused = {second, heard[1]};
    }
    return allowed;
}

std::string db(double value) { return fixed(std::abs(value), 1) + " dB"; }

// A grade in words, after the scale of ITU-R BS.1116.
std::string heardAs(double grade) {
    if (grade > -0.5) return "not heard";
    if (grade > -1.5) return "hardly heard";
    if (grade > -2.5) return "heard, slightly annoying at worst";
    if (grade > -3.3) return "clearly heard";
    return "heard as damage";
}

void explain(Step& limiter, const LoudnessFacts& before, const DriveCurve& curve, double targetLufs, const std::optional<LimitingDamage>& damage) {
    const double driveDb = std::get<Limiter::Params>(limiter.params).inputGainDb;
    const double afterLufs = curve.loudnessAt(driveDb), maxDb = curve.maxReductionAt(driveDb), meanDb = curve.meanReductionAt(driveDb);
    std::string text = "Brings the programme to " + fixed(afterLufs, 1) + " LUFS";
    if (maxDb > -0.05)
        text += "; no peak reaches the ceiling, so nothing is limited.";
    else if (maxDb > -1.0)
        text += "; only its highest peaks are held, by " + db(maxDb) + " at most.";
    else
        text += "; the highest peaks are held down by " + db(maxDb) + ", " + db(meanDb) + " on average while it works.";
    Reason reason{.rule = "master.limiter",
                  .text = text,
                  .evidence = {evidence("integratedLufs", before.integratedLufs, "LUFS", "before the limiter"),
                               evidence("integratedLufs", afterLufs, "LUFS", "target " + fixed(targetLufs, 1)),
                               evidence("inputGainDb", driveDb, "dB", "drive"), evidence("maxReductionDb", maxDb, "dB"),
                               evidence("meanReductionDb", meanDb, "dB")}};
    if (damage) {
        reason.text += " At the same loudness the limiting is " + heardAs(damage->worstGrade) + " in the passage that it changes most (" +
                       minutesSeconds(damage->worstSeconds) + "), " + heardAs(damage->meanGrade) + " on average.";
        reason.evidence.push_back(evidence("objectiveDifferenceGrade", damage->worstGrade, "", "worst five seconds; 0 not heard, -4 very annoying"));
        reason.evidence.push_back(evidence("objectiveDifferenceGrade", damage->meanGrade, "", "mean"));
    }
    limiter.because = {std::move(reason)};
}

// The drive that lands on the target, as far as the trials tell, within what the limiter may be asked for.
double wantedDrive(const DriveCurve& curve, double targetLufs, const SolveTuning& tuning) {
    return bounded(std::min(curve.driveFor(targetLufs), std::max(curve.highest().driveDb, restingDriveDb(curve) + tuning.mostReductionDb)));
}

// Brings estimates around the drive that lands on the target, until loudness there is known; returns that drive.
double estimateDrive(DriveCurve& estimate, double targetLufs, double plainDb, double expectedDb, const LoudnessTrials& trials, const SolveTuning& tuning) {
    std::vector<double> drives = {bounded(plainDb + 0.5 * expectedDb)};
    if (expectedDb > 0.0) drives.push_back(bounded(plainDb + 0.5 * expectedDb + std::clamp(expectedDb, 0.4, 1.5)));
    double wantedDb = drives.front();
    for (int round = 0; round < tuning.mostRounds; ++round) {
        estimate.add(trials(drives));
        if (estimate.empty()) return wantedDb;
        wantedDb = wantedDrive(estimate, targetLufs, tuning);
        if (estimate.knows(wantedDb, tuning)) break;
        const double nearest = wantedDb > estimate.highest().driveDb ? estimate.highest().driveDb : estimate.lowest().driveDb;
        const double around = std::clamp(0.15 * std::abs(wantedDb - nearest), 0.2, 0.7);
        drives = {bounded(wantedDb - around), bounded(wantedDb + around)};
    }
    return wantedDb;
}

// Makes the whole with one drive after the other, from `firstDb` on, until it lands on the target. After the first the
// estimates tell how loudness follows the drive, then what was measured.
double measureDrive(DriveCurve& curve, const DriveCurve& estimate, double targetLufs, double firstDb, const LoudnessTrials& trials, const SolveTuning& tuning) {
    double wantedDb = firstDb;
    for (int round = 0; round < tuning.mostRounds; ++round) {
        curve.add(trials({wantedDb}));
        if (curve.empty()) break;
        const double missingLu = targetLufs - curve.loudnessAt(wantedDb);
        if (std::abs(missingLu) <= tuning.toleranceLu) break;
        double nextDb = wantedDrive(curve, targetLufs, tuning);
        if (round == 0 && !estimate.empty()) {
            const double slope = (estimate.loudnessAt(wantedDb + tuning.slopeDb) - estimate.loudnessAt(wantedDb - tuning.slopeDb)) / (2.0 * tuning.slopeDb);
            nextDb = bounded(std::min(wantedDb + missingLu / std::clamp(slope, 0.15, 1.0), std::max(wantedDb, restingDriveDb(curve) + tuning.mostReductionDb)));
        }
        if (nextDb == wantedDb) break;
        wantedDb = nextDb;
    }
    return curve.empty() ? wantedDb : curve.nearest(targetLufs).driveDb;
}

}  // namespace

LoudnessSolution solveLoudness(Plan& plan, const LoudnessFacts& preLimiter, const LimiterAudition& audition) {
    const SolveTuning tuning;
    LoudnessSolution solution;
    Step* limiter = findLimiter(plan);
    if (!limiter) return {.driveDb = 0.0, .reached = false, .text = "There is no limiter in the master's chain, so its loudness was not set."};
    double& driveDb = std::get<Limiter::Params>(limiter->params).inputGainDb;
    if (!std::isfinite(preLimiter.integratedLufs)) {
        driveDb = 0.0;
        return {.driveDb = 0.0, .reached = false, .text = "The programme has no measurable loudness, so its level was left alone."};
    }

    const bool asked = plan.intent.asksLoudness();
    const double targetLufs = plan.delivery.integratedLufs;
    const double plainDb = targetLufs - preLimiter.integratedLufs;  // were nothing limited
    // The plan's own estimate says how much loudness limiting was expected to cost: the first trials stand around it.
    DriveCurve estimate, curve;
    const double nearDb = estimateDrive(estimate, targetLufs, plainDb, std::clamp(driveDb - plainDb, 0.0, 4.0), audition.estimate, tuning);
    double wantedDb = measureDrive(curve, estimate, targetLufs, nearDb, audition.measure, tuning);
    if (curve.empty())
        return {.driveDb = driveDb, .reached = false, .text = "At this loudness the programme cannot be measured; its level is an estimate."};

    std::optional<LimitingDamage> heard;
    bool overBudget = false;
    if (curve.maxReductionAt(wantedDb) < -tuning.unheardDb) {
        const Judged judged = withinBudget(curve, wantedDb, asked ? kAskedDamage : kAutomaticDamage, audition.judge, tuning);
        heard = judged.damage;
        overBudget = judged.driveDb < wantedDb - 0.005;
        wantedDb = bounded(judged.driveDb);
        if (overBudget) curve.add(audition.measure({wantedDb}));
    }

    double reachedLufs = curve.loudnessAt(wantedDb);
    const bool atTheEnd = std::abs(wantedDb) >= kMostDriveDb;
    if (overBudget && !asked && !atTheEnd) {
        // Nobody asked for that loudness: the honest target is the loudest that does no harm.
        const double honestLufs = std::floor(reachedLufs * 10.0 + 1e-6) / 10.0;
        wantedDb = bounded(curve.driveFor(honestLufs));
        if (!curve.measured(wantedDb)) curve.add(audition.measure({wantedDb}));
        plan.delivery.integratedLufs = honestLufs;
        plan.delivery.text += " It was taken to " + fixed(honestLufs, 1) + " LUFS: louder, and the limiting would be heard in the densest passages. Ask for "
                              "more with --loudness.";
    } else if (std::abs(reachedLufs - targetLufs) > tuning.toleranceLu) {
        solution.reached = false;
        if (atTheEnd)
            solution.text = "The limiter's drive is at the end of its range (" + fixed(wantedDb, 0) +
                            " dB): the programme arrives at it far too quiet or too loud.";
        else if (overBudget)
            solution.text = "Limiting stopped at " + fixed(reachedLufs, 1) + " LUFS, short of " + fixed(targetLufs, 1) + ": it holds peaks by " +
                            db(curve.maxReductionAt(wantedDb)) + " there, and beyond it the music is destroyed (difference grade " +
                            fixed(heard->worstGrade, 1) + " of -4 in the worst passage). For more loudness, make the mix itself denser.";
        else if (curve.maxReductionAt(wantedDb) <= -tuning.mostReductionDb + 0.1)
            solution.text = fixed(targetLufs, 1) + " LUFS would need peaks held down by more than " + fixed(tuning.mostReductionDb, 0) +
                            " dB. Limiting stopped there, at " + fixed(reachedLufs, 1) + " LUFS. For more loudness, make the mix itself denser.";
        else
            solution.text = "Loudness did not follow the drive closely enough to be found in " + std::to_string(tuning.mostRounds) + " rounds of trials.";
        plan.delivery.text += " " + solution.text;
    }
    driveDb = solution.driveDb = wantedDb;
    explain(*limiter, preLimiter, curve, plan.delivery.integratedLufs, heard);
    return solution;
}

}  // namespace tonewright
