"""One moment, saved in many ways, is known again; another moment is not."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from reage_training.actor.ingest.alike import HASH, face_hash, pairs
from reage_training.actor.ingest.judge import SAME_MOMENT


@pytest.fixture(scope="module")
def portraits() -> list[np.ndarray]:
    """Soft random pictures: as unlike each other as faces in other lights are, or more."""
    out = []
    for seed in range(12):
        rng = np.random.default_rng(seed)
        picture = cv2.resize(rng.uniform(0, 255, (14, 14, 3)), (500, 500), None, 0, 0,
                             cv2.INTER_CUBIC)  # fmt: skip
        out.append(np.clip(picture, 0, 255).astype(np.uint8))
    return out


def _hash(picture: np.ndarray, scale: float = 1.0, shift: float = 0.0) -> np.ndarray:
    return face_hash(picture, (scale * 250 + shift, scale * 250 + shift), scale * 220, 0.0)


def test_a_copy_is_one_moment_whatever_its_size_light_and_place(
    portraits: list[np.ndarray],
) -> None:
    for picture in portraits:
        first = _hash(picture)
        small = cv2.resize(picture, None, fx=0.6, fy=0.6, interpolation=cv2.INTER_AREA)
        graded = np.clip(255 * (small / 255.0) ** 1.08 * 1.05, 0, 255).astype(np.uint8)
        pressed = cv2.imdecode(
            cv2.imencode(".jpg", graded, [cv2.IMWRITE_JPEG_QUALITY, 70])[1], cv2.IMREAD_COLOR
        )
        found = list(pairs(np.stack([first, _hash(pressed, 0.6, 0.8)]), SAME_MOMENT))
        assert [pair[:2] for pair in found] == [(0, 1)]


def test_other_moments_are_far_apart(portraits: list[np.ndarray]) -> None:
    hashes = np.stack([_hash(picture) for picture in portraits])
    assert not list(pairs(hashes, HASH // 4))


def test_all_pairs_are_found_and_each_once() -> None:
    rng = np.random.default_rng(2)
    hashes = rng.integers(0, 256, (2500, HASH // 8), dtype=np.uint8)
    hashes[2400] = hashes[3]
    hashes[1100] = hashes[1050]
    hashes[1100, 0] ^= 0b101
    assert list(pairs(hashes, 20)) == [(3, 2400, 0), (1050, 1100, 2)]
