"""View models that pages, slides and files are made from: figures, tables, chapters, and the briefs of pages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from observatory.selection import Selection

Terms = tuple[tuple[str, str], ...]  # (term, definition)


@dataclass(frozen=True)
class PlotSeries:
    """One line, or one set of bars, of a chart: a value for each label, None where there is none.

    `nature` is a code that styles follow (observed, expected, low, high, came ...), `name` its text in the legend.
    `low` and `high` are the ends of an interval around each value, if any. `colour` overrides the colour of the nature;
    `dash_index` is the rank among several lines, which chooses the dashes.
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
    """The data of a chart as numbers in the unit shown: slides and workbooks draw native charts from them.

    Lines run over periods, oldest first (`period_codes`: 2024, 2024-Q1); bars are grouped by label; points have two
    series, x and y.
    """

    kind: Literal["line", "bar", "point"]
    labels: tuple[str, ...]
    series: tuple[PlotSeries, ...]
    unit: str
    decimals: int = 0
    signed: bool = False
    period_codes: tuple[str, ...] = ()
    origin: str = ""  # the code of the last observed period, after which the forecast starts
    role: str = "market"
    starts_at_zero: bool = False
    logarithmic: bool = False
    has_several_series: bool = False  # lines need their names in the legend
    subtitle: str = ""  # empty: that of the figure, which may describe marks that slides do not draw


@dataclass(frozen=True)
class TextTable:
    """A table of text: caption, column headers, rows."""

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
    """The small line chart of a table row: past levels, then expected ones with intervals, and a text alternative."""

    past: tuple[float, ...]
    expected: tuple[tuple[float, float, float], ...]  # median, low, high, one a year
    label: str


@dataclass(frozen=True)
class IndicatorRow:
    """One indicator of a segment: its last and expected values as text, in one piece and in parts, its warning flag.

    `weight` is its share of the market's index, empty if it has none.
    """

    indicator: str
    title: str
    role: str
    role_label: str
    latest: str
    expected: str
    sparkline: Sparkline | None
    note: str
    flag: str = ""
    weight: str = ""
    amount: str = ""
    period: str = ""
    is_old: bool = False
    expected_value: str = ""
    expected_period: str = ""
    expected_range: str = ""


@dataclass(frozen=True)
class Chapter:
    """A part of a page: title, subtitle, terms with their texts, tables."""

    title: str
    subtitle: str
    terms: Terms
    tables: tuple[TextTable, ...] = ()
    methodology: Terms = ()


@dataclass(frozen=True)
class SegmentBrief:
    """A segment page: the call of the market with its reasons, its indicators, charts, scenarios, shocks and leads."""

    segment: str
    kicker: str
    lead: str
    call: str  # its class, empty for a section without calls
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
    others_figure: Figure | None = None


@dataclass(frozen=True)
class MethodBrief:
    """The method page: limitations first, the coverage of past intervals, then calls, forecasts and the glossary."""

    kicker: str
    lead: str
    under: tuple[str, ...]
    limitations: Chapter
    coverage_figure: Figure | None
    calls: Chapter
    forecasts: Chapter
    glossary: Chapter
    others: Chapter | None = None


@dataclass(frozen=True)
class LinkTableEntry:
    """A row of a LinkTable: a title that links to a selection, a subtitle, the cells."""

    target: Selection
    title: str
    subtitle: str
    cells: tuple[str, ...]


@dataclass(frozen=True)
class LinkTable:
    """A table whose rows are links; the rows after the first `visible_count` are folded under `rest_label`."""

    title: str
    subtitle: str
    headers: tuple[str, ...]
    entries: tuple[LinkTableEntry, ...]
    visible_count: int
    rest_label: str = ""
    methodology: Terms = ()
