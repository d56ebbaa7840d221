"""What tests of the bake share: a script with the demo plate, and what its node puts out."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import OpenImageIO as oiio
import PyOpenColorIO as ocio

from fake_nuke import evaluate
from reage import home

ROOT = home.root()
PLATE = (ROOT / "inference" / "samples" / "demo.%04d.exr").as_posix()
FIRST, LAST = 1001, 1003


def start(session: Any, folder: Path) -> Any:
    """The plugin loaded, and a saved script whose working space is the demo plate's."""
    session.start(ROOT / "nuke_plugin")
    nuke = session.nuke
    works_in_acescg(nuke, folder)
    nuke.root()["first_frame"].setValue(FIRST)
    nuke.root()["last_frame"].setValue(LAST)
    folder.mkdir(parents=True, exist_ok=True)
    nuke.scriptSaveAs((folder / "shot.nk").as_posix())
    return nuke


def works_in_acescg(nuke: Any, folder: Path) -> None:
    """OCIO with a config that comes with Nuke, as an artist chooses it: the working space is that
    config's role, bare. Its file lies where Nuke is installed: in `folder`."""
    name = "cg-config-v1.0.0_aces-v1.3_ocio-v2.1"  # Foundry's `fn-nuke_` is made from it
    file = folder / "Nuke17.0v3" / "plugins" / "OCIOConfigs" / "configs" / f"fn-nuke_{name}.ocio"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(_builtin(name), encoding="utf-8")
    nuke.env["ExecutablePath"] = (folder / "Nuke17.0v3" / "Nuke17.0").as_posix()
    root = nuke.root()
    root["colorManagement"].setValue("OCIO")
    root["OCIO_config"].setValue(file.stem)
    root["workingSpaceLUT"].setValue("scene_linear")


@lru_cache
def _builtin(name: str) -> str:
    return str(ocio.Config.CreateFromBuiltinConfig(name).serialize())


def read(nuke: Any, file: str = PLATE, last: int = LAST) -> Any:
    """A Read that does nothing to its file's values."""
    node = nuke.nodes.Read(file=file, first=FIRST, last=last)
    node["raw"].setValue(True)
    return node


def settle(session: Any) -> None:
    """Until the hand that changed nodes has rested, and they were looked at."""
    from reage_nuke import nodes, waiting

    session.pump(until=lambda: not any(map(waiting.is_waiting, nodes.all_nodes())))


def node_on(plate: Any, **values: Any) -> Any:
    """A ReAge node that makes the demo plate younger, quickly."""
    import reage_nuke

    usual = {"source_age": 50, "target_age": 25, "crop_size": "256"}
    return reage_nuke.create(plate, **usual | values)


def files_of(node: Any) -> list[Path]:
    """What is baked of a node, in the order of frames."""
    pattern = Path(node["cache"].value())
    return sorted(pattern.parent.glob(pattern.name.replace("%04d", "*")))


def pixels(node: Any, frame: int, view: str = "main") -> np.ndarray:
    """(h, w, 4) rgba of a node over the demo plate's size, top row first."""
    picture = evaluate.picture(node, frame, view)
    return picture.array(("rgba.red", "rgba.green", "rgba.blue", "rgba.alpha"))


def channels(path: Path) -> dict[str, np.ndarray]:
    """Channel name → (h, w) of a baked file over its display window."""
    found = {}
    for part in range(oiio.ImageBuf(str(path)).nsubimages):
        buffer = oiio.ImageBuf(str(path), part, 0)
        spec = buffer.spec()
        whole = np.zeros((spec.full_height, spec.full_width, spec.nchannels), np.float32)
        y, x = spec.y - spec.full_y, spec.x - spec.full_x
        whole[y : y + spec.height, x : x + spec.width] = buffer.get_pixels(oiio.FLOAT)
        found |= {n: np.ascontiguousarray(whole[..., i]) for i, n in enumerate(spec.channelnames)}
    return found


def layers(path: Path) -> tuple[np.ndarray, np.ndarray]:
    """Delta (h, w, 3) and matte (h, w) of a baked file over its display window."""
    found = channels(path)
    delta = [found[f"reage_delta.{c}"] for c in ("red", "green", "blue")]
    return np.stack(delta, axis=-1), found["reage_matte.alpha"]
