#include "render/chain.h"

#include <algorithm>
#include <limits>
#include <stdexcept>
#include <type_traits>
#include <utility>

#include "core/error.h"
#include "render/pad_delay.h"

namespace tonewright {

struct Chain::Node {
    virtual ~Node() = default;
    virtual void process(Block block) = 0;
    virtual int latencyFrames() const = 0;
    virtual std::optional<StepWork> work() const = 0;
};

namespace {

template <class Params>
struct ProcessorOf;
#define TONEWRIGHT_PROCESSOR(P) \
    template <>                 \
    struct ProcessorOf<P::Params> { using type = P; }
TONEWRIGHT_PROCESSOR(Gain);
TONEWRIGHT_PROCESSOR(Panner);
TONEWRIGHT_PROCESSOR(Alignment);
TONEWRIGHT_PROCESSOR(DcFilter);
TONEWRIGHT_PROCESSOR(HumFilter);
TONEWRIGHT_PROCESSOR(Gate);
TONEWRIGHT_PROCESSOR(Equalizer);
TONEWRIGHT_PROCESSOR(DynamicEqualizer);
TONEWRIGHT_PROCESSOR(ComponentEqualizer);
TONEWRIGHT_PROCESSOR(CurveFilter);
TONEWRIGHT_PROCESSOR(DeEsser);
TONEWRIGHT_PROCESSOR(Compressor);
TONEWRIGHT_PROCESSOR(MultibandCompressor);
TONEWRIGHT_PROCESSOR(TransientShaper);
TONEWRIGHT_PROCESSOR(Saturator);
TONEWRIGHT_PROCESSOR(StereoWidth);
TONEWRIGHT_PROCESSOR(Delay);
TONEWRIGHT_PROCESSOR(Reverb);
TONEWRIGHT_PROCESSOR(GainEnvelope);
TONEWRIGHT_PROCESSOR(Fade);
TONEWRIGHT_PROCESSOR(Limiter);
TONEWRIGHT_PROCESSOR(Trim);
TONEWRIGHT_PROCESSOR(ChannelMatrix);
#undef TONEWRIGHT_PROCESSOR

// What stands at a place in time is told how late the stream is.
template <class P>
P makeProcessor(const typename P::Params& params, const StreamSpec& spec, std::int64_t lateFrames) {
    if constexpr (std::is_constructible_v<P, const typename P::Params&, const StreamSpec&, std::int64_t>) {
        return P(params, spec, lateFrames);
    } else {
        return P(params, spec);
    }
}

// What a processor did, where it says so; of several bands, the one that worked hardest.
template <class P>
std::optional<StepWork> workOf(const P& processor, const typename P::Params& params, const std::string& stepId) {
    std::optional<StepWork> hardest;
    const auto consider = [&](double extremeDb, double meanDb) {
        if (!hardest || extremeDb < hardest->maxReductionDb) hardest = StepWork{.stepId = stepId, .maxReductionDb = extremeDb, .meanReductionDb = meanDb};
    };
    if constexpr (std::is_same_v<P, MultibandCompressor>) {
        for (int band = 0; band < static_cast<int>(params.bands.size()); ++band) consider(processor.maxReductionDb(band), processor.meanReductionDb(band));
    } else if constexpr (std::is_same_v<P, DynamicEqualizer>) {
        for (int band = 0; band < static_cast<int>(params.bands.size()); ++band)
            if (params.bands[band].direction == DynamicEqualizer::Direction::cut) consider(processor.extremeGainDb(band), processor.meanGainDb(band));
    } else if constexpr (requires { processor.maxGainDb(); processor.minGainDb(); }) {
        consider(processor.minGainDb(), -std::numeric_limits<double>::infinity());   // of hits: a mean over time says nothing
        hardest->maxRaiseDb = processor.maxGainDb();
    } else if constexpr (requires { processor.maxReductionDb(); processor.meanReductionDb(); processor.workingShare(); }) {
        const double share = processor.workingShare();
        consider(processor.maxReductionDb(), share > 0.0 ? std::max(processor.maxReductionDb(), processor.meanReductionDb() / share) : 0.0);
    } else if constexpr (requires { processor.maxReductionDb(); processor.meanReductionDb(); }) {
        consider(processor.maxReductionDb(), processor.meanReductionDb());
    } else if constexpr (requires { processor.maxReductionDb(); processor.openShare(); }) {
        consider(processor.maxReductionDb(), -std::numeric_limits<double>::infinity());  // a mean over pauses says nothing
    }
    return hardest;
}

template <class P>
concept Keyable = requires(P processor, Block block, ConstBlock key) { processor.processWithKey(block, key); };

}  // namespace

template <class P>
struct Chain::ProcessorNode final : Chain::Node {
    ProcessorNode(const Step& step, const typename P::Params& settings, const StreamSpec& spec, std::int64_t lateFrames)
        : processor(makeProcessor<P>(settings, spec, lateFrames)), params(settings), id(step.id) {}
    void process(Block block) override { processor.process(block); }
    int latencyFrames() const override { return processor.latencyFrames(); }
    std::optional<StepWork> work() const override { return workOf(processor, params, id); }

    P processor;
    typename P::Params params;
    std::string id;
};

// A processor that hears another track: signal and key are delayed to meet.
template <class P>
struct Chain::KeyedNode final : Chain::Node {
    KeyedNode(const Step& step, const typename P::Params& settings, const StreamSpec& spec, int latencySoFar, const Keys& k)
        : processor(settings, spec),
          params(settings),
          id(step.id),
          key(step.key),
          keys(&k),
          padFrames(std::max(0, k.latencyFrames(step.key) - latencySoFar)),
          pad(spec.channels, padFrames),
          keyPad(k.spec(step.key).channels, std::max(0, latencySoFar - k.latencyFrames(step.key))),
          keyBuffer(k.spec(step.key).channels, 0) {}

    void process(Block block) override {
        if (keyBuffer.maxFrames() < block.numFrames) keyBuffer = BlockBuffer(keyBuffer.numChannels(), block.numFrames);
        const ConstBlock heard = keys->block(key);
        for (int c = 0; c < keyBuffer.numChannels(); ++c) std::copy_n(heard.channels[c], block.numFrames, keyBuffer.channel(c));
        const Block late = keyBuffer.block(block.numFrames);
        keyPad.process(late);
        pad.process(block);
        processor.processWithKey(block, late);
    }
    int latencyFrames() const override { return padFrames + processor.latencyFrames(); }
    std::optional<StepWork> work() const override { return workOf(processor, params, id); }

    P processor;
    typename P::Params params;
    std::string id, key;
    const Keys* keys;
    int padFrames;
    PadDelay pad, keyPad;
    BlockBuffer keyBuffer;
};

Chain::Chain(std::span<const Step> steps, const StreamSpec& spec, const Keys* keys, std::int64_t lateFrames) : lateFrames_(lateFrames) {
    for (const Step& step : steps) {
        if (!step.enabled) continue;
        try {
            std::visit(
                [&](const auto& params) {
                    using P = typename ProcessorOf<std::decay_t<decltype(params)>>::type;
                    if constexpr (Keyable<P>) {
                        if (!step.key.empty()) {
                            if (!keys) throw std::invalid_argument("nothing to listen to here");
                            nodes_.push_back(std::make_unique<KeyedNode<P>>(step, params, spec, latencyFrames_, *keys));
                            return;
                        }
                    }
                    nodes_.push_back(std::make_unique<ProcessorNode<P>>(step, params, spec, lateFrames_));
                },
                step.params);
        } catch (const std::invalid_argument& problem) {
            throw InputError("the step \"" + step.id + "\" of the plan cannot be carried out: " + problem.what());
        }
        latencyFrames_ += nodes_.back()->latencyFrames();
        if (step.type() != "trim") lateFrames_ += nodes_.back()->latencyFrames();
    }
}

Chain::~Chain() = default;
Chain::Chain(Chain&&) noexcept = default;
Chain& Chain::operator=(Chain&&) noexcept = default;

void Chain::process(Block block) {
    for (const auto& node : nodes_) node->process(block);
}

std::vector<StepWork> Chain::work() const {
    std::vector<StepWork> result;
    for (const auto& node : nodes_)
        if (auto work = node->work()) result.push_back(std::move(*work));
    return result;
}

}  // namespace tonewright
