"""The command line: help, wrong usage, streams, progress, exit codes (docs/command.md)."""
import json
import os
import pty
import re
import signal
import subprocess

import numpy

from harness import RATE, TONEWRIGHT, Case, main, names, programme, run, tone, write

COMMANDS = "demo mix master limit profile analyze plan render explain schema styles".split()


class HelpAndUsage(Case):
    def test_help_of_the_program_and_of_every_command(self):
        overview = self.good("--help")
        for command in COMMANDS:
            self.assertRegex(overview.out, rf"\n  {command} ")
            done = self.good(command, "--help")
            self.assertIn("Usage: tonewright " + command, done.out)
            self.assertIn("--progress", done.out)
            self.assertEqual(done.err, "")

    def test_version(self):
        self.assertRegex(self.good("--version").out, r"^tonewright \d+\.\d+\.\d+\n$")

    def test_no_command_at_all(self):
        self.refused(2, says="--help")

    def test_an_unknown_command_suggests_the_nearest(self):
        self.refused(2, "mixx", "x", says=["mixx", "did you mean mix?"])
        self.refused(2, "analyse", "x", says="did you mean analyze?")
        self.assertNotIn("did you mean", self.refused(2, "qwertyuiop").err)

    def test_an_unknown_flag_suggests_the_nearest(self):
        self.refused(2, "mix", "x", "--stem", says=["--stem", "did you mean --stems?", "tonewright mix --help"])
        self.refused(2, "master", "x", "--loudnes=-14", says="did you mean --loudness?")
        self.refused(2, "analyze", "x", "--jsn", says="did you mean --json?")
        self.refused(2, "render", "x", "--style", "pop", says="--style")  # deciding is over
        self.refused(2, "mix", "x", "-z", says="-z")

    def test_an_unknown_style_suggests_the_nearest(self):
        known = [line.split()[0] for line in self.good("styles").out.splitlines()]
        self.assertGreater(len(known), 3)
        typo = known[1][:-1]
        self.refused(2, "mix", "x", "--style", typo, says=[typo, known[1]])

    def test_missing_arguments(self):
        for command in "demo mix master analyze plan render explain schema".split():
            self.refused(2, command)
        self.refused(2, "master", "a.wav", "b.wav")

    def test_values_out_of_range(self):
        for wrong in (["--loudness", "loud"], ["--loudness", "nan"], ["--loudness", "3"], ["--loudness=-71"], ["--loudness", ""], ["--loudness=-14x"],
                      ["--ceiling", "1"], ["--ceiling=-21"], ["--ceiling", "nan"], ["--ceiling", "x"],
                      ["--intensity", "2.1"], ["--intensity=-0.1"], ["--intensity", "nan"],
                      ["--threads", "-1"], ["--threads", "x"], ["--threads", "1.5"], ["--progress", "fancy"], ["--block-size", "0"], ["--samples", "pcm8"]):
            self.refused(2, "master", "x.wav", *wrong, says=wrong[0].split("=")[0])

    def test_results_have_an_ending_that_can_be_written(self):
        source = write(self.new("in.wav"), tone(1000, 1.0, -12))
        self.refused(2, "master", source, "-o", self.new("out.mp3"), says=".wav")

    def test_the_loudness_can_be_given_in_all_documented_forms(self):
        source = write(self.new("in.wav"), programme(3.0))
        wanted = {"--loudness=-16": -16.0, "--loudness -16": -16.0, "--loudness -16.5": -16.5}
        for text, lufs in wanted.items():
            report = self.good("master", source, "--dry-run", "--json", *text.split(" ")).json()
            self.assertEqual(report["target"]["integratedLufs"], lufs)
        self.good("master", source, "--dry-run", "-q", "--loudness", "AUTO")


class Streams(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.source = write(cls.folder / "tone.wav", programme(3.0))

    def test_json_is_the_only_thing_on_stdout(self):
        plan = self.folder / "plan.json"
        self.good("plan", self.source, "-o", plan, "-q")
        runs = [["analyze", self.source], ["master", self.source, "-o", self.new("m")], ["mix", self.source, "-o", self.new("x")],
                ["plan", self.source, "-o", self.new("p")], ["render", plan, "-o", self.new("r")], ["explain", plan], ["schema", "plan"],
                ["schema", "report"], ["schema", "analysis"], ["schema", "profile"], ["styles"]]
        for words in runs:
            for progress in ("plain", "bar", "json"):
                done = self.good(*words, "--json", "--progress", progress, *(["--force"] if words[0] in ("master", "mix", "plan", "render") else []))
                document, end = json.JSONDecoder().raw_decode(done.out)
                self.assertEqual(done.out[end:], "\n", words)
                self.assertIsInstance(document, (dict, list), words)

    def test_progress_goes_to_stderr_and_the_summary_to_stdout(self):
        for style in ("auto", "bar", "plain", "json", "none"):
            done = self.good("master", self.source, "-o", self.new(style), "--progress", style)
            self.assertIn("LUFS", done.out)
            self.assertNotIn("Listening ...", done.out)
            if style == "none":
                self.assertEqual(done.err, "")
            elif style == "json":
                lines = [json.loads(line) for line in done.err.splitlines()]
                self.assertTrue(all(set(line) == {"stage", "done"} and 0 <= line["done"] <= 1 for line in lines))
                self.assertGreaterEqual(len({line["stage"] for line in lines}), 3)
                self.assertEqual([line["done"] for line in lines if line["stage"] == "Listening"][-1], 1.0)
            elif style == "bar":
                self.assertIn("100 %", done.err)
            else:  # auto, as stderr is no terminal here, is plain
                self.assertIn("Listening ...\n", done.err)
                self.assertNotIn("\r", done.err)

    def test_the_summary_has_a_dozen_lines_at_most(self):
        self.assertLessEqual(len(self.good("master", self.source, "-o", self.new("m")).out.strip().splitlines()), 12)

    def test_quiet_says_nothing_and_verbose_says_more(self):
        quiet = self.good("master", self.source, "-o", self.new("q"), "-q")
        self.assertEqual((quiet.out, quiet.err), ("", ""))
        plain = self.good("master", self.source, "-o", self.new("p"))
        verbose = self.good("master", self.source, "-o", self.new("v"), "-v")
        self.assertGreater(len(verbose.out.splitlines()), len(plain.out.splitlines()))

    def on_a_terminal(self, *words, env):
        """stderr as a terminal sees it."""
        try:
            ours, theirs = pty.openpty()
        except OSError as error:  # a container or chroot without /dev/pts
            self.skipTest(f"no terminal to be had here: {error}")
        process = subprocess.Popen([TONEWRIGHT, *map(str, words)], stdout=subprocess.DEVNULL, stderr=theirs, env={**os.environ, **env})
        os.close(theirs)
        shown = b""
        try:
            while chunk := os.read(ours, 4096):
                shown += chunk
        except OSError:  # how a terminal says that nobody writes any more
            pass
        os.close(ours)
        self.assertEqual(process.wait(), 0)
        return shown.decode()

    def test_a_terminal_sees_a_bar_and_no_color_takes_its_colour(self):
        environment = {"TERM": "xterm"}
        os.environ.pop("NO_COLOR", None)
        coloured = self.on_a_terminal("analyze", self.source, env=environment)
        self.assertIn("100 %", coloured)
        self.assertIn("\x1b[1m", coloured)
        self.assertNotRegex(self.on_a_terminal("analyze", self.source, env={**environment, "NO_COLOR": "1"}), r"\x1b\[\d*m")

    def test_a_closed_stdout_is_an_output_error_and_no_crash(self):
        for words in (["analyze", self.source, "--json"], ["analyze", self.source], ["schema", "report"], ["styles"],
                      ["master", self.source, "-o", self.new("out")]):
            reader, writer = os.pipe()
            os.close(reader)
            process = subprocess.Popen([TONEWRIGHT, *map(str, words)], stdout=writer, stderr=subprocess.PIPE)
            os.close(writer)
            _, err = process.communicate()
            self.assertEqual(process.returncode, 4, f"{words}: {err}")
            self.assertIn(b"stdout", err)
        # What was made before the summary could not be printed is complete.
        self.assertIn("master.wav", names(self.folder / f"{self._testMethodName}-out"))

    def test_a_full_stdout_is_an_output_error(self):
        if not os.path.exists("/dev/full"):
            self.skipTest("no /dev/full here")
        with open("/dev/full", "wb") as full:
            process = subprocess.run([TONEWRIGHT, "analyze", "--json", self.source], stdout=full, stderr=subprocess.PIPE)
        self.assertEqual(process.returncode, 4)


class ExitCodes(Case):
    def test_analyze_fails_on_faults_when_asked(self):
        clean = write(self.new("clean.wav"), programme(4.0))
        clipped = write(self.new("clipped.wav"), numpy.clip(4 * programme(4.0), -0.999, 0.999))
        self.good("analyze", clipped)
        self.good("analyze", clean, "--fail-on", "error")
        self.assertEqual(run("analyze", clipped, "--fail-on", "warn").code, 6)

    def test_analyze_of_many_tells_which_could_not_be_read(self):
        good = write(self.new("good.wav"), programme(2.0))
        bad = self.new("bad.wav")
        bad.write_text("not a recording")
        done = run("analyze", good, bad, "--json")
        self.assertEqual(done.code, 7)
        self.assertEqual([entry["path"] for entry in done.json()["files"]], [str(good)])
        self.assertEqual([entry["path"] for entry in done.json()["errors"]], [str(bad)])
        self.assertIn("bad.wav", done.err)
        self.assertEqual(run("analyze", bad, bad).code, 3)

    def test_strict_makes_a_missed_target_an_exit_code_of_its_own(self):
        silent = write(self.new("silent.wav"), numpy.zeros((RATE, 2)))
        done = run("master", silent, "-o", self.new("lax"))
        self.assertEqual(done.code, 0)
        self.assertRegex(done.out, "(?i)loudness.*silent")
        self.assertEqual(run("master", silent, "-o", self.new("strict"), "--strict").code, 5)

    def test_a_file_named_without_a_folder_is_written_here(self):
        source = write(self.new("in") / "song.wav", programme(2.0))
        for command, name in (("master", "loud.wav"), ("plan", "mine.json")):
            self.good(command, source.name, "-o", name, cwd=source.parent)
            self.assertTrue((source.parent / name).is_file())

    def test_dry_run_writes_nothing(self):
        source = write(self.new("in") / "song.wav", programme(2.0))
        for command in ("mix", "master", "plan"):
            self.good(command, source, "--dry-run", cwd=source.parent)
            self.good(command, source, "--dry-run", "-o", self.new(command), cwd=source.parent)
        self.assertEqual(names(source.parent), ["song.wav"])
        self.assertFalse((self.folder / f"{self._testMethodName}-mix").exists())


if __name__ == "__main__":
    main()
