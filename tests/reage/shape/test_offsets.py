"""The warp: it moves skin as its fields do, from every side, steadily, and nothing else."""

from dataclasses import replace

import numpy as np
import pytest

from reage.faces import FaceFrame, face_frame
from reage.faces.skin import facing
from reage.frame.layers import spread
from reage.pixels.geometry import Region, Similarity
from reage.settings import Settings
from reage.shape.amounts import amounts
from reage.shape.fields import displaced
from reage.shape.head import head
from reage.shape.offsets import Offsets, Share, offsets
from reage.shape.warp import warped

DATA = Region(0, 0, 1000, 900)
LARGE = Region(-500, -500, 2000, 2000)
OLDER = amounts(Settings(source_age=25.0), 80.0)
CM = 30.0


def linear(yaw: float = 0.0, pitch: float = 0.0) -> np.ndarray:
    """(2, 3) px a cm of a head that is turned."""
    a, b = np.deg2rad([yaw, pitch])
    about_y = np.array([[np.cos(a), 0, np.sin(a)], [0, 1, 0], [-np.sin(a), 0, np.cos(a)]])
    about_x = np.array([[1, 0, 0], [0, np.cos(b), -np.sin(b)], [0, np.sin(b), np.cos(b)]])
    return CM * np.diag([1.0, -1.0]) @ (about_x @ about_y)[:2]


def face_at(view: np.ndarray, moved: np.ndarray | float = 0.0) -> FaceFrame:
    """The mean head as a camera sees it, its landmarks moved by (468, 3) cm."""
    points = head().landmarks + moved
    deep = -CM * points @ np.cross(*view / CM) * -1.0
    return face_frame(np.column_stack([points @ view.T + [500, 430], deep]), 0, 1.0)


def at(found: Offsets, points: np.ndarray) -> np.ndarray:
    """(N, 2) the offsets of the pixels that hold points; zero beyond the region."""
    column = np.floor(points[:, 0]).astype(int) - found.region.x
    row = np.floor(points[:, 1]).astype(int) - found.region.y
    inside = (column >= 0) & (row >= 0)
    inside &= (column < found.region.width) & (row < found.region.height)
    out = np.zeros((len(points), 2))
    out[inside] = found.xy[row[inside], column[inside]]
    return out


def need(found: Offsets | None) -> Offsets:
    assert found is not None
    return found


@pytest.mark.parametrize("yaw", [0, 30, -60, 85])
def test_skin_that_is_seen_moves_as_its_fields_do(yaw: float) -> None:
    view = linear(yaw, 5)
    face = face_at(view)
    found = need(offsets(face, OLDER, DATA))
    move = displaced(head().landmarks, OLDER) @ view.T
    seen = facing(np.array(face.mesh)) > 0.9
    landmarks = face.landmarks()
    assert landmarks is not None
    off = np.linalg.norm(at(found, landmarks + move) + move, axis=1)[seen]
    assert np.linalg.norm(move, axis=1)[seen].max() > 8
    assert np.percentile(off, 95) < 0.08 * CM and np.median(off) < 0.02 * CM


@pytest.mark.parametrize("yaw", [0, 15, 80])
def test_younger_undoes_older(yaw: float) -> None:
    view = linear(yaw)
    y, x = np.mgrid[: DATA.height, : DATA.width].astype(np.float32)
    picture = np.stack([x, y], -1)
    old = face_at(view, displaced(head().landmarks, OLDER))
    there, back = need(offsets(face_at(view), OLDER, DATA)), need(offsets(old, -OLDER, DATA))
    again = over(over(picture, there), back)
    off, moved = (np.linalg.norm(p - picture, axis=-1) for p in (again, over(picture, there)))
    assert moved.max() > 12 and off.max() < 4 and np.percentile(off, 99) < 0.3


def over(picture: np.ndarray, found: Offsets) -> np.ndarray:
    out, here = picture.copy(), found.region.slices(DATA)
    out[here] = warped(picture[here], found.xy)
    return out


@pytest.mark.parametrize("yaw", [0, 40, -85])
@pytest.mark.parametrize("way", [1, -1])
def test_nothing_is_folded_or_torn_even_where_it_is_doubled(yaw: float, way: int) -> None:
    view = linear(yaw)
    face = face_at(view, 0.0 if way > 0 else displaced(head().landmarks, OLDER))
    found = need(offsets(face, way * OLDER, DATA))
    for amount, least in ((1.0, 0.3), (2.0, 0.0)):
        xy = amount * found.xy
        du, dv = np.gradient(xy[..., 0]), np.gradient(xy[..., 1])
        area = (1 + du[1]) * (1 + dv[0]) - du[0] * dv[1]
        assert area.min() > least and area.max() < 6


def test_nothing_moves_at_the_regions_edge_nor_is_fetched_from_outside() -> None:
    for face in (face_at(linear()), replace(face_at(linear()), center=(60.0, 850.0))):
        found = need(offsets(face, OLDER, DATA))
        assert DATA.contains(found.region)
        edge = np.ones(found.xy.shape[:2], bool)
        edge[2:-2, 2:-2] = False
        assert np.abs(found.xy[edge]).max() < 0.1
        y, x = np.mgrid[: found.region.height, : found.region.width]
        from_x = found.region.x + x + 0.5 + found.xy[..., 0]
        from_y = found.region.y + y + 0.5 + found.xy[..., 1]
        assert from_x.min() >= 0 and from_x.max() <= DATA.right
        assert from_y.min() >= 0 and from_y.max() <= DATA.bottom


def test_a_larger_turned_face_has_larger_turned_offsets() -> None:
    face = face_at(linear(20))
    to = Similarity.of(1.3, 25, pivot=(500, 430), to=(520, 440))
    moved = replace(
        face, center=tuple(to.apply(face.center)), size=face.size * 1.3, degrees=face.degrees + 25
    )
    one, other = need(offsets(face, OLDER, LARGE)), need(offsets(moved, OLDER, LARGE))
    points = np.stack(np.meshgrid(np.arange(350, 650, 23), np.arange(280, 700, 23)), -1) + 0.5
    points = points.reshape(-1, 2)
    turn = Similarity.of(1.3, 25)
    want = turn.apply(at(one, points))
    assert np.abs(want).max() > 8
    off = np.linalg.norm(at(other, to.apply(points)) - want, axis=1)
    assert np.median(off) < 0.3 and np.percentile(off, 95) < 1.5


def test_a_blink_and_an_open_mouth_carry_the_warp_along() -> None:
    """Moved skin keeps its displacement; skin elsewhere hardly notices."""
    view, still = linear(10), face_at(linear(10))
    points = head().landmarks
    lids = (points[:, 1] > 2.5) & (points[:, 1] < 4.6) & (np.abs(np.abs(points[:, 0]) - 3.2) < 2)
    jaw = points[:, 1] < -3.35
    change = np.zeros_like(points)
    change[lids & (points[:, 1] > 3.4), 1] = -0.9
    change[jaw, 1] = -2.0
    face = face_at(view, change)
    one, other = need(offsets(still, OLDER, DATA)), need(offsets(face, OLDER, DATA))
    move = displaced(points, OLDER) @ view.T
    first, second = still.landmarks(), face.landmarks()
    assert first is not None and second is not None
    apart = np.linalg.norm(at(one, first + move) - at(other, second + move), axis=1)
    calm = ~jaw & ~lids & (points[:, 1] > -1.5) & (facing(np.array(face.mesh)) > 0.9)
    assert np.median(apart[jaw]) < 0.06 * CM and np.percentile(apart[calm], 95) < 0.06 * CM


def test_half_a_share_is_half_the_warp_and_none_is_none() -> None:
    face = face_at(linear())
    whole = need(offsets(face, -OLDER, DATA))
    values = np.zeros((DATA.height, DATA.width), np.float32)
    values[:, :500] = 0.5
    found = need(offsets(face, -OLDER, DATA, Share(values, DATA)))
    part, all_of_it = (spread(each.xy, each.region, DATA) for each in (found, whole))
    np.testing.assert_allclose(part[:, :430], 0.5 * all_of_it[:, :430], atol=0.02)
    assert np.abs(part[:, 570:]).max() < 0.02


def test_no_more_is_kept_than_what_moves() -> None:
    for gained in (OLDER, -OLDER):
        found = need(offsets(face_at(linear()), gained, DATA))
        assert found.region.bounds(found.xy.any(2)) == found.region
        ends = (found.xy[0], found.xy[-1], found.xy[:, 0], found.xy[:, -1])
        assert max(np.abs(each).max() for each in ends) < 0.1


def test_without_a_mesh_or_years_nothing_moves() -> None:
    face = face_at(linear())
    assert offsets(replace(face, mesh=()), OLDER, DATA) is None
    assert offsets(face, np.zeros_like(OLDER), DATA) is None
    assert offsets(replace(face, center=(5000.0, 5000.0)), OLDER, DATA) is None
