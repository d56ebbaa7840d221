"""Knobs that hold a text: names, file patterns, labels, Python code."""

from __future__ import annotations

import re
from typing import Any

from fake_nuke.knobs.base import Knob


class String_Knob(Knob):
    """`_held` is the raw text.

    Sources disagree on whether value() shows Tcl in brackets raw or evaluated, so it refuses:
    `getText()` is the raw text, `evaluate()` (of file and eval strings) the other.
    """

    _held: str = ""

    @property
    def _text(self) -> str:
        return self._held

    def value(self, *_: Any) -> str:
        if re.search(r"(?<!\\)\[", self._held):
            raise RuntimeError(
                f"{self._name} holds Tcl: ask for getText() or evaluate(), value() is ambiguous."
            )
        return self._held

    getValue = value

    def getText(self, *_: Any) -> str:
        return self._held

    def setValue(self, value: str, *_: Any) -> bool:
        if not isinstance(value, str):
            raise TypeError(f"{self._name} takes a string, not {value!r}.")
        return self._put(value)

    def _script(self) -> str:
        return self._held

    def _from_script(self, script: str) -> None:
        self._put(script)


class EvalString_Knob(String_Knob):
    """A text with Tcl in brackets."""

    def evaluate(self, *_: Any) -> str:
        return self._worked_out()

    def _worked_out(self) -> str:
        return self._node._evaluated(self._held) if self._node is not None else self._held


class Multiline_Eval_String_Knob(EvalString_Knob):
    pass


class File_Knob(EvalString_Knob):
    """A file name or pattern, with forward slashes on every system."""

    def evaluate(self, *_: Any) -> str:
        """The file of the current frame and view."""
        return self._node._file(self) if self._node is not None else self._held

    def getEvaluatedValue(self, *_: Any) -> str:
        """The pattern without Tcl, its #### as %04d."""
        return re.sub(r"#+", lambda hashes: f"%0{len(hashes[0])}d", self._worked_out())

    def fromUserText(self, text: str) -> None:
        """`pattern first-last`, as one pastes it into a Read."""
        match = re.fullmatch(r"(.*?)\s+(-?\d+)-(-?\d+)", text.strip())
        self._put(match[1] if match else text.strip())
        if match and self._node is not None and self._node._cls == "Read":
            for name, number in zip(("first", "last"), match.groups()[1:], strict=True):
                self._node[name].setValue(int(number))
                self._node["orig" + name].setValue(int(number))


class Multiline_String_Knob(String_Knob):
    pass


class Password_Knob(String_Knob):
    pass


class PythonKnob(String_Knob):
    """Python that Nuke runs at its time: onCreate, knobChanged, beforeRender…"""


class Font_Knob(String_Knob):
    pass


class Text_Knob(String_Knob):
    """A line of text on the panel; without name and text it is a divider."""

    def __init__(self, name: str, label: str | None = None, value: str = "") -> None:
        super().__init__(name, label)
        self._held = value


class Help_Knob(Text_Knob):
    pass


class Channel_Knob(String_Knob):
    """Layers and channels; each must be known to the session."""

    def _put(self, held: str) -> bool:
        if self._world is not None and self._node is not None:
            known = self._world.layers.keys() | self._world.channels() | _SHORT
            for word in held.replace("{", " ").replace("}", " ").split():
                if word.lstrip("-") not in known:
                    raise ValueError(
                        f"{self._node._cls}.{self._name}: there is no layer or channel {word}; "
                        "add_layer, or nuke.Layer, makes one."
                    )
        return super()._put(held)


_SHORT = {"all", "none", "red", "green", "blue", "alpha"}


class ChannelMask_Knob(Channel_Knob):
    pass


class MultiView_Knob(String_Knob):
    pass


class Views_Knob(String_Knob):
    """The root's views, one `name #color` a line."""


class OneView_Knob(String_Knob):
    pass
