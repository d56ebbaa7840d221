"""Where a new ReAge node goes in a compositor, and that a wrong setting leaves no trace."""

from __future__ import annotations

from pathlib import Path

from helpers.in_blender import Blender, demo, write


def test_a_node_goes_between_the_plate_and_what_it_led_to(blender: Blender, tmp_path: Path) -> None:
    for number in (1001, 1002, 1003):
        write(tmp_path / f"plate.{number}.exr", demo(number))
    said = blender.run("created", tmp_path)
    assert said["empty"] == [["Group", "Image"], 3, 1]
    assert said["render layers"] == [["Group", "Image"], 3, 1]
    chain, _, count = said["plate"]
    assert (chain, count) == (["Blur", "Group", "Image"], 1)
    assert said["width"] == 960
    assert said["wrong"][0] == "SettingsError: ReAge has no setting 'nonsense'."
    assert said["wrong"][1].startswith("SettingsError: --blend is 3")
    assert said["wrong"][2].startswith("SettingsError: crop_size cannot be 'x'")
    assert said["left"] == [["Blur", "Image"], 0]
