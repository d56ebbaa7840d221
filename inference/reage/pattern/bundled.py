"""The album in a bundle, as a folder of pages."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

from reage import home
from reage.errors import FileInUse, SettingsError
from reage.media.replacing import replacing
from reage.models.bundle import LARGEST_PAGE, entry, pages_in


def album_of(bundle: Path) -> Path:
    """Its pages, unpacked where ReAge keeps what it can make again. Raises ModelError where it
    cannot be read, SettingsError where it has none, or where there is no such place."""
    place = home.cache()
    if place is None:
        raise SettingsError(
            f"The album in {bundle} has to be unpacked, and REAGE_CACHE is empty: name a folder "
            "in it, or the book itself in place of the bundle."
        )
    pages = pages_in(bundle)
    if not pages:
        raise SettingsError(f"The bundle {bundle} holds no album; name a pattern in its place.")
    said = repr([(page.filename, page.file_size, page.CRC) for page in pages])
    folder = place / "albums" / sha256(said.encode()).hexdigest()[:16]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for page in pages:
            out = folder / Path(page.filename).name
            if not (out.is_file() and out.stat().st_size == page.file_size):
                with replacing(out) as draft:
                    draft.write_bytes(entry(bundle, page.filename, LARGEST_PAGE))
    except (OSError, FileInUse) as e:
        raise SettingsError(f"The album in {bundle} cannot be unpacked in {folder}: {e}.") from e
    return folder
