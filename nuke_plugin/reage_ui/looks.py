"""How the panel says the settings' numbers. What is shown, and how, stands in `reage.settings`."""

from __future__ import annotations

from reage.settings import Setting


def number_text(value: float | str) -> str:
    """45, 45.5 or 0.25: no more digits than an artist would type; whole numbers and words in
    full."""
    return str(value) if isinstance(value, int | str) else f"{round(value, 2):g}"


def tip(setting: Setting) -> str:
    """The setting's tooltip, with range, default and keys."""
    low, high = setting.limits or (float("-inf"), float("inf"))
    click = f"; double click for {number_text(setting.default)}" if setting.slider else ""
    return (
        f"{setting.help}\n"
        f"From {number_text(low)} to {number_text(high)}{setting.unit}{click}.\n"
        f"Arrow keys: {setting.step:g}; page keys: {setting.page:g}."
    )
