#!/usr/bin/env python3
"""Runs a sound file through Tonewright's limiter and the limiters that Debian packages, at a drive or at a loudness.

    bench/limiters.py --list
    bench/limiters.py IN NAME [--drive DB | --loudness LUFS] [--ceiling DBTP] -o OUT.wav

Drive is applied before the program, in floating point. Latency is taken out (cross-correlation), the result has the input's
length. At a loudness (of the file as it comes out), drive is solved; the output is then scaled so that its true peak stands at the
ceiling exactly and drive is found for the loudness after this scaling, so that every program is compared at one loudness and one ceiling:
what overshoots has to be driven harder, what stays below is given its distance back. Needs ffmpeg; the plugins run in ffmpeg's lv2 filter
(lv2apply knows no plugin that has event ports) and come with Debian's x42-plugins, lsp-plugins-lv2 and calf-plugins.
"""
import argparse
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

import numpy

import meters

ROOT = pathlib.Path(__file__).resolve().parent.parent
AROUND_SECONDS = 0.5  # silence before and after, for latency and for parameters that glide to their values


class Unavailable(Exception):
    """A program that is not installed, with what to install."""


def run_quietly(command):
    result = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if result.returncode:
        raise RuntimeError(f"{command[0]} failed ({result.returncode}): {result.stderr.strip()[-400:]}")
    return result


def through_ffmpeg(filters, source, target, rate):
    run_quietly(["ffmpeg", "-v", "error", "-y", "-i", source, "-af", filters, "-ar", str(rate), "-c:a", "pcm_f32le", target])


def lv2(uri, **controls):
    escaped = uri.replace(":", r"\\:")
    return f"lv2=p={escaped}:c=" + "|".join(f"{name}={value:.7g}" for name, value in controls.items())


class Filtered:
    """A limiter that is a chain of ffmpeg filters; chain(ceiling gain) makes the text."""

    def __init__(self, name, package, settings, chain, bundle=None):
        self.name, self.package, self.settings, self.chain, self.bundle = name, package, settings, chain, bundle

    def check(self):
        if not shutil.which("ffmpeg"):
            raise Unavailable("ffmpeg is not installed")
        folders = os.environ.get("LV2_PATH", "/usr/lib/lv2:/usr/local/lib/lv2").split(":")
        if self.bundle and not any(pathlib.Path(folder, self.bundle).exists() for folder in folders):
            raise Unavailable(f"Debian's {self.package} is not installed")

    def process(self, source, target, rate, ceiling_db):
        through_ffmpeg(self.chain(10 ** (ceiling_db / 20)), source, target, rate)


class Tonewright:
    """`tonewright limit`, as it stands in the build."""

    name, package, settings = "tonewright", "this build", "tonewright limit, defaults"

    def __init__(self, binary=None, options=()):
        self.binary = str(binary or os.environ.get("TONEWRIGHT", ROOT / "build/release/tonewright"))
        self.options = list(options)

    def check(self):
        if not pathlib.Path(self.binary).exists():
            raise Unavailable(f"{self.binary} is not built")

    def process(self, source, target, rate, ceiling_db):
        del rate
        run_quietly([self.binary, "limit", source, "--drive", "0", "--ceiling", f"{ceiling_db}", "-o", target, "--float", "--force", "-q",
                     *self.options])


def _dpl(release):
    return lambda limit: lv2("http://gareus.org/oss/lv2/dpl#stereo", gain=0, threshold=20 * numpy.log10(limit), release=release, truepeak=1)


def _lsp(attack, release):
    # Mode 0 is Herm Thin; oversampling 10 is half x8 (3L): in the detector, with less overshoot and better grades than the full modes.
    return lambda limit: lv2("http://lsp-plug.in/plugins/lv2/limiter_stereo", th=limit, boost=0, alr=0, mode=0, ovs=10, lk=5, at=attack, rt=release)


def _calf(attack, release, asc):
    return lambda limit: lv2("http://calf.sourceforge.net/plugins/Limiter", limit=limit, auto_level=0, oversampling=4, attack=attack,
                             release=release, asc=asc)


def _alimiter(attack, release, oversampled=False):
    before = "aresample=192000:filter_size=64," if oversampled else ""
    return lambda limit: f"{before}alimiter=limit={limit:.7g}:level=0:attack={attack}:release={release}:latency=1"


def known(binary=None, options=()):
    """Every limiter, ours first: with its own times and its best oversampling or true-peak mode; "-fast" with the times that grade best."""
    return [
        Tonewright(binary, options),
        Filtered("dpl", "x42-plugins", "true peak, release 10 ms (its own)", _dpl(0.01), "dpl.lv2"),
        Filtered("lsp", "lsp-plugins-lv2", "Herm Thin, half x8 (3L), 5/5/5 ms (its own), no ALR, no boost", _lsp(5, 5), "lsp-plugins.lv2"),
        Filtered("calf", "calf-plugins", "4x, lookahead 5 ms, release 50 ms, ASC (its own)", _calf(5, 50, 1), "calf.lv2"),
        Filtered("alimiter", "ffmpeg", "attack 5 ms, release 50 ms (its own)", _alimiter(5, 50)),
        Filtered("alimiter192", "ffmpeg", "the same at 192 kHz", _alimiter(5, 50, True)),
        Filtered("dpl-fast", "x42-plugins", "true peak, release 1 ms", _dpl(0.001), "dpl.lv2"),
        Filtered("lsp-fast", "lsp-plugins-lv2", "Herm Thin, half x8 (3L), 5/2.5/2.5 ms", _lsp(2.5, 2.5), "lsp-plugins.lv2"),
        Filtered("calf-fast", "calf-plugins", "4x, lookahead 1 ms, release 10 ms", _calf(1, 10, 0), "calf.lv2"),
        Filtered("alimiter192-fast", "ffmpeg", "192 kHz, attack 1 ms, release 1 ms", _alimiter(1, 1, True)),
    ]


class Run:
    """One excerpt and one limiter: what comes out at a drive, before any scaling."""

    def __init__(self, limiter, audio, rate, ceiling_db, scratch):
        self.limiter, self.audio, self.rate, self.ceiling_db = limiter, audio, rate, ceiling_db
        self.source, self.target = str(pathlib.Path(scratch, "driven.wav")), str(pathlib.Path(scratch, "limited.wav"))

    def at(self, drive_db):
        around = numpy.zeros((int(AROUND_SECONDS * self.rate), self.audio.shape[1]))
        meters.write(self.source, numpy.concatenate([around, self.audio * 10 ** (drive_db / 20), around]), self.rate)
        self.limiter.process(self.source, self.target, self.rate, self.ceiling_db)
        output, rate = meters.read(self.target)
        if rate != self.rate:
            raise RuntimeError(f"{self.limiter.name} changed the rate to {rate}")
        output = output[len(around):]
        delay = meters.delay_frames(self.audio, output, self.rate, AROUND_SECONDS / 2)
        output = output[delay:] if delay >= 0 else numpy.concatenate([around[:-delay], output])
        output = output[:len(self.audio)]
        return numpy.pad(output, ((0, len(self.audio) - len(output)), (0, 0)))


def at_loudness(run, loudness_lufs, start_db=None, tolerance_lu=0.05, rounds=12):
    """{audio, driveDb, lufs, truePeakDbtp, scaledDb}: output at the loudness with its true peak at the ceiling.

    Where gain alone reaches the loudness under the ceiling the limiter has nothing to do and the peak stays where it is.
    """
    own = meters.integrated_lufs(run.audio, run.rate)
    headroom = run.ceiling_db - meters.true_peak_dbtp(run.audio, run.rate)
    least = loudness_lufs - own
    tried = []
    drive = least if start_db is None else start_db
    for _ in range(rounds):
        output = run.at(drive)
        peak = meters.true_peak_dbtp(output, run.rate)
        scaled = run.ceiling_db - peak if drive > headroom or peak > run.ceiling_db else 0.0
        reached = meters.integrated_lufs(output, run.rate) + scaled
        best = {"audio": output * 10 ** (scaled / 20), "driveDb": drive, "lufs": reached, "truePeakDbtp": peak + scaled, "scaledDb": scaled}
        error = loudness_lufs - reached
        if abs(error) <= tolerance_lu:
            return best
        if tried and drive > tried[-1][0] and tried[-1][1] - error < 0.05 * (drive - tried[-1][0]) and error > 0:
            return best  # more drive has stopped to make it louder
        tried.append((drive, error))
        below = [t for t in tried if t[1] > 0]
        above = [t for t in tried if t[1] <= 0]
        if below and above:  # a bracket: the straight line between its ends, kept away from them
            (a, ea), (b, eb) = max(below), min(above)
            drive = a + (b - a) * min(0.9, max(0.1, ea / (ea - eb)))
        else:
            drive += 1.5 * error
        if drive > least + 40:
            break
    return best


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", nargs="?")
    parser.add_argument("limiter", nargs="?")
    parser.add_argument("--list", action="store_true", help="the limiters, their settings and whether they are here")
    parser.add_argument("--drive", type=float, default=0.0)
    parser.add_argument("--loudness", type=float)
    parser.add_argument("--ceiling", type=float, default=-1.0)
    parser.add_argument("--binary", help="tonewright to run (default: build/release/tonewright or $TONEWRIGHT)")
    parser.add_argument("-o", "--output")
    options = parser.parse_args()
    limiters = {limiter.name: limiter for limiter in known(options.binary)}
    if options.list:
        for limiter in limiters.values():
            try:
                limiter.check()
                state = ""
            except Unavailable as why:
                state = f"  absent: {why}"
            print(f"{limiter.name:12s} {limiter.package:16s} {limiter.settings}{state}")
        return
    if options.limiter not in limiters or not options.output:
        parser.error("IN, NAME (one of " + ", ".join(limiters) + ") and -o OUT are needed")
    try:
        limiters[options.limiter].check()
        audio, rate = meters.read(options.source)
        with tempfile.TemporaryDirectory() as scratch:
            run = Run(limiters[options.limiter], audio, rate, options.ceiling, scratch)
            if options.loudness is None:
                output = run.at(options.drive)
            else:
                found = at_loudness(run, options.loudness)
                output = found["audio"]
                print(f"drive {found['driveDb']:.2f} dB, scaled {found['scaledDb']:+.2f} dB", file=sys.stderr)
        meters.write(options.output, output, rate)
        print(f"{meters.integrated_lufs(output, rate):.2f} LUFS, {meters.true_peak_dbtp(output, rate):.2f} dBTP")
    except (Unavailable, OSError, RuntimeError) as error:
        sys.exit(f"limiters: {error}")


if __name__ == "__main__":
    main()
