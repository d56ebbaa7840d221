"""The flicker of a written change: nothing for a steady one, as constructed for a shaken one."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import reage
from helpers.shots import face, write_plate, write_shot
from reage import home
from reage.faces import FaceFrame
from reage.faces.skin import coverage
from reage.media.exr import write_layers
from reage.media.imagefile import read_channel_names, read_channels, read_info
from reage.models.model import NullModel
from reage.shot.rendering import render
from reage.shot.shot_report import ShotReport
from reage.shot.steady import TimedResidual
from reage.shot.tracking import load_track, make_track, save_track
from reage.tools.shot_report.flicker import (
    NO_LAYERS,
    NO_ROW,
    flicker_curve,
    measured_flicker,
    new_in_frame,
)
from reage.tools.shot_report.shot_files import square_around
from reage.tools.shot_report.where import Where

SIDE = 128


def changes(values, faces=None) -> list[TimedResidual]:
    faces = faces or [face(n) for n in range(len(values))]
    return [
        TimedResidual(f, square_around(f, 1.0, SIDE, 1.25), v)
        for f, v in zip(faces, values, strict=True)
    ]


def curve(rows):
    middles = range(1, len(rows) - 1)
    return flicker_curve({n: new_in_frame(rows[n - 1], rows[n], rows[n + 1]) for n in middles})


@pytest.fixture(scope="module")
def still() -> np.ndarray:
    r = np.random.default_rng(3)
    return r.normal(0, 0.05, (SIDE, SIDE, 3)).astype(np.float32)


def test_a_steady_change_leaves_nothing(still) -> None:
    assert curve(changes([still] * 5)).score == 0
    grows = curve(changes([still * k for k in (1, 2, 3, 4, 5)])).score
    assert grows is not None and grows < 1e-4
    assert curve(changes([0 * still] * 4)).score == 0


def test_what_is_new_in_every_frame_is_its_share(still) -> None:
    """Noise of variance s beside a change of mean square m: √(s / (m + s))."""
    r = np.random.default_rng(4)
    for sigma in (0.01, 0.05, 0.2):
        noisy = [still + r.normal(0, sigma, still.shape).astype(np.float32) for _ in range(12)]
        score = curve(changes(noisy)).score
        assert score == pytest.approx(sigma / math.hypot(0.05, sigma), rel=0.04)


def test_one_frame_that_is_stronger_is_seen_there_and_half_beside_it(still) -> None:
    """r is a × D in that frame and −a / 2 × D in those beside."""
    values = [still] * 7
    values[3] = 1.2 * still
    found = curve(changes(values))
    mean = math.sqrt((4 + 1.2**2) / 5)
    at = dict(zip(found.frames, found.values, strict=True))
    assert at[3] == pytest.approx(0.2 / math.sqrt(1.5) / mean, rel=1e-3)
    assert at[2] == at[4] == pytest.approx(0.1 / math.sqrt(1.5) / mean, rel=1e-3)
    assert at[1] == at[5] == 0
    assert found.score == pytest.approx(math.sqrt(sum(v**2 for v in at.values()) / 5), rel=1e-3)


def test_only_the_face_counts(still) -> None:
    rows = changes([still] * 3)
    shown = coverage(rows[1].face, rows[1].crop)[..., None]
    shaken = np.where(shown == 0, 9 * still, still).astype(np.float32)
    assert (shown == 0).mean() > 0.2
    assert curve([rows[0], replace(rows[1], values=shaken), rows[2]]).score == 0


def test_a_change_that_turns_with_the_mesh_is_steady(tmp_path) -> None:
    """The demo plate's head turns: bumps that lie on its skin, drawn by its landmarks."""
    look = reage.Settings(50, 70)
    job = reage.RenderJob(
        str(home.samples() / "demo.%04d.exr"), "", look, frames="1001-1004"
    )
    track = make_track(job, tmp_path / "t.json")
    faces = [f for n in sorted(track.frames) if (f := track.at(n)) and f.mesh]
    drawn = [_bumps(f) for f in faces]
    on_skin = curve(changes(drawn, faces)).score
    beside = curve(changes(drawn, [replace(f, mesh=()) for f in faces])).score
    assert len(faces) == 4 and on_skin < 0.5 * beside


def _bumps(f: FaceFrame) -> np.ndarray:
    crop = square_around(f, 1.0, SIDE, 1.25)
    points = crop.to_plate.inverse().apply(f.landmarks())[::6]
    y, x = np.mgrid[:SIDE, :SIDE] + 0.5
    signs = np.where(np.arange(len(points)) % 2, 1, -1)
    apart = (x - points[:, 0, None, None]) ** 2 + (y - points[:, 1, None, None]) ** 2
    drawn = (signs[:, None, None] * np.exp(-apart / (2 * 1.5**2))).sum(0)
    return np.repeat(drawn[..., None], 3, 2).astype(np.float32)


@pytest.fixture(scope="module")
def rendered(tmp_path_factory) -> ShotReport:
    folder = tmp_path_factory.mktemp("shot")
    plate, track = write_shot(folder / "plates", frames=range(1, 10))
    for n in range(1, 10):  # the same light on all skin, so that nothing but the change counts
        write_plate(Path(plate % n), np.full((240, 320, 3), 0.2, np.float32))
    job = reage.RenderJob(
        plate, str(folder / "o.%04d.exr"), reage.Settings(50, 30, crop_size=128), track=track
    )
    return render(job, model=NullModel(strength=0.02)).shot


def scaled(path: Path, by: float) -> None:
    names = read_channel_names(path)
    values, region, info = read_channels(path, names)
    colors = [n for n in names if "delta" in n]
    channels = {n: values[..., i] * (by if n in colors else 1) for i, n in enumerate(names)}
    write_layers(path, {n: np.ascontiguousarray(c) for n, c in channels.items()}, region, info,
                 {"colorspace": "ACEScg"})  # fmt: skip


def test_written_layers_are_read_back(rendered, tmp_path) -> None:
    (steady,) = measured_flicker(rendered, Where.of(rendered))
    assert steady.frames == tuple(range(2, 9)) and steady.score < 0.03
    shaken = Path(rendered.shot.output % 5)
    kept = shaken.read_bytes()
    assert read_info(shaken).metadata
    scaled(shaken, 1.3)
    (found,) = measured_flicker(rendered, Where.of(rendered))
    shaken.write_bytes(kept)
    at = dict(zip(found.frames, found.values, strict=True))
    assert at[5] == pytest.approx(0.3 / math.sqrt(1.5), rel=0.12)
    assert at[4] == pytest.approx(0.15 / math.sqrt(1.5), rel=0.12)
    assert max(at[2], at[8]) < 0.03


def test_where_there_is_none_it_says_why(rendered, tmp_path) -> None:
    where = Where.of(rendered)
    shot = rendered.shot
    (none,) = measured_flicker(replace(rendered, shot=replace(shot, layers=())), where)
    assert none.score is None and none.why == NO_LAYERS
    (none,) = measured_flicker(replace(rendered, shot=replace(shot, layers=("beauty",))), where)
    assert none.score is None and "hold no delta and matte" in none.why
    (none,) = measured_flicker(replace(rendered, frames=rendered.frames[::2]), where)
    assert none.why == NO_ROW
    (none,) = measured_flicker(rendered, replace(where, track=str(tmp_path / "no.json")))
    assert none.score is None and "no.json" in none.why
    (none,) = measured_flicker(rendered, replace(where, plate=str(tmp_path / "no.%04d.exr")))
    assert none.score is None and "no.%04d.exr" in none.why


def test_a_frame_that_is_gone_and_a_cut_leave_gaps(rendered, tmp_path) -> None:
    gone = Path(rendered.shot.output % 5)
    kept = gone.read_bytes()
    gone.unlink()
    (found,) = measured_flicker(rendered, Where.of(rendered))
    gone.write_bytes(kept)
    assert found.frames == (2, 3, 7, 8)
    track = load_track(Path(rendered.runs[0].tracks[0].path))
    save_track(replace(track, cuts=(5,)), tmp_path / "cut.json")
    where = replace(Where.of(rendered), track=str(tmp_path / "cut.json"))
    assert measured_flicker(rendered, where)[0].frames == (2, 3, 6, 7, 8)
