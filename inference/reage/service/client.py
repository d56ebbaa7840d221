"""The worker as a host sees it: start it, ask it, and outlive it, whatever it does.

    worker = Worker.start(engine_command(checkout))
    report = worker.call("render", job=dataclasses.asdict(job), progress=show)
    worker.close()

Standard library only: this module runs inside Nuke. docs/worker.md has the protocol.
"""

from __future__ import annotations

import io
import itertools
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

from reage import home, strict_json
from reage.errors import Cancelled, ReageError, SettingsError

LONGEST_ANSWER = 1 << 27
"""Bytes of one line; the largest preview has a third of it."""

_LIMITS = strict_json.Limits(LONGEST_ANSWER, LONGEST_ANSWER // 8)

_FOREIGN_LINES = 50
"""So many lines that are no answers, and the program at the other end is no worker."""

_PIPE = 1 << 16
"""Bytes that a pipe holds, and so are read at once: a preview has a million."""

_LOG_LINES = 200
_LAST_WORDS = 5
_AFTER_EOF = 2.0
_AFTER_CANCEL = 10.0


class EngineError(ReageError):
    """What came instead of a result; its text is a sentence or two for the artist.

    kind       the engine's own error by its class (see `reage.errors`), "InternalError" for a
               fault in the engine, "WorkerDied" where the process ended, "NotStarted" where
               it could not be started
    exit_code  what `reage` would return for it
    """

    def __init__(self, kind: str, message: str, exit_code: int = 70) -> None:
        super().__init__(message)
        self.kind, self.exit_code = kind, exit_code


@dataclass(frozen=True)
class Reply:
    """The end of a request: one of both is None."""

    result: Mapping[str, Any] | None
    error: EngineError | None


Done = Callable[[Reply], object]
Progress = Callable[[Mapping[str, Any]], object]


class Worker:
    """A running `reage worker`. Its methods may be called from any thread.

    Callbacks come on a thread of the client's own, one after the other; what they raise goes
    to `sys.excepthook`. The process ends with `close`, and with the process that started it.
    """

    @classmethod
    def start(cls, command: Sequence[str], env: Mapping[str, str] | None = None) -> Worker:
        """Start the process; does not wait for it to answer.

        env: variables on top of this process's own, from which `clean_environment` has taken
             what belongs to the host alone
        Raises EngineError of kind "NotStarted".
        """
        environment = {**clean_environment(os.environ), **(env or {})}
        pipe = subprocess.PIPE
        try:
            process = subprocess.Popen(
                list(command), stdin=pipe, stdout=pipe, stderr=pipe, bufsize=0, env=environment,
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )  # fmt: skip
        except (OSError, ValueError) as e:
            reason = getattr(e, "strerror", None) or e
            raise EngineError(
                "NotStarted",
                f"The engine cannot be started: {command[0]}: {reason}. Run install.py, or set "
                "REAGE_PYTHON to the Python that ReAge is installed in.",
            ) from e
        return cls(process)

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()
        self._asked: dict[int, tuple[Done, Progress | None]] = {}
        self._over = False  # no answer will come any more
        self._closed = False
        self._foreign = False
        self._outbox: SimpleQueue[bytes | None] = SimpleQueue()
        self._said: deque[str] = deque(maxlen=_LOG_LINES)
        self._stderr = _thread(self._hear, process.stderr)
        self._threads = (
            self._stderr, _thread(self._post, process.stdin), _thread(self._read, process.stdout),
        )  # fmt: skip
        for each in self._threads:
            each.start()

    # ------------------------------------------------------------ asking

    def send(
        self, do: str, arguments: Mapping[str, Any], done: Done, progress: Progress | None = None
    ) -> int:
        """Ask, and go on at once; returns the request's number, for `cancel`.

        `done` is told exactly once, also where the process is or falls dead. Raises TypeError
        or ValueError for arguments that JSON cannot hold.
        """
        number = next(self._numbers)
        line = json.dumps({**arguments, "id": number, "do": do}, allow_nan=False)
        with self._lock:
            if not (self._over or self._closed):
                self._asked[number] = (done, progress)
                self._outbox.put(line.encode() + b"\n")
                return number
        late = Reply(None, self._last_words())
        _thread(_told, done, late).start()
        return number

    def call(
        self,
        do: str,
        progress: Progress | None = None,
        cancelled: Callable[[], bool] | None = None,
        **arguments: Any,
    ) -> Mapping[str, Any]:
        """Ask, and wait for the result. Raises EngineError, RuntimeError inside a callback.

        cancelled: asked twenty times a second; once true, the request is cancelled, and
                   EngineError of kind "Cancelled" raised, after what was begun has ended or
                   ten seconds at most
        """
        if threading.current_thread() is self._threads[-1]:
            raise RuntimeError("Worker.call would wait for itself in a callback; use send.")
        replies: SimpleQueue[Reply] = SimpleQueue()
        number = self.send(do, arguments, replies.put, progress)
        try:
            reply = _wait(replies, cancelled)
            if reply is None:
                self.cancel(number)
                reply = _wait(replies, _after(_AFTER_CANCEL)) or _cancelled(
                    "Cancelled; the engine still ends what it had begun."
                )
                if reply.error is None:
                    reply = _cancelled("Cancelled, but the engine had finished by then.")
        except BaseException:  # Ctrl-C in a terminal
            self.cancel(number)
            raise
        if reply.error is not None:
            raise reply.error
        return reply.result or {}

    def cancel(self, request: int) -> None:
        """End a request, queued or running; its `done` is told so. Later than that: nothing."""
        line = json.dumps({"do": "cancel", "id": request})
        with self._lock:
            if request in self._asked:
                self._outbox.put(line.encode() + b"\n")

    @property
    def alive(self) -> bool:
        """Whether requests can still be answered."""
        return not (self._over or self._closed) and self._process.poll() is None

    @property
    def log(self) -> tuple[str, ...]:
        """What the engine wrote beside its answers: the last lines of its stderr."""
        return tuple(self._said)

    def close(self, grace: float = 5.0) -> None:
        """End the process: it is asked to, and after `grace` seconds it is made to.

        Requests that are still open end as cancelled.
        """
        with self._lock:
            self._closed = True
        self._outbox.put(None)
        try:
            self._process.wait(grace)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        for each in self._threads:
            if each is not threading.current_thread():
                each.join(_AFTER_EOF)

    def __enter__(self) -> Worker:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # ------------------------------------------------------------ the three pipes

    def _post(self, pipe: io.RawIOBase) -> None:
        """Write requests; a worker that hangs blocks this thread and no other."""
        with suppress(OSError):  # a broken pipe: the reading thread learns of it, too
            while (line := self._outbox.get()) is not None:
                rest = memoryview(line)
                while rest:
                    rest = rest[pipe.write(rest) or 0 :]
        with suppress(OSError):
            pipe.close()

    def _hear(self, pipe: io.RawIOBase) -> None:
        with io.BufferedReader(pipe) as lines:
            while line := lines.readline(1 << 13):
                self._said.append(_text(line))

    def _read(self, pipe: io.RawIOBase) -> None:
        foreign = 0
        with io.BufferedReader(pipe, _PIPE) as lines:
            with suppress(OSError):
                while foreign < _FOREIGN_LINES and (line := lines.readline(LONGEST_ANSWER)):
                    answer = _parsed(line)
                    if answer is None:
                        foreign += 1
                        self._said.append(_text(line[:200]))
                    else:
                        self._pass_on(answer)
            self._foreign = foreign >= _FOREIGN_LINES
            self._end()

    def _pass_on(self, answer: dict[str, Any]) -> None:
        number: Any = answer["id"]
        if not isinstance(number, int) or number not in self._asked:
            self._said.append(f"The engine answered what nobody had asked: {answer}"[:500])
        elif isinstance(answer.get("progress"), dict):
            _, progress = self._asked[number]
            if progress is not None:
                _told(progress, answer["progress"])
        else:
            with self._lock:
                done, _ = self._asked.pop(number)
            _told(done, _reply(answer))

    def _end(self) -> None:
        """The process is gone, or answers no more: see it off, and tell all who wait."""
        self._outbox.put(None)
        if self._foreign:
            self._process.kill()
        try:
            self._process.wait(_AFTER_EOF)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._stderr.join(_AFTER_EOF)
        with self._lock:
            self._over = True
            waiting, self._asked = self._asked, {}
        error = self._last_words()
        for done, _ in waiting.values():
            _told(done, Reply(None, error))

    def _last_words(self) -> EngineError:
        if self._closed:
            return EngineError(
                Cancelled.__name__, "The engine was closed before it answered.", 130
            )
        words = "\n".join([line for line in self._said if line.strip()][-_LAST_WORDS:])
        said = f" It said last:\n{words}" if words else ""
        if self._foreign:
            return EngineError(
                "WorkerDied",
                f"{self._process.args!r} is no ReAge worker; check REAGE_PYTHON.{said}",
            )
        how = _how_it_ended(self._process.returncode)
        return EngineError("WorkerDied", f"The engine ended unexpectedly ({how}).{said}")


def _thread(target: Callable[..., object], *args: object) -> threading.Thread:
    return threading.Thread(target=target, args=args, name="reage client", daemon=True)


def _told(callback: Callable[[Any], object], what: object) -> None:
    """A callback's fault must not end the thread that all others wait for."""
    try:
        callback(what)
    except Exception:
        sys.excepthook(*sys.exc_info())


def _text(line: bytes) -> str:
    return line.decode("utf-8", "replace").rstrip()


def _parsed(line: bytes) -> dict[str, Any] | None:
    """An answer, or None for what is none."""
    try:
        data = strict_json.loads(line, "an answer", SettingsError, _LIMITS)
    except SettingsError:
        return None
    return data if isinstance(data, dict) and "id" in data else None


def _reply(answer: Mapping[str, Any]) -> Reply:
    result, error = answer.get("result"), answer.get("error")
    if isinstance(result, dict):
        return Reply(result, None)
    if isinstance(error, dict) and isinstance(error.get("message"), str):
        code = error.get("exit_code")
        kind = str(error.get("kind", "InternalError"))
        return Reply(None, EngineError(kind, error["message"], code if type(code) is int else 70))
    return Reply(None, EngineError("InternalError", f"The engine's answer is none: {answer}"))


def _cancelled(message: str) -> Reply:
    return Reply(None, EngineError(Cancelled.__name__, message, Cancelled.exit_code))


def _wait(replies: SimpleQueue[Reply], stop: Callable[[], bool] | None) -> Reply | None:
    """The reply, or None once `stop` says so. Never blocks for long: Ctrl-C must get through."""
    while stop is None or not stop():
        with suppress(Empty):
            return replies.get(timeout=0.05 if stop else 0.5)
    return None


def _after(seconds: float) -> Callable[[], bool]:
    end = time.monotonic() + seconds
    return lambda: time.monotonic() > end


def _how_it_ended(code: int | None) -> str:
    if code is None or code >= 0:
        return f"exit code {code}"
    try:
        return f"signal {-code}, {signal.Signals(-code).name}"
    except ValueError:
        return f"signal {-code}"


# ---------------------------------------------------------------- which engine, and where


def engine_command(root: Path, named: str = "") -> list[str]:
    """The command that starts the worker: of $REAGE_PYTHON, else of the root's own environment.

    named  what will be $REAGE_PYTHON inside Nuke, where it is not set here
    Raises SettingsError where neither is there.
    """
    named = os.environ.get("REAGE_PYTHON") or named
    if named:
        found = shutil.which(str(Path(named).expanduser()))
        if found is None:
            raise SettingsError(
                f"REAGE_PYTHON names {named}, which is no program. Set it to the Python that "
                "ReAge is installed in, or unset it."
            )
        return _worker_of(found)
    python = home.engine_python(root)
    if not python.is_file():
        raise SettingsError(
            f"The engine is not installed: there is no {python}. Run `python3 install.py` in "
            "the checkout, or set REAGE_PYTHON to the Python that ReAge is installed in."
        )
    return _worker_of(str(python))


def _worker_of(python: str) -> list[str]:
    return [python, "-m", "reage.cli", "worker"]


_LIBRARY_PATHS = (
    "LD_LIBRARY_PATH", "LD_PRELOAD",
    "DYLD_LIBRARY_PATH", "DYLD_FRAMEWORK_PATH", "DYLD_FALLBACK_LIBRARY_PATH",
    "DYLD_INSERT_LIBRARIES",
)  # fmt: skip


def clean_environment(
    environment: Mapping[str, str],
    host: str | None = sys.executable,
    windows: bool = os.name == "nt",
) -> dict[str, str]:
    """An environment less what leads the engine's Python to the host's modules and libraries.

    Out go all of Python's own variables, and of the library paths (on Windows, of PATH) what
    lies beside the host's program or in a folder named as Nuke's. The rest stays: $OCIO, CUDA.
    """
    folder = Path(host).parent if host else None
    kept = {
        name: value
        for name, value in environment.items()
        if not name.upper().startswith(("PYTHON", "__PYVENV"))
    }
    for name in list(kept):
        if name in _LIBRARY_PATHS or (windows and name.upper() == "PATH"):
            parts = [p for p in kept[name].split(";" if windows else ":") if p]
            parts = [p for p in parts if not _is_hosts(Path(p), folder)]
            if not parts:
                del kept[name]
            else:
                kept[name] = (";" if windows else ":").join(parts)
    # UTF-8 whatever the locale; no modules out of the working folder or the user's own.
    return {**kept, "PYTHONUTF8": "1", "PYTHONSAFEPATH": "1", "PYTHONNOUSERSITE": "1"}


def _is_hosts(path: Path, folder: Path | None) -> bool:
    inside = folder is not None and (path == folder or folder in path.parents)
    return inside or any(re.match(r"nuke\d", part, re.IGNORECASE) for part in path.parts)
