"""Samples are repeatable, aligned, and ask only for what can be learned."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reage.errors import SettingsError
from reage.geometry import Similarity
from reage_training.dataset import Group, draw_pair, encoded, encoder, find_groups, sample, warped
from reage_training.loader import GrowingSet, batches


def test_the_same_seed_and_index_give_the_same_bits(groups: tuple[Group, ...]) -> None:
    a, b = sample(groups, 3, 17, 64), sample(groups, 3, 17, 64)
    for name, channels in (("picture", 5), ("delta", 3), ("skin", 1)):
        one, two = getattr(a, name), getattr(b, name)
        assert one.dtype == np.float32 and one.shape == (64, 64, channels)
        np.testing.assert_array_equal(one, two)
    assert not np.array_equal(a.picture, sample(groups, 3, 18, 64).picture)
    assert not np.array_equal(a.picture, sample(groups, 4, 17, 64).picture)


def test_the_number_of_workers_changes_no_batch(groups: tuple[Group, ...]) -> None:
    rows = [batches(lambda: groups, 1, 2, 32, first, w) for first, w in ((0, 1), (0, 3), (2, 1))]
    one, three, late = ([next(row) for _ in range(3)] for row in rows)
    for a, b in (*zip(one, three, strict=True), (one[2], late[0])):
        assert all(np.array_equal(x, y) for x, y in zip(a, b, strict=True))
    for row in rows:
        row.close()


def test_equal_ages_ask_for_no_change_whatever_the_camera_does(groups: tuple[Group, ...]) -> None:
    seen = 0
    for index in range(150):
        one = sample(groups, 5, index, 16)
        source, target = one.picture[0, 0, 3:]
        assert 0.18 < source < 0.9 and 0.18 < target < 0.9
        if source == target:
            seen += 1
            assert not one.delta.any()
    assert seen


def test_the_encoding_is_the_engines() -> None:
    rgb = np.random.default_rng(0).uniform(0, 2, (2, 8, 8, 3)).astype(np.float32)
    made = encoded(rgb[0], rgb[1], np.ones((8, 8), np.float32), (65.0, 30.0))
    np.testing.assert_array_equal(made.picture[..., :3], encoder().encode(rgb[0]))
    back = encoder().decode(made.picture[..., :3] + made.delta)
    np.testing.assert_allclose(back, rgb[1], rtol=1e-4)
    assert made.picture[0, 0, 3:].tolist() == [np.float32(0.65), np.float32(0.3)]


def test_only_common_layouts_age_and_more_than_half_of_pairs_go_up(
    groups: tuple[Group, ...],
) -> None:
    both = (replace(groups[0], layout="common"), replace(groups[1], layout="random"))
    rng = np.random.default_rng(0)
    kinds = []
    for _ in range(2000):
        group, a, b = draw_pair(rng, both)
        step = np.sign(group.ages[b] - group.ages[a])
        assert step <= 0 or group.layout == "common"
        kinds.append(step)
    assert 0.54 < np.mean(np.array(kinds) > 0) < 0.60
    assert 0.02 < np.mean(np.array(kinds) == 0) < 0.06


@given(
    scale=st.floats(0.5, 1.1),
    degrees=st.floats(-20, 20),
    spot=st.tuples(st.integers(70, 90), st.integers(70, 90)),
)
def test_a_spot_lands_where_the_similarity_says(
    scale: float, degrees: float, spot: tuple[int, int]
) -> None:
    x, y = spot
    rows, columns = np.ogrid[:160, :160]
    blob = np.exp(-((columns - x) ** 2 + (rows - y) ** 2) / 8)
    picture = blob.astype(np.float16)[..., None]
    move = Similarity.of(scale, degrees, (80, 80), (30, 33))
    out = warped(picture, move, 64).reshape(64, 64)
    grid = np.arange(64) + 0.5
    centre = (out.sum(0) @ grid / out.sum(), out.sum(1) @ grid / out.sum())
    np.testing.assert_allclose(centre, move.apply((x + 0.5, y + 0.5)), atol=0.03)


def test_leaving_a_picture_where_it_is_changes_nothing(groups: tuple[Group, ...]) -> None:
    picture = groups[0].pictures()[0]
    same = warped(picture, Similarity(1, 0, 0, 0), picture.shape[0])
    np.testing.assert_allclose(same, picture.astype(np.float32), atol=1e-6)


def test_shrinking_does_not_alias() -> None:
    checks = (np.indices((128, 128)).sum(0) % 2).astype(np.float16)[..., None]
    half = warped(checks, Similarity.of(0.5, 7.0, (64, 64), (32, 32)), 64).reshape(64, 64)
    assert half[16:48, 16:48].std() < 0.05
    assert abs(half[16:48, 16:48].mean() - 0.5) < 0.01


def test_groups_that_appear_are_found(
    groups: tuple[Group, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def copy(group: Group) -> None:
        for path in (group.path, group.path.with_suffix(".json")):
            (tmp_path / path.name).write_bytes(path.read_bytes())

    copy(groups[0])
    growing = GrowingSet(tmp_path)
    assert len(growing.groups()) == 1
    copy(groups[1])
    monkeypatch.setattr("reage_training.loader.RESCAN", 0.0)
    assert [g.path.name for g in growing.groups()] == [g.path.name for g in groups[:2]]


def test_a_folder_without_groups_and_a_foreign_sidecar_are_said(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="reage-train synth"):
        find_groups(tmp_path)
    np.save(tmp_path / "00000_0.npy", np.zeros((1, 4, 4, 4), np.float16))
    (tmp_path / "00000_0.json").write_text(json.dumps({"ages": [3]}), encoding="utf-8")
    with pytest.raises(SettingsError, match=r"00000_0\.json"):
        find_groups(tmp_path)
