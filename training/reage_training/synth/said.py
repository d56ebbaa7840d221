"""A look that is said: what of a person's skin is given, in place of what their seed draws.

So a person who is known, such as an actor's double, is rendered by what renders everybody else.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from reage import strict_json
from reage.errors import SettingsError
from reage.pattern.layout import KINDS
from reage.shaped import made
from reage_training.synth.ageing import SHADED
from reage_training.synth.traits import Traits

LOOK = "look"
"""What it is called in a view's metadata."""


@dataclass(frozen=True)
class SaidLook:
    """None: the seed draws it. What each means, `render.look.Look` says.

    traits    of the person; where a `Person` carries the look, theirs
    pattern   which of the dataset's
    delays    a number for each of `layout.KINDS`, years
    fields    a number for each of `ageing.SHADED`
    """

    traits: Traits | None = None
    pattern: int | None = None
    mirrored: bool | None = None
    shift: tuple[float, float] | None = None
    delays: tuple[float, ...] | None = None
    fields: tuple[float, ...] | None = None

    def __post_init__(self) -> None:
        for name, given, count in (
            ("delays", self.delays, len(KINDS)), ("fields", self.fields, len(SHADED)),
        ):  # fmt: skip
            if given is not None and len(given) != count:
                raise SettingsError(f"A look's {name} are {count} numbers, not {len(given)}.")

    @classmethod
    def of(cls, metadata: Mapping[str, Any]) -> SaidLook:
        """What a view's metadata says of it. Raises SettingsError where that is no look."""
        return made(cls, metadata.get(LOOK, {}), "The look of a view", SettingsError)

    def to_dict(self) -> dict[str, Any]:
        """As it stands in metadata, without what is not said."""
        said = {name: value for name, value in asdict(self).items() if value is not None}
        return dict(strict_json.loads(json.dumps(said), "the look", SettingsError))


def traits_of(metadata: Mapping[str, Any]) -> Traits:
    """The traits of a view's person."""
    return SaidLook.of(metadata).traits or Traits.random(int(metadata["seed"]))
