"""Nuke runs this in every session, farm included. Whatever fails here, Nuke starts, and what was
baked shows. Old Nukes read it too: Python 3.7 must be able to."""

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


class _Without:
    """What Nuke finds as reage_nuke where that cannot run: menu and buttons that say why."""

    def __init__(self, why):
        self.why = why
        self.buttons = self

    def say(self):
        (nuke.message if nuke.GUI else nuke.tprint)(self.why)

    bake_range = bake_frame = submit = cancel = clear = export_track = to_group = say
    troubleshoot = open_page = say

    def start_gui(self):
        menu = nuke.menu("Nodes").addMenu("ReAge", icon="ReAge.png")
        menu.addCommand("ReAge", "import nuke; nuke.createNode('ReAge')", icon="ReAge.png")
        menu.addCommand("Why nothing can be baked", self.say)


class _TooOld(Exception):
    pass


try:
    from pathlib import Path

    _here = Path(__file__).absolute().parent
    _root = _here.parent
    # First of all, so that scripts load whatever comes.
    nuke.pluginAddPath([(_root / name).as_posix() for name in ("icons", "gizmos")], False)
    for _name in ("reage_nuke", "reage_nuke.buttons"):
        if type(sys.modules.get(_name)).__name__ == "_Without":
            del sys.modules[_name]  # it stood in at a start before this one
    if tuple(sys.version_info[:2]) < (3, 10):
        _version = ".".join(map(str, sys.version_info[:2]))
        raise _TooOld("it needs Nuke 15 or newer; this one's Python is " + _version)
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
    _why = str(_error) if isinstance(_error, _TooOld) else repr(_error)
    _why = _why.encode("ascii", "backslashreplace").decode("ascii")
    nuke.tprint("ReAge: Nuke starts without it: " + _why)
    # Also so that menu.py does not start what is half there.
    sys.modules["reage_nuke"] = sys.modules["reage_nuke.buttons"] = _Without(
        "ReAge shows what was baked, but cannot bake here: " + _why + "."
    )
