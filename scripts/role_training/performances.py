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


STYLES = {"chords": chords, "arpeggio": arpeggio, "line": line, "riff": riff, "power": power_chords, "held": held}


def play(rng, styles, low, high, seconds):
    return STYLES[str(rng.choice(styles))](Song(rng, seconds), low, high)
