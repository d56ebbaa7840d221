"""One frame, from plate to layers: the whole story on one screen.

    plate ▶ crop of the face ▶ picture encoding, conditioning map ▶ tiles ▶ model ▶ join
          ▶ marks that stay are held ▶ parts, where asked for ▶ back to the plate's pixels
          ▶ scene-linear delta, matte
    face's mesh ▶ shape, where asked for ▶ how far each of the plate's pixels moves

`reage_frame` tells it in one call; the three steps it is made of stand apart so that a
render can overlap them with reading, inference and writing of other frames.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import cv2
import numpy as np

from reage.errors import OutOfMemory
from reage.faces import FaceFrame
from reage.frame.broken import Told, broken, counted, untold, without
from reage.frame.layers import HairLayers, Layers
from reage.frame.marks import HeldMark, held_marks, holding
from reage.frame.matte import crop_reach, hair_guess
from reage.frame.seen import Seen, see
from reage.mix import at_target
from reage.models.model import Model, ModelInput, batch_of, run_each
from reage.models.model_card import ModelCard
from reage.models.parts import Parts
from reage.models.residual import Residual
from reage.models.tiles import run_tiled, smallest_tile, split, together
from reage.pixels.color import Encoder
from reage.pixels.crop import Crop
from reage.pixels.geometry import Region
from reage.pixels.plate import Pixels, Plate
from reage.pixels.weighted import weighted
from reage.settings import Settings
from reage.shape.ages import aged_offsets
from reage.shape.offsets import Offsets, Share


@dataclass(frozen=True)
class Prepared:
    """A frame ready for the model.

    card         the model's
    parts        whether the layers are to hold the parts of the delta, and hair
    crop         where the model looks
    input        what the model sees of the crop; finite
    broken_pattern  (size, size) bool: where the pattern was broken; None where nowhere
    region       plate pixels that the matte touches
    around       plate pixels that the arrays below cover: `region`, or all that the crop sees
                 where hair is wanted, which may lie anywhere in it
    encoded      (h, w, 3) the plate there, in the card's encoding
    matte        (h, w) float32, 0 … 1, of the face
    hair_matte   (h, w) float32, 0 … 1, the artist's; None without one
    frozen       (h, w) bool: pixels that must keep their bits in any matte (not finite, or no
                 change asked for)
    marks        those that stay, of the pattern's albums, as the crop shows them
    shape        the warp of a face that ages in shape as well; None where it is not wanted
    ends         (h, w) float32, 0 … 1: what all change is multiplied by, so that it ends at
                 clipped white; None where nothing is clipped
    encoder      takes the result back to scene-linear
    """

    card: ModelCard
    parts: bool
    crop: Crop
    input: ModelInput
    broken_pattern: np.ndarray | None
    region: Region
    around: Region
    encoded: Pixels
    matte: Pixels
    hair_matte: Pixels | None
    frozen: np.ndarray
    ends: Pixels | None
    encoder: Encoder
    marks: tuple[HeldMark, ...] = ()
    shape: Offsets | None = None


def prepare(
    plate: Plate,
    face: FaceFrame,
    card: ModelCard,
    settings: Settings,
    encoder: Encoder,
    age_map: Pixels | None = None,
    parts: bool = False,
    hair_matte: Pixels | None = None,
    told: Told = untold,
    shape: bool = False,
) -> Prepared | None:
    """Cut and encode what the model will see; None where the result could only be the plate.

    plate:   scene-linear, covering the crop's region as far as the data window reaches
    age_map: (h, w) over the plate's region, see Settings.age_map_mode
    parts:   whether the layers are to hold parts and hair as well
    hair_matte: (h, w) over the plate's region, where hair may gray; None is nowhere
    shape:   whether they are to hold the warp
    told:    of broken age maps, hair mattes and patterns; where they are, nothing changes
    """
    if settings.source_age == settings.target_age and age_map is None:
        return None
    seen = see(plate, face, card, settings, encoder, parts, hair_matte, told)
    return None if seen is None else asked(seen, settings, age_map, told, shape)


def asked(
    seen: Seen,
    settings: Settings,
    age_map: Pixels | None = None,
    told: Told = untold,
    shape: bool = False,
) -> Prepared | None:
    """The same out of what was cut and encoded before, whatever ages that was for."""
    if settings.source_age == settings.target_age and age_map is None:
        return None
    plate, face, crop, around = seen.plate, seen.face, seen.crop, seen.around
    target = target_ages(age_map, settings)
    if age_map is not None:
        counted("age map", age_map, told)
    frozen = seen.frozen
    if target is not None:
        frozen = frozen | (target[around.slices(plate.region)] == settings.source_age)
    pattern = _conditioning_map(seen, settings) if seen.card.pattern else None
    broken_pattern = None if pattern is None else counted("pattern", pattern, told)
    ages = None if target is None else crop.sample(target, plate.region)
    look = (face, crop, seen.picture, settings, seen.encoder, ages)
    return Prepared(
        card=seen.card,
        parts=seen.parts,
        crop=crop,
        input=ModelInput.of(
            seen.card,
            seen.picture,
            settings.source_age,
            settings.target_age if ages is None else ages,
            None if pattern is None else without(pattern, broken_pattern),
        ),
        broken_pattern=broken_pattern,
        region=seen.region,
        around=around,
        encoded=seen.encoded,
        matte=seen.matte,
        hair_matte=seen.hair_matte,
        frozen=frozen,
        ends=seen.ends,
        encoder=seen.encoder,
        marks=held_marks(*look) if seen.card.pattern else (),
        shape=_shape(plate, face, settings, target) if shape else None,
    )


def _shape(
    plate: Plate, face: FaceFrame, settings: Settings, target: Pixels | None
) -> Offsets | None:
    """The warp of a face; target: (h, w) years over the plate's region, see `aged_offsets`."""
    steered = None if target is None else Share(target, plate.region)
    return aged_offsets(face, settings, plate.info.data, steered, plate.info.aspect)


def infer(
    ready: Prepared,
    model: Model,
    tile: int,
    notice: Callable[[str], None] = lambda _: None,
    told: Told = untold,
    apart: bool | None = None,
) -> Residual:
    """The model's prediction for the crop, marks held; all NaN at pixels where it, or the pattern,
    is broken: of the former, `told` is told.

    apart: whether it is to hold each of the model's outputs; where None, as the frame's layers need

    Runs out of memory only where the smallest tile does alone; first fewer at once, then smaller
    ones are tried, and of the latter `notice` is told.
    """
    apart = ready.parts if apart is None else apart
    residual = _inferred(replace(ready.input, apart=apart), ready, model, tile, notice)
    odd = counted("model's answer", residual.values, told)
    if ready.broken_pattern is not None:
        odd = ready.broken_pattern if odd is None else odd | ready.broken_pattern
    if odd is not None:
        values = np.where(odd[..., None], np.float32(np.nan), residual.values)
        residual = replace(residual, values=values)
    return holding(residual, ready.marks)


def _inferred(
    input: ModelInput, ready: Prepared, model: Model, tile: int, notice: Callable[[str], None]
) -> Residual:
    card, side, channels = model.card, ready.crop.size, model.card.output_channels

    def values(windows: Sequence[Region]) -> list[Pixels]:
        nonlocal channels
        made = run_each(model, [input.window(each) for each in windows])
        channels = made[0].channels
        return [each.values for each in made]

    batch = batch_of(model)
    if card.fixed_size:
        tile = card.fixed_size
    while True:
        try:
            joined = run_tiled(values, side, side, tile, card.halo, card.stride, batch)
            return Residual(joined, channels)
        except OutOfMemory:
            at_once = together(len(list(split(side, side, tile, card.halo, card.stride))), batch)
            if at_once > 1:  # one after the other takes less room, and tiles as large less time
                batch = at_once // 2
                continue
            smaller = max(smallest_tile(card.halo, card.stride), min(tile, side) // 2)
            if card.fixed_size or smaller >= min(tile, side):
                raise
            tile = smaller
            notice(f"Not enough memory on the device: going on with tiles of {tile} px.")


def finish(ready: Prepared, residual: Residual, told: Told = untold) -> Layers:
    """Layers out of what the model adds: `decode(e + d) − decode(e)` on the plate's own pixels.

    Where the residual is NaN, or too large for a float, the plate stays; of the latter `told` is
    told.
    """
    odd = broken(residual.values)
    if odd is not None:
        residual = replace(residual, values=without(residual.values, odd))
        ready = replace(ready, frozen=ready.frozen | _touched(odd, ready.crop, ready.around))
    here = ready.region.slices(ready.around)
    e, matte = ready.encoded[here], ready.matte[here]
    still = ready.frozen[here] | (matte == 0)
    if not ready.parts:
        d = ready.crop.paste(residual.delta, ready.region)
        delta = _ended(_added(ready.encoder, e, d, still, told), ready, here)
        return Layers(ready.region, delta, matte).with_shape(ready.shape)
    parts = residual.parts(ready.crop.size / ready.card.crop_scale).each(
        lambda part: ready.crop.paste(part, ready.region)
    )
    parts = _telescoped(ready.encoder, e, parts, still, told)
    parts = parts.each(lambda part: _ended(part, ready, here))
    layers = Layers.of_parts(ready.region, parts, matte)
    if ready.card.hair:
        layers = layers.with_hair(*_hair(ready, residual, told))
    return layers.with_shape(ready.shape)


def _telescoped(encoder: Encoder, e: Pixels, d: Parts, still: np.ndarray, told: Told) -> Parts:
    """Scene-linear parts: each is added on top of those before it, tone first."""
    toned = e + d.tone
    formed = toned + d.form
    steps = [_decoded(encoder, each) for each in (e, toned, formed, formed + d.detail)]
    still = still | _overflown(steps, still, told)
    with np.errstate(invalid="ignore"):  # of inf from inf; those pixels stay
        tone, form, detail = (after - before for before, after in pairwise(steps))
    for part in (detail, form, tone):
        part[still] = 0
    return Parts(detail, form, tone)


def _hair(ready: Prepared, residual: Residual, told: Told) -> tuple[Region, HairLayers]:
    """The graying of hair, and the region that its matte, or the guess at it, touches."""
    guess = np.clip(ready.crop.paste(hair_guess(residual.hair_matte), ready.around), 0.0, 1.0)
    if ready.hair_matte is None:
        region = ready.around.bounds(guess > 0)
        none = HairLayers.none(region.height, region.width)
        return region, replace(none, guess=guess[region.slices(ready.around)])
    reach = crop_reach(ready.crop, ready.around)
    matte = np.where(reach > 0, ready.hair_matte, np.float32(0))
    region = ready.around.bounds((guess > 0) | (matte > 0))
    here = region.slices(ready.around)
    still = ready.frozen[here] | (matte[here] == 0)
    d = ready.crop.paste(residual.hair, ready.around)[here]
    delta = weighted(_added(ready.encoder, ready.encoded[here], d, still, told), reach[here])
    return region, HairLayers(_ended(delta, ready, here), matte[here], guess[here])


def _added(encoder: Encoder, e: Pixels, d: Pixels, still: np.ndarray, told: Told) -> Pixels:
    """What adding d in the encoding adds in scene-linear; zero in `still`, (h, w) bool."""
    before, after = encoder.decode(e), _decoded(encoder, e + d)
    still = still | _overflown([before, after], still, told)
    delta = after - before
    delta[still] = 0
    return delta


def _decoded(encoder: Encoder, e: Pixels) -> Pixels:
    """Scene-linear; inf, and no word about it, where that is too large for a float."""
    with np.errstate(over="ignore"):
        return encoder.decode(e)


def _overflown(steps: list[Pixels], still: np.ndarray, told: Told) -> np.ndarray:
    """(h, w) bool: where one of the steps is too large for a float, `still` aside."""
    over = np.zeros_like(still)
    for step in steps:
        odd = broken(step)
        if odd is not None:
            over |= odd & ~still
    if over.any():
        told("model's answer", int(np.count_nonzero(over)))
    return over


def _ended(delta: Pixels, ready: Prepared, here: tuple[slice, slice]) -> Pixels:
    """A delta of a part of `ready.around`, ended at clipped white."""
    return delta if ready.ends is None else weighted(delta, ready.ends[here])


def _touched(odd: np.ndarray, crop: Crop, region: Region) -> np.ndarray:
    """(h, w) bool of `region`: pixels that resampling would make of a crop's odd ones."""
    widest = max(1.0, crop.aspect) / crop.to_plate.scale
    reach = int(np.ceil(2 * max(1.0, widest)))
    wider = cv2.dilate(odd.astype(np.float32), np.ones((2 * reach + 1, 2 * reach + 1), np.uint8))
    return np.asarray(crop.paste(wider, region) > 0.5)


def reage_frame(
    plate: Plate,
    face: FaceFrame,
    model: Model,
    settings: Settings,
    encoder: Encoder,
    age_map: Pixels | None = None,
    tile: int = 1024,
    parts: bool = False,
    hair_matte: Pixels | None = None,
    shape: bool = False,
) -> Layers:
    """Re-age one face of one frame. Arguments as for `prepare` and `infer`."""
    ready = prepare(
        plate, face, model.card, settings, encoder, age_map, parts, hair_matte, shape=shape
    )
    if ready is None:
        return Layers.none(plate.info.data, parts, parts and model.card.hair)
    return finish(ready, infer(ready, model, tile))


def target_ages(age_map: Pixels | None, settings: Settings) -> Pixels | None:
    """Target age in years per pixel out of an age map, or None without one.

    scale: source + value × (target − source); replace: value × 100 where it is above zero,
    the target age elsewhere. Values are held within 0 … 1, broken ones change nothing.
    """
    if age_map is None:
        return None
    source, target = np.float32(settings.source_age), np.float32(settings.target_age)
    fine = np.isfinite(age_map)
    values = np.clip(np.where(fine, age_map, np.float32(0)), 0, 1)
    if settings.age_map_mode == "scale":
        ages = source + values * (target - source)
    else:
        ages = np.where(values > 0, values * np.float32(100), target)
    return np.asarray(np.where(fine, ages, source), np.float32)


def _conditioning_map(seen: Seen, settings: Settings) -> Pixels:
    """(size, size, 3): the pattern on the face; loaded only for a model that asks for it."""
    from reage.pattern.conditioning import conditioning_map

    mix = at_target(settings.pattern, settings.target_age)
    if mix not in seen.patterns:
        seen.patterns[mix] = conditioning_map(seen.face, seen.crop, mix)
    return seen.patterns[mix]
