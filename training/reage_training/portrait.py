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
from reage.plate import Plate
from reage.settings import Settings
from reage_training.sheet import Shown, difference, panel


def portrait_sheet(
    model: Model, path: Path, source_age: float, targets: Sequence[float], side: int = 512
) -> Shown:
    """Two rows: the picture and it at each target age; below, the changes.

    The model sees the largest face at `side` px. Raises PlateError, ColorspaceError, or
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
    around = crop_for(face, model.card, side).region.intersect(plate.region)
    view = Encoder(space, "sRGB")

    def seen(p: Plate) -> np.ndarray:
        cut = p.rgb[around.slices(p.region)]
        return np.clip(view.encode(np.nan_to_num(cut)), 0, 1)

    before = seen(plate)
    top, bottom = [panel(before, f"{source_age:g}")], [panel(np.full_like(before, 0.5), "change")]
    for age in targets:
        settings = Settings(source_age=source_age, target_age=age, crop_size=side)
        layers = reage_frame(plate, face, model, settings, Encoder(space, model.card.encoding))
        after = seen(Plate(layers.spread(plate.region).over(plate.rgb), plate.region, plate.info))
        top.append(panel(after, f"{age:g}"))
        bottom.append(panel(difference(after, before), f"{age:g}"))
    return np.vstack([np.hstack(top), np.hstack(bottom)])
