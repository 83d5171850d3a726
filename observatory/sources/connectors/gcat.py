"""GCAT, the catalogue of space objects: one table of events, counted or added up by period.

The key of a series says which rows count: conditions joined by "; ", each a column, an operator and values joined
by "+". `=` equals one, `^=` begins with one, `!^=` begins with none, `!~=` contains none. `Category:2` is the second
word of a column; `Launch_Site>StateCode` the column of the launch site's row in the table of sites.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from decimal import Decimal

from observatory.catalogue.periods import Frequency
from observatory.catalogue.recipes import RefreshRecipe
from observatory.errors import SourceError
from observatory.sources.content import Row, decode_text, require_columns
from observatory.sources.figures import (
    MONTHS,
    ValuesByKey,
    build_figures,
    fill_zeros,
    last_complete_period,
    parse_value,
)
from observatory.sources.model import Answer, DataPoint, Request, Window, merge_requests

_FOLDER = "/space/gcat/"
_SITES = "tsv/tables/sites.tsv"
_DATE_COLUMN = "Launch_Date"
_CONDITION = re.compile(r"(?P<column>\w+)(?::(?P<word>\d)|>(?P<joined>\w+))?(?P<operator>!\^=|!~=|\^=|=)(?P<values>.*)")
_DATE = re.compile(r"(?P<year>[12]\d{3})(?: +(?P<month>[A-Z][a-z]{2}))?\??(?: .*)?")
_UPDATED = re.compile(r"# Updated (?P<year>[12]\d{3}) (?P<month>[A-Z][a-z]{2}) +(?P<day>\d{1,2})\b")

_OPERATORS: dict[str, Callable[[str, list[str]], bool]] = {
    "=": lambda cell, values: cell in values,
    "^=": lambda cell, values: cell.startswith(tuple(values)),
    "!^=": lambda cell, values: not cell.startswith(tuple(values)),
    "!~=": lambda cell, values: not any(value in cell for value in values),
}


def build_requests(recipes: Sequence[RefreshRecipe], _window: Window) -> list[Request]:
    """Whole tables: the events, and the sites where a key needs them."""
    return merge_requests(
        Request(recipe.host, f"{_FOLDER}{path}", serves=(recipe.indicator,))
        for recipe in recipes
        for path in (recipe.dataset, *([_SITES] if any(">" in row.key for row in recipe.series) else []))
    )


def read_figures(recipe: RefreshRecipe, answers: Sequence[Answer]) -> list[DataPoint]:
    """Counts or sums of the rows of each key, zeros included, up to the last period that the file covers."""
    day, rows = read_tsv(answers[0])
    sites = {row["Site"]: row for row in read_tsv(answers[1])[1]} if len(answers) > 1 else {}
    last = last_complete_period(day, recipe.frequency)
    require_columns(rows[0] if rows else (), [_DATE_COLUMN, *recipe.columns])
    values: ValuesByKey = {}
    for series in recipe.series:
        counts: dict[str, Decimal] = {}
        for row in _select_rows(rows, series.key, sites):
            value = Decimal(1) if recipe.rule == "count_rows" else parse_value(row[recipe.columns[0]]) or Decimal(0)
            period = _parse_date(row[_DATE_COLUMN], recipe.frequency)
            counts[period] = counts.get(period, Decimal(0)) + value
        if not counts:
            raise SourceError("error.source.no_figures", series=series.key[:60])
        values[series.key] = fill_zeros(counts, recipe.frequency, recipe.first, last)
    return build_figures(recipe, values, has_parts=False)


def read_tsv(answer: Answer) -> tuple[date, list[Row]]:
    """The day of the file and its rows, cells without their padding."""
    lines = decode_text(answer).split("\n")
    if not lines[0].startswith("#") or "\t" not in lines[0]:
        raise SourceError("error.source.layout", seen=lines[0][:180])
    header = [name.strip() for name in lines[0].lstrip("#").rstrip("\r").split("\t")]
    updated = next((match for line in lines[1:4] if (match := _UPDATED.match(line))), None)
    if updated is None:
        raise SourceError("error.source.column", wanted="# Updated", seen=" | ".join(lines[1:2])[:180])
    if lines[-1] and not answer.is_framed:
        raise SourceError("error.source.cut")  # the last line has no end
    rows = []
    for line in lines[1:]:
        cells = [cell.strip() for cell in line.rstrip("\r").split("\t")]
        if not line.strip() or line.startswith("#"):
            continue
        if len(cells) < len(header):
            raise SourceError("error.source.cut")
        rows.append(dict(zip(header, cells, strict=False)))
    try:
        day = date(int(updated["year"]), MONTHS.get(updated["month"].lower(), 0), int(updated["day"]))
    except ValueError as error:
        raise SourceError("error.source.period", value=updated[0][:60], frequency="D") from error
    return day, rows


def _select_rows(rows: list[Row], key: str, sites: dict[str, Row]) -> Iterable[Row]:
    for condition in key.split("; "):
        match = _CONDITION.fullmatch(condition)
        if match is None:
            raise SourceError("error.source.condition", series=condition[:60])
        require_columns(rows[0] if rows else (), [match["column"]])
        if match["joined"]:
            require_columns(next(iter(sites.values()), {}), [match["joined"]])
        test, wanted = _OPERATORS[match["operator"]], match["values"].split("+")
        rows = [row for row in rows if test(_find_cell(row, match, sites), wanted)]
    return rows


def _find_cell(row: Row, condition: re.Match[str], sites: dict[str, Row]) -> str:
    cell = row[condition["column"]]
    if condition["joined"]:
        return sites.get(cell, {}).get(condition["joined"], "")
    if condition["word"]:
        words = cell.split()
        place = int(condition["word"]) - 1
        return words[place] if place < len(words) else ""
    return cell


def _parse_date(text: str, frequency: Frequency) -> str:
    match = _DATE.fullmatch(text)
    month = MONTHS.get((match["month"] or "").lower(), 0) if match else 0
    if match is None or (frequency != "A" and not month):
        raise SourceError("error.source.period", value=text[:60], frequency=frequency)
    if frequency == "A":
        return match["year"]
    return f"{match['year']}-{month:02d}" if frequency == "M" else f"{match['year']}-Q{(month + 2) // 3}"
