"""What holds on an NVIDIA GPU. Run where there is one: `pytest -m requires_gpu -rs`.

The same laws hold for the CPU in test_runs.py and test_pipeline.py.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import onnxruntime
import pytest

from helpers.onnx_files import CARD, delta_network
from helpers.shots import face, plate
from reage.errors import OutOfMemory
from reage.frame.pipeline import infer, prepare
from reage.models.devices import DEVICES
from reage.models.model import ModelInput
from reage.models.onnx_model import OnnxModel
from reage.pixels.color import Encoder
from reage.settings import Settings
from reage.tools.doctor import diagnose
from reage.tools.machine import nvidia_gpus

GPU = bool(nvidia_gpus()) and DEVICES["cuda"].provider in onnxruntime.get_available_providers()

pytestmark = [
    pytest.mark.requires_gpu,
    pytest.mark.skipif(not GPU, reason="needs an NVIDIA GPU and onnxruntime-gpu"),
]

CLOSE = 2e-4
"""Share of the largest delta by which the GPU's float32 may be off, TF32 being off: sums are
added in another order."""

SAME = 1e-6
"""The like from one run to the next: cuDNN may choose another kernel."""


@pytest.fixture(scope="module")
def cpu():
    return OnnxModel.load(None, "cpu")


@pytest.fixture(scope="module")
def cuda():
    return OnnxModel.load(None, "cuda:0")


@pytest.fixture(scope="module")
def wide(cpu):
    """A frame whose crop of 1024 px is one tile, or many."""
    settings = Settings(source_age=50, target_age=80, crop_size=1024)
    return prepare(plate(), face(), cpu.card, settings, Encoder("ACEScg", cpu.card.encoding))


def seen(model, seed, side=512):
    rng = np.random.default_rng(seed)
    rgb = rng.uniform(0, 1, (side, side, 3)).astype(np.float32)
    return ModelInput.of(model.card, rgb, 50.0, 80.0)


def off(one, other):
    """Largest difference, as a share of the largest value."""
    return float(np.abs(one - other).max() / np.abs(other).max())


def test_it_is_used_with_the_options_that_exactness_asks_for(cuda):
    assert cuda.device == "CUDA" and cuda.buffers == "kept, bound, page-locked"
    assert cuda.provider_options["use_tf32"] == "0"
    assert cuda.provider_options["cudnn_conv_algo_search"] == "HEURISTIC"
    assert cuda.provider_options["arena_extend_strategy"] == "kSameAsRequested"
    assert diagnose("cuda:0").ok


@pytest.mark.parametrize("side", [256, 512, 1024])
def test_its_pixels_are_the_cpus(cuda, cpu, side):
    want = cpu.run(seen(cpu, 0, side)).delta
    assert off(cuda.run(seen(cpu, 0, side)).delta, want) < CLOSE


def test_buffers_are_used_again_and_change_nothing(cuda, cpu):
    first = [cuda.run(seen(cpu, seed)).values for seed in range(3)]  # one at a time: one set
    idle = cuda._runs.idle
    again = [cuda.run(seen(cpu, seed)).values for seed in range(3)]
    assert cuda._runs.idle == idle >= 1
    assert all(off(a, f) < SAME for a, f in zip(again, first, strict=True))


def test_two_frames_at_once_are_what_each_is_alone(cuda, cpu):
    alone = [cuda.run(seen(cpu, seed)).values for seed in range(8)]
    with ThreadPoolExecutor(2) as pool:
        both = list(pool.map(lambda seed: cuda.run(seen(cpu, seed)).values, range(8)))
    assert all(off(a, b) < SAME for a, b in zip(both, alone, strict=True))
    assert cuda._runs.idle >= 2


def test_several_tiles_at_once_are_what_each_is_alone(tmp_path):
    path = delta_network(tmp_path / "m.onnx", card=CARD | {"halo": 1}, batch="n")
    model, cpu = OnnxModel.load(path, "cuda"), OnnxModel.load(path, "cpu")
    assert model.batch == 4
    inputs = [seen(cpu, seed, 128) for seed in range(4)]
    for _ in range(3):
        for got, one in zip(model.run_batch(inputs), inputs, strict=True):
            assert off(got.values, cpu.run(one).values) < CLOSE


def test_tiles_are_the_whole(cuda, wide):
    whole, tiled = (infer(wide, cuda, tile).values for tile in (1024, 512))
    assert off(tiled, whole) < CLOSE


def limited(mib):
    """The model on a GPU of which ONNX Runtime may take so many MiB."""
    return OnnxModel.load(None, "cuda", options={"gpu_mem_limit": str(mib << 20)})


def test_out_of_memory_means_smaller_tiles(cpu, wide):
    """Weights take 7 MiB, a tile of 1024 px some hundreds, the smallest one some tens."""
    told = []
    got = infer(wide, limited(128), 1024, told.append)
    assert told and told[-1].startswith("Not enough memory on the device: going on with tiles of")
    assert off(got.delta, infer(wide, cpu, 1024).delta) < CLOSE


def test_a_gpu_that_holds_no_tile_says_so(wide):
    with pytest.raises(OutOfMemory, match="CUDA has not enough memory for a tile"):
        infer(wide, limited(16), 1024)
