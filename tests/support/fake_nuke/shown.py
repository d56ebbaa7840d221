"""What a node tells of its picture: size, channels, metadata, frames, errors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fake_nuke.boxes import Box
from fake_nuke.errors import RenderError
from fake_nuke.formats import Format
from fake_nuke.guard import MainThreadOnly
from fake_nuke.ranges import FrameRange

if TYPE_CHECKING:
    from fake_nuke.world import World


class Shown(MainThreadOnly):
    """The part of a node that asks the session's evaluator."""

    _world: World

    def _picture(self, frame: float | None = None, view: str | None = None) -> Any:
        """The picture now; black in the root's format where it cannot be made."""
        when = self._world.frame if frame is None else frame
        try:
            return self._world.evaluator.header(self, when, view or self._world.view)
        except RenderError:
            return self._world.evaluator.black(self)

    def format(self) -> Format:
        return self._picture().format

    def width(self) -> int:
        return self.format().width()

    def height(self) -> int:
        return self.format().height()

    def pixelAspect(self) -> float:
        return self.format().pixelAspect()

    def bbox(self) -> Box:
        x, y, r, t = self._picture().box
        return Box(x, y, r - x, t - y)

    def channels(self) -> list[str]:
        return list(self._picture().channels)

    def metadata(self, key: str | None = None, time: float | None = None, view: Any = None) -> Any:
        if self._world.loading and self._world.in_callback:
            raise RuntimeError(
                "metadata() of a node that is being loaded or pasted can corrupt the script; "
                "look at screenHeight() first."
            )
        found = self._picture(time, view).metadata
        return dict(found) if key is None else found.get(key)

    def sample(
        self, channel: str, x: float, y: float, dx: float = 0, dy: float = 0, frame: Any = None
    ) -> float:
        when = self._world.frame if frame is None else frame
        return self._world.evaluator.sample(self, channel, x, y, when, self._world.view)

    def firstFrame(self) -> int:
        return self._frames()[0]

    def lastFrame(self) -> int:
        return self._frames()[1]

    def frameRange(self) -> FrameRange:
        return FrameRange(*self._frames(), 1)

    def _frames(self) -> tuple[int, int]:
        return self._world.evaluator.frames(self)

    def proxy(self) -> bool:
        return self._world.root.proxy()

    def opHashes(self) -> list[int]:
        return [self._world.evaluator.op_hash(self, self._world.frame, self._world.view)]

    def hasError(self) -> bool:
        """Whether this node itself has an error."""
        return self._world.evaluator.error(self, self._world.frame, self._world.view) is self

    def treeHasError(self) -> bool:
        return self._world.evaluator.error(self, self._world.frame, self._world.view) is not None

    def error(self) -> bool:
        return self.treeHasError()

    def forceValidate(self) -> None:
        pass
