"""`tonewright limit`: the limiter alone, judged by a meter of its own."""
import numpy
import soundfile

from harness import RATE, Case, integrated_lufs, level, main, names, noise, programme, read, tone, true_peak_dbtp, write


class Limit(Case):
    def limit(self, samples, *flags, subtype="PCM_24", rate=RATE):
        source = write(self.folder / "in.wav", samples, rate, subtype)
        out = self.folder / "limited.wav"
        told = self.good("limit", source, "-o", out, "--force", "--json", *flags).json()
        return read(out)[0], told

    def test_music_gets_louder_and_stays_under_the_ceiling(self):
        music = programme(6.0)
        for drive, ceiling in ((6.0, -1.0), (12.0, -2.0)):
            limited, told = self.limit(music, "--drive", drive, f"--ceiling={ceiling}", "--float")
            self.assertEqual(limited.shape, music.shape)
            self.assertLessEqual(true_peak_dbtp(limited), ceiling + 0.02 + 0.01)
            for name, samples in (("before", music), ("after", limited)):
                self.assertAlmostEqual(told[name]["integratedLufs"], integrated_lufs(samples, RATE), delta=0.02)
                self.assertAlmostEqual(told[name]["truePeakDbtp"], true_peak_dbtp(samples), delta=0.05)
            self.assertGreater(told["after"]["integratedLufs"], told["before"]["integratedLufs"] + 0.5 * drive - 1.0)
            self.assertLess(told["maxReductionDb"], -1.0)
            self.assertTrue(told["maxReductionDb"] < told["meanReductionDb"] < 0.0)
            self.assertTrue(0.0 < told["activeShare"] <= 1.0)

    def test_what_stays_below_the_ceiling_comes_out_in_its_place_bit_for_bit(self):
        quiet = numpy.float32(noise(1.0, -30.0, 5)).reshape(-1, 2)
        limited, told = self.limit(quiet, "--float", subtype="FLOAT")
        self.assertTrue(numpy.array_equal(limited, quiet))
        self.assertEqual(told["maxReductionDb"], 0.0)

    def test_any_number_of_channels_and_any_rate(self):
        for channels, rate in ((1, 44100), (6, 48000), (2, 96000)):
            sound = numpy.stack([tone(300.0 + 100 * c, 1.0, -6.0, rate) for c in range(channels)], axis=1)
            limited, told = self.limit(sound, "--drive", "9", "--float", rate=rate)
            self.assertEqual(limited.shape, sound.shape)
            self.assertEqual((told["channels"], told["sampleRateHz"], told["frames"]), (channels, rate, len(sound)))
            self.assertLessEqual(true_peak_dbtp(limited), -0.97)

    def test_24_bits_with_dither_unless_float_is_asked_for(self):
        source = write(self.folder / "in.wav", programme(2.0))
        for flags, subtype in (((), "PCM_24"), (("--float",), "FLOAT")):
            out = self.new("out.wav") if flags else self.new("int.wav")
            self.good("limit", source, "-o", out, *flags)
            self.assertEqual(soundfile.info(str(out)).subtype, subtype)

    def test_every_parameter_has_an_option(self):
        limited, told = self.limit(programme(2.0), "--drive", "3", "--release-ms", "80", "--link-transient", "0.5")
        self.assertEqual((told["limiter"]["inputGainDb"], told["limiter"]["releaseMs"], told["limiter"]["linkTransient"]), (3.0, 80.0, 0.5))
        text = self.good("limit", "--help").out
        for key in told["limiter"]:
            words = {"inputGainDb": "drive", "ceilingDb": "ceiling"}.get(key) or "".join("-" + c.lower() if c.isupper() else c for c in key)
            self.assertIn("--" + words + " ", text)

    def test_it_says_what_it_did(self):
        source = write(self.folder / "in.wav", programme(2.0))
        done = self.good("limit", source, "--drive", "6", "-o", self.new("a.wav"), "--progress", "none")
        for word in ("LUFS", "dBTP", "reduction"):
            self.assertIn(word, done.out)
        self.assertEqual(done.err, "")
        self.assertEqual(self.good("limit", source, "-q", "-o", self.new("b.wav")).out, "")

    def test_the_bytes_depend_on_nothing_else(self):
        source = write(self.folder / "in.wav", programme(2.0))
        one, two = self.new("one.wav"), self.new("two.wav")
        self.good("limit", source, "--drive", "6", "-o", one)
        self.good("limit", source, "--drive", "6", "-o", two, "--threads", "1")
        self.assertEqual(one.read_bytes(), two.read_bytes())

    def test_wrong_use_is_refused_and_leaves_nothing(self):
        source = write(self.folder / "in.wav", programme(1.0))
        before = names(self.folder)
        self.refused(2, "limit", source, says="--output")
        self.refused(2, "limit", source, "-o", self.folder / "x.flac", says=".wav")
        for wrong in (["--drive", "nan"], ["--drive", "41"], ["--ceiling", "1"], ["--release-ms", "x"]):
            self.refused(2, "limit", source, "-o", self.folder / "x.wav", *wrong, says=wrong[0])
        self.refused(3, "limit", self.folder / "none.wav", "-o", self.folder / "x.wav", says="none.wav")
        self.refused(4, "limit", source, "-o", source, "--force", says="in.wav")
        self.refused(4, "limit", source, "-o", "/proc/x.wav")
        self.assertEqual(names(self.folder), before)
        taken = write(self.folder / "taken.wav", numpy.zeros(100))
        self.refused(4, "limit", source, "-o", taken, says="--force")

    def test_silence_and_an_instant_of_sound(self):
        silent, told = self.limit(numpy.zeros((4800, 2)), "--drive", "6", "--float")
        self.assertEqual(numpy.abs(silent).max(), 0.0)
        self.assertIsNone(told["after"]["truePeakDbtp"])
        click, told = self.limit(numpy.array([[0.9, -0.9]]), "--drive", "6", "--float")
        self.assertEqual(click.shape, (1, 2))
        self.assertLess(numpy.abs(click).max(), level(-1.0) + 1e-6)


if __name__ == "__main__":
    main()
