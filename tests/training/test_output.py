"""Pictures for people to look at, as files."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from reage.errors import OutputError
from reage_training.output import write_picture

PICTURE = np.arange(4 * 6 * 3, dtype=np.uint8).reshape(4, 6, 3)


def test_a_png_holds_the_picture(tmp_path: Path) -> None:
    path = tmp_path / "new" / "a.png"
    assert write_picture(path, PICTURE) == path.stat().st_size
    assert np.array_equal(cv2.imread(str(path))[..., ::-1], PICTURE)


@pytest.mark.parametrize("name", ["sheet", "sheet.doc"])
def test_a_name_that_is_no_pictures_is_told(tmp_path: Path, name: str) -> None:
    with pytest.raises(OutputError, match=r"sheet.* name it \*\.png"):
        write_picture(tmp_path / name, PICTURE)
