"""What bench/mix measures on a mix and its stems, beyond bench/meters.py: level while playing, masking, width, distances."""
import numpy

from meters import decibels, integrated_lufs, k_weighting, third_octaves, true_peak_dbtp
import scipy.signal

# One unit of each part of the distance between two mixes.
UNITS = {"balanceLu": 2.0, "spectrumDb": 2.0, "widthDb": 3.0, "crestDb": 2.0}
FLOOR_LU = -40.0


def stereo(audio):
    return numpy.repeat(audio, 2, axis=1) if audio.shape[1] == 1 else audio


def block_powers(audio, rate, hop=0.1, length=0.4):
    """K-weighted power of blocks of 400 ms, one every 100 ms, both channels added."""
    weighted = scipy.signal.sosfilt(k_weighting(rate), audio, axis=0)
    energy = numpy.concatenate([[0.0], numpy.cumsum(numpy.sum(weighted * weighted, axis=1))])
    size = int(round(length * rate))
    starts = (numpy.arange(max(0, int((len(audio) - size) / (hop * rate)) + 1)) * hop * rate).round().astype(int)
    starts = starts[starts + size <= len(audio)]
    return (energy[starts + size] - energy[starts]) / size


def level_while_playing(stem, mix, rate, section_seconds=15.0):
    """(LU of a stem against the mix where it plays, the same of each section in which it plays for 2 s)."""
    own, whole = block_powers(stem, rate), block_powers(mix, rate)
    count = min(len(own), len(whole))
    own, whole = own[:count], whole[:count]
    audible = own > 10 ** (-70 / 10)
    if not audible.any():
        return None, []
    plays = own > own[audible].mean() * 0.01
    per = int(section_seconds * 10)
    sections = [decibels(own[i:i + per][plays[i:i + per]].mean()) - decibels(whole[i:i + per][plays[i:i + per]].mean())
                for i in range(0, count, per) if plays[i:i + per].sum() >= 20]
    return decibels(own[plays].mean()) - decibels(whole[plays].mean()), sections


def masked_share(stem, rest, rate, low=1000.0, high=4000.0, threshold_db=4.0):
    """Share of a stem's energy between 1 and 4 kHz in cells (46 ms, one ERB) where the rest is more than 4 dB above it."""
    size = 1 << int(round(numpy.log2(0.046 * rate)))
    hz = numpy.arange(size // 2 + 1) * rate / size
    number = lambda f: 21.4 * numpy.log10(1 + 0.00437 * f)
    centres = (10 ** (numpy.arange(number(low), number(high) + 1e-9) / 21.4) - 1) / 0.00437
    slope = 4 * centres / (24.7 * (1 + 0.00437 * centres))
    distance = slope * numpy.abs(hz[:, None] - centres) / centres
    filters = (1 + distance) * numpy.exp(-distance)
    window = numpy.hanning(size + 1)[:-1]

    def cells(audio):
        rows = []
        for start in range(0, len(audio) - size + 1, size // 2):
            spectrum = numpy.fft.rfft(audio[start:start + size] * window[:, None], axis=0)
            rows.append(numpy.sum(numpy.abs(spectrum) ** 2, axis=1) @ filters)
        return numpy.array(rows)

    own, others = cells(stem), cells(rest)
    active = own.sum(axis=1) > 1e-4 * max(own.sum(axis=1).max(), 1e-30)
    own, others = own[active], others[active]
    return float(own[own < others * 10 ** (-threshold_db / 10)].sum() / own.sum()) if own.size else None


def measures(audio, rate):
    """Loudness, spectrum, width per band and peak to loudness of a mix."""
    bands = third_octaves(audio, rate)
    mid, side = 10 ** (bands["mid"] / 10), 10 ** (bands["side"] / 10)
    lufs = integrated_lufs(audio, rate)
    folded = integrated_lufs(numpy.repeat(audio.mean(axis=1, keepdims=True), 2, axis=1), rate)
    return {"lufs": lufs, "spectrum": decibels(mid + side), "width": numpy.clip(decibels(side) - decibels(mid), -40, 12),
            "plrDb": true_peak_dbtp(audio, rate, 8) - lufs, "monoLossLu": lufs - folded}


def distance(ours, theirs, our_balance, their_balance):
    """Distance between two mixes: the mean of its parts in their units, and the parts."""
    there = (ours["spectrum"] > ours["spectrum"].max() - 100) & (theirs["spectrum"] > theirs["spectrum"].max() - 100)
    shape = (ours["spectrum"] - theirs["spectrum"])[there]
    balance = [max(our_balance[name], FLOOR_LU) - max(their_balance[name], FLOOR_LU) for name in their_balance
               if name in our_balance and max(our_balance[name], their_balance[name]) > FLOOR_LU]
    parts = {"balanceLu": float(numpy.sqrt(numpy.mean(numpy.square(balance)))), "spectrumDb": float(shape.std()),
             "widthDb": float(numpy.sqrt(numpy.mean((ours["width"] - theirs["width"])[there] ** 2))), "crestDb": abs(ours["plrDb"] - theirs["plrDb"])}
    return float(numpy.mean([parts[key] / UNITS[key] for key in UNITS])), parts
