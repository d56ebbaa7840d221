"""What is not skin, from triangle indices to color: one compiled pass over a view's pixels.

Skin itself is lit later, in torch, at any age; here its pixels only get their coverage.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from reage_training.synth.compiled import compiled
from reage_training.synth.head import Floats, Ints

# Material's values, as numba sees plain numbers.
_FACE, _BACK, _GUMS, _TEETH, _EYE = 0, 1, 2, 3, 4
_COS_IRIS = 0.917
"""cos 23.5°: an iris 12 mm across on the eyeball of ICT-FaceKit (3 cm)."""
LOBE = 0.62
"""Width of the GGX lobe for roughness 1: skin of roughness .5 gets .3, as Weyrich et al. 2006
measured on faces."""
FRESNEL_SKIN, _FRESNEL_WET = 0.021, 0.045
"""Reflectance at normal incidence; skin's 0.028 (index 1.4) less the quarter its pores hide."""


@compiled
def shade(
    index: Ints,
    weight: Floats,
    triangles: Ints,
    material: npt.NDArray[np.int8],
    vertex: Floats,
    numbers: Floats,
    direction: Floats,
    color: Floats,
    spread: Floats,
    ambient: Floats,
    to_camera: Floats,
    image: Floats,
) -> None:
    """Fill image (H, W, 5): radiance RGB; where the pixel is facial skin, black and a 1; then a 1
    where it is an eye, a tooth or gum.

    vertex (V, 14 + K): 0:3 normal, 3:6 light, 6:9 neutral position, 9:12 eye direction,
    12 openness, 13 hair over the skin, 14: key visibility.
    numbers: see Wardrobe; to_camera (3,) unit, one for all pixels.
    """
    height, width = index.shape
    keys = direction.shape[0]
    item = np.zeros(vertex.shape[1])
    n = np.zeros(3)
    base = np.zeros(3)
    seen = np.zeros(keys)
    for y in range(height):
        for x in range(width):
            t = index[y, x]
            if t < 0:
                continue
            w0, w1 = weight[y, x, 0], weight[y, x, 1]
            w2 = 1 - w0 - w1
            a, b, c = triangles[t, 0], triangles[t, 1], triangles[t, 2]
            for k in range(vertex.shape[1]):
                item[k] = w0 * vertex[a, k] + w1 * vertex[b, k] + w2 * vertex[c, k]
            kind = material[t]
            openness = item[12]
            rough, fresnel, skin = 0.5, FRESNEL_SKIN, 0.0
            for k in range(3):
                n[k] = item[k]
            for k in range(keys):
                seen[k] = item[14 + k]
            if kind in (_FACE, _BACK):
                cloth = _neckline(item, numbers)
                if cloth > 0:
                    _cloth(item, numbers, cloth, base)
                    rough, fresnel = 0.9, 0.02
                elif kind == _BACK:
                    for k in range(3):
                        base[k] = numbers[9 + k] * item[3 + k] * (1 - 0.55 * item[13])
                else:
                    skin = 1.0
            elif kind == _EYE:
                _eye(item, numbers, base)
                rough, fresnel = 0.12, _FRESNEL_WET
            elif kind == _GUMS:
                for k in range(3):
                    base[k] = numbers[17 + k] * item[3 + k] * 0.7
                rough, fresnel = 0.3, _FRESNEL_WET
            elif kind == _TEETH:
                for k in range(3):
                    base[k] = numbers[20 + k] * item[3 + k]
                rough, fresnel = 0.25, _FRESNEL_WET
            image[y, x, 4] = 1.0 if kind in (_EYE, _GUMS, _TEETH) else 0.0
            if skin > 0:
                for k in range(3):
                    image[y, x, k] = 0
                image[y, x, 3] = 1
                continue
            _gloss(
                n,
                rough,
                fresnel,
                seen,
                openness,
                direction,
                color,
                spread,
                ambient,
                to_camera,
                base,
            )
            for k in range(3):
                image[y, x, k] = base[k]
            image[y, x, 3] = 0


@compiled
def _neckline(item: npt.NDArray[np.float64], numbers: Floats) -> float:
    """cm below the neckline; not positive above it."""
    dip = numbers[1] * max(0.0, 1 - abs(item[6]) / 5) if item[8] > 0 else 0.0
    return float(numbers[0] - dip - 0.16 * item[8] + 0.5 - item[7])


@compiled
def _cloth(
    item: npt.NDArray[np.float64], numbers: Floats, below: float, base: npt.NDArray[np.float64]
) -> None:
    """Two-tone cloth with a hem, lit by the vertices' light."""
    mix = 0.0
    if numbers[8] > 0:
        wave = np.sin(numbers[8] * item[7]) * np.sin(numbers[8] * item[6])
        mix = 0.5 + 0.5 * np.tanh(4 * wave)
    hem = 0.45 + 0.55 * min(below / 0.25, 1.0) if below < 0.25 or below > 1.1 else 0.85
    for k in range(3):
        base[k] = ((1 - mix) * numbers[2 + k] + mix * numbers[5 + k]) * item[3 + k] * hem


@compiled
def _eye(item: npt.NDArray[np.float64], numbers: Floats, base: npt.NDArray[np.float64]) -> None:
    """Sclera, iris with fibers and a dark rim, pupil; darker where the lids shade it.

    In old age the white yellows and reddens toward the corners, and a pale ring lies over the
    iris's edge (arcus senilis).
    """
    old = numbers[23]
    length = np.sqrt(item[9] ** 2 + item[10] ** 2 + item[11] ** 2) + 1e-9
    dx, dy, dz = item[9] / length, item[10] / length, item[11] / length
    radius = np.arccos(min(max(dz, -1.0), 1.0)) / np.arccos(_COS_IRIS)
    angle = np.arctan2(dy, dx)
    pink = min(max((radius - 1.2) / 2.0, 0.0), 1.0)
    inner = numbers[15]
    fiber = 0.5 + 0.25 * np.sin(43 * angle + 5 * np.sin(7 * angle)) + 0.25 * np.sin(97 * angle)
    ring = np.exp(-(((radius - inner - 0.12) / 0.16) ** 2))
    rim = min(max((1.0 - radius) / 0.22, 0.0), 1.0)
    edge = min(max((radius - 0.96) / 0.10, 0.0), 1.0)
    arcus = 0.5 * np.exp(-(((radius - 0.88) / 0.09) ** 2))
    pupil = min(max((radius - inner) / 0.06, 0.0), 1.0)
    for k in range(3):
        white = (0.56 if k == 0 else 0.51 if k == 1 else 0.48) - pink * (0.04 + 0.07 * (k > 0))
        white -= old * ((0.05, 0.08, 0.15)[k] + pink * (0.02, 0.10, 0.09)[k])
        iris = numbers[12 + k] * (0.55 + 0.6 * fiber + 0.7 * ring) * (0.25 + 0.75 * rim)
        iris += old * arcus * ((0.22, 0.24, 0.26)[k] - iris)
        inside = 0.004 + pupil * (iris - 0.004)
        base[k] = (inside + edge * (white - inside)) * item[3 + k]


@compiled
def _gloss(
    n: npt.NDArray[np.float64],
    rough: float,
    fresnel: float,
    seen: npt.NDArray[np.float64],
    openness: float,
    direction: Floats,
    color: Floats,
    spread: Floats,
    ambient: Floats,
    to_camera: Floats,
    base: npt.NDArray[np.float64],
) -> None:
    """Add specular light: GGX (Walter et al. 2007) for the keys, and the ambient reflected."""
    length = np.sqrt(n[0] ** 2 + n[1] ** 2 + n[2] ** 2) + 1e-9
    nx, ny, nz = n[0] / length, n[1] / length, n[2] / length
    facing = nx * to_camera[0] + ny * to_camera[1] + nz * to_camera[2]
    nv = max(facing, 0.06)
    alpha = max(LOBE * rough, 0.01)
    for k in range(direction.shape[0]):
        nl = nx * direction[k, 0] + ny * direction[k, 1] + nz * direction[k, 2]
        if nl <= 0 or seen[k] <= 0:
            continue
        hx = direction[k, 0] + to_camera[0]
        hy = direction[k, 1] + to_camera[1]
        hz = direction[k, 2] + to_camera[2]
        hl = np.sqrt(hx * hx + hy * hy + hz * hz) + 1e-9
        nh = max((nx * hx + ny * hy + nz * hz) / hl, 0.0)
        vh = max((to_camera[0] * hx + to_camera[1] * hy + to_camera[2] * hz) / hl, 0.0)
        a2 = alpha * alpha + 0.25 * spread[k] * spread[k]
        d = nh * nh * (a2 - 1) + 1
        f = fresnel + (1 - fresnel) * (1 - vh) ** 5
        kk = (rough + 1) ** 2 / 8
        g = 1 / ((nv * (1 - kk) + kk) * (nl * (1 - kk) + kk) * 4)
        shine = a2 / (d * d) * f * g * nl * seen[k]
        for i in range(3):
            base[i] += min(shine, 40.0) * color[k, i]
    rx = 2 * facing * nx - to_camera[0]
    ry = 2 * facing * ny - to_camera[1]
    rz = 2 * facing * nz - to_camera[2]
    edge = 0.7 * fresnel + 0.5 * (1 - rough) ** 2 * (1 - nv) ** 5
    for i in range(3):
        sky = 0.282095 * ambient[0, i] + 0.488603 * 0.7 * (
            ry * ambient[1, i] + rz * ambient[2, i] + rx * ambient[3, i]
        )
        base[i] += edge * max(sky, 0.0) * min(max(openness, 0.0), 1.0) ** 2


@compiled
def attributes(
    index: Ints, weight: Floats, triangles: Ints, uv: Floats, vertex: Floats, image: Floats,
    out: Floats,
) -> None:  # fmt: skip
    """Fill out (H, W, 2 + A) where image (H, W, 4 …) has skin: u, v, then the vertices' values.

    uv (T, 3, 2) of each triangle's corners; vertex (V, A).
    """
    height, width = index.shape
    for y in range(height):
        for x in range(width):
            if image[y, x, 3] == 0:
                continue
            t = index[y, x]
            w0, w1 = weight[y, x, 0], weight[y, x, 1]
            w2 = 1 - w0 - w1
            for k in range(2):
                out[y, x, k] = w0 * uv[t, 0, k] + w1 * uv[t, 1, k] + w2 * uv[t, 2, k]
            a, b, c = triangles[t, 0], triangles[t, 1], triangles[t, 2]
            for k in range(vertex.shape[1]):
                out[y, x, 2 + k] = w0 * vertex[a, k] + w1 * vertex[b, k] + w2 * vertex[c, k]
