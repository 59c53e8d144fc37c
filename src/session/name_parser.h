#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "session/roles.h"

namespace tonewright {

// What a file's name says of what is in it.
struct NameReading {
    std::string role{kUnknownRole};
    double confidence = 0.0;   // 0.95 for a clear word, less for general, contradicting or misspelt ones; 0 for unknown
    std::string microphone;    // one of kMicrophones, or empty
    std::string side;          // "L", "R" or empty
    int number = 0;            // 2 of "Guitar 2"
    bool isDouble = false;     // "Lead Vox Double"
    bool isLead = false;       // "Lead Gtr", "Sax Solo"; of voices the role says it
    std::string key;           // the name without side, microphone, doubling and numbering: equal for recordings of one thing

    bool operator==(const NameReading&) const = default;
};

// A name to be read: "kick in" of "Drums/kick in.wav", with the folders around it below the one that was given.
struct NameToRead {
    std::string name;
    std::string folders;  // "Drums", or empty
};

// Reads the names of one session together: words that nearly all of them begin or end with (the song's title) are put
// aside. The result of a name does not depend on the order of the list. The words are those of data/role_names.json.
std::vector<NameReading> readNames(const std::vector<NameToRead>& names);

// One name alone.
NameReading readName(std::string_view name, std::string_view folders = {});

}  // namespace tonewright
