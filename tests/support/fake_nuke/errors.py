"""Errors that both the fake Nuke and its evaluator know."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fake_nuke.node import Node


class RenderError(RuntimeError):
    """Why a picture cannot be made; `node` is the one that failed."""

    def __init__(self, node: Node, sentence: str) -> None:
        super().__init__(f"{node.fullName()}: {sentence}")
        self.node = node
