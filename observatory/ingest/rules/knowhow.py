"""Rules on know-how tables: on the whole (KnowHowTable) and on each row (KnowHowRow)."""

from collections.abc import Iterable, Iterator
from datetime import date

from observatory import settings
from observatory.errors import MessageValue
from observatory.ingest.decode.table import format_cell
from observatory.ingest.figures.context import Violation
from observatory.ingest.knowhow.table import TEXT_HEADERS, KnowHowRow, KnowHowTable
from observatory.language import LANGUAGES
from observatory.typography import escape_unprintable

_EARLIEST_DAY = date(1900, 1, 1)


def _market_titles(table: KnowHowTable, market: str) -> dict[str, MessageValue]:
    segment = table.context.name_index.catalogue.segments[market]
    return {f"market_{language}": str(getattr(segment, f"title_{language}")) for language in LANGUAGES}


def _text_violation(row: KnowHowRow, name: str, **values: MessageValue) -> Violation:
    """A violation by a row in the column of one of its texts."""
    column = row.text_columns.get(name)
    cell_text = format_cell(row.cells[column]) if column is not None else ""
    return Violation(row.line, row.header_text(name), escape_unprintable(cell_text, settings.MAX_CELL_CHARS), values)


def no_market_column(table: KnowHowTable) -> Iterable[Violation]:
    """A table of know-how must have a column for each market that it speaks of."""
    return () if table.market_columns else (Violation(table.context.table.header_line, "", "", {}),)


def unknown_market(table: KnowHowTable) -> Iterator[Violation]:
    """Every other column of a table of know-how must be one of its texts."""
    for column in table.unknown_columns:
        header = table.context.header_text(column)
        suggestion = table.context.name_index.suggest_name(header, "market")
        yield Violation(
            table.context.table.header_line, header, escape_unprintable(header, settings.MAX_CELL_CHARS), suggestion
        )


def too_many_knowhow(table: KnowHowTable) -> Iterable[Violation]:
    """A table of know-how must have no more rows than a page can show."""
    if len(table.rows) <= settings.MAX_KNOWHOW_ROWS:
        return ()
    return (Violation(None, "", "", {"rows": len(table.rows), "most": settings.MAX_KNOWHOW_ROWS}),)


def unserved_market(table: KnowHowTable) -> Iterator[Violation]:
    """Each market must use one know-how at least: the table is the whole of them."""
    has_unread_level = any(level is None for row in table.rows for level in row.usage_levels.values())
    if has_unread_level or table.unknown_columns or table.ragged_rows or not table.market_columns:
        return  # an unreadable cell or row may serve it
    served = {table.market_columns[column] for row in table.rows for column, level in row.usage_levels.items() if level}
    headers = {name: table.context.header_text(column) for column, name in table.market_columns.items()}
    for market in table.context.name_index.catalogue.markets:
        if market not in served:
            yield Violation(table.context.table.header_line, headers.get(market, ""), "", _market_titles(table, market))


def missing_knowhow(row: KnowHowRow) -> Iterable[Violation]:
    """A row must name its know-how."""
    return () if row.cell_text("knowhow") else (_text_violation(row, "knowhow"),)


def repeated_knowhow(row: KnowHowRow) -> Iterable[Violation]:
    """A know-how must have one row."""
    return () if row.duplicate_of_line is None else (_text_violation(row, "knowhow", first=row.duplicate_of_line),)


def unknown_level(row: KnowHowRow) -> Iterator[Violation]:
    """A cell must say how much a market uses a know-how, in the words of the page."""
    for column, level in row.usage_levels.items():
        if level is None:
            value = escape_unprintable(format_cell(row.cells[column]), settings.MAX_CELL_CHARS)
            yield Violation(row.line, row.context.header_text(column), value, {})


def undefined_knowhow(row: KnowHowRow) -> Iterator[Violation]:
    """A know-how that is new must have a definition that can be cited, and a reason."""
    if row.existing is not None or not row.cell_text("knowhow"):
        return
    for name, text in (("definition", row.proposed.definition), ("reason", row.proposed.reason_fr)):
        if not text:
            french, english = TEXT_HEADERS[name][:2]
            yield _text_violation(row, name, name_fr=french, name_en=english)


def bad_day(row: KnowHowRow) -> Iterable[Violation]:
    """The day of a judgement must be one that exists and has come."""
    column = row.text_columns.get("judged")
    if column is None or row.cells[column] == "":
        return ()
    is_valid = row.judged_on is not None and _EARLIEST_DAY <= row.judged_on <= (row.context.today or row.judged_on)
    return () if is_valid else (_text_violation(row, "judged"),)


def same_day(row: KnowHowRow) -> Iterable[Violation]:
    """A know-how whose markets are judged otherwise should not keep the day of an earlier judgement."""
    existing, has_unread_level = row.existing, None in row.usage_levels.values()
    if existing is None or has_unread_level or row.judged_on != existing.judged or row.judged_on == row.context.today:
        return ()
    # A better wording is no new judgement: the old day is right.
    is_changed = (row.proposed.core, row.proposed.some) != (existing.core, existing.some)
    return (_text_violation(row, "judged"),) if is_changed else ()


def one_language(row: KnowHowRow) -> Iterator[Violation]:
    """A reason that changes in one language should change in the other, whose readers would see the old one."""
    existing = row.existing
    if existing is None:
        return
    keys = [f"reason_{language}" for language in LANGUAGES]
    changed = [key for key in keys if getattr(row.proposed, key) != getattr(existing, key)]
    unchanged = [key for key in keys if key not in changed]
    if len(changed) == 1 and row.cell_text(changed[0]):  # a reason of no language stands for both
        french, english = TEXT_HEADERS[unchanged[0]][:2]
        yield _text_violation(row, changed[0], name_fr=french, name_en=english)


def new_knowhow(row: KnowHowRow) -> Iterable[Violation]:
    """A know-how that the edition does not have is new, or a slip of the pen."""
    if row.existing is not None or not row.cell_text("knowhow"):
        return ()
    suggestion = row.context.name_index.suggest_name(row.cell_text("knowhow"), "knowhow")
    return (_text_violation(row, "knowhow", **suggestion),)
