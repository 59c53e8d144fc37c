"""Versions of the mix that leave something out: they sum to it, and what is not there is said."""
import json

import numpy

from harness import Case, document, level, main, names, read, song, write_session


def worst_db(difference):
    return 20 * numpy.log10(numpy.abs(difference).max() + 1e-12)


class Alternates(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        tracks = song(8.0)
        tracks["Backing Vox"] = numpy.roll(tracks["Lead Vox"], 4800) * level(-6)
        cls.session = write_session(cls.folder / "session", tracks)
        cls.out = cls.folder / "out"
        cls.report = cls.good(cls(), "mix", cls.session, "-o", cls.out, "--no-master", "--alternates", "all", "--stems", "--json").json()
        cls.mix, _ = read(cls.out / "mix.wav")

    def version(self, name, out=None):
        return read((out or self.out) / "alternates" / f"{name}.wav")[0]

    def test_they_are_the_files_that_the_report_names(self):
        self.assertEqual(names(self.out / "alternates"), ["acappella.wav", "drumless.wav", "instrumental.wav", "tv.wav"])
        self.assertEqual([version["file"] for version in self.report["alternates"]], ["alternates/instrumental.wav", "alternates/acappella.wav", "alternates/tv.wav", "alternates/drumless.wav"])
        self.assertEqual(self.report["alternates"][0]["leftOut"], ["backing-vox", "lead-vox"])
        self.assertEqual(self.report["alternates"][2]["leftOut"], ["lead-vox"])
        self.assertIn("alternates/tv.wav", (self.out / "report.html").read_text())

    def test_instrumental_and_a_cappella_sum_to_the_mix(self):
        self.assertLess(worst_db(self.version("instrumental") + self.version("acappella") - self.mix), -90)
        self.assertGreater(worst_db(self.version("instrumental") - self.mix), -30, "a voice that is left out must be missed")

    def test_they_sum_to_the_mix_with_everything_on_the_mix_bus(self):
        plan = document(self.out / "plan.json")
        plan["mixBus"] += [{"id": "mix.glue", "type": "compressor", "params": {"thresholdDb": -30, "ratio": 4}},
                           {"id": "mix.colour", "type": "saturator", "params": {"driveDb": 9}}]
        edited = self.out / "edited.json"
        edited.write_text(json.dumps(plan))
        self.good("render", edited, "-o", self.folder / "again", "--no-master", "--alternates", "instrumental,acappella")
        again = self.folder / "again"
        self.assertEqual(names(again / "alternates"), ["acappella.wav", "instrumental.wav"])
        mix, _ = read(again / "mix.wav")
        self.assertGreater(worst_db(mix - self.mix), -40, "the mix bus must have done something")
        self.assertLess(worst_db(self.version("instrumental", again) + self.version("acappella", again) - mix), -90)

    def test_the_mix_is_the_same_file_without_them(self):
        self.good("mix", self.session, "-o", self.folder / "plain", "--no-master")
        self.assertEqual((self.folder / "plain" / "mix.wav").read_bytes(), (self.out / "mix.wav").read_bytes())
        self.assertFalse((self.folder / "plain" / "alternates").exists())

    def test_a_session_without_voices_says_so(self):
        band = write_session(self.folder / "band", {name: samples for name, samples in song(4.0).items() if "Vox" not in name})
        done = self.good("mix", band, "-o", self.folder / "bandmix", "--no-master", "--alternates", "all", "--json").json()
        self.assertEqual(names(self.folder / "bandmix" / "alternates"), ["drumless.wav"])
        said = [warning["text"] for warning in done["warnings"] if warning["code"] == "alternates.none"]
        self.assertEqual(len(said), 3)
        self.assertIn("no track is a voice", said[0])
        self.assertEqual([version["file"] is None for version in done["alternates"]], [True, True, True, False])

    def test_results_are_not_taken_for_tracks(self):
        self.good("mix", self.session, "-o", self.session / "result", "--no-master", "--alternates", "all")
        again = self.good("mix", self.session, "-o", self.folder / "fresh", "--no-master", "--json").json()
        self.assertEqual(len(again["tracks"]), len(self.report["tracks"]))

    def test_wrong_names_suggest_the_right_ones(self):
        self.refused(2, "mix", self.session, "--alternates", "instrumentals", says=["did you mean instrumental?", "drumless"])


if __name__ == "__main__":
    main()
