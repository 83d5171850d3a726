"""Rules on tables: opening (OpenedFile), layout (TableContext) and lines (RowCollection)."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from observatory import settings
from observatory.errors import MessageValue
from observatory.ingest.decode.ambiguous_dates import DateQuestion, find_ambiguous_dates
from observatory.ingest.decode.encodings import DecodedText
from observatory.ingest.decode.file_kind import InputFile
from observatory.ingest.decode.name_index import ROLE_HEADERS, find_role
from observatory.ingest.decode.table import CellTable, column_letters, format_cell
from observatory.ingest.figures.context import TableContext, Violation
from observatory.ingest.figures.rows import RowCollection
from observatory.typography import escape_unprintable

_COMPOUND_SEPARATORS = re.compile(r"[\\,]")  # of the dimensions that statistical offices put into one column
_MAX_LISTED_NAMES = 10  # headers and sheets that a message lists


@dataclass(frozen=True)
class OpenedFile:
    """A file as far as it could be opened: its decoded text, its table."""

    file: InputFile
    text: DecodedText | None = None
    control_line: int | None = None
    table: CellTable | None = None


def _table_violation(
    line: int | None = None, column: str = "", value: str = "", **values: MessageValue
) -> tuple[Violation, ...]:
    return (Violation(line, column, escape_unprintable(value, settings.MAX_CELL_CHARS), values),)


def _join_names(names: Iterable[str]) -> str:
    shortened = [name[: settings.MAX_ECHOED_CHARS] for name in names]
    return ", ".join(shortened[:_MAX_LISTED_NAMES]) + (", ..." if len(shortened) > _MAX_LISTED_NAMES else "")


def encoding(opened: OpenedFile) -> Iterable[Violation]:
    """A text must be in an encoding that we know."""
    text = opened.text
    return _table_violation(text.error_line, value=text.error_byte) if text is not None and text.text is None else ()


def binary(opened: OpenedFile) -> Iterable[Violation]:
    """A text must hold no characters that only machines write."""
    return () if opened.control_line is None else _table_violation(opened.control_line)


def damaged_workbook(opened: OpenedFile) -> Iterable[Violation]:
    """A workbook must open."""
    return _table_violation() if opened.file.kind in ("workbook", "damaged") and opened.table is None else ()


def missing_sheet(opened: OpenedFile) -> Iterable[Violation]:
    """A sheet that is asked for must be there."""
    table = opened.table
    if table is None or not table.missing_sheet:
        return ()
    return _table_violation(value=table.missing_sheet, sheets=_join_names(table.sheets))


def too_many_cells(opened: OpenedFile) -> Iterable[Violation]:
    """A table must have no more rows and columns than can be examined while somebody waits."""
    table = opened.table
    if table is None or not (table.is_truncated or len(table.header) > settings.MAX_COLUMNS):
        return ()
    return _table_violation(rows=settings.MAX_ROWS, columns=settings.MAX_COLUMNS)


def unclosed_quote(opened: OpenedFile) -> Iterable[Violation]:
    """A quotation mark that opens a cell must close it."""
    if opened.table is None or opened.table.unparsable_row is None:
        return ()
    line, text = opened.table.unparsable_row
    return _table_violation(line, value=text[: settings.MAX_ECHOED_CHARS])


def header_only(opened: OpenedFile) -> Iterable[Violation]:
    """A table must have rows below its head."""
    table = opened.table
    if table is None or table.rows or table.missing_sheet or table.is_truncated or table.unparsable_row:
        return ()
    return _table_violation(table.header_line)


def fiscal_years(context: TableContext) -> Iterable[Violation]:
    """Periods must not be fiscal years that look like months: 2001-02, 2002-03 are years."""
    return _find_ambiguous_dates(context, "fiscal_year")


def utc_months(context: TableContext) -> Iterable[Violation]:
    """Dates must not all be the last evening of a month in UTC, which begins the next month in local time."""
    return _find_ambiguous_dates(context, "utc_month")


def _find_ambiguous_dates(context: TableContext, question: DateQuestion) -> Iterable[Violation]:
    found = find_ambiguous_dates(format_cell(cell) for cell in context.period_cells)
    if found is None or found.question != question or context.table.inferred.get(question):
        return ()
    column = context.layout.role_columns.get("period")
    header = "" if column is None else context.header_text(column)
    second = escape_unprintable(found.second, settings.MAX_CELL_CHARS)
    return _table_violation(context.table.header_line, header, found.first, second=second)


def title_above(context: TableContext) -> Iterable[Violation]:
    """The head must be the first row: lines above it are read as one."""
    return (
        _table_violation(context.real_header_line) if context.layout.missing_roles and context.real_header_line else ()
    )


def no_head(context: TableContext) -> Iterable[Violation]:
    """Figures must have a row of heads above them."""
    return () if context.bare_figures_line is None else _table_violation(context.bare_figures_line)


def merged_head(context: TableContext) -> Iterator[Violation]:
    """Cells of the head of a sheet must not be merged: columns that share a head have none of their own."""
    table = context.table
    for merge in table.merged_ranges if not context.real_header_line else ():
        is_read = merge.column < len(table.header) and merge.column not in context.layout.ignored_columns
        if is_read and merge.first_line <= table.header_line <= merge.last_line:
            yield from _table_violation(table.header_line, table.header_texts[merge.column], merge.reference)


def missing_column(context: TableContext) -> Iterator[Violation]:
    """A table must say of what, when and how much."""
    if context.real_header_line or context.bare_figures_line:
        return
    texts = context.table.header_texts
    for role in context.layout.missing_roles:
        french, english = ROLE_HEADERS[role][:2]
        read = _join_names(head for head in texts if head)
        near = _join_names(texts[column] for column in context.layout.similar_columns.get(role, ()))
        yield from _table_violation(name_fr=french, name_en=english, list=read, near=near)


def total_row(context: TableContext) -> Iterator[Violation]:
    """A row of totals below a table is none of its figures, and is left out."""
    for line in context.table.total_lines:
        yield from _table_violation(line)


def duplicate_column(context: TableContext) -> Iterator[Violation]:
    """No two columns may say the same thing."""
    for first, second in context.layout.duplicate_columns:
        yield from _table_violation(
            context.table.header_line,
            context.header_text(second),
            context.header_text(second),
            other=context.header_text(first),
        )


def compound_head(context: TableContext) -> Iterator[Violation]:
    """A column must say one thing: places and items that share one with others, as in Eurostat, are not read."""
    for column in context.layout.ignored_columns:
        header = context.header_text(column)
        parts = [part for part in _COMPOUND_SEPARATORS.split(header) if part]
        if len(parts) > 1 and any(find_role(part) in ("indicator", "geo", "item") for part in parts):
            yield from _table_violation(context.table.header_line, header, header)


def headless_numbers(context: TableContext) -> Iterator[Violation]:
    """A column of numbers should have a head: without one nothing of it is read."""
    for column in context.layout.unnamed_columns:
        yield from _table_violation(context.table.header_line, letter=column_letters(column))


def hidden_rows(context: TableContext) -> Iterable[Violation]:
    """Rows that a sheet hides (a filter, a group) are read like the others, which whoever filtered may not expect."""
    lines = [line for line, _cells in context.table.rows if line in context.table.hidden_lines]
    return _table_violation(lines[0], rows=len(lines)) if lines else ()


def unknown_head(context: TableContext) -> Iterator[Violation]:
    """In a table without a column of values, the head of a column of numbers must be an indicator or a period."""
    for column in context.layout.unknown_columns if not context.bare_figures_line else ():
        header = context.header_text(column)
        suggestion = context.name_index.suggest_name(header, "indicator")
        yield Violation(context.table.header_line, header, header[: settings.MAX_CELL_CHARS], suggestion)


def too_many_figures(context: TableContext) -> Iterable[Violation]:
    """A wide table must have no more values than a long one may have rows."""
    values = len(context.layout.value_columns)
    if values < 2 or values * len(context.table.rows) <= settings.MAX_ROWS:
        return ()
    return _table_violation(most=settings.MAX_ROWS)


def unknown_choice(context: TableContext) -> Iterable[Violation]:
    """The indicator that somebody chose for the file must be in the catalogue."""
    chosen = context.layout.defaults.get("indicator", "")
    if not chosen or context.name_index.find_indicator(chosen) is not None:
        return ()
    return (
        Violation(None, "", chosen[: settings.MAX_CELL_CHARS], context.name_index.suggest_name(chosen, "indicator")),
    )


def ragged_row(lines: tuple[TableContext, RowCollection]) -> Iterator[Violation]:
    """Every row must have as many cells as the head, or lack none but columns at its end that are not read."""
    context, figures = lines
    for row in figures.ragged_rows:
        yield from _table_violation(
            row.line, value=row.first_extra_cell, found=row.cell_count, wanted=len(context.table.header)
        )


def merged_cells(lines: tuple[TableContext, RowCollection]) -> Iterator[Violation]:
    """Cells of a sheet that hold figures must not be merged: all but the first of them are empty."""
    (context, rows), table = lines, lines[0].table
    filled = {row.line for row in rows.rows}
    for merge in table.merged_ranges:
        is_read = merge.column < len(table.header) and merge.column not in context.layout.ignored_columns
        if is_read and not filled.isdisjoint(range(merge.first_line, merge.last_line + 1)):
            yield from _table_violation(merge.first_line, table.header_texts[merge.column], merge.reference)


def no_figures(lines: tuple[TableContext, RowCollection]) -> Iterable[Violation]:
    """A table must hold at least one value."""
    context, figures = lines
    return () if figures.rows or figures.ragged_rows else _table_violation(context.table.header_line)
