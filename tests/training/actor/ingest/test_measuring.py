"""Many files side by side: one that ends its process, one that goes, and a wish to stop."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from helpers.processes import killed_as_they_come, needs_proc, workers_of
from reage.errors import SettingsError
from reage_training.actor.ingest.measure import Measures
from reage_training.actor.ingest.measuring import How, look_at, measure_all
from reage_training.actor.ingest.run import Options, ingest
from reage_training.actor.ingest.tree import tree_of


def _tree(folder: Path, count: int) -> Path:
    folder.mkdir()
    for k in range(count):
        (folder / f"{k:03d}.jpg").write_bytes(f"no picture {k}".encode())
    return folder


def test_a_file_that_changes_while_it_is_read_is_left_for_the_next_run(tmp_path: Path) -> None:
    tree = _tree(tmp_path / "tree", 2)
    (tmp_path / "measured").mkdir()
    sources = tree_of(tree, tmp_path / "book").sources
    (tree / "000.jpg").write_bytes(b"another picture")
    (tree / "001.jpg").unlink()
    done = list(measure_all(sources, How(tmp_path / "measured"), 0, lambda: False))
    assert [d.known for d in done] == [None, None]


def test_side_by_side_is_as_one_by_one(tmp_path: Path) -> None:
    sources = tree_of(_tree(tmp_path / "tree", 9), tmp_path / "book").sources
    (tmp_path / "measured").mkdir()
    how = How(tmp_path / "measured")
    done = {d.source.name: d.known for d in measure_all(sources, how, 2, lambda: False)}
    assert done == {s.name: look_at(s, how).known for s in sources}
    kept = Measures.read(next((tmp_path / "measured").glob("*.npz")))
    assert kept is not None and kept.aside == "damaged" and "no picture" not in kept.why


@needs_proc
def test_processes_that_are_killed_lose_no_file(tmp_path: Path) -> None:
    """As by a reader that a file brings down, or by a system out of memory."""
    sources = tree_of(_tree(tmp_path / "tree", 40), tmp_path / "book").sources
    (tmp_path / "measured").mkdir()
    known = []
    for done in measure_all(sources, How(tmp_path / "measured"), 2, lambda: False):
        known.append(done)
        if len(known) == 5:
            for child in workers_of(os.getpid()):
                os.kill(child, signal.SIGKILL)
    assert sorted(d.source.name for d in known) == [s.name for s in sources]
    assert all(d.known for d in known)


@needs_proc
def test_one_new_file_that_no_reader_survives_is_damaged(tmp_path: Path) -> None:
    """In a tree, put into the book by hand, and as --like."""
    tree = _tree(tmp_path / "tree", 1)
    options = Options(tree, tmp_path / "book", workers=2)
    with killed_as_they_come():
        (entry,) = ingest(options).book.entries
        assert entry.aside == "damaged" and "ended over it" in entry.why
        own = tmp_path / "book" / "photographs" / "own.jpg"
        own.parent.mkdir(exist_ok=True)
        own.write_bytes(b"no picture of one's own")
        found = {e.source: e for e in ingest(options).book.entries}
        assert "ended over it" in found["own.jpg"].doubt
        (tmp_path / "like.jpg").write_bytes(b"no picture of the actor")
        with pytest.raises(SettingsError, match="ended over it"):
            ingest(replace(options, like=tmp_path / "like.jpg"))


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
def test_ctrl_c_ends_in_a_word_and_the_same_command_goes_on(tmp_path: Path) -> None:
    tree = _tree(tmp_path / "tree", 400)
    words = ["actor", "ingest", str(tree), "-o", str(tmp_path / "book")]
    running = subprocess.Popen(
        [sys.executable, "-m", "reage_training.cli", *words],
        stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    wait = time.monotonic() + 60
    while not list((tmp_path / "book").glob("measured/*.npz")) and time.monotonic() < wait:
        time.sleep(0.02)
    os.killpg(running.pid, signal.SIGINT)  # as a terminal does, to all of them
    _, said = running.communicate(timeout=60)
    measured = len(list((tmp_path / "book").glob("measured/*.npz")))
    if measured < 400:  # else it was done before it heard
        assert running.returncode == 130 and "The same command goes on" in said
        assert "Traceback" not in said
