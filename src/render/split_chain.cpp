#include "render/split_chain.h"

#include <algorithm>
#include <optional>
#include <variant>

namespace tonewright {

namespace {

enum class Manner { linear, compressor, other };

Manner mannerOf(const Step& step) {
    return std::visit(
        []<class P>(const P&) {
            if constexpr (std::is_same_v<P, Compressor::Params>) return Manner::compressor;
            if constexpr (std::is_same_v<P, ComponentEqualizer::Params> || std::is_same_v<P, DynamicEqualizer::Params> || std::is_same_v<P, DeEsser::Params> ||
                          std::is_same_v<P, MultibandCompressor::Params> || std::is_same_v<P, TransientShaper::Params> || std::is_same_v<P, Gate::Params> ||
                          std::is_same_v<P, SaturatorParams> || std::is_same_v<P, Limiter::Params>)
                return Manner::other;
            return Manner::linear;
        },
        step.params);
}

}  // namespace

// One step on the whole and on each part.
struct SplitChain::Stage {
    Stage(const Step& step, const StreamSpec& spec, int parts, int maxBlockFrames, const Chain::Keys* given, int latencyBefore, std::int64_t lateFrames)
        : manner(mannerOf(step)), whole({&step, 1}, spec, given ? &keysHere(*given, latencyBefore) : nullptr, lateFrames) {
        if (parts == 0) return;
        Step ofPart = step;
        const Chain::Keys* heard = given ? &keys : nullptr;
        if (manner == Manner::compressor && step.key.empty()) {
            ofPart.key = "whole";
            input.emplace(spec.channels, maxBlockFrames);
            wholeKeys = {.spec = [spec](const std::string&) { return spec; },
                         .latencyFrames = [](const std::string&) { return 0; },
                         .block = [this](const std::string&) { return ConstBlock(input->block(frames)); }};
            heard = &wholeKeys;
        }
        for (int i = 0; i + 1 < parts; ++i) {  // the last part is what the others leave of the whole
            chains.emplace_back(std::span<const Step>(&ofPart, 1), spec, heard, lateFrames);
            if (manner == Manner::other) sums.emplace_back(spec.channels, maxBlockFrames);
        }
    }

    // Keys are as late to this step as they are to the chain, less what the chain has spent before it.
    const Chain::Keys& keysHere(const Chain::Keys& given, int latencyBefore) {
        keys = given;
        keys.latencyFrames = [&given, latencyBefore](const std::string& id) { return given.latencyFrames(id) - latencyBefore; };
        return keys;
    }

    void process(Block block, std::span<const Block> parts) {
        frames = block.numFrames;
        if (input)
            for (int c = 0; c < block.numChannels; ++c) std::copy_n(block.channels[c], frames, input->channel(c));
        whole.process(block);
        if (parts.empty()) return;
        if (manner == Manner::other) {
            addUp(parts);
            for (std::size_t i = 0; i < chains.size(); ++i) chains[i].process(sums[i].block(frames));
            takeDifferences(parts);
        } else {
            for (std::size_t i = 0; i < chains.size(); ++i) chains[i].process(parts[i]);
        }
        takeRest(block, parts);
    }

    // sums[i] = part[0] + ... + part[i]
    void addUp(std::span<const Block> parts) {
        for (std::size_t i = 0; i < sums.size(); ++i)
            for (int c = 0; c < sums[i].numChannels(); ++c)
                for (int n = 0; n < frames; ++n) sums[i].channel(c)[n] = parts[i].channels[c][n] + (i > 0 ? sums[i - 1].channel(c)[n] : 0.0f);
    }

    void takeDifferences(std::span<const Block> parts) {
        for (std::size_t i = 0; i < sums.size(); ++i)
            for (int c = 0; c < sums[i].numChannels(); ++c)
                for (int n = 0; n < frames; ++n) parts[i].channels[c][n] = sums[i].channel(c)[n] - (i > 0 ? sums[i - 1].channel(c)[n] : 0.0f);
    }

    static void takeRest(Block block, std::span<const Block> parts) {
        const Block last = parts.back();
        for (int c = 0; c < block.numChannels; ++c)
            for (int n = 0; n < block.numFrames; ++n) {
                double rest = block.channels[c][n];
                for (std::size_t i = 0; i + 1 < parts.size(); ++i) rest -= parts[i].channels[c][n];
                last.channels[c][n] = static_cast<float>(rest);
            }
    }

    Manner manner;
    Chain::Keys keys, wholeKeys;  // before the chains, which hold on to them
    Chain whole;
    std::vector<Chain> chains;
    std::optional<BlockBuffer> input;  // what the whole was before this step
    std::vector<BlockBuffer> sums;     // of the first parts, where the step must see them together
    int frames = 0;
};

SplitChain::SplitChain(std::span<const Step> steps, const StreamSpec& spec, int parts, int maxBlockFrames, const Chain::Keys* keys) {
    std::int64_t lateFrames = 0;
    for (const Step& step : steps) {
        if (!step.enabled) continue;
        stages_.push_back(std::make_unique<Stage>(step, spec, parts, maxBlockFrames, keys, latencyFrames_, lateFrames));
        latencyFrames_ += stages_.back()->whole.latencyFrames();
        lateFrames = stages_.back()->whole.lateFramesAfter();
    }
}

SplitChain::~SplitChain() = default;
SplitChain::SplitChain(SplitChain&&) noexcept = default;
SplitChain& SplitChain::operator=(SplitChain&&) noexcept = default;

void SplitChain::process(Block whole, std::span<const Block> parts) {
    for (const auto& stage : stages_) stage->process(whole, parts);
}

std::vector<StepWork> SplitChain::work() const {
    std::vector<StepWork> result;
    for (const auto& stage : stages_)
        for (StepWork& work : stage->whole.work()) result.push_back(std::move(work));
    return result;
}

}  // namespace tonewright
