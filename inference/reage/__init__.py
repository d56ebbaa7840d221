"""ReAge: re-age a face in a plate, and hand the comp scene-linear layers.

    import reage
    settings = reage.Settings(source_age=65, target_age=35)
    job = reage.RenderJob("shot.%04d.exr", "out/shot_reage.%04d.exr", settings)
    report = reage.render(job, progress=print)
    print(report.text())

One picture in memory: `reage.reage_image(rgb, 65, 35)`.

Names load on first use, so that `import reage` inside a host brings in the standard
library alone.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from reage.version import __version__ as __version__

if TYPE_CHECKING:
    from reage.errors import Cancelled as Cancelled
    from reage.errors import ColorspaceError as ColorspaceError
    from reage.errors import FaceError as FaceError
    from reage.errors import FileInUse as FileInUse
    from reage.errors import MissingFrames as MissingFrames
    from reage.errors import ModelError as ModelError
    from reage.errors import OutOfMemory as OutOfMemory
    from reage.errors import OutputClaimed as OutputClaimed
    from reage.errors import OutputError as OutputError
    from reage.errors import PartialRender as PartialRender
    from reage.errors import PlateError as PlateError
    from reage.errors import ReageError as ReageError
    from reage.errors import SettingsError as SettingsError
    from reage.errors import TrackError as TrackError
    from reage.errors import UnreadableFrame as UnreadableFrame
    from reage.faces import FaceFrame as FaceFrame
    from reage.faces import FaceTrack as FaceTrack
    from reage.frame.layers import Layers as Layers
    from reage.frame.pipeline import reage_frame as reage_frame
    from reage.job import RenderJob as RenderJob
    from reage.models.model import Model as Model
    from reage.models.model import ModelInput as ModelInput
    from reage.models.model import NullModel as NullModel
    from reage.models.model_card import ModelCard as ModelCard
    from reage.models.onnx_model import OnnxModel as OnnxModel
    from reage.models.residual import Residual as Residual
    from reage.pattern.photo.extract import make_pattern as make_pattern
    from reage.pixels.color import Encoder as Encoder
    from reage.pixels.geometry import Region as Region
    from reage.pixels.plate import Plate as Plate
    from reage.progress import Progress as Progress
    from reage.settings import Settings as Settings
    from reage.shot.image import read_layers as read_layers
    from reage.shot.image import reage_image as reage_image
    from reage.shot.render_report import RenderReport as RenderReport
    from reage.shot.rendering import render as render
    from reage.shot.tracking import load_track as load_track
    from reage.shot.tracking import make_track as make_track

_HOMES = {
    "Cancelled": "reage.errors",
    "ColorspaceError": "reage.errors",
    "Encoder": "reage.pixels.color",
    "FaceError": "reage.errors",
    "FaceFrame": "reage.faces",
    "FaceTrack": "reage.faces",
    "FileInUse": "reage.errors",
    "Layers": "reage.frame.layers",
    "MissingFrames": "reage.errors",
    "Model": "reage.models.model",
    "ModelCard": "reage.models.model_card",
    "ModelError": "reage.errors",
    "ModelInput": "reage.models.model",
    "NullModel": "reage.models.model",
    "OnnxModel": "reage.models.onnx_model",
    "OutOfMemory": "reage.errors",
    "OutputClaimed": "reage.errors",
    "OutputError": "reage.errors",
    "PartialRender": "reage.errors",
    "Plate": "reage.pixels.plate",
    "PlateError": "reage.errors",
    "Progress": "reage.progress",
    "ReageError": "reage.errors",
    "Region": "reage.pixels.geometry",
    "RenderJob": "reage.job",
    "RenderReport": "reage.shot.render_report",
    "Residual": "reage.models.residual",
    "Settings": "reage.settings",
    "SettingsError": "reage.errors",
    "TrackError": "reage.errors",
    "UnreadableFrame": "reage.errors",
    "load_track": "reage.shot.tracking",
    "make_pattern": "reage.pattern.photo.extract",
    "make_track": "reage.shot.tracking",
    "read_layers": "reage.shot.image",
    "reage_frame": "reage.frame.pipeline",
    "reage_image": "reage.shot.image",
    "render": "reage.shot.rendering",
}

__all__ = ["__version__", *_HOMES]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'reage' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
