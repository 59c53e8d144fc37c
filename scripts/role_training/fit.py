"""Fits the networks, calibrates them on what was held out, and writes the model."""
import datetime
import json
from pathlib import Path

import numpy as np

HIDDEN, NETWORKS, EPOCHS, BATCH = 56, 5, 50, 256
TEMPERATURES = tuple(np.arange(1.0, 3.01, 0.1).round(1))
MOST_SURE_BUT_WRONG = 0.01  # share of sounds whose family is wrong at more than 0.8
FAMILIES = ("drums", "bass", "guitar", "keys", "vocals", "other")

# How often a track of a usual multitrack session is this; what is not listed counts 1.
USUAL = {"drums/kick": 7, "drums/snare": 7, "drums/hihat": 5, "drums/tom": 6, "drums/overhead": 6, "drums/room": 4, "drums/kit": 3, "drums/percussion": 4, "bass/electric": 8, "bass/synth": 2,
         "bass/sub": 1.5, "guitar/electric-clean": 8, "guitar/electric-driven": 9, "guitar/acoustic": 7, "keys/piano": 5, "keys/electric-piano": 3, "keys/organ": 3, "keys/synth": 2, "pad/synth": 3,
         "synth/lead": 3, "strings/ensemble": 3, "strings/solo": 2, "brass/solo": 1.5, "brass/ensemble": 1.5, "winds/sax": 1.5, "vocals/lead": 12, "vocals/backing": 8, "vocals/choir": 1.5,
         "vocals/speech": 1.5, "effects/effect": 4}


def family(role):
    first = role.split("/")[0]
    return first if first in FAMILIES else "other"


SAMPLED, MODELLED = ("fluid", "tim", "muse", "free"), ("opl", "stk", "lmms", "zyn", "plugin")
SOURCES = {"fluid": 0, "tim": 1, "muse": 2, "free": 0, "opl": 1, "stk": 2, "pearl": 0, "zeppelin": 1, "plugin EPiano": 0, "plugin Piano": 1, "plugin b_synth": 2, "plugin Organ": 0, "plugin DX10": 1,
           "plugin JX10": 2, "plugin Monosynth": 0}


def kind_of(group):
    """sampled instruments, modelled ones (other people's synthesizers), recorded drums, or synthetic (our own)."""
    first = group.replace("/", " ").split(" ")[0]
    return "sampled" if first in SAMPLED else "modelled" if first in MODELLED else "synthetic" if first == "synthetic" else "recorded drums"


def source_of(group):
    """One of three parts: soundfonts, kits, banks and synthesisers are held out whole."""
    return int(group.split()[-1]) if group.startswith("synthetic") else SOURCES.get(group, sum(group.encode()) % 3)


class Network:
    """Features -> ReLU -> probabilities, by Adam; inputs are blurred and dropped so that no single one is relied upon."""

    def __init__(self, x, y, weights, classes, seed, epochs=EPOCHS):
        rng = np.random.default_rng(seed)
        count, width = x.shape
        p = [rng.normal(0, np.sqrt(2 / width), (width, HIDDEN)), np.zeros(HIDDEN), rng.normal(0, np.sqrt(1 / HIDDEN), (HIDDEN, classes)), np.zeros(classes)]
        p = [a.astype(np.float32) for a in p]
        x, weights, step, batch = x.astype(np.float32), weights.astype(np.float32), 0, BATCH
        m, v = [np.zeros_like(a) for a in p], [np.zeros_like(a) for a in p]
        target = np.full((count, classes), 0.04 / classes, np.float32)
        target[np.arange(count), y] += 0.96
        for epoch in range(epochs):
            rate = 4e-3 * 0.5 * (1 + np.cos(np.pi * epoch / epochs)) + 1e-5
            order = rng.permutation(count)
            for start in range(0, count, batch):
                rows = order[start:start + batch]
                inputs = (x[rows] + 0.4 * rng.standard_normal((len(rows), width), np.float32)) * (rng.random((len(rows), width), np.float32) > 0.2)
                hidden = np.maximum(0, inputs @ p[0] + p[1])
                keep = (rng.random(hidden.shape, np.float32) > 0.2) / np.float32(0.8)
                dropped = hidden * keep
                scores = dropped @ p[2] + p[3]
                scores -= scores.max(axis=1, keepdims=True)
                q = np.exp(scores)
                q /= q.sum(axis=1, keepdims=True)
                error = (q - target[rows]) * weights[rows][:, None] / len(rows)
                back = (error @ p[2].T) * keep * (hidden > 0)
                gradients = [inputs.T @ back + np.float32(4e-4) * p[0], back.sum(0), dropped.T @ error + np.float32(4e-4) * p[2], error.sum(0)]
                step += 1
                for i, g in enumerate(gradients):
                    m[i] += np.float32(0.1) * (g - m[i])
                    v[i] += np.float32(0.001) * (g * g - v[i])
                    p[i] -= np.float32(rate / (1 - 0.9 ** step)) * m[i] / (np.sqrt(v[i] / np.float32(1 - 0.999 ** step)) + np.float32(1e-8))
        self.parameters = [a.astype(float) for a in p]

    def scores(self, x):
        p = self.parameters
        return np.maximum(0, x @ p[0] + p[1]) @ p[2] + p[3]


def softmax(scores, temperature=1.0):
    z = scores / temperature
    z = np.exp(z - z.max(axis=-1, keepdims=True))
    return z / z.sum(axis=-1, keepdims=True)


class Model:
    """The mean of several networks' probabilities."""

    def __init__(self, features, roles, classes, seed, networks=NETWORKS):
        self.classes, self.temperature = classes, 1.0
        self.mean, self.scale = features.mean(axis=0), features.std(axis=0) + 1e-6
        index = {role: i for i, role in enumerate(classes)}
        y = np.array([index[role] for role in roles])
        share = np.bincount(y, minlength=len(classes))
        weights = np.array([USUAL.get(role, 1.0) for role in classes])[y] / share[y]
        weights = np.minimum(weights / weights.mean(), 4.0)
        x = self.standardised(features)
        self.networks = [Network(x, y, weights, len(classes), seed * 100 + k) for k in range(networks)]

    def standardised(self, features):
        return np.clip((features - self.mean) / self.scale, -3, 3)

    def probabilities(self, features, temperature=None):
        x = self.standardised(np.atleast_2d(features))
        return np.mean([softmax(n.scores(x), temperature or self.temperature) for n in self.networks], axis=0)


def by_family(probabilities, classes):
    out = np.zeros((len(probabilities), len(FAMILIES)))
    for i, role in enumerate(classes):
        out[:, FAMILIES.index(family(role))] += probabilities[:, i]
    return out


class HeldOut:
    """What models say of sounds whose source (or whole kind of source) they were not trained with."""

    def __init__(self, features, roles, classes, parts, counted):
        self.classes, self.truth = classes, np.array([classes.index(r) for r in roles])
        self.families = np.array([FAMILIES.index(family(r)) for r in roles])
        self.scores = {t: np.zeros((len(roles), len(classes))) for t in TEMPERATURES}
        self.weight = np.array([USUAL.get(r, 1.0) for r in roles]) * counted
        self.weight /= np.maximum(1, np.bincount(self.truth, counted))[self.truth]
        self.weight /= self.weight.sum()
        for part in sorted(set(parts)):
            held = (parts == part) & counted
            model = Model(features[~held], roles[~held], classes, 1, networks=2)
            for t in TEMPERATURES:
                self.scores[t][held] = model.probabilities(features[held], t)

    def figures(self, t):
        roles = self.scores[t]
        families = by_family(roles, self.classes)
        right, sure = families.argmax(axis=1) == self.families, families.max(axis=1) > 0.8
        share = lambda mask: round(float(self.weight @ mask), 3)
        return {"rolesRight": share(roles.argmax(axis=1) == self.truth), "familiesRight": share(right), "sure": share(sure), "sureButWrong": share(sure & ~right)}

    def confusion(self, t):
        """Rows: the truth; columns: the most probable family; shares."""
        counts = np.zeros((len(FAMILIES), len(FAMILIES)))
        np.add.at(counts, (self.families, by_family(self.scores[t], self.classes).argmax(axis=1)), self.weight)
        return counts / np.maximum(1e-12, counts.sum(axis=1, keepdims=True))

    def print(self, t):
        for name, row in zip(FAMILIES, self.confusion(t)):
            print(f"  {name:8}", *(f"{100 * v:5.1f}" for v in row))
        for i, role in enumerate(self.classes):
            mask = (self.truth == i) & (self.weight > 0)
            found, counts = np.unique(self.scores[t][mask].argmax(axis=1), return_counts=True)
            print(f"  {role:24} {mask.sum():4}", *(f"{self.classes[found[k]]} {100 * counts[k] / mask.sum():.0f}%" for k in np.argsort(-counts)[:4]))


def fit(sounds, path):
    data = np.load(sounds)
    roles, groups, features, names = data["roles"], data["groups"], data["features"].astype(float), [str(n) for n in data["names"]]
    classes = sorted(set(roles.tolist()))
    kinds, sources = np.array([kind_of(str(g)) for g in groups]), np.array([source_of(str(g)) for g in groups])
    several = {role for role in classes if len(set(kinds[roles == role])) > 1}  # roles that two kinds of source play
    by_source = HeldOut(features, roles, classes, sources, np.ones(len(roles), bool))
    by_kind = HeldOut(features, roles, classes, kinds, np.isin(roles, list(several)))
    # Recordings are stranger to the model than our sounds are to each other, so the stricter test says how sure it may be.
    temperature = next((t for t in TEMPERATURES if by_kind.figures(t)["sureButWrong"] <= MOST_SURE_BUT_WRONG), TEMPERATURES[-1])
    figures = {"sounds": len(roles), "otherSource": by_source.figures(temperature), "otherKind": by_kind.figures(temperature)}
    print(f"temperature {temperature}", json.dumps(figures, indent=1))
    print("other source held out (rows: truth; columns:", *FAMILIES, ")")
    by_source.print(temperature)
    print("other kind of source held out")
    by_kind.print(temperature)

    model = Model(features, roles, classes, 9)
    number = lambda a: [float(f"{v:.4g}") for v in np.ravel(a)]
    document = {"model": 1, "about": "Made by scripts/train-roles from sounds that it generates. features -> (x - mean) / scale, clipped to +-3 -> each network: ReLU layer, linear layer, softmax of scores / temperature "
                "-> mean of the networks. Weights row by row: hidden[feature][unit], output[unit][role].",
                "date": datetime.date.today().isoformat(), "temperature": float(temperature), "heldOut": figures, "families": list(FAMILIES),
                "confusion": [number(row.round(3)) for row in by_source.confusion(temperature)], "features": names, "mean": number(model.mean), "scale": number(model.scale), "roles": classes,
                "networks": [{k: number(a) for k, a in zip(("hidden", "hiddenBias", "output", "outputBias"), n.parameters)} for n in model.networks]}
    lines = [f" {json.dumps(k)}: {json.dumps(v, ensure_ascii=False, separators=(',', ':'))}" for k, v in document.items()]
    Path(path).write_text("{\n" + ",\n".join(lines) + "\n}\n")
    print(f"{path}: {Path(path).stat().st_size // 1000} kB")
