"""The module `nuke`, put together from a session. What it does not have raises AttributeError."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import TYPE_CHECKING, Any

from fake_nuke import constants, functions, graph, messages
from fake_nuke.formats import Format
from fake_nuke.group import Gizmo, Group
from fake_nuke.guard import on_main
from fake_nuke.knobs import CLASSES
from fake_nuke.knobs.keyed import AnimationCurve, AnimationKey
from fake_nuke.node import Node
from fake_nuke.ranges import FrameRange, FrameRanges
from fake_nuke.root import Root
from fake_nuke.undo import undo_class

if TYPE_CHECKING:
    from fake_nuke.menus import Menus
    from fake_nuke.paths import Plugins
    from fake_nuke.progress import Tasks
    from fake_nuke.scripts import Scripts
    from fake_nuke.threads import MainQueue
    from fake_nuke.world import World

VERSION = (17, 0, 3)

_HIDDEN_CLASSES = {"Views_Knob", "Multiline_String_Knob"}
"""Knobs that scripts have and Python cannot make."""


def build(
    world: World,
    scripts: Scripts,
    plugins: Plugins,
    menus: Menus,
    queue: MainQueue,
    tasks: Tasks,
) -> ModuleType:
    nuke = ModuleType("nuke", "A strict fake; see fake_nuke/README.md.")
    guarded = {
        **functions.of_the_graph(world),
        **functions.of_the_session(world),
        **functions.of_callbacks(world),
        **functions.of_scripts(world, scripts),
        "menu": menus.menu,
        "toolbar": menus.toolbar,
    }
    parts = [
        _constants(),
        _session(world),
        {name: cls for name, cls in CLASSES.items() if name not in _HIDDEN_CLASSES},
        {"Node": Node, "Group": Group, "Gizmo": Gizmo, "Root": Root, "Format": Format},
        {"AnimationCurve": AnimationCurve, "AnimationKey": AnimationKey},
        {"FrameRange": FrameRange, "FrameRanges": FrameRanges, "Undo": undo_class(world.undoing)},
        {"ProgressTask": tasks.task_class(), "nodes": Nodes(world)},
        {"executeInMainThread": queue.put, "executeInMainThreadWithResult": queue.put_and_wait},
        {name: on_main(function) for name, function in guarded.items()},
        messages.functions(world),
        functions.of_plugins(plugins),
    ]
    for part in parts:
        vars(nuke).update(part)
    world.nuke = nuke
    return nuke


class Nodes:
    """`nuke.nodes`: a maker for each class."""

    def __init__(self, world: World) -> None:
        self._world = world

    def __getattr__(self, cls: str) -> Callable[..., Node]:
        world = self._world

        def make(**knobs: Any) -> Node:
            return world.hand(graph.add(world, cls, knobs))

        make.__name__ = f"nodes.{cls}"
        return on_main(make)


def _constants() -> dict[str, Any]:
    return {name: value for name, value in vars(constants).items() if isinstance(value, int)}


def _session(world: World) -> dict[str, Any]:
    major, minor, release = VERSION
    env = {
        "gui": world.gui,
        "interactive": True,
        "nukex": True,
        "studio": False,
        "hiero": False,
        "assist": False,
        "nc": world.edition == "nc",
        "indie": world.edition == "indie",
        "ple": False,
        "LINUX": True,
        "MACOS": False,
        "WIN32": False,
        "threads": 2,
        "numCPUs": 2,
        "ExecutablePath": f"/usr/local/Nuke{major}.{minor}v{release}/Nuke{major}.{minor}",
        "NukeVersionMajor": major,
        "NukeVersionMinor": minor,
        "NukeVersionRelease": release,
        "NukeVersionString": f"{major}.{minor}v{release}",
    }
    return {
        "GUI": world.gui,
        "INTERACTIVE": True,
        "env": env,
        "NUKE_VERSION_MAJOR": major,
        "NUKE_VERSION_MINOR": minor,
        "NUKE_VERSION_RELEASE": release,
        "NUKE_VERSION_STRING": f"{major}.{minor}v{release}",
        "THREADS": 2,
        "NUM_CPUS": 2,
    }
