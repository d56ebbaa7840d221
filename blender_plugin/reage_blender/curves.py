# SPDX-License-Identifier: GPL-3.0-or-later
"""What is animated on a node group, read at any frame and written in steps."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def of(tree: Any, path: str) -> Any | None:
    """The curve of a property of the group, by its path; None where it is not animated."""
    data = tree.animation_data
    if data is None or data.action is None or data.action_slot is None:
        return None
    for layer in data.action.layers:
        for strip in layer.strips:
            bag = strip.channelbag(data.action_slot)
            for curve in bag.fcurves if bag else ():
                if curve.data_path == path:
                    return curve
    return None


def at(tree: Any, path: str, frame: int, value: float) -> float:
    """A property at a frame; `value` where it is not animated."""
    curve = of(tree, path)
    return value if curve is None else float(curve.evaluate(frame))


def driven(tree: Any, start: str) -> str:
    """A property whose path begins so and that has a driver, less that beginning; else ""."""
    drivers = tree.animation_data.drivers if tree.animation_data else ()
    paths = (str(driver.data_path) for driver in drivers)
    return next((path.removeprefix(start) for path in paths if path.startswith(start)), "")


def _own_action(tree: Any) -> bool:
    """Have a group that is a copy, which has the original's curves, get some of its own. Returns
    whether it did."""
    data = tree.animation_data
    if data is None or data.action is None or data.action.users < 2:
        return False
    slot = data.action_slot.identifier if data.action_slot else None
    data.action = data.action.copy()
    if slot is not None:
        data.action_slot = data.action.slots[slot]
    return True


def write_steps(tree: Any, owner: Any, path: str, steps: Mapping[int, float]) -> bool:
    """Make the curve of owner's `default_value`, whose path is `path`, these steps and no more:
    each holds to the next one. Returns whether it was another."""
    curve = of(tree, path)
    said = {int(p.co[0]): float(p.co[1]) for p in curve.keyframe_points} if curve else {}
    if said == steps:
        return False
    if _own_action(tree):
        curve = of(tree, path)
    if curve is None:
        owner.keyframe_insert("default_value", frame=min(steps))
        curve = of(tree, path)
    assert curve is not None, "it was just made"
    curve.keyframe_points.clear()
    curve.keyframe_points.add(len(steps))
    for point, (frame, value) in zip(curve.keyframe_points, sorted(steps.items()), strict=True):
        point.co = frame, value
        point.interpolation = "CONSTANT"
    curve.update()
    tree.update_tag()
    return True
