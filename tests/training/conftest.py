"""A small set of the project's own small head, made once for all training tests."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from reage_training.render.bank import Bank, open_bank
from reage_training.synth.views import SetOptions, write_set
from reage_training.viewset import StoredView, find_views

torch.set_num_threads(1)  # small networks; several threads wait for each other on busy machines

CPU = torch.device("cpu")


@pytest.fixture(scope="session")
def small_set(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three people, one view each, 96 px, and two patterns."""
    out = tmp_path_factory.mktemp("small_set")
    write_set(out, SetOptions(None, 1, 3, 1, 96, patterns=2, texture=128), workers=1)
    return out


@pytest.fixture(scope="session")
def views(small_set: Path) -> tuple[StoredView, ...]:
    return find_views(small_set)


@pytest.fixture(scope="session")
def bank(small_set: Path) -> Bank:
    return open_bank(small_set, CPU)
