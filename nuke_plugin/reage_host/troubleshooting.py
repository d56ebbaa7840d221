"""What every host's Troubleshoot button asks, and how it says what is not well."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from reage.errors import ReageError
from reage_host import engine


def said(what: str, find: Callable[[], str]) -> str:
    """A line about one thing; where it cannot be found, why."""
    try:
        return f"{what}: {find()}"
    except ReageError as e:
        return f"{what}: NOT WELL. {e}"


def command() -> str:
    """What starts a worker. Raises as `engine.command` does."""
    return " ".join(engine.command())


def worker(environment: Mapping[str, str]) -> str:
    """What a worker says of itself. Raises as `engine.ask` does."""
    told = engine.ask("hello", environment)
    return f"ReAge {told['version']}, Python {told['python']}"


def model(environment: Mapping[str, str], path: str | None, device: str) -> str:
    """What a worker says of a model, None being the default one. Raises as `engine.ask` does."""
    told = engine.ask("model", environment, model=path, device=device)
    return f"{told['name']} {told['version']} on {told['device']}"
