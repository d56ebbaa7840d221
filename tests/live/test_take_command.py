"""`reage take`: what a person types, and what is said back."""

from __future__ import annotations

from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from helpers.take_kit import frame, record, slated
from reage import home
from reage.cli import main
from reage_live import journal, take

ROOT = home.root()
MODULE = "reage_live.take_command"


@pytest.fixture(autouse=True)
def _installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The command as an installed package offers it, wherever these tests run."""
    assert f'take = "{MODULE}"' in (ROOT / "pyproject.toml").read_text()
    monkeypatch.setattr("reage.cli.entry_points", lambda group: [EntryPoint("take", MODULE, group)])


@pytest.fixture
def day(tmp_path: Path) -> Path:
    record(tmp_path / "day", range(48), slated(1))
    record(tmp_path / "day", [0, 1, 5], slated(2), "09:00:00:00")
    return tmp_path / "day"


def test_list_says_each_take_by_timecode(day: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["take", "list", str(day)]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "12A_002_A: 09:00:00:00 to 09:00:00:05, 6 frames, 3 held",
        "12A_001_A: 10:00:00:00 to 10:00:01:23, 48 frames, 14 moves",
    ]


def test_show_says_all_that_was_done(day: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["take", "show", str(day / "12A_001_A")]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert "picture: 320×180 px, 24 frames a second, srgb_rec709_scene, from test" in lines
    assert "delay: median 0.104 s, p99 0.109 s" in lines
    assert "frame 1: source age 60, target age 35, blend 1" in lines
    assert "frame 11: target age 30.5" in lines
    assert main(["take", "show", str(day / "12A_002_A" / "take.json")]) == 0
    assert "held: 3-5; the recorder dropped 0 frames" in capsys.readouterr().out


def test_recover_makes_the_take_file(day: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A take whose process ended after its movies were closed, before the take file stood."""
    folder = day / "12A_001_A"
    made = take.load(folder)
    (folder / "take.json").unlink()
    about = {**made.about.__dict__, "rate": "24"}
    head = {"slate": made.slate.__dict__, "about": about, "version": made.version}
    diary = journal.Journal(folder, head)
    for i in range(40):
        diary.add(i + 1, frame(i), 0)
    diary.close()
    assert main(["take", "recover", str(folder)]) == 0
    said = capsys.readouterr().out
    assert (
        said == "12A_001_A: 10:00:00:00 to 10:00:01:15, 40 frames, 13 moves, cut off, recovered\n"
    )
    assert not journal.unfinished(folder) and take.load(folder).recovered


def test_hand_off_writes_beside_the_movies_or_where_told(
    day: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one = str(day / "12A_001_A")
    assert main(["take", "to-nuke", one]) == 0
    assert (day / "12A_001_A" / "12A_001_A.nk").is_file()
    told = tmp_path / "comp" / "a.nk"
    assert main(["take", "to-nuke", one, "-o", str(told), "--first", "1"]) == 0
    assert " first_frame 1\n" in told.read_text()
    assert main(["take", "to-otio", str(day)]) == 0
    assert (day / "day.otio").is_file()
    said = capsys.readouterr().out.splitlines()
    assert said[1:] == [f"Nuke script: {told}", f"timeline: {day / 'day.otio'}"]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["list", "{}/gone"], 3, "There is no folder"),
        (["list", "{}/12A_001_A"], 3, "holds no take"),
        (["show", "{}/gone"], 3, "Cannot read the take file"),
        (["recover", "{}"], 3, "Cannot read the take file"),
        (["to-nuke", "{}/12A_001_A", "-o", "{}/12A_001_A/take.json/a.nk"], 6, "cannot be written"),
        (["to-otio", "{}", "-o", "{}/12A_001_A/take.json/a.otio"], 6, "cannot be written"),
        (["to-nuke", "{}/12A_001_A", "-o", "{}/12A_001_A/take.json"], 2, "is named *.nk;"),
        (["to-otio", "{}", "-o", "{}/12A_001_A/take.json"], 2, "is named *.otio;"),
    ],
)
def test_what_is_wrong_is_one_sentence(
    day: Path, words: list[str], code: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["take", *(word.replace("{}", str(day)) for word in words)]) == code
    error = capsys.readouterr().err
    assert said in error and error.startswith("reage: ") and len(error.splitlines()) == 1


def test_a_take_that_cannot_be_read_is_left_out_and_named(
    day: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (day / "12A_002_A" / "take.json").write_text('{"reage_take": 1}')
    assert main(["take", "list", str(day)]) == 0
    out, err = capsys.readouterr()
    assert out.startswith("12A_001_A") and len(out.splitlines()) == 1
    assert "left out" in err and "12A_002_A/take.json lacks slate" in err
