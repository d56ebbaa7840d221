"""File patterns are read as the engine reads them."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reage.media.frames import frame_path, has_frame_token
from reage.media.frames import on_disk as engines_on_disk
from reage_host.patterns import for_frame, for_view, has_frame, has_view, on_disk, with_percent

NAMES = st.lists(
    st.sampled_from(["shot", ".", "_", "%04d", "%d", "%06d", "####", "#", "@@", "7", "%V", "50%"]),
    min_size=1, max_size=5,
).map(lambda parts: "".join(parts) + ".exr")  # fmt: skip


@given(name=NAMES, frame=st.integers(-20, 100_000))
def test_a_frames_file_is_the_engines(name: str, frame: int) -> None:
    pattern = f"/shots/a b/{name}"
    assert for_frame(pattern, frame) == frame_path(pattern, frame)
    assert has_frame(pattern) == has_frame_token(pattern)


@given(frames=st.sets(st.integers(-20, 100_000), max_size=6), digits=st.integers(1, 5))
def test_the_frames_that_are_there_are_the_engines(
    tmp_path_factory: pytest.TempPathFactory, frames: set[int], digits: int
) -> None:
    folder = tmp_path_factory.mktemp("frames")
    pattern = folder / f"a.%0{digits}d.exr"
    files = [f"a.{n:0{digits}d}.exr" for n in frames]
    for name in (*files, "a.x.exr", "a.00000007.exr", "b.1.exr"):
        (folder / name).touch()
    assert set(on_disk(str(pattern))) == engines_on_disk(pattern) == frames
    assert on_disk(str(folder / "no" / "a.%04d.exr")) == ()


def test_views_are_filled_in() -> None:
    assert for_view("/s/%V/a_%v.%04d.exr", "left") == "/s/left/a_l.%04d.exr"
    assert has_view("/s/%V/a.exr") and not has_view("/s/a.%04d.exr")
    assert with_percent("/s/a.####.exr") == "/s/a.%04d.exr"
    assert for_frame("/s/####/a.##.exr", 7) == Path("/s/####/a.07.exr")
