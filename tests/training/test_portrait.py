"""A portrait goes through the whole engine and comes out changed on the face only."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from reage.errors import FaceError
from reage.model import NullModel
from reage_training.portrait import portrait_sheet

SIDE = 256


def test_a_portrait_changes_on_the_face_and_as_asked(tmp_path: Path) -> None:
    data = pytest.importorskip("skimage.data")
    path = tmp_path / "portrait.png"
    cv2.imwrite(str(path), data.astronaut()[..., ::-1])
    sheet = portrait_sheet(NullModel(strength=0.1), path, 40, (40, 80), SIDE)
    assert sheet.shape == (2 * SIDE, 3 * SIDE, 3)
    before, same, older = (sheet[:SIDE, k * SIDE : (k + 1) * SIDE].astype(int) for k in range(3))
    below = slice(30, None)  # the labels
    np.testing.assert_array_equal(before[below], same[below])
    middle = slice(SIDE // 2 - 10, SIDE // 2 + 10)
    assert (older - before)[middle, middle].mean() > 10
    np.testing.assert_array_equal(older[-20:, :20], before[-20:, :20])


def test_a_picture_without_a_face_is_said(tmp_path: Path) -> None:
    path = tmp_path / "wall.png"
    cv2.imwrite(str(path), np.full((200, 200, 3), 120, np.uint8))
    with pytest.raises(FaceError, match=r"wall\.png"):
        portrait_sheet(NullModel(), path, 40, (60,), SIDE)
