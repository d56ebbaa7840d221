"""A take: two movies, a face track, and the file that says what was done on set.

    DAY/12A_003_A/  take.json   12A_003_A_raw.mov   12A_003_A_reaged.mov   12A_003_A.track.json

Frames of a take are counted from 1, as `reage render` counts a movie's.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

from reage.errors import OutputError, PlateError, ReageError
from reage.media.replacing import replacing
from reage.media.sequence import compact, parse_frames
from reage.media.timecode import Timecode
from reage.settings import Settings, by_todays_names
from reage_live.recording import Slate, TakeMetadata

FILE = "take.json"
_VERSION = 1


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
               the raw one only where the disk could not follow, or was damaged
    dropped    how many frames the recorder dropped, as the disk could not follow
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
        try:
            data = json.loads(text)
            if data.pop("reage_take") != _VERSION:
                raise PlateError(f"{where} is of another version of ReAge.")
            for name in ("raw", "reaged", "track"):  # for people and other programs; ours knows
                del data[name]
            about = about_from(data.pop("about"))
            timecode = timecode_from(data.pop("timecode"), about.rate)
            delays = data.pop("delays")
            return cls(
                folder=folder,
                slate=Slate(**data.pop("slate")),
                about=about,
                timecode=timecode,
                settings=Settings(**by_todays_names(data.pop("settings"))),
                moves=tuple(
                    Move(**{**move, "values": by_todays_names(move["values"])})
                    for move in data.pop("moves")
                ),
                crops=tuple((frame, side) for frame, side in data.pop("crops")),
                delays=Delays(**delays) if delays else None,
                held=parse_frames(held) if (held := data.pop("held")) else (),
                **data,
            )
        except (ValueError, KeyError, TypeError, AttributeError) as e:
            raise PlateError(f"{where} is no take file that can be read: {e}.") from e


def about_from(data: Mapping[str, Any]) -> TakeMetadata:
    """TakeMetadata out of JSON. Raises KeyError, TypeError or ValueError."""
    return TakeMetadata(**{**data, "rate": Fraction(data["rate"]), "size": tuple(data["size"])})


def timecode_from(text: str, rate: Fraction) -> Timecode:
    """Raises ValueError where the text is no timecode."""
    found = Timecode.parse(text, rate)
    if found is None:
        raise ValueError(f"{text!r} is no timecode")
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


def load(folder: Path) -> Take:
    """Read a finished take. Raises PlateError."""
    try:
        text = (folder / FILE).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as e:
        raise PlateError(f"{folder} holds no take that can be read: {e}.") from e
    try:
        return Take.from_json(text, folder)
    except PlateError:
        raise
    except ReageError as e:  # a setting out of its range
        raise PlateError(f"{folder / FILE}: {e}") from e
