"""Asks the worker for previews: starts it at the first, and again after it died."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from reage.errors import ReageError
from reage.service.client import Reply
from reage_host.engine import Engine
from reage_ui.host import HostError, PreviewRequest
from reage_ui.picture import Picture
from reage_ui.preview_queue import PreviewQueue
from reage_ui.qt import Qt, QtCore, Signal
from reage_ui.shown_face import ShownFace


@dataclass(frozen=True)
class Asked:
    """One preview: of which node, of what, with which longest side in px."""

    node: str
    request: PreviewRequest
    side: int

    def arguments(self) -> dict[str, Any]:
        request = self.request
        return {
            "plate": request.plate, "frame": request.frame, "settings": dict(request.settings),
            "device": request.device, "side": self.side, "track": request.track,
        }  # fmt: skip


@dataclass(frozen=True)
class ShownPreview:
    """A preview that came. `seconds` from the sending to here."""

    asked: Asked
    picture: Picture
    seconds: float


class PreviewRequests(QtCore.QObject):
    """Previews of one node at a time; the newest request wins.

    shown   a Shown
    failed  a sentence: why there is no preview
    busy    whether one is being made
    moved   a face was moved in its track; a sentence where it could not be, else ""
    spaces  color spaces that a plate may be in, by name
    """

    shown = Signal(object)
    failed = Signal(str)
    busy = Signal(bool)
    moved = Signal(str)
    spaces = Signal(list)
    _came = Signal(object, object)

    def __init__(
        self,
        command: Callable[[], Sequence[str]],
        environment: Callable[[], Mapping[str, str]] = dict,
    ) -> None:
        super().__init__()
        self.engine, self._environment = Engine(command), environment
        self.queue: PreviewQueue[Asked] = PreviewQueue()
        self.node: str | None = None
        self._last: Asked | None = None
        self._picture: Picture | None = None
        self._number, self._sent = 0, 0.0
        # The reply comes on the client's thread; queued, it arrives on this object's own.
        self._came.connect(self._answered, Qt.ConnectionType.QueuedConnection)

    def turn_to(self, node: str | None) -> None:
        """From now on only previews of this node are wanted."""
        if node == self.node:
            return
        self.node, self._last = node, None
        self.queue.forget()
        if self.queue.at_work is not None:
            self.engine.cancel(self._number)

    def ask(self, asked: Asked, again: bool = False) -> None:
        """Wish for a preview; nothing happens where it was the last wish already.

        again: also then, as the plate's file may have changed
        """
        if asked == self._last and not again:
            return
        self._last = asked
        if (now := self.queue.ask(asked)) is not None:
            self._send(now)

    def ask_for_spaces(self) -> None:
        """Have the worker list the color spaces of its OCIO config; nothing comes where it cannot,
        which a preview will say."""

        def done(reply: Reply) -> None:
            with suppress(RuntimeError):  # the panel is gone
                if reply.error is None:
                    self.spaces.emit(list((reply.result or {}).get("spaces", ())))

        with suppress(ReageError, HostError, OSError):
            self.engine.worker(self._environment()).send("spaces", {}, done)

    def drag(self, request: PreviewRequest, face: ShownFace, aspect: float) -> None:
        """Have the worker move the face of a frame in the request's track, and make it a key."""

        def done(reply: Reply) -> None:
            with suppress(RuntimeError):  # the panel is gone
                self.moved.emit(str(reply.error) if reply.error is not None else "")

        arguments = {
            "track": request.track, "frame": request.frame, "center": [face.x / aspect, face.y],
            "size": face.size, "degrees": face.degrees, "looks": face.looks and list(face.looks),
        }  # fmt: skip
        try:
            self.engine.worker(self._environment()).send("drag", arguments, done)
        except (ReageError, HostError, OSError) as e:
            self.moved.emit(str(e))

    def _send(self, asked: Asked) -> None:
        last = self._picture
        have = {"have": last.fingerprint} if last and last.fingerprint else {}

        def done(reply: Reply) -> None:
            came = _outcome(reply, last)
            with suppress(RuntimeError):  # the panel is gone
                self._came.emit(asked, came)

        self._sent = time.perf_counter()
        self.busy.emit(True)
        try:
            worker = self.engine.worker(self._environment())
            self._number = worker.send("preview", {**asked.arguments(), **have}, done)
        except (ReageError, HostError, OSError) as e:
            self._came.emit(asked, e)

    def _answered(self, asked: Asked, came: object) -> None:
        seconds = time.perf_counter() - self._sent
        wanted = asked.node == self.node
        if isinstance(came, Picture):
            self._picture = came
            if wanted:
                self.shown.emit(ShownPreview(asked, came, seconds))
        else:
            kind = getattr(came, "kind", "")
            if kind in ("", "NotStarted", "WorkerDied"):
                self.queue.forget()  # what waits would only die of the same
            if asked == self._last:
                self._last = None  # so that the same may be asked again
            if wanted and kind != "Cancelled":
                self.failed.emit(str(came))
        if (following := self.queue.answered()) is not None:
            self._send(following)
        else:
            self.busy.emit(False)


def _outcome(reply: Reply, last: Picture | None) -> object:
    """The Picture of a reply, or the error in its place. Runs on the client's thread."""
    if reply.error is not None:
        return reply.error
    try:
        return Picture.of(reply.result or {}, last)
    except (KeyError, TypeError, ValueError) as e:
        return ReageError(f"The worker's preview cannot be read: {e}. Is it of another version?")
