"""Check a loaded gizmo against what Nuke has: what Tcl alone does not notice.

`problems(script)` gives sentences; none means that every class, knob, word, layer, `parent.`
reference and button leads somewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from fake_nuke import button_code, expression, facts
from fake_nuke.animation import channels_from
from fake_nuke.knobs import USER_IDS, Knob, fact_knob, user_knob
from fake_nuke.knobs.array import Array_Knob
from fake_nuke.layers import STANDARD_LAYERS
from fake_nuke.tcl import LoadedNode, Script

_PIXELS = {"x", "y", "width", "height", "frame", "r", "g", "b", "a"}
_SHORT = {"red", "green", "blue", "alpha", "all", "none"}


def problems(script: Script) -> list[str]:
    """Sentences on what is wrong; empty where all is well."""
    return [
        f"{_place(node, group)}: {sentence}"
        for node, group in _placed(script.nodes, None)
        for sentence in (*_knob_problems(node, script), *_reference_problems(node, group, script))
    ]


def _placed(
    nodes: list[LoadedNode], group: LoadedNode | None
) -> Iterator[tuple[LoadedNode, LoadedNode | None]]:
    for node in nodes:
        yield node, group
        yield from _placed(node.children, node)


def _place(node: LoadedNode, group: LoadedNode | None) -> str:
    where = f"{node.cls} {node.name}".strip()
    return f"{where} in {group.name or group.cls}" if group is not None else where


# ---------------------------------------------------------------- classes, knobs, values
def _knob_problems(node: LoadedNode, script: Script) -> Iterator[str]:
    if node.cls not in facts.CLASSES:
        yield "there is no such class, or it is not in the facts."
        return
    yield from _input_problems(node)
    known = _known_knobs(node)
    users: dict[str, Knob] = {}
    for line in node.user_knobs:
        try:
            users[line.name] = user_knob(line)
        except ValueError as error:
            yield str(error)
        if line.id in (22, 52) and line.payload:
            yield from (f"{line.name}: {s}" for s in button_code.problems(line.payload))
        if line.id == 41 and not _links(node, line.payload):
            yield f"{line.name} links to {line.payload}, and there is no such knob."
    for name, raw in node.knobs.items():
        if name not in users and name not in known:
            yield f"there is no knob {name}."
            continue
        knob = users.get(name) or fact_knob(name, known[name])
        try:
            knob._from_script(raw)
        except ValueError as error:
            yield str(error) if name in str(error) else f"{name}: {error}"
        yield from _value_problems(name, knob.Class(), raw, script)


def _links(node: LoadedNode, address: str) -> bool:
    """Whether a link's address is one of the node's own knobs, or of a node inside it."""
    head, _, knob = address.partition(".")
    inside = {child.name: child for child in node.children} | {"this": node}
    return head in inside and _has(inside[head], knob)


def _input_problems(node: LoadedNode) -> Iterator[str]:
    if node.cls in ("Group", "Gizmo"):
        numbers = [int(c.knobs.get("number", 0)) for c in node.children if c.cls == "Input"]
        if len(set(numbers)) < len(numbers):
            yield f"two Inputs have the same number, of {numbers}."
        most = max(numbers, default=-1) + 1
        if sum(child.cls == "Output" for child in node.children) != 1:
            yield "a group has one Output."
    else:
        most = facts.max_inputs(node.cls)
    if len(node.inputs) > most:
        yield f"it takes {len(node.inputs)} inputs, and has {most}."
    names = [child.name for child in node.children if child.name]
    yield from (f"two nodes are called {n}." for n in {n for n in names if names.count(n) > 1})


def _known_knobs(node: LoadedNode) -> dict[str, facts.KnobFact]:
    exr = facts.WRITE_EXR if node.cls == "Write" and node.knobs.get("file_type") == "exr" else {}
    return {**facts.knobs_of(node.cls), **exr}


def _value_problems(name: str, cls: str, raw: str, script: Script) -> Iterator[str]:
    if cls == "File_Knob" and "\\" in raw:
        yield f"{name}: a path has forward slashes, not {raw!r}."
    if cls == "PythonKnob" and raw.strip():
        yield from (f"{name}: {s}" for s in button_code.problems(raw))
    if cls in ("Channel_Knob", "ChannelMask_Knob"):
        for word in raw.replace("{", " ").replace("}", " ").split():
            if word.lstrip("-") not in _layer_words(script):
                yield f"{name}: there is no layer or channel {word}; add_layer makes one."


def _layer_words(script: Script) -> set[str]:
    layers = {**STANDARD_LAYERS, **script.layers}
    return {*layers, *(c for channels in layers.values() for c in channels), *_SHORT}


# ---------------------------------------------------------------- references
def _reference_problems(
    node: LoadedNode, group: LoadedNode | None, script: Script
) -> Iterator[str]:
    if node.cls not in facts.CLASSES:
        return
    for knob, text in _expressions(node):
        try:
            expression.parse(text)
        except expression.ExpressionError as error:
            yield f"{knob}: {error}"
        for name in set(re.findall(r"\$(\w+)", text)) - {"gui"}:
            yield f"{knob}: ${name} is no variable of Nuke's."
        for name in _dotted(text):
            sentence = _unresolved(name, node, group, script)
            if sentence:
                yield f"{knob}: {sentence}"
        if node.cls == "Expression" and re.fullmatch(r"(temp_)?expr\d", knob):
            yield from (f"{knob}: {s}" for s in _pixel_problems(node, text, script))
    for knob, text in _tcl_texts(node):
        for name in re.findall(r"\[\s*(?:value|knob|exists)\s+([\w.]+)", text):
            sentence = _unresolved(name, node, group, script)
            if sentence:
                yield f"{knob}: {sentence}"


def _expressions(node: LoadedNode) -> Iterator[tuple[str, str]]:
    """(knob, expression) of numeric knobs and of an Expression node's formulas."""
    known = _known_knobs(node)
    users = {line.name: line for line in node.user_knobs if line.id in USER_IDS}
    for name, raw in node.knobs.items():
        if name in users:
            knob = user_knob(users[name])
        elif name in known:
            knob = fact_knob(name, known[name])
        else:
            continue
        if isinstance(knob, Array_Knob) and "{" in raw:
            try:
                channels = channels_from(raw, len(knob._held))
            except ValueError:
                continue
            yield from ((name, c.expression) for c in channels if c.expression is not None)
        elif node.cls == "Expression" and re.fullmatch(r"(temp_)?expr\d", name) and raw:
            yield name, raw


def _tcl_texts(node: LoadedNode) -> Iterator[tuple[str, str]]:
    for name, raw in node.knobs.items():
        if "[" in raw:
            yield name, raw.replace("\\[", "[")


def _dotted(text: str) -> set[str]:
    """Names with a dot, outside the Tcl in brackets."""
    return set(re.findall(r"[A-Za-z_]\w*(?:\.\w+)+", re.sub(r"\[[^\]]*\]", " ", text)))


def _unresolved(
    name: str, node: LoadedNode, group: LoadedNode | None, script: Script
) -> str | None:
    """Why an address leads nowhere, or None where it leads somewhere."""
    head, _, rest = name.partition(".")
    first = rest.partition(".")[0]
    if name in _layer_words(script) or head in ("input", "this"):
        return None
    if head == "root":
        return None if first in facts.ROOT else f"the root has no knob {first}."
    if head == "parent":
        if group is None:
            return f"{name}: there is no group around."
        return None if _has(group, first) else f"parent.{first}: the group has no such knob."
    siblings = {child.name: child for child in (group.children if group is not None else [])}
    if head in siblings and rest:
        found = siblings[head]
        return None if _has(found, first) else f"{head} has no knob {first}."
    return None if _has(node, head) else f"{name} leads nowhere."


def _has(node: LoadedNode, name: str) -> bool:
    if re.fullmatch(r"input\d*", name) and node.cls in ("Group", "Gizmo"):
        doors = {int(c.knobs.get("number", 0)) for c in node.children if c.cls == "Input"}
        return int(name[5:] or 0) in doors
    users = {line.name for line in node.user_knobs}
    return name in users or name in _known_knobs(node)


def _pixel_problems(node: LoadedNode, text: str, script: Script) -> Iterator[str]:
    """Plain words of a formula that are neither channel, place, own name nor function."""
    own = {node.knobs.get(f"temp_name{i}", "") for i in range(4)}
    known = _PIXELS | _layer_words(script) | own | set(expression.FUNCTIONS) | {"pi"}
    bare = re.sub(r"\[[^\]]*\]|[A-Za-z_]\w*(\.\w+)+|\d[\d.]*(e[-+]?\d+)?", " ", text)
    for word in re.findall(r"[A-Za-z_]\w*", bare):
        if word not in known and not _has(node, word):
            yield f"{word} is no channel, and nothing else."
