"""The engine's sentences in a panel's words."""

import re

import pytest

from reage.job import RenderJob
from reage.settings import Settings, settings_of
from reage_ui.wording import spoken


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("a.exr does not say it. Name it with --colorspace: ACEScg, or any other.",
         "a.exr does not say it. Choose the color space."),
        ("Raise --blend, or --detail.", "Raise “blend”, or “detail”."),
        ("Use --crop-size auto.", "Use “crop size” auto."),
        ("say what they are with --pixel-aspect, 0.25 to 4.",
         "say what they are with “pixel aspect”, 0.25 to 4."),
        ("a -- b, shot--one.exr", "a -- b, shot--one.exr"),
    ],
)  # fmt: skip
def test_flags_become_fields(said, words):
    assert spoken(said) == words


def test_no_flag_is_left():
    for setting in (*settings_of(Settings), *settings_of(RenderJob)):
        assert not re.search(r"--\w", spoken(f"Use {setting.flag} here.")), setting.flag
