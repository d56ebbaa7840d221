"""One frame of a render, from its plate's file to its layers' file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, field
from typing import Any

from reage.errors import PlateError, ReageError
from reage.faces import FaceFrame
from reage.frame.layers import Layers, header, part_of
from reage.frame.pipeline import Prepared, asked, finish, infer, prepare
from reage.frame.seen import Seen, see
from reage.frame.together import together
from reage.job import RenderJob
from reage.media.exr import write_layers
from reage.media.finished_picture import write_picture
from reage.models.model_card import ModelCard
from reage.models.parts import Strengths
from reage.models.residual import Residual
from reage.pixels.color import Encoder, color_words
from reage.pixels.crop import pixels_for
from reage.pixels.geometry import Region
from reage.pixels.plate import Pixels, Plate, PlateInfo
from reage.settings import Settings
from reage.shot.drawn import Drawn
from reage.shot.finished import beauty, is_movie, unchanged, with_layers
from reage.shot.footage import Footage
from reage.shot.marks import picture_spec
from reage.shot.metadata import frame_metadata, stands, why_anew
from reage.shot.render_context import RenderContext
from reage.shot.slight import MeasuredChange, measured

_GEOMETRY = frozenset(("shape", "st"))
"""Layers that the face's mesh alone makes."""


@dataclass(frozen=True)
class Frame:
    """What became of a frame.

    outcome: "done", "kept" (it stood already), "no face" (the plate passes through), "failed"
    error:   why it failed, else ""
    anew:    why a resumed render did not keep the file that was there, else ""
    changes: face by face, what its change came to; None where the model did not run
    picture: for a movie, which takes frames in their order; see `finished.finished`
    size:    (width, height) of the plate's display window; None where it was not read
    space:   color space of the layers that were written, else ""
    seconds: stage → seconds that it took there, waiting for the model not counted
    fingerprint: that its file's header has, see `metadata`; "" where it failed
    """

    number: int
    outcome: str
    error: str = ""
    changes: tuple[MeasuredChange | None, ...] = ()
    picture: Pixels | None = field(default=None, repr=False, compare=False)
    anew: str = ""
    size: tuple[int, int] | None = None
    space: str = ""
    seconds: Mapping[str, float] = field(default_factory=dict, compare=False)
    fingerprint: str = ""


@dataclass(frozen=True)
class Read:
    """A frame's pixels as they come from its files.

    own:   the plate as its file has it, as much as is needed; plate: the same, scene-linear
    around: what of it the face needs
    space: the plate's color space
    ages, hair: (h, w) over `around`, where they are drawn
    """

    own: Plate
    plate: Plate
    around: Region
    space: str
    ages: Pixels | None
    hair: Pixels | None


def render_frame(
    faces: Sequence[RenderContext], number: int, gate: AbstractContextManager[object]
) -> Frame:
    """One frame from its plate's file to its layers' or its finished picture's, the faces' changes
    added up. Only inside `gate` the model runs."""
    context = faces[0]
    path, metadata = context.outputs[number], frame_metadata(faces, number)
    fingerprint = str(metadata["job"])
    if context.job.resume and stands(path, metadata):
        return Frame(number, "kept", fingerprint=fingerprint)
    anew = why_anew(path, metadata) if context.job.resume else ""
    for each in faces:
        each.require_readable(number)
    if context.finish and is_movie(path):
        require_size(context.footage, number)
    made = [_face(each, number, gate, context.beauty and each is context) for each in faces]
    read = made[0][0]
    layers = together([layers for _, layers, _ in made])
    with context.clock("write"):
        picture = None
        if context.finish is None:
            write_frame(context, number, read, layers, metadata)
        else:
            picture = put(faces, number, _finished(context, number, read, layers), metadata)
    there = any(each.face(number) for each in faces)
    changes = tuple(change for _, _, change in made)
    display = read.plate.info.display
    return Frame(
        number, "done" if there else "no face", "", changes, picture, anew,
        (display.width, display.height), "" if context.finish else read.space,
        fingerprint=fingerprint,
    )  # fmt: skip


def require_size(footage: Footage, number: int) -> None:
    """Raises PlateError for a frame that a movie of this plate has no room for, or too much."""
    display, (width, height) = footage.info(number).display, footage.size
    if (display.width, display.height) != (width, height):
        raise PlateError(
            f"{footage.file(number)} is {display.width}×{display.height} px, the shot's first "
            f"frame {width}×{height}, and a movie has one size; write pictures, such as "
            "-o face.%04d.png, or render such frames by themselves."
        )


def passed(faces: Sequence[RenderContext], number: int, error: ReageError) -> Frame:
    """A frame that failed: where finished pictures are made, the plate's stands in its place."""
    context, picture = faces[0], None
    if context.finish is not None:
        with suppress(PlateError):
            path = context.outputs[number]
            if is_movie(path):
                require_size(context.footage, number)
            plate = unchanged(context.finish, context.footage, number, path)
            picture = put(faces, number, plate, {})
    return Frame(number, "failed", error=str(error), picture=picture)


def put(
    faces: Sequence[RenderContext], number: int, picture: Pixels, metadata: dict[str, object]
) -> Pixels | None:
    """Write a finished picture into its file; a movie's is given back, as it waits for its turn.
    metadata: empty for a picture that was not altered. Raises OutputError."""
    path, finish = faces[0].outputs[number], faces[0].finish
    assert finish is not None, "layers are no finished picture"
    if is_movie(path):
        return picture
    info = faces[0].footage.info(number)
    write_picture(path, picture, picture_spec(finish, info, metadata))
    return None


def write_frame(
    context: RenderContext, number: int, read: Read, layers: Layers, metadata: Mapping[str, object]
) -> None:
    """Layers into the frame's file; where the beauty is among them, they cover all of its plate."""
    channels: dict[str, Pixels] = {}
    if context.beauty:
        layers = layers.spread(layers.region.union(read.plate.region))
    if context.job.whole:
        layers = layers.spread(layers.region.union(read.plate.info.data))
    if "st" in context.job.layers:
        display = read.plate.info.display
        layers = layers.spread(layers.region.union(display))
        channels = layers.st_map(display)
    stored = layers.in_halves() if context.job.datatype == "half" else layers
    channels = stored.channels(context.job.layers) | channels
    if context.beauty:  # first, as those who look at one part alone want it
        settings = context.job.at(number)
        own = beauty(
            context.footage, number, read.plate, layers, settings, Strengths.of(settings)
        )
        channels = own | channels
    attributes = header({**metadata, "colorspace": read.space}) | color_words(read.space)
    path, how = context.outputs[number], _storage(context.job)
    write_layers(path, channels, layers.region, read.plate.info, attributes, **how)


def _finished(context: RenderContext, number: int, read: Read, layers: Layers) -> Pixels:
    assert context.finish is not None, "layers are no finished picture"
    layers = layers.spread(layers.region.union(read.plate.region))
    settings, path = context.job.at(number), context.outputs[number]
    mixed = (layers, settings, Strengths.of(settings))
    return with_layers(context.finish, context.footage, number, read, *mixed, path)


def _storage(job: RenderJob) -> dict[str, Any]:
    """ZIPS packs half to a third less than RLE, for a third more time, and row by row, which
    Nuke reads by many threads; of float it takes little off."""
    half = {"pixel_type": "half", "compression": "zips"} if job.datatype == "half" else {}
    return {**half, **({"part_of": part_of} if job.multipart else {})}


def _face(
    context: RenderContext, number: int, gate: AbstractContextManager[object], whole: bool
) -> tuple[Read, Layers, MeasuredChange | None]:
    """One face of a frame: what was read for it, with `whole` all of the plate, and what came of
    it."""
    face = context.face(number)
    read = read_for(context, context.footage, number, face, context.hair_mattes, whole)
    return read, *layers_at(context, read, face, context.job.at(number), gate)


def layers_at(
    context: RenderContext,
    read: Read,
    face: FaceFrame | None,
    settings: Settings,
    gate: AbstractContextManager[object],
    seen: Seen | None = None,
) -> tuple[Layers, MeasuredChange | None]:
    """`pipeline.reage_frame`, its steps timed and the model's kept inside the gate; and what the
    change came to. seen: what was cut and encoded already, if it was."""
    parts = _wants_parts(context, settings)
    ready = None if face is None else _prepare(context, read, face, settings, parts, seen)
    if face is None or ready is None:
        hair = parts and context.model.card.hair
        return Layers.none(read.plate.info.data, parts, hair), None
    if not _wants_model(context):
        nothing = Residual.zero(context.crop.side, context.model.card.output_channels)
        return finish(ready, nothing), None
    residual = _residual(context, face.frame, ready, gate)
    with context.clock("decode"):
        came_to = measured(face, ready, residual, settings, context.beauty)
        return finish(ready, residual, context.broken.at(face.frame)), came_to


def _residual(
    context: RenderContext, number: int, ready: Prepared, gate: AbstractContextManager[object]
) -> Residual:
    """What the model adds to a frame, steadied where asked for."""

    def inferred(one: Prepared, at: int) -> Residual:
        told = context.broken.at(at)
        with gate, context.clock("infer"):
            return infer(
                one, context.model, context.job.tile, context.notices.append, told,
                None if steady is None else True,
            )  # fmt: skip

    steady = context.steady  # what is kept of a frame serves it and its neighbours
    if steady is None:
        return inferred(ready, number)

    def at(frame: int) -> Residual | None:
        one = ready if frame == number else _neighbour(context, steady.footage, frame)
        return inferred(one, frame) if isinstance(one, Prepared) else one

    return steady.residual(number, at)


def _neighbour(
    context: RenderContext, footage: Footage, number: int
) -> Prepared | Residual | None:
    """A frame beside the one that is rendered, ready for the model; its residual where its ages
    change nothing; None where its face is outside the plate."""
    settings, face = context.job.at(number), context.face(number)
    if settings.source_age == settings.target_age and context.age_maps is None:
        return Residual.zero(context.crop.side, context.model.card.output_channels)
    read = read_for(context, footage, number, face)
    return None if face is None else _prepare(context, read, face, settings)


def read_for(
    context: RenderContext,
    footage: Footage,
    number: int,
    face: FaceFrame | None,
    hair_mattes: Drawn | None = None,
    whole: bool = False,
) -> Read:
    """What a frame needs of its files; with `whole` all of its plate."""
    with context.clock("read"):
        around = _face_region(context, face, footage.info(number))
        found = footage.both(number, None if whole else around)
        ages, hair = (
            None if drawn is None else drawn.read(number, around)
            for drawn in (context.age_maps, hair_mattes)
        )
    return Read(found.own, found.plate, around, found.space, ages, hair)


def _prepare(
    context: RenderContext,
    read: Read,
    face: FaceFrame,
    settings: Settings,
    parts: bool = False,
    seen: Seen | None = None,
) -> Prepared | None:
    told, shape = context.broken.at(face.frame), _wants_shape(context, settings)
    with context.clock("encode"):
        if seen is not None:
            return asked(seen, settings, read.ages, told, shape)
        what = _to_see(context, read, face, settings)
        return prepare(*what, read.ages, parts, read.hair, told, shape)


def see_once(
    context: RenderContext, read: Read, face: FaceFrame, settings: Settings
) -> Seen | None:
    """What is to be cut and encoded of a frame, for all ages that it is rendered at."""
    told, parts = context.broken.at(face.frame), _wants_parts(context, settings)
    with context.clock("encode"):
        return see(*_to_see(context, read, face, settings), parts, read.hair, told)


def _to_see(
    context: RenderContext, read: Read, face: FaceFrame, settings: Settings
) -> tuple[Plate, FaceFrame, ModelCard, Settings, Encoder]:
    card = context.model.card
    return read.plate.cut(read.around), face, card, settings, Encoder(read.space, card.encoding)


def _wants_model(context: RenderContext) -> bool:
    """Whether anything is written that the model has a part in; shape alone is geometry."""
    return context.beauty or not _GEOMETRY.issuperset(context.job.layers)


def _wants_parts(context: RenderContext, settings: Settings) -> bool:
    """Whether the parts are written, or the beauty is mixed from them."""
    mixed = context.beauty and Strengths.of(settings).mix_parts(context.model.card)
    return "parts" in context.job.layers or mixed


def _wants_shape(context: RenderContext, settings: Settings) -> bool:
    """Whether the warp is written, or the beauty moved by it."""
    moved = context.beauty and settings.shape > 0
    return moved or not _GEOMETRY.isdisjoint(context.job.layers)


def _face_region(context: RenderContext, face: FaceFrame | None, info: PlateInfo) -> Region:
    """Plate pixels that the frame needs; one pixel where there is no face in the picture."""
    one = Region(info.data.x, info.data.y, 1, 1)
    if face is None:
        return one
    card, side = context.model.card, context.crop.side
    region = pixels_for(face, card, side, info.data, info.aspect)
    return one if region.empty else region
