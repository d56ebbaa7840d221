"""The maps of a mix of patterns."""

from __future__ import annotations

from functools import cache, lru_cache
from pathlib import Path

import numpy as np

from reage.fingerprint import file_fingerprint
from reage.mix import REGIONS, Mix, Term
from reage.pattern.file import read_pattern
from reage.pattern.maps import SIZE, maps
from reage.pattern.noise import Field, as_field, uv_grid
from reage.pattern.regions import neck, place

_PLACES = {
    "forehead": ("forehead",),
    "eyes": ("lid", "under_eye", "inner_eye", "outer_eye"),
    "nose": ("nose", "alar"),
    "cheeks": ("cheek", "lower_cheek"),
    "chin": ("chin",),
}
"""Of `reage.pattern.regions`, for each region."""

_MOUTH = ((0.17, 0.09), 0.445)
"""Half width and height, and v, of all that is around the mouth, in face UV."""

_NEAR = 1e-4
"""Far from all places, the nearest one still decides."""


def mixed(mix: Mix) -> Field:
    """(SIZE, SIZE, 3) float32, read-only: lines, folds and marks, see `reage.pattern.maps`.

    A plain seed gives its own maps, to the bit. Raises SettingsError where a file cannot be read.
    """
    if isinstance(mix.plain, int):
        return maps(mix.plain)
    total = sum(_of_term(term) for term in mix.terms)
    out = np.asarray(total, np.float32)
    out.setflags(write=False)
    return out


def check_files(mix: Mix) -> None:
    """Raises SettingsError where a file of a mix cannot be read."""
    for path in mix.files:
        _file(str(path))


def share(region: str, size: int) -> Field:
    """(size, size) 0 … 1: how much of each place is a region's. Law: the regions' sum to 1."""
    return np.asarray(_shares(size)[REGIONS.index(region)])


def _of_term(term: Term) -> Field:
    made = _file(term.source) if isinstance(term.source, str) else maps(term.source)
    if term.mirror:
        made = made[:, ::-1]
    if term.regions:
        shares = [share(region, SIZE) for region in dict.fromkeys(term.regions)]
        made = made * np.sum(shares, 0)[..., None]
    return np.asarray(made * np.float32(term.by))


def _file(path: str) -> Field:
    return _read(path, file_fingerprint(Path(path)))


@lru_cache(maxsize=8)
def _read(path: str, fingerprint: object) -> Field:
    return read_pattern(Path(path)).maps


@cache
def _shares(size: int) -> Field:
    """(R, size, size), in the order of REGIONS."""
    weights = [_weight(region, size) ** 2 for region in REGIONS]
    return np.asarray(weights / np.sum(weights, 0), np.float32)


def _weight(region: str, size: int) -> Field:
    if region == "neck":
        return 2 * neck(size)
    if region == "mouth":
        (wide, high), middle = _MOUTH
        u, v = uv_grid(size)
        return as_field(np.exp(-(((u - 0.5) / wide) ** 2) - ((v - middle) / high) ** 2))
    return as_field(np.sum([place(name, size) for name in _PLACES[region]], 0) + _NEAR)
