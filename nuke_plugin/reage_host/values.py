"""A setting's values as a person gives them: typed, or out of a file; checked in the panel's words.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from reage.errors import SettingsError
from reage.settings import SHOWN, Setting, by_todays_names

Value = TypeVar("Value", bound="float | str")


def checked(setting: Setting, value: Value) -> Value:
    """`value`, where the setting accepts it. Raises SettingsError in the panel's words."""
    try:
        setting.check(value)
    except SettingsError as e:
        raise SettingsError(str(e).replace(setting.flag, setting.label)) from e
    return value


def parsed(setting: Setting, text: str) -> float | str:
    """What an artist typed. Raises SettingsError where it is no number or not accepted."""
    if setting.grammar:
        return read(setting, text)
    try:
        value: float = setting.type(text.strip().replace(",", "."))
    except ValueError:
        raise _no_number(setting, text.strip()) from None
    return checked(setting, value)


def read(setting: Setting, value: float | str) -> float | str:
    """A setting's value out of what a knob or a file says. Raises SettingsError in the panel's
    words."""
    checked(setting, value)
    made: float | str = setting.type(value)
    return made


def values_of(values: Mapping[str, Any]) -> dict[str, float | str]:
    """Those of `values` that the panel shows, each checked. Raises SettingsError."""
    out, values = {}, by_todays_names(values)
    for setting in SHOWN:
        if setting.name in values:
            out[setting.name] = read(setting, values[setting.name])
    return out


def _no_number(setting: Setting, value: object) -> SettingsError:
    kind = "a whole number" if setting.type is int else "a number"
    return SettingsError(f"{setting.label} is {kind}; {value!r} is none.")
