"""Signals and kills at any moment: no partial file under a final name, earlier results as they were, inputs unchanged."""
import signal
import subprocess
import time

import soundfile

from harness import RESULTS, TONEWRIGHT, Case, main, names, programme, read, run, snapshot, song, write, write_session

SECONDS = 8.0


class Interrupted(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.session = write_session(cls.folder / "session", song(SECONDS))
        cls.source = write(cls.folder / "in" / "song.wav", programme(30.0))
        cls.inputs = snapshot(cls.session), snapshot(cls.source.parent)
        cls.mix = ["mix", cls.session, "--stems"]
        cls.master = ["master", cls.source]

    def start(self, *words):
        return subprocess.Popen([TONEWRIGHT, *map(str, words)], stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def how_long(self, words, out):
        began = time.monotonic()
        self.good(*words, "-o", out)
        return time.monotonic() - began

    def assert_inputs_unchanged(self):
        self.assertEqual((snapshot(self.session), snapshot(self.source.parent)), self.inputs)

    def test_a_polite_signal_ends_it_with_its_code_and_leaves_nothing(self):
        for words in (self.mix, self.master):
            whole = self.how_long(words, self.new(f"whole-{words[0]}"))
            for which, code in ((signal.SIGINT, 130), (signal.SIGTERM, 143)):
                for share in (0.15, 0.6):
                    out = self.folder / "interrupted"
                    process = self.start(*words, "-o", out)
                    time.sleep(share * whole)
                    process.send_signal(which)
                    _, err = process.communicate(timeout=20)
                    self.assertEqual(process.returncode, code, err)
                    self.assertIn(b"nothing was written", err)
                    self.assertFalse(out.exists(), names(out) if out.exists() else "")
        self.assert_inputs_unchanged()

    def test_a_demo_that_is_interrupted_leaves_nothing(self):
        out = self.folder / "demo"
        process = self.start("demo", out)
        time.sleep(0.5)
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)
        self.assertEqual(process.returncode, 143)
        self.assertFalse(out.exists())

    def test_a_kill_at_any_moment_leaves_earlier_results_or_complete_new_ones(self):
        for words in (self.mix, self.master):
            out = self.new(words[0])
            whole = self.how_long(words, out)
            earlier = snapshot(out)
            flags = ["--loudness=-17", "--force"]  # other results than those that are there
            scratch = self.new(f"{words[0]}-scratch")
            self.good(*words, *flags, "-o", scratch)
            later = snapshot(scratch)
            self.assertNotEqual(earlier["master.wav"], later["master.wav"])
            moments = [0.02, 0.2, 0.4, 0.6, 0.75, 0.9, 0.97, 1.0]
            for share in moments:
                process = self.start(*words, *flags, "-o", out)
                time.sleep(share * whole)
                process.kill()
                process.communicate()
                for name, found in snapshot(out).items():
                    if name.endswith(".part"):
                        continue
                    if name not in earlier:  # a plan that a new one has replaced
                        self.assertRegex(name, r"^plan\.\d+\.json$")
                        self.assertIn(found, (earlier["plan.json"], later["plan.json"]), f"{name}, killed after {share} of the time")
                    elif not name.startswith("report."):  # they name their folder
                        self.assertIn(found, (earlier[name], later[name]), f"{name}, killed after {share} of the time")
                    elif name.endswith(".wav"):
                        read(out / name)
            # The next run clears what the killed ones left and is as good as the first.
            self.good(*words, "-o", out, "--force")
            self.assertEqual([name for name in names(out) if name.endswith(".part")], [])
            self.assertEqual({k: v for k, v in snapshot(out).items() if k in earlier and not k.startswith("report")},
                             {k: v for k, v in earlier.items() if not k.startswith("report")})
        self.assert_inputs_unchanged()

    def test_a_kill_of_a_first_run_leaves_no_result_that_is_not_whole(self):
        whole = self.how_long(self.master, self.new("whole"))
        for i, share in enumerate((0.1, 0.3, 0.5, 0.7, 0.9, 1.0)):
            out = self.folder / f"first-{i}"
            process = self.start(*self.master, "-o", out)
            time.sleep(share * whole)
            process.kill()
            process.communicate()
            finals = [name for name in names(out) if not name.endswith(".part")] if out.exists() else []
            for name in finals:
                self.assertIn(name, RESULTS)
                if name.endswith(".wav"):
                    self.assertEqual(soundfile.info(str(out / name)).frames, soundfile.info(str(self.source)).frames)
        self.assert_inputs_unchanged()


if __name__ == "__main__":
    main()
