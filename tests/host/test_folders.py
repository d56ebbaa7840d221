"""A folder as one look finds it."""

from __future__ import annotations

from pathlib import Path

from reage.fingerprint import file_fingerprint
from reage_host.folders import Folders


def test_it_says_of_a_file_what_asking_for_it_says(tmp_path: Path) -> None:
    there, seen = tmp_path / "face.1001.exr", Folders()
    there.write_bytes(b"layers")
    for path in (there, tmp_path / "face.1002.exr", tmp_path / "gone" / "face.1001.exr"):
        assert seen.fingerprint(path) == file_fingerprint(path)
    assert seen.fingerprint(there) is not None


def test_a_look_is_of_one_moment_and_the_next_one_sees_what_came(tmp_path: Path) -> None:
    late, seen = tmp_path / "face.1002.exr", Folders()
    assert seen.fingerprint(late) is None
    late.write_bytes(b"layers")
    assert seen.fingerprint(late) is None
    assert Folders().fingerprint(late) == file_fingerprint(late)
