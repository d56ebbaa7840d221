"""Pictures of one window at several ages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from reage_training.render.bank import Bank
from reage_training.render.light import SKIN as DEFAULT_SKIN
from reage_training.render.light import Rig, Surface, diffuse, gloss, normals, scattered
from reage_training.render.look import Look
from reage_training.render.lookup import spread
from reage_training.render.skin import (
    Added,
    Ages,
    albedo,
    conditioning,
    find,
    heights,
    pattern_at,
    roughness,
    seen_at,
    with_hair,
)
from reage_training.render.window import Window
from reage_training.synth.view import (
    AMBIENT,
    FEATURES,
    HAIR,
    HAIR_OVER,
    KEY,
    NORMAL,
    OPENNESS,
    REC709_TO_ACESCG,
    SKIN,
    STILL,
    STILL_GRAY,
    STILL_OLD,
    UV,
)

_FACE_UV, _FACE_CM = 0.61, 16.2
"""A face's height, hairline to chin, in face UV and in cm on the mean head."""


@dataclass(frozen=True)
class Pictures:
    """rgb  (V, 3, h, w) scene-linear ACEScg, one for each of the ages asked for
    gray  (3, h, w) the first of them with the head's hair gray
    skin  (h, w) coverage by what ages of a face, 0 … 1: visible skin, eyes, lips, teeth, brows
    hair  (h, w) coverage by the head's hair
    conditioning  (3, h, w) the person's pattern, 0 where there is no skin
    """

    rgb: Tensor
    gray: Tensor
    skin: Tensor
    hair: Tensor
    conditioning: Tensor


@dataclass(frozen=True)
class AddedPattern:
    """Another of the bank's patterns, which ages a face from `since` years on, while its own
    wrinkles deepen little."""

    pattern: int
    since: float


@torch.no_grad()
def pictures(
    window: Window,
    bank: Bank,
    look: Look,
    ages: Sequence[Ages],
    added_pattern: AddedPattern | None = None,
    seen: bool = False,
    surface: Surface = DEFAULT_SKIN,
) -> Pictures:
    """Light the window's skin at each of the ages; nothing else differs between them.

    With an `added_pattern` the conditioning map is that of its pattern. seen: the map is the one
    that photographs of the pattern give, which the bank has.
    """
    planes, metadata = window.planes, window.metadata
    h, w = planes.shape[1:]
    rig = Rig.of(metadata, planes.device)
    cm_per_px = float(metadata["cm_per_px"]) / window.px_per_texel
    there = (planes[KEY].sum(0) + planes[OPENNESS] > 0) & (planes[UV].sum(0) > 0.01)
    where = there.flatten().nonzero()[:, 0]
    u, v = (plane.flatten()[where] for plane in planes[UV])
    texel = cm_per_px * _FACE_UV / _FACE_CM
    found = find(bank, look, u, v, texel)
    added = None
    if added_pattern is not None:
        another = replace(look, pattern=added_pattern.pattern)
        added = Added(pattern_at(bank, another, u, v, texel), added_pattern.since)

    which, own = _distinct(ages)
    surfaces = [heights(found, look, each, added) for each in own]
    height = spread(torch.stack([s[0] for s in surfaces]), where, h, w)
    bare = [albedo(found, look, a, surfaces[k][1], added) for a, k in zip(ages, which, strict=True)]
    color = torch.stack(
        [with_hair(one, found, look, a) for one, a in zip(bare, ages, strict=True)]
    )
    rough = torch.stack([roughness(found, look, a) for a in ages])

    def skin(planes: Tensor) -> Tensor:
        """(…, h, w) at the pixels that are skin, (…, P, 1)."""
        return planes.flatten(-2).index_select(-1, where)[..., None]

    bumped = skin(normals(planes[NORMAL], height, window.to_view, float(metadata["cm_per_px"])))
    key = skin(planes[KEY])
    light = diffuse(skin(planes[NORMAL]), bumped, skin(planes[AMBIENT]), key, rig)
    light = spread(light[..., 0], where, h, w)
    under = skin(scattered(light, there.to(light), 0.1 / cm_per_px, surface))[..., 0]
    shine = gloss(bumped[which], rough[..., None], key, skin(planes[OPENNESS]), rig,
                  surface)[..., 0]  # fmt: skip

    under = under[which]
    lit = under * color + shine
    roots = skin(planes[HAIR_OVER])[:, 0]
    scalp = lit.new_tensor(metadata["scalp"])[:, None] * under
    lit = (lit + roots * (scalp - lit)) * (1 - 0.55 * roots)
    matrix = torch.from_numpy(REC709_TO_ACESCG).to(lit) * float(metadata["exposure"])
    coverage = planes[SKIN].clamp(0, 1)
    worn = lit.new_tensor([look.worn_by(a.tone) for a in ages])[:, None, None, None]
    still = planes[STILL] + worn * (planes[STILL_OLD] - planes[STILL])
    whole = torch.cat([still, still[:1] + (planes[STILL_GRAY] - planes[STILL])]).flatten(2)
    front = (matrix @ lit) * skin(coverage)[:, 0]
    whole[..., where] += torch.cat([front, front[:1]])  # the gray picture is the first one's
    whole = whole.reshape(-1, 3, h, w)
    if seen:
        pattern = look.pattern if added_pattern is None else added_pattern.pattern
        shown = seen_at(bank, replace(look, pattern=pattern), u, v, texel)
    else:
        shown = conditioning(found if added is None else added.over(found), look)
    shown = spread(shown, where, h, w)
    shown = shown * (coverage > 0.02)
    return Pictures(
        rgb=whole[:-1].clamp_min(0),
        gray=whole[-1].clamp_min(0),
        skin=(coverage * (1 - 0.5 * planes[HAIR_OVER]) + planes[FEATURES]).clamp(0, 1),
        hair=planes[HAIR].clamp(0, 1),
        conditioning=shown,
    )


def _distinct(ages: Sequence[Ages]) -> tuple[list[int], list[Ages]]:
    """For each of the ages which surface is its, and the surfaces' ages: tone raises nothing."""
    kinds = {(a.detail, a.form): a for a in reversed(ages)}
    order = list(kinds)
    return [order.index((a.detail, a.form)) for a in ages], list(kinds.values())
