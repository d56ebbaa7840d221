"""The fake Nuke's session: scripts, threads, undo, boxes, progress, menus, plugin folders."""

from __future__ import annotations

import gc
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import fake_nuke


@pytest.fixture
def nuke(session: Any) -> Any:
    return session.nuke


def in_thread(work: Callable[[], Any]) -> Any:
    """What `work` gave or raised, on a thread of its own."""
    result: list[Any] = []

    def run() -> None:
        try:
            result.append(work())
        except Exception as error:
            result.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(10)
    return result[0] if result else None


# ---------------------------------------------------------------- scripts
def script(nuke: Any, folder: Path) -> Path:
    """A saved script with a group, keys, an expression and a text full of traps."""
    plate = nuke.nodes.Constant(name="Plate", color=[0.5, 0.25, 0, 1])
    group = nuke.nodes.Group(name="G")
    with group:
        nuke.nodes.Output(inputs=[nuke.nodes.Input()])
    group.setInput(0, plate)
    group.addKnob(nuke.Double_Knob("age", "Age"))
    group["age"].setAnimated()
    group["age"].setValueAt(20, 1001)
    group.addKnob(nuke.PyScript_Knob("go", "Go", 'nuke.tprint("{[ü]}")'))
    merge = nuke.nodes.Merge2(inputs=[plate, group], operation="plus")
    merge["mix"].setExpression("[value G.age] / 100")
    merge["label"].setValue('say "[value mix]"')
    path = folder / "a b" / "schön.nk"
    path.parent.mkdir()
    nuke.scriptSaveAs(path.as_posix())
    return path


def test_a_script_comes_back_as_it_was(nuke: Any, tmp_path: Path) -> None:
    path = script(nuke, tmp_path)
    text = path.read_text(encoding="utf-8")
    nuke.scriptOpen(path.as_posix())
    assert nuke.root().name() == path.as_posix()
    assert nuke.toNode("Merge1").input(1).name() == "G"
    assert nuke.toNode("Merge1")["mix"].value() == 0.2
    nuke.scriptSave()
    assert path.read_text(encoding="utf-8") == text


def test_an_unsaved_script_has_no_name(nuke: Any) -> None:
    with pytest.raises(RuntimeError, match="never saved"):
        nuke.scriptSave()
    assert nuke.root().name() == "Root"


def test_closing_a_script_kills_its_nodes(nuke: Any, tmp_path: Path) -> None:
    script(nuke, tmp_path)
    node = nuke.toNode("G")
    nuke.scriptClear()
    assert nuke.allNodes() == []
    with pytest.raises(ValueError, match="not attached"):
        node.name()


def test_a_paste_lands_on_the_selection_under_a_new_name(nuke: Any) -> None:
    plate = nuke.nodes.Constant()
    blur = nuke.nodes.Blur(inputs=[plate], size=3)
    blur.setSelected(True)
    nuke.nodeCopy("%clipboard%")
    blur.setSelected(False)
    other = nuke.nodes.Dot()
    other.setSelected(True)
    pasted = nuke.nodePaste("%clipboard%")
    assert pasted.name() == "Blur2" and pasted["size"].value() == 3
    assert pasted.input(0) is other and nuke.selectedNodes() == [pasted]


def test_what_a_script_names_must_be_there(nuke: Any) -> None:
    with pytest.raises(RuntimeError, match="Unknown command"):
        nuke.scriptReadText("Nothing {\n inputs 0\n}\n")
    with pytest.raises(ValueError, match="no knob sise"):
        nuke.scriptReadText("Blur {\n inputs 0\n sise 3\n}\n")
    with pytest.raises(ValueError, match="glow"):
        nuke.scriptReadText("Blur {\n inputs 0\n channels glow\n}\n")
    nuke.scriptReadText("add_layer {glow glow.red}\nBlur {\n inputs 0\n channels glow\n}\n")


# ---------------------------------------------------------------- threads
def test_the_graph_is_the_main_threads(nuke: Any) -> None:
    node = nuke.nodes.Blur()
    knob = node["size"]
    for work in (
        lambda: nuke.toNode("Blur1"),
        lambda: nuke.nodes.Blur(),
        lambda: node.name(),
        lambda: node["size"],
        lambda: knob.value(),
        lambda: knob.setValue(3),
        lambda: nuke.Double_Knob("x").setValue(3),
    ):
        error = in_thread(work)
        assert isinstance(error, RuntimeError) and "main thread" in str(error)


def test_a_thread_asks_the_main_thread_and_waits(session: Any, nuke: Any) -> None:
    size = nuke.nodes.Blur(size=3)["size"]
    answers: list[Any] = []

    def work() -> None:
        answers.append(nuke.executeInMainThreadWithResult(size.value))
        answers.append(nuke.executeInMainThreadWithResult(nuke.toNode, "nothing.here"))
        nuke.executeInMainThread(size.setValue, 5)
        answers.append("done")

    thread = threading.Thread(target=work)
    thread.start()
    session.pump(until=lambda: not thread.is_alive(), timeout=10)
    session.pump()
    assert answers == [3, None, "done"] and size.value() == 5


def test_what_raises_there_gives_none_and_a_traceback(session: Any, nuke: Any, capsys: Any) -> None:
    answers: list[Any] = []
    thread = threading.Thread(
        target=lambda: answers.append(nuke.executeInMainThreadWithResult(nuke.createNode, "No"))
    )
    thread.start()
    session.pump(until=lambda: answers, timeout=10)
    assert answers == [None] and "Unknown command" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["executeInMainThread", "executeInMainThreadWithResult"])
def test_the_main_thread_must_not_ask_itself(nuke: Any, name: str) -> None:
    with pytest.raises(RuntimeError, match="from the main thread"):
        getattr(nuke, name)(lambda: 1)


def test_a_pump_that_waits_in_vain_says_so(session: Any) -> None:
    with pytest.raises(TimeoutError):
        session.pump(until=lambda: False, timeout=0.05)


# ---------------------------------------------------------------- undo
def test_undo_takes_back_values_nodes_and_wires(nuke: Any) -> None:
    blur = nuke.nodes.Blur(size=3)
    with nuke.Undo("a change"):
        dot = nuke.nodes.Dot()
        blur.setInput(0, dot)
        blur["size"].setValue(9)
    nuke.undo()
    assert nuke.allNodes() == [blur] and blur["size"].value() == 3 and blur.input(0) is None


def test_undo_brings_a_deleted_node_back_and_fires_on_create(nuke: Any) -> None:
    dot, below = nuke.nodes.Dot(), nuke.nodes.Blur()
    below.setInput(0, dot)
    made: list[str] = []
    nuke.addOnCreate(lambda: made.append(nuke.thisNode().name()))
    with nuke.Undo():
        nuke.delete(dot)
    nuke.Undo.undo()
    assert below.input(0) is dot and made == ["Dot1"]


def test_what_was_cancelled_is_not_undone_once_more(nuke: Any) -> None:
    blur = nuke.nodes.Blur(size=3)
    with nuke.Undo("outer"):
        nuke.Undo.begin("inner")
        blur["size"].setValue(9)
        nuke.Undo.cancel()
    assert blur["size"].value() == 3 and nuke.Undo.undoSize() == 0


def test_cancel_and_disable(nuke: Any) -> None:
    blur = nuke.nodes.Blur(size=3)
    nuke.Undo.begin("x")
    blur["size"].setValue(9)
    nuke.Undo.cancel()
    assert blur["size"].value() == 3
    nuke.Undo.disable()
    with nuke.Undo():
        blur["size"].setValue(4)
    nuke.Undo.enable()
    assert not nuke.Undo.disabled()
    nuke.undo()
    assert blur["size"].value() == 4
    for unpaired in (nuke.Undo.end, nuke.Undo.enable, nuke.Undo.cancel):
        with pytest.raises(RuntimeError, match="without"):
            unpaired()


# ---------------------------------------------------------------- what the user sees
def test_boxes_need_a_gui(session: Any, nuke: Any) -> None:
    for box in (nuke.message, nuke.alert, nuke.critical, nuke.ask, nuke.getInput):
        with pytest.raises(RuntimeError, match="no GUI"):
            box("Well?")
    with pytest.raises(RuntimeError, match="GUI"):
        nuke.menu("Nodes")
    nuke.tprint("one", 2)
    assert session.said == [("tprint", "one 2")]


def test_with_a_gui_boxes_are_noted_and_questions_need_an_answer(gui_session: Any) -> None:
    nuke = gui_session.nuke
    nuke.message("Hello")
    with pytest.raises(RuntimeError, match="waits for an answer"):
        nuke.ask("Well?")
    gui_session.answers.append(True)
    assert nuke.ask("Well?") is True and gui_session.said[0] == ("message", "Hello")


def test_progress_can_be_cancelled_and_goes_with_its_last_reference(session: Any) -> None:
    task = session.nuke.ProgressTask("Baking")
    task.setMessage("frame 1")
    task.setProgress(50)
    assert not task.isCancelled() and session.tasks.history[-1] == ("Baking", "frame 1", 50)
    with pytest.raises(ValueError, match="0 to 100"):
        task.setProgress(101)
    session.tasks.press_cancel()
    assert task.isCancelled() and session.tasks.open() == [task]
    del task
    gc.collect()
    assert session.tasks.open() == []


def test_menus_are_trees_and_their_commands_undo_as_one(gui_session: Any) -> None:
    nuke = gui_session.nuke
    menu = nuke.menu("Nodes").addMenu("ReAge", icon="ReAge.png")
    menu.addCommand("Make", "nuke.createNode('Dot')")
    menu.addCommand("Make", "nuke.createNode('Blur')")
    assert [item.name() for item in menu.items()] == ["Make"]
    nuke.menu("Nodes").findItem("ReAge/Make").invoke()
    assert [n.Class() for n in nuke.allNodes()] == ["Blur"]
    nuke.undo()
    assert nuke.allNodes() == []
    with pytest.raises(ValueError, match="no menu"):
        nuke.menu("Node")


def test_panels_are_source_text(gui_session: Any) -> None:
    import nukescripts

    with pytest.raises(TypeError, match="source text"):
        nukescripts.panels.registerWidgetAsPanel(dict, "Panel", "a.panel")
    register = nukescripts.panels.registerWidgetAsPanel
    register("__import__('collections').Counter", "Panel", "a.panel")
    assert gui_session.nuke.menu("Pane").findItem("Panel") is not None
    assert gui_session.registered_panels["a.panel"].open() == {}
    register("collections.Counter", "Other", "b.panel")
    with pytest.raises(NameError):  # nothing is imported for it
        gui_session.registered_panels["b.panel"].open()


# ---------------------------------------------------------------- starting up
def test_start_runs_init_then_menu_and_inits_of_added_paths(tmp_path: Path) -> None:
    for name, code in {
        "init.py": "import nuke; nuke.tprint('init'); nuke.pluginAddPath('./inner')",
        "menu.py": "import nuke; nuke.tprint('menu')",
        "inner/init.py": "import nuke; nuke.tprint('inner')",
    }.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(code, encoding="utf-8")
    for gui, said in ((False, ["init", "inner"]), (True, ["init", "inner", "menu"])):
        session = fake_nuke.install(gui)
        try:
            session.start(tmp_path)
            assert [text for _, text in session.said] == said
            assert session.nuke.pluginPath()[0] == (tmp_path / "inner").as_posix()
        finally:
            session.uninstall()
    assert "nuke" not in sys.modules and str(tmp_path) not in sys.path


def test_sessions_share_nothing(session: Any) -> None:
    session.nuke.nodes.Dot()
    other = fake_nuke.Session()
    assert other.nuke.allNodes() == [] and len(session.nuke.allNodes()) == 1


# ---------------------------------------------------------------- what a Viewer and a script keep
GIZMO = """Gizmo {
 addUserKnob {7 gain l gain}
}
 Constant {
  inputs 0
  color {{parent.gain}}
  name Inside
 }
 Output {
  name Output1
 }
end_group
"""


def test_what_is_set_inside_of_a_gizmo_is_lost_and_told(
    session: Any, nuke: Any, tmp_path: Path
) -> None:
    (tmp_path / "Gain.gizmo").write_text(GIZMO)
    nuke.pluginAddPath(tmp_path.as_posix())
    node = nuke.createNode("Gain")
    node["gain"].setValue(2)
    with nuke.nodes.Group():
        nuke.nodes.Blur()["size"].setValue(3)
    assert session.lost == []
    node.node("Inside")["postage_stamp"].setValue(False)
    node.node("Inside")["label"].setValue("mine")
    assert session.lost == ["Gain1.Inside.label"]


def test_a_viewer_shows_what_it_has_seen_of_the_same_hash(session: Any, nuke: Any) -> None:
    node = nuke.nodes.Constant(color=[0.5, 0, 0, 1])
    seen = session.viewed(node, 1)
    assert session.viewed(nuke.nodes.Constant(color=[0.5, 0, 0, 1]), 1) is seen
    node["color"].setValue([0.25, 0, 0, 1])
    assert session.viewed(node, 1) is not seen
