"""Instruments of General MIDI soundfonts, rendered by fluidsynth many clips at a time."""
import struct
import subprocess
import tempfile
from pathlib import Path

import numpy as np

from . import performances

RATE = 44100
SOUNDFONTS = {"fluid": "/usr/share/sounds/sf2/FluidR3_GM.sf2", "tim": "/usr/share/sounds/sf2/TimGM6mb.sf2", "muse": "/usr/share/sounds/sf3/MuseScore_General_Lite.sf3",
              "opl": "/usr/share/sounds/sf2/OPL-3_FM_128M.sf2", "free": "/etc/timidity/freepats.cfg"}  # freepats is played by timidity

# role: (programs, lowest key, highest key, ways of playing)
POLY, MONO = ("chords", "arpeggio", "line", "riff"), ("line", "line", "riff")
INSTRUMENTS = {
    "keys/piano": ((0, 1, 2, 3), 33, 88, POLY + ("comping", "two-hands", "two-hands")),
    "keys/electric-piano": ((4, 5), 36, 84, ("chords", "comping", "comping", "two-hands", "arpeggio", "line")),
    "keys/clavinet": ((7, 6), 40, 76, ("riff", "comping", "chords", "arpeggio")),
    "keys/organ": ((16, 17, 18, 19, 20), 36, 84, ("held", "chords", "line", "held", "comping")),
    "keys/accordion": ((21, 23), 48, 84, ("held", "chords", "line")),
    "mallets/mallets": ((8, 9, 10, 11, 12, 13, 14, 108, 114), 55, 91, ("arpeggio", "line", "riff")),
    "guitar/acoustic": ((24, 25, 105), 40, 76, ("chords", "strum", "strum", "arpeggio", "line")),
    "guitar/electric-clean": ((26, 27, 28, 31), 40, 80, ("chords", "strum", "arpeggio", "line", "riff")),
    "guitar/electric-driven": ((29, 30), 36, 80, ("power", "chug", "strum", "line", "riff")),
    "bass/acoustic": ((32,), 28, 55, ("walk", "line", "riff")),
    "bass/electric": ((33, 34, 35, 36, 37), 26, 52, ("riff", "riff", "walk", "line")),
    "bass/synth": ((38, 39), 24, 50, ("riff", "riff", "line")),
    "strings/solo": ((40, 41, 42, 110), 45, 86, ("line", "line", "held")),
    "strings/ensemble": ((44, 48, 49, 50, 51), 38, 84, ("held", "line", "chords")),
    "strings/plucked": ((45, 46, 104, 106, 107, 15), 45, 84, ("arpeggio", "line", "riff")),
    "vocals/choir": ((52, 53, 54), 45, 79, ("held", "line", "chords")),
    "brass/solo": ((56, 57, 58, 59, 60), 45, 78, MONO),
    "brass/ensemble": ((61, 62, 63), 45, 80, ("chords", "riff", "line")),
    "winds/sax": ((64, 65, 66, 67), 44, 78, MONO),
    "winds/clarinet": ((68, 69, 70, 71), 48, 84, MONO),
    "winds/flute": ((72, 73, 74, 75, 77, 79), 60, 93, MONO),
    "winds/harmonica": ((22,), 58, 84, ("line", "held")),
    "synth/lead": ((80, 81, 82, 83, 84, 85, 86, 87), 45, 84, ("line", "riff", "arpeggio")),
    "pad/synth": ((88, 89, 90, 91, 92, 93, 94, 95), 36, 76, ("held",)),
    "effects/effect": ((55, 96, 97, 99, 101, 102, 103, 119, 120, 121, 122, 125, 126, 127), 40, 76, ("held", "line", "riff")),
}
GLIDING = ("strings/solo", "brass/solo", "winds/sax", "winds/flute", "winds/clarinet", "winds/harmonica", "synth/lead", "guitar/electric-driven")

DRUM_KEYS = {"kick": (35, 36), "snare": (38, 40), "stick": (37,), "hihat": (42, 44), "openhat": (46,), "tom": (41, 43, 45, 47, 48, 50), "crash": (49, 57, 52, 55),
             "ride": (51, 53, 59), "percussion": (39, 54, 56, 60, 61, 62, 63, 64, 65, 66, 67, 69, 70, 73, 75, 76, 81, 82)}
DRUM_KITS = (0, 8, 16, 24, 25, 32, 40)

DRUM_SOUNDFONTS = {"pearl": "/usr/share/sounds/sf2/Black_Pearl_4_LV2.sf2", "zeppelin": "/usr/share/sounds/sf2/Red_Zeppelin_4_LV2.sf2"}


def _varlen(value):
    out = [value & 0x7F]
    while value := value >> 7:
        out.insert(0, 0x80 | (value & 0x7F))
    return bytes(out)


def _write_midi(path, events):
    """events: (seconds, bytes); two ticks a millisecond."""
    track, last = b"\x00\xff\x51\x03\x07\xa1\x20", 0
    for seconds, message in sorted(events, key=lambda event: event[0]):
        tick = int(round(seconds * 2000))
        track += _varlen(tick - last) + message
        last = tick
    track += b"\x00\xff\x2f\x00"
    path.write_bytes(b"MThd" + struct.pack(">IHHH", 6, 0, 1, 1000) + b"MTrk" + struct.pack(">I", len(track)) + track)


def _bends(rng, notes, channel):
    """Vibrato on long notes, scoops into some."""
    events, depth = [], rng.uniform(0.1, 0.5)
    rate = rng.uniform(4.5, 6.5)
    for start, length, _, _ in notes:
        if rng.random() < 0.25:
            for k in range(12):
                events.append((start + k * 0.008, _bend(channel, -rng.uniform(0.8, 1.2) * (1 - k / 11))))
        elif length > 0.4:
            for t in np.arange(0.2, length, 0.02):
                events.append((start + t, _bend(channel, depth * min(1.0, (t - 0.2) / 0.3) * np.sin(2 * np.pi * rate * t))))
        events.append((start + length, _bend(channel, 0.0)))
    return events


def _bend(channel, semitones):
    value = int(np.clip(8192 + semitones * 4096, 0, 16383))
    return bytes([0xE0 | channel, value & 0x7F, value >> 7])


def _render(soundfont, events, seconds):
    with tempfile.TemporaryDirectory() as folder:
        midi, raw = Path(folder) / "clips.mid", Path(folder) / "clips.raw"
        _write_midi(midi, events)
        if soundfont.endswith(".cfg"):
            subprocess.run(["timidity", "-c", soundfont, "-s", str(RATE), "-Or1sl", "-EFreverb=0", "-EFchorus=0", "-EFns=0", "-o", raw, midi], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        else:
            subprocess.run(["fluidsynth", "-ni", "-q", "-R", "0", "-C", "0", "-g", "0.4", "-r", str(RATE), "-O", "s16", "-T", "raw", "-F", raw, soundfont, midi],
                           check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        samples = np.fromfile(raw, "<i2").reshape(-1, 2).astype(np.float32) / 32768.0
    need = int(seconds * RATE)
    return np.pad(samples, ((0, max(0, need - len(samples))), (0, 0)))


def clips(name, roles, rng, seconds):
    """A clip of each role in `roles`: (role, group, samples). The group is the soundfont and the program."""
    slot, events, made = seconds + 1.0, [], []
    for i, role in enumerate(roles):
        programs, low, high, styles = INSTRUMENTS[role]
        program, at = int(rng.choice(programs)), i * slot
        shift = int(rng.integers(-4, 5))
        span = int(rng.integers(19, 37))
        base = int(rng.integers(low, max(low + 1, high - span + 1)))
        notes = [n for n in performances.play(rng, styles, base + min(0, shift), min(high, base + span), seconds) if n[0] < seconds - 0.1]
        channel = i % 9
        events.append((at, bytes([0xC0 | channel, program])))
        events.append((at, bytes([0xB0 | channel, 7, 100])))
        if role in GLIDING and rng.random() < 0.7:
            events += [(at + t, m) for t, m in _bends(rng, notes, channel)]
        for start, length, key, velocity in notes:
            events.append((at + start + 1e-3, bytes([0x90 | channel, int(np.clip(key, 12, 115)), velocity])))
            events.append((at + min(start + length, seconds), bytes([0x80 | channel, int(np.clip(key, 12, 115)), 0])))
        events.append((at + slot - 0.05, bytes([0xB0 | channel, 120, 0])))
        made.append((role, f"{name}/{program}"))
    samples = _render(SOUNDFONTS[name], events, len(roles) * slot)
    length = int(slot * RATE)
    return [(role, group, samples[i * length:(i + 1) * length - RATE // 20]) for i, (role, group) in enumerate(made)]


def drum_banks(name):
    """{kit: {drum: [[one shot per velocity], ...]}} of a soundfont."""
    slot, events, shots = 2.0, [], []
    soundfont = SOUNDFONTS.get(name) or DRUM_SOUNDFONTS[name]
    channel = 9 if name in SOUNDFONTS else 0
    for kit in DRUM_KITS if name in SOUNDFONTS and name != "free" else (0,):
        for drum, keys in DRUM_KEYS.items():
            for key in keys:
                for velocity in (70, 110):
                    at = len(shots) * slot
                    events += [(at, bytes([0xC0 | channel, kit])), (at + 1e-3, bytes([0x90 | channel, key, velocity])), (at + 0.2, bytes([0x80 | channel, key, 0])), (at + slot - 0.02, bytes([0xB0 | channel, 120, 0]))]
                    shots.append((kit, drum, key, velocity))
    samples, length = _render(soundfont, events, len(shots) * slot), int(slot * RATE)
    banks = {}
    for i, (kit, drum, key, _) in enumerate(shots):
        shot = samples[i * length:(i + 1) * length - 1000].mean(axis=1)
        if np.max(np.abs(shot)) > 1e-3:
            banks.setdefault(f"{name}/kit{kit}", {}).setdefault(drum, {}).setdefault(key, []).append(shot)
    return {kit: {drum: list(keys.values()) for drum, keys in bank.items()} for kit, bank in banks.items()}
