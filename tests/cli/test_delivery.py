"""What is delivered, measured by a meter that knows nothing of the program: loudness within 0.1 LU, true peak under the ceiling."""
import numpy
import soundfile

from harness import RATE, Case, document, integrated_lufs, level, main, programme, read, tone, true_peak_dbtp, write

LOUDNESS_LU, PEAK_DB = 0.1, 0.02
METER_DB = 0.02  # what two exact meters may differ by


class TheMeterOfThisTest(Case):
    def test_it_reads_what_the_standard_says(self):
        stereo = numpy.stack([tone(997, 5.0, -23.0)] * 2, axis=1)
        self.assertAlmostEqual(integrated_lufs(stereo, RATE), -23.0, delta=0.02)
        between = numpy.stack([0.5 * numpy.sin(numpy.pi / 2 * numpy.arange(RATE) + numpy.pi / 4)] * 2, axis=1)
        between *= numpy.hanning(RATE)[:, None]
        self.assertAlmostEqual(true_peak_dbtp(between), -6.02, delta=0.02)


class Delivery(Case):
    def check(self, samples, *flags, lufs, ceiling):
        source = write(self.folder / "in.wav", samples)
        out = self.folder / "out"
        report = self.good("master", source, "-o", out, "--json", "--force", *flags).json()
        master, rate = read(out / "master.wav")
        loudness, peak = integrated_lufs(master, rate), true_peak_dbtp(master)
        stated = report["output"]["master"]["loudness"]
        self.assertAlmostEqual(stated["integratedLufs"], loudness, delta=METER_DB)
        self.assertAlmostEqual(stated["truePeakDbtp"], peak, delta=0.05)
        self.assertLessEqual(peak, ceiling + PEAK_DB + METER_DB)
        if abs(loudness - lufs) > LOUDNESS_LU:
            self.assertFalse(report["target"]["reached"])
            self.assertGreater(len(report["target"]["text"]), 40, "it must be said what prevented it")
            return False
        self.assertTrue(report["target"]["reached"], report["target"])
        return True

    def test_targets_and_ceilings_of_music(self):
        music = programme(10.0)
        for lufs in (-9.0, -14.0, -23.0):
            for ceiling in (-1.0, -2.0):
                with self.subTest(lufs=lufs, ceiling=ceiling):
                    reached = self.check(music, f"--loudness={lufs}", f"--ceiling={ceiling}", lufs=lufs, ceiling=ceiling)
                    if lufs <= -14.0:
                        self.assertTrue(reached)

    def test_clipped_and_dense_music(self):
        dense = numpy.clip(programme(10.0) * level(14), -1.0, 1.0) * level(-0.1)
        for lufs in (-9.0, -14.0):
            with self.subTest(lufs=lufs):
                self.check(dense, f"--loudness={lufs}", lufs=lufs, ceiling=-1.0)

    def test_quiet_music_is_brought_up(self):
        self.assertTrue(self.check(programme(10.0) * level(-40), "--loudness=-16", lufs=-16.0, ceiling=-1.0))

    def test_one_enormous_peak_does_not_hide_behind_the_target(self):
        music = programme(10.0) * level(-30)
        music[200000:200020] = 0.95
        self.check(music, "--loudness=-12", lufs=-12.0, ceiling=-1.0)

    def test_every_sample_format_and_the_source_rate(self):
        music = programme(3.0)
        for samples, subtype in (("pcm16", "PCM_16"), ("pcm24", "PCM_24"), ("float32", "FLOAT")):
            out = self.new(samples)
            self.good("master", write(self.folder / "in.wav", music), "-o", out, "--samples", samples, "--loudness=-14")
            info = soundfile.info(str(out / "master.wav"))
            self.assertEqual((info.subtype, info.samplerate, info.frames), (subtype, RATE, len(music)))
            self.assertLessEqual(true_peak_dbtp(read(out / "master.wav")[0]), -1.0 + PEAK_DB + METER_DB)

    def test_a_mono_file_becomes_a_stereo_master_with_equal_channels(self):
        out = self.new("out")
        self.good("master", write(self.folder / "in.wav", programme(4.0)[:, 0]), "-o", out, "--samples", "float32")
        master, rate = read(out / "master.wav")
        self.assertEqual(master.shape[1], 2)
        self.assertLess(numpy.abs(master[:, 0] - master[:, 1]).max(), 1e-6)
        stated = document(out / "report.json")["output"]["master"]["loudness"]["integratedLufs"]
        self.assertAlmostEqual(integrated_lufs(master, rate), stated, delta=METER_DB)


if __name__ == "__main__":
    main()
