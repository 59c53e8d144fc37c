"""Corrective tone and moods, from outside: planted faults are found, the measured quantity gets better with the decision and moves back when it is bypassed;
a clean programme gets none of it; and a mood moves its stated measure as far as `tonewright moods` says."""
import json

import numpy

import harness

SECONDS = 20
FRAMES = SECONDS * harness.RATE
CORRECTIVE = ["master.rumble", "master.resonance", "master.mud", "master.harshness", "master.sibilance"]


def released_db(hz):
    """The average of released music, power density (Elowsson and Friberg 2017, eq. 6; below 100 Hz it falls)."""
    fitted = numpy.maximum(hz, 100.0)
    x = 1.0 + 60.0 * numpy.log2(fitted / 30.0)
    return -0.000183 * x * x + 0.0213 * x - 16.735 - 6.0 * numpy.log2(fitted / numpy.maximum(hz, 5.0)) ** 2


def bell_db(hz, centre, gain_db, q):
    """An analogue bell, in dB."""
    amplitude = 10.0 ** (gain_db / 40.0)
    w = hz / centre
    up = (1.0 - w * w) ** 2 + (w * amplitude / q) ** 2
    down = (1.0 - w * w) ** 2 + (w / amplitude / q) ** 2
    return 10.0 * numpy.log10(up / down)


def shaped(noise, curve_db):
    """Noise with this power density, rms 1."""
    spectrum = numpy.fft.rfft(noise)
    hz = numpy.maximum(numpy.fft.rfftfreq(len(noise), 1.0 / harness.RATE), 1e-3)
    out = numpy.fft.irfft(spectrum * 10.0 ** (curve_db(hz) / 20.0), len(noise))
    return out / numpy.sqrt(numpy.mean(out * out))


def programme(seed=1, extra_db=lambda hz: 0.0, width=0.3, tilt=0.0, pulse=0.5):
    """A stereo programme with the spectrum of released music, two hits a second, and notes that change."""
    random = numpy.random.default_rng(seed)
    tone = lambda hz: released_db(hz) + extra_db(hz) + tilt * numpy.log2(hz / 1000.0) - numpy.where(hz < 28.0, 60.0, 0.0)
    time = numpy.arange(FRAMES) / harness.RATE
    hits = 0.3 + numpy.exp(-(time % pulse) / 0.08)
    mid = shaped(random.standard_normal(FRAMES), tone) * hits
    side = shaped(random.standard_normal(FRAMES), lambda hz: tone(hz) - numpy.where(hz < 150.0, 20.0, 0.0)) * hits * width
    notes = numpy.zeros(FRAMES)
    for start in range(0, SECONDS * 2):
        part = slice(start * harness.RATE // 2, (start + 1) * harness.RATE // 2)
        pitch = 220.0 * 2.0 ** (random.integers(0, 24) / 12.0)
        for harmonic in range(1, 6):
            notes[part] += 0.3 / harmonic**1.5 * numpy.sin(2.0 * numpy.pi * pitch * harmonic * time[part])
    return numpy.stack([mid + notes + side, mid + notes - side], axis=1)


def at_level(samples):
    return samples * (0.1 / numpy.sqrt(numpy.mean(samples**2)))


def with_resonance():
    return programme(extra_db=lambda hz: bell_db(hz, 3200.0, 12.0, 7.0))


def with_sibilance():
    out, random = programme(extra_db=lambda hz: bell_db(hz, 7000.0, -6.0, 0.8)), numpy.random.default_rng(7)
    hiss = shaped(random.standard_normal(FRAMES), lambda hz: numpy.where((hz > 5200.0) & (hz < 9500.0), 0.0, -60.0))
    time = numpy.arange(FRAMES) / harness.RATE
    inside = ((time + 0.3) % 0.9 < 0.11).astype(float)
    return out + (1.1 * hiss * numpy.convolve(inside, numpy.ones(480) / 480.0, mode="same"))[:, None]


def with_mud():
    return programme(extra_db=lambda hz: bell_db(hz, 315.0, 9.0, 1.0))


def with_rumble():
    random = numpy.random.default_rng(9)
    return programme() + (0.4 * shaped(random.standard_normal(FRAMES), lambda hz: numpy.where((hz > 6.0) & (hz < 18.0), 0.0, -80.0)))[:, None]


def near_peak(facts):
    """The excess of the bands around 3.2 kHz."""
    spectrum = facts["spectrum"]
    return max(db for hz, db in zip(spectrum["fineHz"], spectrum["fineExcessDb"]) if 2900.0 < hz < 3500.0)


def over_middle(facts):
    """How far the low mids stand over the middle."""
    regions = facts["spectrum"]["regions"]
    return regions["lowMids"]["levelDb"] - regions["mids"]["levelDb"]


def region(name, fact):
    return lambda facts: facts["spectrum"]["regions"][name][fact]


def fact_at(facts, path):
    for key in path.split("."):
        facts = facts[key]
    return facts


class MasterTone(harness.Case):
    def facts(self, path):
        return self.good("analyze", "--json", path).json()["files"][0]

    def master(self, source, name, *options):
        folder = self.new(name)
        self.good("master", source, "-o", folder, "-q", *options)
        return folder, json.loads((folder / "plan.json").read_text())

    def corrections(self, plan):
        return [step["id"] for step in plan["master"] if step["id"] in CORRECTIVE]

    def test_planted_faults_are_found_corrected_and_come_back_when_bypassed(self):
        cases = [
            ("master.resonance", with_resonance(), near_peak, 1.5, {"master.resonance"}),
            ("master.sibilance", with_sibilance(), region("sibilance", "loudDb"), 0.5, {"master.sibilance"}),
            ("master.mud", with_mud(), over_middle, 0.7, {"master.mud"}),
            ("master.rumble", with_rumble(), region("subsonic", "levelDb"), 10.0, {"master.rumble"}),
        ]
        for rule, samples, measured, least_db, allowed in cases:
            with self.subTest(rule):
                source = harness.write(self.new(rule + ".wav"), at_level(samples))
                folder, plan = self.master(source, rule)
                self.assertEqual(set(self.corrections(plan)), allowed)
                step = next(step for step in plan["master"] if step["id"] == rule)
                # The evidence is what analyze says of the source, under the same name.
                source_facts = self.facts(source)
                for evidence in step["because"][0]["evidence"]:
                    path = evidence["measure"].split(".")
                    if path[0] == "narrowPeaks":
                        values = [peak[path[1]] for peak in source_facts["spectrum"]["narrowPeaks"]]
                    else:
                        values = [fact_at(source_facts["spectrum"], evidence["measure"])]
                    self.assertTrue(any(abs(value - evidence["value"]) < 0.0051 for value in values), evidence)
                with_it = measured(self.facts(folder / "master.wav"))
                step["enabled"] = False
                edited = folder / "bypassed.json"
                edited.write_text(json.dumps(plan))
                without = self.new(rule + "-bypassed")
                self.good("render", edited, "-o", without, "-q")
                bypassed = measured(self.facts(without / "master.wav"))
                self.assertGreater(bypassed - with_it, least_db)
                self.assertLess(with_it, measured(source_facts))

    def test_a_clean_programme_gets_no_correction(self):
        for seed, tilt in [(1, 0.0), (2, 0.5), (3, -0.5)]:
            source = harness.write(self.new(f"clean{seed}.wav"), at_level(programme(seed=seed, tilt=tilt)))
            plan = self.master(source, f"clean{seed}")[1]
            self.assertEqual(self.corrections(plan), [], seed)

    def test_the_harmonics_of_a_mood_are_heard_in_the_file_and_gone_when_bypassed(self):
        # A steady tone in music that has a gap where its second harmonic comes.
        tone = 0.6 * numpy.sin(2.0 * numpy.pi * 1000.0 * numpy.arange(FRAMES) / harness.RATE)
        music = programme(extra_db=lambda hz: numpy.where((hz > 1900.0) & (hz < 2100.0), -60.0, 0.0))
        source = harness.write(self.new("toned.wav"), at_level(music + tone[:, None]))

        def line_db(path, hz):
            samples = harness.read(path)[0].mean(axis=1)[4 * harness.RATE : 16 * harness.RATE]
            window = numpy.blackman(len(samples))
            return 20.0 * numpy.log10(2.0 * numpy.abs(numpy.fft.rfft(samples * window)[hz * 12]) / window.sum())

        def second_db(path):
            return line_db(path, 2000) - line_db(path, 1000)

        folder, plan = self.master(source, "toned", "--mood", "warm")
        step = next(step for step in plan["master"] if step["id"] == "master.harmonics")
        self.assertTrue(step.get("enabled", True), step["because"])
        with_it = second_db(folder / "master.wav")
        stated = next(one["value"] for one in step["because"][0]["evidence"] if one["measure"] == "harmonic2Db")
        # It grows with the tone, decibel for decibel, and was stated for one of -12 dBFS.
        tone_db = line_db(source, 1000) + next(step["params"]["gainDb"] for step in plan["master"] if step["id"] == "master.gain")
        self.assertAlmostEqual(with_it, stated + tone_db + 12.0, delta=1.5)
        step["enabled"] = False
        (folder / "bypassed.json").write_text(json.dumps(plan))
        without = self.new("toned-bypassed")
        self.good("render", folder / "bypassed.json", "-o", without, "-q")
        self.assertLess(second_db(without / "master.wav"), with_it - 10.0)

    def test_every_mood_moves_its_measure_as_far_as_it_says(self):
        moods = self.good("moods", "--json").json()
        self.assertEqual(len(moods), 9)
        songs = {
            "even": programme(seed=4),
            "bright": programme(seed=5, tilt=0.8, width=0.45, pulse=0.4),
            "dull": programme(seed=6, tilt=-0.6, width=0.2, pulse=0.75),
        }
        for name, samples in songs.items():
            source = harness.write(self.new(name + ".wav"), at_level(samples))
            settled = ["--loudness", "-16", "--style", "neutral"]
            plain = self.facts(self.master(source, name, *settled)[0] / "master.wav")
            for mood in moods:
                with self.subTest(song=name, mood=mood["name"]):
                    folder, plan = self.master(source, f"{name}-{mood['name']}", *settled, "--mood", mood["name"])
                    self.assertEqual(plan["intent"]["moods"], [{"name": mood["name"], "amount": 1}])
                    moved = fact_at(self.facts(folder / "master.wav"), mood["measure"]["fact"]) - fact_at(plain, mood["measure"]["fact"])
                    least, most = mood["measure"]["change"]
                    self.assertGreaterEqual(moved, least)
                    self.assertLessEqual(moved, most)

    def test_an_unknown_mood_is_a_usage_error_with_the_nearest_name(self):
        source = harness.write(self.new("song.wav"), at_level(programme()))
        self.refused(2, "master", source, "--mood", "wram", says=["no mood", "warm"])
        self.refused(2, "plan", source, "--mood", "warm=7", says="0 to 1")


if __name__ == "__main__":
    harness.main()
