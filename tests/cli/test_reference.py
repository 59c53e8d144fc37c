"""A master like a reference: measured from outside, on noise and tones whose spectra are known."""
import json

import numpy

from harness import RATE, Case, digest, document, integrated_lufs, level, main, read, true_peak_dbtp, write

SECONDS = 16.0
CENTRES = 10.0 ** (numpy.arange(16, 43) / 10.0)  # 40 Hz to 16 kHz


def shaped(seed, curve_db):
    """Noise with beats and some tones, its spectrum in dB a function of log2(f / 1 kHz)."""
    random = numpy.random.default_rng(seed)
    frames = int(SECONDS * RATE)
    spectrum = numpy.fft.rfft(random.standard_normal(frames))
    hz = numpy.maximum(numpy.fft.rfftfreq(frames, 1 / RATE), 20.0)
    spectrum *= 10.0 ** ((curve_db(numpy.log2(hz / 1000.0)) - 10.0 * numpy.log10(hz)) / 20.0)
    sound = numpy.fft.irfft(spectrum, frames)
    time = numpy.arange(frames) / RATE
    beat = 0.35 + 0.65 * numpy.exp(-6.0 * (time % 0.5))
    section = numpy.where(time > SECONDS / 2, 1.0, 0.5)
    sound *= beat * section / numpy.sqrt(numpy.mean(numpy.square(sound)))
    return sound + 0.1 * section * sum(numpy.sin(2 * numpy.pi * f * time) for f in (220.0, 554.0, 1318.0))


def stereo(seed, mid, side, width_db, lufs):
    m, s = shaped(seed, mid), shaped(seed + 100, side) * 10.0 ** (width_db / 20.0)
    samples = numpy.stack([m + s, m - s], axis=1)
    return samples * level(lufs - integrated_lufs(samples, RATE))


def spectra(samples):
    """Third octaves of mid and side, in dB."""
    frames = 1 << int(numpy.ceil(numpy.log2(len(samples))))
    hz = numpy.fft.rfftfreq(frames, 1 / RATE)
    result = []
    for part in ((samples[:, 0] + samples[:, 1]) / 2, (samples[:, 0] - samples[:, 1]) / 2):
        power = numpy.abs(numpy.fft.rfft(part, frames)) ** 2
        result.append(numpy.array([10 * numpy.log10(numpy.sum(power[(hz >= c / 10 ** 0.05) & (hz < c * 10 ** 0.05)]) + 1e-20) for c in CENTRES]))
    return result


def shape_error(a, b):
    difference = a - b
    return float(numpy.std(difference))


SONG = stereo(1, lambda x: -1.0 * x, lambda x: 0.5 * x, -12.0, -20.0)
REFERENCE = stereo(2, lambda x: 4.0 * numpy.sin(1.3 * x) - 0.5 * x, lambda x: 3.0 * numpy.cos(x) - x, -6.0, -16.0)


class Reference(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.song = write(cls.folder / "song.wav", SONG)
        cls.reference = write(cls.folder / "reference.wav", REFERENCE)

    def master(self, *flags, song=None):
        out = self.folder / "out"
        report = self.good("master", song or self.song, "-o", out, "--json", "--force", *flags).json()
        return read(out / "master.wav")[0], report

    def test_all_the_way(self):
        master, report = self.master("--reference", self.reference)
        (mid, side), (mid_goal, side_goal) = spectra(master), spectra(REFERENCE)
        self.assertGreater(shape_error(spectra(SONG)[0], mid_goal), 2.0)
        self.assertLess(shape_error(mid, mid_goal), 0.5)
        self.assertLess(shape_error(side, side_goal), 0.5)
        self.assertAlmostEqual(float(numpy.mean((side - mid) - (side_goal - mid_goal))), 0.0, delta=0.4)
        self.assertAlmostEqual(integrated_lufs(master, RATE), -16.0, delta=0.1)
        self.assertLessEqual(true_peak_dbtp(master), -1.0 + 0.04)
        match = report["match"]
        self.assertLess(match["shapeErrorDb"]["after"]["midDb"], 0.5)
        self.assertAlmostEqual(match["shapeErrorDb"]["before"]["midDb"], shape_error(spectra(SONG)[0], mid_goal), delta=0.3)
        page = (self.folder / "out" / "report.html").read_text()
        self.assertIn("curve reference", page)
        plan = document(self.folder / "out" / "plan.json")
        self.assertEqual(len(plan["intent"]["references"]), 1)
        self.assertIn("reference.wav", self.good("explain", self.folder / "out" / "plan.json").out)

    def test_half_way_and_not_at_all(self):
        song, goal = spectra(SONG)[0], spectra(REFERENCE)[0]
        whole = shape_error(song, goal)
        half, _ = self.master("--reference", self.reference, "--match", "tone=0.5,width=0,loudness=0.5,dynamics=0")
        self.assertAlmostEqual(shape_error(spectra(half)[0], goal) / whole, 0.5, delta=0.06)
        self.assertAlmostEqual(shape_error(spectra(half)[0], song) / whole, 0.5, delta=0.06)
        none, report = self.master("--reference", self.reference, "--match", "tone=0,width=0,loudness=0,dynamics=0")
        self.assertLess(shape_error(spectra(none)[0], song), 0.3)
        self.assertLess(shape_error(spectra(none)[1], spectra(SONG)[1]), 0.3)
        self.assertNotIn("reference", " ".join(step["reason"]["rule"] for step in report["decisions"]))

    def test_a_profile_stands_in_and_the_plan_needs_neither(self):
        profile = self.folder / "profile.json"
        self.good("profile", self.reference, "-o", profile, "--force")
        self.master("--reference", self.reference, "--threads", "1")
        direct, plan = digest(self.folder / "out" / "master.wav"), self.folder / "out" / "plan.json"
        self.good("render", plan, "-o", self.folder / "again", "--force")
        self.assertEqual(digest(self.folder / "again" / "master.wav"), direct)
        self.master("--reference", profile, "--threads", "4")
        self.assertEqual(digest(self.folder / "out" / "master.wav"), direct)

    def test_a_lossy_reference_leaves_the_highs_alone(self):
        spectrum = numpy.fft.rfft(REFERENCE, axis=0)
        spectrum[numpy.fft.rfftfreq(len(REFERENCE), 1 / RATE) > 15000.0] = 0.0
        cut = write(self.folder / "cut.wav", numpy.fft.irfft(spectrum, len(REFERENCE), axis=0))
        master, report = self.master("--reference", cut)
        self.assertIn("reference.lossy", [w["code"] for w in report["warnings"]])
        for step in document(self.folder / "out" / "plan.json")["master"]:
            if step["type"] == "curveFilter":
                self.assertEqual([p["gainDb"] for p in step["params"]["points"] if p["frequencyHz"] > 18500], [0.0])
        hz = numpy.fft.rfftfreq(len(master), 1 / RATE)

        def highs(samples):
            power = numpy.sum(numpy.abs(numpy.fft.rfft(samples, axis=0)) ** 2, axis=1)
            return 10 * numpy.log10(numpy.sum(power[(hz > 19000) & (hz < 22000)]) / numpy.sum(power[(hz > 18000) & (hz < 22000)]))
        self.assertAlmostEqual(highs(master), highs(SONG[:len(master)]), delta=1.0)

    def test_a_clipped_one_does_not_clip_us(self):
        clipped = write(self.folder / "clipped.wav", numpy.clip(REFERENCE * level(14), -0.999, 0.999))
        master, report = self.master("--reference", clipped)
        self.assertIn("reference.clipped", [w["code"] for w in report["warnings"]])
        self.assertLessEqual(true_peak_dbtp(master), -1.0 + 0.04)
        self.assertNotIn("clipping", [f["kind"] for f in report["output"]["master"]["faults"] if f["severity"] != "info"])

    def test_a_mono_one_says_nothing_of_width(self):
        mono = write(self.folder / "mono.wav", REFERENCE[:, 0])
        master, report = self.master("--reference", mono)
        self.assertIn("reference.mono", [w["code"] for w in report["warnings"]])
        (mid, side), (song_mid, song_side) = spectra(master), spectra(SONG)
        self.assertLess(shape_error(side - mid, song_side - song_mid), 0.5)

    def test_the_song_itself_changes_little(self):
        master, report = self.master("--reference", self.song)
        self.assertIn("reference.same", [w["code"] for w in report["warnings"]])
        self.assertLess(shape_error(spectra(master)[0], spectra(SONG)[0]), 0.2)

    def test_quiet_sections_follow_the_reference_by_the_amount(self):
        def song(seed, quiet_db):
            """Verse, chorus, verse, chorus of sixteen seconds each."""
            part = stereo(seed, lambda x: -1.0 * x, lambda x: 0.5 * x, -12.0, -20.0)
            part[: len(part) // 2] *= 2.0  # steady
            return numpy.concatenate([part * level(db) for db in (quiet_db, 0.0, quiet_db, 0.0)])

        def contrast_lu(samples):
            parts = [integrated_lufs(samples[int((16 * i + 3) * RATE) : int((16 * i + 13) * RATE)], RATE) for i in range(4)]
            return (parts[1] + parts[3] - parts[0] - parts[2]) / 2

        planted, steady = write(self.folder / "planted.wav", song(5, -8.0)), write(self.folder / "steady.wav", song(6, 0.0))
        record = write(self.folder / "record.wav", song(7, -4.0))

        def mastered(source, amount):
            folder = self.new(f"{source.stem}-{amount}")
            self.good("master", source, "--reference", record, "--match", f"tone=0,width=0,dynamics=0,loudness=0,sections={amount}", "--loudness", "-24", "-o", folder, "-q")
            plan = document(folder / "plan.json")
            self.assertEqual(plan["intent"]["match"]["sections"], amount)
            return contrast_lu(read(folder / "master.wav")[0]), [step["id"] for step in plan["master"]]

        for source, amount, expected in ((planted, 0, 8.0), (planted, 0.5, 6.0), (planted, 0.75, 5.0), (steady, 1, 0.0)):
            contrast, steps = mastered(source, amount)
            self.assertAlmostEqual(contrast, expected, delta=0.4, msg=f"{source} {amount}")
            self.assertEqual("reference.sections" in steps, source == planted and amount > 0)

    def test_several_and_folders(self):
        folder = self.folder / "records"
        folder.mkdir(exist_ok=True)
        for i, lufs in enumerate((-12.0, -16.0, -20.0)):
            write(folder / f"{i}.wav", REFERENCE * level(lufs + 16.0) / max(1.0, numpy.max(numpy.abs(REFERENCE)) * level(lufs + 16.0)))
        master, report = self.master("--reference", folder)
        self.assertEqual(len(report["match"]["references"]), 3)
        self.assertLess(shape_error(spectra(master)[0], spectra(REFERENCE)[0]), 0.5)

    def test_errors_are_for_people(self):
        empty = self.folder / "empty"
        empty.mkdir(exist_ok=True)
        silent = write(self.folder / "silent.wav", numpy.zeros((RATE * 2, 2)))
        old = self.folder / "old.json"
        old.write_text(json.dumps({"referenceProfile": 99}))
        for reference, says in ((self.folder / "none.wav", "none.wav"), (empty, "no sound files"), (silent, "silent"), (old, "version 99")):
            with self.subTest(says=says):
                self.refused(3, "master", self.song, "-o", self.folder / "refused", "--reference", reference, says=[says])
        for match in ("tone=2", "colour=1", "tone", "tone=x"):
            self.refused(2, "master", self.song, "--reference", self.reference, "--match", match, says=["--match"])
        self.refused(2, "master", self.song, "--match", "tone=1", says=["--reference"])
        self.refused(2, "profile", self.reference, "-o", self.folder / "p.wav", says=[".json"])
        self.assertFalse((self.folder / "refused").exists())


if __name__ == "__main__":
    main()
