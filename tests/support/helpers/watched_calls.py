"""What a program asks of the system while it runs: files that it changes, sockets, programs.

By strace (Linux). `CAN_WATCH` says whether it is there and may watch.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_CHANGES = (
    "creat", "mkdir", "mkdirat", "rmdir", "mknod", "mknodat", "rename", "renameat", "renameat2",
    "link", "linkat", "symlink", "symlinkat", "unlink", "unlinkat", "truncate", "chmod", "fchmodat",
    "chown", "lchown", "fchownat", "utime", "utimes", "utimensat", "futimesat", "setxattr",
    "lsetxattr", "removexattr",
)  # fmt: skip
_OPENS = ("open", "openat", "openat2")
_WATCHED = ("execve", "execveat", "%network", *_OPENS, *_CHANGES)
_LINE = re.compile(r"(?P<call>\w+)\((?P<rest>.*)")
_TEXT = re.compile(r'"((?:[^"\\]|\\.)*)"')
_FOLDER = re.compile(r"^(?:AT_FDCWD|\d+)<(.*?)>, ")


def _can_watch() -> bool:
    if not shutil.which("strace"):
        return False
    tried = subprocess.run(["strace", "-qq", "-o", os.devnull, "true"], capture_output=True)
    return tried.returncode == 0


CAN_WATCH = _can_watch()


@dataclass(frozen=True)
class Calls:
    """changed: files and folders that were opened to be written, made, moved or taken away;
    sockets: (family, call) of each socket that was asked for or used, in strace's words;
    programs: what was started, the command itself first
    read: files that were opened to be read
    """

    code: int
    output: str
    changed: frozenset[Path]
    sockets: tuple[str, ...]
    programs: tuple[str, ...]
    read: frozenset[Path]

    def outside(self, *folders: Path) -> list[str]:
        """What was changed elsewhere than in these folders."""
        return sorted(
            str(path) for path in self.changed if not any(path.is_relative_to(f) for f in folders)
        )


def watched(
    command: Sequence[object], folder: Path, environment: Mapping[str, str], asked: str = ""
) -> Calls:
    """Run a command in a working folder of its own; of a worker one request is `asked`, and its
    stdin is closed once that is answered."""
    folder.mkdir(parents=True)
    log = folder.with_suffix(".strace")
    words = [
        "strace", "-ff", "-qq", "-yy", "-s", "4096", "-e", f"trace={','.join(_WATCHED)}",
        "-e", "signal=none", "-o", str(log), *map(str, command),
    ]  # fmt: skip
    code, output = _ran(words, folder, dict(environment), asked)
    changed, read, sockets, programs = set(), set(), [], []
    # One log a thread: in a common one their lines would part each other.
    logs = sorted(folder.parent.glob(f"{log.name}.*"))
    texts = [each.read_text(encoding="utf-8", errors="replace") for each in logs]
    for line in "".join(texts).splitlines():
        found = _LINE.match(line)
        if found is None or " = -1 " in line:
            continue
        call, rest = found["call"], found["rest"]
        paths = [os.path.join(_folder(rest, folder), text) for text in _TEXT.findall(rest)]  # noqa: PTH118
        if call in ("execve", "execveat"):
            programs.append(paths[0])
        elif call in _CHANGES:
            changed |= {Path(os.path.normpath(path)) for path in paths}
        elif call in _OPENS:
            writes = re.search(r"O_WRONLY|O_RDWR|O_CREAT|O_TRUNC|O_TMPFILE", rest)
            (changed if writes else read).add(Path(os.path.normpath(paths[0])))
        else:
            sockets.append(f"{call} {rest}")
    away = {Path(os.devnull), Path("/dev/tty")}
    return Calls(
        code, output, frozenset(changed - away), tuple(sockets), tuple(programs), frozenset(read)
    )


def _ran(
    words: list[str], folder: Path, environment: dict[str, str], asked: str
) -> tuple[int, str]:
    """Exit code, and what was said on stdout and stderr."""
    pipe, told = subprocess.PIPE, subprocess.STDOUT
    with subprocess.Popen(
        words, cwd=folder, env=environment, stdin=pipe, stdout=pipe, stderr=told, text=True
    ) as process:
        assert process.stdin and process.stdout
        output = ""
        if asked:
            print(asked, file=process.stdin, flush=True)
            for line in process.stdout:
                output += line
                if '"result"' in line or '"error": {' in line:
                    break
        process.stdin.close()
        output += process.stdout.read()
        return process.wait(), output


def _folder(rest: str, folder: Path) -> str:
    found = _FOLDER.match(rest)
    return found[1] if found else str(folder)
