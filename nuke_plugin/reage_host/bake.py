"""The bake: plates out of a graph, through the engine, and its layers back into the graph.

    plate ▶ track ▶ layers ▶ show
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from reage.errors import Cancelled, PlateError, SettingsError
from reage.job import RenderJob
from reage.media.patterns import frame_path
from reage.service.client import EngineError, Worker
from reage.settings import KEYED
from reage_host import rungs, track
from reage_host.clearing import sweep
from reage_host.fingerprint import of_baked
from reage_host.graph import AGE_MAP, HAIR_MATTE, INPUTS, PLATE, GraphAdapter
from reage_host.report import STOPPED, BakeReport, Observer, Step, SubmitReport
from reage_host.state import Fingerprints

LAYERS = ("delta", "matte", "parts", "shape")
"""What a graph puts together."""

_FILES = {"datatype": "half", "multipart": True}
"""A comp's files are read over and over: a third of the bytes, and of these what it asks for."""


@dataclass(frozen=True)
class _Work:
    """What there is to do. stale: frame → the fingerprint that it is to carry; needed: all frames
    that those are made from, with their keyed settings."""

    kept: tuple[int, ...]
    stale: Mapping[int, str]
    needed: Mapping[int, Mapping[str, float]]


@dataclass(frozen=True)
class Bake:
    """One bake of one graph.

    worker    gives a living worker
    how       more fields of the render job: device, tile, datatype
    ladder    target ages that each frame is baked at, in place of the graph's own; see `rungs`
    """

    graph: GraphAdapter
    worker: Callable[[], Worker]
    observer: Observer = field(default_factory=Observer)
    how: Mapping[str, Any] = field(default_factory=dict)
    ladder: Sequence[int] = ()

    def run(self, frames: Sequence[int] | None = None) -> BakeReport:
        """Bake those of `frames` that are missing or stale, of all where none are named; returns
        when it is done.

        Frames that fail are in the report. Raises a ReageError for what concerns the whole bake,
        Cancelled where it was stopped; finished frames stay.
        """
        began = time.monotonic()
        try:
            self.observer.check()
            for pattern in rungs.files(self.graph.layers, self.ladder):
                sweep(pattern)
            self._follow(frames)
            return replace(self._re_age(frames), seconds=time.monotonic() - began)
        finally:
            self.graph.show()

    def submit(
        self, folder: Path, chunk: int, frames: Sequence[int] | None = None
    ) -> SubmitReport:
        """Write those of `frames` that are missing or stale as a bundle for a farm, `chunk` of them
        a task; no model runs. The face is followed here, as what a frame's header says depends on
        its track: so what the farm makes is up to date for this graph.

        Plates that the host must write have to stay where it puts them. Raises as `run` does.
        """
        try:
            self.observer.check()
            self._follow(frames)
            work = self._wanted(frames)
            if not work.stale:
                return SubmitReport(kept=work.kept)
            more = {"folder": folder.as_posix(), "chunk": chunk}
            done = self._ask("submit", "writing for a farm", self._job_for(work), **more)
            bundle = str(done["bundle"])
            return SubmitReport((bundle,), tuple(work.stale), work.kept, (str(done["text"]),))
        finally:
            self.graph.show()

    def _follow(self, frames: Sequence[int] | None) -> None:
        """The face track of all frames, unless one stands that was made from the same; where one
        frame is asked for, no more than that one is looked at. What a hand has set in frames that
        were followed so stays when the shot is."""
        graph, path = self.graph, track.track_file(self.graph.layers)
        one = tuple(frames) if frames is not None and len(frames) == 1 < len(graph.frames) else ()
        made_from = track.made_from(graph, one)
        if track.stands(path, made_from) or (one and track.stands(path, track.alone(made_from))):
            return
        job = self._job(one or tuple(graph.frames), (PLATE,))
        keeps = track.others_stand if one else track.is_of_lone_frames
        keep = keeps(path, made_from)
        if not keep:
            track.set_aside(path)
        self._ask("track", "following the face", job, path=path.as_posix(), keep=keep)
        track.remember(path, track.alone(made_from) if one else made_from, bool(one) and keep)

    def _re_age(self, frames: Sequence[int] | None) -> BakeReport:
        """The layers of the frames that are missing or stale."""
        work = self._wanted(frames)
        if not work.stale:
            return BakeReport(kept=work.kept)
        done = self._ask("render", "re-aging", self._job_for(work))
        by = {f["number"]: f for f in done["frames"]}
        return BakeReport(
            computed=tuple(n for n, f in by.items() if f["outcome"] in ("done", "no face")),
            kept=work.kept,
            no_face=tuple(n for n, f in by.items() if f["outcome"] == "no face"),
            failed={n: f["error"] for n, f in by.items() if f["error"]},
            notices=tuple(done["notices"]),
            crops=(int(done["crop_size"]),),
            looks={w: tuple(ns) for w, ns in done["faces"][0]["worth_a_look"].items()},
            colors=(f"plate in {done['plate_space']}, layers in {done['space']}",),
        )

    def _wanted(self, frames: Sequence[int] | None) -> _Work:
        """Of frames that were followed."""
        path = track.track_file(self.graph.layers)
        faces = track.read(path)
        if faces is None:
            raise SettingsError(f"The face track {path} cannot be read; delete it, bake again.")
        asked = tuple((self.graph.frames or faces.frames) if frames is None else frames)
        return self._look(asked, faces)

    def _job_for(self, work: _Work) -> RenderJob:
        return replace(
            self._job(tuple(work.needed), INPUTS),
            frames=_listed(tuple(work.stale)),
            track=track.track_file(self.graph.layers).as_posix(),
            marks=work.stale,
            by_frame=work.needed,
            continue_on_error=True,
        )

    def _look(self, asked: Sequence[int], faces: track.Track) -> _Work:
        graph = self.graph
        right = Fingerprints(graph, faces, asked)
        wanted = {f: right.of(f) for f in asked}
        patterns = rungs.files(graph.layers, self.ladder)
        there = {f: [of_baked(frame_path(p, f)) for p in patterns] for f in asked}
        stale = {f: str(m) for f, m in wanted.items() if not all(map(m.agrees, there[f]))}
        near = sorted({n for f in stale for n in right.near(f)})
        keyed = [name for name in KEYED if not (self.ladder and name == "target_age")]
        by_frame = {f: {name: getattr(right.settings(f), name) for name in keyed} for f in near}
        return _Work(tuple(f for f in asked if f not in stale), stale, by_frame)

    def _job(self, frames: tuple[int, ...], inputs: Sequence[str]) -> RenderJob:
        """The job for frames whose pixels it has the host provide."""
        graph = self.graph
        files = {which: graph.plate(which, frames, self.observer) for which in inputs}
        first = frames[0] if frames else 0
        settings = graph.reading(lambda: graph.settings(first))
        if (plate := files[PLATE]) is None:
            raise PlateError(f"{graph.name} has no plate.")
        return RenderJob(
            plate=plate,
            output=graph.layers,
            settings=replace(
                settings, age_map=files.get(AGE_MAP), hair_matte=files.get(HAIR_MATTE)
            ),
            frames=_listed(frames),
            layers=LAYERS,
            ladder=",".join(map(str, self.ladder)) or None,
            resume=bool(self.ladder),  # some of a frame's rungs may stand
            **{**_FILES, **self.how},
        )

    def _ask(self, do: str, text: str, job: RenderJob, **more: Any) -> Mapping[str, Any]:
        """Ask the worker, with its progress told as ours."""

        def progress(said: Mapping[str, Any]) -> None:
            frame = f"{said['frame']}: {said['outcome']}" if said["outcome"] else ""
            done, total = int(said["done"]), int(said["total"])
            self.observer.tell(Step(text, done, total, said.get("left"), frame))

        self.observer.check()
        document = asdict(job)
        try:
            return self.worker().call(do, progress, self.observer.cancelled, job=document, **more)
        except EngineError as e:
            if e.kind == "Cancelled":
                raise Cancelled(STOPPED) from e
            raise


def _listed(frames: tuple[int, ...]) -> str | None:
    """A range for a render job; all where none are named."""
    return ",".join(map(str, frames)) or None
