"""The lines that lead Nuke to ReAge, inside an init.py that is somebody else's. Bytes in and out.

    without_block(with_block(content, entry)) == content
    with_block(with_block(content, entry), entry) == with_block(content, entry)

They hold for every file that Python can read, whatever its encoding and line ends. The
block is ASCII alone, so that it is the same bytes in any encoding, and it is made of what
every Python since 2.7 reads: an old Nuke that shares the folder must start, too. What it
says is ASCII as well, for terminals that would stop at anything else.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from typing import Literal

from reage.errors import OutputError

BEGIN = b"# >>> ReAge >>>"
END = b"# <<< ReAge <<<"
ENGINE_VARIABLE = "REAGE_PYTHON"

Made = Literal["", "file", "folder"]

_BOM = b"\xef\xbb\xbf"
_NOTES: dict[Made, str] = {
    "": "",
    "file": "# ReAge made this file.\n",
    "folder": "# ReAge made this file and its folder.\n",
}
_TEXT = """\
{begin}
# Written by ReAge's install.py; `python3 install.py --uninstall` takes it out again, and so
# does deleting these lines, the one above and the one that ends in <<< included.
{note}import os

import nuke

_reage = {plugin}
try:
    if not os.path.isdir(_reage):
        raise IOError("no folder " + _reage + "; run `install.py --nuke` where ReAge is now")
{engine}    nuke.pluginAddPath(_reage)
except (Exception, SystemExit) as _reage_error:
    _reage = repr(_reage_error).encode("ascii", "backslashreplace").decode("ascii")
    nuke.tprint("ReAge: Nuke starts without it: " + _reage)
{end}"""
_ENGINE = '    os.environ.setdefault("{variable}", {python})\n'
_PLUGIN_LINE = re.compile(r"^_reage = (u.+)$", re.MULTILINE)
_ENGINE_LINE = re.compile(rf'setdefault\("{ENGINE_VARIABLE}", (u.+)\)$', re.MULTILINE)


@dataclass(frozen=True)
class BlockEntry:
    """What a block says.

    plugin  the folder nuke_plugin, with forward slashes
    python  the engine's Python; "" where it is the one of the checkout's own .venv
    made    what was not there before ReAge came, and goes with it: nothing, the file, or
            the file and its folder
    """

    plugin: str
    python: str = ""
    made: Made = ""


def find_block(content: bytes) -> BlockEntry | None:
    """What the block in `content` says; None without one. Raises OutputError for half a block."""
    span = _span(content)
    if span is None:
        return None
    text = "\n".join(content[slice(*span)].decode("ascii", "replace").splitlines())
    made: Made = next((m for m, note in _NOTES.items() if m and note in text), "")
    return BlockEntry(_literal(_PLUGIN_LINE, text), _literal(_ENGINE_LINE, text), made)


def with_block(content: bytes, entry: BlockEntry) -> bytes:
    """`content` with this block: at its end, or in the place of the one that it has.

    A missing line end at the end of the file stays missing; see `without_block`.
    Raises OutputError where the file holds half a block, or is no source at all.
    """
    if b"\0" in content:
        raise OutputError("It is not in an encoding that Python reads; save it as UTF-8 first.")
    span = _span(content)
    if span is not None:
        start, stop = span
        newline = _last_newline(content[start:stop])
        return content[:start] + _block(entry, newline) + content[stop:]
    newline = _last_newline(content)
    if content and not content.endswith((b"\n", b"\r")):
        return content + newline + _block(entry, newline)
    return content + _block(entry, newline) + newline


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
        return before + re.sub(rb"\A(\r\n|\n|\r)", b"", after)
    return re.sub(rb"(\r\n|\n|\r)\Z", b"", before)


def _block(entry: BlockEntry, newline: bytes) -> bytes:
    """The block's bytes, without a line end at its end."""
    python = _ENGINE.format(variable=ENGINE_VARIABLE, python=f"u{entry.python!a}")
    text = _TEXT.format(
        begin=BEGIN.decode(),
        end=END.decode(),
        note=_NOTES[entry.made],
        plugin=f"u{entry.plugin!a}",
        engine=python if entry.python else "",
    )
    return text.encode("ascii").replace(b"\n", newline)


def _span(content: bytes) -> tuple[int, int] | None:
    """Where the block starts and stops; None without one."""
    starts, stops, offset = [], [], 0
    for line in content.splitlines(keepends=True):
        bom = len(_BOM) if offset == 0 and line.startswith(_BOM) else 0
        bare = line[bom:].rstrip()
        if BEGIN in line:
            starts.append(offset + bom if bare == BEGIN else -1)
        if END in line:
            stops.append(offset + bom + len(bare) if bare == END else -1)
        offset += len(line)
    if not starts and not stops:
        return None
    if len(starts) == len(stops) == 1 and 0 <= starts[0] < stops[0]:
        return starts[0], stops[0]
    raise OutputError(
        f"The lines {BEGIN.decode()} to {END.decode()} do not stand in it as they were written; "
        "take them out by hand, and run this again."
    )


def _last_newline(content: bytes) -> bytes:
    found: list[bytes] = re.findall(rb"\r\n|\n|\r", content)
    return found[-1] if found else b"\n"


def _literal(line: re.Pattern[str], text: str) -> str:
    """The string that a line of the block holds; "" where the line was edited away."""
    found = line.search(text)
    try:
        return str(ast.literal_eval(found[1])) if found else ""
    except (ValueError, SyntaxError):
        return ""
