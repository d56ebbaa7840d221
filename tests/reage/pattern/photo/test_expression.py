"""The demo plate's man begins to smile."""

from __future__ import annotations

from reage import home
from reage.pattern.photo.expression import Expression
from reage.pattern.photo.photograph import photograph


def test_a_smile_is_seen_and_its_folds_count_less() -> None:
    first, last = (Expression.of(photograph(home.demo_plate()[k]).mesh) for k in (0, -1))
    assert last.smile > first.smile + 0.1
    wide = Expression(1.0, 0.0, 0.0, 0.0)
    assert wide.words() == "a smile" and Expression(0, 0, 0, 0).words() == "at rest"
    assert wide.rest(64).min() < 0.6
    assert (Expression(0, 0, 0, 0).rest(64) == 1).all()
