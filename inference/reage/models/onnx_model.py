"""Re-aging models as ONNX files. The one module that imports onnxruntime."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime as ort

from reage import home
from reage.errors import Cancelled, ModelError, OutOfMemory
from reage.models.channels import BESIDE, INPUTS, ChannelLayout
from reage.models.devices import DEVICES, check_used, providers
from reage.models.model import CONTEXT_SIDE, ModelInput
from reage.models.model_card import ModelCard
from reage.models.onnx_file import Needs
from reage.models.planes import assembled, divided
from reage.models.residual import Residual
from reage.models.watched import watched
from reage.pixels.plate import Pixels

CARD_KEY = "reage_card"
"""Key of the card's JSON in the ONNX file's own metadata."""

_MEMORY_WORDS = ("out of memory", "failed to allocate", "bad allocation", "cudamalloc")


@dataclass(frozen=True)
class OnnxModel:
    """A model file with its card, ready to run. See `reage.models.model.Model`.

    device: what really runs it, as ONNX Runtime says: "CUDA", "CPU" …
    """

    card: ModelCard
    sha256: str
    device: str
    path: Path
    _session: ort.InferenceSession

    @classmethod
    def load(
        cls, path: str | Path | None = None, device: str = "auto", threads: int = 0
    ) -> OnnxModel:
        """Open a model; None is the default one. `device`: auto, or of
        `devices.DEVICES`; `threads`: of the CPU that one run takes, 0 is one for each core. They
        change no bit.

        The card is the JSON beside the file (`face.onnx` → `face.json`), else the one inside it.
        Raises ModelError for a bad file, card or signature, SettingsError where the asked
        device cannot be used.
        """
        path = home.default_model() if path is None else Path(path)
        data = _read(path)
        beside = _card_beside(path)
        weights = _weights(path, data, beside)
        asked = providers(device, ort.get_available_providers())
        session = _session(data, path, asked, weights, threads)
        try:
            card = _fit(beside or _card_inside(path, session), session, path)
        except UnicodeDecodeError as e:
            raise ModelError(f"The model {path} has a name or a card that is not UTF-8.") from e
        used = session.get_providers()[0]
        check_used(device, used)
        return cls(
            card=card,
            sha256=_sha256(data, weights),
            device=used.removesuffix("ExecutionProvider"),
            path=path,
            _session=session,
        )

    def run(self, input: ModelInput, cancelled: Callable[[], bool] | None = None) -> Residual:
        """See `reage.models.model.Model.run`. cancelled: asked ten times a second, on another
        thread; once true, Cancelled is raised."""
        options = ort.RunOptions()
        try:
            with watched(cancelled, partial(setattr, options, "terminate", True)):
                planes = self._session.run(None, self._tensors(input), options)
        except Exception as e:  # onnxruntime's exceptions share no public base class
            if options.terminate:
                raise Cancelled("Stopped while the model ran.") from e
            if any(word in str(e).lower() for word in _MEMORY_WORDS):
                height, width = input.picture.shape[:2]
                raise OutOfMemory(
                    f"{self.device} has not enough memory for a tile of "
                    f"{width}×{height} px; use a smaller --tile."
                ) from e
            why = str(e).splitlines()[0][:500]
            raise ModelError(f"The model {self.path} failed while running: {why}") from e
        return assembled(planes, self.card.output_channels, input, f"The model {self.path}")

    def _tensors(self, input: ModelInput) -> dict[str, Pixels]:
        """By the file's names: (1, C, h, w) of all inputs that are as large as the picture, ages
        in units of the card's scale; and (1, c, CONTEXT_SIDE, CONTEXT_SIDE) for the context."""
        channels, beside = self.card.input_channels, {}
        stacked = np.empty((1, channels.count, *input.picture.shape[:2]), np.float32)
        for name in self.card.inputs:
            pixels = getattr(input, name)
            if name in BESIDE:
                beside[name] = np.ascontiguousarray(pixels.transpose(2, 0, 1)[None])
                continue
            here = stacked[0, channels.at(name)]
            if pixels is None:
                here[:] = 0.0
            elif pixels.ndim == 2:
                np.multiply(pixels, np.float32(1.0 / self.card.age_scale), out=here[0])
            else:
                here[:] = pixels.transpose(2, 0, 1)
        (one,) = (i.name for i in self._session.get_inputs() if i.name not in beside)
        return {one: stacked, **beside}


def plain_run(path: Path, device: str) -> Callable[[Pixels], Pixels]:
    """A file of one input and one output as ONNX Runtime runs it when it is told nothing but the
    device: to hold ours against it."""
    asked = [name for name, _ in providers(device, ort.get_available_providers())]
    session = ort.InferenceSession(path, providers=asked)
    (one,) = session.get_inputs()

    def run(pixels: Pixels) -> Pixels:
        return np.asarray(session.run(None, {one.name: pixels})[0], np.float32)

    return run


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as e:
        raise ModelError(f"Cannot read the model {path}: {e.strerror or e}.") from e


def _card_beside(path: Path) -> ModelCard | None:
    beside = path.with_suffix(".json")
    return ModelCard.load(beside) if beside.exists() else None


def _weights(path: Path, data: bytes, card: ModelCard | None) -> dict[str, bytes]:
    """What the files hold that a model's weights are in, by their names. Raises ModelError where
    the card beside the model does not name them: one inside the model speaks for itself."""
    needs = Needs.of(data, path)
    needs.check(path, card.external_data if card else ())
    return {name: _read(path.with_name(name)) for name in sorted(needs.files)}


def _sha256(data: bytes, weights: dict[str, bytes]) -> str:
    """Of a model's file, and of those that its weights are in."""
    digest = hashlib.sha256(data)
    for name, held in weights.items():
        digest.update(name.encode() + b"\0" + hashlib.sha256(held).digest())
    return digest.hexdigest()


def _session(
    data: bytes,
    path: Path,
    asked: list[tuple[str, dict[str, str]]],
    weights: dict[str, bytes],
    threads: int,
) -> ort.InferenceSession:
    if asked[0][0] == DEVICES["cuda"].provider and hasattr(ort, "preload_dlls"):
        ort.preload_dlls()  # finds the CUDA libraries that pip installed
    ort.set_default_logger_severity(4)  # a missing CUDA library is told by `device`, not here
    options = ort.SessionOptions()
    # While the model waits, other frames are read and written: its threads must not spin.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.intra_op_num_threads = threads
    # DirectML cannot have it, and says so only by failing.
    options.enable_mem_pattern = asked[0][0] != DEVICES["directml"].provider
    options.log_severity_level = 4  # its messages come back as exceptions that we reword
    try:
        if weights:  # the very bytes that are hashed
            options.add_external_initializers_from_files_in_memory(
                list(weights), list(weights.values()), list(map(len, weights.values()))
            )
        return ort.InferenceSession(data, options, providers=asked)
    except Exception as e:  # as above
        raise ModelError(
            f"{path} is not an ONNX model that ONNX Runtime {ort.__version__} can open. "
            f"It says: {str(e).splitlines()[0]}"
        ) from e


def _card_inside(path: Path, session: ort.InferenceSession) -> ModelCard:
    inside = session.get_modelmeta().custom_metadata_map.get(CARD_KEY)
    if inside is None:
        example = json.dumps(
            {"name": "…", "license": "…", "trained_on": "…", "rights_holder": "…"},
            ensure_ascii=False,
        )
        raise ModelError(
            f"The model {path} has no card. Put one beside it as {path.stem}.json, at least "
            f"{example}; docs/model.md lists all fields."
        )
    return ModelCard.from_json(inside, str(path))


def _fit(card: ModelCard, session: ort.InferenceSession, path: Path) -> ModelCard:
    """The card, held against the file's own inputs and outputs; a fixed size is taken over."""
    beside = {i.name: i.shape for i in session.get_inputs() if i.name in BESIDE}
    inputs = [i for i in session.get_inputs() if i.name not in beside]
    outputs = session.get_outputs()
    shape: list[Any] = inputs[0].shape if len(inputs) == 1 else []
    _check_types(session, path)
    fits = len(shape) == 4 and shape[1] == card.input_channels.count and _gives(outputs, card)
    fits = fits and set(beside) == {name for name in BESIDE if name in card.inputs}
    fits = fits and all(_takes_context(given) for given in beside.values())
    if not fits:
        has = "; ".join(
            f"its {what} are {', '.join(f'{i.name} {i.shape}' for i in each)}"
            for what, each in (("inputs", session.get_inputs()), ("outputs", outputs))
        )
        raise ModelError(f"The model {path} does not have {_signature(card)}; {has}.")
    sides = {s for s in shape[2:] if isinstance(s, int)}
    if not sides:
        return card
    if len(sides) > 1 or card.fixed_size not in (None, *sides):
        raise ModelError(
            f"The model {path} takes pictures of {shape[3]}×{shape[2]} px, which its card "
            f"(fixed_size {card.fixed_size}) contradicts; correct the card."
        )
    side = sides.pop()
    return replace(card, fixed_size=side, crop_size=side)


def _check_types(session: ort.InferenceSession, path: Path) -> None:
    """Raises ModelError where a tensor is not of float."""
    for each in (*session.get_inputs(), *session.get_outputs()):
        if each.type != "tensor(float)":
            raise ModelError(
                f"The model {path} has {each.name} as {each.type}; inputs and outputs are "
                "tensor(float). Export it in float32."
            )


def _gives(outputs: list[Any], card: ModelCard) -> bool:
    """Whether a file's outputs can hold the card's channels, one after the other."""
    if not outputs or any(len(each.shape) != 4 for each in outputs):
        return False
    counts = [each.shape[1] for each in outputs]
    if not all(isinstance(count, int) for count in counts):
        return len(counts) == 1  # told when it runs
    return divided(counts, card.output_channels)


def _takes_context(shape: list[Any]) -> bool:
    """Whether a file's input takes (1, 3, CONTEXT_SIDE, CONTEXT_SIDE)."""
    wanted = (1, INPUTS["context"], CONTEXT_SIDE, CONTEXT_SIDE)
    return len(shape) == 4 and all(
        not isinstance(has, int) or has == side for has, side in zip(shape, wanted, strict=True)
    )


def _signature(card: ModelCard) -> str:
    """The inputs and outputs that a card promises, in words."""
    takes, gives = card.input_channels, card.output_channels
    beside = "".join(
        f", one input {name} 1×{INPUTS[name]}×{CONTEXT_SIDE}×{CONTEXT_SIDE}"
        for name in BESIDE if name in card.inputs
    )  # fmt: skip
    return (
        f"one input 1×{takes.count}×H×W ({_words(takes)}){beside} and one output "
        f"1×{gives.count}×H×W ({_words(gives)}), or several with these, as its card says "
        f"(inputs {json.dumps(card.inputs)}, outputs {json.dumps(card.outputs)})"
    )


def _words(channels: ChannelLayout) -> str:
    return ", ".join(name.replace("_", " ") for name in channels.names)
