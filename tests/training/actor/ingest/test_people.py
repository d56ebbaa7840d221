"""Who is the actor, of vectors whose people are known."""

from __future__ import annotations

import numpy as np
import pytest

from reage_training.actor.book import Entry
from reage_training.actor.ingest.measure import Measures
from reage_training.actor.ingest.people import actor, core, strangeness

SPREAD, DRIFT = 0.20, 0.25
"""Of one person's photographs around their own middle, and over a life: lengths, beside 1."""


def _unit(vectors: np.ndarray) -> np.ndarray:
    return np.asarray(vectors / np.linalg.norm(vectors, axis=-1, keepdims=True), np.float32)


def _career(seed: int, count: int, others: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Vectors, ages, and who is another: an actor who changes with the years, strangers who are
    as like the actor as people of one sex and color are, each once."""
    rng = np.random.default_rng(seed)
    common, own, way = rng.normal(size=(3, 128))
    middle = 2.2 * common + own
    ages = rng.uniform(20, 70, count + others)
    size = np.linalg.norm(middle)
    out = []
    for k, age in enumerate(ages):
        who = middle if k < count else 2.2 * common + rng.normal(size=128)
        grown = DRIFT * (age - 45) / 25 * way / np.linalg.norm(way) * size
        noise = rng.normal(size=128)
        out.append(who + grown + SPREAD * noise / np.linalg.norm(noise) * size)
    return _unit(np.array(out)), ages, np.arange(count + others) >= count


def _found(vectors: np.ndarray) -> list[Measures]:
    return [Measures(identity=v, shape=np.zeros((468, 3), np.float16)) for v in vectors]


def _entries(ages: np.ndarray, hand: str = "") -> list[Entry]:
    return [Entry("", f"{k}", f"{k}", float(a), hand=hand) for k, a in enumerate(ages)]


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize(("count", "others"), [(44, 4), (20, 6), (8, 3)])
def test_others_are_found_and_nobody_is_lost(seed: int, count: int, others: int) -> None:
    vectors, ages, another = _career(seed, count, others)
    group = actor(_found(vectors), _entries(ages))
    assert (np.array(group.sure) == another).all()
    assert all(bool(why) == who for why, who in zip(group.why, another, strict=True))


def test_ages_that_are_unknown_or_wrong_lose_nobody() -> None:
    vectors, ages, another = _career(3, 44, 4)
    entries = _entries(np.where(np.arange(48) % 9 == 4, ages + 10, ages))
    entries = [
        Entry("", e.source, e.sha256, None if k % 7 == 2 else e.age) for k, e in enumerate(entries)
    ]
    assert (np.array(actor(_found(vectors), entries).sure) == another).all()


def test_the_larger_group_is_the_actor_unless_somebody_is_named() -> None:
    many, years, _ = _career(1, 30, 0)
    few, others, _ = _career(2, 12, 0)
    vectors, ages = np.vstack([many, few]), np.concatenate([years, others])
    small = np.arange(42) >= 30
    assert (np.array(actor(_found(vectors), _entries(ages)).sure) == small).all()
    named = actor(_found(vectors), _entries(ages), _found(few[:1])[0])
    assert (np.array(named.sure) == ~small).all()


def test_a_hand_keeps_whom_it_wants() -> None:
    vectors, ages, another = _career(4, 20, 3)
    ours = another.copy()
    off, limit = strangeness(vectors.astype(float), ages, core(vectors.astype(float)), ours)
    assert (off[~another] <= limit).all()


def test_thousands_of_faces_take_no_more_memory_than_their_rows() -> None:
    vectors, ages, another = _career(5, 4000, 60)
    group = actor(_found(vectors), _entries(ages))
    assert np.mean(np.array(group.sure)[another]) > 0.95
    assert np.mean(np.array(group.sure)[~another]) < 0.02


def test_without_the_network_there_are_doubts_only() -> None:
    rng = np.random.default_rng(0)
    shape = rng.normal(size=(468, 3))
    faces = [
        Measures(shape=(shape + 0.01 * rng.normal(size=(468, 3))).astype(np.float16))
        for _ in range(12)
    ]
    faces.append(Measures(shape=(shape + 0.2 * rng.normal(size=(468, 3))).astype(np.float16)))
    group = actor(faces, _entries(np.arange(13.0)))
    assert not any(group.sure) and [bool(w) for w in group.why] == [False] * 12 + [True]
    assert "cannot be told apart" in group.notices[0]
    assert actor([], []).notices == ()
