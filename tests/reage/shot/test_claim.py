"""What a claim says: read back, or not at all, and which files it is about."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from reage.media.frames import frame_paths
from reage.shot.claim import Claim


def claim(folder: Path, output: str = "a.%04d.exr", frames: tuple[int, ...] = (1,)) -> Claim:
    return Claim.of(folder / output, frame_paths(folder / output, frames))


def test_a_claim_is_read_as_it_was_written(tmp_path: Path) -> None:
    made = claim(tmp_path, frames=(-1, 0, 1, 5, 7, 8))
    assert made.runs == ((-1, 1), (5, 5), (7, 8)) and made.pid == os.getpid()
    (tmp_path / "c").write_text(made.text(), encoding="utf-8")
    assert Claim.read(tmp_path / "c")[0] == made
    assert len(replace(made, holds=True).text()) == len(made.text())  # written over in its place


@pytest.mark.parametrize(
    "said",
    [b"", b"{", b"[]", b"{}", b"\xff\xfe", b"[" * 100_000, b'{"runs": 7}', b'{"runs": [[1, "x"]]}'],
)
def test_what_is_no_claim_is_none(tmp_path: Path, said: bytes) -> None:
    (tmp_path / "c").write_bytes(said)
    assert Claim.read(tmp_path / "c")[0] is None


@pytest.mark.parametrize("change", [{"pid": "7"}, {"writer": 7}, {"runs": [[1]]}])
def test_nor_is_one_with_a_value_of_another_kind(tmp_path: Path, change: dict) -> None:
    said = json.loads(claim(tmp_path).text()) | change
    (tmp_path / "c").write_text(json.dumps(said), encoding="utf-8")
    assert Claim.read(tmp_path / "c")[0] is None


def test_words_of_a_later_version_are_passed_over(tmp_path: Path) -> None:
    made = claim(tmp_path)
    (tmp_path / "c").write_text(json.dumps({**json.loads(made.text()), "more": 1}))
    assert Claim.read(tmp_path / "c")[0] == made


def test_a_renders_claim_has_the_words_that_versions_before_deliveries_know(tmp_path: Path) -> None:
    made = claim(tmp_path)
    words = {"id", "writer", "output", "runs", "host", "place", "pid", "user", "since", "holds"}
    assert json.loads(made.text()).keys() == words
    reading = replace(made, reads=True)
    assert json.loads(reading.text()).keys() == words | {"reads"}
    (tmp_path / "c").write_text(reading.text())
    assert Claim.read(tmp_path / "c")[0] == reading


@pytest.mark.parametrize(
    ("one", "its", "other", "theirs", "common"),
    [
        ("a.%04d.exr", (1, 2, 3), "a.####.exr", (3, 4), [3]),  # another way to say it
        ("a.%04d.exr", (1, 2, 3), "a.%04d.exr", (4, 5), []),
        ("a.%04d.exr", (1, 2, 3), "b.%04d.exr", (1, 2, 3), []),
        ("a.%04d.exr", (1, 1001), "a.%d.exr", (1, 1001), [1001]),
        ("a.exr", (5,), "a.exr", (7,), [7]),  # one file, whatever frame is in it
    ],
)
def test_it_covers_files_by_frames(
    tmp_path: Path, one: str, its: tuple, other: str, theirs: tuple, common: list
) -> None:
    made, asked = claim(tmp_path, one, its), frame_paths(tmp_path / other, theirs)
    assert [n for n, path in asked.items() if made.covers(n, path)] == common


def test_a_process_is_gone_when_it_has_ended_and_only_on_its_own_machine(tmp_path: Path) -> None:
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    theirs = replace(claim(tmp_path), pid=child.pid)
    assert not theirs.gone()
    child.kill()
    while not theirs.gone():  # before its parent has asked how it ended, too
        pass
    child.wait()
    assert theirs.gone() and not replace(theirs, place="another machine").gone()
