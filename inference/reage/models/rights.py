"""Whose face a model of one actor is, what was agreed on, and until when.

The fields are those that contracts under SAG-AFTRA's rules on digital replicas ask to record, and
whoever has to answer for a frame later: see `docs/rights.md`. None of this is legal advice.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, timezone

from reage.errors import RightsError
from reage.shaped import shown

KINDS = ("digital alteration", "digital replica")
"""Of use: a performance that was given is altered, or one is made that was not."""

WARNED = 30
"""Days before the end from which a render says so."""

_WORDS = ("performer", "producer", "production", "description", "scope", "signer")


@dataclass(frozen=True)
class Rights:
    """performer, producer, production   names
    kind             of use, one of KINDS
    description      what is done, in words that the performer could judge
    scope            what the consent covers: which scenes, media, territories
    valid_from, valid_until   first and last day on which it may be used, ISO dates
    signer, signed_on   who signed the consent, and when
    consent_sha256   of the signed document, 64 hex digits
    noticed_on       when the performer was told of this use; empty where it is not known
    photographs      how many the model learned from; ages: the youngest and oldest on them
    seed             of the training
    overridden       why it is used outside these days; only ever set by a render
    """

    performer: str
    producer: str
    production: str
    kind: str
    description: str
    scope: str
    valid_from: str
    valid_until: str
    signer: str
    signed_on: str
    consent_sha256: str
    noticed_on: str = ""
    photographs: int = 0
    ages: tuple[float, float] | None = None
    seed: int = 0
    overridden: str = ""

    def problems(self) -> list[str]:
        """What is wrong with the fields, a few words each."""
        wrong = [f"{name} is empty" for name in _WORDS if not getattr(self, name).strip()]
        if self.kind not in KINDS:
            wrong.append(f"kind is {shown(self.kind)}; it must be {' or '.join(KINDS)}")
        for name in ("valid_from", "valid_until", "signed_on", "noticed_on"):
            text = getattr(self, name)
            if not (_is_date(text) or (name == "noticed_on" and not text)):
                wrong.append(f"{name} is {shown(text)}; it must be a date such as 2026-11-30")
        if not wrong and self.valid_from > self.valid_until:
            wrong.append("valid_from is after valid_until")
        if not re.fullmatch(r"[0-9a-f]{64}", self.consent_sha256):
            wrong.append("consent_sha256 is not 64 hex digits, as sha256sum prints them")
        return wrong

    def line(self) -> str:
        """What a render shows and every frame's header says."""
        return (
            f"{self.performer} in {self.production} ({self.producer}), {self.kind}: "
            f"{self.description}; {self.scope}; consent signed by {self.signer} on "
            f"{self.signed_on}, for {self.valid_from} to {self.valid_until}, sha256 "
            f"{self.consent_sha256}"
        )

    def short(self) -> str:
        """The same for a panel: whose face, for what, photographed when, until when."""
        ages = f", photographed at {self.ages[0]:g} to {self.ages[1]:g}" if self.ages else ""
        used = f"; used without it: {self.overridden}" if self.overridden else ""
        return f"{self.performer} in {self.production}{ages}; until {self.valid_until}{used}"

    def permitted(self, today: date, past_consent: str = "") -> Rights:
        """These rights, where they hold on a day; outside of it with `past_consent`, the reason
        why they are used all the same, noted in them. Raises RightsError without one."""
        day = today.isoformat()
        if self.valid_from <= day <= self.valid_until:
            return replace(self, overridden="")
        if reason := past_consent.strip():
            return replace(self, overridden=reason)
        when = (
            f"begins on {self.valid_from}" if day < self.valid_from
            else f"ended on {self.valid_until}"
        )
        raise RightsError(
            f"The consent of {self.performer} for {self.production} {when}. Ask for another one "
            "and put its dates on the card. `reage render --past-consent REASON` renders all the "
            "same, and every frame says why."
        )

    def notices(self, today: date) -> list[str]:
        """Sentences for whoever renders."""
        told = [f"Rights: {self.line()}."]
        if self.overridden:
            told.append(
                f"The consent does not hold today; used all the same, because: {self.overridden}"
            )
        elif (left := (date.fromisoformat(self.valid_until) - today).days) <= WARNED:
            day = "today" if not left else "tomorrow" if left == 1 else f"in {left} days"
            told.append(f"The consent ends {day}, on {self.valid_until}; afterwards it is refused.")
        return told


def today() -> date:
    """In UTC, so that all machines of a farm agree."""
    return datetime.now(timezone.utc).date()


def template() -> dict[str, object]:
    """A card's rights to be filled in: each field, empty."""
    words = {f.name: "" for f in fields(Rights) if f.type == "str" and f.name != "overridden"}
    return {**words, "kind": KINDS[0]}


def _is_date(text: str) -> bool:
    """ISO dates as they are written most: text of them sorts by day."""
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
