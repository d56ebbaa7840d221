"""Every reader of files that may come from elsewhere: a small right file for it, and the reading,
with the next steps that use what was read."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np

from helpers.mutations import altered, damaged
from helpers.onnx_files import CARD, delta_network
from helpers.plate_files import noise, write_image, write_movie
from helpers.shots import HEIGHT, WIDTH, face, plate
from reage.errors import ReageError
from reage.faces import FaceFrame, FaceTrack
from reage.frame.pipeline import reage_frame
from reage.job import RenderJob
from reage.media.exr import write_layers
from reage.media.imagefile import read_alpha, read_info, read_layer_names, read_plate
from reage.media.sequence import parse_frames
from reage.media.video import Movie
from reage.models.model import ModelInput, NullModel
from reage.models.model_card import ModelCard
from reage.models.onnx_model import OnnxModel
from reage.pixels.color import Encoder
from reage.pixels.geometry import Region
from reage.service import client, worker
from reage.service.verbs import WorkerState
from reage.settings import Settings
from reage.shot.faces_file import _read as read_faces
from reage.shot.shot_report import (
    FaceEntry,
    FlickerCurve,
    FrameEntry,
    ModelFacts,
    Notice,
    RenderRun,
    ShotFacts,
    ShotReport,
    TrackFile,
)
from reage.shot.shot_report_file import load_report
from reage.shot.tracking import save_track
from reage.tools.nuke_setup import steps
from reage.tools.shot_report import words as report_words
from reage.tools.shot_report.join import joined
from reage.tools.shot_report.page import page as shot_page
from reage.tools.shot_report.where import Where
from reage_host import track as host_track
from reage_host.exr_header import chunks_vary, string_attribute
from reage_host.presets import PresetFile, from_text, to_text
from reage_live import journal
from reage_live import take as takes

LOOK = Settings(source_age=40, target_age=70, crop_size=64)
ENCODER = Encoder("ACEScg", "ACEScct")
SECONDS = 5.0
"""A model's run is cancelled then."""


@dataclass(frozen=True)
class Reader:
    """name: of the file; right: its bytes; read: whatever it raises but a ReageError is a fault"""

    name: str
    right: bytes
    read: Callable[[Path], object]
    mutate: Callable[..., bytes] = altered


def readers(folder: Path) -> dict[str, Reader]:
    """By what is read; makes the right files in a folder."""
    made = (*_settings(), *_shots(folder), *_live(folder), *_host(folder), *_pictures(folder))
    return dict(made)


def _settings():
    card = json.dumps(CARD | {
        "crop_size": 64, "stride": 8, "halo": 1, "face_sizes": [20, 400], "age_range": [18, 85],
        "crop_shift": [0.1, 0], "fixed_size": None, "outputs": ["delta"],
        "inputs": ["picture", "source_age", "target_age"], "figures": {"a": [1, 2]},
    })  # fmt: skip
    yield "card", Reader("a.json", card.encode(), _card)
    job = RenderJob(
        "p.%04d.exr", "o.%04d.exr", LOOK, frames="1-4",
        by_frame={1: {"target_age": 65.5}}, marks={1: "a"},
    )  # fmt: skip
    yield "job", Reader("job.json", job.to_json().encode(), _job)
    line = {"id": 1, "do": "render", "job": asdict(job)}
    yield "line", Reader("line.json", json.dumps(line).encode(), _line)
    drag = {
        "id": 2, "do": "drag", "track": "x", "frame": 1, "center": [1, 2], "size": 3, "degrees": 0,
    }  # fmt: skip
    yield "drag", Reader("line.json", json.dumps(drag).encode(), _line)
    answer = {"id": 1, "result": {"frames": []}, "error": {"kind": "x", "message": "y"}}
    yield "answer", Reader("line.json", json.dumps(answer).encode(), _answer)


def _shots(folder: Path):
    typical = replace(face(1), size=120.0)
    track = FaceTrack(WIDTH, HEIGHT, {1: typical, 2: FaceFrame.none(2)})
    save_track(track, folder / "right.json")
    yield "track", Reader("a.track.json", track.to_json().encode(), _track)
    yield "host's track", Reader("a.track.json", track.to_json().encode(), host_track.read)
    entries = [{"face": "1,2", "target_age": 70.0, "pattern": 3}, {"track": "b.json"}]
    faces = {"reage_faces": 1, "faces": entries}
    yield "faces", Reader("faces.json", json.dumps(faces).encode(), read_faces)
    yield "report", Reader("r.json", json.dumps(_shot_report().document()).encode(), _report)


def _shot_report() -> ShotReport:
    facts = ModelFacts("null", "1", "0" * 64, "Apache-2.0", "nobody", "nothing")
    settings = {"source_age": 50.0, "colorspace": "ACEScg"}
    shot = ShotFacts("p.%04d.exr", "ACEScg", "o.%04d.exr", ("delta", "matte"), "ACEScg", "1",
                     facts, settings, (settings,))  # fmt: skip
    time = "2026-11-30T22:15:45.123Z"
    run = RenderRun("a", time, time, 2.0, (1, 2, 3), "m", "CPU", (256,), (TrackFile("t", ""),))
    entry = FaceEntry(50.0, 70.0, "seen", 0.9, (160.0, 120.0), 90.0, 2.0, 0.004, ("jumps",))
    frames = tuple(FrameEntry(n, "done", "a", (entry,), seconds={"read": 0.1}) for n in (1, 2, 3))
    flicker = FlickerCurve(0.05, "", (2,), (0.05,))
    return ShotReport(shot, (run,), frames, (4,), (5,), (Notice("so", (1,)),), (flicker,))


def _report(path: Path) -> None:
    report = joined({path: load_report(path)})
    report_words.text(report)
    shot_page(report, Where("p.%04d.exr", "o.%04d.exr"))


def _live(folder: Path):
    about = {
        "source": "0", "rate": "24", "size": [320, 180], "colorspace": "srgb_rec709_scene",
        "model": "null 1", "model_sha256": "ab" * 32,
    }  # fmt: skip
    slate = {"scene": "12A", "take": 3, "camera": "A"}
    take = {
        "reage_take": 1, "slate": slate, "about": about, "version": "1", "timecode": "10:00:00:00",
        "frames": 9, "settings": asdict(LOOK), "moves": [{"frame": 2, "values": {"blend": 0.5}}],
        "crops": [[1, 512]], "delays": {"median": 0.1, "p99": 0.2}, "held": "3-4", "dropped": 0,
        "recovered": False, "raw": "a", "reaged": "b", "track": "c",
    }  # fmt: skip
    yield "take", Reader(takes.FILE, json.dumps(take).encode(), _take)
    line = {
        "frame": 1, "timecode": "10:00:00:00", "crop": 512, "settings": asdict(LOOK), "delay": 0.1,
        "face": {"frame": 1, "state": "none"},
    }  # fmt: skip
    head = {"reage_journal": 1, "slate": slate, "about": about, "version": "1"}
    lines = json.dumps([head, line, {**line, "frame": 2}]).encode()
    yield "journal", Reader(journal.NAME, lines, _journal)


def _host(folder: Path):
    younger = {"target_age": 35.0, "pattern": 7}
    shots = {"reage_presets": 1, "shots": {"sh010": {"younger": younger}}}
    yield "presets", Reader("presets.json", json.dumps(shots).encode(), _presets)
    text = to_text({"target_age": 35.0, "pattern": "a.pattern.exr*0.5"})
    yield "clipboard", Reader("text.json", text.encode(), _clipboard)
    yield "note", Reader("a.track.from.json", b'{"how": "ab", "1": "cd"}', _note)
    yield "record", Reader(steps.RECORD, b'["a", "b"]', lambda path: steps.recorded(path.parent))


def _pictures(folder: Path):
    pixels = noise(24, 32, 4, seed=1)
    said = {"reage:mark": "ab" * 32, "timecode": "01:00:00:00"}
    names = ("beauty.R", "beauty.G", "beauty.B", "beauty.A")
    exr = write_image(folder / "right.exr", pixels, names=names, attributes=said).read_bytes()
    yield "exr", Reader("a.exr", exr, _picture, damaged)
    tiled = write_image(folder / "tiled.exr", pixels, tile=16).read_bytes()
    yield "tiled exr", Reader("a.exr", tiled, _picture, damaged)
    for ending in ("png", "tif", "dpx", "jpg"):
        path = folder / f"right.{ending}"
        right = write_image(path, abs(pixels[..., :3]), kind="uint8").read_bytes()
        yield ending, Reader(f"a.{ending}", right, _picture, damaged)
    onnx = delta_network(folder / "right.onnx", card=CARD | {"halo": 1, "crop_size": 64})
    yield "onnx", Reader("a.onnx", onnx.read_bytes(), _network, damaged)
    levels = [(16 + 20 * n, 128, 128) for n in range(6)]
    movie = write_movie(
        folder / "right.mov", "libx264", "yuv420p", levels, size=(64, 48), options={"bf": "2"}
    )
    yield "mov", Reader("a.mov", movie.read_bytes(), _movie, damaged)


# ---------------------------------------------------------------- reading, and what comes of it


def _card(path: Path) -> None:
    card = ModelCard.load(path)
    if card.crop_size <= 256 and set(card.outputs) == {"delta"}:
        look = replace(LOOK, crop_size="auto")
        reage_frame(plate(noise(HEIGHT, WIDTH)), face(1), NullModel(0.1, card), look, ENCODER)


def _job(path: Path) -> None:
    job = RenderJob.from_json(path.read_text("utf-8", "surrogateescape"))
    for frame in (1, *job.by_frame):
        job.at(frame)
    if job.frames:
        parse_frames(job.frames)
    RenderJob.from_json(job.to_json())


def _line(path: Path) -> None:
    """A worker's answer to whatever comes; it does not make the render."""
    request = worker._parsed(path.read_bytes())
    said = json.loads(worker._answer(WorkerState(), request, -1))
    assert said["error"]["kind"] != "InternalError", said


def _answer(path: Path) -> None:
    answer = client._parsed(path.read_bytes())
    if answer is not None:
        client._reply(answer)


def _track(path: Path) -> None:
    track = FaceTrack.load(path)
    assert FaceTrack.from_json(track.to_json(), "again").frames.keys() == track.frames.keys()
    for found in list(track.frames.values())[:3]:
        if found.state != "none":
            reage_frame(plate(noise(HEIGHT, WIDTH)), found, NullModel(0.1), LOOK, ENCODER)


def _take(path: Path) -> None:
    take = takes.load(path.parent)
    take.settings_at(3)
    assert takes.Take.from_json(take.to_json(), take.folder).settings == take.settings


def _journal(path: Path) -> None:
    """The mutated list as lines."""
    data = path.read_bytes()
    try:
        lines = json.loads(data)
        data = b"".join(json.dumps(line).encode() + b"\n" for line in lines)
    except (ValueError, TypeError, RecursionError):
        pass
    path.write_bytes(data)
    _, lines = journal.read(path.parent)
    from reage_live import recovery

    with_track = [line["frame"] for line in lines]
    if with_track and with_track[-1] < 1000:
        recovery.finish(path.parent, with_track[-1], recovered=True)


def _presets(path: Path) -> None:
    file = PresetFile(path)
    file.of("sh010")
    file.save("sh010", "new", {"target_age": 50.0})
    assert "new" in PresetFile(path).of("sh010")
    for each in path.parent.glob("*.unreadable*"):
        each.unlink()


def _clipboard(path: Path) -> None:
    from_text(path.read_text("utf-8", "surrogateescape"))


def _note(path: Path) -> None:
    host_track.stands(path.with_name("a.track.json"), {"how": "ab", "1": "cd", "colorspace": ""})


def _picture(path: Path) -> None:
    string_attribute(path, "reage:mark")
    chunks_vary(path)
    info = read_info(path)
    read_layer_names(path)
    read_plate(path, Region(2, 3, 5, 6))
    read_alpha(path, Region(0, 0, 4, 4))
    read_plate(path)
    one = Region(0, 0, 1, 1)
    write_layers(path.with_name("out.exr"), {"a": np.zeros((1, 1), np.float32)}, one, info, {})


def _network(path: Path) -> None:
    model, end = OnnxModel.load(path, "cpu"), time.monotonic() + SECONDS
    side = model.card.fixed_size or 32
    if side <= 256:
        ages = np.full((side, side), 40, np.float32)
        seen = ModelInput.of(model.card, np.zeros((side, side, 3), np.float32), ages, ages)
        model.run(seen, lambda: time.monotonic() > end)


def _movie(path: Path) -> None:
    movie = Movie.open(path)
    for index in {0, 1, movie.length - 1}:
        try:
            movie.read(index, Region(0, 0, 16, 16))
        except ReageError:
            continue
