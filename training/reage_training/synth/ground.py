"""The skin between its wrinkles: pigment fields, pores, gloss, and how they drift with age."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from reage_training.synth.marks import freckles, moles, threads
from reage_training.synth.noise import Field, as_field, smooth_noise, smoothstep
from reage_training.synth.regions import lips, place
from reage_training.synth.traits import Traits


@dataclass(frozen=True)
class Ground:
    """(N, N) fields of one person; those named aged_* are added in step with age."""

    traits: Traits
    tone: Field
    aged_tone: Field
    blood: Field
    aged_blood: Field
    threads: Field
    lips: Field
    thin_lips: Field
    pores: Field
    gloss: Field
    lid_bag: Field

    @staticmethod
    def random(seed: int, size: int, traits: Traits) -> Ground:
        """The ground of a seed. Marks that stay are inside `tone` and `pores`."""
        rng = np.random.default_rng([seed, 2])
        broad, middle, small, fine = (
            smooth_noise(rng, size, sigma) for sigma in (0.070, 0.022, 0.008, 0.0025)
        )
        red = {name: place(name, size) for name in ("cheek", "nose", "alar", "ear", "lid")}
        under, inner = place("under_eye", size), place("inner_eye", size)
        mark = np.random.default_rng([seed, 3])
        mouth = lips(size)
        spotless = traits.tone + 0.014 * broad + 0.008 * middle + 0.005 * small + 0.009 * fine
        shade = 0.025 * under + 0.02 * red["lid"] + 0.03 * inner
        still = spotless + shade + freckles(mark, size, traits.tone) * (1 - mouth)
        still = still + moles(mark, size) * np.clip(0.75 - still, 0.12, 0.45)
        flush = (
            0.16 * red["cheek"] + 0.16 * red["nose"] + 0.30 * red["alar"] + 0.22 * red["ear"]
            + 0.14 * red["lid"] + 0.12 * inner + 0.10 * place("chin", size)
        )  # fmt: skip
        patchy = 0.035 * middle + 0.035 * small + 0.050 * fine + 0.04 * broad
        aged_tone = 0.008 * middle + 0.007 * small + 0.03 * inner + 0.02
        aged_tone = aged_tone + 0.05 * traits.hollow * under
        aged_blood = 0.28 * red["nose"] + 0.26 * red["alar"] + 0.16 * red["cheek"] - 0.03
        aged_blood = aged_blood + 0.16 * traits.hollow * under + 0.03 * small
        gloss = 0.08 * red["nose"] + 0.05 * place("forehead", size) + 0.12 * mouth
        gloss = gloss - 0.025 * small - 0.015 * fine
        return Ground(
            traits=traits,
            tone=still.astype(np.float32),
            aged_tone=aged_tone.astype(np.float32),
            blood=(traits.blood + flush + patchy).astype(np.float32),
            aged_blood=aged_blood.astype(np.float32),
            threads=threads(mark, size),
            lips=mouth,
            thin_lips=_narrowed(mouth, size),
            pores=_pores(rng, size, mouth),
            gloss=gloss.astype(np.float32),
            lid_bag=_lid_bag(size),
        )

    def pigments(self, age: float) -> tuple[Field, Field, Field]:
        """Tone, blood and yellow, three new (N, N) fields, at a skin age in years."""
        old = smoothstep(age, 32.0, 88.0)
        mouth = self.lips + (self.thin_lips - self.lips) * np.float32(0.75 * old)
        veins = smoothstep(age, 45.0, 85.0)
        lip_blood = self.traits.lip_blood * (1.25 - 0.55 * old)
        tone = self.tone + old * self.aged_tone + (0.055 - 0.02 * old) * mouth
        blood = self.blood + old * self.aged_blood + 0.45 * veins * self.threads
        blood = blood * (1.0 - mouth) + lip_blood * mouth
        yellow = np.full_like(tone, 0.26 * self.traits.sallow * old)
        return tone, blood, yellow

    def aged_bulges(self, age: float) -> Field:
        """The soft swelling of the lower lids (N, N) in 0.1 mm at a skin age in years."""
        swelling = 9.0 * self.traits.hollow * smoothstep(age, 36.0, 86.0)
        return as_field(self.lid_bag * np.float32(swelling))

    def roughness(self, age: float) -> Field:
        """Roughness (N, N) of the specular lobe, 0.2..0.8; old skin is drier and duller."""
        old = smoothstep(age, 35.0, 85.0)
        base = 0.47 - self.traits.oil + 0.06 * old
        return as_field(np.clip(base - self.gloss * (1.0 - 0.35 * old), 0.2, 0.8))


def _narrowed(mouth: Field, size: int) -> Field:
    """The lips with about a sixth of their height gone."""
    span = max(1, round(0.006 * size))
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * span + 1, 2 * span + 1))
    return as_field(cv2.GaussianBlur(cv2.erode(mouth, kernel), (0, 0), max(0.5, 0.0025 * size)))


def _pores(rng: np.random.Generator, size: int, mouth: Field) -> Field:
    """Relief (N, N) in 0.1 mm of pores and the skin's own grain, and of the lips' furrows."""
    where = 0.35 + 0.8 * place("cheek", size) + 1.0 * place("nose", size) + 0.4 * place(
        "forehead", size
    )
    pits = -np.clip(smooth_noise(rng, size, 0.0013) - 1.0, 0.0, 1.5) * where
    grain = 0.22 * smooth_noise(rng, size, 0.0009) + 0.05 * smooth_noise(rng, size, 0.0022)
    furrows = cv2.GaussianBlur(
        rng.standard_normal((size, size), dtype=np.float32), (0, 0),
        max(0.5, 0.0012 * size), sigmaY=max(0.5, 0.006 * size),
    )  # fmt: skip
    furrows *= 0.5 / furrows.std()
    return as_field((0.80 * pits + grain) * (1.0 - mouth) + furrows * mouth)


def _lid_bag(size: int) -> Field:
    """Unit swelling (N, N) of the lower lid, between the lashes and the tear trough."""
    under = place("under_eye", size)
    return as_field(under * under)
