"""Catalogue models, with the fields of the files under data/."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Literal

from observatory.catalogue.external_forecasts import ExternalForecasts
from observatory.catalogue.periods import Frequency
from observatory.catalogue.recipes import RefreshHost, RefreshRecipe

IndicatorRole = Literal["market", "leading", "activity", "cost", "context"]
ROLES: tuple[IndicatorRole, ...] = ("market", "leading", "activity", "cost", "context")
INDICATOR_KINDS = ("flow", "stock", "index", "price", "ratio", "rate")
CONFIDENCE_LEVELS = ("high", "medium", "low")


@dataclass(frozen=True)
class Segment:
    """A market that an SME can serve (or, with `market` false, a section that gets no call)."""

    id: str
    market: bool
    title_fr: str
    title_en: str
    of_fr: str
    of_en: str
    summary_fr: str
    summary_en: str


@dataclass(frozen=True)
class DataSource:
    """A publisher of figures, with its licence."""

    id: str
    publisher_fr: str
    publisher_en: str
    licence_fr: str
    licence_en: str
    licence_certainty: str
    attribution: str
    page: str = ""


@dataclass(frozen=True)
class Geography:
    """A place, with the forms that a sentence needs."""

    id: str
    kind: str
    title_fr: str
    title_en: str
    short_fr: str
    short_en: str
    in_fr: str
    in_en: str
    of_fr: str
    of_en: str


@dataclass(frozen=True)
class Item:
    """A breakdown that is not geographic."""

    id: str
    title_fr: str
    title_en: str


@dataclass(frozen=True)
class Event:
    """A dated shock; with a short name it is shaded in charts."""

    start: date
    title_fr: str
    title_en: str
    source: str
    end: date | None = None
    short_fr: str = ""
    short_en: str = ""


EFFECT_YEARS = ("0-2", "2-5", "5-10")  # years until a topic may matter
IMPACT_LEVELS = ("low", "medium", "high")


@dataclass(frozen=True)
class Topic:
    """A weak signal: a thesis, the series that tests it, and what that series must show by when to confirm it.

    The yearly level of `judged_period` must be at least `factor` times that of `base_period`. `effect` (years) and
    `impact` are a declared judgement, made on the day `declared`.
    """

    id: str
    title_fr: str
    title_en: str
    thesis_fr: str
    thesis_en: str
    segment: str
    indicator: str
    geo: str
    item: str
    base_period: str
    judged_period: str
    factor: float
    judge_on: date
    effect: str
    impact: str
    declared: date


@dataclass(frozen=True)
class ExcludedTopic:
    """A topic that was considered and left out, and which figures it would take."""

    title_fr: str
    title_en: str
    missing_fr: str
    missing_en: str


@dataclass(frozen=True)
class Gap:
    """Periods known to be absent from a series, first to last."""

    geo: str
    item: str
    first: str
    last: str


@dataclass(frozen=True)
class Indicator:
    """An indicator. `rank` orders it within its role; `headline_*` name the series shown first."""

    id: str
    segment: str
    role: IndicatorRole
    rank: int
    title_fr: str
    title_en: str
    description_fr: str
    description_en: str
    unit_fr: str
    unit_en: str
    frequency: Frequency
    kind: str
    seasonally_adjusted: str
    desired_direction: str
    family: str
    in_call: bool
    proxy: bool
    publication_lag_months: int
    headline_geo: str
    headline_item: str
    confidence: str
    caveats_fr: str
    caveats_en: str
    source: str
    accessed: date
    source_files: tuple[str, ...]
    transformation: str
    gaps: tuple[Gap, ...] = ()

    @property
    def is_seasonal(self) -> bool:
        """Whether a month or quarter is to be compared with the same one a year before."""
        return self.frequency != "A" and self.seasonally_adjusted == "no" and self.kind in ("flow", "index", "ratio")

    @property
    def starts_at_zero(self) -> bool:
        """Whether its axis starts at zero (amounts do; indices, prices and rates need not)."""
        return self.kind in ("flow", "stock")


@dataclass(frozen=True)
class CuratedEdition:
    """The curated edition as a whole: when these figures were the known ones, and why it was made.

    A former edition names the indicators that it had; that of today has all.
    """

    at: datetime
    who: str
    note_fr: str
    note_en: str
    indicators: tuple[str, ...] = ()


@dataclass(frozen=True)
class KnowHow:
    """A trade of suppliers, and how much each market uses it: at its core, some, or (in neither list) hardly.

    A judgement of the editors, dated `judged`, with its reason; `definition` is the public one of the trade. `rank`
    orders them, in the first edition as in its file; two that differ in nothing else are the same.
    """

    id: str
    title_fr: str
    title_en: str
    definition: str
    core: tuple[str, ...]
    some: tuple[str, ...]
    judged: date
    reason_fr: str
    reason_en: str
    rank: int = field(default=0, repr=False, compare=False)

    def usage_level(self, segment: str) -> int:
        """The usage level of a market: 2 at its core, 1 some, 0 hardly."""
        return 2 if segment in self.core else int(segment in self.some)


@dataclass(frozen=True)
class Catalogue:
    """The whole catalogue, by id, in the order of the files.

    Recipes are by the id of their indicator; no vintage stores them. Candidates are indicators that are declared and
    have no figures yet; the first publication of figures makes an indicator of one. Nor does a vintage store the
    forecasts of others as facts: what became of them is a part of its study.
    """

    segments: Mapping[str, Segment]
    indicators: Mapping[str, Indicator]
    sources: Mapping[str, DataSource]
    geographies: Mapping[str, Geography]
    items: Mapping[str, Item]
    events: tuple[Event, ...]
    edition: CuratedEdition
    topics: tuple[Topic, ...] = ()
    excluded_topics: tuple[ExcludedTopic, ...] = ()
    knowhow: Mapping[str, KnowHow] = field(default_factory=dict)
    recipes: Mapping[str, RefreshRecipe] = field(default_factory=dict)
    refresh_hosts: Mapping[str, RefreshHost] = field(default_factory=dict)
    candidates: Mapping[str, Indicator] = field(default_factory=dict)
    external_forecasts: ExternalForecasts = field(default_factory=ExternalForecasts)

    def indicators_of_segment(self, segment: str) -> tuple[Indicator, ...]:
        """The indicators of a segment, by role, then rank, then id."""
        return _sort_by_role(row for row in self.indicators.values() if row.segment == segment)

    def candidates_of_segment(self, segment: str) -> tuple[Indicator, ...]:
        """The candidates of a segment, in the order of indicators."""
        return _sort_by_role(row for row in self.candidates.values() if row.segment == segment)

    def with_candidates(self) -> "Catalogue":
        """The catalogue by which files are read: they may bring the first figures of a candidate."""
        indicators = dict(sorted({**self.candidates, **self.indicators}.items()))
        return replace(self, indicators=indicators, candidates={})

    @property
    def markets(self) -> tuple[str, ...]:
        """The segments that get a call."""
        return tuple(row.id for row in self.segments.values() if row.market)


def _sort_by_role(indicators: Iterable[Indicator]) -> tuple[Indicator, ...]:
    return tuple(sorted(indicators, key=lambda row: (ROLES.index(row.role), row.rank, row.id)))
