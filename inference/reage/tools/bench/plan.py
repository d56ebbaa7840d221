"""What is measured, and on what."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from reage.job import RenderJob
from reage.settings import Settings

SIZES = {
    "1080p": (1920, 1080), "2K": (2048, 1080), "UHD": (3840, 2160), "4K": (4096, 2160),
    "8K": (8192, 4320),
}  # fmt: skip
STAGES = ("track", "read", "encode", "infer", "decode", "write")


@dataclass(frozen=True)
class BenchPlan:
    """`count` frames of a plate of `size`, and how they are rendered.

    beside: the model that this one is held against, where one is
    ladder: target ages, as a job names them
    """

    size: str
    count: int
    settings: Settings
    tile: int
    device: str
    jobs: int
    beside: Path | None = None
    ladder: str = "20,30,40,50,60,70"

    def job(self, folder: Path) -> RenderJob:
        return RenderJob(
            str(folder / "plate.%04d.exr"), str(folder / "out" / "layers.%04d.exr"),
            replace(self.settings, colorspace="ACEScg"),
            tile=self.tile, device=self.device, jobs=self.jobs,
        )
