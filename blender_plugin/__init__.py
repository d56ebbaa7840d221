# SPDX-License-Identifier: GPL-3.0-or-later
"""The extension as Blender loads it: it leads to ReAge. Whatever fails here, Blender starts, and
what was baked shows.

Beside a copy of this file `install.py --blender` puts `where.json`, which says where ReAge is.
"""

import json
import os
import sys
from pathlib import Path

_HERE = Path(__file__).resolve().parent
_started = False


def _paths():
    """The folders of the adapter, of the host layer, and of what these need of the engine."""
    where = _HERE / "where.json"
    if where.is_file():
        said = json.loads(where.read_text(encoding="utf-8"))
        root, python = Path(said["root"]), said["python"]
    else:
        root, python = _HERE.parent, ""  # it runs where it was written
    if python:
        os.environ.setdefault("REAGE_PYTHON", python)
    if not (root / "blender_plugin" / "reage_blender").is_dir():
        raise FileNotFoundError(
            f"there is no ReAge in {root} any more; run install.py --blender where it is now"
        )
    return [str(root / name) for name in ("blender_plugin", "nuke_plugin", "inference")]


def register():
    global _started
    try:
        # Last: the folders hold files whose names others may have, too, such as menu.py.
        sys.path.extend(path for path in _paths() if path not in sys.path)
        import reage_blender

        reage_blender.register()
        _started = True
    except (Exception, SystemExit) as error:
        print(f"ReAge: Blender starts without it: {error!r}".encode("ascii", "replace").decode())
        from . import without

        without.register(str(error))


def unregister():
    global _started
    if _started:
        import reage_blender

        reage_blender.unregister()
        _started = False
    else:
        from . import without

        without.unregister()
