"""What the license of this Nuke lets Python reach."""

from __future__ import annotations

import nuke

from reage.errors import PlateError

_LIMITED = {"indie": "Nuke Indie", "nc": "Nuke Non-commercial"}
"""Key of `nuke.env` → the edition: Python sees ten nodes of a script there, and no more."""


def limited() -> str:
    """The edition's name where Python reaches ten nodes alone; "" elsewhere."""
    return next((name for key, name in _LIMITED.items() if nuke.env[key]), "")


def check_reach(plate: str) -> None:
    """Raises PlateError where a plate that is more than its files cannot be told from another:
    what is above it must be looked at, node by node."""
    if edition := limited():
        raise PlateError(
            f"{plate} is not an untouched EXR Read in the working space, and {edition} lets "
            "Python see ten nodes only: render it to EXR, Read that, and bake from there."
        )
