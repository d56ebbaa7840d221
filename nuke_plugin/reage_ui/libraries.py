"""The system's libraries that Qt's own wheel does not bring, by the packages that have them.

A desktop has them all; a server, a container and a farm machine have not. Standard library only.
"""

from __future__ import annotations

import ctypes
import os
import re
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

PACKAGES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libX11.so.6": "libx11-6",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libglib-2.0.so.0": "libglib2.0-0",
}
"""What QtGui and QtWidgets load on Debian and Ubuntu."""

ON_A_SCREEN = {
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-util.so.1": "libxcb-util1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libX11-xcb.so.1": "libx11-xcb1",
}
"""What its platform xcb loads; without one of them Qt ends the process."""


def loads(name: str) -> bool:
    """Whether the system's loader finds a library."""
    try:
        ctypes.CDLL(name)
    except OSError:
        return False
    return True


def refused(error: ImportError) -> str:
    """What to install where an import failed for a library, or "" where it did not."""
    named = re.search(r"(lib[\w.+-]+\.so[\d.]*): cannot open shared object", str(error))
    return sentence([named[1]], PACKAGES | ON_A_SCREEN) if named else ""


def sentence(
    seen: Iterable[str], packages: dict[str, str], has: Callable[[str], bool] = loads
) -> str:
    """Names every missing library at once, those that were seen to be and those of a list, and the
    line that installs them; "" where none is."""
    missing = list(dict.fromkeys([*seen, *(name for name in packages if not has(name))]))
    if not missing:
        return ""
    wanted = [packages[name] for name in missing if name in packages]
    line = f" On Debian and Ubuntu: sudo apt-get install {' '.join(wanted)}" if wanted else ""
    return f"Qt needs {', '.join(missing)}, which this system does not have.{line}"


def screen_refuses(plugins: Path) -> str:
    """Why a window cannot open here, "" where it can. plugins: Qt's folder of them."""
    asked = os.environ.get("QT_QPA_PLATFORM", "")
    if not sys.platform.startswith("linux") or asked.split(":")[0] not in ("", "xcb"):
        return ""
    if not asked and os.environ.get("WAYLAND_DISPLAY"):
        return ""
    if not os.environ.get("DISPLAY"):
        return (
            "There is no screen to open a window on: neither DISPLAY nor WAYLAND_DISPLAY is set. "
            "Start the panel on a desktop, or over ssh -X."
        )
    plugin = plugins / "platforms" / "libqxcb.so"
    return sentence([], ON_A_SCREEN) if plugin.is_file() and not loads(str(plugin)) else ""
