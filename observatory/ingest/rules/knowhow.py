"""Rules on a table of know-how: on the whole (Matrix) and on each of its rows (Judgement)."""

from collections.abc import Iterable, Iterator
from datetime import date

from observatory import settings
from observatory.errors import MessageValue
from observatory.ingest.decode.table import format_cell
from observatory.ingest.figures.rows import Violation
from observatory.ingest.knowhow.table import TEXT_HEADERS, KnowHowRow, KnowHowTable
from observatory.language import LANGUAGES, escape_unprintable

_EARLIEST_DAY = date(1900, 1, 1)


def _market_titles(matrix: KnowHowTable, market: str) -> dict[str, MessageValue]:
    segment = matrix.context.name_index.catalogue.segments[market]
    return {f"market_{language}": str(getattr(segment, f"title_{language}")) for language in LANGUAGES}


def _text_violation(row: KnowHowRow, name: str, **values: MessageValue) -> Violation:
    """A fault of a row in the column of one of its texts."""
    place = row.text_columns.get(name)
    said = format_cell(row.cells[place]) if place is not None else ""
    return Violation(row.line, row.header_text(name), escape_unprintable(said, settings.MAX_CELL_CHARS), values)


def no_market_column(table: KnowHowTable) -> Iterable[Violation]:
    """A table of know-how must have a column for each market that it speaks of."""
    return () if table.market_columns else (Violation(table.context.table.header_line, "", "", {}),)


def unknown_market(table: KnowHowTable) -> Iterator[Violation]:
    """Every other column of a table of know-how must be one of its texts."""
    for place in table.unknown_columns:
        head = table.context.header_text(place)
        near = table.context.name_index.suggest_name(head, "market")
        yield Violation(table.context.table.header_line, head, escape_unprintable(head, settings.MAX_CELL_CHARS), near)


def too_many_knowhow(table: KnowHowTable) -> Iterable[Violation]:
    """A table of know-how must have no more rows than a page can show."""
    if len(table.rows) <= settings.MAX_KNOWHOW_ROWS:
        return ()
    return (Violation(None, "", "", {"rows": len(table.rows), "most": settings.MAX_KNOWHOW_ROWS}),)


def unserved_market(table: KnowHowTable) -> Iterator[Violation]:
    """Each market must use one know-how at least: the table is the whole of them."""
    unread = any(level is None for row in table.rows for level in row.usage_levels.values())
    if unread or table.unknown_columns or table.ragged_rows or not table.market_columns:
        return  # what cannot be read may be what serves it
    served = {table.market_columns[place] for row in table.rows for place, level in row.usage_levels.items() if level}
    heads = {name: table.context.header_text(place) for place, name in table.market_columns.items()}
    for market in table.context.name_index.catalogue.markets:
        if market not in served:
            yield Violation(table.context.table.header_line, heads.get(market, ""), "", _market_titles(table, market))


def missing_knowhow(row: KnowHowRow) -> Iterable[Violation]:
    """A row must name its know-how."""
    return () if row.cell_text("knowhow") else (_text_violation(row, "knowhow"),)


def repeated_knowhow(row: KnowHowRow) -> Iterable[Violation]:
    """A know-how must have one row."""
    return () if row.duplicate_of_line is None else (_text_violation(row, "knowhow", first=row.duplicate_of_line),)


def unknown_level(row: KnowHowRow) -> Iterator[Violation]:
    """A cell must say how much a market uses a know-how, in the words of the page."""
    for place, level in row.usage_levels.items():
        if level is None:
            value = escape_unprintable(format_cell(row.cells[place]), settings.MAX_CELL_CHARS)
            yield Violation(row.line, row.context.header_text(place), value, {})


def undefined_knowhow(row: KnowHowRow) -> Iterator[Violation]:
    """A know-how that is new must have a definition that can be cited, and a reason."""
    if row.existing is not None or not row.cell_text("knowhow"):
        return
    for name, said in (("definition", row.proposed.definition), ("reason", row.proposed.reason_fr)):
        if not said:
            french, english = TEXT_HEADERS[name][:2]
            yield _text_violation(row, name, name_fr=french, name_en=english)


def bad_day(row: KnowHowRow) -> Iterable[Violation]:
    """The day of a judgement must be one that exists and has come."""
    place = row.text_columns.get("judged")
    if place is None or row.cells[place] == "":
        return ()
    good = row.judged_on is not None and _EARLIEST_DAY <= row.judged_on <= (row.context.today or row.judged_on)
    return () if good else (_text_violation(row, "judged"),)


def same_day(row: KnowHowRow) -> Iterable[Violation]:
    """A know-how whose markets are judged otherwise should not keep the day of an earlier judgement."""
    old, unread = row.existing, None in row.usage_levels.values()
    if old is None or unread or row.judged_on != old.judged or row.judged_on == row.context.today:
        return ()
    # A text that is put better is no new judgement: the day of the one there was is the right one.
    judged = (row.proposed.core, row.proposed.some) != (old.core, old.some)
    return (_text_violation(row, "judged"),) if judged else ()


def one_language(row: KnowHowRow) -> Iterator[Violation]:
    """A reason that changes in one language should change in the other, whose readers would be told the old one."""
    old = row.existing
    if old is None:
        return
    keys = [f"reason_{language}" for language in LANGUAGES]
    changed = [key for key in keys if getattr(row.proposed, key) != getattr(old, key)]
    left = [key for key in keys if key not in changed]
    if len(changed) == 1 and row.cell_text(changed[0]):  # a reason of no language stands for both
        french, english = TEXT_HEADERS[left[0]][:2]
        yield _text_violation(row, changed[0], name_fr=french, name_en=english)


def new_knowhow(row: KnowHowRow) -> Iterable[Violation]:
    """A know-how that the edition does not have is new, or a slip of the pen."""
    if row.existing is not None or not row.cell_text("knowhow"):
        return ()
    near = row.context.name_index.suggest_name(row.cell_text("knowhow"), "knowhow")
    return (_text_violation(row, "knowhow", **near),)
