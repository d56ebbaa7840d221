"""The thread that follows the faces: while one frame is re-aged, those of the next are found."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass

from reage.errors import ReageError
from reage.faces import FaceFrame
from reage_live.capture import Captured
from reage_live.finder import Finder
from reage_live.followers import Followers
from reage_live.latest import Latest
from reage_live.light import light
from reage_live.plate import LivePlate
from reage_live.source import Source
from reage_live.status_messages import StatusMessages

ONE = 1
"""Followed frames that wait. A second would only age: as the thread rests while the next stage is
late, the two would never be too many, and none would be dropped."""

_EARLY = 1.5
"""Times as long as the last frame took, at which a frame is begun before it is asked for."""


@dataclass(frozen=True)
class Followed:
    """A frame whose faces are known.

    live   its picture as a plate; None where what its values mean cannot be read
    faces  by number
    """

    captured: Captured
    live: LivePlate | None
    faces: tuple[tuple[int, FaceFrame], ...] = ()


class Following(threading.Thread):
    """Takes `pictures`, puts them into `out` with their faces, and closes it after the last.

    patience: frames over which a face is steadied
    Never raises: what goes wrong stands among the messages, and the frame goes on without faces.
    """

    def __init__(
        self,
        source: Source,
        pictures: Latest[Captured],
        out: Latest[Followed],
        finder: Finder,
        messages: StatusMessages,
        patience: float,
    ) -> None:
        super().__init__(name="reage-live-following", daemon=True)
        self._source, self._pictures, self._out = source, pictures, out
        self._finder, self._messages, self._patience = finder, messages, patience
        self._change = threading.Condition()
        self._halted = False
        self._due = self._took = 0.0

    def due(self, when: float) -> None:
        """The next frame is asked for at about that time (monotonic, seconds); 0 is now.

        Where re-aging takes long, following every frame would take the machine from it only
        for most to be dropped. So the thread rests, and takes up the newest just in time.
        """
        with self._change:
            self._due = when
            self._change.notify_all()

    def stop(self) -> None:
        """Ends the rest; the thread ends when `pictures` has."""
        with self._change:
            self._halted = True
            self._change.notify_all()

    def run(self) -> None:
        followers: Followers | None = None
        while not self._pictures.ended:
            self._rest()
            captured = self._pictures.get()
            if captured is None:
                continue
            followers = followers or Followers(self._patience / float(self._source.rate))
            start = time.monotonic()
            self._out.put(self._followed(captured, followers))
            self._took = time.monotonic() - start
        self._out.close()

    def _rest(self) -> None:
        """Until there is just the time left to follow a frame."""

        def left() -> float:
            return self._due - time.monotonic() - _EARLY * self._took

        with self._change:
            self._change.wait_for(lambda: self._halted or left() <= 0, max(0.0, left()))

    def _followed(self, captured: Captured, followers: Followers) -> Followed:
        live: LivePlate | None = None
        try:
            here = light(captured.colorspace)
            live = LivePlate(captured.picture, here)
            self._finder.offer(captured.index, captured.picture, here, followers.known)
            faces = followers.look(live, captured.index, captured.when, self._finder.take())
            self._messages.say("following", "")
            return Followed(captured, live, tuple(faces))
        except ReageError as e:
            self._messages.say("following", str(e))
        except Exception as e:  # whatever it is, the show goes on
            line = f"The faces of a frame could not be followed: {type(e).__name__}: {e}"
            self._messages.say("following", line)
        return Followed(captured, live)
