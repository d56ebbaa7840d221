"""A render asks OpenCV for one thread a call, and leaves what it found; a model's
runs share the cores out."""

import os

import cv2
import pytest

import reage
from helpers.shots import write_shot
from reage.models.model import NullModel
from reage.shot.one_thread import model_threads, one_thread_each


def test_it_is_one_inside_and_what_it_was_after_an_error_too():
    cv2.setNumThreads(3)
    try:
        with pytest.raises(ValueError), one_thread_each():
            assert cv2.getNumThreads() == 1
            raise ValueError
        assert cv2.getNumThreads() == 3
    finally:
        cv2.setNumThreads(1)


def test_a_render_is_inside(tmp_path):
    plate, track = write_shot(tmp_path, frames=[1])
    settings = reage.Settings(source_age=40, target_age=70, crop_size=128)
    job = reage.RenderJob(plate, str(tmp_path / "o.%04d.exr"), settings, track=track)
    seen = []
    cv2.setNumThreads(2)
    try:
        reage.render(job, lambda _: seen.append(cv2.getNumThreads()), model=NullModel(0.5))
        assert seen == [1] and cv2.getNumThreads() == 2
    finally:
        cv2.setNumThreads(1)


def test_the_cores_are_shared_out_among_the_runs_of_a_model():
    assert model_threads(1) == 0  # which is all of them
    assert model_threads(10_000) == 1
    assert 1 <= model_threads(2) <= max(1, (os.cpu_count() or 1) // 2)
    assert model_threads(4, "openvino") == model_threads(4) and model_threads(4, "cuda:1") == 0
