"""Selection of the reader: what a link chooses, and which values there are."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from observatory.catalogue.series_codes import SERIES_SEPARATOR, parse_series_code

UNITS = ("level", "index", "growth", "log")
SCENARIOS = ("base", "low", "high")
MODES = ("page", "meeting")
MEASURES = ("level", "gdp", "growth1", "growth5", "ahead")
THRESHOLD_SIDES = ("above", "below")
CURRENCIES = ("eur", "quoted")  # of prices: euros, or as they are published
VIEWS = ("basket",)  # of the page of purchases, besides that of one input
STATES = ("fresh", "late", "stopped", "awaiting")  # of the newest figure of an indicator
AREAS = ("europe",)
VALID_YEARS = range(1900, 2101)
DATE_PATTERN = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?(?:\.e([1-9]\d{0,5}))?", re.ASCII)
EDITION_PATTERN = re.compile(r"e([1-9]\d{0,5})(?:\.n([1-9]\d{0,5}))?", re.ASCII)


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
        match = EDITION_PATTERN.fullmatch(self.asof)
        return int(match[1]) if match else None

    def notes_record(self) -> int | None:
        """The number of the last record of notes that `asof` names; None if it names none."""
        match = EDITION_PATTERN.fullmatch(self.asof)
        return int(match[2]) if match and match[2] else None

    def base_edition(self) -> int | None:
        """The number of the edition from whose figures the date that `asof` names is rebuilt; None if it names none."""
        match = DATE_PATTERN.fullmatch(self.asof)
        return int(match[4]) if match and match[4] else None

    def pinned_moment(self) -> datetime | None:
        """The moment that `asof` names: the end of that day, month or year; None for now, or for an edition."""
        match = DATE_PATTERN.fullmatch(self.asof)
        if match is None or int(match[1]) not in VALID_YEARS:
            return None
        year, month, day = int(match[1]), int(match[2] or 12), int(match[3] or 0)
        if not day:
            following = date(year + month // 12, month % 12 + 1, 1)
            end = date.fromordinal(following.toordinal() - 1)
        else:
            end = date(year, month, day)
        return datetime.combine(end, time.max, UTC)


DEFAULT_SELECTION = Selection()
