"""A real portrait, and shots made from it by known similarities."""

from __future__ import annotations

from dataclasses import dataclass, field

import cv2
import numpy as np
import pytest

from reage.faces import FaceFrame, detect_faces, face_frame, landmarks_of
from reage.pixels.geometry import Region, Similarity


@pytest.fixture(scope="session")
def portrait() -> np.ndarray:
    """(512, 512, 3) uint8 sRGB, one face of about 110 px, smiling, nearly frontal."""
    return pytest.importorskip("skimage.data").astronaut()


@pytest.fixture(scope="session")
def mesh(portrait) -> np.ndarray:
    """(468, 3) landmarks of the portrait."""
    return landmarks_of(portrait, detect_faces(portrait)[0]).points


@pytest.fixture(scope="session")
def face(mesh) -> FaceFrame:
    return face_frame(mesh, 0, 1.0)


@pytest.fixture
def place(portrait, face):
    """place(sims, size): a scene-linear plate with a portrait under each similarity.

    Where there are several, each paints only the surroundings of its face.
    """
    light = (portrait / np.float32(255)).astype(np.float32) ** np.float32(2.2)
    disc = np.zeros(light.shape, np.float32)
    middle = tuple(int(c) for c in face.center)
    cv2.circle(disc, middle, int(1.1 * face.size), (1, 1, 1), -1)

    def paint(sims: list[Similarity], size: tuple[int, int] = (640, 480)) -> np.ndarray:
        plate = np.full((size[1], size[0], 3), 0.2, np.float32)
        for s in sims:
            matrix = s.matrix
            matrix[:, 2] += matrix[:, :2] @ (0.5, 0.5) - 0.5
            edge = {"borderMode": cv2.BORDER_REPLICATE} if len(sims) == 1 else {}
            moved = cv2.warpAffine(light, matrix, size, flags=cv2.INTER_CUBIC, **edge)
            cover = cv2.warpAffine(disc, matrix, size) if len(sims) > 1 else 1
            plate = moved * cover + plate * (1 - cover)
        return np.maximum(plate, 0).astype(np.float32)

    return paint


@dataclass
class Shot:
    """Plates by frame number, and a `read` that notes what it was asked for."""

    plates: dict[int, np.ndarray]
    asked: list[tuple[int, Region | None]] = field(default_factory=list)

    @property
    def size(self) -> tuple[int, int]:
        height, width = next(iter(self.plates.values())).shape[:2]
        return width, height

    def read(self, frame: int, region: Region | None) -> tuple[np.ndarray, Region]:
        self.asked.append((frame, region))
        whole = Region(0, 0, *self.size)
        region = region or whole
        return self.plates[frame][region.slices(whole)], region


@pytest.fixture
def shot():
    return Shot


@pytest.fixture
def put(face):
    """put(x, y, scale, degrees): the similarity that takes the portrait's face there."""

    def at(x: float, y: float, scale: float = 1.0, degrees: float = 0.0) -> Similarity:
        return Similarity.of(scale, degrees, face.center, (x, y))

    return at


@pytest.fixture
def misses(face):
    """misses(found, sim): (distance in % of size, size in %, degrees) off the moved portrait."""

    def of(found: FaceFrame, sim: Similarity) -> tuple[float, float, float]:
        size = face.size * sim.scale
        off = np.hypot(*(np.array(found.center) - sim.apply(face.center))) / size
        turned = (found.degrees - face.degrees - sim.degrees + 180) % 360 - 180
        return 100 * off, 100 * abs(found.size / size - 1), abs(turned)

    return of
