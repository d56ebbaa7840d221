"""Two renders to one place: the second is told who holds it; what the dead left is swept."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

import reage
from helpers.shots import write_shot
from reage.errors import Cancelled, OutputClaimed, OutputError
from reage.media.frames import frame_paths
from reage.models.model import NullModel
from reage.shot import claiming
from reage.shot.claim import Claim
from reage.shot.claiming import claimed

HOLD = """
import sys
from pathlib import Path
from reage.media.frames import frame_paths, parse_frames
from reage.media.replacing import replacing
from reage.shot.claiming import claimed
output, frames = Path(sys.argv[1]), frame_paths(sys.argv[1], parse_frames(sys.argv[2]))
with claimed(output, frames), replacing(next(iter(frames.values()))) as draft:
    draft.write_text("half a frame")
    print("holds", flush=True)
    input()
"""
"""A render in mid-frame."""


def places(folder: Path, *frames: int) -> tuple[Path, dict[int, Path]]:
    output = folder / "a.%04d.exr"
    return output, frame_paths(output, frames)


@pytest.fixture
def other(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that renders frames 1 to 4."""
    told = [sys.executable, "-c", HOLD, str(tmp_path / "a.%04d.exr"), "1-4"]
    process = subprocess.Popen(told, stdin=-1, stdout=-1, text=True)
    assert process.stdout is not None and process.stdout.readline() == "holds\n"
    yield process
    process.kill()
    process.communicate()


def quick(monkeypatch: pytest.MonkeyPatch, beat: float, dead: float) -> None:
    monkeypatch.setattr(claiming, "BEAT", beat)
    monkeypatch.setattr(claiming, "DEAD", dead)


def test_the_second_is_told_who_where_since_when_and_which_frames(
    other: subprocess.Popen[str], tmp_path: Path
) -> None:
    before = sorted(tmp_path.iterdir())
    with pytest.raises(OutputClaimed) as refused, claimed(*places(tmp_path, 3, 4, 5)):
        pass
    said = str(refused.value)
    assert said.startswith(f"Frames 3-4 of {tmp_path / 'a.%04d.exr'} are being rendered by ")
    assert f"(process {other.pid}, frames 1-4, since 20" in said and socket.gethostname() in said
    assert OutputClaimed.exit_code == 6 and sorted(tmp_path.iterdir()) == before


def test_a_farm_shares_a_folder_over_other_frames(
    other: subprocess.Popen[str], tmp_path: Path
) -> None:
    (draft,) = tmp_path.glob(".a.0001.*.exr")
    with claimed(*places(tmp_path, 5, 6)), claimed(*places(tmp_path, 7)):
        assert len(list(tmp_path.glob(".*.reage-claim"))) == 3
    assert len(list(tmp_path.glob(".*.reage-claim"))) == 1 and draft.is_file()
    other.communicate("\n", timeout=10)
    assert [p.name for p in tmp_path.iterdir()] == ["a.0001.exr"]


def test_the_frames_of_a_killed_render_are_taken_over_at_once_and_its_draft_goes(
    other: subprocess.Popen[str], tmp_path: Path
) -> None:
    other.kill()
    while psutil.Process(other.pid).status() != psutil.STATUS_ZOMBIE:  # renders nothing any more
        time.sleep(0.01)
    begun = time.monotonic()
    with claimed(*places(tmp_path, 3)):
        assert [p.suffix for p in tmp_path.iterdir()] == [".reage-claim"]
    assert time.monotonic() - begun < 5 and not list(tmp_path.iterdir())


def foreign(folder: Path, *frames: int, **more: object) -> Path:
    """The claim of a render on another machine."""
    output, paths = places(folder, *frames)
    made = replace(Claim.of(output, paths), place="another machine", host="node7", **more)
    path = folder / f".{made.id}.reage-claim"
    path.write_text(made.text(), encoding="utf-8")
    return path


def test_on_another_machine_the_one_that_goes_on_touching_lives(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    quick(monkeypatch, 0.1, 2.0)
    path, over = foreign(tmp_path, 1, 2, holds=True), threading.Event()

    def touch() -> None:
        while not over.wait(0.1):
            os.utime(path)

    threading.Thread(target=touch).start()
    try:
        with pytest.raises(OutputClaimed, match="on node7"), claimed(*places(tmp_path, 2)):
            pass
    finally:
        over.set()
    assert path.exists()


def test_and_the_one_that_does_not_is_dead(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    quick(monkeypatch, 0.1, 1.0)
    path, begun = foreign(tmp_path, 1, 2, holds=True, writer="0123abcd"), time.monotonic()
    (tmp_path / ".b.0001.0123abcdffff.exr").touch()
    with claimed(*places(tmp_path, 2)):
        assert 0.8 < time.monotonic() - begun < 5 and not path.exists()
    assert not list(tmp_path.iterdir())


def test_waiting_for_it_can_be_stopped(tmp_path: Path) -> None:
    foreign(tmp_path, 1, holds=True)
    with pytest.raises(Cancelled), claimed(*places(tmp_path, 1), cancelled=lambda: True):
        pass
    assert len(list(tmp_path.iterdir())) == 1


def test_of_many_that_begin_at_once_one_goes_on(tmp_path: Path) -> None:
    held, refused, start, end = [], [], threading.Barrier(6), threading.Event()

    def begin() -> None:
        start.wait()
        try:
            with claimed(*places(tmp_path, 1, 2)):
                held.append(1)
                end.wait()
        except OutputClaimed:
            refused.append(1)

    threads = [threading.Thread(target=begin) for _ in range(6)]
    for thread in threads:
        thread.start()
    limit = time.monotonic() + 30
    while len(refused) < 5 and time.monotonic() < limit:
        time.sleep(0.02)
    end.set()
    for thread in threads:
        thread.join()
    assert (len(held), len(refused)) == (1, 5) and not list(tmp_path.iterdir())


def test_a_render_that_was_taken_for_dead_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    quick(monkeypatch, 0.05, 30.0)
    with claimed(*places(tmp_path, 1)) as still_ours:
        still_ours()
        next(tmp_path.glob(".*.reage-claim")).unlink()
        with pytest.raises(OutputClaimed, match="another one has taken over"):
            while True:
                still_ours()


def test_only_drafts_of_ours_whose_writer_is_gone_are_swept(tmp_path: Path) -> None:
    old, new = 1.0, time.time()
    names = {
        ".a.0001.0123abcdffff.exr": (old, False),  # the render before the last left it
        ".a.0001.89abcdef0000.exr": (new, True),  # perhaps somebody is writing it
        ".a.0009.0123abcdffff.exr": (old, True),  # of a frame that is not rendered now
        ".b.0001.0123abcdffff.exr": (old, True),  # of another output
        ".a.0001.notes.exr": (old, True),
        "a.0001.0123abcdffff.exr": (old, True),
        ".a.track.0123abcdffff.json": (old, False),
        ".fedcba98.reage-claim": (old, False),  # cut off while it was written
    }
    for name, (when, _) in names.items():
        (tmp_path / name).touch()
        os.utime(tmp_path / name, (when, when))
    with claimed(*places(tmp_path, 1, 2), beside=(tmp_path / "a.track.json",)):
        pass
    assert {p.name for p in tmp_path.iterdir()} == {n for n, (_, stays) in names.items() if stays}


def test_a_folder_that_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    refused = pytest.raises(OutputError, match="none cannot be written")
    with refused, claimed(*places(tmp_path / "none", 1)):
        pass


def test_a_render_beside_another_is_refused_before_its_first_frame(
    other: subprocess.Popen[str], tmp_path: Path
) -> None:
    plate, track = write_shot(tmp_path / "plates")
    look = reage.Settings(40, 70, crop_size=128)
    job = reage.RenderJob(plate, str(tmp_path / "a.%04d.exr"), look, "2-6", track)
    with pytest.raises(OutputClaimed, match="Frames 2-4 of"):
        reage.render(job, model=NullModel())
    report = reage.render(replace(job, frames="5-6"), model=NullModel())
    assert report.numbers("done") == (5, 6)
    assert not list(tmp_path.glob("a.000[1-4].exr"))
