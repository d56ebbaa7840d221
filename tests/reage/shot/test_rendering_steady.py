"""A steadied shot: the same pixels however it is split, and each frame's model run once."""

import os
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock

import numpy as np
import pytest

import reage
from helpers.cylinder import head
from helpers.shots import HEIGHT, WHOLE, WIDTH, pixels, write_plate
from reage.errors import UnreadableFrame
from reage.faces import FaceFrame, FaceTrack
from reage.models.model import NullModel
from reage.models.model_card import ModelCard
from reage.models.residual import Residual
from reage.shot.image import read_layers
from reage.shot.residuals import SingleFlight
from reage.shot.tracking import save_track

FRAMES = range(1, 13)
LOST = 12


@dataclass
class Looking:
    """A model whose change depends on the picture and the years; counts its runs."""

    card: ModelCard = field(default_factory=lambda: NullModel().card)
    sha256: str = "2" * 64
    runs: int = 0
    lock: Lock = field(default_factory=Lock)

    def run(self, input):
        with self.lock:
            self.runs += 1
        years = (input.target_age - input.source_age)[..., None]
        values = ((input.picture - 0.4) * years / np.float32(100)).copy()
        return Residual(values, self.card.output_channels)


@pytest.fixture
def shot(tmp_path):
    """Grainy plates 1 … 12, a head that turns and wanders, and its track; no face in the last."""
    folder = tmp_path / "plates"
    folder.mkdir()
    for number in FRAMES:
        write_plate(folder / f"shot.{number:04d}.exr", pixels(number))
    faces = {
        n: head(2.0 * n - 12, frame=n, center=(140.0 + 3 * n, 120.0), degrees=n - 5.0)
        for n in FRAMES
    } | {LOST: FaceFrame.none(LOST)}
    save_track(FaceTrack(WIDTH, HEIGHT, faces), folder / "track.json")
    return str(folder / "shot.%04d.exr"), str(folder / "track.json")


def render(shot, folder, sigma=1.0, model=None, settings=None, **more):
    look = reage.Settings(
        source_age=40.0, target_age=70.0, crop_size=128, steady=sigma, **(settings or {})
    )
    job = reage.RenderJob(shot[0], str(folder / "l.%04d.exr"), look, track=shot[1], **more)
    return reage.render(job, model=model or Looking())


def delta(folder, number):
    return read_layers(folder / f"l.{number:04d}.exr").delta


def test_the_pixels_do_not_depend_on_range_jobs_order_resume_or_beauty(shot, tmp_path):
    render(shot, tmp_path / "whole")
    parts = tmp_path / "parts"
    for frames in ("1-3", "9-11x2", "4"):
        render(shot, parts, frames=frames)
    render(shot, parts, frames="10,8,7,5,6", jobs=3)
    report = render(shot, parts, resume=True, layers=("delta", "matte"))
    assert report.numbers("kept") == tuple(range(1, 12)) and report.numbers("no face") == (12,)
    render(shot, tmp_path / "beauty", layers=("delta", "matte", "beauty"), frames="5-6")
    for number in FRAMES:
        assert np.array_equal(delta(parts, number), delta(tmp_path / "whole", number))
    for number in (5, 6):
        spread = read_layers(tmp_path / "beauty" / f"l.{number:04d}.exr")
        region = read_layers(tmp_path / "whole" / f"l.{number:04d}.exr").region
        assert np.array_equal(
            spread.delta[region.slices(spread.region)], delta(tmp_path / "whole", number)
        )


@pytest.mark.parametrize("jobs", [1, 4])
def test_each_frame_is_run_once_and_neighbours_of_the_range_too(shot, tmp_path, jobs):
    model = Looking()
    render(shot, tmp_path / "a", model=model, jobs=jobs)
    assert model.runs == 11
    model = Looking()
    render(shot, tmp_path / "b", model=model, frames="5-6", jobs=jobs)
    assert model.runs == 2 + 2 * 3  # three frames on either side, at a sigma of 1


def test_flicker_is_less_and_off_is_off(shot, tmp_path):
    """The plates' grain is another in each frame, and this model's change follows it."""
    for sigma in (0.0, 2.0):
        render(shot, tmp_path / str(sigma), sigma=sigma)
    spreads = []
    for sigma in ("0.0", "2.0"):
        layers = read_layers(tmp_path / sigma / "l.0006.exr")
        plate = pixels(6)[layers.region.slices(WHOLE)]
        stops = np.log2(1 + layers.delta / np.maximum(plate, 0.05))[layers.matte > 0.9]
        spreads.append(np.subtract(*np.percentile(stops, (75, 25), axis=0)))
    assert (spreads[1] < 0.5 * spreads[0]).all()  # in each color, whose means are others
    model = Looking()
    render(shot, tmp_path / "off", sigma=0.0, model=model, frames="6")
    assert model.runs == 1
    assert np.array_equal(delta(tmp_path / "off", 6), delta(tmp_path / "0.0", 6))


def test_a_frame_is_stale_when_a_neighbours_plate_age_or_place_changes(shot, tmp_path):
    def again(**more):
        return render(shot, tmp_path / "o", resume=True, **more).numbers("done")

    render(shot, tmp_path / "o", frames="1-11")
    assert again(frames="1-11") == ()
    third = Path(shot[0] % 3)
    os.utime(third, ns=(third.stat().st_atime_ns, third.stat().st_mtime_ns + 10**9))
    assert again(frames="1-11") == (1, 2, 3, 4, 5, 6)
    keyed = {9: {"target_age": 60.0}}
    assert again(frames="1-11", by_frame=keyed) == (6, 7, 8, 9, 10, 11)
    text = Path(shot[1]).read_text().replace('"size": 120.0', '"size": 121.0', 1)
    Path(shot[1]).write_text(text)
    assert again(frames="1-11", by_frame=keyed) == (1, 2, 3, 4)
    assert again(frames="1-11", by_frame=keyed, sigma=0.5) == tuple(range(1, 12))


def test_without_steady_a_neighbours_plate_is_nothing_to_a_frame(shot, tmp_path):
    render(shot, tmp_path / "o", sigma=0.0)
    third = Path(shot[0] % 3)
    os.utime(third, ns=(third.stat().st_atime_ns, third.stat().st_mtime_ns + 10**9))
    assert render(shot, tmp_path / "o", sigma=0.0, resume=True).numbers("done") == (3,)


def test_frames_of_equal_ages_count_as_no_change(shot, tmp_path):
    keyed = {n: {"target_age": 40.0} for n in range(1, 6)}
    model = Looking()
    render(shot, tmp_path / "o", by_frame=keyed, frames="5-8", model=model)
    assert model.runs == 6  # 6 to 11
    render(shot, tmp_path / "flat", frames="5-8")
    assert not delta(tmp_path / "o", 5).any()
    eased = [np.abs(delta(tmp_path / "o", n)).mean() / np.abs(delta(tmp_path / "flat", n)).mean()
             for n in (6, 7, 8)]  # fmt: skip
    assert 0.4 < eased[0] < eased[1] < eased[2] < 1.0


def test_a_broken_neighbour_is_named_or_with_continue_on_error_passed_over(shot, tmp_path):
    Path(shot[0] % 8).write_bytes(b"no image at all")
    with pytest.raises(UnreadableFrame, match=r"shot\.0008\.exr"):
        render(shot, tmp_path / "a", frames="6")
    report = render(shot, tmp_path / "b", continue_on_error=True)
    assert report.numbers("failed") == (8,)
    assert [f.number for f in report.frames if f.outcome == "done"] == [*range(1, 8), 9, 10, 11]


def test_held_frames_are_no_neighbours(shot, tmp_path):
    Path(shot[0] % 4).unlink()
    render(shot, tmp_path / "hold", missing="hold")
    render(shot, tmp_path / "skip", missing="skip")
    for number in (1, 2, 3, 5, 6, 7):
        assert np.array_equal(delta(tmp_path / "hold", number), delta(tmp_path / "skip", number))
    assert delta(tmp_path / "hold", 4).any()


def test_memory_is_bounded_by_what_is_kept():
    once, asked = SingleFlight(3), []

    def compute(frame):
        asked.append(frame)
        return np.full((1, 1, 1), frame, np.float32)

    for frame in (1, 2, 3, 1, 4, 1, 2, 3):
        assert once(frame, compute)[0, 0, 0] == frame
    assert asked == [1, 2, 3, 4, 2, 3] and len(once._kept) == 3


def test_a_failed_computation_is_tried_again():
    once = SingleFlight(3)

    def fail(frame):
        raise UnreadableFrame("broken")

    with pytest.raises(UnreadableFrame):
        once(1, fail)
    assert once(1, lambda frame: np.zeros((1, 1, 1))).shape == (1, 1, 1)
