"""What a frame's header says, and the fingerprints by which a resumed render knows it again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import cast

from reage.errors import UnreadableFrame
from reage.faces import FaceFrame
from reage.job import RenderJob
from reage.media.imagefile import read_info
from reage.media.intact import is_intact
from reage.models.rights import Rights
from reage.settings import LIVE, Settings
from reage.shot.fingerprints import (
    content_of,
    face_fingerprint,
    near_fingerprints,
    pattern_files,
    plate_fingerprint,
    without_folders,
)
from reage.shot.render_context import RenderContext
from reage.version import __version__

FINGERPRINT = "reage:job"
"""Header attribute that says what a frame was made from; a resumed render compares it."""

MADE_FROM = "reage:made_from"
"""Header attribute that says the same part by part, so that a resumed render can say what is
another by now: words such as plate:1a2b3c4d."""

_PARTS = {
    "settings": ("settings", "age_map", "pattern", "layers", "layer", "working_space", "files"),
    "ages": ("source_age", "target_age"),
    "pattern": ("pattern_files",),
    "crop": ("crop",),
    "model": ("model", "model_sha256", "card_sha256", "rights_holder", "rights", "past_consent"),
    "version": ("version",),
    "plate": ("plate",),
    "track": ("confidence", "face"),
    "drawn": ("map", "hair"),
    "neighbours": ("near",),
    "mark": ("mark",),
}  # fmt: skip
"""Of what a frame depends on, by the words of that attribute."""

_TOLD = {
    "pattern": "pattern file",
    "crop": "crop size",
    "version": "version of ReAge",
    "track": "face track",
    "drawn": "age map or hair matte",
    "neighbours": "frames beside them",
    "mark": "the host's mark",
}
"""What a person calls these parts, where it is not the same word."""

_BY_CONTENT = ("model", "age_map", "hair_matte")
"""Settings that name files whose content counts."""

_OF_FACE = ("source_age", "target_age", "age_map", "pattern", "confidence", "settings_sha256")


def frame_metadata(faces: Sequence[RenderContext], number: int) -> dict[str, object]:
    """What a frame's header says; `job` is a hash of everything that its pixels depend on.

    Folders are in neither, so that a frame is the same, and stands, on every machine that mounts
    the same files: of the plate name, size and time count, of whatever else is read its content.

    Of several faces, `faces` is JSON with what is each one's own.
    """
    each = [_face_metadata(one, number, one.face(number)) for one in faces]
    if len(each) == 1:
        return each[0]
    own = [
        {"face": _pointed_at(one.job)}
        | {name: said[name] for name in _OF_FACE if name in said}
        for one, said in zip(faces, each, strict=True)
    ]
    jobs = hashlib.sha256(json.dumps([said["job"] for said in each]).encode()).hexdigest()
    common = {name: value for name, value in each[0].items() if name not in _OF_FACE}
    made_from = " ".join(dict.fromkeys(str(said["made_from"]) for said in each))
    common |= _consents(dict.fromkeys(rights for one in faces for rights in one.rights))
    return {**common, "faces": json.dumps(own), "job": jobs, "made_from": made_from}


def _pointed_at(job: RenderJob) -> str:
    """A face's place, which is the same in one run and in a farm's chunks; else its track's
    name."""
    place = job.settings.face
    return place if place != Settings.face or not job.track else Path(job.track).name


def _consents(rights: Collection[Rights]) -> dict[str, object]:
    """What was agreed on, behind the model and albums; nothing where there is nothing."""
    said = {
        "rights": " | ".join(each.line() for each in rights),
        "consent": " ".join(dict.fromkeys(each.consent_sha256 for each in rights)),
        "past_consent": " | ".join(dict.fromkeys(filter(None, (r.overridden for r in rights)))),
    }
    return {name: words for name, words in said.items() if words}


def _face_metadata(
    context: RenderContext, number: int, face: FaceFrame | None
) -> dict[str, object]:
    job, card = context.job, context.model.card
    settings, file = job.at(number), context.footage.file(number)
    metadata: dict[str, object] = {
        "frame": number,
        "source_age": settings.source_age,
        "target_age": settings.target_age,
        "age_map": Path(settings.age_map or "").name,
        "model": f"{card.name} {card.version}",
        "model_sha256": context.model.sha256,
        "card_sha256": card.sha256,
        "rights_holder": card.rights_holder,
        "version": __version__,
        "confidence": face.confidence if face else 0.0,
    }
    if card.pattern:
        metadata["pattern"] = without_folders(settings.pattern)
    metadata |= _consents(context.rights)
    if number in job.marks:
        metadata["mark"] = job.marks[number]
    elsewhere = ("face", "smooth", *_BY_CONTENT, *(() if context.beauty else LIVE))
    depends = {
        **metadata,
        "settings": {k: v for k, v in asdict(settings).items() if k not in elsewhere}
        | {"pattern": without_folders(settings.pattern)},
        "face": face_fingerprint(face) if face else None,
        "layers": job.layers,
        "layer": job.layer,
        "working_space": job.working_space,
        "files": (job.datatype, job.multipart, *(("whole",) if job.whole else ())),
        "plate": plate_fingerprint(file),
        "map": context.age_maps and content_of(context.age_maps.file(number)),
        "hair": context.hair_mattes and content_of(context.hair_mattes.file(number)),
        "near": near_fingerprints(context, number) if face else None,
    }
    if card.pattern and (files := pattern_files(settings)):
        depends["pattern_files"] = files
    shown = LIVE if context.beauty else ("blend",)
    metadata |= {name: getattr(settings, name) for name in shown}
    parts = _part_by_part(depends)
    made_from = " ".join(f"{word}:{part[:8]}" for word, part in parts.items())
    metadata |= {"license": card.license, "settings_sha256": parts["settings"]}
    if card.rights:
        metadata["person"] = settings.person
    return {**metadata, "job": _hash(depends), "made_from": made_from}


def _part_by_part(depends: Mapping[str, object]) -> dict[str, str]:
    """Hashes of what a frame depends on, by the words of MADE_FROM."""
    settings = dict(cast("Mapping[str, object]", depends["settings"]))
    apart = {**depends, "crop": settings.pop("crop_size"), "settings": settings}
    for age in ("source_age", "target_age"):  # which may go by a curve
        settings.pop(age)
    parts = {word: [apart.get(name) for name in names] for word, names in _PARTS.items()}
    return {word: _hash(part) for word, part in parts.items()}


def _hash(what: object) -> str:
    return hashlib.sha256(json.dumps(what, sort_keys=True).encode()).hexdigest()


def stands(path: Path, metadata: dict[str, object]) -> bool:
    """Whether a file holds the very frame that this is the metadata of, to its last pixel: a disk
    that was full or lost its power cuts files off, or zeros them, behind a good header."""
    return made_from(path, str(metadata["job"])) and is_intact(path)


def made_from(path: Path, fingerprint: str) -> bool:
    """Whether a file's header has this fingerprint."""
    try:
        said = read_info(path).metadata
    except UnreadableFrame:
        return False
    return fingerprint in str(said.get(FINGERPRINT, said.get("ImageDescription", "")))


def why_anew(path: Path, metadata: Mapping[str, object]) -> str:
    """Why a frame whose file does not stand is made again, in words;
    "" where there is no file."""
    if not path.is_file():
        return ""
    try:
        was = str(read_info(path).metadata.get(MADE_FROM, "")).split()
    except UnreadableFrame:
        return "the file was damaged"
    if not was:
        return "the file does not say what it was made from"
    words = [word for word in str(metadata["made_from"]).split() if word not in was]
    other = dict.fromkeys(word.partition(":")[0] for word in words)
    if not other:
        return "the file was damaged"
    return f"changed since: {', '.join(_TOLD.get(word, word) for word in other)}"
