"""The training sounds, round by round: (role, group, samples). A group is what is held out together: a soundfont, a kit, a bank."""
import numpy as np

from . import drums, plugins, presets, soundfonts, stk, synths, voices
from .processing import amplifier, band, normalised, recorded

SYNTHESISED = ("bass/synth", "bass/sub", "bass/sub", "synth/lead", "keys/synth", "pad/synth", "keys/electric-piano", "keys/organ", "guitar/acoustic", "guitar/acoustic",
               "guitar/electric-clean", "guitar/electric-clean", "guitar/electric-driven", "guitar/electric-driven", "bass/electric", "bass/electric", "effects/effect", "effects/effect")
SOUNDFONT_ROLES = tuple(soundfonts.INSTRUMENTS) + ("keys/piano", "keys/piano", "keys/electric-piano", "bass/electric", "bass/electric", "guitar/acoustic", "guitar/electric-clean",
                                                   "guitar/electric-clean", "guitar/electric-driven", "strings/ensemble", "strings/solo", "winds/sax")
SOUNDFONTS_A_ROUND = 3
PRESET_ROLES = {"bass/synth": 5, "bass/electric": 1, "keys/organ": 4, "keys/electric-piano": 4, "keys/piano": 3, "keys/synth": 2, "keys/clavinet": 1, "keys/accordion": 1, "pad/synth": 4, "synth/lead": 4,
                "strings/ensemble": 2, "brass/ensemble": 2, "mallets/mallets": 2, "winds/flute": 1, "winds/clarinet": 1, "vocals/choir": 1, "guitar/electric-clean": 2, "guitar/electric-driven": 1,
                "strings/plucked": 1, "effects/effect": 2}
PLUGIN_ROLES = ("keys/electric-piano",) * 3 + ("keys/piano",) * 3 + ("keys/organ",) * 4 + ("keys/synth",) * 2 + ("synth/lead",) * 3 + ("bass/synth",) * 2
ELECTRONIC = ("Electr", "Vari", "kit24", "kit25")


def _as_instrument(role, x, rng):
    """Amplifiers for what is played through one."""
    mono = np.asarray(x if x.ndim == 1 else x.mean(axis=1), np.float32)
    if role == "guitar/electric-driven":
        return amplifier(mono, rng, rng.uniform(16, 45))
    if role == "guitar/electric-clean" and rng.random() < 0.5:
        return amplifier(mono, rng, rng.uniform(-5, 9))
    if role == "bass/electric" and rng.random() < 0.4:
        return normalised(band(np.tanh(normalised(mono) * rng.uniform(1, 12)), high=rng.uniform(2000, 5000)))
    if role in ("keys/organ", "keys/electric-piano", "keys/clavinet") and rng.random() < 0.2:
        return amplifier(mono, rng, rng.uniform(-5, 18))
    return x


class Sounds:
    def __init__(self, seed):
        self.rng = np.random.default_rng(seed)
        self.banks = {f"hydrogen/{kit}": drums.hydrogen_bank(kit) for kit in drums.KITS}
        for name in (*soundfonts.SOUNDFONTS, *soundfonts.DRUM_SOUNDFONTS):
            self.banks |= soundfonts.drum_banks(name)
        self.recorded_kits = [kit for kit in self.banks if kit.startswith(("hydrogen", "pearl", "zeppelin"))]
        self.presets, self.host, self.pool = presets.catalogue(), plugins.Host(), []

    def _file(self, role, group, x):
        bleed = self.pool[int(self.rng.integers(len(self.pool)))] if self.pool and self.rng.random() < 0.3 else None
        self.pool = (self.pool + [np.asarray(x, np.float32)])[-24:]
        return role, group, recorded(x, self.rng, bleed, strength=1.0)

    def round(self, index):
        for role, group, x in self._raw(index):
            if x is not None and len(x) > 20000 and np.max(np.abs(x)) > 1e-3:
                yield self._file(role, group, x)

    def _raw(self, index):
        rng, own = self.rng, f"synthetic {index % 3}"
        seconds = lambda: float(rng.choice([6.0, 8.0, 10.0]))
        for name in rng.permutation(list(soundfonts.SOUNDFONTS))[:SOUNDFONTS_A_ROUND]:
            for role, _, x in soundfonts.clips(str(name), [str(r) for r in rng.permutation(SOUNDFONT_ROLES)], rng, seconds()):
                yield role, str(name), x if role == "guitar/electric-driven" else _as_instrument(role, x, rng)
                if role == "guitar/electric-clean":
                    yield "guitar/electric-driven", str(name), _as_instrument("guitar/electric-driven", x, rng)
        for role, count in PRESET_ROLES.items():
            for _ in range(count):
                preset = self.presets[role][int(rng.integers(len(self.presets[role])))]
                x = presets.clip(preset, role, rng, seconds())
                yield role, presets.kind(preset), x if x is None else _as_instrument(role, x, rng)
        for role in stk.MODELS:
            x = stk.clip(role, rng, seconds())
            yield role, "stk", x if x is None else _as_instrument(role, x, rng)
        for role in PLUGIN_ROLES:
            group, x = plugins.clip(self.host, role, rng, seconds())
            yield role, group, x if x is None else _as_instrument(role, x, rng)
        for kit in [str(k) for k in rng.choice(self.recorded_kits, 3)] + [str(rng.choice(list(self.banks))), "synthetic"]:
            bank = self.banks[kit] if kit != "synthetic" else drums.synthetic_bank(rng)
            acoustic = kit != "synthetic" and not any(word in kit for word in ELECTRONIC)
            for role, x in drums.microphones(bank, rng, float(rng.choice([7.0, 10.0, 14.0])), acoustic):
                yield "drums/overhead" if role == "drums/ride" else role, kit.split("/kit")[0] if kit != "synthetic" else own, x
        for role in SYNTHESISED:
            yield role, own, _as_instrument(role, synths.clip(role, rng, seconds()), rng)
        for make, role, count in ((voices.lead, "vocals/lead", 11), (voices.backing, "vocals/backing", 5), (voices.speech, "vocals/speech", 3)):
            for _ in range(count):
                yield role, own, make(rng, seconds())
