"""Only the face changes; all other pixels are the camera's own."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from helpers.steered import SlowModel
from reage.faces import FaceFrame
from reage.frame.matte import face_matte
from reage.models.onnx_model import OnnxModel
from reage.pixels.crop import crop_for
from reage.pixels.geometry import Region
from reage.settings import Settings
from reage_live.finder import sightings
from reage_live.light import Light
from reage_live.plate import LivePlate
from reage_live.reaging import reaged

LIGHT = Light("srgb_rec709_scene")
OLDER = Settings(source_age=25.0, target_age=75.0)


@pytest.fixture(scope="module")
def picture(head):
    return head(24)


@pytest.fixture(scope="module")
def face(picture) -> FaceFrame:
    (sighting,) = sightings(0, picture, LIGHT, True)
    return sighting.face


def matte_of(picture, face, model, side):
    crop = crop_for(face, model.card, side)
    return crop.paste(face_matte(face, crop), Region(0, 0, picture.shape[1], picture.shape[0]))


@pytest.mark.parametrize("side", [64, 192, 256])
@pytest.mark.parametrize("deep", [False, True])
def test_outside_the_matte_the_pixels_are_the_cameras_own(picture, face, side, deep):
    if deep:
        picture = picture.astype(np.uint16) * 257
    model = SlowModel()
    result = reaged(LivePlate(picture, LIGHT), [(face, OLDER)], model, side)
    changed = (result != picture).any(-1)
    # Worked out at the crop's own resolution, the matte's edge is exact to its px.
    matte = matte_of(picture, face, model, side)
    coarse = max(1.0, face.size * model.card.crop_scale / side)
    around = int(np.ceil(2 * coarse)) + 1
    reach = np.pad(matte > 0, around)
    near = np.zeros_like(matte, bool)
    for dy in range(2 * around + 1):
        for dx in range(2 * around + 1):
            near |= reach[dy : dy + near.shape[0], dx : dx + near.shape[1]]
    assert result.dtype == picture.dtype
    assert not changed[~near].any()
    assert changed[matte > 0.9].mean() > 0.9


def test_nothing_asked_for_is_the_very_same_picture(picture, face):
    live, model = LivePlate(picture, LIGHT), SlowModel()
    for settings in (replace(OLDER, target_age=25.0), replace(OLDER, blend=0.0)):
        assert reaged(live, [(face, settings)], model, 256) is picture
    assert reaged(live, [], model, 256) is picture


def test_the_picture_itself_is_never_written_to(picture, face):
    before = picture.copy()
    reaged(LivePlate(picture, LIGHT), [(face, OLDER)], SlowModel(), 256)
    assert (picture == before).all()


def test_more_blend_is_more_change(picture, face):
    live, model = LivePlate(picture, LIGHT), SlowModel()
    changes = [
        np.abs(
            reaged(live, [(face, replace(OLDER, blend=b))], model, 256).astype(int) - picture
        ).sum()
        for b in (0.2, 0.6, 1.0)
    ]
    assert 0 < changes[0] < changes[1] < changes[2]


def test_the_coarse_change_is_near_to_the_exact_one(picture, face):
    """A face larger than the crop: worked out small, it changes the same by a code value or two."""
    live, model = LivePlate(picture, LIGHT), SlowModel()
    coarse = reaged(live, [(face, OLDER)], model, 128).astype(int)
    exact = reaged(live, [(face, OLDER)], model, 512).astype(int)
    matte = matte_of(picture, face, model, 256)
    assert np.abs(coarse - exact)[matte > 0.95].mean() < 1.0
    assert np.abs(exact - picture)[matte > 0.95].mean() > 5.0


def test_strengths_act_on_the_live_picture_and_gray_does_not(picture, face):
    live, model = LivePlate(picture, LIGHT), OnnxModel.load()

    def change(**strengths) -> float:
        settings = replace(OLDER, **strengths)
        result = reaged(live, [(face, settings)], model, 192)
        return float(np.abs(result.astype(int) - picture).sum())

    whole = change()
    assert change(detail=0.0, form=0.0, tone=0.0) == 0
    assert 0 < change(detail=0.0) < whole < change(form=2.0)
    assert change(gray=1.0) == whole  # there is no hair matte on set
    assert change(gray=1.0, hair_matte="roto.exr") == whole


def test_two_faces_each_have_their_own_ages(two_heads):
    picture = two_heads(10)
    faces = [s.face for s in sightings(0, picture, LIGHT, True)]
    left, right = sorted(faces, key=lambda f: f.center)
    younger, same = replace(OLDER, target_age=18.0), replace(OLDER, target_age=25.0)
    result = reaged(
        LivePlate(picture, LIGHT), [(left, OLDER), (right, younger)], SlowModel(), 192
    ).astype(int)
    change = (result - picture).sum(-1)
    assert change[:, :400].sum() > 0 > change[:, 560:].sum()
    alone = reaged(LivePlate(picture, LIGHT), [(left, OLDER), (right, same)], SlowModel(), 192)
    assert (alone[:, 560:] == picture[:, 560:]).all()
    assert (alone[:, :400] == result[:, :400]).all()


def test_a_face_half_out_of_the_picture_is_no_trouble(picture, face):
    beyond = replace(face, center=(-0.2 * face.size, face.center[1]))
    result = reaged(LivePlate(picture, LIGHT), [(beyond, OLDER)], SlowModel(), 256)
    assert (result != picture).any()
    outside = replace(face, center=(-5 * face.size, face.center[1]))
    assert reaged(LivePlate(picture, LIGHT), [(outside, OLDER)], SlowModel(), 256) is picture


def test_shape_moves_the_mirrors_own_pixels_and_none_beside_the_head(picture, face):
    """At the picture's own resolution, whatever the model's: nothing goes soft."""
    live, still = LivePlate(picture, LIGHT), replace(OLDER, blend=0.0)
    assert reaged(live, [(face, still)], SlowModel(), 64) is picture
    moved = reaged(live, [(face, replace(still, shape=1.0))], SlowModel(), 64)
    changed = (moved != picture).any(-1)
    rows, columns = np.nonzero(changed)
    assert changed.mean() > 0.01
    x, y = face.center
    assert np.hypot(columns - x, rows - y).max() < 1.1 * face.size
    inside = slice(rows.min(), rows.max() + 1), slice(columns.min(), columns.max() + 1)

    def sharpness(shown):
        return np.abs(np.diff(shown[inside].astype(float), axis=1)).mean()

    assert sharpness(moved) > 0.9 * sharpness(picture)
