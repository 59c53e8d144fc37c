#pragma once
#include <vector>

#include "core/fields.h"
#include "dsp/filter_design.h"

namespace tonewright {

// What a detector hears: a low cut (12 dB an octave) and a bell, both optional, on a copy of the signal.
class SidechainFilter {
public:
    struct Params {
        double lowCutHz = 0.0;  // 0: none
        double bellHz = 3000.0;
        double bellGainDb = 0.0;  // 0: none
        double bellQ = 1.0;

        bool operator==(const Params&) const = default;

        template <class Self, class Visitor>
        static void fields(Self& p, Visitor& v) {
            v.number("sidechainLowCutHz", p.lowCutHz, {0.0, 20000.0}, "the detector does not hear what is below; 0 hears all");
            v.number("sidechainBellHz", p.bellHz, {10.0, 40000.0}, "centre of the detector's bell");
            v.number("sidechainBellGainDb", p.bellGainDb, {-36.0, 36.0}, "gain of the detector's bell; 0 is none");
            v.number("sidechainBellQ", p.bellQ, {0.05, 50.0}, "narrowness of the detector's bell");
        }
    };

    SidechainFilter(const Params& params, const StreamSpec& spec) {
        if (params.lowCutHz > 0.0) add({.type = BandType::lowCut, .frequencyHz = params.lowCutHz}, spec);
        if (params.bellGainDb != 0.0)
            add({.type = BandType::bell, .frequencyHz = params.bellHz, .gainDb = params.bellGainDb, .q = params.bellQ}, spec);
        channels_ = spec.channels;
    }

    bool hearsAll() const { return filters_.empty(); }
    void reset() {
        for (Svf& filter : filters_) filter.reset();
    }
    double operator()(int channel, double x) {
        for (std::size_t i = channel; i < filters_.size(); i += channels_) x = filters_[i](x);
        return x;
    }

private:
    void add(const EqualizerBand& band, const StreamSpec& spec) {
        for (const AnalogueSection& section : analogueSections(band))
            filters_.insert(filters_.end(), spec.channels, Svf(matched(section, spec.sampleRateHz)));
    }

    std::vector<Svf> filters_;  // filter by filter, channel by channel
    int channels_ = 1;
};

}  // namespace tonewright
