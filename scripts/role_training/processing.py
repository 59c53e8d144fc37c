"""What happens to a sound on its way to a file: microphones, equalisers, compressors, rooms, noise, bleed, codecs."""
import numpy as np
from scipy import fft
from scipy.signal import fftconvolve, lfilter

RATE = 44100


def db(value):
    return 10.0 ** (value / 20.0)


def rms(x):
    return float(np.sqrt(np.mean(np.square(x)) + 1e-20))


def normalised(x):
    return (x / (np.max(np.abs(x)) + 1e-9)).astype(np.float32)


def curve(frequencies, rng, amount=1.0, band_limit=True):
    """A random equaliser's magnitude: tilt, bells, and at times the ends cut off."""
    octaves = np.log2(np.maximum(frequencies, 10.0) / 1000.0)
    gain_db = rng.normal(0.0, 1.2) * amount * octaves
    for _ in range(int(rng.integers(0, 4))):
        gain_db += rng.normal(0.0, 5.0) * amount * np.exp(-0.5 * ((octaves - rng.uniform(-4, 3.5)) / rng.uniform(0.15, 0.8)) ** 2)
    magnitude = 10.0 ** (np.clip(gain_db, -24, 24) / 20.0)
    if band_limit and rng.random() < 0.35:
        magnitude /= np.sqrt(1.0 + (rng.choice([30, 50, 80, 110]) / np.maximum(frequencies, 1.0)) ** 4)
    if band_limit and rng.random() < 0.25:
        cut = rng.uniform(9000, 17000)
        magnitude /= np.sqrt(1.0 + (frequencies / cut) ** 12)
    return magnitude.astype(np.float32)


def band(x, low=None, high=None, order=4):
    """Without what lies below `low` and above `high` Hz."""
    size = fft.next_fast_len(int(len(x) + RATE // 4), real=True)
    spectrum, f = fft.rfft(x, size, axis=0), fft.rfftfreq(size, 1 / RATE)
    gain = np.ones_like(f)
    if low:
        gain /= np.sqrt(1.0 + (low / np.maximum(f, 1.0)) ** order)
    if high:
        gain /= np.sqrt(1.0 + (f / high) ** order)
    shape = gain if x.ndim == 1 else gain[:, None]
    return fft.irfft(spectrum * shape, size, axis=0)[:len(x)].astype(np.float32)


def room(rng, seconds=None, brightness=None):
    """A stereo impulse response: early reflections and a decaying, darkening tail."""
    seconds = seconds or rng.choice([0.25, 0.5, 1.0, 1.8, 3.0])
    count = int(seconds * RATE)
    t = np.arange(count) / RATE
    tail = rng.standard_normal((count, 2)) * np.exp(-6.9 * t / seconds)[:, None]
    tail = lfilter([1.0], [1.0, -(brightness or rng.uniform(0.2, 0.9))], tail, axis=0)
    tail[: int(rng.uniform(0.0, 0.03) * RATE)] = 0.0
    for _ in range(6):
        tail[int(rng.uniform(0.002, 0.05) * RATE) % count] += rng.normal(0, 3, 2)
    return (tail / (np.sqrt(np.sum(np.square(tail))) + 1e-9)).astype(np.float32)


def convolved(x, response):
    size = fft.next_fast_len(int(len(x) + len(response)), real=True)
    if x.ndim == 1:
        x = x[:, None]
    return fft.irfft(fft.rfft(x, size, axis=0) * fft.rfft(response, size, axis=0), size, axis=0)[:len(x)]


def compressed(x, threshold_db, ratio, release_s=0.15):
    level = np.square(x).mean(axis=1) if x.ndim == 2 else np.square(x)
    pole = np.exp(-1.0 / (release_s * RATE))
    power = np.maximum(lfilter([1 - pole], [1, -pole], level), 1e-12)
    over = np.maximum(0.0, 10 * np.log10(power) - threshold_db)
    gain = 10.0 ** (-over * (1 - 1 / ratio) / 20.0)
    return x * (gain[:, None] if x.ndim == 2 else gain)


def amplifier(x, rng, drive_db):
    """A guitar amplifier and its loudspeaker; at times only the pedal, straight into the desk."""
    x = normalised(band(x, low=rng.uniform(60, 200)))
    if rng.random() < 0.3:  # what the strings' mass and the pickup pass on
        x = normalised(x + rng.uniform(0.5, 3) * band(x, low=rng.uniform(600, 1500), high=rng.uniform(2500, 6000)))
    driven = np.tanh(x * db(drive_db) + rng.uniform(0.0, 0.2)) if rng.random() < 0.75 else np.clip(x * db(drive_db), -1, rng.uniform(0.5, 1))
    driven -= driven.mean()
    if rng.random() < 0.2:  # two stages
        driven = np.tanh(band(driven, low=rng.uniform(80, 400)) * rng.uniform(2, 8))
    if rng.random() < 0.15:
        return normalised(driven)
    f_low, f_high = rng.uniform(70, 120), rng.uniform(3500, 5500)
    size = fft.next_fast_len(int(len(x)), real=True)
    spectrum, f = fft.rfft(driven, size), fft.rfftfreq(size, 1 / RATE)
    octaves = np.log2(np.maximum(f, 10.0))
    gain = 1.0 / np.sqrt((1 + (f_low / np.maximum(f, 1)) ** 4) * (1 + (f / f_high) ** 8))
    gain *= 10 ** (rng.uniform(2, 9) / 20 * np.exp(-0.5 * ((octaves - np.log2(rng.uniform(1800, 3500))) / 0.6) ** 2))
    gain *= 10 ** (rng.uniform(-6, 2) / 20 * np.exp(-0.5 * ((octaves - np.log2(rng.uniform(350, 700))) / 0.6) ** 2))
    return fft.irfft(spectrum * gain, size)[:len(x)].astype(np.float32)


def sparse(x, rng):
    """Plays only here and there."""
    gain, fade = np.zeros(len(x), np.float32), int(0.02 * RATE)
    for _ in range(int(rng.integers(1, 4))):
        start = int(rng.uniform(0, 0.8) * len(x))
        gain[start:start + int(rng.uniform(0.1, 0.4) * len(x))] = 1.0
    gain = fftconvolve(gain, np.ones(fade, np.float32) / fade, "same")
    return x * (gain[:, None] if x.ndim == 2 else gain)


def _moved(x, delay):
    """x as it was `delay` samples ago (an array, so that pitch wavers)."""
    at = np.arange(len(x)) - delay
    return np.interp(at, np.arange(len(x)), x, left=0.0).astype(np.float32)


def produced(x, rng):
    """What a producer's channel adds: modulation, echoes, ducking, filters that open, crushing, limiting, width."""
    t = np.arange(len(x)) / RATE
    kind = str(rng.choice(["chorus", "tremolo", "echo", "duck", "filter", "crush", "limit", "gate", "phaser", "double"]))
    shaped = lambda g: x * g[:, None]
    if kind in ("chorus", "double"):
        mono = x.mean(axis=1)
        base, depth, rate = (rng.uniform(0.005, 0.02), rng.uniform(0.0003, 0.003), rng.uniform(0.2, 3)) if kind == "chorus" else (rng.uniform(0.012, 0.03), 0.002, rng.uniform(0.1, 0.4))
        sides = [_moved(mono, RATE * (base * (1 + 0.3 * s) + depth * np.sin(2 * np.pi * rate * t + s * np.pi / 2))) for s in (0, 1)]
        keep = rng.uniform(0.0, 1.0) if kind == "double" else 1.0
        return np.stack([keep * mono + sides[0], keep * mono + sides[1]], axis=1)
    if kind == "tremolo":
        return shaped(1 - rng.uniform(0.3, 0.9) * (0.5 + 0.5 * np.sin(2 * np.pi * rng.uniform(2, 9) * t)))
    if kind == "echo":
        delay, feedback, wet = int(RATE * rng.uniform(0.09, 0.6)), rng.uniform(0.1, 0.65), x * rng.uniform(0.2, 0.7)
        out = x.copy()
        for k in range(1, 6):
            if k * delay < len(x):
                out[k * delay:] += wet[: len(x) - k * delay] * feedback ** (k - 1)
        return out
    if kind == "duck":
        beat = 60 / rng.uniform(90, 150)
        return shaped(1 - rng.uniform(0.4, 0.95) * np.exp(-(t % beat) / rng.uniform(0.06, 0.2)))
    if kind == "filter":
        cut, out = rng.uniform(200, 1500), x * 0
        opened = 0.5 + 0.5 * np.sin(2 * np.pi * rng.uniform(0.03, 0.5) * t + rng.uniform(0, 6))
        return out + band(x, high=cut) * (1 - opened)[:, None] + x * opened[:, None]
    if kind == "crush":
        step, hold = 2.0 ** -rng.integers(4, 9), int(rng.integers(1, 8))
        peak = np.max(np.abs(x)) + 1e-9
        return np.repeat((np.round(x[::hold] / peak / step) * step * peak), hold, axis=0)[: len(x)]
    if kind == "limit":
        return np.clip(x * db(rng.uniform(0, 9)), -1.5, 1.5) if rng.random() < 0.5 else np.tanh(x * db(rng.uniform(0, 12)))
    if kind == "gate":
        level = np.convolve(np.abs(x).mean(axis=1), np.ones(1024) / 1024, "same")
        return shaped((level > np.quantile(level, rng.uniform(0.2, 0.6))).astype(np.float32))
    mono = x.mean(axis=1)  # phaser: notches that wander
    return x + np.stack([_moved(mono, 20 + 18 * np.sin(2 * np.pi * rng.uniform(0.1, 1.5) * t + s)) for s in (0.0, 0.7)], axis=1)[:, : x.shape[1]] * rng.choice([-0.8, 0.8])


def recorded(x, rng, bleed=None, strength=1.0):
    """x as somebody's file: a random chain of all this. bleed: other music in the room."""
    x = np.asarray(x, np.float32)
    x = x if x.ndim == 2 else x[:, None]
    if x.shape[1] == 2 and rng.random() < 0.45:
        x = x.mean(axis=1, keepdims=True)
    x = (x / (rms(x) + 1e-9)).astype(np.float32)
    if rng.random() < 0.18:
        x = sparse(x, rng)
    if rng.random() < 0.22 * strength:
        x = produced(x, rng)
    if rng.random() < 0.3 * strength:
        x = np.tanh(x * rng.uniform(0.3, 1.0)) * 1.5
    if rng.random() < 0.45 * strength:
        x = compressed(x, rng.uniform(-12, 0), rng.choice([2, 3, 5, 10]), rng.choice([0.03, 0.1, 0.3]))
    if rng.random() < 0.35 * strength:
        wet = convolved(x if x.shape[1] == 2 else np.repeat(x, 2, axis=1), room(rng))
        wet *= rms(x) / rms(wet) * db(rng.uniform(-22, -3))
        x = x + (wet if x.shape[1] == 2 or rng.random() < 0.5 else wet[:, :1])
    x = np.asarray(x, np.float32)
    size = fft.next_fast_len(int(len(x) + 4096), real=True)
    f = fft.rfftfreq(size, 1 / RATE)
    x = fft.irfft(fft.rfft(x, size, axis=0) * curve(f, rng, strength)[:, None], size, axis=0)[:len(x)]
    if bleed is not None:
        other = bleed.mean(axis=1) if bleed.ndim == 2 else bleed
        other = np.resize(band(other, low=rng.choice([60, 150, 400]), high=rng.choice([3000, 8000, 16000])), len(x))
        x = x + (other / (rms(other) + 1e-9) * rms(x) * db(rng.uniform(-45, -20)))[:, None]
    if rng.random() < 0.5:
        x = x + rng.standard_normal(x.shape, np.float32) * rms(x) * db(rng.uniform(-75, -42))
    if rng.random() < 0.1:
        hum = np.sin(2 * np.pi * rng.choice([50, 60]) * np.arange(len(x)) / RATE)
        x = x + (hum + 0.5 * np.sign(hum))[:, None] * rms(x) * db(rng.uniform(-60, -32))
    if x.shape[1] == 1 and rng.random() < 0.2:
        delay = int(rng.uniform(0.008, 0.025) * RATE)
        x = np.concatenate([x, np.roll(x, delay, axis=0) * rng.uniform(0.5, 1.0)], axis=1)
    return x / (np.max(np.abs(x)) + 1e-9) * db(rng.uniform(-20, -1))
