"""Whose face a model is: what a card must say, and on which days it may be used."""

from dataclasses import asdict, replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reage.errors import ModelError, RightsError
from reage.models.model_card import ModelCard
from reage.models.rights import KINDS, WARNED, Rights, template

RIGHTS = Rights(
    performer="Anna Example", producer="Example Films", production="The Long Year",
    kind="digital alteration", description="made older by up to 30 years",
    scope="scenes 12 to 40, all media", valid_from="2026-01-01", valid_until="2026-12-20",
    signer="Anna Example", signed_on="2025-12-01", consent_sha256="ab" * 32,
)  # fmt: skip

FIRST, LAST = date(2026, 1, 1), date(2026, 12, 20)


@given(st.dates(date(2024, 1, 1), date(2028, 1, 1)))
def test_a_model_may_be_used_from_the_first_to_the_last_day(day):
    if FIRST <= day <= LAST:
        assert RIGHTS.permitted(day).overridden == ""
    else:
        with pytest.raises(RightsError, match="Anna Example for The Long Year (begins|ended) on"):
            RIGHTS.permitted(day)


@given(st.dates(date(2024, 1, 1), date(2028, 1, 1)))
def test_a_reason_overrides_the_dates_and_is_noted_only_where_it_was_needed(day):
    rights = RIGHTS.permitted(day, " a reshoot was agreed by phone ")
    held = FIRST <= day <= LAST
    assert rights.overridden == ("" if held else "a reshoot was agreed by phone")
    assert ("a reshoot was agreed" in " ".join(rights.notices(day))) == (not held)


def test_blanks_are_no_reason():
    with pytest.raises(RightsError):
        RIGHTS.permitted(LAST + timedelta(1), "  ")


def test_a_card_cannot_override_itself():
    with pytest.raises(RightsError):
        replace(RIGHTS, overridden="says the card").permitted(LAST + timedelta(1))


@pytest.mark.parametrize(
    ("left", "word"), [(WARNED + 1, ""), (WARNED, "in 30 days"), (1, "tomorrow"), (0, "today")]
)
def test_the_last_thirty_days_are_warned_of(left, word):
    told = RIGHTS.notices(LAST - timedelta(left))
    assert told[0] == f"Rights: {RIGHTS.line()}."
    assert [f"ends {word}" in said for said in told[1:]] == [True] * bool(word)


@pytest.mark.parametrize(
    ("field", "value", "word"),
    [
        ("performer", " ", "performer is empty"),
        ("kind", "a clone", "kind is 'a clone'"),
        ("valid_until", "20.12.2026", "valid_until is '20.12.2026'"),
        ("valid_until", "20261220", "valid_until is '20261220'"),
        ("valid_from", "2027-01-01", "valid_from is after valid_until"),
        ("noticed_on", "soon", "noticed_on is 'soon'"),
        ("consent_sha256", "AB" * 32, "consent_sha256 is not 64 hex digits"),
    ],
)
def test_a_card_with_wrong_rights_is_refused_in_a_sentence(field, value, word):
    card = ModelCard("a", "b", "c", "d", rights=replace(RIGHTS, **{field: value}))
    with pytest.raises(ModelError, match=f"rights: {word}"):
        ModelCard.from_json(card.to_json(), "the test")


def test_a_card_keeps_its_rights():
    card = ModelCard("a", "b", "c", "d", rights=replace(RIGHTS, ages=(22.0, 70.0)))
    assert ModelCard.from_json(card.to_json(), "the test") == card


def test_the_template_asks_for_every_word_and_for_nothing_that_is_filled_in_by_itself():
    begun = template()
    assert begun["kind"] in KINDS
    assert {*begun} == {n for n, v in asdict(RIGHTS).items() if isinstance(v, str)} - {"overridden"}
