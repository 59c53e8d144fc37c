#include "audiofile/tags.h"

#include <aifffile.h>
#include <flacfile.h>
#include <mp4file.h>
#include <mpegfile.h>
#include <opusfile.h>
#include <tpropertymap.h>
#include <vorbisfile.h>
#include <wavfile.h>

#include <exception>
#include <memory>

#include "audiofile/regular_file.h"
#include "audiofile/signature.h"

namespace tonewright {

namespace {

// By content, not by name. Windows Media is left out: TagLib believes the number of entries that such a file claims, and
// a damaged one takes minutes and gigabytes.
std::unique_ptr<TagLib::File> openTagged(const std::filesystem::path& path) {
    constexpr bool kReadAudioProperties = false;
    const char* const name = path.c_str();
    switch (findSignature(RegularFile(path)).signature) {
        case Signature::riffWave: return std::make_unique<TagLib::RIFF::WAV::File>(name, kReadAudioProperties);
        case Signature::aiff: return std::make_unique<TagLib::RIFF::AIFF::File>(name, kReadAudioProperties);
        case Signature::flac: return std::make_unique<TagLib::FLAC::File>(name, kReadAudioProperties);
        case Signature::mpegAudio: return std::make_unique<TagLib::MPEG::File>(name, kReadAudioProperties);
        case Signature::mp4: return std::make_unique<TagLib::MP4::File>(name, kReadAudioProperties);
        case Signature::ogg: {
            auto vorbis = std::make_unique<TagLib::Ogg::Vorbis::File>(name, kReadAudioProperties);
            if (vorbis->isValid()) return vorbis;
            return std::make_unique<TagLib::Ogg::Opus::File>(name, kReadAudioProperties);
        }
        default: return nullptr;
    }
}

}  // namespace

Tags readTags(const std::filesystem::path& path) {
    Tags tags;
    try {
        const std::unique_ptr<TagLib::File> file = openTagged(path);
        if (!file || !file->isValid() || !file->tag()) return tags;
        const TagLib::PropertyMap properties = file->properties();
        const auto get = [&](const char* key) {
            const auto found = properties.find(key);
            return found == properties.end() || found->second.isEmpty() ? std::string() : found->second.front().to8Bit(/*unicode=*/true);
        };
        tags.title = get("TITLE");
        tags.artist = get("ARTIST");
        tags.album = get("ALBUM");
        tags.albumArtist = get("ALBUMARTIST");
        tags.track = get("TRACKNUMBER");
        tags.date = get("DATE");
        tags.genre = get("GENRE");
        tags.isrc = get("ISRC");
        tags.comment = get("COMMENT");
    } catch (const std::exception&) {
        return {};  // tags are a courtesy: what cannot be read has none
    }
    return tags;
}

std::vector<std::pair<std::string, std::string>> wavInfo(const Tags& tags) {
    std::vector<std::pair<std::string, std::string>> info;
    const auto add = [&](const char* id, const std::string& text) {
        if (!text.empty()) info.emplace_back(id, text);
    };
    add("INAM", tags.title);
    add("IART", tags.artist);
    add("IPRD", tags.album);
    add("IPRT", tags.track);
    add("ICRD", tags.date);
    add("IGNR", tags.genre);
    add("ICMT", tags.comment);
    return info;
}

}  // namespace tonewright
