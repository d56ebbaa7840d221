"""What `actor fit` learns by where nothing else is asked for."""

from __future__ import annotations

import argparse

from reage_training.actor.fit_command import DEFAULT, add_arguments, settings_of
from reage_training.schedule import FitSettings


def asked(*words: str) -> FitSettings:
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    return settings_of(parser.parse_args([".", "-o", "run", *words]))


def test_an_adapter_learns_as_the_default_model_did() -> None:
    settings = asked()
    assert settings.strength == "banded" and settings.rate == 5e-4
    assert settings == FitSettings(**{**vars(DEFAULT), "seed": 1})


def test_what_is_asked_for_is_what_is_learned_by() -> None:
    settings = asked("--strength", "local", "--rate", "1e-3", "--uses", "3", "--steps", "7")
    assert (settings.strength, settings.rate, settings.uses, settings.steps) == (
        "local", 1e-3, 3, 7,
    )  # fmt: skip
