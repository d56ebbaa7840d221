"""The plugin path, and starting up along it."""

from __future__ import annotations

import runpy
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from fake_nuke.world import World


class Plugins:
    """Folders that hold gizmos, init.py and menu.py."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._running_init = False
        self._added: list[str] = []

    def add(self, paths: Any, addToSysPath: bool = True, front: bool = True) -> None:
        """Each folder moves or goes to the front. Inside an init.py, the folder's own runs, too."""
        for path in [paths] if isinstance(paths, (str, Path)) else list(paths):
            folder = self._absolute(Path(str(path)))
            if folder in self.world.plugin_path:
                self.world.plugin_path.remove(folder)
            self.world.plugin_path.insert(0 if front else len(self.world.plugin_path), folder)
            if addToSysPath and str(folder) not in sys.path:
                sys.path.insert(0 if front else len(sys.path), str(folder))
                self._added.append(str(folder))
            if self._running_init and (folder / "init.py").is_file():
                runpy.run_path(str(folder / "init.py"))

    def _absolute(self, path: Path) -> Path:
        """A relative path is meant from the file that calls."""
        if path.is_absolute():
            return path
        here = Path(__file__)
        frame = sys._getframe(1)
        while frame.f_back is not None and Path(frame.f_code.co_filename).parent == here.parent:
            frame = frame.f_back
        return (Path(frame.f_code.co_filename).parent / path).resolve()

    def start(self, folder: Path) -> None:
        """What Nuke does with a folder of NUKE_PATH: init.py, then with a GUI menu.py."""
        self.add(str(folder))
        for name in ("init.py", "menu.py")[: 2 if self.world.gui else 1]:
            if (folder / name).is_file():
                self._running_init = name == "init.py"
                try:
                    runpy.run_path(str(folder / name))
                finally:
                    self._running_init = False

    def forget(self) -> None:
        """Take back what was added to sys.path."""
        for path in self._added:
            if path in sys.path:
                sys.path.remove(path)
