#pragma once
#include <algorithm>
#include <array>
#include <vector>

namespace tonewright {

// What the reverb's stages share: sixteen delay lines, worked on in short chunks, one row of a chunk for each line.
inline constexpr int kReverbLines = 16;
inline constexpr int kReverbChunk = 64;

using ReverbRow = std::array<float, kReverbChunk>;
using ReverbChunk = std::array<ReverbRow, kReverbLines>;

// A delay line of any length, written a chunk at a time.
class ReverbRing {
public:
    // longest: frames between the newest and the oldest sample that is ever read, plus a chunk.
    explicit ReverbRing(int longest = 1) : samples_(longest) {}

    void clear() { std::fill(samples_.begin(), samples_.end(), 0.0f); }

    void write(const float* chunk, int frames) {
        for (int done = 0; done < frames;) {
            const int part = std::min(frames - done, static_cast<int>(samples_.size()) - position_);
            std::copy_n(chunk + done, part, samples_.begin() + position_);
            position_ = (position_ + part) % static_cast<int>(samples_.size());
            done += part;
        }
    }

    // out[i] = the sample `delay` frames before the i-th of the `frames` that are written next.
    void read(int delay, float* out, int frames) const {
        const int size = static_cast<int>(samples_.size());
        int from = (position_ - delay % size + size) % size;
        for (int done = 0; done < frames;) {
            const int part = std::min(frames - done, size - from);
            std::copy_n(samples_.begin() + from, part, out + done);
            from = (from + part) % size;
            done += part;
        }
    }

private:
    std::vector<float> samples_;
    int position_ = 0;
};

// Four layers of rotations by one angle over the rows, an orthogonal 16 x 16 matrix: at cosine = sine = sqrt(1/2) the
// Hadamard matrix / 4, at sine = 0 every row for itself. Energy is kept at every angle.
// Works on whole chunks: a fixed length is fastest, and rows of a shorter chunk may hold anything behind its end.
void rotateLanes(ReverbChunk& rows, float cosine, float sine);

// row[i] += gain * other[i]
void addRow(float* row, const float* other, float gain, int frames);

}  // namespace tonewright
