"""Where a node's baked layers lie on disk."""

from __future__ import annotations

import glob
import os
import shutil
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

import nuke

from reage.errors import OutputError, SettingsError
from reage.media.patterns import frame_path, has_frame_token
from reage_host import patterns
from reage_host.patterns import for_view, has_view
from reage_host.versions import next_version
from reage_nuke.nodes import all_nodes, pattern_of


def layers_pattern(node: Any) -> str:
    """The node's pattern, views and frames open, absolute.

    Raises SettingsError where it is empty, or lacks something.
    """
    text = pattern_of(node["cache"])
    if not text:
        raise SettingsError(f"{node.name()} is not baked yet.")
    text = absolute(text, node)
    if not has_frame_token(text):
        raise SettingsError(
            f"{node.name()}: files is {text}; it needs a frame number, such as face.%04d.exr."
        )
    if Path(text).suffix.lower() != ".exr":
        raise SettingsError(f"{node.name()}: files is {text}; layers are written as .exr.")
    if len(nuke.views()) > 1 and not has_view(text):
        raise SettingsError(
            f"{node.name()}: the script has {len(nuke.views())} views, so files needs a %V."
        )
    return text


def claim(node: Any) -> str:
    """`layers_pattern`, made sure to be this node's own before anything is written.

    An empty one is filled in. A node that was copied, or whose script was saved under a new
    name, gets files of its own where the pattern was ours to choose; what stands already is
    copied over, so that only stale frames are computed. Raises SettingsError.
    """
    if not pattern_of(node["cache"]):
        _choose(node)
        return layers_pattern(node)
    text = layers_pattern(node)
    chosen_for = str(node["files_of"].value())
    if chosen_for and chosen_for != _signature(node) and _owner_stands(node, chosen_for):
        _choose(node)
        bring(text, layers_pattern(node), nuke.views())
        return layers_pattern(node)
    _check_alone(node, text)
    return text


def free_version(node: Any) -> str:
    """The next version of a node's files that nobody has, as its knob is to name it.

    Raises SettingsError where Tcl or a variable names the files.
    """
    text = patterns.with_percent(str(node["cache"].getText() or ""))
    if "[" in text or "%{" in text:
        raise SettingsError(
            f"{node.name()}: a file of {text} is open in another program; as an expression names "
            "the files, close it there, or name others, and bake again."
        )
    taken = {pattern_of(n["cache"]) for n in all_nodes()}
    text = next_version(text)
    while text in taken or _stands(absolute(text, node)):
        text = next_version(text)
    return text


def _stands(text: str) -> bool:
    return any(patterns.on_disk(for_view(text, view)) for view in nuke.views())


def _choose(node: Any) -> None:
    node["cache"].setValue(default_pattern(node))
    node["files_of"].setValue(_signature(node))


def _signature(node: Any) -> str:
    return f"{script_file()}:{node.fullName()}"


def _owner_stands(node: Any, signature: str) -> bool:
    """Whether the node that the files were chosen for is still there, here or in its script."""
    script, _, name = signature.rpartition(":")
    if script == script_file():
        return any(each.fullName() == name for each in all_nodes())
    return Path(script).is_file()


def bring(old: str, new: str, views: Iterable[str], fresh: Iterable[int] = ()) -> None:
    """Baked frames and tracks of one pattern under another as well. On any thread.

    fresh: frames that stay as they are; their files get a second name where the disk can do that,
           which costs nothing, and are never written to, but renamed over
    """
    fresh = tuple(fresh)
    for view in views:
        source, target = (Path(for_view(text, view)) for text in (old, new))
        stem, stem_new = (path.name.split("%")[0] for path in (source, target))
        same = {frame_path(source, frame) for frame in fresh}
        for path in source.parent.glob(f"{glob.escape(stem)}*"):
            if path.is_file():
                target.parent.mkdir(parents=True, exist_ok=True)
                _copy(path, target.with_name(stem_new + path.name[len(stem) :]), path in same)


def _copy(old: Path, new: Path, same: bool) -> None:
    if same:
        with suppress(OSError):
            os.link(old, new)
            return
    shutil.copy2(old, new)


def default_pattern(node: Any) -> str:
    """reage/SCRIPT/NODE.%04d.exr beside the script. Raises SettingsError where it is unsaved."""
    script = Path(script_file() or "")
    if script == Path():
        raise SettingsError(
            f"{node.name()}: save the script first, or say under files where layers are to go."
        )
    name = node.fullName().replace(".", "_")
    views = ".%V" if len(nuke.views()) > 1 else ""
    folder = script.parent / "reage" / script.stem
    taken = {pattern_of(n["cache"]) for n in all_nodes() if n.fullName() != node.fullName()}
    names = (name, *(f"{name}_{k}" for k in range(2, 1000)))
    free = ((folder / f"{each}{views}.%04d.exr").as_posix() for each in names)
    return next(text for text in free if text not in taken)


def script_file() -> str:
    """The script's file, or "" where it was never saved."""
    name = str(nuke.root().name())
    return "" if name == "Root" else name


def check_writable(text: str) -> None:
    """Raises OutputError where no file can be written beside `text`."""
    folder = Path(for_view(text, "main")).parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as e:
        raise OutputError(f"The folder {folder} cannot be made: {e.strerror}.") from e
    if not os.access(folder, os.W_OK):
        raise OutputError(f"The folder {folder} cannot be written to; choose other files.")


def _check_alone(node: Any, text: str) -> None:
    """Raises SettingsError where another node of the script bakes into the same files."""
    for other in all_nodes():
        if other.fullName() == node.fullName() or not pattern_of(other["cache"]):
            continue
        theirs = absolute(pattern_of(other["cache"]), other)
        if theirs == text and str(other["files_of"].value()) in ("", _signature(other)):
            raise SettingsError(
                f"{node.name()} and {other.name()} bake into the same files, {text}; "
                "give one of them its own."
            )


def absolute(text: str, node: Any) -> str:
    """Relative patterns count from the project directory, as Nuke's Reads count them."""
    if Path(text).is_absolute() or text[1:2] == ":":
        return text
    base = str(nuke.root()["project_directory"].evaluate() or "")
    if not base:
        raise SettingsError(
            f"{node.name()}: files is {text}, and the project has no directory to count from; "
            "give the whole path, or set the project directory."
        )
    return (Path(base) / text).as_posix()
