"""What a plan says is done is done: every stated reduction against the one that occurred."""
import numpy

from harness import RATE, Case, document, hits, level, main, notes, time_axis, write_session

SECONDS = 20.0
WITHIN_DB = 1.0       # of a reduction while it acts, on average
MOST_WITHIN_DB = 2.0  # of its deepest moment
OF_A_COPY = 2.0       # times that where many microphones of a kit are compressed hard together: the copy is a quarter of the sound at most


def session():
    """A band whose every part gives the engineer something to do: accents, bleed, ringing, loud and soft phrases, breaths, s-sounds."""
    rng = numpy.random.default_rng(5)
    t = time_axis(SECONDS)
    crack = rng.standard_normal(RATE)
    beats = numpy.arange(0.0, SECONDS - 0.5, 0.5)

    def accented(times, make):
        return sum(level([0.0, -9.0, -6.0, -10.0][k]) * hits(times[k::4], make, SECONDS) for k in range(4))

    kick = accented(beats[::2], lambda t: numpy.exp(-9 * t) * numpy.sin(2 * numpy.pi * (55 * t + 3 * (1 - numpy.exp(-30 * t)))))
    snare = accented(beats[1::2], lambda t: numpy.exp(-14 * t) * (0.6 * numpy.sin(2 * numpy.pi * 190 * t) + 0.4 * crack[:len(t)]))
    hat = hits(numpy.arange(0, SECONDS - 0.3, 0.25), lambda t: numpy.exp(-45 * t) * numpy.diff(crack[:len(t) + 1], prepend=0)[:len(t)], SECONDS)
    over = 0.5 * numpy.roll(kick, 150) + 0.8 * numpy.roll(snare, 140) + 0.7 * numpy.roll(hat, 120) + 0.0005 * rng.standard_normal(len(t))
    bass = notes([55.0, 55.0, 65.4, 49.0], 0.5, SECONDS, 6, decay=1.5) * level(4.0 * numpy.sin(2 * numpy.pi * t / 3.0))
    guitar = notes([220.0, 277.2, 329.6, 293.7], 0.5, SECONDS, 24, decay=1.0)
    pad = sum(numpy.sin(2 * numpy.pi * hz * t + hz) / (1 + hz / 2000) for hz in (220.0, 330.0, 554.4, 880.0, 1318.5, 1760.0, 2637.0, 3520.0))
    pitch = 2 * numpy.pi * numpy.cumsum(262.0 * 2 ** ((numpy.floor(2 * t) % 5 - 2) / 6) * (1 + 0.006 * numpy.sin(2 * numpy.pi * 5.5 * t))) / RATE
    sings = numpy.convolve(((t % 5.0) < 3.4) * 1.0, numpy.hanning(2401) / numpy.hanning(2401).sum(), mode="same")
    loud = level(numpy.where(t % 10.0 < 5.0, 0.0, -8.0) + numpy.where(t % 1.0 < 0.2, 5.0, 0.0))
    hiss = numpy.diff(rng.standard_normal(len(t)), prepend=0.0)
    syllable = ((t % 0.5) < 0.09) * sings
    voice = sings * loud * (sum(numpy.sin(k * pitch) / k ** 1.2 for k in range(1, 14)) * (1 - 0.9 * syllable) + 0.9 * syllable * hiss)
    breath = ((t % 5.0) > 4.2) * ((t % 5.0) < 4.6) * 0.012 * rng.standard_normal(len(t))

    def at(samples, peak_db):
        return samples / numpy.abs(samples).max() * level(peak_db)
    return {"Kick.wav": at(kick + 0.02 * numpy.roll(snare, 60), -5), "Snare.wav": at(snare + 0.03 * numpy.roll(kick, 60), -7), "HiHat.wav": at(hat, -14),
            "OH L.wav": at(over, -10), "OH R.wav": at(numpy.roll(over, 7) + 0.0005 * rng.standard_normal(len(t)), -10), "Bass DI.wav": at(bass, -8),
            "Gtr.wav": at(guitar, -9), "Pad.wav": at(pad, -12), "Lead Vox.wav": at(voice + breath, -8)}


class StatedAmounts(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.folder_in = write_session(cls.folder / "session", session())
        cls.mix = cls.folder / "mix"
        cls.good(cls(), "mix", cls.folder_in, "-o", cls.mix, "--stems", "--no-master")
        cls.plan = document(cls.mix / "plan.json")
        cls.report = document(cls.mix / "report.json")

    @staticmethod
    def steps(plan):
        """(place, its id, step) of everything that can be bypassed."""
        for track in plan["tracks"]:
            for step in track["chain"]:
                yield "track", track["id"], step
            for send in track.get("sends", []):
                yield "send", send["to"], send["level"]
        for bus in plan["buses"]:
            for step in bus["chain"]:
                yield "bus", bus["id"], step

    def test_every_stated_reduction_occurs(self):
        work = {entry["stepId"]: entry for entry in self.report["dynamics"]}
        told = 0
        for _, _, step in self.steps(self.plan):
            said = {e["measure"]: e["value"] for reason in step["because"] for e in reason["evidence"]}
            if "reductionPredicted" not in said:
                continue
            told += 1
            with self.subTest(step["id"]):
                done = work[step["id"]]
                wider = OF_A_COPY if step["params"].get("mix", 1.0) < 1.0 else 1.0
                self.assertAlmostEqual(-done["meanReductionDb"], said["reductionPredicted"], delta=wider * WITHIN_DB)
                self.assertAlmostEqual(-done["maxReductionDb"], said["mostReductionPredicted"], delta=wider * MOST_WITHIN_DB)
        self.assertGreaterEqual(told, 5, "the session must give something to do")


if __name__ == "__main__":
    main()
