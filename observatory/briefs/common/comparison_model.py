"""View models of the pages that compare series or countries."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from observatory.briefs.common.model import Chapter, Figure, LinkTable, Sparkline, Terms, TextTable
from observatory.selection import Selection


@dataclass(frozen=True)
class SeriesChoice:
    """A series that can be compared; `search_text` is all that a search looks at, without accents and case."""

    code: str
    name: str
    market: str
    search_text: str

    @property
    def label(self) -> str:
        """Its entry in a list: name and market."""
        return f"{self.name} \u00b7 {self.market}"


@dataclass(frozen=True)
class ComparedSeries:
    """One series of a comparison: its letter, the style of its line, its link and its table cells.

    `short_title` distinguishes it from the others and may be the name of its country alone; `peer_codes` are the codes
    of the same series in other countries, joined, empty if there are none.
    """

    code: str
    letter: str
    colour_token: str
    dash: tuple[int, ...]
    title: str
    short_title: str
    segment_title: str
    target: Selection
    cells: tuple[str, ...]
    peer_codes: str


@dataclass(frozen=True)
class CompareBrief:
    """The comparison page: `display_options` are the displays to choose from, `display` the one shown."""

    kicker: str
    lead: str
    under: tuple[str, ...]
    notices: tuple[str, ...]
    codes: tuple[str, ...]
    display: str
    display_options: tuple[str, ...]
    base_year: int
    base_year_options: tuple[int, ...]
    divisor: str
    divisor_options: tuple[tuple[str, str], ...]
    chart: Figure
    growth_table: TextTable
    series: tuple[ComparedSeries, ...]
    comovement: Chapter
    small_multiples: tuple[Figure, ...]
    methodology: Chapter
    growth_methodology: Terms


@dataclass(frozen=True)
class CountryRow:
    """A country in the ranking of an indicator: its cells in the order of the headers; pinned ones are marked.

    `value` is shown on the map, None where no value can be ranked; `note` gives the reason. `value_text` is that of the
    bar, with its period; `warning` says what makes it old or distorted.
    """

    geo: str
    title: str
    rank: str
    cells: tuple[str, ...]
    spark: Sparkline | None
    note: str
    is_pinned: bool
    value: float | None
    value_text: str = ""
    warning: str = ""


@dataclass(frozen=True)
class MapClass:
    """One class of the choropleth map: its bounds as text, and the opacity of its colour."""

    label: str
    opacity: float


@dataclass(frozen=True)
class CountriesBrief:
    """The countries page: map and ranking of an indicator, and the profile of one country across indicators."""

    kicker: str
    lead: str
    under: tuple[str, ...]
    notices: tuple[str, ...]
    indicator: str
    indicator_options: tuple[tuple[str, str], ...]
    measure: str
    unit: str
    measure_options: tuple[tuple[str, str], ...]
    map_spec: Mapping[str, Any] | None
    map_title: str
    map_subtitle: str
    map_alt: str
    map_classes: tuple[MapClass, ...]
    map_colour: str
    no_data_label: str
    ranking_title: str
    ranking_subtitle: str
    ranking_heads: tuple[str, ...]
    ranking_rows: tuple[CountryRow, ...]
    ranking_table: TextTable
    source_line: str
    notes: tuple[str, ...]
    geo: str
    place_options: tuple[tuple[str, str], ...]
    profile: LinkTable
    profile_figure: Figure | None
    compare_selection: Selection
    methodology: Chapter
    map_methodology: Terms
    europe_map_spec: Mapping[str, Any] | None = None  # where several countries with figures are in Europe, others not

    @property
    def shared_warning(self) -> str:
        """The warning of most countries that have a value, to be said once; empty if there is none."""
        warnings = Counter(row.warning for row in self.ranking_rows if row.value is not None)
        text, count = warnings.most_common(1)[0] if warnings else ("", 0)
        return text if 2 * count > warnings.total() and count > 1 else ""
