"""View models of a ranking of markets, which several pages and slides draw."""

from dataclasses import dataclass

from observatory.briefs.common.model import Sparkline


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
