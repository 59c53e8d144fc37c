"""The plan as the user's document: its schema, edits, locks, what is refused and how, and rendering it again."""
import copy
import json
import shutil

import jsonschema
import numpy

from harness import RATE, Case, digest, document, level, main, programme, read, snapshot, song, tone, write, write_session

SECONDS = 8.0


class Plans(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.session = write_session(cls.folder / "session", song(SECONDS))
        cls.mix = cls.folder / "mix"
        cls.report = cls.good(cls(), "mix", cls.session, "-o", cls.mix, "--stems", "--json").json()
        cls.plan = document(cls.mix / "plan.json")

    def edited(self, change, name="plan.json"):
        """A copy of the plan beside the original, changed by change(plan)."""
        plan = copy.deepcopy(self.plan)
        change(plan)
        path = self.mix.parent / "mix" / f"{self._testMethodName}-{name}"
        path.write_text(json.dumps(plan))
        self.addCleanup(path.unlink)
        return path

    @staticmethod
    def track(plan, track_id):
        return next(track for track in plan["tracks"] if track["id"] == track_id)


class Documents(Plans):
    def test_plan_and_report_obey_their_published_schemas(self):
        for name, found in (("plan", self.plan), ("report", document(self.mix / "report.json")), ("report", self.report)):
            schema = self.good("schema", name).json()
            jsonschema.Draft202012Validator.check_schema(schema)
            jsonschema.validate(found, schema)
            with self.assertRaises(jsonschema.ValidationError):
                jsonschema.validate({**found, "surprise": 1}, schema)

    def test_the_report_printed_is_the_report_written(self):
        self.assertEqual(self.report, document(self.mix / "report.json"))

    def test_the_report_tells_what_the_issue_promises(self):
        self.assertEqual(len(self.report["tracks"]), 7)
        for track in self.report["tracks"]:
            for key in ("file", "role", "roleConfidence", "roleSource", "polarityInverted", "delayFrames", "integratedLufsInMix"):
                self.assertIn(key, track)
            self.assertLess(track["integratedLufsInMix"], 0.0)
        for decision in self.report["decisions"]:
            for key in ("id", "target", "what", "reason", "origin"):
                self.assertIn(key, decision)
        for output in ("mix", "master"):
            self.assertIsInstance(self.report["output"][output]["loudness"]["integratedLufs"], float)

    def test_every_decision_of_the_plan_has_a_reason(self):
        steps = [step for track in self.plan["tracks"] for step in (*track["chain"], track["fader"], track["pan"])] + self.plan["mixBus"] + self.plan["master"]
        self.assertGreater(len(steps), 20)
        for step in steps:
            if step["enabled"] and (step["type"] not in ("gain", "pan") or any(step["params"].values())):
                self.assertTrue(step["because"], step["id"])

    def test_explain_says_it_in_words(self):
        text = self.good("explain", self.mix / "plan.json").out
        for track in self.plan["tracks"]:
            self.assertIn(track["name"], text)
        self.assertGreater(len(text.splitlines()), 15)
        self.assertEqual(self.good("explain", self.mix / "plan.json", "--json").json(), self.plan)

    def test_a_plan_alone_is_the_plan_of_the_mix(self):
        path = self.new("p") / "plan.json"
        self.good("plan", self.session, "-o", path.parent)
        self.assertEqual(document(path), self.plan)
        self.assertEqual(list(snapshot(path.parent)), ["plan.json"])
        only = self.new("only")
        self.good("mix", self.session, "-o", only, "--plan-only")
        self.assertEqual(snapshot(only), snapshot(path.parent))

    def test_a_master_plan_obeys_the_schema_and_renders(self):
        source = write(self.new("in") / "song.wav", programme(4.0))
        out = self.new("out")
        report = self.good("master", source, "-o", out, "--json").json()
        jsonschema.validate(document(out / "plan.json"), self.good("schema", "plan").json())
        jsonschema.validate(report, self.good("schema", "report").json())
        again = self.new("again")
        self.good("render", out / "plan.json", "-o", again)
        self.assertEqual(digest(again / "master.wav"), digest(out / "master.wav"))
        self.assertEqual(document(again / "plan.json"), document(out / "plan.json"))


class Rendering(Plans):
    def test_an_unchanged_plan_gives_identical_bytes(self):
        out = self.new("out")
        self.good("render", self.mix / "plan.json", "-o", out, "--stems", "--threads", "1", "--block-size", "777")
        expected, found = snapshot(self.mix), snapshot(out)
        for name in expected:
            if not name.startswith("report.") and name != "session.json":   # what a mix alone decides
                self.assertEqual(found.get(name), expected[name], name)

    def test_beside_the_plan_with_force_and_not_without(self):
        folder = self.new("copy")
        shutil.copytree(self.mix, folder)
        plan = folder / "plan.json"
        before = snapshot(folder)
        self.refused(4, "render", plan, says="--force")
        self.assertEqual(snapshot(folder), before)
        self.good("render", plan, "--force", "--stems")
        self.assertEqual(snapshot(folder)["mix.wav"], before["mix.wav"])

    def test_a_fader_that_is_three_decibels_up_changes_its_stem_by_that_and_no_other_track(self):
        def change(plan):
            fader = self.track(plan, "piano")["fader"]
            fader["params"]["gainDb"] = round(fader["params"]["gainDb"] + 3.0, 6)
            fader["locked"] = True

        out = self.new("out")
        self.good("render", self.edited(change), "-o", out, "--stems")
        before, after = read(self.mix / "stems" / "piano.wav")[0], read(out / "stems" / "piano.wav")[0]
        self.assertGreater(numpy.abs(before).max(), 0.01)
        self.assertLess(numpy.abs(after - level(3.0) * before).max(), 1e-6)
        for stem in sorted((self.mix / "stems").iterdir()):
            if stem.stem in {track["id"] for track in self.plan["tracks"]} - {"piano"}:
                self.assertEqual(digest(stem), digest(out / "stems" / stem.name), stem.name)
        difference = read(out / "mix.wav")[0] - sum(read(path)[0] for path in (out / "stems").iterdir())
        self.assertLess(20 * numpy.log10(numpy.abs(difference).max()), -90.0)

    def test_a_muted_track_is_not_heard(self):
        def change(plan):
            self.track(plan, "piano")["mute"] = {"id": "piano.mute", "type": "gain", "origin": "user"}

        out = self.new("out")
        self.good("render", self.edited(change), "-o", out, "--stems", "--no-master")
        self.assertFalse((out / "stems" / "piano.wav").exists())
        self.assertTrue((out / "stems" / "kick.wav").exists())
        self.assertFalse((out / "master.wav").exists())

    def test_what_is_locked_is_kept_by_a_new_planning(self):
        def change(plan):
            track = self.track(plan, "piano")
            track["fader"]["params"]["gainDb"] = -17.3
            track["fader"]["locked"] = True
            track["fader"]["note"] = "quieter, please"
            track["chain"].append({"id": "piano.mine", "type": "gain", "params": {"gainDb": 1.5}, "origin": "user"})
            limiter = next(step for step in plan["master"] if step["type"] == "limiter")
            limiter["params"]["ceilingDb"] = -2.5
            limiter["locked"] = True

        kept = self.edited(change)
        out = self.new("out")
        self.good("plan", self.session, "-o", out, "--keep", kept)
        plan = document(out / "plan.json")
        track = self.track(plan, "piano")
        self.assertEqual((track["fader"]["params"]["gainDb"], track["fader"]["locked"], track["fader"]["note"]), (-17.3, True, "quieter, please"))
        self.assertIn("piano.mine", [step["id"] for step in track["chain"]])
        self.assertEqual([step["params"]["ceilingDb"] for step in plan["master"] if step["type"] == "limiter"], [-2.5])
        self.assertNotEqual(self.track(self.plan, "piano")["fader"]["params"]["gainDb"], -17.3)
        # ... and is heard.
        self.good("render", out / "plan.json", "-o", out / "result", "--stems")
        before, after = read(self.mix / "stems" / "piano.wav")[0], read(out / "result" / "stems" / "piano.wav")[0]
        change_db = -17.3 + 1.5 - self.track(self.plan, "piano")["fader"]["params"]["gainDb"]
        self.assertAlmostEqual(20 * numpy.log10(after.std() / before.std()), change_db, delta=0.02)

    def test_a_moved_project_still_renders(self):
        moved = self.new("moved")
        shutil.copytree(self.session, moved / "session")
        shutil.copytree(self.mix, moved / "mix")
        self.good("render", moved / "mix" / "plan.json", "-o", moved / "again", cwd="/")
        self.assertEqual(digest(moved / "again" / "mix.wav"), digest(self.mix / "mix.wav"))

    def test_a_recording_that_changed_after_planning_is_refused(self):
        project = self.new("project")
        shutil.copytree(self.session, project / "session")
        shutil.copytree(self.mix, project / "mix")
        samples, _ = read(project / "session" / "Kick.wav")
        kick = project / "session" / "Kick.wav"
        for changed in (samples * 0.9, samples[:-1], numpy.repeat(samples, 2, axis=1)):
            write(kick, changed)
            self.refused(3, "render", project / "mix" / "plan.json", "-o", project / "out", says=["Kick.wav", "tonewright plan"])
        kick.unlink()
        self.refused(3, "render", project / "mix" / "plan.json", "-o", project / "out", says="Kick.wav")
        self.assertFalse((project / "out").exists())

    def test_a_plan_named_after_its_result_renders_to_that_name(self):
        folder = self.new("folder")
        source = write(folder / "take.wav", tone(440, 2.0, -12))
        self.good("master", source, "-o", folder / "song.wav")
        first = digest(folder / "song.wav")
        self.good("render", folder / "song.plan.json", "--force")
        self.assertEqual(digest(folder / "song.wav"), first)
        self.assertEqual(list(snapshot(folder)), ["song.plan.json", "song.report.html", "song.report.json", "song.wav", "take.wav"])


class Refusals(Plans):
    def refuses(self, change, *says):
        self.refused(3, "render", self.edited(change), "-o", self.new("out"), says=says)
        self.assertFalse((self.folder / f"{self._testMethodName}-out").exists())

    def test_an_unknown_key_is_named_with_its_path(self):
        self.refuses(lambda plan: plan["tracks"][0]["fader"]["params"].update(gain=3), "$.tracks[0].fader.params", "gain")

    def test_an_unknown_key_at_the_top(self):
        self.refuses(lambda plan: plan.update(tempo=120), "$", "tempo")

    def test_a_wrong_type_is_named_with_path_and_value(self):
        self.refuses(lambda plan: plan["tracks"][1]["fader"]["params"].update(gainDb="loud"), "$.tracks[1].fader.params.gainDb", "loud", "number")

    def test_a_value_out_of_range_is_named_with_path_value_and_range(self):
        self.refuses(lambda plan: plan["tracks"][1]["fader"]["params"].update(gainDb=1000.5), "$.tracks[1].fader.params.gainDb", "1000.5", "allowed")

    def test_a_number_that_is_none(self):
        self.refuses(lambda plan: plan["tracks"][1]["fader"]["params"].update(gainDb=None), "$.tracks[1].fader.params.gainDb", "null")

    def test_a_list_that_is_none(self):
        self.refuses(lambda plan: plan.update(tracks={"a": 1}), "$.tracks")

    def test_an_unknown_type_of_step(self):
        self.refuses(lambda plan: plan["mixBus"].append({"id": "x", "type": "flanger"}), "$.mixBus", "flanger")

    def test_a_plan_of_another_version(self):
        self.refuses(lambda plan: plan.update(plan=2), "$.plan", "2")

    def test_something_else_that_is_json(self):
        self.refused(3, "render", self.mix / "report.json", "-o", self.new("out"), says="not a plan")

    def test_an_id_that_is_used_twice(self):
        self.refuses(lambda plan: plan["tracks"][0].update(id=plan["tracks"][1]["id"]), "twice")

    def test_a_group_that_does_not_exist(self):
        self.refuses(lambda plan: plan["tracks"][0].update(output="nowhere"), "$.tracks[0].output", "nowhere")

    def test_compressors_that_listen_to_each_other(self):
        def change(plan):
            for one, other in ((0, 1), (1, 0)):
                plan["tracks"][one]["chain"].append({"id": f"round.{one}", "type": "compressor", "key": plan["tracks"][other]["id"]})

        self.refuses(change, "listen")

    def test_a_result_longer_than_any_recording_could_make_it(self):
        self.refuses(lambda plan: plan.update(frames=10 ** 12), "$.frames")

    def test_what_is_not_json_is_named_with_its_line(self):
        for text, word in (("{\n\"plan\": 1,\n}", "line 3"), ("", "JSON"), ("[" * 100000, "nested"), ('{"plan": 1, "plan": 1}', "twice"), ("\0\1\2", "JSON"),
                           ('{"plan": 1e999}', "")):
            path = self.new("broken.json")
            path.write_text(text)
            self.refused(3, "render", path, "-o", self.new("out"), says=["broken.json", word])
            self.refused(3, "explain", path, says="broken.json")
            path.unlink()

    def test_a_plan_that_is_missing_a_folder_or_a_recording(self):
        for path in (self.folder / "nowhere.json", self.folder, self.session / "Kick.wav"):
            self.refused(3, "render", path, "-o", self.new("out"), says=path.name)
            self.refused(3, "explain", path, says=path.name)

    def test_a_keep_that_is_no_plan(self):
        self.refused(3, "plan", self.session, "-o", self.new("out"), "--keep", self.session / "Kick.wav", says="Kick.wav")


if __name__ == "__main__":
    main()
