"""A shot to which everything happens makes the very files of one to which nothing did.

    pytest tests/reage/shot/test_rendering_faults.py --kills 50

is the long form: 200 frames, fifty kills among thirty-five other faults, some minutes.
"""

from __future__ import annotations

import argparse
import ctypes
import json
import os
import random
import resource
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from helpers.engine import COMMAND
from helpers.onnx_files import CARD, delta_network
from helpers.shots import write_shot
from helpers.small_disk import filled, small_disk
from reage.commands.job_flags import add_job_flags, job_of

FRAMES_A_KILL = 4
KILLS_A_FAULT = 10
"""Of the long form: so often each of the other faults comes."""

ROOM = 2 << 20
"""Of the disk, for each frame: more than one takes."""

OUTPUT, PLATE_UNREADABLE = 6, 1

PR_CAPBSET_DROP, CAP_DAC_OVERRIDE = 24, 1
"""Of linux/prctl.h and linux/capability.h."""


class FaultRun:
    """One shot, its output, and what may happen to them. Each fault leaves an output that a
    resumed render can go on with."""

    def __init__(self, folder: Path, out: Path, disk: bool, kills: int) -> None:
        self.folder, self.out, self.disk = folder, out, disk
        self.frames = FRAMES_A_KILL * kills
        self.random = random.Random(kills)
        self.left: Counter[str] = Counter()

    # ------------------------------------------------------------ what is run

    def job(self) -> list[str]:
        folder = self.folder
        return [
            str(folder / "shot.%04d.exr"), "--source-age", "40", "--target-age", "70",
            "--crop-size", "128", "--device", "cpu", "--track", str(folder / "track.json"),
            "--model", str(folder / "net.onnx"), "--layers", "delta,matte,beauty",
            "-o", str(self.out / "layers.%04d.exr"), "--resume",
        ]  # fmt: skip

    def start(self, *more: str, **how: object) -> subprocess.Popen[str]:
        """`reage render`, in a process of its own."""
        command = [sys.executable, "-m", "reage.cli", "render", *self.job(), *(more or ("-q",))]
        pipe = subprocess.PIPE
        return subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True, **how)  # type: ignore[call-overload,no-any-return]

    def start_worker(self) -> subprocess.Popen[str]:
        """A host's worker that was asked for the same bake."""
        parser = argparse.ArgumentParser()
        add_job_flags(parser)
        job = json.loads(job_of(parser.parse_args(self.job())).to_json())
        null, pipe = subprocess.DEVNULL, subprocess.PIPE
        worker = subprocess.Popen(COMMAND, stdin=pipe, stdout=null, stderr=null, text=True)
        assert worker.stdin
        print(json.dumps({"id": 1, "do": "render", "job": job}), file=worker.stdin, flush=True)
        return worker

    def written(self) -> list[Path]:
        return sorted(self.out.glob("layers.*.exr"))

    def after_some_frames(self, process: subprocess.Popen[str]) -> None:
        """Until a running render has made a few more frames, or has ended."""
        wanted = min(len(self.written()) + self.random.randint(1, FRAMES_A_KILL), self.frames)
        while process.poll() is None and len(self.written()) < wanted:
            time.sleep(0.001)
        time.sleep(self.random.uniform(0, 0.05))

    def lose(self, count: int) -> None:
        """Some finished frames are deleted, so that there is something to do."""
        there = self.written()
        for path in self.random.sample(there, min(count, len(there))):
            path.unlink()

    # ------------------------------------------------------------ what happens

    def kill(self, start: Callable[[], subprocess.Popen[str]] | None = None) -> None:
        process = (start or self.start)()
        if self.random.random() < 0.1:
            time.sleep(self.random.uniform(0, 2))
        else:
            self.after_some_frames(process)
        process.kill()
        process.communicate()
        names = [path.name for path in self.out.iterdir()]
        self.left["claims"] += any(name.endswith(".reage-claim") for name in names)
        self.left["drafts"] += any(name.startswith(".layers") for name in names)

    def kill_worker(self) -> None:
        self.kill(self.start_worker)

    def fill(self) -> None:
        """The disk is full after a frame or two; where none can be mounted, no file may grow as
        large as a frame."""
        self.lose(4)
        if self.disk:
            with filled(self.out, left=3 * ROOM // 2):
                process = self.start()
                _, said = process.communicate()
        else:
            process = self.start(preexec_fn=_limit_files)
            _, said = process.communicate()
        assert process.returncode == OUTPUT, said
        assert "layers." in said and said.count("\n") <= 3, said  # a sentence that names the file
        assert [path for path in self.out.iterdir() if path.name.startswith(".layers")] == []

    def forbid(self) -> None:
        """The folder can only be read."""
        self.lose(1)
        before = contents(self.out)
        self.out.chmod(0o555)
        try:
            process = self.start(preexec_fn=_obey_permissions)
            _, said = process.communicate()
        finally:
            self.out.chmod(0o755)
        assert process.returncode == OUTPUT and str(self.out) in said, said
        assert contents(self.out) == before

    def damage(self) -> None:
        """Files are cut off, zeroed, changed in a single bit, emptied."""
        there = self.written()
        for path in self.random.sample(there, min(3, len(there))):
            data = bytearray(path.read_bytes())
            at = self.random.randrange(len(data))
            how = self.random.choice(("cut", "zeros", "bit", "empty"))
            if how == "bit":
                data[at] ^= 1 << self.random.randrange(8)
            elif how == "zeros":
                data[at : at + 512] = bytes(len(data[at : at + 512]))
            else:
                del data[at if how == "cut" else 0 :]
            path.write_bytes(data)

    def set_clock(self) -> None:
        """All that stands there is from tomorrow, or from yesterday: files, claims and drafts."""
        self.kill()
        shift = self.random.choice((-86400, 86400))
        for path in self.out.iterdir():
            now = path.stat()
            os.utime(path, (now.st_atime + shift, now.st_mtime + shift))

    def collide(self) -> None:
        """Two jobs at once: the one names the other and ends."""
        self.lose(6)
        before = set(self.written())
        both = [self.start(), self.start()]
        while all(process.poll() is None for process in both):
            time.sleep(0.001)
        first = next(process for process in both if process.poll() is not None)
        other = both[both[0] is first]
        self.after_some_frames(other)
        other.kill()
        _, said = first.communicate()
        other.communicate()
        if first.returncode != 0:  # else it was done before the other looked about
            assert first.returncode == OUTPUT and f"process {other.pid}" in said, said
        assert set(self.written()) >= before

    def cut_plate(self) -> None:
        """A plate's frame that is cut off is named in the report, and the others are made."""
        number = self.random.randint(1, self.frames)
        plate = self.folder / f"shot.{number:04d}.exr"
        kept = self.folder / "kept.exr"
        shutil.copy2(plate, kept)
        (self.out / f"layers.{number:04d}.exr").unlink(missing_ok=True)
        plate.write_bytes(plate.read_bytes()[:-5000])
        beside = f"{max(1, number - 2)}-{min(self.frames, number + 1)}"
        process = self.start("--frames", beside, "--continue-on-error", "--json")
        said, _ = process.communicate()
        report = json.loads(said.splitlines()[-1])["result"]
        failed = [each["number"] for each in report["frames"] if each["outcome"] == "failed"]
        assert (process.returncode, failed) == (PLATE_UNREADABLE, [number])
        assert plate.name in report["text"]
        kept.replace(plate)  # with its own time

    def others(self) -> Sequence[Callable[[], None]]:
        return (
            self.kill_worker, self.fill, self.forbid, self.damage, self.set_clock, self.collide,
            self.cut_plate,
        )  # fmt: skip


def _limit_files() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))


def _obey_permissions() -> None:
    """Root is held to what a folder allows, as everybody is."""
    ctypes.CDLL(None).prctl(PR_CAPBSET_DROP, CAP_DAC_OVERRIDE, 0, 0, 0)


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@contextmanager
def fault_run(folder: Path, kills: int) -> Iterator[FaultRun]:
    write_shot(folder, range(1, FRAMES_A_KILL * kills + 1))
    delta_network(folder / "net.onnx", card=CARD | {"halo": 1})
    with small_disk(folder / "broken", (FRAMES_A_KILL * kills + 8) * ROOM) as disk:
        yield FaultRun(folder, folder / "broken", disk, kills)


@pytest.mark.timeout(3600)
def test_a_shot_to_which_everything_happened_is_the_one_to_which_nothing_did(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    kills = request.config.getoption("--kills")
    with fault_run(tmp_path, kills) as run:
        whole = FaultRun(tmp_path, tmp_path / "whole", False, kills)
        calm = whole.start()
        assert (calm.wait(), calm.communicate()[1]) == (0, "")
        happens = [run.kill] * kills + [*run.others()] * max(1, kills // KILLS_A_FAULT)
        run.random.shuffle(happens)
        run.kill()
        for fault in happens:
            fault()
        assert run.left["claims"] > 0  # or all were killed in their start
        last = run.start()
        said = last.communicate()
        assert last.returncode == 0, said
        made, right = contents(run.out), contents(whole.out)
        assert [name for name in right if made.get(name) != right[name]] == []
        assert set(made) == set(right) and len(right) == run.frames
    counts = ", ".join(f"{n} {fault}" for fault, n in Counter(f.__name__ for f in happens).items())
    print(f"{counts}; left behind and swept: {dict(run.left)}; {run.frames} frames are equal")
