"""session.json: what a mix recognised, edited and given back."""
import json

from harness import Case, document, main, names, song, write_session

SECONDS = 8.0


class SessionFile(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        tracks = song(SECONDS)
        cls.session = write_session(cls.folder / "session", {"Kick": tracks["Kick"], "Bass DI": tracks["Bass DI"], "Audio 01": tracks["Piano"], "Audio 02": tracks["Lead Vox"]})
        cls.out = cls.folder / "out"
        cls.good(cls(), "mix", cls.session, "-o", cls.out, "--no-master", "-q")
        cls.written = document(cls.out / "session.json")

    def tracks(self, document):
        return {track["name"]: track for track in document["tracks"]}

    def edited(self, changes):
        """session.json with other roles for some tracks."""
        copy = json.loads(json.dumps(self.written))
        for track in copy["tracks"]:
            track["role"] = changes.get(track["name"], track["role"])
        path = self.new("session.json")
        path.write_text(json.dumps(copy))
        return path

    def roles(self, path):
        keys = ("role", "roleConfidence", "roleSource")
        return {name: tuple(track[key] for key in keys) for name, track in self.tracks(document(path)).items()}

    def test_it_says_what_the_command_session_says(self):
        self.assertEqual(self.written, self.good("session", self.session).json())
        for name, track in self.tracks(self.written).items():
            self.assertEqual(track["role"], track["foundRole"], name)
            self.assertNotEqual(track["roleSource"], "user", name)

    def test_given_back_unchanged_it_changes_nothing(self):
        again = self.new("again")
        self.good("mix", self.session, "-o", again, "--no-master", "-q", "--roles", self.edited({}))
        self.assertEqual(document(again / "session.json"), self.written)
        self.assertEqual((again / "plan.json").read_bytes(), (self.out / "plan.json").read_bytes())
        self.assertEqual((again / "mix.wav").read_bytes(), (self.out / "mix.wav").read_bytes())

    def test_only_what_was_changed_is_the_users_word(self):
        before = self.roles(self.out / "session.json")
        again = self.new("again")
        self.good("mix", self.session, "-o", again, "--no-master", "-q", "--roles", self.edited({"Audio 02": "winds/flute"}))
        after = self.roles(again / "session.json")
        self.assertEqual(after["Audio 02"], ("winds/flute", 1.0, "user"))
        self.assertEqual({name: role for name, role in after.items() if name != "Audio 02"}, {name: role for name, role in before.items() if name != "Audio 02"})
        roles = {track["name"]: track["role"] for track in document(again / "plan.json")["tracks"]}
        self.assertEqual(roles["Audio 02"], "winds/flute")
        # What was said once stays said.
        third = self.new("third")
        self.good("mix", self.session, "-o", third, "--no-master", "-q", "--roles", again / "session.json")
        self.assertEqual(self.roles(third / "session.json"), after)

    def test_a_revision_goes_on_with_the_file_at_its_output(self):
        out = self.new("out")
        self.good("mix", self.session, "-o", out, "--no-master", "-q")
        path = out / "session.json"
        path.write_text(self.edited({"Audio 01": "keys/organ"}).read_text())
        self.good("mix", self.session, "-o", out, "--no-master", "-q", "--revise")
        self.assertEqual(self.roles(path)["Audio 01"], ("keys/organ", 1.0, "user"))

    def test_it_is_not_replaced_without_force(self):
        out = self.new("out")
        out.mkdir()
        (out / "session.json").write_text("mine")
        self.refused(4, "mix", self.session, "-o", out, "--no-master", says="session.json")
        self.assertEqual(names(out), ["session.json"])
        self.assertEqual((out / "session.json").read_text(), "mine")

    def test_a_plan_alone_leaves_it_out(self):
        out = self.new("out")
        self.good("plan", self.session, "-o", out, "-q")
        self.assertEqual(names(out), ["plan.json"])


if __name__ == "__main__":
    main()
