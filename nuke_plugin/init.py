"""Nuke runs this in every session, farm included. Whatever fails here, Nuke starts."""

import sys

import nuke

try:
    if tuple(sys.version_info[:2]) < (3, 10):
        raise ImportError("it needs Nuke 15 or newer")
    from pathlib import Path

    _here = Path(__file__).absolute().parent
    _root = _here.parent
    nuke.pluginAddPath([(_root / name).as_posix() for name in ("icons", "gizmos")], False)
    _paths = [p.as_posix() for p in (_here, _root / "inference")]
    sys.path[:0] = [path for path in _paths if path not in sys.path]
    import reage_nuke

    reage_nuke.start()
except (Exception, SystemExit) as _error:
    sys.modules.pop("reage_nuke", None)  # so that menu.py does not start what is half there
    _said = repr(_error).encode("ascii", "backslashreplace").decode("ascii")
    nuke.tprint("ReAge: Nuke starts without it: " + _said)
