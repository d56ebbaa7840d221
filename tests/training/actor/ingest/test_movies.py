"""Stills of a movie: sharp ones of every pose, some time apart, as pictures that anybody reads."""

from __future__ import annotations

import shutil
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
import pytest

from reage.errors import Cancelled, UnreadableFrame
from reage_training.actor.ingest.kept import KeptMeasures
from reage_training.actor.ingest.movies import SeenFrame, choose, stills
from reage_training.actor.ingest.run import Options, ingest

HASHES = np.random.default_rng(0).integers(0, 256, (60, 32), dtype=np.uint8)


def _look(frame: int, pose: str, sharp: float, like: int | None = None) -> SeenFrame:
    hashed = HASHES[frame if like is None else like]
    return SeenFrame(frame, frame / 2, (pose, 0), sharp, hashed)


def test_each_pose_gets_its_sharpest_before_any_gets_two() -> None:
    seen = [_look(k, "front" if k < 40 else "left", 100 + k % 7) for k in range(0, 50, 4)]
    chosen = choose(seen, 4)
    assert [c.frame for c in chosen] == sorted(c.frame for c in chosen)
    assert sum(c.pose[0] == "left" for c in chosen) == 2
    best = max((s for s in seen if s.pose[0] == "front"), key=lambda s: s.detail_px)
    assert best in chosen


def test_what_is_near_in_time_or_alike_is_one() -> None:
    assert [c.frame for c in choose([_look(1, "front", 9), _look(2, "front", 8)], 9)] == [1]
    alike = [_look(1, "front", 8), _look(30, "front", 9, like=1)]
    assert [c.frame for c in choose(alike, 9)] == [30]
    other = [_look(1, "front", 8), _look(2, "left", 9)]
    assert len(choose(other, 9)) == 2
    assert choose([], 5) == []


@pytest.fixture(scope="module")
def movie(tmp_path_factory: pytest.TempPathFactory, tree: Path) -> Path:
    """The man of the demo plate for two seconds, turned at the second, between black frames."""
    path = tmp_path_factory.mktemp("movies") / "age_45" / "interview.mp4"
    path.parent.mkdir()
    first = cv2.imread(str(tree / "31_001.jpg"))[..., ::-1]
    last = cv2.imread(str(tree / "scans" / "c.png"))[..., ::-1]
    with av.open(str(path), "w") as out:
        stream = out.add_stream("mpeg4", rate=Fraction(4))
        stream.width, stream.height, stream.pix_fmt = 960, 540, "yuv420p"
        stream.bit_rate = 8_000_000
        for picture in (*[first] * 4, *[np.zeros_like(first)] * 2, *[last] * 4):
            frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(picture), "rgb24")
            out.mux(stream.encode(frame))
        out.mux(stream.encode())
    return path


def test_a_movie_gives_stills_with_its_age(movie: Path, tmp_path: Path) -> None:
    before = movie.read_bytes()
    book = ingest(Options(movie.parent.parent, tmp_path / "book", workers=0)).book
    assert [e.age for e in book.learned_from] == [45.0] * len(book.learned_from)
    frames = [int(e.source.partition("#")[2]) for e in book.learned_from]
    assert len(frames) == 2 and frames[0] <= 4 < 6 < frames[1]
    for entry in book.learned_from:
        assert entry.source.startswith("age_45/interview.mp4#") and entry.file.endswith(".png")
        assert book.path(entry).is_file() and 300 < entry.face_px < 360
    assert movie.read_bytes() == before
    again = ingest(Options(movie.parent.parent, tmp_path / "book", workers=0)).book
    assert again.entries == book.entries


def test_a_still_that_was_deleted_comes_back(movie: Path, tmp_path: Path) -> None:
    """From the measures, and where they are gone as well, from the movie."""
    options = Options(movie.parent.parent, tmp_path / "book", workers=0)
    book = ingest(options).book
    lost = book.path(book.learned_from[0])
    pixels = lost.read_bytes()
    lost.unlink()
    assert set(ingest(options).book.entries) == set(book.entries)
    assert lost.read_bytes() == pixels
    lost.unlink()
    shutil.rmtree(tmp_path / "book" / "measured" / "stills")
    assert set(ingest(options).book.entries) == set(book.entries)
    assert lost.read_bytes() == pixels


def test_more_stills_are_made_once_more_are_asked_for(movie: Path, tmp_path: Path) -> None:
    """And fewer, or more than the movie has, take nothing away and no new look."""
    options = Options(movie.parent.parent, tmp_path / "book", stills=1, workers=0)
    assert len(ingest(options).book.entries) == 1
    assert len(ingest(replace(options, stills=2)).book.entries) == 2
    ingest(replace(options, stills=9))
    seen: list[str] = []
    for most in (1, 9, 24):
        done = ingest(replace(options, stills=most), lambda p: seen.append(p.stage))
        assert len(done.book.entries) == 2 and "photographs" not in seen


def test_who_stops_does_not_wait_for_a_movie(movie: Path, tmp_path: Path) -> None:
    """And nothing half looked through is kept."""
    asked = iter(range(100))
    options = Options(movie.parent.parent, tmp_path / "book", workers=0)
    with pytest.raises(Cancelled):
        ingest(options, stopped=lambda: next(asked) >= 2)
    assert not KeptMeasures.open(tmp_path / "book").by_name


def test_a_movie_that_is_none_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.mp4").write_bytes(b"no movie")
    with pytest.raises(UnreadableFrame):
        stills(tmp_path / "a.mp4", tmp_path, 5)
