"""A double is its actor, as far as photographs tell."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from helpers.doubles import ACTOR, AGES, DOUBLE
from reage.errors import SettingsError
from reage.pattern.layout import FOREHEAD, KINDS
from reage.pattern.photo.photograph import Photograph
from reage.pattern.relief import relief
from reage_training.actor.album.growth import Growth
from reage_training.actor.double.calibration import Gains, bands, calibrated, strengths
from reage_training.actor.double.double import NAME, ages_of, write_double
from reage_training.actor.double.head import identity_of, onto
from reage_training.actor.double.pattern import agreed, shares
from reage_training.dataset import find_views
from reage_training.render.look import IS_FOLD, Look
from reage_training.synth.camera import Camera
from reage_training.synth.patterns import KIND, MOLES, pattern
from reage_training.synth.person import Person
from reage_training.synth.small_head import small_head

RNG = np.random.default_rng(5)


def test_a_relief_is_shared_out_whole_among_the_kinds() -> None:
    lines, folds = shares(128)
    assert min(lines.min(), folds.min()) >= 0
    assert max(lines.sum(0).max(), folds.sum(0).max()) < 1 + 1e-5
    depth = np.array([kind.depth for kind in KINDS])[:, None, None]
    deep = np.abs(relief(3, 128).kinds * depth).max(0) > 2.0
    assert (lines.sum(0) + folds.sum(0))[deep].mean() > 0.8  # no deep crease is lost
    assert not lines[IS_FOLD].any() and not folds[~IS_FOLD].any()
    forehead = lines[KINDS.index(FOREHEAD)]
    assert folds.sum(0)[12:22, 50:78].max() < 0.1  # no fold lies on a forehead
    assert forehead[16, 64] > 0.8 and forehead[64, 64] < 0.1  # v .87, and the nose


def test_what_a_person_gets_is_told_by_pages_of_any_ages() -> None:
    """Pages made of a relief that grows by its kind's own curve give that relief back."""
    full = RNG.normal(0, 2, (8, 8)).astype(np.float32)
    for ages in ((60.0,), (45.0, 55.0, 70.0)):
        pages = [full * FOREHEAD.aged_depth(a) / FOREHEAD.depth / Growth.at(a).lines for a in ages]
        np.testing.assert_allclose(agreed(FOREHEAD, ages, np.stack(pages)), full, rtol=1e-4)


def test_points_are_laid_onto_others_that_were_turned_scaled_and_moved() -> None:
    goal = RNG.normal(0, 5, (40, 3))
    turn = np.linalg.qr(RNG.normal(0, 1, (3, 3)))[0]
    turn *= np.sign(np.linalg.det(turn))
    laid = onto(0.3 * goal @ turn + [5.0, 1.0, 2.0], goal, RNG.uniform(0.1, 1, 40))
    np.testing.assert_allclose(laid, goal, atol=1e-9)


def test_meshes_tell_the_head() -> None:
    head = small_head()
    person = Person.random(head, 9)
    meshes = []
    for yaw, weights in ((-30, {}), (10, {"mouthSmile_L": 0.5, "mouthSmile_R": 0.5}), (25, {})):
        points = head.landmarks_of(head.shaped(person.identity, weights))
        seen = Camera(yaw, 4.0, 3.0, (0.0, 0.0, 0.0), 300.0, 30.0).project(points, 600, 600)
        meshes.append(np.column_stack([seen[:, :2], (seen[:, 2] - 300) * 20]))
    found = identity_of(head, meshes, [np.ones(468)] * 3)
    true, mean, made = (
        head.landmarks_of(head.shaped(c, {}))
        for c in (person.identity, 0 * person.identity, found)
    )

    def off(shape: np.ndarray) -> float:
        return float(np.linalg.norm(onto(shape, true, np.ones(468)) - true))

    assert off(made) < 0.7 * off(mean)


def test_bands_sum_to_the_whole_and_gains_of_one_change_nothing() -> None:
    plane = RNG.normal(0, 1, (1024, 1024)).astype(np.float32)
    np.testing.assert_allclose(sum(bands(plane)), plane, atol=1e-5)
    np.testing.assert_allclose(Gains.none().on(plane, 0), plane, atol=1e-4)


def test_a_calibration_undoes_what_a_reading_takes() -> None:
    """A reading that takes half of the lines, and most of what is fine in them."""
    truth = RNG.normal(0, 1, (1024, 1024, 2)).astype(np.float32)
    covered = np.ones((1024, 1024), np.float32)

    def seen(planes: Sequence[np.ndarray]) -> np.ndarray:
        taken = [0.5 * (0.4 * b[0] + sum(b[1:])) for b in map(bands, planes)]
        return strengths(np.stack(taken, -1), covered)

    def read(gains: Gains, age: float) -> np.ndarray:
        return seen([gains.on(truth[..., k], k) for k in (0, 1)])

    twice = strengths(truth, covered)
    before, after = read(Gains.none(), 60.0), read(calibrated({60.0: twice}, read, 4), 60.0)
    assert np.abs(np.log(before / twice)).mean() > 0.6
    assert np.abs(np.log(after / twice)).mean() < 0.1


def test_a_double_wears_the_actors_lines(double: Path) -> None:
    """Correlation of lines where faces have most of them; folds are alike from face to face."""
    made = np.load(double / "patterns.npy").astype(np.float32)[0]
    depth = np.array([kind.depth for kind in KINDS], np.float32) * ~IS_FOLD

    def lines(texture: np.ndarray) -> np.ndarray:
        whole = texture[..., KIND].astype(np.float32) @ depth
        small = cv2.resize(whole, (128, 128), interpolation=cv2.INTER_AREA)
        return (small - cv2.GaussianBlur(small, (0, 0), 3))[20:90, 30:98].ravel()

    own, *others = (lines(pattern(ACTOR + k, 1024)) for k in range(3))
    agrees = [np.corrcoef(lines(made), each)[0, 1] for each in (own, *others)]
    assert agrees[0] > 0.2 and agrees[0] > max(agrees[1:]) + 0.08
    assert np.isfinite(made).all() and np.abs(made[..., MOLES]).max() <= 1.5


def test_all_its_views_show_one_person(double: Path) -> None:
    span, ages = ages_of(double)
    assert span == (AGES[0], AGES[-1]) and len(ages) == len(list((double / "seen").iterdir()))
    looks = [Look.of(view.metadata, 1) for view in find_views(double)]
    assert len(looks) == DOUBLE.sittings
    assert not any(look.mirrored for look in looks)
    assert np.ptp([look.traits.tone for look in looks]) < 0.3
    assert looks[0].traits.hair_rgb != looks[1].traits.hair_rgb


def test_a_double_is_left_after_the_sitting_in_which_that_is_asked(
    double: Path, album: Path, taken: tuple[Photograph, ...], tmp_path: Path
) -> None:
    out = tmp_path / "double"
    shutil.copytree(double, out)
    for path in out.glob("0000*"):
        path.unlink()
    told = list[str]()
    write_double(out, album, lambda: taken, tuple, DOUBLE, 1, told.append, lambda: bool(told))
    assert told == [f"sitting 1 of {DOUBLE.sittings} of the double"]
    assert len(find_views(out)) == 1
    write_double(out, album, lambda: taken, tuple, DOUBLE)
    assert len(find_views(out)) == DOUBLE.sittings


def test_a_double_that_is_left_while_it_is_fitted_is_begun_anew(
    album: Path, taken: tuple[Photograph, ...], tmp_path: Path
) -> None:
    out, told = tmp_path / "double", list[str]()
    write_double(out, album, lambda: taken, tuple, DOUBLE, 1, told.append,
                 lambda: "reading it" in told[-1])  # fmt: skip
    assert "photographing the double" in told[-1] and not out.exists()


def test_a_double_of_another_format_is_told_as_such(double: Path, tmp_path: Path) -> None:
    said = json.loads((double / NAME).read_text("utf-8"))
    (tmp_path / NAME).write_text(json.dumps({**said, "format": 1}), "utf-8")
    with pytest.raises(SettingsError, match="of another ReAge; write to another folder"):
        ages_of(tmp_path)


def test_what_stands_of_a_double_is_kept_and_the_rest_is_made(
    double: Path, album: Path, taken: tuple[Photograph, ...]
) -> None:
    first = {path.name: path.read_bytes() for path in double.iterdir() if path.is_file()}
    (double / "00001_0.npy").unlink()

    def none() -> tuple[Photograph, ...]:
        raise AssertionError("photographs were read again")

    write_double(double, album, none, tuple, DOUBLE)
    assert first == {path.name: path.read_bytes() for path in double.iterdir() if path.is_file()}
    with pytest.raises(SettingsError, match="another album, or with other options"):
        write_double(double, album, none, tuple, replace(DOUBLE, seed=4))
    said = json.loads((double / NAME).read_text("utf-8"))
    assert said["span"] == list(AGES) and "path" not in said
