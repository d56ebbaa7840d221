"""What a preview changes, as its sliders mix it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from reage.frame.layers import Layers
from reage.frame.small import resized
from reage.models.parts import Parts, Strengths
from reage.pixels.geometry import Region
from reage.pixels.plate import Pixels
from reage.pixels.weighted import weighted
from reage.service.preview.look import PreviewLook
from reage.service.preview.tone import Picture
from reage.settings import Settings
from reage.shape.warp import moving, warped


@dataclass(frozen=True)
class PreviewChange:
    """What blend and strengths multiply: (h, w, 3) scene-linear each, times their mattes, and
    where they lie in `PreviewLook.shown`.

    parts, hair: made once a strength is moved; None until then, and where the model grays none
    shape: (h, w, 2) as in Layers, made once that is moved
    broken: px of the crop at which the model's answer is NaN or inf, or the pattern is
    """

    rows: slice
    columns: slice
    delta: Pixels
    parts: Parts | None
    hair: Pixels | None
    shape: Pixels | None
    broken: int = 0

    @classmethod
    def of(cls, layers: Layers, shape: tuple[int, ...]) -> PreviewChange | None:
        """Layers of the whole look, shrunk to `shape` and cut to their mattes; None without."""
        hair, mattes = layers.hair, layers.matte
        if hair is not None:
            mattes = np.maximum(mattes, hair.matte)
        touched = resized(mattes, shape) != 0
        moved = None if layers.shape is None else _moved(layers.shape, shape)
        if moved is not None:
            touched |= moving(moved)
        whole = Region(0, 0, touched.shape[1], touched.shape[0])
        changed = whole.bounds(touched)
        if changed.empty:
            return None
        tall, wide = changed.slices(whole)

        def shown(delta: Pixels, matte: Pixels) -> Pixels:
            small = resized(weighted(delta, matte), shape)
            return np.array(small[tall, wide], np.float32)

        return cls(
            tall,
            wide,
            shown(layers.delta, layers.matte),
            layers.parts and layers.parts.each(lambda part: shown(part, layers.matte)),
            None if hair is None else shown(hair.delta, hair.matte),
            None if moved is None else moved[tall, wide],
        )

    def over(self, look: PreviewLook, settings: Settings) -> Picture:
        """The look with the change; only what it touches is toned anew."""
        strengths = Strengths.of(settings)
        rgb = self.delta if self.parts is None else self.parts.mix(strengths)
        if self.hair is not None:
            rgb = rgb + self.hair * np.float32(strengths.gray)
        here = (self.rows, self.columns)
        after: Picture = look.before.copy()
        picture = look.shown[here] + rgb * np.float32(settings.blend)
        if self.shape is not None:
            picture = warped(picture, self.shape, settings.shape)
        after[here] = look.view.picture(picture)
        return after


def _moved(offsets: Pixels, shape: tuple[int, ...]) -> Pixels:
    """Offsets in the px of a picture that is as large as `shape`."""
    scale = np.array([shape[1] / offsets.shape[1], shape[0] / offsets.shape[0]], np.float32)
    return resized(offsets, shape) * scale
