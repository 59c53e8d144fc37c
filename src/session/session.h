#pragma once
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "audiofile/recording.h"
#include "core/error.h"
#include "session/roles.h"

// The raw material: which recordings there are, what plays on them, where they stand in time, and which belong together.
namespace tonewright {

// Where a role comes from.
namespace role_source {
inline constexpr std::string_view kName = "name";                // the file's (or its folder's) name
inline constexpr std::string_view kContent = "content";          // how it sounds
inline constexpr std::string_view kNameContent = "name+content"; // both had a say
inline constexpr std::string_view kUser = "user";                // was told
inline constexpr std::string_view kNone = "none";                // nobody knows
}  // namespace role_source

struct Track {
    std::string id;                  // short, unique, [a-z0-9-]: "snare-top"; made from the file's name
    std::string name;                // the file's name without its ending, for people
    std::filesystem::path path;
    AudioFileInfo info;              // of the recording: one channel where channelUse is one
    ChannelUse channelUse = ChannelUse::both;
    std::string role{kUnknownRole};
    double roleConfidence = 0.0;     // 0 ... 1
    std::string roleSource{role_source::kNone};
    bool roleSettled = false;        // told by the user or an earlier session.json: nothing that is heard changes it
    std::string microphone;          // one of kMicrophones, or empty
    std::string side;                // "L", "R" or empty: one side of something recorded as two files
    int number = 0;                  // 2 of "Guitar 2"; 0 if it has none
    bool isDouble = false;           // says of itself that it doubles another track
    bool isLead = false;             // an instrument that says of itself that it leads, or plays a solo
    std::string nameKey;             // the name without side, microphone, doubling and numbering: equal for recordings of one thing
    double heldShare = 0.0;          // of its power that the other tracks explain, where it is a mix of them; else 0
    std::string group;               // the id of the group that it is in, or empty
    std::int64_t startFrame = 0;     // in frames of the session's rate
    bool silent = false;             // nothing above -90 dBFS in it; known once it was analysed

    int fileChannels() const { return channelUse == ChannelUse::both ? info.channels : 2; }
};

// Tracks that are one thing. A track is in one group at most, the largest: the microphones of a kick are in its kit.
struct Group {
    std::string id;                     // "kit", "gtr1"
    std::string kind;                   // "kit": the microphones of one drum kit; "stereo-pair": left and right of one recording;
                                        // "multi-mic": one performance, several microphones or a DI; "doubles": played twice
    std::vector<std::string> trackIds;  // in the session's order

    bool operator==(const Group&) const = default;
};

struct Session {
    int sampleRateHz = 48000;
    std::int64_t frames = 0;            // the end of the last track
    std::vector<Track> tracks;          // in an order that does not depend on how they were given
    std::vector<Group> groups;
    std::vector<Warning> warnings;
};

// Null if there is none.
const Track* findTrack(const Session& session, std::string_view id);
Track* findTrack(Session& session, std::string_view id);
const Group* findGroup(const Session& session, std::string_view id);

}  // namespace tonewright
