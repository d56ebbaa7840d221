"""Presets last, and no file is ever lost."""

import json
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reage.errors import OutputError, SettingsError
from reage_host.presets import PresetFile, from_text, to_text

VALUES = st.fixed_dictionaries(
    {},
    optional={
        "source_age": st.floats(0, 100),
        "target_age": st.floats(0, 100),
        "blend": st.floats(0, 1),
        "pattern": st.integers(0, 2**31 - 1),
        "steady": st.floats(0, 50),
        "detail": st.floats(0, 4),
        "form": st.floats(0, 4),
        "tone": st.floats(0, 4),
        "gray": st.floats(0, 1),
    },
).filter(bool)
OLDER = {"source_age": 45.0, "target_age": 70.0, "blend": 0.8}


@pytest.fixture
def file(tmp_path):
    return PresetFile(tmp_path / "a folder" / "presets.json")


@given(VALUES)
def test_values_survive_the_clipboard(values):
    found = from_text(to_text(values))
    assert found == values
    assert {name: type(value) for name, value in found.items()} == {
        name: int if name == "pattern" else float for name in values
    }


NAMES = st.text(min_size=1).filter(lambda name: name.strip() and "\0" not in name)


@given(names=st.dictionaries(NAMES, VALUES, max_size=4))
def test_presets_survive_the_file(tmp_path_factory, names):
    file = PresetFile(tmp_path_factory.mktemp("presets") / "presets.json")
    for name, values in names.items():
        file.save("sh010", name, values)
    stripped = {name.strip(): values for name, values in names.items()}
    assert PresetFile(file.path).of("sh010") == stripped
    for name in stripped:
        file.delete("sh010", name)
    assert file.of("sh010") == {}


def test_a_file_name_that_is_no_text_survives_and_a_name_with_nul_is_refused(file):
    odd = OLDER | {"pattern": "caf\udce9.pattern.exr"}
    file.save("sh010", "é", odd)
    assert PresetFile(file.path).of("sh010") == {"é": odd} and "é" in file.path.read_text("utf-8")
    with pytest.raises(SettingsError, match="Type a name"):
        file.save("sh010", "a\0", OLDER)


def test_a_setting_by_its_former_name_is_still_read(file):
    file.save("sh010", "older", OLDER | {"grey": 0.5})
    assert file.of("sh010") == {"older": OLDER | {"gray": 0.5}}
    assert from_text(to_text({"grey": 0.25})) == {"gray": 0.25}


def test_presets_are_kept_per_shot(file):
    file.save("sh010", "older", OLDER)
    file.save("sh020", "older", {"blend": 0.5})
    assert file.of("sh010") == {"older": OLDER}
    assert file.of("sh020") == {"older": {"blend": 0.5}}
    assert file.of("sh030") == {}


def test_two_sessions_do_not_lose_each_others_presets(file):
    other = PresetFile(file.path)
    file.save("sh010", "mine", OLDER)
    other.save("sh010", "theirs", OLDER)
    assert set(file.of("sh010")) == {"mine", "theirs"}


@pytest.mark.parametrize(
    "content",
    [
        b"{ half a fi", b"[]", b'{"shots": 3}', b'{"shots": {"a": {"b": "c"}}}', b"\xff\xfe\x00",
        b'{"shots": {"a": {"b": {"blend": 7}}}}', b"", b'{"shots": {"a": {"b": {"blend": true}}}}',
        b"[" * 100_000,
    ],
)  # fmt: skip
def test_what_cannot_be_understood_is_put_aside_and_said(file, content):
    file.path.parent.mkdir()
    for number in (1, 2):
        file.path.write_bytes(content)
        file.save("sh010", "older", OLDER)
        aside = file.path.with_name(f"presets.json.unreadable{number}")
        assert aside.read_bytes() == content
        assert str(aside) in file.notice
        assert file.of("sh010") == {"older": OLDER}


def test_a_file_of_another_version_is_left_alone(file):
    text = json.dumps({"reage_presets": 2, "shots": {"new": "format"}})
    file.path.parent.mkdir()
    file.path.write_text(text, encoding="utf-8")
    with pytest.raises(OutputError, match="another version"):
        file.save("sh010", "older", OLDER)
    assert file.path.read_text(encoding="utf-8") == text


def test_a_place_that_cannot_be_is_named(tmp_path):
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(OutputError, match="presets.json cannot be read: Not a dir"):
        PresetFile(tmp_path / "file" / "presets.json").save("", "older", OLDER)


def test_a_save_that_fails_leaves_the_old_file(file, monkeypatch):
    file.save("sh010", "older", OLDER)

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OutputError, match="No space left"):
        file.save("sh010", "younger", OLDER)
    assert file.of("sh010") == {"older": OLDER}
    assert [p.name for p in file.path.parent.iterdir()] == ["presets.json"]


def test_a_preset_needs_a_name(file):
    with pytest.raises(SettingsError, match="name"):
        file.save("sh010", "  ", OLDER)
    with pytest.raises(SettingsError, match="no preset 'older'"):
        file.delete("sh010", "older")


@pytest.mark.parametrize(
    "text", ["", "hello", "{}", "[1]", '{"reage_values": {}}', "12", "[" * 100_000]
)
def test_other_text_on_the_clipboard_is_refused(text):
    with pytest.raises(SettingsError, match="clipboard holds no ReAge values"):
        from_text(text)


def test_values_out_of_range_on_the_clipboard_are_refused_by_name():
    with pytest.raises(SettingsError, match="Blend is 7"):
        from_text(to_text({"blend": 7.0}))


def test_a_pattern_on_the_clipboard_is_a_whole_number():
    with pytest.raises(SettingsError, match=r"Pattern is a whole number, or text; 1\.5 is neither"):
        from_text(to_text({"pattern": 1.5}))
