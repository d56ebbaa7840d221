"""What a frame's header says, and the fingerprints by which a resumed render knows it again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path
from typing import cast

from reage.errors import SettingsError, UnreadableFrame
from reage.faces import FaceFrame
from reage.fingerprint import file_fingerprint, fingerprint_of_file
from reage.job import RenderJob
from reage.media.imagefile import read_info
from reage.media.intact import is_intact
from reage.mix import Mix
from reage.models.rights import Rights
from reage.settings import LIVE, Settings
from reage.shot.render_context import RenderContext
from reage.version import __version__

FINGERPRINT = "reage:job"
"""Header attribute that says what a frame was made from; a resumed render compares it."""

MADE_FROM = "reage:made_from"
"""Header attribute that says the same part by part, so that a resumed render can say what is
another by now: words such as plate:1a2b3c4d."""

_PARTS = {
    "settings": ("settings", "source_age", "target_age", "age_map", "pattern", "pattern_files",
                 "layers", "layer", "working_space", "files"),
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
    "crop": "crop size",
    "version": "version of ReAge",
    "track": "face track",
    "drawn": "age map or hair matte",
    "neighbours": "frames beside them",
    "mark": "the host's mark",
}
"""What a person calls these parts, where it is not the same word."""

_OF_FACE = ("source_age", "target_age", "age_map", "pattern", "confidence", "settings_sha256")


def frame_metadata(faces: Sequence[RenderContext], number: int) -> dict[str, object]:
    """What a frame's header says; `job` is a hash of everything that its pixels depend on.

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
    """A face's place, which is the same in one run and in a farm's chunks; else its track."""
    place = job.settings.face
    return place if place != Settings.face else job.track or place


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
        "age_map": settings.age_map or "",
        "model": f"{card.name} {card.version}",
        "model_sha256": context.model.sha256,
        "card_sha256": card.sha256,
        "rights_holder": card.rights_holder,
        "version": __version__,
        "confidence": face.confidence if face else 0.0,
    }
    if card.pattern:
        metadata["pattern"] = settings.pattern
    metadata |= _consents(context.rights)
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
        "files": (job.datatype, job.multipart, *(("whole",) if job.whole else ())),
        "plate": _file_fingerprint(file),
        "map": context.age_maps and _file_fingerprint(context.age_maps.file(number)),
        "hair": context.hair_mattes and _file_fingerprint(context.hair_mattes.file(number)),
        "near": _near_fingerprints(context, number) if face else None,
    }
    if card.pattern and (files := _pattern_files(settings)):
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
            *(_pattern_files(context.job.at(near)) if context.model.card.pattern else ()),
        )
        for near in context.steady.near(number)
        if near != number
    ]


def _pattern_files(settings: Settings) -> list[tuple[str, str]]:
    """Name and content of each pattern file that counts: a page's name is its age, by which two
    pages share what lies between. Those at the source age say which marks come and go."""
    mix, ages = Mix.of(settings.pattern), (settings.target_age, settings.source_age)
    files = dict.fromkeys(file for age in ages for file in mix.at(age).files)
    return [(path.name, _content(path, file_fingerprint(path))) for path in files]


@lru_cache(maxsize=4096)
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
