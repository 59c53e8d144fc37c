"""What must not change the mix: threads, block sizes, runs, the level of a recording, names, order, empty tracks. And stems sum to it."""
import numpy

from harness import RATE, RESULTS, Case, document, level, main, noise, read, snapshot, song, third_octaves_db, write, write_session

SECONDS = 8.0


class SameBytes(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        tracks = song(SECONDS)
        cls.session = write_session(cls.folder / "session", {name: tracks[name] for name in ("Kick", "Snare", "Bass DI", "Piano", "Lead Vox")})
        write(cls.session / "Gtr Clean.wav", tracks["Gtr Clean"][::2], RATE // 2)  # one track needs another sample rate
        cls.first = cls.folder / "first"
        cls.good(cls(), "mix", cls.session, "-o", cls.first, "--stems", "--threads", "1")

    def test_a_run_gives_what_is_documented_and_nothing_else(self):
        self.assertEqual([name for name in snapshot(self.first) if not name.startswith("stems/")], RESULTS)

    def test_threads_block_sizes_and_runs_do_not_change_a_byte(self):
        expected = snapshot(self.first)
        for more in (["--threads", "2", "--block-size", "64"], ["--threads", "8", "--block-size", "1000"], ["--threads", "1", "--block-size", "65536"]):
            other = self.new("other") if not (self.folder / f"{self._testMethodName}-other").exists() else self.folder / f"{self._testMethodName}-other"
            self.good("mix", self.session, "-o", other, "--stems", "--force", *more)
            found = snapshot(other)
            for name in expected:
                if not name.startswith("report"):  # names the folder
                    self.assertEqual(found[name], expected[name], f"{name} differs with {more}")

    def test_masters_too(self):
        folders = []
        for i, more in enumerate((["--threads", "1"], ["--threads", "4", "--block-size", "100"])):
            folders.append(self.new(str(i)))
            self.good("master", self.first / "mix.wav", "-o", folders[-1], "--loudness=-11", *more)
        self.assertEqual(snapshot(folders[0])["master.wav"], snapshot(folders[1])["master.wav"])
        self.assertEqual(snapshot(folders[0])["plan.json"], snapshot(folders[1])["plan.json"])

    def test_stems_sum_to_the_mix(self):
        mix, _ = read(self.first / "mix.wav")
        stems = [read(path)[0] for path in sorted((self.first / "stems").iterdir())]
        self.assertGreater(len(stems), 6)
        difference = numpy.abs(sum(stems) - mix).max()
        self.assertLess(20 * numpy.log10(difference), -90.0)
        self.assertGreater(numpy.abs(sum(stems[1:]) - mix).max(), 0.001, "a stem that is left out must be missed")

    def test_the_report_lists_every_stem(self):
        report = document(self.first / "report.json")
        self.assertEqual(len(report["stems"]), len(list((self.first / "stems").iterdir())))


    def test_the_mix_comes_out_as_it_was_forecast(self):
        forecast = document(self.first / "report.json")["forecast"]
        self.assertEqual(len(forecast["tracks"]), 6)
        self.assertLess(forecast["worstTrackLu"], 2.2)  # a snare of pure hits; real sessions stay within about 1
        self.assertLess(forecast["worstBandDb"], 2.0)
        self.assertGreater(len(forecast["spectrum"]), 20)
        self.assertAlmostEqual(max(abs(t["predictedReMixLu"] - t["renderedReMixLu"]) for t in forecast["tracks"]), forecast["worstTrackLu"], delta=0.02)

    def test_a_forecast_that_a_note_overtook_is_not_told(self):
        out = self.new("noted")
        self.good("mix", self.session, "-o", out, "--no-master", "--note", "bass up 3 dB")
        self.assertIsNone(document(out / "report.json")["forecast"])

    def test_stems_sum_to_a_mix_that_had_to_be_turned_down(self):
        # Clicks that are loud enough to be heard stand far above full scale.
        clicks = numpy.zeros(round(SECONDS * RATE))
        clicks[::RATE] = 0.9
        session = write_session(self.new("clicks"), {"Snare": clicks, "Piano": song(SECONDS)["Piano"]})
        out = self.new("turned-down")
        self.good("mix", session, "-o", out, "--no-master", "--stems", "--note", "the whole mix darker")
        bus = [step["id"] for step in document(out / "plan.json")["mixBus"]]
        self.assertIn("mix.headroom", bus)
        self.assertGreater(len(bus), 1, "the mix bus must have had work before")
        stems = [read(path)[0] for path in sorted((out / "stems").iterdir())]
        self.assertLess(numpy.abs(sum(stems) - read(out / "mix.wav")[0]).max(), 10 ** (-90 / 20))


class SameSound(Case):
    """The mix's third-octave spectrum stays within 0.1 dB."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tracks = song(SECONDS)
        cls.reference = cls.spectrum(cls(), cls.folder / "reference", cls.tracks)

    def spectrum(self, folder, tracks, *words):
        if tracks:
            write_session(folder / "in", tracks, subtype="FLOAT")
        self.good("mix", *(words or [folder / "in"]), "-o", folder / "out", "--no-master", "-q")
        return third_octaves_db(*read(folder / "out" / "mix.wav"))

    def assert_same(self, spectrum):
        difference = numpy.abs(spectrum - self.reference)[self.reference > self.reference.max() - 60]
        self.assertGreater(len(difference), 20)
        self.assertLess(difference.max(), 0.1)

    def test_how_hot_a_track_was_recorded(self):
        names = list(self.tracks)
        for i, decibels in enumerate((-20.0, -7.3, 12.0)):
            with self.subTest(decibels=decibels):
                scaled = {name: samples * level(decibels if j % 3 == i else 0.0) for j, (name, samples) in enumerate(zip(names, self.tracks.values()))}
                self.assert_same(self.spectrum(self.new(str(i)), scaled))

    def test_names_that_mean_the_same_and_another_order(self):
        renamed = {"Kick": "07 kick drum", "Snare": "06_SNARE", "HiHat": "hi-hat", "Bass DI": "03 bass di", "Gtr Clean": "02 clean gtr", "Piano": "01-Piano",
                   "Lead Vox": "00 lead vocal"}
        self.assert_same(self.spectrum(self.new("renamed"), {renamed[name]: samples for name, samples in self.tracks.items()}))

    def test_the_order_of_the_arguments(self):
        files = sorted((self.folder / "reference" / "in").iterdir(), reverse=True)
        self.assert_same(self.spectrum(self.new("order"), None, *files))

    def test_a_silent_track(self):
        self.assert_same(self.spectrum(self.new("silent"), {**self.tracks, "Tambourine": numpy.zeros(round(SECONDS * RATE))}))

    def test_mono_recordings_in_stereo_files(self):
        def in_stereo(j, samples):
            hiss = noise(SECONDS, -70.0, 7 + j) * numpy.abs(samples).max()
            return numpy.stack([(samples, samples), (samples, -samples), (samples, hiss), (0 * samples, samples)][j % 4], axis=1)

        mono = {name: samples for name, samples in self.tracks.items() if samples.ndim == 1}
        out = self.new("in-stereo")
        self.assert_same(self.spectrum(out, self.tracks | {name: in_stereo(j, samples) for j, (name, samples) in enumerate(mono.items())}))
        uses = [track["source"].get("use", "both") for track in document(out / "out" / "plan.json")["tracks"]]
        self.assertEqual([uses.count(use) for use in ("both", "left", "right")], [1, 5, 1])

    def test_a_real_change_is_seen(self):
        with self.assertRaises(AssertionError):
            self.assert_same(self.spectrum(self.new("other"), {name: samples for name, samples in self.tracks.items() if name != "Bass DI"}))


if __name__ == "__main__":
    main()
