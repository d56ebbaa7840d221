"""Bakes in the background: each node once at a time, and each tells of its end."""

from __future__ import annotations

import threading

import pytest

from reage.errors import Cancelled, PlateError, SettingsError
from reage_host.bakes import Bakes, Run
from reage_host.report import STOPPED, BakeReport, Observer


def ending(run: Run) -> tuple[str, str]:
    """What is told of a bake that was asked to end."""
    bakes, told, over = Bakes(), [], threading.Event()

    def ended(text: str, error: str) -> None:
        told.append((text, error))
        assert not bakes.is_busy("a")
        over.set()

    bakes.start("a", run, ended)
    bakes.cancel("a")
    assert over.wait(20)
    return told[0]


def raises(error: Exception) -> Run:
    def run(cancelled: object) -> BakeReport:
        raise error

    return run


def test_one_frame_is_one_frame() -> None:
    assert BakeReport(computed=(1,)).text().startswith("1 frame baked in ")
    assert BakeReport(computed=(1, 2)).text().startswith("2 frames baked in ")


def test_each_way_to_end_is_told_once() -> None:
    report = BakeReport(computed=(1,), failed={4: "no file 4.", 7: "no file 7.", 8: "none."})
    assert ending(lambda cancelled: report) == (
        report.text(), "Failed: frames 4, 7-8; the first: no file 4.",
    )  # fmt: skip
    assert ending(raises(PlateError("The plate is gone."))) == ("", "The plate is gone.")
    assert ending(raises(ValueError("odd"))) == ("", "ValueError: odd")


def test_a_stop_is_no_error() -> None:
    def until_stopped(cancelled: object) -> BakeReport:
        while True:
            Observer(cancelled=cancelled).check()

    assert ending(until_stopped) == (STOPPED, "")


def test_no_node_is_baked_twice_at_once() -> None:
    bakes = Bakes()
    with pytest.raises(SettingsError, match="being baked already"):
        bakes.do("a", lambda _: bakes.do("a", lambda _: BakeReport()))
    assert not bakes.is_busy("a") and not bakes.cancel("a")
    assert bakes.do("a", lambda _: bakes.do("b", lambda _: BakeReport())) == BakeReport()
    with pytest.raises(Cancelled):
        bakes.do("a", raises(Cancelled(STOPPED)))
    assert not bakes.is_busy("a")
