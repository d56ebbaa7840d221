"""Check the Python behind a button: what it imports and calls must be there.

Asked in a session, as modules that a button names may import nuke.
"""

from __future__ import annotations

import ast
import importlib
import inspect
from collections.abc import Iterator
from typing import Any


def problems(code: str) -> list[str]:
    """Sentences on imports and calls that lead nowhere. Modules are imported, calls not made."""
    try:
        tree = ast.parse(code)
    except SyntaxError as error:
        return [f"line {error.lineno} is no Python: {error.msg}."]
    known: dict[str, Any] = {"nuke": importlib.import_module("nuke")}
    return [*_imports(tree, known), *_calls(tree, known)]


def _imports(tree: ast.Module, known: dict[str, Any]) -> Iterator[str]:
    """Import what the code imports, into `known`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                try:
                    module = importlib.import_module(alias.name)
                except ImportError as error:
                    yield f"import {alias.name} fails: {error}."
                    continue
                top = alias.name.partition(".")[0]
                known[alias.asname or top] = module if alias.asname else __import__(top)
        elif isinstance(node, ast.ImportFrom):
            try:
                source = importlib.import_module(node.module or "")
            except ImportError as error:
                yield f"from {node.module} fails: {error}."
                continue
            for alias in node.names:
                if hasattr(source, alias.name):
                    known[alias.asname or alias.name] = getattr(source, alias.name)
                else:
                    yield f"{node.module} has no {alias.name}."


def _calls(tree: ast.Module, known: dict[str, Any]) -> Iterator[str]:
    own = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and not _is_read(n)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = ast.unparse(node.func)
            root = _root(node.func)
            try:
                function = eval(name, dict(known)) if root and root not in own else None
            except (AttributeError, NameError) as error:
                yield f"{name} leads nowhere: {error}."
                continue
            if function is not None:
                yield from _fits(name, function, node)


def _is_read(name: ast.Name) -> bool:
    return isinstance(name.ctx, ast.Load)


def _root(function: ast.expr) -> str:
    """The a of a, a.b, a.b.c; "" for what cannot be looked up without calling something."""
    while isinstance(function, ast.Attribute):
        function = function.value
    return function.id if isinstance(function, ast.Name) else ""


def _fits(name: str, function: Any, call: ast.Call) -> Iterator[str]:
    """Whether it can be called, and with that many arguments."""
    if not callable(function):
        yield f"{name} cannot be called."
        return
    if any(isinstance(a, ast.Starred) for a in call.args) or any(
        k.arg is None for k in call.keywords
    ):
        return
    try:
        signature = inspect.signature(function)
    except ValueError:
        return
    try:
        signature.bind(*call.args, **{str(k.arg): k.value for k in call.keywords})
    except TypeError as error:
        yield f"{name}: {error}."
