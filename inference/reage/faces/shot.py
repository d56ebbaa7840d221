"""Follow one face through a shot."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass

from reage.errors import Cancelled, PlateError, SettingsError
from reage.faces.choose import FaceChoice
from reage.faces.frame import FaceFrame
from reage.faces.pursuit import Pursuit
from reage.faces.smooth import Bridge, Known, Smoother
from reage.faces.track import FaceTrack, as_kept
from reage.faces.view import Read, unsqueezed_reader
from reage.pixels.geometry import Region


@dataclass(frozen=True)
class TrackOptions:
    """How a track is steadied. Raises SettingsError below zero.

    sigma:   smoothing over time in frames, 0 is off (see `smooth.smoothed`)
    max_gap: longest miss, in frames, that is held
    """

    sigma: float = 2.0
    max_gap: int = 12

    def __post_init__(self) -> None:
        if self.sigma < 0 or self.max_gap < 0:
            raise SettingsError(
                f"Track smoothing ({self.sigma}) and longest gap ({self.max_gap}) "
                "cannot be below 0."
            )


@dataclass(frozen=True)
class TrackEnds:
    """What is known of a track once its last frame is: see `FaceTrack`."""

    cuts: tuple[int, ...]
    doubts: tuple[int, ...]


def track_shot(
    read: Read,
    frames: Iterable[int],
    size: tuple[int, int],
    choose: FaceChoice | None = None,
    options: TrackOptions | None = None,
    progress: Callable[[int, int], None] = lambda done, total: None,
    cancelled: Callable[[], bool] = lambda: False,
    aspect: float = 1.0,
    passed_over: Callable[[int, PlateError], bool] = lambda frame, error: False,
) -> FaceTrack:
    """Track one face.

    read:      gives pixels; asked for the whole plate only while the face is lost
    frames:    their numbers, in any order, steps and holes allowed
    size:      (width, height) of the plate's display window, px
    choose:    which face; the largest where None
    progress:  called with (frames done, frames in all) after each
    cancelled: asked before each frame
    aspect:    width over height of the plate's pixels; the networks see it unsqueezed
    passed_over: asked of a frame that `read` cannot give; where true, it counts as a miss
    Raises Cancelled; FaceError where the models are missing; whatever `read` raises.
    """
    tracking = track_frames(
        read, frames, size, choose, options, progress, cancelled, aspect, passed_over
    )
    faces: dict[int, FaceFrame] = {}
    while True:
        try:
            face = next(tracking)
        except StopIteration as end:
            ends: TrackEnds = end.value
            return FaceTrack(*size, faces, aspect, ends.cuts, ends.doubts)
        faces[face.frame] = face


def track_frames(
    read: Read,
    frames: Iterable[int],
    size: tuple[int, int],
    choose: FaceChoice | None = None,
    options: TrackOptions | None = None,
    progress: Callable[[int, int], None] = lambda done, total: None,
    cancelled: Callable[[], bool] = lambda: False,
    aspect: float = 1.0,
    passed_over: Callable[[int, PlateError], bool] = lambda frame, error: False,
) -> Generator[FaceFrame, None, TrackEnds]:
    """The frames of `track_shot`, in order, each as soon as none that follows can change it: some
    frames behind the one that is read. They are as a track's file holds them, so that what is made
    with a track and what is made with its file are the same. Arguments and errors are the same."""
    options, choose = options or TrackOptions(), (choose or FaceChoice()).unsqueezed(aspect)
    numbers, plate = sorted(set(frames)), Region(0, 0, round(size[0] * aspect), size[1])
    read = unsqueezed_reader(read, aspect, Region(0, 0, *size))
    pursuit, doubts = Pursuit(read, plate, choose), set[int]()
    bridge, smoother = Bridge(options.max_gap), Smoother(options.sigma)

    def given(ended: bool) -> Iterator[FaceFrame]:
        known = Known(pursuit.cuts.found, pursuit.cuts.known_until, ended)
        for face in bridge.given(known):
            for each in smoother.smoothed(face, face.frame in known.cuts):
                yield as_kept(each, aspect)

    for done, number in enumerate(numbers):
        if cancelled():
            raise Cancelled(f"Tracking was stopped before frame {number}; there is no track.")
        now = None
        try:
            now = pursuit.look(number)
        except PlateError as e:
            if not passed_over(number, e):
                raise
            pursuit.miss()
        doubt = now is None and pursuit.doubts[-1:] == [number]
        doubts.update([number] if doubt else ())
        bridge.tell(number, now.face if now else None, doubt)
        progress(done + 1, len(numbers))
        yield from given(ended=False)
    pursuit.cuts.end()
    yield from given(ended=True)
    for each in smoother.end():
        yield as_kept(each, aspect)
    return TrackEnds(tuple(pursuit.cuts.found), tuple(sorted(doubts)))
