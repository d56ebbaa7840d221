"""A portrait goes through the whole engine and comes out changed on the face only."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from reage.errors import FaceError
from reage.models.model import NullModel
from reage_training.evaluation.portrait import portrait


def test_a_portrait_changes_on_the_face_and_as_asked(tmp_path: Path) -> None:
    data = pytest.importorskip("skimage.data")
    path = tmp_path / "portrait.png"
    cv2.imwrite(str(path), data.astronaut()[..., ::-1])
    made = portrait(NullModel(strength=0.1), path, 40, (40, 30, 80))
    side = made.before.shape[0]
    assert side >= 512 and made.before.shape == (side, side, 3)
    assert made.sheet(40).shape == (2 * side, 4 * side, 3)
    assert made.sheet(40, 128).shape == (256, 512, 3)
    (_, same), (_, younger), (_, older) = made.after
    np.testing.assert_array_equal(made.before, same)
    middle = (slice(side // 2 - 10, side // 2 + 10),) * 2
    assert (older - made.before)[middle].mean() > 0.04 > 0 > (younger - made.before)[middle].mean()
    np.testing.assert_array_equal(older[-20:, :20], made.before[-20:, :20])
    assert [age for age, _ in made.left] == [30]
    assert made.left[0][1] == pytest.approx(1, abs=0.05)  # a constant takes no fine detail away


def test_a_picture_without_a_face_is_said(tmp_path: Path) -> None:
    path = tmp_path / "wall.png"
    cv2.imwrite(str(path), np.full((200, 200, 3), 120, np.uint8))
    with pytest.raises(FaceError, match=r"wall\.png"):
        portrait(NullModel(), path, 40, (60,))
