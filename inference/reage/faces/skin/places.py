"""Where the landmarks lie in face UV.

Face UV is the layout of ICT-FaceKit's face material: u to the right of an upright picture,
v upwards, both 0..1, symmetric about u = 0.5. places.txt holds a line "u v" for each landmark,
found by looking: the landmark network saw the library's mean head in seven renders, as
`reage_training.synth.pack_places` tells, which writes the file again.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

PLACES_FILE = Path(__file__).with_name("places.txt")


@cache
def places() -> npt.NDArray[np.float64]:
    """(468, 2) face UV of the landmarks; read-only."""
    table = np.loadtxt(PLACES_FILE)
    table.setflags(write=False)
    return table
