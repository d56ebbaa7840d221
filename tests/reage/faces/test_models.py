"""The face networks are found as files, one copy a thread, or the error says what to do."""

import subprocess
import sys
import threading

import numpy as np
import pytest

from reage.errors import FaceError
from reage.faces import models


@pytest.mark.parametrize("name", [models.DETECTOR, models.LANDMARKER])
def test_an_installed_model_is_found(name):
    assert models.model_file(name).is_file()


def test_without_the_wheel_the_error_says_what_to_install(monkeypatch):
    monkeypatch.setattr(sys, "path", [])
    with pytest.raises(FaceError, match=r"pip install --no-deps mediapipe==0\.10\.21"):
        models.model_file(models.DETECTOR)


def test_a_folder_of_ones_own_is_used(monkeypatch, tmp_path):
    copy = tmp_path / models.DETECTOR
    copy.write_bytes(models.model_file(models.DETECTOR).read_bytes())
    monkeypatch.setenv(models.FOLDER_VARIABLE, str(tmp_path))
    assert models.model_file(models.DETECTOR) == copy
    assert len(models.run_network(models.DETECTOR, np.zeros((1, 3, 128, 128), "f4"))[0]) == 896 * 16


def test_a_folder_without_the_file_is_named(monkeypatch, tmp_path):
    monkeypatch.setenv(models.FOLDER_VARIABLE, str(tmp_path))
    with pytest.raises(FaceError) as caught:
        models.model_file(models.LANDMARKER)
    assert str(tmp_path) in str(caught.value) and models.LANDMARKER in str(caught.value)


def test_a_broken_file_is_named(monkeypatch, tmp_path):
    (tmp_path / models.DETECTOR).write_bytes(b"not a network")
    monkeypatch.setenv(models.FOLDER_VARIABLE, str(tmp_path))
    with pytest.raises(FaceError, match=models.DETECTOR):
        models.run_network(models.DETECTOR, np.zeros((1, 3, 128, 128), np.float32))


def test_threads_agree():
    blobs = np.random.default_rng(0).random((4, 1, 3, 192, 192), np.float32)
    want = [models.run_network(models.LANDMARKER, b) for b in blobs]
    got = {}

    def work(i):
        for _ in range(5):
            got[i] = models.run_network(models.LANDMARKER, blobs[i])

    threads = [threading.Thread(target=work, args=(i,)) for i in range(4)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    for i in range(4):
        for a, b in zip(want[i], got[i], strict=True):
            np.testing.assert_array_equal(a, b)


def test_the_wheels_own_code_is_never_imported():
    code = (
        "import sys, numpy as np; from reage.faces import detect_faces;"
        "detect_faces(np.zeros((64, 64, 3), np.uint8)); assert 'mediapipe' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
