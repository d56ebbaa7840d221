"""A render job: the document that the command, a farm, a worker and a node graph pass on.

Standard library only.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, fields

from reage.errors import SettingsError
from reage.settings import Settings, check_settings, setting

LAYERS = ("delta", "matte", "beauty")


@dataclass(frozen=True)
class RenderJob:
    """One shot to re-age: what to read, how to change it, what to write, what to do in trouble.

    plate   `shot.%04d.exr`, `shot.####.exr`, one image, or a movie file
    output  `out/shot_reage.%04d.exr`; EXR
    """

    plate: str
    output: str
    settings: Settings = field(default_factory=Settings)
    frames: str | None = setting(
        None, "Frames to render, such as 1001-1100 or 1001-1100x2,1200; all there are otherwise.",
        metavar="RANGE",
    )
    track: str | None = setting(
        None, "Face track to use (JSON written by `reage track`); made, and kept beside the "
        "output, otherwise.", metavar="FILE",
    )
    layers: tuple[str, ...] = setting(
        ("delta", "matte"), "Layers to write; beauty adds the finished picture as rgba.",
        choices=LAYERS, many=True, metavar="LIST",
    )
    tile: int = setting(
        1024, "Largest side in pixels that the model computes at once; bounds memory and "
        "changes no pixel.", int, limits=(64, 8192), metavar="PIXELS",
    )
    device: str = setting(
        "auto", "Where the model runs; auto takes the GPU if ONNX Runtime can use one.",
        choices=("auto", "cuda", "cpu"),
    )
    missing: str = setting(
        "error", "Frames of the range that have no file: stop before starting, hold the frame "
        "before, or leave them out.", choices=("error", "hold", "skip"),
    )
    continue_on_error: bool = setting(
        False, "Go on past a frame that fails, and list it at the end.", bool
    )
    resume: bool = setting(
        False, "Keep frames that stand already and were made with the same settings.", bool
    )
    jobs: int = setting(
        1, "Frames whose model runs at the same time; reading and writing overlap at any value.",
        int, limits=(1, 64), metavar="N",
    )

    def __post_init__(self) -> None:
        check_settings(self)

    def to_json(self) -> str:
        return json.dumps(asdict(self), indent=2)

    @classmethod
    def from_json(cls, text: str) -> RenderJob:
        """Read a job. Raises SettingsError that names the wrong or unknown key."""
        try:
            data = json.loads(text)
            if not isinstance(data, dict):
                raise SettingsError("A render job must be a JSON object.")
            settings = data.pop("settings", {})
            known = {f.name for f in fields(cls)}
            known_settings = {f.name for f in fields(Settings)}
            unknown = sorted(set(data) - known) + sorted(set(settings) - known_settings)
            if unknown:
                raise SettingsError(f"The render job has unknown keys: {', '.join(unknown)}.")
            if lacking := [k for k in ("plate", "output") if k not in data]:
                raise SettingsError(f"The render job lacks {' and '.join(lacking)}.")
            if "layers" in data:
                data["layers"] = tuple(data["layers"])
            return cls(settings=Settings(**settings), **data)
        except (json.JSONDecodeError, TypeError) as e:
            raise SettingsError(f"The render job is not valid JSON for a job: {e}.") from e
