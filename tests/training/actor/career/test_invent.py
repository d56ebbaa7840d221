"""A career is what it says it is: each photograph against the truth that stands beside it."""

from __future__ import annotations

import csv
import json
from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path

import cv2
import numpy as np
import pytest

from reage.errors import SettingsError
from reage.media.imagefile import read_plate
from reage.pattern.layout import KINDS
from reage.pattern.photo.photograph import photograph
from reage_training.actor.career import plan as career_plan
from reage_training.actor.career.career import (
    ANOTHER,
    BLURRED,
    DATE,
    DUPLICATE,
    FOLDER,
    GOOD,
    MISLABELLED,
    NAME,
    PHOTOGRAPHS,
    TABLE,
    Career,
    Truth,
)
from reage_training.actor.career.held import STEPS, pairs
from reage_training.actor.career.invent import CareerOptions, invent
from reage_training.actor.career.invented import MOLE, SCAR, invented
from reage_training.actor.career.invented_skin import skins
from reage_training.actor.career.plan import plan, productions
from reage_training.cli import main
from reage_training.synth.patterns import MOLES
from reage_training.synth.small_head import small_head

SEEDS = range(12)


def planned(seed: int, count: int = 60) -> tuple[Truth, ...]:
    rows = productions(seed, 14, male=True, tone=0.3)
    return plan(seed, count, date(1961, 3, 14), rows, (150, 900))


@pytest.mark.parametrize("seed", SEEDS)
def test_a_plan_has_faults_of_each_kind_and_photographs_from_young_to_old(seed: int) -> None:
    made = planned(seed)
    assert len({t.file for t in made}) == len(made) == 60
    kinds = Counter(t.kind for t in made)
    assert kinds == {GOOD: 44, BLURRED: 4, ANOTHER: 4, DUPLICATE: 4, MISLABELLED: 4}
    ages = [t.age for t in made]
    assert min(ages) < 23 and max(ages) > 69.9
    off = {t.file: abs(t.said - t.age) for t in made}
    assert all(8.9 < off[t.file] < 11 for t in made if t.kind == MISLABELLED)
    assert all(off[t.file] < 1 for t in made if t.kind != MISLABELLED)
    good = {t.file: t for t in made if t.kind == GOOD}
    assert all(t.of in good and t.age == good[t.of].age for t in made if t.kind == DUPLICATE)
    assert {t.said_by for t in made} == {NAME, FOLDER, TABLE, DATE}


def test_plans_and_actors_are_their_seeds() -> None:
    head = small_head()
    assert planned(4) == planned(4) != planned(5)
    one, other = invented(head, 4), invented(head, 5)
    assert one.to_dict() == invented(head, 4).to_dict() != other.to_dict()


def test_actors_age_as_no_default_person_does() -> None:
    """The default's kinds of crease come 3.5 years off their time, as a deviation."""
    head = small_head()
    for seed in SEEDS:
        actor = invented(head, seed)
        assert actor.person.look is not None
        delays = np.array(actor.person.look.delays)
        assert len(delays) == len(KINDS) and np.sqrt(np.mean(delays**2)) > 1.4 * 3.5
        assert (np.abs(delays) >= 8).sum() >= 5
        assert np.max(actor.gains) / np.min(actor.gains) >= 2
        kinds = Counter(mark.kind for mark in actor.marks)
        assert kinds[MOLE] >= 5 and kinds[SCAR] == 2
        assert len(actor.stages) == 2 and 33 <= actor.stages[1] <= 52


def test_marks_lie_where_they_are_said_to_and_the_late_scar_comes_when_it_is_said_to() -> None:
    actor = invented(small_head(), 7)
    size = 512
    young, old = skins(actor, size)[..., MOLES].astype(float)
    for mark in actor.marks:
        u, v = mark.points[len(mark.points) // 2]
        here = (int((1 - v) * size), int(u * size))
        late = mark.since > 0
        sign = 1 if mark.kind == MOLE else -1
        assert sign * old[here] > 0.4
        assert young[here] == (0 if late else old[here])
    assert actor.there(actor.stages[1] - 0.1) == tuple(m for m in actor.marks if m.since == 0)
    before, after = (actor.at(age).look for age in (30.0, 60.0))
    assert before is not None and after is not None
    assert (before.pattern, after.pattern) == (0, 1)


def test_a_career_is_handed_over_as_studios_do(career: Path, small: CareerOptions) -> None:
    made = Career.read(career)
    assert len(made.photographs) == small.photographs
    rows = list(csv.DictReader((career / PHOTOGRAPHS / "ages.csv").open(encoding="utf-8")))
    tabled = {row["file"]: float(row["age"]) for row in rows}
    born = date.fromisoformat(made.born)
    for truth in made.photographs:
        path = made.path(truth)
        assert path.is_file()
        if truth.said_by == TABLE:
            assert tabled[truth.file] == pytest.approx(truth.said, abs=0.06)
        elif truth.said_by == DATE:
            said = path.read_bytes()[:4096]
            assert str(career_plan.day(born, truth.said).year).encode() in said
        elif truth.said_by == NAME:
            assert path.name.startswith(f"{truth.said:.0f}_")
        else:
            assert path.parent.name == f"age_{truth.said:.0f}"
    assert set(tabled) == {t.file for t in made.photographs if t.said_by == TABLE}
    assert cv2.imread(str(career / "sheet.jpg")) is not None


def test_the_face_networks_find_who_is_shown(career: Path) -> None:
    made = Career.read(career)
    for truth in made.photographs:
        if truth.kind != BLURRED:
            found = photograph(made.path(truth))
            assert found.taken_px > 0.5 * truth.face_px


def test_a_duplicate_is_its_photograph_again(career: Path) -> None:
    made = Career.read(career)
    twins = [t for t in made.photographs if t.kind == DUPLICATE]
    assert twins
    for truth in twins:
        one = cv2.imread(str(made.path(truth)), cv2.IMREAD_GRAYSCALE).astype(np.float32)
        of = cv2.imread(str(career / PHOTOGRAPHS / truth.of), cv2.IMREAD_GRAYSCALE)
        other = cv2.resize(of, one.shape[::-1], interpolation=cv2.INTER_AREA)
        assert one.size < of.size
        assert np.corrcoef(one.ravel(), other.ravel())[0, 1] > 0.8


def test_pairs_differ_on_the_face_alone_and_show_the_marks_where_they_lie(career: Path) -> None:
    seen = 0
    for folder, pair in pairs(career):
        plate, truth = (read_plate(folder / f"{name}.exr").rgb for name in ("plate", "truth"))
        skin = cv2.imread(str(folder / "skin.png"), cv2.IMREAD_GRAYSCALE)
        change = np.abs(plate - truth).max(-1)
        near = cv2.dilate(skin, np.ones((9, 9), np.uint8)) > 0
        assert change[skin > 250].mean() > 0.004
        assert change[~near].max() < 0.02
        moved = np.linalg.norm(np.subtract(pair.moved, pair.landmarks), axis=1)
        assert 0.1 < moved.max() < 0.08 * pair.face_px
        dark = np.log2(plate.mean(-1) + 0.01)
        for mark in pair.marks:
            matte = cv2.imread(str(folder / f"mark_{mark.number}.png"), cv2.IMREAD_GRAYSCALE)
            assert matte.sum() / 255 == pytest.approx(mark.area, rel=0.05, abs=2)
            if mark.in_plate and mark.kind == MOLE and mark.area > 4:
                seen += 1
                around = cv2.dilate(matte, np.ones((11, 11), np.uint8)) > 0
                ring = around & (cv2.dilate(matte, np.ones((5, 5), np.uint8)) == 0)
                assert dark[matte > 128].mean() < dark[ring & (skin > 250)].mean() - 0.1
    assert seen >= 2
    assert {older > younger for younger, older in STEPS} == {True, False}


def test_what_stands_is_kept_and_what_misses_comes_back_the_same(
    career: Path, small: CareerOptions, tmp_path: Path
) -> None:
    made = Career.read(career)
    again = tmp_path / "again"
    lost = next(t for t in made.photographs if t.kind == GOOD)
    twin = next(t for t in made.photographs if t.kind == DUPLICATE)
    for file in career.rglob("*"):
        name = file.relative_to(career).as_posix()
        if file.is_file() and name not in {
            f"{PHOTOGRAPHS}/{lost.file}", f"{PHOTOGRAPHS}/{twin.file}", "truth.json",
            "held/01/pair.json",
        }:  # fmt: skip
            (again / name).parent.mkdir(parents=True, exist_ok=True)
            (again / name).write_bytes(file.read_bytes())
    with pytest.raises(SettingsError, match=r"truth\.json"):
        Career.read(again)
    kept = again / PHOTOGRAPHS / next(t for t in made.photographs if t.kind == BLURRED).file
    before = kept.stat().st_mtime_ns
    steps: list[tuple[int, int]] = []
    invent(again, small, 1, lambda *step: steps.append(step))
    assert len(steps) == 3 and steps[-1][0] == steps[-1][1]
    assert kept.stat().st_mtime_ns == before
    for file in career.rglob("*"):
        if file.is_file():
            assert (again / file.relative_to(career)).read_bytes() == file.read_bytes(), file


def test_another_career_in_the_folder_is_refused(career: Path, small: CareerOptions) -> None:
    with pytest.raises(SettingsError, match="another career"):
        invent(career, replace(small, seed=4), 1)
    with pytest.raises(SettingsError, match="five photographs"):
        CareerOptions(None, 1, 3)


def test_folders_that_hold_no_career_are_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SettingsError, match="actor invent"):
        Career.read(tmp_path)
    (tmp_path / "person.json").write_text(json.dumps({"born": 3}), encoding="utf-8")
    (tmp_path / "truth.json").write_text("{}", encoding="utf-8")
    with pytest.raises(SettingsError, match="broken"):
        Career.read(tmp_path)
    assert main(["actor", "invent", str(tmp_path / "x"), "--photographs", "2"]) != 0
    assert "five photographs" in capsys.readouterr().err
