"""Nuke runs this after init.py where it has windows. Whatever fails here, Nuke starts."""

import sys

import nuke

try:
    if "reage_nuke" in sys.modules:  # or what init.py put in its place
        sys.modules["reage_nuke"].start_gui()
except (Exception, SystemExit) as _error:
    _said = repr(_error).encode("ascii", "backslashreplace").decode("ascii")
    nuke.tprint("ReAge: Nuke starts without its menu: " + _said)
