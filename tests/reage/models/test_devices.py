"""Devices by name: what this ONNX Runtime has is used, and what it has not is refused in words."""

from __future__ import annotations

import onnxruntime
import pytest

from helpers.onnx_files import CARD, delta_network
from reage.errors import SettingsError
from reage.job import RenderJob
from reage.models.devices import CPU, DEVICES, check_used, device_of, providers
from reage.models.onnx_model import OnnxModel
from reage.tools.doctor import diagnose

THERE = onnxruntime.get_available_providers()
ABSENT = [name for name, device in DEVICES.items() if device.provider not in THERE]
PRESENT = [name for name, device in DEVICES.items() if device.provider in THERE]


def test_a_job_takes_the_devices_that_there_are_and_no_others():
    for name in ("auto", *DEVICES):
        assert RenderJob("a", "b", device=name).device == name
    for name, device in DEVICES.items():
        if device.number:
            assert RenderJob("a", "b", device=f"{name}:1").device == f"{name}:1"
        else:
            with pytest.raises(SettingsError, match="--device knows auto, cuda, cpu"):
                RenderJob("a", "b", device=f"{name}:1")
    for wrong in ("gpu", "cuda:", "cuda:x", "cuda:-1", "cuda:1:2", "cuda:100", ":1"):
        with pytest.raises(SettingsError, match="--device knows"):
            RenderJob("a", "b", device=wrong)


@pytest.mark.parametrize("name", ABSENT)
def test_what_is_not_there_is_refused_with_how_to_get_it(name):
    number = ":1" if DEVICES[name].number else ""
    with pytest.raises(SettingsError, match=f"--device {name}{number}: .*cpu.* only") as caught:
        providers(name + number, THERE)
    assert DEVICES[name].install in str(caught.value)
    assert "--device cpu" in str(caught.value)


def test_auto_takes_what_there_is():
    first, *rest = providers("auto", THERE)
    assert first[0] == (DEVICES["cuda"].provider if "cuda" in PRESENT else CPU)
    assert [name for name, _ in rest] == ([CPU] if "cuda" in PRESENT else [])


def test_one_of_several_is_asked_for_by_its_number():
    there = [DEVICES["cuda"].provider, CPU]
    (provider, options), last = providers("cuda:1", there)
    assert provider == "CUDAExecutionProvider" and options["device_id"] == "1"
    assert options["cudnn_conv_algo_search"] == "HEURISTIC" and last == (CPU, {})
    assert options["use_tf32"] == "0"  # float32 is float32
    assert "device_id" not in providers("cuda", there)[0][1]


def test_what_tensorrt_cannot_do_is_left_to_the_same_gpu():
    there = [DEVICES[name].provider for name in ("tensorrt", "cuda", "cpu")]
    chain = providers("tensorrt:1", there)
    assert [provider for provider, _ in chain] == there
    assert [options.get("device_id") for _, options in chain] == ["1", "1", None]


def test_a_device_is_known_by_its_provider_and_a_strange_one_is_taken_for_the_cpu():
    assert all(device_of(device.provider) == device for device in DEVICES.values())
    assert device_of("SomeExecutionProvider") == DEVICES["cpu"] and DEVICES["cpu"].batch == 1


def test_a_fall_back_is_no_answer():
    check_used("auto", CPU)
    check_used("cpu", CPU)
    with pytest.raises(SettingsError, match="--device cuda:1: .* fell back to the CPU"):
        check_used("cuda:1", CPU)


@pytest.mark.parametrize("name", PRESENT)
def test_the_doctor_tells_what_runs_and_whether_its_pixels_are_the_cpus(name, tmp_path):
    """On the CPU alone here; with another build of ONNX Runtime its devices are held against it."""
    path = delta_network(tmp_path / "m.onnx", card=CARD)
    used = OnnxModel.load(path, name).device
    found = {f.subject: f for f in diagnose(name, path).findings}
    assert found["device in use"].says == used
    beside = [subject for subject in found if "beside the CPU" in subject]
    assert beside == ([] if used == "CPU" else [f"{used} beside the CPU"])
    assert all(found[subject].verdict == "ok" for subject in beside)
