"""The mirror in its window, from start to end."""

from __future__ import annotations

from reage_live.look import palette
from reage_live.mirror import Mirror
from reage_live.window import MirrorWindow
from reage_ui.qt import run
from reage_ui.theme import application

_SIZE = (1600, 640)


def show(mirror: Mirror, layout: str, screen: int | None, flip: bool) -> int:
    """Open the window, start the mirror, and wait for the window to be closed."""
    app = application()
    app.setPalette(palette())
    window = MirrorWindow(mirror, layout)
    window.controls.flip.setChecked(flip)
    window.resize(*_SIZE)
    window.show()
    if screen is not None:
        window.full_screen(screen)
    mirror.start()
    return run(app)
