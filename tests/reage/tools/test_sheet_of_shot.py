"""A contact sheet of a movie: the frame that is shown, and layers that nobody rendered yet."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from helpers.plate_files import write_talkie
from helpers.shots import write_shot
from reage import home
from reage.cli import main
from reage.errors import FaceError, SettingsError
from reage.job import RenderJob
from reage.media.imagefile import read_info, read_plate
from reage.pixels.ocio import convert
from reage.settings import Settings
from reage.tools.sheet_of_shot import best_frame, frame_of_both


def movie(path: Path, faces: tuple[int, ...]) -> Path:
    """Ten frames, of which those numbered from 1 show the demo plate's face."""
    demo = read_plate(home.samples() / "demo.1001.exr").rgb[::2, ::2]
    shown = np.clip(convert(demo, "ACEScg", "g24_rec709_scene"), 0, 1)
    face = (shown * 255).astype(np.uint8)
    gray = np.full_like(face, 90)
    return write_talkie(path, [face if n in faces else gray for n in range(1, 11)], sound="aac")


def test_a_frame_with_a_face_is_chosen_and_re_aged(tmp_path: Path) -> None:
    plate = movie(tmp_path / "face.mp4", (4, 5, 6))
    assert best_frame(RenderJob(str(plate), "", Settings())) in (4, 5, 6)
    sheet = tmp_path / "sheet.png"
    assert main(["sheet", str(plate), "-o", str(sheet), "--source-age", "50"]) == 0
    assert read_info(sheet).display.width == 3 * 480
    with pytest.raises(FaceError):
        best_frame(RenderJob(str(movie(tmp_path / "none.mp4", ())), "", Settings()))


def test_the_ages_that_are_shown_are_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plate, sheet = str(home.samples() / "demo.1001.exr"), tmp_path / "sheet.png"
    assert main(["sheet", plate, "-o", str(sheet), "--source-age", "40"]) == 0
    said = capsys.readouterr().out
    assert said == f"contact sheet: {sheet} (frame 1001, plate 40, younger 18, older 70)\n"
    titles = [read_plate(sheet).rgb[:34, 480 * n : 480 * n + 480] for n in range(3)]
    assert main(["sheet", plate, "-o", str(sheet), "--source-age", "42", "-q"]) == 0
    heard = capsys.readouterr()
    assert (heard.out, heard.err) == ("", "")
    others = [read_plate(sheet).rgb[:34, 480 * n : 480 * n + 480] for n in range(3)]
    same = [np.array_equal(a, b) for a, b in zip(titles, others, strict=True)]
    assert same == [False, True, False]  # 40 and 42, 18 both times, 70 and 72


def test_help_offers_all_faces_where_they_can_be_had(capsys: pytest.CaptureFixture[str]) -> None:
    for command, offered in (("render", True), ("sheet", False), ("track", False)):
        with pytest.raises(SystemExit):
            main([command, "--help"])
        assert ("X,Y,W,H|all" in capsys.readouterr().out) is offered


def test_ages_are_never_guessed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sheet", "face.mp4", "-o", str(tmp_path / "sheet.png")]) == 2
    assert "how old the face is, with --source-age" in capsys.readouterr().err


def test_of_layers_the_middle_of_the_frames_that_both_have(tmp_path: Path) -> None:
    plate, _ = write_shot(tmp_path / "plates")
    for name, frames in (("young", range(1, 6)), ("old", range(3, 7))):
        for n in frames:
            (tmp_path / f"{name}.{n:04d}.exr").write_bytes(b"")
    young, old = (str(tmp_path / f"{name}.%04d.exr") for name in ("young", "old"))
    assert frame_of_both(plate, young, old) == 4
    with pytest.raises(SettingsError, match="No frame of"):
        frame_of_both(plate, young, str(tmp_path / "gone.%04d.exr"))
