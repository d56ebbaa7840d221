"""Light on skin: bumps, the glow under the surface, and gloss, on planes of a window."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from reage_training.synth.lights import COSINE_LOBE, harmonic_parts
from reage_training.synth.shade import FRESNEL_SKIN, LOBE

_SCATTER = ((0.9, 3.2, 0.45), (0.45, 1.4, 0.30), (0.3, 0.8, 0.22))
"""Of red, green, blue: two Gaussian widths in mm and the wide one's share. Rounded from
the skin profile of d'Eon, Luebke and Enderton 2007 (six Gaussians), red widest."""


@dataclass(frozen=True)
class Surface:
    """How skin answers light: fresnel, its reflectance at normal incidence; lobe, the width of the
    mirroring lobe at roughness 1; own, the share of the light that leaves where it fell; depth,
    how far the rest comes, against the widths above."""

    fresnel: float = FRESNEL_SKIN
    lobe: float = LOBE
    own: float = 0.35
    depth: float = 1.0


SKIN = Surface()


@dataclass(frozen=True)
class Rig:
    """The lights of a view as its camera sees them: ambient (9, 3), K keys' direction (K, 3),
    color (K, 3), spread (K,)."""

    ambient: Tensor
    direction: Tensor
    color: Tensor
    spread: Tensor

    @classmethod
    def of(cls, metadata: Mapping[str, Any], device: torch.device) -> Rig:
        said = metadata["lights"]
        return cls(
            *(
                torch.tensor(said[name], dtype=torch.float32, device=device)
                for name in ("ambient", "direction", "color", "spread")
            )
        )


def normals(flat: Tensor, height: Tensor, to_view: Tensor, cm_per_px: float) -> Tensor:
    """(V, 3, h, w) unit normals of a surface raised by V heights.

    flat (2, h, w): x right, y up of the unraised normal; height (V, h, w) cm; to_view: see
    `Window`. The height's slope along the picture is projected onto the surface.
    """
    nx, ny = flat
    nz = (1 - nx * nx - ny * ny).clamp_min(0.05).sqrt()
    n = torch.stack([nx, ny, nz])
    n = n / _length(n, 0)
    padded = F.pad(height[:, None], (1, 1, 1, 1), mode="replicate")[:, 0]
    across = (padded[:, 1:-1, 2:] - padded[:, 1:-1, :-2]) / 2
    down = (padded[:, 2:, 1:-1] - padded[:, :-2, 1:-1]) / 2
    # ∇ in the view from ∇ in the window: to_view is a similarity, its inverse transposed is
    # itself over its squared scale.
    m = to_view / torch.linalg.det(to_view).abs() / cm_per_px
    hx = m[0, 0] * across + m[0, 1] * down
    hy = -(m[1, 0] * across + m[1, 1] * down)
    along = hx * n[0] + hy * n[1]
    tilted = n[None] - torch.stack([hx, hy, torch.zeros_like(hx)], 1) + along[:, None] * n[None]
    unit: Tensor = tilted / _length(tilted, 1).clamp_min(1e-6)
    return unit


def _length(vectors: Tensor, axis: int) -> Tensor:
    """Of vectors along an axis, which is kept; far faster than torch's norm over three planes."""
    x, y, z = (vectors.narrow(axis, k, 1) for k in range(3))
    return (x * x + y * y + z * z).sqrt()


def _along(direction: Tensor, n: Tensor) -> Tensor:
    """(V, h, w): the product of one direction (3,) with (V, 3, h, w)."""
    x, y, z = direction.tolist()
    along: Tensor = n[:, 0] * x + n[:, 1] * y + n[:, 2] * z
    return along


def _fifth(x: Tensor) -> Tensor:
    """x⁵, without the price of a power."""
    square = x * x
    return square * square * x


def diffuse(
    flat: Tensor, bumped: Tensor, ambient: Tensor, key: Tensor, rig: Rig
) -> Tensor:
    """(V, 3, h, w) irradiance over π: ambient (3, h, w) bent by the bumps, keys (K, h, w)."""
    nz = (1 - flat[0] ** 2 - flat[1] ** 2).clamp_min(0.05).sqrt()
    before = _sky(torch.cat([flat, nz[None]])[None], rig)
    bend = (_sky(bumped, rig).clamp_min(0.02) / before.clamp_min(0.02)).clamp(0.4, 1.8)
    total = ambient[None] * bend
    for k in range(rig.direction.shape[0]):
        facing = _along(rig.direction[k], bumped).clamp_min(0) * key[k]
        total = total + facing[:, None] * rig.color[k][:, None, None]
    return total


def _sky(n: Tensor, rig: Rig) -> Tensor:
    """(V, 3, h, w) unshadowed ambient irradiance over π on unit normals (V, 3, h, w)."""
    basis = torch.stack(harmonic_parts(n[:, 0], n[:, 1], n[:, 2]), 1)
    lobe = rig.ambient * torch.from_numpy(COSINE_LOBE).to(rig.ambient)[:, None]
    return torch.einsum("kc,vkhw->vchw", lobe, basis)


def scattered(
    light: Tensor, coverage: Tensor, px_per_mm: float, surface: Surface = SKIN
) -> Tensor:
    """Irradiance (V, 3, h, w) as it leaves the skin: part where it fell, part from around.

    coverage (h, w): where there is skin; nothing comes from elsewhere.
    """
    shares = light.new_tensor([s[2] for s in _SCATTER])[:, None, None]
    px_per_mm = px_per_mm * surface.depth
    near = _blurred(light, coverage, [s[0] * px_per_mm for s in _SCATTER])
    # The wide blur's result is smooth: at half the size it costs an eighth.
    small = F.avg_pool2d(light * coverage, 2)
    small_coverage = F.avg_pool2d(coverage[None, None], 2)[0, 0]
    far = _blurred(
        small / small_coverage.clamp_min(1e-3),
        small_coverage,
        [s[1] * px_per_mm / 2 for s in _SCATTER],
    )
    far = F.interpolate(far, light.shape[-2:], mode="bilinear", align_corners=False)
    under = torch.lerp(near, far, shares)
    return torch.lerp(under, light, surface.own)


def _blurred(light: Tensor, coverage: Tensor, sigmas: list[float]) -> Tensor:
    """Each of three channels blurred by its own Gaussian, px, weighted by the coverage."""
    weights = torch.cat([light * coverage, coverage.expand(1, 3, -1, -1)])
    out = gaussian(weights, sigmas)
    return out[:-1] / out[-1:].clamp_min(1e-3)


def gaussian(planes: Tensor, sigmas: list[float]) -> Tensor:
    """(V, C, h, w), channel c blurred by sigmas[c] px; edges go on as they end."""
    radius = min(max(1, int(2.5 * max(sigmas) + 0.5)), min(planes.shape[-2:]) - 1)
    line = torch.arange(-radius, radius + 1, dtype=planes.dtype, device=planes.device)
    width = planes.new_tensor(sigmas).clamp_min(0.25)[:, None]
    kernel = (-0.5 * (line / width) ** 2).exp()
    kernel = kernel / kernel.sum(1, keepdim=True)
    c = planes.shape[1]
    padded = F.pad(planes, (radius, radius, radius, radius), mode="replicate")
    across = F.conv2d(padded, kernel[:, None, None, :], groups=c)
    return F.conv2d(across, kernel[:, None, :, None], groups=c)


def gloss(
    bumped: Tensor, rough: Tensor, key: Tensor, openness: Tensor, rig: Rig, surface: Surface = SKIN
) -> Tensor:
    """(V, 3, h, w) light mirrored by the surface: GGX (Walter et al. 2007) for the keys, the
    ambient reflected. rough (V, h, w), key (K, h, w), openness (h, w)."""
    n = bumped
    nv = n[:, 2].clamp_min(0.06)
    alpha = (surface.lobe * rough).clamp_min(0.01)
    kk = (rough + 1) ** 2 / 8
    view_part = nv * (1 - kk) + kk
    total = torch.zeros_like(n)
    for k in range(rig.direction.shape[0]):
        toward = rig.direction[k]
        half = toward + toward.new_tensor([0.0, 0.0, 1.0])
        half = half / half.norm().clamp_min(1e-6)
        nl = _along(toward, n).clamp_min(0)
        nh = _along(half, n).clamp_min(0)
        vh = half[2].clamp_min(0)
        a2 = alpha * alpha + 0.25 * rig.spread[k] ** 2
        d = nh * nh * (a2 - 1) + 1
        f = surface.fresnel + (1 - surface.fresnel) * (1 - vh) ** 5
        g = 1 / (view_part * (nl * (1 - kk) + kk) * 4)
        shine = (a2 / (d * d) * f * g * nl * key[k]).clamp_max(40.0)
        total = total + shine[:, None] * rig.color[k][:, None, None]
    rx, ry, rz = 2 * n[:, 2] * n[:, 0], 2 * n[:, 2] * n[:, 1], 2 * n[:, 2] ** 2 - 1
    edge = 0.7 * surface.fresnel + 0.5 * (1 - rough) ** 2 * _fifth(1 - nv)
    a = rig.ambient[:, :, None, None]
    sky = 0.282095 * a[0] + 0.488603 * 0.7 * (
        ry[:, None] * a[1] + rz[:, None] * a[2] + rx[:, None] * a[3]
    )
    return total + (edge * openness.clamp(0, 1) ** 2)[:, None] * sky.clamp_min(0)
