"""Forecasts of others: facts with page and quotation, read with their line; whatever is wrong is a finding."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from observatory.catalogue.external_forecasts import parse_target
from observatory.catalogue.external_reader import HEADER, MAX_QUOTED_WORDS, check_external_forecasts, read_forecasts
from observatory.catalogue.models import Catalogue
from tests.support.outlooks import build_catalogue, write_forecasts
from tests.support.paths import ROOT

SOUND = {"statement": "a", "published": "2024-06", "target": "2025", "value": "4"}


def find_codes(catalogue: Catalogue, folder: Path, *rows: dict[str, str]) -> list[tuple[str, int | None, str]]:
    """The findings on some rows: code, line, column."""
    findings: list = []  # type: ignore[type-arg]
    read = read_forecasts(write_forecasts(folder, *rows), findings)
    findings += check_external_forecasts(build_catalogue(catalogue, read))
    return [(row.code, row.line, row.column) for row in findings]


def test_the_curated_file_is_sound(catalogue: Catalogue) -> None:
    """All rows of data/outlooks are read; no quotation is longer than fifteen words; each publisher has its terms."""
    outlooks = catalogue.external_forecasts
    lines = (ROOT / "data" / "outlooks" / "forecasts.csv").read_text(encoding="utf-8").count("\n")
    assert len(outlooks.rows) == lines - 1
    assert max(len(row.quote.split()) for row in outlooks.rows) <= MAX_QUOTED_WORDS
    assert all(row.licence_en and row.licence_fr and row.missing_en for row in outlooks.publishers.values())
    assert {row.publisher for row in outlooks.rows} == outlooks.publishers.keys()


@pytest.mark.parametrize(
    ("target", "span"),
    [
        ("2025", (2025 * 12, 2025 * 12 + 11)),
        ("FY2025", (2024 * 12 + 9, 2025 * 12 + 8)),
        ("2024-2026", (2024 * 12, 2026 * 12 + 11)),
        ("2025-06..2025-08", (2025 * 12 + 5, 2025 * 12 + 7)),
        ("2026-2024", None),
        ("next year", None),
        ("", None),
    ],
)
def test_targets(target: str, span: tuple[int, int] | None) -> None:
    """A target is a year, a fiscal year that ends in September, years or months; anything else is none."""
    assert parse_target(target) == span


@given(st.text(max_size=12))
def test_any_text_is_a_target_or_not(text: str) -> None:
    """No text makes the parser of targets fail, and a span never ends before it begins."""
    span = parse_target(text)
    assert span is None or span[0] < span[1]


def test_a_sound_row(catalogue: Catalogue, tmp_path: Path) -> None:
    """A row with the least that is needed has no finding, and knows the month before it was published."""
    findings: list = []  # type: ignore[type-arg]
    (row,) = read_forecasts(write_forecasts(tmp_path, SOUND), findings)
    assert findings == []
    assert (row.line, row.value, row.low, row.known_month) == (2, 4.0, None, 2024 * 12 + 4)
    assert find_codes(catalogue, tmp_path, SOUND) == []


@pytest.mark.parametrize(
    ("change", "code", "column"),
    [
        ({"publisher": "nobody"}, "catalogue_unknown_reference", "publisher"),
        ({"series": "nothing.WORLD"}, "catalogue_unknown_reference", "series"),
        ({"published": "June 2024"}, "external_bad_date", "published"),
        ({"published": "2027-01"}, "external_after_target", "published"),
        ({"target": "soon"}, "external_bad_target", "target"),
        ({"value": ""}, "external_no_figure", "value"),
        ({"value": "four"}, "catalogue_wrong_type", "value"),
        ({"low": "5", "value": "4"}, "external_out_of_order", "value"),
        ({"kind": "guess"}, "catalogue_not_allowed", "kind"),
        ({"quote": "word " * 16}, "external_long_quote", "quote"),
        ({"page": "javascript:alert(1)"}, "external_bad_page", "page"),
        ({"unit": ""}, "catalogue_empty", "unit"),
        ({"outcome": "3"}, "catalogue_empty", "outcome_source"),
    ],
)
def test_what_is_wrong_in_a_row(
    catalogue: Catalogue, tmp_path: Path, change: dict[str, str], code: str, column: str
) -> None:
    """Each thing that is wrong in a row is found once or more, at its line and column."""
    found = find_codes(catalogue, tmp_path, SOUND, {**SOUND, "statement": "b", "target": "2026", **change})
    assert (code, 3, column) in found
    assert all(line == 3 for _code, line, _column in found)


def test_one_statement_is_one_forecast(catalogue: Catalogue, tmp_path: Path) -> None:
    """A statement has one date; two statements that say the same thing of one series and target are one."""
    later = {**SOUND, "published": "2024-07"}
    assert find_codes(catalogue, tmp_path, SOUND, later) == [("external_mixed_statement", 3, "statement")]
    again = {**SOUND, "statement": "b"}
    assert find_codes(catalogue, tmp_path, SOUND, again) == [("external_twice", 3, "statement")]
    level = {**SOUND, "kind": "level", "measure": "level", "value": "104"}
    assert find_codes(catalogue, tmp_path, SOUND, level) == []


def test_other_columns_are_refused(tmp_path: Path) -> None:
    """A file with another head, or a row with a cell too many, is refused with the head that is wanted."""
    for text in ("a,b\n1,2\n", ",".join(HEADER) + "\n1,2\n", ""):
        path = tmp_path / "forecasts.csv"
        path.write_text(text, encoding="utf-8")
        findings: list = []  # type: ignore[type-arg]
        assert read_forecasts(path, findings) == ()
        assert [row.code for row in findings] == ["catalogue_not_allowed"]
