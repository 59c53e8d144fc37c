"""The demo session through the command: what truth.json says was planted is found and undone."""
import numpy

from harness import RESULTS, Case, document, main, names, read


class Demo(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.session, cls.mix = cls.folder / "demo", cls.folder / "mix"
        cls.good(cls(), "demo", cls.session)
        cls.report = cls.good(cls(), "mix", cls.session, "-o", cls.mix, "--json").json()
        cls.plan = document(cls.mix / "plan.json")
        cls.truth = {track["file"]: track for track in document(cls.session / "truth.json")["tracks"]}
        cls.piece = document(cls.session / "truth.json")["piece"]
        cls.found = {track["file"].rsplit("/", 1)[-1]: track for track in cls.report["tracks"]}
        cls.planned = {track["source"]["file"].rsplit("/", 1)[-1]: track for track in cls.plan["tracks"]}

    def steps(self, file, kind):
        return [step for step in self.planned[file]["chain"] if step["type"] == kind and step["enabled"]]

    def test_it_is_a_session_with_its_truth(self):
        self.assertEqual(sorted(self.truth) + ["README.txt", "truth.json"], names(self.session))
        self.assertGreaterEqual(len(self.truth), 12)
        self.assertEqual(names(self.mix), RESULTS)
        self.assertEqual(set(self.found), set(self.truth))
        seconds = max((track["startFrame"] + track["frames"]) / track["sampleRateHz"] for track in self.truth.values())
        self.assertGreaterEqual(seconds, 60.0)

    def test_roles_are_recognised(self):
        for file, truth in self.truth.items():
            if not truth["silent"]:
                role = self.found[file]["role"]  # a broader role than the true one is right too: "guitar/electric" of a driven one
                self.assertTrue(role == truth["role"] or truth["role"].startswith(role + "-"), f"{file}: {role}")

    def test_inverted_microphones_are_turned_round_and_no_others(self):
        drums = [file for file, truth in self.truth.items() if truth["role"].startswith("drums/") and not truth["silent"]]
        self.assertGreaterEqual(sum(self.truth[file]["polarityInverted"] for file in drums), 2)
        for file in self.truth:
            self.assertEqual(self.found[file]["polarityInverted"], self.truth[file]["polarityInverted"], file)

    def test_the_late_overhead_is_brought_back_within_a_tenth_of_a_frame(self):
        """Delays in the report are what is done; only their difference counts, and the overheads' natural one is zero."""
        late = next(file for file, truth in self.truth.items() if truth["delayFrames"] != 0.0)
        twin = next(file for file, truth in self.truth.items() if truth["role"] == self.truth[late]["role"] and file != late)
        done = self.found[late]["delayFrames"] - self.found[twin]["delayFrames"]
        self.assertAlmostEqual(done, -self.truth[late]["delayFrames"], delta=0.1)

    def test_hum_is_filtered_where_it_is(self):
        for file, truth in self.truth.items():
            filters = self.steps(file, "humFilter")
            self.assertEqual(bool(filters), truth["humHz"] is not None, file)
            for step in filters:
                hz = next(value for key, value in step["params"].items() if key.lower().endswith("hz"))
                self.assertAlmostEqual(hz, truth["humHz"], delta=0.2)

    def test_an_offset_is_taken_out_where_it_is(self):
        for file, truth in self.truth.items():
            if truth["dcOffset"]:
                self.assertTrue(self.steps(file, "dcFilter"), file)

    def test_one_performance_plays_once(self):
        for file, truth in self.truth.items():
            if truth["sameAs"]:
                pair = [self.planned[file], self.planned[truth["sameAs"]]]
                muted = ["mute" in track and track["mute"]["enabled"] for track in pair]
                self.assertEqual(sorted(muted), [False, True], file)
                reason = pair[muted.index(True)]["mute"]["because"][0]["text"]
                self.assertGreater(len(reason), 20)

    def test_silence_is_left_out_and_said(self):
        silent = [file for file, truth in self.truth.items() if truth["silent"]]
        self.assertTrue(silent)
        for file in silent:
            self.assertTrue(self.planned[file]["mute"]["enabled"], file)
            self.assertTrue(self.planned[file]["mute"]["because"][0]["text"])

    def test_what_starts_late_starts_late(self):
        for file, truth in self.truth.items():
            expected = truth["startFrame"] * self.plan["sampleRateHz"] / truth["sampleRateHz"]
            self.assertAlmostEqual(self.planned[file]["startFrame"], expected, delta=0.5, msg=file)

    def test_clipping_is_told(self):
        clipped = [file for file, truth in self.truth.items() if truth["clippedFrames"]]
        self.assertTrue(clipped)
        for file in clipped:
            self.assertTrue(any("clip" in fault["kind"].lower() or "clip" in fault["text"].lower() for fault in self.found[file]["source"]["faults"]), file)

    def test_the_song_is_heard_with_its_tempo_bars_and_parts(self):
        heard, piece = document(self.mix / "plan.json")["song"], self.piece
        self.assertAlmostEqual(heard["tempoBpm"], piece["bpm"], delta=0.5)
        self.assertEqual(heard["beatsPerBar"], piece["beatsPerBar"])
        self.assertAlmostEqual((heard["firstDownbeatSeconds"] - piece["firstBeatSeconds"]) % (240.0 / piece["bpm"]), 0.0, delta=0.05)
        for name in ("chorus", "verse"):
            ours = [part for part in heard["parts"] if part["name"] == name]
            theirs = [section for section in piece["sections"] if section["name"] == name]
            self.assertEqual(len(ours), len(theirs), name)
            for one, other in zip(ours, theirs):
                self.assertAlmostEqual(one["startSeconds"], other["startSeconds"], delta=2.3)   # a fill of a bar may belong to either
                self.assertAlmostEqual(one["endSeconds"], other["endSeconds"], delta=0.2)
        self.assertEqual([heard["parts"][0]["name"], heard["parts"][-1]["name"]], ["intro", "outro"])
        self.assertIn("The song", (self.mix / "report.html").read_text(encoding="utf-8"))

    def test_notes_know_the_parts_of_the_song(self):
        out = self.new("asked")
        self.good("plan", self.session, "-o", out, "--note", "vocals up 2 dB in the second chorus", "--note", "more energy in the chorus", "--note", "piano down in the solo")
        plan = document(out / "plan.json")
        asked = plan["intent"]["requests"]
        self.assertEqual([request["outcome"] for request in asked], ["done", "done", "notPossible"], asked)
        lead = next(track for track in plan["tracks"] if track["role"] == "vocals/lead")
        moved = next(step for step in lead["chain"] if ".note" in step["id"] and step["type"] == "gainEnvelope")
        chorus = [section for section in self.piece["sections"] if section["name"] == "chorus"][1]
        up = [point["timeSeconds"] for point in moved["params"]["points"] if point["gainDb"] == 2.0]
        self.assertAlmostEqual(min(up), chorus["startSeconds"], delta=0.5)
        self.assertAlmostEqual(max(up), chorus["endSeconds"], delta=0.5)

    def test_mix_and_master_sound_and_reach_their_target(self):
        self.assertTrue(self.report["target"]["reached"], self.report["target"])
        for name in ("mix.wav", "master.wav"):
            samples, rate = read(self.mix / name)
            self.assertEqual(rate, self.plan["sampleRateHz"])
            self.assertGreater(samples.std(), 0.01)
            self.assertLess(numpy.abs(samples.mean(axis=0)).max(), 1e-3)
            balance = 20 * numpy.log10(samples[:, 0].std() / samples[:, 1].std())
            self.assertLess(abs(balance), 1.5)


if __name__ == "__main__":
    main()
