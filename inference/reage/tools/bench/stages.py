"""Each stage of a frame by itself, on one thread, beside what no program could do without.

The floor of reading is the decoding of the same rows by OpenImageIO; of the look for the face, its
three networks alone; of encoding and decoding, one pass of OpenColorIO and one resampling for each
picture; of the guide, the lookups of its texture; of writing, OpenImageIO's own.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import cv2
import numpy as np
import OpenImageIO as oiio

from reage.faces import FaceChoice, FaceFrame, reader_of
from reage.faces.models import DETECTOR, LANDMARKER, run_network
from reage.faces.pursuit import Pursuit
from reage.frame.layers import Layers
from reage.frame.pipeline import Prepared, finish, infer, prepare
from reage.media.exr import write_layers
from reage.mix import at_target
from reage.models.model import Model
from reage.models.model_card import ModelCard
from reage.models.onnx_model import OnnxModel
from reage.models.residual import Residual
from reage.pattern.conditioning import conditioning_map, skin_of
from reage.pixels.color import Encoder
from reage.pixels.crop import crop_side, pixels_for
from reage.pixels.geometry import Region
from reage.pixels.plate import Plate
from reage.settings import Settings
from reage.shot.footage import Footage
from reage.shot.one_thread import one_thread_each
from reage.tools.bench.measured import seen
from reage.tools.bench.plan import SIZES, BenchPlan
from reage.tools.bench.shots import make_shot

_FRAMES, _ROUNDS = 8, 5

Stage = tuple[str, Callable[[], object], Callable[[], object]]
"""Its name, what is done for one frame, and its floor."""


@dataclass(frozen=True)
class Made:
    """A frame on its way through the engine."""

    ready: Prepared
    residual: Residual
    layers: Layers

    @classmethod
    def of(cls, ready: Prepared, model: Model, tile: int) -> Made:
        residual = infer(ready, model, tile)
        return cls(ready, residual, finish(ready, residual))


def lines(folder: Path, plan: BenchPlan) -> Iterator[str]:
    make_shot(folder, SIZES[plan.size], _FRAMES)
    (folder / "out").mkdir()
    with one_thread_each():
        frames = list(_frames(folder, plan))
        yield f"{_FRAMES} frames of {plan.size}, ms of one thread a frame, the least of {_ROUNDS}"
        yield f"{'stage':<22}{'taken':>8}{'floor':>8}{'times':>8}"
        for stage in zip(*frames, strict=True):
            name, taken, floor = stage[0][0], *(_least([s[i] for s in stage]) for i in (1, 2))
            yield f"{name:<22}{taken:>8.2f}{floor:>8.2f}{taken / floor:>8.1f}"


def _least(does: Sequence[Callable[[], object]]) -> float:
    """ms a frame."""
    rounds = []
    for _ in range(_ROUNDS):
        start = time.process_time()
        for each in does:
            each()
        rounds.append(time.process_time() - start)
    return 1000 * min(rounds) / len(does)


def _frames(folder: Path, plan: BenchPlan) -> Iterator[list[Stage]]:
    """The stages of each frame."""
    job = replace(plan.job(folder), jobs=1)
    model = OnnxModel.load(plan.settings.model, plan.device)
    for footage, face, settings in seen(job, model):
        number, whole = face.frame, footage.info(face.frame).display
        region = pixels_for(face, model.card, crop_side(model.card, settings), whole)
        plate, space = footage.read(number, region)
        encoder = Encoder(space, model.card.encoding)
        prepared = partial(_prepared, plate, face, model.card, settings, encoder)
        alone, apart = (Made.of(prepared(parts), model, job.tile) for parts in (False, True))
        yield [
            _reading(footage, number, region),
            _looking(footage, number, whole),
            _encoding(partial(prepared, False), alone.ready, plate, encoder),
            _guiding(face, apart.ready, at_target(job.settings.pattern, job.settings.target_age)),
            _decoding("decode", alone, 1),
            _decoding("decode with parts", apart, 4),
            _writing("write", folder, number, alone.layers, plate),
            _writing("write with parts", folder, number, apart.layers, plate),
        ]


def _prepared(
    plate: Plate, face: FaceFrame, card: ModelCard, settings: Settings, encoder: Encoder,
    parts: bool,
) -> Prepared:  # fmt: skip
    skin_of.cache_clear()  # a shot's frames have each a face of their own
    ready = prepare(plate, face, card, settings, encoder, parts=parts)
    assert ready is not None, "ages that differ, and a face in the plate"
    return ready


def _reading(footage: Footage, number: int, region: Region) -> Stage:
    source = oiio.ImageInput.open(str(footage.file(number)))
    assert source is not None, "a plate that was read before"
    rows = (region.y, region.bottom, 0, 0, 3, source.spec().format)
    return (
        "read", lambda: footage.read(number, region),
        lambda: source.read_scanlines(0, 0, *rows),
    )  # fmt: skip


def _looking(footage: Footage, number: int, whole: Region) -> Stage:
    plate, _ = footage.read(number)
    pursuit = Pursuit(reader_of(plate), whole, FaceChoice())
    count = itertools.count(1)
    pursuit.look(next(count))
    mesh, near = (np.zeros((1, 3, px, px), np.float32) for px in (192, 128))

    def networks() -> None:
        run_network(DETECTOR, near)
        run_network(LANDMARKER, mesh)
        run_network(LANDMARKER, mesh)

    return "look for the face", lambda: pursuit.look(next(count)), networks


def _encoding(
    prepared: Callable[[], Prepared], ready: Prepared, plate: Plate, encoder: Encoder
) -> Stage:
    def floor() -> None:
        ready.crop.sample(encoder.encode(plate.rgb), plate.region)

    return "encode, with guide", prepared, floor


def _guiding(face: FaceFrame, ready: Prepared, pattern: int | str) -> Stage:
    side = ready.crop.size
    texture = np.zeros((side, side, 3), np.float32)
    y, x = np.mgrid[:side, :side].astype(np.float32)

    def lookups() -> None:
        for _ in range(2):
            cv2.remap(texture, x, y, cv2.INTER_LINEAR)

    def guided() -> None:
        skin_of.cache_clear()
        conditioning_map(face, ready.crop, pattern)

    return "guide", guided, lookups


def _decoding(name: str, made: Made, passes: int) -> Stage:
    ready, one = made.ready, np.ascontiguousarray(made.residual.delta)
    here = ready.region.slices(ready.around)
    encoded = np.ascontiguousarray(ready.encoded[here])

    def floor() -> None:
        for _ in range(passes):
            ready.encoder.decode(encoded)
            ready.crop.paste(one, ready.region)

    return name, lambda: finish(ready, made.residual), floor


def _writing(name: str, folder: Path, number: int, layers: Layers, plate: Plate) -> Stage:
    parts = layers.parts is not None
    wanted = ("delta", "matte", "parts") if parts else ("delta", "matte")
    how = ("zips", "half") if parts else ("rle", "float")  # compression, and the numbers' type
    path = folder / "out" / f"{number}.exr"

    def write() -> None:
        stored = layers.in_halves() if parts else layers
        write_layers(path, stored.channels(wanted), layers.region, plate.info, {}, *how)

    write()
    with_header = oiio.ImageBuf(str(path))
    pixels = with_header.get_pixels(with_header.spec().format)
    spec = with_header.spec()

    def floor() -> None:
        out = oiio.ImageOutput.create("exr")
        assert out is not None, "OpenImageIO writes EXR"
        out.open(str(path.with_suffix(".floor.exr")), spec)
        out.write_image(pixels)
        out.close()

    return name, write, floor
