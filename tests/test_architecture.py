"""Who may import whom, and what no file of the project may hold."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path

import pytest

from reage import home
from reage.cli import OWN

ROOT = home.root()
ENGINE = ROOT / "inference" / "reage"
TRAINING = ROOT / "training" / "reage_training"
LIVE = ROOT / "live" / "reage_live"
HOST = ROOT / "nuke_plugin" / "reage_host"
BLENDER = ROOT / "blender_plugin" / "reage_blender"

HEAVY = {
    "numpy", "cv2", "onnxruntime", "OpenImageIO", "PyOpenColorIO", "psutil",
    "av", "torch", "fileseq",
}  # fmt: skip
FOLDERS = (
    "inference", "training", "tests", "docs", ".ci", "nuke_plugin", "blender_plugin", "live",
    "gizmos", "icons",
)  # fmt: skip
TEXTS = {".py", ".md", ".toml", ".json", ".txt", ".html", ".yml", ".yaml", ".gizmo", ".nk"}
NAMELESS = {"Makefile", "run", ".gitignore", ".gitattributes"}

SPEAKERS = {"bench", "command", "console", "terminal"}
"""Modules that talk to a person beside those with a `main` and the commands, or whose name ends so;
all others return what they have to say."""


def _modules(package: Path) -> Iterator[tuple[Path, ast.Module]]:
    for path in sorted(package.rglob("*.py")):
        yield path, ast.parse(path.read_text(encoding="utf-8"))


def _imports(tree: ast.Module) -> set[str]:
    """The top-level packages that a module imports anywhere, functions included."""
    names = {a.name for n in ast.walk(tree) if isinstance(n, ast.Import) for a in n.names}
    names |= {n.module for n in ast.walk(tree) if isinstance(n, ast.ImportFrom) and n.module}
    return {name.split(".")[0] for name in names}


def _importers(package: Path, library: str) -> set[str]:
    return {
        p.relative_to(package).as_posix() for p, t in _modules(package) if library in _imports(t)
    }


def _fresh(code: str) -> str:
    """What `code` prints in an interpreter that has imported nothing yet."""
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, encoding="utf-8", timeout=60
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def _texts() -> list[Path]:
    """Every text file of the project; found without git, as a downloaded archive has none."""
    folders = [ROOT / name for name in FOLDERS if (ROOT / name).is_dir()]
    files = [p for folder in folders for p in folder.rglob("*")] + list(ROOT.iterdir())
    return [p for p in files if p.is_file() and (p.suffix in TEXTS or p.name in NAMELESS)]


def test_the_contracts_hold() -> None:
    """The import-linter contracts of pyproject.toml."""
    program = Path(sysconfig.get_path("scripts")) / "lint-imports"
    done = subprocess.run([program], cwd=ROOT, capture_output=True, text=True, encoding="utf-8")
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    "module",
    ["reage", "reage.settings", "reage.job", "reage.errors", "reage.service.client", "reage.home",
     "reage.fingerprint", "reage.mix", "reage.strict_json", "reage.shaped",
     "reage.media.patterns", "reage.pixels.crop_size", "reage.tools.nuke_setup.steps"],
)
def test_what_a_host_reads_brings_the_standard_library_alone(module: str) -> None:
    assert _fresh(f"import sys, {module}; print(*{HEAVY!r} & sys.modules.keys())").split() == []


SURFACE = """
    Cancelled ColorspaceError Encoder FaceError FaceFrame FaceTrack FileInUse Layers MissingFrames
    Model ModelCard ModelError ModelInput NullModel OnnxModel OutOfMemory OutputClaimed OutputError
    PartialRender Plate PlateError Progress ReageError Region RenderJob RenderReport Residual
    Settings SettingsError TrackError UnreadableFrame __version__ load_track make_pattern
    make_track read_layers reage_frame reage_image render
"""


def test_what_python_sees_of_the_engine_is_this_and_loads() -> None:
    """A name that goes from here breaks somebody's script: say so in CHANGELOG."""
    code = "import reage\nfor name in dir(reage): getattr(reage, name); print(name)"
    assert _fresh(code).split() == SURFACE.split()


def test_a_wrong_name_is_an_attribute_error() -> None:
    import reage

    with pytest.raises(AttributeError, match="no_such_thing"):
        _ = reage.no_such_thing


def test_onnxruntime_has_one_home_in_the_engine() -> None:
    assert _importers(ENGINE, "onnxruntime") == {"models/onnx_model.py"}


def test_json_from_elsewhere_has_one_reader() -> None:
    """install.py reads what it wrote itself, before anything is there."""
    packages = (ENGINE, TRAINING, LIVE, BLENDER, *(ROOT / "nuke_plugin").glob("reage_*"))
    modules = (each for package in packages for each in _modules(package))
    readers = {path.name for path, tree in modules if _reads(tree)}
    assert readers == {"strict_json.py"}


def _reads(tree: ast.Module) -> bool:
    """Whether a module calls json.load or json.loads."""
    calls = (n.func for n in ast.walk(tree) if isinstance(n, ast.Call))
    names = {ast.unparse(f) for f in calls if isinstance(f, ast.Attribute)}
    return not names.isdisjoint(("json.load", "json.loads", "json.JSONDecoder"))


def test_openimageio_and_opencolorio_stay_at_the_border() -> None:
    assert _importers(ENGINE, "PyOpenColorIO") <= {
        "pixels/ocio.py", "pixels/known_spaces.py", "pixels/color.py",
    }  # fmt: skip
    assert not _importers(ENGINE / "faces", "OpenImageIO")


def test_inside_blender_are_the_standard_library_bpy_and_what_hosts_share() -> None:
    """What an import contract cannot hold, as the package is in no wheel and no environment. Of the
    engine come the modules that bring the standard library alone, of other hosts none."""
    imported = {
        name
        for _, tree in _modules(BLENDER)
        for node in ast.walk(tree)
        for name in (
            [a.name for a in node.names] if isinstance(node, ast.Import)
            else [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        )
    }  # fmt: skip
    roots = {name.split(".")[0] for name in imported}
    assert roots - set(sys.stdlib_module_names) == {"bpy", "reage", "reage_blender", "reage_host"}
    engine = sorted(name for name in imported if name.split(".")[0] in ("reage", "reage_host"))
    code = f"import sys, {', '.join(engine)}; print(*{HEAVY!r} & sys.modules.keys())"
    assert _fresh(code).split() == []


@pytest.mark.parametrize("library", ["torch", "mediapipe", "skimage", "nuke", "reage_training"])
def test_the_engine_never_imports(library: str) -> None:
    assert _importers(ENGINE, library) == set()


def test_the_fake_nuke_knows_nothing_of_this_project() -> None:
    """Another project can take the folder as it is."""
    package = ROOT / "tests" / "support" / "fake_nuke"
    needed = {name for _, tree in _modules(package) for name in _imports(tree)}
    beyond = needed - set(sys.stdlib_module_names)
    assert beyond == {"fake_nuke", "numpy", "OpenImageIO", "pytest"}


@pytest.mark.parametrize("package", [ENGINE, TRAINING, LIVE, HOST], ids=lambda p: p.name)
def test_only_commands_print(package: Path) -> None:
    speakers = {
        path.stem.rpartition("_")[2]
        for path, tree in _modules(package)
        if _prints(tree) and path.parent.name != "commands"
    }
    assert speakers <= SPEAKERS


def _prints(tree: ast.Module) -> bool:
    """Whether a module that is no program of its own calls print."""
    is_program = any(isinstance(n, ast.FunctionDef) and n.name == "main" for n in tree.body)
    calls = (n.func for n in ast.walk(tree) if isinstance(n, ast.Call))
    return not is_program and any(isinstance(f, ast.Name) and f.id == "print" for f in calls)


@pytest.mark.parametrize("package", [ENGINE, TRAINING, LIVE, HOST, BLENDER], ids=lambda p: p.name)
def test_every_module_says_what_it_is(package: Path) -> None:
    silent = [
        path.relative_to(ROOT).as_posix()
        for path, tree in _modules(package)
        if tree.body and not ast.get_docstring(tree)
    ]
    assert silent == []


def test_no_two_classes_have_one_name() -> None:
    """Who searches for a class finds one."""
    homes: dict[str, list[str]] = {}
    for package in (ENGINE, TRAINING, LIVE, BLENDER, *(ROOT / "nuke_plugin").glob("reage_*")):
        for path, tree in _modules(package):
            for node in tree.body:
                if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                    homes.setdefault(node.name, []).append(path.name)
    assert "RenderJob" in homes
    assert {name: files for name, files in homes.items() if len(files) > 1} == {}


SCENARIOS = {
    "artists_page", "bad_input", "gui", "in_nuke", "gizmo", "ladder", "parts", "shape",  # the node
    "still_nodes",  # of a command
    "take_chain", "take_hand_off",  # from the set to the comp
    "demo_plate", "golden",  # what the released model makes
    "chain",  # of training
    "main",  # a package's own command
    "imports",
}  # fmt: skip
"""Tests of many modules at once; all others are named after the one that they test."""


def test_the_tests_of_a_module_are_found_by_its_name() -> None:
    """tests/live/test_latest.py is of live/reage_live/latest.py; _and_more may follow."""
    plugin = ROOT / "nuke_plugin"
    homes = {"reage": ENGINE, "training": TRAINING, "live": LIVE,
             "nuke": plugin / "reage_nuke", "ui": plugin / "reage_ui",
             "blender": BLENDER}  # fmt: skip
    lost = [
        path.relative_to(ROOT).as_posix()
        for folder, package in homes.items()
        for path in (ROOT / "tests" / folder).rglob("test_*.py")
        if not _named_after(package / path.parent.relative_to(ROOT / "tests" / folder), path)
    ]
    assert lost == []


def _named_after(home: Path, test: Path) -> bool:
    name = test.stem.removeprefix("test_")
    modules = {path.stem for path in home.iterdir()} if home.is_dir() else set()
    return name in SCENARIOS or any(name == m or name.startswith(m + "_") for m in modules)


def test_no_file_holds_a_path_of_somebodys_machine() -> None:
    # Spelled in pieces, so that this file does not find itself.
    homes = (
        "/" + "home/",
        "/" + "Users/",
        "/" + "root/",
        "/" + "work/",
        "/" + "tmp/",
        ":\\" + "Users",
    )
    pattern = re.compile("|".join(rf"(?<![\w.$]){re.escape(home)}" for home in homes))
    found = []
    for path in _texts():
        text = path.read_text(encoding="utf-8")
        for number, line in enumerate(text.splitlines(), 1):
            if pattern.search(line):
                found.append(f"{path.relative_to(ROOT)}:{number}: {line.strip()}")
    assert found == []


def test_no_work_is_left_marked_in_the_code() -> None:
    marks = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|XX" + r"X)\b")
    sources = [p for p in _texts() if p.suffix == ".py"]
    assert sources
    assert [str(p) for p in sources if marks.search(p.read_text(encoding="utf-8"))] == []


def test_every_word_of_the_glossary_stands_once() -> None:
    text = (ROOT / "CONTEXT.md").read_text(encoding="utf-8")
    words = re.findall(r"^\*\*(.+?)\*\*", text, re.MULTILINE)
    assert len(words) > 30
    assert sorted(words) == sorted(set(words))


def test_all_papers_promise_the_same_years() -> None:
    """What docs/model.md measures: .21 to .41 years of apparent age for each year asked."""
    promise = "a fifth to two fifths of the years asked, by the face"
    said = {
        name: (ROOT / name).read_text(encoding="utf-8")
        for name in ("README.md", "docs/artists.md", "docs/model.md")
    }
    assert [name for name, text in said.items() if promise not in text] == []
    other = re.compile(r"(fifteen|twenty|half)\b[^.]*\byears", re.IGNORECASE)
    rest = {name: text.replace(promise, "") for name, text in said.items()}
    assert {name: found[0] for name, text in rest.items() if (found := other.search(text))} == {}


def test_every_flag_that_the_papers_name_exists() -> None:
    """Each `--flag` in README.md and docs is an option of install.py or of one of the commands."""
    programs = (ROOT / "install.py", ROOT / "tests" / "conftest.py")
    spelled_out = [*programs, *TRAINING.rglob("*.py"), *LIVE.rglob("*.py")]
    known = {"--no-deps", "--help"}  # pip's, and everyone's
    for path in spelled_out:
        known |= set(re.findall(r'"(--[a-z][a-z-]+)"', path.read_text(encoding="utf-8")))
    for command in OWN:
        known |= _flags_of(command)
    papers = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
    named = {
        (paper.name, flag)
        for paper in papers
        for flag in re.findall(r"(?<![\w-])--[a-z][a-z-]+", paper.read_text(encoding="utf-8"))
    }
    assert sorted((paper, flag) for paper, flag in named if flag not in known) == []


def test_the_page_tells_the_exit_codes_as_the_help_does() -> None:
    told = _fresh("from reage.cli import main; main(['render', '--help'])")
    codes = " ".join(told.partition("exit codes: ")[2].split())
    assert codes.startswith("0 ") and "70 " in codes
    assert f"Exit codes: {codes}" in (ROOT / "docs" / "render.md").read_text(encoding="utf-8")


def _flags_of(command: str) -> set[str]:
    """The flags of one `reage` command, which are made from the settings."""
    code = f"from reage.cli import main; main([{command!r}, '--help'])"
    return set(re.findall(r"--[a-z][a-z-]+", _fresh(code)))
