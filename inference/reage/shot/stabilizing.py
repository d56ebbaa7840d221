"""A shot's ST maps: from the plate to its still face, and back.

    track ─▶ the face that is held still ─▶ two maps a frame ─▶ EXR, float
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from reage.errors import OutputError, PlateError, SettingsError
from reage.faces import FaceFrame, FaceTrack
from reage.media.exr import write_layers
from reage.media.frames import compact, frame_paths, parse_frames
from reage.media.overwriting import refuse_overwriting
from reage.media.patterns import with_word
from reage.media.sequence import Shot, open_shot
from reage.pixels.geometry import Region
from reage.pixels.plate import PlateInfo
from reage.progress import Countdown, Progress
from reage.stabilized.maps import Fetched, fetched
from reage.stabilized.pose import Pose, faces_in, held_still
from reage.version import __version__

STABILIZE, MATCHMOVE = "stabilize", "matchmove"
"""Words in the files' names: what an STMap node does with the plate, and with the still face."""


@dataclass(frozen=True)
class StillFace:
    """What a shot is stabilized to, and where its maps go.

    track   whose frames are held still; faces: those of them that show the face
    held    the face whose place all others are brought to; still: it as a pose
    at      its frame; None of a typical, frontal one
    frames  that are written, ascending; info: a plate's header
    stabilize, matchmove  file patterns
    """

    track: FaceTrack
    faces: dict[int, FaceFrame]
    held: FaceFrame
    at: int | None
    frames: tuple[int, ...]
    plate: str
    shot: Shot
    info: PlateInfo
    stabilize: str
    matchmove: str

    @property
    def still(self) -> Pose:
        return Pose.of(self.held, self.track.aspect)

    @property
    def faceless(self) -> tuple[int, ...]:
        """Frames without a face: their maps leave the picture where it is, and have no matte."""
        return tuple(n for n in self.frames if n not in self.faces)

    def maps(self, number: int) -> tuple[Fetched, Fetched]:
        """Over the whole display window: the plate's pixels for each of the still face's, and the
        still face's for each of the plate's."""
        display, still = self.info.display, self.still
        if number not in self.faces:
            nothing = replace(still, seen=still.seen * 0)
            return fetched(nothing, nothing, display), fetched(nothing, nothing, display)
        moving = Pose.of(self.faces[number], self.track.aspect)
        return fetched(still, moving, display), fetched(moving, still, display)


def still_face(
    track: FaceTrack,
    plate: str,
    output: str,
    at: int | None = None,
    frontal: bool = False,
    frames: str | None = None,
    where: str = "",
) -> StillFace:
    """What `write_st_maps` writes of a plate's track.

    output: a pattern, `out/still.%04d.exr`, of which the maps are `out/still.stabilize.%04d.exr`
            and `out/still.matchmove.%04d.exr`
    at:     the frame whose face is held still; else the one that shows most skin, or with `frontal`
            a typical face, straight on
    frames: of those that plate and track both have
    where:  the track's name in sentences

    Raises SettingsError, FaceError, PlateError where a frame of the plate cannot be read or is of
    another size than the track.
    """
    if Path(output).suffix.lower() != ".exr":
        raise SettingsError(f"ST maps are written as *.exr, as floats; name {output} so.")
    faces = faces_in(track, where)
    held = held_still(track, faces, at, frontal)
    shot = open_shot(plate)
    there = set(shot.frames) - set(shot.missing)
    wanted = there if frames is None else set(parse_frames(frames))
    written = tuple(sorted(there & wanted & set(track.frames)))
    if not written:
        raise SettingsError(f"No frame of {plate} that was asked for is in the track {where}.")
    infos = {number: shot.info(number) for number in written}
    _require_size(track, plate, infos, where)
    stabilize, matchmove = (with_word(output, word) for word in (STABILIZE, MATCHMOVE))
    own = None if frontal else held.frame
    return StillFace(
        track, faces, held, own, written, plate, shot, infos[written[0]], stabilize, matchmove
    )


def _require_size(
    track: FaceTrack, plate: str, infos: Mapping[int, PlateInfo], where: str
) -> None:
    """Raises PlateError where a frame of the plate is of another size than the track's."""
    sizes = {n: (info.display.width, info.display.height) for n, info in infos.items()}
    others = [n for n, size in sizes.items() if size != (track.width, track.height)]
    if not others:
        return
    width, height = sizes[others[0]]
    of_plate = f"the track {where} is of plates of {track.width}×{track.height}"
    if len(others) == len(sizes):
        raise PlateError(
            f"{plate} is {width}×{height} px, and {of_plate}; name the plate that was tracked."
        )
    numbers = compact(others)
    raise PlateError(
        f"{plate} is {width}×{height} px at {numbers}, and {of_plate}; leave such frames out with "
        "--frames, or bring them to one size."
    )


def write_st_maps(
    still: StillFace, progress: Callable[[Progress], object] = lambda _: None
) -> None:
    """Write both maps of every frame; the folder is made. Raises OutputError; SettingsError where
    one would overwrite the plate."""
    first, back = (frame_paths(p, still.frames) for p in (still.stabilize, still.matchmove))
    refuse_overwriting([*first.values(), *back.values()], [("plate", still.plate)])
    try:
        Path(still.stabilize).parent.mkdir(parents=True, exist_ok=True)
    except OSError as e:
        folder = Path(still.stabilize).parent
        raise OutputError(f"The folder {folder} cannot be made: {e.strerror}.") from e
    countdown = Countdown(STABILIZE, len(still.frames))
    for number in still.frames:
        info = still.shot.info(number)
        for word, found, path in zip(
            (STABILIZE, MATCHMOVE), still.maps(number), (first[number], back[number]), strict=True
        ):
            _write(path, found, info.display, info, _said(still, word))
        progress(countdown.next(number, "done"))


def _said(still: StillFace, word: str) -> dict[str, object]:
    at = "frontal" if still.at is None else still.at
    return {"reage:st_map": word, "reage:still_at": at, "reage:version": __version__,
            "colorspace": "data"}  # fmt: skip


def _write(
    path: Path, found: Fetched, display: Region, info: PlateInfo, said: dict[str, object]
) -> None:
    write_layers(path, found.st(display, display), display, info, said, compression="zips")
