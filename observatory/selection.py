"""What the reader chose, to and from the address: total both ways, no Streamlit.

Any query gives a valid Selection plus notices; a Selection written as a query and read again is the same one.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime, time
from typing import Any
from urllib.parse import urlencode

from observatory.catalogue.models import Catalogue
from observatory.catalogue.series_codes import BETWEEN, Why, divisor, key_of, listed
from observatory.language import visible
from observatory.settings import HORIZONS, LEVELS, LONGEST_QUERY, SHOWN

UNITS = ("level", "index", "growth", "log")
SCENARIOS = ("base", "low", "high")
MODES = ("page", "meeting")
MEASURES = ("level", "gdp", "growth1", "growth5", "ahead")
SIDES = ("above", "below")
MOST_SHARES = 12  # of a basket
YEARS = range(1900, 2101)
EDITIONS = range(1, 1_000_000)
SCREENS = ("o", "p", "t")  # of a meeting: overview, the reader's own markets, track record; a market has its own id
MOST_SCREENS = 14  # every segment, and the three others
VERSION = 1  # of links: says what their names mean and what they leave out; the first one is never written
WRITTEN_AS = "v"
_DAY = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)
_PLAIN = re.compile(r"(?:0|[1-9]\d{0,8})(?:\.\d{1,6})?", re.ASCII)
_MONTHS = re.compile(r"[1-9]\d?", re.ASCII)
_YEAR_MONTH = re.compile(r"20\d{2}-(?:0[1-9]|1[0-2])", re.ASCII)
_SHARE = re.compile(r"([a-z][a-z0-9_]*):([1-9]\d{0,2})", re.ASCII)
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
    screens: str = ""  # of a meeting, in order, joined by points; empty for the meeting's own choice
    screen: int = 1
    series: str = ""
    per: str = ""
    base: int = 0
    measure: str = "growth5"
    threshold: str = ""
    side: str = ""
    by: str = ""
    basket: str = ""

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


@dataclass(frozen=True)
class Migration:
    """What turns the query of a link of one version into one of the next; `mended` says what had changed."""

    version: int
    mend: Callable[[dict[str, str]], dict[str, str]]
    mended: str


# One row a version, in order: whoever renames a value of a link, or changes a default, adds one. Nothing has yet: a
# link that names a day has always meant the newest edition of that day, and still does.
MIGRATIONS: tuple[Migration, ...] = ()

LEFT_OUT: Mapping[Why, str] = {
    "unknown": "notice.series.unknown",
    "twice": "notice.series.twice",
    "many": "notice.series.many",
}
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
    given, notices = _current(given)
    values: dict[str, Any] = {}
    fields_by_name = {shown: name for name, shown in NAMES.items()}
    for shown, text in given.items():
        name = fields_by_name.get(shown)
        if name is None:
            notices.append(Notice("notice.unknown_name", visible(shown, SHOWN), visible(text, SHOWN), ""))
            continue
        if name == "series":
            values[name], told = listed(text, catalogue)
            notices += [Notice(LEFT_OUT[why], shown, visible(code, SHOWN), "-") for why, code in told]
            continue
        value = _READERS[name](text, catalogue)
        if value is None:
            notices.append(
                Notice("notice.unknown_value", shown, visible(text, SHOWN), str(getattr(default, name) or "-"))
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


def query_of(selection: Selection, default: Selection = DEFAULT) -> dict[str, str]:
    """The query of a Selection; what equals the default is left out.

    It is not lost: the version of the link says which defaults it was written under.
    """
    found = {}
    for name, shown in NAMES.items():
        value = getattr(selection, name)
        if value in ("", 0) or value == getattr(default, name):
            continue
        found[shown] = str(value)
    return {**found, WRITTEN_AS: str(VERSION)} if found and VERSION > 1 else found


def address(path: str, selection: Selection, default: Selection = DEFAULT) -> str:
    """A path and the query of a Selection."""
    query = urlencode(query_of(selection, default), safe=":,")
    return f"{path}?{query}" if query else path


def link(path: str, selection: Selection, catalogue: Catalogue) -> str:
    """The address to give to others: it names its language, and no market that its indicator implies."""
    row = catalogue.indicators.get(selection.indicator)
    if row is not None and row.segment == selection.segment:
        selection = replace(selection, segment="")
    return address(path, selection, replace(DEFAULT, lang=""))


def _current(given: dict[str, str]) -> tuple[dict[str, str], list[Notice]]:
    """A raw query in the names of today, without its version; a link that names none is one of the first."""
    text = given.pop(WRITTEN_AS, "1")
    if not re.fullmatch(r"[1-9]\d{0,2}", text, re.ASCII):
        return given, [Notice("notice.unknown_value", WRITTEN_AS, visible(text, SHOWN), str(VERSION))]
    if int(text) > VERSION:
        return given, [Notice("notice.newer", WRITTEN_AS, text, "")]
    for row in MIGRATIONS[int(text) - 1 :] if given else ():
        given = row.mend(given)
    return given, []


def _one_of(allowed: Sequence[str]) -> Callable[[str, Catalogue], str | None]:
    return lambda text, _catalogue: text if text in allowed else None


def _number_of(allowed: Sequence[int]) -> Callable[[str, Catalogue], int | None]:
    return lambda text, _catalogue: (
        int(text) if re.fullmatch(r"[1-9]\d{0,5}", text, re.ASCII) and int(text) in allowed else None
    )


def _named(part: str) -> Callable[[str, Catalogue], str | None]:
    return lambda text, catalogue: text if text in getattr(catalogue, part) else None


def _screens(text: str, catalogue: Catalogue) -> str | None:
    codes = text.split(".")
    known = all(code in SCREENS or code in catalogue.segments for code in codes)
    return text if known and len(codes) <= MOST_SCREENS else None


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


def _threshold(text: str, _catalogue: Catalogue) -> str | None:
    return text if _PLAIN.fullmatch(text) and float(text) > 0 else None


def _by(text: str, _catalogue: Catalogue) -> str | None:
    return text if _MONTHS.fullmatch(text) or _YEAR_MONTH.fullmatch(text) else None


def shares_of(basket: str) -> dict[str, int]:
    """The shares that a basket gives, by short name, in its order; empty if it is not written as one."""
    found: dict[str, int] = {}
    for part in basket.split(",") if basket else ():
        match = _SHARE.fullmatch(part)
        if match is None or match[1] in found or len(found) >= MOST_SHARES:
            return {}
        found[match[1]] = int(match[2])
    return found


def basket_of(shares: Mapping[str, int]) -> str:
    """Shares as an address writes them; what is nothing is left out."""
    return ",".join(f"{name}:{share}" for name, share in shares.items() if share > 0)


def _basket(text: str, _catalogue: Catalogue) -> str | None:
    return text if shares_of(text) else None


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
    "per": divisor,
    "base": _number_of(YEARS),
    "measure": _one_of(MEASURES),
    "screens": _screens,
    "screen": _number_of(range(1, MOST_SCREENS + 1)),
    "threshold": _threshold,
    "side": _one_of(SIDES),
    "by": _by,
    "basket": _basket,
}
