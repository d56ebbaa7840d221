"""The worker's process: one at a time, another where it is dead or is to be another."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from reage.errors import ReageError
from reage_host.engine import Engine, ask


def test_a_living_worker_is_kept_and_one_of_another_environment_is_ended(engine: Engine) -> None:
    first = engine.worker({"OCIO": ""})
    assert engine.worker({"OCIO": ""}) is first and first.call("hello")
    second = engine.worker()
    assert second is not first and not first.alive
    assert second.call("hello")


def test_a_dead_one_is_replaced_and_a_closed_one_as_well(engine: Engine) -> None:
    first = engine.worker()
    first.close()
    second = engine.worker()
    assert second is not first and second.call("hello")
    engine.close()
    assert not second.alive
    engine.cancel(1)  # of nobody: nothing happens
    assert engine.worker().call("hello")


@pytest.mark.skipif(os.name == "nt", reason="the engine is a shell script")
def test_one_that_hangs_is_waited_for_no_longer_than_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hangs = tmp_path / "python"
    hangs.write_text("#!/bin/sh\nexec sleep 60\n", encoding="utf-8")
    hangs.chmod(0o755)
    monkeypatch.setenv("REAGE_PYTHON", str(hangs))
    began = time.monotonic()
    with pytest.raises(ReageError, match=r"has not answered for 0\.2 s"):
        ask("hello", {}, seconds=0.2)
    assert time.monotonic() - began < 20


def test_a_worker_of_its_own_answers(engine_python: None) -> None:
    assert ask("hello", {})["version"]
