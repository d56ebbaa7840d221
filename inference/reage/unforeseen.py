"""What nobody foresaw, such as an exception of a library: a sentence for the artist, the traceback
into a file for whoever mends it. Standard library only."""

from __future__ import annotations

import tempfile
import time
import traceback
from pathlib import Path

from reage.errors import ReageError, Unforeseen
from reage.shaped import short

_MOST = 1 << 20
"""Bytes that the log may grow to before it begins anew."""


def log_file() -> Path:
    return Path(tempfile.gettempdir()) / "reage_errors.log"


def unforeseen(error: BaseException, where: str = "") -> ReageError:
    """The error to raise in place of this one, which is put into the log. where: what was at work,
    such as a file; it begins the sentence."""
    if (known := of_file(error)) is not None:
        return known
    words = " ".join(str(error).split()) or "no reason given"
    said = f"{type(error).__name__}: {words if len(words) < 300 else words[:300] + ' …'}"
    doing = f"{where} met" if where else "This was"
    more = "Please report it."
    if _logged(error):
        more = f"The details are in {log_file()}; please report them."
    return Unforeseen(f"{doing} an error that ReAge does not know ({said.rstrip('.')}). {more}")


def of_file(error: BaseException) -> ReageError | None:
    """What the system says of a file, such as a closed folder or a name that is too long, in its
    own words; None where it is another error."""
    if isinstance(error, OSError) and error.filename and error.strerror:
        return ReageError(f"{short(error.filename)}: {error.strerror}.")
    return None


def _logged(error: BaseException) -> bool:
    path = log_file()
    text = "".join(traceback.format_exception(error))
    try:
        mode = "w" if path.is_file() and path.stat().st_size > _MOST else "a"
        with path.open(mode, encoding="utf-8", errors="backslashreplace") as file:
            file.write(f"{time.strftime('%Y-%m-%d %H:%M:%S')}\n{text}\n")
    except OSError:
        return False
    return True
