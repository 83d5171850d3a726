"""View models of the overview."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from observatory.briefs.common.model import Figure, Sparkline, TextTable


@dataclass(frozen=True)
class IntervalBar:
    """An interval with its median, in per cent a year; all rows of a table draw it on one scale."""

    low: float
    median: float
    high: float


@dataclass(frozen=True)
class RankingRow:
    """One market of the ranking: its call, probability, expected and past growth, as text to print.

    `limit_texts` are low, median and high of the bar, each short enough to stand at its place; `cautions` are what to
    beware of in a few words, `until` is the end of its data, `reason` says why there is no figure.
    """

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
    limit_texts: tuple[str, str, str] = ("", "", "")
    cautions: tuple[str, ...] = ()
    until: str = ""
    reason: str = ""


@dataclass(frozen=True)
class RankingGroup:
    """The markets of a ranking with one call, under what that call says of them."""

    call: str
    title: str
    rows: tuple[RankingRow, ...]


@dataclass(frozen=True)
class RecordSummary:
    """The record of past calls beside a headline: how often of 100 they came true, and a reference did.

    `sentence` says both in one line; `texts` say what either number counts, `details` on which cases they rest.
    """

    share: int
    base: int
    sentence: str
    texts: tuple[str, str]
    details: tuple[str, ...]


@dataclass(frozen=True)
class OverviewBrief:
    """The overview: ranked markets with their calls, the scatter of past and expected growth, the surest market.

    The page says `headline`, `edition`, `record` and `groups`; documents say `lead`, `kicker`, `under` and `rows`.
    """

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
    edition: str
    headline: str
    unclear: str
    limits: tuple[str, ...]
    odds_title: str
    odds_unit: str
    span: str
    past_head: str
    groups: tuple[RankingGroup, ...]
    caution_legend: str
    record: RecordSummary | None
    price: str
    first_due: str
