"""Processes that work for a command: what ends one, and what they are deaf to."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import pytest

from helpers.processes import needs_proc, workers_of
from reage.errors import SettingsError
from reage_training.processes import Processes

pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")


def test_what_ends_its_process_is_told_and_the_rest_is_done() -> None:
    items = [0] * 5 + [signal.SIGKILL] + [0] * 5 + [signal.SIGTERM] + [0] * 5
    with Processes(2) as processes:
        done = list(processes.each(signal.raise_signal, items, ended=lambda _: "ended"))
        assert sorted(item for item, result in done if result == "ended") == [9, 15]
        assert [item for item, result in done if result is None] == [0] * 15
        assert len(list(processes.each(abs, range(9)))) == 9  # they go on


@needs_proc
def test_all_are_started_before_one_works() -> None:
    """One that ends while another is started makes CPython 3.11 wait for that one for ever."""
    with Processes(3) as processes:
        work = processes.each(abs, range(9))
        next(work)
        started = workers_of(os.getpid())
        assert len(started) == 3
        assert len(list(work)) == 8
        assert workers_of(os.getpid()) == started


def test_what_ends_its_process_is_a_sentence_where_nobody_says_otherwise() -> None:
    with Processes(1) as processes, pytest.raises(SettingsError, match="too little memory"):
        list(processes.each(signal.raise_signal, [signal.SIGKILL]))


@needs_proc
def test_they_are_deaf_to_ctrl_c_from_their_first_moment_on() -> None:
    """Before they could say so themselves, which takes them a second."""
    stopped = time.monotonic() + 60
    with Processes(2) as processes:
        work = processes.each(signal.raise_signal, [signal.SIGINT] * 4)
        seen: set[int] = set()

        def looked() -> bool:
            for child in workers_of(os.getpid()):
                seen.add(child)
                status = Path(f"/proc/{child}/status").read_text()
                assert _signals(status, "SigBlk") >> (signal.SIGINT - 1) & 1
            return time.monotonic() > stopped

        assert list(work) == [(signal.SIGINT, None)] * 4
        assert len(list(processes.each(abs, range(4), looked))) == 4 and seen


def _signals(status: str, name: str) -> int:
    return int(next(line for line in status.splitlines() if line.startswith(name)).split()[1], 16)


def test_who_is_stopped_draws_no_more_than_is_worked_at() -> None:
    drawn = []

    def items() -> object:
        for k in range(1000):
            drawn.append(k)
            yield k

    done: list[int] = []
    with Processes(1) as processes:
        for item, _ in processes.each(abs, items(), lambda: len(done) >= 3, ahead=2):
            done.append(item)
    assert len(done) < 6 and len(drawn) <= len(done) + 4
