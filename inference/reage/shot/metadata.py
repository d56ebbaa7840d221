"""What a frame's header says, and the fingerprints by which a resumed render knows it again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path

from reage.errors import SettingsError, UnreadableFrame
from reage.faces import FaceFrame
from reage.fingerprint import file_fingerprint, fingerprint_of_file
from reage.media.imagefile import read_info
from reage.media.intact import is_intact
from reage.mix import Mix
from reage.settings import LIVE
from reage.shot.render_context import RenderContext
from reage.version import __version__

FINGERPRINT = "reage:job"
"""Header attribute that says what a frame was made from; a resumed render compares it."""


_OF_FACE = ("source_age", "target_age", "age_map", "pattern", "confidence")


def frame_metadata(faces: Sequence[RenderContext], number: int) -> dict[str, object]:
    """What a frame's header says; `job` is a hash of everything that its pixels depend on.

    Of several faces, `faces` is JSON with what is each one's own.
    """
    each = [_face_metadata(one, number, one.face(number)) for one in faces]
    if len(each) == 1:
        return each[0]
    own = [
        {"face": one.job.track or one.job.settings.face}
        | {name: said[name] for name in _OF_FACE if name in said}
        for one, said in zip(faces, each, strict=True)
    ]
    jobs = hashlib.sha256(json.dumps([said["job"] for said in each]).encode()).hexdigest()
    common = {name: value for name, value in each[0].items() if name not in _OF_FACE}
    return {**common, "faces": json.dumps(own), "job": jobs}


def _face_metadata(
    context: RenderContext, number: int, face: FaceFrame | None
) -> dict[str, object]:
    job, card = context.job, context.model.card
    settings, file = job.at(number), context.footage.file(number)
    metadata: dict[str, object] = {
        "frame": number,
        "source_age": settings.source_age,
        "target_age": settings.target_age,
        "age_map": settings.age_map or "",
        "model": f"{card.name} {card.version}",
        "model_sha256": context.model.sha256,
        "rights_holder": card.rights_holder,
        "version": __version__,
        "confidence": face.confidence if face else 0.0,
    }
    if card.pattern:
        metadata["pattern"] = settings.pattern
    if number in job.marks:
        metadata["mark"] = job.marks[number]
    elsewhere = ("face", "smooth", *(() if context.beauty else LIVE))
    depends = {
        **metadata,
        "settings": {k: v for k, v in asdict(settings).items() if k not in elsewhere},
        "face": _face_fingerprint(face) if face else None,
        "layers": job.layers,
        "layer": job.layer,
        "working_space": job.working_space,
        "files": (job.datatype, job.multipart),
        "plate": _file_fingerprint(file),
        "map": context.age_maps and _file_fingerprint(context.age_maps.file(number)),
        "hair": context.hair_mattes and _file_fingerprint(context.hair_mattes.file(number)),
        "near": _near_fingerprints(context, number) if face else None,
    }
    if card.pattern and (files := Mix.of(settings.pattern).files):
        depends["pattern_files"] = [_content(path, file_fingerprint(path)) for path in files]
    shown = LIVE if context.beauty else ("blend",)
    metadata |= {name: getattr(settings, name) for name in shown}
    text = json.dumps(depends, sort_keys=True)
    return {**metadata, "job": hashlib.sha256(text.encode()).hexdigest()}


def stands(path: Path, metadata: dict[str, object]) -> bool:
    """Whether a file holds the very frame that this is the metadata of, to its last pixel: a disk
    that was full or lost its power cuts files off, or zeros them, behind a good header."""
    try:
        said = read_info(path).metadata
        told = said.get(FINGERPRINT, said.get("ImageDescription", ""))
        same = str(metadata["job"]) in str(told)
    except UnreadableFrame:
        return False
    return same and is_intact(path)


def _near_fingerprints(context: RenderContext, number: int) -> list[object]:
    """What the neighbours' residuals depend on, where they are averaged into this frame's."""
    if context.steady is None:
        return []
    return [
        (
            near,
            _file_fingerprint(context.steady.footage.file(near)),
            _face_fingerprint(context.track.frames[near]),
            (context.job.at(near).source_age, context.job.at(near).target_age),
            context.age_maps and _file_fingerprint(context.age_maps.file(near)),
        )
        for near in context.steady.near(number)
        if near != number
    ]


@lru_cache(maxsize=8)
def _content(path: Path, fingerprint: object) -> str:
    """A hash of what is in a pattern file. Raises SettingsError where it is not there."""
    if fingerprint is None:
        raise SettingsError(f"There is no pattern file {path}.")
    return hashlib.sha256(path.read_bytes()).hexdigest()


@lru_cache(maxsize=1024)
def _face_fingerprint(face: FaceFrame) -> str:
    return hashlib.sha256(repr(face).encode()).hexdigest()


def _file_fingerprint(path: Path) -> tuple[str, int, int]:
    """Name, size and time of a file: changes when the file does. Raises UnreadableFrame."""
    try:
        return path.name, *fingerprint_of_file(path)
    except OSError as e:
        raise UnreadableFrame(f"Cannot read {path}: {e.strerror or e}.") from e
