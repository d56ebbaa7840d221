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
from reage.media.patterns import at_rung, frame_path, has_frame_token
from reage_host import patterns, rungs
from reage_host.baked_folder import BEFORE, NAME
from reage_host.patterns import for_view, has_view
from reage_host.track import track_file
from reage_host.versions import next_version
from reage_nuke.nodes import all_nodes, frozen, is_reage, pattern_of

_NOBODY = ("", "")


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
    text, is_chosen = layers_pattern(node), _chosen_for(node) != _NOBODY
    if is_chosen and whose(node, text):
        bring(text, absolute(default_pattern(node), node), nuke.views())
        _choose(node)
        return layers_pattern(node)
    for other in sharing(node, text):
        if not is_chosen or _chosen_for(other) == _NOBODY or _is_owner(other):
            raise SettingsError(
                f"{node.name()} and {other.name()} have the same files, {text}; "
                "give one of them its own."
            )
    if is_chosen:
        node["files_of"].setValue(_signature(node))  # it may have been renamed
    return text


def whose(node: Any, text: str) -> str:
    """The other node, or script, that the files of `text` are before they are this node's; "" where
    there is none."""
    script, _ = _chosen_for(node)
    if script and not _is_open(script):
        return script
    gives_way = not _is_owner(node)
    others = (o.fullName() for o in sharing(node, text) if gives_way or not is_reage(o))
    return str(next(others, ""))


def sharing(node: Any, text: str) -> list[Any]:
    """The script's other nodes, and frozen Groups, whose files are those of `text`, by whichever
    path."""
    wanted, others = _real(text), (*all_nodes(), *frozen())
    return [o for o in others if o.fullName() != node.fullName() and _files(o) == wanted]


def _files(node: Any) -> str:
    """What the node's files are compared by; "" where it has none."""
    text = pattern_of(node["cache"])
    try:
        return _real(absolute(text, node)) if text else ""
    except SettingsError:
        return ""


def _real(text: str | Path) -> str:
    return os.path.normcase(os.path.realpath(text))


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
    text = next_version(text)
    while sharing(node, absolute(text, node)) or _stands(absolute(text, node)):
        text = next_version(text)
    return text


def _stands(text: str) -> bool:
    return any(patterns.on_disk(for_view(text, view)) for view in nuke.views())


def _choose(node: Any) -> None:
    node["cache"].setValue(default_pattern(node))
    node["files_of"].setValue(_signature(node))


def _signature(node: Any) -> str:
    return f"{script_file()}:{node.fullName()}"


def _is_owner(node: Any) -> bool:
    """Whether its files were chosen for it, under the name that it has now."""
    script, name = _chosen_for(node)
    return _is_open(script) and name == node.fullName()


def _chosen_for(node: Any) -> tuple[str, str]:
    """Script and node that we chose the files for; _NOBODY where an artist has named them, be it
    after that."""
    knob = node.knob("files_of")
    script, _, name = str(knob.value() if knob else "").rpartition(":")
    folders = [Path(_real(_folder(script, each))) for each in (NAME, BEFORE)] if script else []
    ours = Path(_files(node)).parent in folders
    return (script, name) if ours else _NOBODY


def _is_open(script: str) -> bool:
    """Whether a script is the one that is open, by whichever path."""
    return bool(script) and _real(script) == _real(script_file())


def bring(old: str, new: str, views: Iterable[str], fresh: Iterable[int] = ()) -> None:
    """Baked frames and tracks of one pattern under another as well. On any thread.
    Raises OutputError where there can be none.

    fresh: frames that stay as they are; their files get a second name where the disk can do that,
           which costs nothing, and are never written to, but renamed over
    """
    fresh = frozenset(fresh)
    for view in views:
        source, target = (for_view(text, view) for text in (old, new))
        check_writable(target)
        for age, each in rungs.by_age(source).items():
            there = target if age is None else at_rung(target, age)
            for frame in patterns.on_disk(each):
                _copy(frame_path(each, frame), frame_path(there, frame), frame in fresh)
        face, face_new = track_file(source), track_file(target)
        for path in face.parent.glob(f"{glob.escape(face.stem)}.*"):
            _copy(path, face_new.with_name(face_new.stem + path.name[len(face.stem) :]), False)


def _copy(old: Path, new: Path, same: bool) -> None:
    if new.exists() and new.samefile(old):  # the script was opened by another path
        return
    if same:
        with suppress(OSError):
            os.link(old, new)
            return
    shutil.copy2(old, new)


def default_pattern(node: Any) -> str:
    """reage_layers/SCRIPT/NODE.%04d.exr beside the script. Raises SettingsError where that was
    never saved."""
    if not script_file():
        raise SettingsError(
            f"{node.name()}: save the script first, or say under files where layers are to go."
        )
    name = node.fullName().replace(".", "_")
    views = ".%V" if len(nuke.views()) > 1 else ""
    folder = _folder(script_file())
    names = (name, *(f"{name}_{k}" for k in range(2, 1000)))
    free = ((folder / f"{each}{views}.%04d.exr").as_posix() for each in names)
    return next(text for text in free if not sharing(node, text))


def _folder(script: str, name: str = NAME) -> Path:
    return Path(script).parent / name / Path(script).stem


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
