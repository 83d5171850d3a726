"""The nouns of the pages that set series or countries side by side."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from observatory.briefs.common.model import Chapter, Figure, Listing, Spark, Table, Terms
from observatory.selection import Selection


@dataclass(frozen=True)
class Choice:
    """A series that can be compared: its code, its name, its market, and all that a search looks at, folded."""

    code: str
    name: str
    market: str
    words: str

    @property
    def label(self) -> str:
        """How it is called in a list."""
        return f"{self.name} \u00b7 {self.market}"


@dataclass(frozen=True)
class Member:
    """One series of a comparison: its letter, its line, where it leads, its cells, and its peers ("" for none).

    `short` is its name beside the others, which may be that of its country alone.
    """

    code: str
    letter: str
    token: str
    dash: tuple[int, ...]
    title: str
    short: str
    below: str
    target: Selection
    cells: tuple[str, ...]
    peers: str


@dataclass(frozen=True)
class Compared:
    """Series side by side. `displays` are the units that a reader can choose, `display` the one that is shown."""

    kicker: str
    lead: str
    under: tuple[str, ...]
    notices: tuple[str, ...]
    codes: tuple[str, ...]
    display: str
    displays: tuple[str, ...]
    base: int
    bases: tuple[int, ...]
    per: str
    divisors: tuple[tuple[str, str], ...]
    chart: Figure
    growth: Table
    members: tuple[Member, ...]
    ties: Chapter
    smalls: tuple[Figure, ...]
    how: Chapter
    growth_how: Terms


@dataclass(frozen=True)
class Country:
    """A country in the ranking of an indicator: its cells in the order of the heads, a mark if it is asked for first.

    `value` is what the map shows, None where there is no figure that can be ranked; `note` says why, or what to know.
    """

    geo: str
    title: str
    rank: str
    cells: tuple[str, ...]
    spark: Spark | None
    note: str
    first: bool
    value: float | None


@dataclass(frozen=True)
class Tint:
    """One class of the map: from where to where, in words, and how dark."""

    label: str
    opacity: float


@dataclass(frozen=True)
class Countries:
    """An indicator by country: map, ranking, and the profile of one country across indicators."""

    kicker: str
    lead: str
    under: tuple[str, ...]
    notices: tuple[str, ...]
    indicator: str
    indicators: tuple[tuple[str, str], ...]
    measure: str
    unit: str
    measures: tuple[tuple[str, str], ...]
    map: Mapping[str, Any] | None
    map_title: str
    map_subtitle: str
    map_alt: str
    tints: tuple[Tint, ...]
    colour: str
    blank: str
    title: str
    subtitle: str
    heads: tuple[str, ...]
    rows: tuple[Country, ...]
    table: Table
    source_line: str
    notes: tuple[str, ...]
    geo: str
    places: tuple[tuple[str, str], ...]
    profile: Listing
    figure: Figure | None
    compare: Selection
    how: Chapter
    map_how: Terms
