"""Outlooks of others: forecasts that other publishers made, as facts with page and quotation."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

SeriesKey = tuple[str, str, str]
ForecastIdentity = tuple[object, ...]  # publisher, date, target, kind, measure, and series or quantity
KINDS = ("growth", "level", "cagr", "guidance")
MEASURES = ("growth", "level", "share", "total", "mean", "yearly_growth")
BASES = ("stated", "middle", "computed", "bound", "in_line")
OCCASIONS = ("then", "later")
SHARE_BASE_YEAR = 2019  # of a level that is given as a share
_YEAR = re.compile(r"(?P<fiscal>FY)?(?P<year>[12]\d{3})", re.ASCII)
_WINDOW = re.compile(r"(?P<first>[12]\d{3})-(?P<last>[12]\d{3})", re.ASCII)
_MONTHS = re.compile(r"([12]\d{3})-(0[1-9]|1[0-2])\.\.([12]\d{3})-(0[1-9]|1[0-2])", re.ASCII)
_FISCAL_YEAR_SHIFT = 3  # months by which a fiscal year (October to September) begins before the calendar year


@dataclass(frozen=True)
class ForecastPublisher:
    """A publisher of forecasts. `own`: it speaks of its own deliveries; `missing`: what of its record was not found."""

    id: str
    title: str
    own: bool
    licence_fr: str
    licence_en: str
    licence_certainty: str
    missing_fr: str
    missing_en: str


@dataclass(frozen=True)
class ExternalForecast:
    """One printed figure. Rows of one `statement` say the same thing (a growth and a level): they are one forecast.

    `published` is a day, a month or a year alone; `target` a year, FY and a year (October to September), years from-to
    or months from..to. `measure` says what of our series it is to be compared with, and a value times `scale` is in the
    unit of the series. `low` or `high` alone is a bound. `basis`: how the value was read; `found`: on a page of the
    time, or one that looks back. `outcome` is a quoted one, used where no series of ours gives it.
    """

    line: int
    statement: str
    publisher: str
    published: str
    quantity: str
    kind: str
    measure: str
    series: tuple[SeriesKey, ...]
    scale: float
    target: str
    low: float | None
    value: float | None
    high: float | None
    unit: str
    basis: str
    found: str
    outcome: float | None
    outcome_source: str
    page: str
    quote: str
    note: str

    @property
    def published_year(self) -> int:
        """The year of publication."""
        return int(self.published[:4])

    @property
    def published_month(self) -> int | None:
        """The month of publication (ordinal); None where only the year is known."""
        return None if len(self.published) == 4 else self.published_year * 12 + int(self.published[5:7]) - 1

    @property
    def known_month(self) -> int | None:
        """The last month that had ended when it was published (ordinal); None where only the year is known."""
        return None if self.published_month is None else self.published_month - 1

    @cached_property
    def target_span(self) -> tuple[int, int]:
        """The first and last month of the target (ordinals)."""
        span = parse_target(self.target)
        if span is None:
            raise ValueError(f"not a target: {self.target!r}")
        return span

    @property
    def target_year(self) -> int:
        """The year in which the target ends; of a fiscal year the one that names it."""
        return self.target_span[1] // 12

    @property
    def identity(self) -> ForecastIdentity:
        """What makes it the same forecast as another: who, when, of what, in which words; its figures do not count."""
        subject = self.series or self.quantity.casefold()
        return self.publisher, self.published, self.target, self.kind, self.measure, subject

    @property
    def figures(self) -> tuple[float | None, ...]:
        """Its low limit, its value and its high limit."""
        return self.low, self.value, self.high


@dataclass(frozen=True)
class ExternalForecasts:
    """The forecasts of others and their publishers by id: those under data/ in the order of their file, those added.

    `added` are by the id of their facts; editions bring them.
    """

    curated_publishers: Mapping[str, ForecastPublisher] = field(default_factory=dict)
    curated: tuple[ExternalForecast, ...] = ()
    added: Mapping[str, ExternalForecast] = field(default_factory=dict)
    added_publishers: Mapping[str, ForecastPublisher] = field(default_factory=dict)

    @cached_property
    def publishers(self) -> Mapping[str, ForecastPublisher]:
        """All publishers by id; that of data/ where both have one."""
        return {**self.added_publishers, **self.curated_publishers}

    @cached_property
    def rows(self) -> tuple[ExternalForecast, ...]:
        """All forecasts, those added last and numbered after the lines of the file, unless data/ has them as well."""
        known = {row.identity for row in self.curated}
        last = max((row.line for row in self.curated), default=1)
        added = [row for _name, row in sorted(self.added.items()) if row.identity not in known]
        added.sort(key=lambda row: (row.published, row.target))
        return (*self.curated, *(replace(row, line=last + number) for number, row in enumerate(added, 1)))

    def with_added_of(self, other: "ExternalForecasts") -> "ExternalForecasts":
        """These forecasts of data/ with what editions added to others."""
        return replace(self, added=other.added, added_publishers=other.added_publishers)


def parse_target(text: str) -> tuple[int, int] | None:
    """The first and last month of a target (ordinals); None if it is not one."""
    if match := _YEAR.fullmatch(text):
        first = int(match["year"]) * 12 - (_FISCAL_YEAR_SHIFT if match["fiscal"] else 0)
        return first, first + 11
    if match := _WINDOW.fullmatch(text):
        span = int(match["first"]) * 12, int(match["last"]) * 12 + 11
    elif match := _MONTHS.fullmatch(text):
        years, months = (int(match[1]), int(match[3])), (int(match[2]), int(match[4]))
        span = years[0] * 12 + months[0] - 1, years[1] * 12 + months[1] - 1
    else:
        return None
    return span if span[0] < span[1] else None
