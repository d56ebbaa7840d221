"""Shots of two people, one of whom is followed: crossing, leaving, hidden, cut, close up.

    PYTHONPATH=tests/support python -m helpers.two_people PERSON PERSON [...]

takes pictures of a person each, or folders of a moving one's, frame by frame; it prints, for each
pair of people and each case, a letter a frame:

    A  the one who was asked for        .  none, while that face is hidden or away
    B  the other: what must never be    -  none, though it is to be seen
    h  held where it is hidden          x  a place where nobody is

First, of people with several pictures: how unlike a look is to those before it of the same person,
and to all of another's; the median, and in how many of them SAME errs.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import permutations
from pathlib import Path

import cv2
import numpy as np

from reage.faces import FaceChoice, FaceTrack, detect_faces, face_frame, landmarks_of, track_shot
from reage.faces.looks import SAME, Appearance, Looks, look_of
from reage.pixels.geometry import Region, Similarity

SIZE = (640, 360)
FRAMES = 24


@dataclass(frozen=True)
class Person:
    """light: (h, w, 3) float32, scene-linear; cover: (h, w) of the head, 0..1; face: its place."""

    light: np.ndarray
    cover: np.ndarray
    center: tuple[float, float]
    size: float
    look: Appearance

    @classmethod
    def of(cls, picture: np.ndarray) -> Person:
        """From (h, w, 3) uint8 sRGB with one face."""
        mesh = landmarks_of(picture, max(detect_faces(picture), key=lambda d: d.side))
        face = face_frame(mesh.points, 0, 1.0)
        cover = np.zeros(picture.shape[:2], np.float32)
        x, y, s = *face.center, face.size
        middle, axes = (round(x), round(y - 0.05 * s)), (round(0.55 * s), round(0.72 * s))
        cv2.ellipse(cover, middle, axes, face.degrees, 0, 360, 1.0, -1)
        cover = cv2.GaussianBlur(cover, (0, 0), 0.03 * s)
        light = (picture / np.float32(255)).astype(np.float32) ** np.float32(2.2)
        return cls(light, cover, face.center, face.size, look_of(picture, mesh.points))


@dataclass(frozen=True)
class Here:
    """A person in a frame. x, y: px of the face's middle; size: px."""

    who: str
    x: float
    y: float = 180.0
    size: float = 110.0


@dataclass(frozen=True)
class Scene:
    """One frame: who is where, from back to front; a board before them (x, width); its set."""

    people: tuple[Here, ...]
    board: tuple[float, float] | None = None
    place: int = 0
    exposure: float = 1.0

    def __iter__(self) -> Iterator[Here]:
        return iter(self.people)


Case = Callable[[int], Scene]


def crossing_before(n: int) -> Scene:
    return Scene((Here("B", 520 - 18 * n), Here("A", 120 + 18 * n)))


def crossing_behind(n: int) -> Scene:
    return Scene((Here("A", 120 + 18 * n), Here("B", 520 - 18 * n)))


def passed_slowly(n: int) -> Scene:
    return Scene((Here("A", 300 + 2 * n), Here("B", 470 - 14 * n, 188, 125)))


def leaving(n: int) -> Scene:
    return Scene((Here("B", 430 - 3 * n), Here("A", 500 + 16 * n)))


def behind_a_board(n: int) -> Scene:
    people = [Here("A", 200 + 9 * n)] if n < 14 else [Here("B", 210 + 12 * n)]
    return Scene(tuple(people), (330, 150))


def passed_by_a_board(n: int) -> Scene:
    return Scene((Here("A", 245 + n), Here("B", 400 + n)), (640.0 - 32 * n, 200))


def cut_to_the_other(n: int) -> Scene:
    if 8 <= n < 16:
        return Scene((Here("B", 318 + n, 175, 118),), place=1, exposure=0.8)
    return Scene((Here("A", 300 + 2 * n),), place=2 * (n >= 16))


def cut_among_others(n: int) -> Scene:
    if n < 10:
        return Scene((Here("A", 200 + 2 * n), Here("B", 440)))
    return Scene((Here("B", 200 + n, 170, 100), Here("A", 450 - n, 180, 120)), place=1)


def close_up(n: int) -> Scene:
    if n < 10:
        return Scene((Here("B", 200, 150, 70), Here("A", 420 + n, 160, 75)))
    return Scene((Here("A", 260 - n, 185, 220),), place=1, exposure=1.15)


def close_up_of_the_other(n: int) -> Scene:
    if 8 <= n < 16:
        return Scene((Here("B", 330 + n, 185, 220),), place=1)
    return Scene((Here("B", 180, 150, 80), Here("A", 350 + n, 160, 85)))


CASES: tuple[Case, ...] = (
    crossing_before,
    crossing_behind,
    passed_slowly,
    leaving,
    behind_a_board,
    passed_by_a_board,
    cut_to_the_other,
    cut_among_others,
    close_up,
    close_up_of_the_other,
)


People = dict[str, Sequence[Person]]
"""Who is called what, and how that one looks in frame after frame, to and fro."""


def painted(scene: Scene, people: People, number: int) -> np.ndarray:
    """(360, 640, 3) float32, scene-linear, with a little grain."""
    width, height = SIZE
    wall = _grain(scene.place, (9, 16), 0.12) + np.float32(0.2)
    plate = cv2.resize(wall, SIZE, interpolation=cv2.INTER_CUBIC)
    for here in scene:
        who = _to_and_fro(people[here.who], number)
        matrix = Similarity.of(here.size / who.size, 0, who.center, (here.x, here.y)).matrix
        matrix[:, 2] += matrix[:, :2] @ (0.5, 0.5) - 0.5
        cover = cv2.warpAffine(who.cover, matrix, SIZE, flags=cv2.INTER_AREA)[..., None]
        plate = plate * (1 - cover) + cv2.warpAffine(who.light, matrix, SIZE) * cover
    if scene.board is not None:
        left, right = scene.board[0] - scene.board[1] / 2, scene.board[0] + scene.board[1] / 2
        plate[:, int(left) : int(right)] = (0.12, 0.09, 0.06)
    plate = plate * scene.exposure + _grain(100 + number, (height, width), 0.008)
    return np.maximum(plate, 0).astype(np.float32)


def _to_and_fro(looks: Sequence[Person], number: int) -> Person:
    there = number % max(1, 2 * len(looks) - 2)
    return looks[there if there < len(looks) else 2 * len(looks) - 2 - there]


def _grain(seed: int, shape: tuple[int, int], much: float) -> np.ndarray:
    return np.random.default_rng(seed).normal(0, much, (*shape, 3)).astype(np.float32)


def tracked(case: Case, people: People) -> FaceTrack:
    """A is pointed at in the first frame, and followed."""
    plates = [painted(case(n), people, n) for n in range(FRAMES)]
    whole = Region(0, 0, *SIZE)

    def read(frame: int, region: Region | None) -> tuple[np.ndarray, Region]:
        region = region or whole
        return plates[frame][region.slices(whole)], region

    first = next(here for here in case(0) if here.who == "A")
    return track_shot(read, range(FRAMES), SIZE, FaceChoice(point=(first.x, first.y)))


def seen_part(scene: Scene, who: str) -> float:
    """Share of a face, a disc about its middle, that nothing hides."""
    spot = np.zeros(SIZE[::-1], np.uint8)
    whole = 1.0
    for here in scene:
        value = 1 if here.who == who else 0
        at, radius = (round(here.x), round(here.y)), round(0.42 * here.size)
        if value:
            whole = np.pi * radius**2
        cv2.circle(spot, at, radius, value, -1)
    if scene.board is not None:
        left, right = scene.board[0] - scene.board[1] / 2, scene.board[0] + scene.board[1] / 2
        spot[:, max(0, int(left)) : max(0, int(right))] = 0
    return float(spot.sum() / whole)


def letters(case: Case, track: FaceTrack) -> str:
    return "".join(_letter(case(n), track, n) for n in range(FRAMES))


def _letter(scene: Scene, track: FaceTrack, number: int) -> str:
    face, part = track.at(number), seen_part(scene, "A")
    if face is None:
        return "-" if part > 0.75 else "."

    def at(here: Here) -> bool:
        off = np.hypot(face.center[0] - here.x, face.center[1] - here.y) / here.size
        return bool(off < 0.3 and 0.7 < face.size / here.size < 1.4)

    there = {here.who for here in scene if at(here)}
    if "A" in there and part > 0.25:
        return "A"
    if "B" in there and seen_part(scene, "B") > 0.25:
        return "B"
    return "h" if face.state == "held" else "x"


def looks_of(path: Path) -> list[Person]:
    """From a picture, or from a folder of them."""
    files = sorted(path.iterdir()) if path.is_dir() else [path]
    return [Person.of(cv2.imread(str(f))[..., ::-1].copy()) for f in files]


def unlike_earlier(looks: Sequence[Appearance]) -> Iterator[float]:
    known = Looks()
    for n, look in enumerate(looks):
        if n:
            yield known.unlike(look)
        known.learn(look)


def unlike_another(looks: Sequence[Appearance], another: Sequence[Appearance]) -> Iterator[float]:
    known = Looks()
    for look in another:
        known.learn(look)
    return map(known.unlike, looks)


def told_apart(looks: Sequence[Sequence[Appearance]]) -> str:
    own = [unlike for each in looks for unlike in unlike_earlier(each)]
    foreign = [u for one, other in permutations(looks, 2) for u in unlike_another(one, other)]
    return (
        f"unlike earlier looks: median {np.median(own):.2f}, SAME or more in "
        f"{np.mean(np.array(own) >= SAME):.1%} of {len(own)}; unlike another's: median "
        f"{np.median(foreign):.2f}, below SAME in {np.mean(np.array(foreign) < SAME):.1%} of "
        f"{len(foreign)}"
    )


def main(paths: Sequence[str]) -> None:
    known = {Path(p).stem: looks_of(Path(p)) for p in paths}
    several = [[person.look for person in each] for each in known.values() if len(each) > 1]
    if several:
        print(told_apart(several), flush=True)
    count: dict[str, int] = {}
    for one, other in permutations(known, 2):
        people = {"A": known[one], "B": known[other]}
        for case in CASES:
            told = letters(case, tracked(case, people))
            print(f"{one:>12} {other:>12}  {case.__name__:22} {told}", flush=True)
            for letter in told:
                count[letter] = count.get(letter, 0) + 1
    print("  ".join(f"{letter} {count[letter]}" for letter in sorted(count)))


if __name__ == "__main__":
    main(sys.argv[1:])
