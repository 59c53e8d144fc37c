"""Physical models of the Synthesis ToolKit (Debian's stk): winds, brass, bowed and struck things that no sampler recorded."""
import subprocess
import tempfile
from pathlib import Path

import numpy as np
import soundfile

from . import performances

# role: (models, lowest key, highest key, ways of playing)
MODELS = {
    "winds/clarinet": (("Clarinet", "BlowHole"), 50, 84, ("line", "line", "riff")),
    "winds/sax": (("Saxofony",), 46, 76, ("line", "line", "riff")),
    "winds/flute": (("Flute", "Recorder", "Whistle"), 60, 90, ("line", "riff")),
    "brass/solo": (("Brass",), 46, 76, ("line", "riff")),
    "strings/solo": (("Bowed",), 46, 84, ("line", "held")),
    "strings/plucked": (("Sitar", "Mandolin"), 48, 80, ("arpeggio", "line", "riff", "strum")),
    "guitar/acoustic": (("Plucked", "StifKarp"), 40, 76, ("chords", "strum", "arpeggio", "line")),
    "keys/electric-piano": (("Rhodey", "Wurley"), 38, 84, ("comping", "chords", "line", "two-hands")),
    "keys/organ": (("BeeThree",), 38, 84, ("held", "comping", "line")),
    "mallets/mallets": (("TubeBell", "ModalBar", "BandedWG"), 52, 88, ("arpeggio", "line", "riff")),
    "vocals/choir": (("FMVoices", "VoicForm"), 48, 76, ("held", "line")),
    "synth/lead": (("Moog",), 48, 84, ("line", "riff", "arpeggio")),
    "bass/synth": (("Moog",), 28, 48, ("riff", "line")),
}
ONE_VOICE = ("winds/clarinet", "winds/sax", "winds/flute", "brass/solo", "strings/solo")


def clip(role, rng, seconds):
    models, low, high, styles = MODELS[role]
    model = str(rng.choice(models))
    base = int(rng.integers(low, max(low + 1, high - 24)))
    notes = sorted(n for n in performances.play(rng, styles, base, min(high, base + 28), seconds) if n[0] < seconds - 0.1)
    events = []
    for i, (start, length, key, velocity) in enumerate(notes):
        end = start + length
        if role in ONE_VOICE and i + 1 < len(notes):
            end = min(end, notes[i + 1][0] - 0.01)
        events += [(start, "NoteOn", key, velocity), (max(end, start + 0.05), "NoteOff", key, 64)]
    with tempfile.TemporaryDirectory() as folder:
        score, now = Path(folder) / "it.ski", 0.0
        lines = [f"ControlChange 0.0 1 {number} {int(rng.integers(20, 110))}" for number in ((2, 4, 11) if role in ("winds/sax", "winds/clarinet", "strings/solo") and rng.random() < 0.3 else ())]
        if model == "ModalBar":
            lines.append(f"ControlChange 0.0 1 16 {int(rng.integers(0, 9))}")
        for time, what, key, value in sorted(events, key=lambda e: (e[0], e[1] == "NoteOn")):
            lines.append(f"{what} {max(0.0, time - now):.4f} 1 {key} {value}")
            now = max(now, time)
        score.write_text("\n".join(lines) + f"\nNoteOff 0.5 1 {notes[-1][2]} 64\n")
        subprocess.run(["stk-demo", model, "-s", "44100", "-n", "1" if role in ONE_VOICE else "6", "-ow", f"{folder}/it", "-if", str(score)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=60)
        try:
            samples, _ = soundfile.read(f"{folder}/it.wav", dtype="float32")
        except soundfile.LibsndfileError:
            return None
    return samples[: int(seconds * 44100)] - samples.mean(axis=0)
