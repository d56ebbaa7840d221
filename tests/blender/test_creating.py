"""Where a new ReAge node goes in a compositor, and that a wrong setting leaves no trace."""

from __future__ import annotations

from pathlib import Path

from helpers.in_blender import Blender, demo, write


def test_a_node_goes_between_the_plate_and_what_it_led_to(blender: Blender, tmp_path: Path) -> None:
    for number in (1001, 1002, 1003):
        write(tmp_path / f"plate.{number}.exr", demo(number))
        write(
            tmp_path / f"layered.{number}.exr", demo(number),
            channels=[f"ViewLayer.Combined.{c}" for c in "RGBA"],
            BlenderMultiChannel="Blender V2.55.1 and newer",
        )
    said = blender.run("created", tmp_path)
    assert said["empty"] == [["Group", "Image"], 3, 1]
    assert said["render layers"] == [["Group", "Image"], 3, 1]
    chain, _, count = said["plate"]
    assert (chain, count) == (["Blur", "Group", "Image"], 1)
    assert said["width"] == 960
    assert said["not in use"][0] == chain, "the artist's nodes stay"
    for number, sentence in enumerate(WRONG):
        for wrong in said["wrong"][2 * number : 2 * number + 2]:
            assert wrong.startswith(f"SettingsError: {sentence}")
    assert said["left"] == [["Blur", "Image"], 3, 0, False]
    assert said["as it was"] == [["RLayers"], []]
    assert said["layered"] == ["Combined", "baked 0/3"]
    assert said["muted"] == "CompositorNodeImage"
    assert said["half on"] == [True, False, True]


WRONG = ("ReAge has no setting 'nonsense'.", "--blend is 3", "crop_size cannot be 'x'")
