"""From a faulty file to its master and what is said of it: edges, channels, and what must be left alone."""
import json

import numpy

from harness import RATE, Case, document, integrated_lufs, level, main, noise, programme, read, song, time_axis, tone, write


def silence(seconds):
    return numpy.zeros((round(seconds * RATE), 2))


def click(samples, at):
    samples[round(at * RATE)] = 0.9
    return samples


def struck(seconds=6.0):
    """Music that begins with an attack and rings out into digital silence: -60 dB a second at the end."""
    music = programme(seconds) * level(-6)
    t = time_axis(seconds)
    tail = numpy.where(t < seconds - 2.0, 1.0, 10 ** (-60.0 * (t - (seconds - 2.0)) / 20))
    music *= tail[:, None]
    attack = numpy.minimum(1.0, t / 0.002)
    return music * attack[:, None]


class MasterCase(Case):
    def master(self, samples, *flags, lufs=-16):
        out = self.new("out")
        self.good("master", write(self.new("in.wav"), samples), "-o", out, "--samples", "float32", f"--loudness={lufs}", *flags)
        plan = document(out / "plan.json")
        return read(out / "master.wav")[0], {step["id"]: step for step in plan["master"]}, {w["code"]: w["text"] for w in plan["warnings"]}, out


class Edges(MasterCase):
    def test_silence_before_and_after_is_trimmed_and_the_tail_kept(self):
        music = struck()
        result, steps, _, out = self.master(numpy.concatenate([silence(1.7), music, silence(3.0)]))
        trim = steps["master.edges"]["params"]
        self.assertAlmostEqual(trim["startSeconds"], 1.5, delta=0.03)
        # 70 dB below the loud parts, and some room: the fall of 60 dB a second begins two seconds before the end.
        self.assertGreater(trim["endSeconds"], 1.7 + 4.0 + 60 / 60)
        self.assertLess(trim["endSeconds"], 1.7 + 6.0 + 0.35)
        self.assertAlmostEqual(len(result) / RATE, trim["endSeconds"] - trim["startSeconds"], delta=0.002)
        reason = steps["master.edges"]["because"][0]
        self.assertIn("before the music", reason["text"])
        self.assertEqual([e["unit"] for e in reason["evidence"]], ["s", "s"])
        facts = self.good("analyze", out.parent / f"{self._testMethodName}-in.wav", "--json").json()["files"][0]
        self.assertAlmostEqual(facts["edges"]["startSeconds"], reason["evidence"][0]["value"], delta=0.006)
        # The plan, rendered again, gives the same bytes; without the step the length comes back.
        again = self.new("again")
        self.good("render", out / "plan.json", "-o", again)
        self.assertEqual((again / "master.wav").read_bytes(), (out / "master.wav").read_bytes())
        plan = document(out / "plan.json")
        for step in plan["master"]:
            if step["id"] in ("master.edges", "master.fades"):
                step["enabled"] = False
        (out / "whole.json").write_text(json.dumps(plan))
        whole = self.new("whole")
        self.good("render", out / "whole.json", "-o", whole)
        self.assertEqual(len(read(whole / "master.wav")[0]), round((1.7 + 6.0 + 3.0) * RATE))

    def test_a_click_in_the_silence_is_gone_and_does_not_count_as_a_peak(self):
        music = struck()
        lead = click(silence(2.0), 0.8)
        tail = click(silence(2.0), 1.2)
        result, steps, _, _ = self.master(numpy.concatenate([lead, music, tail]))
        clean, _, _, _ = self.fresh(numpy.concatenate([silence(2.0), music, silence(2.0)]))
        self.assertIn("click", steps["master.edges"]["because"][0]["text"])
        self.assertEqual(len(result), len(clean))
        self.assertLess(numpy.abs(result[:round(0.15 * RATE)]).max(), 1e-4)
        self.assertAlmostEqual(integrated_lufs(result, RATE), integrated_lufs(clean, RATE), delta=0.1)

    def fresh(self, samples, *flags):
        out = self.new("out2")
        self.good("master", write(self.new("in2.wav"), samples), "-o", out, "--samples", "float32", "--loudness=-16", *flags)
        return read(out / "master.wav")[0], None, None, out

    def test_noise_before_the_first_note_is_trimmed_and_the_tail_followed_into_it(self):
        music = struck(8.0)
        samples = numpy.concatenate([silence(1.5), music, silence(2.0)])
        samples += numpy.stack([noise(len(samples) / RATE, -72, 5), noise(len(samples) / RATE, -72, 6)], axis=1)[:len(samples)]
        _, steps, _, _ = self.master(samples)
        trim = steps["master.edges"]["params"]
        self.assertAlmostEqual(trim["startSeconds"], 1.3, delta=0.03)
        self.assertIn("noise", steps["master.edges"]["because"][0]["text"])
        # The tail meets -72 dBFS somewhere in its last second; it is followed at least to 6 dB over the noise.
        rms = 20 * numpy.log10(numpy.sqrt(numpy.mean(music[RATE:5 * RATE] ** 2)))
        meets = 1.5 + 6.0 + (rms + 72 - 6) / 60
        self.assertGreater(trim["endSeconds"], meets)
        self.assertLess(trim["endSeconds"], meets + 0.8)
        self.assertIn("master.fades", steps)

    def test_music_from_the_first_sample_on_keeps_its_length(self):
        music = programme(6.0) * level(-6)
        result, steps, _, _ = self.master(music)
        self.assertNotIn("master.edges", steps)
        self.assertEqual(len(result), len(music))
        if "master.fades" in steps:
            self.assertLessEqual(steps["master.fades"]["params"]["inFrames"], 0.002 * RATE)
            self.assertLessEqual(steps["master.fades"]["params"]["outFrames"], 0.010 * RATE)

    def test_a_tight_file_is_left_as_it_is(self):
        t = time_axis(6.0)
        music = programme(6.0) * level(-6) * numpy.minimum(1.0, numpy.minimum((t / 0.1) ** 2, (6.0 - t) / 1.0))[:, None]
        result, steps, _, _ = self.master(music)
        self.assertFalse({"master.edges", "master.fades"} & set(steps), steps.keys())
        self.assertEqual(len(result), len(music))

    def test_a_quiet_drone_before_the_band_is_music(self):
        drone = numpy.stack([tone(110, 3.0, -58) + tone(220, 3.0, -64)] * 2, axis=1)
        _, steps, _, _ = self.master(numpy.concatenate([drone, struck()]))
        self.assertEqual(steps.get("master.edges", {"params": {"startSeconds": 0}})["params"]["startSeconds"], 0)

    def test_edges_are_kept_and_fades_made_when_asked_for(self):
        music = numpy.concatenate([silence(1.7), struck(), silence(1.0)])
        result, steps, _, _ = self.master(music, "--keep-edges", "--fade-in=0.5", "--fade-out=2")
        self.assertEqual(len(result), len(music))
        self.assertNotIn("master.edges", steps)
        fades = steps["master.fades"]["params"]
        self.assertEqual((fades["inFrames"], fades["outFrames"], fades["endFrames"]), (0.5 * RATE, 2 * RATE, len(music)))
        self.assertIn("You asked", steps["master.fades"]["because"][0]["text"])

    def test_a_fade_out_stands_behind_the_limiter_and_ends_with_the_trimmed_music(self):
        music = numpy.concatenate([silence(1.7), programme(6.0), silence(1.0)])
        plain, _, _, _ = self.master(music)
        faded, steps, _, _ = self.fresh(music, "--fade-out=2")
        self.assertEqual(len(plain), len(faded))
        at = len(plain) - RATE  # u = 1/2 of a smooth curve: -6 dB
        span = slice(at - 2000, at + 2000)
        ratio = numpy.sqrt(numpy.mean(faded[span] ** 2) / numpy.mean(plain[span] ** 2))
        before = slice(at - 3 * RATE, at - 2 * RATE)
        gain = numpy.sqrt(numpy.mean(faded[before] ** 2) / numpy.mean(plain[before] ** 2))
        self.assertAlmostEqual(20 * numpy.log10(ratio / gain), -6.0, delta=0.4)


class Channels(MasterCase):
    def test_an_inverted_channel_is_turned_over(self):
        music = programme(8.0) * level(-6)
        left = music[:, 0]
        result, steps, warnings, _ = self.master(numpy.stack([left, -0.9 * left + 0.1 * music[:, 1]], axis=1))
        self.assertEqual(steps["master.channels"]["params"]["rightFromRight"], -1)
        self.assertIn("master.channel-inverted", warnings)
        self.assertGreater(numpy.corrcoef(result.T)[0, 1], 0.5)

    def test_a_silent_channel_gets_the_other_one(self):
        music = programme(8.0) * level(-6)
        for silent in (0, 1):
            samples = music.copy()
            samples[:, silent] = 0.0
            out = self.new(f"out{silent}")
            self.good("master", write(self.new(f"in{silent}.wav"), samples), "-o", out, "--samples", "float32", "--loudness=-16")
            result = read(out / "master.wav")[0]
            self.assertLess(numpy.abs(result[:, 0] - result[:, 1]).max(), 1e-6)
            self.assertAlmostEqual(integrated_lufs(result, RATE), -16.0, delta=0.1)
            codes = [w["code"] for w in document(out / "plan.json")["warnings"]]
            self.assertIn("master.channel-silent", codes)

    def test_dual_mono_and_mono_are_named(self):
        music = programme(8.0)[:, :1] * level(-6)
        for name, samples in (("dual", numpy.repeat(music, 2, axis=1)), ("mono", music)):
            out = self.new(name)
            self.good("master", write(self.new(f"{name}.wav"), samples), "-o", out)
            self.assertIn("master.mono", [w["code"] for w in document(out / "plan.json")["warnings"]])

    def test_a_constant_imbalance_is_halved_at_most_and_a_large_one_said(self):
        music = programme(8.0) * level(-6)
        mid = music.mean(axis=1, keepdims=True)
        for off, moved, said in ((1.0, False, False), (4.5, True, True)):
            samples = (0.8 * mid + 0.2 * music) * [1.0, level(-off)]
            out = self.new(f"out{off}")
            self.good("master", write(self.new(f"in{off}.wav"), samples), "-o", out, "--samples", "float32", "--style", "neutral")
            plan = document(out / "plan.json")
            steps = {step["id"]: step for step in plan["master"]}
            self.assertEqual("master.balance" in steps, moved, off)
            self.assertEqual("master.imbalance" in [w["code"] for w in plan["warnings"]], said, off)
            if moved:
                factor = steps["master.balance"]["params"]["leftFromLeft"]
                self.assertGreaterEqual(20 * numpy.log10(factor), -0.5 * off)
                self.assertLess(factor, 1.0)


class Dynamics(MasterCase):
    def without(self, out, step_id):
        """The plan rendered with one step switched off."""
        plan = document(out / "plan.json")
        for step in plan["master"]:
            if step["id"] == step_id:
                step["enabled"] = False
        (out / "edited.json").write_text(json.dumps(plan))
        result = self.new(f"without-{step_id}")
        self.good("render", out / "edited.json", "-o", result)
        return result / "master.wav"

    def test_sections_keep_their_levels(self):
        music = programme(24.0) * level(-4)
        t = time_axis(24.0)
        music *= numpy.where((t // 6) % 2 == 0, level(-8), 1.0)[:, None]
        _, steps, _, _ = self.master(music, "--style=neutral", lufs=-9)
        self.assertIn("master.dynamics", steps)

        def difference(samples):
            parts = [samples[round(s * RATE):round((s + 5) * RATE)] for s in (0.5, 6.5, 12.5, 18.5)]
            loudness = [integrated_lufs(part, RATE) for part in parts]
            return (loudness[1] + loudness[3] - loudness[0] - loudness[2]) / 2

        self.assertLess(abs(difference(self.before_limiting()) - difference(music)), 1.0)

    def before_limiting(self):
        """The programme as the compressor leaves it: the same plan, with the limiter and the clipper off."""
        out = self.folder / f"{self._testMethodName}-out"
        plan = document(out / "plan.json")
        for step in plan["master"]:
            if step["id"] in ("master.limiter", "master.colour"):
                step["enabled"] = False
        (out / "folded.json").write_text(json.dumps(plan))
        folded = self.new("folded")
        self.good("render", out / "folded.json", "-o", folded)
        return read(folded / "master.wav")[0]

    def test_a_bass_that_jumps_is_held_and_jumps_again_without_the_step(self):
        parts = song(24.0)
        band = sum(parts[name] if parts[name].ndim == 2 else parts[name][:, None] for name in ("Snare", "HiHat", "Gtr Clean", "Piano", "Lead Vox"))
        t = time_axis(24.0)
        bass = 0.25 * numpy.sin(2 * numpy.pi * 65 * t) * numpy.where((t // 0.8) % 3 == 0, 1.0, level(-30))
        source = write(self.new("in.wav"), band * (0.3 / numpy.abs(band).max()) + bass[:, None])
        out = self.new("out")
        self.good("master", source, "-o", out, "--samples", "float32", "--loudness=-18", "--style=neutral")
        steps = {step["id"]: step for step in document(out / "plan.json")["master"]}
        self.assertIn("master.band-dynamics", steps)
        evidence = steps["master.band-dynamics"]["because"][0]["evidence"][0]
        spread = lambda path: self.good("analyze", path, "--json").json()["files"][0]["dynamics"]["bandSpreadDb"][0]
        self.assertAlmostEqual(spread(source), evidence["value"], delta=0.01)
        held, free = spread(out / "master.wav"), spread(self.without(out, "master.band-dynamics"))
        self.assertLess(held, free - 0.3)
        work = {entry["stepId"]: entry for entry in document(out / "report.json").get("work", [])}
        if "master.band-dynamics" in work:
            self.assertLess(work["master.band-dynamics"]["maxReductionDb"], -0.5)


class LeftAlone(MasterCase):
    def test_a_finished_master_is_known_turned_down_or_not_and_comes_out_as_it_went_in(self):
        source = write(self.new("mix.wav"), programme(16.0) * level(-3))
        loud = self.new("loud.wav")
        self.good("limit", source, "--drive", "14", "--ceiling=-0.3", "-o", loud, "--float")
        samples = read(loud)[0]
        for turned_db in (0, -11):
            out = self.new(f"out{turned_db}")
            path = write(self.new(f"in{turned_db}.wav"), samples * level(turned_db), subtype="FLOAT")
            own = integrated_lufs(samples * level(turned_db), RATE)
            self.good("master", path, "-o", out, "--samples", "float32", f"--loudness={own:.2f}")
            plan = document(out / "plan.json")
            self.assertIn("master.already-mastered", [w["code"] for w in plan["warnings"]])
            self.assertLessEqual({step["id"] for step in plan["master"]}, {"master.gain", "master.limiter", "master.fades", "master.edges"})
            result = read(out / "master.wav")[0]
            before, after = ([numpy.abs(numpy.fft.rfft(x[:, 0] + x[:, 1])) ** 2 for x in (samples * level(turned_db), result[:len(samples)])])
            hz = numpy.fft.rfftfreq(len(samples), 1 / RATE)
            for centre in (63, 125, 250, 500, 1000, 2000, 4000, 8000):
                band = (hz > centre / 1.12) & (hz < centre * 1.12)
                self.assertLess(abs(10 * numpy.log10(after[band].sum() / before[band].sum())), 0.5, centre)

    def test_an_unmastered_mix_is_never_called_finished(self):
        out = self.new("out")
        self.good("master", write(self.new("in.wav"), programme(16.0)), "-o", out)
        self.assertNotIn("master.already-mastered", [w["code"] for w in document(out / "plan.json")["warnings"]])

    def test_silence_clipping_dc_and_short_files_are_named(self):
        cases = {"silent": (silence(3.0), "master.silent"),
                 "short": (programme(3.0), "master.short"),
                 "very-short": (programme(2.0)[:round(0.3 * RATE)], "master.silent"),
                 "clipped": (numpy.clip(programme(8.0) * level(12), -0.8, 0.8), "master.clipped")}
        for name, (samples, code) in cases.items():
            with self.subTest(name):
                out = self.new(name)
                self.good("master", write(self.new(f"{name}.wav"), samples), "-o", out)
                self.assertIn(code, [w["code"] for w in document(out / "plan.json")["warnings"]])
                self.assertEqual(len(read(out / "master.wav")[0]), len(samples))

    def test_dc_is_taken_out(self):
        result, steps, _, _ = self.master(programme(8.0) * level(-8) + [0.05, 0.02])
        self.assertIn("master.dc", steps)
        self.assertLess(numpy.abs(result[2 * RATE:].mean(axis=0)).max(), 0.002)


if __name__ == "__main__":
    main()
