"""Report on a file: accepted observations, findings, questions. The types that other packages use."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Literal

from observatory.catalogue.external_forecasts import ExternalForecast, ForecastPublisher
from observatory.catalogue.models import KnowHow
from observatory.errors import Finding
from observatory.ingest.decode.aliases import AliasKind


@dataclass(frozen=True)
class Choices:
    """Choices of the user about a file that does not decide them itself; stored with the draft.

    `decimal` is "," or "."; `sheet` one of a workbook ("": the first); `indicator` the id or title for a file that
    names none. `total` are the filters, one a line ("SEX=F"), whose rows are the whole of the indicator; `aggregate`
    is how periods are made of days, "sum" or "mean". `fiscal_year` says which calendar year names a fiscal year
    ("start" or "end"; "no": they are months), `utc_month` which month the last evening of a month in UTC stands for
    ("next" or "same"). `names` are the aliases, one a line ("indicator:Commande ATR=atr_orders"), by which names that
    the catalogue lacks are read.
    """

    decimal: str = ""
    sheet: str = ""
    indicator: str = ""
    total: str = ""
    aggregate: str = ""
    fiscal_year: str = ""
    utc_month: str = ""
    names: str = ""


CHOICE_NAMES = tuple(row.name for row in fields(Choices))


@dataclass(frozen=True)
class Question:
    """A choice that a file needs: a field of Choices, and its options."""

    name: str
    options: tuple[str, ...]


@dataclass(frozen=True)
class UnknownName:
    """A name in a file that the catalogue lacks, and the ids of the most similar ones, the nearest first."""

    kind: AliasKind
    name: str
    near: tuple[str, ...] = ()


@dataclass(frozen=True)
class IgnoredColumn:
    """A column of a file that is not read: its header, what it is and why that is harmless, its first distinct cells.

    `reason` is a key of `report.ignored.*`.
    """

    header: str
    reason: str
    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class Observation:
    """The value of a series for a period, ready for the store."""

    indicator: str
    geo: str
    item: str
    period: str
    value: float


@dataclass(frozen=True)
class Report:
    """Findings on a file, and what was accepted of it.

    A file holds observations, or else the whole table of `knowhow` as it would be once published, or `forecasts` of
    others, known ones included, with the `publishers` that are new. `findings` are in the order of lines, errors and
    warnings mixed. `unknown_indicators` are those that the file names and the catalogue lacks; `unknown_names` are
    all names that an alias could settle. `inferred` says how the file was read: encoding, separator, decimal and what
    settled it (decimal_by: choice, column, separator, history), layout (long, wide_indicators, wide_periods,
    wide_geos, wide_items, matrix, knowhow, forecasts), metadata (labels above the table), notes (lines below it),
    period_format, years (of two digits), sheet, sheets, ignored (columns), geo and item where no column says them,
    flags (marks of status behind numbers), day (inside its period, one a period), aggregate (of days), total
    (confirmed filters), names (aliases), multiplier; how many values were empty or expected, and how many findings
    there are beyond those kept (more_findings).
    `ignored_columns` says of each column that is not read why.
    """

    file: str
    sha256: str
    observations: tuple[Observation, ...] = ()
    findings: tuple[Finding, ...] = ()
    inferred: Mapping[str, str] = field(default_factory=dict)
    questions: tuple[Question, ...] = ()
    unknown_indicators: tuple[str, ...] = ()
    knowhow: tuple[KnowHow, ...] = ()
    ignored_columns: tuple[IgnoredColumn, ...] = ()
    forecasts: tuple[ExternalForecast, ...] = ()
    publishers: tuple[ForecastPublisher, ...] = ()
    unknown_names: tuple[UnknownName, ...] = ()

    @property
    def accepted_count(self) -> int:
        """How many values were accepted, or rows of know-how, or forecasts of others."""
        return len(self.observations) or len(self.knowhow) or len(self.forecasts)

    @property
    def content(self) -> Literal["figures", "knowhow", "forecasts"]:
        """What the file holds."""
        return "knowhow" if self.knowhow else "forecasts" if self.inferred.get("layout") == "forecasts" else "figures"

    @property
    def is_publishable(self) -> bool:
        """Whether it may be published: no error, and at least one observation, know-how or forecast."""
        return bool(self.accepted_count) and not any(row.level == "error" for row in self.findings)
