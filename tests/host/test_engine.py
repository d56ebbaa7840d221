"""The worker's process: one at a time, another where it is dead or is to be another."""

from __future__ import annotations

from reage_host.engine import Engine


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
