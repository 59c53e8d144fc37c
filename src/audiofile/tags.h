#pragma once
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace tonewright {

// What a sound file says about itself. UTF-8; empty where it says nothing.
struct Tags {
    std::string title, artist, album, albumArtist, track, date, genre, isrc, comment;

    bool operator==(const Tags&) const = default;
};

// WAV, AIFF, FLAC, Ogg Vorbis, Opus, MP3 and M4A. Never throws: a file without tags, or one that cannot be read, has none.
Tags readTags(const std::filesystem::path& path);

// The same as RIFF LIST-INFO entries for WavExtras::info; empty ones are left out.
std::vector<std::pair<std::string, std::string>> wavInfo(const Tags& tags);

}  // namespace tonewright
