"""What it costs to render a shot in chunks of ten frames, each a process, as a farm does.

Every time is that of the `reage` command itself. Process start is what a render takes that has
nothing to render, as its one frame stands: Python, its libraries, the model, the track, the plate's
header, the claim. A chunk's overhead is what its frames take beyond that, against as many frames of
one long run, beyond that as well.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median

from reage import strict_json
from reage.errors import SettingsError
from reage.shot.tracking import track_path
from reage.tools.bench.plan import SIZES, BenchPlan
from reage.tools.bench.shots import make_shot

CHUNK, _AIM = 10, 0.15

_STANDS = 2
"""The frame of renders that have nothing to render: none at a shot's end, which are looked at for
more faces."""

_LIBRARIES = "import onnxruntime, reage.shot.rendering, reage.models.onnx_model"


@dataclass(frozen=True)
class _Run:
    """Seconds of one process: in all, to the first frame that was written, from there to the last,
    and from the last to its end."""

    whole: float
    first: float
    rest: float
    end: float


def lines(folder: Path, plan: BenchPlan) -> Iterator[str]:
    count = plan.count // CHUNK * CHUNK
    if count < 2 * CHUNK:
        raise SettingsError(f"--count must be at least {2 * CHUNK} frames, to make two chunks.")
    make_shot(folder, SIZES[plan.size], count)
    job = replace(plan.job(folder), track=str(track_path(plan.job(folder).output)))
    path = folder / "job.json"
    path.write_text(job.to_json(), encoding="utf-8")
    _reage("track", str(path), "-q")
    _reage("render", str(path), "--frames", str(_STANDS), "-q")
    starts, chunks, longs = [_start(path)], list[_Run](), [_run(path, f"1-{count}")]
    for first in range(1, count + 1, CHUNK):
        chunks.append(_run(path, f"{first}-{first + CHUNK - 1}"))
        starts.append(_start(path))
    longs.append(_run(path, f"1-{count}"))
    yield from _table(plan, count, starts, chunks, longs)


def _table(
    plan: BenchPlan, count: int, starts: Sequence[float], chunks: Sequence[_Run],
    longs: Sequence[_Run],
) -> Iterator[str]:  # fmt: skip
    start, long = median(starts), _median(longs)
    chunk, python = _median(chunks), _took([sys.executable, "-c", "pass"])
    libraries = _took([sys.executable, "-c", _LIBRARIES])
    each = (long.whole - start) / count
    beyond = chunk.whole - start - CHUNK * each
    yield f"{count} frames of {plan.size} in one run, twice, and in {len(chunks)} chunks of {CHUNK}"
    yield f"{'':<44}{'s':>7}"
    yield f"{'process start: Python':<44}{python:>7.2f}"
    yield f"{'  with the libraries':<44}{libraries:>7.2f}"
    yield f"{'  with model, track, plate: nothing to render':<44}{start:>7.2f}"
    yield f"{f'one run, {CHUNK} of its frames beyond the start':<44}{CHUNK * each:>7.2f}"
    yield f"{f'a chunk of {CHUNK} beyond the start':<44}{chunk.whole - start:>7.2f}"
    steady = long.rest / (count - 1)
    first = chunk.first - start - steady
    yield f"{'  its first frame, beyond a frame of one run':<44}{first:>7.2f}"
    yield f"{'  the other nine, beyond those of one run':<44}{chunk.rest - 9 * steady:>7.2f}"
    yield f"{'  from the last frame to the end':<44}{chunk.end:>7.2f}"
    share = beyond / (CHUNK * each)
    yield f"overhead of a chunk beyond process start: {share:+.0%} (aim: at most {_AIM:.0%})"
    whole = chunk.whole / (CHUNK * each)
    yield f"a chunk with its process start / its frames in one run: {whole:.2f}"
    yield "(of a chunk, of the start and of the run the median)"


def _median(runs: Sequence[_Run]) -> _Run:
    parts = ([getattr(run, name) for run in runs] for name in ("whole", "first", "rest", "end"))
    return _Run(*map(median, parts))


def _start(job: Path) -> float:
    """Of a render whose one frame stands."""
    return _took([*_COMMAND, "render", str(job), "--frames", str(_STANDS), "--resume", "-q"])


def _run(job: Path, frames: str) -> _Run:
    words = [*_COMMAND, "render", str(job), f"--frames={frames}", "--progress", "json"]
    began, came = time.perf_counter(), list[float]()
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if "progress" in strict_json.loads(line, "a render's progress", SettingsError):
                came.append(time.perf_counter() - began)
    whole = time.perf_counter() - began
    if process.returncode or not came:
        raise SettingsError(f"The render of frames {frames} failed; run it by itself to see why.")
    return _Run(whole, came[0], came[-1] - came[0], whole - came[-1])


def _took(words: Sequence[str]) -> float:
    began = time.perf_counter()
    subprocess.run(words, check=True, capture_output=True)
    return time.perf_counter() - began


def _reage(*words: str) -> None:
    subprocess.run([*_COMMAND, *words], check=True, capture_output=True)


_COMMAND = (sys.executable, "-m", "reage.cli")
