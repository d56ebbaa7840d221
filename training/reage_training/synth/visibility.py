"""What each vertex sees of the light: rays cast once per identity, expression and light."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import trimesh
from trimesh.ray.ray_pyembree import RayMeshIntersector

from reage_training.synth.head import Floats, Ints
from reage_training.synth.lights import Lights, harmonics
from reage_training.synth.mesh import smoothed

SKY_RAYS, KEY_RAYS = 96, 12
BOUNCE = 0.22
"""Share of light that a hidden direction still sends: the skin that hides it is lit too."""
_OFF_SURFACE = 0.06


@dataclass(frozen=True)
class Visibility:
    """sky (V, 9): harmonic transfer, `sky @ lights.ambient` is irradiance over π.
    key (V, K): visible share 0..1 of each key light."""

    sky: Floats
    key: Floats


def visibility(
    vertices: Floats, unit_normals: Floats, blockers: Ints, lights: Lights, seed: int
) -> Visibility:
    """Cast rays from every vertex (V, 3) against the `blockers` triangles (T, 3)."""
    mesh = trimesh.Trimesh(vertices.astype(np.float64), blockers, process=False)
    rays = RayMeshIntersector(mesh)
    origin = vertices + _OFF_SURFACE * unit_normals
    sky = _sky(rays, origin, unit_normals)
    rng = np.random.default_rng(seed)
    key = np.zeros((len(vertices), len(lights.direction)), np.float32)
    for k, (toward, spread) in enumerate(zip(lights.direction, lights.spread, strict=True)):
        for jitter in rng.normal(0, spread, (KEY_RAYS, 3)):
            ray = toward + jitter
            facing = np.flatnonzero(unit_normals @ toward > -0.25)
            key[facing, k] += ~_hit(rays, origin[facing], ray / np.linalg.norm(ray))
    both = np.concatenate([sky, key / KEY_RAYS], 1)
    both = smoothed(both, blockers, 2)
    return Visibility(sky=both[:, :9], key=both[:, 9:])


def _sky(rays: RayMeshIntersector, origin: Floats, unit_normals: Floats) -> Floats:
    transfer = np.zeros((len(origin), 9), np.float32)
    directions = _even_directions(SKY_RAYS)
    basis = harmonics(directions)
    for direction, harmonic in zip(directions, basis, strict=True):
        cosine = unit_normals @ direction
        facing = np.flatnonzero(cosine > 0)
        hidden = _hit(rays, origin[facing], direction)
        light = np.where(hidden, BOUNCE, 1.0) * cosine[facing] * (4 / SKY_RAYS)
        transfer[facing] += (light[:, None] * harmonic).astype(np.float32)
    return transfer


def _hit(rays: RayMeshIntersector, origin: Floats, direction: Floats) -> np.ndarray:
    if len(origin) == 0:
        return np.zeros(0, bool)
    return np.asarray(rays.intersects_any(origin, np.broadcast_to(direction, origin.shape)))


def _even_directions(count: int) -> Floats:
    """A Fibonacci spiral on the sphere, (count, 3)."""
    i = np.arange(count) + 0.5
    z, turn = 1 - 2 * i / count, i * np.pi * (3 - np.sqrt(5))
    r = np.sqrt(1 - z * z)
    return np.stack([r * np.cos(turn), z, r * np.sin(turn)], -1).astype(np.float32)
