"""How often cuts are found, and invented, in clips that are made of movies of one shot each.

    PYTHONPATH=tests/support python -m helpers.cut_clips MOVIE MOVIE [...]

joins, zooms, flashes, brightens, pans, grains and covers them, and prints for each kind of clip how
many cuts were found and how many invented, and the same of PySceneDetect's detectors where that
is installed.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import av
import cv2
import numpy as np

from reage.faces.cuts import Cuts
from reage.faces.view import FaceView
from reage.pixels.geometry import Similarity

SIZE = (320, 180)
HALF = 12
"""Frames before and after a cut."""

Frames = list[np.ndarray]
"""(180, 320, 3) uint8, sRGB."""

Detector = Callable[[Frames], set[int]]


def frames_of(path: Path) -> Frames:
    with av.open(str(path)) as movie:
        shown = (frame.to_ndarray(format="rgb24") for frame in movie.decode(video=0))
        return [cv2.resize(f, SIZE, interpolation=cv2.INTER_AREA) for f in shown]


def clips(shots: Sequence[Frames]) -> Iterator[tuple[str, Frames, set[int]]]:
    """Kind, frames and where the cuts are."""
    rng = np.random.default_rng(0)
    for _ in range(40):
        one, other = rng.choice(len(shots), 2, replace=False)
        yield "join", [*_part(shots[one], rng), *_part(shots[other], rng)], {HALF}
    for _ in range(20):
        shot = shots[rng.integers(len(shots))]
        x, y = rng.integers(0, 120), rng.integers(0, 60)
        near = [cv2.resize(f[y : y + 90, x : x + 160], SIZE) for f in _part(shot, rng)]
        yield "close-up", [*_part(shot, rng), *near], {HALF}
        plain = [*_part(shot, rng)]
        plain += plain[::-1]
        yield "plain", plain, set()
        yield "flash", _flashed(plain, int(rng.integers(5, 19))), set()
        yield "ramp", [_bright(f, 0.4 + 0.05 * n) for n, f in enumerate(plain)], set()
        wide = np.tile(np.hstack([plain[0], plain[0][:, ::-1]]), (1, 4, 1))
        speed = int(rng.integers(8, 28))
        yield "pan", [wide[:, speed * n : speed * n + 320] for n in range(len(plain))], set()
        yield "grain", [_grained(f, rng) for f in plain], set()
        yield "hand", [_covered(f, n) for n, f in enumerate(plain)], set()


def _part(shot: Frames, rng: np.random.Generator) -> Frames:
    start = int(rng.integers(0, max(1, len(shot) - HALF)))
    return [shot[min(start + n, len(shot) - 1)] for n in range(HALF)]


def _bright(frame: np.ndarray, gain: float, offset: float = 0.0) -> np.ndarray:
    return np.clip(frame * gain + offset, 0, 255).astype(np.uint8)


def _flashed(frames: Frames, at: int) -> Frames:
    return [_bright(f, 2.2, 50) if n == at else f for n, f in enumerate(frames)]


def _grained(frame: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    return np.clip(frame + rng.normal(0, 18, frame.shape), 0, 255).astype(np.uint8)


def _covered(frame: np.ndarray, number: int) -> np.ndarray:
    return cv2.circle(frame.copy(), (50 * (number - 7), 100), 70, (200, 150, 120), -1)


def ours(frames: Frames) -> set[int]:
    cuts = Cuts()
    for number, frame in enumerate(frames):
        cuts.tell(number, FaceView(frame, Similarity.of(1.0)))
    cuts.end()
    return set(cuts.found)


def others() -> Mapping[str, Detector]:
    """PySceneDetect's detectors; none where it is not installed."""
    try:
        import scenedetect as psd
    except ImportError:
        return {}

    def run(make: Callable[[], psd.SceneDetector]) -> Detector:
        def found(frames: Frames) -> set[int]:
            detector, cuts = make(), []
            for number, frame in enumerate(frames):
                bgr = np.ascontiguousarray(frame[..., ::-1])
                cuts += detector.process_frame(psd.FrameTimecode(number, 24.0), bgr)
            last = psd.FrameTimecode(len(frames) - 1, 24.0)
            return {cut.frame_num for cut in (*cuts, *detector.post_process(last))}

        return found

    kinds = (psd.AdaptiveDetector, psd.ContentDetector, psd.HistogramDetector, psd.HashDetector)
    return {kind.__name__: run(lambda kind=kind: kind(min_scene_len=1)) for kind in kinds}


def main(paths: Sequence[str]) -> None:
    shots = [frames_of(Path(path)) for path in paths]
    for name, detector in {"ours": ours, **others()}.items():
        kinds: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
        for kind, frames, cuts in clips(shots):
            found = detector(frames)
            each = (len(cuts), len(cuts & found), len(found - cuts))
            for of in (kind, "all"):
                kinds[of] = [a + b for a, b in zip(kinds[of], each, strict=True)]
        told = (f"{kind} {b} of {a}, {c} invented" for kind, (a, b, c) in kinds.items())
        print(f"{name}: {'; '.join(told)}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
