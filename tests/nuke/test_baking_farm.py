"""A node's bake by a farm: what comes back is up to date, with nothing computed here."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import reage
from helpers import bakes
from helpers.farm import run_bundle
from reage.errors import SettingsError
from reage.job import RenderJob
from reage.media.patterns import at_rung, frame_path

pytest.importorskip("openjd.cli")
pytestmark = pytest.mark.skipif(os.name == "nt", reason="the tests' reage is a shell script")


@pytest.fixture
def script(session: Any, tmp_path: Path) -> Any:
    return bakes.start(session, tmp_path / "schön ü")


def test_what_a_farm_has_made_is_fresh_and_as_if_it_were_baked_here(
    script: Any, tmp_path: Path
) -> None:
    import reage_nuke

    plate = bakes.read(script)
    node = bakes.node_on(plate, steady=0.4)
    node["target_age"].setAnimated()
    for frame, age in ((1001, 25), (1003, 45)):
        node["target_age"].setValueAt(age, frame)
    report = reage_nuke.submit(node, tmp_path / "farm", 1001, 1003, chunk=2)
    assert report.frames == (1001, 1002, 1003) and not bakes.files_of(node)
    assert "3 frames in 2 chunks of 2" in report.text()
    log = run_bundle(Path(report.bundles[0]))
    assert log.count("Frames(CHUNK[INT])") == 2 and "Running step 'Track'" not in log
    assert reage_nuke.states(node).text() == "baked 3/3"
    done = reage_nuke.bake(node)
    assert done.kept == (1001, 1002, 1003) and done.computed == ()
    assert reage_nuke.submit(node, tmp_path / "again").text().startswith("Nothing to submit: 3")
    assert not (tmp_path / "again").exists()

    other = bakes.node_on(plate, steady=0.4)
    other["target_age"].fromScript(node["target_age"].toScript())
    assert reage_nuke.bake(other).computed == (1001, 1002, 1003)
    for ours, theirs in zip(bakes.files_of(other), bakes.files_of(node), strict=True):
        here, there = bakes.channels(ours), bakes.channels(theirs)
        assert here.keys() == there.keys()
        assert all(np.array_equal(here[name], there[name]) for name in here)
    assert np.array_equal(bakes.pixels(other, 1002), bakes.pixels(node, 1002))


def test_a_ladder_comes_from_a_farm_as_from_one_render(script: Any, tmp_path: Path) -> None:
    import reage_nuke

    ages = (30, 70)
    node = bakes.node_on(bakes.read(script), target_age=55, crop_size=256)
    node["ladder"].setValue("30, 70")
    report = reage_nuke.submit(node, tmp_path / "farm", 1001, 1002, chunk=1)
    job = RenderJob.load(Path(report.bundles[0]) / "job.json")
    assert job.ladder == "30,70" and set(job.by_frame) == {1001, 1002}
    assert not any("target_age" in keys for keys in job.by_frame.values())
    run_bundle(Path(report.bundles[0]))
    assert reage_nuke.bake(node).kept == (1001, 1002)

    alone = str(tmp_path / "alone" / "l.%04d.exr")
    reage.render(replace(job, output=alone, resume=False))
    for age in ages:
        for frame in (1001, 1002):
            there = frame_path(at_rung(job.output, age), frame).read_bytes()
            assert frame_path(at_rung(alone, age), frame).read_bytes() == there


def test_plates_that_nuke_must_write_stay_with_the_bundle(script: Any, tmp_path: Path) -> None:
    import reage_nuke

    graded = script.nodes.Expression(inputs=[bakes.read(script)], expr0="r * 0.9")
    node = bakes.node_on(graded)
    report = reage_nuke.submit(node, tmp_path / "farm", 1001, 1002)
    plates = sorted((tmp_path / "farm").glob("plates_*/plate/*.exr"))
    assert [path.name for path in plates] == [f"main.{n}.exr" for n in (1001, 1002, 1003)]
    log = run_bundle(Path(report.bundles[0]))
    assert "2 frames by 1 render" in log
    assert reage_nuke.bake(node, 1001, 1002).kept == (1001, 1002)
    layers = Path(node["cache"].value()).parent
    assert not list(layers.glob(".reage_plates_*"))


def test_a_submission_that_fails_leaves_no_plates(script: Any, tmp_path: Path) -> None:
    import reage_nuke

    graded = script.nodes.Expression(inputs=[bakes.read(script)], expr0="r * 0.9")
    with pytest.raises(Exception, match="--chunk is 0"):
        reage_nuke.submit(bakes.node_on(graded), tmp_path / "farm", 1001, 1001, chunk=0)
    assert not list(tmp_path.rglob("plates_*"))
    with pytest.raises(SettingsError, match="runs backwards"):
        reage_nuke.submit(bakes.node_on(graded), tmp_path / "farm", 1002, 1001)


def test_the_button_writes_a_bundle_beside_the_layers(gui_session: Any, tmp_path: Path) -> None:
    nuke = bakes.start(gui_session, tmp_path)
    node = bakes.node_on(bakes.read(nuke))
    node["submit_bake"].execute()
    where = Path(node["cache"].value()).parent

    def said() -> str:
        return " ".join(text for _, text in gui_session.said)

    gui_session.pump(until=lambda: "deadline bundle submit" in said(), timeout=120)
    (bundle,) = where.glob("*.farm")
    assert {path.name for path in bundle.iterdir()} >= {"template.json", "parameter_values.json"}
    assert f"deadline bundle submit {bundle}" in said()
    assert node["status"].value() == "baked 0/3"
