#!/usr/bin/env python3
"""Perceptual difference grade of a file against its original: PEAQ, basic version (ITU-R BS.1387-1), independent of Tonewright.

    bench/peaq.py REF TEST [--start S --seconds S] [--level LUFS] [--as-is] [--json]

Both files are resampled to 48 kHz; TEST is aligned to REF by whole frames and brought to REF's integrated loudness (--level: both
to this loudness), unless --as-is. Prints the objective difference grade (0: inaudible, -4: very annoying) of the whole and of the
worst 5 s, the distortion index and the eleven model output variables. Needs python3-numpy, python3-scipy and python3-soundfile.

Written from the structure that the Recommendation publishes, with the readings of P. Kabal ("An examination and interpretation of
ITU-R BS.1387", 2003) where it is silent; numbers in brackets are sections of the Recommendation's annex 2. Model output variables
are not clipped. Playback level: 92 dB SPL for a full-scale sine.
"""
import argparse
import json
import sys

import numpy
import scipy.fft

import meters

RATE = 48000
FRAME = 2048
STEP = FRAME // 2
FRAMES_PER_SECOND = RATE / STEP
BANDS = 109
BARK_STEP = 0.25

NAMES = ["BandwidthRefB", "BandwidthTestB", "TotalNMRB", "WinModDiff1B", "ADBB", "EHSB", "AvgModDiff1B", "AvgModDiff2B",
         "RmsNoiseLoudB", "MFPDB", "RelDistFramesB"]

# The network of [6.2]: scaling of its inputs, weights and biases; and the range of the grade.
LOW = numpy.array([393.916656, 361.965332, -24.045116, 1.110661, -0.206623, 0.074318, 1.113683, 0.950345, 0.029985, 0.000101, 0.0])
HIGH = numpy.array([921.0, 881.131226, 16.212030, 107.137772, 2.886017, 13.933351, 63.257874, 1145.018555, 14.819740, 1.0, 1.0])
HIDDEN = numpy.array([
    [-0.502657, 0.436333, 1.219602], [4.307481, 3.246017, 1.123743], [4.984241, -2.211189, -0.192096],
    [0.051056, -1.762424, 4.331315], [2.321580, 1.789971, -0.754560], [-5.303901, -3.452257, -10.814982],
    [2.730991, -6.111805, 1.519223], [0.624950, -1.331523, -5.955151], [3.102889, 0.871260, -5.922878],
    [-1.051468, -0.939882, -0.142913], [-1.804679, -0.503610, -0.620456]])
HIDDEN_BIAS = numpy.array([-2.518254, 0.654841, -2.207228])
OUTPUT = numpy.array([-3.817048, 4.107138, 4.629582])
OUTPUT_BIAS = -0.307594
GRADE_LOW, GRADE_HIGH = -3.98, 0.22


class Ear:
    """Tables of the FFT ear model [2.1]."""

    def __init__(self):
        def bark(hertz):
            return 7 * numpy.arcsinh(hertz / 650)

        def hertz(z):
            return 650 * numpy.sinh(z / 7)

        lower = bark(80.0) + BARK_STEP * numpy.arange(BANDS)
        upper = numpy.minimum(lower + BARK_STEP, bark(18000.0))
        self.centre = hertz((lower + upper) / 2)
        low, high = hertz(lower), hertz(upper)

        # Full-scale sine of 1019.5 Hz between two bins at 92 dB; the factor is the window's response half-way there.
        self.window = 0.5 * (1 - numpy.cos(2 * numpy.pi * numpy.arange(FRAME) / (FRAME - 1)))
        self.scale = 10 ** (92 / 10) / (0.84971762641205 / 4 * (FRAME - 1)) ** 2

        khz = numpy.arange(FRAME // 2 + 1) * RATE / FRAME / 1000
        khz[0] = 1e-9
        outer = -0.6 * 3.64 * khz ** -0.8 + 6.5 * numpy.exp(-0.6 * (khz - 3.3) ** 2) - 1e-3 * khz ** 3.6
        self.weight = 10 ** (numpy.maximum(outer, -3000) / 10)

        width = RATE / FRAME
        bins = numpy.arange(FRAME // 2 + 1) * width
        self.grouping = numpy.maximum(0, numpy.minimum(bins[:, None] + width / 2, high) - numpy.maximum(bins[:, None] - width / 2, low))
        self.grouping /= width

        centre_khz = self.centre / 1000
        self.internal_noise = 10 ** (0.4 * 0.364 * centre_khz ** -0.8)
        offset = BARK_STEP * numpy.arange(BANDS)
        self.masking = 10 ** (numpy.where(offset <= 12, 3.0, 0.25 * offset) / 10)
        self.threshold_excitation = 10 ** (0.364 * centre_khz ** -0.8)
        self.threshold_index = 10 ** (0.1 * (-2 - 2.05 * numpy.arctan(centre_khz / 4) - 0.75 * numpy.arctan((centre_khz / 1.6) ** 2)))
        self.spread_norm = numpy.ones(BANDS)
        self.spread_norm = self.spread(numpy.ones((1, BANDS)))[0]

    def forgetting(self, tau_100, tau_min):
        """Per-frame coefficient of the band's time constant."""
        tau = tau_min + 100 / self.centre * (tau_100 - tau_min)
        return numpy.exp(-STEP / (RATE * tau))

    def spread(self, pitch):
        """Spreading over pitch [2.1.7]; level-dependent upper slope, powers added with exponent 0.4. frames x bands."""
        fall = 10 ** (-2.7 * BARK_STEP)
        rise = 10 ** ((-2.4 - 23 / self.centre) * BARK_STEP) * pitch ** (0.2 * BARK_STEP)
        index = numpy.arange(BANDS)
        below = (1 - fall ** (index + 1)) / (1 - fall)
        above = (1 - rise ** (BANDS - index)) / (1 - rise)
        part = (pitch / (below + above - 1)) ** 0.4
        total = part.copy()
        going_down, going_up, slope = part.copy(), part.copy(), rise ** 0.4
        for distance in range(1, BANDS):
            going_down = going_down[:, 1:] * fall ** 0.4
            total[:, :BANDS - distance] += going_down
            going_up = going_up[:, :BANDS - distance] * slope[:, :BANDS - distance]
            total[:, distance:] += going_up
        return total ** 2.5 / self.spread_norm


def frames_of(signal):
    return numpy.lib.stride_tricks.sliding_window_view(signal, FRAME)[::STEP]


def smoothed(values, coefficient, gain=None):
    """First-order recursion along the frames: y = c y + g x, g = 1 - c unless given; bands last."""
    gain = 1 - coefficient if gain is None else gain
    result = numpy.empty_like(values)
    state = numpy.zeros(values.shape[1:])
    for n in range(len(values)):
        state = coefficient * state + gain * values[n]
        result[n] = state
    return result


def error_harmonics(power_ref, power_test):
    """Harmonic structure of the error [4.8]: highest peak of the spectrum of the log-spectral error's autocorrelation."""
    lags = 256
    tiny = 1e-20
    error = numpy.log((power_test[:, :2 * lags] + tiny) / (power_ref[:, :2 * lags] + tiny))
    error[:, 0] = 0.0  # the ear's weight leaves nothing at 0 Hz
    spectrum = scipy.fft.rfft(error, 4 * lags, axis=1)
    first = scipy.fft.rfft(error[:, :lags], 4 * lags, axis=1)
    correlation = scipy.fft.irfft(spectrum * numpy.conj(first), 4 * lags, axis=1)[:, :lags]
    running = numpy.concatenate([numpy.zeros((len(error), 1)), numpy.cumsum(error ** 2, axis=1)], axis=1)
    norm = numpy.sqrt(running[:, lags:lags + 1] * (running[:, lags:2 * lags] - running[:, :lags]))
    correlation = numpy.divide(correlation, norm, out=numpy.ones_like(correlation), where=norm > 1e-12)
    window = numpy.sqrt(8 / 3) / lags * 0.5 * (1 - numpy.cos(2 * numpy.pi * numpy.arange(lags) / (lags - 1)))
    structure = numpy.abs(scipy.fft.rfft((correlation - correlation.mean(axis=1, keepdims=True)) * window, axis=1)) ** 2
    rising = structure[:, 1:] > structure[:, :-1]
    return numpy.max(numpy.where(rising, structure[:, 1:], 0), axis=1)


def bandwidths(power_ref, power_test):
    """Bins reached by reference and test [4.4]; zero where none."""
    floor = power_test[:, 921:1024].max(axis=1)
    over_ref = power_ref[:, :921] > 10 * floor[:, None]
    over_test = power_test[:, :921] >= 10 ** 0.5 * floor[:, None]

    def highest(mask):
        return numpy.where(mask.any(axis=1), mask.shape[1] - numpy.argmax(mask[:, ::-1], axis=1), 0)

    ref = highest(over_ref)
    over_test &= numpy.arange(921) < ref[:, None]
    return ref, highest(over_test)


class Features:
    """What every frame contributes; pool() makes model output variables of a range of frames."""

    def __init__(self, reference, test):
        ear = Ear()
        ref, tst = [], []
        for channel in range(reference.shape[1]):
            ref.append(self._ear(ear, reference[:, channel]))
            tst.append(self._ear(ear, test[:, channel]))
        self.channels = len(ref)
        self.count = len(ref[0]["loud"])
        self.nmr, self.disturbed, self.ehs, self.ehs_valid = [], [], [], []
        self.bandwidth_ref, self.bandwidth_test = [], []
        self.mod1, self.mod2, self.weight, self.noise = [], [], [], []
        detection, steps = 0.0, 0.0
        for r, t in zip(ref, tst):
            error = r["weighted"] - 2 * numpy.sqrt(r["weighted"] * t["weighted"]) + t["weighted"]
            ratio = numpy.maximum(error @ ear.grouping, 1e-12) / (r["excitation"] / ear.masking)
            self.nmr.append(ratio.mean(axis=1))
            self.disturbed.append(ratio.max(axis=1) > 10 ** 0.15)
            self.ehs.append(error_harmonics(r["power"], t["power"]))
            self.ehs_valid.append(r["energetic"] | t["energetic"])
            widths = bandwidths(r["power"], t["power"])
            self.bandwidth_ref.append(widths[0])
            self.bandwidth_test.append(widths[1])
            self._modulation(ear, r, t)
            self._noise_loudness(ear, r, t)
            probability, step = self._detection(r["excitation"], t["excitation"])
            detection, steps = numpy.maximum(detection, probability), numpy.maximum(steps, step)
        self.detection = 1 - numpy.prod(1 - detection, axis=1)
        self.steps = steps.sum(axis=1)
        # Both signals must have been loud in a channel, 50 ms before noise loudness counts [5.2.4].
        audible = numpy.any([(r["loud"] > 0.1) & (t["loud"] > 0.1) for r, t in zip(ref, tst)], axis=0)
        reached = int(numpy.argmax(audible)) if audible.any() else self.count
        late = numpy.arange(self.count)
        self.after_start = late >= int(numpy.ceil(0.5 * FRAMES_PER_SECOND))
        self.after_loud = self.after_start & (late >= reached + int(numpy.ceil(0.05 * FRAMES_PER_SECOND)))

    @staticmethod
    def _ear(ear, signal):
        windows = frames_of(signal)
        power = numpy.empty((len(windows), FRAME // 2 + 1))
        for start in range(0, len(windows), 512):
            power[start:start + 512] = numpy.abs(scipy.fft.rfft(windows[start:start + 512] * ear.window, axis=1)) ** 2
        power *= ear.scale
        weighted = power * ear.weight
        unsmeared = ear.spread(numpy.maximum(weighted @ ear.grouping, 1e-12) + ear.internal_noise)
        excitation = numpy.maximum(smoothed(unsmeared, ear.forgetting(0.030, 0.008)), unsmeared)
        loud = 1.07664 * (ear.threshold_excitation / (1e4 * ear.threshold_index)) ** 0.23 * (
            (1 - ear.threshold_index + ear.threshold_index * excitation / ear.threshold_excitation) ** 0.23 - 1)
        # Modulation [3.2]: how fast the band's loudness moves against its mean.
        forget = ear.forgetting(0.050, 0.008)
        level = unsmeared ** 0.3
        change = FRAMES_PER_SECOND * numpy.abs(numpy.diff(level, axis=0, prepend=0))
        mean_level = smoothed(level, forget)
        return {"power": power, "weighted": weighted, "excitation": excitation, "mean_level": mean_level,
                "modulation": smoothed(change, forget) / (1 + mean_level / 0.3),
                "loud": 24 / BANDS * numpy.maximum(loud, 0).sum(axis=1),
                "energetic": numpy.sum(windows[:, STEP:] ** 2, axis=1) * 32768.0 ** 2 >= 8000}

    def _modulation(self, ear, r, t):
        """Modulation differences [4.2] and the weight of the frame."""
        difference = numpy.abs(t["modulation"] - r["modulation"])
        self.mod1.append(100 / BANDS * numpy.sum(difference / (1 + r["modulation"]), axis=1))
        sign = numpy.where(t["modulation"] >= r["modulation"], 1.0, 0.1)
        self.mod2.append(100 / BANDS * numpy.sum(sign * difference / (0.01 + r["modulation"]), axis=1))
        self.weight.append(numpy.sum(r["mean_level"] / (r["mean_level"] + 100 * ear.internal_noise ** 0.3), axis=1))

    def _noise_loudness(self, ear, r, t):
        """Partial loudness of what was added [4.3] after adaptation of level and pattern [3.1]."""
        forget = ear.forgetting(0.050, 0.008)
        slow_ref, slow_test = smoothed(r["excitation"], forget), smoothed(t["excitation"], forget)
        correction = (numpy.sqrt(slow_ref * slow_test).sum(axis=1) / slow_test.sum(axis=1)) ** 2
        adapted_ref = r["excitation"] / numpy.maximum(correction, 1)[:, None]
        adapted_test = t["excitation"] * numpy.minimum(correction, 1)[:, None]
        cross = smoothed(adapted_ref * adapted_test, forget, 1.0)
        own = smoothed(adapted_ref ** 2, forget, 1.0)
        ratio = cross / own
        gain_ref = smoothed(self._neighbours(numpy.minimum(ratio, 1)), forget)
        gain_test = smoothed(self._neighbours(numpy.minimum(1 / ratio, 1)), forget)
        pattern_ref, pattern_test = adapted_ref * gain_ref, adapted_test * gain_test
        s_ref, s_test = 0.15 * r["modulation"] + 0.5, 0.15 * t["modulation"] + 0.5
        beta = numpy.exp(-1.5 * (pattern_test - pattern_ref) / numpy.maximum(pattern_ref, 1e-30))
        added = numpy.maximum(s_test * pattern_test - s_ref * pattern_ref, 0)
        partial = (ear.internal_noise / s_test) ** 0.23 * ((1 + added / (ear.internal_noise + s_ref * pattern_ref * beta)) ** 0.23 - 1)
        self.noise.append(24 / BANDS * partial.sum(axis=1))

    @staticmethod
    def _neighbours(values):
        """Mean over the bands from three below to four above, as far as they exist."""
        running = numpy.concatenate([numpy.zeros((len(values), 1)), numpy.cumsum(values, axis=1)], axis=1)
        index = numpy.arange(BANDS)
        low, high = numpy.maximum(index - 3, 0), numpy.minimum(index + 4, BANDS - 1) + 1
        return (running[:, high] - running[:, low]) / (high - low)

    @staticmethod
    def _detection(ref, test):
        """Probability of detection in every band and steps above threshold [4.7]."""
        ref_db, test_db = 10 * numpy.log10(ref), 10 * numpy.log10(test)
        level = 0.3 * numpy.maximum(ref_db, test_db) + 0.7 * test_db
        safe = numpy.maximum(level, 1e-6)
        step = 5.95072 * (6.39468 / safe) ** 1.71332 + 9.01033e-11 * safe ** 4 + 5.05622e-6 * safe ** 3 - 0.00102438 * safe ** 2 \
            + 0.0550197 * safe - 0.198719
        step = numpy.where(level > 0, step, 1e30)
        error = ref_db - test_db
        power = numpy.where(error > 0, 4.0, 6.0)
        return 1 - 0.5 ** ((numpy.abs(error) / step) ** power), numpy.abs(numpy.trunc(error)) / step

    def pool(self, first=0, last=None):
        """The eleven variables of frames first ... last - 1, in the order of NAMES."""
        part = slice(first, self.count if last is None else last)
        started, loud = self.after_start[part], self.after_loud[part]

        def mean(values, weights=None):
            total = numpy.sum(weights) if weights is not None else len(values)
            return float(numpy.sum(values * (1 if weights is None else weights)) / total) if total > 0 else 0.0

        def over_channels(function):
            return float(numpy.mean([function(c) for c in range(self.channels)]))

        def wide(c):
            return self.bandwidth_ref[c][part] > 346

        def windowed(c):
            root = numpy.sqrt(self.mod1[c][part][started])
            if root.size < 4:
                return 0.0
            return numpy.sqrt(mean(numpy.lib.stride_tricks.sliding_window_view(root, 4).mean(axis=1) ** 4))

        detected = self.detection[part] > 0.5
        if detected.any():
            total = self.steps[part][detected].sum()
            distorted = numpy.log10(total / detected.sum()) if total > 0 else -0.5
        else:
            distorted = 0.0
        filtered, highest = 0.0, 0.0
        for value in self.detection[part]:
            filtered = 0.9 * filtered + 0.1 * value
            highest = max(highest, filtered)
        valid = numpy.any([v[part] for v in self.ehs_valid], axis=0)
        return numpy.array([
            over_channels(lambda c: mean(self.bandwidth_ref[c][part][wide(c)])),
            over_channels(lambda c: mean(self.bandwidth_test[c][part][wide(c)])),
            over_channels(lambda c: 10 * numpy.log10(max(mean(self.nmr[c][part]), 1e-30))),
            over_channels(windowed),
            distorted,
            1000 * over_channels(lambda c: mean(self.ehs[c][part][valid])),
            over_channels(lambda c: mean(self.mod1[c][part][started], self.weight[c][part][started])),
            over_channels(lambda c: mean(self.mod2[c][part][started], self.weight[c][part][started])),
            over_channels(lambda c: numpy.sqrt(mean(self.noise[c][part][loud] ** 2))),
            highest,
            over_channels(lambda c: mean(self.disturbed[c][part].astype(float)))])


def distortion_index(variables):
    hidden = HIDDEN_BIAS + ((variables - LOW) / (HIGH - LOW)) @ HIDDEN
    return float(OUTPUT_BIAS + OUTPUT @ (1 / (1 + numpy.exp(-hidden))))


def grade_of(index):
    return float(GRADE_LOW + (GRADE_HIGH - GRADE_LOW) / (1 + numpy.exp(-index)))


def boundaries(reference):
    """First and last sample where five in a row sum up to 200 of 32768 in a channel [5.2.4.4]."""
    sums = numpy.abs(reference).cumsum(axis=0)
    loud = numpy.flatnonzero(numpy.any(sums[4:] - numpy.concatenate([numpy.zeros((1, reference.shape[1])), sums[:-5]]) >= 200 / 32768, axis=1))
    return (int(loud[0]), int(loud[-1]) + 5) if loud.size else (0, 0)


def compare(reference, test, rate, level_lufs=None, as_is=False, window_seconds=5.0, hop_seconds=1.0):
    """Grade of test against reference (same rate and channels): dict with odg, di, movs, worst window and what was matched."""
    delay, gain_db = 0, 0.0
    if not as_is:
        delay = meters.delay_frames(reference, test, rate)
        reference, test = meters.aligned(reference, test, rate)
        ours, theirs = meters.integrated_lufs(reference, rate), meters.integrated_lufs(test, rate)
        if ours is None or theirs is None:
            raise ValueError("too short or too quiet to match loudness; use --as-is")
        gain_db = ours - theirs
        test = test * 10 ** (gain_db / 20)
        if level_lufs is not None:
            both = 10 ** ((level_lufs - ours) / 20)
            reference, test = reference * both, test * both
    length = min(len(reference), len(test))
    reference = meters.resampled(reference[:length], rate, RATE)
    test = meters.resampled(test[:length], rate, RATE)
    first, last = boundaries(reference)
    if last - first < FRAME:
        raise ValueError("nothing to hear: less than one frame above the threshold")
    features = Features(reference[first:last], test[first:last])
    variables = features.pool()
    index = distortion_index(variables)
    result = {"odg": grade_of(index), "di": index, "movs": dict(zip(NAMES, map(float, variables))), "delayFrames": delay, "gainDb": gain_db}
    width, hop = int(window_seconds * FRAMES_PER_SECOND), max(1, int(hop_seconds * FRAMES_PER_SECOND))
    worst = None
    for start in range(0, max(1, features.count - width + 1), hop):
        pooled = features.pool(start, min(start + width, features.count))
        value = grade_of(distortion_index(pooled))
        if worst is None or value < worst["odg"]:
            worst = {"odg": value, "startSeconds": (first + start * STEP) / RATE, "movs": dict(zip(NAMES, map(float, pooled)))}
    result["worst"] = worst
    return result


def compare_files(reference, test, start=0.0, seconds=None, **options):
    a, rate = meters.read(reference, start, seconds)
    b, other = meters.read(test, start, seconds)
    if other != rate:
        a, b, rate = meters.resampled(a, rate, RATE), meters.resampled(b, other, RATE), RATE
    if a.shape[1] != b.shape[1]:
        a, b = (numpy.repeat(x, 2, axis=1) if x.shape[1] == 1 else x for x in (a, b))
    return compare(a, b, rate, **options)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("reference")
    parser.add_argument("test")
    parser.add_argument("--start", type=float, default=0.0, help="seconds left out at the start of both")
    parser.add_argument("--seconds", type=float, help="how much is compared")
    parser.add_argument("--level", type=float, help="loudness of both, LUFS (default: the reference's)")
    parser.add_argument("--as-is", action="store_true", help="neither align nor match loudness")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    try:
        result = compare_files(options.reference, options.test, options.start, options.seconds, level_lufs=options.level, as_is=options.as_is)
    except (OSError, RuntimeError, ValueError) as error:
        sys.exit(f"peaq: {error}")
    if options.json:
        print(json.dumps(result, indent=1))
        return
    print(f"ODG {result['odg']:.3f}  DI {result['di']:.3f}  worst 5 s {result['worst']['odg']:.3f} at {result['worst']['startSeconds']:.1f} s"
          f"  (delay {result['delayFrames']} frames, gain {result['gainDb']:+.2f} dB)")
    for name in NAMES:
        print(f"  {name:16s} {result['movs'][name]:12.5f}   worst {result['worst']['movs'][name]:12.5f}")


if __name__ == "__main__":
    main()
