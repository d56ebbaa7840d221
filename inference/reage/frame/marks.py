"""Marks that stay on the face while it ages: moles and scars that an album knows.

    a page's mark ▶ where the mesh says it lies ▶ the plate's own mark near there, and how sure
                  ▶ the change across it, as it is around it

A network takes a mole for a spot of age and takes it away. What is added to a mark's pixels is
therefore what is added around it: the encoding is about the log of light, so the mark's contrast
stays as the plate has it. A mark of the target age that the plate does not have, nor the page of
the source age, is put on; one of the source age alone is taken off. How sure it is that the plate's
mark was found is a number that moves with the picture, and all is weighed by it, so that nothing
pops from frame to frame.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np

from reage.faces import FaceFrame
from reage.faces.skin import coverage
from reage.frame.broken import broken, without
from reage.mix import Mix
from reage.models.channels import PARTS
from reage.models.residual import Residual
from reage.pattern.placed import PlacedMark, placed
from reage.pattern.staying import BLOT, bright, dark, marks_of
from reage.pixels.color import Encoder
from reage.pixels.crop import Crop
from reage.pixels.geometry import Region
from reage.pixels.plate import Pixels
from reage.pixels.ramps import smooth_ramp, smoothstep
from reage.pixels.weighted import weighted
from reage.settings import Settings

_REACH = 0.04
"""How far off a mark is looked for, in face sizes: 6.5 mm. By the networks' meshes the album's lie
off by 2 mm in the middle of 38 moles, and by 7 mm at most: the farthest are missed."""

_NEAR = 0.025
"""Sigma, in face sizes, by which what is nearer is believed more."""

_LEAST, _SURE = 0.5, 0.9
"""Share of the album's tone from which the plate's spot may be the mark, and surely is. Of 90 moles
and scars that were there none had less than 0.8; skin where a scar was yet to come, 0.6 at most."""

_MUCH, _OTHER = 6.0, 9.0
"""The same beyond which it may be something else, and surely is, such as a nostril."""

_LIKE = 0.8
"""Of the best place's likeness, from which others count for where the mark lies."""

_LIGHT = 5.0
"""log2 of light that a mark which is put on lacks for a page's tone. That is more than skin of such
a tone lacks: a page is a mean of photographs, laid over each other to some texels, and shows six
tenths of a mark."""

_WIDER = 2.0
"""Texels by which a mark is wider than an album has it, on all sides."""

_DARK = 1e-3 / 0.18
"""Light that is told from none, of the face's own median: 7.5 stops below it."""

_FEW = 4
"""Px of the crop from one to the next that tells of the face's light."""

_EDGE = (0.08, 0.35)
"""Share of a mark's strongest tone at which its matte begins, and is whole."""

_CHANGES = ("delta", *PARTS)
"""Channels of a residual that are held."""


@dataclass(frozen=True)
class Sighting:
    """What the plate shows of a mark.

    mark    where the mesh lays it
    shape   (h, w) 0 … 1, the mark as the album has it, where the mesh lays it; 1 is `tone`, below
            zero for a scar
    way     (x, y) crop px from there to the plate's own mark
    share   of the album's tone that is there
    sure    0 … 1, whether that is the mark
    now, then  0 … 1, how much of the mark is there at the target and the source age
    """

    mark: PlacedMark
    shape: Pixels
    tone: float
    way: tuple[float, float]
    share: float
    sure: float
    now: float
    then: float


@dataclass(frozen=True)
class HeldMark:
    """What becomes of the change at a mark that stays, comes or goes.

    window  of the crop
    matte   (h, w) 0 … 1: where the change is to be as it is around
    around  (h, w) 0 … 1: how much each px tells of that
    sigma   px over which it is told
    added   (h, w, 3) in the card's encoding, of a mark that comes or goes; None of one that stays
    """

    window: Region
    matte: Pixels
    around: Pixels
    sigma: float
    added: Pixels | None = None


def held_marks(
    face: FaceFrame,
    crop: Crop,
    picture: Pixels,
    settings: Settings,
    encoder: Encoder,
    ages: Pixels | None = None,
) -> tuple[HeldMark, ...]:
    """The marks of the pattern's albums in a frame; () where they have none, or none is seen.

    picture: (size, size, 3) the crop, in the card's encoding
    ages:    (size, size) target age in years, of an age map; marks come and go by as much as each
             pixel's leads from the source age to the target age of the settings
    """
    if isinstance(settings.pattern, int):
        return ()
    mix = Mix.of(settings.pattern)
    marks = marks_of(mix.at(settings.target_age), mix.at(settings.source_age))
    unit = face.size / crop.to_plate.scale
    there = list(placed(marks, face, crop, _REACH * unit + 6))
    if not there:
        return ()
    cover = coverage(face, crop)
    some = np.s_[::_FEW, ::_FEW]
    floor = _DARK * _median(encoder.decode(picture[some][cover[some] > 0.5][None]))
    far = np.ones_like(cover) if ages is None else _far(ages, settings)
    seen = [_sighted(each, picture, encoder, unit, floor) for each in there]
    held = [_held(each, picture, encoder, cover, far) for each in seen]
    return tuple(each for each in held if each is not None)


def holding(residual: Residual, marks: Sequence[HeldMark]) -> Residual:
    """A residual that leaves the marks as they are; NaN where it was. Laws: without marks it is
    itself, to the bit; one that is the same everywhere stays so where marks do."""
    if not marks:
        return residual
    values = np.array(residual.values)
    names = [name for name in residual.channels.names if name in _CHANGES]
    for mark in marks:
        here = values[_at(mark.window)]
        odd = broken(here)
        across = _across(without(mark.around, odd), mark.sigma)
        for name in names if mark.matte.any() else ():
            part = here[..., residual.channels.at(name)]
            part += weighted(across(without(part, odd)) - part, mark.matte)
        if mark.added is not None:
            here[..., residual.channels.at("delta" if "delta" in names else "tone")] += mark.added
    return replace(residual, values=values)


def _median(light: Pixels) -> float:
    """Of the light of pixels (1, n, 3), above zero."""
    return max(float(np.median(light.mean(-1))), 1e-6) if light.size else 1.0


def _far(ages: Pixels, settings: Settings) -> Pixels:
    """(size, size) 0 … 1: how far each pixel goes from the source to the target age."""
    years = settings.target_age - settings.source_age or 1.0  # at one age none comes or goes
    return np.asarray(np.clip((ages - np.float32(settings.source_age)) / np.float32(years), 0, 1))


def _sighted(
    mark: PlacedMark, picture: Pixels, encoder: Encoder, unit: float, floor: float
) -> Sighting:
    """floor: light that is told from none."""
    either = np.where(np.abs(mark.then) > np.abs(mark.now), mark.then, mark.now)
    tone = float(either.flat[np.abs(either).argmax()])
    shape = np.maximum(either / np.float32(tone), 0)
    light = np.maximum(encoder.decode(picture[_at(mark.window)]).mean(-1), 0)
    light = np.log2(light + np.float32(floor))
    like = (dark if tone > 0 else bright)(light, max(BLOT * mark.texel, 0.7)) / abs(tone)
    way, share = _place(shape, like, round(_REACH * unit), _NEAR * unit)
    sure = smoothstep(share, _LEAST, _SURE) * (1 - smoothstep(share, _MUCH, _OTHER))
    now, then = (float(np.max(t / tone).clip(0, 1)) for t in (mark.now, mark.then))
    return Sighting(mark, shape, tone, way, share, sure, now, then)


def _place(
    shape: Pixels, like: Pixels, reach: int, near: float
) -> tuple[tuple[float, float], float]:
    """Where a shape lies best in what is like it, (x, y) px from where it is, and how much of it is
    there; both move smoothly with `like`."""
    rows, columns = np.nonzero(shape > 0.02)
    top, left, low, right = rows.min(), columns.min(), rows.max() + 1, columns.max() + 1
    template = shape[top:low, left:right]
    wide = cv2.copyMakeBorder(like, reach, reach, reach, reach, cv2.BORDER_CONSTANT)
    part = wide[top : low + 2 * reach, left : right + 2 * reach]
    fits = cv2.matchTemplate(part, template, cv2.TM_CCORR) / np.float32((template**2).sum())
    y, x = np.indices(fits.shape, np.float32) - reach
    off = np.hypot(x, y)
    believed = fits * np.exp(-0.5 * (off / near) ** 2) * smooth_ramp(off, reach + 0.5, reach - 1.5)
    best = float(believed.max())
    if best <= 0:
        return (0.0, 0.0), 0.0
    weight = np.maximum(believed / best - _LIKE, 0)
    weight /= weight.sum()
    return (float((weight * x).sum()), float((weight * y).sum())), float((weight * fits).sum())


def _held(
    seen: Sighting, picture: Pixels, encoder: Encoder, cover: Pixels, far: Pixels
) -> HeldMark | None:
    """None where nothing becomes of it. cover, far: (size, size) 0 … 1, where the face is seen, and
    how far each pixel goes from the source to the target age."""
    here = _at(seen.mark.window)
    sigma = 2 * max(BLOT * seen.mark.texel, 0.7)
    shape = _moved(seen.shape, seen.way, seen.sure)
    size = 2 * round(_WIDER * seen.mark.texel) + 1
    wide = cv2.dilate(shape, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size)))
    matte = smooth_ramp(wide, *_EDGE)
    around = 1 - np.minimum(cv2.dilate(matte, np.ones((3, 3), np.uint8)), 1)
    more = round(seen.now - seen.then, 4)  # less is float32's
    comes, goes = (1 - seen.sure) * max(more, 0.0), seen.sure * max(-more, 0.0)
    hold = np.float32(seen.sure * max(seen.now, goes))
    held = HeldMark(seen.mark.window, matte * hold, around, sigma)
    if comes + goes == 0:
        return held if hold else None
    encoded, far = picture[here], far[here]
    added = weighted(_across(around, sigma)(encoded) - encoded, matte * np.float32(goes) * far)
    light = np.exp2(np.float32(-_LIGHT * seen.tone * comes) * shape * cover[here] * far)
    added += encoder.encode(weighted(encoder.decode(encoded), light)) - encoded
    return replace(held, added=added)


def _moved(shape: Pixels, way: tuple[float, float], by: float) -> Pixels:
    turn = np.array([[1, 0, way[0] * by], [0, 1, way[1] * by]])
    return np.asarray(cv2.warpAffine(shape, turn, shape.shape[::-1]))


def _across(around: Pixels, sigma: float) -> Callable[[Pixels], Pixels]:
    """What pixels (h, w, 3) are around a mark, carried across it; see HeldMark."""
    weight = cv2.GaussianBlur(around, (0, 0), sigma)
    scale = 1 / np.maximum(weight, np.float32(1e-6))

    def carried(pixels: Pixels) -> Pixels:
        return weighted(cv2.GaussianBlur(weighted(pixels, around), (0, 0), sigma), scale)

    return carried


def _at(window: Region) -> tuple[slice, slice]:
    return slice(window.y, window.bottom), slice(window.x, window.right)
