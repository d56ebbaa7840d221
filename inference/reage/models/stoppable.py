"""A model that stops in the middle of its work once nobody wants it any more."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from reage.models.model import Model, ModelInput
from reage.models.model_card import ModelCard
from reage.models.onnx_model import OnnxModel
from reage.models.residual import Residual


@dataclass(frozen=True)
class StoppableModel:
    """An ONNX model whose `run` raises Cancelled soon after `cancelled` says so."""

    model: OnnxModel
    cancelled: Callable[[], bool]

    @classmethod
    def of(cls, model: Model, cancelled: Callable[[], bool]) -> Model:
        """A model of another kind, which is Python, is as it was."""
        return cls(model, cancelled) if isinstance(model, OnnxModel) else model

    @property
    def card(self) -> ModelCard:
        return self.model.card

    @property
    def sha256(self) -> str:
        return self.model.sha256

    @property
    def device(self) -> str:
        return self.model.device

    @property
    def batch(self) -> int:
        return self.model.batch

    def run(self, input: ModelInput) -> Residual:
        """See `reage.models.model.Model.run`. Raises Cancelled."""
        return self.model.run(input, self.cancelled)

    def run_batch(self, inputs: Sequence[ModelInput]) -> list[Residual]:
        """See `reage.models.model.BatchModel.run_batch`. Raises Cancelled."""
        return self.model.run_batch(inputs, self.cancelled)
