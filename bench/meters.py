"""The bench's own meters, independent of Tonewright's: files, loudness, true peak, third octaves, null depth, alignment.

Sources: ITU-R BS.1770-5 (loudness, annex 1; true peak, annex 2), IEC 61260-1 (third octaves, base ten).
Audio is a float64 array of frames x channels; levels are in LUFS, dBTP and dB.
"""
import numpy
import scipy.signal
import soundfile


def read(path, start=0.0, seconds=None):
    """(samples, rate); mono becomes one column."""
    with soundfile.SoundFile(path) as file:
        first = min(int(round(start * file.samplerate)), file.frames)
        file.seek(first)
        count = file.frames - first if seconds is None else int(round(seconds * file.samplerate))
        return file.read(count, dtype="float64", always_2d=True), file.samplerate


def write(path, audio, rate):
    soundfile.write(path, audio.astype(numpy.float32), rate, subtype="FLOAT")


def decibels(power):
    return 10.0 * numpy.log10(numpy.maximum(power, 1e-30))


# -- loudness ---------------------------------------------------------------------------------------------------------

def k_weighting(rate):
    """The two biquads of BS.1770 annex 1 as second-order sections, from their analogue form by the bilinear transform."""
    # The shelf: centre, quality and gains that give the printed 48 kHz coefficients back.
    k = numpy.tan(numpy.pi * 1681.974450955533 / rate)
    q, high = 0.7071752369554196, 10 ** (3.999843853973347 / 20)
    band = high ** 0.4996667741545416
    a0 = 1 + k / q + k * k
    shelf = [(high + band * k / q + k * k) / a0, 2 * (k * k - high) / a0, (high - band * k / q + k * k) / a0,
             1, 2 * (k * k - 1) / a0, (1 - k / q + k * k) / a0]
    k = numpy.tan(numpy.pi * 38.13547087602444 / rate)
    q = 0.5003270373238773
    a0 = 1 + k / q + k * k
    return numpy.array([shelf, [1, -2, 1, 1, 2 * (k * k - 1) / a0, (1 - k / q + k * k) / a0]])


def integrated_lufs(audio, rate):
    """Gated loudness of mono or stereo; None under 0.4 s or when nothing is above the absolute gate."""
    weighted = scipy.signal.sosfilt(k_weighting(rate), audio, axis=0)
    energy = numpy.concatenate([[0.0], numpy.cumsum(numpy.sum(weighted * weighted, axis=1))])
    length = int(round(0.4 * rate))
    starts = (numpy.arange(max(0, int((len(audio) - length) / (0.1 * rate)) + 1)) * 0.1 * rate).round().astype(int)
    starts = starts[starts + length <= len(audio)]
    power = (energy[starts + length] - energy[starts]) / length
    power = power[power > 10 ** ((-70 + 0.691) / 10)]
    if power.size == 0:
        return None
    power = power[power > 0.1 * power.mean()]
    return -0.691 + 10 * numpy.log10(power.mean())


# -- true peak --------------------------------------------------------------------------------------------------------

TAPS = 128


def _interpolator(factor):
    """Polyphase rows of a Kaiser-windowed sinc, each normalised to unity at 0 Hz."""
    x = numpy.arange(TAPS) - TAPS // 2 + 1
    offsets = numpy.arange(1, factor)[:, None] / factor
    kernel = numpy.sinc(x - offsets)
    position = (x - offsets) / (TAPS / 2)
    kernel *= numpy.i0(10 * numpy.sqrt(numpy.maximum(0, 1 - position * position))) / numpy.i0(10)
    return kernel / kernel.sum(axis=1, keepdims=True)


def true_peak_dbtp(audio, rate, factor=32):
    """Highest inter-sample peak over all channels. 4x everywhere, the whole factor wherever 4x comes within 1 dB of the peak."""
    del rate
    best = float(numpy.max(numpy.abs(audio), initial=0.0))
    if best == 0:
        return -numpy.inf
    pad = TAPS
    coarse, fine = _interpolator(4), _interpolator(factor)
    for channel in audio.T:
        padded = numpy.pad(channel, pad)
        envelope = numpy.abs(padded)
        for row in coarse:
            # correlate(padded, row)[i] is the value at i + TAPS/2 - 1 + offset
            values = numpy.abs(scipy.signal.oaconvolve(padded, row[::-1], mode="valid"))
            envelope[TAPS // 2 - 1:TAPS // 2 - 1 + values.size] = numpy.maximum(
                envelope[TAPS // 2 - 1:TAPS // 2 - 1 + values.size], values)
        best = max(best, float(envelope.max()))
        near = numpy.flatnonzero(envelope > best * 10 ** (-1 / 20))
        near = near[(near >= TAPS) & (near < padded.size - TAPS)]
        near = numpy.unique(numpy.concatenate([near - 1, near]))
        for block in numpy.array_split(near, max(1, near.size // 4096)):
            if block.size:
                frames = padded[block[:, None] + numpy.arange(TAPS) - TAPS // 2 + 1]
                best = max(best, float(numpy.abs(frames @ fine.T).max()))
    return 20 * numpy.log10(best)


# -- spectrum ---------------------------------------------------------------------------------------------------------

CENTRES = 1000.0 * 10 ** (numpy.arange(-14, 13) / 10.0)  # 40 Hz - 16 kHz


def third_octaves(audio, rate):
    """Mean power in the third octaves 40 Hz - 16 kHz of mid and side: {"mid": dB[27], "side": dB[27]}; 0.7 s Hann frames."""
    size = int(round(0.7 * rate))
    left, right = audio[:, 0], audio[:, -1]
    frequencies = numpy.fft.rfftfreq(size, 1 / rate)
    edges = numpy.concatenate([CENTRES * 10 ** -0.05, [CENTRES[-1] * 10 ** 0.05]])
    # Every bin is a small interval; a band takes the share of it that lies inside the band.
    width = rate / size
    share = numpy.clip((numpy.minimum(frequencies[None] + width / 2, edges[1:, None])
                        - numpy.maximum(frequencies[None] - width / 2, edges[:-1, None])) / width, 0, 1)
    window = scipy.signal.get_window("hann", size)
    result = {}
    for name, signal in (("mid", (left + right) / 2), ("side", (left - right) / 2)):
        signal = numpy.pad(signal, (0, max(0, size - signal.size)))
        starts = range(0, signal.size - size + 1, size // 4)
        power = numpy.zeros(frequencies.size)
        for start in starts:
            power += numpy.abs(numpy.fft.rfft(signal[start:start + size] * window)) ** 2
        result[name] = decibels(share @ (power / len(starts)) / (size * numpy.sum(window ** 2) / 2))
    return result


def shape_error(a, b, which):
    """{rms, max} in dB of the difference of two third-octave spectra less its mean; bands 120 dB under both totals left out."""
    x, y = a[which], b[which]
    total = max(decibels(numpy.sum(10 ** (a["mid"] / 10))), decibels(numpy.sum(10 ** (b["mid"] / 10))))
    used = (x > total - 120) | (y > total - 120)
    if not used.any():
        return {"rms": None, "max": None}
    difference = x[used] - y[used]
    difference = difference - difference.mean()
    return {"rms": float(numpy.sqrt(numpy.mean(difference ** 2))), "max": float(numpy.abs(difference).max())}


# -- time and level ---------------------------------------------------------------------------------------------------

def delay_frames(reference, test, rate, most_seconds=1.0):
    """Whole frames by which test is later than reference, from the cross-correlation of the channel sums."""
    a, b = reference.sum(axis=1), test.sum(axis=1)
    most = int(most_seconds * rate)
    size = scipy.fft.next_fast_len(max(a.size, b.size) + most + 1, True)
    cross = numpy.fft.irfft(numpy.fft.rfft(b, size) * numpy.conj(numpy.fft.rfft(a, size)), size)
    lags = numpy.concatenate([cross[-most:], cross[:most + 1]])
    return int(numpy.argmax(lags)) - most


def aligned(reference, test, rate):
    """Both cut to what they have in common."""
    delay = delay_frames(reference, test, rate)
    if delay > 0:
        test = test[delay:]
    elif delay < 0:
        reference = reference[-delay:]
    length = min(len(reference), len(test))
    return reference[:length], test[:length]


def null_db(a, b):
    """Depth of the residual under a after the best single gain on b, in dB (negative is deeper); no alignment."""
    length = min(len(a), len(b))
    a, b = a[:length], b[:length]
    gain = numpy.vdot(a, b) / max(numpy.vdot(b, b), 1e-30)
    return float(decibels(numpy.mean((a - gain * b) ** 2)) - decibels(numpy.mean(a * a)))


def resampled(audio, rate, to):
    """Linear-phase resampling, flat to 0.95 of the lower Nyquist frequency, 100 dB down beyond it."""
    if rate == to:
        return audio
    common = numpy.gcd(int(rate), int(to))
    up, down = int(to) // common, int(rate) // common
    slowest = max(up, down)
    kernel = scipy.signal.firwin(2 * 72 * slowest + 1, 0.975 / slowest, window=("kaiser", 10.0))
    return scipy.signal.resample_poly(audio, up, down, axis=0, window=kernel)
