"""ReAge: re-age a face in a plate, and hand the comp scene-linear layers.

    import reage
    settings = reage.Settings(source_age=65, target_age=35)
    job = reage.RenderJob("shot.%04d.exr", "out/shot_reage.%04d.exr", settings)
    report = reage.render(job, progress=print)
    print(report.text())

Names load on first use, so that `import reage` inside a host brings in the standard
library alone.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from reage.version import __version__ as __version__

if TYPE_CHECKING:
    from reage.errors import ReageError as ReageError
    from reage.faces import FaceFrame as FaceFrame
    from reage.faces import FaceTrack as FaceTrack
    from reage.job import RenderJob as RenderJob
    from reage.layers import Layers as Layers
    from reage.model import Model as Model
    from reage.model import ModelCard as ModelCard
    from reage.model import NullModel as NullModel
    from reage.onnx_model import OnnxModel as OnnxModel
    from reage.pipeline import reage_frame as reage_frame
    from reage.rendering import RenderReport as RenderReport
    from reage.rendering import render as render
    from reage.settings import Settings as Settings

_HOMES = {
    "FaceFrame": "reage.faces",
    "FaceTrack": "reage.faces",
    "Layers": "reage.layers",
    "Model": "reage.model",
    "ModelCard": "reage.model",
    "NullModel": "reage.model",
    "OnnxModel": "reage.onnx_model",
    "ReageError": "reage.errors",
    "RenderJob": "reage.job",
    "RenderReport": "reage.rendering",
    "Settings": "reage.settings",
    "reage_frame": "reage.pipeline",
    "render": "reage.rendering",
}

__all__ = ["__version__", *_HOMES]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'reage' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
