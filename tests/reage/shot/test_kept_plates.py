"""What was read for the track is given to the render, and no more is kept than fits."""

from __future__ import annotations

import numpy as np

from helpers.shots import WHOLE
from reage.pixels.geometry import Region
from reage.pixels.plate import Plate, PlateInfo
from reage.shot.kept_plates import KeptPlates, ReadPlate


def read(region: Region, seed: int = 0) -> ReadPlate:
    rgb = np.random.default_rng(seed).random((region.height, region.width, 3)).astype(np.float32)
    plate = Plate(rgb, region, PlateInfo(WHOLE, WHOLE, ("R", "G", "B"), "ACEScg"))
    return ReadPlate(plate, "ACEScg", plate, "ACEScg")


def test_of_what_is_kept_any_part_is_given_and_nothing_else():
    kept, region = KeptPlates(), Region(10, 20, 100, 80)
    kept.keep(1, read(region))
    part = Region(30, 25, 20, 10)
    got = kept.at(1, part)
    assert got.plate.region == part and got.own is got.plate
    assert np.array_equal(got.plate.rgb, read(region).plate.rgb[part.slices(region)])
    assert kept.at(1, Region(0, 0, 50, 50)) is None and kept.at(1, None) is None
    assert kept.at(2, part) is None
    kept.keep(1, read(WHOLE, 1))
    assert kept.at(1, None).plate.region == WHOLE
    kept.keep(1, read(region))  # less than what is there
    assert kept.at(1, None) is not None
    kept.drop(1)
    assert kept.at(1, part) is None


def test_no_more_is_kept_than_there_is_room_for():
    region = Region(0, 0, 100, 100)
    kept = KeptPlates(most=2 * read(region).bytes)
    for frame in range(3):
        kept.keep(frame, read(region))
    assert [kept.at(n, region) is not None for n in range(3)] == [True, True, False]
    kept.drop(0)
    kept.keep(2, read(region))
    assert kept.at(2, region) is not None
