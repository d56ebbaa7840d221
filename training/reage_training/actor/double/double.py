"""The double of an actor: an invented person with their head, skin and ways of ageing.

    double.json    what was fitted
    patterns.npy   their pattern, each time with other fine lines, which photographs do not resolve
    shapes.npy     see `synth.patterns`
    seen/KKK.npy   what the album shows at the KKK-th of the ages in double.json, as the engine
                   shows it to a model: see `reage.pattern.mixed`
    NNNNN_V.npy    views, as in every dataset

What stands of it already is kept. What photographs do not tell (hair, lights, make-up, how hollow,
how sallow, when each kind of crease comes) is drawn anew for each sitting; tone and blood are drawn
as widely as photographs leave them open, see `skin_color`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np

from reage import strict_json
from reage.errors import Cancelled, OutputError, SettingsError
from reage.media.replacing import replacing
from reage.pattern.photo.photograph import Photograph
from reage.shaped import made
from reage_training.actor.double.fit import FittedPerson, fit_person
from reage_training.actor.double.places import AgedTone
from reage_training.actor.double.textures import SEEN_AGES, write_textures
from reage_training.processes import each
from reage_training.synth.dataset_folder import complete, save
from reage_training.synth.head import Head
from reage_training.synth.person import Person
from reage_training.synth.said import SaidLook
from reage_training.synth.subject import Studio
from reage_training.synth.traits import Traits
from reage_training.synth.views import LARGE, head_of, identity_seed, views_of_person

NAME, FORMAT = "double.json", 2

_IDENTITY = 0.15
"""Deviation of a sitting's identity coefficients from those fitted."""


@dataclass(frozen=True)
class DoubleOptions:
    """What decides a double's pixels, beside its album.

    assets    folder of the packed ICT head, or None for the small head
    seed      of all that is drawn
    sittings  hair style, lights, expression, of `views` views each
    size      side of a view in px, and LARGE for one sitting in four where it is less
    patterns  how many draws of what photographs do not resolve
    texture   side of the textures
    rounds    of the calibration
    """

    assets: Path | None
    seed: int = 1
    sittings: int = 16
    views: int = 2
    size: int = 512
    patterns: int = 2
    texture: int = 1024
    rounds: int = 2
    large: bool = True

    def side(self, k: int) -> int:
        return LARGE if self.large and k % 4 == 3 else self.size


@dataclass(frozen=True)
class _Stored:
    format: int
    key: str
    span: tuple[float, float]
    ages: tuple[float, ...]
    person: FittedPerson


def write_double(
    out: Path,
    album: Path,
    photographs: Callable[[], Sequence[Photograph]],
    tones: Callable[[], Sequence[AgedTone]],
    options: DoubleOptions,
    workers: int = 1,
    told: Callable[[str], None] = lambda line: None,
    stop: Callable[[], bool] = lambda: False,
) -> None:
    """Fit a double to an album's pages, the photographs that they were made of, and what the album
    has read of their tone, and render it, as far as that is not done; it ends after the reading or
    sitting in which `stop` comes true. Raises SettingsError where the folder holds another one."""
    head, key = head_of(options.assets), _key(album, options)
    stored = _read(out)
    if stored is not None and stored.key != key:
        raise SettingsError(
            f"{out} holds a double made of another album, or with other options; give another "
            "folder, or delete it."
        )
    if stored is None:
        try:
            seen = photographs(), tones()
            person = fit_person(head, album, *seen, options.seed, options.rounds, told, stop)
        except Cancelled:
            return
        write_textures(out, head, album, person, options.seed, options.patterns, options.texture)
        stored = _Stored(FORMAT, key, person.span, SEEN_AGES, person)
        _write(out, stored)
        told(person.text())
    todo = [k for k in range(options.sittings) if not complete(out, k, options.views)]
    sit, stood = partial(_sit, out, options, stored.person), options.sittings - len(todo)
    sittings = each(sit, todo, workers, partial(_prepare, options), stop)
    for done, _ in enumerate(sittings, stood + 1):
        told(f"sitting {done} of {options.sittings} of the double")


def ages_of(folder: Path) -> tuple[tuple[float, float], tuple[float, ...]]:
    """Of a double: the span of its album, and the ages of its seen maps. Raises SettingsError."""
    stored = _read(folder)
    if stored is None:
        raise SettingsError(f"{folder} holds no double.")
    return stored.span, stored.ages


def person_of(head: Head, fitted: FittedPerson, options: DoubleOptions, k: int) -> Person:
    """The double in sitting `k`."""
    seed = identity_seed(options.seed, k)
    drawn, rng = Person.random(head, seed), np.random.default_rng([seed, 61])
    identity = np.array(fitted.identity) + rng.normal(0, _IDENTITY, len(fitted.identity))
    traits = replace(
        fitted.color.drawn(rng, Traits.random(seed)), ageing_speed=1.0, spots=1.0, freckles=0.0
    )
    look = SaidLook(pattern=k % options.patterns, mirrored=False)
    return replace(drawn, identity=identity.astype(np.float32), traits=traits, look=look)


def _sit(out: Path, options: DoubleOptions, fitted: FittedPerson, k: int) -> None:
    assert _studio is not None
    person, side = person_of(_studio.head, fitted, options, k), options.side(k)
    for number, view in enumerate(views_of_person(_studio, person, options.views, side)):
        save(out, f"{k:05d}_{number}", view.planes, dict(view.metadata))


_studio: Studio | None = None
"""Made by `_prepare` wherever sittings are."""


def _prepare(options: DoubleOptions) -> None:
    global _studio
    _studio = Studio.of(head_of(options.assets))


def _key(album: Path, options: DoubleOptions) -> str:
    """Of the pages' bytes and of what decides the textures: more sittings are welcome."""
    digest = hashlib.sha256()
    for page in sorted(album.glob("age_*.pattern.exr")):
        digest.update(page.name.encode() + page.read_bytes())
    head = "small head" if options.assets is None else "ICT-FaceKit"
    kept = {**asdict(options), "assets": head, "sittings": None}
    digest.update(json.dumps(kept, sort_keys=True).encode())
    return digest.hexdigest()[:16]


def _read(out: Path) -> _Stored | None:
    file = out / NAME
    if not file.is_file():
        return None
    data = strict_json.load(file, f"the double {file}", SettingsError)
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise SettingsError(
            f"{out} holds a double of another ReAge; write to another folder, or delete "
            f"{out.parent}."
        )
    return made(_Stored, data, f"The double {file}", SettingsError)


def _write(out: Path, stored: _Stored) -> None:
    try:
        with replacing(out / NAME) as draft:
            draft.write_text(json.dumps(asdict(stored)), encoding="utf-8")
    except OSError as e:
        raise OutputError(f"The double in {out} cannot be written: {e.strerror}.") from e
