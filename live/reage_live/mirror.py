"""The mirror: a source's pictures, re-aged as they come, with a delay that stays bounded.

    capture ─▶ two frames ─▶ follow ─▶ one frame ─▶ re-age ─▶ two frames ─▶ whoever shows them
       │                       ▲                      └──▶ recorder
       └──▶ recorder           finder  (new faces)

Capture, follow, finder and re-age each have a thread: frame n + 1 is followed while frame n is
re-aged. What comes too late is dropped, the oldest first. Patterns are made on one more thread;
until a face's is there, the face is shown as it is.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from reage.errors import OutputError, ReageError
from reage.faces import FaceFrame
from reage.models.consents import permitted
from reage.models.model import Model
from reage.models.rights import Rights, today
from reage.pixels.crop import crop_side
from reage.settings import Settings
from reage_live.capture import RETRY, Capture, Captured
from reage_live.face_settings import FaceSettings
from reage_live.figures import Meter
from reage_live.finder import Finder
from reage_live.following import ONE, Followed, Following
from reage_live.latest import Latest
from reage_live.patterns import Patterns
from reage_live.rate_controller import RateController, sizes_for
from reage_live.reaging import reaged
from reage_live.recording import LiveFrame, Picture, RawFrame, Recorder, Slate, TakeMetadata
from reage_live.source import Source
from reage_live.status_messages import StatusMessages

_NOBODY = 2.0
"""Seconds without a face after which the screen says so."""


_UNDER_WAY = 12
"""Frames that may have come and not be on the screen when a take begins: half a second."""


@dataclass(frozen=True)
class Present:
    """A face in the last frame: its number, and where it is."""

    number: int
    face: FaceFrame


class Mirror:
    """Runs from `start` to `stop`.

    results   finished frames, for whoever shows them, who then calls `shown`
    arrived   called on the re-aging thread whenever there is one more
    settings  of the faces; a crop size of auto is the model's own, from which the rate
              controller goes down
    keep_crop the crop size stays as the settings have it, however slow the machine
    Raises SettingsError where the model cannot take the crop size, RightsError where a consent
    behind model or album does not hold today.
    """

    def __init__(
        self,
        source: Source,
        model: Model,
        settings: Settings,
        recorder: Recorder | None = None,
        keep_crop: bool = False,
        retry: float = RETRY,
    ) -> None:
        self.source, self.model, self.recorder = source, model, recorder
        self.messages, self.meter = StatusMessages(), Meter()
        self.face_settings = FaceSettings(settings)
        self.results: Latest[LiveFrame] = Latest()
        self.present: tuple[Present, ...] = ()
        self.arrived: Callable[[], object] = lambda: None
        self._pictures: Latest[Captured] = Latest()
        self._capture = Capture(
            source, self._pictures, self.messages, settings.colorspace, retry, self._came
        )
        self._finder = Finder(lambda sentence: self.messages.say("faces", sentence))
        self._followed: Latest[Followed] = Latest(ONE)
        self._following = Following(
            source, self._pictures, self._followed, self._finder, self.messages, settings.smooth
        )
        self._patterns = Patterns(self.messages)
        largest = crop_side(model.card, settings)
        self._sizes = (largest,) if keep_crop else sizes_for(model.card, largest)
        self._thread = threading.Thread(target=self._run, name="reage-live-mirror", daemon=True)
        self._last: LiveFrame | None = None
        self._given = threading.Lock()  # what a take is given, in order
        self._recent: deque[RawFrame] = deque(maxlen=_UNDER_WAY)
        self._begun: int | None = None  # index of a take's first frame
        self._colorspace = ""
        self._rights: tuple[Rights, ...] = ()
        self._ask_for_consent([])

    # ------------------------------------------------------------ the operator

    def start(self) -> None:
        self._patterns.start()
        chosen = self.face_settings.chosen
        self._ready(chosen, self.face_settings.of(chosen))  # before a face is there
        self._finder.start()
        self._thread.start()
        self._following.start()
        self._capture.start()

    def stop(self) -> None:
        """Ends all threads, and a take that is on."""
        self._capture.stop()
        self._finder.stop()
        self._patterns.stop()
        self._following.stop()
        self._pictures.close()
        if self._thread.ident is not None:
            self._thread.join(10)
            self._capture.join(3)
            self._following.join(3)
            self._finder.join(3)
        if self.recorder is not None:
            self.recorder.stop()
        if self._patterns.ident is not None:
            # A thread in the middle of a library's work, when Python ends, ends all by abort().
            self._patterns.join(30)

    def shown(self, frame: LiveFrame) -> None:
        """The frame stands on the screen now."""
        now = time.monotonic()
        self.meter.show(now, now - frame.captured)

    def face_at(self, x: float, y: float) -> int | None:
        """The number of the face at a point in the picture's px."""
        for each in self.present:
            u, v = each.face.to_plate.inverse().apply((x, y))
            if abs(u) < 0.6 and abs(v) < 0.7:
                return each.number
        return None

    def record(self, slate: Slate) -> None:
        """Begin a take; nothing where there is no recorder. Raises OutputError, also where no
        picture has come yet."""
        if self.recorder is None:
            return
        if self._last is None:
            raise OutputError("No picture has come yet, so there is nothing to record.")
        with self._given:
            seen, self._begun = self._last, None
            self.recorder.start(slate, self._metadata(seen))
            for raw in (each for each in self._recent if each.index > seen.index):
                self._give(self.recorder, raw, seen)

    def end_take(self) -> None:
        if self.recorder is not None:
            self.recorder.stop()

    @property
    def lines(self) -> tuple[str, ...]:
        """What there is to say to the operator."""
        problem = self.recorder.problem() if self.recorder is not None else None
        return (*((problem,) if problem else ()), *self.messages.lines)

    # ------------------------------------------------------------ what a take is given

    def _came(self, captured: Captured) -> None:
        """On the capturing thread."""
        raw = RawFrame(captured.index, captured.timecode, captured.picture)
        with self._given:
            self._recent.append(raw)
            if self.recorder is not None and self._last is not None and self.recorder.taking:
                self._give(self.recorder, raw, self._last)

    def _give(self, recorder: Recorder, raw: RawFrame, seen: LiveFrame) -> None:
        """A take's first frame is the one behind what stood on the screen, whose settings and face
        it has: so it has some, however long the next result takes."""
        recorder.came(raw)
        if self._begun is None:
            recorder.write(replace(seen, **vars(raw)))
            self._begun = raw.index

    def _record(self, frame: LiveFrame) -> None:
        """On the re-aging thread. What came before the take did is none of it."""
        recorder, begun = self.recorder, self._begun
        if recorder is not None and recorder.taking and begun is not None and frame.index > begun:
            recorder.write(frame)

    # ------------------------------------------------------------ the re-aging thread

    def _run(self) -> None:
        controller: RateController | None = None
        last, unseen, alone_since = -1, 0, time.monotonic()
        took = 0.0
        while not self._followed.ended:
            followed = self._followed.get()
            if followed is None:
                continue
            if controller is None:
                self.meter.rate = self.source.rate
                controller = RateController(self._sizes, float(1 / self.source.rate))
            start = time.monotonic()
            self._following.due(start + took)
            frame = self._frame(followed, controller.size)
            self._following.due(0)
            now = time.monotonic()
            took = now - start
            self.results.put(frame)
            self._last = frame
            self._record(frame)
            missed = frame.index - last - 1 + self.results.dropped - unseen
            last, unseen = frame.index, self.results.dropped
            if missed:
                self.meter.drop(now, missed)
            if not self._patterns.busy:  # which takes from the machine, for seconds
                controller.saw(now, frame.delay, took, missed)
            self.messages.say("rate", controller.line)
            if self.present:
                alone_since = now
            nobody = now - alone_since > _NOBODY
            self.messages.say("nobody", "No face: the picture is shown as it is." if nobody else "")
            self.arrived()
        self.results.close()
        self.arrived()

    def _frame(self, followed: Followed, crop_size: int) -> LiveFrame:
        """Never raises: what goes wrong stands on the screen, and the plate is shown."""
        captured, faces = followed.captured, followed.faces
        result = captured.picture
        try:
            looks = [(number, face, self.face_settings.of(number)) for number, face in faces]
            self._ask_for_consent([settings for _, _, settings in looks])
            if followed.live is not None:
                ready = [
                    (face, drawn) for number, face, settings in looks
                    if (drawn := self._ready(number, settings)) is not None
                ]  # fmt: skip
                result = reaged(followed.live, ready, self.model, crop_size)
            self.messages.say("trouble", "")
        except ReageError as e:
            self.messages.say("trouble", str(e))
        except Exception as e:  # whatever it is, the show goes on
            self.messages.say("trouble", f"A frame could not be re-aged: {type(e).__name__}: {e}")
        self.present = tuple(Present(number, face) for number, face in faces)
        self._colorspace = captured.colorspace
        return self._told(captured, result, faces, crop_size)

    def _ask_for_consent(self, looks: Sequence[Settings]) -> None:
        """Tells under whose rights a picture is made. Raises RightsError where one does not hold
        today, whenever the mirror began."""
        looks = looks or [self.face_settings.of(self.face_settings.chosen)]
        self._rights = tuple(
            dict.fromkeys(r for look in looks for r in permitted(self.model.card, look.pattern))
        )
        told = [f"Rights: {rights.short()}." for rights in self._rights]
        told += [said for rights in self._rights for said in rights.notices(today())[1:]]
        self.messages.say("rights", " ".join(told))

    def _ready(self, number: int, settings: Settings) -> Settings | None:
        """What the face of a number can be re-aged by at once; None where its pattern is still to
        be made."""
        if not self.model.card.pattern:
            return settings
        drawn = self._patterns.of(number, settings.pattern, settings.target_age)
        return None if drawn is None else replace(settings, pattern=drawn)

    def _told(
        self,
        captured: Captured,
        result: Picture,
        faces: tuple[tuple[int, FaceFrame], ...],
        crop_size: int,
    ) -> LiveFrame:
        chosen = self.face_settings.chosen
        return LiveFrame(
            index=captured.index,
            captured=captured.when,
            timecode=captured.timecode,
            raw=captured.picture,
            result=result,
            face=next((face for number, face in faces if number == chosen), None),
            settings=self.face_settings.of(chosen),
            others=tuple((face, self.face_settings.of(n)) for n, face in faces if n != chosen),
            crop_size=crop_size,
            delay=time.monotonic() - captured.when,
        )

    def _metadata(self, frame: LiveFrame) -> TakeMetadata:
        card = self.model.card
        height, width = frame.raw.shape[:2]
        return TakeMetadata(
            source=self.source.name,
            rate=self.source.rate,
            size=(width, height),
            colorspace=self._colorspace,
            model=f"{card.name} {card.version}",
            model_sha256=self.model.sha256,
            rights=" | ".join(rights.line() for rights in self._rights),
        )
