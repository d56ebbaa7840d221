"""Look for faces in whole pictures, beside the mirror and never in its way."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import cv2
import numpy as np

from reage.errors import FaceError
from reage.faces import Detection, detect_faces, face_frame, landmarks_of, viewable
from reage.faces.detect import window
from reage.faces.observation import Observation
from reage.faces.search import IS_FACE, confirmed
from reage_live.latest import Latest
from reage_live.light import Light
from reage_live.recording import Picture

_LONGEST = 960
"""Px a side that a picture is shrunk to; a face of 1/30 of it is still found."""

_REST, _REST_KNOWN = 0.5, 2.0
"""Seconds between two searches, at least: while nobody is there, and to see who else comes."""

_SHARE = 4.0
"""Rest for so many times as long as the last search took, so that the mirror has the machine."""

_THOROUGH = 5
"""While nobody is there, one search in so many tries every way there is to find a face: small
ones, and heads that lie down. It takes many times as long as a look for upright ones."""


class Finder(threading.Thread):
    """Searches the newest picture it was given.

    failed: told a sentence where the face models are missing; then no more is searched
    """

    def __init__(self, failed: Callable[[str], None]) -> None:
        super().__init__(name="reage-live-finder", daemon=True)
        self._failed = failed
        self._pictures: Latest[tuple[int, Picture, Light, int]] = Latest(1)
        self._found: list[Observation] = []
        self._lock = threading.Lock()
        self._halt = threading.Event()
        self._ready = 0.0

    def offer(self, frame: int, picture: Picture, light: Light, known: int) -> None:
        """A picture that may be searched; `known` faces are followed already."""
        if time.monotonic() >= self._ready:
            self._pictures.put((frame, picture, light, known))

    def take(self) -> list[Observation]:
        """What was found since the last call."""
        with self._lock:
            found, self._found = self._found, []
        return found

    def stop(self) -> None:
        self._halt.set()
        self._pictures.close()

    def run(self) -> None:
        vain = 0
        while not self._halt.is_set():
            asked = self._pictures.get()
            if asked is None:
                continue
            start = time.monotonic()
            self._ready = float("inf")
            frame, picture, light, known = asked
            vain = 0 if known else vain + 1
            try:
                found = sightings(frame, picture, light, vain > 0 and vain % _THOROUGH == 0)
            except FaceError as e:
                self._failed(str(e))
                return
            with self._lock:
                self._found = found
            now = time.monotonic()
            rest = _REST_KNOWN if known else _REST
            self._ready = now + max(rest, _SHARE * (now - start))


def sightings(frame: int, picture: Picture, light: Light, thorough: bool) -> list[Observation]:
    """Faces of a whole picture, in its px: the upright ones of those who act, or with `thorough`
    every way to find one until there is one.

    Raises FaceError where the models are missing.
    """
    height, width = picture.shape[:2]
    factor = max(1.0, max(height, width) / _LONGEST)
    small = picture
    if factor > 1:
        size = (max(1, round(width / factor)), max(1, round(height / factor)))
        small = np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA))
    seen = viewable(light.to_linear(small))
    scale = (width / small.shape[1], height / small.shape[0])
    out = []
    for detection in detect_faces(seen) if thorough else _upright(seen):
        mesh = landmarks_of(seen, detection)
        if mesh.presence >= IS_FACE:
            points = mesh.points * (*scale, (scale[0] + scale[1]) / 2)
            face = face_frame(points, frame, mesh.presence * detection.score)
            out.append(Observation(face, points))
    return out


def _upright(picture: Picture) -> list[Detection]:
    """Those that the whole picture shows, or squares of its height."""
    height, width = picture.shape[:2]
    side = min(height, width)
    windows = [window((width / 2, height / 2), max(height, width))]
    for x in np.linspace(side / 2, width - side / 2, max(1, -(-2 * width // (side + 1)) - 1)):
        windows.append(window((float(x), height / 2), side))
    return confirmed(picture, windows)
