"""Whether every frame of a shot can be read: headers and ends of all, pixels of some."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from reage.errors import MissingFrames, PlateError, ReageError
from reage.job import RenderJob
from reage.media.sequence import Shot, compact, open_shot, require_all
from reage.pixels.color import plate_space
from reage.pixels.geometry import Region
from reage.pixels.plate import PlateInfo
from reage.shot.finished import is_movie
from reage.shot.footage import Footage
from reage.shot.render_frame import require_size
from reage.tools.preflight.verdict import Collected

SAMPLED = 5
"""Frames whose pixels are read."""

_AT_ONCE = 4
"""Threads: reading waits for the disk or the server most of the time."""


@dataclass(frozen=True)
class Headers:
    """Of all frames that can be read, and why the others cannot."""

    infos: Mapping[int, PlateInfo]
    unreadable: Mapping[int, str]


def open_footage(job: RenderJob, found: Collected) -> Footage | None:
    """The footage without the frames that are missing, of which a finding tells."""
    found.of("plate", lambda: _require_all(job))
    without = "skip" if job.missing == "error" else job.missing
    lenient = replace(job, missing=without, continue_on_error=True)
    try:
        footage = Footage.open(lenient)
    except ReageError as e:
        found.add("plate", "fail", str(e), code=e.exit_code)
        return None
    if job.missing != "error" and footage.shot.missing:
        words = "show the plate of the frame before" if job.missing == "hold" else "are left out"
        missing = compact(footage.shot.missing)
        found.add("plate", "warn", f"The frames {missing} have no file, and {words}.")
    found.notices("plate", footage.notices)
    return footage


def _require_all(job: RenderJob) -> None:
    if job.missing == "error":
        require_all(open_shot(job.plate, job.frames, job.layer))


def headers(shot: Shot, numbers: Iterable[int]) -> Headers:
    """All headers of files, and of each the end of its pixels: a file that was cut off lacks it."""
    wanted = tuple(numbers)

    def look(number: int) -> PlateInfo | str:
        try:
            info = shot.info(number)
            if shot.movie is None:
                shot.read(number, _last_row(info))
        except PlateError as e:
            return str(e)
        return info

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        looked = dict(zip(wanted, pool.map(look, wanted), strict=True))
    return Headers(
        {n: info for n, info in looked.items() if isinstance(info, PlateInfo)},
        {n: why for n, why in looked.items() if isinstance(why, str)},
    )


def _last_row(info: PlateInfo) -> Region:
    return replace(info.data, y=info.data.bottom - 1, height=1)


def check_plates(job: RenderJob, footage: Footage, found: Collected) -> Headers:
    """Every file of the plate."""
    numbers = [n for n in footage.frames if n not in footage.held]
    looked = headers(footage.shot, numbers)
    if looked.unreadable:
        _tell_unreadable(job, looked, len(numbers), found)
    infos = looked.infos
    _tell_sizes(job, footage, infos, found)
    _tell_spaces(job, footage, infos, found)
    if infos and not found.failed("plate"):
        size = footage.header.display
        count = f"{len(numbers)} frame{'s' * (len(numbers) != 1)}, {compact(footage.frames)}"
        space = _or_none(lambda: footage.own_space)
        words = f"{count}, {size.width}×{size.height} px" + (f", {space}" if space else "")
        found.add("plate", "ok", f"{words}; {len(infos)} headers read")
    return looked


def _tell_unreadable(job: RenderJob, looked: Headers, count: int, found: Collected) -> None:
    numbers = sorted(looked.unreadable)
    who = f"{len(numbers)} of {count} frames cannot be read: {compact(numbers)}"
    says = f"{who}: {looked.unreadable[numbers[0]]}"
    advice = "Copy or render them anew; or pass --continue-on-error, which lists them at the end."
    if job.continue_on_error and looked.infos:
        found.add("plate", "warn", says)
    else:
        found.add("plate", "fail", says, advice, PlateError.exit_code)


def _tell_sizes(
    job: RenderJob, footage: Footage, infos: Mapping[int, PlateInfo], found: Collected
) -> None:
    others = [
        n for n, info in infos.items() if (info.display.width, info.display.height) != footage.size
    ]
    if others and is_movie(job.output):
        found.of("plate", lambda: require_size(footage, others[0]))
    elif others:
        other = infos[others[0]].display
        found.add(
            "plate", "warn",
            f"The frames {compact(others)} are of another size than the first, such as "
            f"{other.width}×{other.height} px; is it the right shot?",
        )  # fmt: skip


def _tell_spaces(
    job: RenderJob, footage: Footage, infos: Mapping[int, PlateInfo], found: Collected
) -> None:
    spaces: dict[str, list[int]] = {}
    for number, info in infos.items():
        try:
            space = plate_space(info, job.settings.colorspace, footage.file(number))
        except ReageError as e:
            found.add("colorspace", "fail", str(e), code=e.exit_code)
            return
        spaces.setdefault(space, []).append(number)
    for before, after in pairwise(spaces):
        numbers = compact(spaces[after])
        found.add("colorspace", "warn", f"The frames {numbers} are in {after}, others in {before}.")


def check_pixels(footage: Footage, numbers: Iterable[int], found: Collected) -> list[int]:
    """All pixels of some frames; gives those that can be read."""
    fine, odd = [], []
    for number in numbers:
        try:
            rgb = footage.read(number)[0].rgb
        except ReageError as e:
            found.add("pixels", "fail", str(e), code=e.exit_code)
            continue
        fine.append(number)
        if not np.isfinite(rgb).all():
            odd.append(number)
    if odd:
        found.add(
            "pixels", "warn",
            f"The frames {compact(odd)} have pixels that are NaN or infinite; where they lie the "
            "result is the plate.",
        )  # fmt: skip
    return fine


def check_drawn(shot: Shot, what: str, numbers: Iterable[int], found: Collected) -> None:
    """Every file of an age map or a hair matte."""
    own = shot.frames if len(shot.frames) == 1 else tuple(numbers)
    looked = headers(shot, own)
    if looked.unreadable:
        first, why = next(iter(looked.unreadable.items()))
        many = compact(looked.unreadable)
        code = MissingFrames.exit_code
        found.add(what, "fail", f"The frames {many} cannot be read: {why}",
                  f"Make them anew, such as frame {first}.", code)  # fmt: skip
    else:
        found.add(what, "ok", f"{len(own)} file{'s' * (len(own) != 1)} read")


def _or_none(ask: Callable[[], str]) -> str:
    try:
        return ask()
    except ReageError:  # told already
        return ""
