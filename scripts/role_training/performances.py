"""What players play: notes as (start s, duration s, key, velocity), made at random from a seed."""
import numpy as np

SCALES = ((0, 2, 4, 5, 7, 9, 11), (0, 2, 3, 5, 7, 8, 10), (0, 2, 3, 5, 7, 9, 10), (0, 3, 5, 7, 10), (0, 2, 4, 7, 9))


class Song:
    """Tempo, key and chords that one performance follows."""

    def __init__(self, rng, seconds):
        self.rng, self.seconds = rng, seconds
        self.beat = 60.0 / rng.uniform(62, 178)
        self.tonic, self.scale = int(rng.integers(12)), SCALES[rng.integers(len(SCALES))]
        self.degrees = [int(rng.integers(len(self.scale))) for _ in range(8)]

    def key(self, degree, low):
        """The scale's degree, from the first tonic at or above `low`."""
        octave, step = divmod(degree, len(self.scale))
        return low + (self.tonic - low) % 12 + 12 * octave + self.scale[step]

    def bars(self):
        bar, start = 4 * self.beat, 0.0
        while start < self.seconds:
            yield start, self.degrees[int(start / bar) % len(self.degrees)]
            start += bar


def _human(rng, start):
    return max(0.0, start + rng.normal(0.0, 0.008))


def chords(song, low, high):
    rng, notes = song.rng, []
    steps = rng.choice([0.5, 1.0, 2.0, 4.0], p=[0.3, 0.3, 0.2, 0.2])
    length = steps * song.beat * rng.choice([0.3, 0.6, 0.95, 1.0])
    voices, strum, play = int(rng.integers(3, 6)), rng.choice([0.0, 0.01, 0.03]), rng.uniform(0.6, 1.0)
    base = rng.integers(45, 105)
    for bar, degree in song.bars():
        for k in range(int(4 / steps)):
            if rng.random() > play:
                continue
            start = _human(rng, bar + k * steps * song.beat)
            for v in range(voices):
                key = song.key(degree + 2 * v, low)
                if key <= high:
                    notes.append((start + v * strum, length, key, int(np.clip(base + rng.normal(0, 8), 20, 127))))
    return notes


def arpeggio(song, low, high):
    rng, notes = song.rng, []
    step = song.beat * rng.choice([0.25, 1 / 3, 0.5])
    pattern = [int(x) for x in rng.permutation(6)] if rng.random() < 0.5 else [0, 1, 2, 3, 2, 1]
    length, base = step * rng.choice([0.5, 0.9, 2.5]), rng.integers(45, 105)
    for bar, degree in song.bars():
        for k in range(int(round(4 * song.beat / step))):
            key = song.key(degree + 2 * pattern[k % len(pattern)], low)
            if key <= high:
                notes.append((_human(rng, bar + k * step), length, key, int(np.clip(base + rng.normal(0, 8), 20, 127))))
    return notes


def line(song, low, high):
    """A melody: steps and leaps, long and short notes, phrases with rests."""
    rng, notes, now = song.rng, [], 0.0
    span = max(3, int((high - low) * len(song.scale) / 12) - 1)
    degree, base, legato = int(rng.integers(span)), rng.integers(50, 110), rng.uniform(0.55, 1.05)
    while now < song.seconds:
        for _ in range(int(rng.integers(3, 9))):
            length = song.beat * rng.choice([0.25, 0.5, 0.5, 1.0, 1.0, 2.0])
            degree = int(np.clip(degree + rng.choice([-3, -2, -1, -1, 0, 1, 1, 2, 3]), 0, span))
            notes.append((_human(rng, now), length * legato, min(song.key(degree, low), high), int(np.clip(base + rng.normal(0, 10), 20, 127))))
            now += length
        now += song.beat * rng.choice([0.0, 0.5, 1.0, 2.0])
    return notes


def riff(song, low, high):
    """One or two bars that repeat: basses, muted guitars, clavinets."""
    rng, notes = song.rng, []
    step = song.beat * rng.choice([0.25, 0.5])
    count = int(round(4 * song.beat / step))
    plays, degrees = rng.random(count) < rng.uniform(0.4, 1.0), rng.choice([0, 0, 0, 2, 4, 6, -1], count)
    plays[0] = True
    length, base = step * rng.choice([0.3, 0.6, 0.95]), rng.integers(60, 115)
    for bar, degree in song.bars():
        for k in np.flatnonzero(plays):
            key = song.key(degree + int(degrees[k]), low)
            if low - 3 <= key <= high:
                notes.append((_human(rng, bar + k * step), length, key, int(np.clip(base + rng.normal(0, 10), 20, 127))))
    return notes


def power_chords(song, low, high):
    rng = song.rng
    notes = chords(song, low, high) if rng.random() < 0.2 else []
    if notes:
        return notes
    for start, length, key, velocity in riff(song, low, min(high, low + 16)):
        notes += [(start, length, key, velocity), (start, length, key + 7, velocity)] + ([(start, length, key + 12, velocity)] if rng.random() < 0.7 else [])
    return notes


def held(song, low, high):
    """Chords that last bars: pads, strings, organs."""
    rng, notes = song.rng, []
    voices, base = int(rng.integers(1, 5)), rng.integers(45, 100)
    for bar, degree in song.bars():
        for v in range(voices):
            key = song.key(degree + 2 * v, low)
            if key <= high:
                notes.append((bar, 4 * song.beat * rng.choice([0.95, 1.02]), key, int(base)))
    return notes


def strum(song, low, high):
    """A hand that goes up and down over the strings: accents, ghost strokes, the string order turning with the stroke."""
    rng, notes = song.rng, []
    step, spread = song.beat * rng.choice([0.25, 0.5]), rng.uniform(0.004, 0.022)
    count = int(round(4 * song.beat / step))
    plays, accents = rng.random(count) < rng.uniform(0.5, 0.95), rng.random(count) < 0.3
    plays[0] = accents[0] = True
    ring, base, strings = rng.choice([0.5, 0.95, 1.5]), rng.integers(45, 95), int(rng.integers(4, 7))
    for bar, degree in song.bars():
        keys = [song.key(degree, low), song.key(degree + 4, low)] + [song.key(degree + d, low + 12) for d in (0, 2, 4, 7)]
        keys = [k for k in keys[:strings] if k <= high + 7]
        for k in np.flatnonzero(plays):
            start, down = _human(rng, bar + k * step), k % 2 == 0
            chosen = keys if accents[k] or down else keys[-max(2, len(keys) - 2):]
            for i, key in enumerate(chosen if down else chosen[::-1]):
                notes.append((start + i * spread, step * ring, key, int(np.clip(base + 18 * accents[k] + rng.normal(0, 7), 20, 127))))
    return notes


def chug(song, low, high):
    """Palm-muted eighths or sixteenths of the low strings, chords let ring between."""
    rng, notes = song.rng, []
    step = song.beat * rng.choice([0.25, 0.25, 0.5])
    count = int(round(4 * song.beat / step))
    open_, rests, base = rng.random(count) < rng.uniform(0.05, 0.3), rng.random(count) < rng.uniform(0, 0.3), rng.integers(80, 118)
    for bar, degree in song.bars():
        for k in range(count):
            if rests[k]:
                continue
            root = song.key(degree if open_[k] or rng.random() < 0.2 else 0, low)
            length = step * (1.8 if open_[k] else rng.uniform(0.25, 0.4))
            for interval in (0, 7, 12) if open_[k] or rng.random() < 0.5 else (0,):
                notes.append((_human(rng, bar + k * step), length, root + interval, int(np.clip(base + rng.normal(0, 8), 30, 127))))
    return notes


def comping(song, low, high):
    """Syncopated chords in close position, as a keyboard player's right hand."""
    rng, notes = song.rng, []
    plays = rng.random(16) < rng.uniform(0.15, 0.45)
    plays[int(rng.choice([0, 2, 3, 6]))] = True
    long, base, extra = rng.random(16) < 0.4, rng.integers(50, 100), rng.choice([4, 5])
    top = min(low + 24, high - 4)
    for bar, degree in song.bars():
        inversion = int(rng.integers(0, 3))
        for k in np.flatnonzero(plays):
            start, length = _human(rng, bar + k * song.beat / 4), song.beat * (rng.uniform(0.6, 2.0) if long[k] else rng.uniform(0.1, 0.3))
            for v in range(int(extra)):
                key = song.key(degree + 2 * ((v + inversion) % int(extra)), low)
                while key > top + 7:
                    key -= 12
                notes.append((start + rng.normal(0, 0.003), length, key, int(np.clip(base + rng.normal(0, 8), 20, 127))))
    return [(max(0.0, s), l, k, v) for s, l, k, v in notes]


def two_hands(song, low, high):
    """Bass notes and broken or struck chords or a melody above: piano playing."""
    rng = song.rng
    middle = (low + high) // 2
    right = (chords, arpeggio, line, comping)[int(rng.integers(4))](song, middle, high)
    notes, step = [], song.beat * rng.choice([1.0, 2.0, 4.0])
    for bar, degree in song.bars():
        for k in range(int(round(4 * song.beat / step))):
            key = song.key(degree + (4 if k % 2 and rng.random() < 0.5 else 0), low)
            for interval in (0, 12) if rng.random() < 0.5 else (0,):
                notes.append((_human(rng, bar + k * step), step * 0.95, key + interval, int(np.clip(80 + rng.normal(0, 10), 20, 127))))
    return notes + right


def walk(song, low, high):
    """A walking bass: a note a beat, towards the next root; at times octaves and doubled notes."""
    rng, notes = song.rng, []
    base, length, octaves = rng.integers(60, 110), rng.choice([0.5, 0.8, 1.0]), rng.random() < 0.3
    for bar, degree in song.bars():
        for k in range(4):
            key = song.key(degree + int(rng.choice([0, 2, 4, -1, 1])) * (k > 0), low)
            notes.append((_human(rng, bar + k * song.beat), song.beat * length, min(key, high), int(np.clip(base + rng.normal(0, 9), 20, 127))))
            if octaves or rng.random() < 0.15:
                notes.append((_human(rng, bar + (k + 0.5) * song.beat), song.beat * 0.4 * length, min(key + 12 * octaves, high), int(np.clip(base - 10 + rng.normal(0, 9), 20, 127))))
    return notes


STYLES = {"chords": chords, "arpeggio": arpeggio, "line": line, "riff": riff, "power": power_chords, "held": held, "strum": strum, "chug": chug, "comping": comping, "two-hands": two_hands,
          "walk": walk}


def play(rng, styles, low, high, seconds):
    return STYLES[str(rng.choice(styles))](Song(rng, seconds), low, high)
