"""The lines that lead Nuke to ReAge, inside an init.py that is somebody else's. Bytes in and out.

    without_block(with_block(content, entry)) == content
    with_block(with_block(content, entry), entry) == with_block(content, entry)

They hold for every file that Python can read, whatever its encoding and line ends. The block is
ASCII, and what every Python since 2.7 reads: an old Nuke that shares the folder must start, too.
"""

from __future__ import annotations

import ast
import re
from contextlib import suppress
from dataclasses import dataclass

from reage.errors import OutputError

BEGIN = b"# >>> ReAge >>>"
END = b"# <<< ReAge <<<"
ENGINE_VARIABLE = "REAGE_PYTHON"

_BREAK = rb"(?:\r\n|\n|\r)"
_BLOCK = re.compile(
    rb"(?:(?<![^\r\n])|(?<=\A\xef\xbb\xbf))"  # a line's begin, or a BOM's end
    + BEGIN + rb"(?=\s*[\r\n]).*[\r\n]" + END + rb"(?=[^\S\r\n]*(?:[\r\n]|\Z))",
    re.DOTALL,
)  # fmt: skip
_NOTES = {
    "": "",
    "file": "# ReAge made this file.\n",
    "folder": "# ReAge made this file and its folder.\n",
}
_TEXT = f"""\
{BEGIN.decode()}
# Written by ReAge; `install.py --uninstall` or `reage nuke uninstall` takes it out again, and so
# does deleting these lines, the one above and the one that ends in <<< included.
{{note}}import os

import nuke

_reage = {{plugin}}
try:
    if not os.path.isdir(_reage):
        raise IOError("no folder " + _reage + "; enter it anew from where ReAge is now")
{{engine}}    nuke.pluginAddPath(_reage)
except (Exception, SystemExit) as _reage_error:
    _reage = repr(_reage_error).encode("ascii", "backslashreplace").decode("ascii")
    nuke.tprint("ReAge: Nuke starts without it: " + _reage)
{END.decode()}"""
_ENGINE = f'    os.environ.setdefault("{ENGINE_VARIABLE}", {{python}})\n'


@dataclass(frozen=True)
class BlockEntry:
    """What a block says.

    plugin  the folder nuke_plugin, with forward slashes
    python  the engine's Python; "" where the plugin finds it by itself
    made    what was not there before ReAge came, and goes with it: "", "file", or "folder" for
            the file and its folder
    """

    plugin: str
    python: str = ""
    made: str = ""


def find_block(content: bytes) -> BlockEntry | None:
    """What the block in `content` says; None without one. Raises OutputError for half a block."""
    span = _span(content)
    if span is None:
        return None
    text = "\n".join(content[slice(*span)].decode("ascii", "replace").splitlines())
    made = next((made for made, note in _NOTES.items() if made and note in text), "")
    engine = rf'setdefault\("{ENGINE_VARIABLE}", (u.+)\)$'
    return BlockEntry(_literal(r"^_reage = (u.+)$", text), _literal(engine, text), made)


def with_block(content: bytes, entry: BlockEntry) -> bytes:
    """`content` with this block: at its end, or in the place of the one that it has.

    A missing line end at the end of the file stays missing; see `without_block`.
    Raises OutputError where the file holds half a block, or is no source at all.
    """
    if b"\0" in content:
        raise OutputError("It is not in an encoding that Python reads; save it as UTF-8 first.")
    start, stop = span = _span(content) or (len(content), len(content))
    newline: bytes = (re.findall(_BREAK, content[slice(*span)] or content) or [b"\n"])[-1]
    engine = _ENGINE.format(python=f"u{entry.python!a}") if entry.python else ""
    text = _TEXT.format(note=_NOTES[entry.made], plugin=f"u{entry.plugin!a}", engine=engine)
    block = text.encode("ascii").replace(b"\n", newline)
    if start < stop:
        return content[:start] + block + content[stop:]
    ended = not content or content.endswith((b"\n", b"\r"))
    return content + (block + newline if ended else newline + block)


def without_block(content: bytes) -> bytes:
    """`content` as it was before the block came. Raises OutputError where it holds half of one.

    One line end is the block's: the one after it, or, where the file ends without one, the
    one before it.
    """
    span = _span(content)
    if span is None:
        return content
    before, after = content[: span[0]], content[span[1] :]
    if after:
        return before + re.sub(rb"\A" + _BREAK, b"", after)
    return re.sub(_BREAK + rb"\Z", b"", before)


def _span(content: bytes) -> tuple[int, int] | None:
    """Where the block starts and stops; None without one."""
    counts = (content.count(BEGIN), content.count(END))
    if counts == (0, 0):
        return None
    found = _BLOCK.search(content)
    if found is None or counts != (1, 1):
        raise OutputError(
            f"The lines {BEGIN.decode()} to {END.decode()} do not stand in it as they were "
            "written; take them out by hand, and run this again."
        )
    return found.span()


def _literal(pattern: str, text: str) -> str:
    """The string that a line of the block holds; "" where the line was edited away."""
    with suppress(ValueError, SyntaxError):
        if found := re.search(pattern, text, re.MULTILINE):
            return str(ast.literal_eval(found[1]))
    return ""
