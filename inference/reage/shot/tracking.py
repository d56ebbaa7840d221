"""Face tracks of shots and their files: made, kept, loaded."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from reage.errors import FaceError, OutputError, PlateError, SettingsError, TrackError
from reage.faces import FaceChoice, FaceFrame, FaceTrack, Read, TrackOptions, reader_of, track_shot
from reage.faces.frame import FARTHEST
from reage.faces.observation import faces_by_index
from reage.faces.shot import track_frames
from reage.faces.view import unsqueezed_reader
from reage.job import RenderJob
from reage.media.overwriting import refuse_overwriting
from reage.media.patterns import beside_all, set_aside
from reage.media.replacing import replacing
from reage.media.sequence import compact, open_shot
from reage.pixels.geometry import Region, squeezed
from reage.pixels.plate import Pixels, Plate
from reage.progress import Countdown, Progress
from reage.shaped import shown
from reage.shot.clock import Clock
from reage.shot.footage import Footage
from reage.shot.inputs import inputs_of
from reage.shot.one_thread import one_thread_each
from reage.shot.track_stream import TrackStream

NO_FACE = (
    "No face was found in any frame. Point at it with --face X,Y, or draw a box with "
    "--face X,Y,WIDTH,HEIGHT."
)


def open_track(
    job: RenderJob,
    footage: Footage,
    progress: Callable[[Progress], object] = lambda _: None,
    cancelled: Callable[[], bool] = lambda: False,
    clock: Clock | None = None,
    unreadable: dict[int, PlateError] | None = None,
) -> FaceTrack:
    """The job's track file, or a new track of its frames. With `continue_on_error` a frame that
    cannot be read is a miss, and put into `unreadable`.

    Raises TrackError where the file is wrong, of another plate size, or lacks frames.
    """
    if job.track is not None:
        return _loaded(job, footage)
    numbers = sorted(footage.frames)
    countdown = Countdown("track", len(numbers))

    def tell(done: int, total: int) -> None:
        progress(countdown.next(numbers[done - 1]))

    with (clock or Clock())("track"):
        asked = _asked(job, footage, {} if unreadable is None else unreadable)
        return track_shot(_reader(footage), **asked, progress=tell, cancelled=cancelled)


def stream_track(
    job: RenderJob,
    footage: Footage,
    path: Path,
    whole: bool,
    cancelled: Callable[[], bool],
    clock: Clock,
    unreadable: dict[int, PlateError],
) -> tuple[TrackStream, str]:
    """The same while the job is rendered: see `TrackStream`. What is read for it is kept in the
    footage, with `whole` all of each frame; what a hand has set in the track at `path` stays, and a
    sentence says so."""
    kept, size = footage.kept, footage.header.display
    assert kept is not None, "the footage keeps what is read"
    empty = FaceTrack(size.width, size.height, {}, footage.header.aspect)
    edits, said = edits_in(path, empty)
    if footage.shot.movie is not None:  # each reader of a movie goes through it by itself
        footage = replace(footage, shot=open_shot(job.plate, job.frames, job.layer))
    asked = _asked(job, footage, unreadable)
    tracking = track_frames(_reader(footage, whole), **asked, cancelled=cancelled)
    return TrackStream(tracking, empty, edits, cancelled, clock, kept.drop), said


def _asked(
    job: RenderJob, footage: Footage, unreadable: dict[int, PlateError]
) -> dict[str, Any]:
    """What a job asks of the tracking of its frames: see `track_shot`."""
    size = footage.header.display

    def passed_over(frame: int, error: PlateError) -> bool:
        unreadable[frame] = error
        return job.continue_on_error

    return {
        "frames": footage.frames,
        "size": (size.width, size.height),
        "choose": parse_face(job.settings.face),
        "options": TrackOptions(sigma=job.settings.smooth),
        "aspect": footage.header.aspect,
        "passed_over": passed_over,
    }


def _loaded(job: RenderJob, footage: Footage) -> FaceTrack:
    """The job's track file, which must fit its plates."""
    assert job.track is not None, "a job that names its track"
    info = footage.header
    size = info.display
    track = load_track(Path(job.track))
    if (track.width, track.height) != (size.width, size.height):
        raise TrackError(
            f"The track {job.track} was made for plates of {track.width}×{track.height} px; "
            f"these have {size.width}×{size.height}."
        )
    if abs(track.aspect - info.aspect) > 0.01:
        raise TrackError(
            f"The track {job.track} was made for pixels {track.aspect:g} times as wide as high, "
            f"and the plate's are {info.aspect:g}; make it anew with `reage track`."
        )
    if lacking := sorted(set(footage.frames) - set(track.frames)):
        raise TrackError(
            f"The track {job.track} lacks frames {compact(lacking)}; make it for the whole "
            "shot with `reage track`."
        )
    return track


def make_track(
    job: RenderJob,
    path: Path,
    progress: Callable[[Progress], object] = lambda _: None,
    cancelled: Callable[[], bool] = lambda: False,
    keep: bool = False,
    tell: Callable[[str], object] = lambda said: None,
) -> FaceTrack:
    """Track a job's frames and write the track to `path`; frames there that a hand has set stay,
    and `tell` hears of them, and of frames that cannot be read. keep: other frames of a track of
    such plates stay as well. Raises SettingsError where `path` is not a track's, or is one of the
    job's inputs."""
    check_name(path)
    refuse_overwriting([path], inputs_of(replace(job, track=None)))
    with one_thread_each():
        unreadable: dict[int, PlateError] = {}
        footage = Footage.open(job)
        made = open_track(job, footage, progress, cancelled, unreadable=unreadable)
    for number, why in unreadable.items():
        tell(f"{number} is passed over: {why}")
    track, said = with_edits(made, path)
    tell(said)
    if keep and path.is_file() and _alike(there := load_track(path), track):
        track = _joined(there, track)
    save_track(track, path)
    return track


def with_edits(track: FaceTrack, path: Path) -> tuple[FaceTrack, str]:
    """A new track with what a hand has set in the one that stands at `path`, and a sentence that
    says so, else ""."""
    edits, said = edits_in(path, track)
    return replace(track, frames={**track.frames, **edits}), said


def edits_in(path: Path, track: FaceTrack) -> tuple[Mapping[int, FaceFrame], str]:
    """What a hand has set in the track that stands at `path`, by frame, and a sentence that says
    so, else "". Edits for plates of another size than the new track's are set aside: their file is
    renamed to `.edited.json`."""
    try:
        there = load_track(path)
    except TrackError:
        return {}, ""
    edits = {n: f for n, f in there.frames.items() if f.state == "edited"}
    if not edits:
        return {}, ""
    numbers = compact(sorted(edits))
    if _alike(there, track):
        said = f"What was set by hand in {path} stays: {numbers}. Delete it to begin anew."
        return edits, said
    aside = set_aside(path)
    return {}, f"What was set by hand, {numbers}, was for other plates and is in {aside} now."


def _joined(there: FaceTrack, track: FaceTrack) -> FaceTrack:
    """A track with the frames of another that it lacks."""
    old = set(there.frames) - set(track.frames)
    cuts = sorted({*track.cuts} | ({*there.cuts} & old))
    doubts = sorted({*track.doubts} | ({*there.doubts} & old))
    return replace(
        track,
        frames={**there.frames, **track.frames},
        cuts=tuple(cuts),
        doubts=tuple(doubts),
    )


def _alike(one: FaceTrack, other: FaceTrack) -> bool:
    """Whether two tracks are of plates of one size and pixel aspect."""
    return (one.width, one.height, one.aspect) == (other.width, other.height, other.aspect)


def load_track(path: Path) -> FaceTrack:
    """Read a track file. Raises TrackError."""
    return FaceTrack.load(path)


def check_name(path: Path) -> None:
    """Raises SettingsError where a track may not be named so."""
    if path.suffix.lower() != ".json":
        raise SettingsError(f"A face track is written as *.json; {path} is not.")


def save_track(track: FaceTrack, path: Path) -> None:
    """Write a track file, whole or not at all. Raises OutputError."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with replacing(path) as draft, draft.open("w", encoding="utf-8") as file:
            file.writelines(track.lines())
    except OSError as e:
        raise OutputError(f"{path} cannot be written: {e.strerror}.") from e


def track_path(pattern: str | Path) -> Path:
    """Where the track of an output or plate is kept."""
    return beside_all(pattern, ".track.json")


def track_paths(output: str | Path, count: int) -> list[Path]:
    """The same for each of `count` faces."""
    path = track_path(output)
    return [path] if count == 1 else [path.with_suffix(f".{n}.json") for n in range(count)]


def is_track_of(path: Path, output: str | Path) -> bool:
    """Whether a render of an output keeps the track of one of its faces in this file."""
    kept = track_path(output)
    name = re.compile(rf"{re.escape(kept.stem)}(\.\d+)?\.json", re.IGNORECASE)
    return path.absolute().parent == kept.absolute().parent and bool(name.fullmatch(path.name))


def parse_face(text: str) -> FaceChoice:
    """`0`, `960,540` or `x,y,width,height` → which face. Raises SettingsError."""
    try:
        values = [float(part) for part in text.split(",")]
    except ValueError:
        values = []
    if not all(abs(value) <= FARTHEST for value in values):
        values = []
    if len(values) == 1 and values[0] == int(values[0]):
        return FaceChoice(index=int(values[0]))
    if len(values) == 2:
        return FaceChoice(point=(values[0], values[1]))
    if len(values) == 4:
        return FaceChoice(box=(values[0], values[1], values[2], values[3]))
    if text == "all":
        raise SettingsError("--face all is for a render; here give one face, such as 0 or 960,540.")
    raise SettingsError(
        f"--face is {shown(text)}; give an index such as 0, a point such as 960,540, "
        "or a box such as 800,300,400,500."
    )


@dataclass(frozen=True)
class FoundFaces:
    """The faces of a frame.

    faces  index, as `--face` takes it → the face, in square px; larger ones first
    plate  that frame, scene-linear in `space`
    """

    frame: int
    faces: dict[int, FaceFrame]
    plate: Plate
    space: str


def first_faces(footage: Footage) -> FoundFaces:
    """Raises FaceError where no frame has a face, and what reading raises."""
    for number in footage.frames:
        if (found := faces_of(footage, number)).faces:
            return found
    raise FaceError(NO_FACE)


def faces_of(footage: Footage, number: int, smallest: float = 0.0) -> FoundFaces:
    """All faces of a frame; smallest: px, below which none is looked for, which takes most of the
    time. Raises what reading raises."""
    plate, space = footage.read(number)
    display, aspect = plate.info.display, plate.info.aspect
    read = unsqueezed_reader(reader_of(plate), aspect, display)
    wide = replace(display, width=round(display.width * aspect))
    return FoundFaces(number, faces_by_index(read, number, wide, smallest), plate, space)


def in_plate(face: FaceFrame, aspect: float) -> tuple[float, float]:
    """A face's center in the plate's own px."""
    x, y = squeezed(face.center, aspect)
    return float(x), float(y)


def summary(track: FaceTrack) -> str:
    """What a track holds, in a line or two."""
    parts = []
    for state in ("seen", "held", "edited", "none"):
        if numbers := [n for n, f in track.frames.items() if f.state == state]:
            word = "no face" if state == "none" else state
            parts.append(f"{word}: {compact(numbers)}")
    return "; ".join(parts)


def _reader(footage: Footage, whole: bool = False) -> Read:
    """Reads plates for the track; keeps them where the footage does, with `whole` all of them."""

    def read(number: int, region: Region | None) -> tuple[Pixels, Region]:
        found = footage.both(number, None if whole else region)
        if footage.kept:
            footage.kept.keep(number, found)
        plate = found.plate if region is None else found.plate.cut(region)
        return plate.rgb, plate.region

    return read
