"""The script's colorspace: every way in which Nuke says it, and the config that it means."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from helpers import bakes
from reage.errors import ReageError, SettingsError

HOUSE = """ocio_profile_version: 2
roles: {default: ap0, scene_linear: house, aces_interchange: ap0}
file_rules: [!<Rule> {name: Default, colorspace: default}]
displays: {none: [!<View> {name: Raw, colorspace: ap0}]}
colorspaces:
  - !<ColorSpace> {name: ap0, encoding: scene-linear}
  - !<ColorSpace>
    name: house
    encoding: scene-linear
    to_scene_reference: !<BuiltinTransform> {style: ACEScg_to_ACES2065-1}
"""
"""ACEScg under a name that no other config has."""


@pytest.fixture
def script(session: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.delenv("OCIO", raising=False)
    return bakes.start(session, tmp_path)


def made(script: Any) -> Any:
    import reage_nuke

    return reage_nuke.create(bakes.read(script), source_age=50, target_age=25, crop_size="256")


def working_in(script: Any, said: str) -> None:
    script.root()["workingSpaceLUT"].setValue(said)


def custom(script: Any, path: Path, text: str = HOUSE) -> None:
    path.write_text(text, encoding="utf-8")
    script.root()["OCIO_config"].setValue("custom")
    script.root()["customOCIOConfigPath"].setValue(path.as_posix())


def baked(node: Any) -> np.ndarray:
    import reage_nuke

    assert reage_nuke.bake(node, 1001, 1001).computed == (1001,)
    return bakes.pixels(node, 1001)


def test_every_spelling_bakes_the_same_layers(script: Any) -> None:
    node = made(script)
    node["colorspace"].setValue("ACES - ACEScg")
    want = baked(node)
    node["colorspace"].setValue("")
    for said in (
        "scene_linear",
        "scene_linear\tscene_linear (ACEScg)",
        "scene_linear (ACES - ACEScg)",
        "ACEScg\tColorspaces/ACES/ACEScg\t\tACES - ACEScg,lin_ap1",
        "Colorspaces/ACES/ACEScg",
    ):
        working_in(script, said)
        for path in Path(node["cache"].value()).parent.glob("*.exr"):
            path.unlink()
        np.testing.assert_array_equal(baked(node), want, err_msg=said)


def test_a_config_of_the_house_is_the_workers_too(script: Any, tmp_path: Path) -> None:
    from reage_nuke import space

    node = made(script)
    want = baked(node)
    custom(script, tmp_path / "house.ocio")
    assert space.working_space(node) == "house"
    np.testing.assert_array_equal(baked(node), want)


def test_a_space_may_be_named_as_roles_are_shown(script: Any, tmp_path: Path) -> None:
    from reage_nuke import space

    custom(script, tmp_path / "house.ocio", HOUSE.replace("house", '"linear (house)"'))
    node = made(script)
    assert space.working_space(node) == "linear (house)"  # of the role
    working_in(script, "linear (house)")
    assert space.working_space(node) == "linear (house)"
    baked(node)


def test_ocio_of_the_environment_counts_where_no_custom_config_is_named(
    script: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from reage_nuke import space

    file = tmp_path / "house.ocio"
    custom(script, file)
    script.root()["OCIO_config"].setValue("nuke-default")
    monkeypatch.setenv("OCIO", str(file))
    assert space.working_space(made(script)) == "house"
    assert space.engine_environment() == {"OCIO": str(file)}


def test_an_unknown_space_is_one_sentence_from_the_worker(script: Any) -> None:
    working_in(script, "scene_lynear")
    with pytest.raises(ReageError, match=r"no color space 'scene_lynear' .*does not know it"):
        baked(made(script))


def test_a_custom_config_that_is_not_there_is_one_sentence(script: Any, tmp_path: Path) -> None:
    custom(script, tmp_path / "house.ocio")
    (tmp_path / "house.ocio").unlink()
    with pytest.raises(ReageError, match=r"cannot read the config .*house\.ocio.*project"):
        baked(made(script))


def test_a_config_whose_text_cannot_be_read_here_is_the_engines_to_resolve(
    script: Any, tmp_path: Path
) -> None:
    from reage_nuke import space

    quoted = HOUSE.replace("scene_linear: house", '"scene_linear" : house')
    custom(script, tmp_path / "house.ocio", quoted)
    node = made(script)
    assert space.working_space(node) == "scene_linear"
    baked(node)


def test_a_role_of_a_config_that_is_not_found_is_one_sentence(script: Any) -> None:
    script.root()["OCIO_config"].setValue("aces_1.2")
    with pytest.raises(SettingsError, match=r"scene_linear of .*aces_1\.2.*colorspace"):
        baked(made(script))


@pytest.mark.parametrize("said", ["scene_linear", "linear", "scene_linear (linear)"])
def test_nukes_own_management_as_a_config_is_its_own_management(script: Any, said: str) -> None:
    """That config leads to no other's spaces: no engine could convert from it."""
    from reage_nuke import space

    script.root()["OCIO_config"].setValue("nuke-default")
    working_in(script, said)
    assert space.working_space(made(script)) == space.NUKE_LINEAR
    assert space.engine_environment() == {"OCIO": ""}


def test_a_role_that_becomes_another_space_makes_frames_stale(script: Any, tmp_path: Path) -> None:
    import reage_nuke

    node = made(script)
    custom(script, tmp_path / "house.ocio")
    baked(node)
    custom(script, tmp_path / "moved.ocio", HOUSE.replace("house", "home"))
    assert reage_nuke.states(node).numbers("stale") == (1001,)


@pytest.mark.parametrize(
    ("chosen", "direct"), [("ACEScg", True), ("default", True), ("ACES2065-1", False)]
)
def test_a_read_in_the_working_space_is_read_itself(
    script: Any, chosen: str, direct: bool
) -> None:
    from reage_nuke import plates

    read = bakes.read(script)
    read["raw"].setValue(False)
    read["colorspace"].setValues(["default", "ACEScg\tACES/ACEScg", "ACES2065-1"])
    read["colorspace"].setValue(chosen)
    script.root()["floatLut"].setValue("scene_linear")
    assert plates.footage(read, "main", (1001, 1003), Path()).direct is direct
