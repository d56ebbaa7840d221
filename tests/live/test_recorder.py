"""A take is what was shown and done: every frame in its place, every move at its frame."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from helpers.take_kit import ABOUT, SLATE, frame, give, grays, level, record, settings, slated
from reage.errors import OutputError, PlateError, SettingsError
from reage.job import RenderJob
from reage.media.video import Movie
from reage.shot.footage import Footage
from reage.shot.tracking import open_track
from reage_live import recovery, take
from reage_live.recorder import TakeRecorder
from reage_live.recording import RawFrame, Recorder
from reage_live.take_writer import folder_name


def test_a_take_holds_every_frame_and_every_move(tmp_path: Path) -> None:
    folder = record(tmp_path / "day", range(48))
    assert folder == tmp_path / "day" / "12A_003_A"
    names = ["12A_003_A.track.json", "12A_003_A_raw.mov", "12A_003_A_reaged.mov", "take.json"]
    assert sorted(p.name for p in folder.iterdir()) == names
    made = take.load(folder)
    assert (made.slate, made.about, made.frames) == (SLATE, ABOUT, 48)
    assert made.timecode.text == "10:00:00:00"
    assert [made.settings_at(n) for n in range(1, 49)] == [settings(i) for i in range(48)]
    assert [m.frame for m in made.moves] == [11, *range(22, 34), 41]
    assert made.crops == ((1, 256), (26, 192))
    assert made.delays is not None
    assert made.delays.median == pytest.approx(0.104, abs=1e-6)
    assert made.delays.p99 == pytest.approx(0.109, abs=1e-6)
    assert (made.held, made.dropped, made.recovered) == ((), 0, False)
    want = np.array([level(i) for i in range(48)])
    assert np.abs(np.array(grays(made.raw)) - want).max() < 0.6
    assert np.abs(np.array(grays(made.reaged)) - (255 - want)).max() < 0.6


def test_the_take_file_is_read_by_people_and_by_us(tmp_path: Path) -> None:
    made = take.load(record(tmp_path, range(30)))
    data = json.loads((made.folder / "take.json").read_text())
    assert data["slate"] == {"scene": "12A", "take": 3, "camera": "A"}
    assert data["about"]["rate"] == "24" and data["about"]["model_sha256"] == "ab" * 32
    assert (data["raw"], data["timecode"]) == ("12A_003_A_raw.mov", "10:00:00:00")
    assert data["moves"][0] == {"frame": 11, "values": {"target_age": 30.5}}
    assert take.Take.from_json(made.to_json(), made.folder) == made


def test_the_track_is_one_that_a_render_takes(tmp_path: Path) -> None:
    made = take.load(record(tmp_path, range(40)))
    job = RenderJob(str(made.raw), "o.%04d.exr", track=str(made.track))
    track = open_track(job, Footage.open(job))
    assert sorted(track.frames) == list(range(1, 41))
    assert track.frames[5].center == (154.0, 80.5)
    assert [n for n in track.frames if track.at(n) is None] == [31, 32, 33, 34]


def test_a_frame_that_did_not_come_is_held(tmp_path: Path) -> None:
    there = [0, 1, 2, 6, 7, 20]
    made = take.load(record(tmp_path, there))
    assert made.frames == 21
    assert made.held == (4, 5, 6, *range(9, 21))
    shown = [max(i for i in there if i <= n) for n in range(21)]
    assert np.abs(np.array(grays(made.raw)) - [level(i) for i in shown]).max() < 0.6
    last = Movie.open(made.raw).info(20).metadata["smpte:TimeCode"]
    assert last.value[0] == 0x10000020
    assert made.settings_at(20) == settings(7) and made.settings_at(21) == settings(20)


def test_a_source_that_counts_anew_goes_on(tmp_path: Path) -> None:
    made = take.load(record(tmp_path, [7, 8, 9, 0, 1]))
    assert (made.frames, made.held) == (5, ())
    assert np.abs(np.array(grays(made.raw)) - [level(i) for i in (7, 8, 9, 0, 1)]).max() < 0.6


def test_no_take_is_overwritten_and_one_without_a_frame_leaves_nothing(tmp_path: Path) -> None:
    assert record(tmp_path, range(3)).name == "12A_003_A"
    assert record(tmp_path, range(3)).name == "12A_003_A_2"
    recorder = TakeRecorder(tmp_path)
    recorder.start(slated(9), ABOUT)
    assert recorder.taking
    recorder.stop()
    recorder.stop()
    assert not recorder.taking and recorder.last is None
    assert sorted(p.name for p in tmp_path.iterdir()) == ["12A_003_A", "12A_003_A_2"]


@pytest.mark.parametrize(
    ("slate", "name"),
    [(("12A", 3, "A"), "12A_003_A"), (("", 1, ""), "001"), (("../x y", 12, "b:c"), "x-y_012_b-c")],
)
def test_the_slate_names_the_folder(slate: tuple[str, int, str], name: str) -> None:
    assert folder_name(replace(SLATE, scene=slate[0], take=slate[1], camera=slate[2])) == name


def test_a_picture_of_another_size_ends_the_take_and_says_so(tmp_path: Path) -> None:
    recorder: Recorder = TakeRecorder(tmp_path)
    recorder.start(SLATE, ABOUT)
    for i in range(10):
        recorder.write(frame(i))
    large = np.zeros((360, 640, 3), np.uint8)
    recorder.write(replace(frame(10), raw=large, result=large))
    _until(lambda: not recorder.taking and "kept" in (recorder.problem() or ""))
    assert recorder.problem() == (
        "The picture has 640×360 px now, and had 320×180, so the take is over. "
        "Recording has stopped; 12A_003_A is kept up to frame 10."
    )
    recorder.write(frame(11))
    recorder.stop()
    made = take.load(tmp_path / "12A_003_A")
    assert (made.frames, len(grays(made.raw)), made.recovered) == (10, 10, False)
    recorder.start(slated(4), ABOUT)
    assert recorder.taking and "kept" not in (recorder.problem() or "")
    recorder.stop()


def test_a_camera_that_was_away_too_long_ends_the_take(tmp_path: Path) -> None:
    recorder = TakeRecorder(tmp_path)
    recorder.start(SLATE, ABOUT)
    give(recorder, (frame(i) for i in (0, 1, 2 + 10 * 24)))
    _until(lambda: "kept" in (recorder.problem() or ""))
    assert "No frame came for more than 10 seconds" in (recorder.problem() or "")
    assert take.load(tmp_path / "12A_003_A").frames == 2


def test_the_mirror_never_waits_and_drops_are_told(tmp_path: Path) -> None:
    """A disk that cannot follow: more frames at once than the queue holds."""
    recorder = TakeRecorder(tmp_path)
    recorder.start(SLATE, ABOUT)
    many = [frame(i) for i in range(200)]
    before = time.monotonic()
    for each in many:
        recorder.write(each)
    assert time.monotonic() - before < 0.5
    assert "frames of this take dropped so far" in (recorder.problem() or "")
    recorder.write(frame(200))
    recorder.stop()
    made = recorder.last
    assert made is not None
    told = int((recorder.problem() or "").split(":")[1].split()[0])
    assert made.frames - len(made.held) + told == 201
    assert take.load(made.folder).dropped == made.dropped == told > 0
    assert len(grays(made.raw)) == made.frames


def test_what_is_dropped_behind_the_last_result_counts(tmp_path: Path) -> None:
    """Camera frames that find no place while no result comes, as with a slow processor."""
    recorder = TakeRecorder(tmp_path)
    recorder.start(SLATE, ABOUT)
    many = [frame(i) for i in range(200)]
    raws = [RawFrame(each.index, each.timecode, each.raw) for each in many]
    recorder.came(raws[0])
    recorder.write(many[0])
    _until(recorder._running._waiting.empty)  # so its line is written before a frame is dropped
    for each in raws[1:]:
        recorder.came(each)
    recorder.stop()
    made = recorder.last
    told = int((recorder.problem() or "").split(":")[1].split()[0])
    assert made is not None and take.load(made.folder).dropped == told > 0


def test_only_one_take_at_a_time_and_only_where_there_is_a_place(tmp_path: Path) -> None:
    recorder = TakeRecorder(tmp_path)
    recorder.start(SLATE, ABOUT)
    with pytest.raises(OutputError, match="being recorded already; stop it first"):
        recorder.start(SLATE, ABOUT)
    recorder.stop()
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(OutputError, match=r"No take can be written to .*file"):
        TakeRecorder(tmp_path / "file").start(SLATE, ABOUT)
    with pytest.raises(SettingsError, match="no codec vhs"):
        TakeRecorder(tmp_path, "vhs").start(SLATE, ABOUT)


def test_takes_of_a_day_come_by_timecode(tmp_path: Path) -> None:
    for number, start in ((1, "12:00:00:00"), (2, "09:30:00:00"), (3, "11:00:00:00")):
        record(tmp_path, range(2), slated(number), start)
    (tmp_path / "12A_004_A").mkdir()
    (tmp_path / "12A_004_A" / "take.json").write_text("{}")
    (tmp_path / "notes").mkdir()
    takes, troubles = recovery.takes_of(tmp_path)
    assert [t.slate.take for t in takes] == [2, 3, 1]
    assert len(troubles) == 1 and "12A_004_A/take.json is no take file" in troubles[0]
    with pytest.raises(PlateError, match="holds no take"):
        recovery.takes_of(tmp_path / "notes")
    with pytest.raises(PlateError, match="There is no folder"):
        recovery.takes_of(tmp_path / "gone")


def _until(what: object, seconds: float = 20) -> None:
    assert callable(what)
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end
        time.sleep(0.01)
