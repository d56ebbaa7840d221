"""A person with one expression in one light, and the view of them that skin is later lit in."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from reage_training.synth import raster
from reage_training.synth.assembled import Sitter, view_of
from reage_training.synth.camera import Camera
from reage_training.synth.hair import Hair, grow, lit_hair
from reage_training.synth.hairstyle import scalp_density
from reage_training.synth.head import CHIN, FOREHEAD, Floats, Head, Ints, Material
from reage_training.synth.lights import Lights, shadowed_light
from reage_training.synth.mesh import normals
from reage_training.synth.person import Person
from reage_training.synth.shade import attributes, shade
from reage_training.synth.skin_color import plain_skin
from reage_training.synth.view import KEYS, View
from reage_training.synth.visibility import Visibility, visibility
from reage_training.synth.wardrobe import LASH, SCALP, Wardrobe, eye_directions

SUPERSAMPLING = 2
LID_ROOM = 0.18
"""cm that eyeballs and teeth are drawn deeper than they are: a half-closed lid or a moved lip
is a straight blend between its ends and would let them through."""
YOUNG_LASH, OLD_LASH, LOST = 0.008, 0.10, 0.5
"""Radiance of a lash, reflectance of an old one, and the share of lashes that old age takes."""
OPEN = 0.282095
"""What `Visibility.sky` holds in its first harmonic where nothing hides the sky."""


@dataclass(frozen=True)
class Studio:
    """What every subject on one head shares: computed once per process."""

    head: Head
    eyes: Floats
    inner: Ints

    @classmethod
    def of(cls, head: Head) -> Studio:
        inner = np.unique(head.corners(Material.EYE, Material.TEETH, Material.GUMS))
        return cls(head, eye_directions(head), inner)


@dataclass(frozen=True)
class Subject:
    """base (V, 3) vertices; dressed: colors and neckline; vertex: see `shade`."""

    studio: Studio
    person: Person
    lights: Lights
    base: Floats
    seen: Visibility
    vertex: Floats
    dressed: Wardrobe
    hair: Hair | None

    @classmethod
    def random(cls, studio: Studio, person: Person, lights: Lights) -> Subject:
        """`person` in `lights`; nothing else is left to chance than the person's seed."""
        head = studio.head
        base = head.shaped(person.identity, person.expression)
        unit = normals(base, head.triangles)
        blockers = head.triangles[head.material != Material.LASHES]
        seen = visibility(base, unit, blockers, lights, person.seed)
        rng = np.random.default_rng([person.seed, 2])
        traits = person.traits
        gray = traits.hair_gray(person.hair_age)
        color = np.asarray(traits.hair_rgb, np.float32)
        skin = plain_skin(traits.tone)
        scalp = skin if person.style.name == "bald" else 0.4 * skin + 0.6 * _grayed(color, gray)
        dressed = Wardrobe.random(rng, traits, scalp)
        hair = None
        if person.style.name != "bald":
            hair = grow(head, base, person.style, rng, color, gray)
        covered = np.zeros(len(unit), np.float32)
        if person.style.name not in ("bald", "buzz"):
            covered = scalp_density(head.vertices, person.style.recession)
        light = shadowed_light(unit, seen.sky, seen.key, lights)
        openness = seen.sky[:, :1] / OPEN
        parts = [unit, light, head.vertices, studio.eyes, openness, covered[:, None], seen.key]
        vertex = np.concatenate(parts, 1, dtype=np.float32)
        return cls(studio, person, lights, base, seen, vertex, dressed, hair)

    @property
    def face(self) -> tuple[Floats, float]:
        """The face's middle (3,) and its height in cm."""
        points = self.studio.head.landmarks_of(self.base)
        top, chin = points[FOREHEAD], points[CHIN]
        return (top + chin) / 2, float(np.linalg.norm(top - chin))

    def view(self, camera: Camera, background: Floats) -> View:
        """What the camera sees before anything is lit as skin of an age.

        background: (h, w, 3) radiance, linear Rec.709, of the picture's size.
        """
        head = self.studio.head
        height, width = (SUPERSAMPLING * side for side in background.shape[:2])
        points = camera.project(self.base, width, height)
        depth, index, weight = raster.empty(height, width)
        solid = head.material != Material.LASHES
        points[self.studio.inner, 2] += LID_ROOM
        raster.draw(points, head.triangles, solid, depth, index, weight)
        fine = cv2.resize(background, (width, height), interpolation=cv2.INTER_LINEAR)
        lights, axes = self.lights, camera.axes
        images = []
        for dressed in (self.dressed, self.dressed.aged()):
            image = np.concatenate([fine, np.zeros((height, width, 2), np.float32)], 2)
            shade(
                index,
                weight,
                head.triangles,
                head.material,
                self.vertex,
                dressed.numbers,
                lights.direction,
                lights.color,
                lights.spread,
                lights.ambient,
                axes[:, 2].copy(),
                image,
            )
            images.append(image)
        image, old = images
        inside = np.zeros((height, width, 2 + 8 + KEYS), np.float32)
        attributes(index, weight, head.triangles, head.uv, self._lit(camera), image, inside)
        no_hair = np.zeros_like(image[..., :1])
        whole = np.concatenate(
            [image[..., :4], image[..., :3], no_hair, old[..., :3], old[..., 4:]], 2
        )
        self._draw_lashes(points, depth, whole)
        if self.hair is not None:
            strands = camera.project(self.hair.points, width, height).astype(np.float32)
            order = np.argsort(-strands[:, strands.shape[1] // 2, 2])
            color = lit_hair(self.hair, lights, axes[:, 2].copy())
            raster.draw_strands(strands[order], color[order], 0.75, depth, whole)
        size = background.shape[1::-1]
        sitter = Sitter(
            self.person, self.lights, self.dressed.numbers[SCALP],
            self.landmarks(camera, size[1], size[0]),
        )  # fmt: skip
        return view_of(sitter, camera, image[..., 3].copy(), inside, whole, size)

    def _lit(self, camera: Camera) -> Floats:
        """(V, 8 + KEYS): normal x, y, z as the camera sees them, ambient light RGB, openness,
        hair over the skin, what is seen of each key."""
        normal = self.vertex[:, :3] @ camera.axes
        ambient = np.maximum(self.seen.sky @ self.lights.ambient, 0)
        key = np.zeros((len(normal), KEYS), np.float32)
        key[:, : self.seen.key.shape[1]] = self.seen.key
        parts = [normal, ambient, self.vertex[:, 12:14], key]
        return np.concatenate(parts, 1, dtype=np.float32)

    def landmarks(self, camera: Camera, height: int, width: int) -> Floats:
        """(468, 3) float32: x, y px, and z in px toward the face's middle, smaller = nearer."""
        points = self.studio.head.landmarks_of(self.base)
        projected = camera.project(points, width, height)
        projected[:, 2] = (projected[:, 2] - camera.distance) * height / camera.window
        return projected.astype(np.float32)

    def _draw_lashes(self, points: npt.NDArray[np.float64], depth: Floats, image: Floats) -> None:
        """Blend lashes over `image` (H, W, 12), in place, where they pass the depth test."""
        head = self.studio.head
        cards = head.material == Material.LASHES
        height, width = depth.shape
        index = np.full((height, width), -1, np.int32)
        weight = np.zeros((height, width, 2), np.float32)
        raster.draw(points, head.triangles, cards, depth.copy(), index, weight)
        rows, columns = np.nonzero(index >= 0)
        corner = head.uv[index[rows, columns]]
        w0, w1 = weight[rows, columns, 0], weight[rows, columns, 1]
        mix = np.stack([w0, w1, 1 - w0 - w1], -1)
        u, v = np.einsum("pk,pkc->cp", mix, corner)
        upper = v > 0.5
        out = np.where(upper, (1 - v) / 0.5, (0.5 - v) / 0.5)
        hairs = 0.5 + 0.5 * np.sin(u * 900 + 3 * np.sin(u * 170))
        taper = np.clip(1.15 - out, 0, 1) * np.clip(hairs * 2.2 - 0.9 - out, 0, 1)
        shape = np.where(upper, 1, 0.45) * taper + np.where(upper, 0.5, 0.15) * (out < 0.12)
        skin = image[rows, columns, 3]
        keep = (1 - np.clip(self.dressed.numbers[LASH] * shape, 0, 0.95)).astype(np.float32)
        light = np.einsum("pk,pkc->pc", mix, self.vertex[head.triangles[index[rows, columns]], 3:6])
        # Half of the lashes of old age are gone: the lid shows through, and the rest is gray.
        old = light * (LOST * plain_skin(self.person.traits.tone) + (1 - LOST) * OLD_LASH)
        for first, color in ((0, YOUNG_LASH), (4, YOUNG_LASH), (8, old)):
            here = slice(first, first + 3)
            image[rows, columns, here] *= keep[:, None]
            image[rows, columns, here] += color * (1 - keep[:, None])
        image[rows, columns, 3] = skin * keep
        image[rows, columns, 11] += skin * (1 - keep)


def _grayed(color: Floats, gray: float) -> Floats:
    return np.asarray(color * (1 - gray) + 0.35 * gray, np.float32)
