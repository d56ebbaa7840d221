"""What a bake says while it runs, and at its end."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from reage.errors import Cancelled
from reage.progress import frames_told

STOPPED = "The bake was stopped; finished frames stay."


@dataclass(frozen=True)
class Step:
    """Progress of a bake: `done` of `total` frames of what `text` names.

    left   seconds for the rest of it, None while that cannot be told
    frame  such as `1003: done`, where the engine says how one frame came out; else ""
    """

    text: str
    done: int
    total: int
    left: float | None = None
    frame: str = ""

    def __str__(self) -> str:
        left = "" if self.left is None else f", {self.left:.0f} s left"
        return f"{self.text}: {self.done}/{self.total}{left}"


Tell = Callable[[Step], object]


@dataclass(frozen=True)
class Observer:
    """Who follows a bake: is told of its steps, and may stop it."""

    tell: Tell = lambda step: None
    cancelled: Callable[[], bool] = lambda: False

    def check(self) -> None:
        """Raises Cancelled once the bake is to stop."""
        if self.cancelled():
            raise Cancelled(STOPPED)


@dataclass(frozen=True)
class BakeReport:
    """What a bake did. Frames by number.

    computed: new layers; kept: were up to date; no_face: the plate passes through;
    failed: frame → sentence; crops: sides in px that the model saw the face at, one for each view
    looks: words → frames that are worth a look; colors: what plate and layers are in, by view
    """

    computed: tuple[int, ...] = ()
    kept: tuple[int, ...] = ()
    no_face: tuple[int, ...] = ()
    failed: Mapping[int, str] = field(default_factory=dict)
    notices: tuple[str, ...] = ()
    seconds: float = 0.0
    crops: tuple[int, ...] = ()
    looks: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    colors: tuple[str, ...] = ()

    def text(self) -> str:
        """The report as a sentence or two."""
        parts = [f"{frames_told(len(self.computed))} baked in {self.seconds:.0f} s"]
        if self.crops:
            parts.append(f"crop {' and '.join(map(str, self.crops))} px")
        if self.kept:
            parts.append(f"{len(self.kept)} were up to date")
        if self.no_face:
            parts.append(f"no face in {runs(self.no_face)}, the plate passes through")
        parts += self.colors
        if self.looks:
            said = (f"{words} in {runs(frames)}" for words, frames in self.looks.items())
            parts.append(f"worth a look: {', '.join(said)}")
        parts += [f"frame {f} failed: {why.rstrip('.')}" for f, why in self.failed.items()]
        return ". ".join(("; ".join(parts), *(n.rstrip(".") for n in self.notices))) + "."

    def error(self) -> str:
        """The frames that failed as a sentence, or ""."""
        if not self.failed:
            return ""
        numbers = sorted(self.failed)
        frames = "frames" if len(numbers) > 1 else "frame"
        return f"Failed: {frames} {runs(numbers)}; the first: {self.failed[numbers[0]]}"

    @classmethod
    def joined(cls, reports: Sequence[BakeReport]) -> BakeReport:
        """The reports of several views as one."""

        def numbers(of: Callable[[BakeReport], Iterable[int]]) -> tuple[int, ...]:
            return tuple(sorted({f for report in reports for f in of(report)}))

        computed = numbers(lambda r: r.computed)
        return cls(
            computed=computed,
            kept=tuple(f for f in numbers(lambda r: r.kept) if f not in computed),
            no_face=numbers(lambda r: r.no_face),
            failed={f: why for report in reports for f, why in report.failed.items()},
            notices=tuple(dict.fromkeys(n for report in reports for n in report.notices)),
            seconds=sum(report.seconds for report in reports),
            crops=tuple(dict.fromkeys(n for report in reports for n in report.crops)),
            looks={
                words: tuple(sorted({f for r in reports for f in r.looks.get(words, ())}))
                for words in dict.fromkeys(w for report in reports for w in report.looks)
            },
            colors=tuple(dict.fromkeys(said for report in reports for said in report.colors)),
        )


@dataclass(frozen=True)
class SubmitReport:
    """What was written for a farm.

    bundles: folders, one for each view; frames: that the farm is to render; kept: were up to date
    said: how each bundle is run
    """

    bundles: tuple[str, ...] = ()
    frames: tuple[int, ...] = ()
    kept: tuple[int, ...] = ()
    said: tuple[str, ...] = ()

    def text(self) -> str:
        """The report as a sentence or two."""
        if not self.bundles:
            return f"Nothing to submit: {frames_told(len(self.kept))} up to date."
        kept = f"; {len(self.kept)} were up to date" if self.kept else ""
        told = f"{frames_told(len(self.frames))} for a farm{kept}."
        return "\n".join([told, *self.said])

    def error(self) -> str:
        return ""

    @classmethod
    def joined(cls, reports: Sequence[SubmitReport]) -> SubmitReport:
        """The reports of several views as one."""
        frames = tuple(sorted({f for r in reports for f in r.frames}))
        kept = sorted({f for r in reports for f in r.kept} - set(frames))
        bundles = tuple(bundle for r in reports for bundle in r.bundles)
        return cls(bundles, frames, tuple(kept), tuple(said for r in reports for said in r.said))


def runs(frames: Iterable[int]) -> str:
    """Ascending frame numbers for people: `1001-1004, 1009`."""
    found: list[list[int]] = []
    for f in frames:
        if found and f == found[-1][-1] + 1:
            found[-1].append(f)
        else:
            found.append([f])
    return ", ".join(str(r[0]) if len(r) == 1 else f"{r[0]}-{r[-1]}" for r in found)
