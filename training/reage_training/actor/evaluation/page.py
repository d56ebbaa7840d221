"""The page of one actor's model. Its words and their order stand in `page.html.j2`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from reage_training.actor.evaluation import contender, marks, photographs, pictures, steady
from reage_training.actor.evaluation.pairs import MeasuredPair
from reage_training.actor.evaluation.photographs import Trial
from reage_training.actor.evaluation.verdicts import FigureRow

MOST = 12
"""Rows of pictures of photographs that are shown."""


@dataclass(frozen=True)
class ActorFigures:
    """What the page tells.

    labels      of the contenders, in their order
    rows        where the truth is known; () where it is not
    others      of another person, or None
    held        photographs that were held out and could be read
    strengths   what was measured at each person strength; {} where there is none to set
    least       what `strengths` counts, in words
    weak        sentences
    """

    title: str
    command: str
    book: str
    labels: Sequence[str]
    rows: Sequence[FigureRow]
    others: FigureRow | None
    pairs: Sequence[MeasuredPair]
    held: int
    trials: Sequence[Trial]
    steady: Mapping[str, tuple[float, float]]
    strengths: Mapping[float, float]
    least: str
    weak: Sequence[str]


def page(figures: ActorFigures) -> str:
    """The whole page: one file, offline, without scripts."""
    here = Environment(
        loader=PackageLoader(__package__, "."), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True,
    )  # fmt: skip
    plot = pictures.strength_plot(dict(figures.strengths), figures.least)
    return here.get_template("page.html.j2").render(
        f=figures, plate=contender.PLATE, marks=marks, photographs=photographs, pictures=pictures,
        steady=steady, most=MOST, plot=Markup(plot) if figures.strengths else "",
    )  # fmt: skip
