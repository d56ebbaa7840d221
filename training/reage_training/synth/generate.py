"""Writes a training set: groups of one person in one view at several ages.

    NNNNN_V.npy   float16 (ages, size, size, 4), identity NNNNN in view V: scene-linear ACEScg
                  RGB and coverage of visible facial skin (with ears and front of the neck)
    NNNNN_V.json  how it came about, and the landmarks
    set.json      the options of the whole set

Group k is the same whoever computes it, in whatever order; existing groups are kept.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import asdict, dataclass
from multiprocessing import get_context
from pathlib import Path

import cv2
import numpy as np

from reage_training.synth.backdrop import backdrop
from reage_training.synth.camera import Camera, random_camera
from reage_training.synth.head import Floats, Head, load_ict
from reage_training.synth.lights import Lights
from reage_training.synth.person import Person
from reage_training.synth.set_folder import FORMAT, claim, complete, save
from reage_training.synth.small_head import small_head
from reage_training.synth.subject import Aged, Studio, Subject

AGE_BANDS = ((18, 28), (28, 42), (42, 58), (58, 72), (72, 88))
"""Years; without a list of ages, each identity is seen once in each band."""
REC709_TO_ACESCG = np.array(
    [
        [0.6130974024, 0.3395231462, 0.0473794514],
        [0.0701937225, 0.9163538791, 0.0134523985],
        [0.0206155929, 0.1095697729, 0.8698146342],
    ],
    np.float32,
)
"""Linear Rec.709 to ACEScg, Bradford adapted D65 to D60 (ACES, aces-dev utility matrices)."""
LUMA = np.array([0.2126, 0.7152, 0.0722], np.float32)
"""Luminance of linear Rec.709 (ITU-R BT.709-6)."""
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class SetOptions:
    """What decides a set's pixels.

    assets   folder of the packed ICT head, or None for the small head
    seed     of the set; sets of different seeds share no person
    ages     the same years for every identity, or None for one of each of AGE_BANDS
    texture  side of the skin textures
    """

    assets: Path | None
    seed: int
    identities: int
    views: int = 3
    ages: tuple[float, ...] | None = None
    size: int = 512
    texture: int = 1024


def write_set(
    out: Path, options: SetOptions, workers: int = 2, progress: Progress | None = None
) -> None:
    """Write what is missing of a set into folder `out`; `progress(done, of)` per identity.

    Raises OutputError where the folder cannot be written, SettingsError where it already
    holds a set made with other options (more identities are welcome) or assets are missing.
    """
    head = _head(options.assets)
    claim(out, _story(options))
    todo = [k for k in range(options.identities) if not complete(out, k, options.views)]
    done = options.identities - len(todo)
    if progress is not None:
        progress(done, options.identities)
    if workers <= 1 or len(todo) <= 1:
        studio = Studio.of(head, options.texture)
        for k in todo:
            write_identity(out, options, studio, k)
            done += 1
            if progress is not None:
                progress(done, options.identities)
        return
    with ProcessPoolExecutor(
        workers, get_context("spawn"), initializer=_prepare, initargs=(options,)
    ) as pool:
        for finished in as_completed([pool.submit(_work, out, options, k) for k in todo]):
            finished.result()
            done += 1
            if progress is not None:
                progress(done, options.identities)


def write_identity(out: Path, options: SetOptions, studio: Studio, k: int) -> None:
    """All views of identity `k` of a set, one group file and sidecar each."""
    seed = identity_seed(options.seed, k)
    rng = np.random.default_rng([seed, 3])
    person = Person.random(studio.head, seed, options.texture)
    subject = Subject.random(studio, person, Lights.random(rng))
    ages = options.ages or tuple(round(float(rng.uniform(*band)), 2) for band in AGE_BANDS)
    looks = [subject.at(age) for age in ages]
    for view in range(options.views):
        view_rng = np.random.default_rng([seed, 4, view])
        camera = random_camera(view_rng, *subject.face, frontal=view_rng.uniform() < 0.6)
        background = backdrop(view_rng, options.size, options.size)
        level = skin_level(view_rng, person.skin.tone)
        group, exposure = _exposed(_pictures(subject, looks, camera, background), level)
        points = subject.landmarks(camera, options.size, options.size)
        story = {
            "ages": list(ages),
            "seed": seed,
            "layout": person.skin.layout,
            "male": bool(person.skin.male),
            "tone": round(float(person.skin.tone), 4),
            "hair": asdict(person.style) | {"age": round(person.hair_age, 2)},
            "expression": dict(person.expression),
            "camera": camera.to_dict(),
            "lights": {
                key: np.round(value, 4).tolist() for key, value in asdict(subject.lights).items()
            },
            "exposure": round(exposure, 5),
            "landmarks": np.round(points, 2).tolist(),
        }
        save(out, f"{k:05d}_{view}", group, story)


def identity_seed(seed: int, k: int) -> int:
    """The seed of person `k` in set `seed`: ranges of a million, so sets share nobody."""
    return seed * 1_000_000 + k


def skin_level(rng: np.random.Generator, tone: float) -> float:
    """90th-percentile skin luminance to expose for, .22 … .55; darker skin rather darker."""
    low, high = 0.30 - 0.08 * tone, 0.55 - 0.17 * tone
    return float(rng.uniform(low, high))


def _pictures(subject: Subject, looks: list[Aged], camera: Camera, background: Floats) -> Floats:
    """(A, h, w, 4) unexposed; only what ages differs between them."""
    hair = subject.hair_light(camera)
    return np.stack([subject.picture(aged, camera, background, hair) for aged in looks])


def _exposed(pictures: Floats, level: float) -> tuple[Floats, float]:
    """float16 ACEScg at one exposure that puts the skin's 90th percentile at `level`."""
    skin = pictures[..., 3] > 0.9
    luminance = pictures[..., :3] @ LUMA
    exposure = level / max(float(np.percentile(luminance[skin], 90)), 1e-4) if skin.any() else 1.0
    rgb = np.clip(pictures[..., :3] @ REC709_TO_ACESCG.T * exposure, 0, 60000)
    return np.concatenate([rgb, pictures[..., 3:]], -1).astype(np.float16), exposure


def _story(options: SetOptions) -> dict[str, object]:
    """What set.json says; the place of the assets is nobody else's business."""
    head = "small head" if options.assets is None else "ICT-FaceKit"
    return {"format": FORMAT, **asdict(options), "assets": head}


def _head(assets: Path | None) -> Head:
    return small_head() if assets is None else load_ict(assets)


_studio: Studio | None = None
"""A worker process's own, made once by `_prepare`."""


def _prepare(options: SetOptions) -> None:
    global _studio
    cv2.setNumThreads(1)
    _studio = Studio.of(_head(options.assets), options.texture)


def _work(out: Path, options: SetOptions, k: int) -> None:
    assert _studio is not None
    write_identity(out, options, _studio, k)
