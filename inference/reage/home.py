"""Where ReAge's own files lie: in its checkout, or in the folder `share` that a wheel brings.

setup.py fills `share` with what an installed ReAge needs of the checkout, laid out as there, so
one root leads to all of it. They are real files in real folders, as Nuke and OpenImageIO read
them; importlib.resources would promise less. Standard library only, for hosts import this.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import reage
from reage.errors import PlateError


def root() -> Path:
    """The checkout's folder; of an installed wheel the folder laid out like it."""
    package = Path(reage.__file__).resolve().parent
    share = package / "share"
    return share if share.is_dir() else package.parent.parent


def is_checkout(root: Path) -> bool:
    """Whether a root is a checkout; that of a wheel lies in the package."""
    return not (root.parent / "__init__.py").is_file()


def plugin(root: Path) -> Path:
    """The folder that NUKE_PATH has to hold."""
    return root / "nuke_plugin"


def gizmo() -> Path:
    """The node as Nuke loads it."""
    return root() / "gizmos" / "ReAge.gizmo"


def artists_page() -> Path:
    """How the node is used."""
    return root() / "docs" / "artists.md"


def default_model() -> Path:
    """The model that comes with ReAge."""
    return Path(reage.__file__).parent / "models" / "reage_default.onnx"


def samples() -> Path:
    """The folder of the demo plate, demo.%04d.exr."""
    return root() / "inference" / "samples"


def demo_plate() -> list[Path]:
    """The demo plate's frames in their order, in ACEScg. Raises PlateError without them."""
    if frames := sorted(samples().glob("demo.*.exr")):
        return frames
    raise PlateError(f"The demo plate is missing in {samples()}. Install ReAge anew.")


def cache() -> Path | None:
    """Where what takes long to make may be kept, and deleted at any time: REAGE_CACHE, else the
    user's own folder for that; None where REAGE_CACHE is empty."""
    if (named := os.environ.get("REAGE_CACHE")) is not None:
        return Path(named).expanduser() if named else None
    if os.name == "nt":
        place = Path(os.environ.get("LOCALAPPDATA", "~"), "ReAge", "cache")
    elif sys.platform == "darwin":
        place = Path("~/Library/Caches/reage")
    else:
        place = Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache", "reage")
    try:
        return place.expanduser()
    except RuntimeError:  # a user without a home
        return None


def engine_python(root: Path) -> Path:
    """The Python of the environment that belongs to a root, whether it is there or not.

    That is the root's own .venv; where it has none, the environment that it lies in, if any.
    """
    own = _python(root / ".venv")
    around = next((p for p in root.parents if (p / "pyvenv.cfg").is_file()), None)
    return own if around is None or own.is_file() else _python(around)


def _python(prefix: Path) -> Path:
    return prefix.joinpath(*(("Scripts", "python.exe") if os.name == "nt" else ("bin", "python")))
