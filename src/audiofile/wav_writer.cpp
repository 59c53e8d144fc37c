#include "audiofile/wav_writer.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <bit>
#include <cassert>
#include <cerrno>
#include <cmath>
#include <stdexcept>
#include <system_error>

#include "audiofile/audio_reader.h"
#include "core/error.h"

namespace tonewright {

namespace {

constexpr std::size_t kBufferBytes = 1 << 18;
constexpr std::uint32_t kInDs64 = 0xFFFFFFFF;  // EBU Tech 3306: the true size stands in the ds64 chunk
constexpr int kDs64Bytes = 28;

// Little-endian bytes of a RIFF file.
class Chunk {
public:
    Chunk& number(std::uint64_t value, int size) {
        for (int i = 0; i < size; ++i) bytes.push_back(static_cast<char>(value >> (8 * i)));
        return *this;
    }
    Chunk& text(const std::string& value) {
        bytes += value;
        return *this;
    }
    // A field of fixed size: cut between UTF-8 characters, filled up with zeros.
    Chunk& field(const std::string& value, std::size_t size) {
        std::size_t length = std::min(value.size(), size);
        if (length < value.size())
            while (length > 0 && (static_cast<unsigned char>(value[length]) & 0xC0) == 0x80) --length;
        bytes.append(value, 0, length).append(size - length, '\0');
        return *this;
    }
    // A chunk inside this one, with its padding byte.
    Chunk& chunk(const char* id, const std::string& body) {
        text(id).number(body.size(), 4).text(body);
        if (body.size() % 2) bytes.push_back('\0');
        return *this;
    }
    std::string bytes;
};

// EBU Tech 3285 v2: hundredths, 0x7FFF where nothing was measured.
std::uint64_t loudnessField(const std::optional<double>& value) {
    if (!value || !std::isfinite(*value)) return 0x7FFF;
    return static_cast<std::uint16_t>(static_cast<std::int16_t>(std::clamp(std::round(*value * 100.0), -32768.0, 32766.0)));
}

std::string broadcastChunk(const BroadcastInfo& info) {
    Chunk c;
    c.field(info.description, 256).field(info.originator, 32).field(info.originatorReference, 32);
    c.field(info.originationDate, 10).field(info.originationTime, 8);
    c.number(static_cast<std::uint64_t>(info.timeReferenceFrames), 8).number(2, 2).field("", 64);  // version 2, no UMID
    c.number(loudnessField(info.loudness.integratedLufs), 2).number(loudnessField(info.loudness.rangeLu), 2);
    c.number(loudnessField(info.loudness.maxTruePeakDbtp), 2).number(loudnessField(info.loudness.maxMomentaryLufs), 2);
    c.number(loudnessField(info.loudness.maxShortTermLufs), 2).field("", 180).text(info.codingHistory);
    return c.bytes;
}

// The usual speaker positions of a channel count; 0 (none) where there is no usual layout.
std::uint64_t speakerMask(int channels) {
    switch (channels) {
        case 1: return 0x4;     // centre
        case 2: return 0x3;     // left, right
        case 4: return 0x33;    // left, right, back left, back right
        case 6: return 0x3F;    // 5.1
        case 8: return 0x63F;   // 7.1
        default: return 0;
    }
}

std::string formatChunk(const WavFormat& format) {
    const int bits = bitsOf(format.format), frameBytes = format.channels * bits / 8;
    const bool isFloat = format.format == SampleFormat::float32;
    const bool extensible = format.channels > 2;
    Chunk c;
    c.number(extensible ? 0xFFFE : isFloat ? 3 : 1, 2).number(format.channels, 2).number(format.sampleRateHz, 4);
    c.number(static_cast<std::uint64_t>(format.sampleRateHz) * frameBytes, 4).number(frameBytes, 2).number(bits, 2);
    if (extensible) {
        c.number(22, 2).number(bits, 2).number(speakerMask(format.channels), 4).number(isFloat ? 3 : 1, 2);
        for (const int byte : {0x00, 0x00, 0x00, 0x00, 0x10, 0x00, 0x80, 0x00, 0x00, 0xAA, 0x00, 0x38, 0x9B, 0x71}) c.number(byte, 1);  // KSDATAFORMAT_SUBTYPE
    } else if (isFloat) {
        c.number(0, 2);
    }
    return c.bytes;
}

const WavFormat& checked(const WavFormat& format, const WavExtras& extras) {
    if (format.channels < 1 || format.channels > kMaxChannels)
        throw std::invalid_argument("WavWriter: channels is " + std::to_string(format.channels) + "; allowed is 1 to " + std::to_string(kMaxChannels));
    if (format.sampleRateHz < kMinSampleRateHz || format.sampleRateHz > kMaxSampleRateHz)
        throw std::invalid_argument("WavWriter: sampleRateHz is " + std::to_string(format.sampleRateHz) + "; allowed is " +
                                    std::to_string(kMinSampleRateHz) + " to " + std::to_string(kMaxSampleRateHz));
    for (const CuePoint& cue : extras.cues)
        if (cue.frame < 0 || cue.frame > 0xFFFFFFFF)
            throw std::invalid_argument("WavWriter: a cue is at frame " + std::to_string(cue.frame) + "; allowed is 0 to 4294967295");
    for (const auto& [id, text] : extras.info)
        if (id.size() != 4) throw std::invalid_argument("WavWriter: the INFO id \"" + id + "\" has not four letters");
    return format;
}

// Writes `count` frames from `start` as interleaved little-endian integers; returns how many samples did not fit.
template <int bytes>
std::int64_t encodeIntegers(ConstBlock block, int start, int count, unsigned char* out) {
    constexpr double scale = 1 << (8 * bytes - 1), highest = scale - 1.0, lowest = -scale;
    // Adding and taking away 1.5 * 2^52 leaves the nearest whole number (IEEE 754, ties to even), far faster than a call.
    constexpr double kRounding = 0x1.8p52, kFarBeyond = 0x1p40;
    std::int64_t unfit = 0;
    for (int c = 0; c < block.numChannels; ++c) {
        const float* const samples = block.channels[c] + start;
        unsigned char* to = out + c * bytes;
        for (int n = 0; n < count; ++n, to += block.numChannels * bytes) {
            const bool finite = std::isfinite(samples[n]);
            const double exact = std::clamp(finite ? static_cast<double>(samples[n]) * scale : 0.0, -kFarBeyond, kFarBeyond);
            const double rounded = (exact + kRounding) - kRounding, value = std::clamp(rounded, lowest, highest);
            unfit += !finite || value != rounded;
            const auto number = static_cast<std::uint32_t>(static_cast<std::int32_t>(value));
            for (int i = 0; i < bytes; ++i) to[i] = static_cast<unsigned char>(number >> (8 * i));
        }
    }
    return unfit;
}

std::int64_t encodeFloats(ConstBlock block, int start, int count, unsigned char* out) {
    std::int64_t unfit = 0;
    for (int c = 0; c < block.numChannels; ++c) {
        unsigned char* to = out + 4 * c;
        for (int n = start; n < start + count; ++n, to += 4 * block.numChannels) {
            const bool finite = std::isfinite(block.channels[c][n]);
            unfit += !finite;
            const auto number = std::bit_cast<std::uint32_t>(finite ? block.channels[c][n] : 0.0f);
            for (int i = 0; i < 4; ++i) to[i] = static_cast<unsigned char>(number >> (8 * i));
        }
    }
    return unfit;
}

}  // namespace

int bitsOf(SampleFormat format) { return format == SampleFormat::pcm16 ? 16 : format == SampleFormat::pcm24 ? 24 : 32; }

WavWriter::WavWriter(const std::filesystem::path& path, const WavFormat& format, WavExtras extras)
    : path_(path), format_(checked(format, extras)), extras_(std::move(extras)) {
    file_ = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (file_ < 0) fail(errno);
    buffer_.reserve(2 * kBufferBytes + 65536);
    const std::string start = header();
    append(start.data(), start.size());
}

WavWriter::~WavWriter() {
    if (file_ >= 0) ::close(file_);
}

std::string WavWriter::header() const {
    const int frameBytes = format_.channels * bitsOf(format_.format) / 8;
    const std::uint64_t dataBytes = static_cast<std::uint64_t>(framesWritten_) * frameBytes;
    Chunk body;  // from after "WAVE" and the ds64 or JUNK chunk to the first sample
    if (extras_.broadcast) body.chunk("bext", broadcastChunk(*extras_.broadcast));
    body.chunk("fmt ", formatChunk(format_));
    if (format_.format == SampleFormat::float32) {
        Chunk fact;
        body.chunk("fact", fact.number(std::min<std::uint64_t>(framesWritten_, kInDs64), 4).bytes);
    }
    const std::uint64_t riffBytes = 4 + 8 + kDs64Bytes + body.bytes.size() + 8 + dataBytes + dataBytes % 2 + trailer().size();
    const bool large = extras_.forceRf64 || riffBytes >= kInDs64;

    Chunk file, sizes;
    file.text(large ? "RF64" : "RIFF").number(large ? kInDs64 : riffBytes, 4).text("WAVE");
    if (large) file.chunk("ds64", sizes.number(riffBytes, 8).number(dataBytes, 8).number(framesWritten_, 8).number(0, 4).bytes);
    else file.chunk("JUNK", std::string(kDs64Bytes, '\0'));  // room for ds64, should the file grow beyond 4 GB
    file.text(body.bytes).text("data").number(large ? kInDs64 : dataBytes, 4);
    return file.bytes;
}

std::string WavWriter::trailer() const {
    Chunk all;
    if (!extras_.info.empty()) {
        Chunk list;
        list.text("INFO");
        for (const auto& [id, text] : extras_.info) list.chunk(id.c_str(), text + '\0');
        all.chunk("LIST", list.bytes);
    }
    if (!extras_.cues.empty()) {
        Chunk cues, labels;
        cues.number(extras_.cues.size(), 4);
        labels.text("adtl");
        std::uint32_t id = 0;
        for (const CuePoint& cue : extras_.cues) {
            ++id;
            cues.number(id, 4).number(cue.frame, 4).text("data").number(0, 8).number(cue.frame, 4);
            Chunk label;
            if (!cue.label.empty()) labels.chunk("labl", label.number(id, 4).text(cue.label).number(0, 1).bytes);
        }
        all.chunk("cue ", cues.bytes);
        if (labels.bytes.size() > 4) all.chunk("LIST", labels.bytes);
    }
    return all.bytes;
}

void WavWriter::write(ConstBlock block) {
    assert(block.numChannels == format_.channels && file_ >= 0);
    const int frameBytes = format_.channels * bitsOf(format_.format) / 8;
    const int atOnce = std::max(1, static_cast<int>(kBufferBytes) / frameBytes);
    for (int done = 0; done < block.numFrames;) {
        const int count = std::min(atOnce, block.numFrames - done);
        const std::size_t start = buffer_.size();
        buffer_.resize(start + static_cast<std::size_t>(count) * frameBytes);
        unsigned char* const out = buffer_.data() + start;
        switch (format_.format) {
            case SampleFormat::pcm16: clippedSamples_ += encodeIntegers<2>(block, done, count, out); break;
            case SampleFormat::pcm24: clippedSamples_ += encodeIntegers<3>(block, done, count, out); break;
            case SampleFormat::float32: clippedSamples_ += encodeFloats(block, done, count, out); break;
        }
        done += count;
        framesWritten_ += count;
        if (buffer_.size() >= kBufferBytes) flush();
    }
}

void WavWriter::setLoudness(const BroadcastLoudness& loudness) {
    assert(extras_.broadcast && file_ >= 0);
    extras_.broadcast->loudness = loudness;
}

void WavWriter::finish() {
    assert(file_ >= 0);
    if (static_cast<std::uint64_t>(framesWritten_) * format_.channels * bitsOf(format_.format) / 8 % 2) append("", 1);
    const std::string end = trailer();
    append(end.data(), end.size());
    flush();
    const std::string start = header();
    if (::lseek(file_, 0, SEEK_SET) != 0) fail(errno);
    append(start.data(), start.size());
    flush();
    const int closed = ::close(file_);
    file_ = -1;
    if (closed != 0) fail(errno);
}

void WavWriter::append(const void* bytes, std::size_t size) {
    const auto* first = static_cast<const unsigned char*>(bytes);
    buffer_.insert(buffer_.end(), first, first + size);
}

void WavWriter::flush() {
    std::size_t done = 0;
    while (done < buffer_.size()) {
        const ssize_t written = ::write(file_, buffer_.data() + done, buffer_.size() - done);
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) fail(errno);
        done += static_cast<std::size_t>(written);
    }
    buffer_.clear();
}

void WavWriter::fail(int error) const {
    const std::string what = path_.string() + ": cannot be written: " + std::generic_category().message(error);
    if (error == ENOSPC || error == EDQUOT) throw OutputError(what + ". Make room on the disk, or choose another place");
    throw OutputError(what + ". Choose another place, or check its permissions");
}

}  // namespace tonewright
