"""What an observation must be: one function and one row in RULES for each rule on a single row of a file."""

import difflib
import math
from collections.abc import Callable

from observatory.catalogue.nouns import Catalogue
from observatory.catalogue.periods import frequency_of
from observatory.errors import Finding, Value
from observatory.ingest.report import Cell, Observation, Report, Sheet

LARGEST = 1e18  # no indicator of any economy is larger

Rule = Callable[[Cell, Catalogue], "tuple[str, str, dict[str, Value]] | None"]


def _near(word: str, words: list[str]) -> str:
    found = difflib.get_close_matches(word.lower(), [name.lower() for name in words], n=1, cutoff=0.4)
    return next((name for name in words if found and name.lower() == found[0]), words[0] if words else "")


def unknown_indicator(row: Cell, catalogue: Catalogue) -> tuple[str, str, dict[str, Value]] | None:
    """The indicator must be in the catalogue."""
    value = row.text["indicator"]
    if value in catalogue.indicators:
        return None
    return "unknown_indicator", "indicator", {"near": _near(value, list(catalogue.indicators))}


def unknown_geo(row: Cell, catalogue: Catalogue) -> tuple[str, str, dict[str, Value]] | None:
    """The place must be a known code."""
    return None if row.text["geo"] in catalogue.geographies else ("unknown_geo", "geo", {})


def unknown_item(row: Cell, catalogue: Catalogue) -> tuple[str, str, dict[str, Value]] | None:
    """The item must be empty (the total) or known."""
    value = row.text["item"]
    if not value or value in catalogue.items:
        return None
    return "unknown_item", "item", {"near": _near(value, list(catalogue.items))}


def bad_period(row: Cell, _catalogue: Catalogue) -> tuple[str, str, dict[str, Value]] | None:
    """The period must be a year, a quarter or a month."""
    return None if frequency_of(row.text["period"]) else ("bad_period", "period", {})


def wrong_frequency(row: Cell, catalogue: Catalogue) -> tuple[str, str, dict[str, Value]] | None:
    """The period must have the frequency of its indicator."""
    indicator = catalogue.indicators.get(row.text["indicator"])
    found = frequency_of(row.text["period"])
    if indicator is None or found is None or found == indicator.frequency:
        return None
    return "wrong_frequency", "period", {"found": found, "expected": indicator.frequency}


def not_a_number(row: Cell, _catalogue: Catalogue) -> tuple[str, str, dict[str, Value]] | None:
    """The value must be a finite number of a believable size."""
    try:
        value = float(row.text["value"]) if "_" not in row.text["value"] else math.nan
    except ValueError:
        value = math.nan
    return None if abs(value) <= LARGEST else ("not_a_number", "value", {})


RULES: tuple[Rule, ...] = (unknown_indicator, unknown_geo, unknown_item, bad_period, wrong_frequency, not_a_number)


def judge(sheet: Sheet, catalogue: Catalogue, sha256: str, before: list[Finding], inferred: dict[str, str]) -> Report:
    """Every row against every rule, then rows against one another; a row with an error is not accepted."""
    findings = list(before)
    accepted: dict[tuple[str, str, str, str], tuple[Observation, int]] = {}
    for row in sheet.rows:
        broken = False
        for rule in RULES:
            fault = rule(row, catalogue)
            if fault is not None:
                code, column, values = fault
                findings.append(
                    Finding("error", code, sheet.file, row.line, column, row.text[column][:200], values=values)
                )
                broken = True
        if broken:
            continue
        key = (row.text["indicator"], row.text["geo"], row.text["item"], row.text["period"])
        seen = accepted.get(key)
        if seen is None:
            accepted[key] = (Observation(*key, float(row.text["value"])), row.line)
            continue
        same = seen[0].value == float(row.text["value"])
        values = {"other": seen[1], "value_other": repr(seen[0].value), "period": key[3]}
        where = (sheet.file, row.line, "period", key[3], values)
        findings.append(
            Finding("warning", "repeated_row", *where) if same else Finding("error", "duplicate_period", *where)
        )
    observations = tuple(observation for observation, _line in accepted.values())
    return Report(sheet.file, sha256, observations, tuple(findings), inferred)
