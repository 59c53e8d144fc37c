#pragma once
#include <map>
#include <optional>
#include <string>

namespace tonewright {

// How a role is usually compressed. The threshold is found from the track: see mix/compress.h.
struct CompressionProfile {
    double ratio = 3.0;
    double attackMs = 10.0;
    double releaseMs = 120.0;
    double wantedSpreadDb = 6.0;   // loud moments above the usual level that are left alone
    double mostDb = 4.0;           // most reduction of a loud moment
};

// What a role usually is in a mix (data/mix_roles.json: dated, with sources).
struct RoleProfile {
    std::string role;                            // the entry that was found: the role itself, or its family
    double levelLu = -12.0;                      // loudness re the whole mix while it plays; kit roles: re the kit
    double spreadLu = 3.0;                       // how far engineers differ
    double priority = 30.0;                      // who gives way to whom: 100 is never asked to
    double lowCutHz = 0.0;                       // where residue may be cut; 0: never
    double panWidth = 0.0;                       // farthest place from the centre, 0 ... 1
    std::string bus;                             // the group it belongs to; empty: none
    std::optional<CompressionProfile> compression;
    std::map<std::string, double> sendsDb;       // by return
};

// The role's entry, else its family's, else that of "unknown".
const RoleProfile& roleProfile(const std::string& role);

}  // namespace tonewright
