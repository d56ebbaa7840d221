"""Make `years.json` again, what `years` knows of people in general, from invented people alone.

    python -m reage_training.actor.ingest.learn_years WORK CAREER… --assets DIR

CAREER: folders of `reage-train actor invent`, seeds 1, 3 and 7 for the file that is shipped, and
WORK, where thirty small careers are rendered: about half an hour on one core.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from reage.errors import FaceError
from reage_training.actor.career.career import GOOD, MISLABELLED, Career, Truth
from reage_training.actor.career.files import write_photograph
from reage_training.actor.career.invented import invented
from reage_training.actor.career.photographs import Set, taken
from reage_training.actor.career.plan import OLDEST, YOUNGEST, productions
from reage_training.actor.career.scene import Scene
from reage_training.actor.ingest import years
from reage_training.actor.ingest.judge import BLURRED
from reage_training.actor.ingest.measure import Measures, measured
from reage_training.synth.head import Head
from reage_training.synth.views import head_of

_FIRST, _CAREERS, _OF_EACH = 1000, 30, 12
"""Seed of the first, how many, and photographs of each."""

_FACES, _TEXTURE = (150, 260), 512
"""Px."""


def small_career(folder: Path, head: Head, seed: int) -> list[tuple[Path, float]]:
    """Render what is missing of a career without faults; files and ages."""
    actor = invented(head, seed)
    traits = actor.person.traits
    made = productions(seed, _OF_EACH // 2, traits.male, traits.tone)
    rng = np.random.default_rng([seed, 999])
    steps = (np.arange(_OF_EACH) + rng.uniform(0, 1, _OF_EACH)) / _OF_EACH
    stage, out = Set.of(head, actor, made, _FACES, _TEXTURE), []
    for k, age in enumerate(np.sort(YOUNGEST + (OLDEST - YOUNGEST) * steps)):
        file, quality = folder / f"s{seed}_{k:03d}.jpg", int(rng.integers(62, 97))
        scene = Scene.random(700_000_000 + seed * 1000 + k, _FACES)
        truth = Truth(file.name, float(age), float(age), "", GOOD, "", scene.seed, scene.face_px,
                      scene.yaw, scene.rig)  # fmt: skip
        if not file.is_file():
            write_photograph(file, taken(stage, truth), quality, None)
        out.append((file, float(age)))
    return out


def read_career(photographs: Sequence[tuple[Path, float]]) -> tuple[years.Floats, years.Floats]:
    """True ages, and what tells them, of the photographs that show one face."""
    ages: list[float] = []
    found: list[Measures] = []
    for file, age in photographs:
        seen = measured(file)
        if seen.has_face and seen.detail_px >= BLURRED:
            ages.append(age)
            found.append(seen)
    if not any(m.identity.size for m in found):
        raise FaceError("The identity network is not installed: pip install -e .[actor].")
    return np.array(ages), years.told(found)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("work", type=Path, help="folder of what is rendered")
    parser.add_argument("careers", type=Path, nargs="*", help="folders of actor invent")
    parser.add_argument("--assets", type=Path, required=True, help="packed ICT-FaceKit")
    args = parser.parse_args()
    head = head_of(args.assets)
    rows = [
        read_career(small_career(args.work, head, seed))
        for seed in range(_FIRST, _FIRST + _CAREERS)
    ]
    for folder in args.careers:
        career = Career.read(folder)
        kept = [t for t in career.photographs if t.kind in (GOOD, MISLABELLED)]
        rows.append(read_career([(career.path(t), t.age) for t in kept]))
    write_years(rows)


def write_years(rows: Sequence[tuple[years.Floats, years.Floats]]) -> None:
    usual, weight = years.learned(rows)
    table = {
        "careers": len(rows), "photographs": sum(len(ages) for ages, _ in rows),
        "usual": [float(f"{v:.5g}") for v in usual], "years": [float(f"{v:.5g}") for v in weight],
    }  # fmt: skip
    years.FILE.write_text(json.dumps(table) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
