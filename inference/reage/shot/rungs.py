"""A ladder as the renders that it is made of."""

from __future__ import annotations

from dataclasses import replace

from reage.job import RenderJob
from reage.ladder import rungs
from reage.media.patterns import at_rung


def rung_jobs(job: RenderJob) -> tuple[RenderJob, ...]:
    """The render of each of a ladder's ages by itself; the job alone where it has no ladder."""
    if job.ladder is None:
        return (job,)
    return tuple(
        replace(
            job, ladder=None, output=at_rung(job.output, age),
            settings=replace(job.settings, target_age=float(age)),
        )
        for age in rungs(job.ladder)
    )  # fmt: skip


def shown_rung(ladder: str, source_age: float) -> int:
    """The age by which a ladder is shown, in reports: the one farthest from the face's own."""
    return max(rungs(ladder), key=lambda age: abs(age - source_age))


def told_output(output: str, ladder: str | None) -> str:
    """Where the layers go, for people and for a shell: of a ladder
    `shot_reage.age{20,30}.%04d.exr`."""
    if ladder is None:
        return output
    ages = rungs(ladder)
    among = str(ages[0]) if len(ages) == 1 else f"{{{','.join(map(str, ages))}}}"
    first = at_rung(output, ages[0])
    folder, slash, name = first.rpartition("/")
    head, _, tail = name.rpartition(f"age{ages[0]}")
    return f"{folder}{slash}{head}age{among}{tail}"
