"""A checkout in miniature, for what installs from one."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path

from reage import home


def copy_parts(parts: Iterable[str], checkout: Path) -> None:
    """Files and folders of this checkout, at the same places in another."""
    for part in parts:
        source, target = home.root() / part, checkout / part
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, target)
