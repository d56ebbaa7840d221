"""The landmarks as a USD mesh: over the plate, through its camera."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from helpers.shots import pixels, write_plate
from helpers.small_disk import small_disk
from reage.errors import OutputError, SettingsError
from reage.faces import FaceFrame, FaceTrack
from reage.faces.skin import places
from reage.faces.typical import typical_face
from reage.shot.stabilizing import still_face
from reage.tools.still_usd import check_usd, write_usd

pxr = pytest.importorskip("pxr")
WIDTH, HEIGHT = 320, 240


@pytest.fixture(params=[1.0, 2.0])
def still(request, tmp_path):
    for number in (7, 8, 9):
        write_plate(tmp_path / f"shot.{number:04d}.exr", pixels(number))
    place = {"center": (150.0 * request.param, 110.0), "size": 120.0, "degrees": 9.0}
    faces = {n: replace(typical_face(n, yaw), **place) for n, yaw in ((7, 0.0), (8, 25.0))}
    faces[9] = FaceFrame.none(9)
    track = FaceTrack(WIDTH, HEIGHT, faces, aspect=request.param)
    return still_face(track, str(tmp_path / "shot.%04d.exr"), str(tmp_path / "still.%04d.exr"))


@pytest.mark.parametrize("ending", [".usda", ".usdc"])
def test_its_camera_shows_each_point_where_the_track_has_it(still, tmp_path, ending):
    from pxr import Usd, UsdGeom

    path = tmp_path / f"face{ending}"
    write_usd(path, still, Fraction(25))
    stage = Usd.Stage.Open(str(path))
    assert (stage.GetStartTimeCode(), stage.GetEndTimeCode()) == (7, 9)
    assert stage.GetTimeCodesPerSecond() == 25
    mesh = UsdGeom.Mesh(stage.GetPrimAtPath("/face/mesh"))
    camera = UsdGeom.Camera(stage.GetPrimAtPath("/face/camera")).GetCamera(7).frustum
    seen = camera.ComputeViewMatrix() * camera.ComputeProjectionMatrix()
    aspect = still.track.aspect
    for number in (7, 8):
        points = mesh.GetPointsAttr().Get(number)
        ndc = np.array([list(seen.Transform(pxr.Gf.Vec3d(*map(float, p)))) for p in points])
        at = np.column_stack([(ndc[:, 0] + 1) / 2 * WIDTH, (1 - ndc[:, 1]) / 2 * HEIGHT])
        want = still.faces[number].landmarks() / (aspect, 1)
        assert np.abs(at - want).max() < 1e-3
        assert (np.abs(ndc[:, 2]) < 1).all()  # within the clipping range
    assert mesh.GetVisibilityAttr().Get(9) == "invisible"
    st = UsdGeom.PrimvarsAPI(mesh).GetPrimvar("st").Get()
    assert np.allclose(np.array(st), places(), atol=1e-6)


def test_its_faces_look_at_the_camera_and_the_nose_is_in_front(still, tmp_path):
    from pxr import Usd, UsdGeom

    write_usd(tmp_path / "face.usda", still, Fraction(24))
    stage = Usd.Stage.Open(str(tmp_path / "face.usda"))
    mesh = UsdGeom.Mesh(stage.GetPrimAtPath("/face/mesh"))
    points = np.array(mesh.GetPointsAttr().Get(7))
    corners = np.array(mesh.GetFaceVertexIndicesAttr().Get()).reshape(-1, 3)
    a, b, c = points[corners].transpose(1, 0, 2)
    normals = np.cross(b - a, c - a)
    assert (normals[:, 2] > 0).mean() > 0.97  # USD's faces are counterclockwise from outside
    assert points[:, 2].argmax() in (1, 4, 5, 195, 19, 44, 274)  # about the tip of the nose


@pytest.mark.parametrize("ending", [".usda", ".usdc", ".usd"])
@pytest.mark.parametrize("pages", [0, 2])
def test_on_a_full_disk_it_is_a_sentence_and_nothing_stays(still, tmp_path, ending, pages):
    folder, path = tmp_path / "small", tmp_path / "small" / f"face{ending}"
    with small_disk(folder, 1 << 20) as mounted:
        if not mounted:
            pytest.skip("only root of Linux may mount a small disk")
        with (folder / "ballast").open("wb") as ballast:
            for _ in range((1 << 20) // 4096 - pages):
                ballast.write(bytes(4096))
        with pytest.raises(OutputError, match=r"usd.? cannot be written: .*No space left") as e:
            write_usd(path, still, Fraction(24))
        assert str(e.value).count("\n") == 0 and len(str(e.value)) < 300
        assert [each.name for each in folder.iterdir()] == ["ballast"]
        (folder / "ballast").unlink()
        write_usd(path, still, Fraction(24))
        assert pxr.Usd.Stage.Open(str(path)).GetPrimAtPath("/face/mesh")


def test_other_endings_are_refused(tmp_path):
    with pytest.raises(SettingsError, match="USD file is named"):
        check_usd(tmp_path / "face.abc")
