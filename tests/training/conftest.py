"""Small sets of the project's own small head, rendered once for all training tests."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from reage_training.dataset import Group, find_groups
from reage_training.synth.generate import SetOptions, write_set

torch.set_num_threads(1)  # small networks; several threads wait for each other on busy machines


@pytest.fixture(scope="session")
def small_set(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three people, one view each, 20 to 80 years, 96 px."""
    out = tmp_path_factory.mktemp("small_set")
    write_set(out, SetOptions(None, 1, 3, 1, (20.0, 30.0, 45.0, 65.0, 80.0), 96, 128), workers=1)
    return out


@pytest.fixture(scope="session")
def groups(small_set: Path) -> tuple[Group, ...]:
    return find_groups(small_set)
