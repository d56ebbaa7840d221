"""Newest wins: at most one request at work and one that waits. No Qt, no thread, no clock."""

from __future__ import annotations

from typing import Generic, TypeVar

Request = TypeVar("Request")


class PreviewQueue(Generic[Request]):
    """Decides which request is sent when.

    A slider that moves asks far more often than a model can answer. What is asked while
    one request is at work waits, and takes the place of what waited before; so what was
    asked last is always answered, and nothing else delays it but the one at work.
    """

    def __init__(self) -> None:
        self.at_work: Request | None = None
        self.waiting: Request | None = None

    def ask(self, request: Request) -> Request | None:
        """The request to send now: this one, or None where it has to wait."""
        if self.at_work is not None:
            self.waiting = request
            return None
        self.at_work = request
        return request

    def answered(self) -> Request | None:
        """The request at work came to its end; returns the one to send now, or None."""
        self.at_work, self.waiting = self.waiting, None
        return self.at_work

    def forget(self) -> None:
        """Drop what waits; the request at work still has to be answered."""
        self.waiting = None
