"""The bench's own meters against truth: analytic levels, standards' numbers, planted delays and errors."""
import sys
import tempfile
import unittest

try:
    import numpy
    import scipy.signal  # noqa: F401
    import soundfile  # noqa: F401
except ImportError as missing:
    print(f"{missing.name} is not installed")
    sys.exit(77)  # ctest: skipped

import limiters
import meters
import peaq


def sine(hertz, level_db, seconds=3.0, rate=48000, channels=2, phase=0.0):
    wave = 10 ** (level_db / 20) * numpy.sin(2 * numpy.pi * hertz * numpy.arange(int(seconds * rate)) / rate + phase)
    return numpy.repeat(wave[:, None], channels, axis=1)


def music(seconds=6.0, rate=48000, seed=1):
    """Noise of falling spectrum in beats, with tones: enough for an ear model to work on."""
    random = numpy.random.default_rng(seed)
    n = numpy.arange(int(seconds * rate))
    noise = scipy.signal.lfilter([1], [1, -0.95], random.standard_normal((n.size, 2)), axis=0)
    beat = numpy.exp(-(n % (rate // 2)) / (0.08 * rate))[:, None]
    return 0.03 * noise * beat + 0.1 * sine(220, 0, seconds, rate) + 0.05 * sine(1320, 0, seconds, rate)


class Loudness(unittest.TestCase):
    def test_a_1_khz_sine_in_both_channels_reads_its_level(self):  # EBU Tech 3341, case 1
        for rate in (44100, 48000, 96000):
            self.assertAlmostEqual(meters.integrated_lufs(sine(1000, -23, rate=rate), rate), -23, delta=0.02)

    def test_one_channel_reads_3_01_lu_less_than_two(self):
        self.assertAlmostEqual(meters.integrated_lufs(sine(1000, -23, channels=1), 48000), -26.01, delta=0.02)

    def test_quiet_passages_are_gated(self):  # in the manner of Tech 3341, case 3
        programme = numpy.concatenate([sine(1000, -36, 3), sine(1000, -23, 12), sine(1000, -36, 3)])
        self.assertAlmostEqual(meters.integrated_lufs(programme, 48000), -23, delta=0.1)

    def test_the_shelf_is_the_one_of_the_standard(self):
        # BS.1770-5, annex 1, tables 1 and 2
        expected = [[1.53512485958697, -2.69169618940638, 1.19839281085285, 1, -1.69065929318241, 0.73248077421585],
                    [1, -2, 1, 1, -1.99004745483398, 0.99007225036621]]
        numpy.testing.assert_allclose(meters.k_weighting(48000), expected, atol=1e-7)

    def test_silence_has_none(self):
        self.assertIsNone(meters.integrated_lufs(numpy.zeros((48000, 2)), 48000))


class TruePeak(unittest.TestCase):
    def test_peaks_between_samples_are_found(self):
        for hertz in (997, 12000, 19997):
            faded = sine(hertz, -1, 1, phase=numpy.pi / 4) * numpy.hanning(48000)[:, None] ** 0.05
            self.assertAlmostEqual(meters.true_peak_dbtp(faded, 48000), -1, delta=0.02)

    def test_a_single_sample_keeps_its_height(self):
        audio = numpy.zeros((2000, 1))
        audio[777] = 0.5
        self.assertAlmostEqual(meters.true_peak_dbtp(audio, 48000), -6.02, delta=0.01)

    def test_the_search_equals_interpolating_everything(self):
        audio = numpy.clip(numpy.random.default_rng(2).standard_normal((3000, 1)), -1, 1) * 0.5
        whole = scipy.signal.resample(numpy.concatenate([numpy.zeros((3000, 1)), audio, numpy.zeros((3000, 1))]), 9000 * 32)
        # The ideal interpolator and a short one differ next to half the rate, where clipped noise has much.
        self.assertAlmostEqual(meters.true_peak_dbtp(audio, 48000), 20 * numpy.log10(numpy.abs(whole).max()), delta=0.5)


class Spectrum(unittest.TestCase):
    def test_a_tone_stands_in_its_band_with_its_power(self):
        bands = meters.third_octaves(sine(1000, -20), 48000)["mid"]
        self.assertAlmostEqual(bands[numpy.argmin(numpy.abs(meters.CENTRES - 1000))], -23.01, delta=0.05)
        self.assertLess(numpy.sort(bands)[-2], -60)

    def test_a_known_shelf_is_read_back(self):
        noise = numpy.random.default_rng(3).standard_normal((48000 * 4, 2)) * 0.1
        spectrum = numpy.fft.rfft(noise, axis=0)
        spectrum[numpy.fft.rfftfreq(len(noise), 1 / 48000) > 1122] *= 2  # 6.02 dB from the edge between 1000 and 1259 Hz up
        changed = meters.third_octaves(numpy.fft.irfft(spectrum, axis=0), 48000)["mid"] - meters.third_octaves(noise, 48000)["mid"]
        numpy.testing.assert_allclose(changed, numpy.where(meters.CENTRES > 1122, 6.02, 0), atol=0.2)

    def test_shape_leaves_level_out(self):
        a = meters.third_octaves(music(), 48000)
        louder = {name: values + 7 for name, values in a.items()}
        self.assertAlmostEqual(meters.shape_error(louder, a, "mid")["rms"], 0, delta=1e-9)


class TimeAndLevel(unittest.TestCase):
    def test_delays_are_found_both_ways(self):
        audio = music(2)
        for frames in (0, 1, 441, -300):
            late = numpy.roll(audio, frames, axis=0) * 0.3
            self.assertEqual(meters.delay_frames(audio, late, 48000), frames)

    def test_null_depth_is_the_planted_error(self):
        audio = music(2)
        error = numpy.random.default_rng(4).standard_normal(audio.shape)
        error *= numpy.sqrt(numpy.mean(audio ** 2) / numpy.mean(error ** 2)) * 0.01
        self.assertAlmostEqual(meters.null_db(audio, 0.5 * (audio + error)), -40, delta=0.1)

    def test_resampling_keeps_tones(self):
        result = meters.resampled(sine(15000, -6, 1, 44100), 44100, 48000)
        numpy.testing.assert_allclose(result[2000:40000], sine(15000, -6, 1)[2000:40000], atol=1e-3)


class Grade(unittest.TestCase):
    def test_bands_are_those_of_the_table(self):  # BS.1387-1, annex 2, table 6
        ear = peaq.Ear()
        numpy.testing.assert_allclose(ear.centre[[0, 1, 107, 108]], [91.708, 115.216, 17077.504, 17690.045], rtol=1e-3)

    def test_a_full_scale_tone_is_played_at_92_db(self):
        wave = sine(1019.5, 0, 0.5, channels=1)[:, 0]
        power = peaq.Features._ear(peaq.Ear(), wave)["power"]
        self.assertAlmostEqual(10 * numpy.log10(power[4].max()), 92, delta=0.05)

    def test_what_is_the_same_has_no_difference(self):
        audio = music()
        result = peaq.compare(audio, audio, 48000)
        self.assertGreater(result["odg"], 0.15)
        self.assertEqual(result["movs"]["RelDistFramesB"], 0)

    def test_more_noise_is_graded_worse_and_nothing_hidden_by_delay_or_level(self):
        audio = music()
        noise = numpy.random.default_rng(5).standard_normal(audio.shape)
        grades = [peaq.compare(audio, audio + 10 ** (level / 20) * noise, 48000)["odg"] for level in (-90, -60, -50, -40)]
        self.assertEqual(grades, sorted(grades, reverse=True))
        self.assertGreater(grades[0] - grades[-1], 1.5)
        moved = peaq.compare(audio, numpy.roll(audio + 10 ** (-50 / 20) * noise, 333, axis=0) * 0.4, 48000)
        self.assertEqual(moved["delayFrames"], 333)
        self.assertAlmostEqual(moved["odg"], grades[2], delta=0.1)

    def test_the_worst_window_holds_the_fault(self):
        audio = music(15)
        spoiled = audio.copy()
        spoiled[48000 * 11:48000 * 13] += 0.02 * numpy.random.default_rng(6).standard_normal((96000, 2))
        worst = peaq.compare(audio, spoiled, 48000)["worst"]
        self.assertTrue(8 <= worst["startSeconds"] <= 12, worst["startSeconds"])

    def test_saw_against_triangle_is_graded_as_gstpeaq_grades_it(self):
        # gstpeaq's own regression test: audiotestsrc, 440 Hz, 0.8, 128 buffers of 1024 frames; -2.007
        turn = numpy.arange(128 * 1024)[:, None] * 440 / 48000
        saw = 0.8 * (2 * ((turn + 0.5) % 1) - 1)
        triangle = 0.8 * 2 / numpy.pi * numpy.arcsin(numpy.sin(2 * numpy.pi * turn))
        self.assertAlmostEqual(peaq.compare(saw, triangle, 48000, as_is=True)["odg"], -2.007, delta=0.1)


class SameLoudness(unittest.TestCase):
    class Clipper:
        """Clips at twice the ceiling: overshoots by 6 dB, 17 frames late."""

        name = "clipper"

        def process(self, source, target, rate, ceiling_db):
            audio, _ = meters.read(source)
            limit = 2 * 10 ** (ceiling_db / 20)
            meters.write(target, numpy.roll(numpy.clip(audio, -limit, limit), 17, axis=0), rate)

    def test_every_limiter_ends_at_the_loudness_and_the_ceiling(self):
        audio = music(4)
        audio /= numpy.abs(audio).max()
        with tempfile.TemporaryDirectory() as scratch:
            run = limiters.Run(self.Clipper(), audio, 48000, -1.0, scratch)
            target = meters.integrated_lufs(audio, 48000) + 2
            found = limiters.at_loudness(run, target)
        self.assertAlmostEqual(meters.integrated_lufs(found["audio"], 48000), target, delta=0.06)
        self.assertAlmostEqual(meters.true_peak_dbtp(found["audio"], 48000), -1, delta=0.01)
        self.assertLess(found["scaledDb"], -5)
        self.assertEqual(meters.delay_frames(audio, found["audio"], 48000), 0)


if __name__ == "__main__":
    unittest.main()
