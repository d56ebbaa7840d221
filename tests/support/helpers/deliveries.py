"""A small shot that is baked, to be delivered: plates, track, layers, all in one folder."""

import shutil
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import OpenImageIO as oiio

import reage
from helpers.part_models import PartsModel
from helpers.plate_files import write_image
from helpers.shots import HEIGHT, WIDTH, write_shot
from reage.settings import Settings
from reage.trail.delivery import deliver
from reage.trail.mixed import Terms

MODEL = PartsModel()


@dataclass(frozen=True)
class BakedKit:
    """plate, track, layers: as commands take them; frames 1 to 3."""

    folder: Path
    plate: str
    track: str
    layers: str

    @property
    def hair(self):
        return str(self.folder / "plates" / "hair.png")

    def job(self, output, frames=None, layers=("delta", "matte"), plate=None, **settings):
        look = reage.Settings(source_age=40.0, target_age=70.0, crop_size=128, **settings)
        return reage.RenderJob(
            self.plate if plate is None else plate, str(output), look, track=self.track,
            frames=frames, layers=layers,
        )  # fmt: skip

    def render(self, output, model=MODEL, datatype="float", **more):
        job = replace(self.job(output, **more), datatype=datatype)
        return reage.render(job, model=model)


def codes(number):
    """uint8: the shot's colors as sRGB, with an alpha."""
    y, x = np.mgrid[:HEIGHT, :WIDTH].astype(np.float32)
    wave = np.sin(x / 23 + number) + np.cos(y / 17)
    rgb = np.stack([140 + 25 * wave, 110 + 20 * wave, 90 + 15 * wave], -1)
    return np.dstack([rgb, np.full_like(wave, 40 * number)]).astype(np.uint8)


def baked(folder, plates="exr", model=MODEL, **more):
    """plates: "exr", scene-linear floats, or "png", 8 bits with an alpha; lost: frames without a
    face."""
    _, track = write_shot(folder / "plates", range(1, 4), more.pop("lost", ()))
    plate = folder / "plates" / "shot.%04d.exr"
    if plates == "png":
        plate = folder / "plates" / "p.%04d.png"
        for n in range(1, 4):
            marks = {"oiio:UnassociatedAlpha": 1, "Artist": "A. N. Other"}
            write_image(Path(str(plate) % n), codes(n), kind="uint8", attributes=marks)
    matte = folder / "plates" / "hair.png"
    ramp = np.tile(np.linspace(0, 255, WIDTH, dtype=np.uint8)[None, :, None], (HEIGHT, 1, 1))
    write_image(matte, ramp, kind="uint8")
    kit = BakedKit(folder, str(plate), track, str(folder / "out" / "l.%04d.exr"))
    layers = more.pop("layers", ("delta", "matte", "parts", "shape"))
    kit.render(kit.layers, model, layers=layers, hair_matte=str(matte), **more)
    return kit


def said_anew(path, **words):
    """A file of layers with other words in its header, as whoever has it can write them."""
    picture = oiio.ImageBuf(str(path))
    for name, value in words.items():
        picture.specmod().attribute(f"reage:{name}", value)
    assert picture.has_error is False and picture.write(str(path)), picture.geterror()


def swapped(one, other):
    """Two files under each other's names."""
    held = one.with_name("held")
    one.rename(held)
    other.rename(one)
    held.rename(other)


def delivered(kit, output, terms=None, plate=None, frames=None, **settings):
    job = kit.job(output, frames, plate=plate)
    job = replace(job, settings=Settings(**settings))
    return deliver(kit.layers, job, settings.get("blend"), terms or Terms())


def copied(kit, folder):
    """Layers of its own, to be spoilt."""
    folder.mkdir(exist_ok=True)
    for n in (1, 2, 3):
        shutil.copy(kit.layers % n, folder)
    return replace(kit, layers=str(folder / "l.%04d.exr"))
