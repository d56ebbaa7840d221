"""How a session is run: buffers that are kept and bound give what new arrays give.

On ONNX Runtime's CPU here, through the same calls as on a GPU; see test_onnx_model_gpu.py.
"""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace

import numpy as np
import pytest

from helpers.onnx_files import CARD, delta_network, endless_network
from reage.errors import Cancelled
from reage.models import pinned
from reage.models.model import ModelInput, batch_of, run_each
from reage.models.onnx_model import OnnxModel
from reage.models.runs import MOST, BoundRuns
from reage.models.stoppable import StoppableModel


def empty(shape):
    return np.full(shape, np.nan, np.float32)


def seen(seed, side=32):
    r = np.random.default_rng(seed)
    source, target = (np.full((side, side), years, np.float32) for years in (40 + seed, 70))
    return ModelInput(r.random((side, side, 3), np.float32), source, target)


@pytest.fixture
def fresh(tmp_path):
    return OnnxModel.load(delta_network(tmp_path / "m.onnx", card=CARD, batch="n"), "cpu")


@pytest.fixture
def bound(fresh):
    return replace(fresh, _runs=BoundRuns(fresh._session, empty))


def test_bound_buffers_give_the_same_bits_and_are_used_again(fresh, bound):
    for seed in range(6):
        got, want = bound.run(seen(seed)), fresh.run(seen(seed))
        assert np.array_equal(got.values, want.values)
        assert bound._runs.idle == (1 if seed else 0)  # the first run tells how large outputs are


def test_what_was_given_is_not_overwritten_by_the_next_run(fresh, bound):
    kept = [bound.run(seen(seed)).values for seed in range(4)]
    want = [fresh.run(seen(seed)).values for seed in range(4)]
    assert all(np.array_equal(*pair) for pair in zip(kept, want, strict=True))


def test_several_at_once_are_what_each_is_alone(fresh, bound):
    inputs = [seen(seed) for seed in range(5)]
    want = [fresh.run(each).values for each in inputs]
    for model in (fresh, bound, bound, StoppableModel.of(bound, lambda: False)):
        got = [each.values for each in model.run_batch(inputs)]
        assert all(np.array_equal(*pair) for pair in zip(got, want, strict=True))
        got = [each.values for each in run_each(model, inputs)]
        assert all(np.array_equal(*pair) for pair in zip(got, want, strict=True))


def test_a_file_for_one_is_given_one_at_a_time_and_so_is_the_cpu(fresh, tmp_path):
    one = OnnxModel.load(delta_network(tmp_path / "one.onnx", card=CARD), "cpu")
    assert batch_of(one) == batch_of(fresh) == fresh.batch == 1
    inputs = [seen(seed) for seed in range(3)]
    got = [each.values for each in run_each(one, inputs)]
    assert all(np.array_equal(g, one.run(i).values) for g, i in zip(got, inputs, strict=True))


def test_runs_at_the_same_time_have_buffers_of_their_own(fresh, bound):
    bound.run(seen(0))
    shapes = bound._shapes([seen(0)])
    with ExitStack() as stack:
        lent = []
        for seed in range(3):
            run = bound._runs.run(shapes, lambda to, s=seed: bound._fill([seen(s)], to), None)
            lent.append(stack.enter_context(run))
        for seed, (planes,) in enumerate(lent):
            want = fresh.run(seen(seed)).values
            assert np.array_equal(planes[0].transpose(1, 2, 0), want)
    assert bound._runs.idle == 3
    with ThreadPoolExecutor(4) as pool:
        got = list(pool.map(lambda s: bound.run(seen(s % 7, 32 + 16 * (s % 3))).values, range(60)))
    for s, values in enumerate(got):
        assert np.array_equal(values, fresh.run(seen(s % 7, 32 + 16 * (s % 3))).values)
    assert bound._runs.idle <= MOST


def test_buffers_of_a_size_that_is_no_longer_asked_for_go(bound):
    for side in range(16, 16 * (MOST + 4), 16):
        for _ in range(2):
            bound.run(seen(0, side))
    assert bound._runs.idle == MOST


def test_a_set_of_buffers_whose_run_failed_is_not_kept(bound):
    for _ in range(2):
        bound.run(seen(0))
    shapes = bound._shapes([seen(0)])

    def fails(_):
        raise MemoryError("no room")

    with pytest.raises(MemoryError), bound._runs.run(shapes, fails, None):
        pass
    assert bound._runs.idle == 0
    with pytest.raises(ZeroDivisionError):
        run = bound._runs.run(shapes, lambda to: bound._fill([seen(0)], to), None)
        with run:
            raise ZeroDivisionError
    assert bound._runs.idle == 0 and bound.run(seen(1)).values.shape == (32, 32, 3)


def test_a_bound_run_stops_once_it_is_cancelled(tmp_path):
    model = OnnxModel.load(endless_network(tmp_path / "m.onnx"), "cpu")
    runs = BoundRuns(model._session, empty)
    runs._sizes[tuple(model._shapes([seen(0)]).items())] = [(1, 3, 32, 32)]
    began, threads = time.monotonic(), threading.active_count()
    with pytest.raises(Cancelled, match="while the model ran"):
        replace(model, _runs=runs).run(seen(0), lambda: time.monotonic() > began + 0.5)
    assert 0.5 < time.monotonic() - began < 10 and threading.active_count() == threads


def test_without_a_driver_no_memory_is_page_locked():
    """With one it is: test_onnx_model_gpu.py."""
    if pinned._context(0) is not None:
        pytest.skip("an NVIDIA GPU is here")
    assert pinned.empty((1, 8, 16, 16), 0) is None
