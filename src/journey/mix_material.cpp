#include "journey/mix_material.h"

#include <algorithm>

#include "audiofile/resampler.h"

namespace tonewright {

namespace {

constexpr int kBlockFrames = PlacedReader::kBlockFrames, kStereo = 2;
constexpr double kLagSeconds = 20.0, kMostLagSeconds = 10.0;  // heard for the lag, and how large it may be
constexpr double kSilentPower = 1e-9;

}  // namespace

PlacedReader::PlacedReader(const std::filesystem::path& file, ChannelUse use, std::int64_t start, int sampleRateHz)
    : reader_(atRate(openRecording(file, use), sampleRateHz)), start_(start), buffer_(reader_->info().channels, kBlockFrames) {}

void PlacedReader::read(std::int64_t at, int count, float* const* to) {
    for (int c = 0; c < channels(); ++c) std::fill_n(to[c], count, 0.0f);
    const std::int64_t from = std::max(at, start_), until = std::min(at + count, end());
    if (from >= until) return;
    if (reader_->position() != from - start_) reader_->seek(from - start_);
    const int got = reader_->read(buffer_.block(static_cast<int>(until - from)));
    for (int c = 0; c < channels(); ++c) std::copy_n(buffer_.channel(c), got, to[c] + (from - at));
}

MixMaterial::MixMaterial(const Session& session, const std::filesystem::path& mix) : mix_(mix, ChannelUse::both, 0, session.sampleRateHz), sampleRateHz_(session.sampleRateHz) {
    for (const Track& track : session.tracks) {
        channelOf.push_back(channels_);
        readers_.emplace_back(track.path, track.channelUse, track.startFrame, session.sampleRateHz);
        for (int c = 0; c < readers_.back().channels(); ++c)
            feeds.push_back(readers_.back().channels() != kStereo ? RoughFit::Feeds::both : c == 0 ? RoughFit::Feeds::left : RoughFit::Feeds::right);
        channels_ += readers_.back().channels();
    }
    recordings_ = BlockBuffer(channels_, kBlockFrames);
    mixed_ = BlockBuffer(kStereo, kBlockFrames);
}

void MixMaterial::read(std::int64_t at, int count) {
    for (std::size_t i = 0; i < readers_.size(); ++i) {
        std::vector<float*> to;
        for (int c = 0; c < readers_[i].channels(); ++c) to.push_back(recordings_.channel(channelOf[i] + c));
        readers_[i].read(at, count, to.data());
    }
    float* sides[kStereo] = {mixed_.channel(0), mixed_.channel(1)};
    mix_.read(at, count, sides);
    if (mix_.channels() == 1) std::copy_n(sides[0], count, sides[1]);
}

std::optional<std::int64_t> MixMaterial::findStart(std::int64_t sessionFrames, Progress& progress) {
    LagFinder finder(static_cast<int>(kLagSeconds * sampleRateHz_), static_cast<int>(kMostLagSeconds * sampleRateHz_));
    std::vector<float> sum(kBlockFrames), mixed(kBlockFrames);
    bool sounds = false;
    std::int64_t heard = 0;
    for (std::int64_t at = 0; at < sessionFrames && heard < static_cast<std::int64_t>(kLagSeconds * sampleRateHz_); at += kBlockFrames) {
        progress.throwIfCancelled();
        read(at, kBlockFrames);
        const ConstBlock own = recordings(kBlockFrames), its = mix(kBlockFrames);
        double ownPower = 0.0, itsPower = 0.0;
        for (int n = 0; n < kBlockFrames; ++n) {
            sum[n] = 0.0f;
            for (int c = 0; c < own.numChannels; ++c) sum[n] += own.channels[c][n];
            mixed[n] = its.channels[0][n] + its.channels[1][n];
            ownPower += static_cast<double>(sum[n]) * static_cast<double>(sum[n]);
            itsPower += static_cast<double>(mixed[n]) * static_cast<double>(mixed[n]);
        }
        sounds = sounds || ownPower > kSilentPower * kBlockFrames || itsPower > kSilentPower * kBlockFrames;
        if (!sounds) continue;
        finder.addReference(sum.data(), kBlockFrames);
        finder.addTarget(mixed.data(), kBlockFrames);
        heard += kBlockFrames;
    }
    const auto lag = finder.lag();
    return lag ? std::optional<std::int64_t>(-*lag) : std::nullopt;
}

}  // namespace tonewright
