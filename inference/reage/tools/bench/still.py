"""How still a stabilized face is, and how near its ST maps lead back, on the demo plate.

there and back: a pixel's place through both maps, the second read between its pixels as an STMap
node does, against where it was. differs: RMS of scene-linear from the frame that is held still,
under the still face's matte; of the plate as it is, of the pin (place, size, roll), of the mesh.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from reage.home import demo_plate
from reage.job import RenderJob
from reage.pixels.plate import Pixels
from reage.shape.warp import warped
from reage.shot.footage import Footage
from reage.shot.stabilizing import StillFace, still_face
from reage.shot.tracking import make_track
from reage.stabilized.maps import Fetched
from reage.stabilized.pose import Pose
from reage.stabilized.triangles import Floats
from reage.tools.bench.plan import BenchPlan

_WHOLE = 0.5
"""Of the matte, from which what is painted is there by half."""


def lines(folder: Path, plan: BenchPlan) -> Iterator[str]:
    plate = str(demo_plate()[0]).replace("1001", "%04d")
    job = RenderJob(plate, "")
    track = make_track(job, folder / "track.json")
    still = still_face(track, plate, str(folder / "still.%04d.exr"))
    footage = Footage.open(job)
    assert still.at is not None, "a frame is held"
    held = footage.read(still.at)[0].rgb
    yield f"demo plate, frame {still.at} held still, its face {still.held.size:.0f} px high"
    yield f"{'':<8}{'':>8}  there and back, px, matte over {_WHOLE:g}   differs, x 1000"
    yield (
        f"{'frame':<8}{'moved':>8}{'rms':>8}{'99 %':>8}{'largest':>9}"
        f"{'plate':>12}{'pin':>8}{'mesh':>8}{'back':>8}"
    )
    for number in still.frames:
        yield _line(still, number, footage.read(number)[0].rgb, held)


def _line(still: StillFace, number: int, plate: Pixels, held: Pixels) -> str:
    there, back = still.maps(number)
    off = there_and_back(there, back)[back.matte > _WHOLE]
    pose, display = still.still, still.info.display
    moving = Pose.of(still.faces[number], still.track.aspect)
    linear, shift = pose.to(moving)
    y, x = np.mgrid[: display.height, : display.width] + 0.5
    pinned = np.stack([x, y], -1) @ linear.T + shift
    mesh = taken(plate, there.xy)
    differs = [_rms(each - held, there.matte) for each in (plate, taken(plate, pinned), mesh)]
    again = _rms(taken(mesh, back.xy) - plate, back.matte)
    moved = np.linalg.norm(moving.points - pose.points, axis=1).max()
    return (
        f"{number:<8}{moved:>8.1f}{np.sqrt((off**2).mean()):>8.3f}{np.percentile(off, 99):>8.3f}"
        f"{off.max():>9.3f}{1000 * differs[0]:>12.2f}{1000 * differs[1]:>8.2f}"
        f"{1000 * differs[2]:>8.2f}{1000 * again:>8.2f}"
    )


def there_and_back(there: Fetched, back: Fetched) -> Floats:
    """(h, w) px: how far off a pixel of the plate is after both maps."""
    height, width = back.matte.shape
    x, y = (back.xy[..., k] - 0.5 for k in (0, 1))
    left, top = np.clip(np.floor(x), 0, width - 2), np.clip(np.floor(y), 0, height - 2)
    right, down = (np.clip(each, 0, 1)[..., None] for each in (x - left, y - top))
    row, column = top.astype(int), left.astype(int)
    upper, lower = (
        there.xy[r, column] * (1 - right) + there.xy[r, column + 1] * right for r in (row, row + 1)
    )
    y, x = np.mgrid[:height, :width] + 0.5
    end = upper * (1 - down) + lower * down
    return np.asarray(np.hypot(end[..., 0] - x, end[..., 1] - y))


def taken(picture: Pixels, xy: Floats) -> Pixels:
    """A picture fetched from places in it, by the filter Keys."""
    y, x = np.mgrid[: picture.shape[0], : picture.shape[1]] + 0.5
    return warped(picture, (xy - np.stack([x, y], -1)).astype(np.float32))


def _rms(pixels: Pixels, weight: Pixels) -> float:
    return float(np.sqrt((pixels**2 * weight[..., None]).sum() / (3 * weight.sum())))
