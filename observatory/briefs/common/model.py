"""The nouns of a brief: what every page, slide and file is made of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from observatory.selection import Selection

Terms = tuple[tuple[str, str], ...]  # each with what it means


@dataclass(frozen=True)
class PlotSeries:
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
    colour: str = ""
    dash_index: int = 0


@dataclass(frozen=True)
class PlotData:
    """The figures behind a chart, as numbers in the unit shown: slides and workbooks draw their charts from them.

    Lines run over periods (`codes` are theirs: 2024, 2024-Q1), oldest first; bars stand beside one another; points have
    two runs, across and upward.
    """

    kind: Literal["line", "bar", "point"]
    labels: tuple[str, ...]
    series: tuple[PlotSeries, ...]
    unit: str
    decimals: int = 0
    signed: bool = False
    period_codes: tuple[str, ...] = ()
    origin: str = ""  # the last period that a forecast knew, as a code
    role: str = "market"
    starts_at_zero: bool = False
    logarithmic: bool = False
    has_several_series: bool = False  # lines of several series, that need their names
    subtitle: str = ""  # where bars need other words below the title than the drawing on the screen


@dataclass(frozen=True)
class TextTable:
    """A table in words: heads, rows of text, and a caption that says what it is."""

    caption: str
    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Provenance:
    """Origin of the data of a chart: publisher, licence, attribution and processing, as text to print.

    All empty for what we computed ourselves.
    """

    publisher: str = ""
    url: str = ""
    licence: str = ""
    licence_certainty: str = ""
    attribution: str = ""
    accessed: str = ""
    transformation: str = ""
    description: str = ""
    confidence: str = ""


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A chart with all that a reader needs to use it alone: title, unit, takeaway, disclosures, source, data table.

    `indicator`, `geo` and `item` are the key of the series shown. A figure that we computed ourselves has no place, no
    item and no provenance, and `indicator` is then a name of its own (empty where nothing refers to it).
    """

    indicator: str = ""
    geo: str = ""
    item: str = ""
    role: str = "market"
    title: str
    subtitle: str
    spec: Mapping[str, Any] | None  # Vega-Lite, None where there is too little to draw
    alt: str
    takeaway: str
    disclosures: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    source_line: str
    provenance: Provenance = Provenance()
    table: TextTable
    geo_options: tuple[tuple[str, str], ...] = ()
    item_options: tuple[tuple[str, str], ...] = ()
    plot_data: PlotData | None = None
    methodology: Terms = ()


@dataclass(frozen=True)
class Sparkline:
    """A line of a table: past levels, then expected ones with their interval, all on one scale; and its sentence."""

    past: tuple[float, ...]
    expected: tuple[tuple[float, float, float], ...]  # median, low, high, one a year
    label: str


@dataclass(frozen=True)
class IntervalBar:
    """An interval on the common scale of all rows, in per cent a year."""

    low: float
    median: float
    high: float


@dataclass(frozen=True)
class RankingRow:
    """One market of the ranking."""

    segment: str
    title: str
    call: str
    call_label: str
    probability_word: str
    probability_percent: str
    growth: str
    growth_range: str
    bar: IntervalBar | None
    past_growth: str
    past_years: str
    past_rate: float | None
    sparkline: Sparkline | None
    freshness: str
    warning: str


@dataclass(frozen=True)
class OverviewBrief:
    """The first page: which markets grow."""

    kicker: str
    lead: str
    under: tuple[str, ...]
    title: str
    subtitle: str
    rows: tuple[RankingRow, ...]
    scale: tuple[int, int]
    footnotes: tuple[str, ...]
    scatter: Mapping[str, Any] | None
    scatter_alt: str
    scatter_title: str
    scatter_subtitle: str
    scatter_note: str
    scatter_terms: tuple[tuple[str, str], ...]
    top_market_figure: Figure | None
    table: TextTable
    non_market_segments: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class IndicatorRow:
    """One indicator in the list of a segment page."""

    indicator: str
    title: str
    role: str
    role_label: str
    latest: str
    expected: str
    sparkline: Sparkline | None
    note: str
    flag: str = ""


@dataclass(frozen=True)
class Chapter:
    """A part of a page in words: a title with the line below it, terms with what they mean, tables."""

    title: str
    subtitle: str
    terms: Terms
    tables: tuple[TextTable, ...] = ()
    methodology: Terms = ()


@dataclass(frozen=True)
class SegmentBrief:
    """A segment page: how this market is doing, and where it is going."""

    segment: str
    kicker: str
    lead: str
    call: str  # verdict, empty for a section that gets none
    call_label: str
    call_line: str
    under: tuple[str, ...]
    index_figure: Figure | None
    main_figure: Figure | None
    small_figures: Sequence[Figure]
    indicators: tuple[IndicatorRow, ...]
    reasons: TextTable | None
    scenarios: TextTable | None
    missing_notice: str
    market_scenarios: TextTable | None = None
    past_shocks: Chapter | None = None
    leading_signals: Chapter | None = None


@dataclass(frozen=True)
class MethodBrief:
    """How it is computed: the limits first, one picture of what the ranges were worth, then the method, the words."""

    kicker: str
    lead: str
    under: tuple[str, ...]
    limitations: Chapter
    coverage_figure: Figure | None
    calls: Chapter
    forecasts: Chapter
    glossary: Chapter


@dataclass(frozen=True)
class TrackRecordBrief:
    """Why one should believe us: the worst misses first, then scores beside their baselines, with counts and ranges."""

    kicker: str
    lead: str
    under: tuple[str, ...]
    misses_chapter: Chapter
    miss_figures: tuple[Figure, ...]
    reliability_figure: Figure | None
    hit_rates: Chapter | None
    baseline_figure: Figure | None
    score_tables: tuple[TextTable, ...]
    market_scores: Chapter | None
    coverage_figure: Figure | None
    skill: Chapter | None
    skill_table: TextTable | None
    published_calls: Chapter


@dataclass(frozen=True)
class LinkTableEntry:
    """A row of a Listing: a title that leads somewhere, what stands below it, its cells."""

    target: Selection
    title: str
    subtitle: str
    cells: tuple[str, ...]


@dataclass(frozen=True)
class LinkTable:
    """Rows that lead somewhere, under a title; the first `shown` are in sight, `rest` says what the others are."""

    title: str
    subtitle: str
    headers: tuple[str, ...]
    entries: tuple[LinkTableEntry, ...]
    visible_count: int
    rest_label: str = ""
    methodology: Terms = ()


@dataclass(frozen=True)
class CallChangeRow:
    """A call before and after: verdict (empty for none), its label, its odds in words."""

    target: Selection
    title: str
    horizon: str
    old: tuple[str, str, str]
    new: tuple[str, str, str]


@dataclass(frozen=True)
class WhatsNewBrief:
    """What changed between two editions, or what the first one holds."""

    kicker: str
    lead: str
    under: tuple[str, ...]
    notices: tuple[str, ...]
    since: int  # 0 for none: `until` is then the first edition
    until: int
    edition_options: tuple[tuple[int, str], ...]  # the editions that can be compared, newest first
    calls: Chapter | None
    changed_calls: tuple[CallChangeRow, ...]
    moved_calls: TextTable | None
    link_tables: tuple[tuple[str, LinkTable], ...]
    editions: LinkTable
