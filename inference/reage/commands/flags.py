"""Flags of commands, made from the settings."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from dataclasses import fields
from typing import Any

from reage.settings import Setting

AGES = ("source_age", "target_age")
"""Settings whose defaults no command takes: how old a face is, only an artist can say."""


def add_flags(
    parser: argparse.ArgumentParser, settings: Iterable[Setting], said_only: bool = False
) -> None:
    """Give a command a flag for each setting, with its range, default and help. said_only: what
    nobody says is left out of the arguments, so that what was said can be told from it."""
    for s in settings:
        default = ",".join(s.default) if s.many else s.default
        shown = "" if default is None or default is False or s.name in AGES else f" [{default}]"
        options: dict[str, Any] = {"help": s.help.replace("%", "%%") + shown}
        if s.type is bool:
            options["action"] = "store_true"
        else:
            options |= {"type": _words if s.many else s.reader, "default": s.default}
            options["metavar"] = s.metavar or ("|".join(s.choices) if s.choices else "N")
        if said_only:
            options["default"] = argparse.SUPPRESS
        parser.add_argument(s.flag, **options)
        if s.once:
            hidden = {"dest": s.name, "default": argparse.SUPPRESS, "help": argparse.SUPPRESS}
            parser.add_argument(f"--{s.once}", **{**options, **hidden})


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split(",") if word.strip())


def values(args: argparse.Namespace, cls: Any) -> dict[str, Any]:
    """Those arguments that are settings of Settings or RenderJob."""
    names = {f.name for f in fields(cls) if "setting" in f.metadata}
    return {name: value for name, value in vars(args).items() if name in names}
