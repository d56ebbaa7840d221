"""Where the head is looked at from."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import numpy as np
import numpy.typing as npt

from reage_training.synth.head import Floats

SENSOR_HEIGHT = 24.0
"""mm; the height of the full frame that lens lengths are quoted for."""


@dataclass(frozen=True)
class Camera:
    """A pinhole camera that circles the head; x right and y down in its picture.

    yaw, pitch, roll  degrees; a positive yaw shows the head's left side
    target            point of head space at the picture's center, cm
    distance          from the target, cm
    window            side of the square picture at the target's depth, cm
    """

    yaw: float
    pitch: float
    roll: float
    target: tuple[float, float, float]
    distance: float
    window: float

    @property
    def axes(self) -> Floats:
        """(3, 3) columns: the camera's right, up and backward directions in head space."""
        yaw, pitch, roll = np.radians([self.yaw, self.pitch, self.roll])
        about_y = _turn(yaw, 0, 2)
        about_x = _turn(pitch, 2, 1)
        about_z = _turn(roll, 1, 0)
        return (about_y @ about_x @ about_z).astype(np.float32)

    def project(self, points: Floats, width: int, height: int) -> npt.NDArray[np.float64]:
        """Points (…, 3) to pixels (…, 3): x, y, and depth in cm from the camera.

        The window spans the picture's height.
        """
        local = (points.astype(np.float64) - np.array(self.target)) @ self.axes
        depth = self.distance - local[..., 2]
        scale = self.distance / depth * height / self.window
        x = local[..., 0] * scale + width / 2
        y = height / 2 - local[..., 1] * scale
        return np.stack([x, y, depth], -1)

    def to_dict(self) -> dict[str, object]:
        return asdict(self)


def random_camera(
    rng: np.random.Generator, face_center: Floats, face_height: float, frontal: bool
) -> Camera:
    """A view on a face: mostly frontal or to ±45°, as a 24–135 mm lens would see it."""
    window = 1.5 * face_height * rng.uniform(0.85, 1.15)
    lens = np.exp(rng.uniform(np.log(24), np.log(135)))
    share_of_frame = rng.uniform(0.4, 0.9)
    distance = max(45.0, window * lens / SENSOR_HEIGHT / share_of_frame)
    yaw = rng.normal(0, 11) if frontal else rng.uniform(-45, 45)
    target = face_center + rng.normal(0, 0.035 * face_height, 3) * [1, 1, 0] - [0, 0, 4]
    return Camera(
        yaw=float(yaw),
        pitch=float(np.clip(rng.normal(0, 8), -20, 20)),
        roll=float(np.clip(rng.normal(0, 6), -18, 18)),
        target=(float(target[0]), float(target[1]), float(target[2])),
        distance=float(distance),
        window=float(window),
    )


def _turn(angle: float, first: int, second: int) -> npt.NDArray[np.float64]:
    """Rotation in the plane of two axes that leaves the third."""
    matrix = np.eye(3)
    matrix[first, first] = matrix[second, second] = np.cos(angle)
    matrix[first, second], matrix[second, first] = np.sin(angle), -np.sin(angle)
    return matrix
