"""Numbers as readers type them: French and English marks, two readings told and never guessed, every one writable."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from observatory.briefs.common.number_input import format_grouped, format_ungrouped, parse_possible_numbers
from observatory.language import Language, Localizer


@pytest.mark.parametrize(
    ("text", "french", "english"),
    [
        ("3.000", ("3000", "3"), ("3",)),
        ("3,000", ("3",), ("3000",)),
        ("1.085", ("1085", "1.085"), ("1.085",)),
        ("1,085", ("1.085",), ("1085",)),
        ("3 850,50", ("3850.5",), ("3850.5",)),
        ("3\u202f850", ("3850",), ("3850",)),
        ("1.25", ("1.25",), ("1.25",)),
        ("2,5", ("2.5",), ("2.5",)),
        ("0.250", ("0.25",), ("0.25",)),
        ("0,250", ("0.25",), ("0.25",)),
        ("1.500.000", ("1500000",), ("1500000",)),
        ("1,500,000", ("1500000",), ("1500000",)),
        ("3.000,50", ("3000.5",), ("3000.5",)),
        ("1,234,567.5", ("1234567.5",), ("1234567.5",)),
        ("\u22123,2", ("-3.2",), ("-3.2",)),
        ("+007", ("7",), ("7",)),
        ("0", ("0",), ("0",)),
        ("38 50", (), ()),
        ("1,5,0", (), ()),
        ("1.000,000.5", (), ()),
        ("abc", (), ()),
        ("<b>1</b>", (), ()),
        ("\u0661", (), ()),
        ("1e9", (), ()),
        ("", (), ()),
    ],
)
def test_a_number_is_read_in_every_way_that_it_can_be(
    text: str, french: tuple[str, ...], english: tuple[str, ...]
) -> None:
    """Three figures after one point are two readings in French; a comma there is a decimal, in English thousands."""
    assert parse_possible_numbers(text, "fr") == french
    assert parse_possible_numbers(text, "en") == english


@given(st.integers(-(10**12), 10**12), st.integers(0, 999), st.sampled_from(["fr", "en"]))
def test_what_a_page_writes_is_read_as_it_stands(whole: int, rest: int, language: Language) -> None:
    """A number that a field shows, typed again, has one reading, itself; so has the form that a refusal proposes."""
    plain = f"{whole // 1000}.{rest:03}".rstrip("0").rstrip(".") if rest else str(whole)
    plain = "0" if plain == "-0" else plain
    assert parse_possible_numbers(format_grouped(plain, Localizer(language)), language) == (plain,)
    if not (language == "fr" and "." in plain):
        return
    assert parse_possible_numbers(format_ungrouped(plain, language), language) == (plain,)
