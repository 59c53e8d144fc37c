"""Drum kits from one-shots: grooves, close microphones with bleed, overheads, rooms, loops."""
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import numpy as np
import soundfile
from scipy.signal import lfilter, resample_poly

from .processing import band, compressed, convolved, db, normalised, rms, room, RATE

# Hydrogen's kits whose licences (GPL, CC0) allow anything that we do with them.
KIT_FOLDER = Path("/usr/share/hydrogen/data/drumkits")
KITS = ("Audiophob", "ColomboAcousticDrumkit", "ElectricEmpireKit", "ForzeeStereo", "Gimme A Hand 1.0", "HardElectro1", "The Black Pearl 1.0", "VariBreaks")
_WORDS = (("percussion", ("clap", "cowbell", "maraca", "snap", "bongo", "tambour", "clave", "wood", "water", "conga", "cajon", "beats_")),
          ("stick", ("stick", "rim click")), ("kick", ("kick", "bassdrum", "bass drum")), ("snare", ("snare", "redo")), ("openhat", ("open hh", "hat op", "ohh", "hat open")),
          ("hihat", ("hh", "hat", "hi-hat")), ("ride", ("ride",)), ("crash", ("crash", "splash", "cymbal")), ("tom", ("tom", "drum 1", "drum 2")))


def _shot(path):
    samples, rate = soundfile.read(path, dtype="float32", always_2d=True)
    mono = samples.mean(axis=1)[: int(3.0 * rate)]
    return mono if rate == RATE else resample_poly(mono, RATE, rate).astype(np.float32)


def hydrogen_bank(kit):
    """{drum: [[layers soft to loud], ...]}."""
    bank = {}
    for instrument in ElementTree.parse(KIT_FOLDER / kit / "drumkit.xml").getroot().iter():
        if instrument.tag.split("}")[-1] != "instrument":
            continue
        children = {child.tag.split("}")[-1]: child for child in instrument.iter()}
        name = (children["name"].text or "").lower()
        drum = next((d for d, words in _WORDS if any(w in name for w in words)), None)
        files = [node.text for node in instrument.iter() if node.tag.split("}")[-1] == "filename" and node.text]
        layers = [_shot(KIT_FOLDER / kit / f) for f in files[:4] if (KIT_FOLDER / kit / f).exists()]
        layers = [layer for layer in layers if len(layer) > 200 and np.max(np.abs(layer)) > 1e-4]
        if drum and layers:
            bank.setdefault(drum, []).append(layers)
    return bank


def synthetic_bank(rng):
    """A drum machine of its own kind: swept sines, tuned noise, metallic squares."""
    def env(seconds, decay):
        t = np.arange(int(seconds * RATE)) / RATE
        return t, np.exp(-t / decay)

    def kick():
        t, e = env(1.2, rng.choice([0.06, 0.12, 0.25, 0.5]))
        low, high = rng.uniform(42, 65), rng.uniform(100, 400)
        phase = 2 * np.pi * np.cumsum(low + high * np.exp(-t / rng.uniform(0.008, 0.04))) / RATE
        click = rng.standard_normal(len(t)) * np.exp(-t / 0.003) * rng.uniform(0, 0.5)
        return np.tanh((np.sin(phase) * e + click) * rng.uniform(1, 4))

    def tom():
        t, e = env(1.2, rng.uniform(0.1, 0.35))
        low = rng.uniform(70, 200)
        return np.sin(2 * np.pi * np.cumsum(low * (1 + 0.5 * np.exp(-t / 0.03))) / RATE) * e + rng.standard_normal(len(t)) * np.exp(-t / 0.02) * 0.15

    def snare():
        t, e = env(0.8, rng.uniform(0.06, 0.2))
        tone = np.sin(2 * np.pi * rng.uniform(160, 260) * t) * np.exp(-t / 0.06) + 0.6 * np.sin(2 * np.pi * rng.uniform(280, 420) * t) * np.exp(-t / 0.04)
        return tone * rng.uniform(0.2, 1.0) + band(rng.standard_normal(len(t)), low=rng.uniform(300, 1800)) * e

    def metal(decay, length):
        t, e = env(length, decay)
        tones = sum(np.sign(np.sin(2 * np.pi * f * t)) for f in rng.uniform(2000, 9000, 6))
        return band(tones * rng.uniform(0, 0.3) + rng.standard_normal(len(t)), low=rng.uniform(5000, 9000), order=8) * e

    def clap():
        t, e = env(0.6, rng.uniform(0.05, 0.15))
        gate = sum(np.where(t > k * 0.012, np.exp(-(t - k * 0.012).clip(0) / 0.008), 0) for k in range(3)) + e * 0.7
        return band(rng.standard_normal(len(t)) * gate, low=rng.uniform(600, 1000), high=rng.uniform(2500, 6000))

    def shaker():
        t, _ = env(0.3, 1)
        return band(rng.standard_normal(len(t)), low=4000) * np.exp(-((t - 0.05) / 0.03) ** 2)

    def block():
        t, e = env(0.5, rng.uniform(0.02, 0.08))
        return np.sin(2 * np.pi * rng.uniform(400, 2500) * t) * e

    one = lambda make: [normalised(make())]
    return {"kick": [one(kick)], "snare": [one(snare)], "hihat": [one(lambda: metal(rng.uniform(0.02, 0.06), 0.3))], "openhat": [one(lambda: metal(rng.uniform(0.15, 0.4), 1.0))],
            "tom": [one(tom), one(tom), one(tom)], "crash": [one(lambda: metal(rng.uniform(0.5, 1.0), 2.5))], "ride": [one(lambda: metal(rng.uniform(0.3, 0.6), 1.5))],
            "percussion": [one(clap), one(shaker), one(block)]}


def groove(rng, seconds):
    """{drum: [(time, loudness 0..1, which)]}: bars of sixteenths with fills."""
    beat = 60.0 / rng.uniform(65, 180)
    step, hits = beat / 4, {}
    double = rng.random() < 0.15
    kick = {0, 8} | set(np.flatnonzero(rng.random(16) < (0.5 if double else 0.12)).tolist())
    snare = {4, 12} if rng.random() < 0.8 else {8}
    ghost = set(np.flatnonzero(rng.random(16) < rng.choice([0.0, 0.15])).tolist()) - snare
    every, on_ride = rng.choice([1, 2, 4], p=[0.25, 0.55, 0.2]), rng.random() < 0.3
    percussion = np.flatnonzero(rng.random(16) < rng.uniform(0.1, 0.6))
    fills = rng.random() < 0.7

    def hit(drum, index, loudness, which=0):
        time = index * step + rng.normal(0, 0.004)
        if 0 <= time < seconds - 0.1:
            hits.setdefault(drum, []).append((time, float(np.clip(loudness + rng.normal(0, 0.08), 0.08, 1.0)), which))

    for bar in range(int(seconds / (16 * step)) + 1):
        base, fill = 16 * bar, fills and bar % 2 == 1
        for s in range(16):
            if fill and s >= 8:
                if rng.random() < 0.75:
                    hit("tom" if rng.random() < 0.75 else "snare", base + s, 0.8, (s - 8) // 3)
                continue
            if s in kick:
                hit("kick", base + s, 0.9)
            if s in snare:
                hit("snare", base + s, 0.95)
            elif s in ghost:
                hit("snare", base + s, 0.3)
            if s % every == 0:
                hit("ride" if on_ride else "openhat" if rng.random() < 0.06 else "hihat", base + s, 0.8 if s % 4 == 0 else 0.55, 0)
        if bar % 2 == 0 and rng.random() < 0.7:
            hit("crash", base, 0.9, bar // 2)
        for s in percussion:
            hit("percussion", base + int(s), 0.75)
    return hits


def stems(bank, rng, seconds):
    """{drum: mono track}: the groove, each drum alone."""
    tracks, chosen = {}, {}
    for drum, hits in groove(rng, seconds).items():
        voices = bank.get(drum) or bank.get({"openhat": "hihat", "ride": "crash"}.get(drum, ""), None)
        if not voices:
            continue
        first = chosen.setdefault(drum, int(rng.integers(len(voices))))
        track = np.zeros(int(seconds * RATE) + 4 * RATE, np.float32)
        for time, loudness, which in hits:
            layers = voices[(first + which) % len(voices)]
            shot = layers[min(len(layers) - 1, int(loudness * len(layers)))]
            start = int(time * RATE)
            track[start:start + len(shot)] += shot[: len(track) - start] * loudness ** 1.5
        tracks[drum] = track[: int(seconds * RATE)]
    peak = {drum: np.max(np.abs(track)) + 1e-9 for drum, track in tracks.items()}
    natural = {"kick": 1.0, "snare": 1.0, "tom": 0.9, "hihat": 0.3, "openhat": 0.35, "ride": 0.35, "crash": 0.55, "percussion": 0.5, "stick": 0.6}
    return {drum: track / peak[drum] * natural[drum] for drum, track in tracks.items()}


def _sum(tracks, gains_db):
    return sum(tracks[d] * db(gains_db(d)) for d in tracks)


def microphones(bank, rng, seconds, acoustic):
    """(role, samples) of what one performance leaves: close microphones, overheads, rooms, the kit. No percussion in the kit."""
    tracks = stems(bank, rng, seconds)
    percussion = tracks.pop("percussion", None)
    made = []
    if percussion is not None:
        made.append(("drums/percussion", percussion))
    if not tracks:
        return made
    natural = "hihat" in tracks or "ride" in tracks
    space = room(rng, rng.choice([0.3, 0.6, 1.2]), rng.uniform(0.2, 0.6)) if acoustic else None
    in_room = {d: convolved(t, space)[:, 0] for d, t in tracks.items()} if acoustic else tracks

    def close(role, own, colour):
        if own not in tracks and own != "cymbals":
            return
        source = tracks.get(own, 0) if own != "hihat" else tracks.get("hihat", 0) + tracks.get("openhat", 0)
        track = colour(np.asarray(source))
        if acoustic:
            level = rng.uniform(-34, -12)
            for d in tracks:
                if d != own and not (own == "hihat" and d == "openhat"):
                    track = track + (tracks[d] * 0.6 + in_room[d] * 0.4) * db(level + rng.uniform(-6, 3))
        made.append((role, track))

    click = lambda t: t + band(t, low=2500) * rng.uniform(0, 3)
    close("drums/kick", "kick", lambda t: click(t) if rng.random() < 0.5 else band(t, high=rng.uniform(150, 4000)))
    if acoustic and rng.random() < 0.5:  # from below: the wires
        close("drums/snare", "snare", lambda t: band(t, low=rng.uniform(300, 900)) + compressed(band(t, low=2000), -30, 4) * 2)
    close("drums/snare", "snare", lambda t: t)
    close("drums/hihat", "hihat", lambda t: band(t, low=rng.uniform(50, 400)))
    close("drums/tom", "tom", lambda t: t)
    close("drums/ride", "ride", lambda t: band(t, low=rng.uniform(50, 400)))
    if natural:
        cymbals = {"kick": -16, "snare": -9, "tom": -8, "stick": -9}
        over = {d: tracks[d] + in_room[d] * rng.uniform(0.1, 0.6) for d in tracks}
        made.append(("drums/overhead", band(_sum(over, lambda d: cymbals.get(d, 6 if d != "hihat" else 2) + rng.uniform(-4, 4)), low=rng.choice([40, 120, 300]))))
        if "crash" in tracks and rng.random() < 0.5:
            made.append(("drums/overhead", tracks["crash"] + 0.7 * tracks.get("ride", 0)))
    if acoustic:
        wet = convolved(_sum(tracks, lambda d: rng.uniform(-3, 3)), room(rng, rng.choice([0.6, 1.2, 2.0])))
        wet = wet / rms(wet) * 0.1 + 0.3 * _sum(tracks, lambda d: 0)[:, None] / 8
        made.append(("drums/room", compressed(wet, rng.uniform(-40, -20), rng.choice([2, 6, 20]))))
    made.append(("drums/kit", _sum(tracks, lambda d: rng.uniform(-5, 3)) + (0.5 * _sum(in_room, lambda d: 0) if acoustic and rng.random() < 0.5 else 0)))
    if rng.random() < 0.4:  # a top loop has no kick
        made.append(("drums/kit", _sum(tracks, lambda d: -90 if d == "kick" else rng.uniform(-6, 6))))
    return made
