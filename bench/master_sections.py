"""What bench/master measures: one function a section, each a generator of rows (dicts of names and values)."""
import json
import os
import pathlib
import subprocess
import sys

import numpy

import limiters
import meters
import peaq

CODECS = {  # name: (encoder arguments, file ending)
    "AAC 128": (["-c:a", "aac", "-b:a", "128k"], "m4a"), "AAC 256": (["-c:a", "aac", "-b:a", "256k"], "m4a"),
    "MP3 128": (["-c:a", "libmp3lame", "-b:a", "128k"], "mp3"), "MP3 320": (["-c:a", "libmp3lame", "-b:a", "320k"], "mp3"),
    "Opus 128": (["-c:a", "libopus", "-b:a", "128k", "-ar", "48000"], "opus"), "Vorbis q5": (["-c:a", "libvorbis", "-q:a", "5"], "ogg")}


class Bench:
    """What every section needs: the command, the mixes, where they begin and how much of them is used, a place for files."""

    def __init__(self, options, scratch):
        self.binary, self.files, self.options, self.scratch = str(pathlib.Path(options.binary).resolve()), options.files, options, scratch
        self.ceiling = options.ceiling

    def path(self, name):
        return str(pathlib.Path(self.scratch, name))

    def excerpts(self):
        """(name, samples, rate, path of a 32-bit WAV) of every mix."""
        names = [os.path.splitext(os.path.basename(file))[0] for file in self.files]
        for file, name in zip(self.files, names):
            if names.count(name) > 1:
                name = f"{os.path.basename(os.path.dirname(os.path.abspath(file)))}/{name}"
            audio, rate = meters.read(file, self.options.start, self.options.seconds)
            if meters.integrated_lufs(audio, rate) is None:
                continue
            path = self.path("excerpt.wav")
            meters.write(path, audio, rate)
            yield name, audio, rate, path

    def run(self, *arguments):
        done = subprocess.run([self.binary, *arguments], stdin=subprocess.DEVNULL, capture_output=True, text=True)
        if done.returncode not in (0, 5):
            raise RuntimeError(f"tonewright {' '.join(arguments)}: exit {done.returncode}: {done.stderr.strip()[-300:]}")
        return done.stdout

    def knows(self, flag):
        return flag in self.run("master", "--help").split()

    def master(self, source, *arguments, name="master.wav"):
        """(samples, rate, report) of a master of the file."""
        target = self.path(name)
        report = self.run("master", source, "-o", target, "--ceiling", str(self.ceiling), "--samples", "float32", "--force", "--json", "--progress",
                          "none", *arguments)
        audio, rate = meters.read(target)
        return audio, rate, json.loads(report)


def levels(audio, rate):
    return {"lufs": meters.integrated_lufs(audio, rate), "dbtp": meters.true_peak_dbtp(audio, rate)}


def limiter_stage(bench):
    """The limiter alone at one loudness and ceiling: grade of each limiter against its unlimited input."""
    present = []
    for limiter in limiters.known(bench.binary):
        if bench.options.limiters and limiter.name not in bench.options.limiters.split(","):
            continue
        try:
            limiter.check()
            present.append(limiter)
        except limiters.Unavailable as why:
            yield {"limiter": limiter.name, "note": f"left out: {why}"}
    for name, audio, rate, _ in bench.excerpts():
        start = {}
        free = meters.integrated_lufs(audio, rate) + bench.ceiling - meters.true_peak_dbtp(audio, rate)
        for target in bench.options.targets:
            if target <= free:
                yield {"mix": name, "target": target, "note": "gain alone reaches it"}
                continue
            for limiter in present:
                run = limiters.Run(limiter, audio, rate, bench.ceiling, bench.scratch)
                found = limiters.at_loudness(run, target, start.get(limiter.name))
                # Three louder LU ask for a little more drive than this one did.
                start[limiter.name] = found["driveDb"] + 1.3 * max(0.0, _next(bench.options.targets, target) - target)
                row = {"mix": name, "target": target, "limiter": limiter.name, "lufs": found["lufs"], "dbtp": found["truePeakDbtp"],
                       "drive": found["driveDb"], "scaled": found["scaledDb"]}
                if abs(found["lufs"] - target) > 0.1:
                    row["note"] = "does not reach the loudness"
                row.update(_grades(peaq.compare(audio, found["audio"], rate, level_lufs=bench.options.level)))
                if found["scaledDb"] < -0.1:
                    row["note"] = f"overshot the ceiling by {-found['scaledDb']:.2f} dB before scaling"
                yield row


def _next(targets, target):
    after = targets[targets.index(target) + 1:]
    return after[0] if after else target


def _grades(result):
    return {"odg": result["odg"], "worst": result["worst"]["odg"], "di": result["di"], "movs": result["movs"]}


def loudness_solve(bench):
    """Asked loudness against reached loudness; beside loudnorm in two passes."""
    for name, _, _, path in bench.excerpts():
        for target in bench.options.targets + ([-8.0] if -8.0 not in bench.options.targets else []):
            audio, rate, report = bench.master(path, "--loudness", str(target))
            yield {"mix": name, "asked": target, "by": "tonewright", **levels(audio, rate), "note": "" if report["target"]["reached"]
                   else report["target"]["text"].strip()}
            target_file = bench.path("loudnorm.wav")
            loudnorm(path, target_file, rate, target, bench.ceiling)
            yield {"mix": name, "asked": target, "by": "loudnorm", **levels(*meters.read(target_file))}


def loudnorm(source, target_file, rate, target, ceiling):
    """ffmpeg's loudnorm, measured first; loudness range left as it is."""
    first = subprocess.run(["ffmpeg", "-hide_banner", "-nostats", "-i", source, "-af", f"loudnorm=I={target}:TP={ceiling}:LRA=50:print_format=json", "-f",
                            "null", "-"], stdin=subprocess.DEVNULL, capture_output=True, text=True, check=True).stderr
    found = json.loads(first[first.rindex("{"):first.rindex("}") + 1])
    limiters.through_ffmpeg(f"loudnorm=I={target}:TP={ceiling}:LRA=50:measured_I={found['input_i']}:measured_TP={found['input_tp']}"
                            f":measured_LRA={found['input_lra']}:measured_thresh={found['input_thresh']}:offset={found['target_offset']}",
                            source, target_file, rate)


def references(bench):
    """Every mix mastered towards the next in the list: loudness, true peak and shape against the reference."""
    if not bench.knows("--reference"):
        yield {"note": "left out: this tonewright has no --reference"}
        return
    pairs = [(bench.files[i], bench.files[(i + 1) % len(bench.files)]) for i in range(len(bench.files))]
    for song, reference in bench.options.pair or pairs:
        audio, rate, report = bench.master(song, "--reference", reference)
        wanted, wanted_rate = meters.read(reference)
        have, want = meters.third_octaves(audio, rate), meters.third_octaves(wanted, wanted_rate)
        mid, side = meters.shape_error(have, want, "mid"), meters.shape_error(have, want, "side")
        now, goal = levels(audio, rate), meters.integrated_lufs(wanted, wanted_rate)
        yield {"song": os.path.basename(song), "reference": os.path.basename(reference), "lufs": now["lufs"], "off": now["lufs"] - goal,
               "dbtp": now["dbtp"], "mid rms": mid["rms"], "mid max": mid["max"], "side rms": side["rms"], "side max": side["max"],
               "note": "" if report["target"]["reached"] else report["target"]["text"].strip()}


def codecs(bench):
    """True peaks of masters after encoding and decoding."""
    flags = ["--codec-check", "on"] if bench.knows("--codec-check") else []
    for name, _, _, path in bench.excerpts():
        audio, rate, _ = bench.master(path, "--loudness", str(bench.options.codec_loudness), *flags)
        row = {"mix": name, "master": meters.true_peak_dbtp(audio, rate)}
        for codec, (arguments, ending) in CODECS.items():
            packed, unpacked = bench.path("packed." + ending), bench.path("unpacked.wav")
            limiters.run_quietly(["ffmpeg", "-v", "error", "-y", "-i", bench.path("master.wav"), *arguments, packed])
            limiters.run_quietly(["ffmpeg", "-v", "error", "-y", "-i", packed, "-c:a", "pcm_f32le", unpacked])
            row[codec] = meters.true_peak_dbtp(*meters.read(unpacked))
        yield row


def finished_masters(bench):
    """A finished master in, at its own loudness: what is changed. The master is ours of the mix and, where asked, files as they are."""
    finished = [(pathlib.Path(file).stem, *meters.read(file)) for file in bench.options.finished]
    for name, _, _, path in bench.excerpts() if not finished else []:
        audio, rate, _ = bench.master(path, "--loudness", str(bench.options.finished_loudness), name="first.wav")
        finished.append((name, audio, rate))
    for name, audio, rate in finished:
        source = bench.path("finished.wav")
        meters.write(source, audio, rate)
        own = meters.integrated_lufs(audio, rate)
        again, _, _ = bench.master(source, "--loudness", f"{own:.2f}")
        before, after = meters.third_octaves(audio, rate), meters.third_octaves(again, rate)
        moved = {which: meters.shape_error(after, before, which)["max"] for which in ("mid", "side")}
        result = peaq.compare(audio, again, rate)
        yield {"master": name, "lufs in": own, **levels(again, rate), "odg": result["odg"], "worst": result["worst"]["odg"],
               "mid moved": moved["mid"], "side moved": moved["side"]}


def input_levels(bench):
    """The same song at three levels: how alike the masters are."""
    for name, audio, rate, _ in bench.excerpts():
        rms = 10 * numpy.log10(numpy.mean(audio ** 2))
        masters = {}
        for level in (-30.0, -20.0, -14.0):
            source = bench.path("levelled.wav")
            meters.write(source, audio * 10 ** ((level - rms) / 20), rate)
            masters[level] = bench.master(source, "--loudness", str(bench.options.finished_loudness))[0]
        middle = masters[-20.0]
        row = {"mix": name}
        for level in (-30.0, -14.0):
            row[f"null {level:g}"] = meters.null_db(middle, masters[level])
            spectra = meters.third_octaves(middle, rate), meters.third_octaves(masters[level], rate)
            row[f"differs {level:g}"] = float(max(numpy.abs(spectra[0][which] - spectra[1][which])[spectra[0][which] > -120].max(initial=0)
                                                  for which in ("mid", "side")))
        yield row


MEASURE = ("import json, resource, subprocess, sys, time; start = time.perf_counter(); code = subprocess.call(sys.argv[1:]); "
           "usage = resource.getrusage(resource.RUSAGE_CHILDREN); "
           "print(json.dumps([code, time.perf_counter() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024]))")


def measured(command):
    """(wall seconds, processor seconds, peak MB) of a command. Started by a small process: a child's peak counts what its parent held."""
    done = subprocess.run([sys.executable, "-I", "-S", "-c", MEASURE, *command], stdin=subprocess.DEVNULL, capture_output=True, text=True, check=True)
    code, *figures = json.loads(done.stdout.splitlines()[-1])
    if code:
        raise RuntimeError(f"{' '.join(command)}: exit {code}: {done.stderr.strip()[-300:]}")
    return figures


def speed(bench):
    """The whole master of a file made long by repeating the first mix: time and memory, on two processors."""
    for minutes in bench.options.minutes:
        audio, rate = meters.read(bench.files[0], bench.options.start, bench.options.seconds)
        source, target = bench.path("long.wav"), bench.path("long-master.wav")
        with meters.soundfile.SoundFile(source, "w", rate, audio.shape[1], "PCM_24") as file:
            left = int(60 * minutes * rate)
            while left > 0:
                file.write(audio[:left])
                left -= len(audio)
        processors = sorted(os.sched_getaffinity(0))[:2]
        command = ["taskset", "-c", ",".join(map(str, processors)), bench.binary, "master", source, "-o", target, "--force", "-q", "--progress", "none"]
        if bench.knows("--codec-check"):
            command += ["--codec-check", "off"]
        for loudness in ([], ["--loudness", "-9"]):
            runs = [measured(command + loudness) for _ in range(bench.options.runs)]
            wall, cpu, memory = (float(numpy.median(column)) for column in zip(*runs))
            yield {"minutes": minutes, "loudness": loudness[-1] if loudness else "auto", "wall s": wall, "cpu s": cpu, "MB": memory,
                   "x real time": 60 * minutes / wall, "busy": os.getloadavg()[0]}


SECTIONS = {"limiters": limiter_stage, "loudness": loudness_solve, "references": references, "codecs": codecs, "finished": finished_masters,
            "levels": input_levels, "speed": speed}
