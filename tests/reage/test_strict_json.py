"""What is no JSON within the limits is one sentence, at once and in little memory; all else is as
Python reads it."""

import json
import time
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reage.errors import TrackError
from reage.strict_json import DEPTH, Limits, load, loads

NAMES = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=9)
NUMBERS = st.integers(-(10**18) + 1, 10**18 - 1) | st.floats(-1e99, 1e99)
LEAVES = st.none() | st.booleans() | NUMBERS | NAMES
VALUES = st.recursive(LEAVES, lambda v: st.lists(v) | st.dictionaries(NAMES, v), max_leaves=40)


@given(VALUES, st.booleans())
def test_what_is_fine_is_read_as_it_was_written(value, ascii):
    text = json.dumps(value, ensure_ascii=ascii)
    assert loads(text, "the track a", TrackError) == value
    assert loads(b"\xef\xbb\xbf" + text.encode(), "the track a", TrackError) == value


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "is not JSON at line 1: Expecting value"),
        ('{\n"a": 1,\n"b"}', "is not JSON at line 3"),
        (b"\xff{}", "is not UTF-8 at byte 0"),
        ('{"a": {"b": 1, "b": 2}}', "has 'b' twice in one object"),
        ("[1,\nNaN]", "a number at line 2 that is none"),
        ("[-Infinity]", "a number at line 1"),
        ("[1e999]", "a number at line 1"),
        ("[1E+0400]", "a number at line 1"),
        ("[" + "9" * 5000 + "]", "a number at line 1"),
        ("[" + "9" * 19 + "]", "a number at line 1"),
        ("[0." + "9" * 500 + "]", "a number at line 1"),
        ("[" * 200_000, "more than 32 deep"),
        ("[" * 200_000 + "]" * 200_000, "more than 32 deep"),
        ('{"a":' * 70 + "1" + "}" * 70, "more than 32 deep"),
        ('["\\ud800"]', "holds text that is none"),
        ('{"a\\u0000": 1}', "holds text that is none"),
        ('["' + '\\"' * 500_000, "Unterminated string"),
        ('"' + "x" * (5 << 20) + '"', "has more than 4194304 bytes"),
        ("[" + "[]," * 300_000 + "[]]", "holds more than 200000 values"),
    ],
)
def test_all_else_is_one_sentence(text, says):
    began = time.monotonic()
    with pytest.raises(TrackError) as refused:
        loads(text, "the track a.json", TrackError)
    said = str(refused.value)
    assert said.startswith("The track a.json ") and says in said
    assert "\n" not in said and len(said) < 200 and said.endswith((".", "?"))
    assert time.monotonic() - began < 2


def test_words_may_look_like_numbers_and_brackets():
    value = {"NaN": "1e999 [[[[ " + "9" * 99, "b": '\\" [' * 99, "c": ["\udce9", "😀"]}
    assert loads(json.dumps(value), "it", TrackError) == value


@given(VALUES, st.booleans())
def test_long_strings_are_none_of_the_rest(value, ascii):
    """Where strings are long they are split off, or else read through; with one law for both."""
    picture = "x[{,9" * 40_000
    text = json.dumps([picture, value], ensure_ascii=ascii)
    assert loads(text, "it", TrackError) == [picture, value]
    for wrong, says in (
        ('"\\ud800"', "is none"), ("[" * 70 + "]" * 70, "deep"), ("9" * 19, "at line 2"),
        ("[" + "[]," * 200_000 + "[]]", "more than 200000 values"), ('"\\" 1e999', "Unterm"),
    ):  # fmt: skip
        with pytest.raises(TrackError, match=says):
            loads(f"{text[:-1]},\n{wrong}]", "it", TrackError)


@pytest.mark.parametrize("depth", [DEPTH - 1, DEPTH])
def test_as_deep_as_promised_is_read(depth):
    value = []
    for n in range(depth - 1):
        value = [value] if n % 2 else {"a": value}
    assert loads(json.dumps(value), "it", TrackError) == value


def test_a_file_without_end_is_read_to_its_limit(tmp_path):
    with pytest.raises(TrackError, match="^The track has more than 1000 bytes"):
        load(tmp_path.__class__("/dev/zero"), "the track", TrackError, Limits(1000, 9))
    for path in (tmp_path, tmp_path / "gone", tmp_path / "a\0b"):
        with pytest.raises(TrackError, match="^Cannot read the track: "):
            load(path, "the track", TrackError)


def test_refusing_takes_no_more_memory_than_a_few_texts():
    text = "[" + "[]," * (10 << 20) + "[]]"
    tracemalloc.start()
    with pytest.raises(TrackError, match="values"):
        loads(text, "it", TrackError, Limits(1 << 30, 1 << 20))
    assert tracemalloc.get_traced_memory()[1] < 5 * len(text)
    tracemalloc.stop()
