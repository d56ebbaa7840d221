"""A render job: the document that the command, a farm, a worker and a node graph pass on.

Standard library only.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from reage import ladder, strict_json
from reage.errors import SettingsError
from reage.settings import AUTO, KEYED, Settings, by_todays_names, check_settings, setting
from reage.shaped import short, shown

LIMITS = strict_json.Limits(16 << 20, 1 << 20)
"""One with keys and marks for ten thousand frames has two million bytes."""

_MOST_FRAMES = 200_000
"""Of `by_frame` and `marks`: two hours."""

FARTHEST_FRAME = 10**9
"""Frame numbers are no larger, nor smaller than its opposite."""

LAYERS = ("delta", "matte", "parts", "shape", "st", "beauty")


@dataclass(frozen=True)
class RenderJob:
    """One shot to re-age: what to read, how to change it, what to write, what to do in trouble.

    plate     `shot.%04d.exr`, `shot.####.exr`, one image, or a movie file
    output    `out/shot_reage.%04d.exr`, layers; or the finished picture as `face.mov`, `.mp4`, or
              `face.%04d.png`, `.tif`, `.jpg`, `.dpx`
    by_frame  frame → those of KEYED that differ there from `settings`, for keyframed ages;
              frames that are not rendered may stand in it
    marks     frame → a host's own word for it, kept in the frame's header as `reage:mark`
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
    faces: str | None = setting(
        None, "Faces to re-age together, each with its own settings: JSON, as `reage track --list "
        "-o faces.json` begins it.", metavar="FILE",
    )
    layer: str | None = setting(
        None, "Layer, part or view of the plate's files to read, such as beauty, or right; the "
        "finished picture otherwise.", metavar="NAME",
    )
    layers: tuple[str, ...] = setting(
        ("delta", "matte"), "Layers to write; parts adds the delta's detail, form and tone, and "
        "hair; shape adds how far pixels move, as Nuke's IDistort takes it, st the same as an ST "
        "map; beauty adds the finished picture as rgba.",
        choices=LAYERS, many=True, metavar="LIST",
    )
    ladder: str | None = setting(
        None, "Target ages in whole years, such as 20,30,40,50,60,70, at each of which layers are "
        "baked, a file each, as shot.age20.%04d.exr: in place of one target age, which a comp then "
        "moves between them with no model.", ladder.rungs, grammar=True, metavar="YEARS",
    )
    working_space: str | None = setting(
        None, "Scene-linear space of layers and beauty where the plate itself is not in one; the "
        "OCIO config's scene_linear otherwise.", metavar="NAME",
    )
    rate: float | None = setting(
        None, "Frames a second of a movie that is made of numbered files, such as 24 or "
        "30000/1001; else what they say, or 24.", float, limits=(1.0, 240.0), metavar="FPS",
    )
    datatype: str = setting(
        "float", "Numbers of the files: half takes a third of the room, float keeps every bit.",
        choices=("half", "float"),  # a node's knob begins with the first
    )
    multipart: bool = setting(
        False, "Write beauty, delta with matte, parts, hair and shape as parts of their own, so "
        "that a comp decodes those alone that it uses.", bool,
    )
    whole: bool = setting(
        False, "Write layers over all of the plate's data window, for programs that read a file's "
        "pixels and not where they lie, as Blender does.", bool,
    )
    tile: int = setting(
        1024, "Largest side in pixels that the model computes at once; bounds memory and "
        "changes no pixel.", int, limits=(64, 8192), metavar="PIXELS",
    )
    device: str = setting(
        "auto", "Where the model runs; auto takes an NVIDIA GPU if ONNX Runtime can use one. Of "
        "several GPUs the second is cuda:1.",
        choices=(
            "auto", "cuda", "cpu", "tensorrt", "openvino", "coreml", "directml", "migraphx",
        ),
        numbered=("cuda", "tensorrt", "directml", "migraphx"),
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
    past_consent: str | None = setting(
        None, "Render though the consent on a model's card has ended or has not begun: why, in "
        "words that every frame's header will show.", metavar="REASON",
    )
    jobs: int = setting(
        1, "Frames whose model runs at the same time; reading and writing overlap at any value.",
        int, limits=(1, 64), metavar="N",
    )
    by_frame: Mapping[int, Mapping[str, float]] = field(default_factory=dict, hash=False)
    marks: Mapping[int, str] = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        check_settings(self)
        for number, values in self.by_frame.items():
            _check_frame(number, values, self.settings)
        for number, mark in self.marks.items():
            if not _is_whole(number) or not isinstance(mark, str):
                raise SettingsError(
                    f"The mark of frame {number!r} is {shown(mark)}; marks are words by frame "
                    "number."
                )
        if self.ladder is not None:
            _check_ladder(self)

    def at(self, frame: int) -> Settings:
        """What holds at one frame."""
        values: Mapping[str, Any] = self.by_frame.get(frame, {})
        return replace(self.settings, **values) if values else self.settings

    def to_json(self) -> str:
        return json.dumps(asdict(self), indent=2)

    @classmethod
    def from_json(cls, text: str) -> RenderJob:
        """Read a job. Raises SettingsError that names the wrong or unknown key."""
        return cls.from_document(strict_json.loads(text, "the render job", SettingsError, LIMITS))

    @classmethod
    def load(cls, path: Path) -> RenderJob:
        """Read a job's file. Raises SettingsError as `from_json` does."""
        what = f"the render job {path}"
        return cls.from_document(strict_json.load(path, what, SettingsError, LIMITS))

    @classmethod
    def from_document(cls, document: object) -> RenderJob:
        """A job out of what its JSON holds. Raises SettingsError as `from_json` does."""
        if not isinstance(document, dict):
            raise SettingsError("A render job must be a JSON object.")
        data = {**document}
        settings = by_todays_names(_object(data.pop("settings", {}), "settings"))
        if settings.get("crop_size", AUTO) is None:  # auto's name in jobs from before it
            del settings["crop_size"]
        known = {f.name for f in fields(cls)}
        known_settings = {f.name for f in fields(Settings)}
        unknown = sorted(set(data) - known) + sorted(set(settings) - known_settings)
        if unknown:
            raise SettingsError(
                f"The render job has unknown keys: {short(', '.join(map(str, unknown)))}."
            )
        for key in ("plate", "output"):
            if key not in data:
                raise SettingsError(f"The render job lacks {key}.")
            if not isinstance(data[key], str):
                raise SettingsError(
                    f"The render job's {key} is {shown(data[key])}; it must be a path."
                )
        for key in ("by_frame", "marks"):
            if key in data:
                data[key] = _by_number(_object(data[key], key), key)
        if "by_frame" in data:
            data["by_frame"] = {
                frame: by_todays_names(values) if isinstance(values, dict) else values
                for frame, values in data["by_frame"].items()
            }
        if isinstance(data.get("layers"), list):
            data["layers"] = tuple(data["layers"])
        return cls(settings=Settings(**settings), **data)


def _check_ladder(job: RenderJob) -> None:
    """Raises SettingsError for what a ladder cannot be together with."""
    if Path(job.output).suffix.lower() not in ("", ".exr"):
        raise SettingsError(
            f"A ladder is of layers, which a comp moves between; name {job.output} *.exr, or leave "
            "--ladder away."
        )
    if job.faces is not None or job.settings.face == "all":
        raise SettingsError("A ladder is of one face; render each face with a --ladder of its own.")
    if keyed := [n for n, values in job.by_frame.items() if "target_age" in values]:
        raise SettingsError(
            f"by_frame sets target_age at frame {keyed[0]}, and a ladder's ages are its rungs; key "
            "the age in the comp, or leave the ladder away."
        )


def _object(value: object, key: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise SettingsError(f"The render job's {key} must be a JSON object.")
    return value


def _by_number(values: dict[str, Any], key: str) -> dict[int, Any]:
    """The same by frame number: JSON has only words for keys."""
    if len(values) > _MOST_FRAMES:
        raise SettingsError(f"The render job's {key} has more than {_MOST_FRAMES} frames.")
    out = {}
    for number, value in values.items():
        try:
            out[int(number)] = value
        except ValueError:
            raise SettingsError(
                f"The render job's {key} has the key {shown(number)}, which is no frame number."
            ) from None
    return out


def _check_frame(number: object, values: object, settings: Settings) -> None:
    """Raises SettingsError where an entry of `by_frame` is none."""
    if not _is_whole(number) or not isinstance(values, Mapping):
        raise SettingsError(
            f"by_frame has {shown(values)} for frame {number!r}; it takes settings by frame number."
        )
    if unknown := sorted(set(values) - set(KEYED)):
        raise SettingsError(
            f"by_frame sets {short(', '.join(unknown))} at frame {number}; only "
            f"{', '.join(KEYED)} may differ from frame to frame."
        )
    try:
        replace(settings, **values)
    except SettingsError as e:
        raise SettingsError(f"by_frame at frame {number}: {e}") from e


def _is_whole(number: object) -> bool:
    if isinstance(number, bool) or not isinstance(number, int):
        return False
    return abs(number) <= FARTHEST_FRAME
