"""Whether the model may and can be run here."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

from reage.errors import RightsError
from reage.job import RenderJob
from reage.models.consents import permitted
from reage.models.model import Model
from reage.models.onnx_model import OnnxModel
from reage.models.rights import Rights, today
from reage.models.tiles import split
from reage.settings import Settings
from reage.shot.memory import require_memory
from reage.shot.one_thread import model_threads
from reage.shot.render_context import AHEAD
from reage.tools.doctor import gray_ramp
from reage.tools.preflight.verdict import Collected

_ONCE = 1.0
"""Seconds of a first run from which no second one is timed."""

_AROUND = 1.5
"""A frame's seconds by those of its model alone: encoding, parts and the way back, measured with
the default model on two cores."""


@dataclass(frozen=True)
class LoadedModel:
    """model, and the name of the device that it runs on."""

    model: Model
    device: str


def check_model(job: RenderJob, found: Collected) -> LoadedModel | None:
    """Loads it, and tells of its license, its card and the consent behind it. One whose consent
    does not hold is loaded all the same, so that the rest can be looked at."""

    def load(past: str) -> OnnxModel:
        return OnnxModel.load(
            job.settings.model, job.device, threads=model_threads(job.jobs, job.device),
            person=job.settings.person, past_consent=past,
        )  # fmt: skip

    try:
        model = load(job.past_consent or "")
    except RightsError as e:
        found.add("consent", "fail", str(e), code=e.exit_code)
        loaded = found.of("model", lambda: load("a preflight, which renders nothing"))
    except Exception:
        loaded = found.of("model", lambda: load(job.past_consent or ""))
    else:
        loaded = model
    if loaded is None:
        return None
    card = loaded.card
    found.add("model", "ok", f"{card.name} {card.version}, license {card.license}, by "
              f"{card.rights_holder}; on {loaded.device}")  # fmt: skip
    return LoadedModel(loaded, loaded.device)


def check_consents(jobs: Sequence[RenderJob], loaded: LoadedModel, found: Collected) -> None:
    """Of the model and of the albums that the faces' patterns are taken from, each by itself."""
    card = loaded.model.card
    every = [(card, Settings.pattern, jobs[0])]
    every += [(replace(card, rights=None), one.settings.pattern, one) for one in jobs]
    held: dict[Rights, None] = {}
    for whose, pattern, one in every:
        ask = partial(permitted, whose, pattern, one.past_consent or "")
        held |= dict.fromkeys(found.of("consent", ask) or ())
    for rights in held:
        told = rights.notices(today())
        found.add("consent", "ok", f"{rights.performer} in {rights.production}, until "
                  f"{rights.valid_until}")  # fmt: skip
        found.notices("consent", told[1:])


def check_memory(
    job: RenderJob, loaded: LoadedModel, side: int, frames: int, found: Collected
) -> float | None:
    """The machine's memory for the crop, and the device's for a tile, which is run. Gives the
    seconds that the model takes for a frame, about."""
    card = loaded.model.card

    def fits() -> tuple[int, int]:
        """Tiles of a frame, and a tile's side."""
        require_memory(side, card.stride, job.jobs, AHEAD, frames)
        windows = list(split(side, side, job.tile, card.halo, card.stride))
        return len(windows), max(windows[0].window.width, windows[0].window.height)

    if (tiles := found.of("memory", fits)) is None:
        return None
    count, tile = tiles
    if (took := found.of("memory", lambda: _timed(loaded.model, tile))) is None:
        return None
    words = f"a tile of {tile} px ran in {took * 1000:.0f} ms on {loaded.device}"
    found.add("memory", "ok", f"a crop of {side} px fits; {words}")
    return took * count * _AROUND


def _timed(model: Model, side: int) -> float:
    """Seconds of a run that is not the first, if that is quick."""
    tile = gray_ramp(model, side)
    begun = time.perf_counter()
    model.run(tile)
    if (took := time.perf_counter() - begun) > _ONCE:
        return took
    begun = time.perf_counter()
    model.run(tile)
    return time.perf_counter() - begun
