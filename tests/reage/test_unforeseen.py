"""What the system says of a file is passed on; all else is a sentence that names the log."""

from reage.cli import main
from reage.errors import ReageError, Unforeseen
from reage.unforeseen import log_file, unforeseen


def test_a_name_that_is_too_long_is_told_in_the_systems_words(capsys):
    words = ["render", "x" * 5000, "--source-age", "40", "--target-age", "70", "-o", "o.exr"]
    assert main(words) == 1
    said = capsys.readouterr().err
    assert said.startswith("reage: xxx") and "File name too long" in said and len(said) < 200


def test_an_error_without_a_file_is_logged_and_short(monkeypatch, tmp_path):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    made = unforeseen(ValueError("x" * 9999), "Frame 3")
    assert isinstance(made, Unforeseen) and str(made).startswith("Frame 3 met an error that ReAge")
    assert len(str(made)) < 700 and "ValueError" in log_file().read_text()
    closed = unforeseen(PermissionError(13, "Permission denied", "a/b.exr"))
    assert type(closed) is ReageError and str(closed) == "a/b.exr: Permission denied."
