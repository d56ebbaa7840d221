"""A face's track while it is being made: on a thread of its own, some frames ahead of the render.

Track, render and write are one pass: a frame is read once, tracked, and kept until those after it
have told what its place is; then it is rendered. What comes of it is the track of `track_shot`.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Callable, Generator, Mapping
from dataclasses import replace
from threading import Condition, Thread

from reage.errors import Cancelled
from reage.faces import FaceFrame, FaceTrack
from reage.faces.shot import TrackEnds
from reage.shot.clock import Clock

AHEAD = 6
"""Frames whose place is known that may wait to be rendered: so many that neither waits for the
other, and no more, as their plates are kept."""

_PATIENCE = 0.1
"""Seconds between two looks at whether everybody still wants it."""


class Outgrown(Exception):
    """What was supposed of the whole shot by its first frames does not hold."""


class TrackStream:
    """`at` gives a frame's face, or waits for it; `finished` tells that a frame was rendered.

    tracking:  `reage.faces.shot.track_frames`
    empty:     the track without frames
    edits:     frames that a hand has set, which win
    forget:    told of each frame that was rendered
    cancelled: asked while anybody waits; once true, Cancelled is raised
    """

    def __init__(
        self,
        tracking: Generator[FaceFrame, None, TrackEnds],
        empty: FaceTrack,
        edits: Mapping[int, FaceFrame],
        cancelled: Callable[[], bool],
        clock: Clock,
        forget: Callable[[int], None] = lambda frame: None,
    ) -> None:
        self._tracking, self._track, self._edits = tracking, empty, edits
        self._cancelled, self._clock, self._forget = cancelled, clock, forget
        self._still: Callable[[list[float]], bool] = lambda sizes: True
        self._faces: dict[int, FaceFrame] = {}
        self._sizes: list[float] = []
        self._rendered = 0
        self._stands = True
        self._error: BaseException | None = None
        self._ended = self._closed = False
        self._changed = Condition()
        self._thread = Thread(target=self._run, name="reage-track", daemon=True)
        self._thread.start()

    def first(self) -> FaceTrack:
        """The track of the first frames, as soon as there are some. Raises what tracking does."""
        with self._changed:
            self._wait(lambda: len(self._faces) > 0)
            return replace(self._track, frames=dict(self._faces))

    def suppose(self, still: Callable[[list[float]], bool]) -> None:
        """Begin to render on a supposition. `still` is asked of the face sizes so far, ascending;
        once it says no, frames wait for the last one, and where that does not mend it, `at` raises
        Outgrown."""
        with self._changed:
            self._still, self._stands = still, still(self._sizes)
            self._changed.notify_all()

    def at(self, frame: int) -> FaceFrame | None:
        """See `FaceTrack.at`. Raises what tracking raises, Outgrown, Cancelled."""
        with self._changed:
            self._wait(lambda: frame in self._faces and self._stands)
            if not self._stands:
                raise Outgrown
            face = self._faces.get(frame)
        return None if face is None or face.state == "none" else face

    def finished(self, frame: int) -> None:
        """A frame was rendered, well or not."""
        self._forget(frame)
        with self._changed:
            self._rendered += 1
            self._changed.notify_all()

    def whole(self) -> FaceTrack:
        """The track, once it is whole. Raises what tracking raises, Cancelled."""
        with self._changed:
            self._stands = False  # nobody renders meanwhile
            self._changed.notify_all()
            self._wait(lambda: False)
            return self._track

    def close(self) -> None:
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        self._thread.join()

    def _wait(self, enough: Callable[[], bool]) -> None:
        """Until there is enough, or the last frame is tracked."""
        while not enough() and not self._ended:
            if self._error is not None:
                raise self._error
            if self._cancelled():
                raise Cancelled("stopped")
            self._changed.wait(_PATIENCE)

    def _run(self) -> None:
        try:
            while not self._closed:
                with self._clock("track"):
                    face = next(self._tracking)
                self._add(face)
        except StopIteration as end:
            self._end(end.value)
        except BaseException as e:  # whoever asks next is told
            with self._changed:
                self._error = e
                self._changed.notify_all()

    def _add(self, face: FaceFrame) -> None:
        face = self._edits.get(face.frame, face)
        with self._changed:
            self._faces[face.frame] = face
            if face.state != "none":
                insort(self._sizes, face.size)
                self._stands = self._stands and self._still(self._sizes)
            self._changed.notify_all()
            while self._stands and len(self._faces) - self._rendered > AHEAD:
                if self._closed or self._cancelled():
                    raise Cancelled("stopped")
                self._changed.wait(_PATIENCE)

    def _end(self, ends: TrackEnds) -> None:
        with self._changed:
            frames = {**self._faces, **self._edits}
            self._sizes = sorted(f.size for f in frames.values() if f.state != "none")
            self._track = replace(
                self._track, frames=frames, cuts=ends.cuts, doubts=ends.doubts
            )
            self._stands, self._ended = self._still(self._sizes), True
            self._changed.notify_all()
