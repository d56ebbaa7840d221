"""A model of one actor, its album and its card with rights, made into one `.reage` file."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnx
from onnx import numpy_helper

from reage.bundle import DEFAULT, MODEL, PAGE, WEIGHTS
from reage.errors import ModelError, OutputError, ReageError, SettingsError
from reage.media.replacing import replacing
from reage.mix import ENDING
from reage.models.bundled_model import BundledModel
from reage.models.model import Model, ModelInput
from reage.models.model_card import ModelCard
from reage.models.onnx_model import CARD_KEY, OnnxModel
from reage.models.rights import Rights
from reage_training.actor.book import NAME, Book
from reage_training.rewrite import noise


def make_bundle(
    model: Path,
    base: Path,
    album: Path | None,
    rights: Rights,
    out: Path,
    name: str,
    finish: Callable[[Path], object] = lambda draft: None,
) -> None:
    """Write `out`.

    model: of the actor, as `reage-train actor fit` exports it; base: the one it began with
    album: a folder of pages, or none; name: the model's, on its card
    finish: what is to be done with the whole draft before it takes its place, as to sign it
    It takes its place only if it gives the pixels of `model` at person strength 1, and those of
    `base` at 0, to the bit. Raises ModelError, SettingsError, OutputError.
    """
    if problems := rights.problems():
        raise SettingsError(f"The rights are wrong: {'; '.join(problems)}.")
    graph, begun = _read(model), _read(base)
    want = OnnxModel.load(model, "cpu")
    rights = filled(rights, album, want.card)
    card = replace(want.card, name=name, rights_holder=rights.producer, rights=rights)
    bundled = _outside(graph, begun, card, model)
    pages = pages_of(album) if album else {}
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        with replacing(out) as draft:
            _write(draft, bundled, pages)
            _compare(draft, {1.0: want, 0.0: OnnxModel.load(base, "cpu")})
            finish(draft)
    except OSError as e:
        raise OutputError(f"The bundle {out} cannot be written: {e.strerror or e}.") from e


def filled(rights: Rights, book: Path | None, card: ModelCard) -> Rights:
    """With what the book and the model say by themselves: photographs, their ages, the seed."""
    if book is not None and (book / NAME).is_file():
        ages = [e.age for e in Book.read(book).learned_from if e.age is not None]
        if ages:
            rights = replace(rights, photographs=len(ages), ages=(min(ages), max(ages)))
    run = card.figures.get("run")
    seed = run.get("seed") if isinstance(run, Mapping) else None
    return replace(rights, seed=seed) if isinstance(seed, int) else rights


def pages_of(folder: Path) -> dict[str, Path]:
    """An album's files, by their names in a bundle; the folder may be a book's. Raises
    SettingsError where there are none."""
    inside = folder / "album"
    where = inside if inside.is_dir() else folder
    pages = {f.name: f for f in sorted(where.glob("*")) if PAGE.fullmatch(f"album/{f.name}")}
    if not any(name.endswith(ENDING) for name in pages):
        raise SettingsError(f"{folder} holds no album; make one with `reage-train actor album`.")
    return pages


def unbundled(path: Path, person: float = 1.0) -> onnx.ModelProto:
    """A bundle's model as one file, with its weights at a person strength inside. Raises
    ModelError."""
    found = BundledModel.read(path)
    weights = found.weights(person)[WEIGHTS]
    model = onnx.load_model_from_string(found.model)
    for tensor in model.graph.initializer:
        if tensor.data_location == onnx.TensorProto.EXTERNAL:
            where = {entry.key: entry.value for entry in tensor.external_data}
            first = int(where["offset"])
            tensor.ClearField("external_data")
            tensor.data_location = onnx.TensorProto.DEFAULT
            tensor.raw_data = weights[first : first + int(where["length"])]
    return model


def _read(path: Path) -> onnx.ModelProto:
    try:
        return onnx.load(path)
    except Exception as e:  # protobuf's errors share no public base class with OSError
        raise ModelError(f"Cannot read the model {path}: {e}") from e


def _outside(
    graph: onnx.ModelProto, base: onnx.ModelProto, card: ModelCard, path: Path
) -> BundledModel:
    """The network with its weights beside it, and beside them those of the base."""
    actor, default, at = bytearray(), bytearray(), 0
    known = dict(_pairs(graph.graph, base.graph, path))
    for tensor in graph.graph.initializer:
        if tensor.name not in known:
            continue
        begun = known[tensor.name]
        own = numpy_helper.to_array(tensor)
        if own.shape != begun.shape:
            raise _no_relation(path)
        data = own.astype("<f4").tobytes()
        actor += data
        default += begun.astype("<f4").tobytes()
        tensor.ClearField("float_data")
        tensor.raw_data = data
        onnx.external_data_helper.set_external_data(tensor, WEIGHTS, at, len(data))
        tensor.ClearField("raw_data")
        tensor.data_location = onnx.TensorProto.EXTERNAL
        at += len(data)
    onnx.helper.set_model_props(graph, {CARD_KEY: card.to_json()})
    return BundledModel(graph.SerializeToString(), bytes(actor), bytes(default))


def _pairs(
    graph: onnx.GraphProto, base: onnx.GraphProto, path: Path
) -> Iterator[tuple[str, np.ndarray]]:
    """Each weight of a network's convolutions by name, and what stands in its place in another of
    the same make. By the nodes: tensors that are equal are stored once, and may have any name."""
    own = {t.name: t for t in graph.initializer if t.data_type == onnx.TensorProto.FLOAT}
    theirs = {t.name: numpy_helper.to_array(t) for t in base.initializer}
    if [n.op_type for n in graph.node] != [n.op_type for n in base.node]:
        raise _no_relation(path)
    found: dict[str, np.ndarray] = {}
    for one, other in zip(graph.node, base.node, strict=True):
        if one.op_type != "Conv":
            continue
        for name, before in zip(one.input, other.input, strict=False):
            if name not in own:
                continue
            if before not in theirs or not _agree(found.get(name), theirs[before]):
                raise _no_relation(path)
            found[name] = theirs[before]
    yield from found.items()


def _agree(known: np.ndarray | None, given: np.ndarray) -> bool:
    return known is None or np.array_equal(known, given)


def _no_relation(path: Path) -> ReageError:
    return ModelError(
        f"{path} was not learned from the model that --base names: their layers differ. Name the "
        "one that `reage-train actor fit` began with."
    )


def _write(path: Path, model: BundledModel, album: Mapping[str, Path]) -> None:
    with zipfile.ZipFile(path, "w") as file:
        for name, data in ((MODEL, model.model), (WEIGHTS, model.actor), (DEFAULT, model.default)):
            file.writestr(_timeless(name), data)
        for name, page in sorted(album.items()):
            file.writestr(_timeless(f"album/{name}"), page.read_bytes())


def _timeless(name: str) -> zipfile.ZipInfo:
    """The same model and album make the same file, whenever they do."""
    info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    info.compress_type = zipfile.ZIP_STORED
    return info


def _compare(bundle: Path, want: Mapping[float, Model]) -> None:
    for person, model in want.items():
        # Drafts of bundles are made before their consent begins, and after.
        made = OnnxModel.load(bundle, "cpu", person=person, past_consent="it is being made")
        given: ModelInput = noise(model.card, np.random.default_rng(5))
        if not np.array_equal(made.run(given).values, model.run(given).values):
            raise ModelError(
                f"The bundle gives other pixels than its model at person strength {person:g}; it "
                "was not written."
            )
