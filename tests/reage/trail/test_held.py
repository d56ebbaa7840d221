"""Layers are held while they are read, or where nothing can be written only looked at."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from reage.errors import OutputClaimed, OutputError
from reage.media.frames import frame_paths
from reage.shot.claiming import claimed
from reage.trail.held import reading


@contextmanager
def nothing_written() -> Iterator[None]:
    """No file takes a byte, whatever os.access says, as by an ACL or on a full disk."""
    resource = pytest.importorskip("resource")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_layers_are_claimed_while_they_are_read(tmp_path: Path) -> None:
    layers = tmp_path / "l.%04d.exr"
    with reading(str(layers), frame_paths(layers, [1])) as still_kept:
        still_kept()
        assert [path.suffix for path in tmp_path.iterdir()] == [".reage-claim"]
        with pytest.raises(OutputClaimed), claimed(layers, frame_paths(layers, [1])):
            pass


def test_where_no_claim_can_be_written_it_only_looks(tmp_path: Path) -> None:
    layers = tmp_path / "l.%04d.exr"
    files = frame_paths(layers, [1])
    with nothing_written():
        assert os.access(tmp_path, os.W_OK)
        with pytest.raises(OutputError, match="cannot be written"), claimed(layers, files):
            pass
        with reading(str(layers), files) as still_kept:
            still_kept()
    told = pytest.raises(OutputClaimed, match="are being rendered by")
    with claimed(layers, files), nothing_written(), told, reading(str(layers), files):
        pass
    assert not list(tmp_path.iterdir())
