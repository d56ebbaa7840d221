"""From the set to the comp: the script's curves are the recorded moves, the timeline the day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import opentimelineio as otio
import pytest

import fake_nuke
from fake_nuke import names, tcl
from fake_nuke.animation import channels_from
from helpers.take_kit import record, settings, slated
from reage import home
from reage.settings import KEYED
from reage.shot.tracking import load_track, save_track
from reage_live import recovery, take, to_nuke, to_otio
from reage_live.take import Take

ROOT = home.root()
GIZMO = tcl.load_gizmo(home.gizmo().read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("day one")
    record(folder, range(48), slated(1), "10:00:00:00")
    record(folder, range(30, 60), slated(2), "10:05:00:00")
    record(folder, range(5), slated(3), "09:59:59:20")
    return folder


@pytest.fixture
def made(day: Path) -> Take:
    return take.load(day / "12A_001_A")


@pytest.fixture
def nuke() -> Iterator[object]:
    """The fake Nuke with ReAge on its plug-in path."""
    session = fake_nuke.install(plugins=["reage_nuke"])
    session.start(ROOT / "nuke_plugin")
    yield session.nuke
    session.uninstall()


def test_a_take_that_says_grey_is_still_read(made: Take) -> None:
    moved = replace(made, moves=(*made.moves, take.Move(40, {"gray": 0.5})))
    before = moved.to_json().replace('"gray"', '"grey"')
    assert before != moved.to_json() and Take.from_json(before, made.folder) == moved


def node(text: str, cls: str, name: str) -> tcl.LoadedNode:
    return next(n for n in tcl.load(text).nodes if (n.cls, n.name) == (cls, name))


def known(script: tcl.Script) -> tcl.Script:
    """The script, its ReAge node as the gizmo makes it, for the check of names."""
    for each in script.nodes:
        if each.cls == "ReAge":
            inside = GIZMO.nodes[0]
            each.cls, each.user_knobs, each.children = "Gizmo", inside.user_knobs, inside.children
    script.layers |= GIZMO.layers
    return script


def test_the_script_loads_and_names_only_what_nuke_has(made: Take, nuke: object) -> None:
    script = tcl.load(to_nuke.script(made))
    assert [(n.cls, n.name) for n in script.nodes] == [
        ("StickyNote", "OnSet"), ("Read", "Rough"), ("Read", "Plate"), ("ReAge", "ReAge1")
    ]  # fmt: skip
    assert script.nodes[3].inputs == [script.nodes[2]]
    assert names.problems(known(script)) == []
    assert script.root is not None
    assert (script.root.knobs["first_frame"], script.root.knobs["last_frame"]) == ("1001", "1048")


@pytest.mark.parametrize("which", ["12A_001_A", "12A_002_A", "12A_003_A"])
@pytest.mark.parametrize("first", [1001, 1, 86400])
def test_the_keys_are_the_moves_frame_by_frame(day: Path, which: str, first: int) -> None:
    """Each curve of the text, read back, against what was recorded."""
    made = take.load(day / which)
    reage = node(to_nuke.script(made, first), "ReAge", "ReAge1")
    for name in ("source_age", "target_age", "blend"):
        (channel,) = channels_from(reage.knobs[name], 1)
        for frame in range(1, made.frames + 1):
            want = getattr(made.settings_at(frame), name)
            at = first + frame - 1
            assert (channel.curve.at(at) if channel.curve else channel.number) == want, (name, at)
            if channel.curve:
                assert channel.curve.steps
    assert [made.settings_at(n) for n in (1, made.frames)] == [
        settings(n)
        for n in {"12A_001_A": (0, 47), "12A_002_A": (30, 59), "12A_003_A": (0, 4)}[which]
    ]


def test_nuke_shows_the_moves(made: Take, nuke: object, tmp_path: Path) -> None:
    """The same through the fake Nuke's own node, made from the gizmo's file."""
    path = tmp_path / "take.nk"
    path.write_text(to_nuke.script(made), encoding="utf-8")
    nuke.scriptOpen(path.as_posix())
    reage, plate = nuke.toNode("ReAge1"), nuke.toNode("Plate")
    assert reage.input(0) is plate and reage.Class() == "ReAge"
    for frame in range(1, made.frames + 1):
        for name in ("source_age", "target_age", "blend"):
            assert reage[name].getValueAt(1000 + frame) == getattr(made.settings_at(frame), name)
    assert (reage["range_first"].value(), reage["range_last"].value()) == (1001, 1048)
    assert reage["use_face_point"].value() and tuple(reage["face_point"].value()) == (150, 99.5)


@pytest.mark.parametrize("which", ["Plate", "Rough"])
def test_a_read_finds_its_movie(made: Take, which: str) -> None:
    knobs = node(to_nuke.script(made), "Read", which).knobs
    file = {"Plate": made.raw, "Rough": made.reaged}[which]
    assert Path(knobs["file"]) == file and file.is_file()
    assert (knobs["first"], knobs["last"], knobs["frame_mode"]) == ("1", "48", "start at")
    assert (knobs["frame"], knobs["colorspace"]) == ("1001", "sRGB")
    assert ("For reference" in knobs.get("label", "")) == (which == "Rough")
    other = node(to_nuke.script(made, colorspace="Rec.1886 [x]"), "Read", which)
    assert other.knobs["colorspace"] == "Rec.1886 [x]"


def test_the_note_says_where_the_track_is(made: Take) -> None:
    label = node(to_nuke.script(made), "StickyNote", "OnSet").knobs["label"]
    assert made.track.as_posix() in label and "Scene 12A, take 1, camera A" in label


def test_every_setting_that_may_be_written_is_a_knob_of_the_node() -> None:
    knobs = {each.name for each in GIZMO.nodes[0].user_knobs}
    assert {*KEYED, *to_nuke.STILL} <= knobs


def test_settings_that_were_touched_come_along_and_others_do_not(made: Take) -> None:
    plain = node(to_nuke.script(made), "ReAge", "ReAge1").knobs
    assert not {"detail", "form", "tone", "gray", "pattern", "steady", "smooth"} & set(plain)
    moved = replace(
        made,
        settings=replace(made.settings, detail=0.5, pattern=7, steady=1.5, model="/m/a.onnx"),
        moves=(take.Move(20, {"detail": 1.0, "gray": 0.25}),),
    )
    knobs = node(to_nuke.script(moved), "ReAge", "ReAge1").knobs
    assert (knobs["pattern"], knobs["steady"], knobs["model"]) == ("7", "1.5", "/m/a.onnx")
    for name in ("detail", "gray"):
        assert name in KEYED
        (channel,) = channels_from(knobs[name], 1)
        for frame in range(1, 49):
            assert channel.curve.at(1000 + frame) == getattr(moved.settings_at(frame), name)


def test_without_a_face_in_the_first_frame_the_node_looks_for_the_largest(
    made: Take, tmp_path: Path
) -> None:
    other = replace(made, folder=tmp_path)
    track = load_track(made.track)
    save_track(replace(track, frames={n: track.frames[n] for n in range(31, 35)}), other.track)
    knobs = node(to_nuke.script(other), "ReAge", "ReAge1").knobs
    assert "face_point" not in knobs and "use_face_point" not in knobs


# ---------------------------------------------------------------- the day's timeline
def test_the_timeline_has_the_days_takes_in_order(day: Path, tmp_path: Path) -> None:
    takes, troubles = recovery.takes_of(day)
    assert troubles == []
    path = tmp_path / "new" / "day.otio"
    to_otio.write_timeline(takes, path)
    line = otio.adapters.read_from_file(str(path))
    raw, reaged = line.video_tracks()
    assert (raw.name, reaged.name) == ("raw", "re-aged")
    for track in (raw, reaged):
        assert [clip.name for clip in track] == ["12A_003_A", "12A_001_A", "12A_002_A"]
    assert line.global_start_time.to_timecode() == "09:59:59:20"
    for track, which in ((raw, "raw"), (reaged, "reaged")):
        for clip, one in zip(track, takes, strict=True):
            _same_clip(clip, one, getattr(one, which))
    assert line.duration() == otio.opentime.RationalTime(48 + 30 + 5, 24)


def _same_clip(clip: otio.schema.Clip, one: Take, movie: Path) -> None:
    media = clip.media_reference
    assert media.target_url == movie.resolve().as_uri()
    assert clip.source_range == media.available_range
    assert clip.source_range.start_time.to_timecode() == one.timecode.text
    assert clip.source_range.duration == otio.opentime.RationalTime(one.frames, 24)
    said = clip.metadata["reage"]["take"]
    assert said["slate"]["take"] == one.slate.take and said["about"]["model"] == "null 1"


def test_moves_are_markers_at_their_timecode(day: Path) -> None:
    one = take.load(day / "12A_001_A")
    raw, reaged = to_otio.timeline([one], "x").video_tracks()
    assert not raw[0].markers
    assert len(reaged[0].markers) == len(one.moves) == 14
    for marker, move in zip(reaged[0].markers, one.moves, strict=True):
        want = one.timecode.after(move.frame - 1).text
        assert marker.marked_range.start_time.to_timecode() == want
        assert dict(marker.metadata["reage"]["values"]) == move.values
    assert reaged[0].markers[0].name == "target_age 30.5"
