"""A preview as the worker sends it, made ready to be painted."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from reage_ui.shown_face import ShownFace


@dataclass(frozen=True)
class Picture:
    """Before and after, the same size.

    before, after   8-bit RGB for a monitor, rows top to bottom, `3 * width * height` bytes
    note            a sentence for the artist, or ""
    seconds         what each step took in the worker; `infer` is the model's own time
    region          x, y, width, height in the plate's own px: what is shown, unsqueezed
    aspect          width over height of the plate's px
    face            None where there is none
    fingerprint     of `before`
    rights          of a model of one actor, in a line, or ""
    """

    width: int
    height: int
    before: bytes
    after: bytes
    note: str = ""
    seconds: Mapping[str, float] = field(default_factory=dict)
    region: tuple[float, float, float, float] = (0.0, 0.0, 1.0, 1.0)
    aspect: float = 1.0
    face: ShownFace | None = None
    fingerprint: str = ""
    rights: str = ""

    @classmethod
    def of(cls, result: Mapping[str, Any], last: Picture | None = None) -> Picture:
        """The result of the worker's `preview`; last: the one whose fingerprint it was told that
        we have. Raises ValueError where its sizes disagree."""
        width, height = int(result["width"]), int(result["height"])
        after, before = base64.b64decode(result["after"]), last.before if last else b""
        if result["before"] is not None:
            before = base64.b64decode(result["before"])
        if not len(before) == len(after) == 3 * width * height:
            raise ValueError(f"{len(before)} and {len(after)} bytes are no {width}×{height} px.")
        x, y, w, h = (float(value) for value in result["region"])
        face, aspect = result["face"], float(result["pixel_aspect"])
        return cls(
            width, height, before, after, result["note"], dict(result["seconds"]), (x, y, w, h),
            aspect, face and ShownFace.of(face, aspect), result.get("fingerprint", ""),
            result.get("rights", ""),
        )  # fmt: skip
