"""`compare`: plans, results and sound files; and runs that begin from an earlier plan."""
import json

import jsonschema
import numpy

from harness import RATE, Case, document, level, main, names, noise, programme, song, write, write_session


class Compare(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.session = write_session(cls.folder / "session", song(8.0))
        cls.first = cls.folder / "first"
        case = cls()
        case.good("mix", cls.session, "-o", cls.first, "--no-master", "-q")
        cls.schema = case.good("schema", "compare").json()
        jsonschema.Draft202012Validator.check_schema(cls.schema)

    def compared(self, a, b):
        result = self.good("compare", a, b, "--json").json()
        jsonschema.validate(result, self.schema)
        return result

    def edited(self, name, change):
        plan = document(self.first / "plan.json")
        change(plan)
        path = self.first / name
        path.write_text(json.dumps(plan))
        return path

    def test_a_plan_and_itself(self):
        result = self.compared(self.first / "plan.json", self.first / "plan.json")
        self.assertEqual((result["kind"], result["plans"]["song"], result["plans"]["targets"]), ("plans", [], []))
        self.assertIn("The plans are the same.", self.good("compare", self.first, self.first).out)

    def test_what_was_edited_is_what_changed(self):
        def change(plan):
            for track in plan["tracks"]:
                if track["id"] == "piano":
                    track["fader"]["params"]["gainDb"] += 3.0
                    track["fader"]["origin"] = "user"
                if track["id"] == "gtr-clean":
                    track["chain"].append({"id": "gtr-clean.mine", "type": "equalizer", "params": {"bands": [{"type": "bell", "frequencyHz": 2000, "gainDb": 2, "q": 1}]}, "origin": "user", "note": "bite"})
        targets = self.compared(self.first / "plan.json", self.edited("edited.json", change))["plans"]["targets"]
        self.assertEqual([target["target"] for target in targets], ["tracks/piano", "tracks/gtr-clean"])
        self.assertAlmostEqual(targets[0]["steps"][0]["relativeDb"], 3.0)
        self.assertEqual(targets[0]["steps"][0]["origin"], "user")
        self.assertEqual((targets[1]["steps"][0]["change"], targets[1]["steps"][0]["before"], targets[1]["steps"][0]["why"]), ("added", None, "bite"))

    def test_results_are_compared_as_they_were_measured(self):
        def change(plan):
            for track in plan["tracks"]:
                if track["id"] == "bass-di":
                    track["fader"]["params"]["gainDb"] += 6.0
        louder = self.folder / "louder"
        self.good("render", self.edited("bass.json", change), "-o", louder, "--no-master", "-q")
        result = self.compared(self.first, louder)
        self.assertEqual(result["kind"], "runs")
        tracks = {track["id"]: track["afterLu"] - track["beforeLu"] for track in result["tracks"]}
        mix = next(sound for sound in result["sounds"] if sound["what"] == "mix")
        gained = next(measure["change"] for measure in mix["measures"] if measure["measure"] == "integratedLufs")
        self.assertAlmostEqual(tracks["bass-di"], 6.0 - gained, delta=0.05)
        self.assertAlmostEqual(tracks["lead-vox"], -gained, delta=0.05)
        octaves = {round(octave["centreHz"]): octave["change"] for octave in mix["octaves"]}
        self.assertGreater(octaves[63], octaves[1000] + 1)

    def test_sound_files_are_compared_at_equal_loudness(self):
        music = programme(8.0)
        a = write(self.folder / "a.wav", music)
        b = write(self.folder / "b.wav", music * level(-6))
        result = self.compared(a, b)["sounds"][0]
        measures = {measure["measure"]: measure["change"] for measure in result["measures"]}
        self.assertAlmostEqual(measures["integratedLufs"], -6.0, delta=0.01)
        self.assertAlmostEqual(measures["truePeakDbtp"], -6.0, delta=0.01)
        self.assertTrue(all(abs(band["levelDb"]) < 0.05 for band in result["thirdOctaves"] if band["levelDb"] is not None and 40 < band["centreHz"] < 12000))
        self.assertEqual(len(result["words"]), 1)
        self.assertIn("6.0 LU quieter", self.good("compare", a, b).out)

    def test_a_brighter_file_is_brighter_where_it_is(self):
        music = programme(8.0) + numpy.stack([noise(8.0, -40.0, 5), noise(8.0, -40.0, 6)], axis=1)
        spectrum = numpy.fft.rfft(music, axis=0)
        hz = numpy.fft.rfftfreq(len(music), 1 / RATE)
        brighter = numpy.fft.irfft(spectrum * numpy.where(hz > 6000, level(4), 1.0)[:, None], len(music), axis=0)
        result = self.compared(write(self.folder / "dull.wav", music), write(self.folder / "bright.wav", brighter))["sounds"][0]
        bands = {round(band["centreHz"]): band["levelDb"] for band in result["thirdOctaves"]}
        self.assertAlmostEqual(bands[10000] - bands[1000], 4.0, delta=0.2)
        self.assertTrue(any(word.startswith("brighter") for word in result["words"]), result["words"])

    def test_a_file_and_a_folder(self):
        result = self.compared(self.first / "mix.wav", self.first)
        self.assertEqual(result["sounds"][0]["words"], [])

    def test_what_cannot_be_compared(self):
        plan, mix = self.first / "plan.json", self.first / "mix.wav"
        self.refused(2, "compare", plan, mix, says=["a plan", "a sound file"])
        self.refused(2, "compare", plan, says="tonewright compare --help")
        self.refused(3, "compare", plan, self.folder / "nowhere", says=["nowhere", "no such file"])
        self.refused(3, "compare", self.session, self.first, says=["no plan.json"])
        self.refused(3, "compare", mix, write(self.folder / "silent.wav", numpy.zeros((RATE, 2))), says=["silent.wav", "silent"])
        broken = self.folder / "broken.json"
        broken.write_text("{")
        self.refused(3, "compare", plan, broken, says="broken.json")


class Revisions(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.session = write_session(cls.folder / "session", song(8.0))

    def level(self, plan, track):
        found = next(t for t in plan["tracks"] if t["id"] == track)
        return found["fader"]["params"]["gainDb"] + sum(step["params"]["gainDb"] for step in found["chain"] if step["type"] == "gain")

    def mix(self, out, *flags):
        return self.good("mix", self.session, "-o", out, "--no-master", *flags)

    def test_requests_pile_up_and_locks_stay(self):
        out = self.folder / "revised"
        self.mix(out, "-q")
        plain = document(out / "plan.json")
        self.mix(out, "--revise", "--note", "vocals up 2 dB", "-q")
        first = document(out / "plan.json")
        self.assertAlmostEqual(self.level(first, "lead-vox") - self.level(plain, "lead-vox"), 2.0, delta=0.01)
        for track in first["tracks"]:
            if track["id"] == "piano":
                track["fader"]["params"]["gainDb"] = -17.0
                track["fader"]["locked"] = True
        (out / "plan.json").write_text(json.dumps(first))
        done = self.mix(out, "--revise", "--note", "bass down 3 dB", "--json").json()
        second = document(out / "plan.json")
        self.assertAlmostEqual(self.level(second, "lead-vox") - self.level(plain, "lead-vox"), 2.0, delta=0.01)
        self.assertAlmostEqual(self.level(second, "bass-di") - self.level(plain, "bass-di"), -3.0, delta=0.01)
        piano = next(track for track in second["tracks"] if track["id"] == "piano")
        self.assertEqual((piano["fader"]["params"]["gainDb"], piano["fader"]["locked"]), (-17.0, True))
        self.assertEqual(len(second["intent"]["requests"]), 2)
        self.assertEqual(done["revision"]["plan"], "plan.2.json")
        self.assertEqual([target["target"] for target in done["revision"]["changes"]["targets"]], ["tracks/bass-di"])
        self.assertEqual(document(out / "plan.1.json"), plain)
        self.assertEqual(document(out / "plan.2.json"), first)

    def test_the_summary_says_what_changed(self):
        out = self.folder / "told"
        self.mix(out, "-q")
        text = self.mix(out, "--revise", "--note", "vocals up 2 dB").out
        self.assertIn("plan.1.json", text)
        self.assertIn("Lead Vox: level +2.0 dB against the others", text)
        self.assertIn("What changed", (out / "report.html").read_text())

    def test_a_plan_that_force_replaces_is_not_lost(self):
        out = self.folder / "forced"
        self.mix(out, "--note", "vocals up 2 dB", "-q")
        earlier = (out / "plan.json").read_bytes()
        self.mix(out, "--force", "-q")
        self.assertEqual((out / "plan.1.json").read_bytes(), earlier)
        self.assertEqual(document(out / "plan.json")["intent"].get("requests", []), [])
        self.mix(out, "--force", "-q")  # the same again: nothing to keep
        self.assertEqual([name for name in names(out) if name.startswith("plan")], ["plan.1.json", "plan.json"])

    def test_wrong_use(self):
        self.refused(3, "mix", self.session, "-o", self.folder / "none", "--revise", says=["no plan to revise", "--revise"])
        self.assertFalse((self.folder / "none").exists())
        self.refused(2, "mix", self.session, "--revise", "--keep", "x.json", says="--keep")


if __name__ == "__main__":
    main()
