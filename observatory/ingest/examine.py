"""The one door for figures: a curated file and an analyst's upload enter here alike."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

from observatory import settings
from observatory.catalogue.models import Catalogue, KnowHow
from observatory.catalogue.periods import ordinal_to_period, parse_frequency, period_to_ordinal
from observatory.errors import Finding
from observatory.ingest.decode import encodings, periods, separators
from observatory.ingest.decode.file_kind import InputFile
from observatory.ingest.decode.name_index import NameIndex, is_knowhow_header_row
from observatory.ingest.figures.decimals import DecimalDecision, resolve_decimals
from observatory.ingest.figures.layout import detect_layout
from observatory.ingest.figures.rows import FigureRows, TableContext, list_unknown_indicators, read_figures
from observatory.ingest.figures.series import group_series
from observatory.ingest.knowhow.table import KnowHowTable, parse_knowhow_table
from observatory.ingest.report import Choices, Observation, Question, Report
from observatory.ingest.rules.registry import RuleStage, build_finding, list_rules
from observatory.ingest.rules.table import OpenedFile
from observatory.timeseries import SeriesKey, TimeSeries


def examine_file(
    file: str,
    content: bytes,
    catalogue: Catalogue,
    *,
    published: Mapping[SeriesKey, TimeSeries] | None = None,
    today: date,
    choices: Choices = Choices(),  # noqa: B008 - frozen
    defaults: Mapping[str, str] | None = None,
) -> Report:
    """The report on a file: what was accepted and every fault, by line and column. Never raises for what it holds.

    `known` are the histories that the file comes on top of (None: rules on the past are silent), `today` the day from
    which a period is still to come, `given` what the file need not say, by column.
    """
    upload = InputFile(file, content, len(content))
    return _examine(upload, catalogue, published, choices, today, defaults or {})


def examine_path(
    path: Path,
    catalogue: Catalogue,
    *,
    published: Mapping[SeriesKey, TimeSeries] | None = None,
    today: date,
    choices: Choices = Choices(),  # noqa: B008 - frozen
    defaults: Mapping[str, str] | None = None,
) -> tuple[Report, bytes]:
    """The report on a file and its bytes; of a file over the limit no more than the limit is read. Raises OSError."""
    with path.open("rb") as source:
        content = source.read(settings.MAX_UPLOAD_BYTES + 1)
    size = max(path.stat().st_size, len(content))
    upload = InputFile(str(path), content, size)
    return _examine(upload, catalogue, published, choices, today, defaults or {}), content


def examine_curated(indicator: str, content: bytes, catalogue: Catalogue) -> Report:
    """The report on `data/observations/INDICATOR.csv`, its declared gaps compared with the periods it lacks."""
    file = f"observations/{indicator}.csv"
    upload = InputFile(file, content, len(content))
    named = {"indicator": indicator}
    report = _examine(upload, catalogue, None, Choices(decimal="."), None, named, encodings_allowed=("utf-8",))
    facts = catalogue.indicators[indicator]
    extra = list(report.findings)
    declared = {(gap.geo, gap.item, gap.first, gap.last) for gap in facts.gaps}
    seen = _find_gaps(report)
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
    return replace(report, findings=tuple(extra))


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


class _Examination:
    """What is known of a file so far: the report in the making."""

    def __init__(self, file: InputFile) -> None:
        self.file = file
        self.findings: list[Finding] = []
        self.error_count, self.finding_count = 0, 0
        self.inferred: dict[str, str] = {}
        self.questions: tuple[Question, ...] = ()
        self.unknown_indicators: tuple[str, ...] = ()

    def apply_rules(self, stage: RuleStage, subject: Any) -> bool:
        """Adds what the rules of a stage find; answers whether none of it is an error."""
        before = self.error_count
        for rule in list_rules(stage):
            for fault in rule.check(subject):
                self._add_finding(build_finding(rule, fault, self.file.name))
        return self.error_count == before

    def _add_finding(self, finding: Finding) -> None:
        """Keeps as many errors, and as many warnings, as a report may hold; counts the others."""
        error = finding.level == "error"
        self.error_count += error
        self.finding_count += 1
        if (self.error_count if error else self.finding_count - self.error_count) <= settings.MAX_FINDINGS:
            self.findings.append(finding)

    def build_report(self, observations: Iterable[Observation] = (), knowhow: Iterable[KnowHow] = ()) -> Report:
        """The findings in the order of the file's lines; of very many, errors are kept first."""
        kept = sorted(self.findings, key=lambda row: row.level)[: settings.MAX_FINDINGS]
        if self.finding_count > len(kept):
            self.inferred["more_findings"] = str(self.finding_count - len(kept))
        ordered = tuple(sorted(kept, key=lambda row: row.line or 0))
        sha256 = hashlib.sha256(self.file.content).hexdigest()
        rows, judged = tuple(observations), tuple(knowhow)
        return Report(
            self.file.name, sha256, rows, ordered, self.inferred, self.questions, self.unknown_indicators, judged
        )


def _examine(
    file: InputFile,
    catalogue: Catalogue,
    published: Mapping[SeriesKey, TimeSeries] | None,
    choices: Choices,
    today: date | None,
    defaults: Mapping[str, str],
    encodings_allowed: tuple[str, ...] = encodings.SUPPORTED_ENCODINGS,
) -> Report:
    done = _Examination(file)
    if not done.apply_rules("bytes", file):
        return done.build_report()
    opened = _open_file(file, choices, encodings_allowed)
    table = opened.table
    if table is not None:
        done.inferred |= table.inferred
        if len(table.sheets) > 1:
            done.questions = (Question("sheet", table.sheets),)
    if not done.apply_rules("table", opened) or table is None:
        return done.build_report()
    names = NameIndex(catalogue)
    if is_knowhow_header_row(table.header):
        return _examine_knowhow(done, parse_knowhow_table(table, names, today))
    frame = TableContext(table, detect_layout(table, names, defaults, choices.indicator), names, today)
    _record_layout(done, frame)
    if not done.apply_rules("layout", frame):
        wrong = {row.code for row in done.findings if row.level == "error"}
        if wrong == {"unknown_head"}:  # else it is the head as a whole that is at fault
            done.unknown_indicators = tuple(frame.header_text(place) for place in frame.layout.unknown_columns)
        done.questions += () if wrong & {"merged_head", "compound_head"} else _ask_indicator(frame, catalogue)
        return done.build_report()
    done.questions = ()
    read = read_figures(frame)
    done.apply_rules("lines", (frame, read))
    settled = resolve_decimals(read.rows, choices.decimal, table.inferred.get("separator", ""), published or {})
    _record_figures(done, frame, read, settled)
    if settled.decided_by == "?":
        done.questions += (Question("decimal", (",", ".")),)
    done.unknown_indicators = list_unknown_indicators(read)
    good = [row for row in read.rows if done.apply_rules("row", row) and row.period_cell.kind == "period"]
    series = group_series(good, published)
    for each in series:
        done.apply_rules("series", each)
    first = {id(row) for each in series for row in each.first_rows.values()}  # of a period given twice
    return done.build_report(
        Observation(*row.series_key, row.period_cell.period, row.number.value) for row in good if id(row) in first
    )


def _examine_knowhow(examination: _Examination, table: KnowHowTable) -> Report:
    """The report on a table of know-how; all its rules speak at once, for no row hides what another says."""
    examination.questions = ()
    _record_layout(examination, table.context)
    examination.apply_rules("layout", table.context)
    examination.apply_rules("lines", (table.context, table))
    examination.apply_rules("matrix", table)
    good = [row for row in table.rows if examination.apply_rules("judgement", row)]
    return examination.build_report(knowhow=(row.proposed for row in good))


def _open_file(file: InputFile, choices: Choices, encodings_allowed: tuple[str, ...]) -> OpenedFile:
    """A text or a workbook as a table, as far as it can be one."""
    if file.kind in ("workbook", "damaged"):
        from observatory.ingest.decode import workbook  # openpyxl takes a quarter of a second, and most files are text

        return OpenedFile(
            file, table=workbook.read_workbook(file.content, choices.sheet) if file.kind == "workbook" else None
        )
    text = encodings.decode_text(file.content, encodings_allowed)
    if text.text is None:
        return OpenedFile(file, text)
    control = encodings.find_control_character(text.text)
    table = separators.parse_delimited(text.text, {"encoding": text.encoding}) if control is None else None
    return OpenedFile(file, text, control, table)


def _ask_indicator(context: TableContext, catalogue: Catalogue) -> tuple[Question, ...]:
    """Which indicator a file is about, if that is what it does not say or what was answered wrong."""
    layout = context.layout
    one_column = len(layout.unknown_columns) == 1 and not layout.value_columns
    lacking = "indicator" in layout.missing_roles and not context.real_header_line
    asked = one_column or lacking or "indicator" in layout.defaults
    return (Question("indicator", tuple(catalogue.indicators)),) if asked else ()


def _record_layout(examination: _Examination, context: TableContext) -> None:
    layout = context.layout
    if layout.shape != "none":
        examination.inferred["layout"] = layout.shape
    if layout.ignored_columns:
        examination.inferred["ignored"] = ", ".join(context.header_text(place) for place in layout.ignored_columns)


def _record_figures(
    examination: _Examination, context: TableContext, figures: FigureRows, decision: DecimalDecision
) -> None:
    """Everything that was not said but found out, so that nothing is guessed in silence."""
    told = {
        "decimal": decision.separator or "",
        "decimal_by": decision.decided_by if decision.separator else "",
        "period_format": context.period_format.name if context.period_format is not None else periods.DATE_CELL_FORMAT,
        "years": "{}-{}".format(*periods.TWO_DIGIT_YEARS) if figures.has_short_years else "",
        "geo": _describe_assumed(figures.inferred_geo),
        "item": _describe_assumed(figures.inferred_item),
        "flags": ", ".join(sorted(figures.status_flags)),
        "empty": str(figures.missing_count or ""),
        "expected": str(figures.forecast_count or ""),
    }
    examination.inferred |= {name: value for name, value in told.items() if value}


def _describe_assumed(assumed: Mapping[str, str]) -> str:
    """What was taken for what no column says: one for all, or one for each indicator."""
    if len(set(assumed.values())) < 2:
        return next(iter(assumed.values()), "")
    return ", ".join(f"{indicator}: {value}" for indicator, value in assumed.items())
