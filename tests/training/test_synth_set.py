"""Laws of the training-set generator, on the small head at miniature size."""

from __future__ import annotations

import argparse
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from reage.errors import SettingsError
from reage_training.synth.command import add_arguments, run
from reage_training.synth.generate import LUMA, REC709_TO_ACESCG, SetOptions, write_set

OPTIONS = SetOptions(
    assets=None, seed=5, identities=2, views=2, ages=(25.0, 70.0, 25.0), size=80, texture=128
)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("set")
    write_set(folder, OPTIONS, workers=1)
    return folder


def groups(folder: Path) -> dict[str, np.ndarray]:
    return {file.name: np.load(file) for file in sorted(folder.glob("*.npy"))}


def story(folder: Path, name: str) -> dict:
    return json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))


def test_a_set_has_a_group_and_a_story_of_each_view(made: Path) -> None:
    assert sorted(groups(made)) == ["00000_0.npy", "00000_1.npy", "00001_0.npy", "00001_1.npy"]
    for group in groups(made).values():
        assert group.shape == (3, 80, 80, 4)
        assert group.dtype == np.float16
        assert np.isfinite(group).all()
        assert group.min() >= 0
    assert story(made, "00001_1")["ages"] == [25.0, 70.0, 25.0]


def test_the_same_whoever_computes_it(made: Path, tmp_path: Path) -> None:
    write_set(tmp_path, OPTIONS, workers=2)
    again = groups(tmp_path)
    for name, group in groups(made).items():
        assert np.array_equal(group, again[name]), name
    assert story(made, "00001_0") == story(tmp_path, "00001_0")


def test_another_seed_is_another_person(made: Path, tmp_path: Path) -> None:
    write_set(tmp_path, replace(OPTIONS, seed=6, identities=1), workers=1)
    assert story(tmp_path, "00000_0")["seed"] != story(made, "00000_0")["seed"]
    assert not np.array_equal(groups(tmp_path)["00000_0.npy"], groups(made)["00000_0.npy"])


def test_equal_ages_give_equal_pictures_and_others_do_not(made: Path) -> None:
    for group in groups(made).values():
        assert np.array_equal(group[0], group[2])
        skin = (group[0, ..., 3] > 0.9) & (group[1, ..., 3] > 0.9)
        assert np.abs(group[0] - group[1])[skin].mean() > 1e-3


def test_what_is_neither_skin_nor_outline_stays(made: Path) -> None:
    """Background, hair and cloth: away from skin at either age no pixel may change."""
    for name, group in groups(made).items():
        near = np.zeros((80, 80), bool)
        for y, x in np.argwhere((group[..., 3] > 0).any(0)):
            near[max(y - 2, 0) : y + 3, max(x - 2, 0) : x + 3] = True
        assert (~near).mean() > 0.05, name
        far = np.abs(group[0, ~near].astype(np.float32) - group[1, ~near])
        # Cloth and the back of the neck take part in the shape's slow sag below the chin.
        assert (far.max(-1) > 0.02).mean() < 0.02, name


def test_skin_is_exposed_alike_at_all_ages(made: Path) -> None:
    from_acescg = np.linalg.inv(REC709_TO_ACESCG)
    for group in groups(made).values():
        for picture in group.astype(np.float32):
            luminance = picture[..., :3] @ from_acescg.T @ LUMA
            assert 0.15 < np.percentile(luminance[picture[..., 3] > 0.9], 90) < 0.65


def test_landmarks_lie_on_the_face(made: Path) -> None:
    for name, group in groups(made).items():
        points = np.array(story(made, name[:-4])["landmarks"])
        assert points.shape == (468, 3)
        inside = points[((points[:, :2] > 0) & (points[:, :2] < 80)).all(1)]
        assert len(inside) > 300
        x, y = inside[:, :2].astype(int).T
        eyes_mouth_hair = group[0, y, x, 3] < 0.5
        assert eyes_mouth_hair.mean() < 0.35


def test_going_on_keeps_what_stands_and_adds_what_misses(made: Path, tmp_path: Path) -> None:
    write_set(tmp_path, replace(OPTIONS, identities=1), workers=1)
    kept, lost = tmp_path / "00000_0.npy", tmp_path / "00000_1.npy"
    before = kept.stat().st_mtime_ns
    write_set(tmp_path, replace(OPTIONS, identities=1), workers=1)
    assert kept.stat().st_mtime_ns == before
    lost.unlink()
    seen: list[tuple[int, int]] = []
    write_set(tmp_path, OPTIONS, workers=1, progress=lambda done, of: seen.append((done, of)))
    assert seen == [(0, 2), (1, 2), (2, 2)]
    assert np.array_equal(np.load(lost), groups(made)["00000_1.npy"])
    assert not list(tmp_path.glob(".*"))


def test_other_options_in_the_same_folder_are_refused(made: Path) -> None:
    with pytest.raises(SettingsError, match="size"):
        write_set(made, replace(OPTIONS, size=96), workers=1)


def test_missing_assets_say_where_to_get_them(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="ICT-VGL/ICT-FaceKit"):
        write_set(tmp_path / "set", replace(OPTIONS, assets=tmp_path), workers=1)
    assert not (tmp_path / "set").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [([], "--out"), (["--ages", "20,old"], "list of years"), (["--ages", "5"], "18 to 90")],
)
def test_wrong_options_are_named(words: list[str], said: str) -> None:
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    with pytest.raises(SettingsError, match=said):
        run(parser.parse_args(words))
