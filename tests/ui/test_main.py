"""`python -m reage_ui` and the interactive benchmark, as a person calls them."""

import pytest

from reage_ui import bench
from reage_ui.__main__ import main
from reage_ui.qt import QtGui


def test_a_screenshot_shows_the_preview(qapp, shot, tmp_path):
    picture = tmp_path / "docs" / "panel.png"
    arguments = ["--screenshot", picture, "--size", "640x560", "--colorspace", "ACEScg",
                 "--target-age", "75", "--crop-size", "256", "--presets", tmp_path / "p", shot]
    assert main([str(a) for a in arguments]) == 0
    image = QtGui.QImage(str(picture))
    assert (image.width(), image.height()) == (640, 560)
    colors = {image.pixel(x, y) for x in range(320, 620, 7) for y in range(150, 450, 7)}
    assert len(colors) > 500, "no face in the preview's place"


def test_a_screenshot_of_what_cannot_be_previewed_says_so(qapp, shot, tmp_path):
    picture = tmp_path / "panel.png"
    arguments = ["--screenshot", picture, "--colorspace", "none such", "--presets",
                 tmp_path / "p", shot]
    assert main([str(a) for a in arguments]) == 1
    assert picture.is_file()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [(["--source-age", "120"], "--source-age is 120"), (["--size", "big"], "no size")],
)
def test_wrong_arguments_are_refused(capsys, arguments, words):
    try:
        code = main(arguments)
    except SystemExit as e:
        code = e.code
    assert code == 2
    assert words in capsys.readouterr().err


def test_the_benchmark_measures_both_ways(qapp):
    table = list(bench.lines(2))
    rows = {line[:24].strip(): [float(n) for n in line[26:].split()] for line in table[2:4]}
    assert list(rows) == ["age released → painted", "blend changed → painted"]
    for total, model, bridge, worker, outside in rows.values():
        assert bridge == pytest.approx(total - model, rel=0.2, abs=5)
        assert bridge == pytest.approx(worker + outside, rel=0.2, abs=5)
        assert outside > 0
    assert rows["age released → painted"][1] > 1
    assert rows["blend changed → painted"][1] == 0
    assert "at most 30 ms" in table[-1]
