"""Rules on one figure of a file: each takes a FigureRow, and no two report the same error."""

import re
from collections.abc import Iterable

from observatory import settings
from observatory.errors import MessageValue
from observatory.ingest.decode.name_index import ColumnRole
from observatory.ingest.decode.table import format_cell
from observatory.ingest.figures.context import Violation
from observatory.ingest.figures.layout import ROLE_OF_HEADERS
from observatory.ingest.figures.rows import FigureRow
from observatory.typography import escape_unprintable

# A text with an exponent: 8,23E+07 has three digits of eight. Excel never shows more than six beside one.
_EXPONENT_PATTERN = re.compile(r"\D*(?P<first>\d)[.,]?(?P<more>\d{0,5})E\+?(?P<power>\d+)\D*", re.ASCII)


def empty_cell(row: FigureRow) -> Iterable[Violation]:
    """A value must have an indicator, a geography and a period: their cells must not be empty."""
    roles: tuple[ColumnRole, ...] = ("indicator", "geo", "period")
    if row.indicator is not None and row.geo is not None and row.period_cell.kind != "empty":
        return ()
    return [row.build_violation(role) for role in roles if row.role_text(role)[1] and not row.role_text(role)[0]]


def unknown_indicator(row: FigureRow) -> Iterable[Violation]:
    """The indicator must be in the catalogue, by its id or its title."""
    if row.indicator is not None:
        return ()
    text = row.role_text("indicator")[0]
    return (row.build_violation("indicator", **row.context.name_index.suggest_name(text, "indicator")),) if text else ()


def unknown_geo(row: FigureRow) -> Iterable[Violation]:
    """The place must be known, by its code or its name."""
    text = row.role_text("geo")[0]
    if row.geo is not None or not text:
        return ()
    index = row.context.name_index
    country = index.find_place(text) or ""
    near = {"near_fr": "", "near_en": ""} if country else index.suggest_name(text, "geo")
    return (row.build_violation("geo", country=country, **near),)


def unknown_item(row: FigureRow) -> Iterable[Violation]:
    """The item must be empty (the total) or known, by its id or its title."""
    if row.item is not None:
        return ()
    return (row.build_violation("item", **row.context.name_index.suggest_name(row.role_text("item")[0], "item")),)


def unread_item(row: FigureRow) -> Iterable[Violation]:
    """A column of items must have a known header: if ignored, a part would count as the total."""
    layout, names = row.context.layout, row.context.name_index
    is_read = "item" in layout.role_columns or "item" in layout.defaults or ROLE_OF_HEADERS.get(layout.shape) == "item"
    for column in layout.ignored_columns if row.item is not None and not is_read else ():
        text = format_cell(row.cells[column])
        if 0 < len(text) <= settings.MAX_CELL_CHARS and names.find_item_id(text) not in (None, row.item):
            cell = escape_unprintable(text, settings.MAX_CELL_CHARS)
            return (Violation(row.line, row.context.header_text(column), cell, {}),)
    return ()


def multiplier(row: FigureRow) -> Iterable[Violation]:
    """A power of ten that a file says of its figures must be settled by the unit of the indicator, or by its past."""
    if not row.multiplier.problem or row.indicator is None:
        return ()
    text, header = row.multiplier.text, row.multiplier.header or row.context.header_text(row.column)
    unit: dict[str, MessageValue] = {"unit_fr": row.indicator.unit_fr, "unit_en": row.indicator.unit_en}
    values = {"problem": row.multiplier.problem, **unit}
    return (Violation(row.line, header, escape_unprintable(text, settings.MAX_CELL_CHARS), values),)


def bad_period(row: FigureRow) -> Iterable[Violation]:
    """The period must be a year, a quarter or a month."""
    return (row.build_violation("period"),) if row.period_cell.kind == "bad" else ()


def bad_date(row: FigureRow) -> Iterable[Violation]:
    """In a column of dates, each must be one that exists; 01/02/2024 is the first of February."""
    return (row.build_violation("period"),) if row.period_cell.kind == "bad_date" else ()


def other_period_format(row: FigureRow) -> Iterable[Violation]:
    """All periods of a file must be written in one way, so that none is read in a way that nobody meant."""
    return (
        (row.build_violation("period", example=row.context.example_period),) if row.period_cell.kind == "other" else ()
    )


def day_inside(row: FigureRow) -> Iterable[Violation]:
    """A day must be the first or the last one of a period of its indicator."""
    if row.period_cell.kind != "inside" or row.period_cell.frequency is None:
        return ()
    return (row.build_violation("period", expected=row.period_cell.frequency, day=row.period_cell.period),)


def serial_day(row: FigureRow) -> Iterable[Violation]:
    """A day must be written as one, not as the number by which a spreadsheet keeps it."""
    return (row.build_violation("period", day=row.period_cell.period),) if row.period_cell.kind == "serial" else ()


def wrong_frequency(row: FigureRow) -> Iterable[Violation]:
    """The period must have the frequency of its indicator."""
    written_frequency = row.period_cell.frequency
    if (
        row.indicator is None
        or row.period_cell.kind != "period"
        or written_frequency is None
        or written_frequency == row.indicator.frequency
    ):
        return ()
    return (row.build_violation("period", found=written_frequency, expected=row.indicator.frequency),)


def future_period(row: FigureRow) -> Iterable[Violation]:
    """The period must have begun: only observed values are published."""
    return (row.build_violation("period", period=row.period_cell.period),) if row.period_cell.tense == "future" else ()


def running_period(row: FigureRow) -> Iterable[Violation]:
    """A period that has not ended may have a value (a budget, a rate), but a sum over it is not complete."""
    return (row.build_violation("period", period=row.period_cell.period),) if row.period_cell.tense == "running" else ()


def formula(row: FigureRow) -> Iterable[Violation]:
    """A value must be written, not computed: a formula has another result elsewhere, or does harm."""
    return (row.build_violation("value"),) if row.number.kind == "formula" else ()


def not_a_number(row: FigureRow) -> Iterable[Violation]:
    """A value must be a number."""
    return (row.build_violation("value"),) if row.number.kind == "text" else ()


def too_large_number(row: FigureRow) -> Iterable[Violation]:
    """A value must be smaller than anything that an economy counts."""
    return (row.build_violation("value"),) if row.number.kind == "huge" else ()


def rounded(row: FigureRow) -> Iterable[Violation]:
    """A value with an exponent must have all its digits: a spreadsheet that shows 8,23E+07 writes no more of them."""
    text = row.role_text("value")[0]
    # A small e is that of programs, which write every digit there is.
    match = _EXPONENT_PATTERN.fullmatch(text) if row.number.kind == "number" and "E" in text else None
    if match is None or len(match["first"] + match["more"]) > int(match["power"]):
        return ()
    return (row.build_violation("value", digits=len(match["first"] + match["more"])),)


def ambiguous_number(row: FigureRow) -> Iterable[Violation]:
    """A value that can be read in two ways must be settled by the file, its past or a person."""
    if (
        row.number.kind != "ambiguous"
        or row.candidates is None
        or row.candidates.comma is None
        or row.candidates.point is None
    ):
        return ()
    first, second = sorted((row.candidates.comma, row.candidates.point), key=abs)
    return (row.build_violation("value", a=first, b=second),)


def other_decimal(row: FigureRow) -> Iterable[Violation]:
    """All values of a file must have the same decimal sign."""
    if row.number.kind != "other":
        return ()
    return (row.build_violation("value"),)


def percentage(row: FigureRow) -> Iterable[Violation]:
    """A percentage must be one of an indicator that counts in per cent: elsewhere it is a growth, not a level."""
    if not row.number.is_percent or row.indicator is None or "%" in row.indicator.unit_en:
        return ()
    values: dict[str, MessageValue] = {"unit_fr": row.indicator.unit_fr, "unit_en": row.indicator.unit_en}
    return (row.build_violation("value", **values),)
