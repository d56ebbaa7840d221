"""The client against processes that die, hang, talk rubbish, or work: real ones, all of them."""

import json
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from reage.errors import SettingsError
from reage.service import client
from reage.service.client import EngineError, Reply, Worker, clean_environment, engine_command

ECHO = """
import json, sys
for line in sys.stdin:
    asked = json.loads(line)
    if asked["do"] == "cancel":
        continue
    if asked["do"] == "steps":
        for n in range(asked["count"]):
            print(json.dumps({"id": asked["id"], "progress": {"n": n}}), flush=True)
    print(json.dumps({"id": asked["id"], "result": asked}), flush=True)
"""

CANCELLABLE = """
import json, sys
for line in sys.stdin:
    asked = json.loads(line)
    if asked["do"] == "cancel":
        error = {"kind": "Cancelled", "message": "Stopped with 2 of 9.", "exit_code": 130}
        print(json.dumps({"id": asked["id"], "error": error}), flush=True)
"""


def python(code):
    return (sys.executable, "-c", code)


@pytest.fixture
def start():
    """start(code): a client of a Python process that runs `code`, closed after the test."""
    workers = []

    def begin(code, env=None):
        workers.append(Worker.start(python(code), env))
        return workers[-1]

    yield begin
    for each in workers:
        each.close(grace=0.5)


class Ends:
    """Collects the ends of requests, and on which thread they were told."""

    def __init__(self):
        self.replies: list[Reply] = []
        self.threads: list[threading.Thread] = []
        self._more = threading.Condition()

    def __call__(self, reply):
        with self._more:
            self.replies.append(reply)
            self.threads.append(threading.current_thread())
            self._more.notify_all()

    def wait(self, count):
        with self._more:
            assert self._more.wait_for(lambda: len(self.replies) >= count, timeout=60)
        return self.replies


def gone(worker, seconds=30.0):
    """Whether the worker's process ends, and leaves no zombie."""
    end = time.monotonic() + seconds
    while worker.alive and time.monotonic() < end:
        time.sleep(0.02)
    if not worker.alive and hasattr(os, "waitpid"):
        with pytest.raises(ChildProcessError):
            os.waitpid(worker._process.pid, os.WNOHANG)
    return not worker.alive


def test_a_call_returns_the_result_and_tells_progress_in_order(start):
    worker, told = start(ECHO), []
    result = worker.call("steps", progress=told.append, count=5, text="ä 人 \udcff")
    assert (result["count"], result["text"]) == (5, "ä 人 \udcff")
    assert [t["n"] for t in told] == [0, 1, 2, 3, 4]
    assert worker.alive


def test_arguments_cannot_take_the_place_of_the_request_itself(start):
    worker, ends = start(ECHO), Ends()
    number = worker.send("echo", {"id": 99, "do": "rm"}, ends)
    result = ends.wait(1)[0].result
    assert (result["id"], result["do"]) == (number, "echo")


def test_many_requests_from_many_threads_are_each_answered_once(start):
    worker, ends = start(ECHO), Ends()
    padding = "x" * 3000  # more in all than a pipe holds

    def ask(first):
        for n in range(100):
            worker.send("echo", {"n": first + n, "padding": padding}, ends)

    threads = [threading.Thread(target=ask, args=(1000 * t,)) for t in range(4)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    numbers = [r.result["n"] for r in ends.wait(400)]
    assert len(numbers) == 400
    for t in range(4):
        assert [n for n in numbers if n // 1000 == t] == [1000 * t + n for n in range(100)]
    assert set(ends.threads).isdisjoint(threads) and len(set(ends.threads)) == 1


def test_a_program_that_is_not_there_is_named():
    with pytest.raises(EngineError, match=r"no such program.*install\.py") as failed:
        Worker.start(["/no such program"])
    assert failed.value.kind == "NotStarted"


def test_a_process_that_dies_at_once_is_told_with_its_last_words(start):
    worker = start("import sys; sys.exit('No module named reage')")
    with pytest.raises(EngineError, match="No module named reage") as died:
        worker.call("hello")
    assert died.value.kind == "WorkerDied" and "exit code 1" in str(died.value)
    assert gone(worker)


def test_death_in_the_middle_ends_every_request_that_waits(start):
    worker, ends = start("import os; input(); os.write(2, b'ouch'); os._exit(3)"), Ends()
    for _ in range(3):
        worker.send("render", {}, ends)
    errors = [r.error for r in ends.wait(3)]
    assert {e.kind for e in errors} == {"WorkerDied"}
    assert all("exit code 3" in str(e) and "ouch" in str(e) for e in errors)
    assert gone(worker)


def test_asking_the_dead_is_answered_too_and_never_on_the_asking_thread(start):
    worker, ends = start("pass"), Ends()
    assert gone(worker)
    for _ in range(3):
        worker.send("hello", {}, ends)
    assert [r.error.kind for r in ends.wait(3)] == ["WorkerDied"] * 3
    assert threading.current_thread() not in ends.threads
    with pytest.raises(EngineError):
        worker.call("hello")


def test_rubbish_between_answers_goes_to_the_log(start):
    rubbish = "print('libfoo 3.1'); print('[1, 2]'); print('{}'); print('\\u00ff{');"
    worker = start(rubbish + ECHO)
    assert worker.call("echo", n=1)["n"] == 1
    assert "libfoo 3.1" in worker.log and "[1, 2]" in worker.log


@pytest.mark.parametrize("code", ["while True: print('y')", "print('y\\n' * 60); input(); input()"])
def test_another_program_is_found_out(start, code):
    worker = start(code)
    with pytest.raises(EngineError, match="is no ReAge worker") as died:
        worker.call("hello")
    assert died.value.kind == "WorkerDied" and gone(worker)


@pytest.mark.parametrize(
    "answer",
    ['{"id": 1}', '{"id": 1, "result": 5}', '{"id": 1, "error": "bad"}', '{"id": 1, "error": {}}'],
)
def test_an_answer_that_is_none_ends_the_request_all_the_same(start, answer):
    worker = start(f"input(); print('{answer}'); input()")
    with pytest.raises(EngineError, match="answer"):
        worker.call("hello")
    assert worker.alive


def test_answers_that_nobody_asked_for_do_no_harm(start):
    strange = [{"id": None, "error": {}}, {"id": [1], "result": {}}, {"id": "x", "progress": {}}]
    worker = start("".join(f"print({json.dumps(json.dumps(s))});" for s in strange) + ECHO)
    assert worker.call("echo", n=1)["n"] == 1


def test_a_process_that_hangs_blocks_neither_send_nor_close(start):
    worker, ends = start("import time; time.sleep(600)"), Ends()
    begun = time.monotonic()
    for _ in range(50):
        worker.send("render", {"padding": "x" * 10_000}, ends)
    assert time.monotonic() - begun < 5
    worker.close(grace=0.3)
    assert {r.error.kind for r in ends.wait(50)} == {"Cancelled"}
    assert gone(worker) and time.monotonic() - begun < 30


def test_closing_lets_a_process_end_by_itself(start, tmp_path):
    mark = tmp_path / "ended"
    worker = start(ECHO + f"\nopen({str(mark)!r}, 'w')")
    assert worker.call("echo", n=1)["n"] == 1
    worker.close()
    assert mark.exists() and gone(worker)
    worker.close()
    with pytest.raises(EngineError, match="closed"):
        worker.call("echo")


def test_no_other_child_of_the_host_keeps_the_worker_alive(start, tmp_path):
    mark = tmp_path / "ended"
    worker = start(ECHO + f"\nopen({str(mark)!r}, 'w')")
    other = subprocess.Popen(python("input()"), stdin=subprocess.PIPE, close_fds=False)
    try:
        worker.close(grace=30)
        assert mark.exists()
    finally:
        other.communicate(b"\n")


def test_the_worker_can_be_closed_from_a_callback(start):
    worker, ends = start(ECHO), Ends()
    worker.send("echo", {}, lambda reply: (worker.close(grace=10), ends(reply)))
    assert ends.wait(1)[0].result is not None and gone(worker)


def test_a_callback_that_fails_is_reported_and_the_next_is_told(start, monkeypatch):
    reported, ends, worker = [], Ends(), start(ECHO)
    monkeypatch.setattr(sys, "excepthook", lambda *what: reported.append(what[0]))
    worker.send("steps", {"count": 1}, lambda reply: 1 / 0, lambda told: [][0])
    worker.send("echo", {}, ends)
    assert ends.wait(1)[0].error is None
    assert reported == [IndexError, ZeroDivisionError]


def test_call_inside_a_callback_would_wait_for_itself(start):
    worker, caught, ends = start(ECHO), [], Ends()

    def inside(reply):
        with pytest.raises(RuntimeError, match="use send") as error:
            worker.call("echo")
        caught.append(error)
        ends(reply)

    worker.send("echo", {}, inside)
    ends.wait(1)
    assert caught


def test_a_call_is_cancelled_with_the_engines_own_words(start):
    worker, asked = start(CANCELLABLE), iter([False, False, True])
    with pytest.raises(EngineError, match="2 of 9") as error:
        worker.call("render", cancelled=lambda: next(asked))
    assert (error.value.kind, error.value.exit_code) == ("Cancelled", 130)


def test_a_cancelled_call_returns_though_the_engine_does_not(start, monkeypatch):
    monkeypatch.setattr(client, "_AFTER_CANCEL", 0.3)
    worker = start("import time; time.sleep(600)")
    with pytest.raises(EngineError, match="still ends") as error:
        worker.call("render", cancelled=lambda: True)
    assert error.value.kind == "Cancelled"


def test_a_cancelled_call_says_so_though_the_engine_was_quicker(start):
    worker = start(ECHO)

    def late():
        worker.call("echo")  # answered after the other, so that one has ended, too
        return True

    with pytest.raises(EngineError, match="finished by then") as error:
        worker.call("echo", cancelled=late)
    assert error.value.kind == "Cancelled"


def test_arguments_that_json_cannot_hold_are_the_callers_fault(start):
    worker = start(ECHO)
    with pytest.raises(TypeError):
        worker.send("echo", {"path": Path("x")}, lambda reply: None)
    with pytest.raises(ValueError):
        worker.send("echo", {"age": float("nan")}, lambda reply: None)
    assert worker.call("echo", n=1)["n"] == 1


def test_paths_with_spaces_and_letters_of_all_kinds(tmp_path):
    folder = tmp_path / "Ordner für ReAge 人"
    folder.mkdir()
    script = folder / "wörker ü.py"
    script.write_text(ECHO, encoding="utf-8")
    with Worker.start([sys.executable, str(script)]) as worker:
        assert worker.call("echo", plate=str(folder))["plate"] == str(folder)
    assert gone(worker)


# ---------------------------------------------------------------- surroundings


def test_the_process_sees_nothing_of_the_hosts_python(start, monkeypatch):
    monkeypatch.setenv("PYTHONHOME", "/opt/Nuke15.1v1")
    monkeypatch.setenv("PYTHONPATH", "/opt/Nuke15.1v1/plugins")
    monkeypatch.setenv("OCIO", "/studio/config.ocio")
    show = "import json, os; print(json.dumps({'id': 1, 'result': dict(os.environ)})); input()"
    seen = start(show, {"EXTRA": "ä"}).call("hello")
    assert "PYTHONHOME" not in seen and "PYTHONPATH" not in seen
    assert (seen["OCIO"], seen["EXTRA"], seen["PYTHONUTF8"]) == ("/studio/config.ocio", "ä", "1")


def test_the_hosts_libraries_go_and_those_of_the_machine_stay():
    before = {
        "LD_LIBRARY_PATH": "/opt/Nuke15.1v1:/usr/local/cuda/lib64:/apps/nuke16/lib:",
        "DYLD_LIBRARY_PATH": "/opt/host/lib",
        "LD_PRELOAD": "/studio/libtrace.so",
        "PATH": "/opt/Nuke15.1v1:/usr/bin",
        "NUKE_PATH": "/studio/nuke",
        "__PYVENV_LAUNCHER__": "x",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    after = clean_environment(before, host="/opt/host/python3", windows=False)
    own = {"PYTHONUTF8", "PYTHONSAFEPATH", "PYTHONNOUSERSITE"}
    assert {k: v for k, v in after.items() if k not in own} == {
        "LD_LIBRARY_PATH": "/usr/local/cuda/lib64",
        "LD_PRELOAD": "/studio/libtrace.so",
        "PATH": "/opt/Nuke15.1v1:/usr/bin",
        "NUKE_PATH": "/studio/nuke",
    }
    assert clean_environment({"LD_LIBRARY_PATH": "/lib"}, host=None)["LD_LIBRARY_PATH"] == "/lib"


def make_python(folder):
    program = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    program.parent.mkdir(parents=True)
    program.write_text("")
    program.chmod(0o755)
    return program


def test_the_engine_is_the_one_of_the_checkout(tmp_path, monkeypatch):
    monkeypatch.delenv("REAGE_PYTHON", raising=False)
    python = make_python(tmp_path / "check out é" / ".venv")
    command = engine_command(tmp_path / "check out é")
    assert command == [str(python), "-m", "reage.cli", "worker"]


def test_reage_python_wins(tmp_path, monkeypatch):
    make_python(tmp_path / ".venv")
    monkeypatch.setenv("REAGE_PYTHON", sys.executable)
    assert engine_command(tmp_path)[0] == sys.executable


def test_an_engine_that_is_not_installed_is_a_sentence(tmp_path, monkeypatch):
    monkeypatch.delenv("REAGE_PYTHON", raising=False)
    with pytest.raises(SettingsError, match=r"not installed.*install\.py"):
        engine_command(tmp_path)
    monkeypatch.setenv("REAGE_PYTHON", str(tmp_path / "no python"))
    with pytest.raises(SettingsError, match="no python, which is no program"):
        engine_command(tmp_path)
