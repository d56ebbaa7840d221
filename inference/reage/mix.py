"""What `--pattern` says: seeds and pattern files, mirrored, limited to regions, weighed and added.

    7                                     the drawn pattern of a seed
    old.pattern.exr                       one that photographs were made into
    old.pattern.exr*0.7+seed:5*0.3        both, weighed
    old.pattern.exr:mirror:cheeks,mouth   the other way round, on cheeks and mouth alone

    mix  = term {"+" term}
    term = (seed | "seed:" seed | file) {":" ("mirror" | region {"," region})} ["*" number]

A file is named *.pattern.exr. Standard library only: hosts read it as well.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from reage.errors import SettingsError
from reage.shaped import shown

ENDING = ".pattern.exr"
"""Of a pattern file's name."""

REGIONS = ("forehead", "eyes", "nose", "cheeks", "mouth", "chin", "neck")
"""Of a face, as `reage.pattern.mixed` shares it out."""

HIGHEST_SEED = 2**31 - 1

_MIRROR = "mirror"

_MOST = 10.0
"""A pattern taken so many times is no face's any more."""

_LONGEST = 10_000
"""Letters of a mix: dozens of files by their whole paths."""

_TERM = re.compile(
    r"\s*(?:(?:seed:)?(?P<seed>\d{1,20})(?=[:*+\s]|$)|(?P<file>.+?\.pattern\.exr))"
    r"(?P<how>(?:\s*:[a-z_,\s:]+)?)\s*(?:\*\s*(?P<by>\d{0,9}\.?\d{1,400}))?\s*(?:\+|$)"
)


@dataclass(frozen=True)
class Term:
    """source: a seed, or a pattern file's path; by: its weight; regions: () is all of the face"""

    source: int | str
    by: float = 1.0
    mirror: bool = False
    regions: tuple[str, ...] = ()

    def __str__(self) -> str:
        text = str(self.source) if isinstance(self.source, str) else f"seed:{self.source}"
        text += f":{_MIRROR}" * self.mirror
        text += f":{','.join(self.regions)}" if self.regions else ""
        return text if self.by == 1 else f"{text}*{Decimal(repr(self.by)):f}"


@dataclass(frozen=True)
class Mix:
    """Patterns that are added; one or more.

    Law: `Mix.of(str(mix)) == mix`.
    """

    terms: tuple[Term, ...]

    @classmethod
    def of(cls, pattern: int | str) -> Mix:
        """Raises SettingsError where it is none."""
        if isinstance(pattern, bool) or not isinstance(pattern, int | str):
            raise SettingsError(
                f"--pattern is a whole number, or text; {shown(pattern)} is neither."
            )
        text, at = str(pattern).strip(), 0
        if len(text) > _LONGEST:
            raise SettingsError(f"--pattern has {len(text)} letters; {_LONGEST} is the most.")
        terms: list[Term] = []
        while at < len(text) or not terms:
            found = _TERM.match(text, at)
            if found is None:
                raise SettingsError(
                    f"--pattern is a seed such as 7, or a file named *{ENDING}, or a mix such as "
                    f"a{ENDING}*0.7+seed:5*0.3; it got {shown(text)}."
                )
            terms.append(_term(found))
            at = found.end()
        if text.endswith("+"):
            raise SettingsError(f"--pattern ends with a +, after which nothing comes: {text}.")
        return cls(tuple(terms))

    def __str__(self) -> str:
        return "+".join(map(str, self.terms))

    @property
    def plain(self) -> int | str:
        """A seed as a number, where it is nothing else; its text otherwise."""
        first = self.terms[0]
        alone = self.terms == (Term(first.source),)
        return first.source if alone and isinstance(first.source, int) else str(self)

    @property
    def files(self) -> tuple[Path, ...]:
        """The pattern files it names, each once."""
        return tuple(dict.fromkeys(Path(t.source) for t in self.terms if isinstance(t.source, str)))


def pattern(value: int | str) -> int | str:
    """What a flag, a knob or a job says of a pattern, as `Settings` keeps it. Raises
    SettingsError."""
    return Mix.of(value).plain


def _term(found: re.Match[str]) -> Term:
    seed, file = found["seed"], found["file"]
    if seed and int(seed) > HIGHEST_SEED:
        raise SettingsError(f"--pattern is {seed}; a seed is from 0 to {HIGHEST_SEED}.")
    by = float(found["by"] or 1)
    if by > _MOST:
        raise SettingsError(f"--pattern weighs {file or seed} by {by:g}; {_MOST:g} is the most.")
    words = [word for word in re.split(r"[:,\s]+", found["how"]) if word]
    regions = tuple(word for word in words if word != _MIRROR)
    if wrong := [word for word in regions if word not in REGIONS]:
        raise SettingsError(
            f"--pattern knows mirror and the regions {', '.join(REGIONS)}; it got "
            f"{', '.join(wrong)}."
        )
    return Term(int(seed) if seed else file, by, _MIRROR in words, regions)
