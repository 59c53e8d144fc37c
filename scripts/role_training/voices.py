"""Voices: a throat and a mouth of our own, and speech of espeak-ng whose mouth sings another melody."""
import subprocess
import tempfile

import numpy as np
import soundfile
from scipy.signal import fftconvolve, lfilter, resample_poly

from . import performances
from .processing import band, normalised, RATE
from .synths import hertz

VOWELS = {"a": (730, 1090, 2440, 3400), "e": (530, 1840, 2480, 3500), "i": (270, 2290, 3010, 3700), "o": (570, 840, 2410, 3300), "u": (300, 870, 2240, 3200), "@": (500, 1500, 2500, 3500)}
LANGUAGES = ("en-us", "de", "es", "fr-fr", "it", "en-gb", "pt", "nl", "sv", "pl")
TEXTS = {
    "en": ("when the evening falls upon the river I will wait for you and sing a song of summer", "take me to the station before the morning comes, nothing here is what it was", "she said it is over, so I stay and count the stars again tonight"),
    "de": ("wenn der Abend kommt und die Stadt versinkt, sing ich leise noch ein Lied", "ich habe nichts vergessen, was du sagtest, bevor der Sommer ging"),
    "es": ("cuando cae la noche sobre el mar yo te espero y canto sin parar", "dame una razon para seguir, que el camino es largo y la luna se va"),
    "fr": ("quand la nuit descend sur la ville je chante encore pour toi", "il reste un peu de soleil dans tes yeux et le vent nous emporte"),
}


def pitch_track(rng, notes, seconds, step=0.005, steadiness=1.0):
    """Hertz over time (0 where nobody sings), as singers do it: glides, scoops, vibrato, drift."""
    count = int(seconds / step)
    track = np.zeros(count)
    vibrato, depth, scoop = rng.uniform(4.8, 6.6), rng.uniform(0.0, 0.5) * steadiness, rng.uniform(0.0, 2.5)
    drift = np.convolve(rng.standard_normal(count), np.ones(60) / 60, "same") * 1.2
    for start, length, key, _ in notes:
        a, b = int(start / step), min(count, int((start + length) / step))
        if b - a < 4:
            continue
        t = np.arange(b - a) * step
        bend = -scoop * np.exp(-t / rng.uniform(0.02, 0.08)) * (rng.random() < 0.6)
        wave = depth * np.clip((t - 0.25) / 0.3, 0, 1) * np.sin(2 * np.pi * vibrato * t + rng.uniform(0, 6))
        track[a:b] = key + bend + wave + drift[a:b] + rng.normal(0, 0.12)
    sung = track > 0
    smooth = track.copy()
    for _ in range(3):  # from note to note the voice slides
        kernel = np.ones(9) / 9
        weight = np.convolve(sung, kernel, "same")
        smooth = np.where(sung, np.convolve(np.where(sung, smooth, 0), kernel, "same") / np.maximum(weight, 1e-3), 0)
    return np.where(sung, hertz(smooth), 0.0), step


def _glottis(rng, f0, tilt):
    """Pulses of the vocal folds, with some breath."""
    voiced = f0 > 0
    jitter = 1 + 0.006 * fftconvolve(rng.standard_normal(len(f0)), np.ones(200) / 14, "same")
    phase = np.cumsum(np.where(voiced, f0, 0) * jitter) / RATE % 1.0
    opening = rng.uniform(0.5, 0.75)
    pulse = np.where(phase < opening, np.sin(np.pi * phase / opening) ** 2 * phase, 0.0)
    source = np.diff(pulse, prepend=0.0) * 30
    source = lfilter([1 - tilt], [1, -tilt], source)
    breath = rng.standard_normal(len(f0)) * (0.3 + pulse) * rng.uniform(0.01, 0.08)
    return np.where(voiced, source + breath, 0.0)


def _mouth(source, formants, scale):
    out = np.zeros(len(source))
    for i, f in enumerate(formants):
        f, width = f * scale, (60, 90, 140, 200)[i]
        r = np.exp(-np.pi * width / RATE)
        out += lfilter([1 - r], [1, -2 * r * np.cos(2 * np.pi * f / RATE), r * r], source) * (1, 0.6, 0.35, 0.2)[i]
    return out


def sung(rng, seconds, notes=None, words=True):
    """A formant singer: a vowel a note, consonants between, breaths before phrases."""
    scale = rng.uniform(0.9, 1.25)
    low = int(rng.integers(43, 62))
    notes = notes or performances.line(performances.Song(rng, seconds), low, low + 16)
    notes = [n for n in notes if n[0] < seconds - 0.2]
    track, step = pitch_track(rng, notes, seconds)
    count = int(seconds * RATE)
    f0 = np.interp(np.arange(count) / RATE, np.arange(len(track)) * step, track)
    f0[np.interp(np.arange(count) / RATE, np.arange(len(track)) * step, (track > 0).astype(float)) < 0.99] = 0
    source = _glottis(rng, f0, rng.uniform(0.5, 0.95))
    chosen = list(VOWELS) if words else [str(rng.choice(["u", "a", "o"]))]
    masks = {v: np.zeros(count) for v in chosen}
    out, noise = np.zeros(count), rng.standard_normal(count)
    end = -10.0
    for start, length, _, velocity in notes:
        a, b = int(start * RATE), min(count, int((start + length) * RATE))
        gain = (velocity / 127) ** 1.5
        masks[str(rng.choice(chosen))][a:b] = gain
        if words and rng.random() < 0.6:
            size = int(rng.uniform(0.03, 0.14) * RATE)
            c = max(0, a - size)
            hiss = noise[c:a] * np.hanning(max(1, a - c))
            out[c:a] += band(hiss, low=rng.choice([1500, 3500, 5500])) * rng.uniform(0.02, 0.15) * gain if a - c > 64 else 0
        if words and start - end > 0.5 and rng.random() < 0.6:
            c = max(0, a - int(0.45 * RATE))
            if a - c > 2000:
                out[c:a] += band(noise[c:a] * np.hanning(a - c), low=700, high=6000) * rng.uniform(0.005, 0.04)
        end = start + length
    fade = int(0.03 * RATE)
    voice = np.zeros(count)
    for vowel, mask in masks.items():
        if mask.any():
            smooth = fftconvolve(mask, np.hanning(fade) / np.hanning(fade).sum(), "same")
            voice += _mouth(source * smooth, VOWELS[vowel], scale)
    return normalised(voice / (np.max(np.abs(voice)) + 1e-9) + out)


FLITE_VOICES = ("slt", "rms", "awb", "kal16")


def _read_by_flite(rng, seconds):
    with tempfile.NamedTemporaryFile(suffix=".wav") as file:
        text = ". ".join(str(x) for x in rng.permutation(TEXTS["en"]))
        subprocess.run(["flite", "-voice", str(rng.choice(FLITE_VOICES)), "--setf", f"duration_stretch={rng.uniform(0.9, 1.6):.2f}", "-t", text, "-o", file.name], check=True, stdout=subprocess.DEVNULL)
        samples, own_rate = soundfile.read(file.name, dtype="float32")
    return np.tile(samples, int(np.ceil(seconds * own_rate / len(samples))))[: int(seconds * own_rate)], own_rate


def spoken(rng, seconds, rate=None):
    """espeak-ng or flite reads something."""
    if rng.random() < 0.4:
        return _read_by_flite(rng, seconds)
    language = str(rng.choice(LANGUAGES))
    texts = TEXTS.get(language[:2], TEXTS["en"])
    text = ". ".join(str(x) for x in rng.permutation(np.concatenate([texts, texts])))
    variant = str(rng.choice(["", "+f1", "+f2", "+f3", "+f4", "+m1", "+m2", "+m3", "+m4", "+m7"]))
    with tempfile.NamedTemporaryFile(suffix=".wav") as file:
        subprocess.run(["espeak-ng", "-v", language + variant, "-s", str(rate or int(rng.integers(110, 190))), "-p", str(int(rng.integers(20, 80))), "-w", file.name, text], check=True)
        samples, own_rate = soundfile.read(file.name, dtype="float32")
    samples = np.tile(samples, int(np.ceil(seconds * own_rate / len(samples))))[: int(seconds * own_rate)]
    return samples, own_rate


def speech(rng, seconds):
    samples, own_rate = spoken(rng, seconds)
    out = resample_poly(samples, RATE, own_rate) if own_rate != RATE else samples
    top = band(rng.standard_normal(len(out)), low=6000) * np.abs(band(out, low=4000)) * rng.uniform(0.5, 3)  # what 22 kHz left out
    return normalised(out + top)


def singing_words(rng, seconds, notes=None):
    """The mouth of the speaking voice (linear prediction, frame by frame, slowed down) over a throat that sings."""
    low = int(rng.integers(43, 62))
    notes = notes or performances.line(performances.Song(rng, seconds), low, low + 16)
    notes = [n for n in notes if n[0] < seconds - 0.2]
    samples, own_rate = spoken(rng, seconds * 0.75, rate=int(rng.integers(90, 150)))
    hop, size, order = 220, 660, 24
    track, step = pitch_track(rng, notes, seconds)
    count = int(seconds * own_rate)
    times = np.arange(count) / own_rate
    f0 = np.interp(times, np.arange(len(track)) * step, track)
    f0 = np.where(np.interp(times, np.arange(len(track)) * step, (track > 0).astype(float)) < 0.99, 0, f0)
    held = np.where(f0 > 0, f0, 0)
    source = _glottis_at(rng, held, own_rate)
    noise, window, out = rng.standard_normal(count + size), np.hanning(size), np.zeros(count + size)
    scale = rng.uniform(0.9, 1.15)
    for start in range(0, count - size, hop):
        at = int(start * 0.72)
        frame = samples[at:at + size]
        if len(frame) < size:
            break
        windowed = frame * window
        power = np.sqrt(np.mean(windowed ** 2))
        if power < 1e-4:
            continue
        r = np.correlate(windowed, windowed, "full")[size - 1:size + order]
        a = np.concatenate([[1.0], -_durbin(r * np.concatenate([[1.0001], np.ones(order)]))])
        unvoiced = np.sum(np.diff(windowed) ** 2) / (np.sum(windowed ** 2) + 1e-12) > 0.5
        excitation = (noise if unvoiced or not np.any(held[start:start + size]) else source)[start:start + size] * window
        if not unvoiced and not np.any(held[start:start + size]):
            continue  # between the notes only consonants and breath are heard
        piece = lfilter([1.0], a, excitation)
        out[start:start + size] += piece * power / (np.sqrt(np.mean(piece ** 2)) + 1e-9)
    del scale
    full = resample_poly(out[:count], RATE, own_rate)
    top = band(rng.standard_normal(len(full)), low=6000) * np.abs(band(full, low=4000)) * rng.uniform(0.5, 3)
    return normalised(full + top)


def _glottis_at(rng, f0, rate):
    phase = np.cumsum(f0 / rate) % 1.0
    pulse = np.where((phase < 0.6) & (f0 > 0), np.sin(np.pi * phase / 0.6) ** 2 * phase, 0.0)
    return np.diff(pulse, prepend=0.0) * 20 + rng.standard_normal(len(f0)) * 0.02 * (f0 > 0)


def _durbin(r):
    order = len(r) - 1
    a, error = np.zeros(order), r[0]
    for i in range(order):
        k = (r[i + 1] - np.dot(a[:i], r[i:0:-1])) / max(error, 1e-12)
        a[:i] = a[:i] - k * a[:i][::-1]
        a[i] = k
        error *= 1 - k * k
    return a


def lead(rng, seconds):
    return (singing_words if rng.random() < 0.6 else sung)(rng, seconds)


def backing(rng, seconds):
    """Two to five voices of one line in harmony, spread; oohs or words."""
    low = int(rng.integers(46, 62))
    notes = performances.line(performances.Song(rng, seconds), low, low + 12)
    words, voices = rng.random() < 0.5, int(rng.integers(2, 6))
    out = np.zeros((int(seconds * RATE), 2))
    for v in range(voices):
        shift = int(rng.choice([0, 0, 3, 4, 7, 12, -5]))
        mine = [(max(0, s + rng.normal(0, 0.02)), d, k + shift, vel) for s, d, k, vel in notes]
        voice = sung(rng, seconds, mine, words=words)[: len(out)]
        pan = rng.uniform(0.1, 0.9)
        out[: len(voice)] += voice[:, None] * np.array([np.cos(pan * np.pi / 2), np.sin(pan * np.pi / 2)])
    return out
