"""How a network is run with no engine around it."""

import cv2
import numpy as np
import pytest

from reage.pixels.crop import Crop
from reage.pixels.geometry import Similarity
from reage.tools.bench.plain import plain_frame

SIDE = 128


@pytest.fixture
def picture(tmp_path):
    rng = np.random.default_rng(0)
    smooth = cv2.GaussianBlur(rng.uniform(0, 255, (200, 300, 3)), (0, 0), 6)
    path = tmp_path / "in.png"
    cv2.imwrite(str(path), smooth.astype(np.uint8))
    return path


@pytest.mark.parametrize("middle", [(150, 100), (20, 190)])
def test_what_is_added_shows_in_the_crop_and_nowhere_else(picture, tmp_path, middle):
    """Also where the crop leaves the picture."""
    crop = Crop(Similarity.of(0.75, 20, pivot=(SIDE / 2, SIDE / 2), to=middle), SIDE)
    seen = []

    def run(added):
        def answer(tensor):
            seen.append(tensor)
            return np.full((1, 3, SIDE, SIDE), added, np.float32)

        return answer

    before = cv2.imread(str(picture)).astype(int)
    still, more = (tmp_path / "still.png", tmp_path / "more.png")
    plain_frame(run(0.0), picture, still, crop, (40, 70))
    plain_frame(run(0.1), picture, more, crop, (40, 70))
    assert seen[0].shape == (1, 5, SIDE, SIDE) and np.allclose(seen[0][0, 3:, 5, 5], (0.4, 0.7))
    row, column = min(middle[1], 199), middle[0]
    shown = seen[0][0, :3, SIDE // 2, SIDE // 2] * 255
    assert np.abs(shown[::-1] - before[row, column]).max() < 4
    kept, changed = (cv2.imread(str(path)).astype(int) for path in (still, more))
    assert np.abs(kept - before).max() <= 3
    assert np.abs(changed[row, column] - before[row, column] - 25).max() <= 3
    grid = np.stack(np.meshgrid(np.arange(300) + 0.5, np.arange(200) + 0.5), -1).reshape(-1, 2)
    inside = crop.to_plate.inverse().apply(grid).reshape(200, 300, 2)
    outside = ((inside < -2) | (inside > SIDE + 2)).any(-1)
    assert outside.any() and (changed[outside] == before[outside]).all()
