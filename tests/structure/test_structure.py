"""The house stands as docs/architecture.md says: layers include only what stands above them, files stay readable."""
import pathlib
import re
import sys
import unittest

ROOT = pathlib.Path(sys.argv.pop(1)) if len(sys.argv) > 1 else pathlib.Path(__file__).resolve().parents[2]
LAYERS = "core audiofile dsp analysis session plan engineer render release report journey demo cli".split()
# Two pairs of neighbours that know nothing of each other, though one stands above.
FORBIDDEN = {("engineer", "render"), ("render", "engineer"), ("dsp", "audiofile")}
ONLY_IN = {"sndfile.h": "audiofile", "soxr.h": "audiofile", "fftw3.h": "dsp", "nlohmann/json.hpp": "core", "CLI/CLI.hpp": "cli",
           "fluidsynth.h": "demo", "taglib/": "audiofile", "libavformat/": "audiofile", "libavcodec/": "audiofile"}


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
                if re.search(r'#include [<"]' + re.escape(header), text) and layer != home and not (header == "sndfile.h" and layer == "demo"):
                    self.fail(f"{path} includes {header}, which belongs in {home}/")

    def test_headers_are_guarded_and_files_stay_readable(self):
        for path, _, text in sources():
            if path.suffix == ".h":
                self.assertTrue(text.startswith("#pragma once"), path)
            self.assertLessEqual(text.count("\n"), 700, f"{path} has grown too long to live in")

    def test_every_rule_that_the_code_names_has_its_page(self):
        pages = {p.stem for p in (ROOT / "docs" / "rules").glob("*.md")}
        for path, layer, text in sources():
            if layer not in ("engineer", "journey"):
                continue
            for rule in re.findall(r'"((?:mix|master|repair)\.[a-z-]+)"', text):
                if re.search(r'\.rule = "' + re.escape(rule) + '"', text):
                    self.assertIn(rule.replace(".", "-"), pages, f"{path}: the rule {rule} has no page in docs/rules/")


if __name__ == "__main__":
    unittest.main()
