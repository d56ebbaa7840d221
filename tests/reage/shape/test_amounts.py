from dataclasses import replace

import numpy as np
import pytest

from reage.settings import Settings
from reage.shape.amounts import AMOUNTS_FILE, KINDS, amounts
from reage.shape.fields import FIELDS, GROUPS

ASKED = Settings(source_age=45.0, target_age=75.0)


def test_the_table_holds_a_row_a_field_and_a_column_a_kind() -> None:
    assert np.loadtxt(AMOUNTS_FILE).shape == (len(FIELDS), len(KINDS))


def test_no_years_no_shape() -> None:
    assert not amounts(ASKED, 45.0).any()


def test_younger_is_older_backwards() -> None:
    back = amounts(replace(ASKED, source_age=75.0), 45.0)
    np.testing.assert_allclose(back, -amounts(ASKED, 75.0))


def test_more_years_are_never_less() -> None:
    grown = [amounts(replace(ASKED, source_age=18.0), age) for age in np.arange(18.0, 101.0)]
    assert (np.diff(grown, axis=0) >= 0).all() and grown[-1].all()


@pytest.mark.parametrize("group", GROUPS)
def test_a_groups_strength_is_its_own(group: str) -> None:
    whole, without = amounts(ASKED, 75.0), amounts(replace(ASKED, **{f"shape_{group}": 0.0}), 75.0)
    own = np.array([field.group == group for field in FIELDS])
    assert not without[own].any() and whole[own].any()
    np.testing.assert_array_equal(without[~own], whole[~own])


def test_average_lies_between_the_sexes_and_the_origins() -> None:
    def of(sex: str, origin: str) -> np.ndarray:
        return amounts(replace(ASKED, shape_sex=sex, shape_origin=origin), 75.0)

    mean = np.mean([of(*kind) for kind in KINDS], axis=0)
    np.testing.assert_allclose(of("average", "average"), mean)
    np.testing.assert_allclose(
        of("male", "average"), np.mean([of(*kind) for kind in KINDS if kind[0] == "male"], axis=0)
    )
    assert np.abs(of("male", "average") - of("female", "average")).max() > 0.1
