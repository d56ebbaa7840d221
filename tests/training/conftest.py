"""A small set of the project's own small head, made once for all training tests."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
import torch

from reage_training.dataset import StoredView, find_views
from reage_training.render.bank import Bank, open_bank
from reage_training.synth.views import DatasetOptions, write_dataset

torch.set_num_threads(1)  # small networks; several threads wait for each other on busy machines

CPU = torch.device("cpu")


@pytest.fixture(scope="session")
def small_dataset(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three people, one view each, 96 px, and two patterns."""
    out = tmp_path_factory.mktemp("small_set")
    write_dataset(out, DatasetOptions(None, 1, 3, 1, 96, patterns=2, texture=128), workers=1)
    return out


@pytest.fixture(scope="session")
def mixed_dataset(tmp_path_factory: pytest.TempPathFactory, small_dataset: Path) -> Path:
    """The first of them as it is, and the second twice as large."""
    out = tmp_path_factory.mktemp("mixed") / "set"
    shutil.copytree(small_dataset, out)
    for path in out.glob("00002*"):
        path.unlink()
    path = out / "00001_0.npy"
    np.save(path, np.load(path).repeat(2, 0).repeat(2, 1))
    sidecar = path.with_suffix(".json")
    metadata = json.loads(sidecar.read_text(encoding="utf-8"))
    metadata["cm_per_px"] /= 2
    metadata["landmarks"] = (2 * np.array(metadata["landmarks"])).tolist()
    sidecar.write_text(json.dumps(metadata), encoding="utf-8")
    return out


@pytest.fixture(scope="session")
def views(small_dataset: Path) -> tuple[StoredView, ...]:
    return find_views(small_dataset)


@pytest.fixture(scope="session")
def bank(small_dataset: Path) -> Bank:
    return open_bank(small_dataset, CPU)
