"""Widgets without a display, and a worker that runs from wherever this checkout lies."""

import os

os.environ["QT_QPA_PLATFORM"] = "offscreen"  # before anything imports Qt

from pathlib import Path

import pytest

from helpers.hands import destroy
from helpers.memory_host import MemoryHost
from reage import home
from reage.settings import Settings
from reage_ui.desktop import DesktopHost
from reage_ui.panel import ReAgePanel

DEMO = str(home.samples() / "demo.%04d.exr")


@pytest.fixture(autouse=True)
def _engine(engine_python):
    """Every test's worker is that of this checkout."""


@pytest.fixture
def host():
    """Two nodes without a plate: no worker is started."""
    host = MemoryHost()
    host.create()
    host.create()
    return host


@pytest.fixture
def seeing(host):
    """The same, with the demo plate: previews are real."""
    for name in host.states:
        host.plates[name] = DEMO
    host.frame = 1001
    return host


@pytest.fixture
def panel_of(qtbot, tmp_path):
    """panel_of(host): a panel on the screen, and gone after the test."""

    made, gone = [], []

    def make(host, width=900, height=760, **more):
        panel = ReAgePanel(host, tmp_path / "presets.json", **more)
        panel.destroyed.connect(lambda: gone.append(panel))
        made.append(panel)
        panel.resize(width, height)
        panel.show()
        qtbot.waitExposed(panel)
        return panel

    yield make
    for panel in made:
        if panel not in gone:
            destroy(panel)


@pytest.fixture
def shot(tmp_path):
    """Three frames of the demo plate in a folder of their own; returns the first file."""
    folder = tmp_path / "sh010 ü"
    folder.mkdir()
    for number in (1001, 1002, 1003):
        file = Path(DEMO % number)
        (folder / f"plate_v01.{number}.exr").write_bytes(file.read_bytes())
    return folder / "plate_v01.1001.exr"


@pytest.fixture
def desktop(qtbot):
    host = DesktopHost(
        Settings(source_age=50.0, target_age=70.0, colorspace="ACEScg", crop_size=256)
    )
    yield host
    host.close()
