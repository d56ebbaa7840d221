"""A node's face in the graph: what its baked files are shown as, its status, its color."""

from __future__ import annotations

import time
from typing import Any

import nuke

from reage.ladder import MOST
from reage_host.patterns import with_percent
from reage_host.rungs import around_age
from reage_host.state import BAKED, MISSING, STALE, FrameState
from reage_nuke import events, nodes
from reage_nuke.main_thread import on_main, without_undo
from reage_nuke.snapshot import remember, taken
from reage_nuke.state import FileLook
from reage_ui.host import NodesChanged

FRESH = {BAKED: 1.0, STALE: 0.5}
"""What the hidden knob `fresh` says of a frame whose file stands; 0 where none does."""

CALM, ALARM = 0x4A6A7AFF, 0xA83A32FF
"""Colors of a node's tile, the second where frames of its range are stale or missing. One that an
artist chose stays."""

_NO_RUNG = 999
"""Of the hidden knobs rung1 to rung8, ascending: above all ages."""

_START_OF_2020 = 1_577_836_800
"""Seconds since 1970, in UTC; counted from there, a number fits Nuke's for another 60 years."""

_errors: dict[str, tuple[Any, str]] = {}
"""Full name → the node, and why nothing could be said of it when it was last looked at."""


def refresh(node: Any, files_changed: bool = False) -> FrameState:
    """Look at the node's files and say, per frame, how they stand. On any thread: the node is read
    and written on the main one, files are looked at here.

    The answer is written as a curve on the node's hidden knob `fresh`, see FRESH: native nodes read
    it, so a farm without the plugin shows the same. Every file that stands may be shown, those
    beside the range as well.
    """
    look, was = on_main(ask, node)
    return on_main(tell, node, look, was, look.found(), files_changed)


def ask(node: Any) -> tuple[FileLook, object]:
    """A look at the node's files, and what the node says as it begins; nothing of one that is
    gone. Main thread."""
    if not nodes.alive(node):
        return FileLook(""), None
    return FileLook.at(node), taken(node)


def tell(
    node: Any, look: FileLook, was: object, every: FrameState, files_changed: bool = False
) -> FrameState:
    """Write onto the node what a look has found. Main thread; returns it for the range. What was
    changed since the look began is still to be looked at."""
    found = look.in_range(every)
    if not nodes.alive(node):
        return found
    with without_undo():
        if found.error and not found.unseen:
            doubt(node)
        if not found.error:
            _set_rungs(node)
            _set_fresh(node["fresh"], {f: FRESH[s] for f, s in every.frames.items() if s in FRESH})
            _set_shown(node, [f for f, s in every.frames.items() if s in FRESH])
            _set_color(node["tile_color"], ALARM if found.lacking() else CALM)
        if node["status"].value() != found.detail():
            node["status"].setValue(found.detail())
        if files_changed:
            node["bake_number"].setValue(_after(int(node["bake_number"].value())))
    _errors[node.fullName()] = (node, found.error)
    remember(node, was)
    events.tell(NodesChanged())
    return found


def shown(node: Any) -> FrameState:
    """How the frames of the node's range stand as the node itself says. Main thread; no file is
    looked at."""
    seen, error = _errors.get(node.fullName(), (node, ""))
    if error and nodes.alive(seen):
        return FrameState({}, error)
    look, by = FileLook.at(node), {fresh: state for state, fresh in FRESH.items()}
    keys, state, frames = _keys(node["fresh"]), MISSING, {}
    for frame in range(min((*keys, *look.frames), default=0), look.frames.stop):
        state = by.get(keys[frame], MISSING) if frame in keys else state
        frames[frame] = state
    return look.in_range(FrameState(frames, look.error))


def doubt(node: Any) -> None:
    """Of a node whose settings nobody can go by: no frame is up to date, whichever stands."""
    steps = _keys(node["fresh"])
    stale = {frame: min(value, FRESH[STALE]) for frame, value in steps.items()}
    if stale != steps:
        _set_keys(node["fresh"], stale)
        _set_color(node["tile_color"], ALARM)


def words(node: Any) -> str:
    """What the node shows at the playhead where that is not an up-to-date bake, else ""."""
    fresh, how = float(node["fresh"].value()), str(node["when_not_baked"].value())
    if fresh > 0.75:
        return ""
    if how == "error" or (how == "error in renders" and not nuke.GUI):
        return "shows an error"
    return "shows the stale bake" if fresh > 0.25 and how != "plate" else "shows the plate"


def _set_fresh(knob: Any, frames: dict[int, float]) -> None:
    """A curve of steps, K, with a key where another value begins: in one go, as a thousand keys
    set one by one have Nuke look at its graph as often."""
    wanted = _steps(frames)
    if _keys(knob) != wanted:
        _set_keys(knob, wanted)


def _set_keys(knob: Any, steps: dict[int, float]) -> None:
    keys = " ".join(f"x{frame} {value:g}" for frame, value in sorted(steps.items()))
    knob.fromScript(f"{{curve K {keys}}}" if steps else "0")


def _steps(frames: dict[int, float]) -> dict[int, float]:
    """Where what is said of frames changes; nothing is said of others, which is 0."""
    beside = (f + step for f in frames for step in (-1, 1))
    said = dict.fromkeys(beside, 0.0) | frames
    return {f: said[f] for f in sorted(said) if f - 1 not in said or said[f] != said[f - 1]}


def _keys(knob: Any) -> dict[int, float]:
    if not knob.isAnimated():
        return {}
    return {int(key.x): float(key.y) for key in knob.animation(0).keys()}  # noqa: SIM118


def _after(number: int) -> int:
    """The bake number that follows: seconds since 2020, so that it is another one also where the
    same script was baked on another machine. It is part of the Read's hash, by which Nuke keeps
    pictures, on disk and from day to day, too."""
    return max(number + 1, int(time.time()) - _START_OF_2020)


def _set_shown(node: Any, frames: list[int]) -> None:
    """The first and the last file that stand, for the Read inside."""
    if not frames:
        return
    for name, frame in (("shown_first", min(frames)), ("shown_last", max(frames))):
        if node[name].hasExpression() or node[name].value() != frame:
            node[name].clearAnimated()
            node[name].setValue(frame)


def _set_rungs(node: Any) -> None:
    """What the Reads inside read of a ladder; without one the knobs say that there is none."""
    ages = nodes.ladder(node)
    text = with_percent(str(node["cache"].getText() or "")) if ages else ""
    said: dict[str, Any] = dict(zip(("rung_head", "rung_tail"), around_age(text), strict=True))
    said = said if text else dict.fromkeys(said, "")
    said |= {f"rung{k + 1}": ages[k] if k < len(ages) else _NO_RUNG for k in range(MOST)}
    for name, value in said.items():
        knob = node[name]
        if (knob.getText() if isinstance(value, str) else knob.value()) != value:
            knob.setValue(value)


def _set_color(knob: Any, color: int) -> None:
    if int(knob.value()) in {0, CALM, ALARM} - {color}:
        knob.setValue(color)
