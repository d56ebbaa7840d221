"""The landmarks over a shot as a USD mesh, before a camera that shows them over the plate.

    /face          an Xform
    /face/mesh     468 points a frame in square px, y up from the plate's bottom edge, with face UV
    /face/camera   orthographic; its aperture is the plate

A track keeps no depth: z is the mean head's, turned and scaled as the face in the picture is, and
moves nothing in the picture, as the camera is orthographic. usd-core is loaded here alone.
"""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from reage.errors import OutputError, SettingsError
from reage.faces import FaceFrame
from reage.faces.skin import facing, places
from reage.media.replacing import replacing
from reage.shape.camera import FaceCamera
from reage.shape.head import head
from reage.shot.stabilizing import StillFace
from reage.stabilized.triangles import skin_triangles

SUFFIXES = (".usd", ".usda", ".usdc")

_FAR = 10_000.0
"""px before the picture that the camera stands; an orthographic one sees alike from everywhere."""


def check_usd(path: Path) -> None:
    """Raises SettingsError where no such file can be written here."""
    if path.suffix.lower() not in SUFFIXES:
        raise SettingsError(f"A USD file is named *{', *'.join(SUFFIXES)}; {path} is not.")
    try:
        import pxr  # noqa: F401
    except ImportError as e:
        raise SettingsError(
            "--usd needs usd-core, which is not installed here; "
            "`.venv/bin/pip install -e .[usd]` brings it."
        ) from e


def points(face: FaceFrame, height: int) -> np.ndarray:
    """(468, 3) float32: square px, x right, y up from the plate's bottom, z towards the camera."""
    seen = face.landmarks()
    assert seen is not None, "faces_in has looked"
    mean = head().landmarks
    camera = FaceCamera.fitted(mean, seen, facing(np.array(face.mesh)))
    scale = np.linalg.norm(camera.linear[0])
    depth = (mean - mean.mean(0)) @ camera.toward * scale
    return np.column_stack([seen[:, 0], height - seen[:, 1], depth]).astype(np.float32)


def write_usd(path: Path, still: StillFace, rate: Fraction) -> None:
    """Write the stage, whole or not at all; time codes are frames, `rate` of them a second. Raises
    OutputError."""
    check_usd(path)
    from pxr import Tf

    stage = _stage(still, rate)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with replacing(path) as draft:
            if not stage.GetRootLayer().Export(str(draft)):
                raise OutputError(f"{path} cannot be written: USD does not say why.")
    except OSError as e:
        raise OutputError(f"{path} cannot be written: {e.strerror or e}.") from e
    except Tf.ErrorException as e:
        raise OutputError(f"{path} cannot be written: {_first_of(e)}.") from e


def _first_of(error: Any) -> str:
    """What of USD's errors came first; the others follow from it."""
    words = next((str(each.commentary) for each in error.args if each.commentary), "USD fails")
    return " ".join(words.split()).rstrip(".")


def _stage(still: StillFace, rate: Fraction) -> Any:
    """In memory, so that a file is only there once it is whole."""
    from pxr import Sdf, Usd, UsdGeom

    stage = Usd.Stage.CreateInMemory()
    UsdGeom.SetStageUpAxis(stage, UsdGeom.Tokens.y)
    stage.SetTimeCodesPerSecond(float(rate))
    stage.SetFramesPerSecond(float(rate))
    stage.SetStartTimeCode(still.frames[0])
    stage.SetEndTimeCode(still.frames[-1])
    root = UsdGeom.Xform.Define(stage, "/face")
    stage.SetDefaultPrim(root.GetPrim())
    _mesh(UsdGeom.Mesh.Define(stage, "/face/mesh"), still, Sdf, UsdGeom)
    _camera(UsdGeom.Camera.Define(stage, "/face/camera"), still)
    return stage


def _mesh(mesh: Any, still: StillFace, sdf: Any, geom: Any) -> None:
    from pxr import Vt

    corners = skin_triangles()  # v counts up as y does here: counterclockwise from outside
    mesh.CreateSubdivisionSchemeAttr(geom.Tokens.none)
    mesh.CreateFaceVertexCountsAttr(Vt.IntArray.FromNumpy(np.full(len(corners), 3, np.int32)))
    mesh.CreateFaceVertexIndicesAttr(Vt.IntArray.FromNumpy(corners.ravel().astype(np.int32)))
    st = geom.PrimvarsAPI(mesh).CreatePrimvar(
        "st", sdf.ValueTypeNames.TexCoord2fArray, geom.Tokens.vertex
    )
    st.Set(Vt.Vec2fArray.FromNumpy(places().astype(np.float32)))
    placed, extent = mesh.CreatePointsAttr(), mesh.CreateExtentAttr()
    shown = mesh.GetVisibilityAttr()
    for number in still.frames:
        face = still.faces.get(number)
        shown.Set(geom.Tokens.inherited if face else geom.Tokens.invisible, number)
        if face is None:
            continue
        at = points(face, still.track.height)
        placed.Set(Vt.Vec3fArray.FromNumpy(at), number)
        extent.Set(Vt.Vec3fArray.FromNumpy(np.stack([at.min(0), at.max(0)])), number)


def _camera(camera: Any, still: StillFace) -> None:
    from pxr import Gf, UsdGeom

    width, height = still.track.width * still.track.aspect, float(still.track.height)
    tenths = 1 / Gf.Camera.APERTURE_UNIT
    camera.CreateProjectionAttr(UsdGeom.Tokens.orthographic)
    camera.CreateHorizontalApertureAttr(width * tenths)
    camera.CreateVerticalApertureAttr(height * tenths)
    camera.CreateClippingRangeAttr(Gf.Vec2f(1.0, 2 * _FAR))
    UsdGeom.XformCommonAPI(camera).SetTranslate(Gf.Vec3d(width / 2, height / 2, _FAR))
