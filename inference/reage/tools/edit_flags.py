"""The flags of `reage track` that edit a track: each --at begins an edit, in their order."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from reage.errors import SettingsError

if TYPE_CHECKING:
    from reage.shot.edit import Edit


def add_edit_flags(parser: argparse.ArgumentParser) -> None:
    edit = parser.add_argument_group(
        "editing a track, or one just made",
        "Each --at begins an edit, and what follows belongs to it. Between one --at and the next "
        "the face is eased from the one to the other, over the motion that is there.",
    )

    def add(flag: str, metavar: str, help: str, kind: Any = _numbers) -> None:
        edit.add_argument(
            flag, action=_EditAction, dest="edits", type=kind, metavar=metavar or None, help=help,
            nargs=None if metavar else 0,
        )  # fmt: skip

    add("--at", "RANGE", "frames to edit, such as 1005 or 1010-1020", str)
    add("--place", "X,Y,W,H", "a face that is not found: a box from hairline to chin, or a point")
    add("--yaw", "DEGREES", "how far a placed face looks to the right; 90 is full profile", float)
    add("--pitch", "DEGREES", "how far a placed face looks up", float)
    add("--center", "X,Y", "put the face here, in plate pixels")
    add("--shift", "X,Y", "move the face by this")
    add("--size", "PIXELS", "the face's height in pixels", float)
    add("--degrees", "DEGREES", "the face's turn, clockwise", float)
    add("--no-face", "", "let the plate pass through", None)


class _EditAction(argparse.Action):
    """Collects the edits in their order: (flag, value) after (flag, value)."""

    def __call__(self, parser: Any, namespace: Any, values: Any, option: Any = None) -> None:
        given = [*(getattr(namespace, self.dest) or []), (self.option_strings[0], values)]
        setattr(namespace, self.dest, given)


def edits_of(args: argparse.Namespace) -> list[Edit]:
    """An Edit for each --at; what stands before the first one belongs to it. Raises
    SettingsError."""
    from reage.media.sequence import parse_frames
    from reage.shot.edit import Edit

    given: list[tuple[str, Any]] = args.edits or []
    starts = [n for n, (flag, _) in enumerate(given) if flag == "--at"]
    if not given:
        return []
    if not starts:
        raise SettingsError("Say with --at which frames to edit, such as --at 1005.")
    edits = []
    for first, last in zip([0, *starts[1:]], [*starts[1:], len(given)], strict=False):
        values = dict(given[first:last])
        if len(values) < last - first:
            raise SettingsError(f"A flag is given twice for --at {values['--at']}.")
        frames = parse_frames(values.pop("--at"))
        if "--no-face" in values:
            values["--no-face"] = True
        for flag in {"--center", "--shift"} & set(values):
            if len(values[flag]) != 2:
                raise SettingsError(f"{flag} wants two numbers, such as 960,540.")
        fields = {flag[2:].replace("-", "_"): value for flag, value in values.items()}
        edits.append(Edit(frames, **fields))
    return edits


def _numbers(text: str) -> tuple[float, ...]:
    try:
        return tuple(float(part) for part in text.split(","))
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"wants numbers, such as 960,540; it got {text}"
        ) from None
