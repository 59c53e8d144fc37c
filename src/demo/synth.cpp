#include "demo/synth.h"

#include <fluidsynth.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <mutex>

#include "core/error.h"

namespace tonewright::demo {
namespace {

constexpr const char* kPackagedSoundFont = "/usr/share/sounds/sf2/TimGM6mb.sf2";
constexpr int kGridFrames = 64;  // FLUID_BUFSIZE: events take effect between its blocks
constexpr double kBendRangeCents = 200.0;  // the General MIDI default

struct SettingsDeleter {
    void operator()(fluid_settings_t* settings) const { delete_fluid_settings(settings); }
};
struct SynthDeleter {
    void operator()(fluid_synth_t* synth) const { delete_fluid_synth(synth); }
};

// FluidSynth's first synthesiser fills tables that all others use, and its sample cache is shared: one at a time.
std::mutex& constructionMutex() {
    static std::mutex mutex;
    return mutex;
}

class Synth {
public:
    Synth(const std::filesystem::path& soundFont, double sampleRateHz) {
        const std::lock_guard lock(constructionMutex());
        for (int level = FLUID_PANIC; level < LAST_LOG_LEVEL; ++level) fluid_set_log_function(level, nullptr, nullptr);
        settings_.reset(new_fluid_settings());
        fluid_settings_setnum(settings_.get(), "synth.sample-rate", sampleRateHz);
        fluid_settings_setint(settings_.get(), "synth.reverb.active", 0);
        fluid_settings_setint(settings_.get(), "synth.chorus.active", 0);
        fluid_settings_setint(settings_.get(), "synth.polyphony", 256);
        fluid_settings_setint(settings_.get(), "synth.cpu-cores", 1);
        fluid_settings_setnum(settings_.get(), "synth.gain", 0.2);
        synth_.reset(new_fluid_synth(settings_.get()));
        if (!synth_) throw Error(ErrorKind::internal, "FluidSynth could not be started at " + std::to_string(sampleRateHz) + " Hz");
        if (fluid_synth_sfload(synth_.get(), soundFont.c_str(), 1) == FLUID_FAILED)
            throw InputError(soundFont.string() + ": this soundfont could not be loaded; is it complete? Reinstall the package "
                             "timgm6mb-soundfont, or name another soundfont");
    }
    ~Synth() {
        const std::lock_guard lock(constructionMutex());
        synth_.reset();
        settings_.reset();
    }

    fluid_synth_t* get() const { return synth_.get(); }

private:
    std::unique_ptr<fluid_settings_t, SettingsDeleter> settings_;
    std::unique_ptr<fluid_synth_t, SynthDeleter> synth_;
};

// A keyboard is spread over zones of seven keys from C2 upwards, each on a MIDI channel of its own with its own pan.
constexpr int kZones = 9, kLowestZoneKey = 36, kKeysPerZone = 7, kPercussionChannel = 9;
constexpr int kPanController = 10, kExpressionController = 11;

int zoneOf(int key) { return std::clamp((key - kLowestZoneKey) / kKeysPerZone, 0, kZones - 1); }

// In the order in which they happen: at one moment notes end, then controllers move, then notes begin.
struct Event {
    int frame;
    int order;
    int channel;
    int a, b;
};
enum Order { kNoteOff, kExpression, kPan, kBend, kNoteOn };

std::vector<Event> schedule(const Performance& performance, double sampleRateHz) {
    const auto frameOf = [&](double seconds) {
        return static_cast<int>(std::lround(seconds * sampleRateHz / kGridFrames)) * kGridFrames;
    };
    const auto channelOf = [&](int key) { return performance.percussion ? kPercussionChannel : performance.keyboardPan > 0.0 ? zoneOf(key) : 0; };
    std::vector<Event> events;
    for (const PlayedNote& note : performance.notes) {
        const int start = frameOf(note.startSeconds), channel = channelOf(note.key);
        events.push_back({start, kNoteOn, channel, note.key, note.velocity});
        events.push_back({std::max(start + kGridFrames, frameOf(note.endSeconds)), kNoteOff, channel, note.key, 0});
    }
    for (const Controller& controller : performance.controllers) {
        const int frame = frameOf(controller.seconds), channel = channelOf(kLowestZoneKey);
        const int seven = std::clamp(static_cast<int>(std::lround(controller.value)), 0, 127);
        switch (controller.kind) {
            case Controller::Kind::expression: events.push_back({frame, kExpression, channel, seven, 0}); break;
            case Controller::Kind::pan: events.push_back({frame, kPan, channel, seven, 0}); break;
            case Controller::Kind::bendCents: {
                const int bend = 8192 + static_cast<int>(std::lround(controller.value / kBendRangeCents * 8192.0));
                events.push_back({frame, kBend, channel, std::clamp(bend, 0, 16383), 0});
                break;
            }
        }
    }
    std::stable_sort(events.begin(), events.end(),
                     [](const Event& a, const Event& b) { return a.frame != b.frame ? a.frame < b.frame : a.order < b.order; });
    return events;
}

void send(fluid_synth_t* synth, const Event& event) {
    switch (event.order) {
        case kNoteOff: fluid_synth_noteoff(synth, event.channel, event.a); break;  // fails harmlessly for a drum that has died away
        case kExpression: fluid_synth_cc(synth, event.channel, kExpressionController, event.a); break;
        case kPan: fluid_synth_cc(synth, event.channel, kPanController, event.a); break;
        case kBend: fluid_synth_pitch_bend(synth, event.channel, event.a); break;
        case kNoteOn: fluid_synth_noteon(synth, event.channel, event.a, event.b); break;
        default: break;
    }
}

void chooseSounds(fluid_synth_t* synth, const Performance& performance) {
    if (performance.percussion) {
        fluid_synth_program_change(synth, kPercussionChannel, performance.program);
        return;
    }
    for (int zone = 0; zone < kZones; ++zone) {
        fluid_synth_program_change(synth, zone, performance.program);
        const double position = 2.0 * zone / (kZones - 1) - 1.0;  // -1 left ... 1 right
        fluid_synth_cc(synth, zone, kPanController, static_cast<int>(std::lround(64.0 + position * performance.keyboardPan)));
    }
}

}  // namespace

std::filesystem::path findSoundFont(const std::filesystem::path& wanted) {
    const std::filesystem::path path = wanted.empty() ? std::filesystem::path(kPackagedSoundFont) : wanted;
    std::error_code error;
    if (!std::filesystem::is_regular_file(path, error))
        throw InputError(path.string() + ": the soundfont that plays the demo's instruments is not there. "
                         "Install it with: sudo apt install timgm6mb-soundfont");
    if (!fluid_is_soundfont(path.c_str()))
        throw InputError(path.string() + ": this is not a soundfont (SF2). Install one with: sudo apt install timgm6mb-soundfont");
    return path;
}

AudioBuffer renderPerformance(const Performance& performance, const std::filesystem::path& soundFont, double sampleRateHz, int numFrames) {
    const Synth synth(soundFont, sampleRateHz);
    chooseSounds(synth.get(), performance);

    AudioBuffer audio({sampleRateHz, 2}, numFrames);
    float* left = audio.channel(0).data();
    float* right = audio.channel(1).data();
    int position = 0;
    const auto renderTo = [&](int frame) {
        if (frame > position) fluid_synth_write_float(synth.get(), frame - position, left, position, 1, right, position, 1);
        position = std::max(position, frame);
    };
    for (const Event& event : schedule(performance, sampleRateHz)) {
        if (event.frame >= numFrames) break;
        renderTo(event.frame);
        send(synth.get(), event);
    }
    renderTo(numFrames);
    return audio;
}

}  // namespace tonewright::demo
