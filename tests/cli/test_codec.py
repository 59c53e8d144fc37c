"""Codec checks: `tonewright codec`, --codec-check, --codec and --for, judged by the ffmpeg command where there is one."""
import json
import shutil
import subprocess
import unittest

import jsonschema
import numpy
import soundfile

from harness import Case, digest, document, level, main, noise, programme, read, run, true_peak_dbtp, write

CODECS = {"aac-128": (".m4a", "-c:a", "aac", "-b:a", "128k"), "aac-256": (".m4a", "-c:a", "aac", "-b:a", "256k"),
          "mp3-128": (".mp3", "-c:a", "libmp3lame", "-b:a", "128k"), "mp3-320": (".mp3", "-c:a", "libmp3lame", "-b:a", "320k"),
          "opus-128": (".opus", "-c:a", "libopus", "-b:a", "128k"), "vorbis-q5": (".ogg", "-c:a", "libvorbis", "-q:a", "5")}


def dense(seconds=6.0):
    """A programme with noise in it, which the limiter packs full and codecs then overshoot; it comes in over 0.1 s."""
    mix = programme(seconds) + noise(2 * seconds, -30.0, 9).reshape(-1, 2)
    return mix * numpy.minimum(numpy.arange(len(mix)) / 4800.0, 1.0)[:, None]


def by_ffmpeg(path, codec, folder):
    """True peak of what the ffmpeg command encodes and decodes."""
    suffix, *options = CODECS[codec]
    encoded, decoded = folder / f"encoded{suffix}", folder / "decoded.wav"
    for words in (["-i", path, "-map_metadata", "-1", *options, encoded], ["-i", encoded, "-c:a", "pcm_f32le", decoded]):
        subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-y", *map(str, words)], check=True)
    return true_peak_dbtp(read(decoded)[0])


class Codecs(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.source = write(cls.folder / "dense.wav", dense())
        cls.flags = ("--loudness=-9", "--ceiling=-0.1")

    def test_the_check_alone(self):
        schema = self.good("schema", "codec").json()
        told = self.good("codec", self.source, "--json", "--progress", "none").json()
        jsonschema.validate(told, schema)
        self.assertEqual([each["codec"] for each in told["codecs"]], list(CODECS))
        samples, _ = read(self.source)
        self.assertAlmostEqual(told["truePeakDbtp"], true_peak_dbtp(samples), delta=0.05)
        for each in told["codecs"]:
            self.assertEqual(len(each["rounds"]), 1)
            self.assertAlmostEqual(each["rounds"][0]["integratedLufs"], told["integratedLufs"], delta=0.3 if each["codec"] == "mp3-320" else 1.2,
                                   msg="at the lower rates the noise above 16 kHz is left out")
        words = self.good("codec", self.source, "--codec", "mp3-128,opus-128", "--progress", "none").out
        self.assertIn("Opus 128", words)
        self.assertNotIn("AAC", words)

    def test_faults_are_an_exit_code_only_where_that_was_asked(self):
        hot, quiet = self.new("hot.wav"), self.new("quiet.wav")
        write(hot, numpy.clip(noise(4.0, -3.0, 4), -1, 1).reshape(-1, 2), subtype="FLOAT")
        write(quiet, programme(2.0, -20.0))
        self.assertEqual(self.good("codec", hot, "--codec", "mp3-128", "--json").json()["codecs"][0]["held"], False)
        self.assertEqual(run("codec", hot, "--codec", "mp3-128", "--fail-on", "over").code, 6)
        self.good("codec", quiet, "--codec", "mp3-128", "--fail-on", "over")

    @unittest.skipUnless(shutil.which("ffmpeg"), "the ffmpeg command is not there")
    def test_true_peaks_are_those_of_the_ffmpeg_command(self):
        for rate in (44100, 48000):
            source = write(self.new(f"{rate}.wav"), dense(4.0), rate)
            told = self.good("codec", source, "--json").json()
            for each in told["codecs"]:
                self.assertAlmostEqual(each["rounds"][0]["truePeakDbtp"], by_ffmpeg(source, each["codec"], self.folder), delta=0.1, msg=each["codec"])

    def test_a_hot_master_is_lowered_until_every_codec_holds_and_its_plan_gives_the_same_bytes(self):
        off, on, again = self.new("off"), self.new("on"), self.new("again")
        self.good("master", self.source, "-o", off, *self.flags, "-q")
        self.assertEqual(document(off / "report.json")["output"]["master"]["codecs"], [], "not checked unless it is asked for")
        before = self.good("codec", off / "master.wav", "--json").json()
        self.assertTrue(any(not each["held"] for each in before["codecs"]), "the planted file must break 0 dBTP, or this test shows nothing")

        done = self.good("master", self.source, "-o", on, *self.flags, "--codec-check", "on", "--progress", "none")
        self.assertIn("Through 6 codecs its true peak is at most", done.out)
        report = document(on / "report.json")
        jsonschema.validate(report, self.good("schema", "report").json())
        codecs = report["output"]["master"]["codecs"]
        self.assertEqual([each["codec"] for each in codecs], list(CODECS))
        rounds = len(codecs[0]["rounds"])
        self.assertIn(rounds, (2, 3, 4))
        for each, was in zip(codecs, before["codecs"]):
            self.assertTrue(each["held"], each)
            self.assertLessEqual(each["rounds"][-1]["truePeakDbtp"], 0.0)
            self.assertEqual(len(each["rounds"]), rounds)
            self.assertEqual(each["rounds"][0]["truePeakDbtp"], was["rounds"][0]["truePeakDbtp"], "the first round is the master as it was")
        if shutil.which("ffmpeg"):
            for codec in CODECS:
                self.assertLessEqual(by_ffmpeg(on / "master.wav", codec, self.folder), 0.0, codec)

        plan = document(on / "plan.json")
        limiter = next(step for step in plan["master"] if step["type"] == "limiter")
        lowered = codecs[0]["rounds"][-1]["loweredDb"]
        self.assertEqual(codecs[0]["rounds"][-1]["trimmedDb"], 0.0)
        self.assertAlmostEqual(limiter["params"]["ceilingDb"], -0.1 - lowered, delta=1e-9)
        self.assertEqual([reason["rule"] for reason in limiter["because"]], ["master.limiter", "master.codec-check"])
        self.assertAlmostEqual(report["output"]["master"]["loudness"]["integratedLufs"], -9.0, delta=0.1)
        self.assertIn("Through the codecs", (on / "report.html").read_text(encoding="utf-8"))

        self.good("render", on / "plan.json", "-o", again, "-q")
        self.assertEqual(digest(again / "master.wav"), digest(on / "master.wav"))
        checked = self.good("render", on / "plan.json", "-o", again, "--force", "--codec", "opus-128", "--strict", "--json", "--progress", "none").json()
        self.assertEqual([each["codec"] for each in checked["output"]["master"]["codecs"]], ["opus-128"])
        self.assertEqual(digest(again / "master.wav"), digest(on / "master.wav"), "checking changes nothing in what is only carried out")

    def test_where_encoders_overshoot_whatever_the_ceiling_is_the_level_gives_way_and_that_is_said(self):
        clipped = numpy.clip(programme(4.0) * level(14.0) + noise(8.0, -22.0, 9).reshape(-1, 2), -level(-1.0), level(-1.0))  # it begins in its middle
        folder = self.new("out")
        done = self.good("master", write(self.new("in.wav"), clipped), "-o", folder, *self.flags, "--codec-check", "on", "--progress", "none")
        report = document(folder / "report.json")
        codecs = report["output"]["master"]["codecs"]
        trimmed = codecs[0]["rounds"][-1]["trimmedDb"]
        self.assertGreater(trimmed, 0.1)
        self.assertTrue(all(each["held"] for each in codecs), codecs)
        self.assertIn("Target missed", done.out)
        self.assertIn("the level was turned down by", report["target"]["text"])
        self.assertEqual(document(folder / "plan.json")["master"][-1]["params"]["gainDb"], -trimmed)

    def test_a_render_that_breaks_says_so_and_misses_its_target(self):
        folder = self.new("plan")
        self.good("master", self.source, "-o", folder, *self.flags, "-q")
        done = run("render", folder / "plan.json", "-o", self.new("out"), "--codec-check", "on", "--strict", "--progress", "none")
        self.assertEqual(done.code, 5, done)
        self.assertIn("its peaks come out at", done.out)

    def test_what_the_user_settled_is_trimmed_and_not_moved(self):
        first, second = self.new("first"), self.new("second")
        self.good("master", self.source, "-o", first, *self.flags, "-q")
        plan = document(first / "plan.json")
        for step in plan["master"]:
            step["locked"] = step["type"] == "limiter"
        (first / "plan.json").write_text(json.dumps(plan), encoding="utf-8")
        self.good("master", self.source, "-o", second, *self.flags, "--keep", first / "plan.json", "--codec-check", "on", "-q")
        made = document(second / "plan.json")
        limiter = next(step for step in made["master"] if step["type"] == "limiter")
        self.assertEqual(limiter["params"], next(step for step in plan["master"] if step["type"] == "limiter")["params"])
        trim = made["master"][-1]
        self.assertEqual((trim["id"], trim["type"], trim["because"][0]["rule"]), ("master.codec-trim", "gain", "master.codec-check"))
        self.assertLess(trim["params"]["gainDb"], 0.0)
        self.assertTrue(all(each["held"] for each in document(second / "report.json")["output"]["master"]["codecs"]))
        self.good("render", second / "plan.json", "-o", self.new("again"), "-q")

    def test_destinations_imply_codecs_and_stay_in_the_plan(self):
        source, folder, again = write(self.new("in.wav"), programme(4.0)), self.new("out"), self.new("again")
        self.good("master", source, "-o", folder, "--for", "apple-music,Deezer", "-q")
        codecs = document(folder / "report.json")["output"]["master"]["codecs"]
        self.assertEqual({each["codec"]: each["platforms"] for each in codecs},
                         {"aac-256": ["Apple Music"], "mp3-128": ["Deezer"], "mp3-320": ["Deezer"]})
        self.assertEqual(document(folder / "plan.json")["intent"]["platforms"], ["Apple Music", "Deezer"])
        self.good("render", folder / "plan.json", "-o", again, "-q")
        self.assertEqual(document(again / "report.json")["output"]["master"]["codecs"], codecs)
        self.good("render", folder / "plan.json", "-o", again, "--force", "--codec-check", "off", "-q")
        self.assertEqual(document(again / "report.json")["output"]["master"]["codecs"], [])
        plan = document(folder / "plan.json")
        plan["intent"]["platforms"] = ["Spotfy"]
        (folder / "plan.json").write_text(json.dumps(plan), encoding="utf-8")
        self.refused(3, "render", folder / "plan.json", "-o", self.new("no"), says=("$.intent.platforms", "did you mean \"spotify\"?"))

    def test_wrong_names_suggest_the_nearest(self):
        out = self.new("out")
        self.refused(2, "codec", self.source, "--codec", "aac-257", says="did you mean \"aac-256\"?")
        self.refused(2, "master", self.source, "-o", out, "--for", "spotfy", says="did you mean \"spotify\"?")
        self.refused(2, "master", self.source, "-o", out, "--codec", "mp3", says="Codecs: aac-128")
        self.refused(2, "master", self.source, "-o", out, "--codec", "mp3-128", "--codec-check", "off", says="--codec-check off")
        self.assertFalse(out.exists())

    def test_platforms_are_listed(self):
        words = self.good("platforms").out
        self.assertIn("apple-music", words)
        listed = self.good("platforms", "--json").json()
        for each in listed:
            self.good("codec", write(self.folder / "short.wav", programme(1.0)), "--for", each["platform"], "-q")


if __name__ == "__main__":
    main()
