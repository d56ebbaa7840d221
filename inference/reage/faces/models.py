"""The two face networks: where their files lie, and one loaded copy per thread.

Both come from Google's MediaPipe (Apache-2.0) and ride in its 0.10.21 wheel, which is
only ever used as a folder of files: its Python code is never imported.
"""

from __future__ import annotations

import os
import threading
from importlib.util import find_spec
from pathlib import Path

import cv2
import numpy as np

from reage.errors import FaceError

FOLDER_VARIABLE = "REAGE_FACE_MODELS"
"""Environment variable: a folder that holds both files, used instead of the wheel."""

DETECTOR = "face_detection_short_range.tflite"
LANDMARKER = "face_landmark.tflite"

_IN_WHEEL = {DETECTOR: "modules/face_detection", LANDMARKER: "modules/face_landmark"}


class _Networks(threading.local):
    """A cv2.dnn.Net keeps state between calls, so each thread loads its own."""

    def __init__(self) -> None:
        self.by_name: dict[tuple[str | None, str], cv2.dnn.Net] = {}


_loaded = _Networks()


def model_file(name: str) -> Path:
    """Where DETECTOR or LANDMARKER lies. Raises FaceError where it is not installed."""
    if folder := os.environ.get(FOLDER_VARIABLE):
        path = Path(folder) / name
        if not path.is_file():
            raise FaceError(
                f"{FOLDER_VARIABLE} points to {folder}, but there is no {name} in it. "
                f"Put {DETECTOR} and {LANDMARKER} there, or unset the variable."
            )
        return path
    # find_spec of a top-level package locates it without running it.
    spec = find_spec("mediapipe")
    for root in (spec.submodule_search_locations or []) if spec else []:
        path = Path(root) / _IN_WHEEL[name] / name
        if path.is_file():
            return path
    raise FaceError(
        f"The face model {name} is not installed. Run "
        "`pip install --no-deps mediapipe==0.10.21` (newer ones ship no models), or set "
        f"{FOLDER_VARIABLE} to a folder that holds it."
    )


def run_network(name: str, blob: np.ndarray) -> list[np.ndarray]:
    """Run this thread's copy of a network.

    name:    DETECTOR or LANDMARKER
    blob:    (1, 3, side, side) float32 RGB
    returns  its outputs flattened, float32, longest first
    Raises FaceError where the file is missing or is no network.
    """
    net = _network(name)
    net.setInput(blob)
    outputs = net.forward(net.getUnconnectedOutLayersNames())
    return sorted((np.asarray(o, np.float32).ravel() for o in outputs), key=len, reverse=True)


def _network(name: str) -> cv2.dnn.Net:
    # To look for the file takes 1 ms, and a face asks three times a frame.
    key = os.environ.get(FOLDER_VARIABLE), name
    if key not in _loaded.by_name:
        path = model_file(name)
        try:
            _loaded.by_name[key] = cv2.dnn.readNetFromTFLite(str(path))
        except cv2.error as e:
            raise FaceError(
                f"{path} is no readable TFLite network ({e.err}). Install it again: "
                "`pip install --force-reinstall --no-deps mediapipe==0.10.21`."
            ) from e
    return _loaded.by_name[key]
