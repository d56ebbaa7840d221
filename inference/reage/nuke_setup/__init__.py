"""ReAge's place in a Nuke folder: the block in its init.py, and the doctor who checks it.

Nothing here imports nuke. install.py runs `steps`, with `folder` and `block` below it,
before anything is installed; `reage doctor --nuke` runs `doctor`. All standard library.
"""
