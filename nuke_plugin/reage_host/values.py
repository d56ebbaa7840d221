"""A setting's values as a person gives them: typed, or out of a file; checked in the panel's words.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from reage.errors import SettingsError
from reage.settings import SHOWN, Setting, by_todays_names


def checked(setting: Setting, value: float) -> float:
    """`value`, where the setting accepts it. Raises SettingsError in the panel's words."""
    try:
        setting.check(value)
    except SettingsError as e:
        raise SettingsError(str(e).replace(setting.flag, setting.label)) from e
    return value


def parsed(setting: Setting, text: str) -> float:
    """What an artist typed. Raises SettingsError where it is no number or not accepted."""
    try:
        value: float = setting.type(text.strip().replace(",", "."))
    except ValueError:
        raise _no_number(setting, text.strip()) from None
    return checked(setting, value)


def values_of(values: Mapping[str, Any]) -> dict[str, float]:
    """Those of `values` that the panel shows, each checked. Raises SettingsError."""
    out, values = {}, by_todays_names(values)
    for setting in SHOWN:
        if setting.name in values:
            value = values[setting.name]
            if isinstance(value, bool) or not isinstance(value, (int, setting.type)):
                raise _no_number(setting, value)
            out[setting.name] = checked(setting, setting.type(value))
    return out


def _no_number(setting: Setting, value: object) -> SettingsError:
    kind = "a whole number" if setting.type is int else "a number"
    return SettingsError(f"{setting.label} is {kind}; {value!r} is none.")
