"""Presets of LMMS and instruments of ZynAddSubFX, each rendered alone by LMMS. What one is, its name says."""
import gzip
import os
import re
import subprocess
import tempfile
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import numpy as np
import soundfile

from . import performances
from .soundfonts import INSTRUMENTS

ZYN, LMMS = Path("/usr/share/zynaddsubfx/banks"), Path("/usr/share/lmms/presets")
TICKS_PER_SECOND, MIDDLE = 240, 57  # at 300 beats a minute; LMMS's A of 440 Hz
SKIPPED = re.compile(r"split|dual|drum|kit|noise|percuss|layer|\+|&| and |combo$|rough!|sequencer|reverse|arpeg|chord|kick|snare|hihat|clap|shaker|rimshot", re.I)
NAMES = (("winds/clarinet", r"bassoon|clarinet|oboe|reed(?!.*organ)|english horn"), ("bass/acoustic", r"acoustic bass|contrabass|double bass|upright"),
         ("bass/electric", r"(slap|finger|fretless|pick\w*|electric|stick) ?bass|bass ?guitar"), ("bass/sub", r"sub ?bass"), ("bass/synth", r"bass|303"),
         ("keys/accordion", r"accord|harmonium|bandoneon"), ("winds/flute", r"pan ?pipe|flute|ocarina|whistle|recorder|bottle|piccolo"), ("keys/organ", r"organ|hammond|drawbar|leslie|pipe"),
         ("keys/electric-piano", r"rhodes|e[- ]?piano|el\w* ?piano|wurl|fm ?piano|dx"), ("keys/clavinet", r"clav|harpsi"), ("keys/piano", r"piano|grand"),
         ("guitar/electric-driven", r"(over ?drive|dist|power|rock|fuzz|heavy)\w* ?(guitar|gtr)|(guitar|gtr)\w* ?(over ?drive|dist)"), ("guitar/acoustic", r"nylon|(acoustic|steel|12|folk)\w* ?(guitar|gtr)"),
         ("guitar/electric-clean", r"guitar|gtr"), ("vocals/choir", r"choir|voice|a+h+h|o+h+h|vox|vocal"), ("brass/solo", r"trumpet|trombone|tuba|french horn"), ("brass/ensemble", r"brass|horn"),
         ("winds/sax", r"\bsax"), ("strings/solo", r"violin|cello|viola|fiddle"), ("strings/plucked", r"harp\b|koto|sitar|banjo|pizz|dulcimer"), ("strings/ensemble", r"string"),
         ("mallets/mallets", r"bell|marimba|xylo|vibra|glock|celest|music ?box|steel drum"), ("pad/synth", r"pad|sweep|matrix|rushes|ice|halo|atmos|ambient|space|angel|ether"),
         ("synth/lead", r"lead|saw|square|solo|wave|analog|trance"))
BANKS = {"Organ": "keys/organ", "Rhodes": "keys/electric-piano", "Strings": "strings/ensemble", "Pads": "pad/synth", "Brass": "brass/ensemble", "Choir and Voice": "vocals/choir", "Bass": "bass/synth",
         "Guitar": "guitar/electric-clean", "Plucked": "strings/plucked", "Synth": "synth/lead", "Fantasy": "pad/synth", "SynthPiano": "keys/synth", "Noises": "effects/effect", "Cormi_Noise": "effects/effect"}

PLAYED = {"bass/sub": ((), 24, 43, ("riff", "held", "line")), "keys/synth": ((), 45, 84, ("comping", "chords", "arpeggio"))}


def role_of(path):
    """None where the name leaves it open."""
    name, bank = path.stem.lower().replace("_", " "), path.parent.name
    if bank in ("Noises", "Cormi_Noise"):
        return "effects/effect"
    if bank == "SynthPiano":
        return "keys/synth"
    if bank in ("Dual", "Splitted", "Drums", "Arpeggios", "Kicker") or SKIPPED.search(name):
        return None
    return next((role for role, words in NAMES if re.search(words, name)), BANKS.get(bank))


def catalogue():
    """{role: [preset files]}."""
    found = {}
    for path in sorted(ZYN.glob("*/*.xiz")) + sorted(p for p in LMMS.glob("*/*.xpf")):
        role = role_of(path)
        if role:
            found.setdefault(role, []).append(path)
    return found


def _par(parent, name, value, kind="par"):
    ElementTree.SubElement(parent, kind, name=name, value=str(value))


def _zyn_track(path):
    raw = path.read_bytes()
    document = ElementTree.fromstring((gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw).strip())
    track = ElementTree.Element("instrumenttrack", pan="0", pitch="0", basenote=str(MIDDLE), pitchrange="1", usemasterpitch="1")
    plugin = ElementTree.SubElement(ElementTree.SubElement(track, "instrument", name="zynaddsubfx"), "zynaddsubfx", forwardmidicc="1", modifiedcontrollers="", bandwidth="64", portamento="0",
                                    filterfreq="64", filterq="64", fmgain="127", resbandwidth="64", rescenterfreq="64")
    master = ElementTree.SubElement(ElementTree.SubElement(plugin, "ZynAddSubFX-data", document.attrib), "MASTER")
    _par(master, "volume", 80)
    _par(master, "key_shift", 64)
    part = ElementTree.SubElement(master, "PART", id="0")
    for name, value in (("volume", 96), ("panning", 64), ("min_key", 0), ("max_key", 127), ("rcv_chn", 0), ("velocity_sensing", 64), ("velocity_offset", 64), ("key_limit", 15)):
        _par(part, name, value)
    for name in ("enabled", "note_on", "poly_mode"):
        _par(part, name, "yes", "par_bool")
    part.append(document.find("INSTRUMENT"))
    return track


def _lmms_track(path):
    return next(ElementTree.parse(path).getroot().iter("instrumenttrack"), None)


def render(path, notes, seconds):
    """The notes played by a preset, or None where LMMS cannot."""
    project = ElementTree.Element("lmms-project", version="1.0", creator="role training", creatorversion="1.2.2", type="song")
    ElementTree.SubElement(project, "head", timesig_numerator="4", timesig_denominator="4", bpm="300", mastervol="50", masterpitch="0")
    tracks = ElementTree.SubElement(ElementTree.SubElement(project, "song"), "trackcontainer", type="song")
    track = ElementTree.SubElement(tracks, "track", type="0", name="it", muted="0", solo="0")
    instrument = _zyn_track(path) if path.suffix == ".xiz" else _lmms_track(path)
    if instrument is None:
        return None
    instrument.set("fxch", "0")
    instrument.set("vol", "80")
    track.append(instrument)
    pattern = ElementTree.SubElement(track, "pattern", pos="0", type="1", muted="0", steps="16", name="it", len=str(int(seconds * TICKS_PER_SECOND)), frozen="0")
    for start, length, key, velocity in sorted(notes):
        ElementTree.SubElement(pattern, "note", pos=str(int(start * TICKS_PER_SECOND)), len=str(max(8, int(length * TICKS_PER_SECOND))), key=str(int(key) - (0 if path.suffix == ".xiz" else 12)), vol=str(int(velocity / 1.27)), pan="0")
    with tempfile.TemporaryDirectory() as folder:
        source, out = Path(folder) / "it.mmp", Path(folder) / "it.wav"
        ElementTree.ElementTree(project).write(source, encoding="utf-8", xml_declaration=True)
        try:
            subprocess.run(["lmms", "--allowroot", "render", str(source), "-f", "wav", "-s", "44100", "-o", str(out)], env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "HOME": folder},
                           stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=40)
            samples, _ = soundfile.read(out, dtype="float32", always_2d=True)
        except (subprocess.TimeoutExpired, soundfile.LibsndfileError):
            return None
    return samples[: int(seconds * 44100)] - samples[: int(seconds * 44100)].mean(axis=0)


def clip(path, role, rng, seconds):
    _, low, high, styles = INSTRUMENTS.get(role, PLAYED.get(role))
    base = int(rng.integers(low, max(low + 1, high - 24)))
    notes = [n for n in performances.play(rng, styles, base, min(high, base + 30), seconds) if n[0] < seconds - 0.1]
    return render(path, notes, seconds)


def kind(path):
    """What is held out together."""
    return f"zyn {path.parent.name}" if path.suffix == ".xiz" else f"lmms {path.parent.name}"
