"""A render job looked at from end to end before its first frame; see `Preflight`."""

from __future__ import annotations

import time
from collections.abc import Sequence
from functools import partial

from reage.faces import FaceTrack
from reage.job import RenderJob
from reage.media.frames import spread_over
from reage.mix import Mix
from reage.pattern.mixed import check_files
from reage.pixels.crop import for_shot
from reage.pixels.crop_size import notices as crop_notices
from reage.shot.drawn import Drawn
from reage.shot.faces_file import check_apart, face_jobs
from reage.shot.finished import Finish, finished_job
from reage.shot.footage import Footage
from reage.shot.foreseen import foreseen
from reage.shot.one_thread import one_thread_each
from reage.shot.rungs import rung_jobs
from reage.shot.tracking import NO_FACE
from reage.tools.preflight.faces import check_face, merged
from reage.tools.preflight.model import LoadedModel, check_consents, check_memory, check_model
from reage.tools.preflight.plates import (
    SAMPLED,
    check_drawn,
    check_pixels,
    check_plates,
    open_footage,
)
from reage.tools.preflight.room import bytes_a_frame, check_output, check_room
from reage.tools.preflight.verdict import Collected, Preflight


def preflight(job: RenderJob) -> Preflight:
    """Look at everything that a render of this job needs, and write nothing.

    What is wrong is found all at once, by the render's own checks where those can be asked alone;
    what goes on below something that is wrong is left out. Raises nothing for what it finds.
    """
    start = time.monotonic()
    found = Collected()
    job = found.of("settings", lambda: finished_job(job)) or job
    with one_thread_each():
        frames, room, minutes = found.of("preflight", lambda: _look(job, found)) or (0, None, None)
    return Preflight(tuple(found.findings), frames, room, minutes, time.monotonic() - start)


def _look(job: RenderJob, found: Collected) -> tuple[int, int | None, float | None]:
    footage = open_footage(job, found)
    model = check_model(job, found)
    jobs = [job]
    if footage is not None:
        jobs = list(found.of("faces", lambda: face_jobs(job, footage)) or ())
    if model:
        check_consents(jobs or [job], model, found)
    if footage is None:
        return 0, None, None
    looked = check_plates(job, footage, found)
    count = len(footage.frames)
    begun = time.perf_counter()
    fine = check_pixels(footage, spread_over(sorted(looked.infos), SAMPLED), found)
    read = (time.perf_counter() - begun) / max(len(fine), 1)
    if finish := found.of("output", lambda: Finish.of(job.output, footage)):
        found.notices("output", [finish.notice] if finish.notice else [])
    tracks = _faces(job, jobs, footage, model, fine, found)
    written = check_output(job, footage, found)
    each = bytes_a_frame(job, footage, tracks)
    total = check_room(job, footage, written, each, found) if written and each else None
    seconds = _model(job, footage, model, tracks, found)
    if seconds is None:
        return count, total, None
    times = max(len(tracks), 1) * len(rung_jobs(job))
    minutes = count * (seconds * times + read) / 60
    found.add("time", "ok", f"about {_clock(minutes)} here, by one tile and one frame read")
    return count, total, round(minutes, 2)


def _faces(
    job: RenderJob,
    jobs: Sequence[RenderJob],
    footage: Footage,
    model: LoadedModel | None,
    fine: Sequence[int],
    found: Collected,
) -> list[FaceTrack]:
    """Each face, with what is its own."""
    tracks, seen = [], set[str]()
    for number, one in enumerate(jobs):
        who = "face" if len(jobs) == 1 else f"face {number}"
        track = check_face(one, footage, fine, who, found) if fine else None
        tracks += [track] if track else []
        _drawn(one, footage, seen, found)
        if model is not None:
            _told(one, footage, model, track, found)
    if len(tracks) == len(jobs) and all(one.track for one in jobs):
        found.of("faces", lambda: check_apart(tracks, job.faces or "the shot"))
    return tracks


def _drawn(job: RenderJob, footage: Footage, seen: set[str], found: Collected) -> None:
    for what, named in (("age map", job.settings.age_map), ("hair matte", job.settings.hair_matte)):
        if not named or named in seen:
            continue
        seen.add(named)
        drawn = found.of(what, partial(Drawn.open, what, named, footage, job.settings.map_channel))
        if drawn:
            found.notices(what, [drawn.notice] if drawn.notice else [])
            check_drawn(drawn.shot, what, footage.frames, found)


def _told(
    job: RenderJob,
    footage: Footage,
    model: LoadedModel,
    track: FaceTrack | None,
    found: Collected,
) -> None:
    """The pattern's files, and what the render itself would say of this face before its first
    frame."""
    card = model.model.card
    if card.pattern and not found.failed("consent"):  # as a render then unpacks no album
        found.of("pattern", lambda: check_files(Mix.of(job.settings.pattern)))
    size = footage.header.display
    known = track or FaceTrack(size.width, size.height, {})
    said = found.of("settings", lambda: [*foreseen(job, footage.frames, card, known)])
    crop = found.of("settings", lambda: for_shot(card, job.settings, known))
    told = [*(said or ()), *(crop_notices(card, crop) if crop else ())]
    found.notices("settings", [each for each in told if each != NO_FACE])


def _model(
    job: RenderJob,
    footage: Footage,
    model: LoadedModel | None,
    tracks: Sequence[FaceTrack],
    found: Collected,
) -> float | None:
    """Seconds of a frame."""
    track = merged(tracks)
    if model is None or track is None:
        return None
    crop = for_shot(model.model.card, job.settings, track)
    return check_memory(job, model, crop.side, len(footage.frames), found)


def _clock(minutes: float) -> str:
    if minutes < 2:
        return f"{minutes * 60:.0f} s"
    return f"{minutes:.0f} min" if minutes < 120 else f"{minutes / 60:.1f} h"
