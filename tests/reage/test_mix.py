"""What `--pattern` says."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reage.errors import SettingsError
from reage.mix import HIGHEST_SEED, REGIONS, Mix, Term, pattern
from reage.settings import Settings

names = st.text("abcXYZ 0189_-/.+", max_size=12).map(lambda name: f"/p{name}.pattern.exr")
sources = st.integers(0, HIGHEST_SEED) | names
regions = st.lists(st.sampled_from(REGIONS), max_size=3, unique=True).map(tuple)
weights = st.floats(0, 10, allow_subnormal=False)
terms = st.builds(Term, sources, weights, st.booleans(), regions)


@given(st.lists(terms, min_size=1, max_size=4))
def test_a_mix_comes_back_from_its_text(made: list[Term]) -> None:
    mix = Mix(tuple(made))
    assert Mix.of(str(mix)) == mix


@given(st.integers(0, HIGHEST_SEED))
def test_a_seed_stays_a_number(seed: int) -> None:
    assert pattern(seed) == pattern(str(seed)) == pattern(f" seed:{seed} ") == seed
    assert Settings(pattern=str(seed)) == Settings(pattern=seed)


def test_files_weights_mirror_and_regions_are_read() -> None:
    mix = Mix.of("a.pattern.exr:mirror:cheeks,mouth*0.7 + C:\\old\\b.pattern.exr + seed:5*.3")
    a, b, five = mix.terms
    assert a == Term("a.pattern.exr", 0.7, True, ("cheeks", "mouth"))
    assert b == Term("C:\\old\\b.pattern.exr")
    assert five == Term(5, 0.3)
    spaced = "a.pattern.exr : mirror : cheeks, mouth * 0.7+C:\\old\\b.pattern.exr+5 *.3"
    assert Mix.of(spaced) == mix
    assert mix.files == (Path("a.pattern.exr"), Path("C:\\old\\b.pattern.exr"))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is a seed such as 7"),
        ("old.exr", "it got 'old.exr'"),
        ("-3", "it got '-3'"),
        ("7+", "ends with a +"),
        ("a.pattern.exr*x", "it got 'a.pattern.exr"),
        ("7:ears", "regions forehead, .*; it got ears"),
        ("7*11", "weighs 7 by 11; 10 is the most"),
        (str(HIGHEST_SEED + 1), f"from 0 to {HIGHEST_SEED}"),
        (True, "True is neither"),
        (7.5, "7.5 is neither"),
    ],
)
def test_what_is_no_mix_is_refused_in_words(text: str, said: str) -> None:
    with pytest.raises(SettingsError, match=said):
        Settings(pattern=text)
