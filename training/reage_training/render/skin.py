"""The skin of one person at some ages, on the pixels of a window: heights and albedo.

Age enters three times, so that a change can be taken apart: `Ages.detail` drives wrinkles,
lines and crepe, `form` folds, bags and the head's shape, `tone` all that is color.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor

from reage.pattern.maps import FOLDS_UNIT, LINES_UNIT, MARKS_UNIT
from reage.pixels.ramps import smoothstep
from reage_training.render import bank as b
from reage_training.render.bank import PLACES, Bank
from reage_training.render.look import IS_FOLD, Look
from reage_training.render.lookup import sampled
from reage_training.synth.patterns import BROWS, CREPE, FINE, KIND, MOLES, SPOTS, WEAVE
from reage_training.synth.skin_color import in_cavity, reflectance

TENTH_MM = 0.01
"""cm in one unit of relief."""


@dataclass(frozen=True)
class Ages:
    """Years of each part of a skin."""

    detail: float
    form: float
    tone: float

    @classmethod
    def all(cls, age: float) -> Ages:
        return cls(age, age, age)


@dataclass(frozen=True)
class Found:
    """The bank's textures at P skin pixels, each (C, P); off (P,): from the middle line, in UV."""

    pattern: Tensor
    noise: Tensor
    places: Tensor
    shapes: Tensor
    off: Tensor

    def place(self, name: str) -> Tensor:
        return self.places[PLACES.index(name)]


@dataclass(frozen=True)
class Added:
    """Another pattern (C, P), that comes over a face from `since` years on."""

    pattern: Tensor
    since: float

    def over(self, found: Found) -> Found:
        """What was found, with this pattern in place of the face's own."""
        return replace(found, pattern=self.pattern)


OLD_BROW = (0.36, 0.33, 0.29)
"""Reflectance of gray brows and stubble, linear Rec.709: GRAY, less what lies in their shadow."""

SUNK, PALER, BLOODLESS = 2.5, 0.13, 0.10
"""Of a scar: 0.1 mm that it lies deeper, tone and blood that it lacks."""

OWN_GOES_ON = 0.3
"""How fast a face's own wrinkles age on where another pattern comes over it."""


def _own(years: float, added: Added | None) -> float:
    """The age of a face's own pattern."""
    if added is None or years <= added.since:
        return years
    return added.since + OWN_GOES_ON * (years - added.since)


def find(bank: Bank, look: Look, u: Tensor, v: Tensor, texel: float) -> Found:
    """Look the textures up at face UV (P,) each; `texel` is a pixel's size in UV.

    Small faces are read from smaller textures.
    """
    rough = b.level(texel, b.NOISE_SIZE)
    return Found(
        pattern_at(bank, look, u, v, texel),
        sampled(bank.noise[rough], u + look.shift[0], v + look.shift[1], wrap=True),
        sampled(bank.places, u, v),
        sampled(bank.shapes, u, v),
        (u - 0.5).abs(),
    )


def pattern_at(bank: Bank, look: Look, u: Tensor, v: Tensor, texel: float) -> Tensor:
    """(C, P): the look's pattern alone, as `find` looks it up."""
    mirrored = 1 - u if look.mirrored else u
    coarse = b.level(texel, bank.patterns[0].shape[1])
    return sampled(bank.patterns[coarse][look.pattern], mirrored, v)


def seen_at(bank: Bank, look: Look, u: Tensor, v: Tensor, texel: float) -> Tensor:
    """(3, P): what photographs show of the look's pattern."""
    mirrored = 1 - u if look.mirrored else u
    coarse = b.level(texel, bank.seen[0].shape[1])
    return sampled(bank.seen[coarse][look.pattern], mirrored, v)


def conditioning(found: Found, look: Look) -> Tensor:
    """(3, P): the person's pattern as a model is shown it, see `reage.pattern.maps`."""
    shown = _weights(look.shown(), found)
    fold = torch.from_numpy(IS_FOLD).to(shown)
    kinds = found.pattern[KIND]
    lines = (shown * (1 - fold)) @ kinds + found.pattern[[WEAVE, FINE, CREPE]].sum(0)
    marks = found.pattern[SPOTS].sum(0) * look.traits.spots
    folds = (shown * fold) @ kinds
    return torch.stack([lines / LINES_UNIT, folds / FOLDS_UNIT, marks / MARKS_UNIT])


def heights(
    found: Found, look: Look, ages: Ages, added: Added | None = None
) -> tuple[Tensor, Tensor]:
    """(P,) height of the skin's surface in cm, and of its creases alone (P,) in 0.1 mm: those
    that are deep enough to keep light to themselves."""
    own = Ages(_own(ages.detail, added), _own(ages.form, added), ages.tone)
    folds, lines = _relief(found, look, own)
    if added is not None:
        since = Ages.all(added.since)
        later = Ages(max(ages.detail, added.since), max(ages.form, added.since), 0)
        over = added.over(found)
        for sign, when in ((1, later), (-1, since)):
            more, finer = _relief(over, look, when)
            folds, lines = folds + sign * more, lines + sign * finer
    mouth = found.places[b.LIPS]
    relief = folds + lines
    parched = 1 + 1.6 * look.worn_by(ages.detail)
    relief = relief + _pores(found) * (1 - mouth) + parched * _furrows(found) * mouth
    years = ages.form * look.traits.ageing_speed
    bag = 13.0 * look.traits.hollow * smoothstep(years, 36.0, 82.0)
    relief = relief + bag * found.place("under_eye") ** 2
    shape = _weights(look.shape(ages.form), found) @ found.shapes
    relief = relief - SUNK * _scars(found)
    return relief * TENTH_MM + shape, folds


def _relief(found: Found, look: Look, ages: Ages) -> tuple[Tensor, Tensor]:
    """(P,) creases with the weave, and (P,) fine lines and crepe, in 0.1 mm."""
    fold = IS_FOLD.astype(np.float32)
    depth = look.depths(ages.detail) * (1 - fold) + look.depths(ages.form) * fold
    folds = _weights(depth, found) @ found.pattern[KIND]
    weave, fine, crepe = look.dense(ages.detail)
    folds = folds + weave * found.pattern[WEAVE]
    return folds, fine * found.pattern[FINE] + crepe * found.pattern[CREPE]


def _pores(found: Found) -> Tensor:
    where = 0.35 + 0.8 * found.place("cheek") + found.place("nose") + 0.4 * found.place("forehead")
    noise = found.noise
    pits = -(noise[b.PITS] - 1.0).clamp(0.0, 1.5) * where
    return 0.80 * pits + 0.22 * noise[b.GRAIN] + 0.05 * noise[b.MIDDLE_GRAIN]


def _furrows(found: Found) -> Tensor:
    return 0.45 * found.noise[b.PITS]


def albedo(
    found: Found, look: Look, ages: Ages, folds: Tensor, added: Added | None = None
) -> Tensor:
    """(3, P) diffuse reflectance without brows and stubble, linear Rec.709; folds (P,) darken
    where they are deep."""
    t, noise, place = look.traits, found.noise, found.place
    old = smoothstep(ages.tone * t.ageing_speed, 30.0, 84.0)
    veins = smoothstep(ages.tone * t.ageing_speed, 45.0, 85.0)
    base, stick, blush, shadow = t.makeup
    broad, middle, small, fine = (noise[k] for k in (b.BROAD, b.MIDDLE, b.SMALL, b.MIDDLE_GRAIN))
    under, inner = place("under_eye"), place("inner_eye")
    mouth = found.places[b.LIPS]
    lips = mouth + (found.places[b.THIN_LIPS] - mouth) * (0.9 * old)
    uneven = 0.014 * broad + 0.008 * middle + 0.005 * small + 0.009 * fine
    freckled = (noise[b.MIDDLE_GRAIN] - 1.15).clamp(0, 1.3) * 0.16 * t.freckles
    band = (place("cheek") + place("nose")).clamp(0, 1) * (1 - mouth)
    still = t.tone + uneven + 0.025 * under + 0.02 * place("lid") + 0.03 * inner + freckled * band
    still = still + found.pattern[MOLES].clamp_min(0) * (0.75 - still).clamp(0.12, 0.45)
    scars = _scars(found)
    still = still - PALER * scars
    mottled = 0.012 * middle + 0.011 * small + 0.009 * noise[b.BLOTCH] + 0.006 * broad
    aged = mottled + 0.04 * inner + 0.025 + 0.065 * t.hollow * under + 0.05 * place("lid")
    aged = aged * old + (0.06 * old) * lips + _spots(found, look, ages.tone, added)
    tone = still + aged * (1 - 0.5 * base) + (0.055 - 0.02 * old) * lips
    tone = tone - 0.6 * base * (uneven + freckled * band)
    tone = tone + 0.22 * shadow * place("lid") + 0.10 * stick * lips
    flush = (
        0.16 * place("cheek") + 0.16 * place("nose") + 0.30 * place("alar") + 0.22 * place("ear")
        + 0.14 * place("lid") + 0.12 * inner + 0.10 * place("chin")
    )  # fmt: skip
    patchy = 0.035 * middle + 0.035 * small + 0.050 * fine + 0.04 * broad
    threads = (-((noise[b.MAZE] / 0.16) ** 2)).exp() * (noise[b.BLOTCH] - 0.2).clamp(0, 1.5)
    threads = threads * (place("cheek") + 0.8 * place("nose") + 0.8 * place("alar"))
    reddened = 0.26 * place("nose") + 0.24 * place("alar") + 0.14 * place("cheek") - 0.04
    reddened = reddened + 0.18 * t.hollow * under + 0.24 * place("lid")
    reddened = reddened + 0.05 * small + 0.035 * noise[b.BLOTCH]
    blood = t.blood + (flush + patchy) * (1 - 0.6 * base)
    blood = blood + (old * reddened + 0.35 * veins * threads) * (1 - 0.5 * base)
    blood = blood + 0.35 * blush * place("cheek")
    blood = blood * (1 - lips) + (t.lip_blood * (1.25 - 0.80 * old) + 0.9 * stick) * lips
    blood = blood - BLOODLESS * scars
    cavity = 1.0 - (folds.clamp(max=0.0) / 12.0).exp()
    blood = blood + 0.12 * cavity
    yellow = torch.full_like(tone, 0.34 * t.sallow * old)
    bare = in_cavity(reflectance(tone[None], blood[None], yellow[None]), t.caught * cavity[None])
    return bare[:, 0]


def _scars(found: Found) -> Tensor:
    """(P,) 0 … 1: how much of a scar lies there."""
    return (-found.pattern[MOLES]).clamp_min(0)


def _spots(found: Found, look: Look, age: float, added: Added | None) -> Tensor:
    """(P,) extra tone of the age spots."""
    own = _weights(look.spots(_own(age, added)), found) @ found.pattern[SPOTS]
    if added is None:
        return own
    more = look.spots(max(age, added.since)) - look.spots(added.since)
    return own + _weights(more, found) @ added.pattern[SPOTS]


def hair_opacity(found: Found, look: Look, ages: Ages) -> Tensor:
    """(P,) 0 … 1: brows and stubble over the skin."""
    return 1 - (1 - _brow(found, look, ages)) * (1 - _stubble(found, look))


def _brow(found: Found, look: Look, ages: Ages) -> Tensor:
    """(P,) 0 … 1: brows, thinner with the years, most in patches and at their tails."""
    left, gray = look.brow(ages.tone)
    outward = ((found.pattern[BROWS] > 0) * (found.off - 0.10).clamp(0, 0.12)) * 4.0
    patchy = 1.0 + 0.35 * found.noise[b.SMALL] + outward
    thinned = found.pattern[BROWS] * (1 - (1 - left) * patchy.clamp(0.3, 1.6)).clamp(0, 1)
    # What lies between the hairs is their shadow; gray ones throw little.
    return thinned ** (1 + 0.7 * gray)


def _stubble(found: Found, look: Look) -> Tensor:
    dots = (0.45 + 0.5 * found.noise[b.GRAIN]).clamp(0, 1)
    patchy = (0.8 + 0.25 * found.noise[b.BLOTCH]).clamp(0, 1.2)
    area = found.places[b.BEARD]
    return (0.40 * look.traits.beard * area * dots * patchy).clamp(0, 0.9)


def with_hair(bare: Tensor, found: Found, look: Look, ages: Ages) -> Tensor:
    """(3, P) albedo with brows, which thin and gray with the years, and stubble, which grays."""
    t = look.traits
    _, gray = look.brow(ages.tone)
    # Salt and pepper: hairs go gray one by one.
    salt = (gray + 0.45 * found.noise[b.GRAIN] * gray * (1 - 0.6 * gray)).clamp(0, 1)
    hair, old = (bare.new_tensor(c)[:, None] for c in (t.brow_color, OLD_BROW))
    hair = hair + salt * (old - hair)
    mixed = torch.lerp(bare, hair, _stubble(found, look))
    mixed = torch.lerp(mixed, hair, _brow(found, look, ages))
    return mixed.clamp(0.004, 0.92)


def roughness(found: Found, look: Look, ages: Ages) -> Tensor:
    """(P,) of the specular lobe, 0.2 … 0.8; old skin is drier and duller, powder duller still."""
    t = look.traits
    old = smoothstep(ages.tone * t.ageing_speed, 35.0, 85.0)
    mouth = found.places[b.LIPS]
    gloss = 0.08 * found.place("nose") + 0.05 * found.place("forehead") + 0.12 * mouth
    gloss = gloss - 0.025 * found.noise[b.SMALL] - 0.015 * found.noise[b.MIDDLE_GRAIN]
    base = 0.47 - t.oil + 0.10 * old + 0.08 * t.makeup[0] - gloss * (1.0 - 0.35 * old)
    base = base.clamp(0.2, 0.8)
    return base + (0.8 - base) * hair_opacity(found, look, ages)


def _weights(values: np.ndarray, like: Found) -> Tensor:
    return torch.from_numpy(np.asarray(values, np.float32)).to(like.pattern.device)
