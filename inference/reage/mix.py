"""What `--pattern` says: seeds and pattern files, mirrored, limited to regions, weighed and added.

    7                                     the drawn pattern of a seed
    old.pattern.exr                       one that photographs were made into
    old.pattern.exr*0.7+seed:5*0.3        both, weighed
    old.pattern.exr:mirror:cheeks,mouth   the other way round, on cheeks and mouth alone
    books/anna@65                         what the album of a book shows at 65, see `reage.album`
    books/anna@target                     at the target age, wherever that goes

    mix  = term {"+" term}
    term = (seed | "seed:" seed | file | book "@" (age | "target"))
           {":" ("mirror" | region {"," region})} ["*" number]

A file is named *.pattern.exr. Standard library only: hosts read it as well.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

from reage.album import Page
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
    r"\s*(?:(?:seed:)?(?P<seed>\d{1,20})(?=[:*+\s]|$)|(?P<path>.+?)(?:(?P<file>\.pattern\.exr)"
    r"|@(?P<age>\d{1,3}(?:\.\d{1,9})?|target)(?=[:*+\s]|$)))"
    r"(?P<how>(?:\s*:[a-z_,\s:]+)?)\s*(?:\*\s*(?P<by>\d{0,9}\.?\d{1,400}))?\s*(?:\+|$)"
)


@dataclass(frozen=True)
class Term:
    """source: a seed, a pattern file's path, or a page of an album; by: its weight; regions: () is
    all of the face"""

    source: int | str | Page
    by: float = 1.0
    mirror: bool = False
    regions: tuple[str, ...] = ()

    def __str__(self) -> str:
        text = f"seed:{self.source}" if isinstance(self.source, int) else str(self.source)
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
                    f"--pattern is a seed such as 7, or a file named *{ENDING}, or a page of an "
                    f"album such as BOOK@65, or a mix such as a{ENDING}*0.7+seed:5*0.3; it got "
                    f"{shown(text)}."
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
        """The pattern files it depends on, each once; of an album the pages by its age, of one at
        the target age all."""
        named: dict[Path, None] = {}
        for term in self.terms:
            if isinstance(term.source, Page):
                named |= dict.fromkeys(term.source.files)
            elif isinstance(term.source, str):
                named[Path(term.source)] = None
        return tuple(named)

    @property
    def pages(self) -> tuple[Page, ...]:
        """The pages of albums that it asks for, each once."""
        return tuple(dict.fromkeys(t.source for t in self.terms if isinstance(t.source, Page)))

    def at(self, target_age: float) -> Mix:
        """The same with albums at the target age, where they are to follow it."""
        return Mix(tuple(_at(term, target_age) for term in self.terms))


def pattern(value: int | str) -> int | str:
    """What a flag, a knob or a job says of a pattern, as `Settings` keeps it. Raises
    SettingsError."""
    return Mix.of(value).plain


def at_target(value: int | str, target_age: float) -> int | str:
    """A pattern as it is at a target age. Raises SettingsError."""
    return value if isinstance(value, int) else Mix.of(value).at(target_age).plain


def _at(term: Term, age: float) -> Term:
    source = term.source
    if not isinstance(source, Page) or source.age is not None:
        return term
    return replace(term, source=replace(source, age=age))


def _term(found: re.Match[str]) -> Term:
    seed, age = found["seed"], found["age"]
    if seed and int(seed) > HIGHEST_SEED:
        raise SettingsError(f"--pattern is {seed}; a seed is from 0 to {HIGHEST_SEED}.")
    by = float(found["by"] or 1)
    if by > _MOST:
        what = found["path"] or seed
        raise SettingsError(f"--pattern weighs {what} by {by:g}; {_MOST:g} is the most.")
    words = [word for word in re.split(r"[:,\s]+", found["how"]) if word]
    regions = tuple(word for word in words if word != _MIRROR)
    if wrong := [word for word in regions if word not in REGIONS]:
        raise SettingsError(
            f"--pattern knows mirror and the regions {', '.join(REGIONS)}; it got "
            f"{', '.join(wrong)}."
        )
    source: int | str | Page
    if seed:
        source = int(seed)
    elif age:
        source = Page(found["path"], None if age == "target" else float(age))
    else:
        source = found["path"] + found["file"]
    return Term(source, by, _MIRROR in words, regions)
