"""The career of an invented actor, written into a folder; what stands there is kept."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch

from reage.errors import SettingsError
from reage_training.actor.career import held
from reage_training.actor.career.career import (
    DATE,
    DUPLICATE,
    FORMAT,
    PERSON,
    PHOTOGRAPHS,
    SHEET,
    TABLE,
    TRUTH,
    Truth,
    stored,
    write_json,
    write_truth,
)
from reage_training.actor.career.files import read_picture, write_photograph
from reage_training.actor.career.invented import Invented, invented
from reage_training.actor.career.photographs import Set, taken, twin
from reage_training.actor.career.plan import Production, day, plan, productions
from reage_training.actor.career.sheet import sheet
from reage_training.output import write, write_picture
from reage_training.processes import each
from reage_training.synth.views import head_of

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class CareerOptions:
    """assets    folder of the packed ICT head, or None for the small head
    faces     hairline to chin of the smallest and the largest face, px
    held      pairs to measure on, and the px of their faces
    texture   side of the actor's textures
    """

    assets: Path | None
    seed: int
    photographs: int = 60
    faces: tuple[int, int] = (150, 900)
    held: int = 8
    held_px: int = 480
    texture: int = 1024

    def __post_init__(self) -> None:
        if self.photographs < 5 or self.seed < 0:
            raise SettingsError("A career has five photographs or more, and a seed from 0 on.")

    def said(self) -> dict[str, Any]:
        """What decides its pixels; where the assets lie is nobody else's business."""
        head = "small head" if self.assets is None else "ICT-FaceKit"
        return {
            "head": head, "seed": self.seed, "photographs": self.photographs,
            "faces": list(self.faces), "held": self.held, "held_px": self.held_px,
            "texture": self.texture,
        }  # fmt: skip


@dataclass(frozen=True)
class _Told:
    """What is known before anything is rendered."""

    options: CareerOptions
    actor: Invented
    born: date
    productions: tuple[Production, ...]
    plan: tuple[Truth, ...]

    @classmethod
    def of(cls, options: CareerOptions) -> _Told:
        seed = options.seed
        actor = invented(head_of(options.assets), seed)
        born = date(1946, 1, 1) + timedelta(
            days=int(np.random.default_rng([seed, 191]).integers(9000))
        )
        traits = actor.person.traits
        count = max(2, round(options.photographs / 4.3))
        rows = productions(seed, count, traits.male, traits.tone)
        return cls(
            options, actor, born, rows, plan(seed, options.photographs, born, rows, options.faces)
        )


def invent(
    out: Path, options: CareerOptions, workers: int = 2, progress: Progress = lambda *_: None
) -> None:
    """Write what is missing of a career; `progress(done, of)` after each picture.

    Raises OutputError where the folder cannot be written, SettingsError where it holds another
    career or assets are missing.
    """
    told = _Told.of(options)
    _claim(out, told)
    jobs = [("photograph", k) for k, t in enumerate(told.plan)
            if t.kind != DUPLICATE and not _file(out, t).is_file()]  # fmt: skip
    jobs += [("pair", k) for k in range(options.held) if not held.complete(out, k)]
    of = len([t for t in told.plan if t.kind != DUPLICATE]) + options.held
    done = of - len(jobs)
    progress(done, of)
    quiet = _quiet if workers > 1 else None
    for _ in each(partial(_work, out, options), jobs, workers, quiet):
        done += 1
        progress(done, of)
    for truth in told.plan:
        if truth.kind == DUPLICATE and not _file(out, truth).is_file():
            rng = np.random.default_rng([truth.seed, 192])
            original = read_picture(out / PHOTOGRAPHS / truth.of)
            _save(out, told, truth, twin(original, rng), int(rng.integers(55, 80)))
    _write_table(out, told.plan)
    write_picture(out / SHEET, sheet(out, told.plan), 88)
    write_truth(out, told.plan)


def _claim(out: Path, told: _Told) -> None:
    """Write person.json, or find that it is this career's."""
    wanted = told.options.said()
    if (out / PERSON).is_file():
        found = stored(out, PERSON).get("made_with")
        if found != wanted:
            raise SettingsError(
                f"{out} holds another career ({found}): give its options to go on with it, or "
                "another folder."
            )
    elif (out / TRUTH).exists() or (out / PHOTOGRAPHS).exists():
        raise SettingsError(f"{out} holds photographs, but no {PERSON}: choose another folder.")
    write_json(out / PERSON, {
        "format": FORMAT, "born": told.born.isoformat(), "made_with": wanted,
        **told.actor.to_dict(),
    })  # fmt: skip


def _file(out: Path, truth: Truth) -> Path:
    return out / PHOTOGRAPHS / truth.file


def _save(out: Path, told: _Told, truth: Truth, picture: np.ndarray, quality: int) -> None:
    when = day(told.born, truth.said) if truth.said_by == DATE else None
    write_photograph(_file(out, truth), picture, quality, when)


def _write_table(out: Path, planned: tuple[Truth, ...]) -> None:
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(("file", "age"))
    rows.writerows((t.file, f"{t.said:g}") for t in planned if t.said_by == TABLE)
    write(out / PHOTOGRAPHS / "ages.csv", text.getvalue().encode())


Job = tuple[str, int]


_made: tuple[CareerOptions, _Told, Set] | None = None
"""A process's own, made by its first job."""


def _quiet() -> None:
    """One thread each: they share the cores."""
    torch.set_num_threads(1)


def _work(out: Path, options: CareerOptions, job: Job) -> None:
    global _made
    if _made is None or _made[0] != options:
        told, head = _Told.of(options), head_of(options.assets)
        rows = told.productions
        stage = Set.of(head, told.actor, rows, options.faces, options.texture)
        _made = options, told, stage
    _, told, stage = _made
    kind, k = job
    if kind == "pair":
        held.write_pair(out, stage, k, options.held_px)
        return
    truth = told.plan[k]
    quality = int(np.random.default_rng([truth.seed, 193]).integers(62, 97))
    _save(out, told, truth, taken(stage, truth), quality)
