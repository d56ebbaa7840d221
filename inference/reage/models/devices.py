"""Where a model may run: what `--device` calls it, and what ONNX Runtime does.

    auto       CUDA where this ONNX Runtime has it, else the CPU
    cuda:1     the second of several GPUs
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reage.errors import SettingsError

CPU = "CPUExecutionProvider"


@dataclass(frozen=True)
class Device:
    """provider: ONNX Runtime's name; options: it is given these; number: what it calls the option
    that says which of several, "" where there is but one; install: how to get it; batch: tiles
    that it is given at once, of a frame that has several

    A device of which there may be several has a memory of its own."""

    provider: str
    options: Mapping[str, str]
    number: str
    install: str
    batch: int = 1


_CUDA: Mapping[str, str] = {
    # No search for the fastest convolution: it takes seconds a shape, and picks another one on
    # another day, with other last bits.
    "cudnn_conv_algo_search": "HEURISTIC",
    "cudnn_conv_use_max_workspace": "1",
    # Memory grows by what a tile needs, not by doubling: the GPU is shared with the compositor.
    "arena_extend_strategy": "kSameAsRequested",
    # ONNX Runtime would round what float32 convolutions multiply to 10 bits, as half does.
    "use_tf32": "0",
}

DEVICES: Mapping[str, Device] = {
    "cpu": Device(CPU, {}, "", ""),
    "cuda": Device(
        "CUDAExecutionProvider", _CUDA, "device_id",
        "Install the GPU build with `python3 install.py --device gpu`", batch=4,
    ),
    "tensorrt": Device(
        "TensorrtExecutionProvider", {"trt_fp16_enable": "0"}, "device_id",
        "Install the GPU build with `python3 install.py --device gpu`, and NVIDIA's TensorRT",
    ),
    "openvino": Device(
        "OpenVINOExecutionProvider", {"device_type": "CPU", "precision": "FP32"}, "",
        "Put onnxruntime-openvino in the place of onnxruntime, with pip",
    ),
    "coreml": Device(
        "CoreMLExecutionProvider", {}, "", "It comes with onnxruntime on a Mac",
    ),
    "directml": Device(
        "DmlExecutionProvider", {}, "device_id",
        "Put onnxruntime-directml in the place of onnxruntime, with pip, on Windows",
    ),
    "migraphx": Device(
        "MIGraphXExecutionProvider", {}, "device_id",
        "Put AMD's onnxruntime-migraphx in the place of onnxruntime",
    ),
}  # fmt: skip
"""Only cpu and openvino were run by those who wrote this; the others are as ONNX Runtime's pages
say."""


def providers(device: str, there: Sequence[str]) -> list[tuple[str, dict[str, str]]]:
    """What ONNX Runtime is asked for, first choice first: a device by its name, as in
    `RenderJob.device`. Raises SettingsError where it is not among those that are `there`."""
    if device == "auto":
        device = "cuda" if DEVICES["cuda"].provider in there else "cpu"
    name, _, number = device.partition(":")
    asked = DEVICES[name]
    if asked.provider not in there:
        has = ", ".join(n for n, d in DEVICES.items() if d.provider in there)
        raise SettingsError(
            f"--device {device}: this ONNX Runtime has {has} only. {asked.install}, or use "
            "--device cpu."
        )
    options = {**asked.options, **({asked.number: number} if number else {})}
    chain = [(asked.provider, options)]
    if name == "tensorrt" and DEVICES["cuda"].provider in there:  # for what TensorRT cannot do
        chain.append((DEVICES["cuda"].provider, {**_CUDA, "device_id": number or "0"}))
    return [*chain, *([(CPU, {})] if asked.provider != CPU else [])]


def device_of(provider: str) -> Device:
    """The device that ONNX Runtime calls so; one that nobody knows is taken for the CPU."""
    return next((d for d in DEVICES.values() if d.provider == provider), DEVICES["cpu"])


def on_cores(device: str) -> bool:
    """Whether a device, by its name, computes on the CPU's cores; of auto that is not known before
    it is opened, and is supposed."""
    return device.partition(":")[0] in ("auto", "cpu", "openvino")


def check_used(device: str, used: str) -> None:
    """ONNX Runtime falls back to the CPU without a word. Raises SettingsError where it did not take
    the device that was asked for."""
    name = device.partition(":")[0]
    if name != "auto" and used != DEVICES[name].provider:
        called = used.removesuffix("ExecutionProvider")
        raise SettingsError(
            f"--device {device}: ONNX Runtime could not start it and fell back to the {called}. "
            "Run `reage doctor`, or use --device auto."
        )
