"""Small shots on disk, with a hand-made face track, for tests that need no real face."""

import math

import numpy as np

from reage import home
from reage.faces import FaceFrame, FaceTrack
from reage.media.exr import write_layers
from reage.media.imagefile import read_plate
from reage.pixels.geometry import Region
from reage.pixels.plate import Plate, PlateInfo
from reage.shot.tracking import save_track

WIDTH, HEIGHT = 320, 240
WHOLE = Region(0, 0, WIDTH, HEIGHT)


def oval(width=0.42, height=0.5, points=36):
    turn = [2 * math.pi * i / points for i in range(points)]
    return tuple((width * math.sin(t), -height * math.cos(t)) for t in turn)


def face(frame=1, center=(160.0, 120.0), size=120.0, degrees=7.0):
    return FaceFrame(frame, center, size, degrees, 0.9, oval())


def pixels(seed=0, width=WIDTH, height=HEIGHT):
    """Scene-linear noise around skin tones, with a highlight and some negatives."""
    r = np.random.default_rng(seed)
    rgb = r.normal((0.4, 0.27, 0.2), 0.05, (height, width, 3)).astype(np.float32)
    rgb[height // 2 : height // 2 + 3, width // 2 : width // 2 + 3] = 60000.0
    rgb[height // 2 - 9, width // 2 - 9 :][:5] = -0.02
    return rgb


def plate(rgb=None, data=WHOLE):
    rgb = pixels() if rgb is None else rgb
    return Plate(rgb, data, PlateInfo(data, WHOLE, ("R", "G", "B"), "ACEScg"))


def write_plate(path, rgb, data=WHOLE, alpha=None, **metadata):
    info = PlateInfo(data, WHOLE, ("R", "G", "B"))
    channels = {name: np.ascontiguousarray(rgb[..., i]) for i, name in enumerate("RGB")}
    if alpha is not None:
        channels["A"] = alpha
    write_layers(path, channels, data, info, {"colorspace": "ACEScg", **metadata})


def write_shot(folder, frames=range(1, 7), lost=()):
    """shot.0001.exr … and track.json; the face moves 3 px a frame. Returns (pattern, track)."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in frames:
        write_plate(folder / f"shot.{number:04d}.exr", pixels(number))
    faces = {
        n: FaceFrame.none(n) if n in lost else face(n, (140.0 + 3 * n, 120.0)) for n in frames
    }
    save_track(FaceTrack(WIDTH, HEIGHT, faces), folder / "track.json")
    return str(folder / "shot.%04d.exr"), str(folder / "track.json")


def write_two_heads(folder, count):
    """demo.1001.exr …: the demo plate's head, and beside it the same one turned about."""
    folder.mkdir(parents=True, exist_ok=True)
    for path in home.demo_plate()[:count]:
        rgb = read_plate(path).rgb
        both = np.concatenate([rgb, rgb[:, ::-1]], axis=1)
        whole = Region(0, 0, both.shape[1], both.shape[0])
        channels = {name: np.ascontiguousarray(both[..., i]) for i, name in enumerate("RGB")}
        info = PlateInfo(whole, whole, ("R", "G", "B"))
        write_layers(folder / path.name, channels, whole, info, {"colorspace": "ACEScg"})
    return str(folder / "demo.%04d.exr")
