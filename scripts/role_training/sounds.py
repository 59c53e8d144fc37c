"""The training sounds, round by round: (role, group, samples). A group is what is held out together: a soundfont, a kit."""
import numpy as np

from . import drums, soundfonts, synths, voices
from .processing import amplifier, band, normalised, recorded

SYNTHESISED = ("bass/synth", "bass/sub", "bass/sub", "synth/lead", "keys/synth", "pad/synth", "keys/electric-piano", "keys/organ", "guitar/acoustic", "guitar/acoustic",
               "guitar/electric-clean", "guitar/electric-driven", "guitar/electric-driven", "bass/electric", "bass/electric", "effects/effect", "effects/effect")
SOUNDFONT_ROLES = tuple(soundfonts.INSTRUMENTS) + ("keys/piano", "keys/piano", "keys/electric-piano", "bass/electric", "bass/electric", "guitar/acoustic", "guitar/electric-clean",
                                                   "guitar/electric-clean", "guitar/electric-driven", "strings/ensemble", "strings/solo", "winds/sax")


def _as_instrument(role, x, rng):
    """Amplifiers for what is played through one."""
    mono = np.asarray(x if x.ndim == 1 else x.mean(axis=1), np.float32)
    if role == "guitar/electric-driven":
        return amplifier(mono, rng, rng.uniform(16, 45))
    if role == "guitar/electric-clean" and rng.random() < 0.5:
        return amplifier(mono, rng, rng.uniform(-5, 9))
    if role == "bass/electric" and rng.random() < 0.4:
        return normalised(band(np.tanh(normalised(mono) * rng.uniform(1, 12)), high=rng.uniform(2000, 5000)))
    return x


class Sounds:
    def __init__(self, seed):
        self.rng = np.random.default_rng(seed)
        self.banks = {f"hydrogen/{kit}": (drums.hydrogen_bank(kit), "Electr" not in kit and "Vari" not in kit) for kit in drums.KITS}
        for name in soundfonts.SOUNDFONTS:
            for kit, bank in soundfonts.drum_banks(name).items():
                self.banks[kit] = (bank, not kit.endswith(("kit24", "kit25")))
        self.pool = []

    def _files(self, role, group, x, count):
        for _ in range(count):
            bleed = self.pool[int(self.rng.integers(len(self.pool)))] if self.pool and self.rng.random() < 0.3 else None
            yield role, group, recorded(x, self.rng, bleed, strength=1.0)
        self.pool = (self.pool + [np.asarray(x, np.float32)])[-24:]

    def round(self, index):
        rng = self.rng
        for name in soundfonts.SOUNDFONTS:
            seconds = float(rng.choice([6.0, 8.0, 11.0]))
            for role, group, x in soundfonts.clips(name, [str(r) for r in rng.permutation(SOUNDFONT_ROLES)], rng, seconds):
                if np.max(np.abs(x)) < 1e-3:
                    continue
                yield from self._files(role, name, _as_instrument(role, x, rng) if role != "guitar/electric-driven" else x, 1)
                if role == "guitar/electric-clean":
                    yield from self._files("guitar/electric-driven", name, _as_instrument("guitar/electric-driven", x, rng), 1)
        names = list(self.banks)
        kits = [f"hydrogen/{k}" for k in drums.KITS]
        for kit in (str(rng.choice(kits)), str(rng.choice(kits)), str(rng.choice(names)), "synthetic"):
            bank, acoustic = self.banks[kit] if kit != "synthetic" else (drums.synthetic_bank(rng), False)
            group = kit if kit != "synthetic" else f"synthetic {index % 3}"
            for role, x in drums.microphones(bank, rng, float(rng.choice([7.0, 10.0, 14.0])), acoustic):
                if np.max(np.abs(x)) > 1e-4:
                    yield from self._files("drums/overhead" if role == "drums/ride" else role, group.split("/kit")[0], x, 1)
        own = f"synthetic {index % 3}"
        for role in SYNTHESISED:
            x = synths.clip(role, rng, float(rng.choice([6.0, 9.0])))
            if np.max(np.abs(x)) > 1e-4:
                yield from self._files(role, own, _as_instrument(role, x, rng), 1)
        for make, role, count in ((voices.lead, "vocals/lead", 9), (voices.backing, "vocals/backing", 4), (voices.speech, "vocals/speech", 3)):
            for _ in range(count):
                yield from self._files(role, own, make(rng, float(rng.choice([6.0, 9.0]))), 1)
