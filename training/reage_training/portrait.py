"""What a model does to any portrait, by way of the whole engine."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from reage.colour import Encoder, plate_space, to_scene_linear
from reage.errors import FaceError
from reage.faces import detect_faces, face_frame, landmarks_of, viewable
from reage.media.imagefile import read_plate
from reage.model import Model
from reage.pipeline import crop_for, reage_frame
from reage.plate import Pixels
from reage.settings import Settings
from reage_training.sheet import Shown, difference, panel


def portrait_sheet(
    model: Model, path: Path, source_age: float, targets: Sequence[float], side: int = 512
) -> Shown:
    """Two rows of what the model sees, `side` px square: as it is and at each target age;
    below, the changes.

    It is the picture's largest face. Raises PlateError, ColorspaceError, or
    FaceError where the picture shows no face.
    """
    plate = read_plate(path)
    plate, space = to_scene_linear(plate, plate_space(plate.info, None, path))
    picture = viewable(plate.rgb)
    faces = detect_faces(picture)
    if not faces:
        raise FaceError(f"No face was found in {path}.")
    mesh = landmarks_of(picture, max(faces, key=lambda f: f.side))
    face = face_frame(mesh.points, 1, mesh.presence)
    crop = crop_for(face, model.card, side)
    view = Encoder(space, "sRGB")

    def seen(rgb: Pixels) -> Pixels:
        square = crop.sample(view.encode(np.nan_to_num(rgb)), plate.region)
        return np.asarray(np.clip(square, 0, 1), np.float32)

    before = seen(plate.rgb)
    top, bottom = [panel(before, f"{source_age:g}")], [panel(np.full_like(before, 0.5), "change")]
    for age in targets:
        settings = Settings(source_age=source_age, target_age=age, crop_size=side)
        layers = reage_frame(plate, face, model, settings, Encoder(space, model.card.encoding))
        after = seen(layers.spread(plate.region).over(plate.rgb))
        top.append(panel(after, f"{age:g}"))
        bottom.append(panel(difference(after, before), f"{age:g}"))
    return np.vstack([np.hstack(top), np.hstack(bottom)])
