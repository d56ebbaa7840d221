"""Libraries that Qt needs of the system: named together, with the line that installs them."""

from reage_ui.libraries import ON_A_SCREEN, loads, refused, screen_refuses, sentence


def test_what_is_missing_is_named_at_once_with_its_packages():
    there = {"libGL.so.1"}
    said = sentence([], {"libEGL.so.1": "libegl1", "libGL.so.1": "libgl1"}, there.__contains__)
    assert said == (
        "Qt needs libEGL.so.1, which this system does not have. "
        "On Debian and Ubuntu: sudo apt-get install libegl1"
    )
    assert sentence([], {"libGL.so.1": "libgl1"}, there.__contains__) == ""
    assert loads("libc.so.6") and not loads("libnone.so.1")


def test_an_import_that_a_library_stopped_is_told_from_one_that_lacks():
    said = refused(ImportError("libEGL.so.1: cannot open shared object file: No such file"))
    assert "libEGL.so.1" in said and "apt-get install libegl1" in said
    assert "libodd.so.9" in refused(ImportError("libodd.so.9: cannot open shared object file"))
    assert refused(ImportError("No module named 'PySide6'")) == ""


def test_no_screen_and_no_xcb_are_sentences(monkeypatch, tmp_path):
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("sys.platform", "linux")
    assert "neither DISPLAY nor WAYLAND_DISPLAY" in screen_refuses(tmp_path)
    monkeypatch.setenv("DISPLAY", ":9")
    assert screen_refuses(tmp_path) == ""  # a Qt of the host's, whose plugin lies elsewhere
    (tmp_path / "platforms").mkdir()
    (tmp_path / "platforms" / "libqxcb.so").write_bytes(b"no library")
    monkeypatch.setattr("reage_ui.libraries.ON_A_SCREEN", {"libnone-xcb.so.0": "libnone-xcb0"})
    said = screen_refuses(tmp_path)
    assert "libnone-xcb.so.0" in said or said == sentence([], ON_A_SCREEN)
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    assert screen_refuses(tmp_path) == ""
