#include "audiofile/signature.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace tonewright {

namespace {

bool isText(std::span<const unsigned char> bytes) {
    return !bytes.empty() && std::all_of(bytes.begin(), bytes.end(), [](unsigned char c) { return c >= 0x20 || c == '\n' || c == '\r' || c == '\t'; });
}

}  // namespace

Signature signatureOf(std::span<const unsigned char> b) {
    const std::string_view text(reinterpret_cast<const char*>(b.data()), b.size());
    const auto at = [&](std::size_t offset, std::string_view what) { return text.size() >= offset + what.size() && text.substr(offset, what.size()) == what; };

    const bool riff = at(0, "RIFF") || at(0, "RIFX") || at(0, "RF64") || at(0, "BW64");
    if (riff && at(8, "WAVE")) return Signature::riffWave;
    if (riff && at(8, "AVI ")) return Signature::avi;
    if (at(0, "FORM") && (at(8, "AIFF") || at(8, "AIFC"))) return Signature::aiff;
    if (at(0, "caff")) return Signature::caf;
    if (at(0, "riff\x2E\x91\xCF\x11")) return Signature::wave64;
    if (at(0, ".snd") || at(0, "dns.")) return Signature::au;
    if (at(0, "fLaC")) return Signature::flac;
    if (at(0, "OggS")) return Signature::ogg;
    if (at(4, "ftyp")) return Signature::mp4;
    if (at(0, "\x30\x26\xB2\x75\x8E\x66\xCF\x11")) return Signature::asf;
    if (at(0, "\x1A\x45\xDF\xA3")) return Signature::matroska;
    if (b.size() >= 4 && b[0] == 0xFF && (b[1] & 0xE0) == 0xE0) {
        const int layerBits = (b[1] >> 1) & 3;  // ISO 11172-3: 0 is reserved, ADTS (ISO 13818-7) uses it
        if (layerBits == 0) return (b[1] & 0xF0) == 0xF0 ? Signature::aacAdts : Signature::unknown;
        const bool validRates = (b[2] >> 4) != 15 && ((b[2] >> 2) & 3) != 3;
        return validRates ? Signature::mpegAudio : Signature::unknown;
    }
    return isText(b) ? Signature::text : Signature::unknown;
}

FoundSignature findSignature(const RegularFile& file) {
    std::array<unsigned char, 64> bytes{};
    std::int64_t offset = 0;
    for (int tags = 0; tags < 4; ++tags) {  // some taggers write a second ID3 tag after the first
        const std::size_t got = file.readAt(offset, bytes);
        if (got < 10 || bytes[0] != 'I' || bytes[1] != 'D' || bytes[2] != '3') return {signatureOf({bytes.data(), got}), offset};
        // ID3v2.4, 3.1: 28-bit size in four bytes of seven bits, without the 10 bytes of header (and of footer).
        const std::int64_t size = (bytes[6] & 0x7F) << 21 | (bytes[7] & 0x7F) << 14 | (bytes[8] & 0x7F) << 7 | (bytes[9] & 0x7F);
        offset += 10 + size + ((bytes[5] & 0x10) ? 10 : 0);
        // Tag padding beyond the stated size happens: a few zeros before the first MPEG frame.
        for (int skipped = 0; skipped < 4096; ++skipped, ++offset)
            if (file.readAt(offset, {bytes.data(), 1}) == 0 || bytes[0] != 0) break;
    }
    return {};
}

}  // namespace tonewright
