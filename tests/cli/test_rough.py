"""A rough mix whose levels and places are kept: gains recovered, carried out, and what is no rough mix refused."""
import json

import numpy

from harness import RATE, Case, level, main, noise, read, song, write

GAINS = [(-3.0, 0.0), (4.0, -0.5), (-9.0, 0.6), (0.0, 0.0), (-6.0, 0.35)]  # dB and place, in turn


def placed(samples, gain_db, position):
    theta = (position + 1.0) * numpy.pi / 4
    if samples.ndim == 1:
        return level(gain_db) * numpy.stack([samples * numpy.cos(theta), samples * numpy.sin(theta)], axis=1)
    return level(gain_db) * samples * numpy.minimum(1.0, numpy.sqrt(2) * numpy.array([numpy.cos(theta), numpy.sin(theta)]))


class Rough(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tracks = {f"{name}.wav": samples for name, samples in song(12.0).items()}
        cls.session = cls.folder / "session"
        for name, samples in cls.tracks.items():
            write(cls.session / name, samples)
        cls.truth = {name: GAINS[i % len(GAINS)] for i, name in enumerate(sorted(cls.tracks))}
        cls.mix = sum(placed(samples, *cls.truth[name]) for name, samples in cls.tracks.items())
        cls.scale = 0.8 / abs(cls.mix).max()
        cls.rough = write(cls.folder / "rough.wav", cls.mix * cls.scale)

    def plan(self, rough, *flags):
        out = self.new("out")
        self.good("plan", self.session, "--rough", rough, "-o", out, "--no-master", *flags)
        return json.loads((out / "plan.json").read_text())

    def recovered(self, plan):
        found = {}
        for track in plan["tracks"]:
            for reason in track["fader"]["because"]:
                for evidence in reason["evidence"]:
                    if evidence["measure"] == "roughGainDb":
                        found[track["source"]["file"].rsplit("/", 1)[-1]] = (evidence["value"], track["pan"]["params"]["position"])
        return found

    def check(self, plan, gain_db, position):
        found = self.recovered(plan)
        self.assertEqual(set(found), set(self.truth))
        for name, (wanted_db, wanted_position) in self.truth.items():
            self.assertAlmostEqual(found[name][0], wanted_db + 20 * numpy.log10(self.scale), delta=gain_db, msg=name)
            self.assertAlmostEqual(found[name][1], wanted_position, delta=position, msg=name)

    def test_gains_and_places_are_recovered(self):
        self.check(self.plan(self.rough), 0.05, 0.03)

    def test_a_bounce_among_the_tracks_is_left_out_whatever_it_is_called(self):
        def planned(name, samples):
            session = self.new(name)
            for file, own in self.tracks.items():
                write(session / file, own)
            write(session / "Midnight Train v3.wav", samples)
            out = self.new(name + "-out")
            self.good("plan", session, "-o", out, "--no-master")
            plan = json.loads((out / "plan.json").read_text())
            return next(track for track in plan["tracks"] if track["name"] == "Midnight Train v3")

        bounce = planned("bounce", numpy.tanh(2.0 * self.mix * self.scale))
        self.assertEqual(bounce["role"], "mix/programme")
        self.assertEqual(bounce["mute"]["because"][0]["rule"], "mix.bounce")
        other = numpy.stack([noise(12.0, -20.0, 7), noise(12.0, -20.0, 8)], axis=1)
        self.assertNotIn("mute", planned("own", other), "something of its own is a track")
        self.assertNotIn("mute", planned("mostly-own", other + 0.3 * self.mix * self.scale))

    def test_wherever_it_begins(self):
        later = write(self.folder / "later.wav", numpy.concatenate([numpy.zeros((9000, 2)), self.mix * self.scale]))
        self.check(self.plan(later), 0.05, 0.03)

    def test_with_something_of_its_own_in_it(self):
        other = numpy.stack([noise(12.0, -45.0, 7), noise(12.0, -45.0, 8)], axis=1)
        self.check(self.plan(write(self.folder / "noisy.wav", self.mix * self.scale + other)), 0.5, 0.05)

    def test_the_mix_has_the_balance_of_the_rough_mix(self):
        out = self.new("out")
        self.good("mix", self.session, "--rough", self.rough, "-o", out, "--no-master", "--stems", "--intensity", 0)
        levels = {}
        for track in json.loads((out / "plan.json").read_text())["tracks"]:
            name = track["source"]["file"].rsplit("/", 1)[-1]
            stem, _ = read(out / "stems" / f"{track['id']}.wav")
            made = stem[:12 * RATE]
            levels[name] = 10 * numpy.log10((made ** 2).sum() / (placed(self.tracks[name], *self.truth[name]) ** 2).sum())
        spread = numpy.array(list(levels.values()))
        self.assertLess(spread.max() - spread.min(), 1.5, levels)

    def test_what_it_leaves_out_does_not_play(self):
        name = sorted(self.tracks)[0]
        without = write(self.folder / "without.wav", (self.mix - placed(self.tracks[name], *self.truth[name])) * self.scale)
        muted = [track["source"]["file"].rsplit("/", 1)[-1] for track in self.plan(without)["tracks"] if "mute" in track]
        self.assertEqual(muted, [name])

    def test_what_is_no_rough_mix_of_these_recordings_is_refused(self):
        silent = write(self.folder / "silent.wav", numpy.zeros((RATE * 4, 2)))
        self.refused(3, "plan", self.session, "--rough", silent, "-o", self.new("a"), says=["silent"])
        self.refused(3, "plan", self.session, "--rough", self.folder / "nothing.wav", "-o", self.new("b"), says=["nothing.wav"])
        other = write(self.folder / "other.wav", numpy.stack([noise(12.0, -20.0, 5)] * 2, axis=1))
        self.refused(3, "plan", self.session, "--rough", other, "-o", self.new("d"), says=["not a rough mix", "same song"])
        wide = write(self.folder / "wide.wav", numpy.stack([noise(4.0, -20.0, 1)] * 6, axis=1))
        self.refused(3, "plan", self.session, "--rough", wide, "-o", self.new("c"), says=["mono or stereo"])


if __name__ == "__main__":
    main()
