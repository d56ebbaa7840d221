"""Load a .gizmo or .nk text with a real Tcl interpreter, into plain data.

The text is Tcl. Nuke runs it line by line; a node's class is a command, the nodes are wired
by a stack. So is this done here, in a safe interpreter that knows nothing but these commands:

    Class {knob value …}   a node; takes its inputs from the stack, then lies on top of it
    Root {…}               the script's settings, no node on the stack
    end_group              closes the Group or Gizmo that was opened last
    set X [stack 0]        names the top of the stack;  push $X  puts it there again
    push 0                 puts an unconnected input there
    version, add_layer, define_window_layout_xml

`inputs N` takes N from the stack (1 where it is not said; `N+M` takes both): what was pushed
last becomes input 0. Each group has a stack of its own.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest

tkinter = pytest.importorskip("tkinter", reason="this Python has no tkinter, so no Tcl")

_PLAIN_COMMANDS = ("version", "add_layer", "define_window_layout_xml", "end_group", "push")
_OPENS_STACK = ("Group", "Gizmo", "LiveGroup")


class ScriptError(Exception):
    """What is wrong with the text, in a sentence."""


@dataclass(frozen=True)
class UserKnob:
    """One `addUserKnob {…}` line. `flags` as written, such as "+STARTLINE"."""

    id: int
    name: str = ""
    label: str = ""
    tooltip: str = ""
    payload: str = ""
    items: tuple[str, ...] = ()
    range: tuple[float, float] | None = None
    count: int = 0
    flags: tuple[str, ...] = ()


@dataclass(eq=False)
class LoadedNode:
    """A node as its text says it; `knobs` holds raw values, unquoted once."""

    cls: str
    knobs: dict[str, str] = field(default_factory=dict)
    user_knobs: list[UserKnob] = field(default_factory=list)
    inputs: list[LoadedNode | None] = field(default_factory=list)
    children: list[LoadedNode] = field(default_factory=list)

    @property
    def name(self) -> str:
        return self.knobs.get("name", "")

    def find(self, name: str) -> LoadedNode:
        """The child of that name; KeyError without one."""
        for child in self.children:
            if child.name == name:
                return child
        raise KeyError(name)


@dataclass
class Script:
    """A whole text: `nodes` in order, groups with their children inside."""

    nodes: list[LoadedNode] = field(default_factory=list)
    root: LoadedNode | None = None
    version: str = ""
    layers: dict[str, tuple[str, ...]] = field(default_factory=dict)
    last: LoadedNode | None = None

    def every(self) -> list[LoadedNode]:
        """All nodes, those inside groups too, each group before its children."""
        found: list[LoadedNode] = []
        waiting = list(self.nodes)
        while waiting:
            node = waiting.pop(0)
            found.append(node)
            waiting[:0] = node.children
        return found


def load(text: str, onto: Sequence[LoadedNode | None] = ()) -> Script:
    """Read a .nk text. `onto` lies on the stack already, its last on top: a paste's selection.

    Raises ScriptError for a brace too many or too few, a variable that is not set, an input
    that nothing was pushed for, an `end_group` too many or missing.
    """
    return _Loading(list(onto)).run(text)


def load_gizmo(text: str) -> Script:
    """Read a .gizmo text: one Gizmo or Group. Its own inputs are the user's to connect."""
    script = load(text, [None] * 16)
    if len(script.nodes) != 1 or script.nodes[0].cls not in _OPENS_STACK:
        raise ScriptError("A gizmo holds one Gizmo or Group and nothing beside it.")
    return script


def split(text: str) -> list[str]:
    """The words of a Tcl list, their quotes and backslashes undone."""
    try:
        return [str(word) for word in _TCL.splitlist(text)]
    except tkinter.TclError as error:
        raise ScriptError(f"{text[:60]!r} is no Tcl list: {error}.") from error


def quote(text: str) -> str:
    """One word of a Tcl list that says `text`."""
    if text and not re.search(r'[\s"\\{}\[\]$;#]', text):
        return text
    escaped = re.sub(r'([\\"\[${}])', r"\\\1", text).replace("\n", "\\n")
    return f'"{escaped}"'


class _Loading:
    """One run over a text: the open groups, each with its stack, and what came of it so far."""

    def __init__(self, onto: list[LoadedNode | None]) -> None:
        self.script = Script()
        self.groups: list[LoadedNode] = []
        self.stacks: list[list[LoadedNode | None]] = [onto]
        self.handles: list[LoadedNode] = [node for node in onto if node is not None]

    def run(self, text: str) -> Script:
        tcl = tkinter.Tcl()
        tcl.eval("interp create -safe nk")
        for command in (*_PLAIN_COMMANDS, "stack", "unknown"):
            tcl.createcommand(f"nk_{command}", getattr(self, command))
            tcl.eval(f"interp alias nk {command} {{}} nk_{command}")
        self.failure: ScriptError | None = None
        try:
            tcl.call("interp", "eval", "nk", text)
        except tkinter.TclError as error:
            raise self.failure or ScriptError(f"Tcl stops {self._place()}: {error}.") from None
        if self.groups:
            raise ScriptError(f"end_group is missing for {_title(self.groups[-1])}.")
        return self.script

    def _place(self) -> str:
        return f"after {_title(self.script.last)}" if self.script.last else "before the first node"

    def _fail(self, sentence: str) -> None:
        self.failure = ScriptError(sentence)
        raise self.failure

    # ------------------------------------------------------------ the commands
    def version(self, *words: str) -> str:
        self.script.version = " ".join(words)
        return ""

    def define_window_layout_xml(self, _layout: str) -> str:
        return ""

    def add_layer(self, words: str) -> str:
        layer, *channels = split(words)
        self.script.layers[layer] = tuple(channels)
        return ""

    def stack(self, depth: str) -> str:
        top = self.stacks[-1][-1 - int(depth)] if self.stacks[-1] else None
        return "0" if top is None else f"N{self.handles.index(top)}"

    def push(self, handle: str) -> str:
        self.stacks[-1].append(None if handle == "0" else self.handles[int(handle[1:])])
        return ""

    def end_group(self) -> str:
        if not self.groups:
            self._fail("end_group closes a group that was never opened.")
        self.groups.pop()
        self.stacks.pop()
        return ""

    def unknown(self, cls: str, *words: str) -> str:
        """Any other command: a node's class."""
        if len(words) != 1:
            self._fail(f"{cls} is no command; a node reads `Class {{knobs}}` ({self._place()}).")
        try:
            node, inputs = _node(cls, words[0])
        except ScriptError as error:
            self._fail(f"{error} ({self._place()})")
        if cls == "Root":
            self.script.root = node
        else:
            self._place_node(node, inputs)
        return ""

    def _place_node(self, node: LoadedNode, inputs: int) -> None:
        stack = self.stacks[-1]
        if inputs > len(stack):
            self._fail(
                f"{_title(node)} takes {inputs} inputs, but {len(stack)} nodes lie on the stack."
            )
        node.inputs = [stack.pop() for _ in range(inputs)]
        siblings = self.groups[-1].children if self.groups else self.script.nodes
        siblings.append(node)
        stack.append(node)
        self.handles.append(node)
        self.script.last = node
        if node.cls in _OPENS_STACK:
            self.groups.append(node)
            self.stacks.append([])


def _node(cls: str, body: str) -> tuple[LoadedNode, int]:
    """A node from the text between its braces, and how many inputs it takes."""
    node, inputs = LoadedNode(cls), 1
    for line in _lines(body):
        words = split(line)
        if len(words) != 2:
            raise ScriptError(f"{cls}: a line reads `knob value`, not {line.strip()[:60]!r}.")
        name, value = words
        if _live_bracket(line):
            raise ScriptError(f"{cls}.{name}: [ in quotes runs while loading; write \\[.")
        if name == "addUserKnob":
            node.user_knobs.append(_user_knob(value))
        elif name == "inputs":
            inputs = sum(int(part) for part in value.split("+"))
        else:
            node.knobs[name] = value
    return node, inputs


def _lines(body: str) -> list[str]:
    """The body's commands; a value in braces or quotes may go over several lines."""
    found, open_line = [], ""
    for line in body.split("\n"):
        open_line = f"{open_line}\n{line}" if open_line else line
        if _TCL.call("info", "complete", open_line + "\n"):
            if open_line.strip():
                found.append(open_line)
            open_line = ""
    if open_line.strip():
        raise ScriptError(f"A brace or a quote stays open: {open_line.strip()[:60]!r}.")
    return found


def _live_bracket(line: str) -> bool:
    value = line.strip().partition(" ")[2].lstrip()
    return value.startswith('"') and re.search(r"(?<!\\)(\\\\)*\[", value) is not None


_VALUED = {"l": "label", "t": "tooltip", "T": "payload"}


def _user_knob(text: str) -> UserKnob:
    """{ID name l "Label" t "tooltip" T payload M {items} R min max n 1 +FLAG …}"""
    words = split(text)
    fields: dict[str, object] = {"id": int(words[0]), "name": words[1] if len(words) > 1 else ""}
    flags: list[str] = []
    rest = iter(words[2:])
    for word in rest:
        if word in _VALUED:
            fields[_VALUED[word]] = next(rest, "")
        elif word == "M":
            fields["items"] = tuple(split(next(rest, "")))
        elif word == "R":
            fields["range"] = (float(next(rest, "nan")), float(next(rest, "nan")))
        elif word == "n":
            fields["count"] = int(next(rest, "0"))
        elif re.fullmatch(r"[+-][A-Z_]+", word):
            flags.append(word)
        else:
            raise ScriptError(f"addUserKnob {fields['name']}: {word!r} is no attribute.")
    return UserKnob(**fields, flags=tuple(flags))


def _title(node: LoadedNode) -> str:
    return f"{node.cls} {node.name}".strip()


_TCL = tkinter.Tcl()
