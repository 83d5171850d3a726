"""Web pages of publishers: the table of daily passengers of the TSA, and the CSV file that a page of Ember links to."""

import re
from collections.abc import Sequence
from datetime import UTC, date
from decimal import Decimal
from email.utils import parsedate_to_datetime
from html.parser import HTMLParser
from urllib.parse import urljoin

from observatory.catalogue.recipes import RefreshRecipe
from observatory.errors import SourceError
from observatory.sources.content import decode_text, read_table, require_columns
from observatory.sources.figures import (
    ValuesByKey,
    add_value,
    build_figures,
    last_complete_period,
    parse_period,
    parse_value,
    sum_complete_months,
)
from observatory.sources.model import Answer, DataPoint, Request, Window, merge_requests

_CSV_LINK = re.compile(r"href=[\"']([^\"']*monthly[^\"']*\.csv)(?:\?[^\"']*)?[\"']", re.IGNORECASE)
_DAY = re.compile(r"(\d{1,2})/(\d{1,2})/([12]\d{3})", re.ASCII)
_PLACE, _DATE = "ISO3 Code", "Date"


class _TableParser(HTMLParser):
    """The cells of all table rows of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self._cell: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begins a row or a cell."""
        del attrs
        if tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th"):
            self._cell = []

    def handle_endtag(self, tag: str) -> None:
        """Ends a cell."""
        if tag in ("td", "th") and self._cell is not None and self.rows:
            self.rows[-1].append(" ".join("".join(self._cell).split()))
            self._cell = None

    def handle_data(self, data: str) -> None:
        """Text of a cell."""
        if self._cell is not None:
            self._cell.append(data)


def build_tsa_requests(recipes: Sequence[RefreshRecipe], window: Window) -> list[Request]:
    """The page of the running year, and one for each year before it."""
    years = [f"/{year}" for year in range(window.first_year, window.today.year)]
    return merge_requests(
        Request(recipe.host, f"/{recipe.dataset}{year}", accept="text/html", serves=(recipe.indicator,))
        for recipe in recipes
        for year in ["", *years]
    )


def read_tsa(recipe: RefreshRecipe, answers: Sequence[Answer]) -> list[DataPoint]:
    """Monthly sums of the table of days, complete months only. A page without the table is refused."""
    (series,) = recipe.series
    days: dict[date, Decimal] = {}
    for answer in answers:
        parser = _TableParser()
        parser.feed(answer.content.decode("utf-8", "replace"))
        header = [series.key, *recipe.columns]
        if header not in parser.rows:
            raise SourceError(
                "error.source.column", wanted=", ".join(header), seen=" | ".join(map(", ".join, parser.rows[:1]))[:180]
            )
        for row in parser.rows:
            if len(row) != len(header) or row == header:
                continue
            match = _DAY.fullmatch(row[0])
            value = parse_value(row[1], has_thousands=True)
            if match is None or value is None:
                raise SourceError("error.source.period", value=row[0][:60], frequency="D")
            day = _build_day(match)
            if days.setdefault(day, value) != value:
                raise SourceError("error.source.twice", series=series.key, period=day.isoformat())
    return build_figures(recipe, {series.key: sum_complete_months(days)})


def _build_day(match: re.Match[str]) -> date:
    try:
        return date(int(match[3]), int(match[1]), int(match[2]))
    except ValueError as error:
        raise SourceError("error.source.period", value=match[0], frequency="D") from error


def build_ember_requests(recipes: Sequence[RefreshRecipe], _window: Window) -> list[Request]:
    """The page that links to the file."""
    return merge_requests(
        Request(recipe.host, f"/{recipe.dataset}", accept="text/html", serves=(recipe.indicator,)) for recipe in recipes
    )


def follow_ember(recipe: RefreshRecipe, answers: Sequence[Answer]) -> list[Request]:
    """The only monthly CSV file that the page links to."""
    links = dict.fromkeys(_CSV_LINK.findall(answers[0].content.decode("utf-8", "replace")))
    if len(links) != 1:
        raise SourceError("error.source.member", wanted="monthly .csv", count=len(links))
    return [Request(recipe.host, urljoin(answers[0].request.path, next(iter(links))), serves=(recipe.indicator,))]


def read_ember(recipe: RefreshRecipe, answers: Sequence[Answer]) -> list[DataPoint]:
    """Prices by country; months that had not ended when the file was written are left out."""
    table = answers[-1]
    (column,) = recipe.columns
    header, rows = read_table(decode_text(table), is_framed=table.is_framed)
    require_columns(header, [_PLACE, _DATE, column])
    newest = max((row[_DATE][:7] for row in rows), default="")
    last = _read_last_period(table, recipe)
    values: ValuesByKey = {}
    for row in rows:
        period = parse_period(row[_DATE], recipe.frequency)
        if period < newest or period <= last:
            add_value(values, row[_PLACE], period, parse_value(row[column]))
    return build_figures(recipe, values)


def _read_last_period(answer: Answer, recipe: RefreshRecipe) -> str:
    """The last period that had ended when the file was written; empty if the server does not say when."""
    try:
        moment = parsedate_to_datetime(answer.last_modified)
    except ValueError:
        return ""
    return last_complete_period(moment.astimezone(UTC).date(), recipe.frequency)
