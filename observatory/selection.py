"""What the reader chose, to and from the address: total both ways, no Streamlit.

Any query gives a valid Selection plus notices; a Selection written as a query and read again is the same one.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime, time
from typing import Any
from urllib.parse import urlencode

from observatory.catalogue.nouns import Catalogue
from observatory.language import visible
from observatory.settings import HORIZONS, LEVELS, LONGEST_QUERY, SHOWN

UNITS = ("level", "index", "growth", "log")
SCENARIOS = ("base", "low", "high")
MODES = ("page", "meeting")
MEASURES = ("level", "gdp", "growth1", "growth5", "ahead")
MOST_SERIES = 8  # that a comparison holds: more lines cannot be told apart
BETWEEN, INSIDE = "~", "."  # of a list of series; both stand in an address as they are
YEARS = range(1900, 2101)
EDITIONS = range(1, 1_000_000)
_DAY = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)
_EDITION = re.compile(r"e([1-9]\d{0,5})", re.ASCII)


@dataclass(frozen=True)
class Selection:
    """What the reader chose. Empty text means "the page's own choice"; `first` and `last` are years, 0 for all.

    `asof` is a day, month or year (its end), or an edition by its number: "e12". `since` and `until` are the editions
    that are compared, 0 for the page's own. `series` are the series compared, in order, as "airbus_deliveries.WORLD"
    (a third part is the item) joined by "~"; `per` is the series that they are divided by, or an indicator alone: then
    it is taken at the place of each; `base` is the year of index 100, 0 for the page's own.
    """

    lang: str = "fr"
    segment: str = ""
    indicator: str = ""
    geo: str = ""
    item: str = ""
    horizon: int = 2
    first: int = 0
    last: int = 0
    unit: str = "level"
    scenario: str = "base"
    level: int = 80
    asof: str = ""
    after: int = 0  # 1: with an `asof` in the past, what came afterwards is drawn too
    mode: str = "page"
    since: int = 0
    until: int = 0
    draft: int = 0  # the draft that an analyst works on
    series: str = ""
    per: str = ""
    base: int = 0
    measure: str = "growth5"

    @property
    def keys(self) -> tuple[tuple[str, str, str], ...]:
        """The series compared, as keys of a panel."""
        return tuple(key_of(code) for code in self.series.split(BETWEEN) if code)

    def edition(self) -> int | None:
        """The number of the edition that `asof` names; None if it names a day, or nothing."""
        match = _EDITION.fullmatch(self.asof)
        return int(match[1]) if match else None

    def moment(self) -> datetime | None:
        """The moment that `asof` names: the end of that day, month or year; None for now, or for an edition."""
        match = _DAY.fullmatch(self.asof)
        if match is None or int(match[1]) not in YEARS:
            return None
        year, month, day = int(match[1]), int(match[2] or 12), int(match[3] or 0)
        if not day:
            following = date(year + month // 12, month % 12 + 1, 1)
            end = date.fromordinal(following.toordinal() - 1)
        else:
            end = date(year, month, day)
        return datetime.combine(end, time.max, UTC)


@dataclass(frozen=True)
class Notice:
    """A value of the address that could not be used: `key` is a message, filled with name, value and default."""

    key: str
    name: str
    value: str
    default: str


NAMES: Mapping[str, str] = {
    row.name: {"first": "from", "last": "to"}.get(row.name, row.name) for row in fields(Selection)
}
DEFAULT = Selection()


def read(
    query: Mapping[str, Sequence[str] | str], catalogue: Catalogue, default: Selection = DEFAULT
) -> tuple[Selection, tuple[Notice, ...]]:
    """The Selection that a query says, and a notice for each part of it that could not be used."""
    given = {name: value if isinstance(value, str) else (value[0] if value else "") for name, value in query.items()}
    if sum(len(name) + len(value) for name, value in given.items()) > LONGEST_QUERY:
        return default, (Notice("notice.too_long", "", "", ""),)
    notices: list[Notice] = []
    values: dict[str, Any] = {}
    fields_by_name = {shown: name for name, shown in NAMES.items()}
    for shown, text in given.items():
        name = fields_by_name.get(shown)
        if name is None:
            notices.append(Notice("notice.unknown_name", visible(shown, SHOWN), visible(text, SHOWN), ""))
            continue
        if name == "series":
            values[name], told = _series(text, catalogue)
            notices += told
            continue
        value = _READERS[name](text, catalogue)
        if value is None:
            notices.append(
                Notice("notice.unknown_value", shown, visible(text, SHOWN), str(getattr(default, name)) or "-")
            )
        else:
            values[name] = value
    chosen = replace(default, **values)
    if chosen.first and chosen.last and chosen.first > chosen.last:
        notices.append(Notice("notice.years", "to", f"{chosen.first}-{chosen.last}", "-"))
        chosen = replace(chosen, last=0)
    if chosen.indicator:
        home = catalogue.indicators[chosen.indicator].segment
        if not chosen.segment:
            chosen = replace(chosen, segment=home)
        elif chosen.segment != home:
            notices.append(Notice("notice.elsewhere", "indicator", chosen.indicator, "-"))
            chosen = replace(chosen, indicator="", geo="", item="")
    return chosen, tuple(notices)


def query_of(selection: Selection, default: Selection = DEFAULT, explicit: bool = False) -> dict[str, str]:
    """The query of a Selection; what equals the default is left out, unless it is to be explicit."""
    found = {}
    for name, shown in NAMES.items():
        value = getattr(selection, name)
        if value in ("", 0) or (not explicit and value == getattr(default, name)):
            continue
        found[shown] = str(value)
    return found


def address(path: str, selection: Selection, default: Selection = DEFAULT, explicit: bool = False) -> str:
    """A path and the query of a Selection."""
    query = urlencode(query_of(selection, default, explicit))
    return f"{path}?{query}" if query else path


def code_of(key: tuple[str, str, str]) -> str:
    """The code of a series in an address: indicator, place and, where it has one, item."""
    return INSIDE.join(part for part in key if part)


def key_of(code: str) -> tuple[str, str, str]:
    """The series that a code names; without a place, an indicator alone."""
    indicator, geo, item = (*code.split(INSIDE), "", "")[:3]
    return indicator, geo, item


def _series(text: str, catalogue: Catalogue) -> tuple[str, list[Notice]]:
    """The codes of a list that can be used, and a notice for each that cannot; a comma parts them as well."""
    kept: list[str] = []
    told: list[Notice] = []
    for code in text.replace(",", BETWEEN).split(BETWEEN):
        named = _code(code, catalogue)
        if not code:
            continue
        if not named:
            told.append(Notice("notice.series.unknown", "series", visible(code, SHOWN), "-"))
        elif named in kept:
            told.append(Notice("notice.series.twice", "series", visible(code, SHOWN), "-"))
        elif len(kept) == MOST_SERIES:
            told.append(Notice("notice.series.many", "series", visible(code, SHOWN), str(MOST_SERIES)))
        else:
            kept.append(named)
    return BETWEEN.join(kept), told


def _code(code: str, catalogue: Catalogue) -> str:
    """A code in full: an indicator alone stands for its headline series; empty if it names nothing we know."""
    indicator, geo, item = key_of(code)
    row = catalogue.indicators.get(indicator)
    if row is None or code.count(INSIDE) > 2:
        return ""
    if INSIDE not in code:
        geo, item = row.headline_geo, row.headline_item
    known = geo in catalogue.geographies and (not item or item in catalogue.items)
    return code_of((indicator, geo, item)) if known else ""


def _divisor(text: str, catalogue: Catalogue) -> str | None:
    return text if text in catalogue.indicators else (_code(text, catalogue) or None)


def _one_of(allowed: Sequence[str]) -> Callable[[str, Catalogue], str | None]:
    return lambda text, _catalogue: text if text in allowed else None


def _number_of(allowed: Sequence[int]) -> Callable[[str, Catalogue], int | None]:
    return lambda text, _catalogue: (
        int(text) if re.fullmatch(r"[1-9]\d{0,5}", text, re.ASCII) and int(text) in allowed else None
    )


def _named(part: str) -> Callable[[str, Catalogue], str | None]:
    return lambda text, catalogue: text if text in getattr(catalogue, part) else None


def _moment(text: str, _catalogue: Catalogue) -> str | None:
    if _EDITION.fullmatch(text):
        return text
    match = _DAY.fullmatch(text)
    if match is None or int(match[1]) not in YEARS:
        return None
    try:
        date(int(match[1]), int(match[2] or 1), int(match[3] or 1))
    except ValueError:
        return None
    return text


_READERS: Mapping[str, Callable[[str, Catalogue], Any]] = {
    "lang": _one_of(("fr", "en")),
    "segment": _named("segments"),
    "indicator": _named("indicators"),
    "geo": _named("geographies"),
    "item": _named("items"),
    "horizon": _number_of(HORIZONS),
    "first": _number_of(YEARS),
    "last": _number_of(YEARS),
    "unit": _one_of(UNITS),
    "scenario": _one_of(SCENARIOS),
    "level": _number_of(LEVELS),
    "asof": _moment,
    "after": _number_of((1,)),
    "mode": _one_of(MODES),
    "since": _number_of(EDITIONS),
    "until": _number_of(EDITIONS),
    "draft": _number_of(EDITIONS),
    "per": _divisor,
    "base": _number_of(YEARS),
    "measure": _one_of(MEASURES),
}
