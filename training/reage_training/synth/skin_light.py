"""Light on skin, in the face texture: bumps, shadow, and the red glow under the surface."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from reage_training.synth.chart import Chart, blurred
from reage_training.synth.compiled import compiled
from reage_training.synth.head import Floats, Head, Ints, Material
from reage_training.synth.lights import COSINE_LOBE, Lights, harmonics
from reage_training.synth.mesh import tangents
from reage_training.synth.skin import SkinMaps
from reage_training.synth.visibility import Visibility

HEIGHT_UNIT = 0.01
"""cm in one unit of a skin's height map (0.1 mm)."""
DIFFUSE, NORMAL, ROUGHNESS, OPENNESS, KEYS = slice(0, 3), slice(3, 6), 6, 7, 8
"""Channels of the lit texture; from KEYS on, one visibility for each key light."""
_SCATTER = ((0.9, 3.2, 0.45), (0.45, 1.4, 0.30), (0.3, 0.8, 0.22))
"""Of red, green, blue: two Gaussian widths in mm and the wide one's share. Rounded from
the skin profile of d'Eon, Luebke and Enderton 2007 (six Gaussians), red widest."""
_SURFACE_SHARE = 0.35
_TEXELS_PER_MM = 3.6 / 1024
"""Of an N-texel texture: a face of 17 cm from v .29 to .90."""


def lit_skin(
    head: Head,
    chart: Chart,
    vertices: Floats,
    unit_normals: Floats,
    skin: SkinMaps,
    seen: Visibility,
    lights: Lights,
) -> Floats:
    """(N, N, 8 + K) float32: diffuse radiance RGB, normal, roughness, openness, key lights.

    vertices (V, 3) and unit_normals (V, 3) carry the age's shape; `seen` is the visibility
    of the ageless one. Outside the chart all is zero.
    """
    face = head.corners(Material.FACE)
    frames = tangents(vertices, face, head.uv[head.material == Material.FACE])
    count = len(lights.direction)
    ambient = np.maximum(seen.sky @ lights.ambient, 0)
    openness = seen.sky[:, :1] / 0.282095
    vertex = np.concatenate(
        [unit_normals, frames, ambient, openness, seen.key], 1, dtype=np.float32
    )
    lobe = (lights.ambient * COSINE_LOBE[:, None]).astype(np.float32)
    lit = np.zeros((chart.size, chart.size, KEYS + count), np.float32)
    _light_texels(
        vertex,
        head.triangles,
        chart.texel,
        chart.triangle,
        chart.weight,
        np.ascontiguousarray(skin.height),
        lobe,
        lights.direction,
        lights.color,
        lit,
    )
    lit[..., DIFFUSE] = _scattered(lit[..., DIFFUSE], chart) * skin.albedo
    lit[..., ROUGHNESS] = skin.roughness
    return lit


def _scattered(light: Floats, chart: Chart) -> Floats:
    """Irradiance (N, N, 3) as it leaves the skin: part where it fell, part from around."""
    mm = _TEXELS_PER_MM * chart.size
    out = []
    for channel, (narrow, wide, share) in enumerate(_SCATTER):
        here = np.ascontiguousarray(light[..., channel])
        near, far = (blurred(here, chart.inside, max(s * mm, 0.3)) for s in (narrow, wide))
        under = (1 - share) * near + share * far
        out.append(_SURFACE_SHARE * here + (1 - _SURFACE_SHARE) * under)
    return np.stack(out, -1)


@compiled
def _light_texels(
    vertex: Floats,
    triangles: Ints,
    texel: Ints,
    triangle: Ints,
    weight: Floats,
    height: Floats,
    lobe: Floats,
    direction: Floats,
    color: Floats,
    lit: Floats,
) -> None:
    """Irradiance, bumped normal, openness and key visibility of each texel into `lit`."""
    size = height.shape[0]
    n = np.zeros(3)
    bumped = np.zeros(3)
    item = np.zeros(vertex.shape[1])
    for m in range(texel.shape[0]):
        row, column = texel[m, 0], texel[m, 1]
        t = triangle[m]
        w0, w1 = weight[m, 0], weight[m, 1]
        a, b, c = triangles[t, 0], triangles[t, 1], triangles[t, 2]
        for k in range(vertex.shape[1]):
            item[k] = w0 * vertex[a, k] + w1 * vertex[b, k] + (1 - w0 - w1) * vertex[c, k]
        length = np.sqrt(item[0] ** 2 + item[1] ** 2 + item[2] ** 2) + 1e-9
        for k in range(3):
            n[k] = item[k] / length
        left, right = max(column - 1, 0), min(column + 1, size - 1)
        up, down = max(row - 1, 0), min(row + 1, size - 1)
        slope = size * HEIGHT_UNIT
        hu = (height[row, right] - height[row, left]) / (right - left) * slope
        hv = (height[up, column] - height[down, column]) / (down - up) * slope
        _bump(n, item, hu, hv, bumped)
        flat0, flat1, flat2 = _ambient(n, lobe)
        bump0, bump1, bump2 = _ambient(bumped, lobe)
        lit[row, column, 0] = item[9] * min(max(max(bump0, 0.02) / max(flat0, 0.02), 0.4), 1.8)
        lit[row, column, 1] = item[10] * min(max(max(bump1, 0.02) / max(flat1, 0.02), 0.4), 1.8)
        lit[row, column, 2] = item[11] * min(max(max(bump2, 0.02) / max(flat2, 0.02), 0.4), 1.8)
        lit[row, column, 7] = item[12]
        for k in range(3):
            lit[row, column, 3 + k] = bumped[k]
        for k in range(direction.shape[0]):
            facing = 0.0
            for i in range(3):
                facing += bumped[i] * direction[k, i]
            seen = item[13 + k]
            lit[row, column, 8 + k] = seen
            for i in range(3):
                lit[row, column, i] += max(facing, 0.0) * seen * color[k, i]


@compiled
def _bump(
    n: npt.NDArray[np.float64],
    item: npt.NDArray[np.float64],
    hu: float,
    hv: float,
    bumped: npt.NDArray[np.float64],
) -> None:
    """Normal tilted by the height's slope; item[3:9] holds dP/du, dP/dv (Mikkelsen 2010)."""
    ux, uy, uz, vx, vy, vz = item[3], item[4], item[5], item[6], item[7], item[8]
    ax, ay, az = vy * n[2] - vz * n[1], vz * n[0] - vx * n[2], vx * n[1] - vy * n[0]
    bx, by, bz = n[1] * uz - n[2] * uy, n[2] * ux - n[0] * uz, n[0] * uy - n[1] * ux
    det = ux * ax + uy * ay + uz * az
    sign = 1.0 if det >= 0 else -1.0
    bumped[0] = abs(det) * n[0] - sign * (hu * ax + hv * bx)
    bumped[1] = abs(det) * n[1] - sign * (hu * ay + hv * by)
    bumped[2] = abs(det) * n[2] - sign * (hu * az + hv * bz)
    length = np.sqrt(bumped[0] ** 2 + bumped[1] ** 2 + bumped[2] ** 2) + 1e-12
    for k in range(3):
        bumped[k] /= length


@compiled
def _ambient(n: npt.NDArray[np.float64], lobe: Floats) -> tuple[float, float, float]:
    """Unshadowed ambient irradiance over π on a unit normal, RGB."""
    x, y, z = n[0], n[1], n[2]
    basis = (
        0.282095,
        0.488603 * y,
        0.488603 * z,
        0.488603 * x,
        1.092548 * x * y,
        1.092548 * y * z,
        0.315392 * (3 * z * z - 1),
        1.092548 * x * z,
        0.546274 * (x * x - y * y),
    )
    red = green = blue = 0.0
    for k in range(9):
        red += basis[k] * lobe[k, 0]
        green += basis[k] * lobe[k, 1]
        blue += basis[k] * lobe[k, 2]
    return red, green, blue


def vertex_light(unit_normals: Floats, seen: Visibility, lights: Lights) -> Floats:
    """(V, 3) irradiance over π on the vertices of everything that is not face skin."""
    total = np.maximum(seen.sky @ lights.ambient, 0)
    for k, (toward, color) in enumerate(zip(lights.direction, lights.color, strict=True)):
        facing = np.maximum(unit_normals @ toward, 0) * seen.key[:, k]
        total = total + facing[:, None] * color
    return np.asarray(total, np.float32)


def open_light(unit_normals: Floats, lights: Lights) -> Floats:
    """(…, 3) unshadowed ambient irradiance over π on unit normals (…, 3)."""
    light = harmonics(unit_normals) * COSINE_LOBE @ lights.ambient
    return np.asarray(np.maximum(light, 0.02), np.float32)
