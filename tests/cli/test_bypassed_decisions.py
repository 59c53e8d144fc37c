"""What a decision says it does is gone when it is switched off: every step of two mixes, by meters of this file's own."""
import copy
import json
import os
import pathlib
import sys

import numpy

from harness import Case, document, main, read, write_session
from test_stated_amounts import session

sys.path.append(str(pathlib.Path(os.environ["TONEWRIGHT_SOURCE"]) / "bench"))
from meters import integrated_lufs  # noqa: E402


def power_db(samples):
    return 10 * numpy.log10(numpy.mean(numpy.square(samples)) + 1e-20)


def power_spectrum(samples):
    """Mean power in bins of 2^15 frames, half overlapping; both channels added."""
    size, window = 1 << 15, numpy.hanning(1 << 15)[:, None]
    return sum(numpy.abs(numpy.fft.rfft(samples[at:at + size] * window, axis=0)) ** 2 for at in range(0, len(samples) - size + 1, size // 2)).sum(axis=1)


def band_db(samples, rate, low, high):
    """Of samples, or of their power_spectrum()."""
    spectrum = power_spectrum(samples) if samples.ndim == 2 else samples
    hz = numpy.arange(len(spectrum)) * rate / (2 * (len(spectrum) - 1))
    return 10 * numpy.log10(spectrum[(hz >= low) & (hz < high)].sum() + 1e-20)


def levels(samples, rate, milliseconds):
    """Level of each frame, dB."""
    size = int(rate * milliseconds / 1000)
    frames = samples[:len(samples) // size * size].reshape(-1, size * samples.shape[1])
    return 10 * numpy.log10(numpy.mean(frames ** 2, axis=1) + 1e-20)


def hit_frames(samples, rate):
    """Places where a hit begins (10 ms frames that rise by 9 dB over what was before and are within 25 dB of the loudest)."""
    course = levels(samples, rate, 10)
    before = numpy.array([course[max(0, i - 4):i].max(initial=-200) if i else -200 for i in range(len(course))])
    starts = [i for i in range(len(course)) if course[i] > course.max() - 25 and course[i] > before[i] + 9]
    return [i for n, i in enumerate(starts) if n == 0 or i - starts[n - 1] > 8]


def hit_levels(samples, rate, starts):
    course = 10 ** (levels(samples, rate, 10) / 10)
    return numpy.array([10 * numpy.log10(course[i:i + 12].mean() + 1e-20) for i in starts])


class Heard:
    """A stem with a step and without it, and what stands around it."""

    def __init__(self, step, with_it, without, rate, rest=None, key=None):
        self.step, self.with_it, self.without, self.rate, self.rest, self.key = step, with_it, without, rate, rest, key
        self.params = step["params"]
        self.said = {e["measure"]: e["value"] for reason in step["because"] for e in reason["evidence"]}

    def change(self, meter, *arguments):
        return meter(self.with_it, *arguments) - meter(self.without, *arguments)

    def at(self, hz, octaves=0.5):
        return self.change(band_db, self.rate, hz * 2 ** (-octaves / 2), hz * 2 ** (octaves / 2))


# -- one meter for each rule: True where the quantity moved as the reason says, None where this session cannot tell ----------------

def trim(h):
    gain = h.params["gainDb"]
    return None if abs(gain) < 1.0 else h.change(power_db) * gain > 0


def alignment(h):
    """The wave stands where the plan moved it: the best lag between both, and its sign."""
    a, b = (x.sum(axis=1)[:h.rate * 20] for x in (h.without, h.with_it))
    size = 1 << (2 * len(a) - 1).bit_length()
    crossing = numpy.fft.irfft(numpy.conj(numpy.fft.rfft(a, size)) * numpy.fft.rfft(b, size))
    lag = int(numpy.argmax(numpy.abs(crossing)))
    moved = lag if lag < size // 2 else lag - size
    return abs(moved - h.params["delayFrames"]) <= 1.5 and (crossing[lag] < 0) == h.params["invertPolarity"]


def fuller(h):
    """With it the mix has more in the low end than with the recording as it came."""
    whole, turned = power_spectrum(h.rest + h.with_it), power_spectrum(h.rest - h.with_it)
    low = 28.0, 2240.0
    return max(band_db(whole, h.rate, f * 0.891, f * 1.122) - band_db(turned, h.rate, f * 0.891, f * 1.122)
               for f in 1000 * 10 ** (numpy.arange(-15, 4) / 10) if low[0] < f < low[1]) > 0.0


def low_cut(h):
    return h.change(band_db, h.rate, 5, 0.8 * h.params["bands"][0]["frequencyHz"]) < -0.2


def dc(h):
    return numpy.abs(h.with_it.mean(axis=0)).max() < numpy.abs(h.without.mean(axis=0)).max()


def hum(h):
    return sum(h.change(band_db, h.rate, k * h.said["humHz"] - 1, k * h.said["humHz"] + 1) for k in range(1, 4)) < 0


def between(h):
    """Where little sounds there is less."""
    quiet = levels(h.without, h.rate, 20)
    quiet_now = levels(h.with_it, h.rate, 20)
    here = (quiet < numpy.percentile(quiet, 95) - 20) & (quiet > -110)
    return here.any() and (quiet_now - quiet)[here].mean() < -0.3


def equalized(h):
    bands = h.params["bands"]
    return all(h.at(band["frequencyHz"] * (1.6 if "helf" in band["type"] and "igh" in band["type"] else 1.0)) * band["gainDb"] > 0 for band in bands if abs(band["gainDb"]) >= 0.5)


def evened(h):
    """Loud hits or moments stand less over the usual ones."""
    starts = hit_frames(h.without, h.rate)
    if len(starts) >= 12 and "attackMs" in h.params and h.step["id"].startswith(DRUMS):
        spread = [numpy.subtract(*numpy.percentile(hit_levels(x, h.rate, starts), (90, 50))) for x in (h.with_it, h.without)]
    else:
        loud = levels(h.without, h.rate, 400)
        here = loud > loud.max() - 25
        spread = [numpy.subtract(*numpy.percentile(levels(x, h.rate, 400)[here], (90, 40))) for x in (h.with_it, h.without)]
    return spread[0] < spread[1] + 0.02


DRUMS = ("kick", "snare", "tom", "hihat", "oh", "bus-drums")


def ducked(h):
    """Softer where the key sounds, against where it rests."""
    key = levels(h.key, h.rate, 50)
    change = levels(h.with_it, h.rate, 50) - levels(h.without, h.rate, 50)
    heard = levels(h.without, h.rate, 50) > levels(h.without, h.rate, 50).max() - 40
    loud, rests = heard & (key > key.max() - 10), heard & (key < key.max() - 25)
    return change[loud].mean() < (change[rests].mean() if rests.any() else 0.0) - 0.1


def dipped(h):
    band = h.params["bands"][0]
    return h.at(band["frequencyHz"], 0.7) < -0.02


def punched(h):
    starts = hit_frames(h.without, h.rate)

    def attack(x):
        course = 10 ** (levels(x, h.rate, 10) / 10)
        return numpy.mean([10 * numpy.log10(course[i] + course[i + 1] + 1e-20) - 10 * numpy.log10(course[i + 3:i + 12].mean() + 1e-20) for i in starts if i + 12 < len(course)])
    change = attack(h.with_it) - attack(h.without)
    return change > 0


def de_essed(h):
    def sharpest(x):
        size = 1 << (len(x) - 1).bit_length()
        spectrum = numpy.fft.rfft(x.sum(axis=1), size)
        spectrum[numpy.fft.rfftfreq(size, 1 / h.rate) < 5000] = 0
        return numpy.percentile(levels(numpy.fft.irfft(spectrum, size)[:len(x), None], h.rate, 10), 97)
    return sharpest(h.with_it) < sharpest(h.without) - 0.2


def coloured(h):
    """What a line from one to the other leaves: there, and small."""
    gain = numpy.vdot(h.without, h.with_it) / numpy.vdot(h.without, h.without)
    return -70 < power_db(h.with_it - gain * h.without) - power_db(h.with_it) < -12


def filled(h):
    """Between the hits comes up against the hits."""
    quiet = levels(h.without, h.rate, 20)
    change = levels(h.with_it, h.rate, 20) - quiet
    return change[(quiet < numpy.percentile(quiet, 60)) & (quiet > quiet.max() - 50)].mean() > change[quiet > numpy.percentile(quiet, 97)].mean()


def ridden(h):
    """Up where its points say up, down where they say down."""
    points = h.params["points"]
    frames = levels(h.without, h.rate, 100)
    change, heard = levels(h.with_it, h.rate, 100) - frames, frames > frames.max() - 40
    said = numpy.interp((numpy.arange(len(frames)) + 0.5) * 0.1, [p["timeSeconds"] for p in points], [p["gainDb"] for p in points])
    moves = [change[heard & here].mean() * sign > 0 for here, sign in ((said > 0.4, 1), (said < -0.4, -1)) if (heard & here).any()]
    return all(moves) if moves else None


def sent(h):
    return h.change(power_db) > 0.0


METERS = {"repair.trim": trim, "repair.alignment": alignment, "mix.polarity": fuller, "repair.low-cut": low_cut, "repair.dc": dc, "repair.hum": hum, "repair.noise": between,
          "mix.gate": between, "mix.breaths": between, "mix.tone": equalized, "mix.masking": equalized, "mix.depth": equalized, "mix.tilt": equalized, "mix.compress": evened,
          "mix.bus-compress": evened, "mix.parallel": filled, "mix.duck": ducked, "mix.return-duck": ducked, "mix.unmask": dipped, "mix.punch": punched, "mix.de-ess": de_essed,
          "mix.colour": coloured, "mix.ride": ridden, "mix.solo": ridden, "mix.section-lift": ridden, "mix.part-mute": ridden, "mix.space": sent, "mix.echo": sent}


class BypassedDecisions(Case):
    def mixed(self, folder):
        out = self.new("mix")
        self.good("mix", folder, "-o", out, "--stems", "--no-master")
        return out

    def rendered(self, plan, name):
        path = self.folder / f"{self._testMethodName}-mix" / f"{name}.json"   # beside the plan: its paths are relative
        path.write_text(json.dumps(plan))
        self.good("render", path, "-o", self.new(name), "--stems")
        return self.folder / f"{self._testMethodName}-{name}"

    @staticmethod
    def stems(folder, names=None):
        """All of them, or those named; those that are not there are silent in the mix."""
        paths = (folder / "stems").glob("*.wav") if names is None else [path for name in names if (path := folder / "stems" / f"{name}.wav").exists()]
        found = {path.stem: read(path)[0] for path in paths}
        return {name: samples if samples.shape[1] == 2 else numpy.repeat(samples, 2, axis=1) for name, samples in found.items()}

    def sweep(self, folder):
        out = self.mixed(folder)
        plan, base = document(out / "plan.json"), self.stems(out)
        rate = plan["sampleRateHz"]
        silent = numpy.zeros_like(next(iter(base.values())))
        whole = sum(base.values())
        tracks = [t for t in plan["tracks"] if not (t.get("mute") or {}).get("enabled")]
        kits = {bus["id"]: [t["id"] for t in tracks if t.get("output") == bus["id"]] for bus in plan["buses"]}
        outcomes = {}

        def judge(heard):
            for reason in heard.step["because"]:
                meter = METERS.get(reason["rule"])
                with self.subTest(heard.step["id"], rule=reason["rule"]):
                    self.assertIsNotNone(meter, "no meter here knows what this rule claims; write one")
                    told = meter(heard)
                    outcomes.setdefault(reason["rule"], []).append(told)
                    self.assertNotEqual(told, False, reason["text"])

        # Steps of different tracks are switched off together: each is heard on its own stem. Those whose stem others are keyed by go on.
        for place in range(max(len(t["chain"]) for t in tracks)):
            off = copy.deepcopy(plan)
            chosen = {}
            for track in off["tracks"]:
                if place < len(track["chain"]) and track["id"] in base:
                    track["chain"][place]["enabled"] = False
                    chosen[track["id"]] = track["chain"][place]
            bypassed = self.stems(self.rendered(off, f"chain-{place}"), chosen)
            for track, step in chosen.items():
                if step["because"]:
                    judge(Heard(step, base[track], bypassed[track], rate, whole - base[track], base.get(step.get("key", ""), silent)))
        # So are steps of different groups and returns.
        for place in range(max(len(bus["chain"]) for bus in plan["buses"])):
            off = copy.deepcopy(plan)
            chosen = {}
            for bus in off["buses"]:
                if place < len(bus["chain"]) and bus["chain"][place]["type"] not in ("reverb", "delay"):   # the return itself is heard by its sends
                    bus["chain"][place]["enabled"] = False
                    chosen[bus["id"]] = bus["chain"][place]
            if not chosen:
                continue
            out_of = {bus: [bus] if bus.startswith("return") else [*kits[bus], f"{bus}-change"] for bus in chosen}
            bypassed = self.stems(self.rendered(off, f"buses-{place}"), {name for names in out_of.values() for name in names})
            for bus, step in chosen.items():
                with_it, without = (sum((stems.get(name, silent) for name in out_of[bus]), silent) for stems in (base, bypassed))
                key = sum((base[t["id"]] for t in tracks if any(s["to"] == bus for s in t.get("sends", []))), silent)
                judge(Heard(step, with_it, without, rate, key=key))
        off = copy.deepcopy(plan)
        loudest = {}
        for track in off["tracks"]:
            for send in track.get("sends", []):
                if send["to"] not in loudest or send["level"]["params"]["gainDb"] > loudest[send["to"]]["params"]["gainDb"]:
                    loudest[send["to"]] = send["level"]
        for level in loudest.values():
            level["enabled"] = False
        bypassed = self.stems(self.rendered(off, "sends"), loudest)
        for one, step in loudest.items():
            judge(Heard(step, base.get(one, silent), bypassed.get(one, silent), rate))
        # Faders: the level in the mix that the reason states.
        mix_lufs = integrated_lufs(read(out / "mix.wav")[0], rate)
        for track in tracks:
            said = {e["measure"]: e["value"] for reason in track["fader"]["because"] for e in reason["evidence"]}
            lufs = integrated_lufs(base[track["id"]], rate)
            with self.subTest(track["fader"]["id"]):
                self.assertAlmostEqual(lufs - mix_lufs, said["loudnessReMixPredicted"], delta=1.5)
        return outcomes

    def test_of_a_band(self):
        outcomes = self.sweep(write_session(self.folder / "session", session()))
        self.assertGreaterEqual(len(outcomes), 8, "the session must give something to do")

    def test_of_the_demo(self):
        self.good("demo", self.folder / "demo")
        outcomes = self.sweep(self.folder / "demo")
        self.assertGreaterEqual(len(outcomes), 14, "the session must give something to do")


if __name__ == "__main__":
    main()
