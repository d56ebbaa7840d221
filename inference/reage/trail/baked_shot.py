"""Layers of a shot that stand, as they are delivered: each file with what its header says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from reage.errors import MissingFrames, PlateError, SettingsError, UnreadableFrame
from reage.frame.layers import (
    DELTA_CHANNELS,
    HAIR_MATTE_CHANNEL,
    MATTE_CHANNEL,
    SHAPE_CHANNELS,
    Layers,
    said,
)
from reage.media.imagefile import read_channel_names, read_info
from reage.media.intact import keeps_pixels
from reage.media.sequence import compact, open_shot
from reage.models.parts import Strengths
from reage.pixels.plate import PlateInfo
from reage.progress import span_told
from reage.shaped import short
from reage.shot.image import read_layers
from reage.shot.marks import OF_A_FRAME, ages_of

_BEAUTY = {"R", "G", "B"}
_NEEDED = {"model", "model_sha256", "version"}

_ALIKE = {
    "model": "model", "model_sha256": "model", "card_sha256": "model card",
    "rights": "agreement", "consent": "consent",
}  # fmt: skip
"""What one render's headers say alike, and what it is."""


def files_of(pattern: str, frames: str | None = None) -> dict[int, Path]:
    """Frame → file. Raises MissingFrames, and PlateError for a movie."""
    shot = open_shot(pattern, frames)
    if shot.movie is not None:
        raise PlateError(f"{pattern} is a movie; layers are EXR, such as out/shot.%04d.exr.")
    if shot.missing:
        raise MissingFrames(
            f"{len(shot.missing)} of {len(shot.frames)} frames of the layers are missing: "
            f"{compact(shot.missing)} (such as {shot.path(shot.missing[0])}). Render them, or "
            "choose others with --frames."
        )
    return {number: shot.path(number) for number in shot.frames}


@dataclass(frozen=True)
class BakedShot:
    """files: frame → its layers; infos: frame → that file's header; channels: frame → all parts'"""

    files: Mapping[int, Path]
    infos: Mapping[int, PlateInfo]
    channels: Mapping[int, frozenset[str]]

    @classmethod
    def open(cls, pattern: str, frames: str | None = None) -> BakedShot:
        """Raises MissingFrames, UnreadableFrame, and PlateError for files that no render wrote."""
        files = files_of(pattern, frames)
        infos = {number: read_info(path) for number, path in files.items()}
        for number, path in files.items():
            if not said(infos[number].metadata).keys() >= _NEEDED:
                raise PlateError(f"{path} is no file of layers: nothing in it says what made it.")
        names = {number: frozenset(read_channel_names(path)) for number, path in files.items()}
        return cls(files, infos, names)

    def require_alike(self) -> None:
        """Raises PlateError where they are not of one model and one consent."""
        for name, what in _ALIKE.items():
            by_value: dict[object, list[int]] = {}
            for number in self.frames:
                by_value.setdefault(self.said(number).get(name, ""), []).append(number)
            if len(by_value) > 1:
                fewest = min(by_value.values(), key=len)
                raise PlateError(
                    f"{self.files[fewest[0]]} names another {what} than most of the frames do, or "
                    f"none (frames {compact(fewest)}), so they are no one render; render these "
                    "again with --resume."
                )

    def require_intact(self, numbered: bool) -> None:
        """Every pixel is read. Raises UnreadableFrame where one is not what a render wrote, or the
        file does not say what was, and, of numbered files, PlateError where its header is another
        frame's, or nobody's. A still is called as its maker likes, such as face_70.exr."""
        for number, path in self.files.items():
            if numbered and (own := self.said(number).get("frame", "none")) != number:
                raise PlateError(
                    f"{path} is frame {short(own)} by its header, and {number} by its name; give "
                    "it its own number, or render it again with --resume."
                )
            kept = keeps_pixels(path)
            if kept is None:
                raise UnreadableFrame(
                    f"{path} does not say which pixels were written into it, so nobody can vouch "
                    f"for them; render frame {number} again with --resume."
                )
            if not kept:
                raise UnreadableFrame(
                    f"The pixels of {path} are not those that were written: it is damaged, or was "
                    f"changed since. Render frame {number} again with --resume, which keeps the "
                    "others."
                )

    @property
    def frames(self) -> tuple[int, ...]:
        return tuple(self.files)

    def only(self, numbers: Sequence[int]) -> BakedShot:
        """Some of its frames."""
        return BakedShot(
            {n: self.files[n] for n in numbers},
            {n: self.infos[n] for n in numbers},
            {n: self.channels[n] for n in numbers},
        )

    def said(self, number: int) -> dict[str, object]:
        """What a frame's header says, by the names of `shot.metadata`."""
        return said(self.infos[number].metadata)

    @cached_property
    def beauty(self) -> bool:
        """Whether all of them hold the finished picture."""
        return all(names >= _BEAUTY for names in self.channels.values())

    @cached_property
    def delta(self) -> bool:
        """Whether all of them hold what can be added to a plate."""
        wanted = {*DELTA_CHANNELS, MATTE_CHANNEL}
        return all(names >= wanted for names in self.channels.values())

    def layers(self, number: int, strengths: Strengths) -> Layers:
        """Of a frame, with all that the strengths ask for. Raises PlateError for layers that lack
        it."""
        path, there = self.files[number], self.channels[number]
        parts = not strengths.keeps_delta or strengths.gray > 0
        bends = strengths.shape > 0
        needs = ((parts, HAIR_MATTE_CHANNEL, "parts"), (bends, SHAPE_CHANNELS[0], "shape"))
        for asked, channel, layer in needs:
            if asked and channel not in there:
                raise PlateError(
                    f"{path} lacks what the strengths ask for; render with "
                    f"--layers delta,matte,{layer}."
                )
        return read_layers(path, parts)

    def common(self) -> dict[str, object]:
        """What all headers say alike of the render, with the youngest and oldest ages of all."""
        each = [self.said(n) for n in self.frames]
        first, ages = each[0], [pair for one in each for pair in ages_of(one)]
        alike = {
            name: value for name, value in first.items()
            if name not in OF_A_FRAME and all(one.get(name) == value for one in each)
        }  # fmt: skip
        sources, targets = zip(*ages, strict=True)
        alike["source_ages"] = span_told(sources)  # in words: the library loses lists of numbers
        alike["target_ages"] = span_told(targets)
        return {**alike, "frames": compact(self.frames)}

    def consent(self) -> dict[str, object]:
        """What was agreed on, as all headers say it; nothing where the model is nobody's."""
        found: dict[str, list[str]] = {}
        for name, key, mark in (
            ("rights", "rights", " | "), ("consent", "consent_sha256", " "),
            ("past_consent", "past_consent", " | "),
        ):  # fmt: skip
            words = (str(self.said(n).get(name, "")) for n in self.frames)
            told = dict.fromkeys(w for each in words for w in each.split(mark) if w)
            if told:
                found[key] = list(told)
        return dict(found)

    def check(self, number: int, plate: Path, info: PlateInfo, space: str) -> None:
        """Raises SettingsError where a frame's layers are of another plate: of another size, or in
        another color space."""
        own, path = self.infos[number].display, self.files[number]
        if (own.width, own.height) != (info.display.width, info.display.height):
            raise SettingsError(
                f"{path} is of a plate of {own.width}×{own.height} px, and {plate} is "
                f"{info.display.width}×{info.display.height} px; give the plate that was rendered."
            )
        if (made := self.said(number).get("colorspace")) not in (None, space):
            raise SettingsError(
                f"{path} is in {short(made)}, and {plate} is read as {space}; say --colorspace and "
                "--working-space as the render did."
            )
