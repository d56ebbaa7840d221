"""The folder beside a plate: Python's `import reage` works there, and older bakes are found."""

import subprocess
import sys

from reage_host import baked_folder


def test_python_finds_the_package_where_a_bake_stands(tmp_path):
    folder = baked_folder.beside(tmp_path, "shot")
    folder.mkdir()
    (folder / "shot.1001.exr").write_bytes(b"")
    code = "import reage; reage.Settings(source_age=65, target_age=35)"
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_what_was_baked_into_the_folder_of_before_is_found_there(tmp_path):
    before = tmp_path / "reage"
    before.mkdir()
    (before / "shot_2.1001.exr").write_bytes(b"")
    assert baked_folder.beside(tmp_path, "shot_2") == before
    for other in ("shot", "shot_[2]"):
        assert baked_folder.beside(tmp_path, other) == tmp_path / baked_folder.NAME
