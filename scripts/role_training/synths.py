"""Synthesizers, plucked strings and effects of our own, so that the model learns no soundfont by heart."""
import numpy as np

from . import performances
from .processing import band, normalised, RATE


def _oscillator(frequency, kind, count, phase=0.0):
    """Band-limited by polynomial corner rounding. frequency: number or array."""
    step = np.broadcast_to(np.asarray(frequency) / RATE, count)
    position = (phase + np.cumsum(step)) % 1.0

    def blep(p):
        out = np.zeros(count)
        rise, fall = p < step, p > 1 - step
        out[rise] = 2 * (p / step)[rise] - (p / step)[rise] ** 2 - 1
        x = ((p - 1) / step)[fall]
        out[fall] = x * x + 2 * x + 1
        return out

    if kind == "sine":
        return np.sin(2 * np.pi * position)
    if kind == "triangle":
        return 4 * np.abs(position - 0.5) - 1
    if kind == "square":
        return np.where(position < 0.5, 1.0, -1.0) + blep(position) - blep((position + 0.5) % 1.0)
    return 2 * position - 1 - blep(position)


def hertz(key):
    return 440.0 * 2 ** ((key - 69) / 12)


def _envelope(count, length, attack, decay, sustain, release):
    t = np.arange(count) / RATE
    body = np.minimum(1.0, t / max(attack, 1e-4)) * (sustain + (1 - sustain) * np.exp(-np.maximum(0, t - attack) / decay))
    return body * np.where(t < length, 1.0, np.exp(-(t - length) / release))


class Patch:
    """One random sound of a kind: "bass", "sub", "lead", "pad", "pluck", "electric-piano", "organ"."""

    def __init__(self, kind, rng):
        self.kind, self.rng = kind, rng
        self.wave = str(rng.choice(["saw", "square", "saw", "triangle", "sine"]))
        if kind == "sub":
            self.wave = str(rng.choice(["sine", "sine", "triangle"]))
        self.detune = rng.choice([0.0, 0.0, 0.05, 0.12, 0.2]) if kind in ("lead", "pad", "bass") else 0.0
        self.voices = {"pad": 5, "lead": int(rng.choice([1, 2, 5])), "bass": int(rng.choice([1, 2]))}.get(kind, 1) if self.detune else 1
        self.attack = {"pad": rng.uniform(0.1, 0.9), "lead": rng.uniform(0.002, 0.06)}.get(kind, 0.004)
        self.decay = rng.uniform(0.08, 0.5) if kind in ("pluck",) else rng.uniform(0.2, 1.5)
        self.sustain = {"pluck": 0.0, "pad": 0.9, "electric-piano": 0.0, "organ": 1.0, "sub": 0.9}.get(kind, rng.uniform(0.2, 1.0))
        if kind == "electric-piano":
            self.decay = rng.uniform(0.6, 1.8)
        self.release = {"pad": rng.uniform(0.3, 1.2)}.get(kind, rng.uniform(0.03, 0.2))
        self.fm_index, self.fm_ratio = rng.uniform(0.5, 6), rng.choice([1, 2, 3, 7, 14])
        self.is_fm = kind in ("electric-piano",) or (kind in ("bass", "pluck", "lead") and rng.random() < 0.25)
        self.cut, self.sweep = rng.uniform(1.5, 24), rng.uniform(0, 1)
        self.draws = rng.choice([0, 0.3, 0.6, 1.0], 9) + 0.05
        self.cache = {}

    def note(self, key, length, velocity):
        length = round(length, 1) + 0.05
        at = (key, length)
        if at not in self.cache:
            self.cache[at] = self._make(hertz(key), length).astype(np.float32)
        return self.cache[at] * (velocity / 127) ** 1.5

    def _make(self, f, length):
        count = int((length + 4 * self.release) * RATE)
        t = np.arange(count) / RATE
        if self.kind == "organ":
            tones = sum(d * np.sin(2 * np.pi * f * m * t) for d, m in zip(self.draws, (0.5, 1, 1.5, 2, 3, 4, 5, 6, 8)) if f * m < 16000)
            return tones * _envelope(count, length, 0.005, 1, 1, 0.03) + self.rng.standard_normal(count) * np.exp(-t / 0.004) * 0.2
        if self.is_fm:
            modulation = self.fm_index * np.exp(-t / (0.3 * self.decay)) * np.sin(2 * np.pi * f * self.fm_ratio * t)
            return np.sin(2 * np.pi * f * t + modulation) * _envelope(count, length, self.attack, self.decay, self.sustain, self.release)
        sound = sum(_oscillator(f * 2 ** (self.detune * (v - (self.voices - 1) / 2) / 12 * 2 / max(1, self.voices - 1)), self.wave, count, self.rng.random()) for v in range(self.voices))
        if self.kind != "sub":
            dark, bright = band(sound, high=min(18000, f * self.cut / 3)), band(sound, high=min(18000, f * self.cut))
            open_ = self.sweep * np.exp(-t / (0.5 * self.decay)) + (1 - self.sweep)
            sound = dark * (1 - open_) + bright * open_
        return sound * _envelope(count, length, self.attack, self.decay, self.sustain, self.release)


class String:
    """A plucked string: partials that decay the faster the higher, stiff and picked somewhere; a body or a pickup."""

    def __init__(self, kind, rng):
        self.kind, self.rng = kind, rng
        self.position, self.stiffness = rng.uniform(0.08, 0.35), rng.uniform(0.00002, 0.0003)
        self.decay = {"acoustic": rng.uniform(0.5, 1.3), "electric": rng.uniform(1.0, 2.5), "bass": rng.uniform(0.6, 2.5)}[kind]
        self.damping = rng.uniform(0.15, 0.6) if kind != "bass" else rng.uniform(0.2, 1.0)
        self.tilt = rng.uniform(0.6, 1.6) if kind != "bass" else rng.uniform(0.9, 2.0)
        self.muted = rng.random() < (0.15 if kind != "acoustic" else 0.03)
        self.pick = rng.uniform(0.0, 0.25) if kind != "bass" else rng.uniform(0, 0.08)
        self.body = [(rng.uniform(90, 130), rng.uniform(3, 8)), (rng.uniform(180, 260), rng.uniform(3, 8)), (rng.uniform(350, 600), rng.uniform(0, 5))]
        self.pickup = rng.uniform(0.06, 0.28)
        self.cache = {}

    def note(self, key, length, velocity):
        length = round(length, 1) + 0.05
        if (key, length) not in self.cache:
            self.cache[key, length] = self._make(hertz(key), length).astype(np.float32)
        return self.cache[key, length] * (velocity / 127) ** 1.3

    def _make(self, f, length):
        count = int((length + 0.15) * RATE)
        t = np.arange(count) / RATE
        sound = np.zeros(count)
        decay = self.decay * (110.0 / f) ** 0.4 * (0.12 if self.muted else 1.0)
        for n in range(1, int(min(26, 9000 / f)) + 1):
            hz = f * n * np.sqrt(1 + self.stiffness * n * n)
            amplitude = abs(np.sin(np.pi * n * self.position)) / n ** self.tilt
            if self.kind != "acoustic":
                amplitude *= abs(np.sin(np.pi * n * self.pickup))
            else:
                amplitude *= 10 ** (sum(g * np.exp(-0.5 * (np.log2(hz / c) / 0.25) ** 2) for c, g in self.body) / 20)
            sound += amplitude * np.exp(-t / (decay / (1 + self.damping * (n - 1) ** 0.8))) * np.sin(2 * np.pi * hz * t + self.rng.uniform(0, 6.28))
        sound += band(self.rng.standard_normal(count) * np.exp(-t / 0.006), low=1000) * self.pick
        return sound * np.where(t < length, 1.0, np.exp(-(t - length) / 0.03)) * np.minimum(1, t / 0.001)


def performed(voice, notes, seconds, glide=0.0):
    out = np.zeros(int(seconds * RATE) + 6 * RATE, np.float32)
    for start, length, key, velocity in notes:
        if start < seconds - 0.1:
            sound = voice.note(int(key), min(length, seconds - start), velocity)
            at = int(start * RATE)
            out[at:at + len(sound)] += sound[: len(out) - at]
    return out[: int(seconds * RATE)]


def clip(role, rng, seconds):
    """Samples of a synthesizer or string in that role, and the kind of source."""
    play = lambda styles, low, high: performances.play(rng, styles, low, high, seconds)
    if role == "bass/synth":
        return performed(Patch("bass", rng), play(("riff", "riff", "line"), int(rng.integers(24, 32)), 50), seconds)
    if role == "bass/sub":
        return performed(Patch("sub", rng), play(("riff", "held", "line"), int(rng.integers(22, 29)), 43), seconds)
    if role == "synth/lead":
        return performed(Patch(str(rng.choice(["lead", "lead", "pluck"])), rng), play(("line", "riff", "arpeggio"), int(rng.integers(45, 62)), 88), seconds)
    if role == "keys/synth":
        return performed(Patch(str(rng.choice(["pluck", "lead"])), rng), play(("chords", "comping", "arpeggio"), int(rng.integers(45, 58)), 84), seconds)
    if role == "pad/synth":
        return performed(Patch("pad", rng), play(("held",), int(rng.integers(36, 54)), 76), seconds)
    if role == "keys/electric-piano":
        return performed(Patch("electric-piano", rng), play(("chords", "comping", "two-hands", "line"), int(rng.integers(38, 56)), 84), seconds)
    if role == "keys/organ":
        return performed(Patch("organ", rng), play(("held", "chords", "comping", "line"), int(rng.integers(38, 56)), 84), seconds)
    if role == "guitar/acoustic":
        return performed(String("acoustic", rng), play(("chords", "strum", "strum", "arpeggio", "line"), int(rng.integers(40, 50)), 76), seconds)
    if role in ("guitar/electric-clean", "guitar/electric-driven"):
        styles = ("chords", "strum", "arpeggio", "line", "riff") if role.endswith("clean") else ("power", "chug", "chug", "strum", "riff", "line")
        return performed(String("electric", rng), play(styles, int(rng.integers(38, 50)), 80), seconds)
    if role == "bass/electric":
        return performed(String("bass", rng), play(("riff", "riff", "walk", "line"), int(rng.integers(26, 32)), 50), seconds)
    if role == "effects/effect":
        return effect(rng, seconds)
    raise ValueError(role)


def effect(rng, seconds):
    """Risers, sweeps, impacts, drones, swells."""
    count = int(seconds * RATE)
    t, out = np.arange(count) / RATE, np.zeros(count)
    kind = rng.choice(["riser", "impact", "texture", "swell", "tone"])
    length = rng.uniform(1.5, seconds)
    for start in np.arange(rng.uniform(0, 1), seconds, length + rng.uniform(0, 2)):
        x = np.clip((t - start) / length, 0, 1)
        inside = (t >= start) & (t < start + length)
        noise = rng.standard_normal(count)
        if kind == "riser":
            out += inside * (x ** 2) * (band(noise, low=2000) * x + band(noise, high=1500) * (1 - x))
        elif kind == "impact":
            after = np.maximum(0, t - start)
            out += (t >= start) * (np.exp(-after / 1.2) * np.sin(2 * np.pi * (38 * after + 25 * (1 - np.exp(-after * 6)))) + 0.3 * noise * np.exp(-after / 0.5))
        elif kind == "swell":
            out += inside * np.exp(6 * (x - 1)) * band(noise, low=rng.uniform(500, 4000))
        elif kind == "tone":
            out += inside * np.sin(2 * np.pi * np.cumsum(200 * 2 ** (4 * x * rng.choice([-1, 1]) + 1)) / RATE) * 0.5
        else:
            slow = np.interp(t, np.arange(0, seconds + 1, 0.5), rng.random(int(2 * seconds) + 2)[: len(np.arange(0, seconds + 1, 0.5))])
            out += inside * band(noise, low=rng.uniform(50, 800), high=rng.uniform(1000, 9000)) * slow
    return normalised(out)
