#include <algorithm>
#include <cmath>

#include "core/text.h"
#include "plan/step.h"

namespace tonewright {

namespace {

// The sign is that of the number as shown: what rounds to nothing has none.
std::string signedDb(double db) {
    const double shown = roundTo(db, 0.1);
    return (shown > 0.0 ? "+" : shown < 0.0 ? "\u2212" : "") + fixed(std::abs(shown), 1) + " dB";
}
std::string db(double value) {
    const double shown = roundTo(value, 0.1);
    return (shown < 0.0 ? "\u2212" : "") + fixed(std::abs(shown), 1) + " dB";
}
std::string ms(double value) { return fixed(value, value < 10.0 ? 1 : 0) + " ms"; }
std::string percent(double share) { return fixed(100.0 * share, 0) + " %"; }

// Overloads, one a processor: what a musician would say of the settings.

std::string words(const Gain::Params& p) { return signedDb(p.gainDb); }

std::string words(const Panner::Params& p) {
    std::string place = "centre";
    if (std::abs(p.position) >= 0.005) place = percent(std::abs(p.position)) + (p.position < 0.0 ? " left" : " right");
    if (p.source == Panner::Source::stereo && p.width != 1.0) place += ", width " + percent(p.width);
    return place;
}

std::string words(const Alignment::Params& p) {
    std::string text;
    if (p.invertPolarity) text = "polarity inverted";
    if (p.delayFrames != 0.0)
        text += (text.empty() ? "" : ", ") + fixed(std::abs(p.delayFrames), 2) + " frames " + (p.delayFrames < 0.0 ? "earlier" : "later");
    return text.empty() ? "left as it is" : text;
}

std::string words(const DcFilter::Params& p) { return "high-pass at " + fixed(p.cornerHz, 1) + " Hz"; }

std::string words(const HumFilter::Params& p) {
    return fixed(p.humHz, 2) + " Hz and " + std::to_string(std::max(0, p.harmonics - 1)) + " harmonics, " + db(-p.depthDb);
}

std::string words(const Gate::Params& p) {
    return "below " + db(p.thresholdDb) + ": " + fixed(p.ratio, 1) + ":1, at most " + db(-p.rangeDb);
}

std::string words(const Equalizer::Params& p) {
    std::vector<std::string> parts;
    for (const auto& band : p.bands) {
        if (!band.enabled) continue;
        switch (band.type) {
            case BandType::lowCut: parts.push_back("low cut at " + hertz(band.frequencyHz)); break;
            case BandType::highCut: parts.push_back("high cut at " + hertz(band.frequencyHz)); break;
            case BandType::notch: parts.push_back("notch at " + hertz(band.frequencyHz)); break;
            case BandType::lowShelf: parts.push_back(signedDb(band.gainDb) + " below " + hertz(band.frequencyHz)); break;
            case BandType::highShelf: parts.push_back(signedDb(band.gainDb) + " above " + hertz(band.frequencyHz)); break;
            case BandType::bell: parts.push_back(signedDb(band.gainDb) + " at " + hertz(band.frequencyHz) + " (Q " + fixed(band.q, 1) + ")"); break;
        }
    }
    return parts.empty() ? "flat" : join(parts, ", ");
}

std::string words(const DynamicEqualizer::Params& p) {
    std::vector<std::string> parts;
    for (const auto& band : p.bands)
        parts.push_back("up to " + signedDb(band.direction == DynamicEqualizer::Direction::cut ? -band.rangeDb : band.rangeDb) + " at " +
                        hertz(band.frequencyHz) + " when it exceeds " + db(band.thresholdDb));
    return parts.empty() ? "flat" : join(parts, ", ");
}

std::string words(const ComponentEqualizer::Params& p) {
    static constexpr const char* kParts[] = {"kick", "all but the kick", "middle", "sides"};
    return std::string(kParts[static_cast<std::size_t>(p.component)]) + " of " + hertz(p.lowHz) + " to " + hertz(p.highHz) + ": component " + signedDb(p.gainDb);
}

std::string words(const CurveFilter::Params& p) {
    if (p.points.empty()) return "flat";
    const auto [least, most] = std::minmax_element(p.points.begin(), p.points.end(), [](const auto& a, const auto& b) { return a.gainDb < b.gainDb; });
    const std::string where = p.channels == CurveFilter::Channels::both ? "" : p.channels == CurveFilter::Channels::mid ? " on the middle" : " on the sides";
    return "drawn curve" + where + ", from " + signedDb(least->gainDb) + " at " + hertz(least->frequencyHz) + " to " + signedDb(most->gainDb) + " at " +
           hertz(most->frequencyHz);
}
std::string words(const DeEsser::Params& p) { return "up to " + db(-p.rangeDb) + " above " + hertz(p.frequencyHz); }

std::string words(const Compressor::Params& p) {
    return fixed(p.ratio, 1) + ":1 above " + db(p.thresholdDb) + ", attack " + ms(p.attackMs) + ", release " + ms(p.releaseMs) +
           (p.makeupGainDb != 0.0 ? ", make-up " + signedDb(p.makeupGainDb) : "") + (p.mix < 1.0 ? ", " + percent(p.mix) + " mixed in" : "");
}

std::string words(const MultibandCompressor::Params& p) {
    std::vector<std::string> parts;
    for (std::size_t i = 0; i < p.bands.size(); ++i) {
        const MultibandCompressor::Band& band = p.bands[i];
        if (band.ratio == 1.0 && band.makeupGainDb == 0.0) continue;
        const bool first = i == 0, last = i + 1 == p.bands.size();
        const std::string where = first && last ? "everywhere" : first ? "below " + hertz(band.upperHz) : (last ? "above " : "from ") + hertz(p.bands[i - 1].upperHz) + (last ? "" : " to " + hertz(band.upperHz));
        parts.push_back(where + ": " + fixed(band.ratio, 1) + ":1 above " + db(band.thresholdDb) + (band.makeupGainDb != 0.0 ? ", make-up " + signedDb(band.makeupGainDb) : ""));
    }
    return parts.empty() ? "nothing compressed" : join(parts, "; ");
}
std::string words(const TransientShaper::Params& p) { return "attack " + signedDb(p.attackDb) + ", sustain " + signedDb(p.sustainDb); }

std::string words(const SaturatorParams& p) {
    return std::string(kSaturatorKindNames[static_cast<std::size_t>(p.kind)]) + ", drive " + signedDb(p.driveDb) + ", " + percent(p.mix) + " mixed in";
}

std::string words(const StereoWidth::Params& p) {
    std::vector<std::string> parts;
    if (p.lowWidth != 1.0) parts.push_back("lows " + percent(p.lowWidth));
    if (p.midWidth != 1.0) parts.push_back("mids " + percent(p.midWidth));
    if (p.highWidth != 1.0) parts.push_back("highs " + percent(p.highWidth));
    if (p.monoBelowHz > 0.0) parts.push_back("mono below " + hertz(p.monoBelowHz));
    return parts.empty() ? "as it is" : "width: " + join(parts, ", ");
}

std::string words(const Delay::Params& p) {
    return "echo " + ms(p.timeLeftMs) + (p.timeLeftMs != p.timeRightMs ? " / " + ms(p.timeRightMs) : "") + ", feedback " + percent(p.feedback);
}

std::string words(const ReverbParams& p) {
    return std::string(kReverbTypeNames[static_cast<std::size_t>(p.type)]) + ", " + fixed(p.decaySeconds, 1) + " s, pre-delay " + ms(p.preDelayMs);
}

std::string words(const GainEnvelope::Params& p) {
    if (p.points.empty()) return "level as it is";
    const auto [least, most] = std::ranges::minmax_element(p.points, {}, &GainEnvelope::Point::gainDb);
    const auto level = [](double db) { return db <= -60.0 ? std::string("silence") : signedDb(db); };
    return "level moves between " + level(least->gainDb) + " and " + level(most->gainDb) + ", " + std::to_string(p.points.size()) + " points";
}
std::string words(const Fade::Params& p) {
    return p.inFrames > 0.0 && p.outFrames > 0.0 ? "fade-in and fade-out" : p.outFrames > 0.0 ? "fade-out" : p.inFrames > 0.0 ? "fade-in" : "no fade";
}

std::string words(const Trim::Params& p) {
    std::vector<std::string> parts;
    if (p.startSeconds > 0.0) parts.push_back("begins at " + fixed(p.startSeconds, 2) + " s");
    if (p.endSeconds > 0.0) parts.push_back("ends at " + fixed(p.endSeconds, 2) + " s");
    return parts.empty() ? "nothing taken away" : join(parts, ", ");
}

std::string words(const ChannelMatrix::Params& p) {
    const auto channel = [](double left, double right) {
        if (left == 0.0 && right == 0.0) return std::string("nothing");
        std::vector<std::string> parts;
        for (const auto& [gain, name] : {std::pair{left, "left"}, std::pair{right, "right"}})
            if (gain != 0.0)
                parts.push_back((gain < 0.0 ? "inverted " : "") + std::string(name) + (std::abs(gain) != 1.0 ? " " + signedDb(20.0 * std::log10(std::abs(gain))) : ""));
        return join(parts, " + ");
    };
    return "left: " + channel(p.leftFromLeft, p.leftFromRight) + "; right: " + channel(p.rightFromLeft, p.rightFromRight);
}

std::string words(const Limiter::Params& p) {
    return signedDb(p.inputGainDb) + " into a ceiling of " + db(p.ceilingDb) + " true peak, release " + ms(p.releaseMs);
}

}  // namespace

std::string describe(const Step& step) {
    std::string text = std::visit([](const auto& params) { return words(params); }, step.params);
    if (!step.key.empty()) text += ", keyed by " + step.key;
    if (!step.enabled) text += " (bypassed)";
    return text;
}

}  // namespace tonewright
