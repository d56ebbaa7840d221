"""Writing a model's file, whole or not at all."""

from __future__ import annotations

from pathlib import Path

import onnx

from reage.errors import OutputError
from reage.media.replacing import replacing


def save_whole(model: onnx.ModelProto, path: Path) -> None:
    """Write a network; its folder is made. Raises OutputError."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with replacing(path) as draft:
            draft.write_bytes(model.SerializeToString())
    except OSError as e:
        raise OutputError(f"The model {path} cannot be written: {e.strerror or e}.") from e
