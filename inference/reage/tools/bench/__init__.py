"""`reage bench`: where the time and the memory go, beside the model alone.

speed   stages of one render, and its whole beside the model on the same tiles
stages  each stage by itself, beside what no program could do without
plates  2K, 4K and 8K plates with the same face, as scanline and as tiled EXR
memory  peak memory of short and long shots
growth  what a frame costs in short and in long shots
disk    how large a frame is
jobs    one and two frames at a time in the model
chunks  a shot in chunks of ten frames, each a process, beside one run
against this model beside another, and beside what runs that without an engine
ladder  how far a mix of two of a ladder's rungs is off the model's own answer between them
still   how still a stabilized face is, and how near its ST maps lead back
gpu     all that is to be known of a device, in less than four minutes

`--interactive` is the panel's own bench, and comes with the panel's package; `--live` is the
on-set mirror's.

The shots are made on the spot from the demo plate, with grain so that they compress like
footage. Times are of this machine at this moment; the ratios are what to look at.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping
from importlib.metadata import entry_points
from pathlib import Path

from reage.errors import SettingsError
from reage.home import demo_plate
from reage.tools.bench import (
    against,
    chunks,
    disk,
    growth,
    jobs,
    ladder,
    memory,
    plates,
    speed,
    stages,
    still,
)
from reage.tools.bench.plan import SIZES, BenchPlan

__all__ = ["TABLES", "BenchPlan", "interactive", "live", "tables"]

TABLES: Mapping[str, Callable[[Path, BenchPlan], Iterator[str]]] = {
    "speed": speed.lines,
    "stages": stages.lines,
    "plates": plates.lines,
    "memory": memory.lines,
    "growth": growth.lines,
    "disk": disk.lines,
    "jobs": jobs.lines,
    "chunks": chunks.lines,
    "against": against.lines,
    "ladder": ladder.lines,
    "still": still.lines,
}
"""By the word that asks for them: what yields a table's lines, given an empty folder to work in."""


def tables(what: str, plan: BenchPlan) -> Iterator[str]:
    """Lines of the table `what`, each as soon as it is measured. Raises SettingsError."""
    if plan.size not in SIZES:
        raise SettingsError(f"--size is {plan.size}; it is one of {', '.join(SIZES)}.")
    if plan.count < len(demo_plate()):
        raise SettingsError(f"--count must be at least {len(demo_plate())} frames.")
    with tempfile.TemporaryDirectory(prefix="reage-bench-") as folder:
        yield from TABLES[what](Path(folder), plan)


def interactive(count: int) -> Iterator[str]:
    """Lines about `count` moves of a slider. Raises SettingsError where no panel is installed."""
    return _elsewhere("interactive", "The panel's package is not installed here", count)


def live(count: int) -> Iterator[str]:
    """Lines about `count` seconds of the on-set mirror. Raises SettingsError where it is not
    installed."""
    return _elsewhere("live", "The on-set mirror's package is not installed here", count)


def _elsewhere(name: str, lacking: str, count: int) -> Iterator[str]:
    """The engine knows no panel and no mirror: what is measured stands in an installed package's
    entry point of the group "reage.bench", a `lines(count) -> Iterator[str]`."""
    found = next(iter(entry_points(group="reage.bench", name=name)), None)
    try:
        lines = found.load() if found else None
    except ImportError:  # the package is there, but not what it needs, such as Qt
        lines = None
    if lines is None:
        raise SettingsError(
            f"{lacking}; install it with `.venv/bin/pip install -e .[panel]`, or all that the "
            "tests need with `python3 install.py --test`."
        )
    yield from lines(count)
