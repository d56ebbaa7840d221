"""How the settings of the panel are shown. What they are stands in `reage.settings`.

A further slider is one more line in LOOKS.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from reage.errors import SettingsError
from reage.settings import Setting, Settings, settings_of


@dataclass(frozen=True)
class Look:
    """label: words beside the slider; step, page: what arrow and page keys add; unit: for tips."""

    label: str
    step: float
    page: float
    unit: str = ""


LOOKS: Mapping[str, Look] = {
    "source_age": Look("Age in", 1.0, 5.0, " years"),
    "target_age": Look("Age out", 1.0, 5.0, " years"),
    "pattern": Look("Pattern", 1.0, 10.0),
    "steady": Look("Steady", 0.1, 1.0, " frames"),
    "blend": Look("Blend", 0.01, 0.1),
    "detail": Look("Detail", 0.01, 0.1),
    "form": Look("Form", 0.01, 0.1),
    "tone": Look("Tone", 0.01, 0.1),
    "grey": Look("Grey", 0.01, 0.1),
}

STRENGTHS = ("detail", "form", "tone", "grey")
"""How much of each part of the change shows."""

LIVE = ("blend", *STRENGTHS)
"""Settings that change no layer: they act in the comp, and make no bake stale."""

_ALL = {s.name: s for s in settings_of(Settings)}

SHOWN: tuple[Setting, ...] = tuple(_ALL[name] for name in LOOKS)
"""The settings that the panel shows, in its order."""


def number_text(value: float) -> str:
    """45, 45.5 or 0.25: no more digits than an artist would type; whole numbers in full."""
    return str(value) if isinstance(value, int) else f"{round(value, 2):g}"


def checked(setting: Setting, value: float) -> float:
    """`value`, where the setting accepts it. Raises SettingsError in the panel's words."""
    try:
        setting.check(value)
    except SettingsError as e:
        raise SettingsError(str(e).replace(setting.flag, LOOKS[setting.name].label)) from e
    return value


def parsed(setting: Setting, text: str) -> float:
    """What an artist typed. Raises SettingsError where it is no number or not accepted."""
    try:
        value: float = setting.type(text.strip().replace(",", "."))
    except ValueError:
        raise _no_number(setting, text.strip()) from None
    return checked(setting, value)


def tip(setting: Setting) -> str:
    """The setting's tooltip, with range, default and keys."""
    look = LOOKS[setting.name]
    low, high = setting.limits or (float("-inf"), float("inf"))
    click = f"; double click for {number_text(setting.default)}" if setting.slider else ""
    return (
        f"{setting.help}\n"
        f"From {number_text(low)} to {number_text(high)}{look.unit}{click}.\n"
        f"Arrow keys: {look.step:g}; page keys: {look.page:g}."
    )


def values_of(values: Mapping[str, Any]) -> dict[str, float]:
    """Those of `values` that the panel shows, each checked. Raises SettingsError."""
    out = {}
    for setting in SHOWN:
        if setting.name in values:
            value = values[setting.name]
            if isinstance(value, bool) or not isinstance(value, (int, setting.type)):
                raise _no_number(setting, value)
            out[setting.name] = checked(setting, setting.type(value))
    return out


def _no_number(setting: Setting, value: object) -> SettingsError:
    kind = "a whole number" if setting.type is int else "a number"
    return SettingsError(f"{LOOKS[setting.name].label} is {kind}; {value!r} is none.")
