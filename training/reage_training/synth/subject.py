"""A person in their light: everything shared by all ages and views, and a picture of it."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from reage_training.synth import raster
from reage_training.synth.ageing import ShapeAgeing
from reage_training.synth.camera import Camera
from reage_training.synth.chart import Chart
from reage_training.synth.hair import Hair, grow, lit_hair
from reage_training.synth.hairstyle import scalp_density
from reage_training.synth.head import CHIN, FOREHEAD, Floats, Head, Ints, Material
from reage_training.synth.lights import Lights
from reage_training.synth.mesh import normals
from reage_training.synth.person import Person
from reage_training.synth.shade import shade
from reage_training.synth.skin_light import lit_skin, vertex_light
from reage_training.synth.visibility import Visibility, visibility
from reage_training.synth.wardrobe import LASH, Wardrobe, eye_directions

SUPERSAMPLING = 2
LID_ROOM = 0.18
"""cm that eyeballs and teeth are drawn deeper than they are: a half-closed lid or a moved lip
is a straight blend between its ends and would let them through."""


@dataclass(frozen=True)
class Studio:
    """What every subject on one head shares: computed once per process."""

    head: Head
    chart: Chart
    ageing: ShapeAgeing
    eyes: Floats
    inner: Ints

    @classmethod
    def of(cls, head: Head, texture: int) -> Studio:
        """texture: side of the skin textures in texels."""
        return cls(
            head,
            Chart.of(head, texture),
            ShapeAgeing.on(head),
            eye_directions(head),
            np.unique(head.corners(Material.EYE, Material.TEETH, Material.GUMS)),
        )


@dataclass(frozen=True)
class Aged:
    """A subject at one age, ready to be seen from anywhere.

    vertex (V, 14 + K), see `shade`; lit texture, see `lit_skin`.
    """

    age: float
    vertex: Floats
    lit: Floats


@dataclass(frozen=True)
class Subject:
    """A person with one expression in one light.

    base (V, 3) ageless vertices; dressed: colors and neckline; hair is the same at all ages.
    """

    studio: Studio
    person: Person
    lights: Lights
    base: Floats
    seen: Visibility
    dressed: Wardrobe
    hair: Hair | None

    @classmethod
    def random(cls, studio: Studio, person: Person, lights: Lights) -> Subject:
        """`person` in `lights`; nothing else is left to chance than the person's seed."""
        head = studio.head
        base = head.shaped(person.identity, person.expression)
        blockers = head.triangles[head.material != Material.LASHES]
        seen = visibility(base, normals(base, head.triangles), blockers, lights, person.seed)
        rng = np.random.default_rng([person.seed, 2])
        gray = person.skin.hair_grey(person.hair_age)
        color = np.asarray(person.skin.hair_rgb, np.float32)
        scalp = _scalp_color(person, color * (1 - gray) + 0.35 * gray)
        dressed = Wardrobe.random(rng, person.skin, scalp)
        hair = None
        if person.style.name != "bald":
            hair = grow(head, base, person.style, rng, color, gray)
        return cls(studio, person, lights, base, seen, dressed, hair)

    @property
    def face(self) -> tuple[Floats, float]:
        """The face's middle (3,) and its height in cm, ageless."""
        points = self.studio.head.landmarks_of(self.base)
        top, chin = points[FOREHEAD], points[CHIN]
        return (top + chin) / 2, float(np.linalg.norm(top - chin))

    def at(self, age: float) -> Aged:
        """The subject at `age` years, lit."""
        studio, person, head = self.studio, self.person, self.studio.head
        years = age * person.skin.ageing_speed
        shaded = studio.ageing.displaced(self.base, years, person.gains)
        unit = normals(shaded, head.triangles)
        maps = person.skin.maps(age, person.smile, person.brow_raise, person.brow_frown)
        lit = lit_skin(head, studio.chart, shaded, unit, maps, self.seen, self.lights)
        recession = person.style.recession
        covered = (
            scalp_density(head.vertices, recession)
            if self.hair is not None and person.style.name != "buzz"
            else np.zeros(len(unit), np.float32)
        )
        openness = self.seen.sky[:, :1] / 0.282095
        light = vertex_light(unit, self.seen, self.lights)
        parts = [unit, light, head.vertices, studio.eyes, openness, covered[:, None], self.seen.key]
        return Aged(age, np.concatenate(parts, 1, dtype=np.float32), lit)

    def picture(self, aged: Aged, camera: Camera, background: Floats, hair: Floats) -> Floats:
        """(h, w, 4) float32: linear Rec.709 radiance, and coverage of visible facial skin.

        background: (h, w, 3) of the picture's size; hair: `lit_hair` of this view, (S, J, 3),
        not read where the subject is bald.
        """
        head = self.studio.head
        height, width = (SUPERSAMPLING * side for side in background.shape[:2])
        points = camera.project(self.base, width, height)
        depth, index, weight = raster.empty(height, width)
        solid = head.material != Material.LASHES
        points[self.studio.inner, 2] += LID_ROOM
        raster.draw(points, head.triangles, solid, depth, index, weight)
        fine = cv2.resize(background, (width, height), interpolation=cv2.INTER_LINEAR)
        image = np.concatenate([fine, np.zeros((height, width, 1), np.float32)], 2)
        lights, axes = self.lights, camera.axes
        shade(
            index,
            weight,
            head.triangles,
            head.material,
            head.uv,
            aged.vertex,
            aged.lit,
            self.dressed.numbers,
            lights.direction,
            lights.color,
            lights.spread,
            lights.ambient,
            axes[:, 2].copy(),
            image,
        )
        self._draw_lashes(points, depth, image)
        if self.hair is not None:
            strands = camera.project(self.hair.points, width, height).astype(np.float32)
            order = np.argsort(-strands[:, strands.shape[1] // 2, 2])
            raster.draw_strands(strands[order], hair[order], 0.75, depth, image)
        return np.asarray(cv2.resize(image, background.shape[1::-1], interpolation=cv2.INTER_AREA))

    def hair_light(self, camera: Camera) -> Floats:
        """Hair radiance for `picture`; the same for all ages of a view."""
        if self.hair is None:
            return np.zeros((0, 1, 3), np.float32)
        return lit_hair(self.hair, self.lights, camera.axes[:, 2].copy())

    def landmarks(self, camera: Camera, height: int, width: int) -> Floats:
        """(468, 3) float32: x, y px, and z in px toward the face's middle, smaller = nearer."""
        points = self.studio.head.landmarks_of(self.base)
        projected = camera.project(points, width, height)
        projected[:, 2] = (projected[:, 2] - camera.distance) * height / camera.window
        return projected.astype(np.float32)

    def _draw_lashes(self, points: npt.NDArray[np.float64], depth: Floats, image: Floats) -> None:
        """Blend dark lashes over `image`, in place, where the lash cards pass the depth test."""
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
        opacity = self.dressed.numbers[LASH] * np.where(upper, 1, 0.45) * taper + np.where(
            upper, 0.5, 0.15
        ) * self.dressed.numbers[LASH] * (out < 0.12)
        keep = (1 - np.clip(opacity, 0, 0.95))[:, None].astype(np.float32)
        image[rows, columns, :3] = image[rows, columns, :3] * keep + 0.008 * (1 - keep)
        image[rows, columns, 3] *= keep[:, 0]


def _scalp_color(person: Person, hair: Floats) -> Floats:
    """Reflectance of the back of the head: mean skin, under more or less hair."""
    skin = person.skin.maps(30.0).albedo[30:60].mean((0, 1))
    return np.asarray(skin if person.style.name == "bald" else 0.4 * skin + 0.6 * hair)
