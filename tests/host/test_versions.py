"""The next version of a pattern's files."""

from __future__ import annotations

import pytest

from reage_host.versions import next_version


@pytest.mark.parametrize(
    "now, then",
    [
        ("/s/v012/face.%04d.exr", "/s/v012/face_v2.%04d.exr"),
        ("/s/face_v2.%04d.exr", "/s/face_v3.%04d.exr"),
        ("/s/face_v099.%04d.exr", "/s/face_v100.%04d.exr"),
        ("sh010.v07.####.exr", "sh010.v08.####.exr"),
        ("C:/s/face.%V.%04d.exr", "C:/s/face.%V_v2.%04d.exr"),
        ("/s/%V/face_v9_%04d.exr", "/s/%V/face_v10_%04d.exr"),
    ],
)
def test_the_name_takes_the_next_version_and_folders_stay(now: str, then: str) -> None:
    assert next_version(now) == then
