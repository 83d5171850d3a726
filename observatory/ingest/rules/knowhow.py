"""Rules on a table of know-how: on the whole (Matrix) and on each of its rows (Judgement)."""

from collections.abc import Iterable, Iterator
from datetime import date

from observatory import settings
from observatory.errors import Value
from observatory.ingest.decode.table import written
from observatory.ingest.figures.rows import Fault
from observatory.ingest.knowhow.table import TEXTS, Judgement, Matrix
from observatory.language import LANGUAGES, visible

_EARLIEST = date(1900, 1, 1)


def _titles(matrix: Matrix, market: str) -> dict[str, Value]:
    segment = matrix.frame.names.catalogue.segments[market]
    return {f"market_{language}": str(getattr(segment, f"title_{language}")) for language in LANGUAGES}


def _fault(row: Judgement, name: str, **values: Value) -> Fault:
    """A fault of a row in the column of one of its texts."""
    place = row.columns.get(name)
    said = written(row.cells[place]) if place is not None else ""
    return Fault(row.line, row.head(name), visible(said, settings.CELL_SHOWN), values)


def no_market_column(matrix: Matrix) -> Iterable[Fault]:
    """A table of know-how must have a column for each market that it speaks of."""
    return () if matrix.markets else (Fault(matrix.frame.table.line, "", "", {}),)


def unknown_market(matrix: Matrix) -> Iterator[Fault]:
    """Every other column of a table of know-how must be one of its texts."""
    for place in matrix.strangers:
        head = matrix.frame.head(place)
        near = matrix.frame.names.near(head, "market")
        yield Fault(matrix.frame.table.line, head, visible(head, settings.CELL_SHOWN), near)


def too_many_knowhow(matrix: Matrix) -> Iterable[Fault]:
    """A table of know-how must have no more rows than a page can show."""
    if len(matrix.rows) <= settings.MOST_KNOWHOW:
        return ()
    return (Fault(None, "", "", {"rows": len(matrix.rows), "most": settings.MOST_KNOWHOW}),)


def unserved_market(matrix: Matrix) -> Iterator[Fault]:
    """Each market must use one know-how at least: the table is the whole of them."""
    unread = any(level is None for row in matrix.rows for level in row.levels.values())
    if unread or matrix.strangers or matrix.ragged or not matrix.markets:
        return  # what cannot be read may be what serves it
    served = {matrix.markets[place] for row in matrix.rows for place, level in row.levels.items() if level}
    heads = {name: matrix.frame.head(place) for place, name in matrix.markets.items()}
    for market in matrix.frame.names.catalogue.markets:
        if market not in served:
            yield Fault(matrix.frame.table.line, heads.get(market, ""), "", _titles(matrix, market))


def missing_knowhow(row: Judgement) -> Iterable[Fault]:
    """A row must name its know-how."""
    return () if row.said("knowhow") else (_fault(row, "knowhow"),)


def repeated_knowhow(row: Judgement) -> Iterable[Fault]:
    """A know-how must have one row."""
    return () if row.twin is None else (_fault(row, "knowhow", first=row.twin),)


def unknown_level(row: Judgement) -> Iterator[Fault]:
    """A cell must say how much a market uses a know-how, in the words of the page."""
    for place, level in row.levels.items():
        if level is None:
            value = visible(written(row.cells[place]), settings.CELL_SHOWN)
            yield Fault(row.line, row.frame.head(place), value, {})


def undefined_knowhow(row: Judgement) -> Iterator[Fault]:
    """A know-how that is new must have a definition that can be cited, and a reason."""
    if row.known is not None or not row.said("knowhow"):
        return
    for name, said in (("definition", row.knowhow.definition), ("reason", row.knowhow.reason_fr)):
        if not said:
            french, english = TEXTS[name][:2]
            yield _fault(row, name, name_fr=french, name_en=english)


def bad_day(row: Judgement) -> Iterable[Fault]:
    """The day of a judgement must be one that exists and has come."""
    place = row.columns.get("judged")
    if place is None or row.cells[place] == "":
        return ()
    good = row.day is not None and _EARLIEST <= row.day <= (row.frame.today or row.day)
    return () if good else (_fault(row, "judged"),)


def same_day(row: Judgement) -> Iterable[Fault]:
    """A know-how whose markets are judged otherwise should not keep the day of an earlier judgement."""
    old, unread = row.known, None in row.levels.values()
    if old is None or unread or row.day != old.judged or row.day == row.frame.today:
        return ()
    # A text that is put better is no new judgement: the day of the one there was is the right one.
    judged = (row.knowhow.core, row.knowhow.some) != (old.core, old.some)
    return (_fault(row, "judged"),) if judged else ()


def one_language(row: Judgement) -> Iterator[Fault]:
    """A reason that changes in one language should change in the other, whose readers would be told the old one."""
    old = row.known
    if old is None:
        return
    keys = [f"reason_{language}" for language in LANGUAGES]
    changed = [key for key in keys if getattr(row.knowhow, key) != getattr(old, key)]
    left = [key for key in keys if key not in changed]
    if len(changed) == 1 and row.said(changed[0]):  # a reason of no language stands for both
        french, english = TEXTS[left[0]][:2]
        yield _fault(row, changed[0], name_fr=french, name_en=english)


def new_knowhow(row: Judgement) -> Iterable[Fault]:
    """A know-how that the edition does not have is new, or a slip of the pen."""
    if row.known is not None or not row.said("knowhow"):
        return ()
    near = row.frame.names.near(row.said("knowhow"), "knowhow")
    return (_fault(row, "knowhow", **near),)
