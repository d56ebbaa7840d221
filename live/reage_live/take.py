"""A take: two movies, a face track, and the file that says what was done on set.

    DAY/12A_003_A/  take.json   12A_003_A_raw.mov   12A_003_A_reaged.mov   12A_003_A.track.json

Frames of a take are counted from 1, as `reage render` counts a movie's.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

from reage import strict_json
from reage.errors import OutputError, PlateError, SettingsError
from reage.media.frames import MOST_FRAMES, compact, parse_frames
from reage.media.replacing import replacing
from reage.media.timecode import Timecode
from reage.settings import Settings, by_todays_names
from reage.shaped import made, shaped, shown
from reage_live.recording import Slate, TakeMetadata

FILE = "take.json"
_VERSION = 1

_WIDEST = 65536
"""Px of a picture's side."""


@dataclass(frozen=True)
class Move:
    """Sliders that were moved: from `frame` on the settings of these names have these values."""

    frame: int
    values: Mapping[str, Any]


@dataclass(frozen=True)
class Delays:
    """From capture to the finished result, in seconds: median and 99th percentile."""

    median: float
    p99: float


@dataclass(frozen=True)
class Take:
    """What was recorded.

    folder     where its files lie; not in the file
    version    of ReAge
    timecode   of frame 1
    frames     how many both movies hold
    settings   at frame 1, and `moves` from there on
    crops      (frame, side in px): from then on the model saw the face at that size
    delays     None for a take without a frame
    held       frames whose re-aged picture repeats the one before, as theirs did not come in time;
               the raw one only where the recorder could not follow, or a movie was damaged
    dropped    how many frames the recorder dropped, as disk or processor could not follow
    recovered  whether it ended with a crash or a full disk
    """

    folder: Path
    slate: Slate
    about: TakeMetadata
    version: str
    timecode: Timecode
    frames: int
    settings: Settings
    moves: tuple[Move, ...] = ()
    crops: tuple[tuple[int, int], ...] = ()
    delays: Delays | None = None
    held: tuple[int, ...] = ()
    dropped: int = 0
    recovered: bool = False

    @property
    def name(self) -> str:
        return self.folder.name

    @property
    def raw(self) -> Path:
        return raw_path(self.folder)

    @property
    def reaged(self) -> Path:
        return reaged_path(self.folder)

    @property
    def track(self) -> Path:
        return track_path(self.folder)

    def settings_at(self, frame: int) -> Settings:
        """What the face was re-aged with in that frame."""
        values: dict[str, Any] = {}
        for move in self.moves:
            if move.frame <= frame:
                values |= move.values
        return replace(self.settings, **values)

    def to_json(self) -> str:
        """Text of a take file: JSON, one move a line, made to be read."""
        data = asdict(self)
        del data["folder"]
        data["about"]["rate"] = str(self.about.rate)
        data["timecode"] = self.timecode.text
        data["held"] = compact(self.held) if self.held else ""
        data |= {"raw": self.raw.name, "reaged": self.reaged.name, "track": self.track.name}
        moves = ",".join(f"\n  {json.dumps(move)}" for move in data.pop("moves"))
        head = json.dumps({"reage_take": _VERSION, **data}, indent=1).removesuffix("\n}")
        return f'{head},\n "moves": [{moves}\n ]\n}}\n'

    @classmethod
    def from_json(cls, text: str, folder: Path) -> Take:
        """Read a take file. Raises PlateError."""
        where = folder / FILE
        what = f"the take file {where}"
        return cls._of(strict_json.loads(text, what, PlateError, strict_json.LONG), where)

    @classmethod
    def load(cls, folder: Path) -> Take:
        """Read a finished take. Raises PlateError."""
        where = folder / FILE
        what = f"the take file {where}"
        return cls._of(strict_json.load(where, what, PlateError, strict_json.LONG), where)

    @classmethod
    def _of(cls, data: Any, where: Path) -> Take:
        if not isinstance(data, dict) or data.get("reage_take") != _VERSION:
            raise PlateError(f"{where} is no take file, or one of another version of ReAge.")
        said = made(_TakeFile, data, f"The take file {where}", PlateError)
        who = f"{where}: "
        about = about_from(said.about, who)
        for name, number in (("frames", said.frames), *(("moves", m.frame) for m in said.moves)):
            if not 0 < number <= MOST_FRAMES:
                raise PlateError(f"{who}{name} has {number}; it must be from 1 to {MOST_FRAMES}.")
        try:
            held = parse_frames(said.held) if said.held else ()
            settings = Settings(**by_todays_names(said.settings))
            moves = tuple(Move(m.frame, by_todays_names(m.values)) for m in said.moves)
            for move in moves:
                replace(settings, **move.values)
        except TypeError as e:  # a setting that is none
            raise PlateError(f"{who}{e}.") from e
        except SettingsError as e:
            raise PlateError(f"{who}{e}") from e
        return cls(
            where.parent, said.slate, about, said.version, timecode_from(said.timecode, about, who),
            said.frames, settings, moves, said.crops, said.delays, held, said.dropped,
            said.recovered,
        )  # fmt: skip


@dataclass(frozen=True)
class _TakeFile:
    """What a take file says, by its names; raw, reaged and track are for other programs."""

    reage_take: int
    slate: Slate
    about: dict[str, Any]
    version: str
    timecode: str
    frames: int
    settings: dict[str, Any]
    moves: tuple[Move, ...]
    crops: tuple[tuple[int, int], ...]
    delays: Delays | None
    held: str
    dropped: int
    recovered: bool
    raw: str
    reaged: str
    track: str


def about_from(data: Mapping[str, Any], who: str) -> TakeMetadata:
    """TakeMetadata out of JSON. Raises PlateError."""
    rate = data.get("rate")
    if not isinstance(rate, str) or not re.fullmatch(r"[1-9]\d{0,8}(/[1-9]\d{0,8})?", rate):
        raise PlateError(f"{who}rate is {shown(rate)}; it must be such as 24 or 24000/1001.")
    if not 1 <= Fraction(rate) <= 1000:
        raise PlateError(f"{who}rate is {rate}; it must be from 1 to 1000.")
    size: tuple[int, int] = shaped(data.get("size"), tuple[int, int], f"{who}size", PlateError)
    if not all(0 < side <= _WIDEST for side in size):
        raise PlateError(f"{who}size is {size}; sides are from 1 to {_WIDEST} px.")
    words = {name: value for name, value in data.items() if name not in ("rate", "size")}
    if any(not isinstance(value, str) for value in words.values()):
        raise PlateError(f"{who}about holds a word that is none.")
    try:
        return TakeMetadata(**words, rate=Fraction(rate), size=size)
    except TypeError as e:
        raise PlateError(f"{who}about has too much, or too little: {e}.") from e


def timecode_from(text: object, about: TakeMetadata, who: str) -> Timecode:
    """Raises PlateError where the text is no timecode."""
    found = Timecode.parse(text, about.rate) if isinstance(text, str) else None
    if found is None:
        raise PlateError(f"{who}timecode is {shown(text)}; it must be such as 10:00:00:00.")
    return found


def raw_path(folder: Path) -> Path:
    """The camera's movie."""
    return folder / f"{folder.name}_raw.mov"


def reaged_path(folder: Path) -> Path:
    """The re-aged movie: the rough version."""
    return folder / f"{folder.name}_reaged.mov"


def track_path(folder: Path) -> Path:
    return folder / f"{folder.name}.track.json"


def save(take: Take) -> None:
    """Write the take file, whole or not at all. Raises OutputError."""
    path = take.folder / FILE
    try:
        with replacing(path) as draft:
            draft.write_text(take.to_json(), encoding="utf-8")
    except OSError as e:
        raise OutputError(f"{path} cannot be written: {e.strerror}.") from e


load = Take.load
