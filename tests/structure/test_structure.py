"""The house stands as docs/architecture.md says: layers include only what stands above them, files stay readable."""
import pathlib
import re
import subprocess
import sys
import unittest

ROOT = pathlib.Path(sys.argv.pop(1)) if len(sys.argv) > 1 else pathlib.Path(__file__).resolve().parents[2]
LAYERS = "core audiofile dsp analysis session plan engineer render release report journey demo cli".split()
# Two pairs of neighbours that know nothing of each other, though one stands above.
FORBIDDEN = {("engineer", "render"), ("render", "engineer"), ("dsp", "audiofile")}
ONLY_IN = {"sndfile.h": "audiofile", "soxr.h": "audiofile", "fftw3.h": "dsp", "nlohmann/json.hpp": "core", "CLI/CLI.hpp": "cli",
           "fluidsynth.h": "demo", "fileref.h": "audiofile", "libavformat/": "audiofile", "libavcodec/": "audiofile", "libswresample/": "audiofile",
           "xxhash.h": "core"}
# The demo writes its one FLAC track with libsndfile: what is delivered is WAV, and audiofile has no FLAC writer.
ALLOWED = {("sndfile.h", "demo/track_file.cpp")}
# Words of work that is not done, and of one machine.
UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX|HACK|stub|for now)\b|/work/|/root/|/home/")


# Rules whose decision is no curve over something measured: what must be left alone, what is cut away at the edges, a comparison
# with many styles at once, and a loop around encoders.
WITHOUT_A_CURVE = {"master-no-harm", "master-edges", "master-style", "master-codec-check"}


def sources():
    for path in sorted((ROOT / "src").rglob("*")):
        if path.suffix in (".h", ".cpp"):
            yield path, path.relative_to(ROOT / "src").parts[0], path.read_text(encoding="utf-8")


class Structure(unittest.TestCase):
    def test_layers_include_only_what_stands_above_them(self):
        for path, layer, text in sources():
            self.assertIn(layer, LAYERS, path)
            for included in re.findall(r'#include "([a-z_]+)/', text):
                if included not in LAYERS:
                    continue
                self.assertLessEqual(LAYERS.index(included), LAYERS.index(layer), f"{path} includes {included}/, which stands below {layer}/")
                self.assertNotIn((layer, included), FORBIDDEN, f"{path} includes {included}/")

    def test_each_library_is_met_in_one_layer_only(self):
        for path, layer, text in sources():
            for header, home in ONLY_IN.items():
                if layer != home and re.search(r'#include [<"]' + re.escape(header), text) and (header, str(path.relative_to(ROOT / "src"))) not in ALLOWED:
                    self.fail(f"{path} includes {header}, which belongs in {home}/")

    def test_each_layer_links_to_what_stands_above_it_and_its_cmake_says_so(self):
        for layer in LAYERS:
            text = (ROOT / "src" / layer / "CMakeLists.txt").read_text(encoding="utf-8")
            used = re.search(rf"tonewright_layer\({layer}(?:\s+USES\s+([a-z ]+?))?\s*(?:LIBRARIES|EXTRA_SOURCES|\))", text)
            self.assertIsNotNone(used, layer)
            linked = set((used[1] or "").split())
            for above in linked:
                self.assertLess(LAYERS.index(above), LAYERS.index(layer), f"{layer} links to {above}")
            for path, where, source in sources():
                if where == layer:
                    included = set(re.findall(r'#include "([a-z_]+)/', source)) & set(LAYERS) - {layer}
                    self.assertLessEqual(included, linked, f"{path}: src/{layer}/CMakeLists.txt does not list what it includes")

    def test_headers_are_guarded_and_files_stay_readable(self):
        for path, _, text in sources():
            if path.suffix == ".h":
                self.assertTrue(text.startswith("#pragma once"), path)
            self.assertLessEqual(text.count("\n"), 700, f"{path} has grown too long to live in")

    def test_nothing_is_left_unfinished_or_bound_to_one_machine(self):
        listed = subprocess.run(["git", "-C", str(ROOT), "ls-files", "-z"], capture_output=True, text=True, check=False)
        if listed.returncode:
            self.skipTest("not a git checkout")
        for name in filter(None, listed.stdout.split("\0")):
            path = ROOT / name
            if path == pathlib.Path(__file__).resolve() or path.suffix in (".png", ".wav") or name == "LICENSE" or not path.is_file():
                continue
            for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
                self.assertIsNone(UNFINISHED.search(line), f"{name}:{number}: {line.strip()}")

    def test_every_rule_has_its_page_and_every_page_its_rule(self):
        pages = {p.stem for p in (ROOT / "docs" / "rules").glob("*-*.md")}
        decided, named = set(), set()
        for path, layer, text in sources():
            if layer in ("engineer", "journey"):
                decided.update(re.findall(r'\.rule = "((?:mix|master|repair|reference)\.[a-z-]+)"', text))
                named.update(re.findall(r"\b((?:mix|master|repair|reference)\.[a-z-]+)\b", text))
        self.assertGreater(len(decided), 20, "the rules are not found where they used to stand")
        for rule in sorted(decided):
            self.assertIn(rule.replace(".", "-"), pages, f"the rule {rule} has no page in docs/rules/")
        self.assertLessEqual(pages, {rule.replace(".", "-") for rule in named}, "pages of rules that the code does not name")

    def test_every_step_type_has_its_page_with_a_picture_that_a_test_draws(self):
        names = re.search(r"kStepTypes = \{(.*?)\};", (ROOT / "src" / "plan" / "step.h").read_text(encoding="utf-8"), re.S)
        types = re.findall(r'"(\w+)"', names[1]) if names else []
        self.assertGreater(len(types), 15, "the step types are not found where they used to stand")
        index = (ROOT / "docs" / "dsp" / "README.md").read_text(encoding="utf-8")
        drawing = "".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "tests" / "plots").glob("*.cpp")))
        for kind in types:
            page = re.sub(r"(?<=[a-z])([A-Z])", lambda upper: "-" + upper[1].lower(), kind)
            self.assertIn(f"({page}.md)", index, f"docs/dsp/README.md does not list {kind}")
            path = ROOT / "docs" / "dsp" / f"{page}.md"
            self.assertTrue(path.exists(), f"the step type {kind} has no page {path.relative_to(ROOT)}")
            self.assertIn(f"../images/dsp-{page}.svg", path.read_text(encoding="utf-8"), f"docs/dsp/{page}.md shows no picture")
            self.assertIn(f'"dsp-{page}"', drawing, f"no test of tests/plots draws dsp-{page}.svg")

    def test_every_rule_of_the_master_shows_the_curve_it_decides_by(self):
        drawing = "".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "tests" / "plots").glob("*.cpp")))
        pages = {p.stem: p.read_text(encoding="utf-8") for p in (ROOT / "docs" / "rules").glob("*-*.md") if p.stem.startswith(("master-", "reference-"))}
        self.assertGreater(len(pages), 20, "the pages are not found where they used to stand")
        self.assertLessEqual(WITHOUT_A_CURVE, set(pages), "the list of rules without a curve names one that is gone")
        for page, text in sorted(pages.items()):
            if page in WITHOUT_A_CURVE:
                continue
            self.assertIn(f"](../images/rule-{page}.svg)\n\nSwept: ", text, f"docs/rules/{page}.md shows no picture, or does not say what was swept")
            self.assertIn(f'"rule-{page}"', drawing, f"no test of tests/plots draws rule-{page}.svg")
            self.assertTrue((ROOT / "docs" / "images" / f"rule-{page}.svg").exists(), f"docs/images/rule-{page}.svg is missing")

    def test_links_between_pages_lead_somewhere(self):
        for page in [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]:
            for link in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8")):
                self.assertTrue((page.parent / link).exists(), f"{page.relative_to(ROOT)} links to {link}")


if __name__ == "__main__":
    unittest.main()
