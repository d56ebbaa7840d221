"""What tests of the bake share: a script with the demo plate, and what its node puts out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import OpenImageIO as oiio

from fake_nuke import evaluate
from reage import home

ROOT = home.root()
PLATE = (ROOT / "inference" / "samples" / "demo.%04d.exr").as_posix()
FIRST, LAST = 1001, 1003


def start(session: Any, folder: Path) -> Any:
    """The plugin loaded, and a saved script whose working space is the demo plate's."""
    session.start(ROOT / "nuke_plugin")
    nuke = session.nuke
    nuke.root()["colorManagement"].setValue("OCIO")
    nuke.root()["workingSpaceLUT"].setValue("scene_linear (ACES - ACEScg)")
    nuke.root()["first_frame"].setValue(FIRST)
    nuke.root()["last_frame"].setValue(LAST)
    folder.mkdir(parents=True, exist_ok=True)
    nuke.scriptSaveAs((folder / "shot.nk").as_posix())
    return nuke


def read(nuke: Any, file: str = PLATE, last: int = LAST) -> Any:
    """A Read that does nothing to its file's values."""
    node = nuke.nodes.Read(file=file, first=FIRST, last=last)
    node["raw"].setValue(True)
    return node


def pixels(node: Any, frame: int, view: str = "main") -> np.ndarray:
    """(h, w, 4) rgba of a node over the demo plate's size, top row first."""
    picture = evaluate.picture(node, frame, view)
    return picture.array(("rgba.red", "rgba.green", "rgba.blue", "rgba.alpha"))


def channels(path: Path) -> dict[str, np.ndarray]:
    """Channel name → (h, w) of a baked file over its display window."""
    buffer = oiio.ImageBuf(str(path))
    spec = buffer.spec()
    whole = np.zeros((spec.full_height, spec.full_width, spec.nchannels), np.float32)
    inside = buffer.get_pixels(oiio.FLOAT)
    y, x = spec.y - spec.full_y, spec.x - spec.full_x
    whole[y : y + spec.height, x : x + spec.width] = inside
    return {n: np.ascontiguousarray(whole[..., i]) for i, n in enumerate(spec.channelnames)}


def layers(path: Path) -> tuple[np.ndarray, np.ndarray]:
    """Delta (h, w, 3) and matte (h, w) of a baked file over its display window."""
    found = channels(path)
    delta = [found[f"reage_delta.{c}"] for c in ("red", "green", "blue")]
    return np.stack(delta, axis=-1), found["reage_matte.alpha"]
