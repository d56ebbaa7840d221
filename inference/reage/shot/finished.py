"""The finished picture in the plate's own color space, as a newcomer or an editor wants it.

Where nothing was changed a pixel is the plate's own: it never went through scene-linear and back.
A scene-linear plate is shown through a display's curve where the file cannot hold it: sRGB in
pictures, Rec.709 in movies, highlights cut off.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

import numpy as np

from reage.errors import SettingsError
from reage.frame.layers import Layers, spread
from reage.job import RenderJob
from reage.media.finished_movie import CODECS
from reage.media.finished_picture import PICTURE_SUFFIXES, holds_alpha
from reage.media.imagefile import read_orientation, read_profile
from reage.media.patterns import has_frame_token
from reage.models.parts import Strengths
from reage.pixels.geometry import Region
from reage.pixels.ocio import convert, find_space, is_scene_linear
from reage.pixels.plate import Pixels, Plate
from reage.settings import Settings
from reage.shot.footage import Footage


@dataclass(frozen=True)
class Finish:
    """How the finished pictures of a shot are stored.

    space:   color space of their values
    shown:   whether that is a display's, as the file cannot hold the plate's scene-linear values
    clips:   whether values end at 0 and 1, as on a display; those of a movie may go beyond a little
    profile: the plate's ICC profile, where its space is that of the pictures
    turn:    the plate's EXIF orientation, or that of a movie's display matrix
    askew:   whether that matrix turns pictures as no orientation can say
    """

    space: str
    shown: bool = False
    clips: bool = False
    profile: bytes | None = None
    turn: int = 1
    askew: bool = False

    @classmethod
    def of(cls, output: str, footage: Footage) -> Finish | None:
        """None for layers."""
        if not is_finished(output):
            return None
        path, first = Path(output), footage.frames[0]
        space, file = footage.own_space, footage.file(first)
        holds_floats = path.suffix.lower() in (".tif", ".tiff") and not footage.header.bits
        shown = is_scene_linear(space) and not holds_floats
        if shown:
            name = "g24_rec709_scene" if is_movie(output) else "srgb_rec709_scene"
            space = find_space(name) or name
        if (movie := footage.shot.movie) is not None:
            turn = 1 if is_movie(output) else movie.orientation()
            return cls(space, shown, clips=shown, turn=turn or 1, askew=turn is None)
        named = footage.colorspace is not None
        profile = None if shown or named else read_profile(file)
        return cls(space, shown, not holds_floats, profile, read_orientation(file))

    @property
    def notice(self) -> str:
        shown = (
            f"The plate is scene-linear, which such a file cannot hold: it is in {self.space}, "
            "highlights cut off. EXR holds everything."
        )
        askew = "The movie is shown turned, by no quarter turn; the pictures are as it stores them."
        return " ".join([shown] * self.shown + [askew] * self.askew)


def is_finished(output: str | Path) -> bool:
    """Whether the output is a finished picture, not layers."""
    return Path(output).suffix.lower() in PICTURE_SUFFIXES | CODECS.keys()


def is_movie(output: str | Path) -> bool:
    return Path(output).suffix.lower() in CODECS


def finished_job(job: RenderJob) -> RenderJob:
    """The job as finished pictures need it; itself for layers. Raises SettingsError for a file of
    another kind, and for what a movie cannot be."""
    if Path(job.output).suffix.lower() == ".exr":
        return job
    if not is_finished(job.output):
        raise SettingsError(
            f"Layers are written as *.exr, the finished picture as *.mov, *.mp4, *.png, *.tif, "
            f"*.jpg or *.dpx; not {job.output}."
        )
    if job.layers not in (RenderJob("", "").layers, ("beauty",)):
        raise SettingsError(
            f"{job.output} holds the finished picture alone; name it *.exr for --layers "
            f"{','.join(job.layers)}."
        )
    if is_movie(job.output):
        if job.resume:
            raise SettingsError(
                "A movie is written whole or not at all, so there is nothing to resume; leave "
                "--resume away, or write pictures, such as -o face.%04d.png."
            )
        if has_frame_token(job.output):
            raise SettingsError(
                f"A movie holds all frames; leave the frame number out of {job.output}."
            )
    return replace(job, layers=("beauty",))


def finished(
    finish: Finish, own: Plate, plate: Plate, space: str, result: Pixels, region: Region
) -> Pixels:
    """R, G, B in the finish's space, and alpha where there is one, over the display window; zero
    where the plate has no pixels.

    own: the plate as its file has it; plate: the same in the scene-linear `space`; result: (h, w,
    3 or 4) in that, over `region`, which holds the plate's
    """
    inside = result[plate.region.slices(region)]
    rgb = inside[..., :3]
    made = convert(rgb, space, finish.space)
    if not finish.shown:
        changed = (rgb != plate.rgb).any(-1, keepdims=True)
        made = np.where(changed, made, own.rgb)
    if finish.clips:  # each color by itself: clipped as luma and chroma, white turns yellow
        made = np.clip(made, 0.0, 1.0)
    display = own.info.display
    both = plate.region.union(display)
    whole = spread(np.dstack([made, inside[..., 3:]]), plate.region, both)
    return whole[display.slices(both)]


class ReadFrame(Protocol):
    """A frame of a plate.

    own: as its file has it; plate: the same in the scene-linear `space`
    """

    @property
    def own(self) -> Plate: ...

    @property
    def plate(self) -> Plate: ...

    @property
    def space(self) -> str: ...


def with_layers(
    finish: Finish, footage: Footage, number: int, read: ReadFrame, layers: Layers,
    settings: Settings, strengths: Strengths, output: Path,
) -> Pixels:  # fmt: skip
    """A frame's finished picture, as `finished` gives it, of layers over all of the plate's."""
    channels = beauty(footage, number, read.plate, layers, settings, strengths)
    alpha = has_alpha(footage, number, output)
    result = np.dstack([channels[name] for name in ("RGBA" if alpha else "RGB")])
    return finished(finish, read.own, read.plate, read.space, result, layers.region)


def beauty(
    footage: Footage, number: int, plate: Plate, layers: Layers, settings: Settings,
    strengths: Strengths,
) -> dict[str, Pixels]:  # fmt: skip
    """R, G, B of the result and the plate's own alpha (1 where it has none), over the layers'
    region; zero where the plate has no pixels."""
    rgb = spread(plate.rgb, plate.region, layers.region)
    rgb = layers.over(rgb, settings.blend, strengths)
    own = footage.alpha(number, plate.region)
    alpha = np.ones((*plate.rgb.shape[:2], 1), np.float32) if own is None else own[..., None]
    alpha = spread(alpha, plate.region, layers.region)
    if settings.shape_carries != "rgb" and own is not None:
        alpha = layers.moved(alpha, strengths)
    return {"R": rgb[..., 0], "G": rgb[..., 1], "B": rgb[..., 2], "A": alpha[..., 0]}


def unchanged(finish: Finish, footage: Footage, number: int, output: Path) -> Pixels:
    """The plate itself in the place of a result, as `finished` gives it. Raises PlateError."""
    read = footage.both(number)
    plate, alpha = read.plate, None
    if has_alpha(footage, number, output):
        alpha = footage.alpha(number, plate.region)
    result = plate.rgb if alpha is None else np.dstack([plate.rgb, alpha])
    return finished(finish, read.own, plate, read.space, result, plate.region)


def has_alpha(footage: Footage, number: int, output: Path) -> bool:
    """Whether the plate's alpha goes on: where it has one, and both files are of formats that do
    not multiply by it."""
    if not (holds_alpha(output) and holds_alpha(footage.file(number))):
        return False
    return footage.alpha(number, Region(0, 0, 1, 1)) is not None
