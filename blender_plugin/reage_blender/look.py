# SPDX-License-Identifier: GPL-3.0-or-later
"""A look at the disk: which frames of a group are baked, stale or missing; and what it shows then.

    group, now ▶ BlenderGraph ▶ states (any thread) ▶ Image node and curve of the group
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import bpy

from reage.errors import ReageError
from reage.media.patterns import frame_path
from reage_blender import color, curves, files, group, main_thread, memory, nodes, plate
from reage_blender.graph import BlenderGraph
from reage_blender.plate import ScenePlate
from reage_host.exr_header import string_attribute
from reage_host.patterns import on_disk
from reage_host.state import BAKED, MISSING, STALE, FrameState, states

_WORTH = {BAKED: 1.0, STALE: 0.5, MISSING: 0.0}
"""What the curve `Fresh` says."""

_QUIET = 0.25
"""Seconds without a change after which files are looked at."""

_due: set[int] = set()


@dataclass(frozen=True)
class _Look:
    """A group read on the main thread; `found` may take its time on another one."""

    footage: ScenePlate
    shot: BlenderGraph

    @classmethod
    def at(cls, tree: Any) -> _Look:
        """Raises a ReageError."""
        footage, said = plate.of(tree), tree.reage
        layers = files.pattern(tree) if said.files else ""
        ends = (said.range_first, said.range_last)
        return cls(footage, BlenderGraph.of(tree, footage, layers, *ends))

    def found(self) -> FrameState:
        """Of all files of the plate in the range, and of each beside it that is baked."""
        if not self.shot.layers:
            return FrameState(dict.fromkeys(self.shot.frames, MISSING))
        every = sorted({*self.shot.frames, *on_disk(self.shot.layers)})
        try:
            return states(self.shot, every)
        except (ReageError, OSError) as e:
            return FrameState({}, str(e))


def states_of(tree: Any) -> FrameState:
    """How each frame of the group's range stands, by the numbers of the plate's files. Raises
    nothing: what is wrong is its `error`. Main thread."""
    try:
        seen = _Look.at(tree)
        state, said = seen.found(), tree.reage
        return state.within(seen.footage.numbers(said.range_first, said.range_last))
    except ReageError as e:
        return FrameState({}, str(e))


def at_once(tree: Any) -> FrameState:
    """Look, and have the group show what stands. Main thread."""
    try:
        seen = _Look.at(tree)
    except ReageError as e:
        return _kept(tree, FrameState({}, str(e)))
    return _show(tree, seen, seen.found())


def soon(tree: Any) -> None:
    """The same once nothing was changed for a moment, its files on a thread of their own; without
    a window, which has no timers, now."""
    if not group.is_reage(tree):
        return
    if bpy.app.background:
        at_once(tree)
        return
    _due.add(tree.session_uid)
    if bpy.app.timers.is_registered(_look):
        bpy.app.timers.unregister(_look)
    bpy.app.timers.register(_look, first_interval=_QUIET)


def all_soon() -> None:
    for tree in nodes.groups():
        soon(tree)


def all_at_once() -> None:
    for tree in nodes.groups():
        at_once(tree)


def close() -> None:
    """Nothing is looked at any more that is due. Main thread."""
    _due.clear()
    if bpy.app.timers.is_registered(_look):
        bpy.app.timers.unregister(_look)


def _look() -> float | None:
    if main_thread.is_rendering():
        return _QUIET
    while _due:
        uid = _due.pop()
        tree = nodes.by_number(uid)
        if tree is None:
            continue
        try:
            seen = _Look.at(tree)
        except ReageError as e:
            _kept(tree, FrameState({}, str(e)))
            continue
        main_thread.begin()
        threading.Thread(target=_look_on, args=(uid, seen), name="ReAge look", daemon=True).start()
    return None


def _look_on(uid: int, seen: _Look) -> None:
    try:
        state = seen.found()
    except Exception as e:  # whatever it is, the main thread waits for an end of it
        state = FrameState({}, f"{type(e).__name__}: {e}")
    main_thread.later(partial(_looked, uid, seen, state))


def _looked(uid: int, seen: _Look, state: FrameState) -> None:
    main_thread.end()
    tree = nodes.by_number(uid)
    if tree is None:
        return
    try:
        now = _Look.at(tree)
    except ReageError:
        return
    if (now.footage, now.shot.layers, now.shot.still, now.shot.keyed) == (
        seen.footage, seen.shot.layers, seen.shot.still, seen.shot.keyed,
    ):  # fmt: skip
        _show(tree, seen, state)


def _kept(tree: Any, state: FrameState) -> FrameState:
    memory.of(tree.session_uid).state = state
    return state


def has_baked(tree: Any) -> None:
    """Files are others than they were when they were last looked at, whatever their state."""
    memory.of(tree.session_uid).loaded = {}


def _show(tree: Any, seen: _Look, state: FrameState) -> FrameState:
    if not state.error and tree.library is None:
        there = on_disk(seen.shot.layers) if seen.shot.layers else ()
        is_new = bool(there) and tree.nodes[group.LAYERS].image is None
        if there:
            told = memory.of(tree.session_uid)
            _load(tree, seen, there[0], told.loaded != state.frames)
            told.loaded = state.frames
        worth = {seen.footage.frame(n): _WORTH[s] for n, s in sorted(state.frames.items())}
        if worth:
            steps = _steps(worth, still=seen.footage.length == 1)
            curves.write_steps(tree, tree.nodes[group.FRESH].outputs[0], group.FRESH_PATH, steps)
        if is_new:
            main_thread.undo_step("ReAge layers")
    said = tree.reage
    numbers = seen.footage.numbers(said.range_first, said.range_last)
    return _kept(tree, state if state.error else state.within(numbers))


def _steps(worth: Mapping[int, float], still: bool) -> dict[int, float]:
    """The curve's keys, one wherever another worth begins; none is worth anything elsewhere."""
    if still:
        return {0: next(iter(worth.values()))}
    around = {f + d for f in worth for d in (-1, 0, 1)}
    steps: dict[int, float] = {}
    before = None
    for frame in sorted(around):
        value = worth.get(frame, 0.0)
        if value != before:
            steps[frame] = before = value
    return steps


def _load(tree: Any, seen: _Look, first: int, anew: bool) -> None:
    """Have the Image node inside show the layers, as long as the plate shows; anew: what Blender
    has read of them is of before."""
    node, path = tree.nodes[group.LAYERS], frame_path(seen.shot.layers, first)
    image = node.image
    if image is None or image.users > 1 or image.library is not None:
        image = bpy.data.images.load(str(path), check_existing=False)
        image.name, image.source = f"{tree.name} layers", "SEQUENCE"
    where = str(path)
    if tree.reage.files.startswith("//"):
        where = files.relative(where)
    if image.filepath != where:
        image.filepath = where
    tree.reage.files_shown = tree.reage.files
    space = string_attribute(Path(path), "reage:colorspace")
    if space and color.knows(image, space) and image.colorspace_settings.name != space:
        image.colorspace_settings.name = space
    if anew or node.image != image:
        image.reload()
    node.image = image
    node.use_auto_refresh = True
    footage = seen.footage
    node.frame_start, node.frame_offset = footage.start, footage.offset
    node.frame_duration = footage.length
    group.wire(tree)
