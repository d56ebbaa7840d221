"""Laws of the views that skin is lit in, on the small head at miniature size."""

from __future__ import annotations

import argparse
import json
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch

from reage.errors import SettingsError
from reage_training import dataset
from reage_training.cli import main
from reage_training.dataset import GrowingDataset, StoredView, find_views
from reage_training.people import largest
from reage_training.render.bank import open_bank
from reage_training.render.look import Look
from reage_training.render.picture import pictures
from reage_training.render.skin import Ages
from reage_training.render.window import whole
from reage_training.synth import things
from reage_training.synth.command import add_arguments
from reage_training.synth.patterns import CHANNELS
from reage_training.synth.things import with_things
from reage_training.synth.view import (
    COVERAGE,
    FEATURES,
    HAIR,
    LUMA,
    PLANES,
    REC709_TO_ACESCG,
    SKIN,
    STILL,
    STILL_GRAY,
    STILL_OLD,
    UV,
    View,
)
from reage_training.synth.views import DatasetOptions, write_dataset

CPU = torch.device("cpu")
OPTIONS = DatasetOptions(
    assets=None, seed=5, identities=2, views=2, size=80, patterns=2, texture=64
)
NUMBERS = [k for k in range(PLANES) if k not in range(*UV.indices(PLANES))]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("set")
    write_dataset(folder, OPTIONS, workers=1)
    return folder


def files(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in sorted(folder.iterdir())}


def view(stored: StoredView) -> View:
    return View(np.array(stored.planes()), stored.metadata)


def test_a_dataset_has_planes_and_metadata_of_each_view(made: Path) -> None:
    views = find_views(made)
    assert [v.path.name for v in views] == [f"0000{k}_{n}.npy" for k in (0, 1) for n in (0, 1)]
    for stored in views:
        planes = stored.planes()
        assert planes.shape == (80, 80, PLANES) and planes.dtype == np.float16
        assert np.isfinite(planes[..., NUMBERS]).all()
        for coverage in (planes[..., coverage] for coverage in COVERAGE):
            assert coverage.min() >= 0 and coverage.max() <= 1
        assert planes[..., STILL].min() >= 0
    patterns = np.load(made / "patterns.npy")
    assert patterns.shape == (2, 64, 64, CHANNELS) and not np.array_equal(*patterns)


def test_the_same_whoever_computes_it(made: Path, tmp_path: Path) -> None:
    write_dataset(tmp_path, OPTIONS, workers=2)
    assert files(tmp_path) == files(made)


def test_another_seed_is_another_person_with_other_patterns(made: Path, tmp_path: Path) -> None:
    write_dataset(tmp_path, replace(OPTIONS, seed=6, identities=1, views=1, patterns=1), workers=1)
    one, other = files(made), files(tmp_path)
    assert find_views(tmp_path)[0].metadata["seed"] != find_views(made)[0].metadata["seed"]
    assert one["00000_0.npy"] != other["00000_0.npy"]
    assert one["patterns.npy"] != other["patterns.npy"]
    assert one["shapes.npy"] == other["shapes.npy"]


def test_skin_is_where_the_face_is_and_nothing_else_is_drawn_there(made: Path) -> None:
    for stored in find_views(made):
        planes = stored.planes().astype(np.float32)
        assert 0.05 < planes[..., SKIN].mean() < 0.7
        bare = planes[..., SKIN] > 0.999
        assert not planes[bare][:, STILL].any()
        features = planes[..., FEATURES]
        assert 0.001 < features.mean() < 0.1
        changed = np.abs(planes[..., STILL_OLD] - planes[..., STILL]).max(-1)
        assert changed.max() > 0.01 and not changed[features == 0].any()
        hairless = planes[..., HAIR] == 0
        np.testing.assert_array_equal(*(planes[hairless][:, s] for s in (STILL, STILL_GRAY)))


def test_skin_is_exposed_alike_at_all_ages(made: Path) -> None:
    bank = open_bank(made, CPU)
    from_acescg = np.linalg.inv(REC709_TO_ACESCG)
    for stored in find_views(made):
        window = whole(stored.planes(), stored.metadata, bank.device)
        look = Look.of(stored.metadata, bank.count)
        lit = pictures(window, bank, look, [Ages.all(25), Ages.all(80)])
        for picture in lit.rgb.permute(0, 2, 3, 1).numpy():
            luminance = picture @ from_acescg.T @ LUMA
            assert 0.12 < np.percentile(luminance[lit.skin > 0.9], 90) < 0.7


def test_only_the_heads_hair_is_gray_in_the_gray_picture(made: Path) -> None:
    bank = open_bank(made, CPU)
    for stored in find_views(made):
        window = whole(stored.planes(), stored.metadata, bank.device)
        lit = pictures(window, bank, Look.of(stored.metadata, bank.count), [Ages.all(60)])
        change = (lit.gray - lit.rgb[0]).abs().amax(0)
        assert change[lit.hair == 0].max() < 1e-4
        assert lit.hair.max() == 0 or change.max() > 0.01


def test_landmarks_lie_on_the_face(made: Path) -> None:
    for stored in find_views(made):
        points = np.array(stored.metadata["landmarks"])
        assert points.shape == (468, 3)
        inside = points[((points[:, :2] > 0) & (points[:, :2] < 80)).all(1)]
        assert len(inside) > 300
        x, y = inside[:, :2].astype(int).T
        covered = stored.planes()[..., SKIN] + stored.planes()[..., HAIR]
        assert (covered[y, x] < 0.5).mean() < 0.35


def test_things_before_a_face_hide_skin_and_never_add_it(
    made: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("GLASSES", "HAT", "HAND", "MICROPHONE"):
        monkeypatch.setattr(things, name, 1.0)
    bare = view(find_views(made)[0])
    one, two = (with_things(bare, np.random.default_rng(3)) for _ in range(2))
    assert one.metadata["worn"] == ["glasses", "hat", "hand", "microphone"]
    assert np.array_equal(one.planes.view(np.uint16), two.planes.view(np.uint16))
    less = bare.planes[..., SKIN].astype(np.float32) - one.planes[..., SKIN]
    assert less.min() > -1e-3 and less.max() > 0.9
    assert np.array_equal(one.planes[..., :SKIN].view(np.uint16),
                          bare.planes[..., :SKIN].view(np.uint16))  # fmt: skip


def test_most_faces_are_bare(made: Path) -> None:
    bare = view(find_views(made)[1])
    bare = replace(bare, metadata={k: v for k, v in bare.metadata.items() if k != "worn"})
    worn = [with_things(bare, np.random.default_rng(k)).metadata.get("worn") for k in range(150)]
    assert 0.15 < np.mean([bool(w) for w in worn]) < 0.48


def test_going_on_keeps_what_stands_and_adds_what_misses(made: Path, tmp_path: Path) -> None:
    for name, data in files(made).items():
        if not name.startswith("00001"):
            (tmp_path / name).write_bytes(data)
    kept, lost = tmp_path / "00000_0.npy", tmp_path / "00000_1.npy"
    before = kept.stat().st_mtime_ns
    lost.unlink()
    seen: list[tuple[int, int]] = []
    one = replace(OPTIONS, identities=1)
    write_dataset(tmp_path, one, workers=1, progress=lambda done, of: seen.append((done, of)))
    assert seen == [(0, 1), (1, 1)]
    assert lost.read_bytes() == files(made)[lost.name]
    stands = kept.stat().st_mtime_ns
    write_dataset(tmp_path, one, workers=1)
    assert kept.stat().st_mtime_ns == stands >= before
    assert not list(tmp_path.glob(".*"))


def test_views_that_appear_are_found(
    made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second, *_ = find_views(made)

    def copy(stored: StoredView) -> None:
        for path in (stored.path, stored.path.with_suffix(".json")):
            (tmp_path / path.name).write_bytes(path.read_bytes())

    copy(first)
    growing = GrowingDataset(tmp_path)
    assert len(growing.views()) == 1
    copy(second)
    monkeypatch.setattr(dataset, "RESCAN", 0.0)
    assert [v.path.name for v in growing.views()] == [first.path.name, second.path.name]


def test_folders_that_hold_no_dataset_are_said(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="reage-train synth"):
        find_views(tmp_path)
    with pytest.raises(SettingsError, match="no patterns"):
        open_bank(tmp_path, CPU)
    np.save(tmp_path / "00000_0.npy", np.zeros((4, 4, 4), np.float16))
    sidecar = tmp_path / "00000_0.json"
    sidecar.write_text(json.dumps({"seed": 3}), encoding="utf-8")
    with pytest.raises(SettingsError, match=r"00000_0\.json"):
        find_views(tmp_path)
    with pytest.raises(SettingsError, match="planes of a view"):
        StoredView(tmp_path / "00000_0.npy", {}).planes()


def test_other_options_in_the_same_folder_are_refused(made: Path) -> None:
    with pytest.raises(SettingsError, match="size"):
        write_dataset(made, replace(OPTIONS, size=96), workers=1)


def test_missing_assets_say_where_to_get_them(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="ICT-VGL/ICT-FaceKit"):
        write_dataset(tmp_path / "set", replace(OPTIONS, assets=tmp_path), workers=1)
    assert not (tmp_path / "set").exists()


def test_a_dataset_needs_a_folder() -> None:
    parser = argparse.ArgumentParser(exit_on_error=False)
    add_arguments(parser)
    with pytest.raises(SystemExit):
        parser.parse_args([])


def test_the_sheet_of_people_has_a_row_for_each_and_ages_across(made: Path, tmp_path: Path) -> None:
    out = tmp_path / "people.png"
    words = ["people", str(made), "-o", str(out), "--people", "2", "--ages", "25,80"]
    assert main(words) == 0
    sheet = cv2.imread(str(out)).astype(int)
    assert sheet.shape == (2 * 80, 3 * 80, 3)
    young, old, gray = (sheet[:, k : k + 80] for k in (0, 80, 160))
    assert 0.3 < np.abs(young - old).mean() < 30
    assert np.abs(old - gray).mean() > 0.3
    assert (np.abs(young - old).max(-1) == 0).mean() > 0.2


@pytest.mark.parametrize(("words", "side"), [([], 192), (["--size", "40"], 40)])
def test_a_sheet_of_views_of_several_sizes_has_one_size(
    mixed_dataset: Path, tmp_path: Path, words: list[str], side: int
) -> None:
    out = tmp_path / "people.png"
    assert main(["people", str(mixed_dataset), "-o", str(out), "--ages", "25,80", *words]) == 0
    sheet = cv2.imread(str(out))
    assert sheet.shape == (2 * side, 3 * side, 3)


def test_a_sheet_shows_each_person_in_their_largest_view(mixed_dataset: Path) -> None:
    views = find_views(mixed_dataset)
    small, large = (replace(view, metadata={"seed": 4}) for view in views)
    other = replace(small, metadata={"seed": 3})
    assert largest([small, large, other]) == [other, large]
    assert largest([small, small]) == [small]


@pytest.mark.parametrize(
    ("words", "said"),
    [(["--ages", "20,old"], "list of years"), (["--ages", "5"], "18 to 88"), (["--people", "0"],
     "one or more"), (["--size", "0"], "one px or more")],
)  # fmt: skip
def test_wrong_options_of_a_sheet_are_named(
    made: Path, words: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["people", str(made), "-o", "x.png", *words]) != 0
    assert said in capsys.readouterr().err
