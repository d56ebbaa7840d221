"""Random damage to small files, the same for the same seed."""

from __future__ import annotations

import json
import random
from typing import Any

ODD = (
    None, True, False, 0, -1, 1, 1.5, -0.0, 1e-300, 1e99, 1e12, 10**17, 2**31, 65536, 255, "",
    "x", "\0", "\ud800", "\udce9", "NaN", "1" * 5000, "1-99999999", "../../x", "a.pattern.exr",
    "é" * 300,
    [], {}, [[]], [{}], [0, 0], {"": None}, [1e99, -1e99], [[1, 2]] * 2000, {"a": {"a": {"a": 1}}},
)  # fmt: skip
"""What stands where something else was meant."""

_TEXTS = ("NaN", "Infinity", "-Infinity", "1e999", "9" * 400, "[" * 5000, '"\\ud800"', "nul", "")
"""What no JSON value may be, for a place in a text."""


def damaged(data: bytes, rng: random.Random) -> bytes:
    """Bytes flipped, lost, doubled, put in, or cut off."""
    out = bytearray(data)
    for _ in range(rng.choice((1, 1, 1, 2, 3, 8))):
        at = int(len(out) * rng.random() ** rng.choice((1, 1, 3)))  # headers more often
        how = rng.randrange(7)
        if how <= 2:
            out[at : at + 1] = bytes([rng.choice((0, 1, 127, 128, 255, rng.randrange(256)))])
        elif how == 3:
            out[at : at + 4] = rng.choice((0, 1, 2**31 - 1, 2**32 - 1, 2**24)).to_bytes(4, "little")
        elif how == 4:
            del out[at : at + rng.choice((1, 4, 100))]
        elif how == 5:
            out[at:at] = out[at : at + rng.choice((1, 8, 200))]
        elif rng.random() < 0.3:
            del out[at:]
    return bytes(out)


def altered(data: bytes, rng: random.Random) -> bytes:
    """JSON with other values, keys or kinds at a place or more; sometimes damaged as bytes."""
    if rng.random() < 0.2:
        return damaged(data, rng)
    value = json.loads(data)
    for _ in range(rng.choice((1, 1, 2, 4))):
        value = _altered(value, rng)
    text = json.dumps(value)
    if rng.random() < 0.1:  # what json.dumps does not write
        at = text.find(":", rng.randrange(len(text))) + 1 or len(text)
        text = text[:at] + rng.choice(_TEXTS) + text[at:]
    if rng.random() < 0.1:
        text = text.replace("{", '{"frame": 1, "name": "x", ', rng.choice((1, 2)))
    return text.encode()


def _altered(value: Any, rng: random.Random) -> Any:
    """One place of a value changed, found from the root on."""
    if not isinstance(value, (dict, list)) or not value or rng.random() < 0.1:
        alike = [each for each in ODD if type(each) is type(value)] or ODD
        how = rng.random()
        return _number(value, rng) if how < 0.6 else rng.choice(alike if how < 0.8 else ODD)
    keys = list(value) if isinstance(value, dict) else range(len(value))
    key = rng.choice(keys)
    how = rng.randrange(10)
    out: Any = value.copy()
    if how == 0:
        del out[key]
    elif how == 1 and isinstance(out, dict):
        out[rng.choice(("x", "", "frame", "\0", "constructor"))] = out.pop(key)
    elif how == 1:
        out[key:key] = [out[key]] * rng.choice((1, 3, 2000))
    else:
        out[key] = _altered(value[key], rng)
    return out


def _number(value: Any, rng: random.Random) -> Any:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return rng.choice(ODD)
    by = rng.choice((-1, 0, 0.5, 1.001, 2, 1000, 1e6, 1e-6, 1e30))
    return value * by if abs(value * by) < 1e90 else value
