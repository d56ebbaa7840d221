"""What models do to any portrait, by way of the whole engine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from reage.errors import FaceError
from reage.faces import FaceFrame, detect_faces, face_frame, landmarks_of, viewable
from reage.faces.skin import coverage
from reage.frame.pipeline import reage_frame
from reage.media.imagefile import read_plate
from reage.models.model import Model
from reage.pixels.color import Encoder, plate_space, to_scene_linear
from reage.pixels.crop import Crop, crop_for
from reage.pixels.plate import Pixels, Plate
from reage.settings import Settings
from reage_training.evaluation.figures import fine_energy
from reage_training.evaluation.regions import RINGS
from reage_training.evaluation.sheet import difference, panel
from reage_training.output import Shown
from reage_training.textures import Plane

TARGETS = (25.0, 75.0)
"""Years that portraits are shown at where nothing else is asked for."""

SIDES = (512, 1024)
"""Least and most px of a portrait's panel; between them the picture's own pixels show."""


@dataclass(frozen=True)
class Portrait:
    """One model on one picture: what is seen before and at each target age, sRGB (s, s, 3), and
    for younger targets the share of the skin's fine-detail energy that is left."""

    before: Pixels
    after: tuple[tuple[float, Pixels], ...]
    left: tuple[tuple[float, float], ...]

    def sheet(self, source_age: float, side: int | None = None) -> Shown:
        """Two rows: as it is and at each target age; below, the changes."""
        top = [panel(self.before, f"{source_age:g}", side)]
        bottom = [panel(np.full_like(self.before, 0.5), "change", side)]
        for age, picture in self.after:
            top.append(panel(picture, f"{age:g}", side))
            bottom.append(panel(difference(picture, self.before), f"{age:g}", side))
        return np.vstack([np.hstack(top), np.hstack(bottom)])


def portrait(
    model: Model, path: Path, source_age: float, targets: Sequence[float] = TARGETS
) -> Portrait:
    """The picture's largest face. Raises PlateError, ColorspaceError, or FaceError where the
    picture shows no face."""
    plate = read_plate(path)
    plate, space = to_scene_linear(plate, plate_space(plate.info, None, path))
    face = largest_face(plate, str(path))
    own = round(face.size * model.card.crop_scale)
    crop = crop_for(face, model.card, int(np.clip(own, *SIDES)))
    view, code = Encoder(space, "sRGB"), Encoder(space, "ACEScct")
    skin = _skin(face, crop)

    def seen(rgb: Pixels, encoder: Encoder) -> Pixels:
        return crop.sample(encoder.encode(np.nan_to_num(rgb)), plate.region)

    before = fine_energy(seen(plate.rgb, code), skin)
    after, left = [], []
    for age in targets:
        settings = Settings(source_age=source_age, target_age=age)
        layers = reage_frame(plate, face, model, settings, Encoder(space, model.card.encoding))
        result = layers.spread(plate.region).over(plate.rgb)
        after.append((age, np.clip(seen(result, view), 0, 1)))
        if age < source_age:
            left.append((age, fine_energy(seen(result, code), skin) / max(before, 1e-12)))
    return Portrait(np.clip(seen(plate.rgb, view), 0, 1), tuple(after), tuple(left))


def largest_face(plate: Plate, name: str) -> FaceFrame:
    """As the networks find it, in scene-linear ACEScg. Raises FaceError."""
    picture = viewable(plate.rgb)
    faces = detect_faces(picture)
    if not faces:
        raise FaceError(f"No face was found in {name}.")
    mesh = landmarks_of(picture, max(faces, key=lambda f: f.side))
    return face_frame(mesh.points, 1, mesh.presence)


def _skin(face: FaceFrame, crop: Crop) -> Plane:
    """(size, size) 0 … 1: the face in the crop without eyes, brows and mouth."""
    points = face.landmarks()
    assert points is not None, "a face frame made of a mesh keeps it"
    placed = crop.to_plate.inverse().apply(points)
    others = np.zeros((crop.size, crop.size), np.uint8)
    for ring in RINGS:
        cv2.fillPoly(others, [np.round(placed[list(ring)]).astype(np.int32)], 1)
    span = max(3, round(0.02 * face.size / crop.to_plate.scale)) | 1
    grown = cv2.dilate(others, np.ones((span, span), np.uint8))
    return np.asarray(coverage(face, crop) * (1 - grown), np.float32)
