"""What a preflight came to: go, or what is wrong, where, and what to do."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from typing import Any, TypeVar

from reage.errors import ReageError
from reage.tools.doctor import Finding
from reage.unforeseen import unforeseen

T = TypeVar("T")


@dataclass(frozen=True)
class Preflight:
    """All findings, in the order in which a render would meet them.

    frames    that would be rendered
    bytes     that they would take, about; minutes: that it would take here, about; None where
              nothing tells it
    seconds   that the preflight took
    """

    findings: tuple[Finding, ...]
    frames: int
    bytes: int | None
    minutes: float | None
    seconds: float

    @property
    def troubles(self) -> tuple[Finding, ...]:
        """What the render would end by."""
        return tuple(finding for finding in self.findings if finding.verdict == "fail")

    @property
    def go(self) -> bool:
        return not self.troubles

    @property
    def exit_code(self) -> int:
        """0 for go; of several troubles the highest of their codes."""
        return max((finding.code for finding in self.troubles), default=0)

    def text(self) -> str:
        """A line for each finding, what to do below it; the last line is the verdict."""
        width = max((len(f.subject) for f in self.findings), default=0)
        lines = []
        for f in self.findings:
            lines.append(f"{_MARKS[f.verdict]:5} {f.subject:{width}}  {f.says}")
            lines += [f"{'':5} {'':{width}}  {f.advice}"] if f.advice else []
        count = len(self.troubles)
        things = "1 thing is" if count == 1 else f"{count} things are"
        ends = "go" if self.go else f"no go: {things} wrong"
        warned = sum(f.verdict == "warn" for f in self.findings)
        looks = f", {warned} to know" if warned else ""
        return "\n".join([*lines, "", f"{ends}{looks} ({self.seconds:.1f} s)"])

    def document(self) -> dict[str, Any]:
        return {
            "go": self.go,
            "findings": [asdict(finding) for finding in self.findings],
            "frames": self.frames,
            "bytes": self.bytes,
            "minutes": self.minutes,
            "seconds": round(self.seconds, 3),
            "text": self.text(),
        }


_MARKS = {"ok": "ok", "warn": "know", "fail": "WRONG"}


@dataclass
class Collected:
    """Findings as they come."""

    findings: list[Finding] = field(default_factory=list)

    def failed(self, subject: str) -> bool:
        return any(f.subject == subject and f.verdict == "fail" for f in self.findings)

    def of(self, subject: str, look: Callable[[], T], ok: str = "") -> T | None:
        """What `look` gives; what it raises is a finding. ok: a finding where it raises nothing."""
        try:
            found = look()
        except Exception as e:
            error = e if isinstance(e, ReageError) else unforeseen(e)
            self.add(subject, "fail", str(error), code=error.exit_code)
            return None
        if ok:
            self.add(subject, "ok", ok)
        return found

    def add(self, subject: str, verdict: Any, says: str, advice: str = "", code: int = 1) -> None:
        """What is wrong is told once, though several looks come upon it."""
        if verdict == "fail" and any(f.verdict == "fail" and f.says == says for f in self.findings):
            return
        self.findings.append(Finding(subject, verdict, says, advice, code))

    def notices(self, subject: str, told: Iterable[str]) -> None:
        """Sentences of the render's own that end nothing."""
        for says in dict.fromkeys(told):
            self.add(subject, "warn", says)
