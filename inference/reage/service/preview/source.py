"""The frame that a preview is of."""

from __future__ import annotations

from collections.abc import Hashable
from functools import cached_property
from pathlib import Path

from reage.faces import FaceFrame, TrackOptions, reader_of, track_shot
from reage.fingerprint import file_fingerprint
from reage.job import RenderJob
from reage.media.sequence import frame_path
from reage.pixels.geometry import Region
from reage.pixels.plate import Pixels, Plate
from reage.shot.clock import Clock
from reage.shot.drawn import Drawn
from reage.shot.footage import Footage
from reage.shot.tracking import parse_face


class PreviewSource:
    """One frame of a job's plate, opened and read only once it must be."""

    def __init__(self, job: RenderJob, frame: int) -> None:
        self.job, self.frame = job, frame

    @property
    def plate(self) -> tuple[Hashable, ...]:
        """Changes when the frame's pixels do, or what they are taken for."""
        settings = self.job.settings
        file = self._fingerprint(self.job.plate)
        return file, self.frame, settings.colorspace, settings.pixel_aspect

    def drawn_fingerprint(self, named: str | None) -> Hashable:
        """Changes when the frame's age map, or hair matte, of that name does; None without."""
        return None if named is None else self._fingerprint(named)

    def _fingerprint(self, named: str) -> Hashable:
        where = Path(named)
        file = where if where.is_file() else frame_path(where, self.frame)
        return file, file_fingerprint(file)

    @cached_property
    def footage(self) -> Footage:
        return Footage.open(self.job)

    @cached_property
    def whole(self) -> tuple[Plate, str]:
        return self.footage.read(self.frame)

    def find_face(self, clock: Clock) -> FaceFrame | None:
        """The chosen face as it is in this frame alone."""
        with clock("read"):
            plate, _ = self.whole
            info = plate.info
        with clock("track"):
            size, alone = (info.display.width, info.display.height), TrackOptions(sigma=0.0)
            choice = parse_face(self.job.settings.face)
            return track_shot(
                reader_of(plate), (self.frame,), size, choice, alone, aspect=info.aspect
            ).at(self.frame)

    @property
    def track_fingerprint(self) -> Hashable:
        """Changes when the job's face track does; None without one."""
        track = self.job.track
        return track and (track, file_fingerprint(Path(track)))

    def cut(self, region: Region | None) -> tuple[Plate, str]:
        """A part of the frame, out of the whole where that was read already."""
        if region is None or "whole" in self.__dict__:
            plate, space = self.whole
            return (plate if region is None else plate.cut(region)), space
        return self.footage.read(self.frame, region)

    def drawn(self, what: str, named: str, region: Region) -> Pixels:
        """(h, w) of an age map or a hair matte over a region."""
        channel = self.job.settings.map_channel
        return Drawn.open(what, named, self.footage, channel).read(self.frame, region)
