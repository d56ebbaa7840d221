"""Nuke runs this in every session, farm included. Whatever fails here, Nuke starts."""

import sys

import nuke


class _ReAge:
    """Finds ReAge's packages where pip put them, and none of what lies beside them there."""

    folder = ""

    @classmethod
    def find_spec(cls, name, path=None, target=None):
        if name not in ("reage", "reage_host", "reage_nuke", "reage_ui"):
            return None
        from importlib.machinery import PathFinder

        return PathFinder.find_spec(name, [cls.folder])


try:
    if tuple(sys.version_info[:2]) < (3, 10):
        raise ImportError("it needs Nuke 15 or newer")
    from pathlib import Path

    _here = Path(__file__).absolute().parent
    _root = _here.parent
    nuke.pluginAddPath([(_root / name).as_posix() for name in ("icons", "gizmos")], False)
    if (_root.parent / "__init__.py").is_file():  # in the package of an installed wheel
        _ReAge.folder = _root.parent.parent.as_posix()
        sys.meta_path[:] = [f for f in sys.meta_path if getattr(f, "__name__", "") != "_ReAge"]
        sys.meta_path.insert(0, _ReAge)
    else:
        _paths = [p.as_posix() for p in (_here, _root / "inference")]
        sys.path[:0] = [path for path in _paths if path not in sys.path]
    import reage_nuke

    reage_nuke.start()
except (Exception, SystemExit) as _error:
    sys.modules.pop("reage_nuke", None)  # so that menu.py does not start what is half there
    _said = repr(_error).encode("ascii", "backslashreplace").decode("ascii")
    nuke.tprint("ReAge: Nuke starts without it: " + _said)
