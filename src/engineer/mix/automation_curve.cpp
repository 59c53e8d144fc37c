#include "engineer/mix/automation_curve.h"

#include <algorithm>

#include "core/decibels.h"
#include "core/text.h"
#include "engineer/decision.h"

namespace tonewright {

namespace {

// Adds a point; one in the middle of a level stretch is left out.
void add(std::vector<GainEnvelope::Point>& points, double seconds, double gainDb) {
    GainEnvelope::Point point{roundTo(std::max(0.0, seconds), 0.01), roundDb(gainDb)};
    if (!points.empty()) point.timeSeconds = std::max(point.timeSeconds, points.back().timeSeconds);
    const std::size_t count = points.size();
    if (count >= 2 && points[count - 1].gainDb == point.gainDb && points[count - 2].gainDb == point.gainDb) points.pop_back();
    points.push_back(point);
}

}  // namespace

GainEnvelope::Params heldLevels(std::span<const LevelMove> moves, double shortestRamp, double longestRamp) {
    GainEnvelope::Params params;
    if (moves.empty()) return params;
    add(params.points, moves.front().startSeconds, moves.front().gainDb);
    for (std::size_t i = 1; i < moves.size(); ++i) {
        const LevelMove &before = moves[i - 1], &after = moves[i];
        double from = before.endSeconds, to = after.startSeconds;
        if (to - from < shortestRamp) {
            const double middle = 0.5 * (from + to);
            from = std::max(middle - 0.5 * shortestRamp, 0.5 * (before.startSeconds + before.endSeconds));
            to = std::min(middle + 0.5 * shortestRamp, 0.5 * (after.startSeconds + after.endSeconds));
        }
        add(params.points, std::max(from, to - longestRamp), before.gainDb);
        add(params.points, to, after.gainDb);
    }
    while (params.points.size() >= 2 && params.points.back().gainDb == params.points[params.points.size() - 2].gainDb) params.points.pop_back();
    return params;
}

GainEnvelope::Params excursions(std::span<const LevelMove> moves, double fadeIn, double fadeOut) {
    GainEnvelope::Params params;
    double freeFrom = 0.0;   // where the move before is over
    for (const LevelMove& move : moves) {
        const bool fromStart = move.startSeconds <= 0.0;
        if (!fromStart) add(params.points, std::max(freeFrom, move.startSeconds - fadeIn), 0.0);
        add(params.points, move.startSeconds, move.gainDb);
        add(params.points, move.endSeconds, move.gainDb);
        freeFrom = move.endSeconds + fadeOut;
        add(params.points, freeFrom, 0.0);
    }
    return params;
}

std::vector<double> envelopeOverTime(const GainEnvelope::Params& params, const SketchGrid& grid) {
    const GainEnvelope envelope(params, {48000.0, 1});
    std::vector<double> gains(grid.frames);
    for (int f = 0; f < grid.frames; ++f) gains[f] = dbToPower(envelope.gainDbAt((f + 0.5) * grid.frameSeconds));
    return gains;
}

}  // namespace tonewright
