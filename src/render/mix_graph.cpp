#include "render/mix_graph.h"

#include <algorithm>

namespace tonewright {

MixMeasurements MixGraph::run(const MixOutputs& outputs, Progress& progress) {
    const std::int64_t end = plan_.frames + trackLatency_ + busLatency_ + mixBus_.latencyFrames();
    int pending = 0;  // frames whose buses are done and whose sum is not
    for (std::int64_t start = 0; start < end; start += blockFrames_) {
        progress.throwIfCancelled();
        const int frames = static_cast<int>(std::min<std::int64_t>(blockFrames_, end - start));
        frames_ = frames;
        advanceTracks(frames, pending, outputs);
        pool_.forEach(static_cast<int>(buses_.size()) + 1, [&](int i) {
            if (i < static_cast<int>(buses_.size()))
                advanceBus(*buses_[i], i, frames, outputs);
            else
                advanceDirect(frames);
        });
        pending = frames;
        progress.advance(std::min<std::int64_t>(frames, std::max<std::int64_t>(0, plan_.frames - start)));
    }
    if (pending > 0) sumUp(pending, outputs);
    return measurements();
}

void MixGraph::passStem(int stem, ConstBlock block, const MixOutputs& outputs) {
    if (stem < 0) return;
    outlets_[stem]->pass(block, outputs.stem ? [&](ConstBlock kept) { outputs.stem(stem, kept); } : std::function<void(ConstBlock)>{});
}

void MixGraph::advanceTracks(int frames, int pending, const MixOutputs& outputs) {
    for (std::size_t l = 0; l < levels_.size(); ++l) {
        const std::vector<int>& level = levels_[l];
        const bool withSum = l == 0 && pending > 0;
        pool_.forEach(static_cast<int>(level.size()) + (withSum ? 1 : 0), [&](int task) {
            if (withSum && task == 0) {
                sumUp(pending, outputs);
                return;
            }
            const int i = level[task - (withSum ? 1 : 0)];
            tracks_[i]->advance(frames);
            passStem(trackStem_[i], tracks_[i]->output(frames), outputs);
        });
    }
}

void MixGraph::advanceBus(BusStream& bus, int index, int frames, const MixOutputs& outputs) {
    const Block sum = bus.sum.block(frames);
    bus.sum.clear();
    bus.parts.clear();
    for (int i : bus.members) {
        add(sum, tracks_[i]->output(frames));
        if (!bus.parts.empty()) add(bus.parts.block(bus.placeOf(partOf_[i]), frames), tracks_[i]->output(frames));
    }
    for (BusStream::Sender& sender : bus.senders) {
        Block from = tracks_[sender.track]->output(frames);
        if (sender.ride) {
            const Block moved = sender.moved.block(frames);
            copy(moved, from);
            sender.ride->process(moved);
            from = moved;
        }
        addScaled(sum, from, static_cast<float>(sender.gain));
        if (!bus.parts.empty()) addScaled(bus.parts.block(bus.placeOf(partOf_[sender.track]), frames), from, static_cast<float>(sender.gain));
    }
    const bool isChange = bus.plan->kind == BusKind::group;
    const Block dry = bus.dry.block(frames);
    if (isChange && busStem_[index] >= 0) copy(dry, sum);
    bus.keepInput(frames);
    const std::span<const Block> parts = bus.parts.blocks(frames);
    bus.chain.process(sum, parts);
    bus.fader.process(sum, parts);
    bus.pad->process(sum);
    bus.parts.pad(frames);
    if (busStem_[index] < 0) return;
    if (isChange) {
        bus.dryPad->process(dry);
        for (int c = 0; c < kStereo; ++c)
            for (int n = 0; n < frames; ++n) dry.channels[c][n] = sum.channels[c][n] - dry.channels[c][n];
        passStem(busStem_[index], dry, outputs);
    } else {
        passStem(busStem_[index], sum, outputs);
    }
}

void MixGraph::advanceDirect(int frames) {
    const Block sum = directSum_->block(frames);
    directSum_->clear();
    directParts_.clear();
    for (int i : direct_) {
        add(sum, tracks_[i]->output(frames));
        if (!directParts_.empty()) add(directParts_.block(partOf_[i], frames), tracks_[i]->output(frames));
    }
    directPad_->process(sum);
    directParts_.pad(frames);
}

void MixGraph::sumUp(int frames, const MixOutputs& outputs) {
    const Block mix = mix_.block(frames);
    copy(mix, directSum_->block(frames));
    for (const auto& bus : buses_) add(mix, bus->sum.block(frames));
    if (mixStem_ >= 0) {
        copy(mixDry_.block(frames), mix);
        mixDryPad_.process(mixDry_.block(frames));
    }
    for (int p = 0; p < split_.count; ++p) {
        copy(mixParts_.block(p, frames), directParts_.block(p, frames));
        for (const auto& bus : buses_)
            if (const int place = bus->placeOf(p); place < static_cast<int>(bus->partIds.size())) add(mixParts_.block(p, frames), bus->part(place, frames));
    }
    mixBus_.process(mix, mixParts_.blocks(frames));
    mixOutlet_->pass(mix, outputs.mix);
    passVersions(frames, outputs);
    if (mixStem_ >= 0) {
        const Block change = mixDry_.block(frames);
        for (int c = 0; c < kStereo; ++c)
            for (int n = 0; n < frames; ++n) change.channels[c][n] = mix.channels[c][n] - change.channels[c][n];
        passStem(mixStem_, change, outputs);
    }
}

void MixGraph::passVersions(int frames, const MixOutputs& outputs) {
    for (std::size_t v = 0; v < split_.heard.size(); ++v) {
        const Block version = version_.block(frames);
        version_.clear();
        for (int part : split_.heard[v]) add(version, mixParts_.block(part, frames));
        versionOutlets_[v]->pass(version, [&](ConstBlock kept) { outputs.alternate(static_cast<int>(v), kept); });
    }
}

MixMeasurements MixGraph::measurements() {
    MixMeasurements result;
    for (const auto& outlet : outlets_) result.stems.push_back(outlet->loudness());
    for (const auto& outlet : versionOutlets_) result.alternates.push_back(outlet->loudness());
    const auto append = [&](std::vector<StepWork> work) { result.work.insert(result.work.end(), work.begin(), work.end()); };
    for (const auto& track : tracks_) {
        append(track->work());
        result.nonFiniteSamples += track->nonFiniteSamples();
    }
    for (const auto& bus : buses_) append(bus->chain.work());
    append(mixBus_.work());
    return result;
}

}  // namespace tonewright
