"""`reage worker` as a host meets it: the real process, real shots, real trouble."""

import base64
import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest

from helpers.engine import COMMAND, PATHS
from helpers.onnx_files import CARD, delta_network, endless_network
from helpers.shots import write_shot
from reage import home
from reage.job import RenderJob
from reage.media.imagefile import read_info
from reage.service.client import EngineError, Worker
from reage.settings import Settings
from reage.shot.image import read_layers
from reage.shot.tracking import load_track
from reage.version import __version__

DEMO = str(home.samples() / "demo.%04d.exr")


def start():
    return Worker.start(COMMAND, PATHS)


@pytest.fixture(scope="module")
def worker():
    with start() as running:
        yield running


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    path = tmp_path_factory.mktemp("model") / "netz ü.onnx"
    return str(delta_network(path, card=CARD | {"halo": 1, "crop_size": 128}))


@pytest.fixture(scope="module")
def long_shot(tmp_path_factory):
    return write_shot(tmp_path_factory.mktemp("long"), frames=range(1, 121))


def job(shot, out, model, **more):
    look = Settings(source_age=40, target_age=70, model=model, **more.pop("settings", {}))
    wanted = RenderJob(shot[0], str(out / "layers.%04d.exr"), look, track=shot[1], **more)
    return asdict(wanted)


def written(folder):
    return sorted(int(p.name.split(".")[1]) for p in folder.glob("layers.*.exr"))


# ---------------------------------------------------------------- what can be asked


def test_hello_says_who_answers(worker):
    said = worker.call("hello")
    assert (said["version"], said["protocol"]) == (__version__, 1)
    assert said["pid"] == worker._process.pid
    assert said["python"] == ".".join(map(str, sys.version_info[:3]))


def test_hello_needs_nothing_heavy():
    code = "import sys; sys.stdin.read(); import reage.cli, reage.service.worker; " \
           "print(*{'numpy', 'cv2', 'onnxruntime', 'OpenImageIO'} & sys.modules.keys())"
    done = subprocess.run([sys.executable, "-c", code], input="", capture_output=True, text=True)
    assert done.returncode == 0 and done.stdout.split() == []


def test_a_model_tells_what_a_panel_needs_of_its_card(worker, model):
    said = worker.call("model", model=model, device="cpu")
    assert (said["name"], said["version"], said["device"]) == ("test model", "1", "CPU")
    assert (said["crop_size"], said["stride"], said["fixed_size"]) == (128, 16, None)
    assert said["age_range"] == [18, 85] and len(said["sha256"]) == 64
    assert (said["parts"], said["pattern"]) == ([], False)


def test_a_model_that_changed_on_disk_is_loaded_again(worker, tmp_path):
    path = tmp_path / "m.onnx"
    delta_network(path, card=CARD, seed=1)
    first = worker.call("model", model=str(path))
    delta_network(path, card=CARD | {"name": "another"}, seed=2)
    second = worker.call("model", model=str(path))
    assert first["sha256"] != second["sha256"] and second["name"] == "another"
    path.with_suffix(".json").write_text(json.dumps(CARD | {"name": "by its card"}))
    assert worker.call("model", model=str(path))["name"] == "by its card"
    path.unlink()
    with pytest.raises(EngineError, match=r"Cannot read the model .*m\.onnx") as gone:
        worker.call("model", model=str(path))
    assert (gone.value.kind, gone.value.exit_code) == ("ModelError", 4)


def test_a_render_honours_keys_and_marks_and_tells_of_each_frame(worker, model, tmp_path):
    shot = write_shot(tmp_path / "Plätze für 人", frames=range(1, 5), lost=(4,))
    out, told = tmp_path / "neu é", []
    wanted = job(shot, out, model, by_frame={2: {"target_age": 40.0}, 3: {"target_age": 50.0}},
                 marks={1: "a", 3: "ü"})  # fmt: skip
    done = worker.call("render", progress=told.append, job=json.loads(json.dumps(wanted)))
    assert done["frames"] == [
        {"number": n, "outcome": outcome, "error": ""}
        for n, outcome in ((1, "done"), (2, "done"), (3, "done"), (4, "no face"))
    ]
    assert (done["track"], done["device"], done["notices"]) == (shot[1], "CPU", [])
    assert done["seconds"] > 0 and "4 frames in" in done["text"]
    assert [(t["stage"], t["frame"], t["outcome"], t["error"]) for t in told] == [
        ("render", 1, "done", ""), ("render", 2, "done", ""), ("render", 3, "done", ""),
        ("render", 4, "no face", ""),
    ]  # fmt: skip
    assert [(t["done"], t["total"]) for t in told] == [(1, 4), (2, 4), (3, 4), (4, 4)]
    assert told[0]["left"] is None and told[1]["left"] >= 0 and told[3]["left"] == 0
    heads = [read_info(out / f"layers.{n:04d}.exr").metadata for n in range(1, 5)]
    assert [h["reage:target_age"] for h in heads] == [70, 40, 50, 70]
    assert [h.get("reage:mark") for h in heads] == ["a", None, "ü", None]
    deltas = [np.abs(read_layers(out / f"layers.{n:04d}.exr").delta).max() for n in (1, 2, 3)]
    assert deltas[1] == 0 < deltas[2] and deltas[0] > 0


def test_a_track_is_made_and_can_be_stopped(worker, tmp_path):
    wanted = asdict(RenderJob(DEMO, "x.%04d.exr", frames="1001-1003", track="not this one"))
    told, path = [], tmp_path / "shot.json"
    done = worker.call("track", progress=told.append, job=wanted, path=str(path))
    assert done == {"track": str(path), "summary": "seen: 1001-1003"}
    assert [t["frame"] for t in told] == [1001, 1002, 1003]
    assert {(t["stage"], t["outcome"], t["total"]) for t in told} == {("track", "", 3)}
    assert set(load_track(path).frames) == {1001, 1002, 1003}


def test_tracking_is_stopped_between_two_frames(worker, tmp_path):
    path, told, ends = tmp_path / "shot.json", [], []
    asked = {"job": asdict(RenderJob(DEMO, "x.%04d.exr")), "path": str(path)}
    number = worker.send("track", asked, ends.append, told.append)
    until(lambda: told)
    worker.cancel(number)
    until(lambda: ends)
    assert ends[0].error.kind == "Cancelled" and "there is no track" in str(ends[0].error)
    assert 1 <= len(told) < 8 and not path.exists()


def test_a_preview_shows_the_face_before_and_after(worker, model):
    ages = {"source_age": 40, "target_age": 70, "model": model}
    first = worker.call("preview", plate=DEMO, frame=1004, settings=ages, side=200)
    before, after = (base64.b64decode(first[name]) for name in ("before", "after"))
    assert max(first["width"], first["height"]) == 200
    assert len(before) == len(after) == 3 * first["width"] * first["height"]
    assert before != after and first["note"] == ""
    face, (x, y, width, height) = first["face"], first["region"]
    assert {"center", "size", "degrees", "confidence", "key"} < set(face)
    assert (len(face["outline"]), len(face["mesh"]), first["pixel_aspect"]) == (36, 468, 1.0)
    assert x < face["center"][0] < x + width and y < face["center"][1] < y + height
    assert first["seconds"]["track"] > 0 and first["seconds"]["infer"] > 0
    again = worker.call(
        "preview", plate=DEMO, frame=1004, settings=ages | {"target_age": 40}, side=200
    )
    assert base64.b64decode(again["after"]) == base64.b64decode(again["before"]) == before
    assert {k: v for k, v in again["seconds"].items() if v and k != "total"} == {}


def test_a_plate_that_the_host_still_has_is_not_sent_again(worker, model):
    asked = {"plate": DEMO, "frame": 1004, "side": 200}
    older, younger, smaller = (
        {"settings": {"source_age": 40, "target_age": age, "model": model}, **more}
        for age, more in ((70, {}), (20, {}), (20, {"side": 100}))
    )
    first = worker.call("preview", **asked, **older)
    have = first["fingerprint"]
    again = worker.call("preview", **asked, **younger)
    spared = worker.call("preview", **asked, **younger, have=have)
    assert again["before"] == first["before"] and again["fingerprint"] == have
    assert spared["before"] is None and spared["after"] == again["after"] != first["after"]
    other = worker.call("preview", **(asked | smaller), have=have)
    assert other["before"] and other["fingerprint"] != have


def test_a_dragged_face_is_in_the_track_and_the_next_preview_goes_by_it(worker, model, tmp_path):
    path = str(tmp_path / "shot.json")
    job = asdict(RenderJob(DEMO, "x.%04d.exr", frames="1001-1003"))
    worker.call("track", job=job, path=path)
    before = load_track(Path(path))
    asked = {"plate": DEMO, "frame": 1002, "settings": {"model": model}, "side": 200}
    first = worker.call("preview", track=path, **asked)
    assert first["face"]["center"] == list(before.at(1002).center)
    x, y = first["face"]["center"]
    done = worker.call("drag", track=path, frame=1002, center=[x + 20, y], size=300, degrees=5)
    assert done == {"track": path, "summary": "edited: 1001-1003"}
    after = load_track(Path(path))
    assert after.at(1001).center[0] == pytest.approx(before.at(1001).center[0] + 20, abs=2e-3)
    face = worker.call("preview", track=path, **asked)["face"]
    assert (face["center"][0], face["size"], face["key"]) == (pytest.approx(x + 20), 300, True)
    assert worker.call("preview", track=path, **(asked | {"frame": 1008}))["face"]["key"] is False


# ---------------------------------------------------------------- what goes wrong


@pytest.mark.parametrize(
    ("do", "arguments", "kind", "code", "says"),
    [
        ("dance", {}, "SettingsError", 2, "knows hello, model, render, track, submit, pattern, "),
        ("preview", {"plate": DEMO}, "SettingsError", 2, "missing a required argument: 'frame'"),
        ("hello", {"now": 1}, "SettingsError", 2, "unexpected keyword argument 'now'"),
        ("preview", {"plate": DEMO, "frame": "1"}, "SettingsError", 2, "frame is '1'"),
        ("preview", {"plate": DEMO, "frame": 1, "side": 9}, "SettingsError", 2, "side is 9"),
        ("preview", {"plate": DEMO, "frame": 9}, "MissingFrames", 3, "1001-1008"),
        ("preview", {"plate": DEMO, "frame": 1001, "settings": {"age": 1}}, "SettingsError", 2,
         "unknown keys: age"),
        ("preview", {"plate": DEMO, "frame": 1001, "track": 5}, "SettingsError", 2, "track is 5"),
        ("preview", {"plate": DEMO, "frame": 1001, "track": "no.json"}, "TrackError", 5,
         "Cannot read the track no.json"),
        ("drag", {"track": "no.json", "frame": 1, "center": [1], "size": 1, "degrees": 0},
         "SettingsError", 2, "center is [1]"),
        ("drag", {"track": "no.json", "frame": 1, "center": [1, "a"], "size": 1, "degrees": 0},
         "SettingsError", 2, "center, 1 is 'a'"),
        ("drag", {"track": "no.json", "frame": 1, "center": [1, 2], "size": 1, "degrees": 0,
                  "looks": 4}, "SettingsError", 2, "looks is 4"),
        ("drag", {"track": "no.json", "frame": 1, "center": [1, 2], "size": 1, "degrees": 0},
         "TrackError", 5, "Cannot read the track"),
        ("model", {"device": "tpu"}, "SettingsError", 2, "--device knows auto, cuda, cpu"),
        ("model", {"model": 5}, "SettingsError", 2, "model is 5; it must be text"),
        ("render", {"job": {"plate": "x"}}, "SettingsError", 2, "lacks output"),
        ("render", {"job": None}, "SettingsError", 2, "JSON object"),
        ("preview", {"plate": DEMO, "frame": True}, "SettingsError", 2, "frame is True"),
        ("preview", {"plate": DEMO, "frame": 1, "settings": [1]}, "SettingsError", 2, "a JSON obj"),
        ("pattern", {"photographs": ["a", 5], "path": "x"}, "SettingsError", 2, "photographs, 1"),
        ("pattern", {"photographs": [], "path": "x", "look": 5}, "SettingsError", 2, "look is 5"),
        ("track", {"job": {}, "path": "x", "keep": "no"}, "SettingsError", 2, "true or false"),
        ("model", {"device": []}, "SettingsError", 2, "device is []; it must be text"),
        ("x" * 9999, {}, "SettingsError", 2, "The engine knows hello,"),
        ("track", {"job": {"plate": DEMO, "output": "x"}, "path": None}, "SettingsError", 2,
         "path is None"),
    ],
)  # fmt: skip
def test_a_wrong_request_is_answered_in_a_sentence(worker, do, arguments, kind, code, says):
    with pytest.raises(EngineError) as refused:
        worker.call(do, **arguments)
    assert (refused.value.kind, refused.value.exit_code) == (kind, code)
    assert says in str(refused.value) and len(str(refused.value)) < 500


def test_missing_frames_and_a_bad_model_are_named(worker, model, tmp_path):
    shot = write_shot(tmp_path / "plates", frames=(1, 2, 4))
    (tmp_path / "bad.onnx").write_bytes(b"no model")
    with pytest.raises(EngineError, match="1 of 4 frames are missing") as missing:
        worker.call("render", job=job(shot, tmp_path / "out", model))
    assert (missing.value.kind, missing.value.exit_code) == ("MissingFrames", 3)
    with pytest.raises(EngineError, match=r"bad\.onnx is not an ONNX model") as bad:
        worker.call("render", job=job(shot, tmp_path / "out", str(tmp_path / "bad.onnx")))
    assert (bad.value.kind, bad.value.exit_code) == ("ModelError", 4)
    assert not (tmp_path / "out").exists()


def test_what_nobody_foresaw_is_an_answer_with_its_traceback_in_the_log(tmp_path):
    code = "from reage import cli, job; job.RenderJob.from_document = None; cli.main(['worker'])"
    with Worker.start([sys.executable, "-c", code], PATHS) as worker:
        with pytest.raises(EngineError, match="nobody foresaw: TypeError") as failed:
            worker.call("render", job={})
        assert (failed.value.kind, failed.value.exit_code) == ("InternalError", 70)
        assert worker.call("hello")["protocol"] == 1
    assert any("Traceback" in line for line in worker.log)


# ---------------------------------------------------------------- stopping


def test_a_cancelled_render_keeps_whole_frames_and_the_next_goes_on(
    worker, model, long_shot, tmp_path
):
    told, wanted = [], job(long_shot, tmp_path, model)
    with pytest.raises(EngineError, match=r"Stopped with \d+ of 120") as stopped:
        worker.call("render", progress=told.append, cancelled=lambda: len(told) >= 3, job=wanted)
    assert (stopped.value.kind, stopped.value.exit_code) == ("Cancelled", 130)
    before = written(tmp_path)
    assert 3 <= len(before) < 120 and not list(tmp_path.glob(".*"))
    assert all(np.isfinite(read_layers(p).delta).all() for p in tmp_path.glob("*.exr"))
    done = worker.call("render", job=wanted | {"resume": True})
    kept = [f["number"] for f in done["frames"] if f["outcome"] == "kept"]
    assert kept == before and written(tmp_path) == list(range(1, 121))


def test_requests_are_done_in_order_and_a_cancel_overtakes_them(
    worker, model, long_shot, tmp_path
):
    ends, told = [], []
    wanted = job(long_shot, tmp_path, model)
    first = worker.send(
        "render", {"job": wanted}, lambda r: ends.append(("render", r)), told.append
    )
    queued = worker.send("hello", {}, lambda r: ends.append(("queued", r)))
    worker.send("hello", {}, lambda r: ends.append(("last", r)))
    worker.cancel(queued)
    until(lambda: len(told) >= 2)
    worker.cancel(first)
    until(lambda: len(ends) == 3)
    assert [name for name, _ in ends] == ["render", "queued", "last"]
    assert [r.error and r.error.kind for _, r in ends] == ["Cancelled", "Cancelled", None]
    assert "before it began" in str(ends[1][1].error)


def until(what, seconds=120.0):
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end, "nothing happened"
        time.sleep(0.01)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGINT for another process")
def test_control_c_in_the_hosts_terminal_leaves_the_worker_alone(
    worker, model, long_shot, tmp_path
):
    told = []

    def interrupt(step):
        told.append(step)
        os.kill(worker._process.pid, signal.SIGINT)

    wanted = job(long_shot, tmp_path, model, frames="1-8")
    done = worker.call("render", progress=interrupt, job=wanted)
    assert len(told) == 8 and {f["outcome"] for f in done["frames"]} == {"done"}


def test_a_killed_worker_is_told_and_the_next_one_goes_on(model, long_shot, tmp_path):
    worker, told = start(), []

    def kill(step):
        told.append(step)
        os.kill(worker._process.pid, getattr(signal, "SIGKILL", signal.SIGTERM))

    wanted = job(long_shot, tmp_path, model)
    with pytest.raises(EngineError, match="ended unexpectedly") as died:
        worker.call("render", progress=kill, job=wanted)
    assert died.value.kind == "WorkerDied" and not worker.alive
    before = written(tmp_path)
    assert told and 1 <= len(before) < 120
    with start() as second:
        done = second.call("render", job=wanted | {"resume": True, "frames": "1-10"})
    kept = [f["number"] for f in done["frames"] if f["outcome"] == "kept"]
    assert kept == [n for n in before if n <= 10]


# ---------------------------------------------------------------- the pipes themselves


@pytest.fixture
def raw():
    """The process without the client: raw().stdin and .stdout."""
    processes = []

    def begin(command=COMMAND):
        pipe = subprocess.PIPE
        processes.append(subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe))
        return processes[-1]

    yield begin
    for each in processes:
        each.kill()
        each.wait()
        for end in (each.stdin, each.stdout, each.stderr):
            end.close()


def test_malformed_lines_are_answered_in_turn_and_the_worker_goes_on(raw):
    process = raw()
    lines = [
        b"no json", b"[1, 2]", b'{"do": "hello"}', b'{"id": true, "do": "hello"}', b"\xff\xfe",
        b"[" * 100_000, b"", b"   ", b'{"id": 3}', b'{"id": 99, "do": "cancel"}',
        b'{"do": "cancel"}', b'{"id": "a word", "do": "hello"}',
    ]  # fmt: skip
    process.stdin.write(b"\n".join(lines) + b"\n")
    process.stdin.flush()
    answers = [json.loads(process.stdout.readline()) for _ in range(9)]
    assert [a["id"] for a in answers] == [None] * 6 + [3, None, "a word"]
    assert {a["error"]["kind"] for a in answers[:8]} == {"SettingsError"}
    assert answers[8]["result"]["protocol"] == 1


def test_the_end_of_stdin_ends_the_process_in_the_middle_of_a_render(
    raw, model, long_shot, tmp_path
):
    process = raw()
    asked = {"id": 1, "do": "render", "job": job(long_shot, tmp_path, model)}
    process.stdin.write(json.dumps(asked).encode() + b"\n")
    process.stdin.flush()
    assert "progress" in json.loads(process.stdout.readline())
    process.stdin.close()
    *_, last = process.stdout
    assert json.loads(last)["error"]["kind"] == "Cancelled"
    assert process.wait(60) == 0
    assert 1 <= len(written(tmp_path)) < 120 and not list(tmp_path.glob(".*"))


@pytest.mark.parametrize("end", ["cancel", "stdin"])
def test_an_endless_model_ends_with_its_request_and_with_its_host(raw, long_shot, tmp_path, end):
    process = raw()
    wanted = job(long_shot, tmp_path, str(endless_network(tmp_path / "endless.onnx")))
    process.stdin.write(json.dumps({"id": 1, "do": "render", "job": wanted}).encode() + b"\n")
    process.stdin.flush()
    time.sleep(4)  # by now it is in the model
    if end == "cancel":
        process.stdin.write(b'{"do": "cancel", "id": 1}\n{"id": 2, "do": "hello"}\n')
        process.stdin.flush()
    else:
        process.stdin.close()
    answers = [json.loads(process.stdout.readline())]
    while "progress" in answers[-1]:
        answers.append(json.loads(process.stdout.readline()))
    assert answers[-1]["error"]["kind"] == "Cancelled"
    if end == "cancel":
        assert json.loads(process.stdout.readline())["id"] == 2
        process.stdin.close()
    assert process.wait(20) == 0


STUCK = """
import time
from reage import cli
from reage.service import verbs, worker
worker.LAST_SECONDS = 0.5
def stuck(state, task):
    print("stuck", flush=True)
    time.sleep(600)
verbs.VERBS["hello"] = stuck
cli.main(["worker"])
"""


def test_whatever_hangs_the_process_does_not_outlive_its_host(raw):
    process = raw([sys.executable, "-c", STUCK])
    process.stdin.write(b'{"id": 1, "do": "hello"}\n')
    process.stdin.flush()
    assert process.stderr.readline() == b"stuck\n"
    process.stdin.close()
    assert process.wait(20) == 1


def test_a_host_that_listens_no_more_ends_the_process(raw, model, long_shot, tmp_path):
    process = raw()
    asked = {"id": 1, "do": "render", "job": job(long_shot, tmp_path, model)}
    process.stdin.write(json.dumps(asked).encode() + b"\n")
    process.stdin.flush()
    process.stdout.close()
    assert process.wait(60) == 0
    assert len(written(tmp_path)) < 120 and not list(tmp_path.glob(".*"))


LOUD = """
from reage import cli, job
def loud(document): raise ValueError("x" * 3000)
job.RenderJob.from_document = loud
cli.main(["worker"])
"""


def test_a_host_that_does_not_read_stderr_is_answered_all_the_same(raw):
    """A pipe holds 64 KiB; each of these answers leaves three or more there."""
    process = raw([sys.executable, "-c", LOUD])
    for number in range(100):
        process.stdin.write(json.dumps({"id": number, "do": "render", "job": {}}).encode() + b"\n")
    process.stdin.flush()
    answers = [json.loads(process.stdout.readline()) for _ in range(100)]
    assert [a["id"] for a in answers] == list(range(100))
    _, errors = process.communicate(timeout=60)
    assert b"ValueError" in errors and process.returncode == 0


def test_a_line_without_end_is_refused_and_does_not_fill_the_memory(raw):
    process = raw()
    began = time.monotonic()
    for _ in range(100):
        process.stdin.write(b"x" * (1 << 20))
    process.stdin.write(b'\n{"id": 2, "do": "hello"}\n')
    process.stdin.flush()
    refused, hello = (json.loads(process.stdout.readline()) for _ in range(2))
    assert "the most is" in refused["error"]["message"] and refused["id"] is None
    assert hello["id"] == 2
    assert time.monotonic() - began < 20


NOISY = """
import builtins, os, sys
real, seen = builtins.__import__, set()
def noisy(name, *rest, **more):
    if name not in seen:
        seen.add(name)
        print("noise from", name)
        os.write(1, b"noise from C\\n")
        if name == "numpy":
            os.system("echo noise from a child")
            assert sys.stdin.read() == ""
    return real(name, *rest, **more)
import reage.service.worker
real_pipes = reage.service.worker._private_pipes
def pipes():
    out = real_pipes()
    builtins.__import__ = noisy
    return out
reage.service.worker._private_pipes = pipes
from reage.cli import main
main(["worker"])
"""


def test_what_libraries_print_and_read_stays_out_of_the_protocol(raw, model):
    process = raw([sys.executable, "-c", NOISY])
    for number in (1, 2):
        asked = {"id": number, "do": "model", "model": model}
        process.stdin.write(json.dumps(asked).encode() + b"\n")
    process.stdin.flush()
    answers = [json.loads(process.stdout.readline()) for _ in range(2)]
    assert [a["id"] for a in answers] == [1, 2] and all("result" in a for a in answers)
    rest, errors = process.communicate(timeout=60)
    assert rest == b""
    for each in (b"noise from numpy", b"noise from C", b"noise from a child"):
        assert each in errors


def test_a_pattern_is_made_of_photographs_and_changes_the_render(worker, tmp_path):
    path, told = tmp_path / "one.pattern.exr", []
    photographs = [str(home.demo_plate()[0])]
    made = worker.call(
        "pattern", photographs=photographs, path=str(path), look=str(tmp_path / "one.png"),
        progress=told.append,
    )
    assert made["photographs"] == 1 and made["covered"] > 0.4
    assert [step["done"] for step in told] == [1, 2, 3] and told[0]["stage"] == "pattern"
    assert (tmp_path / "one.png").is_file()
    shown = {}
    for pattern in (0, f"{path}", f"{path}:mirror*0.5+3*0.5"):
        settings = {"source_age": 50, "target_age": 75, "crop_size": 256, "pattern": pattern}
        shown[pattern] = worker.call("preview", plate=DEMO, frame=1001, settings=settings, side=64)
    assert len({each["after"] for each in shown.values()}) == 3
    settings["pattern"] = str(tmp_path / "none.pattern.exr")
    with pytest.raises(EngineError, match="There is no pattern file"):
        worker.call("preview", plate=DEMO, frame=1001, settings=settings, side=64)
    with pytest.raises(EngineError, match="must be a list"):
        worker.call("pattern", photographs="a.jpg", path=str(path))
