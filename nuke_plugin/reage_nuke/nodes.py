"""The ReAge nodes of a script: made, found, read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType
from typing import Any

import nuke

from reage import ladder as ladders
from reage import mix
from reage.errors import SettingsError
from reage.job import RenderJob
from reage.settings import ALL, AUTO, BAKED, KEYED, Settings, settings_of
from reage_host import patterns
from reage_nuke import edition
from reage_nuke.gizmo_knobs import FORMAT, VERSION, names

CLASS, GROUP = "ReAge", "Group"
"""Class of the node, and of the same with its inside in the script, as the toolset has it."""

_MARK = "files_of"
"""A knob that no other Group has, nor one that was made to leave the house."""

PLATE, AGE_MAP, MASK, HAIR = range(4)
"""Inputs of the node. Scripts know them by these numbers; Nuke draws the one named mask at the
side."""

OWN_CROP = "model's own"
"""What auto was called in scripts from before it; the knob keeps the word, so that they load."""

RENAMED = {s.name: s.once for s in ALL if s.once and s.knob}
"""Knobs that were called otherwise. The gizmo keeps the old ones, hidden, so that scripts load."""

RUNGS = (
    *(f"rung{k}" for k in range(1, ladders.MOST + 1)), "rung_head", "rung_tail", "rung_below",
    "rung_above", "rung_low", "rung_high", "rung_lower", "rung_upper",
)  # fmt: skip
"""Hidden knobs: a ladder's ages, ascending, what stands around them in file names, and between
which of them the age out lies."""

_READ_OTHERWISE = ("crop_size", "model", "colorspace", "pattern")
"""Baked knobs whose value is not the setting's own."""

_SETTINGS = {s.name: s for s in (*settings_of(Settings), *settings_of(RenderJob))}


def create(plate: Any = None, **values: Any) -> Any:
    """A new ReAge node on a plate; keywords are its knobs, such as source_age=65.

    Opens no panel and leaves the selection alone. Raises SettingsError for a wrong knob or value.
    """
    for name, value in values.items():
        if name in _SETTINGS:
            _SETTINGS[name].check(_crop(value) if name == "crop_size" else value)
    node = nuke.createNode(CLASS, "", False) if plate is None else _unwired(plate)
    take_range(node)
    try:
        for name, value in values.items():
            _set(node, name, value)
    except Exception:
        nuke.delete(node)
        raise
    return node


def _unwired(plate: Any) -> Any:
    """A node on `plate` whatever is selected, in the plate's own group."""
    with plate.parent() or nuke.root():
        chosen = nuke.selectedNodes()
        for node in chosen:
            node["selected"].setValue(False)
        node = nuke.createNode(CLASS, "", False)
        node["selected"].setValue(False)
        for each in chosen:
            each["selected"].setValue(True)
    node.setInput(PLATE, plate)
    return node


def _set(node: Any, name: str, value: Any) -> None:
    if name == "pattern":
        set_pattern(node, value)
        return
    knob = node.knob(name)
    if knob is None:
        raise SettingsError(f"The ReAge node has no knob {name}.")
    knob.setValue(str(value) if name == "crop_size" else value)


def _crop(value: Any) -> int | str:
    """The crop size out of what the knob shows."""
    return AUTO if value in (AUTO, OWN_CROP) else int(value)


def pattern_of(knob: Any) -> str:
    """What a file knob names, views and frames open, its Tcl and Graph Scope Variables worked out;
    "" where it is empty."""
    text = str(knob.getText() or "").strip()
    written = "[" in text or "%{" in text
    return patterns.with_percent(str(knob.getEvaluatedValue() or "") if written else text)


def is_reage(node: Any) -> bool:
    """Whether a node is ReAge, as the gizmo or as a Group of the toolset's that has all of the
    gizmo's knobs and the same bakes: a script keeps the knobs that its Groups were made with."""
    if node.Class() != GROUP:
        return bool(node.Class() == CLASS)
    if node.knob(_MARK) is None or not str(node["info_version"].value()).endswith(f", {FORMAT}"):
        return False
    return all(node.knob(name) is not None for name in names())


def frozen() -> list[Any]:
    """Groups that show what was baked and bake no more, as the toolset's of another version and
    those that were made to leave the house. In Indie none, as in `all_nodes`."""
    if edition.limited():
        return []
    groups = nuke.allNodes(GROUP, group=nuke.root(), recurseGroups=True)
    return [node for node in groups if node.knob("bake_number") and not is_reage(node)]


def check_version(node: Any) -> None:
    """Raises SettingsError for a Group of a version with other knobs, or another format of bakes:
    it shows what was baked, as it did."""
    if said := other_version(node):
        raise SettingsError(said)


def other_version(node: Any) -> str:
    """A sentence of a Group of such a version; "" of any other node."""
    if node.Class() != GROUP or node.knob(_MARK) is None or is_reage(node):
        return ""
    return (
        f"{node.name()} is a Group of {node['info_version'].value()}, and this is {VERSION}: "
        "put a new one in its place, with the same files."
    )


def all_nodes() -> list[Any]:
    """Every ReAge node of the script, those in groups as well, in the order of their names. In
    Indie no Groups: each that is looked at is one of the ten nodes that Python reaches."""
    every = (nuke.allNodes(cls, group=nuke.root(), recurseGroups=True) for cls in _classes())
    return sorted(
        (node for some in every for node in some if is_reage(node)), key=lambda n: n.fullName()
    )


def selected() -> list[Any]:
    """The ReAge nodes that are selected."""
    return [node for cls in _classes() for node in nuke.selectedNodes(cls) if is_reage(node)]


def _classes() -> tuple[str, ...]:
    return (CLASS,) if edition.limited() else (CLASS, GROUP)


def take_old_names(node: Any) -> None:
    """What a script from before a knob was renamed says goes to the knob of today."""
    for name, once in RENAMED.items():
        if is_set(old := node[once]):
            node[name].fromScript(old.toScript())
            old.clearAnimated()
            old.setValue(0)


def is_set(knob: Any) -> bool:
    """Whether a number's knob says other than 0."""
    return bool(knob.isAnimated() or knob.hasExpression() or knob.value())


def alive(node: Any) -> bool:
    """Whether the node is still in the script; Nuke keeps a dead Python object otherwise."""
    try:
        node.name()
    except ValueError:
        return False
    return True


def take_range(node: Any) -> None:
    """The plate's range, a held frame's single one too, while the node's still follows the
    project's; nobody has set it then."""
    plate = node.input(PLATE)
    if plate is not None and all(_is_default(node[name]) for name in _RANGE):
        set_range(node, int(plate.firstFrame()), int(plate.lastFrame()))


_RANGE = {"range_first": "root.first_frame", "range_last": "root.last_frame"}
"""Knob → the expression that the gizmo gives it."""


def _is_default(knob: Any) -> bool:
    return bool(knob.hasExpression()) and knob.toScript().strip("{} \"") == _RANGE[knob.name()]


def set_range(node: Any, first: int, last: int) -> None:
    for name, frame in zip(_RANGE, (first, last), strict=True):
        node[name].clearAnimated()
        node[name].setValue(frame)


def frame_range(node: Any) -> tuple[int, int]:
    """First and last frame to bake. Raises SettingsError where they are reversed."""
    first, last = (int(node[name].value()) for name in _RANGE)
    if last < first:
        raise SettingsError(
            f"{node.name()}: the range runs backwards, {first} to {last}; "
            "set the first frame below the last."
        )
    return first, last


def unkeyed_values(node: Any, frame: int, view: str) -> dict[str, float]:
    """Of the settings that may change over time, those that do not. Raises SettingsError."""
    values = keyed_values(node, frame, view)
    moving = {n for n in values if node[n].isAnimated() or node[n].hasExpression()}
    return {name: value for name, value in values.items() if name not in moving}


def keyed_values(
    node: Any, frame: int, view: str, known: Mapping[str, float] = MappingProxyType({})
) -> dict[str, float]:
    """The settings that may change over time, at a frame; known: those that are, by name.

    Raises SettingsError where a key lies outside a setting's limits.
    """
    read = {name: _value_at(node[name], frame, view) for name in KEYED if name not in known}
    for name, value in read.items():
        try:
            _SETTINGS[name].check(value)
        except SettingsError:
            low, high = _SETTINGS[name].limits or (0, 0)
            raise SettingsError(
                f"{node.name()}: {node[name].label()} is {value:g} at frame {frame}; "
                f"it must be from {low:g} to {high:g}."
            ) from None
    return {name: known[name] if name in known else read[name] for name in KEYED}


def _value_at(knob: Any, frame: int, view: str) -> float:
    views = nuke.views()
    which = views.index(view) + 1 if view in views else 1  # Nuke counts views from 1
    return float(knob.valueAt(frame, 0, which))


def still_values(node: Any) -> Mapping[str, Any]:
    """The settings that hold for the whole bake, as fields of `Settings`. Raises SettingsError."""
    plain = [s for s in ALL if s.name in BAKED and not s.keyed and s.name not in _READ_OTHERWISE]
    values = {s.name: s.type(node[s.name].value()) for s in plain}
    with _own_words(node):
        for setting in plain:
            setting.check(values[setting.name])
    return {
        **values,
        "pattern": pattern(node),
        "crop_size": _crop(node["crop_size"].value()),
        "model": node["model"].value() or None,
        "face": _face(node),
        "pixel_aspect": _pixel_aspect(node),
    }


def _pixel_aspect(node: Any) -> float | None:
    """The plate's, as its format in the script has it: a Read's may be another than its file's."""
    plate = node.input(PLATE)
    return float(plate.format().pixelAspect()) if plate else None


def ladder(node: Any) -> tuple[int, ...]:
    """The ages that the node is baked at; () where it is baked at its age out. Raises
    SettingsError."""
    text = str(node["ladder"].value() or "").strip()
    with _own_words(node):
        return ladders.rungs(text) if text else ()


def pattern(node: Any) -> int | str:
    """The pattern: the file knob's where it says something, else the seed's. Raises SettingsError
    where it is none."""
    text = str(node["pattern_file"].getEvaluatedValue() or "").strip()
    with _own_words(node):
        return mix.pattern(text or int(node["pattern"].value()))


def set_pattern(node: Any, value: int | str) -> None:
    """Give a node a pattern; a seed empties the file knob. Raises SettingsError where it is
    none."""
    with _own_words(node):
        value = mix.pattern(value)
    if isinstance(value, int):
        node["pattern"].setValue(value)
    node["pattern_file"].setValue("" if isinstance(value, int) else value)


@contextmanager
def _own_words(node: Any) -> Iterator[None]:
    """A sentence about a command's flag becomes one about the node's knob."""
    try:
        yield
    except SettingsError as e:
        text = _FLAG.sub(lambda flag: _label(node, flag[1].replace("-", "_")) or flag[0], str(e))
        raise SettingsError(f"{node.name()}: {text}") from None


_FLAG = re.compile(r"--([a-z][a-z-]*)")


def _label(node: Any, name: str) -> str:
    knob = node.knob(name)
    return str(knob.label() or name) if knob else ""


def _face(node: Any) -> str:
    """The engine's word for the face; Nuke counts y from the bottom, the engine from the top."""
    if not node["use_face_point"].value():
        return "0"
    first = node["range_first"].value()
    x, y = (node["face_point"].valueAt(first, k) for k in (0, 1))
    plate = node.input(PLATE)
    height = plate.format().height() if plate else 0
    return f"{x:g},{height - y:g}"
