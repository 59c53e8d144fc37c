#include "session/roles.h"

#include <optional>

#include "core/error.h"
#include "core/text.h"

namespace tonewright {

namespace {

constexpr Role kRoles[] = {
    {"drums/kick", "drums", "kick drum"},
    {"drums/snare", "drums", "snare drum"},
    {"drums/hihat", "drums", "hi-hat"},
    {"drums/tom", "drums", "tom"},
    {"drums/overhead", "drums", "drum overhead"},
    {"drums/ride", "drums", "ride cymbal"},
    {"drums/crash", "drums", "crash cymbal"},
    {"drums/cymbals", "drums", "cymbals"},
    {"drums/room", "drums", "drum room"},
    {"drums/kit", "drums", "drum kit or loop"},
    {"drums/percussion", "drums", "percussion"},
    {"bass/electric", "bass", "electric bass"},
    {"bass/synth", "bass", "synth bass"},
    {"bass/sub", "bass", "sub bass"},
    {"bass/acoustic", "bass", "double bass"},
    {"guitar/electric", "guitar", "electric guitar"},
    {"guitar/electric-clean", "guitar", "clean electric guitar"},
    {"guitar/electric-driven", "guitar", "driven electric guitar"},
    {"guitar/acoustic", "guitar", "acoustic guitar"},
    {"keys/piano", "keys", "piano"},
    {"keys/electric-piano", "keys", "electric piano"},
    {"keys/organ", "keys", "organ"},
    {"keys/clavinet", "keys", "clavinet"},
    {"keys/accordion", "keys", "accordion"},
    {"keys/keyboard", "keys", "keyboard"},
    {"keys/synth", "keys", "synthesizer"},
    {"pad/synth", "pad", "pad"},
    {"synth/lead", "synth", "synth lead"},
    {"synth/arp", "synth", "synth arpeggio"},
    {"strings/ensemble", "strings", "strings"},
    {"strings/solo", "strings", "solo string instrument"},
    {"strings/plucked", "strings", "plucked strings"},
    {"brass/ensemble", "brass", "brass section"},
    {"brass/solo", "brass", "solo brass instrument"},
    {"winds/sax", "winds", "saxophone"},
    {"winds/flute", "winds", "flute"},
    {"winds/clarinet", "winds", "clarinet"},
    {"winds/harmonica", "winds", "harmonica"},
    {"winds/ensemble", "winds", "woodwinds"},
    {"mallets/mallets", "mallets", "mallets"},
    {"vocals/lead", "vocals", "lead vocal"},
    {"vocals/backing", "vocals", "backing vocal"},
    {"vocals/choir", "vocals", "choir"},
    {"vocals/speech", "vocals", "speech"},
    {"effects/effect", "effects", "effect"},
    {"mix/submix", "mix", "several instruments in one file"},
    {"mix/programme", "mix", "finished or rough mix"},
    {"utility/click", "utility", "click or time code"},
    {kUnknownRole, kUnknownRole, "unknown instrument"},
};

}  // namespace

std::span<const Role> roles() { return kRoles; }

const Role* findRole(std::string_view id) {
    for (const Role& role : kRoles)
        if (role.id == id) return &role;
    return nullptr;
}

std::string_view roleFamily(std::string_view id) {
    const Role* role = findRole(id);
    return role ? role->family : kUnknownRole;
}

std::string_view roleName(std::string_view id) {
    const Role* role = findRole(id);
    return role ? role->name : id;
}

std::string checkedRole(std::string_view id, std::string_view where) {
    if (findRole(id)) return std::string(id);
    std::vector<std::string> candidates;
    for (const Role& role : kRoles) candidates.emplace_back(role.id);
    std::optional<std::string> meant = nearest(id, candidates);
    for (const Role& role : kRoles)  // "kick" means "drums/kick"
        if (!meant && role.id.size() > id.size() && role.id.ends_with(id) && role.id[role.id.size() - id.size() - 1] == '/')
            meant = std::string(role.id);
    std::string text = std::string(where) + " is \"" + std::string(id) + "\", which is not a role";
    text += meant ? "; did you mean \"" + *meant + "\"?" : "; roles are " + join(candidates, ", ") + ".";
    throw InputError(text);
}

}  // namespace tonewright
