"""A small host of LV2 instruments: electric pianos, organs and synthesizers that Debian packages (mda-lv2, setbfree, calf-plugins)."""
import ctypes
import struct

import numpy as np

from . import performances

RATE, BLOCK = 44100, 256
_PREFIX = "http://lv2plug.in/ns/"
# uri: (role, lowest key, highest key, ways of playing); several roles share a synthesizer.
INSTRUMENTS = {
    "keys/electric-piano": (("http://drobilla.net/plugins/mda/EPiano",), 36, 84, ("chords", "comping", "comping", "two-hands", "line")),
    "keys/piano": (("http://drobilla.net/plugins/mda/Piano",), 33, 88, ("chords", "two-hands", "two-hands", "comping", "arpeggio")),
    "keys/organ": (("http://gareus.org/oss/lv2/b_synth", "http://gareus.org/oss/lv2/b_synth", "http://calf.sourceforge.net/plugins/Organ"), 36, 84, ("held", "chords", "comping", "line")),
    "keys/synth": (("http://drobilla.net/plugins/mda/DX10", "http://drobilla.net/plugins/mda/JX10"), 45, 84, ("comping", "chords", "arpeggio")),
    "synth/lead": (("http://drobilla.net/plugins/mda/JX10", "http://calf.sourceforge.net/plugins/Monosynth"), 48, 88, ("line", "riff")),
    "bass/synth": (("http://drobilla.net/plugins/mda/JX10", "http://calf.sourceforge.net/plugins/Monosynth"), 26, 48, ("riff", "riff", "walk", "held")),
}


class _Map(ctypes.Structure):
    _fields_ = [("handle", ctypes.c_void_p), ("map", ctypes.CFUNCTYPE(ctypes.c_uint32, ctypes.c_void_p, ctypes.c_char_p))]


class _Schedule(ctypes.Structure):
    _fields_ = [("handle", ctypes.c_void_p), ("schedule", ctypes.CFUNCTYPE(ctypes.c_uint32, ctypes.c_void_p, ctypes.c_uint32, ctypes.c_void_p))]


class _Feature(ctypes.Structure):
    _fields_ = [("uri", ctypes.c_char_p), ("data", ctypes.c_void_p)]


class _Descriptor(ctypes.Structure):
    _fields_ = [("uri", ctypes.c_char_p), ("instantiate", ctypes.c_void_p), ("connect_port", ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_uint32, ctypes.c_void_p)),
                ("activate", ctypes.CFUNCTYPE(None, ctypes.c_void_p)), ("run", ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_uint32)), ("deactivate", ctypes.c_void_p), ("cleanup", ctypes.c_void_p)]


class _Instance(ctypes.Structure):
    _fields_ = [("descriptor", ctypes.POINTER(_Descriptor)), ("handle", ctypes.c_void_p), ("implementation", ctypes.c_void_p)]


class Host:
    def __init__(self):
        self.lilv = ctypes.CDLL("liblilv-0.so.0")
        for name in ("lilv_world_new", "lilv_new_uri", "lilv_world_get_all_plugins", "lilv_plugins_get_by_uri", "lilv_plugin_get_port_by_index", "lilv_port_get_symbol", "lilv_plugin_get_related",
                     "lilv_nodes_begin", "lilv_nodes_get", "lilv_nodes_next", "lilv_state_new_from_world"):
            getattr(self.lilv, name).restype = ctypes.c_void_p
        self.lilv.lilv_plugin_instantiate.restype = ctypes.POINTER(_Instance)
        self.lilv.lilv_node_as_string.restype = ctypes.c_char_p
        self.lilv.lilv_port_is_a.restype = self.lilv.lilv_nodes_is_end.restype = ctypes.c_bool
        self.world = ctypes.c_void_p(self.lilv.lilv_world_new())
        self.lilv.lilv_world_load_all(self.world)
        self.all = ctypes.c_void_p(self.lilv.lilv_world_get_all_plugins(self.world))
        self.numbers, self.plugins = {}, {}
        self.map = _Map(None, _Map._fields_[1][1](lambda _, uri: self.numbers.setdefault(uri, len(self.numbers) + 1)))
        self.schedule = _Schedule(None, _Schedule._fields_[1][1](lambda *_: 1))  # nothing that plays needs a worker
        self.features = (ctypes.POINTER(_Feature) * 3)(ctypes.pointer(_Feature((_PREFIX + "ext/urid#map").encode(), ctypes.addressof(self.map))),
                                                       ctypes.pointer(_Feature((_PREFIX + "ext/worker#schedule").encode(), ctypes.addressof(self.schedule))), None)

    def _uri(self, text):
        return ctypes.c_void_p(self.lilv.lilv_new_uri(self.world, text.encode()))

    def plugin(self, uri):
        """(plugin, instance, symbols, defaults, ranges, kinds of ports, presets), or None where it is not installed."""
        if uri in self.plugins:
            return self.plugins[uri]
        lilv, found = self.lilv, self.lilv.lilv_plugins_get_by_uri(self.all, self._uri(uri))
        self.plugins[uri] = None
        if not found:
            return None
        plugin = ctypes.c_void_p(found)
        instance = lilv.lilv_plugin_instantiate(plugin, ctypes.c_double(RATE), self.features)
        if not instance:
            return None
        count = lilv.lilv_plugin_get_num_ports(plugin)
        values = [(ctypes.c_float * count)() for _ in range(3)]
        lilv.lilv_plugin_get_port_ranges_float(plugin, *values)
        classes = {name: self._uri(_PREFIX + path) for name, path in (("input", "lv2core#InputPort"), ("audio", "lv2core#AudioPort"), ("control", "lv2core#ControlPort"), ("atom", "ext/atom#AtomPort"))}
        symbols, kinds = [], []
        for i in range(count):
            port = ctypes.c_void_p(lilv.lilv_plugin_get_port_by_index(plugin, i))
            symbols.append(lilv.lilv_node_as_string(ctypes.c_void_p(lilv.lilv_port_get_symbol(plugin, port))).decode())
            kinds.append({name for name, node in classes.items() if lilv.lilv_port_is_a(plugin, port, node)})
        self.plugins[uri] = (plugin, instance, symbols, values, kinds, self._presets(plugin, symbols))
        return self.plugins[uri]

    def _presets(self, plugin, symbols):
        lilv, presets = self.lilv, []
        nodes = ctypes.c_void_p(lilv.lilv_plugin_get_related(plugin, self._uri(_PREFIX + "ext/presets#Preset")))
        at = ctypes.c_void_p(lilv.lilv_nodes_begin(nodes)) if nodes else None
        while nodes and not lilv.lilv_nodes_is_end(nodes, at):
            node = ctypes.c_void_p(lilv.lilv_nodes_get(nodes, at))
            lilv.lilv_world_load_resource(self.world, node)
            state = ctypes.c_void_p(lilv.lilv_state_new_from_world(self.world, ctypes.byref(self.map), node))
            preset = {}

            def take(symbol, _, value, size, __):
                if symbol.decode() in symbols and size == 4:
                    preset[symbols.index(symbol.decode())] = ctypes.cast(value, ctypes.POINTER(ctypes.c_float))[0]
            if state:
                lilv.lilv_state_emit_port_values(state, ctypes.CFUNCTYPE(None, ctypes.c_char_p, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_uint32, ctypes.c_uint32)(take), None)
                presets.append(preset)
            at = ctypes.c_void_p(lilv.lilv_nodes_next(nodes, at))
        return sorted(presets, key=lambda p: sorted(p.items()))

    def play(self, uri, notes, seconds, rng, controllers=()):
        """Stereo samples of the notes, by a random preset that is varied a little; None where the plugin is missing or silent."""
        found = self.plugin(uri)
        if not found:
            return None
        _, instance, _, (low, high, default), kinds, presets = found
        descriptor, handle = instance.contents.descriptor.contents, instance.contents.handle
        number = lambda path: self.numbers.setdefault((_PREFIX + path).encode(), len(self.numbers) + 1)
        sequence, midi = number("ext/atom#Sequence"), number("ext/midi#MidiEvent")
        preset = presets[int(rng.integers(len(presets)))] if presets else {}
        held, audio, events_in, events_out = [], [], None, []
        for i, kind in enumerate(kinds):
            if "control" in kind:
                value = preset.get(i, default[i] if np.isfinite(default[i]) else 0.0)
                if "input" in kind and np.isfinite(low[i]) and np.isfinite(high[i]) and high[i] - low[i] == 1.0 and 0 < value < 1:  # a knob, not a switch
                    value = float(np.clip(value + rng.normal(0, 0.08), low[i], high[i]))
                held.append(ctypes.c_float(value))
                descriptor.connect_port(handle, i, ctypes.byref(held[-1]))
            elif "audio" in kind:
                buffer = np.zeros(BLOCK, np.float32)
                held.append(buffer)
                if "input" not in kind:
                    audio.append(buffer)
                descriptor.connect_port(handle, i, buffer.ctypes.data_as(ctypes.c_void_p))
            elif "atom" in kind:
                buffer = ctypes.create_string_buffer(16384)
                held.append(buffer)
                if "input" in kind:
                    events_in = events_in or buffer
                else:
                    events_out.append(buffer)
                descriptor.connect_port(handle, i, buffer)
        if ctypes.cast(descriptor.activate, ctypes.c_void_p).value:
            descriptor.activate(handle)
        messages = [(0.0, bytes([0xB0, c, v])) for c, v in controllers]
        for start, length, key, velocity in notes:
            messages += [(start, bytes([0x90, int(np.clip(key, 12, 115)), velocity])), (min(start + length, seconds - 0.02), bytes([0x80, int(np.clip(key, 12, 115)), 0]))]
        messages = sorted([(int(t * RATE), m) for t, m in messages] + [(int(seconds * RATE) - 1, bytes([0xB0, 123, 0]))], key=lambda e: e[0])
        out, at = np.zeros((int(seconds * RATE) // BLOCK * BLOCK, 2), np.float32), 0
        for start in range(0, len(out) + 60 * BLOCK, BLOCK):  # the last ones let it fade for the next clip
            body = struct.pack("<II", 0, 0)
            while at < len(messages) and messages[at][0] < start + BLOCK and len(body) < 8000:
                frame, message = messages[at]
                body += struct.pack("<qII", max(0, frame - start), len(message), midi) + message.ljust((len(message) + 7) // 8 * 8, b"\0")
                at += 1
            ctypes.memmove(events_in, struct.pack("<II", len(body), sequence) + body, len(body) + 8)
            for buffer in events_out:
                ctypes.memmove(buffer, struct.pack("<II", 16000, sequence), 8)
            descriptor.run(handle, BLOCK)
            if start < len(out):
                out[start:start + BLOCK, 0], out[start:start + BLOCK, 1] = audio[0], audio[-1]
        if not np.all(np.isfinite(out)) or np.max(np.abs(out)) < 1e-4:
            return None
        return out


def clip(host, role, rng, seconds):
    uris, low, high, styles = INSTRUMENTS[role]
    uri = str(rng.choice(uris))
    base = int(rng.integers(low, max(low + 1, high - 24)))
    notes = [n for n in performances.play(rng, styles, base, min(high, base + 30), seconds) if n[0] < seconds - 0.1]
    controllers = [(number, int(rng.integers(0, 128))) for number in range(70, 79)] + [(1, int(rng.choice([0, 60, 127])))] if uri.endswith("b_synth") else ()  # drawbars, the rotor
    return f"plugin {uri.rsplit('/', 1)[-1]}", host.play(uri, notes, seconds, rng, controllers)
