"""Follow one face through a shot."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from reage.errors import Cancelled, PlateError, SettingsError
from reage.faces.choose import FaceChoice
from reage.faces.frame import FaceFrame
from reage.faces.pursuit import Pursuit
from reage.faces.smooth import bridged, smoothed
from reage.faces.track import FaceTrack
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
    options, choose = options or TrackOptions(), (choose or FaceChoice()).unsqueezed(aspect)
    numbers, plate = sorted(set(frames)), Region(0, 0, round(size[0] * aspect), size[1])
    read = unsqueezed_reader(read, aspect, Region(0, 0, *size))
    pursuit, seen = Pursuit(read, plate, choose), dict[int, FaceFrame]()
    for done, number in enumerate(numbers):
        if cancelled():
            raise Cancelled(f"Tracking was stopped before frame {number}; there is no track.")
        try:
            if (now := pursuit.look(number)) is not None:
                seen[number] = now.face
        except PlateError as e:
            if not passed_over(number, e):
                raise
            pursuit.miss()
        progress(done + 1, len(numbers))
    cuts, doubts = pursuit.cuts.found(), tuple(sorted(set(pursuit.doubts) - set(seen)))
    steady = smoothed(bridged(numbers, seen, options.max_gap, cuts, doubts), options.sigma, cuts)
    return FaceTrack(*size, {f.frame: f for f in steady}, aspect, cuts, doubts)
