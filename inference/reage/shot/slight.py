"""Whether a shot's change is next to nothing though ages were asked for, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np

from reage.faces import FaceFrame, FaceTrack
from reage.frame.broken import broken, without
from reage.frame.matte import face_matte
from reage.frame.pipeline import Prepared
from reage.models.model_card import ModelCard
from reage.models.parts import Strengths
from reage.models.residual import Residual
from reage.pixels.crop_size import CropSize, face_size
from reage.pixels.plate import Pixels
from reage.settings import Settings

NOTHING = 0.0005
"""Mean |change| on the face, in the model's encoding, below which a change is next to nothing: an
eighth of a step of 8 bits, in ACEScct 1/110 of a stop. The mean is small even of a clear change,
as lines take up little of a face: of the demo plate version 4 of the default model made 0.0021 at
50 → 25, 0.0008 at 50 → 55."""

YEARS = 5.0
"""Years between two ages from which on a change is expected."""

SMALL = 100.0
"""px of face height below which a wrinkle is narrower than a pixel."""

_FAINT = 0.25
"""Share of a change that the beauty takes, below which blend and strengths are the reason."""


@dataclass(frozen=True)
class MeasuredChange:
    """What one frame's change came to, as means over the face, weighted by its matte.

    settings  of the frame
    years     between the age in the plate and the one asked for, an age map included
    change    |change| of R, G and B in the model's encoding; times blend and strengths where the
              beauty is written
    """

    settings: Settings
    years: float
    change: float


def measured(
    face: FaceFrame, ready: Prepared, residual: Residual, settings: Settings, beauty: bool
) -> MeasuredChange | None:
    """residual: as `pipeline.infer` gives it; None where all of it is broken, of which the artist
    is told by itself."""
    odd = broken(residual.values)
    if odd is not None and odd.all():
        return None
    residual = replace(residual, values=without(residual.values, odd))
    matte, shown = face_matte(face, ready.crop), residual.delta
    if beauty and not Strengths.of(settings).keeps_delta:
        size = ready.crop.size / ready.card.crop_scale
        shown = residual.parts(size).mix(Strengths.of(settings))
    blend = settings.blend if beauty else 1.0
    return MeasuredChange(
        settings,
        _mean(np.abs(ready.input.target_age - ready.input.source_age), matte),
        _mean(sum(np.abs(shown[..., i]) for i in range(3)) / np.float32(3), matte) * blend,
    )


def _mean(pixels: Pixels, matte: Pixels) -> float:
    """Of pixels (size, size), by the weights of a matte over the same square."""
    small = cv2.resize(pixels, matte.shape[::-1], interpolation=cv2.INTER_AREA)
    return float((small * matte).sum() / matte.sum())


def hardly_changed(frame: MeasuredChange, beauty: bool) -> bool:
    """Whether a change was asked for that comes to next to nothing in this frame."""
    return bool(_asked([frame], beauty)) and frame.change < NOTHING


def _asked(frames: Sequence[MeasuredChange], beauty: bool) -> list[MeasuredChange]:
    """Those that are to change, and not by the shape, which shows whatever is added."""
    return [
        f for f in frames
        if abs(f.settings.target_age - f.settings.source_age) >= YEARS
        and not (beauty and f.settings.shape)
    ]  # fmt: skip


def notice(
    frames: Sequence[MeasuredChange],
    beauty: bool,
    card: ModelCard,
    track: FaceTrack,
    crop: CropSize,
) -> str | None:
    """What to say where frames were asked to change, and in the mean hardly do; else None."""
    asked = _asked(frames, beauty)
    if not asked:
        return None
    mean = sum(f.change for f in asked) / len(asked)
    if mean >= NOTHING:
        return None
    return (
        f"The change is next to nothing: {mean:.5f} of the {card.encoding} scale in the mean on "
        f"the face, below {NOTHING}, an eighth of a step of 8 bits, "
        + (
            _held_back(asked, beauty)
            or _beyond(asked, card)
            or _hardly_seen(card, track, crop)
            or f"which is all that the model {card.name} makes of these ages. Ask for ages "
            "further apart, or take another model."
        )
    )


def _held_back(asked: Sequence[MeasuredChange], beauty: bool) -> str:
    """By what the artist set."""
    if beauty and max(_taken(f.settings) for f in asked) < _FAINT:
        return (
            "because blend and strengths leave so little of it in the beauty. Raise --blend, or "
            "--detail, --form and --tone."
        )
    years = sum(f.years for f in asked) / len(asked)
    if asked[0].settings.age_map is not None and years < YEARS:
        return (
            f"because the age map asks for {years:.1f} years on the face. Make it brighter there, "
            "or leave --age-map away."
        )
    return ""


def _taken(settings: Settings) -> float:
    """Share of a change's strongest part that the beauty takes."""
    return settings.blend * max(settings.detail, settings.form, settings.tone)


def _beyond(asked: Sequence[MeasuredChange], card: ModelCard) -> str:
    """Both ages where the model knows none."""
    low, high = card.age_range
    pairs = [(f.settings.source_age, f.settings.target_age) for f in asked]
    if any(max(pair) > low + YEARS and min(pair) < high - YEARS for pair in pairs):
        return ""
    return f"because the model {card.name} knows ages {low:g} to {high:g} only. Ask for one there."


def _hardly_seen(card: ModelCard, track: FaceTrack, crop: CropSize) -> str:
    """By the model: the likely reason."""
    face = face_size(f.size for f in track.frames.values() if f.state != "none")
    seen = crop.side / card.crop_scale
    if face is not None and face < SMALL:
        return (
            f"likely because the face is only {face} px high in the plate, too small for lines to "
            "show. Take a larger scan of the plate, if there is one."
        )
    if seen < SMALL:
        return (
            f"likely because the crop of {crop.side} px shows the face only {seen:.0f} px high. "
            "Use --crop-size auto."
        )
    if card.pattern and not any(f.mesh for f in track.frames.values()):
        return (
            "likely because the face track has no mesh, and the model no pattern without one. "
            "Make the track anew with `reage track`."
        )
    return ""
