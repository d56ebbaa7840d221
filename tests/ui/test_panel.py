"""The panel and its host: what one does, the other is told. No worker runs here."""

import json

import pytest

from helpers.hands import destroy, release
from reage.settings import SHOWN
from reage_ui.host import HostError
from reage_ui.panel import NO_NODE
from reage_ui.qt import Qt, QtCore, QtGui, QtWidgets
from reage_ui.wording import state_text, time_text


@pytest.fixture
def panel(panel_of, host, qtbot):
    panel = panel_of(host)
    qtbot.waitUntil(lambda: panel.preview.view.words != "")
    return panel


def rows(panel):
    return [panel.nodes.item(n).text() for n in range(panel.nodes.count())]


def clipboard():
    return QtGui.QGuiApplication.clipboard()


# ---------------------------------------------------------------- nodes


def test_the_nodes_are_listed_with_their_state(qtbot, panel, host):
    host.change("ReAge1", baked=92, stale=4, missing=4)
    qtbot.waitUntil(lambda: "92/100" in rows(panel)[0])
    assert rows(panel) == [
        "ReAge1: baked 92/100, 4 stale; test model",
        "ReAge2: not baked, 8 frames; test model",
    ]


def test_it_begins_with_the_hosts_selection_and_follows_it(qtbot, panel, host):
    assert panel.state.name == "ReAge2"
    host.select("ReAge1")
    qtbot.waitUntil(lambda: panel.state.name == "ReAge1")
    assert panel.nodes.currentItem().text().startswith("ReAge1")


def test_choosing_a_row_turns_to_the_node_and_the_host_does_not_turn_back(qtbot, panel, host):
    values = {s.name: s.type(int(s.limits[1] / 2)) for s in SHOWN}
    host.change("ReAge1", values=values)
    qtbot.wait(60)
    panel.nodes.setFocus()
    qtbot.keyClick(panel.nodes, Qt.Key.Key_Up)
    assert panel.state.name == "ReAge1"
    assert {name: c.value for name, c in panel.controls.items()} == values
    host.change("ReAge2", baked=1, missing=7)
    qtbot.wait(60)
    assert panel.state.name == "ReAge1"


def test_new_makes_a_node_and_turns_to_it(qtbot, panel, host):
    qtbot.mouseClick(panel.new_button, Qt.MouseButton.LeftButton)
    assert panel.state.name == "ReAge3"
    assert len(rows(panel)) == 3


def test_reveal_shows_the_node_that_is_shown(qtbot, panel, host):
    qtbot.mouseClick(panel.reveal_button, Qt.MouseButton.LeftButton)
    assert host.revealed == ["ReAge2"]


def test_a_node_that_goes_leaves_the_next(qtbot, panel, host):
    host.remove("ReAge2")
    qtbot.waitUntil(lambda: panel.state.name == "ReAge1")
    host.remove("ReAge1")
    qtbot.waitUntil(lambda: panel.state is None)
    assert rows(panel) == []
    assert panel.preview.view.words == NO_NODE
    assert not panel.bake_bar.range_button.isEnabled()
    assert not panel.controls["blend"].isEnabled()
    host.create()
    qtbot.waitUntil(lambda: panel.state is not None)
    assert panel.bake_bar.range_button.isEnabled()


def test_a_burst_of_changes_is_one_look_at_the_host(qtbot, panel, host):
    looks = []
    true_nodes = host.nodes
    host.nodes = lambda: looks.append(1) or true_nodes()
    for count in range(50):
        host.change("ReAge1", baked=count)
    qtbot.waitUntil(lambda: "49/57" in rows(panel)[0])
    assert len(looks) <= 3


# ---------------------------------------------------------------- values


def test_a_released_handle_sets_the_value_once(panel, host):
    release(panel, "target_age", 70.0)
    release(panel, "target_age", 70.0)
    assert host.values_set == [("ReAge2", "target_age", 70.0)]


def test_a_held_handle_sets_nothing_yet(panel, host):
    slider = panel.controls["blend"].slider
    slider.setSliderDown(True)
    for position in range(50):
        slider.drag_to(position)
    assert host.values_set == []


def test_the_hosts_values_and_keys_are_shown(qtbot, panel, host):
    values = {
        "source_age": 62.5, "target_age": 31.0, "pattern": 1234567, "steady": 1.5,
        "person": 0.6,
        "blend": 0.25, "detail": 2.5, "form": 0.0, "tone": 1.05, "gray": 1.0, "shape": 0.8,
    }  # fmt: skip
    host.change("ReAge2", values=values, keyed=frozenset({"target_age", "detail"}))
    qtbot.waitUntil(lambda: panel.controls["source_age"].value == 62.5)
    words = ["62.5", "31", "1234567", "1.5", "0.6", "0.25", "2.5", "0", "1.05", "1", "0.8"]
    assert [c.field.text() for c in panel.controls.values()] == words
    assert [n for n, c in panel.controls.items() if c.keyed] == ["target_age", "detail"]


def test_the_die_gives_the_node_another_pattern(qtbot, panel, host):
    qtbot.mouseClick(panel.controls["pattern"].die, Qt.MouseButton.LeftButton)
    (asked,) = host.values_set
    assert asked[:2] == ("ReAge2", "pattern")
    assert asked[2] == panel.controls["pattern"].value > 0


def test_the_strengths_fold_away_and_are_reset_together(qtbot, panel, host):
    release(panel, "blend", 0.5)
    release(panel, "detail", 1.8)
    release(panel, "gray", 0.6)
    heading, detail = panel.strengths.heading, panel.controls["detail"]
    qtbot.mouseClick(heading, Qt.MouseButton.LeftButton)
    assert not detail.isVisible() and panel.controls["blend"].isVisible()
    shut = heading.text()
    qtbot.keyClick(heading, Qt.Key.Key_Space)
    assert detail.isVisible() and heading.text() != shut
    host.values_set.clear()
    panel.reset_button.click()
    assert host.values_set == [("ReAge2", "detail", 1.0), ("ReAge2", "gray", 0.0)]
    assert (detail.value, panel.controls["blend"].value) == (1.0, 0.5)


def test_what_the_control_refuses_stands_in_the_strip_and_the_log(qtbot, panel, host):
    field = panel.controls["source_age"].field
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, "130")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert panel.message.text.startswith("Age in is 130.0; it must be from 0 to 100.")
    assert panel.message.text in panel.log.text()
    assert host.values_set == []
    qtbot.mouseClick(panel.message.close_button, Qt.MouseButton.LeftButton)
    assert panel.message.text == ""


def test_what_the_host_refuses_is_said_and_the_value_goes_back(qtbot, panel, host):
    host.refuses = "The script is locked."
    release(panel, "source_age", 60.0)
    assert panel.message.text == "The script is locked."
    assert panel.controls["source_age"].value == 45.0


# ---------------------------------------------------------------- presets and the clipboard


def test_presets_are_saved_loaded_and_deleted_per_shot(qtbot, panel_of, host):
    panel = panel_of(host, shot_of={"ReAge1": "sh010", "ReAge2": "sh020"}.get)
    bar = panel.preset_bar
    release(panel, "target_age", 70.0)
    bar.names.setEditText("older")
    bar.save_button.click()
    release(panel, "target_age", 30.0)
    bar.load_button.click()
    assert host.states["ReAge2"].values["target_age"] == 70.0
    assert [bar.names.itemText(n) for n in range(bar.names.count())] == ["older"]
    kept = json.loads(panel.preset_bar.file.path.read_text(encoding="utf-8"))
    assert kept["shots"]["sh020"]["older"]["target_age"] == 70.0

    panel.turn_to("ReAge1")
    assert bar.names.count() == 0
    bar.load_button.click()
    assert "no preset 'older' in this shot" in panel.message.text

    panel.turn_to("ReAge2")
    bar.names.setEditText("older")
    bar.delete_button.click()
    assert bar.file.of("sh020") == {}
    assert bar.names.count() == 0
    assert panel.message.text == ""


def test_a_preset_keeps_strengths_and_one_from_before_them_leaves_them_alone(panel, host):
    bar = panel.preset_bar
    release(panel, "detail", 1.5)
    release(panel, "gray", 0.7)
    panel.controls["pattern"].draw()
    pattern = panel.controls["pattern"].value
    bar.names.setEditText("weathered")
    bar.save_button.click()
    old = {"old": {"source_age": 60.0, "target_age": 30.0, "blend": 0.9}}
    kept = json.loads(bar.file.path.read_text(encoding="utf-8"))
    kept["shots"][""] |= old
    bar.file.path.write_text(json.dumps(kept), encoding="utf-8")

    panel.reset_button.click()
    release(panel, "detail", 0.2)
    bar.names.setEditText("old")
    bar.load_button.click()
    values = host.states["ReAge2"].values
    assert old["old"].items() <= values.items()
    assert (values["detail"], values["gray"], values["pattern"]) == (0.2, 0.0, pattern)

    panel.controls["pattern"].draw()
    bar.names.setEditText("weathered")
    bar.load_button.click()
    values = host.states["ReAge2"].values
    assert (values["detail"], values["gray"], values["pattern"]) == (1.5, 0.7, pattern)
    assert panel.message.text == ""


def test_a_broken_preset_file_is_put_aside_in_words(panel, host):
    panel.preset_bar.file.path.write_text("{", encoding="utf-8")
    panel.turn_to("ReAge1")
    assert "was kept as" in panel.message.text
    assert panel.preset_bar.file.path.with_name("presets.json.unreadable1").read_text() == "{"


def test_values_go_from_node_to_node_by_the_clipboard(panel, host):
    release(panel, "source_age", 62.0)
    release(panel, "blend", 0.4)
    panel.preset_bar.copy_button.click()
    panel.turn_to("ReAge1")
    panel.preset_bar.paste_button.click()
    assert host.states["ReAge1"].values == host.states["ReAge2"].values
    assert [panel.controls[n].value for n in ("source_age", "target_age", "blend")] == [
        62.0, 45.0, 0.4,
    ]  # fmt: skip


def test_other_things_on_the_clipboard_are_refused(panel, host):
    clipboard().setText("a shopping list")
    panel.preset_bar.paste_button.click()
    assert "clipboard holds no ReAge values" in panel.message.text
    assert host.values_set == []


# ---------------------------------------------------------------- bakes


def test_a_bake_shows_its_progress_and_its_end(qtbot, panel, host):
    bar = panel.bake_bar
    assert bar.running.isHidden()
    bar.range_button.click()
    qtbot.waitUntil(bar.cancel_button.isEnabled)
    assert not bar.range_button.isEnabled()
    host.step("ReAge2", 3, 8, 12.4)
    assert bar.label.text() == "1003: done, 3/8, 12 s left"
    assert (bar.bar.value(), bar.bar.maximum()) == (3, 8)
    host.end("ReAge2", "8 frames in 3 s")
    qtbot.waitUntil(bar.running.isHidden)
    assert "ReAge2: 8 frames in 3 s" in panel.log.text()
    assert panel.message.text == ""
    assert bar.range_button.isEnabled()


def test_a_bake_of_another_node_is_named(qtbot, panel, host):
    panel.bake_bar.frame_button.click()
    panel.turn_to("ReAge1")
    host.step("ReAge2", 1, 8)
    assert panel.bake_bar.label.text() == "ReAge2: 1001: done, 1/8"
    qtbot.wait(60)
    assert panel.bake_bar.range_button.isEnabled()
    assert not panel.bake_bar.cancel_button.isEnabled()


def test_a_bake_is_cancelled(qtbot, panel, host):
    panel.bake_bar.range_button.click()
    qtbot.waitUntil(panel.bake_bar.cancel_button.isEnabled)
    panel.bake_bar.cancel_button.click()
    assert not host.states["ReAge2"].busy
    assert "ReAge2: cancelled" in panel.log.text()


def test_what_is_to_be_baked_is_submitted_but_not_while_it_is_baked(qtbot, panel, host):
    submit = panel.bake_bar.submit_button
    submit.click()
    assert host.submitted == ["ReAge2"]
    qtbot.waitUntil(lambda: not submit.isEnabled())
    host.end("ReAge2", "8 frames for a farm.\nbundle: /b")
    assert "bundle: /b" in panel.log.text()
    qtbot.waitUntil(submit.isEnabled)
    panel.bake_bar.range_button.click()
    qtbot.waitUntil(lambda: not submit.isEnabled())


def test_a_bake_that_fails_says_why_in_the_strip(qtbot, panel, host):
    panel.bake_bar.range_button.click()
    host.end("ReAge2", "", "The disk is full.")
    assert panel.message.text == "ReAge2: The disk is full."


def test_clearing_asks_first_and_blocks_nothing(qtbot, panel, host):
    host.change("ReAge2", baked=5, stale=1, missing=2)
    clear = panel.bake_bar.clear_button
    qtbot.waitUntil(clear.isEnabled)
    clear.click()
    assert panel.message.text == "Delete 6 frames that ReAge2 has baked?"
    panel.message.no.click()
    assert host.states["ReAge2"].baked == 5
    assert panel.message.text == ""
    clear.click()
    panel.turn_to("ReAge1")
    panel.message.yes.click()
    assert host.states["ReAge2"].missing == 8
    assert host.states["ReAge1"].total == 8
    panel.turn_to("ReAge2")
    qtbot.waitUntil(lambda: not clear.isEnabled())


def test_no_dialog_is_ever_opened(qtbot, panel, host):
    host.refuses = "No."
    menus = [panel.controls["pattern"].menu, panel.model.menu]  # of files the artist asks for
    for button in panel.findChildren(QtWidgets.QAbstractButton):
        button.click()
        for menu in menus:
            menu.close()
    assert QtWidgets.QApplication.activeModalWidget() is None
    shown = [w for w in QtWidgets.QApplication.topLevelWidgets() if w.isVisible()]
    assert shown == [panel]


# ---------------------------------------------------------------- preview without a plate


def test_why_there_is_no_preview_stands_in_its_place_and_once_in_the_log(qtbot, panel, host):
    assert panel.preview.view.words == "ReAge2 has no plate; connect one."
    for value in (50.0, 51.0, 52.0):
        release(panel, "source_age", value)
    assert panel.log.text().count("has no plate") == 1
    assert panel.previewer.engine._worker is None


def test_no_preview_is_asked_for_while_nobody_sees_it(qtbot, panel_of, host):
    panel = panel_of(host)
    qtbot.waitUntil(lambda: panel.preview.view.words != "")
    panel.hide()
    asked = []
    host.preview_request = lambda node: asked.append(node) or (_ for _ in ()).throw(HostError("x"))
    host.change("ReAge2", values={"source_age": 20.0, "target_age": 31.0, "blend": 0.5})
    host.go_to(7)
    qtbot.wait(100)
    assert asked == []
    panel.show()
    qtbot.waitUntil(lambda: asked == ["ReAge2"])


# ---------------------------------------------------------------- the log, the keyboard, the looks


def test_the_log_is_copied(panel, host):
    host.say("Two lines\nof news.")
    panel.log.copy_button.click()
    assert clipboard().text() == panel.log.text()
    assert [line[10:] for line in panel.log.text().splitlines()[-2:]] == ["Two lines", "of news."]


def test_the_log_does_not_grow_without_end(panel, host):
    for number in range(2500):
        host.say(str(number))
    assert panel.log.lines.blockCount() <= 2000
    assert panel.log.text().endswith("2499")


def test_the_whole_panel_is_walked_by_tab(qtbot, panel):
    panel.activateWindow()
    panel.nodes.setFocus()
    qtbot.waitUntil(panel.nodes.hasFocus)
    seen = []
    for _ in range(60):
        seen.append(QtWidgets.QApplication.focusWidget())
        qtbot.keyClick(seen[-1], Qt.Key.Key_Tab)
    fields = [c.field for c in panel.controls.values()]
    handles = [getattr(c, "slider", None) or c.die for c in panel.controls.values()]
    wanted = [panel.nodes, panel.preview.view, panel.bake_bar.range_button]
    wanted += [panel.strengths.heading, panel.reset_button]
    assert all(widget in seen for widget in wanted)
    for each in (fields, handles):
        order = [seen.index(widget) for widget in each]
        assert order == sorted(order)


@pytest.mark.parametrize(("width", "wide"), [(280, False), (500, False), (640, True), (900, True)])
def test_all_parts_lie_inside_at_any_width(qtbot, panel_of, host, width, wide):
    panel = panel_of(host, width, 800)
    buttons = panel.bake_bar.findChildren(QtWidgets.QPushButton)
    parts = (*panel.controls.values(), *buttons, panel.preset_bar, panel.preview.view)

    def inside():
        assert panel.body.wide is wide
        assert (panel.preview.mapTo(panel, QtCore.QPoint()).x() > 200) is wide
        for part in parts:
            if part.isVisible():
                left = part.mapTo(panel, QtCore.QPoint(0, 0)).x()
                assert 0 <= left <= left + part.width() <= width

    qtbot.waitUntil(inside)


def test_what_pyside_owns_of_the_panel_is_the_panel_alone(panel):
    """A child that Python owned, too, would be deleted twice when a host closes the panel."""
    shiboken = pytest.importorskip("shiboken6")
    owned = [w for w in panel.findChildren(QtCore.QObject) if shiboken.ownedByPython(w)]
    assert owned == []


def test_a_panel_that_is_gone_hears_no_more(qtbot, panel_of, host):
    panel = panel_of(host)
    assert host.listeners == 1
    destroy(panel)
    assert host.listeners == 0
    host.change("ReAge1", baked=3)
    qtbot.wait(60)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.2, "0 s"), (99, "99 s"), (100, "2 min"), (3540, "59 min"), (4800, "1 h 20 min")],
)
def test_time_is_told_as_one_says_it(seconds, words):
    assert time_text(seconds) == words


def test_a_state_is_told_as_the_node_says_it(host):
    host.change("ReAge1", baked=92, stale=4, missing=4)
    assert state_text(host.states["ReAge1"]) == "baked 92/100, 4 stale"
    host.change("ReAge1", stale=0, missing=0)
    assert state_text(host.states["ReAge1"]) == "baked 92/92"
    host.change("ReAge1", baked=0)
    assert state_text(host.states["ReAge1"]) == "not baked"
