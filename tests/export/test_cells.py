"""Cell values: figures as text become numbers with formats that show the same; other text stays text."""

from hypothesis import given
from hypothesis import strategies as st

from observatory.export.common.cell_values import holds_years, parse_cell
from observatory.language import Localizer, round_decimals
from observatory.typography import MINUS


@given(st.floats(-9.99, 99, allow_nan=False), st.sampled_from(["fr", "en"]))
def test_growth_comes_back(rate: float, language: str) -> None:
    """A growth rate in words is the rate it shows, to one decimal of a per cent, or to two digits, with its sign."""
    text = Localizer(language).growth(rate)  # type: ignore[arg-type]
    number = parse_cell(text, language)  # type: ignore[arg-type]
    assert number is not None
    assert abs(number.value - round_decimals(rate * 100, 1) / 100) < 1e-9
    assert (number.format[0] == "+") == (text[0] in f"+{MINUS}")


@given(st.floats(-1e9, 1e9), st.integers(0, 3), st.sampled_from(["fr", "en"]))
def test_numbers_come_back(value: float, decimals: int, language: str) -> None:
    """A number in words is the number that it shows."""
    number = parse_cell(Localizer(language).number(value, decimals), language)  # type: ignore[arg-type]
    assert number is not None
    assert abs(number.value - round_decimals(value, decimals)) < 1e-6
    assert (number.value == 0) == (abs(value) < 1e-15)


def test_words_stay_words() -> None:
    """Ranges, sentences, dashes, figures with a unit and the other language's numbers are not figures."""
    for cell in ("310 à 395", "6 séries, dont 4", "\u2013", "", "12 Md€", "1,5 milliard", "T1 2026", "1.5"):
        assert parse_cell(cell, "fr") is None
    assert parse_cell("1,5", "en") is None
    assert holds_years(["2024", "2025"])
    assert not holds_years(["2024", "12"])
