"""A few frames of a shot for its page: the face in the plate, in the result, and the change."""

from __future__ import annotations

import base64
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from reage.errors import ReageError
from reage.faces import FaceFrame
from reage.media.frames import spread_over
from reage.pixels.color import Encoder
from reage.pixels.geometry import unsqueezed
from reage.service.preview.tone import Tone
from reage.shot.shot_report import FrameEntry, ShotReport
from reage.tools.shot_report.shot_files import ShotFiles, square_around
from reage.tools.shot_report.where import Where

MOST = 6
"""Frames that are shown."""

SIDE = 300
"""px of each picture."""

GAIN = 4.0
"""Changes are gray ± so many times the difference in sRGB."""

_REACH = 1.7
"""Faces that a picture's side shows."""

_QUALITY = 85

Picture = npt.NDArray[np.uint8]
"""(h, w, 3) uint8 sRGB."""


@dataclass(frozen=True)
class ShownFrame:
    """Pictures as data URIs."""

    number: int
    plate: str
    result: str
    change: str


def shown_frames(report: ShotReport, where: Where, face: int = 0) -> tuple[list[ShownFrame], str]:
    """Frames spread over those in which a face was re-aged; and why there are none, or less."""
    there = [
        f for f in report.frames if f.outcome in ("done", "kept") and f.faces[face].state != "none"
    ]
    if not there:
        return [], "No frame was re-aged, so there is nothing to show."
    try:
        files = ShotFiles.open(report, where)
    except (ReageError, OSError) as e:
        return [], f"There are no pictures: {e}"
    shown, trouble = [], ""
    for frame in spread_over(there, MOST):
        try:
            shown.append(_shown(files, frame, face))
        except (ReageError, OSError) as e:
            trouble = f"A picture is missing: {e}"
    return shown, trouble


def _shown(files: ShotFiles, frame: FrameEntry, face: int) -> ShownFrame:
    entry = frame.faces[face]
    x, y = unsqueezed(entry.center, files.aspect)
    crop = square_around(
        FaceFrame(frame.number, (float(x), float(y)), entry.size, 0.0, 1.0, ()),
        files.aspect, SIDE, _REACH,
    )  # fmt: skip
    seen = files.read(frame, crop.region.expand(2))
    before, after = (
        np.nan_to_num(crop.sample(picture, seen.region)) for picture in (seen.plate, seen.result)
    )
    tone, view = Tone.of(before, seen.space), Encoder(seen.space, "sRGB").encode
    gain = np.float32(tone.gain)
    change = 0.5 + GAIN * (view(after * gain) - view(before * gain))
    gray = np.asarray(np.clip(change, 0, 1) * 255 + 0.5, np.uint8)
    pictures = (tone.picture(before), tone.picture(after), gray)
    return ShownFrame(frame.number, *map(data_uri, pictures))


def data_uri(picture: Picture) -> str:
    """A picture as a JPEG inside a page."""
    done, data = cv2.imencode(".jpg", picture[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])
    assert done, "cv2 writes JPEGs"
    return f"data:image/jpeg;base64,{base64.b64encode(data.tobytes()).decode()}"
