"""What an artist sets. Each setting's name, range, default and tooltip stand here and nowhere
else: the command's flags, the panel and the docs are made from this file.

Standard library only: this module is also read inside Nuke.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, fields
from typing import Any

from reage.errors import SettingsError


@dataclass(frozen=True)
class Setting:
    """One setting as a panel or a command line shows it.

    name      the field's name; `--source-age` on the command line
    help      tooltip, one sentence
    default   value where nothing is set
    type      str, int, float or bool: what the text of a flag or a knob is read as
    slider    (lowest, highest) that a slider spans, or None
    limits    (lowest, highest) that is accepted, or None; ends may be ±inf
    choices   the accepted words, or ()
    words     words that are accepted in a number's place, or ()
    many      a comma-separated list of choices
    metavar   how the help names the value
    """

    name: str
    help: str
    default: Any
    type: type
    slider: tuple[float, float] | None = None
    limits: tuple[float, float] | None = None
    choices: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    many: bool = False
    metavar: str | None = None

    @property
    def flag(self) -> str:
        return "--" + self.name.replace("_", "-")

    @property
    def reader(self) -> Callable[[str], Any]:
        """Text of a flag or a knob to the value. It raises ValueError, and its name says what it
        wants, as argparse tells."""
        if not self.words:
            return self.type

        def read(text: str) -> Any:
            return text if text in self.words else self.type(text)

        read.__name__ = " or ".join(("number", *self.words))
        return read

    def check(self, value: Any) -> None:
        """Raises SettingsError where `value` is outside the limits or none of the choices."""
        if value is None or value in self.words:
            return
        if self.words and isinstance(value, str):
            raise SettingsError(
                f"{self.flag} is a number or {' or '.join(self.words)}; it got {value}."
            )
        if self.limits and not self.limits[0] <= value <= self.limits[1]:
            low, high = self.limits
            raise SettingsError(f"{self.flag} is {value}; it must be from {low:g} to {high:g}.")
        words = value if self.many else (value,)
        if self.choices and (wrong := [w for w in words if w not in self.choices]):
            raise SettingsError(
                f"{self.flag} knows {', '.join(self.choices)}; it got {', '.join(map(str, wrong))}."
            )


def setting(default: Any, help: str, type: type = str, **more: Any) -> Any:
    """A dataclass field that carries its Setting."""
    return field(default=default, metadata={"setting": (help, type, more)})


def settings_of(cls: Any) -> Iterator[Setting]:
    """The Settings of a dataclass whose fields were made with `setting`."""
    for f in fields(cls):
        if "setting" in f.metadata:
            help, type, more = f.metadata["setting"]
            yield Setting(f.name, help, f.default, type, **more)


def check_settings(values: Any) -> None:
    """Raises SettingsError for the first field of a dataclass that its Setting refuses."""
    for each in settings_of(values):
        each.check(getattr(values, each.name))


STEADY_REACH = 2.5
"""How far `steady` asks neighbours, in units of itself: those beyond would weigh 1 % in all."""

AUTO = "auto"
"""The crop size that `reage.crop_size` takes from the face's size in the shot."""

_STRENGTH: dict[str, Any] = {"slider": (0.0, 2.0), "limits": (0.0, 4.0)}
_YEARS: dict[str, Any] = {"slider": (18.0, 85.0), "limits": (0.0, 100.0), "metavar": "YEARS"}


@dataclass(frozen=True)
class Settings:
    """How a face is re-aged: everything that changes a pixel of the result."""

    source_age: float = setting(
        45.0, "Age of the face in the plate, in years; you set it, nothing is guessed.", float,
        **_YEARS,
    )
    target_age: float = setting(
        45.0, "Age the face is to have, in years. The same as the source age changes nothing.",
        float, **_YEARS,
    )
    blend: float = setting(
        1.0, "How much of the change the beauty shows; the delta layer is always whole.", float,
        slider=(0.0, 1.0), limits=(0.0, 1.0),
    )
    detail: float = setting(
        1.0, "Strength of wrinkles, lines and pores in the beauty; their layer is always whole.",
        float, **_STRENGTH,
    )
    form: float = setting(
        1.0, "Strength of folds, bags and jowls in the beauty; their layer is always whole.",
        float, **_STRENGTH,
    )
    tone: float = setting(
        1.0, "Strength of the skin's color and spots in the beauty; their layer is always whole.",
        float, **_STRENGTH,
    )
    grey: float = setting(
        0.0, "How much of the greying of hair the beauty shows, inside the hair matte; without "
        "one, nothing grays.", float, slider=(0.0, 1.0), limits=(0.0, 1.0),
    )
    pattern: int = setting(
        0, "Which wrinkles the face gets: another number is another pattern, the same one holds "
        "over a shot.", int, limits=(0, 2**31 - 1), metavar="SEED",
    )
    age_map: str | None = setting(
        None, "Image or sequence that steers the age per pixel (its first channel, 0 to 1).",
        metavar="FILE",
    )
    age_map_mode: str = setting(
        "scale",
        "scale: 0 keeps the source age, 1 gives the target age; "
        "replace: the value times 100 is the target age in years.",
        choices=("scale", "replace"),
    )
    hair_matte: str | None = setting(
        None, "Image or sequence that says where hair is (its first channel, 0 to 1): only there "
        "may it gray.", metavar="FILE",
    )
    face: str = setting(
        "0",
        "Which face: an index (0 is the largest), a point x,y on it, or a box x,y,width,height, "
        "in plate pixels from the top-left corner.",
        metavar="INDEX|X,Y|X,Y,W,H",
    )
    smooth: float = setting(
        2.0, "How strongly the face track is smoothed over time, in frames; 0 is off.", float,
        slider=(0.0, 10.0), limits=(0.0, 100.0), metavar="FRAMES",
    )
    steady: float = setting(
        0.0, "How strongly the change is smoothed over time along the skin, in frames; 0 is off.",
        float, slider=(0.0, 5.0), limits=(0.0, 50.0), metavar="FRAMES",
    )
    crop_size: int | str = setting(
        AUTO, "Side in pixels at which the model sees the face's square; auto goes by the face's "
        "size in the shot, one for all frames, and by what the model knows.",
        int, limits=(16, 8192), words=(AUTO,), metavar="PIXELS|auto",
    )
    colorspace: str | None = setting(
        None, "The plate's colorspace by its OpenColorIO name; else the file's own word for it.",
        metavar="NAME",
    )
    model: str | None = setting(
        None, "ONNX model with a card; the one that comes with ReAge otherwise.", metavar="FILE"
    )

    def __post_init__(self) -> None:
        check_settings(self)
