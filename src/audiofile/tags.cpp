#include "audiofile/tags.h"

#include <fileref.h>
#include <tpropertymap.h>

#include <system_error>

namespace tonewright {

Tags readTags(const std::filesystem::path& path) {
    Tags tags;
    std::error_code error;
    if (!std::filesystem::is_regular_file(path, error)) return tags;
    try {
        const TagLib::FileRef file(path.c_str(), /*readAudioProperties=*/false);
        if (file.isNull() || !file.tag()) return tags;
        const TagLib::PropertyMap properties = file.file()->properties();
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
        return {};  // tags are a courtesy: none that can be read is none
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
