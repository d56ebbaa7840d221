"""Training samples out of a folder of rendered groups.

A group is one identity seen in one view at several ages: `00012_1.npy`, (A, S, S, 4)
float16, scene-linear ACEScg RGB and the coverage of visible skin, with `00012_1.json`
beside it. Groups are memory-mapped: a sample reads only its window.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from reage.colour import Encoder
from reage.errors import SettingsError
from reage.geometry import Similarity
from reage.plate import Pixels
from reage_training.augment import draw
from reage_training.textures import Plane, Rng

AGE_SCALE = 100.0
"""Years that 1.0 in an age map stands for."""

EQUAL, UP = 0.04, 0.57
"""Shares of pairs of equal age, and of pairs from younger to older."""

SCALES = (0.5, 1.1)
"""Of the window against the render, log-uniform: the sizes the engine shows faces at."""


@dataclass(frozen=True)
class Group:
    """One identity, one view, several ages.

    layout: 'common', wrinkles laid out alike for all, so that ageing can be learned; or
            'random', which shows what de-ageing has to remove
    ages:   years, one for each picture in the file
    """

    path: Path
    ages: tuple[float, ...]
    layout: str
    tone: float

    def pictures(self) -> npt.NDArray[np.float16]:
        """(A, S, S, 4) float16, memory-mapped and read-only."""
        pictures: npt.NDArray[np.float16] = np.load(self.path, mmap_mode="r")
        return pictures


@dataclass(frozen=True)
class Sample:
    """picture: (h, w, 5) float32: ACEScct RGB, source age / 100, target age / 100
    delta:   (h, w, 3) float32: the target's ACEScct minus the source's
    skin:    (h, w, 1) float32, 0 … 1: skin in either of the two
    """

    picture: Pixels
    delta: Pixels
    skin: Pixels


@lru_cache(maxsize=1)
def encoder() -> Encoder:
    """The very one that the engine encodes plates with."""
    return Encoder("ACEScg", "ACEScct")


def find_groups(folder: Path, known: tuple[Group, ...] = ()) -> tuple[Group, ...]:
    """All complete groups in the folder, by name. `known` ones are not read again.

    Raises SettingsError where the folder holds none, or where a sidecar is no such thing.
    """
    old = {g.path: g for g in known}
    paths = sorted(p for p in folder.glob("*.npy") if p.with_suffix(".json").exists())
    if not paths:
        raise SettingsError(
            f"No training groups (00000_0.npy with 00000_0.json) in {folder}; "
            "write some with `reage-train synth`."
        )
    return tuple(old[p] if p in old else _read_group(p) for p in paths)


def _read_group(path: Path) -> Group:
    sidecar = path.with_suffix(".json")
    try:
        said = json.loads(sidecar.read_text(encoding="utf-8"))
        ages = tuple(float(a) for a in said["ages"])
        return Group(path, ages, str(said["layout"]), float(said["tone"]))
    except (ValueError, KeyError, TypeError) as e:
        raise SettingsError(f"{sidecar} does not describe a training group ({e!r}).") from e


def sample(groups: tuple[Group, ...], seed: int, index: int, size: int) -> Sample:
    """Sample number `index` of the endless row that `seed` names. `size` px square.

    The same groups, seed and index give the same bits.
    """
    rng = np.random.default_rng((seed, index))
    group, source, target = draw_pair(rng, groups)
    before, after, skin = draw_window(rng, group.pictures(), (source, target), size)
    change = draw(rng, size)
    ages = (group.ages[source], group.ages[target])
    return encoded(change.picture(before), change.picture(after), change.mask(skin), ages)


def encoded(before: Pixels, after: Pixels, skin: Plane, ages: tuple[float, float]) -> Sample:
    """A sample from two scene-linear ACEScg pictures and their ages in years."""
    code = encoder().encode(before)
    delta = encoder().encode(after) - code
    maps = np.broadcast_to(np.array(ages, np.float32) / np.float32(AGE_SCALE), (*skin.shape, 2))
    return Sample(np.concatenate([code, maps], axis=-1), delta, skin[..., None])


def draw_pair(rng: Rng, groups: tuple[Group, ...]) -> tuple[Group, int, int]:
    """A group and two of its ages, as indices. Only 'common' groups are asked to age."""
    common = tuple(g for g in groups if g.layout == "common")
    kind = rng.random()
    up = EQUAL <= kind < EQUAL + UP and bool(common)
    pool = common if up else groups
    group = pool[rng.integers(len(pool))]
    order = np.argsort(group.ages)
    if kind < EQUAL:
        k = int(order[rng.integers(len(order))])
        return group, k, k
    young, old = np.sort(rng.choice(len(order), 2, replace=False))
    if old - young < 2 and rng.random() < 0.5:  # wide steps teach more
        young, old = np.sort(rng.choice(len(order), 2, replace=False))
    young, old = int(order[young]), int(order[old])
    return (group, young, old) if up else (group, old, young)


def draw_window(
    rng: Rng, pictures: npt.NDArray[np.float16], which: tuple[int, int], size: int
) -> tuple[Pixels, Pixels, Plane]:
    """The same turned, scaled, shifted and perhaps mirrored window of two pictures.

    Returns their scene-linear RGB (size, size, 3) and the skin (size, size) of either.
    """
    side = pictures.shape[1]
    scale = float(np.exp(rng.uniform(*np.log(SCALES))))
    slack = max(0.0, side * scale - size) / 2 + size * 0.04
    to = size / 2 + rng.uniform(-slack, slack, 2)
    move = Similarity.of(
        scale, float(rng.uniform(-20, 20)), (side / 2, side / 2), (float(to[0]), float(to[1]))
    )
    flip = -1 if rng.random() < 0.5 else 1
    before, after = (warped(pictures[k], move, size)[:, ::flip] for k in which)
    skin = np.clip(np.maximum(before[..., 3], after[..., 3]), 0, 1)
    return _rgb(before), _rgb(after), np.ascontiguousarray(skin)


def _rgb(picture: Pixels) -> Pixels:
    return np.ascontiguousarray(picture[..., :3])


def warped(picture: npt.NDArray[np.float16], move: Similarity, size: int) -> Pixels:
    """(S, S, C) moved into a (size, size, C) window, float32, without aliasing.

    Only the part of `picture` that shows is read. Beyond its border it is mirrored.
    """
    corners = np.array([(0, 0), (size, 0), (0, size), (size, size)])
    blur = 0.45 * np.sqrt(max(0.0, move.scale**-2 - 1))  # σ in px of `picture`
    margin = 3 + int(3 * blur)
    seen = move.inverse().apply(corners)
    x0, y0 = np.clip(np.floor(seen.min(0)).astype(int) - margin, 0, None)
    x1, y1 = np.ceil(seen.max(0)).astype(int) + margin
    part = picture[y0:y1, x0:x1].astype(np.float32)
    if blur > 0.1:
        part = cv2.GaussianBlur(part, (0, 0), blur)
    # OpenCV counts from pixel centres: half a pixel off on either side.
    matrix = Similarity(1, 0, x0 + 0.5, y0 + 0.5).then(move).then(Similarity(1, 0, -0.5, -0.5))
    out = cv2.warpAffine(
        part,
        matrix.matrix,
        (size, size),
        flags=cv2.INTER_CUBIC if move.scale > 0.8 else cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_REFLECT_101,
    )
    return np.asarray(out, np.float32)
