"""docs/artists.md is followed from its first line, as a newcomer would, and says what the node has.

Each step of the page must be one that is understood here, to its last knob and word, so that page
and tool cannot part ways.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import fake_nuke
from fake_nuke import tcl
from helpers import bakes
from reage import home
from reage.settings import BAKED

PAGE = home.artists_page().read_text(encoding="utf-8")
GIZMO = tcl.load_gizmo(home.gizmo().read_text(encoding="utf-8")).nodes[0]
HIDDEN = {"+INVISIBLE", "+HIDDEN"}
BY_LABEL = {k.label: k.name for k in GIZMO.user_knobs if k.label and not HIDDEN & {*k.flags}}
"""Label → knob, of what an artist sees."""

BAKED_OTHERWISE = {"ladder", "pattern_file", "use_face_point"}
"""Knobs that decide, beside the settings', which frames are stale."""


def section(title: str) -> str:
    start = PAGE.index(f"## {title}")
    return PAGE[start : PAGE.find("\n## ", start + 3)]


def rows(text: str) -> list[list[str]]:
    """The first table's rows, without its head."""
    (table,) = re.findall(r"(?:^\|.*\|\n)+", text, re.MULTILINE)[:1]
    return [[c.strip() for c in line.strip("|").split("|")] for line in table.splitlines()[2:]]


# ---------------------------------------------------------------- what the node has
def knob_rows() -> Iterator[tuple[list[str], list[str]]]:
    """(labels, those of them that need a bake) of each row."""
    for labels, _, bake in rows(section("The knobs")):
        every = labels.split(", ")
        yield every, {"yes": every, "no": []}.get(bake, bake.split(", "))


def test_the_table_says_of_each_knob_whether_it_needs_a_bake() -> None:
    said = {label: label in bake for labels, bake in knob_rows() for label in labels}
    needs = {label: name in {*BAKED, *BAKED_OTHERWISE} for label, name in BY_LABEL.items()}
    assert set(said) <= set(needs)
    assert said == {label: needs[label] for label in said}


def test_no_knob_is_left_out_of_the_page() -> None:
    silent = {"ReAge", "Info", "Strengths", "Bake", "Model", "Shape, baked"}  # tabs and groups
    silent |= {"version", "in this Nuke", "Artist's page"}  # the Info tab's own
    told = {label for labels, _ in knob_rows() for label in labels}
    told |= set(re.findall(r"\*\*([^*]+)\*\*", PAGE))
    assert set(BY_LABEL) - silent - told == set()


# ---------------------------------------------------------------- the steps
class Newcomer:
    """Does what the page says, in a Nuke with windows.

    seen    (color, words) of the node at every turn
    before  its picture before the step
    """

    def __init__(self, session: Any, nuke: Any, folder: Path) -> None:
        self.session, self.nuke, self.folder = session, nuke, folder
        self.node: Any = None
        self.read: Any = None
        self.before: Any = None
        self.seen: set[tuple[str, str]] = set()
        self.does: tuple[tuple[str, Callable[..., None]], ...] = (
            (r"Save the script", self.save),
            (r"Read of `([^`]+)`, in ReAge's folder, frames `(\d+)` to `(\d+)`", self.make_read),
            (r"turn \*\*raw data\*\* on", lambda: self.read["raw"].setValue(True)),
            (r"Select the Read, press Tab, type `(\w+)`", self.make_node),
            (r"menu \*\*ReAge\*\*", self.find_menu),
            (r"[Gg]o to frame `(\d+)`", lambda frame: nuke.frame(int(frame))),
            (r"\*\*([^*]+)\*\* to `([^`]+)`", self.set),
            (r"[Pp]ress \*\*([^*]+)\*\*", self.press),
            (r"the node says `([^`]+)`", self.wait_for),
            (r"picture follows at once", lambda: self.compare(changed=True)),
            (r"The picture stays", lambda: self.compare(changed=False)),
            (r"is red", lambda: self.check_color("red")),
            (r"is blue-gray", lambda: self.check_color("blue-gray")),
            (r"a render would still get the result", self.render_result),
            (r"Put a Write below the node, save, and render", self.render),
        )

    def follow(self, step: str) -> None:
        self.before = self.picture()
        left, found = step, []
        for pattern, do in self.does:
            for match in re.finditer(pattern, step):
                found.append((match.start(), do, match.groups()))
            left = re.sub(pattern, "", left)
        assert found, f"nothing in this step is understood: {step}"
        assert not re.findall(r"\*\*|`", left), f"something in this step is not understood: {left}"
        for _, do, words in sorted(found, key=lambda each: each[0]):
            do(*words)
            self.session.pump()
            self.look()

    def save(self) -> None:
        self.nuke.scriptSaveAs((self.folder / "first.nk").as_posix())

    def make_read(self, file: str, first: str, last: str) -> None:
        path = (home.root() / file).as_posix()
        self.read = self.nuke.nodes.Read(file=path, first=int(first), last=int(last))

    def make_node(self, cls: str) -> None:
        self.read.setSelected(True)
        self.node = self.nuke.createNode(cls)

    def find_menu(self) -> None:
        assert self.session.menus.menu("Nodes").findItem("ReAge")

    def set(self, label: str, value: str) -> None:
        knob = self.node[BY_LABEL[label]]
        knob.setValue(value if knob.Class() == "Enumeration_Knob" else float(value))

    def press(self, label: str) -> None:
        self.node[BY_LABEL[label]].execute()

    def wait_for(self, words: str) -> None:
        def says() -> bool:
            lines = self.session.autolabel(self.node).splitlines()
            return any(line == words or line.startswith(f"{words},") for line in lines)

        self.session.pump(until=says, timeout=120)

    def picture(self) -> Any:
        return None if self.node is None else bakes.pixels(self.node, self.nuke.frame())

    def compare(self, changed: bool) -> None:
        assert bool((self.picture() != self.before).any()) == changed

    def color(self) -> str:
        from reage_nuke import show

        names = {show.CALM: "blue-gray", show.ALARM: "red"}
        return names[int(self.node["tile_color"].value())]

    def check_color(self, color: str) -> None:
        assert self.color() == color

    def render_result(self) -> None:
        result = self.picture()
        self.node["view_mode"].setValue("split")
        assert np.array_equal(self.on_a_farm(), result)
        self.node["view_mode"].setValue("result")

    def render(self) -> None:
        assert np.array_equal(self.on_a_farm(), self.picture())

    def on_a_farm(self) -> Any:
        """The frame as a farm makes it that has the node's file and nothing else of ReAge."""
        self.nuke.scriptSave()
        farm = fake_nuke.install()
        try:
            farm.nuke.pluginAddPath(home.gizmo().parent.as_posix())
            farm.nuke.scriptOpen((self.folder / "first.nk").as_posix())
            return bakes.pixels(farm.nuke.toNode("ReAge1"), self.nuke.frame())
        finally:
            farm.uninstall()

    def look(self) -> None:
        """What the node's color and words are, here and at a frame further on, whatever is chosen
        of frames that are not baked."""
        if self.node is None:
            return
        here = self.nuke.frame()
        for frame in (here, 1002):
            self.nuke.frame(frame)
            for how in ("error", "error in renders"):
                self.node["when_not_baked"].setValue(how)
                lines = self.session.autolabel(self.node).splitlines()
                words = [line for line in lines if line.startswith(("shows", "view"))]
                self.seen |= {(self.color(), line) for line in words or [""]}
        self.nuke.frame(here)


@pytest.fixture
def newcomer(gui_session: Any, tmp_path: Path) -> Newcomer:
    gui_session.start(home.plugin(home.root()))
    bakes.works_in_acescg(gui_session.nuke, tmp_path)
    return Newcomer(gui_session, gui_session.nuke, tmp_path)


def test_the_page_is_followed_from_its_first_line(newcomer: Newcomer) -> None:
    steps = re.findall(r"^\d+\. (.*)$", section("Your first bake"), re.MULTILINE)
    assert len(steps) == 9
    for step in steps:
        newcomer.follow(step)
    assert [text for _, text in newcomer.session.said] == []  # no box, no complaint
    node = newcomer.node
    node["view_mode"].setValue("matte")
    newcomer.look()
    node["view_renders"].setValue(True)
    newcomer.look()
    told = [(color, words.strip("`")) for color, words, _ in rows(section("Baked, stale"))]
    assert len(told) == 8
    for color, words in told:
        colors = {"red", "blue-gray"} if color == "any" else {color}
        assert any((each, words) in newcomer.seen for each in colors), (color, words)
    seen = {words.replace("split", "matte") for _, words in newcomer.seen}
    assert seen == {words for _, words in told}


@pytest.mark.parametrize(
    "good, bad",
    [
        ("**age out** to `80`", "**target age** to `80`"),
        ("press **Bake frame**", "press **Bake now**"),
        ("Set **view** to `split`", "Choose **view**, `split`"),
    ],
)
def test_a_page_that_parts_with_the_tool_is_noticed(
    newcomer: Newcomer, good: str, bad: str
) -> None:
    """The check of the check."""
    text = section("Your first bake")
    assert good in text
    newcomer.save()
    newcomer.make_read("inference/samples/demo.%04d.exr", "1001", "1008")
    newcomer.make_node("ReAge")
    (step,) = (line for line in text.replace(good, bad).splitlines() if bad in line)
    with pytest.raises((AssertionError, KeyError)):
        newcomer.follow(step.partition(". ")[2])
