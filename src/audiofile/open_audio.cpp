#include "audiofile/audio_reader.h"
#include "audiofile/header_check.h"
#include "audiofile/libav_reader.h"
#include "audiofile/regular_file.h"
#include "audiofile/signature.h"
#include "audiofile/sndfile_reader.h"

namespace tonewright {

namespace {

bool sndfileMayKnow(Signature signature) {
    switch (signature) {
        case Signature::riffWave: case Signature::aiff: case Signature::caf: case Signature::wave64: case Signature::au:
        case Signature::flac: case Signature::ogg: case Signature::mpegAudio: return true;
        default: return false;
    }
}

}  // namespace

std::unique_ptr<AudioReader> openAudio(const std::filesystem::path& path) {
    const auto shared = std::make_shared<const RegularFile>(path);
    const RegularFile& file = *shared;
    const FoundSignature found = findSignature(file);
    const Signature signature = found.signature;
    if (signature == Signature::text)
        throw InputError(path.string() + ": holds text, not sound, whatever its name says. It was probably renamed or saved from a web page; export or download the sound again");
    if (signature == Signature::unknown)
        throw InputError(path.string() + ": is not a sound file that is known here: it begins like none of them. It may be damaged or of another kind; export it as WAV or FLAC");
    const HeaderFacts facts = checkHeader(file, found);
    AudioFileInfo known;
    known.path = path;
    known.hasStartFrame = facts.startFrame.has_value();
    known.startFrame = facts.startFrame.value_or(0);
    known.warnings = facts.warnings;
    std::string refusal;
    std::unique_ptr<AudioReader> reader;
    if (sndfileMayKnow(signature)) reader = openWithSndfile(shared, known, facts.patch, refusal);
    if (!reader && refusal.empty()) {
        reader = openWithLibav(shared, signature, known);
    } else if (!reader) {
        // Codings inside known containers that libsndfile does not have (AC-3 or MP3 in WAV, BW64) may be known to FFmpeg.
        try {
            reader = openWithLibav(shared, signature, known);
        } catch (const Error&) {
            throw InputError(path.string() + ": cannot be read: " + refusal + " Its header is probably damaged, or it was written in an unusual way; export it as WAV or FLAC");
        }
    }
    return reader;
}

}  // namespace tonewright
