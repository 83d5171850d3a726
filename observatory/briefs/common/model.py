"""The nouns of a brief: what every page, slide and file is made of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from observatory.selection import Selection

Terms = tuple[tuple[str, str], ...]  # each with what it means


@dataclass(frozen=True)
class Run:
    """One line, or one set of bars, of a Plot: a value for each label, None where there is none.

    `nature` is a code (observed, expected, low, high, came, held, said ...), `name` its words; `low` and `high` are the
    ends of an interval around each value, where it has one; `tone` is its colour where its nature does not say it,
    `place` its place among several lines, which its dashes follow.
    """

    nature: str
    name: str
    values: tuple[float | None, ...]
    low: tuple[float | None, ...] = ()
    high: tuple[float | None, ...] = ()
    tone: str = ""
    place: int = 0


@dataclass(frozen=True)
class Plot:
    """The figures behind a chart, as numbers in the unit shown: slides and workbooks draw their charts from them.

    Lines run over periods (`codes` are theirs: 2024, 2024-Q1), oldest first; bars stand beside one another; points have
    two runs, across and upward.
    """

    kind: Literal["line", "bar", "point"]
    labels: tuple[str, ...]
    runs: tuple[Run, ...]
    unit: str
    decimals: int = 0
    signed: bool = False
    codes: tuple[str, ...] = ()
    origin: str = ""  # the last period that a forecast knew, as a code
    role: str = "market"
    from_zero: bool = False
    logarithmic: bool = False
    several: bool = False  # lines of several series, that need their names
    subtitle: str = ""  # where bars need other words below the title than the drawing on the screen


@dataclass(frozen=True)
class Table:
    """A table in words: heads, rows of text, and a caption that says what it is."""

    caption: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Credit:
    """Where the figures of a figure come from, ready to be read."""

    publisher: str
    page: str
    licence: str
    certainty: str
    attribution: str
    taken: str
    transformation: str
    description: str
    confidence: str


@dataclass(frozen=True)
class Figure:
    """A chart with everything that it needs to stand alone: title, unit, takeaway, honesty, source, table."""

    indicator: str
    geo: str
    item: str
    role: str
    title: str
    subtitle: str
    spec: Mapping[str, Any] | None
    alt: str
    takeaway: str
    honesty: tuple[str, ...]
    notes: tuple[str, ...]
    source_line: str
    credit: Credit
    table: Table
    places: tuple[tuple[str, str], ...] = ()
    items: tuple[tuple[str, str], ...] = ()
    plot: Plot | None = None
    how: Terms = ()


def computed(
    title: str,
    subtitle: str,
    spec: Mapping[str, Any] | None,
    takeaway: str,
    source_line: str,
    table: "Table",
    alt: str = "",
    honesty: tuple[str, ...] = (),
    notes: tuple[str, ...] = (),
    name: str = "",
    plot: Plot | None = None,
    how: Terms = (),
) -> Figure:
    """A Figure of what we computed ourselves: no single series behind it, hence no place and no credit."""
    credit = Credit("", "", "", "", "", "", "", "", "")
    said = alt or takeaway
    words = (title, subtitle, spec, said, takeaway, honesty, notes, source_line)
    return Figure(name, "", "", "market", *words, credit, table, plot=plot, how=how)


@dataclass(frozen=True)
class Spark:
    """A line of a table: past levels, then expected ones with their interval, all on one scale; and its sentence."""

    past: tuple[float, ...]
    expected: tuple[tuple[float, float, float], ...]  # median, low, high, one a year
    label: str


@dataclass(frozen=True)
class Bar:
    """An interval on the common scale of all rows, in per cent a year."""

    low: float
    median: float
    high: float


@dataclass(frozen=True)
class Ranked:
    """One market of the ranking."""

    segment: str
    title: str
    call: str
    label: str
    word: str
    percent: str
    growth: str
    range: str
    bar: Bar | None
    past: str
    past_years: str
    past_rate: float | None
    spark: Spark | None
    freshness: str
    warning: str


@dataclass(frozen=True)
class Overview:
    """The first page: which markets grow."""

    kicker: str
    lead: str
    under: tuple[str, ...]
    title: str
    subtitle: str
    rows: tuple[Ranked, ...]
    scale: tuple[int, int]
    footnotes: tuple[str, ...]
    scatter: Mapping[str, Any] | None
    scatter_alt: str
    scatter_title: str
    scatter_subtitle: str
    scatter_note: str
    reading: tuple[tuple[str, str], ...]
    surest: Figure | None
    table: Table
    sections: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Listed:
    """One indicator in the list of a segment page."""

    indicator: str
    title: str
    role: str
    role_label: str
    last: str
    expected: str
    spark: Spark | None
    note: str
    flag: str = ""


@dataclass(frozen=True)
class Chapter:
    """A part of a page in words: a title with the line below it, terms with what they mean, tables."""

    title: str
    subtitle: str
    terms: Terms
    tables: tuple[Table, ...] = ()
    how: Terms = ()


@dataclass(frozen=True)
class Page:
    """A segment page: how this market is doing, and where it is going."""

    segment: str
    kicker: str
    lead: str
    call: str  # verdict, empty for a section that gets none
    call_label: str
    call_line: str
    under: tuple[str, ...]
    index: Figure | None
    main: Figure | None
    others: Sequence[Figure]
    listed: tuple[Listed, ...]
    reasons: Table | None
    scenarios: Table | None
    missing: str
    together: Table | None = None
    shock: Chapter | None = None
    signals: Chapter | None = None


@dataclass(frozen=True)
class Method:
    """How it is computed: the limits first, one picture of what the ranges were worth, then the method, the words."""

    kicker: str
    lead: str
    under: tuple[str, ...]
    limits: Chapter
    ranges: Figure | None
    calls: Chapter
    forecasts: Chapter
    glossary: Chapter


@dataclass(frozen=True)
class Track:
    """Why one should believe us: the worst misses first, then scores beside their baselines, with counts and ranges."""

    kicker: str
    lead: str
    under: tuple[str, ...]
    misses: Chapter
    wrong: tuple[Figure, ...]
    said: Figure | None
    hits: Chapter | None
    against: Figure | None
    scores: tuple[Table, ...]
    markets: Chapter | None
    held: Figure | None
    skill: Chapter | None
    skill_all: Table | None
    published: Chapter


@dataclass(frozen=True)
class Entry:
    """A row of a Listing: a title that leads somewhere, what stands below it, its cells."""

    target: Selection
    title: str
    below: str
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Listing:
    """Rows that lead somewhere, under a title; the first `shown` are in sight, `rest` says what the others are."""

    title: str
    subtitle: str
    heads: tuple[str, ...]
    entries: tuple[Entry, ...]
    shown: int
    rest: str = ""
    how: Terms = ()


@dataclass(frozen=True)
class Turned:
    """A call before and after: verdict (empty for none), its label, its odds in words."""

    target: Selection
    title: str
    horizon: str
    old: tuple[str, str, str]
    new: tuple[str, str, str]


@dataclass(frozen=True)
class News:
    """What changed between two editions, or what the first one holds."""

    kicker: str
    lead: str
    under: tuple[str, ...]
    notices: tuple[str, ...]
    since: int  # 0 for none: `until` is then the first edition
    until: int
    choices: tuple[tuple[int, str], ...]  # the editions that can be compared, newest first
    calls: Chapter | None
    turned: tuple[Turned, ...]
    moved: Table | None
    listings: tuple[tuple[str, Listing], ...]
    editions: Listing
