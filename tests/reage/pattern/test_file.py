"""Pattern files, good and bad."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from reage.errors import OutputError, SettingsError
from reage.media.exr import write_layers
from reage.pattern.file import CHANNELS, LAYOUT, VERSION, PatternFile, read_pattern
from reage.pattern.maps import SIZE, maps
from reage.pixels.geometry import Region
from reage.pixels.plate import PlateInfo


def _drawn() -> PatternFile:
    one = np.ones((SIZE, SIZE), np.float32)
    return PatternFile(maps(2), one, 2 * one, {"reage:pattern_photographs": 2})


def test_a_pattern_comes_back(tmp_path: Path) -> None:
    path = tmp_path / "a.pattern.exr"
    _drawn().write(path)
    back = read_pattern(path)
    assert np.allclose(back.maps, maps(2), atol=4e-3)  # half floats
    assert np.array_equal(back.count, _drawn().count)
    assert back.said["reage:pattern_photographs"] == 2


def test_another_ending_is_refused(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"named \*\.pattern\.exr"):
        _drawn().write(tmp_path / "a.exr")


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(OutputError, match="cannot be made"):
        _drawn().write(tmp_path / "file" / "a.pattern.exr")


def _written(path: Path, side: int = SIZE, value: float = 0.0, layout: str = LAYOUT) -> Path:
    said = {"reage:pattern_layout": layout, "reage:pattern_version": VERSION}
    whole = Region(0, 0, side, side)
    planes = {name: np.full((side, side), value, np.float32) for name in CHANNELS}
    write_layers(path, planes, whole, PlateInfo(whole, whole, CHANNELS), said)
    return path


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"side": 512}, "has 512×512 texels; it must have 1024×1024"),
        ({"value": float("nan")}, "holds NaN, infinity"),
        ({"value": float("inf")}, "holds NaN, infinity"),
        ({"value": 1000.0}, "values beyond 100"),
        ({"layout": "FLAME"}, "in the layout 'FLAME'"),
    ],
)
def test_a_wrong_file_is_refused_in_words(
    tmp_path: Path, change: dict[str, float], said: str
) -> None:
    path = _written(tmp_path / "bad.pattern.exr", **change)  # type: ignore[arg-type]
    with pytest.raises(SettingsError, match=said):
        read_pattern(path)


def test_what_is_no_pattern_file_is_refused_in_words(tmp_path: Path) -> None:
    path = tmp_path / "x.pattern.exr"
    with pytest.raises(SettingsError, match="There is no pattern file"):
        read_pattern(path)
    path.write_bytes(b"no picture")
    with pytest.raises(SettingsError, match="is no pattern file"):
        read_pattern(path)
    whole = Region(0, 0, 4, 4)
    planes = {"Y": np.zeros((4, 4), np.float32)}
    write_layers(path, planes, whole, PlateInfo(whole, whole, ("Y",)), {})
    with pytest.raises(SettingsError, match="does not have the channels lines, folds"):
        read_pattern(path)
