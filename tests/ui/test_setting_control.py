"""One control: what a hand does to it, and what it says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.hands import drag
from reage.errors import SettingsError
from reage.settings import ALL, KEYED, SHOWN
from reage_host.values import checked, parsed
from reage_ui.looks import number_text, tip
from reage_ui.qt import Qt, QtCore, QtGui
from reage_ui.seed_control import SeedControl
from reage_ui.slider_control import SliderControl

BY_NAME = {setting.name: setting for setting in SHOWN}
YEARS, BLEND, PATTERN = BY_NAME["source_age"], BY_NAME["blend"], BY_NAME["pattern"]


@pytest.fixture(params=[s for s in SHOWN if s.slider], ids=lambda s: s.name)
def control(request, qtbot):
    control = SliderControl(request.param)
    qtbot.addWidget(control)
    control.resize(280, 30)
    control.show()
    qtbot.waitExposed(control)
    return control


@pytest.fixture
def years(qtbot):
    control = SliderControl(YEARS)
    qtbot.addWidget(control)
    control.resize(280, 30)
    control.show()
    qtbot.waitExposed(control)
    return control


@pytest.fixture
def told(years):
    """Everything that `years` says."""
    out = []
    years.moved.connect(lambda name, value: out.append(("moved", value)))
    years.chosen.connect(lambda name, value: out.append(("chosen", value)))
    years.refused.connect(lambda sentence: out.append(("refused", sentence)))
    return out


def typed(qtbot, control, text):
    control.field.setFocus()
    control.field.selectAll()
    qtbot.keyClicks(control.field, text)
    qtbot.keyClick(control.field, Qt.Key.Key_Return)


def test_every_setting_that_is_shown_has_its_own_words():
    assert len({s.label for s in SHOWN}) == len(SHOWN) and all(s.step < s.page for s in SHOWN)
    assert [s.name for s in SHOWN if s.slider is None] == ["pattern"]
    for setting in SHOWN:
        low, high = setting.limits
        assert setting.help in tip(setting)
        assert f"{low:.0f} to {high:.0f}" in tip(setting)
        assert ("double click" in tip(setting)) is bool(setting.slider)


def test_what_may_be_keyed_are_the_ages_the_shapes_groups_and_live_numbers():
    """Of the last the engine bakes whole layers; a mark that held them would waste bakes."""
    numbers = {s.name for s in ALL if s.live and not s.choices}
    groups = {f"shape_{name}" for name in ("lids", "jowls", "lips", "nose")}
    assert {"source_age", "target_age", *groups, *numbers} == set(KEYED)


def test_it_starts_at_the_settings_own_default(control):
    assert control.value == control.setting.default
    assert control.field.text() == number_text(control.setting.default)
    assert control.setting.help in control.slider.toolTip()


def test_arrow_and_page_keys_step_as_the_setting_says(qtbot, control):
    look, start = control.setting, control.setting.slider[0]
    control.show_value(start, False)
    for key, step in (
        (Qt.Key.Key_Right, look.step), (Qt.Key.Key_Up, look.step), (Qt.Key.Key_PageUp, look.page),
        (Qt.Key.Key_Left, -look.step), (Qt.Key.Key_PageDown, -look.page),
    ):  # fmt: skip
        before = control.value
        with qtbot.waitSignal(control.chosen) as chosen:
            qtbot.keyClick(control.slider, key)
        assert chosen.args == [control.setting.name, pytest.approx(before + step)]
    before = control.value
    qtbot.keyClick(control.field, Qt.Key.Key_PageUp)
    assert control.value == pytest.approx(before + look.page)


def test_steps_end_at_what_the_setting_accepts(qtbot, control):
    low, high = control.setting.limits
    control.show_value(high, False)
    qtbot.keyClick(control.slider, Qt.Key.Key_PageUp)
    assert control.value == high
    control.show_value(low, False)
    qtbot.keyClick(control.slider, Qt.Key.Key_Left)
    assert control.value == low


def test_steps_keep_what_was_typed_behind_the_point(qtbot, years):
    typed(qtbot, years, "45.5")
    qtbot.keyClick(years.slider, Qt.Key.Key_Right)
    assert years.value == 46.5


def test_a_number_is_taken_also_beyond_the_slider(qtbot, years, told):
    typed(qtbot, years, "90")
    assert told == [("chosen", 90.0)]
    assert years.slider.value() == years.slider.maximum()


def test_a_comma_is_a_point(qtbot, years, told):
    typed(qtbot, years, "33,5")
    assert told == [("chosen", 33.5)]


@pytest.mark.parametrize("text", ["120", "-1", "1e999", "nan"])
def test_out_of_range_is_refused_by_the_settings_own_sentence(qtbot, years, told, text):
    with pytest.raises(SettingsError) as own:
        YEARS.check(float(text))
    typed(qtbot, years, text)
    assert [kind for kind, _ in told] == ["refused"]
    assert str(own.value).replace("--source-age", "Age in") in told[0][1]
    assert years.value == 45.0
    assert years.field.text() == "45"


def test_a_word_is_refused(qtbot, years, told):
    typed(qtbot, years, "old")
    assert told == [("refused", "Age in is a number; 'old' is none. It stays at 45.")]


def test_escape_takes_typing_back(qtbot, years, told):
    years.field.setFocus()
    qtbot.keyClicks(years.field, "77")
    qtbot.keyClick(years.field, Qt.Key.Key_Escape)
    assert years.field.text() == "45"
    qtbot.keyClick(years.field, Qt.Key.Key_Return)
    assert told == []


def test_a_drag_moves_and_only_its_end_chooses(qtbot, years, told):
    slider = years.slider
    left, right = QtCore.QPoint(6, 10), QtCore.QPoint(slider.width() - 6, 10)
    qtbot.mousePress(slider, Qt.MouseButton.LeftButton, pos=left)
    drag(slider, right)
    assert told[-1] == ("moved", 85.0)
    moving = [kind for kind, _ in told]
    assert set(moving) == {"moved"}
    assert years.held
    qtbot.mouseRelease(slider, Qt.MouseButton.LeftButton, pos=right)
    assert told[-1] == ("chosen", 85.0)
    assert told[0] == ("moved", 18.0)
    assert not years.held


def test_double_click_gives_the_default(qtbot, years, told):
    years.show_value(80.0, False)
    qtbot.mouseDClick(years.slider, Qt.MouseButton.LeftButton, pos=QtCore.QPoint(40, 10))
    assert told[-1] == ("chosen", 45.0)
    assert not years.held


def test_the_wheel_is_left_to_the_panel(years, told):
    turn = QtGui.QWheelEvent(
        QtCore.QPointF(20, 10), QtCore.QPointF(20, 10), QtCore.QPoint(0, 0),
        QtCore.QPoint(0, 120), Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    years.slider.wheelEvent(turn)
    assert not turn.isAccepted()
    assert told == []


def test_the_host_does_not_pull_the_handle_out_of_the_hand(qtbot, years):
    qtbot.mousePress(years.slider, Qt.MouseButton.LeftButton, pos=QtCore.QPoint(6, 10))
    years.show_value(60.0, False)
    assert years.value == 18.0
    qtbot.mouseRelease(years.slider, Qt.MouseButton.LeftButton, pos=QtCore.QPoint(6, 10))
    years.show_value(60.0, False)
    assert years.value == 60.0


def test_the_host_does_not_wipe_out_what_is_being_typed(qtbot, years):
    years.activateWindow()
    years.field.setFocus()
    qtbot.waitUntil(years.field.hasFocus)
    years.field.selectAll()
    qtbot.keyClicks(years.field, "6")
    years.show_value(30.0, False)
    assert years.field.text() == "6"


def test_an_animated_setting_is_marked(years):
    plain = years.mark.grab().toImage()
    years.show_value(45.0, keyed=True)
    marked = years.mark.grab().toImage()
    assert marked != plain
    assert "Animated" in years.mark.toolTip()
    years.show_value(45.0, keyed=False)
    assert years.mark.grab().toImage() == plain


# ---------------------------------------------------------------- a seed


@pytest.fixture
def seed(qtbot):
    control = SeedControl(PATTERN)
    qtbot.addWidget(control)
    control.resize(280, 30)
    control.show()
    qtbot.waitExposed(control)
    return control


def test_the_die_draws_another_each_time(qtbot, seed):
    seen = [seed.value]
    seed.chosen.connect(lambda name, value: seen.append(value))
    for _ in range(200):
        qtbot.mouseClick(seed.die, Qt.MouseButton.LeftButton)
        assert seed.value == seen[-1] != seen[-2]
        assert seed.field.text() == str(seed.value)
    assert all(type(value) is int and 1 <= value <= 9999 for value in seen[1:])
    assert len(set(seen)) > 150


@pytest.mark.parametrize(("below", "drawn"), [(5, 6), (9998, 9999), (1, 2)])
def test_the_die_never_draws_the_number_that_stands(seed, monkeypatch, below, drawn):
    seed.show_value(below, False)
    monkeypatch.setattr("random.randrange", lambda low, high: below)
    seed.draw()
    assert seed.value == drawn


def test_a_seed_is_a_whole_number_of_any_length(qtbot, seed):
    typed(qtbot, seed, "2147483647")
    assert seed.value == 2147483647
    assert seed.field.text() == "2147483647"
    refused = []
    seed.refused.connect(refused.append)
    for text in ("1.5", "older", "1e3"):
        typed(qtbot, seed, text)
        said = refused.pop()
        assert said.startswith("Pattern is a seed such as 7, or a file named")
        assert said.endswith(f"it got {text!r}. It stays at 2147483647.")
    typed(qtbot, seed, "2147483648")
    assert refused.pop().startswith("Pattern is 2147483648; a seed is from 0 to")
    qtbot.keyClick(seed.field, Qt.Key.Key_Up)
    assert seed.value == 2147483647


def test_the_die_shows_whether_it_can_be_used(qtbot, seed):
    ready = seed.die.grab().toImage()
    seed.setEnabled(False)
    assert seed.die.grab().toImage() != ready


def _number(setting, value):
    return int(value) if setting.grammar else value


@given(st.sampled_from(SHOWN), st.floats(0, 1))
def test_what_is_shown_reads_back_to_a_hundredth(setting, share):
    low, high = setting.limits
    value = checked(setting, setting.type(_number(setting, low + share * (high - low))))
    assert parsed(setting, number_text(value)) == pytest.approx(value, abs=0.0051)
