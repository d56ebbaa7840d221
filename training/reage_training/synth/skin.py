"""One person's skin as a function of age: albedo, relief and roughness textures.

What ages is skin only. Freckles, moles, pores and brows are drawn once and stay.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np

from reage_training.synth.brows import Brows, brows, stubble
from reage_training.synth.ground import Ground
from reage_training.synth.marks import Spot, age_spots
from reage_training.synth.noise import Field
from reage_training.synth.skin_color import in_cavity, over, reflectance
from reage_training.synth.traits import Traits
from reage_training.synth.wrinkles import Expression, Wrinkles

_GREY_HAIR = (0.30, 0.29, 0.28)


@dataclass(frozen=True)
class SkinMaps:
    """Textures of one skin at one age, row 0 at v = 1 (forehead), column 0 at u = 0.

    albedo: (N, N, 3) float32, diffuse reflectance in 0..1, linear, Rec.709 primaries.
    height: (N, N) float32, in 0.1 mm, + is outwards. roughness: (N, N) float32 in 0..1.
    """

    albedo: Field
    height: Field
    roughness: Field


@dataclass(frozen=True)
class Skin:
    """A person's skin. Make it with `Skin.random`; what does not age is cached on first use."""

    seed: int
    size: int
    traits: Traits

    @staticmethod
    def random(seed: int, size: int = 1024) -> Skin:
        """The skin of a seed, with textures of size x size; equal seeds give equal skins."""
        return Skin(seed, size, Traits.random(seed))

    @property
    def male(self) -> bool:
        """Whether the person is a man (stubble, fuller brows)."""
        return self.traits.male

    @property
    def tone(self) -> float:
        """0 the palest skin .. 1 the deepest."""
        return self.traits.tone

    @property
    def layout(self) -> Literal["common", "random"]:
        """'common' where wrinkles lie as on most synthetic faces, so that ageing is learnable."""
        return "common" if self.traits.common else "random"

    @property
    def hair_rgb(self) -> tuple[float, float, float]:
        """Hair reflectance before it greys, linear, Rec.709 primaries."""
        return self.traits.hair_rgb

    @property
    def iris_rgb(self) -> tuple[float, float, float]:
        """Iris reflectance, linear, Rec.709 primaries."""
        return self.traits.iris_rgb

    @property
    def ageing_speed(self) -> float:
        """Skin years per year, .8 to 1.2."""
        return self.traits.ageing_speed

    def hair_grey(self, age: float) -> float:
        """The share of grey hair at an age in years, 0..1."""
        return self.traits.hair_grey(age)

    @cached_property
    def _wrinkles(self) -> Wrinkles:
        return Wrinkles.random(self.seed, self.size, self.traits.common)

    @cached_property
    def _ground(self) -> Ground:
        return Ground.random(self.seed, self.size, self.traits)

    @cached_property
    def _spots(self) -> tuple[Spot, ...]:
        return age_spots(np.random.default_rng([self.seed, 4]), self.size, self.tone)

    @cached_property
    def _brows(self) -> Brows:
        rng = np.random.default_rng([self.seed, 5])
        return brows(rng, self.size, self.male, self.traits.brow_grey)

    @cached_property
    def _stubble(self) -> Field:
        return stubble(np.random.default_rng([self.seed, 6]), self.size, self.traits.beard)

    def maps(
        self, age: float, smile: float = 0.0, brow_raise: float = 0.0, brow_frown: float = 0.0
    ) -> SkinMaps:
        """The textures at an age in years (18..90) wearing an expression (each part 0..1)."""
        worn = age * self.ageing_speed
        folds = self._wrinkles.creases(worn, Expression(smile, brow_raise, brow_frown))
        height = folds + self._wrinkles.texture(worn) + self._ground.pores
        albedo = self._skin_albedo(worn, folds)
        hair = np.asarray(self.hair_rgb, np.float32)
        if self.traits.beard > 0.0:
            greyed = hair + (np.asarray(_GREY_HAIR, np.float32) - hair) * (
                0.4 * self.hair_grey(age)
            )
            albedo = over(albedo, greyed, self._stubble)
        albedo = over(albedo, 0.85 * hair, self._brows.dark)
        albedo = over(albedo, _GREY_HAIR, self._brows.grey)
        # Hair over the skin breaks its gloss.
        rough = self._ground.roughness(worn)
        rough = rough + (0.8 - rough) * np.maximum(self._brows.dark, self._brows.grey)
        return SkinMaps(
            albedo=np.clip(albedo, 0.004, 0.92),
            height=height + self._ground.aged_bulges(worn),
            roughness=rough,
        )

    def _skin_albedo(self, worn: float, folds: Field) -> Field:
        """Skin without hair at a skin age in years; folds (N, N) darken where they are deep."""
        tone, blood, yellow = self._ground.pigments(worn)
        for spot in self._spots:
            amount = spot.amount(worn)
            if amount > 0.0:
                spot.patch.add_to(tone, amount)
        cavity = 1.0 - np.exp(-np.clip(-folds, 0.0, None) / 9.0)
        blood += 0.18 * cavity
        return in_cavity(reflectance(tone, blood, yellow), self.traits.caught * cavity)
