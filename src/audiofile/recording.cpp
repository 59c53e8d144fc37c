#include "audiofile/recording.h"

#include <algorithm>
#include <cassert>

#include "core/decibels.h"

namespace tonewright {

namespace {

constexpr int kStereo = 2, kBlockFrames = 16384;
constexpr double kSameDb = -40.0;       // what is missing, against what is there
constexpr int kSpots = 24, kSpotFrames = 4096;
constexpr double kSurelyStereoDb = -20.0;  // in the spots: the rest of the file would have to be a hundred times as strong

// Energies of the channels, their difference and their sum.
struct Energies {
    double left = 0.0, right = 0.0, difference = 0.0, sum = 0.0;

    void add(ConstBlock block) {
        const float *l = block.channels[0], *r = block.channels[1];
        for (int n = 0; n < block.numFrames; ++n) {
            const double a = l[n], b = r[n];
            left += a * a;
            right += b * b;
            difference += (a - b) * (a - b);
            sum += (a + b) * (a + b);
        }
    }

    bool isBelow(double part, double db) const { return part <= (left + right) * dbToPower(db); }
    bool areAllAbove(double db) const { return !isBelow(left, db) && !isBelow(right, db) && !isBelow(difference, db) && !isBelow(sum, db); }
};

class OneChannelReader : public AudioReader {
public:
    OneChannelReader(std::unique_ptr<AudioReader> file, int channel) : AudioReader(file->info()), file_(std::move(file)), channel_(channel), buffer_(kStereo, kBlockFrames) {
        assert(info_.channels == kStereo);
        info_.channels = 1;
    }

    std::int64_t nonFiniteSamples() const override { return file_->nonFiniteSamples(); }

private:
    int readFrames(Block block) override {
        int done = 0;
        while (done < block.numFrames) {
            const int got = file_->read(buffer_.block(std::min(kBlockFrames, block.numFrames - done)));
            if (got == 0) break;
            std::copy_n(buffer_.channel(channel_), got, block.channels[0] + done);
            done += got;
        }
        return done;
    }
    void seekTo(std::int64_t frame) override { file_->seek(frame); }

    std::unique_ptr<AudioReader> file_;
    int channel_;
    BlockBuffer buffer_;
};

}  // namespace

ChannelUse findChannelUse(AudioReader& reader) {
    if (reader.info().channels != kStereo) return ChannelUse::both;
    BlockBuffer buffer(kStereo, kBlockFrames);
    Energies spots;
    for (int spot = 0; spot < kSpots; ++spot) {
        reader.seek(reader.info().frames * spot / kSpots);
        spots.add(buffer.block(reader.read(buffer.block(kSpotFrames))));
    }
    if (spots.areAllAbove(kSurelyStereoDb)) return ChannelUse::both;
    reader.seek(0);
    Energies energies;
    while (const int got = reader.read(buffer.block(kBlockFrames))) energies.add(buffer.block(got));
    if (!(energies.left + energies.right > 0.0)) return ChannelUse::both;
    if (energies.isBelow(energies.left, kSameDb)) return ChannelUse::right;
    const bool isOne = energies.isBelow(energies.right, kSameDb) || energies.isBelow(energies.difference, kSameDb) || energies.isBelow(energies.sum, kSameDb);
    return isOne ? ChannelUse::left : ChannelUse::both;
}

std::unique_ptr<AudioReader> openRecording(const std::filesystem::path& path, ChannelUse use) {
    auto reader = openAudio(path);
    if (use == ChannelUse::both) return reader;
    return std::make_unique<OneChannelReader>(std::move(reader), use == ChannelUse::left ? 0 : 1);
}

}  // namespace tonewright
