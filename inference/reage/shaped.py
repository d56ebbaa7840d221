"""Values out of JSON, held against what a dataclass or a function says that it takes.

Standard library only.
"""

from __future__ import annotations

import reprlib
import types
from dataclasses import MISSING, fields, is_dataclass
from functools import lru_cache
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from reage.errors import ReageError

T = TypeVar("T")

_REPR = reprlib.Repr()
_REPR.maxstring = _REPR.maxother = _REPR.maxlong = 80

shown = _REPR.repr
"""A value in a sentence: as Python writes it, and short, whatever its size."""



def short(text: object) -> str:
    """Words in a sentence: without quotes, and short."""
    return shown(str(text))[1:-1]


_WORDS = {
    float: "a number", int: "a whole number", str: "text", bool: "true or false",
    type(None): "null",
}  # fmt: skip


def made(cls: type[T], data: object, who: str, error: type[ReageError]) -> T:
    """A dataclass out of a JSON object with a value of the right kind for each field. who: names
    it in sentences. Raises `error`, and what `cls` itself raises."""
    if not isinstance(data, dict):
        raise error(f"{who} must be a JSON object.")
    all_fields = fields(cls)  # type: ignore[arg-type]
    known = {f.name for f in all_fields}
    if unknown := sorted(set(data) - known):
        raise error(
            f"{who} has unknown fields: {short(', '.join(unknown))}. "
            f"Known fields are {', '.join(sorted(known))}."
        )
    needed = [f.name for f in all_fields if f.default is f.default_factory is MISSING]
    if lacking := [name for name in needed if name not in data]:
        raise error(f"{who} lacks {', '.join(lacking)}.")
    hints = _hints(cls)  # type: ignore[arg-type]
    return cls(**{
        name: shaped(value, hints[name], f"{who}: {name}", error) for name, value in data.items()
    })  # fmt: skip


def shaped(value: Any, hint: Any, who: str, error: type[ReageError]) -> Any:
    """A value as `hint` wants it: lists become tuples, objects dataclasses. Whole numbers pass
    for numbers; true and false for neither. Raises `error`."""
    origin, args = get_origin(hint), get_args(hint)
    if is_dataclass(hint):
        return made(hint, value, who, error)  # type: ignore[arg-type]
    if type(None) in args and value is not None:
        return shaped(value, Union[tuple(a for a in args if a is not type(None))], who, error)  # noqa: UP007
    if not _fits(value, hint):
        raise error(f"{who} is {shown(value)}; it must be {_words(hint)}.")
    if origin is tuple:
        each = args if ... not in args else args[:1] * len(value)
        return tuple(
            shaped(v, a, f"{who}, {n}", error)
            for n, (v, a) in enumerate(zip(value, each, strict=True))
        )
    return value


@lru_cache
def _hints(cls: Any) -> dict[str, Any]:
    return get_type_hints(cls)


def _fits(value: Any, hint: Any) -> bool:
    """Whether a value is of a kind, leaving aside what a tuple holds."""
    origin, args = get_origin(hint), get_args(hint)
    if hint in (Any, object):
        return True
    if hint is float:
        return type(value) in (int, float)
    if hint in _WORDS:
        return type(value) is hint
    if origin in (Union, types.UnionType):
        return any(_fits(value, each) for each in args)
    if origin is tuple:
        return isinstance(value, list) and (... in args or len(value) == len(args))
    return isinstance(value, dict)


def _words(hint: Any) -> str:
    origin, args = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        return " or ".join(map(_words, args))
    if origin is tuple:
        return "a list" if ... in args else f"[{', '.join(map(_words, args))}]"
    return _WORDS.get(hint, "a JSON object")
