"""CSV of a series: both dialects hold the same figures, with their source on every row."""

import csv
import io

import numpy as np

from observatory.export.csv.dialect import escape_formula
from observatory.export.csv.series import COLUMNS, write_series_csv
from observatory.outlook.outlook import Outlook


def test_both_dialects_read_back_the_same(outlook: Outlook) -> None:
    """French (`;`, comma, BOM) and international (`,`, point) files give the same observed and expected values."""
    key = outlook.headline_key(outlook.catalogue.indicators["esa_budget"])
    french = write_series_csv(outlook, key, "fr").decode("utf-8")
    english = write_series_csv(outlook, key, "en").decode("utf-8")
    assert french.startswith("\ufeff")
    one = list(csv.DictReader(io.StringIO(french.removeprefix("\ufeff")), delimiter=";"))
    two = list(csv.DictReader(io.StringIO(english)))
    assert tuple(one[0]) == tuple(two[0]) == COLUMNS
    assert [float(row["value"].replace(",", ".")) for row in one] == [float(row["value"]) for row in two]
    history = outlook.panel[key]
    observed = [float(row["value"]) for row in two if row["nature"] == "observed"]
    np.testing.assert_array_equal(observed, history.values[np.isfinite(history.values)])
    assert len([row for row in two if row["nature"] == "expected"]) == len(outlook.forecasts[key].median)
    assert all(row["source"] and row["licence"] and row["vintage"] for row in two)


def test_formulas_are_neutralised() -> None:
    """Text that a spreadsheet would run is quoted; other text is left alone."""
    assert escape_formula("=cmd()") == "'=cmd()"
    assert escape_formula("@SUM(A1)") == "'@SUM(A1)"
    assert escape_formula("avions") == "avions"
