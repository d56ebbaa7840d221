"""Re-aging models as ONNX files. The one module that imports onnxruntime."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
import onnxruntime as ort

from reage import home
from reage.bundle import is_bundle
from reage.errors import Cancelled, ModelError, OutOfMemory, ReageError
from reage.models import pinned
from reage.models.bundled_model import BundledModel
from reage.models.channels import BESIDE, INPUTS
from reage.models.devices import DEVICES, check_used, device_of, providers
from reage.models.model import CONTEXT_SIDE, ModelInput
from reage.models.model_card import ModelCard
from reage.models.onnx_file import Needs
from reage.models.planes import assembled
from reage.models.residual import Residual
from reage.models.rights import today
from reage.models.runs import BoundRuns, FreshRuns, Runs, Shapes
from reage.models.signature import fit
from reage.models.watched import watched
from reage.pixels.plate import Pixels

CARD_KEY = "reage_card"
"""Key of the card's JSON in the ONNX file's own metadata."""

_MEMORY_WORDS = (
    "out of memory", "failed to allocate", "bad allocation", "cudamalloc", "alloc_failed",
    "smaller than requested bytes",  # of an arena with a limit, see gpu_mem_limit
    "not enough memory",  # DirectML's
)  # fmt: skip


@dataclass(frozen=True)
class OnnxModel:
    """A model file with its card, ready to run. See `reage.models.model.Model`.

    device: what really runs it, as ONNX Runtime says: "CUDA", "CPU" …
    takes_several: whether the file takes several tiles at once, on whatever device
    """

    card: ModelCard
    sha256: str
    device: str
    path: Path
    takes_several: bool
    _session: ort.InferenceSession
    _runs: Runs

    @classmethod
    def load(
        cls,
        path: str | Path | None = None,
        device: str = "auto",
        threads: int = 0,
        options: Mapping[str, str] | None = None,
        person: float = 1.0,
        past_consent: str = "",
    ) -> OnnxModel:
        """Open a model; None is the default one. `device`: auto, or of
        `devices.DEVICES`; `threads`: of the CPU that one run takes, 0 is one for each core, and
        they change no bit; `options`: of the device's provider, in place of what that says;
        `person`: strength of a bundle's, see `BundledModel.weights`; `past_consent`: why it is
        opened though the rights on its card do not hold today.

        The card is the JSON beside the file (`face.onnx` → `face.json`), else the one inside it; a
        bundle's is inside. Raises ModelError for a bad file, card or signature, RightsError where
        the rights do not hold, SettingsError where the asked device cannot be used.
        """
        path = home.default_model() if path is None else Path(path)
        beside, bundle = None, BundledModel.read(path) if is_bundle(path) else None
        if bundle:
            data, weights = bundle.model, bundle.weights(person)
            Needs.of(data, path).check(path, tuple(weights))
        else:
            data, beside = _read(path), _card_beside(path)
            weights = _weights(path, data, beside)
        asked = providers(device, ort.get_available_providers())
        asked[0][1].update(options or {})
        session = _session(data, path, asked, weights, threads)
        try:
            card = fit(beside or _card_inside(path, session), session, path)
        except UnicodeDecodeError as e:
            raise ModelError(f"The model {path} has a name or a card that is not UTF-8.") from e
        if card.rights:
            card = replace(card, rights=card.rights.permitted(today(), past_consent))
        used = session.get_providers()[0]
        check_used(device, used)
        return cls(
            card=card,
            sha256=_sha256(data, weights),
            device=used.removesuffix("ExecutionProvider"),
            path=path,
            takes_several=_takes_several(session),
            _session=session,
            _runs=_runs(session, used, device),
        )

    @property
    def batch(self) -> int:
        return device_of(self._session.get_providers()[0]).batch if self.takes_several else 1

    @property
    def runtime(self) -> str:
        """Whose kernels those are, in words."""
        return f"ONNX Runtime {ort.__version__}"

    @property
    def buffers(self) -> str:
        """What memory it is run from, in words."""
        return self._runs.buffers

    @property
    def provider_options(self) -> dict[str, str]:
        """What its device was really given, ONNX Runtime's own choices among it."""
        of = self._session.get_provider_options()
        return dict(of.get(self._session.get_providers()[0], {}))

    def run(self, input: ModelInput, cancelled: Callable[[], bool] | None = None) -> Residual:
        """See `reage.models.model.Model.run`. cancelled: asked ten times a second, on another
        thread; once true, Cancelled is raised."""
        return self.run_batch([input], cancelled)[0]

    def run_batch(
        self, inputs: Sequence[ModelInput], cancelled: Callable[[], bool] | None = None
    ) -> list[Residual]:
        """See `reage.models.model.BatchModel.run_batch`. cancelled: as for `run`. Raises ModelError
        where the file takes one input at a time, and there are more."""
        options, layout = ort.RunOptions(), self.card.output_channels
        running = self._runs.run(self._shapes(inputs), partial(self._fill, inputs), options)
        with ExitStack() as lent:
            try:
                with watched(cancelled, partial(setattr, options, "terminate", True)):
                    planes = lent.enter_context(running)
            except Exception as e:  # onnxruntime's exceptions share no public base class
                raise self._told(e, inputs, options.terminate) from e
            return [
                assembled([p[n : n + 1] for p in planes], layout, one, f"The model {self.path}")
                for n, one in enumerate(inputs)
            ]

    def _told(self, e: Exception, inputs: Sequence[ModelInput], stopped: bool) -> ReageError:
        """What ONNX Runtime raised, in our words."""
        if stopped:
            return Cancelled("Stopped while the model ran.")
        if any(word in str(e).lower() for word in _MEMORY_WORDS):
            height, width = inputs[0].picture.shape[:2]
            tile = f"a tile of {width}×{height} px"
            return OutOfMemory(
                f"{self.device} has not enough memory for "
                f"{tile if len(inputs) == 1 else f'{len(inputs)} times {tile}'}; use a smaller "
                "--tile."
            )
        why = str(e).splitlines()[0][:500]
        return ModelError(f"The model {self.path} failed while running: {why}")

    @property
    def _main(self) -> str:
        """The name of the tensor of all inputs that are as large as the picture."""
        (one,) = (str(i.name) for i in self._session.get_inputs() if i.name not in BESIDE)
        return one

    def _shapes(self, inputs: Sequence[ModelInput]) -> Shapes:
        """By the file's names: (n, C, h, w) of all inputs that are as large as the picture, and
        (n, c, CONTEXT_SIDE, CONTEXT_SIDE) of the context."""
        side = (CONTEXT_SIDE, CONTEXT_SIDE)
        beside = {n: (len(inputs), INPUTS[n], *side) for n in BESIDE if n in self.card.inputs}
        size = inputs[0].picture.shape[:2]
        return {self._main: (len(inputs), self.card.input_channels.count, *size), **beside}

    def _fill(self, inputs: Sequence[ModelInput], tensors: Mapping[str, Pixels]) -> None:
        """Write inputs into tensors of `_shapes`; ages in units of the card's scale."""
        channels, stacked = self.card.input_channels, tensors[self._main]
        for n, input in enumerate(inputs):
            for name in self.card.inputs:
                pixels = getattr(input, name)
                if name in BESIDE:
                    tensors[name][n] = pixels.transpose(2, 0, 1)
                    continue
                here = stacked[n, channels.at(name)]
                if pixels is None:
                    here[:] = 0.0
                elif pixels.ndim == 2:
                    np.multiply(pixels, np.float32(1.0 / self.card.age_scale), out=here[0])
                else:
                    here[:] = pixels.transpose(2, 0, 1)


def _runs(session: ort.InferenceSession, provider: str, device: str) -> Runs:
    """How a session is run on the device that it uses."""
    if not device_of(provider).number:
        return FreshRuns(session)
    number = int(device.partition(":")[2] or 0)
    nvidia = provider in (DEVICES["cuda"].provider, DEVICES["tensorrt"].provider)
    locks = nvidia and pinned.empty((1,), number) is not None

    def allocate(shape: tuple[int, ...]) -> Pixels:
        locked = pinned.empty(shape, number) if locks else None
        return np.empty(shape, np.float32) if locked is None else locked

    return BoundRuns(session, allocate, f"kept, bound, {'' if locks else 'not '}page-locked")


def _takes_several(session: ort.InferenceSession) -> bool:
    """Whether a file leaves open how many inputs it takes at once."""
    return all(not isinstance(each.shape[0], int) for each in session.get_inputs())


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


def _weights(path: Path, data: bytes, card: ModelCard | None) -> Mapping[str, bytes]:
    """What the files hold that a model's weights are in, by their names. Raises ModelError where
    the card beside the model does not name them: one inside the model speaks for itself."""
    needs = Needs.of(data, path)
    needs.check(path, card.external_data if card else ())
    return {name: _read(path.with_name(name)) for name in sorted(needs.files)}


def _sha256(data: bytes, weights: Mapping[str, bytes]) -> str:
    """Of a model's file, and of those that its weights are in."""
    digest = hashlib.sha256(data)
    for name, held in weights.items():
        digest.update(name.encode() + b"\0" + hashlib.sha256(held).digest())
    return digest.hexdigest()


def _session(
    data: bytes,
    path: Path,
    asked: list[tuple[str, dict[str, str]]],
    weights: Mapping[str, bytes],
    threads: int,
) -> ort.InferenceSession:
    if asked[0][0] == DEVICES["cuda"].provider and hasattr(ort, "preload_dlls"):
        ort.preload_dlls()  # finds the CUDA libraries that pip installed
    if asked[0][0] == DEVICES["tensorrt"].provider:
        os.environ.setdefault("NVIDIA_TF32_OVERRIDE", "0")  # it has no option, see use_tf32
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
