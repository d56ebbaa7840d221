"""The block in somebody else's init.py: in and out again, to the byte."""

from __future__ import annotations

import ast

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from reage.errors import OutputError
from reage.tools.nuke_setup.block import (
    BEGIN,
    END,
    BlockEntry,
    find_block,
    with_block,
    without_block,
)

ENTRY = BlockEntry("/shows/ReAge/nuke_plugin")
LINES = st.sampled_from(
    (b"import nuke", b"# caf\xe9", b"x = '\xc3\xbc'", b"", b"\t", b"if x:", b"\x0c", b"y = 1 \\")
)
BREAKS = st.sampled_from((b"\n", b"\r\n", b"\r"))


@st.composite
def _contents(draw: st.DrawFn) -> bytes:
    """An init.py: with and without BOM and final line end, of one sort of line end or several."""
    newline = draw(st.sampled_from((b"\n", b"\r\n", b"\r", None)))
    content: bytes = draw(st.sampled_from((b"", b"\xef\xbb\xbf")))
    for line in draw(st.lists(LINES, max_size=6)):
        content += line + (newline or draw(BREAKS))
    return content + draw(st.sampled_from((b"", b"nuke.tprint(1)", b"# the end")))


_PATHS = st.text(st.characters(exclude_characters="\0"), min_size=1, max_size=30)
_ENTRIES = st.builds(
    BlockEntry, _PATHS, st.one_of(st.just(""), _PATHS), st.sampled_from(("", "file", "folder"))
)


def _is_anybodys(content: bytes) -> bool:
    """Text, as far as it goes, with no line of ours: half a block is refused, as told below."""
    return b"\0" not in content and BEGIN not in content and END not in content


@given(content=st.one_of(_contents(), st.binary().filter(_is_anybodys)), entry=_ENTRIES)
@example(content=b"", entry=ENTRY)
@example(content=b"a\r", entry=ENTRY)
@example(content=b"", entry=BlockEntry("/not utf-8/\udce4/nuke_plugin"))
@example(content=b"\xef\xbb\xbf", entry=ENTRY)
def test_what_was_there_comes_back_to_the_byte(content: bytes, entry: BlockEntry) -> None:
    held = with_block(content, entry)
    assert held.startswith(content)
    assert without_block(held) == content
    assert find_block(held) == entry


@given(content=_contents(), entry=_ENTRIES, other=_ENTRIES, after=_contents())
def test_twice_is_once_and_a_change_stays_in_its_place(
    content: bytes, entry: BlockEntry, other: BlockEntry, after: bytes
) -> None:
    held = with_block(content, entry)
    assert with_block(held, entry) == held
    longer = held + (b"" if held.endswith((b"\n", b"\r")) else b"\n") + after
    changed = with_block(longer, other)
    assert find_block(changed) == other
    assert changed.startswith(content) and changed.endswith(after)
    assert changed.count(BEGIN) == changed.count(END) == 1


@given(content=_contents())
def test_a_file_without_a_block_is_left_alone(content: bytes) -> None:
    assert find_block(content) is None
    assert without_block(content) == content


@given(entry=_ENTRIES, newline=BREAKS)
def test_it_is_ascii_in_the_files_own_line_ends(entry: BlockEntry, newline: bytes) -> None:
    block = with_block(b"import nuke" + newline, entry)
    assert block.isascii()
    assert set(block.replace(newline, b"")) & set(b"\r\n") == set()


@given(entry=_ENTRIES)
def test_an_old_python_reads_it(entry: BlockEntry) -> None:
    """The oldest grammar that can be asked for; no f-string, no annotation."""
    ast.parse(with_block(b"", entry), feature_version=(3, 4))


def test_a_bom_that_an_editor_put_before_it_is_no_obstacle() -> None:
    content = b"\xef\xbb\xbf" + with_block(b"", ENTRY)
    assert find_block(content) == ENTRY
    assert without_block(content) == b"\xef\xbb\xbf"


def test_lines_added_below_it_stay() -> None:
    assert without_block(with_block(b"a = 1\n", ENTRY) + b"b = 2") == b"a = 1\nb = 2"


_WHOLE = with_block(b"a = 1\n", ENTRY)


@pytest.mark.parametrize(
    "content",
    [
        _WHOLE.replace(END + b"\n", b""),
        _WHOLE.replace(BEGIN + b"\n", b""),
        _WHOLE.replace(BEGIN, b"    " + BEGIN),
        _WHOLE.replace(END, END + b" # mine"),
        _WHOLE + _WHOLE,
        END + b"\n" + BEGIN + b"\n",
    ],
    ids=["no end", "no begin", "indented", "lengthened", "twice", "turned round"],
)
def test_half_a_block_is_refused_and_not_guessed_at(content: bytes) -> None:
    for act in (find_block, without_block, lambda c: with_block(c, ENTRY)):
        with pytest.raises(OutputError, match="by hand"):
            act(content)


def test_what_is_no_source_is_refused() -> None:
    with pytest.raises(OutputError, match="UTF-8"):
        with_block("import nuke\n".encode("utf-16"), ENTRY)


def test_a_block_whose_path_was_edited_away_can_still_be_taken_out() -> None:
    content = _WHOLE.replace(b"_reage = u'", b"_reage = u'''")
    assert find_block(content) == BlockEntry("")
    assert without_block(content) == b"a = 1\n"
