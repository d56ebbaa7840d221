"""What the tests of one actor share, each made once: a career of a dozen small photographs and an
actor's double on the small head; a tree of photographs with all that is the matter with some."""

from __future__ import annotations

import shutil
from pathlib import Path

import cv2
import numpy as np
import pytest
from skimage import data

from helpers.doubles import DOUBLE, sittings, write_album
from reage import home
from reage.media.imagefile import read_plate
from reage.pattern.photo.photograph import Photograph
from reage.pixels.color import Encoder
from reage_training.actor.book import Book
from reage_training.actor.career.invent import CareerOptions, invent
from reage_training.actor.double.double import write_double
from reage_training.actor.ingest.run import Options, ingest
from reage_training.synth.photographs import Sitting

SMALL = CareerOptions(None, 3, 12, (180, 240), held=2, held_px=220, texture=512)


@pytest.fixture(scope="session")
def career(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("careers") / "3"
    invent(folder, SMALL, workers=1)
    return folder


@pytest.fixture(scope="session")
def small() -> CareerOptions:
    """The options that `career` is made with."""
    return SMALL


@pytest.fixture(scope="session")
def photographed() -> tuple[Sitting, ...]:
    return sittings()


@pytest.fixture(scope="session")
def taken(photographed: tuple[Sitting, ...]) -> tuple[Photograph, ...]:
    return tuple(photo for sitting in photographed for photo in sitting.photographs)


@pytest.fixture(scope="session")
def album(
    photographed: tuple[Sitting, ...], tmp_path_factory: pytest.TempPathFactory
) -> Path:
    folder = tmp_path_factory.mktemp("actor") / "album"
    write_album(folder, photographed)
    return folder


@pytest.fixture(scope="session")
def double(
    album: Path, taken: tuple[Photograph, ...], tmp_path_factory: pytest.TempPathFactory
) -> Path:
    out = tmp_path_factory.mktemp("double")
    write_double(out, album, lambda: taken, tuple, DOUBLE)
    return out


def shown(frame: int) -> np.ndarray:
    """A frame of the demo plate, 0 … 7, as sRGB (540, 960, 3) uint8, cut to the face's side."""
    rgb = np.nan_to_num(read_plate(home.demo_plate()[frame]).rgb)
    codes = np.clip(Encoder("ACEScg", "sRGB").encode(rgb), 0, 1)
    return (codes * 255 + 0.5).astype(np.uint8)


def save(path: Path, rgb: np.ndarray, quality: int = 95) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    options = [cv2.IMWRITE_JPEG_QUALITY, quality] if path.suffix == ".jpg" else []
    assert cv2.imwrite(str(path), rgb[..., ::-1], options)
    return path


@pytest.fixture(scope="session")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three moments of the man of the demo plate, one of them twice, and bad ones."""
    folder = tmp_path_factory.mktemp("career") / "photographs"
    one = shown(0)
    save(folder / "31_001.jpg", one)
    save(folder / "age_40" / "IMG_1234.jpg", shown(4))
    save(folder / "scans" / "c.png", shown(7))
    smaller = cv2.resize(one[20:, 30:], None, fx=0.8, fy=0.8, interpolation=cv2.INTER_AREA)
    save(folder / "press" / "again.jpg", smaller, 80)
    save(folder / "32_soft.jpg", cv2.GaussianBlur(one, (0, 0), 8))
    save(folder / "33_small.jpg", cv2.resize(one, None, fx=0.25, fy=0.25))
    save(folder / "34_none.png", np.random.default_rng(1).integers(0, 255, (200, 200, 3), np.uint8))
    save(folder / "35_two.jpg", np.hstack([one[:, 200:700], one[:, 200:700]]))
    (folder / "36_cut.jpg").write_bytes((folder / "31_001.jpg").read_bytes()[:9000])
    (folder / "37_empty.jpg").write_bytes(b"")
    (folder / "notes.txt").write_text("not a picture")
    (folder / "ages.csv").write_text("file,age\nscans/c.png,52\n", encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def made(tree: Path, tmp_path_factory: pytest.TempPathFactory) -> Book:
    """The book of the tree; copy it before changing it."""
    folder = tmp_path_factory.mktemp("book") / "book"
    return ingest(Options(tree, folder, "1961-03-14", workers=0)).book


@pytest.fixture
def book(made: Book, tmp_path: Path) -> Book:
    """A copy of one's own."""
    shutil.copytree(made.folder, tmp_path / "book")
    return Book.read(tmp_path / "book")


@pytest.fixture(scope="session")
def stranger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A portrait of somebody else, in the public domain."""
    picture = cv2.resize(data.astronaut(), None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC)
    return save(tmp_path_factory.mktemp("else") / "44_else.png", picture)
