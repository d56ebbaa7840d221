"""Real Blender in a process of its own with a time limit, and the pictures that go in and out."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import OpenImageIO as oiio

import reage
from helpers.get_bpy import python_of
from reage import home
from reage.tools import blender_setup

INSIDE = Path(__file__).parents[2] / "blender" / "inside.py"
FOLDER = Path(os.environ.get("REAGE_BPY") or Path(sys.prefix) / "bpy")
DEMO = home.samples()
NOISE = 120
"""Rows and columns at the top left of the plate that hold values from −0.5 to 4."""


@dataclass(frozen=True)
class Blender:
    """One line; `home` is where it keeps what is the user's, the extension among it."""

    line: str
    python: Path
    home: Path
    engine: str

    def run(self, scenario: str, folder: Path, *arguments: str, **more: str) -> Any:
        """What a function of inside.py returns, run in `folder`."""
        done = self.start(scenario, folder, *arguments, **more)
        assert done.returncode == 0, f"{done.stdout[-4000:]}\n{done.stderr[-4000:]}"
        return json.loads((folder / f"{scenario}.result.json").read_text(encoding="utf-8"))

    def start(
        self, scenario: str, folder: Path, *arguments: str, **more: str
    ) -> subprocess.CompletedProcess[str]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "BLENDER"))}
        environment = {
            **kept, "BLENDER_USER_RESOURCES": str(self.home), "REAGE_PYTHON": self.engine, **more,
        }  # fmt: skip
        command = [str(self.python), "-I", str(INSIDE), scenario, *arguments]
        return subprocess.run(
            command, cwd=folder, env=environment, capture_output=True, text=True,
            encoding="utf-8", errors="replace", timeout=300,
        )  # fmt: skip


def blender_in(place: Path, line: str) -> Blender:
    """A line whose user keeps what is his in `place`, with the extension where install.py puts it.
    """
    engine = place / "python"
    engine.write_text(
        f'#!/bin/sh\nPYTHONPATH="{Path(reage.__file__).parents[1]}" exec "{sys.executable}" "$@"\n'
    )
    engine.chmod(0o755)
    blender_setup.put(home.root(), place / "extensions" / "user_default" / blender_setup.ID, "")
    found = sys.executable if os.name == "nt" else str(engine)  # see `engine_python`
    return Blender(line, python_of(FOLDER, line), place, found)


def write(
    path: Path,
    picture: np.ndarray,
    window: Sequence[int] = (0, 0),
    channels: Sequence[str] = (),
    **attributes: Any,
) -> None:
    """A float EXR; window: where its pixels begin, its display window staying at 0; channels: what
    they are called, where it is not R, G, B, A."""
    height, width, depth = picture.shape
    spec = oiio.ImageSpec(width, height, depth, "float")
    if channels:
        spec.channelnames = tuple(channels)
    spec.x, spec.y = window
    spec.full_x = spec.full_y = 0
    spec.full_width, spec.full_height = width + 2 * window[0], height + 2 * window[1]
    for name, value in attributes.items():
        spec.attribute(name, value)
    buffer = oiio.ImageBuf(spec)
    buffer.set_pixels(oiio.ROI(), picture.astype(np.float32))
    assert buffer.write(str(path)), buffer.geterror()


def demo(number: int) -> np.ndarray:
    """A frame of the demo plate with noise in a corner, and any alpha: (540, 960, 4)."""
    picture = oiio.ImageBuf(str(DEMO / f"demo.{number}.exr")).get_pixels(oiio.FLOAT)
    random = np.random.default_rng(number)
    picture[:NOISE, :NOISE] = random.uniform(-0.5, 4.0, (NOISE, NOISE, 3))
    alpha = random.uniform(0.0, 1.0, picture.shape[:2])
    return np.dstack([picture, alpha])


def read(path: Path) -> Mapping[str, np.ndarray]:
    """Channel → (h, w)."""
    buffer = oiio.ImageBuf(str(path))
    assert not buffer.has_error, buffer.geterror()
    pixels = buffer.get_pixels(oiio.FLOAT)
    return dict(zip(buffer.spec().channelnames, np.moveaxis(pixels, -1, 0), strict=True))


def color(channels: Mapping[str, np.ndarray], layer: str = "") -> np.ndarray:
    """(h, w, 3) of a picture, or of a layer."""
    names = [f"{layer}.{c}" for c in ("red", "green", "blue")] if layer else list("RGB")
    return np.stack([channels[name] for name in names], -1)
