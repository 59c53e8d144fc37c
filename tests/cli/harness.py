"""What the tests of the command share: running it, making recordings, and measuring results independently of it."""
import hashlib
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

import numpy
import soundfile

TONEWRIGHT = os.environ.get("TONEWRIGHT") or sys.exit("Set TONEWRIGHT to the binary that shall be tested.")
RATE = 48000
RESULTS = ["master.wav", "mix.wav", "plan.json", "report.html", "report.json", "session.json"]


class Done:
    """A finished run: exit code and both streams."""

    def __init__(self, code, out, err):
        self.code, self.out, self.err = code, out, err

    def json(self):
        return json.loads(self.out)

    def __str__(self):
        return f"exit {self.code}\n--- stdout\n{self.out[-2000:]}\n--- stderr\n{self.err[-3000:]}"


def run(*arguments, cwd=None, env=None, timeout=120):
    words = [TONEWRIGHT, *map(str, arguments)]
    done = subprocess.run(words, cwd=cwd, env={**os.environ, **(env or {})}, stdin=subprocess.DEVNULL, capture_output=True, timeout=timeout)
    return Done(done.returncode, done.stdout.decode("utf-8", "surrogateescape"), done.stderr.decode("utf-8", "surrogateescape"))


class Case(unittest.TestCase):
    """Every test class has a folder of its own, `self.folder`, that is gone afterwards."""

    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="tonewright-cli-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)

    def new(self, name):
        """A path in the folder that does not exist yet."""
        path = self.folder / f"{self._testMethodName}-{name}"
        self.assertFalse(path.exists(), path)
        return path

    def good(self, *arguments, **more):
        done = run(*arguments, **more)
        self.assertEqual(done.code, 0, f"{arguments}\n{done}")
        return done

    def refused(self, code, *arguments, says=(), **more):
        """Fails with this code and one clear message on stderr, and prints nothing on stdout."""
        done = run(*arguments, **more)
        self.assertEqual(done.code, code, f"{arguments}\n{done}")
        self.assertEqual(done.out, "", arguments)
        self.assertIn("tonewright: ", done.err)
        self.assertNotIn("internal error", done.err)
        for word in [says] if isinstance(says, str) else says:
            self.assertIn(word, done.err, f"{arguments}")
        return done


# --- recordings ---------------------------------------------------------------------------------------------------------

def write(path, samples, rate=RATE, subtype="PCM_24", **more):
    path.parent.mkdir(parents=True, exist_ok=True)
    soundfile.write(str(path), numpy.asarray(samples, dtype=numpy.float64), rate, subtype=subtype, **more)
    return path


def read(path):
    samples, rate = soundfile.read(str(path), dtype="float64", always_2d=True)
    return samples, rate


def level(decibels):
    return 10.0 ** (decibels / 20.0)


def time_axis(seconds, rate=RATE):
    return numpy.arange(round(seconds * rate)) / rate


def tone(hz, seconds, peak_db, rate=RATE, phase=0.0):
    return level(peak_db) * numpy.sin(2 * numpy.pi * hz * time_axis(seconds, rate) + phase)


def noise(seconds, rms_db, seed, rate=RATE):
    return level(rms_db) * numpy.random.default_rng(seed).standard_normal(round(seconds * rate))


def hits(times, make, seconds, rate=RATE):
    """`make(t)` gives one hit over the time axis t; it is repeated at `times`."""
    out = numpy.zeros(round(seconds * rate))
    for start in times:
        at = round(start * rate)
        t = numpy.arange(min(len(out) - at, rate)) / rate
        out[at:at + len(t)] += make(t)
    return out


def notes(frequencies, length, seconds, harmonics, rate=RATE, decay=3.0):
    """A line of notes, `length` seconds each, with 1/k harmonics below 9 kHz."""
    out = numpy.zeros(round(seconds * rate))
    for i in range(int(seconds / length)):
        hz = frequencies[i % len(frequencies)]
        t = numpy.arange(round(length * rate)) / rate
        shape = numpy.minimum(t / 0.005, 1.0) * numpy.exp(-decay * t) * numpy.minimum((length - t) / 0.01, 1.0)
        voice = sum(numpy.sin(2 * numpy.pi * k * hz * t + 0.7 * k) / k for k in range(1, harmonics + 1) if k * hz < 9000)
        at = round(i * length * rate)
        out[at:at + len(t)] += (shape * voice)[:len(out) - at]
    return out


def song(seconds=12.0):
    """Raw tracks of a small band as {file name: samples}, without faults, each at its own careless level."""
    beat = 0.5
    rng = numpy.random.default_rng(3)
    crack = rng.standard_normal(RATE)
    kick = hits(numpy.arange(0, seconds - 0.3, 2 * beat), lambda t: numpy.exp(-9 * t) * numpy.sin(2 * numpy.pi * (50 * t + 3 * (1 - numpy.exp(-30 * t)))), seconds)
    snare = hits(numpy.arange(beat, seconds - 0.3, 2 * beat),
                 lambda t: numpy.exp(-18 * t) * (0.6 * numpy.sin(2 * numpy.pi * 190 * t) + 0.4 * crack[:len(t)]), seconds)
    hat = hits(numpy.arange(0, seconds - 0.2, beat / 2), lambda t: numpy.exp(-45 * t) * numpy.diff(crack[:len(t) + 1], prepend=0)[:len(t)], seconds)
    bass = notes([55.0, 55.0, 65.4, 49.0], beat, seconds, 6, decay=1.5)
    guitar = notes([220.0, 277.2, 329.6, 293.7], beat, seconds, 14)
    piano = numpy.stack([notes([523.3, 659.3, 784.0, 587.3], 2 * beat, seconds, 8), notes([392.0, 493.9, 587.3, 440.0], 2 * beat, seconds, 8)], axis=1)
    t = time_axis(seconds)
    phrases = (numpy.sin(2 * numpy.pi * t / 4.0) > -0.5) * 1.0
    phrases = numpy.convolve(phrases, numpy.hanning(2401) / numpy.hanning(2401).sum(), mode="same")
    pitch = 2 * numpy.pi * numpy.cumsum(330.0 * 2 ** ((numpy.floor(t / beat) % 5 - 2) / 6) * (1 + 0.006 * numpy.sin(2 * numpy.pi * 5.5 * t))) / RATE
    vocal = phrases * sum(numpy.sin(k * pitch) / k ** 1.3 for k in range(1, 12))

    def at(samples, peak_db):
        return samples * (level(peak_db) / numpy.abs(samples).max())

    return {"Kick": at(kick, -6), "Snare": at(snare, -9), "HiHat": at(hat, -18), "Bass DI": at(bass, -8), "Gtr Clean": at(guitar, -14),
            "Piano": at(piano, -12), "Lead Vox": at(vocal, -16)}


def write_session(folder, tracks, rate=RATE, subtype="PCM_24"):
    for name, samples in tracks.items():
        write(folder / f"{name}.wav", samples, rate, subtype)
    return folder


def programme(seconds=12.0, peak_db=-6.0):
    """A stereo mix: something to master."""
    parts = song(seconds)
    mix = numpy.zeros((round(seconds * RATE), 2))
    for i, samples in enumerate(parts.values()):
        mix += samples if samples.ndim == 2 else samples[:, None] * [0.7 + 0.2 * (i % 2), 0.9 - 0.2 * (i % 2)]
    return mix * (level(peak_db) / numpy.abs(mix).max())


# --- files --------------------------------------------------------------------------------------------------------------

def digest(path):
    return hashlib.sha256(pathlib.Path(path).read_bytes()).hexdigest()


def snapshot(folder):
    """Every file below the folder with a digest of its bytes."""
    folder = pathlib.Path(folder)
    return {str(path.relative_to(folder)): digest(path) for path in sorted(folder.rglob("*")) if path.is_file()}


def names(folder):
    """What a user sees in a folder, hidden files included."""
    return sorted(str(path.relative_to(folder)) for path in pathlib.Path(folder).rglob("*") if path.is_file())


def document(path):
    return json.loads(pathlib.Path(path).read_text(encoding="utf-8"))


# --- an independent meter (ITU-R BS.1770-5) -----------------------------------------------------------------------------

def biquad(b, a, x):
    """Direct form, by its impulse response where that has died away: numpy has no recursive filter."""
    length = 1 << 15
    h = numpy.zeros(length)
    x1 = x2 = y1 = y2 = 0.0
    for n in range(length):
        x0 = 1.0 if n == 0 else 0.0
        y0 = b[0] * x0 + b[1] * x1 + b[2] * x2 - a[1] * y1 - a[2] * y2
        h[n], x1, x2, y1, y2 = y0, x0, x1, y0, y1
    size = 1 << (len(x) + length - 1).bit_length()
    return numpy.fft.irfft(numpy.fft.rfft(x, size) * numpy.fft.rfft(h, size), size)[:len(x)]


def integrated_lufs(samples, rate):
    assert rate == 48000, "the standard's coefficients are those of 48 kHz"
    shelf = ([1.53512485958697, -2.69169618940638, 1.19839281085285], [1.0, -1.69065929318241, 0.73248077421585])
    high_pass = ([1.0, -2.0, 1.0], [1.0, -1.99004745483398, 0.99007225036621])
    squares = sum(biquad(*high_pass, biquad(*shelf, samples[:, c])) ** 2 for c in range(samples.shape[1]))
    total = numpy.concatenate([[0.0], numpy.cumsum(squares)])
    starts = numpy.arange(0, len(samples) - 19200 + 1, 4800)
    power = (total[starts + 19200] - total[starts]) / 19200
    loudness = -0.691 + 10 * numpy.log10(numpy.maximum(power, 1e-20))
    power = power[loudness > -70.0]
    gate = -0.691 + 10 * numpy.log10(power.mean()) - 10.0
    return -0.691 + 10 * numpy.log10(power[-0.691 + 10 * numpy.log10(power) > gate].mean())


def true_peak_dbtp(samples, times=16, half=64):
    """Interpolation by a Kaiser-windowed sinc of 128 taps a phase: flat to 0.477 of the sample rate. Interpolators disagree
    about what lies above, so a longer one would read other peaks from noise that reaches up to half the sample rate."""
    peak = numpy.abs(samples).max()
    size = 1 << (len(samples) + 2 * half).bit_length()
    spectra = [numpy.fft.rfft(channel, size) for channel in samples.T]
    for phase in range(1, times):
        offset = numpy.arange(-half, half) + phase / times
        kernel = numpy.sinc(offset) * numpy.i0(9.0 * numpy.sqrt(numpy.clip(1 - (offset / half) ** 2, 0, None))) / numpy.i0(9.0)
        response = numpy.fft.rfft(kernel / kernel.sum(), size)
        peak = max([peak] + [numpy.abs(numpy.fft.irfft(spectrum * response, size)).max() for spectrum in spectra])
    return 20 * numpy.log10(peak) if peak > 0 else -numpy.inf


def third_octaves_db(samples, rate):
    """Power of the sum of both channels' spectra in third octaves from 31.5 Hz to 16 kHz, as dB."""
    power = sum(numpy.abs(numpy.fft.rfft(samples[:, c])) ** 2 for c in range(samples.shape[1]))
    hz = numpy.arange(len(power)) * rate / len(samples)
    centres = 1000.0 * 2.0 ** (numpy.arange(-15, 13) / 3.0)
    return numpy.array([10 * numpy.log10(power[(hz >= c / 2 ** (1 / 6)) & (hz < c * 2 ** (1 / 6))].sum() + 1e-12) for c in centres])


def main():
    unittest.main(verbosity=2)
