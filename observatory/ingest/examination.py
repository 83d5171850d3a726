"""An examination in progress: the findings, questions and inferences of which a report is made."""

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

from observatory import settings
from observatory.catalogue.models import KnowHow
from observatory.errors import Finding
from observatory.ingest.decode import periods
from observatory.ingest.decode.file_kind import InputFile
from observatory.ingest.figures.column_use import ColumnUse
from observatory.ingest.figures.context import TableContext
from observatory.ingest.figures.decimals import DecimalDecision
from observatory.ingest.figures.rows import FigureRows
from observatory.ingest.report import IgnoredColumn, Observation, Question, Report, UnknownName
from observatory.ingest.rules import RuleStage, build_finding, list_rules

_MAX_LISTED_VALUES = 5  # cells of an ignored column that the report lists


class Examination:
    """Builder of a report: the findings, questions and inferences on a file."""

    def __init__(self, file: InputFile) -> None:
        self.file = file
        self.findings: list[Finding] = []
        self.error_count, self.finding_count = 0, 0
        self.inferred: dict[str, str] = {}
        self.questions: tuple[Question, ...] = ()
        self.unknown_indicators: tuple[str, ...] = ()
        self.unknown_names: tuple[UnknownName, ...] = ()
        self.ignored_columns: tuple[IgnoredColumn, ...] = ()

    def apply_rules(self, stage: RuleStage, subject: Any) -> bool:
        """Adds the findings of the rules of a stage; returns whether none of them is an error."""
        errors_before = self.error_count
        for rule in list_rules(stage):
            for violation in rule.check(subject):
                self.add_finding(build_finding(rule, violation, self.file.name))
        return self.error_count == errors_before

    def add_finding(self, finding: Finding) -> None:
        """Adds a finding up to the limit of errors, or of warnings; counts the others."""
        is_error = finding.level == "error"
        self.error_count += is_error
        self.finding_count += 1
        if (self.error_count if is_error else self.finding_count - self.error_count) <= settings.MAX_FINDINGS:
            self.findings.append(finding)

    def record_layout(self, context: TableContext) -> None:
        """Records the layout of a table, and the columns that are not read."""
        layout = context.layout
        if layout.shape != "none":
            self.inferred["layout"] = layout.shape
        if layout.ignored_columns:
            self.inferred["ignored"] = ", ".join(context.header_text(place) for place in layout.ignored_columns)

    def record_figures(self, context: TableContext, figures: FigureRows, decision: DecimalDecision) -> None:
        """Records everything that was inferred, so that the report shows every assumption."""
        period_format = context.period_format
        inferred = {
            "decimal": decision.separator or "",
            "decimal_by": decision.decided_by if decision.separator else "",
            "period_format": period_format.name if period_format is not None else periods.DATE_CELL_FORMAT,
            "years": "{}-{}".format(*periods.TWO_DIGIT_YEARS) if figures.has_short_years else "",
            "geo": _describe_assumed(figures.inferred_geo),
            "item": _describe_assumed(figures.inferred_item),
            "flags": ", ".join(sorted(figures.status_flags)),
            "empty": str(figures.missing_count or ""),
            "expected": str(figures.forecast_count or ""),
        }
        self.inferred |= {name: value for name, value in inferred.items() if value}

    def record_columns(self, use: ColumnUse) -> None:
        """Records why each column is not read, and asks about those of which all rows are one part."""
        self.questions += tuple(Question("total", (column.filter_text,)) for column in use.unconfirmed)
        confirmed = use.list_kind("confirmed")
        if confirmed:
            self.inferred["total"] = ", ".join(column.filter_text for column in confirmed)
        self.ignored_columns = tuple(
            IgnoredColumn(column.header, column.kind, column.values[:_MAX_LISTED_VALUES]) for column in use.columns
        )

    def build_report(self, observations: Iterable[Observation] = (), knowhow: Iterable[KnowHow] = ()) -> Report:
        """The report, findings in the order of lines; beyond the limit, errors have priority over warnings."""
        listed = sorted(self.findings, key=lambda row: row.level)[: settings.MAX_FINDINGS]
        if self.finding_count > len(listed):
            self.inferred["more_findings"] = str(self.finding_count - len(listed))
        ordered = tuple(sorted(listed, key=lambda row: row.line or 0))
        sha256 = hashlib.sha256(self.file.content).hexdigest()
        rows, knowhow_rows = tuple(observations), tuple(knowhow)
        return Report(
            self.file.name,
            sha256,
            rows,
            ordered,
            self.inferred,
            self.questions,
            self.unknown_indicators,
            knowhow_rows,
            self.ignored_columns,
            unknown_names=self.unknown_names,
        )


def _describe_assumed(assumed: Mapping[str, str]) -> str:
    """The assumed values of a role without a column: one for all, or one for each indicator."""
    if len(set(assumed.values())) < 2:
        return next(iter(assumed.values()), "")
    return ", ".join(f"{indicator}: {value}" for indicator, value in assumed.items())
