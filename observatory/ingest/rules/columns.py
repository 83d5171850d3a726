"""Rules on columns that are not read (each takes a ColumnUse), and on tables of days (each takes a DailyTable)."""

from collections.abc import Iterable, Iterator

from observatory import settings
from observatory.errors import MessageValue
from observatory.ingest.decode.table import column_letters, format_cell
from observatory.ingest.decode.units import parse_bracketed_unit
from observatory.ingest.figures.column_use import ColumnUse, UnreadColumn
from observatory.ingest.figures.context import Violation
from observatory.ingest.figures.days import DailyTable
from observatory.typography import escape_unprintable

_MAX_LISTED_VALUES = 5  # cells that a message lists


def _column_violation(use: ColumnUse, column: UnreadColumn, **values: MessageValue) -> Violation:
    line = use.context.table.header_line
    return Violation(line, column.header, _clean(list_values(column.values)), {"head": column.header, **values})


def list_values(values: Iterable[str]) -> str:
    """The first cells of a column, an ellipsis for the others."""
    texts = list(values)
    shown = ", ".join(text[: settings.MAX_ECHOED_CHARS] for text in texts[:_MAX_LISTED_VALUES])
    return shown + (", …" if len(texts) > _MAX_LISTED_VALUES else "")


def _clean(text: str) -> str:
    return escape_unprintable(text, settings.MAX_CELL_CHARS)


def unread_geo(use: ColumnUse) -> Iterator[Violation]:
    """A column of places must have a known header: if ignored, its figures would go to another place."""
    for row, column in use.misplaced:
        titles = use.context.name_index.get_titles(row.geo or "", "")
        taken = {"taken_fr": titles["geo_fr"], "taken_en": titles["geo_en"]}
        header = use.context.header_text(column)
        is_head = column == row.column  # a place in brackets behind the head of the figures
        cell = parse_bracketed_unit(header) if is_head else format_cell(row.cells[column])
        yield Violation(row.line, header or column_letters(column), _clean(cell), taken)


def second_place(use: ColumnUse) -> Iterator[Violation]:
    """Rows must be of one place: a second column of places (a partner, a destination) makes them bilateral."""
    for column in use.list_kind("partner"):
        assert use.first_row is not None
        place, other = use.first_row.role_text("geo")
        titles = use.context.name_index.get_titles(use.first_row.geo, "") if use.first_row.geo else {}
        taken = {"taken_fr": titles.get("geo_fr", ""), "taken_en": titles.get("geo_en", "")}
        yield _column_violation(use, column, other=other, place=_clean(place), **taken)


def part_column(use: ColumnUse) -> Iterator[Violation]:
    """A column of which all rows are one part (an age, a sex) must be confirmed: that part would pass for the total."""
    for column in use.unconfirmed:
        yield _column_violation(use, column, option=column.filter_option[: settings.MAX_ECHOED_CHARS])


def mixed_column(use: ColumnUse) -> Iterator[Violation]:
    """A dimension that is not read must say one thing: rows that differ in it are of different series."""
    for column in use.mixed:
        yield _column_violation(use, column)


def filter_column(use: ColumnUse) -> Iterator[Violation]:
    """A column of text that is not read should not change what the figures mean: it is named with what it says."""
    for column in use.list_kind("filter"):
        yield _column_violation(use, column)


def daily_table(daily: DailyTable) -> Iterable[Violation]:
    """A table must not have several days inside a period: one of them would pass for the month."""
    if daily.is_requested:
        return ()
    cell, method = daily.example.period_cell, daily.method or "none"
    values: dict[str, MessageValue] = {"period": cell.to_enclosing(None).period, "days": daily.days, "method": method}
    return (daily.example.build_violation("period", **values),)


def incomplete_period(daily: DailyTable) -> Iterator[Violation]:
    """A period made of days should have all of them: one that lacks some is left out."""
    for period in daily.incomplete:
        yield period.row.build_violation("period", period=period.period, days=period.days, missing=period.missing)
