"""The one door for figures: a curated file and an analyst's upload enter here alike."""

import hashlib
from collections.abc import Mapping
from itertools import pairwise

from observatory.catalogue.nouns import Catalogue
from observatory.catalogue.periods import frequency_of, ordinal, period
from observatory.errors import Finding
from observatory.ingest.decode import decode
from observatory.ingest.report import Report
from observatory.ingest.rules import judge


def examine(file: str, content: bytes, catalogue: Catalogue, given: Mapping[str, str] | None = None) -> Report:
    """The report on a file: what was accepted and every fault, by line and column. Never raises for what it holds."""
    sha256 = hashlib.sha256(content).hexdigest()
    sheet, findings, inferred = decode(file, content, given or {})
    if sheet is None:
        return Report(file, sha256, findings=tuple(findings), inferred=inferred)
    return judge(sheet, catalogue, sha256, findings, inferred)


def examine_curated(indicator: str, content: bytes, catalogue: Catalogue) -> Report:
    """The report on `data/observations/INDICATOR.csv`, its declared gaps compared with the periods it lacks."""
    file = f"observations/{indicator}.csv"
    report = examine(file, content, catalogue, {"indicator": indicator})
    facts = catalogue.indicators[indicator]
    extra = list(report.findings)
    declared = {(gap.geo, gap.item, gap.first, gap.last) for gap in facts.gaps}
    seen = gaps_of(report)
    for geo, item, first, last in sorted(seen - declared):
        values = {"geo": geo, "item": item or "-", "first": first, "last": last}
        extra.append(Finding("error", "undeclared_gap", file, column="period", value=f"{first}..{last}", values=values))
    for geo, item, first, last in sorted(declared - seen):
        values = {"geo": geo, "item": item or "-", "first": first, "last": last}
        extra.append(
            Finding("error", "gap_not_there", f"indicators/{indicator}.toml", column="gaps", value=first, values=values)
        )
    headline = (facts.headline_geo, facts.headline_item)
    if report.observations and headline not in {(row.geo, row.item) for row in report.observations}:
        value = f"{facts.headline_geo}, {facts.headline_item or '-'}"
        extra.append(
            Finding("error", "no_headline_series", f"indicators/{indicator}.toml", column="headline_geo", value=value)
        )
    return Report(report.file, report.sha256, report.observations, tuple(extra), report.inferred)


def gaps_of(report: Report) -> set[tuple[str, str, str, str]]:
    """Every run of absent periods between the first and the last of a series: geo, item, first, last."""
    series: dict[tuple[str, str], list[int]] = {}
    for row in report.observations:
        series.setdefault((row.geo, row.item), []).append(ordinal(row.period))
    if not report.observations:
        return set()
    frequency = frequency_of(report.observations[0].period) or "A"
    gaps = set()
    for (geo, item), numbers in series.items():
        numbers.sort()
        for before, after in pairwise(numbers):
            if after > before + 1:
                gaps.add((geo, item, period(before + 1, frequency), period(after - 1, frequency)))
    return gaps
