"""What comes along with an import, told by fresh interpreters."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import reage_ui

HEAVY = {
    "numpy", "cv2", "onnxruntime", "OpenImageIO", "PyOpenColorIO", "psutil",
    "av", "fileseq", "torch",
}  # fmt: skip
HOME = Path(reage_ui.__file__).parent


def fresh(code, **environment):
    """What `code` prints in an interpreter that has imported nothing yet."""
    surroundings = {k: v for k, v in os.environ.items() if k != "QT_QPA_PLATFORM"} | environment
    surroundings.pop("DISPLAY", None)
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, encoding="utf-8",
        timeout=120, env=surroundings,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


NO_QT = """
import sys
class NoQt:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in ("PySide6", "PySide2"):
            raise ImportError(f"no {name} here")
sys.meta_path.insert(0, NoQt())
"""


@pytest.mark.parametrize("module", ["panel", "window", "bench", "desktop", "screenshot"])
def test_the_widgets_bring_the_standard_library_and_qt_alone(module):
    assert fresh(f"import sys, reage_ui.{module}; print(*{HEAVY!r} & sys.modules.keys())") == "\n"


@pytest.mark.parametrize(
    "module",
    ["host", "looks", "preview_queue", "picture", "wording", "desktop_graph", "__main__"],
)  # fmt: skip
def test_what_needs_no_widget_needs_no_qt(module):
    assert fresh(f"{NO_QT}import reage_ui.{module}; print('there')") == "there\n"


def test_without_qt_the_command_says_what_to_install():
    code = f"{NO_QT}from reage_ui.__main__ import main; sys.exit(main([]))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120)
    assert done.returncode == 2
    assert "pip install PySide6" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_binding_has_one_home():
    naming = {
        path.name
        for path in HOME.glob("*.py")
        if any(word in path.read_text(encoding="utf-8") for word in ("PySide", "PyQt", "shiboken"))
    }
    assert naming == {"qt.py"}
