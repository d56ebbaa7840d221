"""Frames on disk, and views, as hosts read them out of file patterns."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reage.media.patterns import frame_path
from reage_host.patterns import for_view, has_view, on_disk, with_percent


@given(frames=st.sets(st.integers(-20, 100_000), max_size=6), digits=st.integers(1, 5))
def test_the_frames_that_are_there_are_found_in_their_order(
    tmp_path_factory: pytest.TempPathFactory, frames: set[int], digits: int
) -> None:
    folder = tmp_path_factory.mktemp("frames")
    pattern = folder / f"a.%0{digits}d.exr"
    files = [f"a.{n:0{digits}d}.exr" for n in frames]
    for name in (*files, "a.x.exr", "a.00000007.exr", "b.1.exr"):
        (folder / name).touch()
    assert on_disk(str(pattern)) == tuple(sorted(frames))
    assert on_disk(str(folder / "no" / "a.%04d.exr")) == ()


def test_views_are_filled_in() -> None:
    assert for_view("/s/%V/a_%v.%04d.exr", "left") == "/s/left/a_l.%04d.exr"
    assert has_view("/s/%V/a.exr") and not has_view("/s/a.%04d.exr")
    assert with_percent("/s/a.####.exr") == "/s/a.%04d.exr"
    assert frame_path("/s/####/a.##.exr", 7) == Path("/s/####/a.07.exr")
