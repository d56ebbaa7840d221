"""The moving head through the whole engine: files, track, conditioning map by the mesh, crop,
layers."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from reage.faces import FaceTrack, TrackOptions, track_shot
from reage.faces.smooth import smoothed
from reage.frame.layers import DELTA_CHANNELS, MATTE_CHANNEL
from reage.job import RenderJob
from reage.media.exr import write_layers
from reage.media.imagefile import read_channels
from reage.models.model import Model
from reage.pixels.geometry import Region
from reage.pixels.plate import Pixels, PlateInfo
from reage.settings import Settings
from reage.shot.rendering import render
from reage.shot.tracking import save_track
from reage_training.evaluation.stills import Step
from reage_training.pairs.encoding import code

SMOOTH = 2.0
"""Of the track, in frames: the engine's own default."""


def tracked(frames: Sequence[Pixels]) -> FaceTrack:
    """The engine's track of frames 1 … n (h, w, 3), scene-linear, as it is found."""
    height, width = frames[0].shape[:2]

    def read(number: int, region: Region | None) -> tuple[Pixels, Region]:
        whole = Region(0, 0, width, height)
        wanted = whole if region is None else region.intersect(whole)
        return frames[number - 1][wanted.slices(whole)], wanted

    numbers = range(1, len(frames) + 1)
    return track_shot(read, numbers, (width, height), options=TrackOptions(sigma=0))


def smooth(track: FaceTrack, sigma: float = SMOOTH) -> FaceTrack:
    """As the engine smooths it, by sigma frames."""
    steady = smoothed(track.frames.values(), sigma, track.cuts)
    return replace(track, frames={face.frame: face for face in steady})


def landmarks(track: FaceTrack) -> list[np.ndarray] | None:
    """(468, 2) px of each frame; None where one of them has no face."""
    found = [track.at(number) for number in sorted(track.frames)]
    points = [None if face is None else face.landmarks() for face in found]
    whole = [p for p in points if p is not None]
    return whole if len(whole) == len(points) else None


def rendered(
    model: Model, frames: Sequence[Pixels], track: FaceTrack, step: Step, steady: float,
    pattern: int | str = 0,
) -> list[Pixels]:  # fmt: skip
    """What `reage render` changes in each frame, (h, w, 3) in ACEScct; the frames are ACEScg."""
    height, width = frames[0].shape[:2]
    region = Region(0, 0, width, height)
    info = PlateInfo(region, region, ("R", "G", "B"))
    with tempfile.TemporaryDirectory(prefix="reage-evaluate-") as folder:
        here = Path(folder)
        (here / "out").mkdir()
        for number, rgb in enumerate(frames, 1):
            channels = {c: np.ascontiguousarray(rgb[..., i]) for i, c in enumerate("RGB")}
            write_layers(here / f"plate.{number:04d}.exr", channels, region, info, {})
        save_track(track, here / "track.json")
        settings = Settings(
            source_age=step[0], target_age=step[1], steady=steady, smooth=SMOOTH,
            colorspace="ACEScg", pattern=pattern,
        )  # fmt: skip
        render(
            RenderJob(
                str(here / "plate.%04d.exr"), str(here / "out" / "layers.%04d.exr"), settings,
                track=str(here / "track.json"),
            ),
            model=model,
        )  # fmt: skip
        paths = [here / "out" / f"layers.{n:04d}.exr" for n in range(1, len(frames) + 1)]
        return [_change(path, rgb) for path, rgb in zip(paths, frames, strict=True)]


def _change(path: Path, rgb: Pixels) -> Pixels:
    channels, region, _ = read_channels(path, (*DELTA_CHANNELS, MATTE_CHANNEL))
    result = rgb.copy()
    result[region.slices(Region(0, 0, rgb.shape[1], rgb.shape[0]))] += (
        channels[..., :3] * channels[..., 3:]
    )
    return code().encode(result) - code().encode(rgb)
