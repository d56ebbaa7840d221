"""Who somebody is, as 128 numbers, by dlib's face recognition network, where it is installed.

The network (Davis King, CC0) was trained on photographs of real people. It comes with the extra
`actor`, in two wheels; nothing of it is ReAge's.
"""

from __future__ import annotations

import importlib
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, files
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from reage.errors import SettingsError

Vector = npt.NDArray[np.float32]

INSTALL = "pip install -e .[actor]"

_PACKAGE, _FILE = "face_recognition_models", "dlib_face_recognition_resnet_model_v1.dat"

_SIDE, _PADDING = 150, 0.25
"""Of the picture that the network sees, and its room around the face; dlib's own."""

_POINTS = (263, 362, 33, 133, 2)
"""Of the mesh, in the order of dlib's five: the eyes' outer and inner corners on the right of the
picture, those on the left, and the nose's base."""

_FACE = 400.0
"""Px that a face is brought to, so that whole pixels are exact enough for dlib's points."""


def weights() -> Path | None:
    """Where the network's file lies; None where either wheel is missing. The wheel is a folder of
    files: its Python code is never imported."""
    if find_spec("dlib") is None:
        return None
    try:
        listed = files(_PACKAGE) or []
    except PackageNotFoundError:
        return None
    found = next((f for f in listed if f.name == _FILE), None)
    path = Path(str(found.locate())) if found is not None else None
    return path if path is not None and path.is_file() else None


def identity(picture: np.ndarray, mesh: np.ndarray) -> Vector | None:
    """(128,) of unit length, or None where the network is not installed. The mean over the face
    and its mirror image.

    picture: (h, w, 3) uint8 sRGB; mesh: (468, 3) landmarks in its px
    Raises SettingsError where the network's file is damaged.
    """
    loaded = _network()
    if loaded is None:
        return None
    dlib, network = loaded
    points = mesh[list(_POINTS), :2]
    spread = float(np.linalg.norm(mesh[10, :2] - mesh[152, :2]))
    scale = _FACE / max(spread, 1.0)
    low = np.floor(points.min(0) - 1.5 * spread).astype(int).clip(0)
    high = np.ceil(points.max(0) + 1.5 * spread).astype(int)
    part = picture[low[1] : high[1], low[0] : high[0]]
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    sized = np.ascontiguousarray(cv2.resize(part, None, fx=scale, fy=scale, interpolation=how))
    at = [dlib.point(*map(int, np.round(p))) for p in (points - low) * scale - 0.5]
    around = dlib.rectangle(0, 0, sized.shape[1] - 1, sized.shape[0] - 1)
    chip = dlib.get_face_chip(sized, dlib.full_object_detection(around, at), _SIDE, _PADDING)
    both = [chip, np.ascontiguousarray(chip[:, ::-1])]
    mean = np.mean([np.array(network.compute_face_descriptor(each)) for each in both], axis=0)
    return np.asarray(mean / max(float(np.linalg.norm(mean)), 1e-9), np.float32)


@lru_cache(maxsize=1)
def _network() -> tuple[Any, Any] | None:
    path = weights()
    if path is None:
        return None
    dlib = importlib.import_module("dlib")
    try:
        return dlib, dlib.face_recognition_model_v1(str(path))
    except RuntimeError as e:
        raise SettingsError(
            f"The identity network {path} is damaged; install it again: {INSTALL}."
        ) from e
