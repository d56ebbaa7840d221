"""A book's photographs, as whoever learns from them or judges by them reads them."""

from __future__ import annotations

from reage.pattern.photo.photograph import Photograph, photograph
from reage_training.actor.book import Book, Entry


def photograph_of(book: Book, entry: Entry) -> Photograph:
    """In the colorspace that ingest was told, where the file does not say one. Raises as
    `photograph` does."""
    return photograph(book.path(entry), entry.colorspace or None)
