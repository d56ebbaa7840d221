"""What one photograph tells of a face's relief, in face UV."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from reage.errors import FaceError
from reage.pattern.photo.light import Slopes, slopes
from reage.pattern.photo.photograph import Floats, Photograph
from reage.pattern.photo.skin import among, by_look, by_place
from reage.pattern.photo.solve import Evidence
from reage.pattern.photo.unwrap import Unwrapped, unwrapped
from reage.pixels.plate import Pixels

_LUMA = np.array([0.2126, 0.7152, 0.0722], np.float32)

_BROAD = 24 / 1024
"""Sigma in face UV of what is taken for the light on the head's own shape, and divided by."""

_PIGMENT = 0.5
"""log2 of light that goes with one of red over green, or green over blue, and is pigment's, not
relief's. Melanin and blood alone ask for 1.7; but folds redden as well. Synthetic ones are found a
little better with twice as much (correlation .63 in place of .61), real ones a third fainter."""

_MELANIN, _MELANIN_LIGHT = 1.7, 2.9
"""log2 of red over blue, and of light, that skin of tone 1 has more and less than of tone 0: see
`reage_training.synth.skin_color`."""

_LEAST_MARK = 0.03
"""Tone below which a mark is mottled skin, as all have."""

_FINEST = 1.2 / 1024
"""Width of a photograph's pixels in face UV that costs no trust."""

_LEAST_SKIN = 0.02
"""Share of face UV that must be skin to be seen."""


@dataclass(frozen=True)
class Reading:
    """light  (N, N) log2 of light against what is around, without what pigment takes
    slopes  what a relief does to it
    skin    (N, N) 0 … 1: where there is skin to be seen
    fine    (N, N) 0 … 1: how finely it is seen
    marks   (N, N) tone of dark spots, 0 and more
    """

    light: Pixels
    slopes: Slopes
    skin: Pixels
    fine: Pixels
    marks: Pixels

    def evidence(self, weight: Pixels | None = None) -> Evidence:
        return Evidence.of(self.light, self.slopes, self.skin if weight is None else weight)


def reading(photo: Photograph, layout: Floats, size: int, shift: Pixels | None = None) -> Reading:
    """Read a photograph, see `unwrapped` for the arguments. Raises FaceError where it shows next
    to no skin."""
    return read(unwrapped(photo, layout, size, shift), photo)


def read(seen: Unwrapped, photo: Photograph) -> Reading:
    """Read a photograph that was unrolled. Raises FaceError as `reading` does."""
    size = len(seen.rgb)
    skin = seen.seen * by_place(size)
    skin = skin * by_look(seen.rgb, seen.clipped, skin)
    sure = skin > 0.5
    if np.count_nonzero(sure) < _LEAST_SKIN * size * size:
        raise FaceError(
            f"Next to no bare skin was found in {photo.name}: is it hidden, much too dark, or "
            "clipped? Take another photograph."
        )
    luminance = seen.rgb @ _LUMA
    dark = np.float32(0.01 * np.median(luminance[sure]))
    finest = float(np.median(seen.finest[sure]))
    logs = np.log2(seen.rgb + dark)
    broad = _BROAD * size

    def band(field: Pixels, narrow: float, wide: float) -> Pixels:
        inner = among(field, skin, narrow) if narrow else field
        return np.asarray((inner - among(field, skin, wide)) * (skin > 0.02), np.float32)

    colors = [logs[..., 0] - logs[..., 1], logs[..., 1] - logs[..., 2]]
    spread = 3 * size / 1024
    redder, bluer = (band(c, spread, broad) for c in colors)
    pigment = redder + bluer
    light = band(np.log2(luminance + dark), 0.0, broad) + _PIGMENT * pigment
    light = cv2.GaussianBlur(light, (0, 0), max(0.6, 0.5 * finest))
    fine = np.minimum(1, _FINEST * size / seen.finest) ** 2
    return Reading(
        np.clip(light, -1.5, 1.5), slopes(seen.points, luminance, skin, photo.face_px),
        skin, fine.astype(np.float32), _marks(pigment, light, spread),
    )  # fmt: skip


def _marks(pigment: Pixels, light: Pixels, sigma: float) -> Pixels:
    """Tone of spots that are both browner and darker than the skin around them."""
    darker = -cv2.GaussianBlur(light, (0, 0), sigma) / _MELANIN_LIGHT
    tone = np.minimum(pigment / _MELANIN, darker)
    return np.asarray(np.maximum(tone - _LEAST_MARK, 0), np.float32)
