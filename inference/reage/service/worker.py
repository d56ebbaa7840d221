"""`reage worker`: a host's requests, one JSON object a line, and their answers.

    stdin ─▶ reader thread ─▶ queue ─▶ main thread, one request after the other ─▶ stdout

docs/worker.md has the protocol, `verbs` what can be asked. What is heavy is imported by the first
request that needs it, so that `hello` is answered at once.
"""

from __future__ import annotations

import inspect
import json
import os
import signal
import sys
import threading
import traceback
from collections.abc import Mapping
from dataclasses import dataclass, field
from queue import SimpleQueue
from typing import Any, get_type_hints

from reage import strict_json
from reage.errors import Cancelled, ReageError, SettingsError
from reage.progress import Progress
from reage.service.drained import Drained
from reage.service.verbs import VERBS, Task, WorkerState
from reage.shaped import shaped, shown
from reage.unforeseen import of_file

INTERNAL_ERROR = 70

LONGEST_LINE = 16 << 20
"""Bytes of a request. A job with keys and marks for ten thousand frames has two million."""

LAST_SECONDS = 30.0
"""After the end of stdin the process ends, were a library to hang; a frame is written in less."""

_LIMITS = strict_json.Limits(LONGEST_LINE, LONGEST_LINE // 8)


def serve() -> int:
    """Answer requests until stdin ends or nobody listens any more; returns the exit code.

    To be called on the main thread of a process that does nothing else: stdin and stdout are
    taken away from all other code in it.
    """
    # In a terminal, Ctrl-C is the host's: if it ends by it, so will stdin.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    requests, answers = _private_pipes()
    printed = Drained(2)
    os.dup2(2, 1)
    queue, state = _RequestQueue(), WorkerState()
    threading.Thread(target=_listen, args=(requests, queue), daemon=True).start()
    try:
        while (request := queue.next()) is not None:
            _send(answers, _answer(state, request, answers))
            queue.done(request)
    except BrokenPipeError:
        pass  # the host is gone
    sys.stderr.flush()
    printed.finish()
    return 0


# ---------------------------------------------------------------- requests and their order


@dataclass(frozen=True)
class _Request:
    """One line of stdin. `wrong` says why it is none that can be answered."""

    id: int | str | None = None
    do: str = ""
    arguments: Mapping[str, Any] = field(default_factory=dict)
    wrong: str = ""
    cancelled: threading.Event = field(default_factory=threading.Event)


def _parsed(line: bytes) -> _Request:
    try:
        data = strict_json.loads(line, "a line", SettingsError, _LIMITS)
    except SettingsError as e:
        return _Request(wrong=str(e))
    if not isinstance(data, dict):
        return _Request(wrong="A request must be a JSON object on one line.")
    number, do = data.pop("id", None), data.pop("do", None)
    if isinstance(number, bool) or not isinstance(number, int | str):
        return _Request(wrong="A request needs an id, a whole number or a word.")
    if not isinstance(do, str):
        return _Request(number, wrong="A request says with do what it wants.")
    return _Request(number, do, data)


class _RequestQueue:
    """Requests in the order they came; a cancel overtakes them."""

    def __init__(self) -> None:
        self._waiting: SimpleQueue[_Request | None] = SimpleQueue()
        self._open: list[_Request] = []
        self._lock = threading.Lock()

    def put(self, request: _Request | None) -> None:
        if request is None:
            return
        with self._lock:
            if request.do == "cancel":
                for each in self._open:
                    if each.id == request.id:
                        each.cancelled.set()
                return
            self._open.append(request)
        self._waiting.put(request)

    def next(self) -> _Request | None:
        """The next request; None after the last."""
        return self._waiting.get()

    def done(self, request: _Request) -> None:
        with self._lock:
            self._open = [each for each in self._open if each is not request]

    def end(self) -> None:
        """No more will come, and nobody wants what is still open."""
        with self._lock:
            for each in self._open:
                each.cancelled.set()
        self._waiting.put(None)


# ---------------------------------------------------------------- pipes


def _private_pipes() -> tuple[int, int]:
    """stdin and stdout under new numbers, and the old ones pointed elsewhere.

    What a library, whether in Python or in C, prints goes to stderr then, and what it reads
    is empty: the protocol stays whole. To be called before anything heavy is imported.
    """
    requests, answers = os.dup(0), os.dup(1)
    if sys.platform == "win32":
        import msvcrt

        for pipe in (requests, answers):
            msvcrt.setmode(pipe, os.O_BINARY)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    sys.stdout = sys.stderr  # which does not wait for a full buffer
    return requests, answers


def _listen(pipe: int, queue: _RequestQueue) -> None:
    """Fill the queue until the pipe ends; what comes after its last newline was cut off."""
    rest: list[bytes] = []  # of a line that has not ended
    size = 0
    try:
        while chunk := os.read(pipe, 1 << 16):
            first, *lines = chunk.split(b"\n")
            size += len(first)
            if size <= LONGEST_LINE:
                rest.append(first)
            for following in lines:
                queue.put(_whole(rest, size))
                rest, size = [following], len(following)
    finally:
        queue.end()
        last = threading.Timer(LAST_SECONDS, os._exit, (1,))  # whatever holds the main thread
        last.daemon = True
        last.start()


def _whole(parts: list[bytes], size: int) -> _Request | None:
    """The request of a line; None of one that is empty."""
    if size > LONGEST_LINE:
        return _Request(wrong=f"A line is {size} bytes long; the most is {LONGEST_LINE}.")
    line = b"".join(parts)
    return _parsed(line) if line.strip() else None


def _line(request: _Request, **answer: Mapping[str, Any]) -> bytes:
    """An answer as it goes out; ASCII, all other letters escaped."""
    return json.dumps({"id": request.id, **answer}, allow_nan=False).encode() + b"\n"


def _send(pipe: int, line: bytes) -> None:
    """Raises BrokenPipeError where nobody listens."""
    left = memoryview(line)
    while left:
        try:
            left = left[os.write(pipe, left) :]
        except OSError as e:  # Windows has another number for it
            raise BrokenPipeError(str(e)) from e


# ---------------------------------------------------------------- one request


def _answer(state: WorkerState, request: _Request, pipe: int) -> bytes:
    """The line with the result or the error: whatever happens becomes an answer."""

    def tell(what: Progress) -> None:
        _send(pipe, _line(request, progress=what.message()))

    try:
        if request.wrong:
            raise SettingsError(request.wrong)
        if request.cancelled.is_set():
            raise Cancelled("Cancelled before it began.")
        task = Task(tell, request.cancelled.is_set)
        return _line(request, result=_done(state, request, task))
    except ReageError as e:
        return _error(request, type(e).__name__, str(e), e.exit_code)
    except BrokenPipeError:
        raise
    except BaseException as e:
        if (known := of_file(e)) is not None:
            return _error(request, type(known).__name__, str(known), known.exit_code)
        traceback.print_exc()
        return _error(
            request,
            "InternalError",
            f"The engine failed in a way that nobody foresaw: {type(e).__name__}: {e}. "
            "Its log has the details.",
            INTERNAL_ERROR,
        )


def _error(request: _Request, kind: str, message: str, exit_code: int) -> bytes:
    return _line(request, error={"kind": kind, "message": message, "exit_code": exit_code})


def _done(state: WorkerState, request: _Request, task: Task) -> Mapping[str, Any]:
    verb = VERBS.get(request.do)
    if verb is None:
        known = ", ".join(VERBS)
        raise SettingsError(f"The engine knows {known}, and cancel; not {shown(request.do)}.")
    try:
        bound = inspect.signature(verb).bind(state, task, **request.arguments)
    except TypeError as e:
        raise SettingsError(f"The request {request.do} is {e}.") from e
    hints = get_type_hints(verb)
    for name, value in request.arguments.items():
        bound.arguments[name] = shaped(value, hints[name], name, SettingsError)
    return verb(*bound.args, **bound.kwargs)
