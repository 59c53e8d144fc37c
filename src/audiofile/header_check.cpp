#include "audiofile/header_check.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <string>

#include "audiofile/audio_reader.h"
#include "core/text.h"

namespace tonewright {

namespace {

constexpr int kMaxChunks = 10000;  // a file of tiny chunks must not take for ever
constexpr std::uint64_t kOpenEnded = std::numeric_limits<std::uint64_t>::max();

// What a header claims. Sizes in bytes.
struct Claim {
    bool hasFormat = false, hasData = false;
    std::int64_t channels = 0;
    double sampleRateHz = 0.0;
    std::uint64_t frameBytes = 0;  // 0: compressed, no fixed size
    std::int64_t dataOffset = 0;
    std::uint64_t dataBytes = 0;   // kOpenEnded: until the end of the file
    bool bigEndian = false;
    bool unfinished = false;       // a recorder that was cut off left its sizes at zero
    std::uint64_t promisedFrames = 0;  // AIFF says it twice
};

// Numbers from the file, in the byte order of its kind; beyond its end they are zero and ok() is false.
class Bytes {
public:
    Bytes(const RegularFile& file, bool bigEndian) : file_(file), bigEndian_(bigEndian) {}

    std::uint64_t number(std::int64_t offset, int size) {
        std::array<unsigned char, 8> raw{};
        if (offset < 0 || file_.readAt(offset, {raw.data(), static_cast<std::size_t>(size)}) != static_cast<std::size_t>(size)) {
            ok_ = false;
            return 0;
        }
        std::uint64_t value = 0;
        for (int i = 0; i < size; ++i) value = value << 8 | raw[bigEndian_ ? i : size - 1 - i];
        return value;
    }
    std::string id(std::int64_t offset) {
        std::string text(4, '\0');
        if (file_.readAt(offset, {reinterpret_cast<unsigned char*>(text.data()), 4}) != 4) ok_ = false;
        return text;
    }
    bool ok() const { return ok_; }
    std::int64_t fileSize() const { return file_.size(); }

private:
    const RegularFile& file_;
    bool bigEndian_, ok_ = true;
};

// Steps over `bytes` (padded to `alignment`); false if that leaves the file.
bool step(std::int64_t& offset, std::uint64_t bytes, std::uint64_t alignment, std::int64_t fileSize) {
    if (bytes > static_cast<std::uint64_t>(fileSize)) return false;
    offset += static_cast<std::int64_t>((bytes + alignment - 1) / alignment * alignment);
    return offset <= fileSize;
}

// The "fmt " chunk of WAV and W64.
void readWaveFormat(Bytes& bytes, std::int64_t at, std::uint64_t size, Claim& claim) {
    if (size < 16) return;
    std::uint64_t tag = bytes.number(at, 2);
    if (tag == 0xFFFE && size >= 40) tag = bytes.number(at + 24, 2);  // WAVE_FORMAT_EXTENSIBLE: the sub-format begins with the tag
    claim.channels = static_cast<std::int64_t>(bytes.number(at + 2, 2));
    claim.sampleRateHz = static_cast<double>(bytes.number(at + 4, 4));
    const bool fixedSize = tag == 1 || tag == 3 || tag == 6 || tag == 7;  // PCM, float, A-law, mu-law
    claim.frameBytes = fixedSize ? bytes.number(at + 12, 2) : 0;
    claim.hasFormat = bytes.ok();
}

Claim readRiff(const RegularFile& file, HeaderFacts& facts) {
    const std::string form = Bytes(file, false).id(0);
    Bytes bytes(file, form == "RIFX");
    const bool large = form == "RF64" || form == "BW64";
    const std::uint64_t riffBytes = bytes.number(4, 4);
    std::uint64_t largeDataBytes = 0;
    Claim claim;
    claim.bigEndian = form == "RIFX";
    std::int64_t at = 12;
    for (int chunk = 0; chunk < kMaxChunks; ++chunk) {
        const std::string id = bytes.id(at);
        std::uint64_t size = bytes.number(at + 4, 4);
        if (!bytes.ok()) break;
        const std::int64_t body = at + 8;
        if (id == "ds64" && large) {
            largeDataBytes = bytes.number(body + 8, 8);
        } else if (id == "fmt ") {
            readWaveFormat(bytes, body, size, claim);
        } else if (id == "bext") {
            const std::uint64_t reference = bytes.number(body + 338, 4) | bytes.number(body + 342, 4) << 32;  // EBU Tech 3285
            if (bytes.ok() && size >= 346) facts.startFrame = static_cast<std::int64_t>(std::min<std::uint64_t>(reference, std::numeric_limits<std::int64_t>::max()));
        } else if (id == "data" && !claim.hasData) {
            claim.hasData = true;
            claim.dataOffset = body;
            if (large && size == 0xFFFFFFFF) size = std::min(largeDataBytes, kOpenEnded - 1);
            // Programs that write to a pipe cannot go back to fill in the size: FFmpeg leaves all ones, SoX 0x7FFFF000.
            else if (size == 0xFFFFFFFF || size == 0x7FFFF000) size = kOpenEnded;
            claim.unfinished = size == 0 && riffBytes <= static_cast<std::uint64_t>(body);
            claim.dataBytes = claim.unfinished ? kOpenEnded : size;
            if (claim.dataBytes == kOpenEnded) break;
        }
        at = body;
        if (!step(at, size, 2, file.size())) break;
    }
    return claim;
}

// IEEE 754 80-bit extended, as AIFF has it: sign and exponent (2 bytes), mantissa with its leading 1 (8 bytes).
double extendedFloat(Bytes& bytes, std::int64_t at) {
    const auto exponent = static_cast<int>(bytes.number(at, 2));
    return exponent & 0x8000 ? -1.0 : std::ldexp(static_cast<double>(bytes.number(at + 2, 8)), exponent - 16383 - 63);
}

Claim readAiff(const RegularFile& file) {
    Bytes bytes(file, true);
    const bool compressedKind = bytes.id(8) == "AIFC";
    Claim claim;
    std::int64_t at = 12;
    for (int chunk = 0; chunk < kMaxChunks; ++chunk) {
        const std::string id = bytes.id(at);
        const std::uint64_t size = bytes.number(at + 4, 4);
        if (!bytes.ok()) break;
        const std::int64_t body = at + 8;
        if (id == "COMM" && size >= 18) {
            claim.channels = static_cast<std::int64_t>(bytes.number(body, 2));
            claim.promisedFrames = bytes.number(body + 2, 4);
            claim.sampleRateHz = extendedFloat(bytes, body + 8);
            const std::string coding = compressedKind ? bytes.id(body + 18) : "NONE";
            const std::uint64_t sampleBytes = (bytes.number(body + 6, 2) + 7) / 8;
            const bool pcm = coding == "NONE" || coding == "sowt" || coding == "twos" || lowerAscii(coding) == "fl32" || lowerAscii(coding) == "fl64" ||
                             coding == "in24" || coding == "in32";
            claim.frameBytes = pcm ? sampleBytes * static_cast<std::uint64_t>(claim.channels) : 0;
            claim.hasFormat = bytes.ok();
        } else if (id == "SSND" && size >= 8) {
            const std::uint64_t skipped = bytes.number(body, 4);
            claim.hasData = bytes.ok();
            claim.dataOffset = body + 8;
            claim.dataBytes = size - 8;
            if (skipped <= claim.dataBytes) {
                claim.dataOffset += static_cast<std::int64_t>(skipped);
                claim.dataBytes -= skipped;
            }
        }
        at = body;
        if (!step(at, size, 2, file.size())) break;
    }
    if (claim.frameBytes) claim.dataBytes = std::max(claim.dataBytes, claim.promisedFrames * claim.frameBytes);
    return claim;
}

Claim readCaf(const RegularFile& file) {
    Bytes bytes(file, true);
    Claim claim;
    std::int64_t at = 8;
    for (int chunk = 0; chunk < kMaxChunks; ++chunk) {
        const std::string id = bytes.id(at);
        const std::uint64_t size = bytes.number(at + 4, 8);
        if (!bytes.ok()) break;
        const std::int64_t body = at + 12;
        if (id == "desc" && size >= 32) {
            claim.sampleRateHz = std::bit_cast<double>(bytes.number(body, 8));
            claim.frameBytes = bytes.id(body + 8) == "lpcm" ? bytes.number(body + 16, 4) : 0;
            claim.channels = static_cast<std::int64_t>(bytes.number(body + 24, 4));
            claim.hasFormat = bytes.ok();
        } else if (id == "data") {
            claim.hasData = true;
            claim.dataOffset = body + 4;  // an edit count stands before the samples
            claim.dataBytes = size == kOpenEnded ? kOpenEnded : size - std::min<std::uint64_t>(size, 4);
            if (size == kOpenEnded) break;
        }
        at = body;
        if (!step(at, size, 1, file.size())) break;
    }
    return claim;
}

Claim readWave64(const RegularFile& file) {
    Bytes bytes(file, false);
    Claim claim;
    std::int64_t at = 40;
    for (int chunk = 0; chunk < kMaxChunks; ++chunk) {
        const std::string id = bytes.id(at);  // the first 4 of the GUID's 16 bytes
        const std::uint64_t size = bytes.number(at + 16, 8);
        if (!bytes.ok() || size < 24) break;
        if (id == "fmt ") {
            readWaveFormat(bytes, at + 24, size - 24, claim);
        } else if (id == "data") {
            claim.hasData = true;
            claim.dataOffset = at + 24;
            claim.dataBytes = size - 24;
        }
        if (!step(at, size, 8, file.size())) break;
    }
    return claim;
}

void judge(const RegularFile& file, const Claim& claim, HeaderFacts& facts) {
    const std::string name = file.path().string();
    if (!claim.hasFormat)
        throw InputError(name + ": its header is incomplete: it does not say how the sound is stored. The file was probably cut off; copy or export it again");
    if (claim.channels < 1 || claim.channels > kMaxChannels)
        throw InputError(name + ": its header claims " + std::to_string(claim.channels) + " channels; 1 to " + std::to_string(kMaxChannels) +
                         " can be read. The header is probably damaged; export the file again");
    if (!(claim.sampleRateHz >= kMinSampleRateHz && claim.sampleRateHz <= kMaxSampleRateHz))
        throw InputError(name + ": its header claims a sample rate of " + fixed(claim.sampleRateHz, 0) + " Hz; " + std::to_string(kMinSampleRateHz) + " to " +
                         std::to_string(kMaxSampleRateHz) + " Hz can be read. The header is probably damaged; export the file again");
    if (!claim.hasData)
        throw InputError(name + ": holds a header but no sound. The recording or the copy was probably interrupted; copy or export it again");
    const auto there = static_cast<std::uint64_t>(std::max<std::int64_t>(0, file.size() - claim.dataOffset));
    const std::uint64_t unit = std::max<std::uint64_t>(1, claim.frameBytes);
    if (claim.dataBytes == kOpenEnded) {
        if (there >= unit)
            facts.warnings.push_back({"input.open-ended", claim.unfinished ? name + ": was never closed by what recorded it; all that is in the file is used"
                                                                           : name + ": does not say how long it is; all that is in the file is used"});
    } else if (claim.dataBytes / unit > there / unit) {
        std::string amount;
        if (claim.frameBytes) {
            const std::uint64_t promised = claim.dataBytes / unit, held = there / unit;
            amount = std::to_string(promised - held) + " of " + std::to_string(promised) + " frames are missing; " +
                     minutesSeconds(static_cast<double>(held) / claim.sampleRateHz) + " of sound is there";
        } else {
            amount = std::to_string(claim.dataBytes - there) + " of " + std::to_string(claim.dataBytes) + " bytes are missing";
        }
        throw InputError(name + ": is cut off, or its header is damaged: " + amount + ". The recording, copy or download was probably interrupted; copy or export it again");
    }
    if (claim.unfinished) {  // libsndfile would believe the 0
        const auto size = static_cast<std::uint32_t>(std::min<std::uint64_t>(there, 0xFFFFFFFE));
        Patch patch{claim.dataOffset - 4, {}};
        for (int i = 0; i < 4; ++i) patch.bytes[i] = static_cast<unsigned char>(size >> (8 * (claim.bigEndian ? 3 - i : i)));
        facts.patch = patch;
    }
    if (std::min(claim.dataBytes, there) < unit) throw InputError(name + ": holds no sound (0 frames). The export was probably empty or interrupted; export it again");
}

// An Ogg file ends with a whole page (RFC 3533). A page that reaches beyond the end of the file was cut.
void checkOgg(const RegularFile& file, HeaderFacts& facts) {
    std::vector<unsigned char> tail(static_cast<std::size_t>(std::min<std::int64_t>(file.size(), 2 * 65307)));  // 65307: the largest page
    const std::int64_t start = file.size() - static_cast<std::int64_t>(tail.size());
    tail.resize(file.readAt(start, tail));
    const std::string_view text(reinterpret_cast<const char*>(tail.data()), tail.size());
    const auto cut = [&] {
        throw InputError(file.path().string() + ": is cut off: its last page is incomplete. The copy or download was probably interrupted; copy it again");
    };
    const std::size_t page = text.rfind("OggS");
    if (page == std::string_view::npos || text.size() - page < 27) return cut();
    const std::size_t segments = tail[page + 26], bodyAt = page + 27 + segments;
    if (bodyAt > tail.size()) return cut();
    std::size_t end = bodyAt;
    for (std::size_t i = 0; i < segments; ++i) end += tail[page + 27 + i];
    if (end > tail.size()) return cut();
    if (!(tail[page + 5] & 4))
        facts.warnings.push_back({"input.no-end-mark", file.path().string() + ": has no end mark, so it may have been cut off; all that is in the file is used"});
}

// MP3 encoders leave the number of bytes in the first frame (the "Xing" or "Info" header).
void checkMpeg(const RegularFile& file, std::int64_t firstFrame) {
    Bytes bytes(file, true);
    const std::uint64_t frame = bytes.number(firstFrame, 4);
    const bool version1 = (frame >> 19 & 3) == 3, mono = (frame >> 6 & 3) == 3;
    const std::int64_t at = firstFrame + 4 + (version1 ? (mono ? 17 : 32) : (mono ? 9 : 17));  // after the side information
    const std::string id = bytes.id(at);
    const std::uint64_t flags = bytes.number(at + 4, 4);
    if ((id != "Xing" && id != "Info") || !(flags & 2)) return;
    const std::uint64_t promised = bytes.number(at + 8 + (flags & 1 ? 4 : 0), 4);
    const auto there = static_cast<std::uint64_t>(file.size() - firstFrame);
    constexpr std::uint64_t kMiscountedBytes = 3000;  // two frames of the highest bit rate
    if (bytes.ok() && promised > there + kMiscountedBytes)
        throw InputError(file.path().string() + ": is cut off: " + std::to_string(promised - there) + " of " + std::to_string(promised) +
                         " bytes are missing. The copy or download was probably interrupted; copy it again");
}

}  // namespace

HeaderFacts checkHeader(const RegularFile& file, const FoundSignature& found) {
    HeaderFacts facts;
    Claim claim;
    switch (found.signature) {
        case Signature::riffWave: claim = readRiff(file, facts); break;
        case Signature::aiff: claim = readAiff(file); break;
        case Signature::caf: claim = readCaf(file); break;
        case Signature::wave64: claim = readWave64(file); break;
        case Signature::ogg: checkOgg(file, facts); return facts;
        case Signature::mpegAudio: checkMpeg(file, found.offset); return facts;
        default: return facts;
    }
    judge(file, claim, facts);
    // Samples since midnight: two days of them are no time of day but a damaged or misused field.
    if (facts.startFrame && (*facts.startFrame < 0 || static_cast<double>(*facts.startFrame) > 2.0 * 86400.0 * claim.sampleRateHz)) {
        facts.warnings.push_back({"input.time-reference", file.path().string() + ": carries an impossible start time, which is ignored"});
        facts.startFrame.reset();
    }
    return facts;
}

}  // namespace tonewright
