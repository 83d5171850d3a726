"""Rules on one figure of a file: each is given a Row, and says nothing of what another rule says."""

import re
from collections.abc import Callable, Iterable

from observatory import settings
from observatory.errors import Value
from observatory.ingest.decode.name_index import Role
from observatory.ingest.decode.table import written
from observatory.ingest.figures.layout import HEADED
from observatory.ingest.figures.rows import Fault, Row
from observatory.language import visible

# A text with an exponent: 8,23E+07 has three digits of eight. Excel never shows more than six beside one.
_EXPONENT = re.compile(r"\D*(?P<first>\d)[.,]?(?P<more>\d{0,5})E\+?(?P<power>\d+)\D*", re.ASCII)


def empty_cell(row: Row) -> Iterable[Fault]:
    """A value must say of what, where and when: an empty cell beside it is no answer."""
    roles: tuple[Role, ...] = ("indicator", "geo", "period")
    if row.indicator is not None and row.geo is not None and row.when.kind != "empty":
        return ()
    return [row.fault(role) for role in roles if row.said(role)[1] and not row.said(role)[0]]


def unknown_indicator(row: Row) -> Iterable[Fault]:
    """The indicator must be in the catalogue, by its id or its title."""
    if row.indicator is not None:
        return ()
    text = row.said("indicator")[0]
    return (row.fault("indicator", **row.frame.names.near(text, "indicator")),) if text else ()


def unknown_geo(row: Row) -> Iterable[Fault]:
    """The place must be known, by its code or its name."""
    return (row.fault("geo"),) if row.geo is None and row.said("geo")[0] else ()


def unknown_item(row: Row) -> Iterable[Fault]:
    """The item must be empty (the total) or known, by its id or its title."""
    if row.item is not None:
        return ()
    return (row.fault("item", **row.frame.names.near(row.said("item")[0], "item")),)


def unread_geo(row: Row) -> Iterable[Fault]:
    """A column of places must have a head that says so: left unread, its figures would go to another place."""
    if not row.geo:
        return ()
    taken = row.frame.names.titles(row.geo, "")
    return _unread(row, "geo", row.geo, row.frame.names.geo, taken_fr=taken["geo_fr"], taken_en=taken["geo_en"])


def unread_item(row: Row) -> Iterable[Fault]:
    """A column of items must have a head that says so: left unread, a part would stand for the total."""
    return () if row.item is None else _unread(row, "item", row.item, row.frame.names.item)


def _unread(row: Row, role: Role, taken: str, find: Callable[[str], str | None], **values: Value) -> Iterable[Fault]:
    """The first cell of a column that is not read, if it names something else than what was taken for a role."""
    layout = row.frame.layout
    if role in layout.places or role in layout.given or HEADED.get(layout.shape) == role:
        return ()
    for place in layout.ignored:
        text = written(row.cells[place])
        if 0 < len(text) <= settings.CELL_SHOWN and find(text) not in (None, taken):
            return (Fault(row.line, row.frame.head(place), visible(text, settings.CELL_SHOWN), values),)
    return ()


def bad_period(row: Row) -> Iterable[Fault]:
    """The period must be a year, a quarter or a month."""
    return (row.fault("period"),) if row.when.kind == "bad" else ()


def bad_date(row: Row) -> Iterable[Fault]:
    """In a column of dates, each must be one that exists; 01/02/2024 is the first of February."""
    return (row.fault("period"),) if row.when.kind == "bad_date" else ()


def other_period_format(row: Row) -> Iterable[Fault]:
    """All periods of a file must be written in one way, so that none is read in a way that nobody meant."""
    return (row.fault("period", example=row.frame.example),) if row.when.kind == "other" else ()


def day_inside(row: Row) -> Iterable[Fault]:
    """A day must be the first or the last one of a period of its indicator."""
    if row.when.kind != "inside" or row.when.frequency is None:
        return ()
    return (row.fault("period", expected=row.when.frequency, day=row.when.period),)


def serial_day(row: Row) -> Iterable[Fault]:
    """A day must be written as one, not as the number by which a spreadsheet keeps it."""
    return (row.fault("period", day=row.when.period),) if row.when.kind == "serial" else ()


def wrong_frequency(row: Row) -> Iterable[Fault]:
    """The period must have the frequency of its indicator."""
    found = row.when.frequency
    if row.indicator is None or row.when.kind != "period" or found is None or found == row.indicator.frequency:
        return ()
    return (row.fault("period", found=found, expected=row.indicator.frequency),)


def future_period(row: Row) -> Iterable[Fault]:
    """The period must have begun: only observed values are published."""
    return (row.fault("period", period=row.when.period),) if row.when.tense == "future" else ()


def running_period(row: Row) -> Iterable[Fault]:
    """A period that has not ended may have a value (a budget, a rate), but a sum over it is not complete."""
    return (row.fault("period", period=row.when.period),) if row.when.tense == "running" else ()


def formula(row: Row) -> Iterable[Fault]:
    """A value must be written, not computed: a formula has another result elsewhere, or does harm."""
    return (row.fault("value"),) if row.number.kind == "formula" else ()


def not_a_number(row: Row) -> Iterable[Fault]:
    """A value must be a number."""
    return (row.fault("value"),) if row.number.kind == "text" else ()


def too_large_number(row: Row) -> Iterable[Fault]:
    """A value must be smaller than anything that an economy counts."""
    return (row.fault("value"),) if row.number.kind == "huge" else ()


def rounded(row: Row) -> Iterable[Fault]:
    """A value with an exponent must have all its digits: a spreadsheet that shows 8,23E+07 writes no more of them."""
    text = row.said("value")[0]
    # A small e is that of programs, which write every digit there is.
    found = _EXPONENT.fullmatch(text) if row.number.kind == "number" and "E" in text else None
    if found is None or len(found["first"] + found["more"]) > int(found["power"]):
        return ()
    return (row.fault("value", digits=len(found["first"] + found["more"])),)


def ambiguous_number(row: Row) -> Iterable[Fault]:
    """A value that can be read in two ways must be settled by the file, its past or a person."""
    if row.number.kind != "ambiguous" or row.found is None or row.found.comma is None or row.found.point is None:
        return ()
    first, second = sorted((row.found.comma, row.found.point), key=abs)
    return (row.fault("value", a=first, b=second),)


def other_decimal(row: Row) -> Iterable[Fault]:
    """All values of a file must have the same decimal sign."""
    if row.number.kind != "other":
        return ()
    return (row.fault("value"),)


def percentage(row: Row) -> Iterable[Fault]:
    """A percentage must be one of an indicator that counts in per cent: elsewhere it is a growth, not a level."""
    if not row.number.percent or row.indicator is None or "%" in row.indicator.unit_en:
        return ()
    values: dict[str, Value] = {"unit_fr": row.indicator.unit_fr, "unit_en": row.indicator.unit_en}
    return (row.fault("value", **values),)
