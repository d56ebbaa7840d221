"""What is measured of one photograph, once: where its face is, how sharp, how held, who, how old.

Costly: about a second on one core. `kept` keeps it.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from reage.errors import ColorspaceError, FaceError, PlateError
from reage.faces import detect_faces, viewable
from reage.faces.frame import face_frame, posed
from reage.faces.skin import places
from reage.faces.viewable import shrunk
from reage.media.imagefile import read_info, read_plate
from reage.pattern.photo.expression import Expression
from reage.pattern.photo.photograph import SMALLEST, Photograph, photograph
from reage_training.actor.ingest import alike, held, identity, sharpness, skin

FORMAT = 3

_BYSTANDER = 0.4
"""Share of the largest face's size from which another is one of several, as `photograph` has it."""

_THUMBNAIL, _SHOWN, _QUALITY = 128, 1.35, 82
"""Px, face sizes around its center, and JPEG's quality."""

NONE = np.zeros(0, np.float32)


@dataclass(frozen=True)
class Measures:
    """aside, why  a reason to turn it away that it shows by itself, and the sentence; empty
    taken       when, ISO; empty
    face_px, detail_px, yaw, pitch  as of `book.Entry`
    right, down  whence the light comes, see `held.lit`
    held        smile, open mouth, raised brows, squint, 0 … 1
    hash        (32,) see `alike`
    identity    (128,) or empty where no network is installed
    shape       (468, 3) float16: the mesh straight on, in face units
    skin        (len(skin.NAMES),) see `skin.roughness`
    thumbnail   a small JPEG of the face, or of the whole picture without one; empty
    colorspace  that it was read in, where the file does not say one
    format      FORMAT of what wrote it
    """

    aside: str = ""
    why: str = ""
    taken: str = ""
    face_px: float = 0.0
    detail_px: float = 0.0
    yaw: float = 0.0
    pitch: float = 0.0
    right: float = 0.0
    down: float = 0.0
    held: npt.NDArray[np.float32] = field(default_factory=lambda: np.zeros(4, np.float32))
    hash: npt.NDArray[np.uint8] = field(default_factory=lambda: np.zeros(32, np.uint8))
    identity: npt.NDArray[np.float32] = field(default_factory=lambda: NONE)
    shape: npt.NDArray[np.float16] = field(default_factory=lambda: np.zeros((0, 3), np.float16))
    skin: npt.NDArray[np.float32] = field(default_factory=lambda: NONE)
    thumbnail: npt.NDArray[np.uint8] = field(default_factory=lambda: np.zeros(0, np.uint8))
    colorspace: str = ""
    format: int = FORMAT

    @property
    def has_face(self) -> bool:
        return self.face_px > 0

    def write(self, path: Path) -> None:
        """As an .npz; raises OSError."""
        with path.open("wb") as file:
            values: Any = {f.name: np.asarray(getattr(self, f.name)) for f in fields(self)}
            np.savez(file, **values)

    @classmethod
    def read(cls, path: Path) -> Measures | None:
        """None where the file is missing, damaged or of another format."""
        try:
            with np.load(path, allow_pickle=False) as stored:
                if int(stored["format"]) != FORMAT:
                    return None
                values: dict[str, Any] = {f.name: _plain(stored[f.name]) for f in fields(cls)}
                return cls(**values)
        except (OSError, ValueError, KeyError, EOFError, TypeError):
            return None
        except Exception as e:  # zipfile's and zlib's, of what a full disk has cut
            if type(e).__module__ in ("zipfile", "zlib"):
                return None
            raise


def _plain(value: np.ndarray) -> object:
    return value.item() if value.ndim == 0 else value


def sha256_of(path: Path) -> str:
    """Raises OSError."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(1 << 20):
            digest.update(piece)
    return digest.hexdigest()


def measured(path: Path, colorspace: str | None = None) -> Measures:
    """Look at a photograph. What is wrong with it is part of the answer. colorspace: of one that
    does not say its own. Raises FaceError where the face networks are missing, SettingsError where
    the identity network is damaged."""
    taken, asked = "", ""
    try:
        taken = taken_at(path)
        try:
            photo = photograph(path)
        except ColorspaceError:
            if colorspace is None:
                raise
            asked, photo = colorspace, photograph(path, colorspace)
    except ColorspaceError as e:
        return Measures("colorspace", str(e), taken)
    except PlateError as e:
        return Measures("damaged", str(e), taken)
    except FaceError as e:
        return _refused(path, taken, e)
    return replace(of_photograph(photo, taken), colorspace=asked)


def of_photograph(photo: Photograph, taken: str = "") -> Measures:
    """What a photograph with one face shows."""
    picture = viewable(photo.rgb)
    face = face_frame(photo.mesh, 0, 1.0)
    scale, turn, shift = posed(photo.mesh)
    shape = ((photo.mesh - shift) @ turn) / scale
    inside = np.zeros(picture.shape[:2], np.uint8)
    hull = cv2.convexHull(photo.mesh[:, :2].astype(np.float32))
    cv2.fillConvexPoly(inside, np.round(hull).astype(np.int32), 1)
    blur = sharpness.blur(photo.rgb, inside > 0)
    yaw, pitch = held.turned(photo.mesh)
    right, down = held.lit(photo, places())
    expression = Expression.of(photo.mesh)
    who = identity.identity(picture, photo.mesh)
    return Measures(
        taken=taken,
        face_px=photo.taken_px,
        detail_px=sharpness.detail_px(photo.face_px, blur),
        yaw=yaw,
        pitch=pitch,
        right=right,
        down=down,
        held=np.array(
            [expression.smile, expression.open_mouth, expression.raised_brows, expression.squint],
            np.float32,
        ),
        hash=alike.face_hash(picture, face.center, face.size, face.degrees),
        identity=NONE if who is None else who,
        shape=shape.astype(np.float16),
        skin=skin.roughness(photo, places()),
        thumbnail=_jpeg(picture, face.center, _SHOWN * face.size),
    )


def taken_at(path: Path) -> str:
    """When the camera took it, ISO, by EXIF; empty where that does not say. Raises PlateError."""
    said = {name.lower(): value for name, value in read_info(path).metadata.items()}
    for name in ("exif:datetimeoriginal", "datetimeoriginal", "datetime"):
        try:
            return datetime.strptime(str(said[name])[:19], "%Y:%m:%d %H:%M:%S").isoformat()
        except (KeyError, ValueError):
            continue
    return ""


def _refused(path: Path, taken: str, error: FaceError) -> Measures:
    """Why a photograph was refused, by a second look. Raises the error where the networks are
    missing."""
    rgb = read_plate(path).rgb
    picture = viewable(shrunk(rgb, max(1, max(rgb.shape[:2]) // 1024)))
    found = sorted((face.side for face in detect_faces(picture)), reverse=True)
    scale = rgb.shape[0] / picture.shape[0]
    if not found:
        kind = "cut" if "picture's edge" in str(error) else "no_face"
    elif len([side for side in found if side > _BYSTANDER * found[0]]) > 1:
        kind = "several_faces"
    else:
        kind = "tiny" if " px high" in str(error) or found[0] * scale < SMALLEST / 2 else "cut"
    height, width = picture.shape[:2]
    small = _jpeg(picture, (width / 2, height / 2), max(height, width))
    return replace(Measures(kind, str(error), taken), thumbnail=small)


def _jpeg(picture: np.ndarray, center: tuple[float, float], side: float) -> np.ndarray:
    x, y = (round(c - side / 2) for c in center)
    whole = max(1, round(side))
    out = np.full((whole, whole, 3), 40, np.uint8)
    height, width = picture.shape[:2]
    left, top, right, low = max(0, x), max(0, y), min(width, x + whole), min(height, y + whole)
    out[top - y : low - y, left - x : right - x] = picture[top:low, left:right]
    small = cv2.resize(out, (_THUMBNAIL, _THUMBNAIL), interpolation=cv2.INTER_AREA)
    return cv2.imencode(".jpg", small[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])[1].ravel()
