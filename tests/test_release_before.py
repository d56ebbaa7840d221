"""Today's code makes the pixels of the release before, bit for bit.

The release is taken out of git and renders two frames of its demo plate with its model; today's
code renders the same frames with the same model file, and every channel is compared.

A release that changes pixels on purpose fails here. Then look at the pictures, say in CHANGELOG
what changes, and set RELEASE to the commit that has the new pixels: that needs a second commit.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest

from reage.media.imagefile import read_channels, read_info

ROOT = Path(__file__).parents[1]
RELEASE = "5ef008d03dcf2b64d70380fae4448ab90eacf56e"
"""Version 9 of the default model."""

SCRIPT = """
import sys, reage
plate, out, model = sys.argv[1:]
settings = reage.Settings(
    source_age=50, target_age=75, detail=0.7, pattern=3, crop_size=256, steady=0.5, model=model
)
layers = ("delta", "matte", "parts", "beauty")
reage.render(reage.RenderJob(plate, out, settings, frames="1002-1003", layers=layers, device="cpu"))
print(reage.__file__)
"""


def test_the_demo_plate_renders_as_it_did(tmp_path: Path) -> None:
    before = release(tmp_path / "before")
    plate = before / "samples" / "demo.%04d.exr"
    model = before / "reage" / "models" / "reage_default.onnx"
    outs = [tmp_path / name / "layers.%04d.exr" for name in ("then", "now")]
    by = [rendered(plate, out, model, code) for out, code in zip(outs, (before, None), strict=True)]
    assert by[0].is_relative_to(before) and not by[1].is_relative_to(before)
    for number in (1002, 1003):
        then, now = (Path(str(out) % number) for out in outs)
        names = read_info(then).channels
        assert len(names) == 22 and read_info(now).channels == names
        made, region, _ = read_channels(then, names)
        again, same, _ = read_channels(now, names)
        assert region == same and np.isfinite(made).all()
        changed = [
            name for k, name in enumerate(names)
            if made[..., k].tobytes() != again[..., k].tobytes()
        ]  # fmt: skip
        assert not changed, f"frame {number} has other pixels in {', '.join(changed)}"
        assert made[..., names.index("reage_delta.red")].std() > 0.001


def release(folder: Path) -> Path:
    """The release's folder inference; skips the test where git has it not."""
    if shutil.which("git") is None:
        pytest.skip("git is not here, and the release before is taken out of it")
    archive = subprocess.run(
        ["git", "archive", RELEASE, "inference"], cwd=ROOT, capture_output=True
    )  # fmt: skip
    if archive.returncode:
        pytest.skip(f"git has no {RELEASE[:7]} here: a shallow clone, or an unpacked archive")
    with tarfile.open(fileobj=BytesIO(archive.stdout)) as files:
        files.extractall(folder)
    return folder / "inference"


def rendered(plate: Path, out: Path, model: Path, code: Path | None) -> Path:
    """Render with the code in a folder, or with today's; the file that it was imported from."""
    paths = {} if code is None else {"PYTHONPATH": str(code)}
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, plate, out, model], env=os.environ | paths,
        capture_output=True, text=True, encoding="utf-8",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return Path(done.stdout.splitlines()[-1])
