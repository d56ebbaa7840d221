"""Knobs that hold one word out of a list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fake_nuke import facts, tcl
from fake_nuke.animation import Channel
from fake_nuke.knobs.array import Array_Knob


class Enumeration_Knob(Array_Knob):
    """Its number is the word's place in the list; a word that is not there raises.

    A number that is set is taken for a word first, then for a place.
    """

    def __init__(
        self, name: str, label: str | None = None, items: Sequence[str] | None = None
    ) -> None:
        super().__init__(name, label)
        self._values = tuple(items or ())

    def _word_places(self) -> dict[str, float]:
        known = facts.words(self._values)
        order = {item.split("\t")[0]: float(i) for i, item in enumerate(self._values)}
        return {said: order[word] for said, word in known.items()}

    def values(self) -> list[str]:
        return list(self._values)

    def setValues(self, items: Sequence[str]) -> None:
        """The word stays where the new list has it."""
        word = self._shown(self._numbers(None), None)
        self._values = tuple(str(item) for item in items)
        if not self._held[0].live:
            self._put((Channel(self._word_places().get(word, 0.0)),))

    def numValues(self) -> int:
        return len(self._values)

    def enumName(self, place: int) -> str:
        return self._values[place].split("\t")[0]

    def _shown(self, numbers: list[float], index: int | None) -> Any:
        place = int(numbers[0])
        if not self._values:
            return ""
        if not 0 <= place < len(self._values):
            raise ValueError(f"{self._name} has {len(self._values)} words, none at {place}.")
        return self._values[place].split("\t")[0]

    def _read(self, value: Any) -> list[float]:
        if isinstance(value, str) or str(value) in self._word_places():
            return [self._place_of(str(value))]
        place = super()._read(value)[0]
        if not 0 <= place < len(self._values):
            raise ValueError(f"{self._name} has {len(self._values)} words, none at {value}.")
        return [place]

    def _place_of(self, word: str) -> float:
        try:
            return self._word_places()[word]
        except KeyError:
            raise ValueError(
                f"{self._name} has no {word!r}; it has {', '.join(map(repr, self._values))}."
            ) from None

    def _script(self) -> str:
        channel = self._held[0]
        return channel.script() if channel.live else str(self._shown([channel.number], None))

    def _from_script(self, script: str) -> None:
        if script.lstrip().startswith("{"):
            super()._from_script(script)
        else:
            self._put((Channel(self._place_of(script)),))

    def _line(self) -> str:
        if self._held[0].live:
            return "{" + self._script() + "}"
        return tcl.quote(self._script())


class EditableEnumeration_Knob(Enumeration_Knob):
    pass


class CascadingEnumeration_Knob(Enumeration_Knob):
    pass


class Radio_Knob(Enumeration_Knob):
    pass
