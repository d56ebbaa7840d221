"""How far a mix of two rungs of a ladder is off what the model makes at the age between them.

Measured on the demo plate, in the middle between any two rungs, where it is farthest off: the RMS,
over the matte, of what is off, as a share of the RMS of the change that is right there. The shape's
is in px, as where nearly nothing moves a share says nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path

import numpy as np

from reage import ladder
from reage.frame.between import at_age
from reage.frame.layers import Layers
from reage.frame.pipeline import asked, finish, infer
from reage.frame.seen import see
from reage.home import demo_plate
from reage.job import RenderJob
from reage.models.model import Model
from reage.models.onnx_model import OnnxModel
from reage.pixels.color import Encoder
from reage.pixels.geometry import Region
from reage.pixels.plate import Pixels
from reage.settings import AUTO, Settings
from reage.shot.footage import Footage
from reage.shot.tracking import make_track
from reage.tools.bench.measured import face_in
from reage.tools.bench.plan import BenchPlan

SOURCES = (30.0, 50.0, 65.0)
"""Ages that the face in the plate is said to have."""

_FRAMES = "1002,1007"
_BESIDE = 5
"""Years from the source age to the further rungs that are tried beside it."""

_SHOWN = ("delta", "detail", "form", "tone")
_AIM = 0.10


@dataclass
class _Faces:
    """The frames that are looked at, and their layers at each age, made once."""

    job: RenderJob
    model: Model
    folder: Path
    made: dict[tuple[float, float], list[Layers]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.footage = Footage.open(self.job)
        self.track = make_track(self.job, self.folder / "track.json")

    def at(self, source: float, target: float) -> list[Layers]:
        if (source, target) not in self.made:
            self.made[source, target] = [
                self._layers(number, source, target) for number in self.footage.frames
            ]
        return self.made[source, target]

    def _layers(self, number: int, source: float, target: float) -> Layers:
        settings = replace(self.job.settings, source_age=source, target_age=target)
        plate, space = self.footage.read(number)
        card, face = self.model.card, face_in(self.track, number)
        seen = see(plate, face, card, settings, Encoder(space, card.encoding), parts=True)
        assert seen is not None, "the demo plate has a face"
        ready = asked(seen, settings, shape=True)
        assert ready is not None, "the ages differ"
        return finish(ready, infer(ready, self.model, self.job.tile))

    def off(self, rungs: tuple[int, ...], source: float, target: float) -> dict[str, float]:
        """By layer, as a share of the change that is right; of the shape in px."""
        mixes = [
            at_age(dict(zip(rungs, layers, strict=True)), source, target)
            for layers in zip(*(self.at(source, age) for age in rungs), strict=True)
        ]
        pairs = list(zip(mixes, self.at(source, target), strict=True))
        out = {}
        for name in (*_SHOWN, "shape"):
            wrong = right = count = 0.0
            for mix, truth in pairs:
                assert mix is not None, "between two rungs something changes"
                region = mix.region.union(truth.region)
                a, b = _pixels(mix, name, region), _pixels(truth, name, region)
                wrong, right = wrong + _square(a - b), right + _square(b)
                count += np.count_nonzero(b.any(-1) | a.any(-1))
            out[name] = float(np.sqrt(wrong / (max(count, 1) if name == "shape" else right)))
        return out

    def strength(self, source: float, target: float) -> float:
        """RMS of the delta; 0 at the source age."""
        if source == target:
            return 0.0
        each = [_pixels(layers, "delta", layers.region) for layers in self.at(source, target)]
        count = sum(layers.matte.sum() for layers in self.at(source, target))
        return float(np.sqrt(sum(map(_square, each)) / (3 * count)))


def lines(folder: Path, plan: BenchPlan) -> Iterator[str]:
    """Raises SettingsError where the plan's ladder is none."""
    ages = ladder.rungs(plan.ladder)
    model = OnnxModel.load(plan.settings.model, plan.device)
    side = 512 if plan.settings.crop_size == AUTO else plan.settings.crop_size
    settings = Settings(crop_size=side, model=plan.settings.model)
    plate = str(demo_plate()[0]).replace("1001", "%04d")
    faces = _Faces(RenderJob(plate, "", settings, frames=_FRAMES, tile=plan.tile), model, folder)
    yield f"demo plate, frames {_FRAMES}, crop {side} px, {model.card.name} {model.card.version}"
    yield "% of the change at that age, by layer; px of shape; % of the stronger rung's change"
    for source in SOURCES:
        yield from _of_source(faces, ages, source, f"ladder {','.join(map(str, ages))}")
        beside = {int(source) - _BESIDE, int(source) + _BESIDE}
        more = sorted({*ages, *beside})
        yield from _of_source(faces, tuple(more), source, f"with {_BESIDE} years beside", beside)


def _of_source(
    faces: _Faces, ages: tuple[int, ...], source: float, name: str, only: set[int] | None = None
) -> Iterator[str]:
    stops = sorted({*map(float, ages), source})
    rungs = tuple(age for age in ages if age != source)
    yield f"source age {source:g}, {name}"
    names = "".join(f"{name:>8}" for name in (*_SHOWN, "shape", "/ rung"))
    yield f"{'between':<12}{'at':>6}{names}"
    worst = dict[float, float]()
    for low, high in pairwise(stops):
        if only and not only & {int(low), int(high)}:
            continue
        middle = (low + high) / 2
        off = faces.off(rungs, source, middle)
        most = max(faces.strength(source, age) for age in (low, high))
        share = off["delta"] * faces.strength(source, middle) / most
        worst[middle] = off["delta"]
        yield (
            f"{f'{low:g}-{high:g}':<12}{middle:>6g}"
            + "".join(f"{100 * off[n]:>8.1f}" for n in _SHOWN)
            + f"{off['shape']:>8.2f}{100 * share:>8.1f}"
        )  # fmt: skip
    over = [f"{middle:g}" for middle, each in worst.items() if each > _AIM]
    yield f"above {_AIM:.0%}: {', '.join(over) or 'nowhere'}"


def _pixels(layers: Layers, name: str, region: Region) -> Pixels:
    """(h, w, C) as it counts: of the delta and its parts what the matte lets through."""
    wide = layers.spread(region)
    if name == "shape":
        still = np.zeros((*wide.matte.shape, 2), np.float32)
        return still if wide.shape is None else wide.shape
    assert wide.parts is not None, "they were asked for"
    pixels: Pixels = wide.delta if name == "delta" else getattr(wide.parts, name)
    return np.asarray(pixels * wide.matte[..., None])


def _square(pixels: Pixels) -> float:
    return float((pixels.astype(np.float64) ** 2).sum())
