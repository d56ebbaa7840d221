"""A render's frames, as they come in order, into a movie."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np

from reage.media.finished_movie import FinishedMovie
from reage.pixels.plate import Pixels
from reage.shot.finished import is_movie
from reage.shot.marks import movie_spec
from reage.shot.metadata import frame_metadata
from reage.shot.render_context import RenderContext
from reage.shot.render_frame import Frame


@contextmanager
def reel(faces: Sequence[RenderContext]) -> Iterator[Callable[[Frame], Frame]]:
    """Gives what takes each frame in order and gives it back without its picture. Where the output
    is a movie, that stands when the block ends well, and not at all when it does not.

    A frame that has no picture, as its plate cannot be read, shows the one before again, the first
    black. Raises OutputError.
    """
    context = faces[0]
    if context.finish is None or not is_movie(context.job.output):
        yield lambda frame: frame
        return
    metadata = frame_metadata(faces, context.footage.frames[0])
    spec, notices = movie_spec(context.footage, context.finish, metadata, context.job.rate)
    movie = FinishedMovie(Path(context.job.output), spec)
    for each in faces:  # the movie is of them all
        each.notices.extend([*notices, *movie.notices])
    before: Pixels = np.zeros((spec.size[1], spec.size[0], 3), np.float32)

    def take(frame: Frame) -> Frame:
        nonlocal before
        before = before if frame.picture is None else frame.picture
        with context.clock("write"):
            movie.write(before)
        return replace(frame, picture=None)

    try:
        yield take
        movie.close()
    finally:
        movie.abandon()
