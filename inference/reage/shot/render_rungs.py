"""One frame of a ladder: read, cut and encoded once, then rendered at each of its ages.

A rung's file is what a render at that age alone would write, to the last word of its header.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import replace

from reage.media.frames import frame_paths
from reage.shot.metadata import frame_metadata, stands, why_anew
from reage.shot.render_context import RenderContext
from reage.shot.render_frame import Frame, layers_at, read_for, see_once, write_frame
from reage.shot.rungs import rung_jobs
from reage.shot.slight import MeasuredChange


def rung_contexts(context: RenderContext) -> tuple[RenderContext, ...]:
    """A face's context for each age of its job's ladder; () where that has none."""
    if context.job.ladder is None:
        return ()
    steady = context.steady
    return tuple(
        replace(
            context,
            job=job,
            outputs=frame_paths(job.output, context.footage.frames),
            steady=steady and steady.anew(),
        )
        for job in rung_jobs(context.job)
    )


def render_rungs(
    rungs: Sequence[RenderContext], number: int, gate: AbstractContextManager[object]
) -> Frame:
    """One frame at each age, to a file each. rungs: as `rung_contexts` gives them. Only inside
    `gate` the model runs.

    Its change and fingerprint are those of the age farthest from the face's own.
    """
    wanted = [(one, one.outputs[number], frame_metadata((one,), number)) for one in rungs]
    fingerprint = str(max(wanted, key=lambda each: _years(each[0]))[2]["job"])
    if rungs[0].job.resume:
        wanted = [each for each in wanted if not stands(*each[1:])]
        if not wanted:
            return Frame(number, "kept", fingerprint=fingerprint)
    anew = [why_anew(*each[1:]) for each in wanted] if rungs[0].job.resume else []
    context = rungs[0]
    context.require_readable(number)
    face = context.face(number)
    mattes, whole = context.hair_mattes, context.beauty
    read = read_for(context, context.footage, number, face, mattes, whole)
    seen = None if face is None else see_once(context, read, face, context.job.at(number))
    changes: list[MeasuredChange] = []
    for one, _, metadata in wanted:
        layers, change = layers_at(one, read, face, one.job.at(number), gate, seen)
        changes += [] if change is None else [change]
        with one.clock("write"):
            write_frame(one, number, read, layers, metadata)
    most = max(changes, key=lambda change: change.years, default=None)
    display = read.plate.info.display
    return Frame(
        number, "done" if face else "no face", "", (most,), None,
        next(filter(None, anew), ""), (display.width, display.height), read.space,
        fingerprint=fingerprint,
    )  # fmt: skip


def _years(rung: RenderContext) -> float:
    settings = rung.job.settings
    return abs(settings.target_age - settings.source_age)
