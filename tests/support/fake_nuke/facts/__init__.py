"""What is known of Nuke's node classes: their knobs, the knobs' types, defaults and words.

`nuke17.json` holds a few classes out of a public scan of Nuke 17.0v3 (its source and license
stand in and beside it). What that scan does not hold is added here, from how .nk files in the
open write it: Root, Gizmo, StickyNote, the knobs that a Write has once its file type is exr,
and how many inputs a class takes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_TABLE = json.loads((Path(__file__).parent / "nuke17.json").read_text(encoding="utf-8"))


@dataclass(frozen=True)
class KnobFact:
    """A knob as Nuke makes it: its class, its default (None for none), its words or ()."""

    type: str
    default: Any = None
    values: tuple[str, ...] = ()


def words(values: tuple[str, ...]) -> dict[str, str]:
    """What a script may say for an enumeration → the word that Nuke keeps.

    An item reads "word", "word\\tlabel" or "word\\tlabel\\tshortcut\\talias,alias".
    """
    known: dict[str, str] = {}
    for item in values:
        word, *rest = item.split("\t")
        known[word] = word
        for alias in rest[2].split(",") if len(rest) > 2 and not rest[2].isdigit() else ():
            known.setdefault(alias, word)
    return known


def _read(rows: Mapping[str, list[Any]]) -> dict[str, KnobFact]:
    return {
        name: KnobFact(row[0], *row[1:2], values=tuple(row[2]) if len(row) > 2 else ())
        for name, row in rows.items()
    }


COMMON = _read(_TABLE["common"])
"""The knobs that every node has."""

CLASSES: dict[str, dict[str, KnobFact]] = {
    name: {**_read(rows), **_read(_TABLE["hidden"].get(name, {}))}
    for name, rows in _TABLE["classes"].items()
}
CLASSES["Gizmo"] = CLASSES["Group"]
CLASSES["StickyNote"] = {}  # its text and its look are knobs that every node has

ROOT = {
    "name": KnobFact("File_Knob"),
    "project_directory": KnobFact("File_Knob"),
    "first_frame": KnobFact("Array_Knob", 1.0),
    "last_frame": KnobFact("Array_Knob", 100.0),
    "lock_range": KnobFact("Boolean_Knob"),
    "frame": KnobFact("Array_Knob", 1.0),
    "fps": KnobFact("Array_Knob", 24.0),
    "format": KnobFact("Format_Knob", "2048 1556 0 0 2048 1556 1 2K_Super_35(full-ap)"),
    "proxy": KnobFact("Boolean_Knob"),
    "proxy_type": KnobFact("Enumeration_Knob", "format", ("format", "scale")),
    "proxy_scale": KnobFact("Array_Knob", 0.5),
    "proxy_format": KnobFact("Format_Knob", "1024 778 0 0 1024 778 1 1K_Super_35(full-ap)"),
    "views": KnobFact("Views_Knob", "main #ffffff"),
    "gsv": KnobFact("Gsv_Knob"),
    "colorManagement": KnobFact("Enumeration_Knob", "Nuke", ("Nuke", "OCIO")),
    "OCIO_config": KnobFact(
        "Enumeration_Knob",
        "nuke-default",
        (
            "nuke-default",
            *(
                f"fn-nuke_{kind}-config-v1.0.0_aces-v1.3_ocio-v2.1\t"
                f"ACES/fn-nuke_{kind}-config-v1.0.0_aces-v1.3_ocio-v2.1\t\t"
                f"{kind}-config-v1.0.0_aces-v1.3_ocio-v2.1"
                for kind in ("cg", "studio")
            ),
            "aces_1.2\tACES/aces_1.2\t\t",
            "custom",
        ),  # with their tabs as public dumps of a Root of Nuke 15 have them
    ),
    "customOCIOConfigPath": KnobFact("File_Knob"),
    "workingSpaceLUT": KnobFact("String_Knob", "linear"),
    "monitorLut": KnobFact("String_Knob", "sRGB"),
    "monitorOutLUT": KnobFact("String_Knob", "rec709"),
    "int8Lut": KnobFact("String_Knob", "sRGB"),
    "int16Lut": KnobFact("String_Knob", "sRGB"),
    "logLut": KnobFact("String_Knob", "Cineon"),
    "floatLut": KnobFact("String_Knob", "linear"),
    "onScriptLoad": KnobFact("PythonKnob"),
    "onScriptSave": KnobFact("PythonKnob"),
    "onScriptClose": KnobFact("PythonKnob"),
}

WRITE_EXR = {
    "datatype": KnobFact("Enumeration_Knob", "16 bit half", ("16 bit half", "32 bit float")),
    "compression": KnobFact(
        "Enumeration_Knob",
        "Zip (1 scanline)",
        (
            "none",
            "Zip (1 scanline)",
            "Zip (16 scanlines)",
            "PIZ Wavelet (32 scanlines)",
            "RLE",
            "B44",
            "B44A",
            "DWAA",
            "DWAB",
        ),
    ),
    "autocrop": KnobFact("Boolean_Knob"),
    "metadata": KnobFact(
        "Enumeration_Knob",
        "default metadata",
        (
            "no metadata",
            "default metadata",
            "default metadata and exr/*",
            "all metadata except input/*",
            "all metadata",
        ),
    ),
    "first_part": KnobFact("Enumeration_Knob", "rgba", ("rgba", "alphabetical")),
    "write_full_layer_names": KnobFact("Boolean_Knob"),
    "standard_layer_name_format": KnobFact("Boolean_Knob"),
}
"""What a Write has once its file_type is exr."""

_MANY = 100
_INPUTS = {
    **dict.fromkeys(("Read", "Constant", "CheckerBoard2", "Input", "StickyNote"), 0),
    **dict.fromkeys(("Write", "Dot", "NoOp", "Output", "Crop", "Reformat", "Remove"), 1),
    **dict.fromkeys(("Assert", "CornerPin2D", "FrameHold", "TimeOffset"), 1),
    **dict.fromkeys(("Tracker4", "Transform"), 1),
    **dict.fromkeys(("AddChannels", "Bilateral2", "Blur", "Expression", "Grade", "IDistort"), 2),
    **dict.fromkeys(("Multiply", "Shuffle2", "TimeDissolve"), 2),
    "OFXuk.co.thefoundry.furnace.f_deflicker2_v403": 1,
    **dict.fromkeys(("Copy", "Keymix", "Dissolve", "STMap"), 3),
    "Roto": 4,
    "Merge2": _MANY,
    "Switch": _MANY,
}


def knobs_of(cls: str) -> dict[str, KnobFact]:
    """All knobs of a fresh node of the class; KeyError for a class that is not known."""
    return {**COMMON, **CLASSES[cls]}


def max_inputs(cls: str) -> int:
    """How many inputs the class takes, its mask included; Group and Gizmo count their Inputs."""
    return _INPUTS[cls]
