"""The mirror in its window, from start to end."""

from __future__ import annotations

import signal

from reage_live.look import palette
from reage_live.mirror import Mirror
from reage_live.window import MirrorWindow
from reage_ui.qt import run
from reage_ui.theme import application

_SIZE = (1600, 680)
_FRAME = 40
"""Px of a screen's height that the window's own frame may take."""


def show(mirror: Mirror, layout: str, screen: int | None, flip: bool) -> int:
    """Open the window, start the mirror, and wait for the window to be closed.

    Raises KeyboardInterrupt where Ctrl-C in the terminal closed it.
    """
    app = application()
    app.setPalette(palette())
    window = MirrorWindow(mirror, layout)
    window.controls.flip.setChecked(flip)
    room = app.primaryScreen().availableSize()
    window.resize(min(_SIZE[0], room.width()), min(_SIZE[1], room.height() - _FRAME))
    window.show()
    if screen is not None:
        window.full_screen(screen)
    stopped: list[bool] = []

    def stop(*_: object) -> None:
        stopped.append(True)
        window.close()

    before = signal.signal(signal.SIGINT, stop)  # Qt's loop would not let Python's through
    mirror.start()
    try:
        code = run(app)
    finally:
        signal.signal(signal.SIGINT, before)
    if stopped:
        raise KeyboardInterrupt
    return code
