"""Every way the engine says no.

    ReageError                exit code
    ├── SettingsError         2   an option or setting is wrong or contradicts another
    ├── PlateError            3   a plate cannot be read
    │   ├── MissingFrames         frames of the range have no file
    │   ├── UnreadableFrame       a file is truncated, or no image
    │   └── ColorspaceError       the plate's colorspace is unknown
    ├── ModelError            4   a model file, its card or its inputs are wrong
    │   ├── OutOfMemory           the device cannot hold one tile
    │   └── RightsError           the consent behind a model does not hold today
    ├── FaceError             5   the face models are missing
    │   └── TrackError            a track file is wrong
    ├── OutputError           6   the output cannot be written (folder, rights, full disk)
    │   ├── FileInUse             another program holds the file that is to be replaced
    │   └── OutputClaimed         another render is writing the same frames
    ├── PartialRender         1   the render ended, but some frames failed and are listed
    ├── Unforeseen           70   an error of a library, or a fault of ReAge; see its log
    └── Cancelled           130   stopped by the artist; finished frames are valid

A message is one sentence or two: what, where, what to do. `exit_code` is what the
`reage` command returns.
"""

from __future__ import annotations


class ReageError(Exception):
    """Base of all errors that the engine raises on purpose."""

    exit_code = 1


class SettingsError(ReageError):
    """An option or setting is wrong or contradicts another."""

    exit_code = 2


class PlateError(ReageError):
    """A plate cannot be read."""

    exit_code = 3


class MissingFrames(PlateError):
    """Frames of the asked range have no file."""


class UnreadableFrame(PlateError):
    """A file is truncated, or no image."""


class ColorspaceError(PlateError):
    """The plate's colorspace is not named, or not in the OCIO config."""


class ModelError(ReageError):
    """A model file, its card or its inputs are wrong."""

    exit_code = 4


class OutOfMemory(ModelError):
    """The device cannot hold one tile of the model's work."""


class RightsError(ModelError):
    """The consent behind a model of one actor has not begun, or has ended."""


class FaceError(ReageError):
    """The face models are missing. A plate without a face is no error: it passes through."""

    exit_code = 5


class TrackError(FaceError):
    """A face-track file is wrong."""


class OutputError(ReageError):
    """The output cannot be written."""

    exit_code = 6


class FileInUse(OutputError):
    """Another program holds the file that is to be replaced."""


class OutputClaimed(OutputError):
    """Another render is writing the same frames."""


class PartialRender(ReageError):
    """The render ended, but some frames failed; the message lists them."""

    exit_code = 1


class Unforeseen(ReageError):
    """What nobody foresaw. `reage.unforeseen` makes it, and logs what it was."""

    exit_code = 70


class Cancelled(ReageError):
    """Stopped on request; what was finished is valid."""

    exit_code = 130
