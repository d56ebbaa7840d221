"""Shape on disk: the layers, the beauty, and what it costs where nothing is asked for."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import OpenImageIO as oiio
import pytest

import reage
from reage import home
from reage.errors import Unforeseen
from reage.media.imagefile import read_channels, read_info
from reage.models.model import ModelInput, NullModel
from reage.models.residual import Residual
from reage.shape.warp import warped
from reage.shot.image import read_layers

DEMO = home.samples() / "demo.1001.exr"
MODEL = NullModel(strength=0.3)
OLDER: dict[str, Any] = {"source_age": 40.0, "target_age": 80.0, "crop_size": 128}


@pytest.fixture(scope="module")
def track(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("track") / "demo.track.json"
    job = reage.RenderJob(str(DEMO), str(path.with_suffix(".exr")), reage.Settings(**OLDER))
    return str(reage.render(job, model=MODEL).track)


def rendered(folder: Path, track: str, layers: tuple[str, ...], **settings: Any) -> Path:
    out = folder / "out.exr"
    look = reage.Settings(**{**OLDER, **settings})
    job = reage.RenderJob(str(DEMO), str(out), look, track=track, layers=layers)
    reage.render(job, model=MODEL)
    return out


def test_the_beauty_is_the_layers_warped(tmp_path: Path, track: str) -> None:
    out = rendered(tmp_path, track, ("delta", "matte", "shape", "beauty"), shape=1.5, blend=0.5)
    layers = read_layers(out)
    plate, region, _ = read_channels(DEMO, ("R", "G", "B"))
    layers = layers.spread(region)
    assert layers.shape is not None and np.abs(layers.shape).max() > 3
    flat = plate + layers.delta * layers.matte[..., None] * np.float32(0.5)
    beauty, _, _ = read_channels(out, ("R", "G", "B", "A"))
    want = warped(flat, layers.shape, 1.5)
    np.testing.assert_allclose(beauty[..., :3], want, atol=2e-6)
    still = (layers.matte == 0) & (layers.shape == 0).all(-1)
    assert beauty[still][:, :3].tobytes() == plate[still].tobytes() and still.mean() > 0.3


def test_shape_alone_asks_no_model(tmp_path: Path, track: str) -> None:
    class Costly(NullModel):
        def run(self, picture: ModelInput) -> Residual:
            raise AssertionError("asked")

    for layers in (("shape",), ("shape", "st"), ("delta", "shape")):
        out = tmp_path / f"{'_'.join(layers)}.exr"
        look = reage.Settings(**OLDER)
        job = reage.RenderJob(str(DEMO), str(out), look, track=track, layers=layers)
        if "delta" in layers:
            with pytest.raises(Unforeseen, match="asked"):
                reage.render(job, model=Costly())
        else:
            reage.render(job, model=Costly())
            moved = read_channels(out, ("reage_shape.u",))[0]
            assert np.abs(moved).max() > 3


def test_without_shape_all_bits_are_as_they_were(tmp_path: Path, track: str) -> None:
    bare = rendered(tmp_path / "a", track, ("delta", "matte", "beauty"))
    with_layer = rendered(tmp_path / "b", track, ("delta", "matte", "beauty", "shape"))
    names = ("R", "G", "B", "A")
    one, other = (read_channels(path, names)[0] for path in (bare, with_layer))
    assert one.tobytes() == other.tobytes()
    assert not any(c.startswith("reage_shape") for c in read_info(bare).channels)


def test_u_and_v_are_as_nuke_counts_and_the_st_map_says_the_same(
    tmp_path: Path, track: str
) -> None:
    out = rendered(tmp_path, track, ("shape", "st", "beauty"), shape=1.0, blend=0.0)
    info = read_info(out)
    width, height = info.display.width, info.display.height
    names = ("reage_shape.u", "reage_shape.v", "reage_st.u", "reage_st.v")
    found, region, _ = read_channels(out, names)
    assert region == info.display
    y, x = np.mgrid[:height, :width]
    u, v, s, t = np.moveaxis(found.astype(np.float64), -1, 0)
    np.testing.assert_allclose(s * width - (x + 0.5), u, atol=2e-3)
    np.testing.assert_allclose(t * height - (height - y - 0.5), v, atol=2e-3)
    # OpenImageIO's own warp by the map, its t counted from the top, is the beauty.
    st = np.stack([s, 1 - t, np.zeros_like(s)], -1).astype(np.float32)
    plate = oiio.ImageBuf(str(DEMO)).get_pixels(oiio.FLOAT)[..., :3]
    by_map = oiio.ImageBufAlgo.st_warp(oiio.ImageBuf(plate), oiio.ImageBuf(st), "catmull-rom", 4.0)
    beauty, _, _ = read_channels(out, ("R", "G", "B"))
    inside = np.zeros((height, width), bool)
    inside[3:-3, 3:-3] = True
    off = np.abs(by_map.get_pixels(oiio.FLOAT) - beauty)[inside]
    assert off.max() < 2e-3 and np.abs(beauty - plate).max() > 0.02


def test_younger_moves_the_other_way(tmp_path: Path, track: str) -> None:
    older = read_layers(rendered(tmp_path / "o", track, ("delta", "matte", "shape")))
    younger = rendered(
        tmp_path / "y", track, ("delta", "matte", "shape"), source_age=80.0, target_age=40.0
    )
    both = older.region.union(read_layers(younger).region)
    up, down = (each.spread(both).shape for each in (older, read_layers(younger)))
    assert up is not None and down is not None
    assert (up * down).sum() < -0.8 * np.sqrt((up**2).sum() * (down**2).sum())


def test_an_age_map_steers_the_shape(tmp_path: Path, track: str) -> None:
    info = read_info(DEMO)
    ramp = np.zeros((info.display.height, info.display.width, 3), np.float32)
    ramp[:, info.display.width // 2 :] = 1.0
    map_file = tmp_path / "map.exr"
    oiio.ImageBuf(ramp).write(str(map_file))
    whole = read_layers(rendered(tmp_path / "w", track, ("delta", "matte", "shape")))
    half = rendered(tmp_path / "h", track, ("delta", "matte", "shape"), age_map=str(map_file))
    one, other = (each.spread(info.display).shape for each in (whole, read_layers(half)))
    assert one is not None and other is not None
    side, near = info.display.width // 2, 60
    assert np.abs(other[:, : side - near]).max() < 0.05 * np.abs(one[:, : side - near]).max()
    kept = np.abs(other[:, side + near :] - one[:, side + near :]).max()
    assert kept < 0.15 * np.abs(one[:, side + near :]).max()


def test_what_an_age_map_says_beside_the_face_or_beyond_all_years_steers_no_shape(
    tmp_path: Path, track: str
) -> None:
    info = read_info(DEMO)
    ones = np.ones((info.display.height, info.display.width, 3), np.float32)
    odd = ones.copy()
    odd[5:9, 5:9], odd[:, -30:] = 50.0, -3.0
    found = []
    for name, values in (("plain", ones), ("odd", odd)):
        file = tmp_path / f"{name}.exr"
        oiio.ImageBuf(values).write(str(file))
        layers = ("delta", "matte", "shape")
        out = rendered(tmp_path / name, track, layers, age_map=str(file))
        found.append(read_layers(out).spread(info.display).shape)
    assert found[0] is not None and found[1] is not None
    assert np.abs(found[0]).max() > 3
    np.testing.assert_allclose(found[1], found[0], atol=0.3)


def test_overscan_with_an_st_map_and_the_beauty_is_one_window(tmp_path: Path) -> None:
    wide = tmp_path / "wide.exr"
    pixels = oiio.ImageBuf(str(DEMO))
    spec = pixels.specmod()
    spec.full_x, spec.full_y, spec.full_width, spec.full_height = 100, 60, 760, 420
    assert pixels.write(str(wide))
    out = tmp_path / "out.exr"
    look = reage.Settings(**OLDER, shape=1.0)
    job = reage.RenderJob(str(wide), str(out), look, layers=("delta", "matte", "st", "beauty"))
    assert reage.render(job, model=MODEL).exit_code == 0
    info = read_info(out)
    assert (info.data.width, info.data.height) == (960, 540)
    s, region, _ = read_channels(out, ("reage_st.u",))
    edge = s[:, -region.x, 0] * info.display.width
    assert np.median(edge) == pytest.approx(0.5, abs=1e-3)


def test_shape_that_no_layer_shows_is_told(tmp_path: Path, track: str) -> None:
    look = reage.Settings(**OLDER, shape=1.0, blend=0.0)
    told = []
    for layers in (("delta", "matte"), ("delta", "matte", "beauty")):
        job = reage.RenderJob(str(DEMO), str(tmp_path / "o.exr"), look, track=track, layers=layers)
        told.append(" ".join(reage.render(job, model=MODEL).notices))
    assert "--shape changes nothing here" in told[0] and "--shape" not in told[1]
    assert "next to nothing" not in told[1]


def test_resume_sees_what_steers_the_shape(tmp_path: Path, track: str) -> None:
    look = reage.Settings(**OLDER)
    job = reage.RenderJob(
        str(DEMO), str(tmp_path / "o.exr"), look, track=track, layers=("delta", "matte", "shape"),
        resume=True,
    )  # fmt: skip
    outcomes = [
        reage.render(each, model=MODEL).frames[0].outcome
        for each in (
            job,
            replace(job, settings=replace(look, shape=1.0)),
            replace(job, settings=replace(look, shape_lids=0.5)),
            replace(job, settings=replace(look, shape_sex="male", shape_lids=0.5)),
        )
    ]
    assert outcomes == ["done", "kept", "done", "done"]


def test_one_picture_in_memory_moves_as_a_render_does(tmp_path: Path, track: str) -> None:
    plate, _, _ = read_channels(DEMO, ("R", "G", "B"))
    still = reage.reage_image(plate, 40, 80, colorspace="ACEScg", model=MODEL, crop_size=128)
    moved = reage.reage_image(
        plate, 40, 80, colorspace="ACEScg", model=MODEL, crop_size=128, shape=1.0
    )
    moves = np.abs(moved - still)
    out = rendered(tmp_path, track, ("delta", "matte", "beauty"), shape=1.0)
    off = np.abs(moved - read_channels(out, ("R", "G", "B"))[0])
    # A track's file rounds the mesh, by some hundredths of a px.
    assert off.mean() < 0.03 * moves.mean() and off.max() < 0.1 * moves.max()
