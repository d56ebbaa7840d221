"""What is installed, what will really be used, and whether one tile runs.

Every other part of the engine is imported inside the check that needs it: a doctor that
a missing library stops from starting could not name that library.
"""

from __future__ import annotations

import os
import platform
import shutil
import statistics
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from reage.errors import ReageError
from reage.shot.memory import available_memory
from reage.tools.machine import nvidia_gpus
from reage.version import __version__

if TYPE_CHECKING:
    from reage.models.model import Model, ModelInput
    from reage.models.onnx_model import OnnxModel

Verdict = Literal["ok", "warn", "fail"]

LIBRARIES = (
    "numpy", "OpenImageIO", "opencolorio", "opencv-python-headless", "av", "fileseq", "psutil",
)  # fmt: skip
RUNTIMES = ("onnxruntime", "onnxruntime-gpu")
REINSTALL = "Run `python3 install.py`, which installs or repairs it; a wheel, pip installs anew."
LOW_DISK = 2 << 30
LOW_MEMORY = 3 << 30
TILE = 256
ALIKE = 0.02
"""Share of the largest change by which a device may be off; half precision is within."""


@dataclass(frozen=True)
class Finding:
    """One line of the report. `fail` means that the engine cannot work; code: the exit code that
    a command ends with for it."""

    subject: str
    verdict: Verdict
    says: str
    advice: str = ""
    code: int = 1


@dataclass(frozen=True)
class Report:
    """All findings about `subject`, in the order a reader wants them."""

    findings: tuple[Finding, ...]
    subject: str = "the engine"

    @property
    def ok(self) -> bool:
        """Whether everything that is needed works; warnings do not count."""
        return all(f.verdict != "fail" for f in self.findings)

    @property
    def exit_code(self) -> int:
        """What `reage doctor` returns: 0 where everything that is needed works, else 1."""
        return 0 if self.ok else 1

    def text(self) -> str:
        """One line a finding, its advice below it, and a verdict at the end."""
        width = max((len(f.subject) for f in self.findings), default=0)
        lines = []
        for f in self.findings:
            lines.append(f"{f.verdict:4}  {f.subject:{width}}  {f.says}")
            if f.advice:
                lines.append(f"{'':4}  {'':{width}}  {f.advice}")
        failed = sum(f.verdict == "fail" for f in self.findings)
        lines.append("")
        lines.append(
            "Everything that is needed works."
            if self.ok
            else f"{failed} of {len(self.findings)} checks failed; {self.subject} will not work."
        )
        return "\n".join(lines)


def diagnose(device: str = "auto", model: str | Path | None = None) -> Report:
    """Look at everything, and run one tile of `model` (None: the default one) on `device`.

    device: as `RenderJob.device`. Raises nothing for what it finds: the report says it.
    """
    checks: tuple[tuple[str, Callable[[], Iterable[Finding]]], ...] = (
        ("Python", _python),
        ("libraries", _libraries),
        ("ONNX Runtime", _runtime),
        ("disk", _disk),
        ("memory", _memory),
        ("OCIO config", _ocio),
        ("face models", _faces),
        ("model", lambda: _model(device, model)),
    )
    return Report(tuple(f for subject, check in checks for f in guarded(subject, check)))


def guarded(subject: str, check: Callable[[], Iterable[Finding]]) -> Iterator[Finding]:
    """The check's findings; what stops it becomes a finding too."""
    try:
        yield from check()
    except ReageError as error:
        yield Finding(subject, "fail", str(error), code=error.exit_code)
    except ImportError as error:
        yield Finding(subject, "fail", f"{type(error).__name__}: {error}", REINSTALL)
    except Exception as error:  # whatever goes wrong here is what the doctor was asked for
        yield Finding(subject, "fail", f"{type(error).__name__}: {error}")


def _python() -> Iterator[Finding]:
    supported = (3, 10) <= sys.version_info[:2] <= (3, 12)
    says = f"{platform.python_version()} on {platform.platform()} ({sys.executable})"
    advice = "" if supported else "ReAge is made for Python 3.10 to 3.12."
    yield Finding("ReAge", "ok", __version__)
    yield Finding("Python", "ok" if supported else "warn", says, advice)


def _libraries() -> Iterator[Finding]:
    found = {name: _version(name) for name in LIBRARIES}
    missing = [name for name, number in found.items() if number is None]
    says = ", ".join(f"{name} {number or 'is missing'}" for name, number in found.items())
    yield Finding("libraries", "fail" if missing else "ok", says, REINSTALL if missing else "")


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _runtime() -> Iterator[Finding]:
    builds = {name: number for name in RUNTIMES if (number := _version(name))}
    says = " and ".join(f"{name} {number}" for name, number in builds.items())
    subject = "ONNX Runtime"
    if not builds:
        yield Finding(subject, "fail", "is missing", REINSTALL)
    elif len(builds) > 1:
        advice = "They overwrite each other: remove both, then run `python3 install.py`."
        yield Finding(subject, "fail", f"{says} are both installed", advice)
    else:
        build = "the CUDA build" if "onnxruntime-gpu" in builds else "a build without CUDA"
        yield Finding(subject, "ok", f"{says}, {build}")
    gpus = nvidia_gpus()
    for gpu in gpus:
        unused = "onnxruntime-gpu" not in builds
        advice = "It is not used. Run `python3 install.py --device gpu`." if unused else ""
        says = f"{gpu.name}, {gpu.memory}, driver {gpu.driver}"
        yield Finding("GPU", "warn" if unused else "ok", says, advice)
    if not gpus:
        yield Finding("GPU", "ok", "no NVIDIA GPU answers here; the CPU does the work")


def _disk() -> Iterator[Finding]:
    here = Path.cwd()
    free = shutil.disk_usage(here).free
    low = free < LOW_DISK
    advice = "Rendered frames may not fit; make room or write elsewhere." if low else ""
    yield Finding("disk", "warn" if low else "ok", f"{free / 1e9:.1f} GB free in {here}", advice)


def _memory() -> Iterator[Finding]:
    free = available_memory()
    low = free < LOW_MEMORY
    advice = "Close other programs, or render with a smaller --tile." if low else ""
    yield Finding("memory", "warn" if low else "ok", f"{free / 1e9:.1f} GB available", advice)


def _ocio() -> Iterator[Finding]:
    from reage.pixels.color import active_config

    config = active_config()
    where = os.environ.get("OCIO")
    source = f"from $OCIO, {where}" if where else "built in, as $OCIO is not set"
    yield Finding("OCIO config", "ok", f"{config.getName() or 'unnamed'} ({source})")


def _faces() -> Iterator[Finding]:
    from reage.faces.models import DETECTOR, LANDMARKER, model_file

    folder = os.path.commonpath([model_file(name) for name in (DETECTOR, LANDMARKER)])
    yield Finding("face models", "ok", f"{DETECTOR} and {LANDMARKER} in {folder}")


def _model(device: str, path: str | Path | None) -> Iterator[Finding]:
    from reage.models.onnx_model import OnnxModel

    model = OnnxModel.load(path, device)
    card = model.card
    says = f"{card.name} {card.version}, {card.license}, {card.encoding}, sha256 {model.sha256}"
    yield Finding("model", "ok", f"{says} ({model.path})")
    idle = device == "auto" and model.device == "CPU" and bool(nvidia_gpus())
    advice = "A GPU is here, but CUDA did not start: its driver may be too old." if idle else ""
    yield Finding("device in use", "warn" if idle else "ok", model.device, advice)
    yield _one_tile(model)
    if model.device != "CPU":
        yield _beside_cpu(model, OnnxModel.load(path, "cpu"))


def gray_ramp(model: Model, side: int = TILE) -> ModelInput:
    """To be aged by twenty years; of about that side, as the model's stride asks."""
    import numpy as np

    from reage.models.model import ModelInput

    stride = model.card.stride
    side = model.card.fixed_size or -(-side // stride) * stride
    ramp = np.linspace(0.2, 0.6, side, dtype=np.float32)
    rgb = np.ascontiguousarray(np.broadcast_to(ramp[None, :, None], (side, side, 3)))
    return ModelInput.of(model.card, rgb, 40.0, 60.0)


def _beside_cpu(model: OnnxModel, cpu: OnnxModel) -> Finding:
    """Whether a device comes to the CPU's pixels."""
    import numpy as np

    here, there = (each.run(gray_ramp(each)).values for each in (model, cpu))
    off, most = float(np.abs(here - there).max()), float(np.abs(there).max())
    says = f"off by {off:.1e} at most, where the largest change is {most:.1e}"
    alike = off <= ALIKE * most
    advice = "" if alike else "Do not trust its pixels: use --device cpu, or another driver."
    return Finding(f"{model.device} beside the CPU", "ok" if alike else "fail", says, advice)


def _one_tile(model: OnnxModel) -> Finding:
    """The first run, which warms up, is not timed."""
    import numpy as np

    tile = gray_ramp(model)
    side = tile.picture.shape[0]
    values = model.run(tile).values
    times = []
    for _ in range(3):
        begun = time.perf_counter()
        model.run(tile)
        times.append(time.perf_counter() - begun)
    says = f"{side}×{side} px in {statistics.median(times) * 1000:.0f} ms on {model.device}"
    wanted = (side, side, model.card.output_channels.count)
    if values.shape != wanted or not np.isfinite(values).all():
        advice = "Its output is no finite change of the tile's size; use another model file."
        return Finding("one-tile test", "fail", says, advice)
    return Finding("one-tile test", "ok", says)
