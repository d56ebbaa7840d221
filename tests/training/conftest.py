"""A small set of the project's own small head, made once for all training tests."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
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
def mixed_set(tmp_path_factory: pytest.TempPathFactory, small_set: Path) -> Path:
    """The first of them as it is, and the second twice as large."""
    out = tmp_path_factory.mktemp("mixed") / "set"
    shutil.copytree(small_set, out)
    for path in out.glob("00002*"):
        path.unlink()
    path = out / "00001_0.npy"
    np.save(path, np.load(path).repeat(2, 0).repeat(2, 1))
    sidecar = path.with_suffix(".json")
    story = json.loads(sidecar.read_text(encoding="utf-8"))
    story["cm_per_px"] /= 2
    story["landmarks"] = (2 * np.array(story["landmarks"])).tolist()
    sidecar.write_text(json.dumps(story), encoding="utf-8")
    return out


@pytest.fixture(scope="session")
def views(small_set: Path) -> tuple[StoredView, ...]:
    return find_views(small_set)


@pytest.fixture(scope="session")
def bank(small_set: Path) -> Bank:
    return open_bank(small_set, CPU)
