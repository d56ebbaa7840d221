"""Nodes: their knobs, their names, their wires."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from fake_nuke import facts
from fake_nuke.addresses import find_knob
from fake_nuke.callbacks import run_python
from fake_nuke.constants import DO_NOT_WRITE, EXPRESSIONS, INPUTS, KNOB_CHANGED_ALWAYS
from fake_nuke.evaluating import evaluated, knob_expression, word_of
from fake_nuke.file_names import file_at
from fake_nuke.knobs import Knob, fact_knob
from fake_nuke.knobs.base import followed
from fake_nuke.knobs.structure import Tab_Knob
from fake_nuke.shown import Shown

if TYPE_CHECKING:
    from fake_nuke.group import Group
    from fake_nuke.world import World

_VALID_NAME = re.compile(r"[A-Za-z_]\w*")


class Node(Shown):
    """A node of the graph. After it was deleted, every call raises ValueError."""

    _holds_nodes = False

    def __init__(self, world: World, cls: str, known: dict[str, facts.KnobFact]) -> None:
        self._world = world
        self._cls = cls
        self._parent: Group | None = None
        self._inputs: list[Node | None] = []
        self._knobs: dict[str, Knob] = {}
        self._user: list[Knob] = []
        self._alive = True
        self._shown = False
        for name, fact in known.items():
            self._own(fact_knob(name, fact))

    def __repr__(self) -> str:
        return f"<{self._cls} {self._knobs['name']._held if 'name' in self._knobs else ''}>"

    def _check_alive(self) -> None:
        if not self._alive:
            raise ValueError("A PythonObject is not attached to a node")

    def _own(self, knob: Knob) -> None:
        knob._node = self
        self._knobs[knob._name] = knob

    def _changed(self, knob: Knob, before: Any) -> None:
        """A knob holds another value."""
        if knob._name == "file_type" and self._cls == "Write":
            self._file_type_knobs()
        if self._in_script() or self is self._world.root:
            self._world.root._modified = True
        if self._is_lost(knob) and not self._world.loading and not self._world.undoing.replaying:
            self._world.lost.append(f"{self.fullName()}.{knob._name}")
        if self._tells(knob):
            self._world.callbacks.knob_changed(self, knob)

    def _tells(self, knob: Knob) -> bool:
        """Whether knobChanged fires: with a GUI for an open panel, in a terminal always."""
        quiet = self._world.gui and not (self._shown or knob._flags & KNOB_CHANGED_ALWAYS)
        return self._in_script() and not quiet and not self._world.undoing.replaying

    def _is_lost(self, knob: Knob) -> bool:
        """Whether the node is part of a gizmo in the script: of that a script saves nothing but
        what the gizmo has a link to."""
        around = self._parent if self._in_script() else None
        if around is None or not around._is_defined():
            return False
        return not any(k._is_link and k.getLinkedKnob() is knob for k in around._knobs.values())

    def _is_defined(self) -> bool:
        """Whether what is inside comes from a gizmo's file."""
        return self._parent is not None and self._parent._is_defined()

    def _in_script(self) -> bool:
        """Whether the node hangs below the root: the inside of a gizmo being read does not."""
        top: Node = self
        while top._parent is not None:
            top = top._parent
        return top is self._world.root and top is not self

    def _file_type_knobs(self) -> None:
        """A Write has the knobs of a format only once its file_type says so."""
        for name in facts.WRITE_EXR:
            self._knobs.pop(name, None)
        if word_of(self, "file_type") == "exr":
            for name, fact in facts.WRITE_EXR.items():
                self._own(fact_knob(name, fact))

    # ------------------------------------------------------------ what its knobs ask of it
    def _child(self, name: str) -> Node | None:
        """The node of that name inside; only a group has one."""
        return None

    def _number(self, knob: Knob, expression: str, time: float) -> float:
        return knob_expression(knob, expression, time)

    def _evaluated(self, text: str) -> str:
        return evaluated(self, text)

    def _file(self, knob: Knob) -> str:
        return file_at(knob)

    def _linked(self, address: str) -> Knob | None:
        return find_knob(self, address)

    def _run(self, button: Knob, code: str) -> None:
        with self._world.being(self, button):
            run_python(self._world, code)

    # ------------------------------------------------------------ knobs
    def Class(self) -> str:
        return self._cls

    def knob(self, name: str | int, follow_link: bool = True) -> Knob | None:
        knobs = self._knobs
        knob = list(knobs.values())[name] if isinstance(name, int) else knobs.get(name)
        return followed(knob) if follow_link else knob

    def __getitem__(self, name: str) -> Knob:
        knob = self.knob(name)
        if knob is None:
            raise NameError(f"knob {name} does not exist ({self._cls} {self.name()})")
        return knob

    def knobs(self) -> dict[str, Knob]:
        return dict(self._knobs)

    def allKnobs(self) -> list[Knob]:
        nameless = [knob for knob in self._user if not knob._name]
        return [*self._knobs.values(), *nameless]

    def numKnobs(self) -> int:
        return len(self.allKnobs())

    def addKnob(self, knob: Knob) -> None:
        if not isinstance(knob, Knob):
            raise TypeError(f"addKnob takes a knob, not {knob!r}.")
        if not isinstance(knob, Tab_Knob) and not any(isinstance(k, Tab_Knob) for k in self._user):
            self.addKnob(Tab_Knob("User"))
        if knob._name:
            if knob._name in self._knobs:
                raise ValueError(f"{self.name()} has a knob {knob._name} already.")
            self._own(knob)
        knob._node = self
        self._user.append(knob)
        self._world.undoing.note(lambda: self.removeKnob(knob))

    def removeKnob(self, knob: Knob) -> None:
        if knob not in self._user:
            raise ValueError(f"{knob._name} is no user knob of {self.name()}.")
        self._user.remove(knob)
        self._knobs.pop(knob._name, None)
        knob._node = None

    def readKnobs(self, script: str) -> None:
        from fake_nuke.making import read_knobs

        read_knobs(self, script)

    def writeKnobs(self, flags: int = 3) -> str:
        from fake_nuke.writing import write_knobs

        return write_knobs(self, flags)

    def resetKnobsToDefault(self) -> None:
        for knob in self._knobs.values():
            if knob._name != "name":
                knob._put(knob._default)

    def help(self) -> str:
        return str(self._knobs["help"]._held)

    # ------------------------------------------------------------ names and places
    def name(self) -> str:
        return str(self._knobs["name"]._held)

    def setName(self, name: str, uncollide: bool = True, updateExpressions: bool = False) -> None:
        if not _VALID_NAME.fullmatch(name):
            raise ValueError(f"{name!r} is no node name: letters, digits and underscores.")
        siblings = self._parent._children if self._parent is not None else []
        taken = {child.name() for child in siblings if child is not self}
        if name in taken:
            if not uncollide:
                raise ValueError(f"There is a node {name} already.")
            stem = name.rstrip("0123456789")
            name = next(f"{stem}{i}" for i in range(1, 10**6) if f"{stem}{i}" not in taken)
        self._knobs["name"]._put(name)

    def fullName(self) -> str:
        above = self._parent
        return f"{above.fullName()}.{self.name()}" if above and above._parent else self.name()

    def parent(self) -> Group | None:
        return self._parent

    def setXYpos(self, x: int, y: int) -> None:
        self.setXpos(x)
        self.setYpos(y)

    def setXpos(self, x: int) -> None:
        self._knobs["xpos"].setValue(int(x))

    def setYpos(self, y: int) -> None:
        self._knobs["ypos"].setValue(int(y))

    def xpos(self) -> int:
        return int(self._knobs["xpos"].value())

    def ypos(self) -> int:
        return int(self._knobs["ypos"].value())

    def screenWidth(self) -> int:
        """0 where there is no graph to draw in, and while the node is pasted or loaded."""
        return 80 if self._world.gui and not self._world.loading else 0

    def screenHeight(self) -> int:
        return 18 if self._world.gui and not self._world.loading else 0

    def autoplace(self) -> None:
        """Below its first input."""
        first = self._connected(0)
        if first is not None:
            self.setXYpos(first.xpos(), first.ypos() + 40)

    def setSelected(self, selected: bool) -> None:
        self._knobs["selected"].setValue(bool(selected))

    def selectOnly(self) -> None:
        for node in self._parent._children if self._parent is not None else ():
            node.setSelected(node is self)

    def isSelected(self) -> bool:
        return bool(self._knobs["selected"].value())

    def shown(self) -> bool:
        return self._shown

    def showControlPanel(self, forceFloat: bool = False) -> None:
        self._shown = self._world.gui

    def hideControlPanel(self) -> None:
        self._shown = False

    def redraw(self) -> None:
        pass

    # ------------------------------------------------------------ wires
    def maxInputs(self) -> int:
        return facts.max_inputs(self._cls)

    maximumInputs = maxInputs

    def minInputs(self) -> int:
        return min(self.maxInputs(), 1)

    def inputs(self) -> int:
        """The highest connected input, plus one."""
        return max((i + 1 for i, node in enumerate(self._inputs) if node is not None), default=0)

    def input(self, i: int) -> Node | None:
        return self._world.hand(self._connected(i))

    def _connected(self, i: int) -> Node | None:
        return self._inputs[i] if 0 <= i < len(self._inputs) else None

    def canSetInput(self, i: int, node: Node | None) -> bool:
        if not 0 <= i < self.maxInputs():
            return False
        if node is None:
            return True
        return node._parent is self._parent and self not in node._upstream()

    def setInput(self, i: int, node: Node | None) -> bool:
        """False, and nothing done, where the input is not to be had; as Nuke does."""
        if node is not None and not isinstance(node, Node):
            raise TypeError(f"setInput takes a node or None, not {node!r}.")
        if not self.canSetInput(i, node):
            return False
        before = self._connected(i)
        self._wire(i, node)
        self._world.undoing.note(lambda: self._wire(i, before))
        if self._shown:
            self._world.callbacks.knob_changed(self, dummy_knob("inputChange", self))
        return True

    def connectInput(self, i: int, node: Node) -> bool:
        """The input asked for, else the next free one."""
        free = (n for n in range(i, self.maxInputs()) if self._connected(n) is None)
        return any(self.setInput(n, node) for n in free)

    def _wire(self, i: int, node: Node | None) -> None:
        self._inputs += [None] * (i + 1 - len(self._inputs))
        self._inputs[i] = node

    def _upstream(self) -> set[Node]:
        """The node and all that flows into it, in its own group."""
        found: set[Node] = set()
        waiting: list[Node] = [self]
        while waiting:
            node = waiting.pop()
            if node not in found:
                found.add(node)
                waiting += [n for n in node._inputs if n is not None]
        return found

    def dependencies(self, what: int = INPUTS | EXPRESSIONS) -> list[Node]:
        """What this node reads from: its inputs, and the nodes that its expressions name."""
        return [self._world.hand(node) for node in self._reads_from(what)]

    def _reads_from(self, what: int) -> list[Node]:
        found = [n for n in self._inputs if n is not None] if what & INPUTS else []
        if what & EXPRESSIONS:
            found += [n for n in self._named() if n not in found and n is not self]
        return found

    def dependent(self, what: int = INPUTS | EXPRESSIONS, forceEvaluate: bool = True) -> list[Node]:
        siblings = self._parent._children if self._parent is not None else []
        return [self._world.hand(node) for node in siblings if self in node._reads_from(what)]

    def _named(self) -> list[Node]:
        found: list[Node] = []
        for knob in self._knobs.values():
            for channel in knob._held if isinstance(knob._held, tuple) else ():
                for name in re.findall(r"[A-Za-z_][\w.]*\.\w+", channel.expression or ""):
                    named = find_knob(self, name)
                    if named is not None and named._node is not None:
                        found.append(named._node)
        return list(dict.fromkeys(found))


def dummy_knob(name: str, node: Node) -> Knob:
    """The knobs that are none: showPanel, hidePanel, inputChange."""
    knob = Tab_Knob(name)
    knob._node = node
    knob._flags = DO_NOT_WRITE
    return knob
