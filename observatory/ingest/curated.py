"""Curated edition as uploads would be: its files examined by the rules for uploads."""

from dataclasses import replace
from itertools import pairwise

from observatory.catalogue.models import Catalogue
from observatory.catalogue.periods import ordinal_to_period, parse_frequency, period_to_ordinal
from observatory.errors import Finding
from observatory.ingest.decode.file_kind import InputFile
from observatory.ingest.examine import ExamineRequest, examine_request
from observatory.ingest.report import Choices, Report


def examine_curated(indicator: str, content: bytes, catalogue: Catalogue) -> Report:
    """The report on `data/observations/INDICATOR.csv`, with its declared gaps compared to its absent periods."""
    file = f"observations/{indicator}.csv"
    input_file = InputFile(file, content, len(content))
    defaults = {"indicator": indicator}
    request = ExamineRequest(input_file, catalogue, None, Choices(decimal="."), None, defaults, ("utf-8",))
    report = examine_request(request)
    indicator_facts = catalogue.indicators[indicator]
    findings = list(report.findings)
    declared = {(gap.geo, gap.item, gap.first, gap.last) for gap in indicator_facts.gaps}
    found_gaps = _find_gaps(report)
    for geo, item, first, last in sorted(found_gaps - declared):
        values = {"geo": geo, "item": item or "-", "first": first, "last": last}
        findings.append(
            Finding("error", "undeclared_gap", file, column="period", value=f"{first}..{last}", values=values)
        )
    for geo, item, first, last in sorted(declared - found_gaps):
        values = {"geo": geo, "item": item or "-", "first": first, "last": last}
        findings.append(
            Finding("error", "gap_not_there", f"indicators/{indicator}.toml", column="gaps", value=first, values=values)
        )
    headline = (indicator_facts.headline_geo, indicator_facts.headline_item)
    if report.observations and headline not in {(row.geo, row.item) for row in report.observations}:
        value = f"{indicator_facts.headline_geo}, {indicator_facts.headline_item or '-'}"
        findings.append(
            Finding("error", "no_headline_series", f"indicators/{indicator}.toml", column="headline_geo", value=value)
        )
    return replace(report, findings=tuple(findings))


def _find_gaps(report: Report) -> set[tuple[str, str, str, str]]:
    """Every run of absent periods between the first and the last of a series: geo, item, first, last."""
    series: dict[tuple[str, str], list[int]] = {}
    for row in report.observations:
        series.setdefault((row.geo, row.item), []).append(period_to_ordinal(row.period))
    if not report.observations:
        return set()
    frequency = parse_frequency(report.observations[0].period) or "A"
    gaps = set()
    for (geo, item), numbers in series.items():
        numbers.sort()
        for before, after in pairwise(numbers):
            if after > before + 1:
                gaps.add((geo, item, ordinal_to_period(before + 1, frequency), ordinal_to_period(after - 1, frequency)))
    return gaps
