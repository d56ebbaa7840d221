"""A squeezed plate gets the change that the unsqueezed one gets, squeezed."""

import json

import cv2
import numpy as np
import pytest

import reage
from helpers.plate_files import write_image
from helpers.shots import HEIGHT, WIDTH, face
from reage import home
from reage.errors import PlateError, TrackError
from reage.faces import FaceTrack
from reage.media.imagefile import read_info, read_plate
from reage.models.model import NullModel
from reage.models.residual import Residual
from reage.pixels.geometry import Region
from reage.shot.edit import Edit
from reage.shot.editing import edited
from reage.shot.image import read_layers
from reage.shot.tracking import load_track, save_track

DEMO = read_plate(home.demo_plate()[0]).rgb


class Contrast:
    """A model whose change is the picture's own detail, upright in the crop and no other way."""

    card = NullModel().card
    sha256 = "3" * 64

    def run(self, input):
        slope = np.gradient(cv2.GaussianBlur(input.picture, (0, 0), 1.5), axis=0)
        return Residual(np.float32(2.0) * slope.astype(np.float32), self.card.output_channels)


def squeeze(rgb, aspect):
    """Means over pixels so much wider."""
    size = (round(rgb.shape[1] / aspect), rgb.shape[0])
    way = cv2.INTER_AREA if aspect > 1 else cv2.INTER_LINEAR
    return cv2.resize(rgb, size, interpolation=way)


def plate(path, rgb, aspect):
    attributes = {"PixelAspectRatio": aspect, "colorspace": "ACEScg"}
    return write_image(path, rgb, kind="float", attributes=attributes)


def render(folder, aspect, track, **more):
    folder.mkdir()
    rgb = cv2.GaussianBlur(np.random.default_rng(2).random((HEIGHT, WIDTH, 3)), (0, 0), 5.0)
    path = plate(folder / "p.exr", squeeze(rgb.astype(np.float32) * 0.5, aspect), aspect)
    width = round(WIDTH / aspect)
    save_track(FaceTrack(width, HEIGHT, {1: track}, aspect), folder / "t.json")
    look = reage.Settings(source_age=40.0, target_age=70.0, crop_size=128)
    job = reage.RenderJob(
        str(path), str(folder / "l.exr"), look, track=str(folder / "t.json"), **more
    )
    reage.render(job, model=Contrast())
    layers = read_layers(folder / "l.exr").spread(Region(0, 0, width, HEIGHT))
    return layers.delta * layers.matte[..., None], layers.matte


@pytest.mark.parametrize("aspect", [2.0, 1.333, 0.5])
def test_the_delta_is_the_square_plates_squeezed(tmp_path, aspect):
    at = face(degrees=30.0)
    want, matte = (squeeze(each, aspect) for each in render(tmp_path / "square", 1.0, at))
    got, got_matte = render(tmp_path / "squeezed", aspect, at)
    assert np.abs(got_matte - matte).max() < 0.02
    error = np.sqrt(((got - want) ** 2).mean() / (want**2).mean())
    assert error < 0.02  # about 0.01 is measured


def test_the_layers_lie_in_the_plates_own_pixels_and_keep_its_aspect(tmp_path):
    render(tmp_path / "a", 2.0, face(), layers=("delta", "matte", "beauty"))
    for name in ("p.exr", "l.exr"):
        info = read_info(tmp_path / "a" / name)
        assert (info.display.width, info.pixel_aspect) == (WIDTH // 2, 2.0)


def test_faces_are_found_unsqueezed_and_told_in_the_plates_own_px(tmp_path):
    tracks = []
    for aspect in (1.0, 2.0):
        path = plate(tmp_path / f"{aspect:g}.exr", squeeze(DEMO, aspect), aspect)
        job = reage.RenderJob(str(path), "", reage.Settings(face=f"{430 / aspect},260"))
        tracks.append(reage.make_track(job, tmp_path / f"{aspect:g}.json"))
    one, two = (track.at(1) for track in tracks)
    assert np.hypot(*np.subtract(one.center, two.center)) < 0.02 * one.size
    assert two.size == pytest.approx(one.size, rel=0.02)
    said = json.loads((tmp_path / "2.json").read_text())
    assert (said["width"], said["pixel_aspect"]) == (DEMO.shape[1] // 2, 2.0)
    assert said["frames"][0]["center"][0] == pytest.approx(one.center[0] / 2, abs=0.01 * one.size)
    assert "pixel_aspect" not in (tmp_path / "1.json").read_text()


def test_edits_are_in_the_plates_own_px(tmp_path):
    track = FaceTrack(WIDTH // 2, HEIGHT, {1: face(1)}, 2.0)
    moved = edited(track, [Edit((1,), shift=(4.0, 3.0))]).at(1)
    assert np.allclose(moved.center, np.add(face(1).center, (8.0, 3.0)))
    assert edited(track, [Edit((1,), center=(50.0, 60.0))]).at(1).center == (100.0, 60.0)
    save_track(track, tmp_path / "t.json")
    back = load_track(tmp_path / "t.json")
    assert (back.aspect, back.at(1).center) == (2.0, (160.0, 120.0))


def test_a_track_of_other_pixels_and_pixels_of_no_lens_are_told(tmp_path):
    square = FaceTrack(WIDTH // 2, HEIGHT, {1: face()})
    with pytest.raises(TrackError, match="made for pixels 1 times as wide as high.*plate's are 2"):
        path = plate(tmp_path / "p.exr", np.zeros((HEIGHT, WIDTH // 2, 3), np.float32), 2.0)
        save_track(square, tmp_path / "t.json")
        look = reage.Settings(source_age=40.0, target_age=70.0)
        job = reage.RenderJob(
            str(path), str(tmp_path / "l.exr"), look, track=str(tmp_path / "t.json")
        )
        reage.render(job, model=Contrast())
    with pytest.raises(PlateError, match="9 times as wide as high, .* with --pixel-aspect"):
        path = plate(tmp_path / "q.exr", np.zeros((HEIGHT, 40, 3), np.float32), 9.0)
        reage.render(reage.RenderJob(str(path), str(tmp_path / "l.exr"), look), model=Contrast())


def test_what_the_artist_says_of_the_pixels_wins_over_the_header(tmp_path):
    at = face(degrees=30.0)
    want, _ = render(tmp_path / "header", 2.0, at)
    rgb = read_plate(tmp_path / "header" / "p.exr").rgb
    path = plate(tmp_path / "p.exr", rgb, 1.0)
    look = reage.Settings(source_age=40.0, target_age=70.0, crop_size=128, pixel_aspect=2.0)
    job = reage.RenderJob(
        str(path), str(tmp_path / "l.exr"), look, track=str(tmp_path / "header" / "t.json")
    )
    reage.render(job, model=Contrast())
    got = read_layers(tmp_path / "l.exr").spread(Region(0, 0, WIDTH // 2, HEIGHT))
    assert np.array_equal(got.delta * got.matte[..., None], want)
    assert read_info(tmp_path / "l.exr").pixel_aspect == 2.0


def test_the_shape_is_the_square_plates_squeezed(tmp_path):
    look = reage.Settings(source_age=40.0, target_age=75.0, crop_size=128, colorspace="ACEScg")
    moves, tracked = [], None
    height, width = DEMO.shape[:2]
    for aspect in (1.0, 2.0):
        path = plate(tmp_path / f"{aspect:g}.exr", squeeze(DEMO, aspect), aspect)
        if tracked is None:
            tracked = reage.make_track(reage.RenderJob(str(path), "", look), tmp_path / "t.json")
        track = FaceTrack(round(width / aspect), height, tracked.frames, aspect)
        save_track(track, tmp_path / f"{aspect:g}.json")
        job = reage.RenderJob(
            str(path), str(tmp_path / "l.exr"), look, track=str(tmp_path / f"{aspect:g}.json"),
            layers=("delta", "matte", "shape"),
        )  # fmt: skip
        reage.render(job, model=NullModel())
        layers = read_layers(tmp_path / "l.exr")
        moves.append(layers.spread(Region(0, 0, round(width / aspect), height)).shape)
    want = cv2.resize(moves[0], (width // 2, height), interpolation=cv2.INTER_AREA) / (2.0, 1.0)
    assert np.abs(want).max() > 2
    assert np.abs(moves[1] - want).max() < 0.1 and np.abs(moves[1] - want).mean() < 0.003
