"""The one door for figures: a curated file and an analyst's upload enter here alike."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

from observatory import settings
from observatory.catalogue.models import Catalogue, KnowHow
from observatory.catalogue.periods import frequency_of, ordinal, period
from observatory.errors import Finding
from observatory.ingest.decode import encodings, periods, separators
from observatory.ingest.decode.file_kind import Upload
from observatory.ingest.decode.name_index import Names, of_knowhow
from observatory.ingest.figures.decimals import Settled, settle
from observatory.ingest.figures.layout import layout_of
from observatory.ingest.figures.rows import Figures, Frame, figures, strangers
from observatory.ingest.figures.series import series_of
from observatory.ingest.knowhow.table import Matrix, matrix_of
from observatory.ingest.report import Choices, Observation, Question, Report
from observatory.ingest.rules.registry import Stage, found, of_stage
from observatory.ingest.rules.table import Opened
from observatory.timeseries import History, Key


def examine(
    file: str,
    content: bytes,
    catalogue: Catalogue,
    *,
    known: Mapping[Key, History] | None = None,
    choices: Choices = Choices(),  # noqa: B008 - frozen
    today: date | None = None,
    given: Mapping[str, str] | None = None,
) -> Report:
    """The report on a file: what was accepted and every fault, by line and column. Never raises for what it holds.

    `known` are the histories that the file comes on top of (None: rules on the past are silent), `today` the day from
    which a period is still to come (None: this day, UTC), `given` what the file need not say, by column.
    """
    upload = Upload(file, content, len(content))
    return _examined(upload, catalogue, known, choices, today or datetime.now(UTC).date(), given or {})


def examine_path(
    path: Path,
    catalogue: Catalogue,
    *,
    known: Mapping[Key, History] | None = None,
    choices: Choices = Choices(),  # noqa: B008 - frozen
    today: date | None = None,
    given: Mapping[str, str] | None = None,
) -> tuple[Report, bytes]:
    """The report on a file and its bytes; of a file over the limit no more than the limit is read. Raises OSError."""
    with path.open("rb") as source:
        content = source.read(settings.LARGEST_UPLOAD + 1)
    size = max(path.stat().st_size, len(content))
    upload = Upload(str(path), content, size)
    today = today or datetime.now(UTC).date()
    return _examined(upload, catalogue, known, choices, today, given or {}), content


def examine_curated(indicator: str, content: bytes, catalogue: Catalogue) -> Report:
    """The report on `data/observations/INDICATOR.csv`, its declared gaps compared with the periods it lacks."""
    file = f"observations/{indicator}.csv"
    upload = Upload(file, content, len(content))
    named = {"indicator": indicator}
    report = _examined(upload, catalogue, None, Choices(decimal="."), None, named, encoding=("utf-8",))
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
    return replace(report, findings=tuple(extra))


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


class _Examination:
    """What is known of a file so far: the report in the making."""

    def __init__(self, upload: Upload) -> None:
        self.upload = upload
        self.findings: list[Finding] = []
        self.errors, self.all = 0, 0
        self.inferred: dict[str, str] = {}
        self.questions: tuple[Question, ...] = ()
        self.unknown: tuple[str, ...] = ()

    def judge(self, stage: Stage, subject: Any) -> bool:
        """Adds what the rules of a stage find; answers whether none of it is an error."""
        before = self.errors
        for rule in of_stage(stage):
            for fault in rule.check(subject):
                self._add(found(rule, fault, self.upload.file))
        return self.errors == before

    def _add(self, finding: Finding) -> None:
        """Keeps as many errors, and as many warnings, as a report may hold; counts the others."""
        error = finding.level == "error"
        self.errors += error
        self.all += 1
        if (self.errors if error else self.all - self.errors) <= settings.MOST_FINDINGS:
            self.findings.append(finding)

    def report(self, observations: Iterable[Observation] = (), knowhow: Iterable[KnowHow] = ()) -> Report:
        """The findings in the order of the file's lines; of very many, errors are kept first."""
        kept = sorted(self.findings, key=lambda row: row.level)[: settings.MOST_FINDINGS]
        if self.all > len(kept):
            self.inferred["more_findings"] = str(self.all - len(kept))
        ordered = tuple(sorted(kept, key=lambda row: row.line or 0))
        sha256 = hashlib.sha256(self.upload.content).hexdigest()
        rows, judged = tuple(observations), tuple(knowhow)
        return Report(self.upload.file, sha256, rows, ordered, self.inferred, self.questions, self.unknown, judged)


def _examined(
    upload: Upload,
    catalogue: Catalogue,
    known: Mapping[Key, History] | None,
    choices: Choices,
    today: date | None,
    given: Mapping[str, str],
    encoding: tuple[str, ...] = encodings.ALL,
) -> Report:
    done = _Examination(upload)
    if not done.judge("bytes", upload):
        return done.report()
    opened = _opened(upload, choices, encoding)
    table = opened.table
    if table is not None:
        done.inferred |= table.inferred
        if len(table.sheets) > 1:
            done.questions = (Question("sheet", table.sheets),)
    if not done.judge("table", opened) or table is None:
        return done.report()
    names = Names(catalogue)
    if of_knowhow(table.head):
        return _judged(done, matrix_of(table, names, today))
    frame = Frame(table, layout_of(table, names, given, choices.indicator), names, today)
    _tell_layout(done, frame)
    if not done.judge("layout", frame):
        wrong = {row.code for row in done.findings if row.level == "error"}
        if wrong == {"unknown_head"}:  # else it is the head as a whole that is at fault
            done.unknown = tuple(frame.head(place) for place in frame.layout.strangers)
        done.questions += () if wrong & {"merged_head", "compound_head"} else _which(frame, catalogue)
        return done.report()
    done.questions = ()
    read = figures(frame)
    done.judge("lines", (frame, read))
    settled = settle(read.rows, choices.decimal, table.inferred.get("separator", ""), known or {})
    _tell_figures(done, frame, read, settled)
    if settled.by == "?":
        done.questions += (Question("decimal", (",", ".")),)
    done.unknown = strangers(read)
    good = [row for row in read.rows if done.judge("row", row) and row.when.kind == "period"]
    series = series_of(good, known)
    for each in series:
        done.judge("series", each)
    first = {id(row) for each in series for row in each.first_rows.values()}  # of a period given twice
    return done.report(Observation(*row.key, row.when.period, row.number.value) for row in good if id(row) in first)


def _judged(done: _Examination, matrix: Matrix) -> Report:
    """The report on a table of know-how; all its rules speak at once, for no row hides what another says."""
    done.questions = ()
    _tell_layout(done, matrix.frame)
    done.judge("layout", matrix.frame)
    done.judge("lines", (matrix.frame, matrix))
    done.judge("matrix", matrix)
    good = [row for row in matrix.rows if done.judge("judgement", row)]
    return done.report(knowhow=(row.knowhow for row in good))


def _opened(upload: Upload, choices: Choices, encoding: tuple[str, ...]) -> Opened:
    """A text or a workbook as a table, as far as it can be one."""
    if upload.kind in ("workbook", "damaged"):
        from observatory.ingest.decode import workbook  # openpyxl takes a quarter of a second, and most files are text

        return Opened(upload, table=workbook.read(upload.content, choices.sheet) if upload.kind == "workbook" else None)
    text = encodings.decode(upload.content, encoding)
    if text.text is None:
        return Opened(upload, text)
    control = encodings.control(text.text)
    table = separators.split(text.text, {"encoding": text.encoding}) if control is None else None
    return Opened(upload, text, control, table)


def _which(frame: Frame, catalogue: Catalogue) -> tuple[Question, ...]:
    """Which indicator a file is about, if that is what it does not say or what was answered wrong."""
    layout = frame.layout
    one_column = len(layout.strangers) == 1 and not layout.values
    lacking = "indicator" in layout.missing and not frame.head_below
    asked = one_column or lacking or "indicator" in layout.given
    return (Question("indicator", tuple(catalogue.indicators)),) if asked else ()


def _tell_layout(done: _Examination, frame: Frame) -> None:
    layout = frame.layout
    if layout.shape != "none":
        done.inferred["layout"] = layout.shape
    if layout.ignored:
        done.inferred["ignored"] = ", ".join(frame.head(place) for place in layout.ignored)


def _tell_figures(done: _Examination, frame: Frame, read: Figures, settled: Settled) -> None:
    """Everything that was not said but found out, so that nothing is guessed in silence."""
    told = {
        "decimal": settled.decimal or "",
        "decimal_by": settled.by if settled.decimal else "",
        "period_format": frame.form.name if frame.form is not None else periods.DATE_CELL,
        "years": "{}-{}".format(*periods.WINDOW) if read.short_years else "",
        "geo": _assumed(read.inferred_geo),
        "item": _assumed(read.inferred_item),
        "flags": ", ".join(sorted(read.flags)),
        "empty": str(read.empty or ""),
        "expected": str(read.expected or ""),
    }
    done.inferred |= {name: value for name, value in told.items() if value}


def _assumed(found: Mapping[str, str]) -> str:
    """What was taken for what no column says: one for all, or one for each indicator."""
    if len(set(found.values())) < 2:
        return next(iter(found.values()), "")
    return ", ".join(f"{indicator}: {value}" for indicator, value in found.items())
