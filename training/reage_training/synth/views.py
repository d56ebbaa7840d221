"""Writes a dataset of views to light skin in, and the patterns their people may get.

    NNNNN_V.npy    float16 (size, size, PLANES), person NNNNN in view V, see `view`
    NNNNN_V.json   how it came about
    patterns.npy   see `render.bank`
    set.json       the options of the whole dataset

View k is the same whoever computes it, in whatever order; existing ones are kept.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

import numpy as np

from reage.errors import SettingsError
from reage_training.processes import each
from reage_training.synth.backdrop import backdrop
from reage_training.synth.camera import random_camera
from reage_training.synth.dataset_folder import FORMAT, claim, complete, save
from reage_training.synth.head import Head, load_ict
from reage_training.synth.lights import Lights
from reage_training.synth.patterns import write_patterns
from reage_training.synth.person import Person
from reage_training.synth.small_head import small_head
from reage_training.synth.subject import Studio, Subject
from reage_training.synth.things import with_things
from reage_training.synth.view import View

LARGE = 1024
"""Side of a large view in px: a face of about 680."""

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class DatasetOptions:
    """What decides a dataset's pixels.

    assets    folder of the packed ICT head, or None for the small head
    seed      of the dataset; those of different seeds share no person and no pattern
    size      side of a view in px
    large     share of people whose views have LARGE px, for faces seen close
    patterns  how many patterns of ageing its people share, mirrored or not
    texture   side of the patterns' textures
    """

    assets: Path | None
    seed: int
    identities: int
    views: int = 1
    size: int = 512
    patterns: int = 64
    texture: int = 1024
    large: float = 0.0

    def __post_init__(self) -> None:
        if not 0 <= self.large <= 1:
            raise SettingsError(f"--large is a share from 0 to 1, not {self.large:g}.")

    def side(self, k: int) -> int:
        """Of person k's views, px: the large ones lie evenly in the row."""
        return LARGE if int((k + 1) * self.large) > int(k * self.large) else self.size


def write_dataset(
    out: Path,
    options: DatasetOptions,
    workers: int = 2,
    progress: Progress | None = None,
    stop: Callable[[], bool] = lambda: False,
) -> None:
    """Write what is missing of a dataset into folder `out`; `progress(done, of)` per identity.
    Ends after the identity in which `stop` comes true.

    Raises OutputError where the folder cannot be written, SettingsError where it already
    holds a dataset made with other options (more identities are welcome) or assets are missing.
    """
    head = head_of(options.assets)
    claim(out, _metadata(options))
    write_patterns(out, head, options.seed, options.patterns, options.texture, workers)
    todo = [k for k in range(options.identities) if not complete(out, k, options.views)]
    done = options.identities - len(todo)
    if progress is not None:
        progress(done, options.identities)
    for _ in each(partial(_work, out, options), todo, workers, partial(_prepare, options), stop):
        done += 1
        if progress is not None:
            progress(done, options.identities)


def write_identity(out: Path, options: DatasetOptions, studio: Studio, k: int) -> None:
    """All views of identity `k` of a dataset, one file and sidecar each."""
    seed = identity_seed(options.seed, k)
    for number, view in enumerate(views_of(studio, seed, options.views, options.side(k))):
        save(out, f"{k:05d}_{number}", view.planes, dict(view.metadata))


def views_of(studio: Studio, seed: int, count: int, size: int) -> list[View]:
    """`count` random views of the person of a seed, in one light and expression."""
    return views_of_person(studio, Person.random(studio.head, seed), count, size)


def views_of_person(studio: Studio, person: Person, count: int, size: int) -> list[View]:
    """The same of a person who is known; all else follows from their seed."""
    seed = person.seed
    rng = np.random.default_rng([seed, 3])
    subject = Subject.random(studio, person, Lights.random(rng))
    views = []
    for number in range(count):
        view_rng = np.random.default_rng([seed, 4, number])
        camera = random_camera(view_rng, *subject.face, frontal=view_rng.uniform() < 0.6)
        view = subject.view(camera, backdrop(view_rng, size, size))
        views.append(with_things(view, view_rng))
    return views


def identity_seed(seed: int, k: int) -> int:
    """The seed of person `k` in dataset `seed`: ranges of a million, so that none share anybody."""
    return seed * 1_000_000 + k


def head_of(assets: Path | None) -> Head:
    """The ICT head from `assets`, or the small head. Raises SettingsError."""
    return small_head() if assets is None else load_ict(assets)


def _metadata(options: DatasetOptions) -> dict[str, object]:
    """What set.json says; the place of the assets is nobody else's business."""
    head = "small head" if options.assets is None else "ICT-FaceKit"
    return {"format": FORMAT, **asdict(options), "assets": head}


_studio: Studio | None = None
"""Made by `_prepare` wherever views are."""


def _prepare(options: DatasetOptions) -> None:
    global _studio
    _studio = Studio.of(head_of(options.assets))


def _work(out: Path, options: DatasetOptions, k: int) -> None:
    assert _studio is not None
    write_identity(out, options, _studio, k)
