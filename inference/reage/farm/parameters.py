"""The parameters of a farm's job. Paths are of the kind PATH, so that a farm maps them to where
each machine has them; each reaches the render as a flag, which wins over the job's document."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from reage.media.patterns import has_frame_token

CHUNK = 10
"""Frames of a task where nobody says otherwise."""

LARGEST_CHUNK = 150
"""As AWS Deadline Cloud has it."""

IN, OUT, NONE = "IN", "OUT", "NONE"
"""What a farm does with a path's file or folder: brings it, takes it back, or only maps the name.
A sequence's pattern is no file: its frames are brought by the list of what the job reads."""


@dataclass(frozen=True)
class Parameter:
    """value: what is submitted; None where the template's own default stands"""

    definition: Mapping[str, Any]
    value: str | int | None = None

    @property
    def name(self) -> str:
        return str(self.definition["name"])


@dataclass
class Parameters:
    """Collected while a template is made."""

    _made: dict[str, Parameter] = field(default_factory=dict)

    def path(
        self, name: str, value: str, about: str, kind: str = "FILE", flow: str | None = None
    ) -> str:
        """A reference to a path; the same one for the same path asked for again. flow: IN for a
        file, NONE for a sequence, where it is not said."""
        wanted, count = name, 1
        while name in self._made and self._made[name].value != value:
            count += 1
            name = f"{wanted}{count}"
        if flow is None:
            flow = NONE if has_frame_token(value) and not Path(value).is_file() else IN
        return self._add(name, value, type="PATH", objectType=kind, dataFlow=flow,
                         description=about)  # fmt: skip

    def document(self, name: str, file: str, about: str) -> str:
        """A reference to a file of the bundle itself, which may be moved with it."""
        return self._add(name, None, type="PATH", objectType="FILE", dataFlow=IN, default=file,
                         description=about)  # fmt: skip

    def text(self, name: str, value: str, about: str) -> str:
        return self._add(name, value, type="STRING", default=value, description=about)

    def number(self, name: str, value: int, limits: tuple[int, int], about: str) -> str:
        low, high = limits
        return self._add(name, value, type="INT", default=value, minValue=low, maxValue=high,
                         description=about)  # fmt: skip

    def _add(self, name: str, value: str | int | None, **definition: Any) -> str:
        self._made[name] = Parameter({"name": name, **definition}, value)
        return f"{{{{Param.{name}}}}}"

    def definitions(self) -> list[Mapping[str, Any]]:
        return [each.definition for each in self._made.values()]

    def values(self) -> dict[str, str | int]:
        return {name: p.value for name, p in self._made.items() if p.value is not None}
