"""`analyze --json`: its schema, what cannot be measured, and the synthesisable cases of EBU Tech 3341 and Tech 3342 (2023)."""
import subprocess

import jsonschema
import numpy

from harness import RATE, Case, main, noise, programme, time_axis, tone, write

LEVEL = 0.1      # Tech 3341: +-0.1 LU
RANGE = 1.0      # Tech 3342: +-1 LU
PEAK_BELOW, PEAK_ABOVE = 0.4, 0.2
SLACK = 1e-6     # a reading on the tolerance is inside it


def steps(*parts):
    """1 kHz in both channels; every part is (seconds, dBFS or None for silence)."""
    mono = numpy.concatenate([tone(1000, s, peak) if peak is not None else numpy.zeros(round(s * RATE)) for s, peak in parts])
    return numpy.stack([mono, mono], axis=1)


def faded(samples, seconds=0.01):
    ramp = numpy.ones(len(samples))
    n = round(seconds * RATE)
    ramp[:n], ramp[-n:] = numpy.linspace(0, 1, n), numpy.linspace(1, 0, n)
    return numpy.stack([samples * ramp] * 2, axis=1)


def one_period_of_a_higher_tone(offset):
    """Tech 3341 #20 to #23: fs/6 at 0.5 that holds one period of fs/4 at 1.0, made at 4 fs, low-passed and decimated."""
    around = 0.5 * numpy.sin(2 * numpy.pi * numpy.arange(24 * 1500) / 24)
    burst = numpy.sin(2 * numpy.pi * numpy.arange(16) / 16)
    n = numpy.arange(-600, 601)
    low_pass = numpy.sinc(n / 4) / 4 * numpy.kaiser(len(n), 9.0)
    signal = numpy.concatenate([around, burst, around])
    signal[:200] *= numpy.linspace(0, 1, 200)
    signal[-200:] *= numpy.linspace(1, 0, 200)
    return faded(numpy.convolve(signal, low_pass, mode="same")[offset::4])


class EbuCases(Case):
    """All files are analysed by one run of the command."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.expected = {}  # file: {measure: (value, below, above)}

        def case(name, samples, **expected):
            write(cls.folder / f"{name}.wav", samples)
            cls.expected[f"{name}.wav"] = {key: value if isinstance(value, tuple) else (value, LEVEL, LEVEL) for key, value in expected.items()}

        case("3341-01", steps((20, -23)), integratedLufs=-23.0, maxMomentaryLufs=-23.0, maxShortTermLufs=-23.0)
        case("3341-02", steps((20, -33)), integratedLufs=-33.0, maxMomentaryLufs=-33.0, maxShortTermLufs=-33.0)
        case("3341-03", steps((10, -36), (60, -23), (10, -36)), integratedLufs=-23.0)
        case("3341-04", steps((10, -72), (10, -36), (60, -23), (10, -36), (10, -72)), integratedLufs=-23.0)
        case("3341-05", steps((20, -26), (20.1, -20), (20, -26)), integratedLufs=-23.0)
        case("3341-09", steps(*[(1.34, -20), (1.66, -30)] * 5), maxShortTermLufs=-23.0)
        for i in range(20):
            case(f"3341-10-{i}", steps((i * 0.15, None), (3, -23), (1, None)), maxShortTermLufs=-23.0)
            case(f"3341-11-{i}", steps((i * 0.15, None), (3, -38 + i), (3 - i * 0.15, None)), maxShortTermLufs=-38.0 + i)
            case(f"3341-13-{i}", steps((i * 0.02, None), (0.4, -23), (1, None)), maxMomentaryLufs=-23.0)
            case(f"3341-14-{i}", steps((i * 0.02, None), (0.4, -38 + i), (0.4 - i * 0.02, None)), maxMomentaryLufs=-38.0 + i)
        case("3341-12", steps(*[(0.18, -20), (0.22, -30)] * 25), maxMomentaryLufs=-23.0)
        for number, divisor, amplitude, degrees, value in ((15, 4, 0.50, 0, -6.0), (16, 4, 0.50, 45, -6.0), (17, 6, 0.50, 60, -6.0),
                                                           (18, 8, 0.50, 67.5, -6.0), (19, 4, 1.41, 45, 3.0)):
            wave = amplitude * numpy.sin(2 * numpy.pi * numpy.arange(RATE) / divisor + numpy.radians(degrees))
            case(f"3341-{number}", faded(wave), truePeakDbtp=(value, PEAK_BELOW, PEAK_ABOVE))
        for offset in range(4):
            case(f"3341-{20 + offset}", one_period_of_a_higher_tone(offset), truePeakDbtp=(0.0, PEAK_BELOW, PEAK_ABOVE))
        for number, levels, value in ((1, (-20, -30), 10), (2, (-20, -15), 5), (3, (-40, -20), 20), (4, (-50, -35, -20, -35, -50), 15)):
            case(f"3342-{number}", steps(*[(20, peak) for peak in levels]), loudnessRangeLu=(float(value), RANGE, RANGE))
        cls.measured = {}
        cls.surround()

    @classmethod
    def surround(cls):
        """Tech 3341 #6: 5.0, where the speaker mask says which channel is which. FFmpeg writes the mask."""
        front, centre, back = (tone(1000, 20, peak) for peak in (-28, -24, -30))
        plain = write(cls.folder / "plain.rf64", numpy.stack([front, front, centre, back, back], axis=1), format="WAV")
        subprocess.run(["ffmpeg", "-v", "error", "-i", str(plain), "-af", "aformat=channel_layouts=5.0(side)", "-c:a", "pcm_s24le",
                        str(cls.folder / "3341-06.wav")], check=True)
        plain.unlink()
        cls.expected["3341-06.wav"] = {"integratedLufs": (-23.0, LEVEL, LEVEL)}

    def test_every_synthesisable_case_is_within_the_tolerance(self):
        document = self.good("analyze", "--json", self.folder).json()
        self.assertEqual(document["errors"], [])
        measured = {entry["path"].rsplit("/", 1)[1]: entry["loudness"] for entry in document["files"]}
        self.assertEqual(set(measured), set(self.expected))
        for name, expected in self.expected.items():
            for measure, (value, below, above) in expected.items():
                with self.subTest(case=name, measure=measure):
                    self.assertGreaterEqual(measured[name][measure], value - below - SLACK)
                    self.assertLessEqual(measured[name][measure], value + above + SLACK)


class TheDocument(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.schema = cls.good(cls(), "schema", "analysis").json()
        jsonschema.Draft202012Validator.check_schema(cls.schema)

    def analysis(self, samples, rate=RATE, **more):
        path = write(self.new("x.wav"), samples, rate, **more)
        document = self.good("analyze", "--json", path).json()
        path.unlink()
        jsonschema.validate(document, self.schema)
        self.assertEqual(len(document["files"]), 1)
        return document["files"][0]

    def test_music_gives_what_the_schema_says(self):
        facts = self.analysis(programme(8.0))
        self.assertEqual((facts["sampleRateHz"], facts["channels"], facts["frames"]), (RATE, 2, 8 * RATE))
        for measure in ("integratedLufs", "loudnessRangeLu", "maxMomentaryLufs", "maxShortTermLufs", "truePeakDbtp", "samplePeakDbfs"):
            self.assertIsInstance(facts["loudness"][measure], float)
        self.assertAlmostEqual(facts["loudness"]["samplePeakDbfs"], -6.0, delta=0.01)

    def test_the_schema_refuses_what_is_not_promised(self):
        document = self.good("analyze", "--json", write(self.new("x.wav"), programme(1.0))).json()
        document["files"][0]["loudness"]["integratedLufs"] = "loud"
        with self.assertRaises(jsonschema.ValidationError):
            jsonschema.validate(document, self.schema)
        del document["files"][0]["loudness"]
        with self.assertRaises(jsonschema.ValidationError):
            jsonschema.validate(document, self.schema)

    def test_what_cannot_be_measured_is_null(self):
        silence = self.analysis(numpy.zeros((2 * RATE, 2)))["loudness"]
        for measure in ("integratedLufs", "maxMomentaryLufs", "maxShortTermLufs", "truePeakDbtp", "samplePeakDbfs"):
            self.assertIsNone(silence[measure], measure)
        short = self.analysis(tone(1000, 0.3, -10))["loudness"]  # shorter than a gating block
        self.assertIsNone(short["integratedLufs"])
        self.assertIsNone(short["maxShortTermLufs"])
        self.assertAlmostEqual(short["samplePeakDbfs"], -10.0, delta=0.01)
        self.assertIsNone(self.analysis(tone(1000, 1.0, -80))["loudness"]["integratedLufs"])  # below the absolute gate

    def test_odd_material_is_analysed(self):
        for samples, rate in ((numpy.array([0.5]), RATE), (numpy.zeros(1), RATE), (noise(0.01, -20, 1), RATE), (numpy.full(RATE, 0.25), RATE),
                              (numpy.sign(tone(100, 1, 0)), RATE), (noise(1.0, -20, 2, 8000), 8000), (noise(0.5, -20, 3, 192000), 192000),
                              (noise(1.0, -20, 4, 11025), 11025), (time_axis(2.0) % 0.1, RATE)):
            with self.subTest(frames=len(samples), rate=rate):
                self.assertEqual(self.analysis(samples, rate)["frames"], len(samples))

    def test_a_file_that_is_not_a_number_in_places_is_measured_without_them(self):
        samples = programme(2.0)
        samples[1000, 0], samples[2000, 1], samples[3000, 0] = numpy.nan, numpy.inf, -numpy.inf
        facts = self.analysis(samples, subtype="FLOAT")
        self.assertIsNotNone(facts["loudness"]["integratedLufs"])
        self.assertTrue(any("NaN" in fault["text"] or "number" in fault["text"] for fault in facts["faults"]), facts["faults"])


if __name__ == "__main__":
    main()
