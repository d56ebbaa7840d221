"""The doctor: says what is there, names what is missing, and runs one tile for real."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from helpers.onnx_files import CARD, delta_network
from reage.tools import doctor
from reage.tools.doctor import Finding, Report, diagnose
from reage.tools.machine import (
    Gpu,
    parse_gpus,
    peak_memory,
    resident_memory,
)


def _by_subject(report: Report) -> dict[str, Finding]:
    return {f.subject: f for f in report.findings}


def test_a_working_engine_passes_and_runs_a_tile(tmp_path: Path) -> None:
    path = delta_network(tmp_path / "m.onnx", card=CARD)
    report = diagnose("cpu", path)
    assert report.ok, report.text()
    assert report.exit_code == 0
    found = _by_subject(report)
    assert "256×256 px" in found["one-tile test"].says
    assert found["device in use"].says == "CPU"
    assert "test model" in found["model"].says and "sha256" in found["model"].says
    assert "numpy " + np.__version__ in found["libraries"].says


def test_the_tile_has_the_size_that_the_model_asks_for(tmp_path: Path) -> None:
    path = delta_network(tmp_path / "m.onnx", side=96, card=CARD)
    assert "96×96 px" in _by_subject(diagnose("cpu", path))["one-tile test"].says


def test_a_missing_model_fails_and_is_named(tmp_path: Path) -> None:
    report = diagnose("cpu", tmp_path / "gone.onnx")
    assert report.exit_code == 1
    assert [f.subject for f in report.findings if f.verdict == "fail"] == ["model"]
    assert "gone.onnx" in report.text()


def test_a_model_that_gives_nan_fails(tmp_path: Path) -> None:
    import onnx
    from onnx import numpy_helper

    path = delta_network(tmp_path / "m.onnx", card=CARD)
    network = onnx.load(path)
    weight = numpy_helper.to_array(network.graph.initializer[0]) * np.float32(np.nan)
    network.graph.initializer[0].CopyFrom(numpy_helper.from_array(weight, "weight"))
    onnx.save(network, path)
    finding = _by_subject(diagnose("cpu", path))["one-tile test"]
    assert finding.verdict == "fail"
    assert "finite" in finding.advice


def test_missing_face_models_fail(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REAGE_FACE_MODELS", str(tmp_path))
    finding = _by_subject(diagnose("cpu"))["face models"]
    assert finding.verdict == "fail"
    assert str(tmp_path) in finding.says


def test_a_wrong_ocio_config_fails_and_the_rest_is_still_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OCIO", str(tmp_path / "gone.ocio"))
    report = diagnose("cpu", delta_network(tmp_path / "m.onnx", card=CARD))
    found = _by_subject(report)
    assert found["OCIO config"].verdict == "fail" and "gone.ocio" in found["OCIO config"].says
    assert found["one-tile test"].verdict == "ok"


def test_it_starts_and_names_the_library_where_one_is_missing() -> None:
    """In a fresh interpreter that cannot import onnxruntime or cv2."""
    code = (
        "import sys; sys.modules['onnxruntime'] = sys.modules['cv2'] = None\n"
        "from reage.tools.doctor import diagnose\n"
        "report = diagnose('cpu'); print(report.text()); raise SystemExit(report.exit_code)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, encoding="utf-8", timeout=60
    )
    assert done.returncode == 1, done.stderr
    assert "onnxruntime" in done.stdout and "cv2" in done.stdout
    assert doctor.REINSTALL in done.stdout


def test_an_unused_gpu_is_a_warning(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gpu = Gpu("NVIDIA RTX A6000", "550.54", "49140 MiB")
    monkeypatch.setattr(doctor, "nvidia_gpus", lambda: (gpu,))
    monkeypatch.setattr(doctor, "_version", {"onnxruntime": "1.31.1"}.get)
    (finding,) = (f for f in doctor._runtime() if f.subject == "GPU")
    assert finding.verdict == "warn"
    assert "A6000" in finding.says and "--device gpu" in finding.advice


def test_both_runtimes_at_once_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    both = {"onnxruntime": "1.31.1", "onnxruntime-gpu": "1.31.1"}
    monkeypatch.setattr(doctor, "_version", both.get)
    assert next(iter(doctor._runtime())).verdict == "fail"


def test_warnings_do_not_fail_and_advice_is_told() -> None:
    report = Report((Finding("disk", "warn", "1.0 GB free", "Make room."),))
    assert report.exit_code == 0
    assert "Make room." in report.text()


def test_gpus_are_read_from_the_lines_of_nvidia_smi() -> None:
    csv = "NVIDIA H100 80GB HBM3, 570.86.15, 81559 MiB\nTesla T4, 535.104.05, 15360 MiB\n"
    assert parse_gpus(csv) == (
        Gpu("NVIDIA H100 80GB HBM3", "570.86.15", "81559 MiB"),
        Gpu("Tesla T4", "535.104.05", "15360 MiB"),
    )
    assert parse_gpus("No devices were found\n") == ()


def test_memory_is_a_believable_figure() -> None:
    assert 20 << 20 < resident_memory() < 1 << 46


def test_the_peak_stays_when_memory_is_freed_and_is_this_processs_own() -> None:
    before, much = resident_memory(), 64 << 20
    np.ones(much, np.uint8)  # and gone again
    assert peak_memory() > before + 0.9 * much > resident_memory()
    code = "from reage.tools.machine import peak_memory; print(peak_memory())"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert int(done.stdout) < much
