"""The consents behind a picture: of the model that makes it, and of the bundles whose albums its
pattern is taken from."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from reage.bundle import MODEL, entry, is_bundle
from reage.errors import ModelError
from reage.fingerprint import file_fingerprint
from reage.mix import Mix
from reage.models.model_card import ModelCard
from reage.models.onnx_file import metadata
from reage.models.onnx_model import CARD_KEY
from reage.models.rights import Rights, today


def permitted(
    card: ModelCard, pattern: int | str, past_consent: str = ""
) -> tuple[Rights, ...]:
    """The rights that a picture by this model, with this pattern, is made under, each once; asked
    for anew with every picture, as whatever was loaded outlives a day.

    Raises RightsError where one does not hold today and `past_consent` gives no reason, ModelError
    where a bundle does not say its rights.
    """
    pages = Mix.of(pattern).pages if card.pattern else ()
    bundles = [Path(page.folder) for page in pages if is_bundle(Path(page.folder))]
    found = [card.rights, *(rights_of(bundle) for bundle in bundles)]
    held = (rights.permitted(today(), past_consent) for rights in found if rights)
    return tuple(dict.fromkeys(held))


def rights_of(bundle: Path) -> Rights | None:
    """What the card in a bundle says; None where it was agreed on with nobody. Raises
    ModelError."""
    return card_of(bundle, file_fingerprint(bundle)).rights


def card_of_model(path: Path) -> ModelCard | None:
    """The card of a model or a bundle, as `OnnxModel.load` would find it, without the weights; None
    where there is none. Raises ModelError."""
    if is_bundle(path):
        return card_of(path, file_fingerprint(path))
    if (beside := path.with_suffix(".json")).exists():
        return ModelCard.load(beside)
    try:
        inside = metadata(path.read_bytes(), path)
    except OSError as e:
        raise ModelError(f"Cannot read the model {path}: {e.strerror or e}.") from e
    return ModelCard.from_json(inside[CARD_KEY], str(path)) if CARD_KEY in inside else None


@lru_cache(maxsize=32)
def card_of(bundle: Path, fingerprint: object) -> ModelCard:
    """The card in a bundle, without its weights."""
    inside = metadata(entry(bundle, MODEL), bundle)
    if CARD_KEY not in inside:
        raise ModelError(f"The model in the bundle {bundle} has no card.")
    return ModelCard.from_json(inside[CARD_KEY], str(bundle))
