"""Which files a job reads."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from reage import home
from reage.job import RenderJob
from reage.media.overwriting import Named
from reage.mix import Mix


def inputs_of(job: RenderJob) -> Iterator[Named]:
    """Each with what it is called in sentences."""
    settings = job.settings
    model = Path(settings.model or home.default_model())
    yield "plate", job.plate
    yield "age map", settings.age_map
    yield "hair matte", settings.hair_matte
    yield "track", job.track
    yield "faces file", job.faces
    yield "model", model
    yield "model's card", model.with_suffix(".json")
    yield from (("pattern", file) for file in Mix.of(settings.pattern).files)
