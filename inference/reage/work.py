"""The work on one shot: what all its frames share, and a frame's way from file to file."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass, field, replace
from functools import lru_cache
from pathlib import Path

import numpy as np

from reage.broken import BrokenPixels
from reage.changes import SteadyChanges
from reage.clock import Clock
from reage.colour import Encoder
from reage.crop_size import CropSize, crop_side, for_shot, notices
from reage.drawn import Drawn
from reage.errors import OutputError, SettingsError, UnreadableFrame
from reage.faces import FaceFrame, FaceTrack
from reage.fingerprint import file_fingerprint
from reage.footage import Footage
from reage.geometry import Region
from reage.job import RenderJob
from reage.layers import Layers, header
from reage.media.exr import write_layers
from reage.media.imagefile import read_channels, read_info
from reage.media.sequence import frame_paths
from reage.model import Model
from reage.onnx_model import OnnxModel
from reage.parts import Strengths
from reage.pipeline import Prepared, finish, infer, pixels_for, prepare
from reage.plate import Pixels, Plate
from reage.progress import Progress
from reage.settings import LIVE, Settings
from reage.slight import MeasuredChange, measured
from reage.tracking import open_track, save_track, track_path
from reage.version import __version__

STAMP = "reage:job"
"""Header attribute that says what a frame was made from; a resumed render compares it."""


@dataclass(frozen=True)
class Frame:
    """What became of a frame.

    outcome: "done", "kept" (it stood already), "no face" (the plate passes through), "failed"
    error:   why it failed, else ""
    change:  what its change came to; None where the model did not run
    """

    number: int
    outcome: str
    error: str = ""
    change: MeasuredChange | None = None


@dataclass(frozen=True)
class RenderContext:
    """What the frames of one render share.

    job:     its settings have the shot's crop size as a number
    outputs: frame → file; notices: sentences for the artist, added to while rendering;
    steady: None where changes are not steadied; broken: what was, added to like notices
    """

    job: RenderJob
    footage: Footage
    track: FaceTrack
    track_path: Path
    crop: CropSize
    model: Model
    outputs: Mapping[int, Path]
    age_maps: Drawn | None
    hair_mattes: Drawn | None
    clock: Clock
    notices: list[str]
    steady: SteadyChanges | None = None
    broken: BrokenPixels = field(default_factory=BrokenPixels)


def open_work(
    job: RenderJob,
    progress: Callable[[Progress], object],
    cancelled: Callable[[], bool],
    model: Model | None,
    clock: Clock,
) -> RenderContext:
    """Open everything a render needs, and refuse what cannot work, before the first frame."""
    footage = Footage.open(job)
    outputs = frame_paths(job.output, footage.frames)
    _check_outputs(outputs, footage)
    maps, mattes = job.settings.age_map, job.settings.hair_matte
    age_maps = Drawn.open("age map", maps, footage) if maps else None
    hair_mattes = Drawn.open("hair matte", mattes, footage) if mattes else None
    model = model or OnnxModel.load(job.settings.model, job.device)
    crop_side(model.card, job.settings)
    track = open_track(job, footage, progress, cancelled, clock)
    path = Path(job.track) if job.track else track_path(job.output)
    if not job.track:
        save_track(track, path)
    crop = for_shot(model.card, job.settings, track)
    job = replace(job, settings=replace(job.settings, crop_size=crop.side))
    told = [*_notices(job, footage.frames, model, track), *notices(model.card, crop)]
    steady = SteadyChanges.open(job, model.card, track, age_maps)
    return RenderContext(
        job, footage, track, path, crop, model, outputs, age_maps, hair_mattes, clock, told, steady
    )


def render_frame(work: RenderContext, number: int, gate: AbstractContextManager[object]) -> Frame:
    """One frame from its plate's file to its layers' file. Only inside `gate` the model runs."""
    face, path = work.track.at(number), work.outputs[number]
    facts = _facts(work, number, face)
    if work.job.resume and _stands(path, str(facts["job"])):
        return Frame(number, "kept")
    clock, beauty = work.clock, "beauty" in work.job.layers
    with clock("read"):
        around = _face_region(work, face, work.footage.info(number).data)
        whole, space = work.footage.read(number, None if beauty else around)
        ages, hair = (_drawn(m, number, around) for m in (work.age_maps, work.hair_mattes))
    encoder = Encoder(space, work.model.card.encoding)
    layers, change = _layers(
        work, whole.cut(around), face, work.job.at(number), encoder, ages, hair, gate
    )
    with clock("write"):
        channels = layers.channels(work.job.layers)
        if beauty:
            layers = layers.spread(whole.region)
            channels = layers.channels(work.job.layers) | _beauty(work, number, whole, layers)
        facts |= {"colorspace": space}
        write_layers(path, channels, layers.region, whole.info, header(facts))
    return Frame(number, "done" if face else "no face", change=change)


def _layers(
    work: RenderContext,
    plate: Plate,
    face: FaceFrame | None,
    settings: Settings,
    encoder: Encoder,
    ages: Pixels | None,
    hair: Pixels | None,
    gate: AbstractContextManager[object],
) -> tuple[Layers, MeasuredChange | None]:
    """`pipeline.reage_frame`, its steps timed and the model's kept inside the gate; and what the
    change came to."""
    clock, model = work.clock, work.model
    parts = _wants_parts(work, settings)
    nothing = Layers.none(plate.info.data, parts, parts and model.card.hair)
    if face is None:
        return nothing, None
    with clock("encode"):
        told = work.broken.at(face.frame)
        ready = prepare(plate, face, model.card, settings, encoder, ages, parts, hair, told)
    if ready is None:
        return nothing, None
    change = _change(work, face.frame, ready, gate)
    with clock("decode"):
        came_to = measured(face, ready, change, settings, "beauty" in work.job.layers)
        return finish(ready, change, told), came_to


def _change(
    work: RenderContext, number: int, ready: Prepared, gate: AbstractContextManager[object]
) -> Pixels:
    """The model's change of a frame, steadied where asked for."""

    def computed(one: Prepared, at: int) -> Pixels:
        told = work.broken.at(at)
        with gate, work.clock("infer"):
            return infer(one, work.model, work.job.tile, work.notices.append, told)

    steady = work.steady
    if steady is None:
        return computed(ready, number)

    def at(frame: int) -> Pixels:
        one = ready if frame == number else _neighbour(work, steady, frame)
        return computed(one, frame) if isinstance(one, Prepared) else one

    return steady.change(number, at)


def _neighbour(work: RenderContext, steady: SteadyChanges, number: int) -> Prepared | Pixels:
    """A frame beside the one that is rendered, ready for the model; zero where its ages change
    nothing, and empty where its face is outside the plate."""
    settings, face = work.job.at(number), work.track.at(number)
    side = crop_side(work.model.card, settings)
    if settings.source_age == settings.target_age and work.age_maps is None:
        return np.zeros((side, side, 1), np.float32)
    with work.clock("read"):
        around = _face_region(work, face, steady.footage.info(number).data)
        plate, space = steady.footage.read(number, around)
        ages = _drawn(work.age_maps, number, around)
    encoder = Encoder(space, work.model.card.encoding)
    ready = None
    if face is not None:
        with work.clock("encode"):
            told = work.broken.at(number)
            ready = prepare(plate, face, work.model.card, settings, encoder, ages, told=told)
    return np.empty((0, 0, 0), np.float32) if ready is None else ready


def _drawn(pictures: Drawn | None, number: int, region: Region) -> Pixels | None:
    return None if pictures is None else pictures.read(number, region)


def _wants_parts(work: RenderContext, settings: Settings) -> bool:
    """Whether the parts are written, or the beauty is mixed from them."""
    layers, strengths = work.job.layers, Strengths.of(settings)
    return "parts" in layers or ("beauty" in layers and strengths.mix_parts(work.model.card))


def _face_region(work: RenderContext, face: FaceFrame | None, data: Region) -> Region:
    """Plate pixels that the frame needs; one pixel where there is no face in the picture."""
    one = Region(data.x, data.y, 1, 1)
    if face is None:
        return one
    region = pixels_for(face, work.model.card, crop_side(work.model.card, work.job.settings), data)
    return one if region.empty else region


def _beauty(work: RenderContext, number: int, plate: Plate, layers: Layers) -> dict[str, Pixels]:
    """R, G, B of the result and the plate's own alpha (1 where it has none)."""
    settings = work.job.at(number)
    rgb = layers.over(plate.rgb, settings.blend, Strengths.of(settings))
    alpha = np.ones(rgb.shape[:2], np.float32)
    if "A" in plate.info.channels:
        pixels, _, _ = read_channels(work.footage.file(number), ("A",), plate.region)
        alpha = pixels[..., 0]
    return {"R": rgb[..., 0], "G": rgb[..., 1], "B": rgb[..., 2], "A": alpha}


# ---------------------------------------------------------------- headers


def _facts(work: RenderContext, number: int, face: FaceFrame | None) -> dict[str, object]:
    """What a frame's header says; `job` is a hash of everything that its pixels depend on."""
    settings, card = work.job.at(number), work.model.card
    beauty = "beauty" in work.job.layers
    facts: dict[str, object] = {
        "frame": number,
        "source_age": settings.source_age,
        "target_age": settings.target_age,
        "age_map": settings.age_map or "",
        "model": f"{card.name} {card.version}",
        "model_sha256": work.model.sha256,
        "rights_holder": card.rights_holder,
        "version": __version__,
        "confidence": face.confidence if face else 0.0,
    }
    if card.pattern:
        facts["pattern"] = settings.pattern
    if number in work.job.marks:
        facts["mark"] = work.job.marks[number]
    shown = {name: getattr(settings, name) for name in LIVE}
    elsewhere = ("face", "smooth", *(() if beauty else LIVE))
    depends = {
        **facts,
        "settings": {k: v for k, v in asdict(settings).items() if k not in elsewhere},
        "face": _face_stamp(face) if face else None,
        "layers": work.job.layers,
        "plate": _file_stamp(work.footage.file(number)),
        "map": work.age_maps and _file_stamp(work.age_maps.file(number)),
        "hair": work.hair_mattes and _file_stamp(work.hair_mattes.file(number)),
        "near": _near_stamps(work, number) if face else None,
    }
    facts |= shown if beauty else {"blend": settings.blend}
    text = json.dumps(depends, sort_keys=True)
    return {**facts, "job": hashlib.sha256(text.encode()).hexdigest()}


def _near_stamps(work: RenderContext, number: int) -> list[object]:
    """What the neighbours' changes depend on, where they are averaged into this frame's."""
    if work.steady is None:
        return []
    return [
        (
            near,
            _file_stamp(work.steady.footage.file(near)),
            _face_stamp(work.track.frames[near]),
            (work.job.at(near).source_age, work.job.at(near).target_age),
            work.age_maps and _file_stamp(work.age_maps.file(near)),
        )
        for near in work.steady.near(number)
        if near != number
    ]


@lru_cache(maxsize=1024)
def _face_stamp(face: FaceFrame) -> str:
    return hashlib.sha256(repr(face).encode()).hexdigest()


def _file_stamp(path: Path) -> tuple[str, int, int]:
    """Name, size and time of a file: changes when the file does. Raises UnreadableFrame."""
    found = file_fingerprint(path)
    if found is None:
        raise UnreadableFrame(f"Cannot read {path}: it is not there, or not for us to see.")
    return path.name, *found


def _stands(path: Path, stamp: str) -> bool:
    try:
        return read_info(path).metadata.get(STAMP) == stamp
    except UnreadableFrame:
        return False


# ---------------------------------------------------------------- checks


def _check_outputs(outputs: Mapping[int, Path], footage: Footage) -> None:
    for number, path in outputs.items():
        if path.suffix.lower() != ".exr":
            raise SettingsError(f"Layers are written as EXR; name the output *.exr, not {path}.")
        if path.resolve() == footage.file(number).resolve():
            raise SettingsError(f"The output {path} would overwrite the plate; name another.")
    folder = path.parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as e:
        raise OutputError(f"The folder {folder} cannot be made: {e.strerror}.") from e


def _notices(job: RenderJob, frames: tuple[int, ...], model: Model, track: FaceTrack) -> list[str]:
    low, high = model.card.age_range
    looks = [job.at(n) for n in frames]
    ages = sorted(age for s in looks for age in (s.source_age, s.target_age))
    out = [
        f"The model was trained for ages {low:g} to {high:g}; {age:g} is outside."
        for age in dict.fromkeys((ages[0], ages[-1]))
        if not low <= age <= high
    ]
    name = model.card.name
    if any(s.grey for s in looks):
        if not model.card.hair:
            out.append(f"The model {name} does not grey hair; --grey changes nothing.")
        elif job.settings.hair_matte is None:
            out.append(
                "Grey needs a hair matte: give one with --hair-matte, or on the node's input hair; "
                "without it no hair changes. A start is in the layer reage_guess_hair."
            )
    if job.settings.pattern and not model.card.pattern:
        out.append(f"The model {name} takes no pattern; --pattern changes nothing.")
    if not any(track.at(n) for n in track.frames):
        out.append(
            "No face was found in any frame. Point at it with --face X,Y, or draw a box with "
            "--face X,Y,WIDTH,HEIGHT."
        )
    return out
