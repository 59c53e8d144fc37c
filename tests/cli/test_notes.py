"""Requests in plain words (--note): each moves what it names, in the direction that it names, by about the amount, and nothing else; word salad changes nothing silently."""
import random

import numpy

from harness import RATE, Case, document, main, read, song, write_session

SECONDS = 8.0


def power(samples, low=0.0, high=24000.0):
    """dB between two frequencies, both channels."""
    spectrum = numpy.abs(numpy.fft.rfft(samples, axis=0)) ** 2
    hz = numpy.fft.rfftfreq(len(samples), 1.0 / RATE)
    return 10.0 * numpy.log10(spectrum[(hz >= low) & (hz < high)].sum() + 1e-20)


def stripped(plan):
    """The plan's sound: what is left when words are put aside."""
    return {key: plan[key] for key in ("tracks", "buses", "mixBus")}


class Notes(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.session = write_session(cls.folder / "session", song(SECONDS))
        cls.good(cls(), "mix", cls.session, "-o", cls.folder / "plain", "--stems", "--no-master", "-q")

    def test_what_is_asked_for_moves_in_the_rendered_mix_by_about_the_amount(self):
        out = self.new("asked")
        done = self.good("mix", self.session, "-o", out, "--stems", "--no-master", "--note", "vocals up 2 dB, bass a bit quieter", "--note", "darker guitar and no reverb on the snare",
                         "--note", "mute the hats from 0:02 to 0:04", "--note", "piano narrower", "--note", "make it sound expensive")
        stem = lambda folder, name: read(self.folder / folder / "stems" / f"{name}.wav")[0] if folder == "plain" else read(out / "stems" / f"{name}.wav")[0]
        change = lambda name, *band: power(stem("asked", name), *band) - power(stem("plain", name), *band)
        self.assertAlmostEqual(change("lead-vox"), 2.0, delta=0.1)
        self.assertAlmostEqual(change("bass-di"), -1.0, delta=0.1)
        self.assertLess(change("gtr-clean", 4500) - change("gtr-clean", 100, 1000), -0.8)
        self.assertAlmostEqual(change("kick"), 0.0, delta=0.01)
        part = slice(round(2.1 * RATE), round(3.9 * RATE))
        self.assertLess(power(stem("asked", "hihat")[part]), power(stem("plain", "hihat")[part]) - 60.0)
        side = lambda samples: samples[:, 0] - samples[:, 1]
        self.assertLess(power(side(stem("asked", "piano"))) - power(side(stem("plain", "piano"))), -1.5)
        plan = document(out / "plan.json")
        sends = [send["ride"]["params"]["points"][0]["gainDb"] for track in plan["tracks"] if track["role"] == "drums/snare" for send in track["sends"]]
        self.assertTrue(all(level == -120.0 for level in sends), sends)
        self.assertIn("Not understood", done.out)
        self.assertIn("expensive", done.out)
        self.assertIn("What you asked for", (out / "report.html").read_text(encoding="utf-8"))
        self.assertEqual([note["text"] for note in document(out / "report.json")["asked"]["unread"]], ["make it sound expensive"])

    def test_word_salad_is_never_a_silent_change(self):
        rng = random.Random(11)
        words = ("vocals snare the piano up down less more not don't too loud louder bright reverb on off without bass guitars and or but , a bit lot 3 dB kick it never were zorp wobble "
                 "keep mute left right enough so muddy").split()
        plain = stripped(document(self.folder / "plain" / "plan.json"))
        notes = [" ".join(rng.choices(words, k=rng.randint(1, 9))) for _ in range(40)]
        arguments = [word for note in notes for word in ("--note", note)]
        out = self.new("salad")
        done = self.good("plan", self.session, "-o", out, "--no-master", *arguments)
        intent = document(out / "plan.json")["intent"]
        self.assertEqual(intent["notes"], notes)
        for request in intent["requests"]:
            self.assertNotEqual(request["answer"], "", request)
            self.assertIn(request["answer"], done.out)
        for note in intent["unread"]:
            self.assertIn(note["why"], done.out)
        # What nothing asked for is as it was.
        touched = " ".join(request["answer"] for request in intent["requests"])
        for track, before in zip(document(out / "plan.json")["tracks"], plain["tracks"]):
            if track["name"] not in touched and not any(request["target"] in ("mix", "everything") or request["attribute"] == "solo" for request in intent["requests"]):
                self.assertEqual(track, before)

    def test_what_is_not_understood_changes_nothing_at_all(self):
        out = self.new("refused")
        self.good("plan", self.session, "-o", out, "--no-master", "--note", "the drums are loud. more zorp on the vocals! what time is it? turn the bass up and down; don't turn up the piano", "-q")
        self.assertEqual(stripped(document(out / "plan.json")), stripped(document(self.folder / "plain" / "plan.json")))


if __name__ == "__main__":
    main()
