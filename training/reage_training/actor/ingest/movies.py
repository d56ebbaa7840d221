"""Stills out of a movie: the sharpest of each pose, some time apart."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import cv2
import numpy as np

from reage.errors import Cancelled, FaceError, PlateError
from reage.faces import viewable
from reage.faces.frame import face_frame
from reage.media.png import write_png
from reage.media.video import Movie
from reage.pattern.photo.photograph import of_plate
from reage.pixels.color import plate_space, to_scene_linear
from reage.pixels.geometry import Region
from reage.pixels.ocio import convert
from reage.pixels.plate import Plate, PlateInfo
from reage.pixels.resample import widened
from reage_training.actor.ingest import alike, held, sharpness
from reage_training.output import eight_bits

A_SECOND, MOST_LOOKS = 2.0, 600
"""Looks a second, and of a movie at most: they lie farther apart in a long one."""

_APART = 1.5
"""Seconds between stills of one pose."""

_SAME = 56
"""Bits of `alike.HASH` by which a still must differ from those that are kept."""

_PITCH = 14.0
"""Degrees of pitch from which looking up or down is another pose."""


@dataclass(frozen=True)
class SeenFrame:
    """One frame that shows the face. frame: from 1; seconds; pose: yaw's word and pitch's sign"""

    frame: int
    seconds: float
    pose: tuple[str, int]
    detail_px: float
    hash: np.ndarray


def stills(
    path: Path, folder: Path, most: int, stopped: Callable[[], bool] = lambda: False
) -> list[Path]:
    """Write the best stills of a movie as PNG into a folder, named MOVIE_f000123.png; 8 bits sRGB,
    upright, square px. Raises PlateError where it cannot be read, OutputError, Cancelled."""
    movie = Movie.open(path)
    chosen = choose(list(looks(movie, stopped)), most)
    out = []
    for look in chosen:
        file = folder / f"{path.stem}_f{look.frame:06d}.png"
        if not file.is_file():
            write_png(file, as_shown(upright(movie, look.frame - 1), path))
        out.append(file)
    return out


def looks(movie: Movie, stopped: Callable[[], bool] = lambda: False) -> Iterator[SeenFrame]:
    """What is seen of one face, A_SECOND times a second; frames without one are passed over.
    Raises Cancelled."""
    rate = float(movie.header.rate) or 24.0
    step = max(1, round(rate / A_SECOND), -(-movie.length // MOST_LOOKS))
    for index in range(min(step // 2, movie.length - 1), movie.length, step):
        if stopped():
            raise Cancelled(f"Stopped while {movie.path} was looked through.")
        try:
            plate = upright(movie, index)
            space = _space(plate, movie.path)
            photo = of_plate(plate, movie.path.name, partial(_linear, space))
        except (FaceError, PlateError) as e:
            if "not installed" in str(e):
                raise
            continue
        face = face_frame(photo.mesh, 0, 1.0)
        inside = np.zeros(photo.rgb.shape[:2], np.uint8)
        hull = cv2.convexHull(photo.mesh[:, :2].astype(np.float32))
        cv2.fillConvexPoly(inside, np.round(hull).astype(np.int32), 1)
        yaw, pitch = held.turned(photo.mesh)
        vertical = 0 if abs(pitch) < _PITCH else int(np.sign(pitch))
        yield SeenFrame(
            index + 1, index / rate, (held.pose(yaw), vertical),
            sharpness.detail_px(photo.face_px, sharpness.blur(photo.rgb, inside > 0)),
            alike.face_hash(viewable(photo.rgb), face.center, face.size, face.degrees),
        )  # fmt: skip


def choose(seen: list[SeenFrame], most: int) -> list[SeenFrame]:
    """The sharpest of each pose in turn, unlike those that are chosen and apart from them in time;
    by frame."""
    by_pose: dict[tuple[str, int], list[SeenFrame]] = {}
    for look in sorted(seen, key=lambda look: (-look.detail_px, look.frame)):
        by_pose.setdefault(look.pose, []).append(look)
    chosen: list[SeenFrame] = []
    while len(chosen) < most and any(by_pose.values()):
        for waiting in by_pose.values():
            while waiting and not _new(waiting[0], chosen):
                waiting.pop(0)
            if waiting and len(chosen) < most:
                chosen.append(waiting.pop(0))
    return sorted(chosen, key=lambda look: look.frame)


def _new(look: SeenFrame, chosen: list[SeenFrame]) -> bool:
    return all(
        np.unpackbits(look.hash ^ other.hash).sum() > _SAME
        and (other.pose != look.pose or abs(other.seconds - look.seconds) >= _APART)
        for other in chosen
    )


_UNTAGGED = "g24_rec709_scene"
"""What a movie is in that does not say it."""


def upright(movie: Movie, index: int) -> Plate:
    """A frame in square px, turned as a player turns it."""
    plate = movie.read(index)
    rgb, aspect = plate.rgb, plate.info.aspect
    if aspect != 1.0:
        rgb = widened(rgb, plate.region, aspect)[0]
    turns = {3: 2, 6: 3, 8: 1}.get(movie.orientation() or 1, 0)
    rgb = np.ascontiguousarray(np.rot90(rgb, turns))
    here = Region(0, 0, rgb.shape[1], rgb.shape[0])
    return Plate(rgb, here, PlateInfo(here, here, ("R", "G", "B"), plate.info.colorspace))


def as_shown(plate: Plate, path: Path) -> np.ndarray:
    """(h, w, 3) uint8 sRGB of a movie's frame."""
    return eight_bits(convert(plate.rgb, _space(plate, path), "srgb_rec709_scene"))


def _space(plate: Plate, path: Path) -> str:
    return plate_space(plate.info, None if plate.info.colorspace else _UNTAGGED, path)


def _linear(space: str, part: Plate) -> Plate:
    return to_scene_linear(part, space)[0]
