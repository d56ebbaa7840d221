"""Knobs that run code: buttons, and panels drawn by Python."""

from __future__ import annotations

from typing import Any

from fake_nuke.knobs.base import Knob


class Script_Knob(Knob):
    """A button with Tcl behind it."""

    def __init__(self, name: str, label: str | None = None, command: str = "") -> None:
        self._held = command
        super().__init__(name, label)

    @property
    def _text(self) -> str:
        return self._held

    def command(self) -> str:
        return self._held

    def setCommand(self, command: str) -> None:
        self._put(command)

    def value(self) -> str:
        return self._held

    def setValue(self, command: str) -> bool:
        return self._put(command)

    def execute(self) -> None:
        """Press it. The fake Nuke knows one Tcl button: a Read's reload."""
        if self._node is None or self._name != "reload":
            raise NotImplementedError(f"The fake Nuke cannot run the Tcl of {self._name}.")
        version = self._node["version"]
        version.setValue(version.value() + 1)

    def _script(self) -> str:
        return self._held

    def _from_script(self, script: str) -> None:
        self._put(script)


class PyScript_Knob(Script_Knob):
    """A button with Python behind it."""

    def execute(self) -> None:
        """Press it: thisNode and thisGroup are the node; what it raises comes out."""
        if self._node is None:
            raise RuntimeError(f"{self._name} is on no node.")
        self._node._run(self, self._held)


class PyCustom_Knob(Script_Knob):
    """Python that makes an object with makeUI() and updateValue()."""

    _object: Any = None

    def execute(self) -> None:
        raise NotImplementedError("A PyCustom knob is no button.")

    def getObject(self) -> Any:
        if self._object is None and self._world is not None:
            self._object = eval(self._held, {"nuke": self._world.nuke})
        return self._object


class PythonCustomKnob(PyCustom_Knob):
    pass
