"""Bad and odd inputs and outputs: a clear error, the documented exit code, nothing under a final name, inputs and earlier results untouched.

Every command that reads recordings meets every one of them. HostileQuick is what the sanitizer builds run too."""
import os
import pathlib
import struct
import subprocess
import tempfile
import unittest

import numpy

from harness import RATE, Case, digest, document, main, names, noise, programme, read, run, snapshot, song, tone, write, write_session


def wav_header(rate=RATE, channels=2, bits=16, data_bytes=4 * RATE, form=b"RIFF", tag=1):
    block = max(1, channels * bits // 8) & 0xFFFF
    fmt = struct.pack("<HHIIHH", tag, channels, rate, min(rate * block, 2 ** 32 - 1), block, bits)
    return form + struct.pack("<I", min(36 + data_bytes, 2 ** 32 - 1)) + b"WAVEfmt " + struct.pack("<I", 16) + fmt + b"data" + struct.pack("<I", data_bytes)


def rf64(frames):
    """An RF64 file that claims so many 16-bit stereo frames, and holds a hundred."""
    ds64 = b"ds64" + struct.pack("<IQQQI", 28, (4 * frames + 72) % 2 ** 64, 4 * frames % 2 ** 64, frames, 0)
    fmt = b"fmt " + struct.pack("<IHHIIHH", 16, 1, 2, RATE, 4 * RATE, 4, 16)
    return b"RF64" + b"\xff" * 4 + b"WAVE" + ds64 + fmt + b"data" + b"\xff" * 4 + b"\x01\x02" * 200


def bad_files():
    """{name: bytes} of files that no command can use."""
    sound = struct.pack("<%dh" % (2 * RATE), *([1000, -1000] * RATE))
    return {
        "empty.wav": b"",
        "text.wav": b"This is a letter and not a recording.\n" * 40,
        "riff-only.wav": b"RIFF",
        "no-sound.wav": wav_header(data_bytes=0),
        "half-missing.wav": wav_header(data_bytes=len(sound)) + sound[:len(sound) // 2],
        "header-only.wav": wav_header(data_bytes=4 * RATE),
        "no-rate.wav": wav_header(rate=0, data_bytes=len(sound)) + sound,
        "huge-rate.wav": wav_header(rate=2 ** 32 - 1, data_bytes=len(sound)) + sound,
        "300-channels.wav": wav_header(channels=300, data_bytes=len(sound)) + sound,
        "no-channels.wav": wav_header(channels=0, data_bytes=len(sound)) + sound,
        "no-bits.wav": wav_header(bits=0, data_bytes=len(sound)) + sound,
        "2-to-the-63.wav": rf64(2 ** 63 - 1),
        "2-to-the-61.wav": rf64(2 ** 61),
        "noise.flac": b"fLaC" + bytes(range(256)) * 20,
        "noise.mp3": b"\xff\xfb\x90\x64" + bytes(reversed(range(256))) * 8,
        "noise.ogg": b"OggS" + bytes(300),
        "noise.aiff": b"FORM\x00\x00\x10\x00AIFFCOMM" + bytes(50),
        "noise.caf": b"caff\x00\x01\x00\x00desc" + bytes(40),
        "noise.m4a": b"\x00\x00\x00\x20ftypM4A \x00\x00\x02\x00" + bytes(200),
    }


class HostileQuick(Case):
    """Small enough for a sanitizer build: every bad file through every command, no crash and nothing left behind."""

    def test_bad_recordings_are_refused_by_every_command(self):
        folder = self.new("bad")
        folder.mkdir()
        for name, content in bad_files().items():
            (folder / name).write_bytes(content)
        (folder / "missing.wav").symlink_to(folder / "nowhere.wav")
        out = self.folder / "out"
        before = names(folder)
        for path in sorted(folder.iterdir()):
            with self.subTest(file=path.name):
                for words in (["mix", path, "-o", out], ["master", path, "-o", out], ["plan", path, "-o", out], ["analyze", path]):
                    self.refused(3, *words, says=path.name)
                    self.assertFalse(out.exists(), words)
        self.assertEqual(names(folder), before)

    def test_what_is_not_there_or_not_a_file(self):
        empty = self.new("empty")
        empty.mkdir()
        pipe = self.new("pipe.wav")
        os.mkfifo(pipe)
        out = self.folder / "out"
        for path in (self.folder / "nowhere.wav", self.folder / "nowhere", empty, pipe, pathlib.Path("/dev/zero"), pathlib.Path("")):
            for command in ("mix", "master", "analyze", "plan"):
                with self.subTest(path=str(path), command=command):
                    done = run(command, path if str(path) != "." else "", *(["-o", out] if command != "analyze" else []), timeout=60)
                    self.assertEqual(done.code, 3, done)
                    self.assertIn("tonewright: ", done.err)
                    self.assertFalse(out.exists())
        self.refused(3, "master", empty, "-o", out)
        self.refused(3, "render", self.folder / "nowhere.json", "-o", out)

    def test_samples_that_are_no_numbers_become_silence_and_are_said(self):
        samples = programme(2.0)
        samples[100:110, 0], samples[5000, 1], samples[6000, 0] = numpy.nan, numpy.inf, -numpy.inf
        path = write(self.new("nan.wav"), samples, subtype="FLOAT")
        for command in ("mix", "master"):
            out = self.new(command)
            done = self.good(command, path, "-o", out)
            self.assertRegex(done.out, "not numbers|NaN", command)
            self.assertTrue(numpy.isfinite(read(out / "master.wav")[0]).all())
            self.assertGreater(numpy.abs(read(out / "master.wav")[0][20000:]).max(), 0.05)

    def test_very_short_and_strange_recordings_are_mixed_and_mastered(self):
        cases = {"one frame": (numpy.array([0.5]), RATE), "100 frames": (noise(100 / RATE, -20, 1), RATE), "0.3 s": (tone(440, 0.3, -12), RATE),
                 "silence": (numpy.zeros((RATE, 2)), RATE), "DC": (numpy.full((RATE, 2), 0.3), RATE), "square": (numpy.sign(tone(100.5, 1.0, 0)), RATE),
                 "8 kHz": (noise(1.0, -20, 2, 8000), 8000), "192 kHz": (noise(0.5, -20, 3, 192000), 192000)}
        for name, (samples, rate) in cases.items():
            with self.subTest(name):
                path = write(self.folder / name / "in.wav", samples, rate)
                for command in ("mix", "master"):
                    out = path.parent / command
                    if command == "mix" and name in ("one frame", "silence", "DC"):
                        self.refused(3, "mix", path, "-o", out, says="nothing to mix")
                        continue
                    self.good(command, path, "-o", out)
                    self.assertEqual(names(out), ["master.wav", "mix.wav", "plan.json", "report.html", "report.json", "session.json"] if command == "mix" else
                                     ["master.wav", "plan.json", "report.html", "report.json"])
                    master, master_rate = read(out / "master.wav")
                    self.assertEqual(master_rate, rate)
                    self.assertGreaterEqual(len(master), len(samples))
                    self.assertLessEqual(numpy.abs(master).max(), 10 ** (-1 / 20) + 1e-3)
                self.good("render", out / "plan.json", "-o", path.parent / "again")
                self.assertEqual(digest(path.parent / "again" / "master.wav"), digest(out / "master.wav"))


class OddSessions(Case):
    def test_mixed_rates_depths_formats_lengths_and_names(self):
        tracks = song(4.0)
        folder = self.new("in")
        write(folder / "Kick ☕🥁.wav", tracks["Kick"], subtype="PCM_16")
        write(folder / "ベース bass.flac", tracks["Bass DI"][::2], RATE // 2, subtype="PCM_16")
        write(folder / ("Gitarre " + "ä" * 100 + ".wav"), numpy.repeat(tracks["Gtr Clean"], 2), 2 * RATE, subtype="FLOAT")
        write(folder / "new\nline \"quoted\" 'piano' <b>&.wav", tracks["Piano"][:RATE], subtype="PCM_24")
        write(folder / "Lead Vox.aiff", tracks["Lead Vox"], subtype="PCM_16", format="AIFF")
        write(folder / "-o.wav", tracks["HiHat"], subtype="PCM_U8")
        write(folder / "Snare.ogg", tracks["Snare"], subtype="VORBIS", format="OGG")
        before = snapshot(folder)
        out = self.new("out 'ü'")
        report = self.good("mix", folder, "-o", out, "--stems", "--json").json()
        self.assertEqual(snapshot(folder), before)
        self.assertEqual(len(report["tracks"]), 7)
        mix, rate = read(out / "mix.wav")
        self.assertEqual(rate, RATE)
        self.assertLess(numpy.abs(sum(read(path)[0] for path in (out / "stems").iterdir()) - mix).max(), 10 ** (-90 / 20))
        self.good("render", out / "plan.json", "-o", out / "again")
        self.assertEqual(digest(out / "again" / "mix.wav"), digest(out / "mix.wav"))
        html = (out / "report.html").read_text(encoding="utf-8")
        self.assertNotIn("<b>&.wav", html)

    def test_a_name_that_is_no_unicode_is_mixed_and_said(self):
        folder = write_session(self.new("in"), {"Kick": tone(60, 1.0, -12)})
        (folder / "Kick.wav").rename(folder / os.fsdecode(b"basse \xe9.wav"))
        done = self.good("mix", folder, "-o", self.new("out"))
        self.assertIn("not Unicode", done.out)
        self.good("analyze", folder, "--json").json()

    def test_names_as_long_as_the_file_system_takes_them(self):
        folder = self.new("in")
        name = "n" * 251
        write(folder / f"{name}.wav", programme(1.0))
        write(folder / "bass.wav", tone(80, 1.0, -12))
        self.good("mix", folder, "-o", self.new("out"), "--stems")
        self.good("master", folder / f"{name}.wav", "-o", self.new("m"))
        self.good("master", folder / "bass.wav", "-o", self.folder / ("o" * 238 + ".wav"))  # "NAME.report.json" has 255 bytes then
        self.refused(4, "master", folder / "bass.wav", "-o", self.folder / ("o" * 251 + ".wav"), says="name")

    def test_many_tiny_tracks(self):
        folder = self.new("in")
        for i in range(64):
            write(folder / f"Take {i}.wav", noise(0.05 + 0.001 * i, -30, i))
        self.assertEqual(len(self.good("mix", folder, "-o", self.new("out"), "--json").json()["tracks"]), 64)

    def test_a_file_given_twice_or_through_a_link_plays_once(self):
        folder = self.new("in")
        path = write(folder / "Bass.wav", tone(80, 1.0, -12))
        write(folder / "Kick.wav", tone(60, 1.0, -12))
        link = folder.parent / "link.wav"
        link.symlink_to(path)
        loop = folder / "loop"
        loop.symlink_to(folder)
        for i, words in enumerate(([path, path, folder / "Kick.wav"], [folder, path, link], [folder, folder])):
            report = self.good("mix", *words, "-o", self.new(f"out{i}"), "--json").json()
            self.assertEqual(len(report["tracks"]), 2, words)

    def test_a_bad_file_in_a_good_session_is_named_and_nothing_is_written(self):
        folder = write_session(self.new("in"), {"Kick": tone(60, 1.0, -12), "Bass": tone(80, 1.0, -12)})
        (folder / "Snare.wav").write_bytes(b"RIFF")
        self.refused(3, "mix", folder, "-o", self.new("out"), says="Snare.wav")
        self.assertFalse((self.folder / f"{self._testMethodName}-out").exists())

    def test_a_folder_that_holds_no_sound_says_what_it_looked_for(self):
        folder = self.new("in")
        folder.mkdir()
        (folder / "lyrics.txt").write_text("la la")
        self.refused(3, "mix", folder, says="WAV")
        self.refused(3, "analyze", folder, says="no sound files")

    def test_surround_is_not_folded_down_silently(self):
        path = write(self.new("six.wav"), numpy.zeros((RATE, 6)))
        for command in ("mix", "master"):
            self.refused(3, command, path, "-o", self.new(command), says="6 channels")

    @unittest.skipIf(os.geteuid() == 0, "permissions do not bind the superuser")
    def test_an_unreadable_folder(self):
        folder = write_session(self.new("in"), {"Kick": tone(60, 1.0, -12)})
        folder.chmod(0)
        self.addCleanup(folder.chmod, 0o700)
        for command in ("mix", "analyze"):
            self.refused(3, command, folder, says=folder.name)


class Outputs(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.source = write(cls.folder / "in" / "song.wav", programme(2.0))
        cls.plan = cls.folder / "plan" / "plan.json"
        cls.good(cls(), "plan", cls.source, "-o", cls.plan.parent)

    def commands(self, out):
        return (["mix", self.source, "-o", out], ["master", self.source, "-o", out], ["plan", self.source, "-o", out], ["render", self.plan, "-o", out],
                ["demo", out])

    def test_what_exists_is_not_replaced_without_force(self):
        for i, words in enumerate(self.commands(self.folder / "exists")[:4]):
            out = self.new(f"exists{i}")
            out.mkdir()
            (out / "plan.json").write_text("precious")
            (out / "mix.wav").write_text("precious")
            before = snapshot(out)
            self.refused(4, *words[:-1], out, says=["plan.json", "--force"])
            self.assertEqual(snapshot(out), before)
            self.good(*words[:-1], out, "--force")
            self.assertNotEqual(snapshot(out)["plan.json"], before["plan.json"])
        out = self.new("demo")
        out.mkdir()
        (out / "truth.json").write_text("precious")
        self.refused(4, "demo", out, says=["truth.json", "--force"])
        self.assertEqual(names(out), ["truth.json"])

    def test_a_folder_where_a_file_should_be_and_the_other_way_round(self):
        out = self.new("out")
        (out / "plan.json").mkdir(parents=True)
        self.refused(4, "master", self.source, "-o", out, "--force", says="plan.json")
        self.assertEqual(names(out), [])
        folder = self.new("folder.wav")
        folder.mkdir()
        self.refused(4, "master", self.source, "-o", folder, says="folder.wav")
        file = self.new("file")
        file.write_text("precious")
        for words in self.commands(file) + self.commands(file / "below"):
            self.refused(4, *words, says="file")
            self.assertEqual(file.read_text(), "precious")

    def test_places_where_nothing_can_be_written(self):
        for words in self.commands("/proc/tonewright-test"):
            self.refused(4, *words, says="/proc")

    def test_a_read_only_file_system(self):
        with Mount(self, "size=1m", read_only=True) as place:
            for words in self.commands(place / "out"):
                self.refused(4, *words, says="ead-only")

    def test_a_full_disk(self):
        with Mount(self, "size=200k") as place:
            (place / "earlier.txt").write_text("precious")
            for words in self.commands(place / "out"):
                if words[0] == "plan":
                    continue
                done = self.refused(4, *words)
                self.assertRegex(done.err, "No space left|full", words)
                self.assertEqual(names(place), ["earlier.txt"], words)
                self.assertFalse((place / "out").exists())

    def test_a_result_never_replaces_a_recording(self):
        folder = self.new("in")
        source = write(folder / "mix.wav", programme(1.0))
        other = write(folder / "master.wav", tone(80, 1.0, -12))
        before = snapshot(folder)
        self.refused(4, "master", source, "-o", source, "--force", says="mix.wav")
        self.refused(4, "master", other, "-o", folder, "--force", says="master.wav")
        self.refused(4, "mix", source, other, "-o", folder, "--force", says="mix.wav")
        link = self.new("link")
        link.symlink_to(folder)
        self.refused(4, "mix", source, other, "-o", link, "--force", says="mix.wav")
        self.good("plan", source, "-o", folder)  # writes only plan.json
        self.refused(4, "render", folder / "plan.json", "-o", source, "--force", says="mix.wav")
        (folder / "plan.json").unlink()
        self.assertEqual(snapshot(folder), before)

    def test_results_beside_the_recordings_are_not_mixed_again(self):
        folder = write_session(self.new("in"), {"Kick": tone(60, 1.0, -12), "Bass": tone(80, 1.0, -12)})
        self.good("mix", folder, "-o", folder / "result", "--stems")
        report = self.good("mix", folder, "-o", folder / "result", "--stems", "--force", "--json").json()
        self.assertEqual(len(report["tracks"]), 2)

    def test_a_file_result_puts_the_rest_beside_it(self):
        out = self.new("out")
        self.good("mix", self.source, "-o", out / "song.wav")
        self.assertEqual(names(out), ["song.mix.wav", "song.plan.json", "song.report.html", "song.report.json", "song.session.json", "song.wav"])
        out = self.new("only-mix")
        self.good("mix", self.source, "-o", out / "song.wav", "--no-master")
        self.assertEqual(names(out), ["song.plan.json", "song.report.html", "song.report.json", "song.session.json", "song.wav"])

    def test_without_an_output_results_go_into_a_folder_here(self):
        here = self.new("here")
        here.mkdir()
        self.good("master", self.source, cwd=here)
        self.assertIn("song-master/master.wav", names(here))

    def test_an_earlier_part_file_of_a_dead_run_is_removed_and_of_a_living_one_is_not(self):
        out = self.new("out")
        out.mkdir()
        dead = subprocess.Popen(["true"])
        dead.wait()
        (out / f".master.wav.{dead.pid}.part").write_text("left over")
        (out / f".master.wav.{os.getpid()}.part").write_text("at work")
        self.good("master", self.source, "-o", out)
        self.assertEqual([name for name in names(out) if name.endswith(".part")], [f".master.wav.{os.getpid()}.part"])


class Mount:
    """A small file system of its own; the test is skipped where none can be mounted."""

    def __init__(self, test, options, read_only=False):
        self.test, self.options, self.read_only = test, options, read_only

    def __enter__(self):
        if os.geteuid() != 0:
            self.test.skipTest("only the superuser can mount")
        self.path = pathlib.Path(tempfile.mkdtemp(prefix="tonewright-mount-"))
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", self.options + (",ro" if self.read_only else ""), "tmpfs", str(self.path)], capture_output=True)
        if mounted.returncode != 0:
            self.path.rmdir()
            self.test.skipTest("no file system can be mounted here")
        return self.path

    def __exit__(self, *_):
        subprocess.run(["umount", str(self.path)], check=True)
        self.path.rmdir()


if __name__ == "__main__":
    main()
