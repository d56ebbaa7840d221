"""A crop that does not fit is refused before the first frame, with one that does."""

import resource
import subprocess
import sys

import pytest

import reage
from helpers.shots import write_shot
from reage.errors import SettingsError
from reage.models.model import NullModel
from reage.shot.memory import available_memory, require_memory

STRIDE = NullModel().card.stride


def test_what_is_advised_fits():
    for free in (10**9, 3 * 10**9, 9 * 10**9):
        with pytest.raises(SettingsError) as said:
            require_memory(8192, STRIDE, 1, 2, 100, free)
        fits = int(str(said.value).split("Use --crop-size ")[1].split()[0])
        assert fits % STRIDE == 0 and fits > 500
        require_memory(fits, STRIDE, 1, 2, 100, free)
        with pytest.raises(SettingsError):
            require_memory(fits + 64, STRIDE, 1, 2, 100, free)


def test_more_at_a_time_needs_more_and_few_frames_less():
    require_memory(4096, STRIDE, 1, 2, 1, 5 * 10**9)
    with pytest.raises(SettingsError, match="fewer --jobs"):
        require_memory(4096, STRIDE, 4, 2, 100, 5 * 10**9)


def test_a_limit_of_the_process_counts():
    code = """
import resource
from reage.shot.memory import available_memory
before = available_memory()
resource.setrlimit(resource.RLIMIT_AS, (3 << 30, 3 << 30))
print(before > 0, available_memory() < 3 << 30)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["True", "True"], resource.getrlimit(resource.RLIMIT_AS)
    assert available_memory() > 0


def test_a_render_says_it_before_anything_is_written(tmp_path, monkeypatch):
    plate, track = write_shot(tmp_path / "plates", frames=(1, 2))
    monkeypatch.setattr("reage.shot.memory.available_memory", lambda: 4 * 10**9)
    look = reage.Settings(50, 30, crop_size=8192)
    job = reage.RenderJob(plate, str(tmp_path / "out" / "o.%04d.exr"), look, track=track)
    with pytest.raises(SettingsError, match="8192 needs about 20.8 GB of memory"):
        reage.render(job, model=NullModel())
    assert not list(tmp_path.glob("out/*"))
