"""c2pa-python, the C2PA project's own library (extra `provenance`), kept off the network."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from reage.errors import SettingsError

FORMATS = {
    ".png": "png", ".jpg": "jpg", ".jpeg": "jpg", ".tif": "tif", ".tiff": "tif",
    ".mov": "mov", ".mp4": "mp4", ".zip": "zip", ".reage": "zip",
}  # fmt: skip
"""Files of ours that can hold a signature, as the library calls them; EXR and DPX cannot."""

_QUIET = {
    "core": {"backing_store_memory_threshold_in_mb": 16},  # else a ZIP is in memory as a whole
    "builder": {"thumbnail": {"enabled": False}},  # of a PNG as large as the picture
    "verify": {"remote_manifest_fetch": False, "ocsp_fetch": False},
}


def can_be_signed(path: Path) -> bool:
    return path.suffix.lower() in FORMATS


def c2pa(why: str) -> Any:
    """The library. why: what it is needed for, as a sentence begins. Raises SettingsError."""
    try:
        import c2pa  # type: ignore[import-untyped]
    except ImportError as e:
        raise SettingsError(
            f"{why} needs c2pa-python: pip install 'reage[provenance]'."
        ) from e
    return c2pa


def context(library: Any, anchors: str = "") -> Any:
    """How it is to work. anchors: PEM of certificates that are trusted."""
    trust = {"trust": {"user_anchors": anchors}} if anchors else {}
    return library.Context(library.Settings.from_dict({**_QUIET, **trust}))
