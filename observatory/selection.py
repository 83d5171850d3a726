"""Selection of the reader, parsed from and formatted as the query of a link; every input has a reading.

Any query gives a valid Selection plus notices; a Selection written as a query and read again is the same one.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime, time
from typing import Any
from urllib.parse import urlencode

from observatory.catalogue.models import ROLES, Catalogue
from observatory.catalogue.periods import FREQUENCIES
from observatory.catalogue.series_codes import (
    SERIES_SEPARATOR,
    RejectionReason,
    parse_divisor,
    parse_series_code,
    parse_series_codes,
)
from observatory.links import MAX_PARAMETERS, repair_pairs
from observatory.settings import HORIZONS, INTERVAL_LEVELS, MAX_ECHOED_CHARS, MAX_QUERY_CHARS
from observatory.typography import escape_unprintable

UNITS = ("level", "index", "growth", "log")
SCENARIOS = ("base", "low", "high")
MODES = ("page", "meeting")
MEASURES = ("level", "gdp", "growth1", "growth5", "ahead")
THRESHOLD_SIDES = ("above", "below")
CURRENCIES = ("eur", "quoted")  # of prices: euros, or as they are published
VIEWS = ("basket",)  # of the page of purchases, besides that of one input
STATES = ("fresh", "late", "stopped", "awaiting")  # of the newest figure of an indicator
AREAS = ("europe",)
MAX_FIND_CHARS = 60  # of a search for indicators
MAX_BASKET_SHARES = 12  # of a basket
VALID_YEARS = range(1900, 2101)
_VALID_EDITIONS = range(1, 1_000_000)
SCREEN_CODES = (
    "o",
    "p",
    "t",
)  # of a meeting: overview, the reader's own markets, track record; a market has its own id
NOTE_SCREEN = "n"  # of a meeting: the cluster's notes on the whole; "n-space" are those on a market
MAX_SCREENS = 26  # every segment and its notes, the three others, and the notes on the whole
LINK_VERSION = 1  # of links: the meaning of names and defaults; the first version is never written
_VERSION_PARAMETER = "v"
_DATE_PATTERN = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?(?:\.e([1-9]\d{0,5}))?", re.ASCII)
_DECIMAL_PATTERN = re.compile(r"(?:0|[1-9]\d{0,14})(?:\.\d{1,18})?", re.ASCII)
_MONTH_COUNT_PATTERN = re.compile(r"[1-9]\d?", re.ASCII)
_YEAR_MONTH_PATTERN = re.compile(r"20\d{2}-(?:0[1-9]|1[0-2])", re.ASCII)
_SHARE_PATTERN = re.compile(r"([a-z][a-z0-9_]*):([1-9]\d{0,2})", re.ASCII)
_WORD_PATTERN = re.compile("[0-9A-Za-zÀ-ÖØ-öø-ɏ]+")
_EDITION_PATTERN = re.compile(r"e([1-9]\d{0,5})(?:\.n([1-9]\d{0,5}))?", re.ASCII)


@dataclass(frozen=True)
class Selection:
    """Choices of the reader. Empty text means "the page's own choice"; `first` and `last` are years, 0 for all.

    `asof` is a day, month or year (its end), or an edition by its number: "e12"; "2010-10.e2" is October 2010 rebuilt
    from the figures of edition 2, without it from those of the first; "e12.n7" is edition 12 with the notes of the
    cluster as they stood after record 7, without it those before edition 12. `since` and `until` are the editions
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
    after: int = 0  # 1: with an `asof` in the past, the figures that followed are drawn too
    mode: str = "page"
    since: int = 0
    until: int = 0
    draft: int = 0  # the draft that an analyst works on
    screens: str = ""  # of a meeting, in order, joined by points; empty for the meeting's own choice
    screen: int = 1  # 0 is the cover, so that screens keep the numbers that they had before there was one
    series: str = ""
    per: str = ""
    base: int = 0
    measure: str = "growth5"
    threshold: str = ""
    side: str = ""
    by: str = ""
    basket: str = ""
    currency: str = ""  # of prices; empty: see `shown_currency`
    view: str = ""
    find: str = ""  # words of an indicator, as `parse_find` cleans them
    role: str = ""
    freq: str = ""
    state: str = ""
    area: str = ""

    @property
    def series_keys(self) -> tuple[tuple[str, str, str], ...]:
        """The series compared, as keys of a panel."""
        return tuple(parse_series_code(code) for code in self.series.split(SERIES_SEPARATOR) if code)

    @property
    def shown_currency(self) -> str:
        """The currency of prices: euros by default.

        A link that names a threshold or a date but no currency was made when prices were only shown as they are
        published; it keeps its figures. Links of today that name either name the currency too.
        """
        return self.currency or ("quoted" if self.threshold or self.asof else "eur")

    def edition_number(self) -> int | None:
        """The number of the edition that `asof` names; None if it names a day, or nothing."""
        match = _EDITION_PATTERN.fullmatch(self.asof)
        return int(match[1]) if match else None

    def notes_record(self) -> int | None:
        """The number of the last record of notes that `asof` names; None if it names none."""
        match = _EDITION_PATTERN.fullmatch(self.asof)
        return int(match[2]) if match and match[2] else None

    def base_edition(self) -> int | None:
        """The number of the edition from whose figures the date that `asof` names is rebuilt; None if it names none."""
        match = _DATE_PATTERN.fullmatch(self.asof)
        return int(match[4]) if match and match[4] else None

    def pinned_moment(self) -> datetime | None:
        """The moment that `asof` names: the end of that day, month or year; None for now, or for an edition."""
        match = _DATE_PATTERN.fullmatch(self.asof)
        if match is None or int(match[1]) not in VALID_YEARS:
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
class LinkMigration:
    """A migration of link queries from one version to the next; `description` names what changed."""

    version: int
    migrate: Callable[[dict[str, str]], dict[str, str]]
    description: str


# One row a version, in order: whoever renames a value of a link, or changes a default, adds one. Nothing has yet: a
# link that names a day has always meant the newest edition of that day, and still does.
LINK_MIGRATIONS: tuple[LinkMigration, ...] = ()

_SERIES_NOTICE_KEYS: Mapping[RejectionReason, str] = {
    "unknown": "notice.series.unknown",
    "twice": "notice.series.twice",
    "many": "notice.series.many",
}
PARAMETER_NAMES: Mapping[str, str] = {
    row.name: {"first": "from", "last": "to"}.get(row.name, row.name) for row in fields(Selection)
}
_LINK_NAMES = frozenset((*PARAMETER_NAMES.values(), _VERSION_PARAMETER))
DEFAULT_SELECTION = Selection()


def parse_selection(
    query: Mapping[str, Sequence[str] | str], catalogue: Catalogue, default: Selection = DEFAULT_SELECTION
) -> tuple[Selection, tuple[Notice, ...]]:
    """The Selection of a query, repaired first, and a notice for each part of it that could not be used."""
    sent = [(name, value if isinstance(value, str) else (value[0] if value else "")) for name, value in query.items()]
    if len(sent) > MAX_PARAMETERS or sum(len(name) + len(value) for name, value in sent) > MAX_QUERY_CHARS:
        return default, (Notice("notice.too_long", "", "", ""),)
    given: dict[str, str] = {}
    for shown, text in repair_pairs(sent, _LINK_NAMES):
        given.setdefault(shown, text)  # of a name given twice the first value counts
    given, notices = _migrate_query(given)
    values: dict[str, Any] = {}
    fields_by_name = {shown: name for name, shown in PARAMETER_NAMES.items()}
    for shown, text in given.items():
        name = fields_by_name.get(shown)
        if name is None:
            notices.append(_build_notice("notice.unknown_name", escape_unprintable(shown, MAX_ECHOED_CHARS), text, ""))
            continue
        if name == "series":
            values[name], unread = parse_series_codes(text, catalogue)
            notices += [_build_notice(_SERIES_NOTICE_KEYS[why], shown, code, "-") for why, code in unread]
            continue
        value = _PARSERS[name](text, catalogue)
        if value is None:
            notices.append(_build_notice("notice.unknown_value", shown, text, str(getattr(default, name) or "-")))
        else:
            values[name] = value
    chosen, conflicts = _resolve_conflicts(replace(default, **values), catalogue)
    return chosen, (*notices, *conflicts)


def _build_notice(key: str, name: str, value: str, default: str) -> Notice:
    """A notice that quotes a value of the query, cut and made printable."""
    return Notice(key, name, escape_unprintable(value, MAX_ECHOED_CHARS), default)


def _resolve_conflicts(chosen: Selection, catalogue: Catalogue) -> tuple[Selection, list[Notice]]:
    """A selection without values that contradict each other: years in reverse, an indicator of another market."""
    notices = []
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
    return chosen, notices


def format_query(selection: Selection, default: Selection = DEFAULT_SELECTION) -> dict[str, str]:
    """The query of a Selection; what equals the default is left out.

    Nothing is lost: the version of the link determines the defaults.
    """
    fields = {}
    for name, shown in PARAMETER_NAMES.items():
        value = getattr(selection, name)
        is_unset = value == "" or (value == 0 and getattr(DEFAULT_SELECTION, name) == 0)  # screen 0 is the cover
        if is_unset or value == getattr(default, name):
            continue
        fields[shown] = str(value)
    return {**fields, _VERSION_PARAMETER: str(LINK_VERSION)} if fields and LINK_VERSION > 1 else fields


def build_url(path: str, selection: Selection, default: Selection = DEFAULT_SELECTION) -> str:
    """A path and the query of a Selection."""
    query = urlencode(format_query(selection, default), safe=":,")
    return f"{path}?{query}" if query else path


def build_share_url(path: str, selection: Selection, catalogue: Catalogue) -> str:
    """The address to give to others: it names its language, and no market that its indicator implies."""
    row = catalogue.indicators.get(selection.indicator)
    if row is not None and row.segment == selection.segment:
        selection = replace(selection, segment="")
    return build_url(path, selection, replace(DEFAULT_SELECTION, lang=""))


def _migrate_query(given: dict[str, str]) -> tuple[dict[str, str], list[Notice]]:
    """A raw query in the names of today, without its version; a link that names none is one of the first."""
    text = given.pop(_VERSION_PARAMETER, "1")
    if not re.fullmatch(r"[1-9]\d{0,2}", text, re.ASCII):
        return given, [
            Notice(
                "notice.unknown_value",
                _VERSION_PARAMETER,
                escape_unprintable(text, MAX_ECHOED_CHARS),
                str(LINK_VERSION),
            )
        ]
    if int(text) > LINK_VERSION:
        return given, [Notice("notice.newer", _VERSION_PARAMETER, text, "")]
    for row in LINK_MIGRATIONS[int(text) - 1 :] if given else ():
        given = row.migrate(given)
    return given, []


def _choice_parser(allowed: Sequence[str]) -> Callable[[str, Catalogue], str | None]:
    return lambda text, _catalogue: text if text in allowed else None


def _integer_parser(allowed: Sequence[int]) -> Callable[[str, Catalogue], int | None]:
    return lambda text, _catalogue: (
        int(text) if re.fullmatch(r"0|[1-9]\d{0,5}", text, re.ASCII) and int(text) in allowed else None
    )


def _catalogue_id_parser(collection: str) -> Callable[[str, Catalogue], str | None]:
    return lambda text, catalogue: text if text in getattr(catalogue, collection) else None


def _parse_screens(text: str, catalogue: Catalogue) -> str | None:
    codes = text.split(".")
    are_known = all(
        code in SCREEN_CODES or code in catalogue.segments or find_note_market(code) in ("", *catalogue.segments)
        for code in codes
    )
    return text if are_known and len(codes) <= MAX_SCREENS else None


def find_note_market(code: str) -> str | None:
    """The market whose notes a screen of a meeting shows, empty for those on the whole; None for another screen."""
    mark, hyphen, segment = code.partition("-")
    return segment if mark == NOTE_SCREEN and bool(hyphen) == bool(segment) else None


def _parse_as_of(text: str, _catalogue: Catalogue) -> str | None:
    if _EDITION_PATTERN.fullmatch(text):
        return text
    match = _DATE_PATTERN.fullmatch(text)
    if match is None or int(match[1]) not in VALID_YEARS:
        return None
    try:
        date(int(match[1]), int(match[2] or 1), int(match[3] or 1))
    except ValueError:
        return None
    return text


def _parse_threshold(text: str, _catalogue: Catalogue) -> str | None:
    return text if _DECIMAL_PATTERN.fullmatch(text) and float(text) > 0 else None


def parse_find(text: str) -> str:
    """The Latin words of a search, without marks: links that mail has mangled lose marks, never letters or figures."""
    return " ".join(_WORD_PATTERN.findall(unicodedata.normalize("NFC", text)))[:MAX_FIND_CHARS].rstrip()


def _parse_find(text: str, _catalogue: Catalogue) -> str | None:
    return parse_find(text) or None


def _parse_deadline(text: str, _catalogue: Catalogue) -> str | None:
    return text if _MONTH_COUNT_PATTERN.fullmatch(text) or _YEAR_MONTH_PATTERN.fullmatch(text) else None


def parse_basket(basket: str) -> dict[str, int]:
    """The shares that a basket gives, by short name, in its order; empty if it is not written as one."""
    shares: dict[str, int] = {}
    for part in basket.split(",") if basket else ():
        match = _SHARE_PATTERN.fullmatch(part)
        if match is None or match[1] in shares or len(shares) >= MAX_BASKET_SHARES:
            return {}
        shares[match[1]] = int(match[2])
    return shares


def format_basket(shares: Mapping[str, int]) -> str:
    """Shares as an address writes them; what is nothing is left out."""
    return ",".join(f"{name}:{share}" for name, share in shares.items() if share > 0)


def _check_basket(text: str, _catalogue: Catalogue) -> str | None:
    return text if parse_basket(text) else None


_PARSERS: Mapping[str, Callable[[str, Catalogue], Any]] = {
    "lang": _choice_parser(("fr", "en")),
    "segment": _catalogue_id_parser("segments"),
    "indicator": _catalogue_id_parser("indicators"),
    "geo": _catalogue_id_parser("geographies"),
    "item": _catalogue_id_parser("items"),
    "horizon": _integer_parser(HORIZONS),
    "first": _integer_parser(VALID_YEARS),
    "last": _integer_parser(VALID_YEARS),
    "unit": _choice_parser(UNITS),
    "scenario": _choice_parser(SCENARIOS),
    "level": _integer_parser(INTERVAL_LEVELS),
    "asof": _parse_as_of,
    "after": _integer_parser((1,)),
    "mode": _choice_parser(MODES),
    "since": _integer_parser(_VALID_EDITIONS),
    "until": _integer_parser(_VALID_EDITIONS),
    "draft": _integer_parser(_VALID_EDITIONS),
    "per": parse_divisor,
    "base": _integer_parser(VALID_YEARS),
    "measure": _choice_parser(MEASURES),
    "screens": _parse_screens,
    "screen": _integer_parser(range(MAX_SCREENS + 1)),
    "threshold": _parse_threshold,
    "side": _choice_parser(THRESHOLD_SIDES),
    "by": _parse_deadline,
    "basket": _check_basket,
    "currency": _choice_parser(CURRENCIES),
    "view": _choice_parser(VIEWS),
    "find": _parse_find,
    "role": _choice_parser(ROLES),
    "freq": _choice_parser(FREQUENCIES),
    "state": _choice_parser(STATES),
    "area": _choice_parser(AREAS),
}
