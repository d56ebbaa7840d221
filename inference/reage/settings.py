"""What an artist sets. Each setting's name, range, default, tooltip and roles stand here and
nowhere else: the command's flags, the panel, the mirror, the node's knobs and which of them make a
bake stale are made from this file.

A further slider takes three steps:
1. a field of Settings below, with its roles;
2. where it acts: `parts.Strengths` for one that is live, `pipeline` for one that is baked;
3. `python -m reage_nuke.gizmo_knobs` writes its knob into the gizmo; a live one also needs its
   place in the gizmo's expressions.

Standard library only: this module is also read inside Nuke.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from functools import lru_cache
from numbers import Integral, Real
from os import PathLike
from typing import Any

from reage import mix
from reage.errors import SettingsError
from reage.shaped import short, shown
from reage.strict_json import is_usable


@dataclass(frozen=True)
class Setting:
    """One setting as a panel or a command line shows it.

    name      the field's name; `--source-age` on the command line
    help      tooltip, one sentence
    default   value where nothing is set
    type      str, int, float, bool, or what reads a grammar of its own: what the text of a flag
              or a knob is read as
    grammar   its type is of the last kind, and raises SettingsError itself
    slider    (lowest, highest) that a slider spans, or None
    limits    (lowest, highest) that is accepted, or None; ends may be ±inf
    choices   the accepted words, or (); numbered: those that may end on a number, as in cuda:1
    words     words that are accepted in a number's place, or ()
    many      a comma-separated list of choices
    metavar   how the help names the value

    label     words beside it in the panel, which shows only settings that have some; group: the
              section it stands in there, "" outside of any
    step, page  what arrow and page keys add there; unit: for its tooltip
    keyed     may change over time
    live      acts in the beauty and the comp alone: changes no layer, makes no bake stale
    knob      a knob of the node is named so; those without come to it as an input or a point
    mirror    the on-set mirror has it
    once      what it was called: files and commands from then go on working
    """

    name: str
    help: str
    default: Any
    type: Callable[[Any], Any]
    slider: tuple[float, float] | None = None
    limits: tuple[float, float] | None = None
    choices: tuple[str, ...] = ()
    numbered: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    many: bool = False
    grammar: bool = False
    metavar: str | None = None
    label: str = ""
    group: str = ""
    step: float = 1.0
    page: float = 10.0
    unit: str = ""
    keyed: bool = False
    live: bool = False
    knob: bool = True
    mirror: bool = False
    once: str = ""

    @property
    def flag(self) -> str:
        return "--" + self.name.replace("_", "-")

    @property
    def reader(self) -> Callable[[str], Any]:
        """Text of a flag or a knob to the value. It raises ValueError, and its name says what it
        wants, as argparse tells."""
        if self.grammar:
            return str  # judged by `check`, in its own words
        value = _number if self.type is float else self.type
        if not self.words:
            return value

        def read(text: str) -> Any:
            return text if text in self.words else value(text)

        read.__name__ = " or ".join(("number", *self.words))
        return read

    def _is_of_kind(self, value: Any) -> bool:
        _, allowed = _KINDS[tuple if self.many else self.type]
        return isinstance(value, allowed) and (type(value) is bool) == (self.type is bool)

    def _is_choice(self, word: Any) -> bool:
        if isinstance(word, str) and ":" in word:
            name, _, number = word.partition(":")
            return name in self.numbered and number.isdecimal() and len(number) < 3
        return word in self.choices

    def check(self, value: Any) -> None:
        """Raises SettingsError where `value` is of another kind, outside the limits or none of the
        choices."""
        if (value is None and self.default is None) or value in self.words:
            return
        if isinstance(value, str) and not is_usable(value):
            raise SettingsError(f"{self.flag} is {shown(value)}, which holds what is no letter.")
        if self.grammar:
            self.type(value)
            return
        kind_of = tuple if self.many else self.type
        if type(value) is not kind_of and not self._is_of_kind(value):
            kind, _ = _KINDS[kind_of]
            wanted = " or ".join((kind, *self.words))
            raise SettingsError(f"{self.flag} is {wanted}; it got {shown(value)}.")
        if self.limits and not self.limits[0] <= value <= self.limits[1]:
            low, high = self.limits
            raise SettingsError(f"{self.flag} is {value}; it must be from {low:g} to {high:g}.")
        words = value if self.many else (value,)
        if not words:
            raise SettingsError(f"{self.flag} names none of {', '.join(self.choices)}.")
        if self.choices and (wrong := [w for w in words if not self._is_choice(w)]):
            raise SettingsError(
                f"{self.flag} knows {', '.join(self.choices)}; it got "
                f"{', '.join(short(w) if isinstance(w, str) else shown(w) for w in wrong[:9])}."
            )


_KINDS: dict[Any, tuple[str, Any]] = {
    float: ("a number", Real), int: ("a whole number", Integral), bool: ("true or false", bool),
    str: ("text", (str, PathLike)), tuple: ("a list", (tuple, list)),
}  # fmt: skip
"""How a kind is called, and what is of it."""


def _number(text: str) -> float:
    """A number as it is written, or as one through another: 30000/1001, 4/3. Raises ValueError."""
    above, slash, below = text.partition("/")
    divisor = float(below) if slash else 1.0
    if not divisor:
        raise ValueError(text)
    return float(above) / divisor


_number.__name__ = "number"


def setting(default: Any, help: str, type: Callable[[Any], Any] = str, **more: Any) -> Any:
    """A dataclass field that carries its Setting."""
    return field(default=default, metadata={"setting": (help, type, more)})


@lru_cache
def settings_of(cls: Any) -> tuple[Setting, ...]:
    """The Settings of a dataclass whose fields were made with `setting`."""
    told = {f: f.metadata["setting"] for f in fields(cls) if "setting" in f.metadata}
    return tuple(Setting(f.name, h, f.default, t, **more) for f, (h, t, more) in told.items())


def check_settings(values: Any) -> None:
    """Raises SettingsError for the first field of a dataclass that its Setting refuses."""
    cls: Any = type(values)
    for each in settings_of(cls):
        each.check(getattr(values, each.name))


STEADY_REACH = 2.5
"""How far `steady` asks neighbours, in units of itself: those beyond would weigh 1 % in all."""

AUTO = "auto"
"""The crop size that `reage.pixels.crop_size` takes from the face's size in the shot."""

STRENGTH_GROUP = "Strengths"
"""How much of each part of the change shows."""

AVERAGE = "average"
"""Of all sexes, or of all origins."""

_LIVE: dict[str, Any] = {"step": 0.01, "page": 0.1, "keyed": True, "live": True}
_SHARE: dict[str, Any] = {"slider": (0.0, 1.0), "limits": (0.0, 1.0), **_LIVE}
_STRENGTH: dict[str, Any] = {
    "slider": (0.0, 2.0), "limits": (0.0, 4.0), "group": STRENGTH_GROUP, "mirror": True, **_LIVE,
}  # fmt: skip
_SHAPE: dict[str, Any] = {"slider": (0.0, 2.0), "limits": (0.0, 4.0), "keyed": True}
_YEARS: dict[str, Any] = {
    "slider": (18.0, 85.0), "limits": (0.0, 100.0), "metavar": "YEARS", "unit": " years",
    "page": 5.0, "keyed": True, "mirror": True,
}  # fmt: skip


@dataclass(frozen=True)
class Settings:
    """How a face is re-aged: everything that changes a pixel of the result."""

    source_age: float = setting(
        45.0, "Age of the face in the plate, in years; you set it, nothing is guessed.", float,
        label="Age in", **_YEARS,
    )
    target_age: float = setting(
        45.0, "Age the face is to have, in years. The same as the source age changes nothing.",
        float, label="Age out", **_YEARS,
    )
    blend: float = setting(
        1.0, "How much of the change the beauty shows; the delta layer is always whole.", float,
        label="Blend", mirror=True, **_SHARE,
    )
    detail: float = setting(
        1.0, "Strength of wrinkles, lines and pores in the beauty; their layer is always whole.",
        float, label="Detail", **_STRENGTH,
    )
    form: float = setting(
        1.0, "Strength of folds, bags and jowls in the beauty; their layer is always whole.",
        float, label="Form", **_STRENGTH,
    )
    tone: float = setting(
        1.0, "Strength of the skin's color and spots in the beauty; their layer is always whole.",
        float, label="Tone", **_STRENGTH,
    )
    gray: float = setting(
        0.0, "How much of the graying of hair the beauty shows, inside the hair matte; without "
        "one, nothing grays.", float, label="Gray", group=STRENGTH_GROUP, once="grey", **_SHARE,
    )
    shape: float = setting(
        0.0, "How far the face's shape follows the years: lids, jowls, lips and nose move; 1 is as "
        "far as they do on average, 0 leaves pixels where they are.", float, slider=(0.0, 2.0),
        limits=(0.0, 2.0), label="Shape", group=STRENGTH_GROUP, mirror=True, **_LIVE,
    )
    shape_carries: str = setting(
        "rgba", "What the shape moves: the picture alone, its alpha too, or all layers.",
        choices=("rgba", "rgb", "all"), live=True,
    )
    shape_lids: float = setting(
        1.0, "Strength of lids, bags and brows in the shape's layer.", float, **_SHAPE
    )
    shape_jowls: float = setting(
        1.0, "Strength of cheeks, jowls and chin in the shape's layer.", float, **_SHAPE
    )
    shape_lips: float = setting(
        1.0, "Strength of lips and mouth in the shape's layer.", float, **_SHAPE
    )
    shape_nose: float = setting(
        1.0, "Strength of the nose in the shape's layer.", float, **_SHAPE
    )
    shape_sex: str = setting(
        AVERAGE, "Of which sex the shape's ageing is.", choices=(AVERAGE, "female", "male"),
    )
    shape_origin: str = setting(
        AVERAGE, "Of which origin the shape's ageing is.",
        choices=(AVERAGE, "african", "asian", "caucasian"),
    )
    pattern: int | str = setting(
        0, "Which wrinkles the face gets: a number, another of which is another pattern; a file "
        "*.pattern.exr that was made of photographs; a page of an actor's album, as BOOK@65; or a "
        "mix of them.", mix.pattern, grammar=True, limits=(0, mix.HIGHEST_SEED),
        metavar="SEED|FILE|BOOK@AGE|MIX", label="Pattern",
        mirror=True,
    )
    age_map: str | None = setting(
        None, "Image or sequence that steers the age per pixel, 0 to 1.",
        metavar="FILE", knob=False,
    )
    age_map_mode: str = setting(
        "scale",
        "scale: 0 keeps the source age, 1 gives the target age; "
        "replace: the value times 100 is the target age in years.",
        choices=("scale", "replace"),
    )
    map_channel: str = setting(
        "auto", "Channel of age map and hair matte that counts: alpha where it says something, as "
        "a Roto's does, else red.", choices=("auto", "alpha", "red"),
    )
    hair_matte: str | None = setting(
        None, "Image or sequence that says where hair is, 0 to 1: only there may it gray.",
        metavar="FILE", knob=False,
    )
    face: str = setting(
        "0",
        "Which face: an index (0 is the largest), a point x,y on it, or a box x,y,width,height, "
        "in plate pixels from the top-left corner.",
        metavar="INDEX|X,Y|X,Y,W,H", knob=False,
    )
    smooth: float = setting(
        2.0, "How strongly the face track is smoothed over time, in frames; 0 is off.", float,
        slider=(0.0, 10.0), limits=(0.0, 100.0), metavar="FRAMES", mirror=True,
    )
    steady: float = setting(
        0.0, "How strongly the change is smoothed over time along the skin, in frames; 0 is off.",
        float, slider=(0.0, 5.0), limits=(0.0, 50.0), metavar="FRAMES", label="Steady", step=0.1,
        page=1.0, unit=" frames",
    )
    crop_size: int | str = setting(
        AUTO, "Side in pixels at which the model sees the face's square; auto goes by the face's "
        "size in the shot, one for all frames, and by what the model knows.",
        int, limits=(16, 8192), words=(AUTO,), metavar="PIXELS|auto", mirror=True,
    )
    colorspace: str | None = setting(
        None, "The plate's colorspace by its OpenColorIO name; else the file's own word for it.",
        metavar="NAME", mirror=True,
    )
    pixel_aspect: float | None = setting(
        None, "Width of the plate's pixels over their height, 2 for most anamorphic lenses; else "
        "the file's own word for it.", float, limits=(0.25, 4.0), metavar="RATIO", knob=False,
    )
    model: str | None = setting(
        None, "ONNX model with a card, or the .reage bundle of one actor; the one that comes with "
        "ReAge otherwise.", metavar="FILE", mirror=True,
    )
    person: float = setting(
        1.0, "How far a bundle's model of one actor is trusted over the default model, 0 to 1; "
        "other models have no such thing.", float, slider=(0.0, 1.0), limits=(0.0, 1.0),
        label="Person", step=0.01, page=0.1,
    )

    def __post_init__(self) -> None:
        check_settings(self)
        object.__setattr__(self, "pattern", mix.pattern(self.pattern))


ALL = settings_of(Settings)

KEYED = tuple(s.name for s in ALL if s.keyed)
"""Settings that may change over time."""

LIVE = tuple(s.name for s in ALL if s.live)
"""Settings that the beauty and the comp alone show: the layers are always whole."""

BAKED = tuple(s.name for s in ALL if s.knob and not s.live)
"""Knobs of the node that decide which baked frames are stale."""

SHOWN = (*(s for s in ALL if s.label and not s.live), *(s for s in ALL if s.label and s.live))
"""What the panel shows, in its order."""

STRENGTHS = tuple(s.name for s in SHOWN if s.group == STRENGTH_GROUP)

_TODAY = {s.once: s.name for s in ALL if s.once}


def by_todays_names(values: Mapping[str, Any]) -> dict[str, Any]:
    """Settings by name out of a file that may be from before one was renamed."""
    return {_TODAY.get(name, name): value for name, value in values.items()}
