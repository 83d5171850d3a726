"""Rules on a table: that it can be cut into cells (Opened), what its columns hold (Frame), its lines (Lines)."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from observatory import settings
from observatory.errors import Value
from observatory.ingest.decode.encodings import Text
from observatory.ingest.decode.file_kind import Upload
from observatory.ingest.decode.name_index import HEADS, role_of
from observatory.ingest.decode.table import Table, letters
from observatory.ingest.figures.rows import Fault, Frame, Lines
from observatory.language import visible

_JOINTS = re.compile(r"[\\,]")  # between the things that statistical offices put into one column
_SHOWN = 10  # heads and sheets that a sentence lists


@dataclass(frozen=True)
class Opened:
    """A file as far as it could be opened: its text if it is one, its table if there is one."""

    upload: Upload
    text: Text | None = None
    control: int | None = None
    table: Table | None = None


def _fault(line: int | None = None, column: str = "", value: str = "", **values: Value) -> tuple[Fault, ...]:
    return (Fault(line, column, visible(value, settings.CELL_SHOWN), values),)


def _listed(names: Iterable[str]) -> str:
    said = [name[: settings.SHOWN] for name in names]
    return ", ".join(said[:_SHOWN]) + (", ..." if len(said) > _SHOWN else "")


def encoding(opened: Opened) -> Iterable[Fault]:
    """A text must be in an encoding that we know."""
    text = opened.text
    return _fault(text.line, value=text.byte) if text is not None and text.text is None else ()


def binary(opened: Opened) -> Iterable[Fault]:
    """A text must hold no characters that only machines write."""
    return () if opened.control is None else _fault(opened.control)


def damaged_workbook(opened: Opened) -> Iterable[Fault]:
    """A workbook must open."""
    return _fault() if opened.upload.kind in ("workbook", "damaged") and opened.table is None else ()


def missing_sheet(opened: Opened) -> Iterable[Fault]:
    """A sheet that is asked for must be there."""
    table = opened.table
    if table is None or not table.missing:
        return ()
    return _fault(value=table.missing, sheets=_listed(table.sheets))


def too_many_cells(opened: Opened) -> Iterable[Fault]:
    """A table must have no more rows and columns than can be examined while somebody waits."""
    table = opened.table
    if table is None or not (table.overflow or len(table.head) > settings.MOST_COLUMNS):
        return ()
    return _fault(rows=settings.MOST_ROWS, columns=settings.MOST_COLUMNS)


def unclosed_quote(opened: Opened) -> Iterable[Fault]:
    """A quotation mark that opens a cell must close it."""
    if opened.table is None or opened.table.broken is None:
        return ()
    line, text = opened.table.broken
    return _fault(line, value=text[: settings.SHOWN])


def header_only(opened: Opened) -> Iterable[Fault]:
    """A table must have rows below its head."""
    table = opened.table
    if table is None or table.rows or table.missing or table.overflow or table.broken:
        return ()
    return _fault(table.line)


def title_above(frame: Frame) -> Iterable[Fault]:
    """The head must be the first row: lines above it are read as one."""
    return _fault(frame.head_below) if frame.layout.missing and frame.head_below else ()


def merged_head(frame: Frame) -> Iterator[Fault]:
    """Cells of the head of a sheet must not be merged: columns that share a head have none of their own."""
    table = frame.table
    for merge in table.merges if not frame.head_below else ():
        told = merge.column < len(table.head) and merge.column not in frame.layout.ignored
        if told and merge.line <= table.line <= merge.last:
            yield from _fault(table.line, table.heads[merge.column], merge.text)


def missing_column(frame: Frame) -> Iterator[Fault]:
    """A table must say of what, when and how much."""
    for role in frame.layout.missing if not frame.head_below else ():
        french, english = HEADS[role][:2]
        read = _listed(head for head in frame.table.heads if head)
        yield from _fault(name_fr=french, name_en=english, list=read)


def duplicate_column(frame: Frame) -> Iterator[Fault]:
    """No two columns may say the same thing."""
    for first, second in frame.layout.doubled:
        yield from _fault(frame.table.line, frame.head(second), frame.head(second), other=frame.head(first))


def compound_head(frame: Frame) -> Iterator[Fault]:
    """A column must say one thing: places and items that share one with others, as in Eurostat, are not read."""
    for place in frame.layout.ignored:
        head = frame.head(place)
        parts = [part for part in _JOINTS.split(head) if part]
        if len(parts) > 1 and any(role_of(part) in ("indicator", "geo", "item") for part in parts):
            yield from _fault(frame.table.line, head, head)


def headless_numbers(frame: Frame) -> Iterator[Fault]:
    """A column of numbers should have a head: without one nothing of it is read."""
    for place in frame.layout.headless:
        yield from _fault(frame.table.line, letter=letters(place))


def hidden_rows(frame: Frame) -> Iterable[Fault]:
    """Rows that a sheet hides (a filter, a group) are read like the others, which whoever filtered may not expect."""
    lines = [line for line, _cells in frame.table.rows if line in frame.table.hidden]
    return _fault(lines[0], rows=len(lines)) if lines else ()


def unknown_head(frame: Frame) -> Iterator[Fault]:
    """In a table without a column of values, the head of a column of numbers must be an indicator or a period."""
    for place in frame.layout.strangers:
        head = frame.head(place)
        near = frame.names.near(head, "indicator")
        yield Fault(frame.table.line, head, head[: settings.CELL_SHOWN], near)


def too_many_figures(frame: Frame) -> Iterable[Fault]:
    """A wide table must have no more values than a long one may have rows."""
    values = len(frame.layout.values)
    if values < 2 or values * len(frame.table.rows) <= settings.MOST_ROWS:
        return ()
    return _fault(most=settings.MOST_ROWS)


def unknown_choice(frame: Frame) -> Iterable[Fault]:
    """The indicator that somebody chose for the file must be in the catalogue."""
    chosen = frame.layout.given.get("indicator", "")
    if not chosen or frame.names.indicator(chosen) is not None:
        return ()
    return (Fault(None, "", chosen[: settings.CELL_SHOWN], frame.names.near(chosen, "indicator")),)


def ragged_row(lines: tuple[Frame, Lines]) -> Iterator[Fault]:
    """Every row must have as many cells as the head, or lack none but columns at its end that are not read."""
    frame, figures = lines
    for row in figures.ragged:
        yield from _fault(row.line, value=row.text, found=row.found, wanted=len(frame.table.head))


def merged_cells(lines: tuple[Frame, Lines]) -> Iterator[Fault]:
    """Cells of a sheet that hold figures must not be merged: all but the first of them are empty."""
    (frame, found), table = lines, lines[0].table
    filled = {row.line for row in found.rows}
    for merge in table.merges:
        told = merge.column < len(table.head) and merge.column not in frame.layout.ignored
        if told and not filled.isdisjoint(range(merge.line, merge.last + 1)):
            yield from _fault(merge.line, table.heads[merge.column], merge.text)


def no_figures(lines: tuple[Frame, Lines]) -> Iterable[Fault]:
    """A table must hold at least one value."""
    frame, figures = lines
    return () if figures.rows or figures.ragged else _fault(frame.table.line)
