"""A look that is said stands in place of the drawn one, and changes nothing where it is not."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from typing import Any

import numpy as np
import pytest
import torch

from reage.errors import SettingsError
from reage_training.dataset import StoredView
from reage_training.evaluation.splits import groups
from reage_training.render.bank import Bank
from reage_training.render.look import Look
from reage_training.render.picture import pictures
from reage_training.render.skin import Ages
from reage_training.render.window import whole
from reage_training.synth.backdrop import backdrop
from reage_training.synth.camera import Camera
from reage_training.synth.lights import Lights
from reage_training.synth.person import Person
from reage_training.synth.said import SaidLook, traits_of
from reage_training.synth.small_head import small_head
from reage_training.synth.subject import Studio, Subject
from reage_training.synth.traits import Traits
from reage_training.synth.view import View

SEED = 9


def said(look: Look) -> SaidLook:
    return SaidLook(
        look.traits, look.pattern, look.mirrored, look.shift, tuple(look.delays.tolist()),
        tuple(look.fields.tolist()),
    )  # fmt: skip


def view_of(person: Person) -> View:
    """As a file gives it: its metadata is JSON."""
    lights = Lights.random(np.random.default_rng(2))
    subject = Subject.random(Studio.of(small_head()), person, lights)
    (x, y, z), height = subject.face
    camera = Camera(8.0, 0.0, 0.0, (float(x), float(y), float(z)), 120.0, 1.5 * height)
    view = subject.view(camera, backdrop(np.random.default_rng(3), 80, 80))
    return replace(view, metadata=json.loads(json.dumps(view.metadata)))


def lit(view: View, bank: Bank) -> torch.Tensor:
    look = Look.of(view.metadata, bank.count)
    window = whole(view.planes, view.metadata, bank.device)
    return pictures(window, bank, look, [Ages.all(25), Ages.all(70)]).rgb


def test_the_default_people_say_nothing(views: tuple[StoredView, ...]) -> None:
    for stored in views:
        assert "look" not in stored.metadata
        assert traits_of(stored.metadata) == Traits.random(stored.metadata["seed"])


def test_to_say_what_the_seed_draws_changes_no_bit(bank: Bank) -> None:
    person = Person.random(small_head(), SEED)
    drawn = view_of(person)
    own = Look.of(drawn.metadata, bank.count)
    told = view_of(replace(person, look=said(own)))
    assert np.array_equal(told.planes.view(np.uint16), drawn.planes.view(np.uint16))
    assert told.metadata["look"].keys() == asdict(SaidLook()).keys()
    assert torch.equal(lit(told, bank), lit(drawn, bank))


def test_each_thing_that_is_said_is_worn(bank: Bank) -> None:
    person = Person.random(small_head(), SEED)
    drawn = Look.of(view_of(person).metadata, bank.count)
    deeper = replace(drawn.traits, tone=0.9, male=not drawn.traits.male)
    wanted = replace(
        drawn, traits=deeper, pattern=1 - drawn.pattern, mirrored=not drawn.mirrored,
        shift=(0.25, 0.5), delays=drawn.delays - 9, fields=drawn.fields * 2,
    )  # fmt: skip
    told = view_of(replace(person, traits=deeper, look=said(wanted)))
    worn = Look.of(told.metadata, bank.count)
    for name, value in vars(wanted).items():
        assert np.array_equal(getattr(worn, name), value), name
    assert traits_of(told.metadata) == deeper
    assert ("male" in groups(told.metadata)) == deeper.male
    assert (lit(told, bank) - lit(view_of(person), bank)).abs().max() > 0.01


def test_what_is_not_said_is_drawn(bank: Bank) -> None:
    person = Person.random(small_head(), SEED)
    drawn = Look.of(view_of(person).metadata, bank.count)
    worn = Look.of(view_of(replace(person, look=SaidLook(pattern=1))).metadata, bank.count)
    assert worn.pattern == 1
    assert np.array_equal(worn.delays, drawn.delays) and worn.shift == drawn.shift


@pytest.mark.parametrize(
    ("look", "word"),
    [({"delays": [1.0]}, "delays are 16"), ({"fields": []}, "fields are"), ({"pattern": 2},
     "pattern 2"), ({"pattern": -1}, "pattern -1"), ({"nose": 1}, "nose"), ("old", "object")],
)  # fmt: skip
def test_a_look_that_cannot_be_is_refused(look: Any, word: str) -> None:
    with pytest.raises(SettingsError, match=word):
        Look.of({"seed": SEED, "expression": {}, "look": look}, 2)
