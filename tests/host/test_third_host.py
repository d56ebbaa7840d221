"""A host of its own is one adapter: `helpers.folder_graph` bakes by a real worker."""

from __future__ import annotations

import json
import os
import shutil
import signal
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from helpers.folder_graph import FolderGraph
from reage.errors import Cancelled, PlateError
from reage.media.imagefile import read_info
from reage.service.client import EngineError
from reage.settings import Settings
from reage.shot.image import read_layers
from reage.shot.tracking import load_track, save_track
from reage_host.bake import Bake
from reage_host.clearing import clear
from reage_host.engine import Engine
from reage_host.report import BakeReport, Observer, Step
from reage_host.state import BAKED, STALE, states
from reage_host.track import forget, track_file

USUAL = {"source_age": 50.0, "target_age": 70.0, "colorspace": "ACEScg", "crop_size": 256}


@pytest.fixture
def graph(shot: Path) -> FolderGraph:
    return FolderGraph(shot, USUAL)


def bake(graph: FolderGraph, engine: Engine, *frames: int, **more: Any) -> BakeReport:
    return Bake(graph, engine.worker, **more).run(frames or None)


def test_what_is_baked_is_kept_until_what_it_was_made_from_changes(
    graph: FolderGraph, engine: Engine, shot: Path
) -> None:
    steps: list[Step] = []
    assert states(graph).text() == "baked 0/3"
    report = bake(graph, engine, observer=Observer(steps.append))
    assert (report.computed, report.failed, report.crops) == ((1001, 1002, 1003), {}, (256,))
    assert [s.text for s in steps] == ["following the face"] * 3 + ["re-aging"] * 3
    assert [s.frame for s in steps[3:]] == ["1001: done", "1002: done", "1003: done"]
    assert (states(graph).text(), graph.shown) == ("baked 3/3", 1)
    baked = Path(graph.layers % 1002)
    assert float(read_info(baked).metadata["reage:target_age"]) == 70.0
    assert read_layers(baked).delta.any()

    assert bake(graph, engine).kept == (1001, 1002, 1003)
    graph.values["blend"] = 0.3
    assert states(graph).text() == "baked 3/3"
    graph.values["target_age"] = 30.0
    assert states(graph).detail() == "baked 0/3, 3 stale: 1001-1003"
    again = bake(graph, engine, 1002)
    assert (again.computed, again.kept) == ((1002,), ())
    assert states(graph).numbers(STALE) == (1001, 1003)
    graph.values["target_age"] = 70.0
    shutil.copy(shot, shot.with_name("plate_v01.1003.exr"))
    assert states(graph).numbers(BAKED) == (1001,)


def test_no_frames_are_none_and_not_all(graph: FolderGraph, engine: Engine) -> None:
    report = Bake(graph, engine.worker).run([])
    assert (report.computed, report.kept) == ((), ())
    assert states(graph).text() == "baked 0/3"


def test_a_graph_without_a_plate_is_told_so(
    graph: FolderGraph, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(graph, "plate", lambda which, frames, observer: None)
    with pytest.raises(PlateError, match="plate_v01 has no plate"):
        bake(graph, engine)


class GuardedGraph(FolderGraph):
    """Fails where its settings or pixels' keys are looked at outside of `reading`."""

    inside = False

    def reading(self, look: Callable[[], Any]) -> Any:
        self.inside = True
        try:
            return look()
        finally:
            self.inside = False

    def settings(self, frame: int) -> Settings:
        assert self.inside
        return super().settings(frame)

    def key(self, which: str, frame: int) -> object:
        assert self.inside
        return super().key(which, frame)


def test_a_graph_is_read_where_it_may_be_alone(engine: Engine, shot: Path) -> None:
    graph = GuardedGraph(shot, {**USUAL, "steady": 0.25})
    assert bake(graph, engine, 1001).computed == (1001,)
    assert states(graph).numbers(BAKED) == (1001,)


def test_another_session_goes_by_the_same_track(graph: FolderGraph, engine: Engine) -> None:
    bake(graph, engine, 1001)
    track = track_file(graph.layers)
    text = track.read_text(encoding="utf-8").replace('"seen"', '"edited"', 1)
    track.write_text(text, encoding="utf-8")
    other = FolderGraph(Path(graph.files.pattern), USUAL)
    assert states(other).numbers(STALE) == (1001,), "its face was moved by hand"
    steps: list[Step] = []
    assert bake(other, engine, 1001, observer=Observer(steps.append)).computed == (1001,)
    assert [s.text for s in steps] == ["re-aging"]
    assert track.read_text(encoding="utf-8") == text


@pytest.mark.parametrize(
    "setting, value", [("smooth", 5.0), ("face", "100,100"), ("colorspace", "ACES2065-1")]
)
def test_what_only_the_track_depends_on_makes_frames_stale_at_once(
    graph: FolderGraph, engine: Engine, setting: str, value: Any
) -> None:
    bake(graph, engine, 1001)
    graph.values[setting] = value
    assert states(graph).numbers(STALE) == (1001,)
    graph.values[setting] = USUAL.get(setting, {"smooth": 2.0, "face": "0"}.get(setting))
    assert states(graph).numbers(BAKED) == (1001,)


def test_a_steadied_frame_depends_on_its_neighbours(graph: FolderGraph, engine: Engine) -> None:
    first = graph.files.file(1001)
    for steady, wanted in ((0.0, (1001,)), (0.25, (1001, 1002))):
        graph.values["steady"] = steady
        bake(graph, engine)
        assert states(graph).text() == "baked 3/3"
        os.utime(first, ns=(0, first.stat().st_mtime_ns + 10**9))
        assert states(graph).text() == "baked 3/3"
        shutil.copy(graph.files.file(1003 if steady else 1002), first)
        assert states(graph).numbers(STALE) == wanted


def test_with_auto_all_frames_depend_on_the_shots_face_size(
    graph: FolderGraph, engine: Engine
) -> None:
    graph.values["crop_size"] = "auto"
    bake(graph, engine, 1001, 1002)
    path = track_file(graph.layers)
    track = load_track(path)
    frames = {**track.frames, 1003: replace(track.frames[1003], size=900.0)}
    save_track(replace(track, frames=frames), path)
    assert states(graph).numbers(STALE) == (1001, 1002)


def test_a_bake_that_is_stopped_keeps_what_is_finished(engine: Engine, shot: Path) -> None:
    for frame in range(1004, 1009):
        shutil.copy(shot, shot.with_name(f"plate_v01.{frame}.exr"))
    graph, done = FolderGraph(shot, USUAL), list[Step]()
    observer = Observer(done.append, lambda: any(s.text == "re-aging" for s in done))
    with pytest.raises(Cancelled, match="finished frames stay"):
        bake(graph, engine, observer=observer)
    stood = states(graph).numbers(BAKED)
    assert 1 <= len(stood) < 8 and graph.shown == 1
    assert bake(graph, engine).kept == stood


@pytest.mark.skipif(os.name == "nt", reason="ends a process by a signal")
def test_a_worker_that_dies_is_told_and_the_next_bake_starts_another(
    graph: FolderGraph, engine: Engine
) -> None:
    pid = engine.worker().call("hello")["pid"]

    def die(step: Step) -> None:
        os.kill(pid, signal.SIGKILL)

    with pytest.raises(EngineError) as error:
        bake(graph, engine, observer=Observer(die))
    assert error.value.kind == "WorkerDied"
    assert bake(graph, engine).failed == {}
    assert engine.worker().call("hello")["pid"] != pid


def test_a_frame_that_fails_is_named_and_the_rest_is_baked(
    graph: FolderGraph, engine: Engine, shot: Path
) -> None:
    bake(graph, engine)
    graph.values["target_age"] = 30.0
    second = shot.with_name("plate_v01.1002.exr")
    stat = second.stat()
    second.write_bytes(second.read_bytes()[:20_000].ljust(stat.st_size, b"\0"))
    os.utime(second, ns=(stat.st_atime_ns, stat.st_mtime_ns))  # so that the track still stands
    report = bake(graph, engine)
    assert (report.computed, tuple(report.failed)) == ((1001, 1003), (1002,))
    assert report.error().startswith("Failed: frame 1002; the first: ")


def test_clear_deletes_what_was_baked_and_nothing_else(graph: FolderGraph, engine: Engine) -> None:
    bake(graph, engine, 1001, 1002)
    folder = Path(graph.layers).parent
    track = track_file(graph.layers)
    track.write_text(track.read_text(encoding="utf-8").replace('"seen"', '"edited"', 1))
    half = folder / ".face.1003.0123456789ab.exr"  # its engine was killed
    half.write_bytes(b"half")
    for other in ("face.1003.exr", "face.left.1001.exr"):
        shutil.copy(graph.files.file(1001), folder / other)
    assert clear((graph.layers,)) == "2 files deleted"
    assert sorted(path.name for path in folder.iterdir()) == [
        "face.1003.exr", "face.left.1001.exr", "face.track.edited.json",
    ]  # fmt: skip


def test_clear_names_what_it_may_not_delete(
    graph: FolderGraph, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path, missing_ok: bool = False) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "unlink", refuse)
    said = clear((graph.layers,))
    assert said == "0 files deleted; not deleted: face.track.json (Permission denied)"


def test_what_a_killed_engine_left_half_written_goes_with_the_next_bake(
    graph: FolderGraph, engine: Engine
) -> None:
    folder = Path(graph.layers).parent
    folder.mkdir()
    of_ours, being_written, of_another = (
        folder / f".{name}.0123456789ab.exr" for name in ("face.1001", "face.1002", "face2.1001")
    )
    for path in (of_ours, being_written, of_another):
        path.write_bytes(b"half")
    for path in (of_ours, of_another):
        os.utime(path, (0, 0))
    bake(graph, engine, 1001)
    assert [p.exists() for p in (of_ours, being_written, of_another)] == [False, True, True]


def test_each_track_that_was_edited_by_hand_is_kept(tmp_path: Path) -> None:
    path = track_file(str(tmp_path / "face.%04d.exr"))
    entry = {"frame": 1, "state": "edited", "size": 9.0}
    for height in (1, 2, 3):
        path.write_text(json.dumps({"height": height, "frames": [entry]}))
        forget(path)
    kept = sorted(p.name for p in tmp_path.iterdir())
    assert kept == [f"face.track.edited{n}.json" for n in ("", 2, 3)]
    assert json.loads((tmp_path / "face.track.edited.json").read_text())["height"] == 1
