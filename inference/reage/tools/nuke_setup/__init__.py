"""ReAge's place in a Nuke folder: the block in its init.py, and the doctor who checks it.

Nothing here imports nuke, and all of it is standard library: install.py runs `steps` before
anything is installed.
"""
