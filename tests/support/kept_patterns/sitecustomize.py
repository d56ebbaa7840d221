"""In the tests' workers a pattern is drawn once a session, not once in every process.

Python runs this at its start where this folder is on PYTHONPATH, see tests/conftest.py. The maps
are the engine's own, to the bit; REAGE_TEST_PATTERNS names the folder that keeps them.
"""

import os
import sys
from functools import lru_cache
from pathlib import Path

import numpy as np

import reage.pattern

_drawn = reage.pattern.maps


@lru_cache(maxsize=4)
def _kept(seed):
    file = Path(os.environ["REAGE_TEST_PATTERNS"], f"{seed}.npy")
    if not file.exists():
        part = file.with_suffix(f".{os.getpid()}")
        with part.open("wb") as opened:
            np.save(opened, _drawn(seed))
        part.replace(file)
    maps = np.load(file)
    maps.setflags(write=False)
    return maps


reage.pattern.maps = sys.modules["reage.pattern.maps"].maps = _kept
