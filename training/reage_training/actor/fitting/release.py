"""A run's end: person strength by held-out photographs, and the model's file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from reage.album import Page
from reage.mix import Mix, Term
from reage.models.model_card import ModelCard
from reage.pattern.mixed import mixed
from reage_training.actor.evaluation.curve import STRENGTHS
from reage_training.actor.fitting.adapter import Adapted
from reage_training.actor.fitting.photographs import BookPhotographs
from reage_training.actor.fitting.photographs_held import chosen, from_held
from reage_training.export import with_weights
from reage_training.loop import FitResult
from reage_training.network import ReAgeNet

MODEL = "actor.onnx"


def release(
    out: Path,
    net: Adapted,
    base: Path,
    album: Path,
    span: tuple[float, float],
    photographs: BookPhotographs,
    result: FitResult,
    told: Callable[[str], None],
) -> None:
    """Write the model. It has all of the adapter, person strength 1; what the photographs chose
    stands in its card, 0 where nothing was learned. Raises ModelError, OutputError."""
    curve = strength_curve(net, album, photographs, told) if net.learned else {}
    said: dict[str, Any] = {
        "person_strength": chosen(curve) if net.learned else 0.0,
        "person_strength_curve": {f"{s:g}": round(v, 4) for s, v in curve.items()
                                  if np.isfinite(v)},
        "span": list(span),
        "photographs": len(photographs.book.learned_from),
        "steps": result.step,
        "score": round(result.best, 4),
    }  # fmt: skip
    merged = net.merged()
    assert isinstance(merged, ReAgeNet)
    worst = with_weights(base, merged, out / MODEL, lambda card: _card(card, said))
    why = "as nothing was learned"
    if net.learned:
        tried = len(said["person_strength_curve"])
        why = f"the best of {tried} on held-out photographs" if tried else "as none is held out"
    told(
        f"Wrote {out / MODEL}, at most {worst:.1e} of its largest delta off torch; "
        f"person strength {said['person_strength']:g}, {why}."
    )


def strength_curve(
    net: Adapted, album: Path, photographs: BookPhotographs, told: Callable[[str], None]
) -> dict[float, float]:
    """Person strength → distance of re-aged photographs from held-out ones, see `from_held`."""
    held, plates = photographs.held(), photographs.plates()
    if not held or not plates:
        told("No photograph is held out, so nothing chooses the person strength; it is 1.")
        return {}
    shown = [mixed(Mix((Term(Page(str(album), each.age)),))) for each in held]
    told(f"Re-aging {len(plates)} photographs at {len(STRENGTHS)} person strengths.")
    found = from_held([net.merged(strength) for strength in STRENGTHS], plates, held, shown)
    curve = dict(zip(STRENGTHS, found, strict=True))
    for strength, value in curve.items():
        told(f"person strength {strength:g}: {value:.3f} from held-out photographs")
    return curve


def _card(base: ModelCard, said: Mapping[str, Any]) -> ModelCard:
    """The default's, as an actor's; who the rights holder is, the bundle says."""
    figures = {"base": f"{base.name} {base.version}", **said}
    return replace(
        base, name="reage-actor", version="1", license="not licensed; see the bundle",
        rights_holder="not said; see the bundle", figures=figures,
        trained_on="A digital double of one person, and default people; both synthetic faces. The "
        "double is fitted to photographs of that person.",
    )  # fmt: skip
