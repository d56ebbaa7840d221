"""The page: figures and pictures of models side by side, from what was measured. Its words and
their order stand in `page.html.j2`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from jinja2 import Environment, PackageLoader, StrictUndefined

from reage.models.model_card import ModelCard
from reage_training.evaluation import (
    figures,
    flicker,
    gallery,
    identity,
    sheet,
    splits,
    steadiness,
    stills,
    strength,
    sweep,
    tables,
    weak,
)
from reage_training.evaluation.gallery import Captioned
from reage_training.evaluation.tables import PageEntry

TOLD = (
    figures, flicker, gallery, identity, sheet, splits, steadiness, stills, strength, sweep,
    tables, weak,
)  # fmt: skip
"""Modules that the page quotes, by their names: what was measured, how, and from where on."""


@dataclass(frozen=True)
class PagePictures:
    """Files beside the page with their captions."""

    people: Captioned
    worst: Captioned
    close: Captioned
    growth: Captioned
    sweeps: Captioned
    nudges: Captioned
    motion: Captioned
    portraits: Captioned


def page(entries: Sequence[PageEntry], pictures: PagePictures, command: str, people: str) -> str:
    """The whole page: plain, offline, without scripts. people: who was held out, in a sentence."""
    here = Environment(
        loader=PackageLoader(__package__, "."), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True,
    )  # fmt: skip
    told = {module.__name__.rpartition(".")[2]: module for module in TOLD}
    return here.get_template("page.html.j2").render(
        entries=entries, pictures=pictures, command=command, people=people, card=_card, **told
    )


def _card(card: ModelCard) -> str:
    """What it says as JSON; but for its figures, which the page has."""
    told = {name: value for name, value in asdict(card).items() if name != "figures"}
    return json.dumps(told, indent=1, ensure_ascii=False)
