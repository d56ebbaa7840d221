"""What the panel says of a node, of a bake, of time: plain functions from state to words."""

from __future__ import annotations

import re

from reage.job import RenderJob
from reage.progress import frames_told
from reage.settings import Settings, settings_of
from reage_ui.host import BakeProgress, NodeState


def state_text(node: NodeState) -> str:
    """Such as: baked 96/100, 4 stale."""
    if node.busy:
        return f"baking, {node.baked}/{node.total} done"
    if not node.total:
        return "not baked"  # how many frames a movie has is known once it is followed
    if node.baked == node.stale == 0:
        return f"not baked, {frames_told(node.total)}"
    parts = [f"baked {node.baked}/{node.total}"]
    if node.stale:
        parts.append(f"{node.stale} stale")
    return ", ".join(parts)


def node_text(node: NodeState) -> str:
    """The whole row in one line, for screen readers and tooltips."""
    parts = [f"{node.name}: {state_text(node)}", node.model, node.message]
    return "; ".join(part for part in parts if part)


def progress_text(step: BakeProgress, shown: str | None) -> str:
    """Such as: 1003: done, 3/8, 12 s left. With the node's name where another node is shown."""
    name = "" if step.node == shown else f"{step.node}: "
    left = "" if step.left is None else f", {time_text(step.left)} left"
    return f"{name}{step.text}, {step.done}/{step.total}{left}"


def time_text(seconds: float) -> str:
    """9 s, 4 min, 1 h 20 min."""
    if seconds < 100:
        return f"{max(0, round(seconds))} s"
    minutes = round(seconds / 60)
    if minutes < 60:
        return f"{minutes} min"
    return f"{minutes // 60} h {minutes % 60} min"


def clear_question(node: NodeState) -> str:
    """What is asked before frames are deleted."""
    return f"Delete {frames_told(node.baked + node.stale)} that {node.name} has baked?"


def spoken(sentence: str) -> str:
    """The engine's sentence in a panel's words, which has fields in the place of flags."""
    for flagged, said in _SAID_OTHERWISE:
        sentence = re.sub(flagged, said, sentence)
    return re.sub(r"(?<!\w)--([a-z][a-z-]*[a-z])", lambda found: f"“{_field(found[1])}”", sentence)


_SAID_OTHERWISE = (
    (r"Name it with --colorspace:.*", "Choose the color space."),
    (r"--colorspace says otherwise", "choose the color space where that is wrong"),
    (r"Choose one with --layer", "Open it in a form that holds one"),
    (r"Point at it with --face X,Y, or draw a box with --face X,Y,WIDTH,HEIGHT",
     "Draw it in the preview with Face, or type a point on it, as 960,540"),
    (r"; --face chooses another, or all", "; Face chooses another"),
)  # fmt: skip
"""What the engine says for its command, and what there is to do here."""

_LABELS = {
    s.flag[2:]: (s.label or s.name.replace("_", " ")).lower()
    for s in (*settings_of(Settings), *settings_of(RenderJob))
} | {"colorspace": "color space"}


def _field(flag: str) -> str:
    return _LABELS.get(flag, flag.replace("-", " "))
