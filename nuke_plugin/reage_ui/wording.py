"""What the panel says of a node, of a bake, of time: plain functions from state to words."""

from __future__ import annotations

from reage_ui.host import BakeProgress, NodeState


def state_text(node: NodeState) -> str:
    """Such as: baked 96/100, 4 stale."""
    if node.busy:
        return f"baking, {node.baked}/{node.total} done"
    if not node.total:
        return "no frames"
    if node.baked == node.stale == 0:
        return f"not baked, {_frames(node.total)}"
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
    return f"Delete {_frames(node.baked + node.stale)} that {node.name} has baked?"


def _frames(count: int) -> str:
    return "1 frame" if count == 1 else f"{count} frames"
